// Walks through a circuit with one waiting Clifford gate for each qubit.
//
// A Clifford C that waits after the tetron's state changes what is asked of the tetron: measuring Z
// becomes measuring C* Z C, X, Y or Z up to a sign; an analog rotation about Z becomes one about
// that axis. A T, whose magic state couples to Z alone, first makes so much of C real that the rest
// keeps the Z axis; a CX likewise for Z of its control and X of its target.
#include "compile/tetron_lower.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "compile/one_qubit_clifford.h"

#include <assert.h>
#include <math.h>
#include <qhm/rotation_synthesis.h>
#include <string.h>

// The gates of a rotation that was synthesised before.
typedef struct known_rotation {
    double angle, error;
    qhm_circuit *circuit;
} known_rotation;

typedef struct tetron_walk {
    qhm_tetron_lowering *lowering;
    qhm_tetron_writer *writer;
    uint32_t *tetrons;     // [qubits]
    bool *is_data;         // [qubits]
    qhm_clifford *waiting; // [qubits]
    uint32_t *known_bits;  // [qubits] the qubit is in the state of this bit, or QHM_TETRON_NONE
    known_rotation *rotations;
    size_t rotation_count, rotation_capacity;
} tetron_walk;

static qhm_status write_gates(tetron_walk *walk, uint32_t qubit, const qhm_gate *gates,
                              unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        QHM_TRY(qhm_tetron_write_gadget(walk->writer,
                                        gates[i] == QHM_GATE_S ? QHM_TETRON_S : QHM_TETRON_SX,
                                        walk->tetrons[qubit], QHM_TETRON_NONE, QHM_TETRON_NONE));
    return QHM_OK;
}

// Makes as much of the waiting Clifford real as has to be.
static qhm_status settle(tetron_walk *walk, uint32_t qubit, qhm_clifford_rest kind)
{
    qhm_gate gates[3];
    const unsigned count =
        qhm_clifford_split(walk->waiting[qubit], kind, gates, &walk->waiting[qubit]);
    return write_gates(walk, qubit, gates, count);
}

static qhm_status settle_all(tetron_walk *walk, uint32_t qubit)
{
    qhm_pauli pauli = QHM_PAULI_I;
    QHM_TRY(settle(walk, qubit, QHM_CLIFFORD_REST_PAULI));
    (void)qhm_clifford_is_pauli(walk->waiting[qubit], &pauli);
    walk->waiting[qubit] = qhm_clifford_identity();
    return pauli == QHM_PAULI_I ? QHM_OK
                                : qhm_tetron_write_pauli(walk->writer, walk->tetrons[qubit], pauli);
}

static void apply_clifford(tetron_walk *walk, uint32_t qubit, qhm_gate gate)
{
    qhm_clifford clifford;
    const bool is_clifford = qhm_clifford_of_gate(gate, &clifford);
    assert(is_clifford);
    (void)is_clifford;
    walk->waiting[qubit] = qhm_clifford_multiply(clifford, walk->waiting[qubit]);
}

static qhm_status apply_t(tetron_walk *walk, uint32_t qubit)
{
    QHM_TRY(settle(walk, qubit, QHM_CLIFFORD_REST_Z));
    QHM_TRY(qhm_tetron_write_gadget(walk->writer, QHM_TETRON_T, walk->tetrons[qubit],
                                    QHM_TETRON_NONE, QHM_TETRON_NONE));
    if (walk->waiting[qubit].z.is_negative) { // T X = X T*, and T* = S* T
        qhm_clifford inverse;
        (void)qhm_clifford_of_gate(QHM_GATE_SDG, &inverse);
        walk->waiting[qubit] = qhm_clifford_multiply(walk->waiting[qubit], inverse);
    }
    return QHM_OK;
}

static qhm_status find_rotation(tetron_walk *walk, double angle, const known_rotation **found)
{
    for (size_t i = 0; i < walk->rotation_count; i++)
        if (walk->rotations[i].angle == angle) {
            *found = &walk->rotations[i];
            return QHM_OK;
        }
    qhm_rotation_synthesis_result result;
    QHM_TRY(qhm_reserve(walk->rotation_count + 1, &walk->rotation_capacity, sizeof *walk->rotations,
                        &walk->rotations));
    known_rotation *rotation = &walk->rotations[walk->rotation_count];
    QHM_TRY(qhm_rotation_synthesize(angle, walk->lowering->precision, NULL, &result,
                                    &rotation->circuit));
    rotation->angle = angle;
    rotation->error = result.error;
    walk->rotation_count++;
    *found = rotation;
    return QHM_OK;
}

static bool has_gate(const qhm_device *device, qhm_gate gate)
{
    for (size_t i = 0; i < qhm_device_operation_count(device); i++)
        if (qhm_device_operation_at(device, i)->gate == gate)
            return true;
    return false;
}

