// The circuit of QAOA whose costs are features.
#ifndef QHM_LEARN_QAOA_LAYER_INTERNAL_H
#define QHM_LEARN_QAOA_LAYER_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/circuit.h>
#include <qhm/entanglement.h>

// The qubits whose fields, and couplings of the pattern's pairs, are so many numbers.
QHM_MUST_CHECK qhm_status qhm_qaoa_layer_qubits(size_t width, qhm_entanglement entanglement,
                                                size_t *qubits);

// Creates the circuit; block 0: the mixer X. Refuses a width that is not that of the qubits.
QHM_MUST_CHECK qhm_status qhm_qaoa_layer_circuit(size_t width, size_t qubits, size_t layers,
                                                 qhm_entanglement entanglement, size_t block,
                                                 qhm_circuit **circuit);

#endif
