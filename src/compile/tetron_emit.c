// Gadgets as instructions: measurements into scratch bits, Pauli gates conditioned on them, and the
// bits back to 0, so that runs which differ in outcomes alone meet again.
#include "compile/tetron_emit.h"

#include "base/memory.h"

#include <assert.h>
#include <string.h>

static uint32_t bit_of(const qhm_tetron_writer *writer, uint32_t tetron, unsigned outcome)
{
    return writer->first_bit + writer->compact[tetron] * QHM_TETRON_BITS + outcome;
}

static qhm_status append(qhm_tetron_writer *writer, qhm_instruction instruction)
{
    return qhm_circuit_append_instruction(writer->made, &instruction);
}

static qhm_gate gate_of(qhm_pauli pauli)
{
    static const qhm_gate gates[4] = {QHM_GATE_BARRIER, QHM_GATE_X, QHM_GATE_Y, QHM_GATE_Z};
    return gates[pauli];
}

static qhm_status clear(qhm_tetron_writer *writer, uint32_t tetron, unsigned outcomes)
{
    for (unsigned o = 0; o < QHM_TETRON_BITS; o++)
        if (outcomes >> o & 1)
            QHM_TRY(append(
                writer, (qhm_instruction){.gate = QHM_GATE_SET, .bit = bit_of(writer, tetron, o)}));
    return QHM_OK;
}

static qhm_status write_step(qhm_tetron_writer *writer, const qhm_tetron_step *step,
                             const uint32_t tetrons[QHM_TETRON_ROLES])
{
    const uint32_t ancilla = tetrons[QHM_TETRON_ANCILLA];
    if (step->count == 0)
        return append(writer, (qhm_instruction){.gate = QHM_GATE_T,
                                                .qubits = &writer->compact[ancilla],
                                                .condition = writer->condition});
    uint32_t qubits[2] = {0, 0};
    for (unsigned i = 0; i < step->count; i++)
        qubits[i] = writer->compact[tetrons[step->roles[i]]];
    return append(writer, (qhm_instruction){.gate = QHM_GATE_MEASURE_PAULI,
                                            .qubit_count = step->count,
                                            .qubits = qubits,
                                            .paulis = step->paulis,
                                            .bit = bit_of(writer, ancilla, step->outcome),
                                            .condition = writer->condition});
}

// Outcomes that were not measured, because a condition did not hold, are 0.
static qhm_status write_byproduct(qhm_tetron_writer *writer, const qhm_tetron_byproduct *byproduct,
                                  const uint32_t tetrons[QHM_TETRON_ROLES])
{
    const qhm_gate gate = gate_of((qhm_pauli)byproduct->pauli);
    const uint32_t *qubit = &writer->compact[tetrons[byproduct->role]];
    for (unsigned o = 0; o < QHM_TETRON_BITS; o++) {
        const uint32_t bit = bit_of(writer, tetrons[QHM_TETRON_ANCILLA], o);
        if (byproduct->outcomes >> o & 1)
            QHM_TRY(append(writer, (qhm_instruction){.gate = gate,
                                                     .qubits = qubit,
                                                     .condition = qhm_condition_bit(bit, true)}));
    }
    if (!byproduct->is_inverted)
        return QHM_OK;
    return append(writer,
                  (qhm_instruction){.gate = gate, .qubits = qubit, .condition = writer->condition});
}

static qhm_status write_gadget(qhm_tetron_writer *writer, const qhm_tetron_gadget *gadget,
                               const uint32_t tetrons[QHM_TETRON_ROLES]);

// S where outcome 3 is 1; there is one level of this.
static qhm_status write_correction(qhm_tetron_writer *writer,
                                   const uint32_t tetrons[QHM_TETRON_ROLES])
{
    const qhm_condition outer = writer->condition;
    const uint32_t ancilla = tetrons[QHM_TETRON_ANCILLA];
    writer->condition = qhm_condition_bit(bit_of(writer, ancilla, 3), true);
    const qhm_status status = write_gadget(writer, &qhm_tetron_gadgets[QHM_TETRON_S], tetrons);
    writer->condition = outer;
    QHM_TRY(status);
    return clear(writer, ancilla, 8);
}

static qhm_status write_gadget(qhm_tetron_writer *writer, const qhm_tetron_gadget *gadget,
                               const uint32_t tetrons[QHM_TETRON_ROLES])
{
    unsigned outcomes = 0;
    for (unsigned i = 0; i < gadget->step_count; i++) {
        QHM_TRY(write_step(writer, &gadget->steps[i], tetrons));
        if (gadget->steps[i].count > 0)
            outcomes |= 1U << gadget->steps[i].outcome;
    }
    for (unsigned i = 0; i < 2; i++)
        if (gadget->byproducts[i].pauli != QHM_PAULI_I)
            QHM_TRY(write_byproduct(writer, &gadget->byproducts[i], tetrons));
    QHM_TRY(
        clear(writer, tetrons[QHM_TETRON_ANCILLA], outcomes & (gadget->has_correction ? 7 : 15)));
    if (!gadget->has_correction)
        return QHM_OK;
    return write_correction(writer, tetrons);
}

