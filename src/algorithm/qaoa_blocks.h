// QAOA with the exact one-hot mixer among the states that it can reach: E^T in place of 2^(E T).
#ifndef QHM_ALGORITHM_QAOA_BLOCKS_H
#define QHM_ALGORITHM_QAOA_BLOCKS_H

#include "base/status_internal.h"

#include <qhm/ising.h>

typedef struct qhm_qaoa_blocks qhm_qaoa_blocks;

// Blocks of `block` qubits, which divide the spins.
QHM_MUST_CHECK qhm_status qhm_qaoa_blocks_create(const qhm_ising *ising, size_t block,
                                                 size_t layers, qhm_qaoa_blocks **blocks);

void qhm_qaoa_blocks_destroy(qhm_qaoa_blocks *blocks);

// The mean cost, and its derivatives by all angles (NULL: not wanted): one walk back.
double qhm_qaoa_blocks_run(qhm_qaoa_blocks *blocks, const double *angles, double *gradient);

// All probabilities: [2^n], of which those of other bit strings are 0.
void qhm_qaoa_blocks_probabilities(qhm_qaoa_blocks *blocks, const double *angles,
                                   double *probabilities);

#endif
