// Operators of up to three tetrons as coefficients of Pauli strings, one set for each value of the
// gadget's bits: measurements share them out, bits that are cleared add them up.
#include "compile/tetron_block.h"

#include "circuit/channel_internal.h"
#include "circuit/circuit_internal.h"
#include "compile/compile_internal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { STRINGS = 1 << 2 * QHM_TETRON_BLOCK_TETRONS, VALUES = 1 << QHM_TETRON_BITS };
enum { ACT_MAP = 1, ACT_MEASURE, ACT_SET };

static qhm_status fail_shape(const qhm_tetron_block *block, size_t index)
{
    return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                    "instruction %zu, %s, is not part of a sequence of measurements that can be "
                    "made one channel",
                    index, qhm_gate_information(block->circuit->instructions[index].gate)->name);
}

static bool find_bit(const qhm_tetron_block *block, uint32_t bit, uint8_t *own)
{
    if (bit < block->first_bit || bit >= block->first_bit + QHM_TETRON_BITS)
        return false;
    *own = (uint8_t)(bit - block->first_bit);
    return true;
}

static unsigned find_tetron(const qhm_tetron_block *block, uint32_t qubit)
{
    for (unsigned t = 0; t < block->tetron_count; t++)
        if (block->tetrons[t] == qubit)
            return t;
    assert(false);
    return 0;
}

static qhm_status fill_map(const qhm_channel *channel, qhm_tetron_act *act)
{
    const size_t size = (size_t)1 << 2 * channel->qubit_count;
    act->kind = ACT_MAP;
    act->is_diagonal = true;
    QHM_TRY(qhm_channel_pauli_transfer_matrix(channel, act->map));
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            if (i != j && act->map[i * size + j] != 0)
                act->is_diagonal = false;
    return QHM_OK;
}

static qhm_status translate(const qhm_tetron_block *block, size_t index, bool has_noise,
                            qhm_tetron_act *act)
{
    const qhm_instruction *instruction = &block->circuit->instructions[index];
    const qhm_condition *condition = &instruction->condition;
    act->qubit_count = (uint8_t)instruction->qubit_count;
    if (instruction->qubit_count > 2)
        return fail_shape(block, index);
    for (uint32_t q = 0; q < instruction->qubit_count; q++)
        act->qubits[q] = (uint8_t)find_tetron(block, instruction->qubits[q]);
    if (condition->relation != QHM_RELATION_NONE) {
        if (condition->relation != QHM_RELATION_EQUAL || condition->bit_count != 1 ||
            !find_bit(block, condition->first_bit, &act->condition_bit))
            return fail_shape(block, index);
        act->is_conditional = true;
        act->condition_value = (uint8_t)(condition->value[0] & 1);
    }
    switch ((int)instruction->gate) {
    case QHM_GATE_DELAY:
    case QHM_GATE_BARRIER:
        return QHM_OK;
    case QHM_GATE_SET:
        act->kind = ACT_SET;
        act->bit_value = instruction->bit_value;
        return find_bit(block, instruction->bit, &act->bit) ? QHM_OK : fail_shape(block, index);
    case QHM_GATE_MEASURE_PAULI:
        act->kind = ACT_MEASURE;
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            act->string |= (uint8_t)(instruction->paulis[q] << 2 * act->qubits[q]);
        if (has_noise)
            memcpy(act->flips, instruction->flips, sizeof act->flips);
        return find_bit(block, instruction->bit, &act->bit) ? QHM_OK : fail_shape(block, index);
    case QHM_GATE_CHANNEL:
        return !has_noise ? QHM_OK
                          : fill_map(&(qhm_channel){.qubit_count = instruction->qubit_count,
                                                    .kraus_count = instruction->kraus_count,
                                                    .kraus = instruction->matrix},
                                     act);
    default:
        break;
    }
    if (!qhm_gate_information(instruction->gate)->is_unitary ||
        !qhm_has_constant_angles(instruction))
        return fail_shape(block, index);
    qhm_complex matrix[16];
    qhm_small_gate_matrix(instruction, matrix);
    return fill_map(&(qhm_channel){instruction->qubit_count, 1, matrix}, act);
}

qhm_status qhm_tetron_block_translate(const qhm_tetron_block *block, bool has_noise,
                                      qhm_tetron_act *acts, size_t *act_count)
{
    *act_count = 0;
    for (size_t i = 0; i < block->count; i++) {
        qhm_tetron_act *act = &acts[*act_count];
        memset(act, 0, sizeof *act);
        QHM_TRY(translate(block, block->instructions[i], has_noise, act));
        *act_count += act->kind != 0;
    }
    return QHM_OK;
}

// Operators: [value of the bits][string]. `is_there` marks values that may occur.
typedef struct operators {
    double at[VALUES][STRINGS];
    bool is_there[VALUES];
} operators;

static void apply_map(const qhm_tetron_act *act, size_t strings, double *x)
{
    const size_t size = (size_t)1 << 2 * act->qubit_count;
    const size_t first = (size_t)1 << 2 * act->qubits[0];
    const size_t second = act->qubit_count == 2 ? (size_t)1 << 2 * act->qubits[1] : 0;
    const size_t digits = 3 * first | 3 * second;
    size_t places[16];
    for (size_t i = 0; i < size; i++)
        places[i] = (i & 3) * first + (i >> 2) * second;
    for (size_t base = 0; base < strings; base++) {
        if (base & digits)
            continue;
        double old[16];
        for (size_t i = 0; i < size; i++)
            old[i] = x[base + places[i]];
        for (size_t i = 0; i < size; i++) {
            double sum = 0;
            for (size_t j = 0; j < size && !act->is_diagonal; j++)
                sum += act->map[i * size + j] * old[j];
            x[base + places[i]] = act->is_diagonal ? act->map[i * size + i] * old[i] : sum;
        }
    }
}

