// Dense real products, rows first, over BLAS: the same bits for any number of threads.
#ifndef QHM_LINALG_MATRIX_PRODUCT_H
#define QHM_LINALG_MATRIX_PRODUCT_H

#include "base/status_internal.h"

#include <stdbool.h>
#include <stddef.h>

// c [rows][columns] = op(a) op(b), where op transposes when asked: a is [rows][inner], or
// [inner][rows] when transposed; b is [inner][columns], or [columns][inner]. c overlaps neither.
// Rows of c are computed in fixed blocks of 128, in parallel.
void qhm_matrix_product(bool transpose_a, bool transpose_b, size_t rows, size_t columns,
                        size_t inner, const double *a, const double *b, double *c);

// c [columns][columns] = a' a for a [rows][columns], both triangles filled.
void qhm_matrix_gram(size_t rows, size_t columns, const double *a, double *c);

#endif
