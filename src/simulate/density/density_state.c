// A density matrix that runs a circuit instruction by instruction.
#include "simulate/density/density_state.h"
#include "base/memory.h"
#include "circuit/circuit_internal.h"

#include <math.h>
#include <string.h>

enum { REGISTER_BYTES = 64, LEAST_OP_QUBITS = 2 };

// Only a gate or channel by itself, on the circuit's qubits and angles.
static qhm_status create_part(const qhm_density_parts *program, const qhm_instruction *instruction,
                              qhm_density_part *part)
{
    qhm_circuit *alone;
    qhm_instruction copy = *instruction;
    copy.condition = (qhm_condition){0};
    QHM_TRY(qhm_circuit_create(program->qubit_count, 0, &alone));
    qhm_status status = qhm_circuit_append_instruction(alone, &copy);
    if (status == QHM_OK)
        status = qhm_density_program_create(alone, NULL, &part->program);
    qhm_circuit_destroy(alone);
    QHM_TRY(status);
    const size_t real = program->kernels->real_bytes;
    size_t count = 0;
    QHM_TRY(qhm_allocate(part->program.op_count, sizeof *part->offsets, &part->offsets));
    for (size_t i = 0; i < part->program.op_count; i++) {
        const qhm_density_op *op = &part->program.ops[i];
        part->offsets[i] = count * real;
        count += op->starts ? op->starts[(size_t)1 << 2 * op->qubit_count] : 0;
    }
    QHM_TRY(qhm_allocate(count, real, &part->reals));
    for (size_t i = 0; i < part->program.op_count; i++) {
        const qhm_density_op *op = &part->program.ops[i];
        if (op->starts)
            program->kernels->from_double(op->starts[(size_t)1 << 2 * op->qubit_count], op->values,
                                          part->reals + part->offsets[i]);
    }
    return QHM_OK;
}

void qhm_density_parts_destroy(qhm_density_parts *program)
{
    if (!program)
        return;
    for (size_t i = 0; program->parts && i < program->part_count; i++) {
        qhm_density_program_release(&program->parts[i].program);
        qhm_release(program->parts[i].reals);
        qhm_release(program->parts[i].offsets);
    }
    qhm_release(program->parts);
    qhm_release(program);
}

static unsigned largest_op(const qhm_density_parts *program)
{
    unsigned most = LEAST_OP_QUBITS;
    for (size_t i = 0; i < program->part_count; i++)
        for (size_t k = 0; k < program->parts[i].program.op_count; k++)
            if (program->parts[i].program.ops[k].qubit_count > most)
                most = program->parts[i].program.ops[k].qubit_count;
    return most;
}

static qhm_status fill_parts(const qhm_circuit *circuit, qhm_density_parts *program)
{
    QHM_TRY(qhm_allocate(qhm_circuit_instruction_count(circuit), sizeof *program->parts,
                         &program->parts));
    program->part_count = qhm_circuit_instruction_count(circuit);
    for (size_t i = 0; i < program->part_count; i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (qhm_gate_information(instruction->gate)->is_unitary ||
            instruction->gate == QHM_GATE_CHANNEL)
            QHM_TRY(create_part(program, instruction, &program->parts[i]));
    }
    program->lanes = program->kernels->lanes > 4 ? 16 : 4;
    program->lane_digits = program->lanes == 16 ? 2 : 1;
    program->digits = program->lane_digits + largest_op(program);
    if (program->digits < program->qubit_count)
        program->digits = program->qubit_count;
    program->elements = (size_t)1 << 2 * program->digits;
    return QHM_OK;
}

qhm_status qhm_density_parts_create(const qhm_circuit *circuit, const qhm_density_kernels *kernels,
                                    qhm_density_parts **parts)
{
    qhm_density_parts *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->kernels = kernels;
    made->qubit_count = qhm_circuit_qubit_count(circuit);
    const qhm_status status = fill_parts(circuit, made);
    if (status != QHM_OK) {
        qhm_density_parts_destroy(made);
        return status;
    }
    *parts = made;
    return QHM_OK;
}

size_t qhm_density_parts_bytes(const qhm_density_parts *parts)
{
    size_t bytes = sizeof *parts + parts->part_count * sizeof *parts->parts;
    for (size_t i = 0; i < parts->part_count; i++)
        bytes += qhm_density_program_bytes(&parts->parts[i].program);
    return bytes;
}

void qhm_density_state_destroy(qhm_density_state *state)
{
    if (!state)
        return;
    qhm_release(state->memory);
    qhm_release(state->sums);
    qhm_release(state);
}

qhm_status qhm_density_state_create(const qhm_density_parts *program, qhm_density_state **state)
{
    qhm_density_state *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->program = program;
    qhm_status status =
        qhm_allocate(program->elements, program->kernels->real_bytes, &made->memory);
    if (status == QHM_OK)
        status = qhm_allocate((size_t)1 << program->qubit_count, sizeof *made->sums, &made->sums);
    if (status != QHM_OK) {
        qhm_density_state_destroy(made);
        return status;
    }
    qhm_density_state_reset(made);
    *state = made;
    return QHM_OK;
}

