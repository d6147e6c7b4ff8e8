// Circuits whose measurements come last.
#include "circuit/final_measurements.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"

static qhm_status refuse(const char *format, const char *what, const char *name)
{
    return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s has no %s: %s", format, what, name);
}

// What a qubit has gone through.
enum { UNTOUCHED = 0, TOUCHED, MEASURED };

static qhm_status check_instruction(const qhm_instruction *instruction, const char *format,
                                    unsigned char *stages)
{
    const qhm_gate_info *info = qhm_gate_information(instruction->gate);
    if (qhm_gate_is_idle(instruction->gate))
        return QHM_OK;
    if (instruction->gate == QHM_GATE_MEASURE_PAULI)
        return refuse(format, "measurements of Pauli strings", info->name);
    if (qhm_instruction_is_noise(instruction))
        return refuse(format, "noise", info->name);
    if (qhm_gate_is_classical(instruction->gate))
        return refuse(format, "classical operations", info->name);
    if (instruction->condition.relation != QHM_RELATION_NONE)
        return refuse(format, "conditions", info->name);
    for (unsigned i = 0; i < info->angle_count; i++)
        if (!qhm_angle_is_constant(&instruction->angles[i]))
            return refuse(format, "parameters, bind them first", info->name);
    for (uint32_t i = 0; i < instruction->qubit_count; i++) {
        unsigned char *stage = &stages[instruction->qubits[i]];
        if (*stage == MEASURED)
            return refuse(format, "operations on a qubit after its measurement", info->name);
        if (instruction->gate == QHM_GATE_RESET && *stage != UNTOUCHED)
            return refuse(format, "resets on the way", info->name);
        if (instruction->gate != QHM_GATE_RESET)
            *stage = instruction->gate == QHM_GATE_MEASURE ? MEASURED : TOUCHED;
    }
    return QHM_OK;
}

qhm_status qhm_check_final_measurements(const qhm_circuit *circuit, const char *format)
{
    unsigned char *stages;
    QHM_TRY(qhm_allocate(qhm_circuit_qubit_count(circuit), sizeof *stages, &stages));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit) && status == QHM_OK; i++) {
        status = check_instruction(qhm_circuit_instruction(circuit, i), format, stages);
        if (status != QHM_OK)
            qhm_prefix_error_message("instruction %zu", i);
    }
    qhm_release(stages);
    return status;
}

void qhm_find_measured_qubits(const qhm_circuit *circuit, uint32_t *qubits)
{
    for (size_t i = 0; i < qhm_circuit_bit_count(circuit); i++)
        qubits[i] = QHM_NOT_MEASURED;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (instruction->gate == QHM_GATE_MEASURE)
            qubits[instruction->bit] = instruction->qubits[0];
    }
}
