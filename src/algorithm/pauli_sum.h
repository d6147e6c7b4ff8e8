// Real symmetric matrices as sums of Pauli strings.
#ifndef QHM_ALGORITHM_PAULI_SUM_H
#define QHM_ALGORITHM_PAULI_SUM_H

#include "base/status_internal.h"
#include "linalg/pauli.h"

#include <qhm/circuit.h>
#include <qhm/observable.h>

typedef struct qhm_pauli_weight {
    qhm_pauli_masks string;
    double coefficient;
} qhm_pauli_weight;

// The strings of a symmetric matrix [2^n][2^n] whose coefficients are above 1e-14 of the largest
// entry, by ascending masks; qhm_release them. A zero matrix has none.
QHM_MUST_CHECK qhm_status qhm_pauli_sum_find(size_t qubit_count, const double *matrix,
                                             qhm_pauli_weight **terms, size_t *count);

// The same as an observable; qhm_observable_destroy it.
QHM_MUST_CHECK qhm_status qhm_pauli_sum_observable(size_t qubit_count, const double *matrix,
                                                   qhm_observable **observable);

// Appends a string, under a control if `control` is not UINT32_MAX.
QHM_MUST_CHECK qhm_status qhm_pauli_append(qhm_circuit *circuit, qhm_pauli_masks string,
                                           uint32_t control);

#endif
