// Lowers a circuit to steps: every gate becomes rotations, phases, exchanges and matrices.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"
#include "circuit/gate_table.h"
#include "simulate/statevector/statevector_internal.h"

#include <string.h>

typedef struct lowering {
    qhm_statevector *plan;
    const qhm_instruction *instruction;
    size_t index;         // of the instruction
    uint32_t first_angle; // occurrence number of the instruction's angle 0
    uint64_t controls;    // of the instruction, as positions
    uint64_t flops;
    bool reduces;                  // steps go to the reduction, else to the plan
    size_t loop_depth, open_while; // the innermost while: its step
} lowering;

static uint64_t bit_of(uint32_t position)
{
    return (uint64_t)1 << position;
}

// Operations of one step, as qhm_plan_flops documents them.
static uint64_t step_flops(const qhm_statevector *plan, const qhm_step *step,
                           const qhm_complex *matrix)
{
    uint64_t all = (uint64_t)1 << plan->qubit_count;
    uint64_t touched = all >> __builtin_popcountll(step->controls);
    uint64_t angle = step->angle == QHM_NO_ANGLE ? 0 : 30;
    switch (step->kind) {
    case QHM_STEP_ROTATE_X:
    case QHM_STEP_ROTATE_Y:
    case QHM_STEP_PHASE:
    case QHM_STEP_PARITY:
        return angle + 6 * touched;
    case QHM_STEP_EXCHANGE:
        return 0;
    case QHM_STEP_MATRIX:
        for (int i = 0; i < 4; i++)
            if (matrix[i].im != 0)
                return 14 * touched;
        return 6 * touched;
    case QHM_STEP_DENSE:
        return (((uint64_t)8 << step->target_count) - 2) * touched;
    case QHM_STEP_MEASURE:
    case QHM_STEP_RESET:
        return 10 * all;
    case QHM_STEP_CHANNEL: // hardly ever does anything
        return 0;
    case QHM_STEP_SET:
    case QHM_STEP_WHILE:
    case QHM_STEP_END:
        return 0;
    }
    return 0;
}

static qhm_status append(lowering *l, qhm_step step, const qhm_complex *matrix)
{
    l->flops += step_flops(l->plan, &step, matrix);
    if (l->reduces)
        return qhm_reduction_append(&l->plan->reduction, &step, matrix);
    return qhm_statevector_place(l->plan, &step, matrix);
}

// True for what does not always run. Unconditional instructions in a loop count too: a loop is run
// as long as any state of a block is in it.
static bool is_conditional(const lowering *l)
{
    return l->loop_depth > 0 || l->instruction->condition.relation != QHM_RELATION_NONE;
}

// The step under the instruction's controls and condition.
static qhm_step conditioned(const lowering *l, qhm_step step)
{
    step.controls |= l->controls;
    step.is_conditional = is_conditional(l);
    if (l->instruction->condition.relation != QHM_RELATION_NONE)
        step.condition = &l->instruction->condition;
    return step;
}

static qhm_step on_target(qhm_step_kind kind, uint32_t position)
{
    return (qhm_step){
        .kind = kind, .targets = {position}, .target_count = 1, .angle = QHM_NO_ANGLE};
}

static qhm_status append_exchange(lowering *l, uint32_t control, uint32_t target)
{
    qhm_step step = on_target(QHM_STEP_EXCHANGE, target);
    step.controls = bit_of(control);
    return append(l, step, NULL);
}

static qhm_status append_phase(lowering *l, uint64_t mask, qhm_complex value)
{
    qhm_step step = {.kind = QHM_STEP_PHASE, .controls = mask, .angle = QHM_NO_ANGLE};
    return append(l, conditioned(l, step), &value);
}

static qhm_status append_angle(lowering *l, qhm_step step, uint32_t which)
{
    const qhm_angle *angle = &l->instruction->angles[which];
    step.angle = l->first_angle + which;
    step.scale = step.kind == QHM_STEP_PHASE ? 1 : 0.5;
    for (int i = 0; i < 2; i++) {
        step.uses_input |= angle->factors[i].slot == QHM_SLOT_INPUT;
        step.uses_weight |= angle->factors[i].slot == QHM_SLOT_WEIGHT;
    }
    return append(l, conditioned(l, step), NULL);
}

