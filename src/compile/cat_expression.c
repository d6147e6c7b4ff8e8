// Roles, pieces and places of gates on cats.
#include "compile/cat_expression.h"

#include "base/memory.h"
#include "compile/chip_operations.h"

#include <math.h>
#include <string.h>

bool qhm_is_cat(const qhm_device *device, uint32_t qubit)
{
    const char *kind = qhm_device_qubit_at(device, qubit)->kind;
    return kind && strcmp(kind, "cat") == 0;
}

// What was last done to a qubit.
typedef struct qubit_past {
    bool is_zero;   // nothing yet, or a reset
    size_t h, read; // 1 + the instruction, if it was the last
} qubit_past;

static void find_role(const qhm_instruction *instruction, size_t index, qubit_past *past,
                      uint8_t *roles)
{
    const bool is_plain =
        instruction->condition.relation == QHM_RELATION_NONE && instruction->qubit_count == 1;
    qubit_past next = {false, 0, 0};
    if (is_plain && instruction->gate == QHM_GATE_H && past->read) {
        roles[past->read - 1] = QHM_CAT_READS_X;
        roles[index] = QHM_CAT_TURNS_BACK;
    } else if (is_plain && instruction->gate == QHM_GATE_H) {
        roles[index] = past->is_zero ? QHM_CAT_PREPARES : QHM_CAT_PLAIN;
        next.h = index + 1;
    } else if (is_plain && instruction->gate == QHM_GATE_MEASURE && past->h) {
        roles[past->h - 1] = QHM_CAT_TURNS;
        roles[index] = QHM_CAT_READS;
        next.read = index + 1;
    } else if (is_plain && instruction->gate == QHM_GATE_RESET) {
        if (past->read)
            roles[past->read - 1] = QHM_CAT_READS_X;
        next.is_zero = true;
    }
    *past = next;
}

qhm_status qhm_cat_find_roles(const qhm_circuit *circuit, uint8_t *roles)
{
    qubit_past *past;
    QHM_TRY(qhm_allocate(circuit->qubit_count, sizeof *past, &past));
    memset(roles, QHM_CAT_PLAIN, circuit->instruction_count);
    for (size_t q = 0; q < circuit->qubit_count; q++)
        past[q].is_zero = true;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END)
            memset(past, 0, circuit->qubit_count * sizeof *past);
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            find_role(instruction, i, &past[instruction->qubits[q]], roles);
    }
    qhm_release(past);
    return QHM_OK;
}

static qhm_cat_piece rotation(qhm_gate gate, double radians)
{
    return (qhm_cat_piece){.gate = gate, .angle = qhm_angle_constant(radians)};
}

// Angle of a gate that is a rotation about Z, or 0.
static double angle_about_z(qhm_gate gate)
{
    switch ((int)gate) {
    case QHM_GATE_S:
        return M_PI / 2;
    case QHM_GATE_SDG:
        return -M_PI / 2;
    case QHM_GATE_T:
        return M_PI / 4;
    case QHM_GATE_TDG:
        return -M_PI / 4;
    default:
        return 0;
    }
}

static unsigned express_on_cat(const qhm_instruction *instruction, qhm_cat_role role,
                               qhm_cat_piece *pieces)
{
    const qhm_gate gate = instruction->gate;
    pieces[0] = (qhm_cat_piece){.gate = gate};
    if (role == QHM_CAT_TURNS || role == QHM_CAT_TURNS_BACK)
        return 0;
    if (role == QHM_CAT_PREPARES) {
        pieces[0] = rotation(QHM_GATE_RY, M_PI / 2); // how the preparation of |+> stands
    } else if (role == QHM_CAT_READS || role == QHM_CAT_READS_X) {
        pieces[0] = (qhm_cat_piece){.gate = QHM_GATE_MEASURE_PAULI, .pauli = QHM_PAULI_X};
        pieces[1] = (qhm_cat_piece){.gate = QHM_GATE_RESET};
        pieces[2] = (qhm_cat_piece){.gate = QHM_GATE_X}; // where the outcome is 1
        return role == QHM_CAT_READS ? 3 : 1;
    } else if (angle_about_z(gate) != 0) {
        pieces[0] = rotation(QHM_GATE_RZ, angle_about_z(gate));
    } else if (gate == QHM_GATE_SX || gate == QHM_GATE_SXDG) {
        pieces[0] = rotation(QHM_GATE_RX, gate == QHM_GATE_SX ? M_PI / 2 : -M_PI / 2);
    } else if (gate == QHM_GATE_RY) {
        pieces[0] = rotation(QHM_GATE_RZ, -M_PI / 2);
        pieces[1] = (qhm_cat_piece){.gate = QHM_GATE_RX, .angle = instruction->angles[0]};
        pieces[2] = rotation(QHM_GATE_RZ, M_PI / 2);
        return 3;
    } else if (gate == QHM_GATE_RX || gate == QHM_GATE_RZ) {
        pieces[0].angle = instruction->angles[0];
    }
    return 1;
}