// About the axis that the waiting Clifford makes of Z, if the chip can.
static qhm_status apply_analog(tetron_walk *walk, uint32_t qubit, const qhm_angle *angle)
{
    static const qhm_gate gates[4] = {QHM_GATE_BARRIER, QHM_GATE_RX, QHM_GATE_RY, QHM_GATE_RZ};
    qhm_signed_pauli axis = qhm_clifford_map_back(walk->waiting[qubit], QHM_PAULI_Z);
    if (!has_gate(walk->writer->geometry->device, gates[axis.pauli])) {
        QHM_TRY(settle(walk, qubit, QHM_CLIFFORD_REST_Z));
        axis = qhm_clifford_map_back(walk->waiting[qubit], QHM_PAULI_Z);
    }
    const qhm_angle turned = qhm_angle_affine(*angle, axis.is_negative ? -1 : 1, 0);
    return qhm_tetron_write_analog(walk->writer, walk->tetrons[qubit], gates[axis.pauli], &turned);
}

static qhm_status apply_synthesised(tetron_walk *walk, uint32_t qubit, double angle)
{
    const known_rotation *rotation;
    QHM_TRY(find_rotation(walk, angle, &rotation));
    walk->lowering->rotation_error += rotation->error;
    const qhm_circuit *circuit = rotation->circuit;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_gate gate = circuit->instructions[i].gate;
        if (gate == QHM_GATE_T)
            QHM_TRY(apply_t(walk, qubit));
        else
            apply_clifford(walk, qubit, gate);
    }
    return QHM_OK;
}

static qhm_status apply_rz(tetron_walk *walk, uint32_t qubit, const qhm_angle *angle)
{
    static const double tolerance = 1e-11; // radians, as near as synthesis can be asked for
    if (qhm_angle_is_constant(angle)) {
        const double eighths = angle->offset / (M_PI / 4), nearest = nearbyint(eighths);
        if (fabs(nearest) < 1e9 && fabs(eighths - nearest) * (M_PI / 4) < tolerance) {
            const unsigned turns = (unsigned)(((long)nearest % 8 + 8) % 8);
            if (turns % 2 == 1)
                QHM_TRY(apply_t(walk, qubit));
            for (unsigned i = 0; i < turns / 2; i++)
                apply_clifford(walk, qubit, QHM_GATE_S);
            return QHM_OK;
        }
    }
    if (walk->lowering->is_analog)
        return apply_analog(walk, qubit, angle);
    if (!qhm_angle_is_constant(angle))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "a rotation has parameters, and Clifford+T gates depend on its angle: bind "
                        "the circuit first, or take analog rotations");
    return apply_synthesised(walk, qubit, angle->offset);
}

// RZ between gates that turn its axis.
static qhm_status apply_rotation(tetron_walk *walk, const qhm_instruction *instruction)
{
    const uint32_t qubit = instruction->qubits[0];
    if (instruction->gate == QHM_GATE_RY)
        apply_clifford(walk, qubit, QHM_GATE_SDG);
    if (instruction->gate != QHM_GATE_RZ)
        apply_clifford(walk, qubit, QHM_GATE_H);
    QHM_TRY(apply_rz(walk, qubit, &instruction->angles[0]));
    if (instruction->gate != QHM_GATE_RZ)
        apply_clifford(walk, qubit, QHM_GATE_H);
    if (instruction->gate == QHM_GATE_RY)
        apply_clifford(walk, qubit, QHM_GATE_S);
    return QHM_OK;
}

static qhm_status apply_cx(tetron_walk *walk, uint32_t control, uint32_t target)
{
    QHM_TRY(settle(walk, control, QHM_CLIFFORD_REST_Z));
    QHM_TRY(settle(walk, target, QHM_CLIFFORD_REST_X));
    QHM_TRY(qhm_tetron_write_gadget(walk->writer, QHM_TETRON_CX, walk->tetrons[control],
                                    walk->tetrons[target], QHM_TETRON_NONE));
    const bool has_x = walk->waiting[control].z.is_negative;
    const bool has_z = walk->waiting[target].x.is_negative;
    if (has_x)
        apply_clifford(walk, target, QHM_GATE_X);
    if (has_z)
        apply_clifford(walk, control, QHM_GATE_Z);
    return QHM_OK;
}

static qhm_status move(tetron_walk *walk, qhm_tetron_gadget_id id, uint32_t from, uint32_t to)
{
    return qhm_tetron_write_gadget(walk->writer, id, from, QHM_TETRON_NONE, to);
}