static size_t number_of(qhm_pauli_masks pauli)
{
    size_t number = 0;
    for (unsigned q = 0; q < QHM_TETRON_BLOCK_TETRONS; q++) {
        const size_t x = pauli.x >> q & 1, z = pauli.z >> q & 1;
        number |= (x && z ? 2 : x ? 1 : 3 * z) << 2 * q;
    }
    return number;
}

// The string that a measurement pairs each string with, and the sign of their product; 0 for those
// that it destroys.
typedef struct pairing {
    uint8_t partner[STRINGS];
    int8_t sign[STRINGS];
} pairing;

static void pair(uint8_t string, size_t strings, pairing *made)
{
    const qhm_pauli_masks measured = qhm_channel_pauli(string, QHM_TETRON_BLOCK_TETRONS);
    for (size_t i = 0; i < strings; i++) {
        const qhm_pauli_masks other = qhm_channel_pauli(i, QHM_TETRON_BLOCK_TETRONS);
        qhm_pauli_masks product;
        const unsigned phase = qhm_pauli_multiply(measured, other, &product);
        made->partner[i] = (uint8_t)number_of(product);
        made->sign[i] = (int8_t)(phase == 0 ? 1 : phase == 2 ? -1 : 0);
    }
}

static size_t with_bit(size_t value, unsigned bit, bool is_one)
{
    return (value & ~((size_t)1 << bit)) | (size_t)is_one << bit;
}

static void measure(const qhm_tetron_act *act, size_t strings, const double *x, size_t value,
                    operators *out)
{
    pairing pairs;
    pair(act->string, strings, &pairs);
    for (int written = 0; written < 2; written++) {
        const size_t to = with_bit(value, act->bit, written);
        // Outcome 0 is written so unless it flips; outcome 1 comes with the sign turned.
        const double zero = written ? act->flips[0] : 1 - act->flips[0];
        const double one = written ? 1 - act->flips[1] : act->flips[1];
        out->is_there[to] = true;
        for (size_t i = 0; i < strings; i++)
            if (pairs.sign[i] != 0) {
                const double other = pairs.sign[pairs.partner[i]] * x[pairs.partner[i]];
                out->at[to][i] += 0.5 * ((zero + one) * x[i] + (zero - one) * other);
            }
    }
}

static void add(const double *x, size_t strings, size_t value, operators *out)
{
    out->is_there[value] = true;
    for (size_t i = 0; i < strings; i++)
        out->at[value][i] += x[i];
}

static void apply(const qhm_tetron_act *act, size_t strings, operators *state, operators *spare)
{
    const bool moves = act->kind != ACT_MAP;
    if (moves)
        memset(spare, 0, sizeof *spare);
    for (size_t value = 0; value < VALUES; value++) {
        if (!state->is_there[value])
            continue;
        const bool holds =
            !act->is_conditional || (value >> act->condition_bit & 1) == act->condition_value;
        if (!moves && holds)
            apply_map(act, strings, state->at[value]);
        else if (moves && !holds)
            add(state->at[value], strings, value, spare);
        else if (act->kind == ACT_SET)
            add(state->at[value], strings, with_bit(value, act->bit, act->bit_value), spare);
        else if (act->kind == ACT_MEASURE)
            measure(act, strings, state->at[value], value, spare);
    }
    if (moves)
        memcpy(state, spare, sizeof *state);
}

// The letters that a string has on some tetrons, as a string of their own; `rest` on the others.
static size_t pick(size_t string, const uint8_t *tetrons, unsigned count, size_t *rest)
{
    size_t picked = 0;
    *rest = string;
    for (unsigned w = 0; w < count; w++) {
        picked |= (string >> 2 * tetrons[w] & 3) << 2 * w;
        *rest &= ~((size_t)3 << 2 * tetrons[w]);
    }
    return picked;
}

void qhm_tetron_block_map(const qhm_tetron_block *block, const qhm_tetron_act *acts,
                          size_t act_count, double *map, double *dependence)
{
    const size_t strings = (size_t)1 << 2 * block->tetron_count;
    const size_t size = (size_t)1 << 2 * block->wire_count;
    operators state, spare;
    *dependence = 0;
    for (size_t input = 0; input < strings; input++) {
        size_t free_in, free_out;
        const size_t column = pick(input, block->in, block->wire_count, &free_in);
        memset(&state, 0, sizeof state);
        state.at[0][input] = 1;
        state.is_there[0] = true;
        for (size_t a = 0; a < act_count; a++)
            apply(&acts[a], strings, &state, &spare);
        for (size_t output = 0; output < strings; output++) {
            const size_t row = pick(output, block->out, block->wire_count, &free_out);
            if (free_out != 0)
                continue;
            double sum = 0;
            for (size_t value = 0; value < VALUES; value++)
                sum += state.at[value][output];
            if (free_in == 0)
                map[row * size + column] = sum;
            else
                *dependence = fmax(*dependence, fabs(sum));
        }
    }
}
