// Pass: runs of one-qubit gates become native: one gate u, or virtual turns about Z around at most
// two sx. Gates with slots stay; what stands beside them becomes u, for such a run is one
// operation.
#include "base/memory.h"
#include "compile/chip_operations.h"
#include "compile/compile_internal.h"
#include "linalg/weyl.h"

#include <math.h>
#include <string.h>

static const double negligible = 1e-11; // radians

struct work {
    const qhm_circuit *circuit;
    qhm_circuit *made;
    qhm_chip_operations operations;
    // The gates that wait on a qubit: instruction + 1, 0 at the end.
    size_t *first, *last; // [qubits]
    size_t *next;         // [instructions]
    size_t one_qubit_gates;
};

static bool is_small(double angle)
{
    return fabs(remainder(angle, 2 * M_PI)) < negligible;
}

// values: of the gate's angles; NULL for none.
static qhm_status append(struct work *work, qhm_gate gate, uint32_t qubit, const double *values,
                         qhm_condition condition)
{
    qhm_angle angles[3];
    for (unsigned i = 0; values && i < qhm_gate_information(gate)->angle_count; i++)
        angles[i] = qhm_angle_constant(remainder(values[i], 2 * M_PI));
    const qhm_instruction instruction = {
        .gate = gate, .qubits = &qubit, .angles = angles, .condition = condition};
    return qhm_circuit_append_instruction(work->made, &instruction);
}

static qhm_status append_turn(struct work *work, uint32_t qubit, double angle,
                              qhm_condition condition)
{
    return is_small(angle) ? QHM_OK : append(work, QHM_GATE_RZ, qubit, &angle, condition);
}

// U(a, b, c) by turns about Z and sx [mckay2017].
static qhm_status append_by_sx(struct work *work, uint32_t qubit, const double *u,
                               qhm_condition condition)
{
    if (fabs(u[0] - M_PI / 2) < negligible) {
        QHM_TRY(append_turn(work, qubit, u[2] - M_PI / 2, condition));
        QHM_TRY(append(work, QHM_GATE_SX, qubit, NULL, condition));
        return append_turn(work, qubit, u[1] + M_PI / 2, condition);
    }
    if (fabs(u[0] - M_PI) < negligible && work->operations.x) {
        QHM_TRY(append_turn(work, qubit, u[2] - u[1] + M_PI, condition));
        return append(work, QHM_GATE_X, qubit, NULL, condition);
    }
    QHM_TRY(append_turn(work, qubit, u[2], condition));
    QHM_TRY(append(work, QHM_GATE_SX, qubit, NULL, condition));
    QHM_TRY(append_turn(work, qubit, u[0] + M_PI, condition));
    QHM_TRY(append(work, QHM_GATE_SX, qubit, NULL, condition));
    return append_turn(work, qubit, u[1] + M_PI, condition);
}

// A matrix [2][2] as native gates; in a run with slots as u.
static qhm_status append_matrix(struct work *work, uint32_t qubit, const qhm_complex *matrix,
                                bool has_slots, qhm_condition condition)
{
    double u[3];
    (void)qhm_euler_angles(matrix, u);
    if (u[0] < negligible && (work->operations.rz || has_slots))
        return append_turn(work, qubit, u[1] + u[2], condition);
    if (u[0] < negligible && is_small(u[1] + u[2]))
        return QHM_OK;
    if (work->operations.any || has_slots)
        return append(work, QHM_GATE_U, qubit, u, condition);
    return append_by_sx(work, qubit, u, condition);
}

// A gate with slots; turns about Z stay virtual.
static qhm_status append_slot_gate(struct work *work, const qhm_instruction *instruction)
{
    qhm_instruction gate = *instruction;
    if (gate.gate == QHM_GATE_P && work->operations.rz)
        gate.gate = QHM_GATE_RZ;
    return qhm_circuit_append_instruction(work->made, &gate);
}

