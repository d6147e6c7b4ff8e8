// Circuits of X gates under any controls, evaluated on one basis state at a time.
#include "algorithm/reversible.h"

#include "base/memory.h"

static qhm_status append_flips(qhm_circuit *circuit, size_t count, const uint32_t *qubits,
                               const uint8_t *values)
{
    for (size_t i = 0; values && i < count; i++)
        if (!values[i])
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_X, &qubits[i], NULL));
    return QHM_OK;
}

static qhm_status append_x(qhm_circuit *circuit, size_t count, const uint32_t *qubits)
{
    static const qhm_gate gates[] = {QHM_GATE_X, QHM_GATE_CX, QHM_GATE_CCX};
    if (count < 3)
        return qhm_circuit_append(circuit, gates[count], qubits, NULL);
    return qhm_circuit_append_instruction(circuit,
                                          &(qhm_instruction){.gate = QHM_GATE_CCX,
                                                             .control_count = (uint32_t)(count - 2),
                                                             .qubit_count = (uint32_t)(count + 1),
                                                             .qubits = qubits});
}

qhm_status qhm_append_controlled_x(qhm_circuit *circuit, size_t count, const uint32_t *controls,
                                   const uint8_t *values, uint32_t target)
{
    uint32_t *qubits;
    QHM_TRY(qhm_allocate(count + 1, sizeof *qubits, &qubits));
    for (size_t i = 0; i < count; i++)
        qubits[i] = controls[i];
    qubits[count] = target;
    qhm_status status = append_flips(circuit, count, controls, values);
    if (status == QHM_OK)
        status = append_x(circuit, count, qubits);
    if (status == QHM_OK)
        status = append_flips(circuit, count, controls, values);
    qhm_release(qubits);
    return status;
}

qhm_status qhm_reversible_run(const qhm_circuit *circuit, uint8_t *bits)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *step = qhm_circuit_instruction(circuit, i);
        const qhm_gate gate = step->gate;
        const bool is_swap = gate == QHM_GATE_SWAP || gate == QHM_GATE_CSWAP;
        if (!is_swap && gate != QHM_GATE_X && gate != QHM_GATE_CX && gate != QHM_GATE_CCX)
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s is no gate of reversible logic",
                            qhm_gate_information(gate)->name);
        const size_t controls = step->qubit_count - (is_swap ? 2 : 1);
        bool is_on = true;
        for (size_t c = 0; c < controls; c++)
            is_on = is_on && bits[step->qubits[c]];
        if (!is_on)
            continue;
        const uint32_t *targets = step->qubits + controls;
        const uint8_t first = bits[targets[0]];
        bits[targets[0]] = is_swap ? bits[targets[1]] : !first;
        if (is_swap)
            bits[targets[1]] = first;
    }
    return QHM_OK;
}
