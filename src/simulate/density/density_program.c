// Lowers circuits to turns and maps, and fuses them.
//
// What happens to one qubit alone waits until the qubit meets another one: then it is one turn,
// applied in the visit of the map that joins them. A map right after one of the same two qubits,
// such as the noise of a gate, is multiplied into it.
#include "simulate/density/density_program.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "simulate/density/transfer.h"

#include <string.h>

enum { PAIR_ENTRIES = 256 };

// Factors that wait on a qubit.
typedef struct waiting_turn {
    qhm_density_factor *factors;
    size_t count, capacity;
} waiting_turn;

typedef struct builder {
    qhm_density_program *program;
    waiting_turn *waiting; // [lines]
    size_t *last_ops;      // [lines] the last op on it
    size_t *matrices;      // [ops] offset of a pair's matrix, or QHM_DENSITY_NONE
    size_t matrix_capacity;
    double *entries; // of matrices
    size_t entry_count, entry_capacity;
    double *transfer; // [4^k][4^k] scratch
} builder;

static qhm_status append_factor(builder *b, uint32_t line, const qhm_density_factor *factor)
{
    waiting_turn *turn = &b->waiting[line];
    qhm_density_factor *last = turn->count > 0 ? &turn->factors[turn->count - 1] : NULL;
    if (last && last->axis == 0 && factor->axis == 0) {
        const double *a = factor->constant;
        double product[QHM_TURN_ENTRIES];
        for (size_t r = 0; r < 3; r++)
            for (size_t c = 0; c < 4; c++) {
                double sum = c == 0 ? a[4 * r] : 0;
                for (size_t k = 1; k < 4; k++)
                    sum += a[4 * r + k] * last->constant[4 * (k - 1) + c];
                product[4 * r + c] = sum;
            }
        memcpy(last->constant, product, sizeof product);
        return QHM_OK;
    }
    QHM_TRY(qhm_reserve(turn->count + 1, &turn->capacity, sizeof *turn->factors, &turn->factors));
    turn->factors[turn->count++] = *factor;
    return QHM_OK;
}

// A constant turn from its 4 x 4 matrix.
static qhm_status append_constant(builder *b, uint32_t line, const double *matrix)
{
    qhm_density_factor factor = {.angle = QHM_DENSITY_NO_ANGLE};
    memcpy(factor.constant, matrix + 4, sizeof factor.constant);
    return append_factor(b, line, &factor);
}

// Makes what waits on a line a turn of the program.
static qhm_status take_turn(builder *b, uint32_t line, size_t *turn)
{
    qhm_density_program *p = b->program;
    waiting_turn *waiting = &b->waiting[line];
    *turn = QHM_DENSITY_NONE;
    if (waiting->count == 0)
        return QHM_OK;
    QHM_TRY(qhm_reserve(p->factor_count + waiting->count, &p->factor_capacity, sizeof *p->factors,
                        &p->factors));
    QHM_TRY(qhm_reserve(p->turn_count + 1, &p->turn_capacity, sizeof *p->turns, &p->turns));
    memcpy(p->factors + p->factor_count, waiting->factors,
           waiting->count * sizeof *waiting->factors);
    p->turns[p->turn_count] = (qhm_density_turn){.first = p->factor_count, .count = waiting->count};
    if (waiting->count > p->longest_turn)
        p->longest_turn = waiting->count;
    *turn = p->turn_count++;
    p->factor_count += waiting->count;
    waiting->count = 0;
    return QHM_OK;
}

static qhm_status append_op(builder *b, qhm_density_kind kind, unsigned qubit_count,
                            const uint32_t *lines, qhm_density_op **op)
{
    qhm_density_program *p = b->program;
    QHM_TRY(qhm_reserve(p->op_count + 1, &p->op_capacity, sizeof *p->ops, &p->ops));
    QHM_TRY(qhm_reserve(p->op_count + 1, &b->matrix_capacity, sizeof *b->matrices, &b->matrices));
    *op = &p->ops[p->op_count];
    **op = (qhm_density_op){
        .kind = kind, .qubit_count = qubit_count, .turns = {QHM_DENSITY_NONE, QHM_DENSITY_NONE}};
    for (unsigned q = 0; q < qubit_count; q++) {
        (*op)->lines[q] = lines[q];
        b->last_ops[lines[q]] = p->op_count;
    }
    b->matrices[p->op_count++] = QHM_DENSITY_NONE;
    return QHM_OK;
}

