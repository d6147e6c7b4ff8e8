// Splits the map of a gadget into the gate that it would be without noise and what is left. Where
// that is a mixture of Pauli strings it stays one, so that every simulator with noise can run it.
#include "compile/tetron_effect.h"

#include "base/memory.h"
#include "circuit/channel_internal.h"
#include "circuit/circuit_internal.h"
#include "compile/compile_internal.h"

#include <math.h>
#include <string.h>

enum { MOST_STRINGS = 1 << 2 * QHM_TETRON_BLOCK_WIRES };

static const double rounding = 1e-10;

struct qhm_tetron_known_effect {
    qhm_tetron_act *acts;
    size_t act_count;
    unsigned wire_count;
    uint8_t in[QHM_TETRON_BLOCK_WIRES], out[QHM_TETRON_BLOCK_WIRES];
    qhm_tetron_effect effect;
};

static bool is_near(const double *a, const double *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fabs(a[i] - b[i]) > rounding)
            return false;
    return true;
}

static void set_identity(double *map, size_t size)
{
    memset(map, 0, size * size * sizeof *map);
    for (size_t i = 0; i < size; i++)
        map[i * size + i] = 1;
}

// The gate whose map this is, among those that tetrons have sequences for.
static qhm_status recognise(const double *ideal, unsigned wire_count, bool *is_gate,
                            qhm_tetron_effect *effect)
{
    static const qhm_gate gates[2][3] = {{QHM_GATE_S, QHM_GATE_SX, QHM_GATE_T},
                                         {QHM_GATE_CX, QHM_GATE_CX, QHM_GATE_CX}};
    const size_t size = (size_t)1 << 2 * wire_count;
    double map[MOST_STRINGS * MOST_STRINGS];
    set_identity(map, size);
    effect->gate = QHM_GATE_BARRIER;
    *is_gate = is_near(ideal, map, size * size);
    for (unsigned g = 0; g < 3 && !*is_gate; g++) {
        const uint32_t wires[2] = {wire_count == 2 && g == 1, wire_count == 2 && g != 1};
        qhm_complex matrix[16];
        qhm_small_gate_matrix(&(qhm_instruction){.gate = gates[wire_count - 1][g],
                                                 .qubit_count = wire_count,
                                                 .qubits = wires},
                              matrix);
        if (wires[0] == 1) // as the block numbers its wires: exchange the two bits
            for (size_t e = 0; e < 16; e++) {
                static const uint8_t turned[4] = {0, 2, 1, 3};
                const size_t to = (size_t)turned[e >> 2] << 2 | turned[e & 3];
                if (to > e) {
                    const qhm_complex kept = matrix[e];
                    matrix[e] = matrix[to];
                    matrix[to] = kept;
                }
            }
        QHM_TRY(qhm_channel_pauli_transfer_matrix(&(qhm_channel){wire_count, 1, matrix}, map));
        *is_gate = is_near(ideal, map, size * size);
        effect->gate = *is_gate ? gates[wire_count - 1][g] : QHM_GATE_BARRIER;
        effect->wires[0] = (uint8_t)wires[0];
        effect->wires[1] = (uint8_t)wires[1];
    }
    return QHM_OK;
}

// A diagonal map [4^k] as probabilities of strings: a Walsh-Hadamard transform with the signs of
// commutation.
static qhm_status create_pauli(const double *map, unsigned wire_count, qhm_channel **channel)
{
    const size_t size = (size_t)1 << 2 * wire_count;
    double probabilities[MOST_STRINGS];
    for (size_t p = 0; p < size; p++) {
        double sum = 0;
        for (size_t q = 0; q < size; q++) {
            const bool commutes = qhm_pauli_commute(qhm_channel_pauli(p, wire_count),
                                                    qhm_channel_pauli(q, wire_count));
            sum += (commutes ? 1 : -1) * map[q * size + q];
        }
        sum /= (double)size;
        probabilities[p] = sum < QHM_CHANNEL_ROUNDING ? 0 : sum;
    }
    return qhm_channel_create_pauli(wire_count, probabilities, channel);
}

static qhm_complex times(double factor, unsigned phase)
{
    return qhm_complex_times_i((qhm_complex){factor, 0}, phase);
}

// |i><j| = sum over P of <j|P|i> P / d.
static qhm_status create_any(const double *map, unsigned wire_count, qhm_channel **channel)
{
    const size_t d = (size_t)1 << wire_count, size = d * d;
    qhm_complex choi[MOST_STRINGS * MOST_STRINGS];
    for (size_t row = 0; row < size * size; row++)
        choi[row] = (qhm_complex){0, 0};
    for (size_t p = 0; p < size; p++) {
        const qhm_pauli_masks from = qhm_channel_pauli(p, wire_count);
        for (size_t q = 0; q < size; q++) {
            const qhm_pauli_masks to = qhm_channel_pauli(q, wire_count);
            const double entry = map[q * size + p] / (double)d;
            for (size_t i = 0; i < d && entry != 0; i++)
                for (size_t b = 0; b < d; b++) {
                    const size_t j = i ^ from.x, a = b ^ to.x;
                    const qhm_complex value =
                        times(entry, (qhm_pauli_phase(from, i) + qhm_pauli_phase(to, b)) % 4);
                    qhm_complex *sum = &choi[(i * d + a) * size + j * d + b];
                    sum->re += value.re;
                    sum->im += value.im;
                }
        }
    }
    return qhm_channel_create_from_choi(wire_count, choi, channel);
}

