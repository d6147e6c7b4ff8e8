// The largest singular values of a matrix from its products with a few random vectors.
#ifndef QHM_LINALG_RANDOMISED_VALUES_H
#define QHM_LINALG_RANDOMISED_VALUES_H

#include "base/status_internal.h"

#include <stddef.h>
#include <stdint.h>

// How the range of the matrix is found.
typedef struct qhm_randomised_options {
    size_t oversampling; // random vectors beyond those that are wanted
    size_t power_steps;  // products with a a' after the first, orthogonal again each time
    uint64_t seed;
} qhm_randomised_options;

// The `wanted` largest singular values of a [rows][columns], at most min(rows, columns), in
// descending order, and their right vectors [wanted][columns]; from below, nearer the faster the
// others fall. Halko, Martinsson, Tropp [halko2011]. QHM_ERROR_NUMERIC when a is not finite;
// QHM_ERROR_OUT_OF_MEMORY. Cost: of order rows columns (wanted + oversampling) a product.
QHM_MUST_CHECK qhm_status qhm_randomised_values(const double *a, size_t rows, size_t columns,
                                                size_t wanted,
                                                const qhm_randomised_options *options,
                                                double *values, double *right);

#endif