// Exchanges what two positions hold. Dense gates need it to get their targets out of the lanes.
static qhm_status append_swap(lowering *l, uint32_t a, uint32_t b)
{
    QHM_TRY(append_exchange(l, a, b));
    QHM_TRY(append_exchange(l, b, a));
    return append_exchange(l, a, b);
}

static void rename_positions(qhm_statevector *plan, uint32_t a, uint32_t b)
{
    for (size_t q = 0; q < plan->qubit_count; q++) {
        if (plan->positions[q] == a)
            plan->positions[q] = b;
        else if (plan->positions[q] == b)
            plan->positions[q] = a;
    }
}

static qhm_status lower_swap(lowering *l, uint32_t a, uint32_t b)
{
    if (!l->controls && !is_conditional(l)) {
        rename_positions(l->plan, a, b);
        return QHM_OK;
    }
    QHM_TRY(append_exchange(l, b, a));
    qhm_step middle = on_target(QHM_STEP_EXCHANGE, b);
    middle.controls = bit_of(a);
    QHM_TRY(append(l, conditioned(l, middle), NULL));
    return append_exchange(l, b, a);
}

// iSWAP = SWAP, CZ, S on both; the inverse has S dagger.
static qhm_status lower_iswap(lowering *l, uint32_t a, uint32_t b, double sign)
{
    QHM_TRY(lower_swap(l, a, b));
    QHM_TRY(append_phase(l, bit_of(a) | bit_of(b), (qhm_complex){-1, 0}));
    QHM_TRY(append_phase(l, bit_of(a), (qhm_complex){0, sign}));
    return append_phase(l, bit_of(b), (qhm_complex){0, sign});
}

// ECR = X on the first, CX, SX on the second and RZ(pi/2) on the first, in reverse.
static qhm_status lower_ecr(lowering *l, uint32_t first, uint32_t second)
{
    const double quarter = 1.57079632679489661923;
    qhm_complex matrix[4];
    qhm_gate_matrix(QHM_GATE_RZ, &quarter, matrix);
    QHM_TRY(append(l, conditioned(l, on_target(QHM_STEP_MATRIX, first)), matrix));
    qhm_gate_matrix(QHM_GATE_SX, NULL, matrix);
    QHM_TRY(append(l, conditioned(l, on_target(QHM_STEP_MATRIX, second)), matrix));
    qhm_step exchange = on_target(QHM_STEP_EXCHANGE, second);
    exchange.controls = bit_of(first);
    QHM_TRY(append(l, conditioned(l, exchange), NULL));
    return append(l, conditioned(l, on_target(QHM_STEP_EXCHANGE, first)), NULL);
}

// exp(-i a P / 2) on one or two targets: X X and Y Y become X between two CX, with S around.
static qhm_status lower_rotation(lowering *l, qhm_pauli_masks pauli, const uint32_t *targets)
{
    qhm_step step = {.kind = QHM_STEP_PARITY};
    if (pauli.x == 0) {
        for (uint32_t t = 0; t < 2; t++)
            if (pauli.z >> t & 1)
                step.parity |= bit_of(targets[t]);
        return append_angle(l, step, 0);
    }
    if (pauli.x == 1) {
        qhm_step_kind kind = pauli.z ? QHM_STEP_ROTATE_Y : QHM_STEP_ROTATE_X;
        return append_angle(l, on_target(kind, targets[0]), 0);
    }
    lowering outside = *l; // what stands around cancels, so it needs no controls
    outside.controls = 0;
    outside.flops = 0;
    qhm_instruction plain = *l->instruction;
    plain.condition = (qhm_condition){0};
    outside.instruction = &plain;
    outside.loop_depth = 0;
    const uint32_t a = targets[0], b = targets[1];
    for (uint32_t t = 0; pauli.z && t < 2; t++)
        QHM_TRY(append_phase(&outside, bit_of(targets[t]), (qhm_complex){0, -1}));
    QHM_TRY(append_exchange(&outside, a, b));
    QHM_TRY(append_angle(l, on_target(QHM_STEP_ROTATE_X, a), 0));
    QHM_TRY(append_exchange(&outside, a, b));
    for (uint32_t t = 0; pauli.z && t < 2; t++)
        QHM_TRY(append_phase(&outside, bit_of(targets[t]), (qhm_complex){0, 1}));
    l->flops += outside.flops;
    return QHM_OK;
}