// What waits on a line, as an op of its own.
static qhm_status flush_line(builder *b, uint32_t line)
{
    qhm_density_op *op;
    size_t turn;
    if (b->waiting[line].count == 0)
        return QHM_OK;
    QHM_TRY(append_op(b, QHM_DENSITY_TURN, 1, &line, &op));
    QHM_TRY(take_turn(b, line, &turn));
    b->program->ops[b->program->op_count - 1].turns[0] = turn;
    return QHM_OK;
}

// What waits on these lines, two at a time.
static qhm_status flush_lines(builder *b, size_t count, const uint32_t *lines)
{
    uint32_t first = 0;
    bool has_first = false;
    for (size_t q = 0; q < count; q++) {
        const uint32_t line = lines ? lines[q] : (uint32_t)q;
        if (b->waiting[line].count == 0)
            continue;
        if (!has_first) {
            first = line;
            has_first = true;
            continue;
        }
        qhm_density_op *op;
        size_t turns[2];
        QHM_TRY(append_op(b, QHM_DENSITY_PAIR, 2, (uint32_t[]){first, line}, &op));
        QHM_TRY(take_turn(b, first, &turns[0]));
        QHM_TRY(take_turn(b, line, &turns[1]));
        memcpy(op->turns, turns, sizeof turns);
        has_first = false;
    }
    return has_first ? flush_line(b, first) : QHM_OK;
}

// matrix [16][16] = T * matrix
static void multiply_pair(const double *t, double *matrix)
{
    for (size_t c = 0; c < 16; c++) {
        double column[16];
        for (size_t r = 0; r < 16; r++) {
            column[r] = 0;
            for (size_t k = 0; k < 16; k++)
                column[r] += t[16 * r + k] * matrix[16 * k + c];
        }
        for (size_t r = 0; r < 16; r++)
            matrix[16 * r + c] = column[r];
    }
}

static qhm_status append_pair(builder *b, const uint32_t *lines, const double *transfer)
{
    const size_t last = b->last_ops[lines[0]];
    if (last != QHM_DENSITY_NONE && last == b->last_ops[lines[1]] &&
        b->matrices[last] != QHM_DENSITY_NONE && b->waiting[lines[0]].count == 0 &&
        b->waiting[lines[1]].count == 0) {
        double turned[PAIR_ENTRIES];
        if (b->program->ops[last].lines[0] != lines[0]) {
            qhm_transfer_swap(transfer, turned);
            transfer = turned;
        }
        multiply_pair(transfer, b->entries + b->matrices[last]);
        return QHM_OK;
    }
    qhm_density_op *op;
    size_t turns[2];
    QHM_TRY(qhm_reserve(b->entry_count + PAIR_ENTRIES, &b->entry_capacity, sizeof *b->entries,
                        &b->entries));
    QHM_TRY(append_op(b, QHM_DENSITY_PAIR, 2, lines, &op));
    QHM_TRY(take_turn(b, lines[0], &turns[0]));
    QHM_TRY(take_turn(b, lines[1], &turns[1]));
    memcpy(op->turns, turns, sizeof turns);
    memcpy(b->entries + b->entry_count, transfer, PAIR_ENTRIES * sizeof *transfer);
    b->matrices[b->program->op_count - 1] = b->entry_count;
    b->entry_count += PAIR_ENTRIES;
    return QHM_OK;
}

