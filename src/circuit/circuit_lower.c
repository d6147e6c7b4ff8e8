// Pauli measurements by measurements of single qubits, as simulators and other languages take them.
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"

static qhm_status append_gate(qhm_circuit *circuit, qhm_gate gate, uint32_t first, uint32_t second)
{
    return qhm_circuit_append(circuit, gate, (uint32_t[]){first, second}, NULL);
}

// Turns the eigenstates of a letter into those of Z, or back.
static qhm_status append_basis(qhm_circuit *circuit, uint8_t pauli, uint32_t qubit, bool is_back)
{
    if (pauli == QHM_PAULI_Y && !is_back)
        QHM_TRY(append_gate(circuit, QHM_GATE_SDG, qubit, 0));
    if (pauli != QHM_PAULI_Z)
        QHM_TRY(append_gate(circuit, QHM_GATE_H, qubit, 0));
    if (pauli == QHM_PAULI_Y && is_back)
        QHM_TRY(append_gate(circuit, QHM_GATE_S, qubit, 0));
    return QHM_OK;
}

// The parity of all qubits in the last one; the steps of one time are undone by those of another
// in reverse order, and all these CX commute.
static qhm_status append_parity(qhm_circuit *circuit, const qhm_instruction *measurement)
{
    const uint32_t last = measurement->qubit_count - 1;
    for (uint32_t i = 0; i < last; i++)
        QHM_TRY(
            append_gate(circuit, QHM_GATE_CX, measurement->qubits[i], measurement->qubits[last]));
    return QHM_OK;
}

qhm_status qhm_circuit_append_lowered(qhm_circuit *circuit, const qhm_instruction *measurement)
{
    const uint32_t count = measurement->qubit_count;
    for (uint32_t i = 0; i < count; i++)
        QHM_TRY(append_basis(circuit, measurement->paulis[i], measurement->qubits[i], false));
    QHM_TRY(append_parity(circuit, measurement));
    qhm_instruction last = *measurement;
    last.gate = QHM_GATE_MEASURE;
    last.qubit_count = 1;
    last.qubits = &measurement->qubits[count - 1];
    last.paulis = NULL;
    QHM_TRY(qhm_circuit_append_instruction(circuit, &last));
    QHM_TRY(append_parity(circuit, measurement));
    for (uint32_t i = 0; i < count; i++)
        QHM_TRY(append_basis(circuit, measurement->paulis[i], measurement->qubits[i], true));
    return QHM_OK;
}

qhm_status qhm_circuit_lower(const qhm_circuit *circuit, bool keeps_delays, qhm_circuit **lowered)
{
    bool is_low = true;
    for (size_t i = 0; i < circuit->instruction_count; i++)
        is_low = is_low && circuit->instructions[i].gate != QHM_GATE_MEASURE_PAULI &&
                 (keeps_delays || circuit->instructions[i].gate != QHM_GATE_DELAY);
    if (is_low)
        return qhm_circuit_copy(circuit, lowered);
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    qhm_status status = qhm_circuit_copy_names(made, circuit, true, true);
    for (size_t i = 0; i < circuit->instruction_count && status == QHM_OK; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (instruction->gate == QHM_GATE_MEASURE_PAULI)
            status = qhm_circuit_append_lowered(made, instruction);
        else if (keeps_delays || instruction->gate != QHM_GATE_DELAY)
            status = qhm_circuit_append_instruction(made, instruction);
    }
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *lowered = made;
    return QHM_OK;
}