// U(a, b, c) = P(b) RY(a) P(c).
static qhm_status lower_u(lowering *l, uint32_t target)
{
    qhm_step phase = {.kind = QHM_STEP_PHASE, .controls = bit_of(target)};
    QHM_TRY(append_angle(l, phase, 2));
    QHM_TRY(append_angle(l, on_target(QHM_STEP_ROTATE_Y, target), 0));
    return append_angle(l, phase, 1);
}

static qhm_status lower_dense(lowering *l, qhm_step step, const uint32_t *targets, uint32_t count,
                              const qhm_complex *matrix)
{
    qhm_statevector *plan = l->plan;
    step.target_count = count;
    step.angle = QHM_NO_ANGLE;
    uint64_t taken = 0; // positions of this gate's targets
    for (uint32_t t = 0; t < count; t++)
        taken |= bit_of(plan->positions[targets[t]]);
    for (uint32_t t = 0; t < count; t++) {
        uint32_t position = plan->positions[targets[t]], free_position = plan->lane_qubits;
        if (position < plan->lane_qubits) {
            while (taken & bit_of(free_position))
                free_position++;
            QHM_TRY(append_swap(l, position, free_position));
            rename_positions(plan, position, free_position);
            taken |= bit_of(free_position);
        }
        step.targets[t] = plan->positions[targets[t]];
    }
    // Controls may have moved out of the way.
    const qhm_instruction *instruction = l->instruction;
    l->controls = 0;
    for (uint32_t i = 0; i < qhm_instruction_control_count(instruction); i++)
        l->controls |= bit_of(plan->positions[instruction->qubits[i]]);
    return append(l, conditioned(l, step), matrix);
}

static qhm_status lower_matrix(lowering *l, const uint32_t *qubits, uint32_t count)
{
    const qhm_statevector *plan = l->plan;
    qhm_complex matrix[QHM_UNITARY_MAX_DIMENSION * QHM_UNITARY_MAX_DIMENSION];
    qhm_instruction_matrix(l->instruction, NULL, NULL, matrix);
    if (count > 1)
        return lower_dense(l, (qhm_step){.kind = QHM_STEP_DENSE}, qubits, count, matrix);
    uint32_t target = plan->positions[qubits[0]];
    bool is_phase =
        qhm_instruction_is_diagonal(l->instruction) && matrix[0].re == 1 && matrix[0].im == 0;
    if (is_phase)
        return append_phase(l, bit_of(target), matrix[3]);
    return append(l, conditioned(l, on_target(QHM_STEP_MATRIX, target)), matrix);
}

static qhm_status lower_gate(lowering *l)
{
    const qhm_instruction *instruction = l->instruction;
    const qhm_gate_row *row = qhm_gate_table_row(instruction->gate);
    const qhm_gate base = row->base;
    const uint32_t control_count = qhm_instruction_control_count(instruction);
    const uint32_t *qubits = instruction->qubits + control_count;
    const uint32_t count = qhm_instruction_target_count(instruction);
    uint32_t targets[QHM_UNITARY_MAX_TARGETS] = {0};
    for (uint32_t t = 0; t < count; t++)
        targets[t] = l->plan->positions[qubits[t]];
    l->controls = 0;
    for (uint32_t i = 0; i < control_count; i++)
        l->controls |= bit_of(l->plan->positions[instruction->qubits[i]]);

    const qhm_gate_row *base_row = qhm_gate_table_row(base);
    if (base_row->rotation.x || base_row->rotation.z)
        return lower_rotation(l, base_row->rotation, targets);
    switch ((int)base) {
    case QHM_GATE_X:
        return append(l, conditioned(l, on_target(QHM_STEP_EXCHANGE, targets[0])), NULL);
    case QHM_GATE_P:
        return append_angle(l, (qhm_step){.kind = QHM_STEP_PHASE, .controls = bit_of(targets[0])},
                            0);
    case QHM_GATE_U:
        return lower_u(l, targets[0]);
    case QHM_GATE_SWAP:
        return lower_swap(l, targets[0], targets[1]);
    case QHM_GATE_ECR:
        return lower_ecr(l, targets[0], targets[1]);
    case QHM_GATE_ISWAP:
        return lower_iswap(l, targets[0], targets[1], 1);
    case QHM_GATE_ISWAPDG:
        return lower_iswap(l, targets[0], targets[1], -1);
    default:
        return lower_matrix(l, qubits, count);
    }
}

