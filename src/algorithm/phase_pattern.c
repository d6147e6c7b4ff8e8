// Patterns of bits, each of which turns the phase of the states that have it.
#include "algorithm/phase_pattern.h"

#include "base/memory.h"

#include <math.h>

void qhm_pattern_list_release(qhm_pattern_list *list)
{
    qhm_release(list->qubits);
    qhm_release(list->values);
    qhm_release(list->ends);
    *list = (qhm_pattern_list){0};
}

qhm_status qhm_pattern_list_add_bit(qhm_pattern_list *list, uint32_t qubit, bool value)
{
    QHM_TRY(qhm_reserve(list->bit_count + 1, &list->qubit_capacity, sizeof *list->qubits,
                        &list->qubits));
    QHM_TRY(qhm_reserve(list->bit_count + 1, &list->value_capacity, sizeof *list->values,
                        &list->values));
    list->qubits[list->bit_count] = qubit;
    list->values[list->bit_count++] = value;
    return QHM_OK;
}

static size_t start_of(const qhm_pattern_list *list, size_t pattern)
{
    return pattern > 0 ? list->ends[pattern - 1] : 0;
}

qhm_pattern_bit qhm_pattern_list_open_bit(const qhm_pattern_list *list, uint32_t qubit)
{
    for (size_t i = start_of(list, list->count); i < list->bit_count; i++)
        if (list->qubits[i] == qubit)
            return (qhm_pattern_bit)list->values[i];
    return QHM_PATTERN_FREE;
}

qhm_status qhm_pattern_list_close(qhm_pattern_list *list)
{
    QHM_TRY(qhm_reserve(list->count + 1, &list->end_capacity, sizeof *list->ends, &list->ends));
    list->ends[list->count++] = list->bit_count;
    return QHM_OK;
}

bool qhm_pattern_list_holds(const qhm_pattern_list *list, const uint8_t *bits)
{
    for (size_t p = 0; p < list->count; p++) {
        size_t i = start_of(list, p);
        while (i < list->ends[p] && bits[list->qubits[i]] == list->values[i])
            i++;
        if (i == list->ends[p])
            return true;
    }
    return false;
}

static qhm_status append_flips(const qhm_pattern_list *list, size_t pattern, qhm_circuit *circuit)
{
    for (size_t i = start_of(list, pattern); i < list->ends[pattern]; i++)
        if (!list->values[i])
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_X, &list->qubits[i], NULL));
    return QHM_OK;
}

// qubits [count]: the last is the target.
static qhm_status append_phase(qhm_circuit *circuit, double angle, size_t count,
                               const uint32_t *qubits)
{
    const bool is_sign = fabs(fabs(angle) - M_PI) < 1e-15;
    const qhm_angle phase = qhm_angle_constant(angle);
    if (is_sign && count <= 2)
        return qhm_circuit_append(circuit, count == 1 ? QHM_GATE_Z : QHM_GATE_CZ, qubits, NULL);
    if (count <= 2)
        return qhm_circuit_append(circuit, count == 1 ? QHM_GATE_P : QHM_GATE_CP, qubits, &phase);
    return qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = is_sign ? QHM_GATE_CZ : QHM_GATE_CP,
                                    .control_count = (uint32_t)(count - 2),
                                    .qubit_count = (uint32_t)count,
                                    .qubits = qubits,
                                    .angles = &phase});
}

qhm_status qhm_pattern_list_append_phase(const qhm_pattern_list *list, qhm_circuit *circuit,
                                         double angle, size_t first_control, size_t control_count)
{
    uint32_t *qubits;
    QHM_TRY(qhm_allocate(list->bit_count + control_count, sizeof *qubits, &qubits));
    qhm_status status = QHM_OK;
    for (size_t p = 0; p < list->count && status == QHM_OK; p++) {
        size_t count = 0;
        for (size_t c = 0; c < control_count; c++)
            qubits[count++] = (uint32_t)(first_control + c);
        for (size_t i = start_of(list, p); i < list->ends[p]; i++)
            qubits[count++] = list->qubits[i];
        status = append_flips(list, p, circuit);
        if (status == QHM_OK)
            status = append_phase(circuit, angle, count, qubits);
        if (status == QHM_OK)
            status = append_flips(list, p, circuit);
    }
    qhm_release(qubits);
    return status;
}
