// Small dense complex matrices, rows first: products, unitarity, Hermitian eigenvalues,
// exponentials.
#ifndef QHM_LINALG_COMPLEX_MATRIX_H
#define QHM_LINALG_COMPLEX_MATRIX_H

#include "base/status_internal.h"

#include <qhm/types.h>
#include <stddef.h>

// c [n][n] = a b; c overlaps neither. Plain loops, for matrices of gates.
void qhm_complex_product(size_t n, const qhm_complex *a, const qhm_complex *b, qhm_complex *c);

// The largest |(u^dagger u - 1)[i][j]|; NaN if an entry is not finite.
double qhm_unitarity_error(size_t n, const qhm_complex *u);

// The same of the sum over k of kraus[k]^dagger kraus[k], kraus [count][n][n].
double qhm_trace_error(size_t n, size_t count, const qhm_complex *kraus);

// The eigenvalues of a Hermitian a [n][n] in ascending order and their unit vectors, vectors
// [n][n], vector i in row i. Only a's lower triangle is read. Of each vector the component of
// largest magnitude (the first of several) is real and positive. LAPACK zheev, on one thread.
// QHM_ERROR_NUMERIC when a is not finite; QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_hermitian_eigen(size_t n, const qhm_complex *a, double *values,
                                              qhm_complex *vectors);

// out [n][n] = exp(-i time h) for a Hermitian h. Errors as qhm_hermitian_eigen.
QHM_MUST_CHECK qhm_status qhm_hermitian_evolution(size_t n, const qhm_complex *h, double time,
                                                  qhm_complex *out);

#endif
