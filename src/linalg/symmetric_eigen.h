// The largest eigenvalues of a real symmetric matrix, with vectors whose signs are fixed.
#ifndef QHM_LINALG_SYMMETRIC_EIGEN_H
#define QHM_LINALG_SYMMETRIC_EIGEN_H

#include "base/status_internal.h"

#include <stddef.h>

// The `wanted` largest eigenvalues of a [n][n], in descending order, and their unit vectors,
// vectors [wanted][n]. a is overwritten. Of each vector the component of largest magnitude (the
// first of several) is positive, so that results repeat. LAPACK dsyevr, on one thread.
// QHM_ERROR_NUMERIC when a is not finite; QHM_ERROR_OUT_OF_MEMORY. Cost: about 4/3 n^3.
QHM_MUST_CHECK qhm_status qhm_symmetric_eigen(double *a, size_t n, size_t wanted, double *values,
                                              double *vectors);

// Makes the component of largest magnitude (the first of several) positive; returns the factor.
double qhm_fix_sign(double *vector, size_t n);

#endif