// A while keeps the step of the while around it as its partner until its end comes.
static qhm_status lower_classical(lowering *l)
{
    qhm_statevector *plan = l->plan;
    const qhm_instruction *instruction = l->instruction;
    const bool is_while = instruction->gate == QHM_GATE_WHILE;
    const size_t index = plan->step_count;
    qhm_step step = {.kind = is_while                            ? QHM_STEP_WHILE
                             : instruction->gate == QHM_GATE_END ? QHM_STEP_END
                                                                 : QHM_STEP_SET,
                     .angle = QHM_NO_ANGLE,
                     .written_bit = instruction->bit,
                     .written_value = instruction->bit_value,
                     .partner = l->open_while};
    l->controls = 0;
    QHM_TRY(append(l, conditioned(l, step), NULL));
    if (is_while) {
        l->open_while = index;
        l->loop_depth++;
        plan->loop_depth = plan->loop_depth > l->loop_depth ? plan->loop_depth : l->loop_depth;
    } else if (instruction->gate == QHM_GATE_END) {
        qhm_step *begin = &plan->steps[l->open_while];
        l->open_while = begin->partner;
        begin->partner = index;
        l->loop_depth--;
    }
    return QHM_OK;
}

static qhm_status lower_instruction(lowering *l)
{
    const qhm_instruction *instruction = l->instruction;
    if (instruction->gate == QHM_GATE_BARRIER)
        return QHM_OK;
    if (qhm_gate_is_classical(instruction->gate))
        return lower_classical(l);
    if (instruction->gate == QHM_GATE_CHANNEL) {
        const qhm_channel_splits *splits = &l->plan->noise->splits;
        const qhm_step step = {.kind = QHM_STEP_CHANNEL,
                               .split = &splits->splits[splits->of_instruction[l->index]]};
        return lower_dense(l, step, instruction->qubits, instruction->qubit_count, NULL);
    }
    if (instruction->gate != QHM_GATE_MEASURE && instruction->gate != QHM_GATE_RESET)
        return lower_gate(l);
    bool is_measure = instruction->gate == QHM_GATE_MEASURE;
    if (is_measure && !l->plan->is_random) { // it waits until the end
        l->plan->deferred[instruction->bit] = instruction->qubits[0];
        return QHM_OK;
    }
    qhm_step step = on_target(is_measure ? QHM_STEP_MEASURE : QHM_STEP_RESET,
                              l->plan->positions[instruction->qubits[0]]);
    l->controls = 0;
    step = conditioned(l, step);
    step.written_bit = instruction->bit;
    memcpy(step.flips, instruction->flips, sizeof step.flips);
    return append(l, step, NULL);
}

static qhm_status lower_all(lowering *l, const qhm_circuit *circuit, uint64_t *flops)
{
    qhm_statevector *plan = l->plan;
    for (uint32_t q = 0; q < plan->qubit_count; q++)
        plan->positions[q] = q;
    for (size_t b = 0; b < plan->bit_count; b++)
        plan->deferred[b] = UINT32_MAX;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        l->instruction = qhm_circuit_instruction(circuit, i);
        l->index = i;
        QHM_TRY(lower_instruction(l));
        l->first_angle += qhm_gate_information(l->instruction->gate)->angle_count;
    }
    plan->is_permuted = false;
    for (uint32_t q = 0; q < plan->qubit_count; q++)
        plan->is_permuted |= plan->positions[q] != q;
    *flops = l->flops;
    return QHM_OK;
}

qhm_status qhm_statevector_reduce(qhm_statevector *plan, const qhm_circuit *circuit,
                                  uint64_t *flops)
{
    lowering l = {.plan = plan, .reduces = true};
    QHM_TRY(qhm_reduction_begin(&plan->reduction, plan->qubit_count));
    QHM_TRY(lower_all(&l, circuit, flops));
    return qhm_reduction_end(&plan->reduction);
}

qhm_status qhm_statevector_lower(qhm_statevector *plan, const qhm_circuit *circuit, uint64_t *flops)
{
    lowering l = {.plan = plan};
    QHM_TRY(lower_all(&l, circuit, flops));
    plan->circuit_step_count = plan->step_count;
    return QHM_OK;
}
