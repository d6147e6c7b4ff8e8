// Most circuits with much entanglement are given up after a few gates, and the others are cheap.
#include "simulate/mps/mps_probe.h"

#include "base/parallel.h"
#include "circuit/circuit_internal.h"
#include "simulate/mps/mps_state.h"

// As the backend drops by default, and hardly any more than that.
#define DISCARDED_WEIGHT 1e-24
#define LEAST_KEPT (1 - 1e-12)

static qhm_status run(const qhm_circuit *circuit, qhm_mps *state)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        double angles[QHM_GATE_MAX_ANGLES];
        if (!qhm_gate_information(instruction->gate)->is_unitary)
            continue;
        for (size_t a = 0; a < qhm_instruction_angle_count(instruction); a++)
            angles[a] = qhm_angle_value(&instruction->angles[a], NULL, NULL);
        QHM_TRY(qhm_mps_apply(state, instruction, angles));
    }
    return QHM_OK;
}

qhm_status qhm_mps_probe(const qhm_circuit *circuit, size_t max_bond, size_t bytes,
                         size_t *largest_bond)
{
    const qhm_mps_limits limits = {.max_bond = max_bond,
                                   .discarded_weight = DISCARDED_WEIGHT,
                                   .least_kept = LEAST_KEPT,
                                   .bytes = bytes};
    qhm_mps *state;
    *largest_bond = 0;
    if (qhm_circuit_input_count(circuit) > 0 || qhm_circuit_weight_count(circuit) > 0)
        return QHM_OK;
    QHM_TRY(qhm_mps_create(qhm_circuit_qubit_count(circuit), &limits, &state));
    const int token = qhm_serial_begin();
    const qhm_status status = run(circuit, state);
    qhm_serial_end(token);
    if (status == QHM_OK)
        *largest_bond = state->largest_bond;
    qhm_mps_destroy(state);
    return status == QHM_ERROR_OUT_OF_MEMORY ? status : QHM_OK;
}
