// What a circuit costs: gates by size and kind, and depth.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"

// When each qubit is free again, and each bit written and last read.
struct levels {
    size_t *qubits, *written, *read;
};

static size_t latest(size_t a, size_t b)
{
    return a > b ? a : b;
}

// Places one instruction as soon as its qubits and bits allow; returns when it ends.
static size_t place(const struct levels *levels, const qhm_instruction *instruction, size_t cost)
{
    const bool is_writing = qhm_gate_writes_bit(instruction->gate);
    const uint32_t first_bit = instruction->condition.first_bit;
    const uint32_t last_bit = first_bit + instruction->condition.bit_count;
    size_t start = 0;
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        start = latest(start, levels->qubits[instruction->qubits[i]]);
    for (uint32_t bit = first_bit; bit < last_bit; bit++)
        start = latest(start, levels->written[bit]);
    if (is_writing)
        start = latest(start,
                       latest(levels->written[instruction->bit], levels->read[instruction->bit]));
    size_t end = start + cost;
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        levels->qubits[instruction->qubits[i]] = end;
    for (uint32_t bit = first_bit; bit < last_bit; bit++)
        levels->read[bit] = latest(levels->read[bit], end);
    if (is_writing)
        levels->written[instruction->bit] = end;
    return end;
}

static qhm_status find_depth(const qhm_circuit *circuit, bool counts_one_qubit, size_t *depth)
{
    size_t *levels;
    QHM_TRY(qhm_allocate(circuit->qubit_count + 2 * circuit->bit_count, sizeof *levels, &levels));
    struct levels parts = {levels, levels + circuit->qubit_count,
                           levels + circuit->qubit_count + circuit->bit_count};
    size_t deepest = 0;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        bool is_counted = !qhm_gate_is_idle(instruction->gate) &&
                          instruction->gate != QHM_GATE_CHANNEL &&
                          instruction->qubit_count > (counts_one_qubit ? 0U : 1U);
        deepest = latest(deepest, place(&parts, instruction, is_counted ? 1 : 0));
    }
    qhm_release(levels);
    *depth = deepest;
    return QHM_OK;
}

qhm_status qhm_circuit_count(const qhm_circuit *circuit, qhm_circuit_counts *counts)
{
    QHM_REQUIRE(circuit && counts, "qhm_circuit_count needs a circuit and a place for the counts");
    qhm_circuit_counts found = {.qubits = circuit->qubit_count,
                                .weights = circuit->weight_count,
                                .inputs = circuit->input_count};
    QHM_TRY(find_depth(circuit, true, &found.depth));
    QHM_TRY(find_depth(circuit, false, &found.two_qubit_depth));
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        found.by_gate[instruction->gate]++;
        if (qhm_gate_is_measurement(instruction->gate))
            found.measurements++;
        else if (instruction->gate == QHM_GATE_RESET)
            found.resets++;
        else if (!qhm_gate_information(instruction->gate)->is_unitary)
            continue;
        else if (instruction->qubit_count == 1)
            found.one_qubit_gates++;
        else if (instruction->qubit_count == 2)
            found.two_qubit_gates++;
        else
            found.larger_gates++;
    }
    *counts = found;
    return QHM_OK;
}
