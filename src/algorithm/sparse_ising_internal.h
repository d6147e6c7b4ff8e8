// Neighbours of spins, one after another, for those who walk over them.
#ifndef QHM_ALGORITHM_SPARSE_ISING_INTERNAL_H
#define QHM_ALGORITHM_SPARSE_ISING_INTERNAL_H

#include <qhm/sparse_ising.h>

struct qhm_sparse_ising {
    size_t count, coupling_count;
    double constant;
    double *fields;       // [count]
    size_t *first;        // [count + 1] into the two below
    uint32_t *neighbours; // [2 coupling_count]
    double *couplings;    // [2 coupling_count]
};

// The largest change of cost that a flip can make, and the smallest that one term can; 0 and
// infinity where there is no term.
void qhm_sparse_ising_scales(const qhm_sparse_ising *ising, double *largest, double *smallest);

#endif