// Along the sides of the square, both at once; sites without data take no part.
static qhm_status apply_swap(tetron_walk *walk, uint32_t a, uint32_t b)
{
    const uint32_t u = walk->tetrons[a], v = walk->tetrons[b];
    const uint32_t from_u = qhm_tetron_corner(walk->writer->geometry, v, u);
    const uint32_t from_v = qhm_tetron_corner(walk->writer->geometry, u, v);
    if (walk->is_data[a])
        QHM_TRY(move(walk, QHM_TETRON_MOVE_XX, u, from_u));
    if (walk->is_data[b])
        QHM_TRY(move(walk, QHM_TETRON_MOVE_XX, v, from_v));
    if (walk->is_data[a])
        QHM_TRY(move(walk, QHM_TETRON_MOVE_ZZ, from_u, v));
    if (walk->is_data[b])
        QHM_TRY(move(walk, QHM_TETRON_MOVE_ZZ, from_v, u));
    const qhm_clifford waiting = walk->waiting[a];
    walk->waiting[a] = walk->waiting[b];
    walk->waiting[b] = waiting;
    const uint32_t known = walk->known_bits[a];
    walk->known_bits[a] = walk->known_bits[b];
    walk->known_bits[b] = known;
    const bool is_data = walk->is_data[a];
    walk->is_data[a] = walk->is_data[b];
    walk->is_data[b] = is_data;
    return QHM_OK;
}

static qhm_status apply_measure(tetron_walk *walk, const qhm_instruction *instruction)
{
    const uint32_t qubit = instruction->qubits[0];
    qhm_signed_pauli asked = qhm_clifford_map_back(walk->waiting[qubit], QHM_PAULI_Z);
    if (asked.is_negative) { // turn the sign by a Pauli gate that anticommutes
        const bool by_z = asked.pauli == QHM_PAULI_X;
        qhm_clifford turn;
        (void)qhm_clifford_of_gate(by_z ? QHM_GATE_Z : QHM_GATE_X, &turn);
        QHM_TRY(qhm_tetron_write_pauli(walk->writer, walk->tetrons[qubit],
                                       by_z ? QHM_PAULI_Z : QHM_PAULI_X));
        walk->waiting[qubit] = qhm_clifford_multiply(walk->waiting[qubit], turn);
    }
    return qhm_tetron_write_measure(walk->writer, walk->tetrons[qubit], asked.pauli,
                                    instruction->bit, instruction->flips);
}

static qhm_status apply_two_qubit_gate(tetron_walk *walk, const qhm_instruction *instruction)
{
    const uint32_t *qubits = instruction->qubits;
    if (instruction->gate == QHM_GATE_CX)
        return apply_cx(walk, qubits[0], qubits[1]);
    if (instruction->condition.relation == QHM_RELATION_NONE)
        return apply_swap(walk, qubits[0], qubits[1]);
    QHM_TRY(apply_cx(walk, qubits[0], qubits[1]));
    QHM_TRY(apply_cx(walk, qubits[1], qubits[0]));
    return apply_cx(walk, qubits[0], qubits[1]);
}

static qhm_status apply_gate(tetron_walk *walk, const qhm_instruction *instruction)
{
    const uint32_t *qubits = instruction->qubits;
    size_t repeats = walk->lowering->repeats;
    switch ((int)instruction->gate) {
    case QHM_GATE_T:
        return apply_t(walk, qubits[0]);
    case QHM_GATE_TDG:
        QHM_TRY(apply_t(walk, qubits[0]));
        apply_clifford(walk, qubits[0], QHM_GATE_SDG);
        return QHM_OK;
    case QHM_GATE_RX:
    case QHM_GATE_RY:
    case QHM_GATE_RZ:
        return apply_rotation(walk, instruction);
    case QHM_GATE_CX:
    case QHM_GATE_SWAP:
        do
            QHM_TRY(apply_two_qubit_gate(walk, instruction));
        while (repeats > 1 && --repeats > 0);
        return QHM_OK;
    case QHM_GATE_MEASURE:
        return apply_measure(walk, instruction);
    case QHM_GATE_RESET:
        walk->waiting[qubits[0]] = qhm_clifford_identity();
        return qhm_tetron_write_prepare(walk->writer, walk->tetrons[qubits[0]], QHM_TETRON_NONE);
    default:
        apply_clifford(walk, qubits[0], instruction->gate);
        return QHM_OK;
    }
}

static qhm_status settle_qubits(tetron_walk *walk, const uint32_t *qubits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        QHM_TRY(settle_all(walk, qubits ? qubits[i] : (uint32_t)i));
    return QHM_OK;
}

static qhm_status pass_on(tetron_walk *walk, const qhm_instruction *instruction)
{
    uint32_t *tetrons;
    QHM_TRY(qhm_allocate(instruction->qubit_count, sizeof *tetrons, &tetrons));
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        tetrons[i] = walk->tetrons[instruction->qubits[i]];
    const qhm_status status = qhm_tetron_write_other(walk->writer, instruction, tetrons);
    qhm_release(tetrons);
    return status;
}

