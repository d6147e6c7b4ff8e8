// Cholesky factor of a symmetric positive definite matrix, and solves with it.
#ifndef QHM_LINALG_CHOLESKY_H
#define QHM_LINALG_CHOLESKY_H

#include "base/status_internal.h"

#include <stdbool.h>
#include <stddef.h>

// a [n][n] = L L'; a is overwritten by L, rows first, with zeros above the diagonal.
// QHM_ERROR_NUMERIC when a is not positive definite or not finite.
QHM_MUST_CHECK qhm_status qhm_cholesky(double *a, size_t n);

// b [n][columns] becomes L^-1 b, or L'^-1 b when transposed.
void qhm_cholesky_solve_triangle(const double *lower, size_t n, bool transposed, double *b,
                                 size_t columns);

#endif
