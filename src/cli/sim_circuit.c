// Measurements added where a circuit has none, and final ones taken away.
#include "cli/sim_circuit.h"

#include "cli/console.h"

#include <stdlib.h>

bool qhm_sim_has_measurements(const qhm_circuit *circuit)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_gate gate = qhm_circuit_instruction(circuit, i)->gate;
        if (gate == QHM_GATE_MEASURE || gate == QHM_GATE_MEASURE_PAULI)
            return true;
    }
    return false;
}

static qhm_status append_measurements(const qhm_circuit *circuit, qhm_circuit *measured)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit), bits = qhm_circuit_bit_count(circuit);
    qhm_status status = QHM_OK;
    for (size_t r = 0; r < qhm_circuit_qubit_register_count(circuit) && status == QHM_OK; r++) {
        const qhm_register *qubit_register = qhm_circuit_qubit_register(circuit, r);
        status = qhm_circuit_append_qubits(measured, qubit_register->name, qubit_register->count);
    }
    if (status == QHM_OK && bits > 0)
        status = qhm_circuit_append_bits(measured, NULL, bits);
    if (status == QHM_OK)
        status = qhm_circuit_append_bits(measured, "meas", qubits);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(measured, circuit, NULL, NULL, 0, 0);
    for (uint32_t q = 0; q < qubits && status == QHM_OK; q++)
        status = qhm_circuit_append_measure(measured, q, (uint32_t)bits + q);
    return status;
}

qhm_status qhm_sim_measure_all(const qhm_circuit *circuit, qhm_circuit **measured)
{
    qhm_circuit *made = NULL;
    qhm_status status = qhm_circuit_create(0, 0, &made);
    if (status == QHM_OK)
        status = append_measurements(circuit, made);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *measured = made;
    return QHM_OK;
}

// is_later: [qubits], then [bits] of those that something later reads or touches. What comes later
// in a loop may come earlier in the circuit: measurements there all stay.
static qhm_status append_unmeasured(const qhm_circuit *circuit, bool *is_later, qhm_circuit *made)
{
    const size_t count = qhm_circuit_instruction_count(circuit);
    bool *is_kept = qhm_cli_allocate(count, sizeof *is_kept);
    bool *is_bit_later = is_later + qhm_circuit_qubit_count(circuit);
    size_t depth = 0;
    for (size_t i = count; i-- > 0;) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        depth += instruction->gate == QHM_GATE_END;
        depth -= instruction->gate == QHM_GATE_WHILE;
        const bool may_go = instruction->gate == QHM_GATE_MEASURE && depth == 0;
        is_kept[i] =
            instruction->gate != QHM_GATE_BARRIER &&
            !(may_go && !is_later[instruction->qubits[0]] && !is_bit_later[instruction->bit]);
        if (!is_kept[i])
            continue;
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            is_later[instruction->qubits[q]] = true;
        for (uint32_t b = 0; b < instruction->condition.bit_count; b++)
            is_bit_later[instruction->condition.first_bit + b] = true;
    }
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        if (is_kept[i])
            status = qhm_circuit_append_instruction(made, qhm_circuit_instruction(circuit, i));
    free(is_kept);
    return status;
}

qhm_status qhm_sim_drop_measurements(const qhm_circuit *circuit, qhm_circuit **unmeasured)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit), bits = qhm_circuit_bit_count(circuit);
    bool *is_later = qhm_cli_allocate(qubits + bits, sizeof *is_later);
    qhm_circuit *made = NULL;
    qhm_status status = qhm_circuit_create(qubits, bits, &made);
    if (status == QHM_OK)
        status = append_unmeasured(circuit, is_later, made);
    free(is_later);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *unmeasured = made;
    return QHM_OK;
}