// Forgets which qubits are in the state of a bit once either changes.
static void forget(tetron_walk *walk, const qhm_instruction *instruction)
{
    const bool is_loop = instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END;
    const bool keeps = instruction->gate == QHM_GATE_SWAP ||
                       instruction->gate == QHM_GATE_BARRIER || instruction->gate == QHM_GATE_DELAY;
    for (uint32_t i = 0; !keeps && i < instruction->qubit_count; i++)
        walk->known_bits[instruction->qubits[i]] = QHM_TETRON_NONE;
    for (size_t q = 0; q < walk->lowering->circuit->qubit_count; q++)
        if (is_loop ||
            (qhm_gate_writes_bit(instruction->gate) && walk->known_bits[q] == instruction->bit))
            walk->known_bits[q] = QHM_TETRON_NONE;
}

static qhm_status step(tetron_walk *walk, const qhm_instruction *instruction)
{
    const bool is_conditional = instruction->condition.relation != QHM_RELATION_NONE;
    forget(walk, instruction);
    switch ((int)instruction->gate) {
    case QHM_GATE_WHILE:
    case QHM_GATE_END:
        QHM_TRY(settle_qubits(walk, NULL, walk->lowering->circuit->qubit_count));
        return pass_on(walk, instruction);
    case QHM_GATE_BARRIER:
        QHM_TRY(settle_qubits(walk, instruction->qubits, instruction->qubit_count));
        return pass_on(walk, instruction);
    case QHM_GATE_SET:
    case QHM_GATE_DELAY:
        return pass_on(walk, instruction);
    default:
        break;
    }
    if (!is_conditional) {
        QHM_TRY(apply_gate(walk, instruction));
        if (instruction->gate == QHM_GATE_MEASURE)
            walk->known_bits[instruction->qubits[0]] = instruction->bit;
        return QHM_OK;
    }
    // Nothing may wait across a condition: both ways through it must end in the same place.
    QHM_TRY(settle_qubits(walk, instruction->qubits, instruction->qubit_count));
    walk->writer->condition = instruction->condition;
    qhm_status status = apply_gate(walk, instruction);
    if (status == QHM_OK)
        status = settle_qubits(walk, instruction->qubits, instruction->qubit_count);
    walk->writer->condition = (qhm_condition){0};
    return status;
}

// What waits at the end. A qubit that was just measured is prepared anew in the state that it was
// found in, which takes one measurement.
static qhm_status finish(tetron_walk *walk)
{
    for (uint32_t q = 0; q < walk->lowering->circuit->qubit_count; q++) {
        const qhm_signed_pauli z = walk->waiting[q].z;
        if (walk->known_bits[q] == QHM_TETRON_NONE) {
            QHM_TRY(settle_all(walk, q));
        } else if (z.pauli != QHM_PAULI_Z) {
            QHM_TRY(qhm_tetron_write_prepare(walk->writer, walk->tetrons[q], walk->known_bits[q]));
        } else if (z.is_negative) { // the rest is a phase
            QHM_TRY(qhm_tetron_write_pauli(walk->writer, walk->tetrons[q], QHM_PAULI_X));
        }
    }
    return QHM_OK;
}

static qhm_status walk_through(tetron_walk *walk)
{
    const qhm_circuit *circuit = walk->lowering->circuit;
    QHM_TRY(qhm_copy_bytes(walk->lowering->sites, circuit->qubit_count, sizeof *walk->tetrons,
                           &walk->tetrons));
    QHM_TRY(qhm_copy_bytes(walk->lowering->is_data, circuit->qubit_count, sizeof *walk->is_data,
                           &walk->is_data));
    QHM_TRY(qhm_allocate(circuit->qubit_count, sizeof *walk->waiting, &walk->waiting));
    QHM_TRY(qhm_allocate(circuit->qubit_count, sizeof *walk->known_bits, &walk->known_bits));
    for (size_t q = 0; q < circuit->qubit_count; q++) {
        walk->waiting[q] = qhm_clifford_identity();
        walk->known_bits[q] = QHM_TETRON_NONE;
    }
    walk->lowering->rotation_error = 0;
    for (size_t i = 0; i < circuit->instruction_count; i++)
        QHM_TRY(step(walk, &circuit->instructions[i]));
    return finish(walk);
}

qhm_status qhm_tetron_lower(qhm_tetron_lowering *lowering, qhm_tetron_writer *writer)
{
    tetron_walk walk = {.lowering = lowering, .writer = writer};
    const qhm_status status = walk_through(&walk);
    for (size_t i = 0; i < walk.rotation_count; i++)
        qhm_circuit_destroy(walk.rotations[i].circuit);
    qhm_release(walk.rotations);
    qhm_release(walk.tetrons);
    qhm_release(walk.is_data);
    qhm_release(walk.waiting);
    qhm_release(walk.known_bits);
    return status;
}