static qhm_status create_channel(const double *map, unsigned wire_count, qhm_channel **channel)
{
    const size_t size = (size_t)1 << 2 * wire_count;
    double diagonal[MOST_STRINGS * MOST_STRINGS], identity[MOST_STRINGS * MOST_STRINGS];
    set_identity(identity, size);
    memset(diagonal, 0, sizeof diagonal);
    for (size_t i = 0; i < size; i++)
        diagonal[i * size + i] = map[i * size + i];
    if (memcmp(map, identity, size * size * sizeof *map) == 0)
        return QHM_OK;
    double off = 0;
    for (size_t i = 0; i < size * size; i++)
        off = fmax(off, fabs(map[i] - diagonal[i]));
    return off < 1e-13 ? create_pauli(map, wire_count, channel)
                       : create_any(map, wire_count, channel);
}

static qhm_status find(qhm_tetron_effects *effects, const qhm_tetron_block *block,
                       struct qhm_tetron_known_effect *made)
{
    const size_t size = (size_t)1 << 2 * block->wire_count;
    double map[MOST_STRINGS * MOST_STRINGS], ideal[MOST_STRINGS * MOST_STRINGS],
        noise[MOST_STRINGS * MOST_STRINGS];
    double dependence, ideal_dependence;
    size_t count;
    qhm_tetron_block_map(block, made->acts, made->act_count, map, &dependence);
    QHM_TRY(qhm_tetron_block_translate(block, false, effects->acts, &count));
    qhm_tetron_block_map(block, effects->acts, count, ideal, &ideal_dependence);
    if (!(fmax(dependence, ideal_dependence) < rounding))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "what a sequence of measurements does depends on the state that its "
                        "ancilla was in (%.2g): it is no channel of the data alone",
                        fmax(dependence, ideal_dependence));
    bool is_gate;
    QHM_TRY(recognise(ideal, block->wire_count, &is_gate, &made->effect));
    if (!is_gate) // such as a preparation
        return create_channel(map, block->wire_count, &made->effect.channel);
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) {
            double sum = 0;
            for (size_t l = 0; l < size; l++)
                sum += map[i * size + l] * ideal[j * size + l];
            noise[i * size + j] = sum;
        }
    return create_channel(noise, block->wire_count, &made->effect.channel);
}

static bool is_same(const struct qhm_tetron_known_effect *known, const qhm_tetron_block *block,
                    const qhm_tetron_act *acts, size_t count)
{
    return known->act_count == count && known->wire_count == block->wire_count &&
           memcmp(known->in, block->in, sizeof known->in) == 0 &&
           memcmp(known->out, block->out, sizeof known->out) == 0 &&
           memcmp(known->acts, acts, count * sizeof *acts) == 0;
}

qhm_status qhm_tetron_effects_find(qhm_tetron_effects *effects, const qhm_tetron_block *block,
                                   const qhm_tetron_effect **found)
{
    size_t count;
    QHM_TRY(
        qhm_reserve(block->count, &effects->act_capacity, sizeof *effects->acts, &effects->acts));
    QHM_TRY(qhm_tetron_block_translate(block, true, effects->acts, &count));
    for (size_t i = 0; i < effects->count; i++)
        if (is_same(&effects->known[i], block, effects->acts, count)) {
            *found = &effects->known[i].effect;
            return QHM_OK;
        }
    QHM_TRY(qhm_reserve(effects->count + 1, &effects->capacity, sizeof *effects->known,
                        &effects->known));
    struct qhm_tetron_known_effect made = {.act_count = count, .wire_count = block->wire_count};
    memcpy(made.in, block->in, sizeof made.in);
    memcpy(made.out, block->out, sizeof made.out);
    QHM_TRY(qhm_copy_bytes(effects->acts, count, sizeof *made.acts, &made.acts));
    const qhm_status status = find(effects, block, &made);
    if (status != QHM_OK) {
        qhm_channel_destroy(made.effect.channel);
        qhm_release(made.acts);
        return status;
    }
    effects->known[effects->count] = made;
    *found = &effects->known[effects->count++].effect;
    return QHM_OK;
}

void qhm_tetron_effects_release(qhm_tetron_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        qhm_channel_destroy(effects->known[i].effect.channel);
        qhm_release(effects->known[i].acts);
    }
    qhm_release(effects->known);
    qhm_release(effects->acts);
}
