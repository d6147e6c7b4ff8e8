// Factors of dense complex matrices, rows first: singular values, orthonormal columns or rows.
//
// One work space serves calls of any size: it grows when a larger matrix comes.
#ifndef QHM_LINALG_COMPLEX_FACTOR_H
#define QHM_LINALG_COMPLEX_FACTOR_H

#include "base/status_internal.h"

#include <qhm/types.h>
#include <stddef.h>

// Zero-initialise; release with qhm_factor_work_release.
typedef struct qhm_factor_work {
    char *memory;
    size_t bytes;
} qhm_factor_work;

void qhm_factor_work_release(qhm_factor_work *work);

// a [rows][columns] = left diag(values) right with r = min(rows, columns): values [r] descending,
// left [rows][r] with orthonormal columns, right [r][columns] with orthonormal rows. a is
// overwritten and overlaps nothing. LAPACK zgesdd, or zgesvd where that does not converge, on the
// calling thread: between qhm_serial_begin and qhm_serial_end, or in a parallel block.
// QHM_ERROR_NUMERIC when a is not finite; QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_complex_singular_values(qhm_factor_work *work, qhm_complex *a,
                                                      size_t rows, size_t columns, double *values,
                                                      qhm_complex *left, qhm_complex *right);

// a [rows][columns] = q r with k = min(rows, columns): q [rows][k] with orthonormal columns, r
// [k][columns]. a is overwritten. Threads and errors as above.
QHM_MUST_CHECK qhm_status qhm_complex_columns(qhm_factor_work *work, qhm_complex *a, size_t rows,
                                              size_t columns, qhm_complex *q, qhm_complex *r);

// a [rows][columns] = l q: l [rows][k], q [k][columns] with orthonormal rows.
QHM_MUST_CHECK qhm_status qhm_complex_rows(qhm_factor_work *work, qhm_complex *a, size_t rows,
                                           size_t columns, qhm_complex *l, qhm_complex *q);

// c [rows][columns] = a [rows][inner] b [inner][columns]; c overlaps neither. On the calling
// thread as above.
void qhm_complex_multiply(size_t rows, size_t columns, size_t inner, const qhm_complex *a,
                          const qhm_complex *b, qhm_complex *c);

// c [rows][columns] = a^dagger b with a [inner][rows], b [inner][columns].
void qhm_complex_multiply_adjoint(size_t rows, size_t columns, size_t inner, const qhm_complex *a,
                                  const qhm_complex *b, qhm_complex *c);

#endif
