/** @file length_squared.h
 *  Length-squared sampling: what takes the place of quantum memory in dequantised algorithms
 *  [frieze2004, tang2019]. */
#ifndef QHM_LENGTH_SQUARED_H
#define QHM_LENGTH_SQUARED_H

#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Draws rows of a matrix by their squared length, scaled so that S'S is A'A on average:
 *  E |A'A - S'S|_F^2 = (|A|_F^4 - |A'A|_F^2) / count.
 *  @param matrix  [rows][columns], not all zero.
 *  @param count   rows drawn, with replacement.
 *  @param sketch  [count][columns]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: one pass over the matrix, as filling a quantum memory takes; log2(rows) a draw. */
QHM_API QHM_MUST_CHECK qhm_status qhm_length_squared_sketch(size_t rows, size_t columns,
                                                            const double *matrix, size_t count,
                                                            uint64_t seed, double *sketch);

#ifdef __cplusplus
}
#endif
#endif
