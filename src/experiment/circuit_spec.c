// The quantum layer of a run file: its width and its circuit.
#include "experiment/circuit_spec.h"

#include "experiment/substitution.h"

#include <qhm/qaoa_layer.h>
#include <qhm/quantum_layer.h>

const qhm_option_info *qhm_circuit_spec_table(size_t *bytes)
{
    return qhm_substitution_table(qhm_layer_kind, bytes);
}

// Where a run file gives no qubits.
enum { DEFAULT_QUBITS = 8 };

size_t qhm_circuit_spec_width(const qhm_quantum_spec *spec)
{
    const qhm_quantum_options *options = spec->options;
    size_t qubits = options->qubits > 0 ? options->qubits : DEFAULT_QUBITS;
    if (options->encoding == QHM_QUANTUM_ENCODING_QAOA)
        return qhm_qaoa_layer_width(qubits, (qhm_entanglement)options->entanglement);
    return options->encoding == QHM_QUANTUM_ENCODING_AMPLITUDE && qubits < 63 ? (size_t)1 << qubits
                                                                              : qubits;
}

qhm_status qhm_circuit_spec_build(const qhm_task *task, const qhm_quantum_spec *spec,
                                  qhm_spec_circuit *circuit)
{
    qhm_module_setting setting = {.input = {1, {qhm_circuit_spec_width(spec)}}};
    QHM_TRY(qhm_module_create(qhm_layer_kind, &setting, spec->options, &circuit->module));
    if (spec == &task->quantum)
        QHM_TRY(qhm_substitution_check(spec, qhm_layer_kind, &setting));
    circuit->circuit = qhm_quantum_layer_circuit(circuit->module);
    circuit->observables =
        qhm_quantum_layer_observables(circuit->module, &circuit->observable_count);
    return QHM_OK;
}
