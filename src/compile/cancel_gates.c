// Pass: gates that undo each other go, rotations about one axis become one, also across gates that
// they commute with.
//
// On each of its qubits a gate may be a sum of 1 and one Pauli matrix: Z on a control, X on the
// target of a CX. Gates commute when they agree on every qubit that they share.
#include "base/memory.h"
#include "compile/compile_internal.h"

#include <math.h>

enum { MOST_STEPS = 100, NONE = -1 };

static const double negligible = 1e-12; // radians

// The Pauli matrix that a gate is made of on one of its qubits, I for none.
static qhm_pauli axis_of(const qhm_instruction *instruction, uint32_t place)
{
    const qhm_gate_row *row = qhm_gate_table_row(instruction->gate);
    if (instruction->condition.relation != QHM_RELATION_NONE || !row->information.is_unitary)
        return QHM_PAULI_I;
    if (place < qhm_instruction_control_count(instruction))
        return QHM_PAULI_Z;
    const unsigned bit = place - qhm_instruction_control_count(instruction);
    const uint64_t x = row->rotation.x >> bit & 1, z = row->rotation.z >> bit & 1;
    if (x || z)
        return x && z ? QHM_PAULI_Y : x ? QHM_PAULI_X : QHM_PAULI_Z;
    switch (row->base) {
    case QHM_GATE_X:
    case QHM_GATE_SX:
    case QHM_GATE_SXDG:
        return QHM_PAULI_X;
    case QHM_GATE_Y:
        return QHM_PAULI_Y;
    default:
        return row->is_diagonal ? QHM_PAULI_Z : QHM_PAULI_I;
    }
}

struct chain {
    size_t instruction;
    long before; // the link of the same qubit before this one, NONE at the end
    uint32_t place;
};

// Instructions as they stand, and a list of links for each qubit, the latest first.
struct work {
    qhm_instruction *items; // copies; their arrays are the circuit's
    qhm_angle *angles;      // [count] the only angle of a rotation that took up another
    bool *is_gone;          // [count]
    struct chain *links;
    long *latest; // [qubits]
    size_t link_count, removed, merged;
};

static bool is_same_place(const qhm_instruction *a, const qhm_instruction *b)
{
    if (a->qubit_count != b->qubit_count || a->control_count != b->control_count)
        return false;
    bool is_equal = true, is_crossed = a->qubit_count == 2;
    for (uint32_t i = 0; i < a->qubit_count; i++) {
        is_equal &= a->qubits[i] == b->qubits[i];
        is_crossed &= a->qubits[i] == b->qubits[a->qubit_count - 1 - i];
    }
    const qhm_gate gate = a->gate;
    const bool is_symmetric =
        qhm_gate_table_row(gate)->is_symmetric || gate == QHM_GATE_CZ || gate == QHM_GATE_CP;
    return is_equal || (is_crossed && is_symmetric && gate != QHM_GATE_ECR);
}

static bool are_equal_factors(const qhm_angle_factor *a, const qhm_angle_factor *b)
{
    return a->slot == b->slot && a->index == b->index && a->shift == b->shift;
}

// a + b in one angle, if that is possible.
static bool add_angles(const qhm_angle *a, const qhm_angle *b, qhm_angle *sum)
{
    qhm_angle made = qhm_angle_is_constant(a) ? *b : *a;
    if (!qhm_angle_is_constant(a) && !qhm_angle_is_constant(b)) {
        if (!are_equal_factors(&a->factors[0], &b->factors[0]) ||
            !are_equal_factors(&a->factors[1], &b->factors[1]))
            return false;
        made.scale = a->scale + b->scale;
    }
    made.offset = a->offset + b->offset;
    if (made.scale == 0)
        made = qhm_angle_constant(made.offset);
    *sum = made;
    return true;
}

// True when the gate by this angle is the identity up to a global phase.
static bool is_identity(const qhm_instruction *instruction)
{
    if (!qhm_angle_is_constant(&instruction->angles[0]))
        return false;
    const qhm_gate_row *row = qhm_gate_table_row(instruction->gate);
    const bool is_half =
        row->spectra[0] == QHM_SPECTRUM_PAULI && qhm_instruction_control_count(instruction) > 0;
    return fabs(remainder(instruction->angles[0].offset, is_half ? 4 * M_PI : 2 * M_PI)) <
           negligible;
}

