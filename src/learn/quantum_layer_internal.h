// Quantum layers whose inputs are computed from the features.
#ifndef QHM_LEARN_QUANTUM_LAYER_INTERNAL_H
#define QHM_LEARN_QUANTUM_LAYER_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/quantum_layer.h>
#include <qhm/tape.h>

// Records a circuit's inputs, angles, that prepare features as amplitudes of so many qubits.
typedef qhm_status (*qhm_feature_angles)(qhm_tape *tape, qhm_value features, size_t qubit_count,
                                         qhm_value *angles);

// As qhm_quantum_layer_create, of a circuit that begins with a state preparation, whose angles
// `encode` finds (NULL: the features are the circuit's inputs).
QHM_MUST_CHECK qhm_status qhm_quantum_layer_create_encoded(
    const qhm_circuit *circuit, const qhm_observable *const *observables, size_t observable_count,
    qhm_feature_angles encode, size_t encoded_qubits, const qhm_module_setting *setting,
    const qhm_quantum_layer_options *options, qhm_module **out);

#endif