static qhm_status store_sparse(builder *b, qhm_density_op *op, const double *matrix,
                               bool is_transposed)
{
    const size_t all = (size_t)1 << 2 * op->qubit_count;
    size_t count = 0;
    for (size_t i = 0; i < all * all; i++)
        count += matrix[i] != 0;
    uint32_t *starts;
    uint8_t *columns = NULL;
    double *values = NULL;
    QHM_TRY(qhm_allocate(all + 1, sizeof *starts, &starts));
    *(is_transposed ? &op->back_starts : &op->starts) = starts;
    QHM_TRY(qhm_allocate(count, sizeof *columns, &columns));
    *(is_transposed ? &op->back_columns : &op->columns) = columns;
    QHM_TRY(qhm_allocate(count, sizeof *values, &values));
    *(is_transposed ? &op->back_values : &op->values) = values;
    uint32_t next = 0;
    for (size_t r = 0; r < all; r++) {
        starts[r] = next;
        for (size_t c = 0; c < all; c++) {
            const double value = matrix[is_transposed ? c * all + r : r * all + c];
            if (value == 0)
                continue;
            columns[next] = (uint8_t)c;
            values[next++] = value;
        }
    }
    starts[all] = next;
    b->program->bytes += (all + 1) * sizeof *starts + count * (sizeof *columns + sizeof *values);
    return QHM_OK;
}

static qhm_status append_sparse(builder *b, unsigned qubit_count, const uint32_t *lines,
                                const double *matrix)
{
    qhm_density_op *op;
    QHM_TRY(append_op(b, QHM_DENSITY_SPARSE, qubit_count, lines, &op));
    QHM_TRY(store_sparse(b, op, matrix, false));
    return store_sparse(b, op, matrix, true);
}

// A map on these qubits of the circuit.
static qhm_status append_map(builder *b, unsigned qubit_count, const uint32_t *qubits,
                             const double *transfer)
{
    uint32_t lines[QHM_DENSITY_MAP_QUBITS];
    for (unsigned q = 0; q < qubit_count; q++)
        lines[q] = b->program->lines[qubits[q]];
    if (qubit_count == 1)
        return append_constant(b, lines[0], transfer);
    if (qubit_count == 2)
        return append_pair(b, lines, transfer);
    QHM_TRY(flush_lines(b, qubit_count, lines));
    return append_sparse(b, qubit_count, lines, transfer);
}

static qhm_status append_rotation(builder *b, uint32_t qubit, unsigned axis, uint32_t angle,
                                  double scale, double offset)
{
    return append_factor(
        b, b->program->lines[qubit],
        &(qhm_density_factor){.axis = axis, .angle = angle, .scale = scale, .offset = offset});
}

// A gate on one qubit with angles, whose numbers, scales and offsets are given.
static qhm_status append_rotations(builder *b, qhm_gate gate, uint32_t qubit,
                                   const uint32_t *angles, const double *scales,
                                   const double *offsets)
{
    if (gate == QHM_GATE_U) { // U(a, b, c) = RZ(b) RY(a) RZ(c) up to a phase
        QHM_TRY(append_rotation(b, qubit, QHM_PAULI_Z, angles[2], scales[2], offsets[2]));
        QHM_TRY(append_rotation(b, qubit, QHM_PAULI_Y, angles[0], scales[0], offsets[0]));
        return append_rotation(b, qubit, QHM_PAULI_Z, angles[1], scales[1], offsets[1]);
    }
    const unsigned axis = gate == QHM_GATE_RX   ? QHM_PAULI_X
                          : gate == QHM_GATE_RY ? QHM_PAULI_Y
                                                : QHM_PAULI_Z; // RZ, and P up to a phase
    return append_rotation(b, qubit, axis, angles[0], scales[0], offsets[0]);
}

static bool is_one_qubit_rotation(const qhm_instruction *instruction)
{
    return instruction->qubit_count == 1 && qhm_instruction_angle_count(instruction) > 0;
}

// A gate without angles, or a channel.
static qhm_status append_gate(builder *b, const qhm_instruction *instruction)
{
    QHM_TRY(qhm_transfer_create(instruction, NULL, b->transfer));
    return append_map(b, instruction->qubit_count, instruction->qubits, b->transfer);
}