// One gate on a qubit that turns by a constant about an axis, as RX, RY or RZ; false if it is none.
static bool as_rotation(const qhm_instruction *instruction, qhm_gate *gate, qhm_angle *angle)
{
    if (instruction->qubit_count != 1)
        return false;
    double turn;
    switch (instruction->gate) {
    case QHM_GATE_RX:
    case QHM_GATE_RY:
    case QHM_GATE_RZ:
        *gate = instruction->gate;
        *angle = instruction->angles[0];
        return true;
    case QHM_GATE_P:
        *gate = QHM_GATE_RZ;
        *angle = instruction->angles[0];
        return true;
    case QHM_GATE_X:
    case QHM_GATE_Y:
    case QHM_GATE_Z:
        turn = M_PI;
        break;
    case QHM_GATE_S:
    case QHM_GATE_SX:
        turn = M_PI / 2;
        break;
    case QHM_GATE_SDG:
    case QHM_GATE_SXDG:
        turn = -M_PI / 2;
        break;
    case QHM_GATE_T:
        turn = M_PI / 4;
        break;
    case QHM_GATE_TDG:
        turn = -M_PI / 4;
        break;
    default:
        return false;
    }
    const qhm_pauli axis = axis_of(instruction, 0);
    *gate = axis == QHM_PAULI_X ? QHM_GATE_RX : axis == QHM_PAULI_Y ? QHM_GATE_RY : QHM_GATE_RZ;
    *angle = qhm_angle_constant(turn);
    return true;
}

static bool is_self_inverse(qhm_gate gate)
{
    return qhm_gate_table_row(gate)->inverse == gate &&
           qhm_gate_information(gate)->angle_count == 0 && gate != QHM_GATE_UNITARY;
}

// Joins `later` to the same kind of gate `earlier`; true if that worked.
static bool join(struct work *work, size_t earlier, size_t later)
{
    qhm_instruction *a = &work->items[earlier], *b = &work->items[later];
    if (!is_same_place(a, b) || a->condition.relation != QHM_RELATION_NONE)
        return false;
    const qhm_gate_row *row = qhm_gate_table_row(a->gate);
    if (row->information.angle_count == 0 && row->information.is_unitary &&
        row->inverse == b->gate && a->gate != QHM_GATE_UNITARY &&
        (is_self_inverse(a->gate) || a->qubit_count <= 2)) {
        work->is_gone[earlier] = work->is_gone[later] = true;
        work->removed += 2;
        return true;
    }
    qhm_gate gate = b->gate, other = a->gate;
    qhm_angle first, second, sum;
    const bool is_turn = as_rotation(a, &other, &first) && as_rotation(b, &gate, &second);
    if (!is_turn) {
        if (a->gate != b->gate || row->information.angle_count != 1)
            return false;
        first = a->angles[0];
        second = b->angles[0];
    }
    if (gate != other || !add_angles(&first, &second, &sum))
        return false;
    work->angles[later] = sum;
    b->gate = gate;
    b->angles = &work->angles[later];
    work->is_gone[earlier] = true;
    work->merged++;
    if (is_identity(b)) {
        work->is_gone[later] = true;
        work->removed += 2;
        work->merged--;
    }
    return true;
}

// True when nothing on the way from the latest link of a qubit down to instruction `to` fails to
// commute with the gate, which acts on that qubit as `axis`.
static bool is_clear(const struct work *work, uint32_t qubit, qhm_pauli axis, size_t to)
{
    long at = work->latest[qubit];
    for (int step = 0; at != NONE && step < MOST_STEPS; step++, at = work->links[at].before) {
        const struct chain *link = &work->links[at];
        if (link->instruction == to)
            return true;
        if (work->is_gone[link->instruction])
            continue;
        if (axis == QHM_PAULI_I || axis_of(&work->items[link->instruction], link->place) != axis)
            return false;
    }
    return false;
}

