// Principal components on a processor: in full, randomised, and from samples.
#ifndef QHM_ALGORITHM_PCA_OPPONENTS_H
#define QHM_ALGORITHM_PCA_OPPONENTS_H

#include "algorithm/algorithm_internal.h"

// Centred data, and what the opponents take of it.
typedef struct qhm_pca_data {
    const double *data; // [rows][columns]
    size_t rows, columns;
    double square; // the squared length of all data
    size_t components, sampled_rows, sampled_columns, row_draws;
} qhm_pca_data;

// Fills result->opponent, each method with its time (median of five) and what it leaves out.
QHM_MUST_CHECK qhm_status qhm_pca_solve_classically(const qhm_pca_data *p, uint64_t seed,
                                                    qhm_result *result);

#endif
