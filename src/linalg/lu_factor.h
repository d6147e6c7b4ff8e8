// LU factors of a real square matrix, and solves with it and its transpose.
#ifndef QHM_LINALG_LU_FACTOR_H
#define QHM_LINALG_LU_FACTOR_H

#include "base/status_internal.h"

#include <stdbool.h>
#include <stddef.h>

// a [n][n], rows first, is overwritten by its factors; pivots [n]. LAPACK dgetrf, on one thread.
// QHM_ERROR_NUMERIC when a is singular or not finite.
QHM_MUST_CHECK qhm_status qhm_lu(double *a, size_t n, int *pivots);

// b [n] becomes a^-1 b, or a'^-1 b when transposed.
void qhm_lu_solve(const double *factors, size_t n, const int *pivots, bool transposed, double *b);

#endif