// Looks back from instruction `index` for one that it can be joined to.
static bool look_back(struct work *work, size_t index)
{
    const qhm_instruction *gate = &work->items[index];
    const qhm_pauli axis = axis_of(gate, 0);
    long at = work->latest[gate->qubits[0]];
    for (int step = 0; at != NONE && step < MOST_STEPS; step++, at = work->links[at].before) {
        const struct chain *link = &work->links[at];
        if (work->is_gone[link->instruction])
            continue;
        bool may_join = true;
        for (uint32_t q = 1; q < gate->qubit_count && may_join; q++)
            may_join = is_clear(work, gate->qubits[q], axis_of(gate, q), link->instruction);
        if (may_join && join(work, link->instruction, index))
            return true;
        if (axis == QHM_PAULI_I || axis_of(&work->items[link->instruction], link->place) != axis)
            return false;
    }
    return false;
}

static void push(struct work *work, size_t index)
{
    const qhm_instruction *item = &work->items[index];
    for (uint32_t q = 0; q < item->qubit_count; q++) {
        const uint32_t qubit = item->qubits[q];
        work->links[work->link_count] = (struct chain){index, work->latest[qubit], q};
        work->latest[qubit] = (long)work->link_count++;
    }
}

static void cancel(struct work *work, const qhm_circuit *circuit)
{
    for (size_t q = 0; q < circuit->qubit_count; q++)
        work->latest[q] = NONE;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        work->items[i] = circuit->instructions[i];
        const qhm_gate gate = work->items[i].gate;
        if (gate == QHM_GATE_WHILE || gate == QHM_GATE_END) // what comes before may come again
            for (size_t q = 0; q < circuit->qubit_count; q++)
                work->latest[q] = NONE;
        const bool may_go = qhm_gate_information(gate)->is_unitary &&
                            work->items[i].condition.relation == QHM_RELATION_NONE;
        const bool is_nothing = may_go && qhm_instruction_angle_count(&work->items[i]) == 1 &&
                                is_identity(&work->items[i]);
        if (is_nothing) {
            work->is_gone[i] = true;
            work->removed++;
            continue;
        }
        // A gate that took up another may now meet a third.
        while (may_go && !work->is_gone[i] && look_back(work, i))
            ;
        if (!work->is_gone[i])
            push(work, i);
    }
}

static qhm_status allocate(struct work *work, const qhm_circuit *circuit)
{
    const size_t count = circuit->instruction_count;
    QHM_TRY(qhm_allocate(count, sizeof *work->items, &work->items));
    QHM_TRY(qhm_allocate(count, sizeof *work->angles, &work->angles));
    QHM_TRY(qhm_allocate(count, sizeof *work->is_gone, &work->is_gone));
    QHM_TRY(qhm_allocate(circuit->operand_count, sizeof *work->links, &work->links));
    return qhm_allocate(circuit->qubit_count, sizeof *work->latest, &work->latest);
}

static qhm_status rebuild(const struct work *work, const qhm_circuit *circuit, qhm_circuit **made)
{
    qhm_circuit *built;
    QHM_TRY(qhm_compilation_begin(circuit, 0, &built));
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        if (work->is_gone[i])
            continue;
        const qhm_status status = qhm_circuit_append_instruction(built, &work->items[i]);
        if (status != QHM_OK) {
            qhm_circuit_destroy(built);
            return status;
        }
    }
    *made = built;
    return QHM_OK;
}

static qhm_status run(qhm_compilation *compilation)
{
    struct work work = {0};
    qhm_circuit *made;
    qhm_status status = allocate(&work, compilation->circuit);
    if (status == QHM_OK) {
        cancel(&work, compilation->circuit);
        status = rebuild(&work, compilation->circuit, &made);
    }
    if (status == QHM_OK) {
        qhm_compilation_replace(compilation, made);
        qhm_text_print(&compilation->detail, "%zu cancelled, %zu merged", work.removed,
                       work.merged);
    }
    qhm_release(work.items);
    qhm_release(work.angles);
    qhm_release(work.is_gone);
    qhm_release(work.links);
    qhm_release(work.latest);
    return status;
}

const qhm_compile_pass qhm_pass_cancel = {.name = "cancel",
                                          .help = "gates that undo each other go, rotations add up",
                                          .least_level = 1,
                                          .run = run};