// A gate of the expansion of another, whose angles are slots of weights.
static qhm_status append_expanded(builder *b, const qhm_instruction *part, const uint32_t *qubits,
                                  uint32_t first_angle)
{
    uint32_t mapped[QHM_DENSITY_MAP_QUBITS], angles[QHM_GATE_MAX_ANGLES];
    double scales[QHM_GATE_MAX_ANGLES], offsets[QHM_GATE_MAX_ANGLES];
    for (uint32_t q = 0; q < part->qubit_count; q++)
        mapped[q] = qubits[part->qubits[q]];
    if (!is_one_qubit_rotation(part)) {
        qhm_instruction placed = *part;
        placed.qubits = mapped;
        return append_gate(b, &placed);
    }
    for (size_t a = 0; a < qhm_instruction_angle_count(part); a++) {
        const qhm_angle *angle = &part->angles[a];
        const bool has_slot = angle->factors[0].slot != QHM_SLOT_NONE;
        angles[a] = has_slot ? first_angle + angle->factors[0].index : QHM_DENSITY_NO_ANGLE;
        scales[a] = has_slot ? angle->scale : 0;
        offsets[a] = angle->offset + (has_slot ? angle->scale * angle->factors[0].shift : 0);
    }
    return append_rotations(b, part->gate, mapped[0], angles, scales, offsets);
}

// Gates with angles on several qubits, and gates on many, by gates without extra controls.
static qhm_status expand(builder *b, const qhm_instruction *instruction, uint32_t first_angle)
{
    static const qhm_gate gates[] = {QHM_GATE_H,  QHM_GATE_X,    QHM_GATE_Y,  QHM_GATE_Z,
                                     QHM_GATE_S,  QHM_GATE_SDG,  QHM_GATE_T,  QHM_GATE_TDG,
                                     QHM_GATE_SX, QHM_GATE_SXDG, QHM_GATE_RX, QHM_GATE_RY,
                                     QHM_GATE_RZ, QHM_GATE_P,    QHM_GATE_U,  QHM_GATE_CX,
                                     QHM_GATE_CY, QHM_GATE_CZ,   QHM_GATE_CCX};
    const uint32_t count = instruction->qubit_count;
    qhm_angle angles[QHM_GATE_MAX_ANGLES];
    for (uint32_t a = 0; a < QHM_GATE_MAX_ANGLES; a++)
        angles[a] = qhm_angle_weight(a);
    qhm_circuit *alone, *expanded = NULL;
    uint32_t *own;
    QHM_TRY(qhm_allocate(count, sizeof *own, &own));
    for (uint32_t q = 0; q < count; q++)
        own[q] = q;
    qhm_instruction copy = *instruction;
    copy.qubits = own;
    copy.angles = angles;
    copy.condition = (qhm_condition){0};
    qhm_status status = qhm_circuit_create(count, 0, &alone);
    if (status != QHM_OK) {
        qhm_release(own);
        return status;
    }
    status = qhm_circuit_append_instruction(alone, &copy);
    if (status == QHM_OK)
        status = qhm_circuit_expand(
            alone,
            &(qhm_expand_options){.gates = gates, .gate_count = sizeof gates / sizeof gates[0]},
            &expanded);
    for (size_t i = 0; status == QHM_OK && i < qhm_circuit_instruction_count(expanded); i++)
        status = append_expanded(b, qhm_circuit_instruction(expanded, i), instruction->qubits,
                                 first_angle);
    qhm_circuit_destroy(expanded);
    qhm_circuit_destroy(alone);
    qhm_release(own);
    return status;
}

