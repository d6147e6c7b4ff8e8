// The quantum layer as run files give it, for the task kinds that put one between linear maps.
#ifndef QHM_EXPERIMENT_CIRCUIT_SPEC_H
#define QHM_EXPERIMENT_CIRCUIT_SPEC_H

#include "experiment/task_kind.h"

// The table of the kind "quantum": a task kind's `quantum` field.
const qhm_option_info *qhm_circuit_spec_table(size_t *bytes);

// How many numbers the layer takes: its qubits (8 when not given), 2^qubits for amplitude encoding,
// or fields and couplings for QAOA.
size_t qhm_circuit_spec_width(const qhm_quantum_spec *spec);

// A task kind's `circuit` field.
QHM_MUST_CHECK qhm_status qhm_circuit_spec_build(const qhm_task *task, const qhm_quantum_spec *spec,
                                                 qhm_spec_circuit *circuit);

#endif