static unsigned express_on_transmon(const qhm_instruction *instruction, qhm_cat_piece *pieces)
{
    pieces[0] = (qhm_cat_piece){.gate = instruction->gate};
    if (instruction->gate == QHM_GATE_RESET)
        pieces[0] =
            (qhm_cat_piece){.gate = QHM_GATE_MEASURE, .is_scratch = true, .if_one = QHM_GATE_X};
    else if (qhm_instruction_angle_count(instruction) > 0)
        pieces[0].angle = instruction->angles[0];
    return 1;
}

unsigned qhm_cat_express(const qhm_device *device, const qhm_instruction *instruction,
                         qhm_cat_role role, const uint32_t *places,
                         qhm_cat_piece pieces[QHM_CAT_MAX_PIECES])
{
    if (instruction->qubit_count == 1)
        return qhm_is_cat(device, places[0]) ? express_on_cat(instruction, role, pieces)
                                             : express_on_transmon(instruction, pieces);
    const bool is_swap = instruction->gate == QHM_GATE_SWAP;
    for (unsigned i = 0; i < 3; i++)
        pieces[i] = (qhm_cat_piece){.gate = is_swap ? QHM_GATE_CX : instruction->gate,
                                    .qubits = {i % 2, 1 - i % 2}};
    return is_swap ? 3 : 1;
}

static bool is_native_piece(const qhm_device *device, const qhm_cat_piece *piece,
                            const uint32_t *places, uint32_t count, bool allow_assumed)
{
    const uint32_t qubits[2] = {places[piece->qubits[0]],
                                count == 2 ? places[piece->qubits[1]] : 0};
    const qhm_instruction native = {
        .gate = piece->gate, .qubit_count = count, .qubits = qubits, .paulis = &piece->pauli};
    const qhm_device_operation *operation = qhm_chip_operation_at(device, &native, qubits);
    return operation && (allow_assumed || !operation->is_assumed);
}

bool qhm_cat_is_native(const qhm_device *device, const qhm_instruction *instruction,
                       qhm_cat_role role, const uint32_t *places, bool allow_assumed)
{
    qhm_cat_piece pieces[QHM_CAT_MAX_PIECES];
    if (qhm_gate_is_classical(instruction->gate) || instruction->gate == QHM_GATE_BARRIER ||
        instruction->gate == QHM_GATE_DELAY)
        return true;
    const unsigned count = qhm_cat_express(device, instruction, role, places, pieces);
    for (unsigned i = 0; i < count; i++) {
        const qhm_cat_piece gate = {.gate = pieces[i].if_one};
        if (!is_native_piece(device, &pieces[i], places, instruction->qubit_count, allow_assumed) ||
            (pieces[i].is_scratch && !is_native_piece(device, &gate, places, 1, allow_assumed)))
            return false;
    }
    return true;
}

// A depth-first search for places, qubit by qubit.
typedef struct place_search {
    const qhm_device *device;
    const qhm_circuit *circuit;
    const uint8_t *roles;
    size_t count, steps;
    uint32_t *places;
    bool *is_taken; // [the device's qubits]
} place_search;

// Whether all instructions on qubits up to `last`, `last` among them, are native.
static bool fits(const place_search *search, uint32_t last)
{
    for (size_t i = 0; i < search->count; i++) {
        const qhm_instruction *instruction = &search->circuit->instructions[i];
        uint32_t places[2] = {0, 0};
        bool concerns = false, is_placed = instruction->qubit_count <= 2;
        for (uint32_t q = 0; q < instruction->qubit_count && is_placed; q++) {
            concerns = concerns || instruction->qubits[q] == last;
            is_placed = instruction->qubits[q] <= last;
            places[q] = search->places[instruction->qubits[q]];
        }
        if (concerns && is_placed &&
            !qhm_cat_is_native(search->device, instruction, (qhm_cat_role)search->roles[i], places,
                               false))
            return false;
    }
    return true;
}

static bool search_places(place_search *search, uint32_t qubit)
{
    enum { MOST_STEPS = 20000 };
    if (qubit == search->circuit->qubit_count)
        return true;
    for (uint32_t p = 0; p < qhm_device_qubit_count(search->device); p++) {
        if (search->is_taken[p] || !qhm_device_qubit_at(search->device, p)->is_working ||
            search->steps++ > MOST_STEPS)
            continue;
        search->places[qubit] = p;
        search->is_taken[p] = true;
        if (fits(search, qubit) && search_places(search, qubit + 1))
            return true;
        search->is_taken[p] = false;
    }
    return false;
}

qhm_status qhm_cat_find_places(const qhm_device *device, const qhm_circuit *circuit,
                               const uint8_t *roles, size_t count, uint32_t *places, bool *is_found)
{
    place_search search = {
        .device = device, .circuit = circuit, .roles = roles, .count = count, .places = places};
    QHM_TRY(
        qhm_allocate(qhm_device_qubit_count(device), sizeof *search.is_taken, &search.is_taken));
    *is_found = search_places(&search, 0);
    qhm_release(search.is_taken);
    return QHM_OK;
}