static qhm_status lower_gate(builder *b, const qhm_instruction *instruction, uint32_t first_angle)
{
    uint32_t *lines = b->program->lines;
    if (instruction->gate == QHM_GATE_SWAP && instruction->qubit_count == 2) {
        const uint32_t line = lines[instruction->qubits[0]];
        lines[instruction->qubits[0]] = lines[instruction->qubits[1]];
        lines[instruction->qubits[1]] = line;
        return QHM_OK;
    }
    if (is_one_qubit_rotation(instruction)) {
        const uint32_t angles[3] = {first_angle, first_angle + 1, first_angle + 2};
        return append_rotations(b, instruction->gate, instruction->qubits[0], angles,
                                (const double[]){1, 1, 1}, (const double[]){0, 0, 0});
    }
    if (qhm_instruction_angle_count(instruction) == 0 &&
        instruction->qubit_count <= QHM_TRANSFER_MAX_QUBITS)
        return append_gate(b, instruction);
    return expand(b, instruction, first_angle);
}

static qhm_status lower(builder *b, const qhm_circuit *circuit, const bool *is_dephased)
{
    static const double dephasing[16] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                        reset[16] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0};
    uint32_t angle = 0;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        qhm_status status = QHM_OK;
        if (instruction->gate == QHM_GATE_MEASURE)
            status = is_dephased[i] ? append_map(b, 1, instruction->qubits, dephasing) : QHM_OK;
        else if (instruction->gate == QHM_GATE_RESET)
            status = append_map(b, 1, instruction->qubits, reset);
        else if (instruction->gate == QHM_GATE_CHANNEL)
            status = append_gate(b, instruction);
        else if (qhm_gate_information(instruction->gate)->is_unitary)
            status = lower_gate(b, instruction, angle);
        QHM_TRY(status);
        angle += qhm_gate_information(instruction->gate)->angle_count;
    }
    return flush_lines(b, b->program->qubit_count, NULL);
}

// Whether a pair's matrix moves and scales rows only.
static bool find_permutation(const double *matrix, uint8_t *targets, double *factors)
{
    unsigned used = 0, without = 0;
    for (size_t c = 0; c < 16; c++) {
        unsigned found = 0;
        for (size_t r = 0; r < 16; r++)
            if (matrix[16 * r + c] != 0) {
                found++;
                targets[c] = (uint8_t)r;
                factors[c] = matrix[16 * r + c];
            }
        if (found > 1 || (found == 1 && used >> targets[c] & 1))
            return false;
        if (found == 1)
            used |= 1U << targets[c];
        else
            without |= 1U << c;
    }
    for (size_t c = 0; c < 16; c++)
        if (without >> c & 1) { // nothing is left of this row: it goes where no other goes
            const unsigned row = (unsigned)__builtin_ctz(~used);
            targets[c] = (uint8_t)row;
            factors[c] = 0;
            used |= 1U << row;
        }
    return true;
}

// Turns what pairs have become into permutations or, after their turns, sparse maps.
static qhm_status finish_pairs(builder *b)
{
    qhm_density_program *p = b->program;
    qhm_density_op *drafts = p->ops;
    const size_t count = p->op_count;
    size_t *matrices = b->matrices;
    b->matrices = NULL;
    b->matrix_capacity = 0;
    p->ops = NULL;
    p->op_count = p->op_capacity = 0;
    qhm_status status = QHM_OK;
    size_t done = 0;
    for (; status == QHM_OK && done < count; done++) {
        qhm_density_op *draft = &drafts[done], *op;
        const double *matrix =
            matrices[done] == QHM_DENSITY_NONE ? NULL : b->entries + matrices[done];
        const bool is_permutation =
            matrix && find_permutation(matrix, draft->targets, draft->factors);
        draft->has_map = is_permutation;
        const bool has_both =
            draft->turns[0] != QHM_DENSITY_NONE && draft->turns[1] != QHM_DENSITY_NONE;
        if (!matrix || is_permutation || has_both) {
            status = append_op(b, draft->kind, draft->qubit_count, draft->lines, &op);
            if (status != QHM_OK)
                break;
            *op = *draft;
        }
        for (int t = 0; status == QHM_OK && matrix && !is_permutation && !has_both && t < 2; t++)
            if (draft->turns[t] != QHM_DENSITY_NONE) {
                status = append_op(b, QHM_DENSITY_TURN, 1, &draft->lines[t], &op);
                if (status == QHM_OK)
                    op->turns[0] = draft->turns[t];
            }
        if (status == QHM_OK && matrix && !is_permutation)
            status = append_sparse(b, 2, draft->lines, matrix);
    }
    for (; done < count; done++) { // what nobody has taken over
        void *pointers[] = {drafts[done].starts,       drafts[done].columns,
                            drafts[done].values,       drafts[done].back_starts,
                            drafts[done].back_columns, drafts[done].back_values};
        for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
            qhm_release(pointers[i]);
    }
    qhm_release(drafts);
    qhm_release(matrices);
    return status;
}

