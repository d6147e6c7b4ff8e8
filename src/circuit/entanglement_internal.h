// The pairs of an entanglement pattern.
#ifndef QHM_CIRCUIT_ENTANGLEMENT_INTERNAL_H
#define QHM_CIRCUIT_ENTANGLEMENT_INTERNAL_H

#include <qhm/entanglement.h>
#include <stdint.h>

typedef struct qhm_qubit_pair {
    uint32_t first, second;
} qhm_qubit_pair;

// The pairs in order; qhm_release them. otherwise: what QHM_ENTANGLEMENT_DEFAULT stands for.
QHM_MUST_CHECK qhm_status qhm_entanglement_pairs(qhm_entanglement entanglement,
                                                 qhm_entanglement otherwise, size_t qubit_count,
                                                 qhm_qubit_pair **pairs, size_t *pair_count);

#endif