static void store_real(const qhm_density_state *s, size_t element, double value)
{
    const qhm_density_kernels *kernels = s->program->kernels;
    kernels->from_double(1, &value, s->memory + element * kernels->real_bytes);
}

static double load_real(const qhm_density_state *s, size_t element)
{
    const void *memory = s->memory;
    return s->program->kernels->real_bytes == sizeof(float)
               ? (double)((const float *)memory)[element]
               : ((const double *)memory)[element];
}

void qhm_density_state_reset(qhm_density_state *s)
{
    memset(s->memory, 0, s->program->elements * s->program->kernels->real_bytes);
    for (uint8_t d = 0; d < s->program->digits; d++)
        s->positions[d] = d;
    for (size_t i = 0; i < (size_t)1 << s->program->digits; i++) {
        size_t element = 0;
        for (size_t d = 0; d < s->program->digits; d++)
            element |= (i >> d & 1 ? (size_t)QHM_PAULI_Z : 0) << 2 * d;
        store_real(s, element, 1);
    }
}

void qhm_density_state_copy(qhm_density_state *to, const qhm_density_state *from)
{
    memcpy(to->memory, from->memory, from->program->elements * from->program->kernels->real_bytes);
    memcpy(to->positions, from->positions, sizeof from->positions);
}

// The element of `other` that is element `index` of `s`: their lines may lie otherwise.
static size_t element_of(const qhm_density_state *s, const qhm_density_state *other, size_t index)
{
    size_t element = 0;
    for (size_t d = 0; d < s->program->digits; d++)
        element |= (index >> 2 * s->positions[d] & 3) << 2 * other->positions[d];
    return element;
}

void qhm_density_state_mix(qhm_density_state *s, const qhm_density_state *other, double share)
{
    const bool is_alike = memcmp(s->positions, other->positions, s->program->digits) == 0;
    const double own = (1 - share) / load_real(s, 0), others = share / load_real(other, 0);
    for (size_t i = 0; i < s->program->elements; i++) {
        const size_t element = is_alike ? i : element_of(s, other, i);
        store_real(s, i, own * load_real(s, i) + others * load_real(other, element));
    }
}

size_t qhm_density_state_bytes(const qhm_density_parts *parts)
{
    return sizeof(qhm_density_state) + parts->elements * parts->kernels->real_bytes +
           (sizeof(double) << parts->qubit_count);
}

// Exchanges a line in the lanes with one that is in none of `lines`.
static void bring_out_of_lanes(qhm_density_state *s, uint32_t line, unsigned count,
                               const uint32_t *lines)
{
    const qhm_density_parts *program = s->program;
    uint32_t partner = 0;
    bool is_free = false;
    for (uint32_t other = (uint32_t)program->digits; other-- > 0 && !is_free;) {
        is_free = s->positions[other] >= program->lane_digits;
        for (unsigned q = 0; q < count; q++)
            is_free = is_free && lines[q] != other;
        if (is_free)
            partner = other;
    }
    const qhm_density_visit visit = {
        .from = s->memory,
        .to = s->memory,
        .row_count = program->elements / program->lanes,
        .lanes = program->lanes,
        .places = {(unsigned)(s->positions[partner] - program->lane_digits)},
        .lane_digit = s->positions[line]};
    program->kernels->exchange(&visit);
    const uint8_t position = s->positions[line];
    s->positions[line] = s->positions[partner];
    s->positions[partner] = position;
}

static qhm_density_visit visit_of(qhm_density_state *s, unsigned count, const uint32_t *lines)
{
    const qhm_density_parts *program = s->program;
    for (unsigned q = 0; q < count; q++)
        if (s->positions[lines[q]] < program->lane_digits)
            bring_out_of_lanes(s, lines[q], count, lines);
    qhm_density_visit visit = {.from = s->memory,
                               .to = s->memory,
                               .row_count = program->elements / program->lanes,
                               .lanes = program->lanes,
                               .qubit_count = count,
                               .is_shared = {true, true}};
    for (unsigned q = 0; q < count; q++)
        visit.places[q] = s->positions[lines[q]] - (unsigned)program->lane_digits;
    return visit;
}