static void find_uses(const qhm_circuit *circuit, qhm_density_program *program)
{
    for (size_t t = 0; t < program->turn_count; t++) {
        qhm_density_turn *turn = &program->turns[t];
        turn->is_constant = true;
        for (size_t f = turn->first; f < turn->first + turn->count; f++) {
            const qhm_density_factor *factor = &program->factors[f];
            if (factor->axis == 0 || factor->angle == QHM_DENSITY_NO_ANGLE)
                continue;
            turn->is_constant = false;
            for (int k = 0; k < 2; k++) {
                const qhm_slot slot = circuit->angles[factor->angle].factors[k].slot;
                turn->uses_input |= slot == QHM_SLOT_INPUT;
                turn->uses_weight |= slot == QHM_SLOT_WEIGHT;
            }
        }
    }
}

static void release_builder(builder *b)
{
    for (size_t q = 0; b->waiting && q < b->program->qubit_count; q++)
        qhm_release(b->waiting[q].factors);
    void *pointers[] = {b->waiting, b->last_ops, b->matrices, b->entries, b->transfer};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
}

static qhm_status build(builder *b, const qhm_circuit *circuit, const bool *is_dephased)
{
    qhm_density_program *p = b->program;
    p->qubit_count = qhm_circuit_qubit_count(circuit);
    QHM_TRY(qhm_allocate(p->qubit_count, sizeof *p->lines, &p->lines));
    QHM_TRY(qhm_allocate(p->qubit_count, sizeof *b->waiting, &b->waiting));
    QHM_TRY(qhm_allocate(p->qubit_count, sizeof *b->last_ops, &b->last_ops));
    QHM_TRY(qhm_allocate(QHM_TRANSFER_MAX_ENTRIES, sizeof *b->transfer, &b->transfer));
    for (uint32_t q = 0; q < p->qubit_count; q++) {
        p->lines[q] = q;
        b->last_ops[q] = QHM_DENSITY_NONE;
    }
    QHM_TRY(lower(b, circuit, is_dephased));
    find_uses(circuit, p);
    return finish_pairs(b);
}

qhm_status qhm_density_program_create(const qhm_circuit *circuit, const bool *is_dephased,
                                      qhm_density_program *program)
{
    qhm_density_program made = {0};
    builder b = {.program = &made};
    qhm_status status = build(&b, circuit, is_dephased);
    release_builder(&b);
    if (status != QHM_OK) {
        qhm_density_program_release(&made);
        return status;
    }
    *program = made;
    return QHM_OK;
}

void qhm_density_program_release(qhm_density_program *program)
{
    for (size_t i = 0; i < program->op_count; i++) {
        qhm_density_op *op = &program->ops[i];
        void *pointers[] = {op->starts,      op->columns,      op->values,
                            op->back_starts, op->back_columns, op->back_values};
        for (size_t k = 0; k < sizeof pointers / sizeof pointers[0]; k++)
            qhm_release(pointers[k]);
    }
    qhm_release(program->factors);
    qhm_release(program->turns);
    qhm_release(program->ops);
    qhm_release(program->lines);
    *program = (qhm_density_program){0};
}

size_t qhm_density_program_bytes(const qhm_density_program *program)
{
    return program->bytes + program->factor_capacity * sizeof *program->factors +
           program->turn_capacity * sizeof *program->turns +
           program->op_capacity * sizeof *program->ops +
           program->qubit_count * sizeof *program->lines;
}
