// Principal components of sparse word weights.
#ifndef QHM_DATA_TERM_COMPONENTS_H
#define QHM_DATA_TERM_COMPONENTS_H

#include "data/term_weights.h"

// The first `wanted` principal components [wanted][length] of rows [count] over `length` words,
// and their mean [length]: latent semantic analysis (Deerwester et al. 1990) with the mean taken
// out, so that no component is spent on it. Signs are fixed; components beyond the rank are 0.
// Works on the smaller of the two Gram matrices, built from the sparse rows.
QHM_MUST_CHECK qhm_status qhm_term_components(const qhm_term_row *rows, size_t count, size_t length,
                                              size_t wanted, double *mean, double *components);

#endif