// A turn's matrix, one register for each entry.
static void fill_turn(const qhm_density_parts *program, const qhm_density_program *part,
                      size_t turn, const double *angles, char *out)
{
    const qhm_density_kernels *kernels = program->kernels;
    const qhm_density_turn *t = &part->turns[turn];
    double matrix[QHM_TURN_ENTRIES] = {0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
    for (size_t f = t->first; f < t->first + t->count; f++) {
        const qhm_density_factor *factor = &part->factors[f];
        if (factor->axis == 0) {
            kernels->multiply(1, factor->constant, matrix);
            continue;
        }
        const double value = factor->angle == QHM_DENSITY_NO_ANGLE ? 0 : angles[factor->angle];
        const double argument = factor->scale * value + factor->offset;
        const double cosine = cos(argument), sine = sin(argument);
        kernels->rotate(1, factor->axis, &cosine, &sine, matrix);
    }
    for (size_t e = 0; e < QHM_TURN_ENTRIES; e++)
        for (size_t l = 0; l < kernels->lanes; l++)
            kernels->from_double(1, &matrix[e],
                                 out + (e * kernels->lanes + l) * kernels->real_bytes);
}

static void apply_op(qhm_density_state *s, const qhm_density_part *part, size_t index,
                     const double *angles)
{
    const qhm_density_kernels *kernels = s->program->kernels;
    const qhm_density_op *op = &part->program.ops[index];
    _Alignas(REGISTER_BYTES) char turns[2][QHM_TURN_ENTRIES * REGISTER_BYTES];
    _Alignas(REGISTER_BYTES) char factors[16 * sizeof(double)];
    qhm_density_visit visit = visit_of(s, op->qubit_count, op->lines);
    for (int t = 0; t < 2; t++)
        if (op->turns[t] != QHM_DENSITY_NONE) {
            fill_turn(s->program, &part->program, op->turns[t], angles, turns[t]);
            visit.turns[t] = turns[t];
        }
    if (op->has_map) {
        kernels->from_double(16, op->factors, factors);
        visit.targets = op->targets;
        visit.factors = factors;
    }
    const qhm_sparse_map map = {
        .starts = op->starts, .columns = op->columns, .values = part->reals + part->offsets[index]};
    visit.map = &map;
    switch (op->kind) {
    case QHM_DENSITY_PAIR:
        kernels->pair(&visit);
        break;
    case QHM_DENSITY_TURN:
        kernels->turn(&visit);
        break;
    case QHM_DENSITY_SPARSE:
        kernels->sparse(&visit);
        break;
    }
}

// Any map of one qubit, its 4 x 4 matrix times a factor.
static void apply_matrix(qhm_density_state *s, uint32_t qubit, const double *matrix)
{
    static const uint32_t starts[5] = {0, 4, 8, 12, 16};
    static const uint8_t columns[16] = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
    const qhm_density_kernels *kernels = s->program->kernels;
    _Alignas(REGISTER_BYTES) char values[16 * sizeof(double)];
    kernels->from_double(16, matrix, values);
    const qhm_sparse_map map = {starts, columns, values};
    qhm_density_visit visit = visit_of(s, 1, &qubit);
    visit.map = &map;
    kernels->sparse(&visit);
}

void qhm_density_state_apply(qhm_density_state *s, size_t index, const double *angles)
{
    const qhm_density_part *part = &s->program->parts[index];
    uint8_t positions[QHM_DENSITY_MAX_QUBITS];
    for (size_t i = 0; i < part->program.op_count; i++)
        apply_op(s, part, i, angles);
    memcpy(positions, s->positions, sizeof positions);
    for (size_t q = 0; q < part->program.qubit_count; q++)
        s->positions[q] = positions[part->program.lines[q]];
}

double qhm_density_state_one_probability(const qhm_density_state *s, uint32_t qubit,
                                         const double *flips)
{
    const double z = load_real(s, (size_t)QHM_PAULI_Z << 2 * s->positions[qubit]) / load_real(s, 0);
    const double truth = fmin(1, fmax(0, (1 - z) / 2));
    return truth * (1 - flips[1]) + (1 - truth) * flips[0];
}

void qhm_density_state_collapse(qhm_density_state *s, uint32_t qubit, const double *flips,
                                bool outcome)
{
    const double zero = outcome ? flips[0] : 1 - flips[0], one = outcome ? 1 - flips[1] : flips[1];
    const double probability = qhm_density_state_one_probability(s, qubit, flips);
    const double scale = 1 / ((outcome ? probability : 1 - probability) * load_real(s, 0));
    const double same = (zero + one) / 2 * scale, other = (zero - one) / 2 * scale;
    const double matrix[16] = {same, 0, 0, other, 0, 0, 0, 0, 0, 0, 0, 0, other, 0, 0, same};
    apply_matrix(s, qubit, matrix);
}

void qhm_density_state_discard(qhm_density_state *s, uint32_t qubit)
{
    static const double matrix[16] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0};
    apply_matrix(s, qubit, matrix);
}

double qhm_density_state_expectation(const qhm_density_state *s, const qhm_pauli_factor *factors,
                                     size_t count)
{
    size_t element = 0;
    for (size_t f = 0; f < count; f++)
        element |= (size_t)factors[f].pauli << 2 * s->positions[factors[f].qubit];
    return load_real(s, element) / load_real(s, 0);
}

void qhm_density_state_probabilities(const qhm_density_state *s, const uint8_t *letters,
                                     double *out)
{
    const qhm_density_view view = {s->memory, s->program->kernels->real_bytes, 1, 0};
    qhm_density_probabilities(&view, s->program->qubit_count, s->positions, letters, out);
}