static uint32_t choose_ancilla(const qhm_tetron_writer *writer, const char *kind, uint32_t data)
{
    uint32_t neighbours[8];
    const unsigned count = qhm_tetron_neighbours(writer->geometry, data, kind, neighbours);
    assert(count > 0); // data are on sites
    uint32_t best = neighbours[0];
    for (unsigned i = 1; i < count; i++)
        if (writer->use_counts[neighbours[i]] < writer->use_counts[best])
            best = neighbours[i];
    return best;
}

qhm_status qhm_tetron_write_gadget(qhm_tetron_writer *writer, qhm_tetron_gadget_id id,
                                   uint32_t first, uint32_t second, uint32_t ancilla)
{
    const qhm_tetron_gadget *gadget = &qhm_tetron_gadgets[id];
    if (ancilla == QHM_TETRON_NONE && second != QHM_TETRON_NONE)
        ancilla = qhm_tetron_corner(writer->geometry, first, second);
    else if (ancilla == QHM_TETRON_NONE)
        ancilla = choose_ancilla(writer, gadget->couplers[0], first);
    assert(ancilla != QHM_TETRON_NONE);
    const uint32_t tetrons[QHM_TETRON_ROLES] = {ancilla, first, second};
    writer->is_used[ancilla] = writer->is_used[first] = true;
    if (second != QHM_TETRON_NONE)
        writer->is_used[second] = true;
    writer->use_counts[ancilla]++;
    writer->gadgets[id]++;
    return writer->made ? write_gadget(writer, gadget, tetrons) : QHM_OK;
}

qhm_status qhm_tetron_write_pauli(qhm_tetron_writer *writer, uint32_t tetron, qhm_pauli pauli)
{
    writer->is_used[tetron] = true;
    if (!writer->made || pauli == QHM_PAULI_I)
        return QHM_OK;
    return append(writer, (qhm_instruction){.gate = gate_of(pauli),
                                            .qubits = &writer->compact[tetron],
                                            .condition = writer->condition});
}

qhm_status qhm_tetron_write_measure(qhm_tetron_writer *writer, uint32_t tetron, qhm_pauli pauli,
                                    uint32_t bit, const double flips[2])
{
    const uint8_t letter = (uint8_t)pauli;
    writer->is_used[tetron] = true;
    if (!writer->made)
        return QHM_OK;
    return append(writer, (qhm_instruction){.gate = QHM_GATE_MEASURE_PAULI,
                                            .qubit_count = 1,
                                            .qubits = &writer->compact[tetron],
                                            .paulis = &letter,
                                            .bit = bit,
                                            .flips = {flips[0], flips[1]},
                                            .condition = writer->condition});
}

qhm_status qhm_tetron_write_prepare(qhm_tetron_writer *writer, uint32_t tetron, uint32_t bit)
{
    writer->is_used[tetron] = true;
    if (!writer->made)
        return QHM_OK;
    const uint32_t *qubit = &writer->compact[tetron];
    const uint32_t scratch = bit_of(writer, tetron, 0);
    QHM_TRY(
        qhm_tetron_write_measure(writer, tetron, QHM_PAULI_Z, scratch, (const double[2]){0, 0}));
    QHM_TRY(append(writer, (qhm_instruction){.gate = QHM_GATE_X,
                                             .qubits = qubit,
                                             .condition = qhm_condition_bit(scratch, true)}));
    QHM_TRY(clear(writer, tetron, 1));
    if (bit == QHM_TETRON_NONE)
        return QHM_OK;
    return append(writer, (qhm_instruction){.gate = QHM_GATE_X,
                                            .qubits = qubit,
                                            .condition = qhm_condition_bit(bit, true)});
}

qhm_status qhm_tetron_write_analog(qhm_tetron_writer *writer, uint32_t tetron, qhm_gate gate,
                                   const qhm_angle *angle)
{
    writer->is_used[tetron] = true;
    writer->analog_count++;
    if (!writer->made)
        return QHM_OK;
    return append(writer, (qhm_instruction){.gate = gate,
                                            .qubits = &writer->compact[tetron],
                                            .angles = angle,
                                            .condition = writer->condition});
}

qhm_status qhm_tetron_write_other(qhm_tetron_writer *writer, const qhm_instruction *instruction,
                                  const uint32_t *tetrons)
{
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        writer->is_used[tetrons[i]] = true;
    if (!writer->made)
        return QHM_OK;
    qhm_instruction moved = *instruction;
    uint32_t *qubits;
    QHM_TRY(qhm_allocate(instruction->qubit_count, sizeof *qubits, &qubits));
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        qubits[i] = writer->compact[tetrons[i]];
    moved.qubits = qubits;
    const qhm_status status = append(writer, moved);
    qhm_release(qubits);
    return status;
}
