// Quantum layers whose inputs are computed from the features.
#ifndef QHM_LEARN_QUANTUM_LAYER_INTERNAL_H
#define QHM_LEARN_QUANTUM_LAYER_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/quantum_layer.h>

// As qhm_quantum_layer_create, of a circuit that begins with a state preparation: the features are
// amplitudes of this many qubits (0: they are the circuit's inputs).
QHM_MUST_CHECK qhm_status qhm_quantum_layer_create_encoded(
    const qhm_circuit *circuit, const qhm_observable *const *observables, size_t observable_count,
    size_t amplitude_qubits, const qhm_module_setting *setting,
    const qhm_quantum_layer_options *options, qhm_module **out);

#endif