static qhm_status flush(struct work *work, uint32_t qubit)
{
    const qhm_condition always = {0};
    qhm_complex matrix[4] = {{1, 0}, {0, 0}, {0, 0}, {1, 0}}, gate[4];
    bool has_slots = false;
    for (size_t at = work->first[qubit]; at > 0; at = work->next[at - 1])
        has_slots |= !qhm_has_constant_angles(&work->circuit->instructions[at - 1]);
    for (size_t at = work->first[qubit]; at > 0; at = work->next[at - 1]) {
        const qhm_instruction *instruction = &work->circuit->instructions[at - 1];
        if (qhm_has_constant_angles(instruction)) {
            qhm_small_gate_matrix(instruction, gate);
            qhm_product_2(gate, matrix, matrix);
            continue;
        }
        QHM_TRY(append_matrix(work, qubit, matrix, true, always));
        QHM_TRY(append_slot_gate(work, instruction));
        memset(matrix, 0, sizeof matrix);
        matrix[0].re = matrix[3].re = 1;
    }
    work->first[qubit] = work->last[qubit] = 0;
    return append_matrix(work, qubit, matrix, has_slots, always);
}

static qhm_status append_conditional(struct work *work, const qhm_instruction *instruction)
{
    if (!qhm_has_constant_angles(instruction))
        return append_slot_gate(work, instruction);
    qhm_complex gate[4];
    qhm_small_gate_matrix(instruction, gate);
    return append_matrix(work, instruction->qubits[0], gate, false, instruction->condition);
}

static qhm_status add(struct work *work, size_t index, bool is_merging)
{
    const qhm_instruction *instruction = &work->circuit->instructions[index];
    const bool is_one =
        qhm_gate_information(instruction->gate)->is_unitary && instruction->qubit_count == 1;
    if (is_one && instruction->condition.relation == QHM_RELATION_NONE) {
        const uint32_t qubit = instruction->qubits[0];
        if (work->last[qubit] > 0)
            work->next[work->last[qubit] - 1] = index + 1;
        else
            work->first[qubit] = index + 1;
        work->last[qubit] = index + 1;
        work->one_qubit_gates++;
        return is_merging ? QHM_OK : flush(work, qubit);
    }
    for (uint32_t q = 0; q < instruction->qubit_count; q++)
        QHM_TRY(flush(work, instruction->qubits[q]));
    if (qhm_gate_is_classical(instruction->gate))
        for (uint32_t q = 0; q < work->circuit->qubit_count; q++)
            QHM_TRY(flush(work, q));
    if (is_one)
        return append_conditional(work, instruction);
    return qhm_circuit_append_instruction(work->made, instruction);
}

static qhm_status merge(struct work *work, bool is_merging)
{
    const size_t count = work->circuit->instruction_count, qubits = work->circuit->qubit_count;
    QHM_TRY(qhm_allocate(qubits, sizeof *work->first, &work->first));
    QHM_TRY(qhm_allocate(qubits, sizeof *work->last, &work->last));
    QHM_TRY(qhm_allocate(count, sizeof *work->next, &work->next));
    QHM_TRY(qhm_compilation_begin(work->circuit, 0, &work->made));
    for (size_t i = 0; i < count; i++)
        QHM_TRY(add(work, i, is_merging));
    for (uint32_t q = 0; q < qubits; q++)
        QHM_TRY(flush(work, q));
    return QHM_OK;
}

static qhm_status run(qhm_compilation *compilation)
{
    struct work work = {.circuit = compilation->circuit};
    QHM_TRY(qhm_chip_operations_find(compilation->device, compilation->options.allow_assumed_gates,
                                     &work.operations));
    const qhm_status status = merge(&work, compilation->level > 0);
    qhm_release(work.first);
    qhm_release(work.last);
    qhm_release(work.next);
    if (status != QHM_OK) {
        qhm_circuit_destroy(work.made);
        return status;
    }
    qhm_compilation_replace(compilation, work.made);
    qhm_text_print(&compilation->detail, "%zu one-qubit gates made native", work.one_qubit_gates);
    return QHM_OK;
}

const qhm_compile_pass qhm_pass_merge = {
    .name = "merge", .help = "runs of one-qubit gates by the chip's own", .run = run};
