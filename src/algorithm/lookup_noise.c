// Lookups under noise: states by their nonzero amplitudes, of which a query has about one a cell.
#include <qhm/lookup.h>

#include "base/memory.h"
#include "base/statistics.h"
#include "base/status_internal.h"

#include <float.h>
#include <math.h>
#include <qhm/random.h>
#include <string.h>

enum { DEFAULT_TRAJECTORIES = 1000 };

static const double HALF_ROOT = 0.70710678118654752440, NEGLIGIBLE = 1e-12;

// Basis states with their amplitudes.
typedef struct sparse_state {
    size_t words; // of a basis state
    size_t count;
    uint64_t *bits; // [capacity][words]
    double (*amplitudes)[2];
} sparse_state;

typedef struct trajectory {
    const qhm_circuit *circuit;
    sparse_state state, merged;
    size_t capacity; // of both
    size_t *slots;   // [slot_count] of the hash: 1 + an entry of merged
    size_t slot_count;
    uint64_t *mask; // [words]: which bits make a key
    qhm_random random;
    double error;
} trajectory;

static uint64_t *bits_of(const sparse_state *state, size_t entry)
{
    return state->bits + entry * state->words;
}

static bool bit_at(const uint64_t *bits, uint32_t qubit)
{
    return bits[qubit / 64] >> qubit % 64 & 1;
}

static void flip(uint64_t *bits, uint32_t qubit)
{
    bits[qubit / 64] ^= UINT64_C(1) << qubit % 64;
}

static uint64_t hash_of(const uint64_t *bits, const uint64_t *mask, size_t words)
{
    uint64_t hash = UINT64_C(0x9e3779b97f4a7c15);
    for (size_t w = 0; w < words; w++) {
        hash = (hash ^ (bits[w] & mask[w])) * UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 32;
    }
    return hash;
}

static bool is_same(const uint64_t *a, const uint64_t *b, const uint64_t *mask, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if ((a[w] ^ b[w]) & mask[w])
            return false;
    return true;
}

static void add_entry(trajectory *t, const uint64_t *bits, const double *amplitude)
{
    sparse_state *merged = &t->merged;
    size_t slot = hash_of(bits, t->mask, merged->words) & (t->slot_count - 1);
    while (t->slots[slot] &&
           !is_same(bits_of(merged, t->slots[slot] - 1), bits, t->mask, merged->words))
        slot = (slot + 1) & (t->slot_count - 1);
    if (!t->slots[slot]) {
        memcpy(bits_of(merged, merged->count), bits, merged->words * sizeof *bits);
        merged->amplitudes[merged->count][0] = merged->amplitudes[merged->count][1] = 0;
        t->slots[slot] = ++merged->count;
    }
    const size_t entry = t->slots[slot] - 1;
    merged->amplitudes[entry][0] += amplitude[0];
    merged->amplitudes[entry][1] += amplitude[1];
}

static void begin_merge(trajectory *t)
{
    memset(t->slots, 0, t->slot_count * sizeof *t->slots);
    t->merged.count = 0;
}

// Makes room for so many entries in both states; those of the first are kept.
static qhm_status reserve(trajectory *t, size_t count)
{
    if (count <= t->capacity)
        return QHM_OK;
    const size_t words = t->state.words;
    sparse_state *states[] = {&t->state, &t->merged};
    for (size_t i = 0; i < 2; i++) {
        QHM_TRY(
            qhm_reallocate(t->capacity * words, count * words, sizeof(uint64_t), &states[i]->bits));
        QHM_TRY(qhm_reallocate(t->capacity, count, sizeof *states[i]->amplitudes,
                               &states[i]->amplitudes));
    }
    while (t->slot_count < 2 * count)
        t->slot_count = t->slot_count > 0 ? 2 * t->slot_count : 1;
    qhm_release(t->slots);
    t->slots = NULL;
    QHM_TRY(qhm_allocate(t->slot_count, sizeof *t->slots, &t->slots));
    t->capacity = count;
    return QHM_OK;
}

// In superposition an entry becomes two, until their amplitudes meet again.
static qhm_status apply_hadamard(trajectory *t, uint32_t qubit)
{
    sparse_state *state = &t->state;
    QHM_TRY(reserve(t, 2 * state->count));
    memset(t->mask, 0xff, state->words * sizeof *t->mask);
    begin_merge(t);
    for (size_t i = 0; i < state->count; i++) {
        uint64_t *bits = bits_of(state, i);
        const double sign = bit_at(bits, qubit) ? -HALF_ROOT : HALF_ROOT;
        const double same[2] = {sign * state->amplitudes[i][0], sign * state->amplitudes[i][1]};
        const double other[2] = {HALF_ROOT * state->amplitudes[i][0],
                                 HALF_ROOT * state->amplitudes[i][1]};
        add_entry(t, bits, same);
        flip(bits, qubit);
        add_entry(t, bits, other);
    }
    state->count = 0;
    for (size_t i = 0; i < t->merged.count; i++) {
        const double *amplitude = t->merged.amplitudes[i];
        if (hypot(amplitude[0], amplitude[1]) < NEGLIGIBLE)
            continue;
        memcpy(bits_of(state, state->count), bits_of(&t->merged, i),
               state->words * sizeof *state->bits);
        memcpy(state->amplitudes[state->count++], amplitude, sizeof *state->amplitudes);
    }
    return QHM_OK;
}

static void negate(double *amplitude)
{
    amplitude[0] = -amplitude[0];
    amplitude[1] = -amplitude[1];
}

// The gates that lookups are made of, H aside, permute basis states or change their signs.
static void apply_to_entry(const qhm_instruction *g, uint64_t *bits, double *amplitude)
{
    const uint32_t *q = g->qubits;
    switch (g->gate) {
    case QHM_GATE_X:
        flip(bits, q[0]);
        break;
    case QHM_GATE_Z:
        if (bit_at(bits, q[0]))
            negate(amplitude);
        break;
    case QHM_GATE_CX:
        if (bit_at(bits, q[0]))
            flip(bits, q[1]);
        break;
    case QHM_GATE_CCX:
        if (bit_at(bits, q[0]) && bit_at(bits, q[1]))
            flip(bits, q[2]);
        break;
    default: { // swap, perhaps under a control
        const uint32_t *pair = g->gate == QHM_GATE_CSWAP ? q + 1 : q;
        const bool acts = g->gate == QHM_GATE_SWAP || bit_at(bits, q[0]);
        if (acts && bit_at(bits, pair[0]) != bit_at(bits, pair[1])) {
            flip(bits, pair[0]);
            flip(bits, pair[1]);
        }
    }
    }
}

// X, Y or Z; of Y the factor i is a phase of the whole state.
static void apply_pauli(sparse_state *state, uint32_t qubit, uint64_t which)
{
    for (size_t i = 0; i < state->count; i++) {
        if (which > 0 && bit_at(bits_of(state, i), qubit))
            negate(state->amplitudes[i]);
        if (which < 2)
            flip(bits_of(state, i), qubit);
    }
}

static qhm_status run_gates(trajectory *t)
{
    for (size_t g = 0; g < qhm_circuit_instruction_count(t->circuit); g++) {
        const qhm_instruction *gate = qhm_circuit_instruction(t->circuit, g);
        if (gate->gate == QHM_GATE_H)
            QHM_TRY(apply_hadamard(t, gate->qubits[0]));
        else
            for (size_t i = 0; i < t->state.count; i++)
                apply_to_entry(gate, bits_of(&t->state, i), t->state.amplitudes[i]);
        for (size_t k = 0; k < gate->qubit_count; k++)
            if (qhm_random_uniform(&t->random) < t->error)
                apply_pauli(&t->state, gate->qubits[k], qhm_random_below(&t->random, 3));
    }
    return QHM_OK;
}

// All addresses at once, with equal amplitudes.
static void begin_query(trajectory *t, const qhm_lookup_data *data)
{
    sparse_state *state = &t->state;
    const size_t cells = (size_t)1 << data->address_bits;
    memset(state->bits, 0, cells * state->words * sizeof *state->bits);
    state->count = cells;
    for (size_t a = 0; a < cells; a++) {
        bits_of(state, a)[0] = a;
        state->amplitudes[a][0] = 1 / sqrt((double)cells);
        state->amplitudes[a][1] = 0;
    }
}

static uint64_t read_field(const uint64_t *bits, size_t first, size_t count)
{
    uint64_t value = 0;
    for (size_t j = 0; j < count; j++)
        value |= (uint64_t)bit_at(bits, (uint32_t)(first + j)) << j;
    return value;
}

// Of the basis states that are right, those with the same work qubits interfere.
static double find_fidelity(trajectory *t, const qhm_lookup_data *data)
{
    const size_t n = data->address_bits, cells = (size_t)1 << n;
    const sparse_state *state = &t->state;
    memset(t->mask, 0xff, state->words * sizeof *t->mask);
    for (uint32_t q = 0; q < n + data->word_bits; q++)
        flip(t->mask, q);
    begin_merge(t);
    for (size_t i = 0; i < state->count; i++) {
        const uint64_t *bits = bits_of(state, i);
        if (read_field(bits, n, data->word_bits) == data->words[read_field(bits, 0, n)])
            add_entry(t, bits, state->amplitudes[i]);
    }
    double fidelity = 0;
    for (size_t i = 0; i < t->merged.count; i++) {
        const double *sum = t->merged.amplitudes[i];
        fidelity += (sum[0] * sum[0] + sum[1] * sum[1]) / (double)cells;
    }
    return fidelity;
}

static qhm_status create_trajectory(const qhm_circuit *circuit, const qhm_lookup_data *data,
                                    trajectory *t)
{
    t->circuit = circuit;
    t->state.words = t->merged.words = (qhm_circuit_qubit_count(circuit) + 63) / 64;
    QHM_TRY(qhm_allocate(t->state.words, sizeof *t->mask, &t->mask));
    return reserve(t, (size_t)2 << data->address_bits);
}

static void release_trajectory(trajectory *t)
{
    qhm_release(t->state.bits);
    qhm_release(t->state.amplitudes);
    qhm_release(t->merged.bits);
    qhm_release(t->merged.amplitudes);
    qhm_release(t->slots);
    qhm_release(t->mask);
}

static qhm_status run_all(const qhm_circuit *circuit, const qhm_lookup_data *data,
                          const qhm_lookup_noise *noise, size_t count, double *fidelities)
{
    trajectory t = {.error = noise->error};
    qhm_status status = create_trajectory(circuit, data, &t);
    for (size_t i = 0; i < count && status == QHM_OK; i++) {
        t.random = qhm_random_stream(noise->seed, QHM_RANDOM_NOISE, i, 0, 0);
        begin_query(&t, data);
        status = run_gates(&t);
        if (status == QHM_OK)
            fidelities[i] = find_fidelity(&t, data);
    }
    release_trajectory(&t);
    return status;
}

// Of the mean. Fidelities that are all the same but for rounding have none.
static double find_standard_error(const double *fidelities, size_t count)
{
    double least = fidelities[0], most = fidelities[0];
    for (size_t i = 1; i < count; i++) {
        least = fmin(least, fidelities[i]);
        most = fmax(most, fidelities[i]);
    }
    if (most - least <= 64 * DBL_EPSILON)
        return 0;
    return qhm_statistics_deviation(fidelities, count) / sqrt((double)count);
}

qhm_status qhm_lookup_fidelity(qhm_lookup_method method, const qhm_lookup_data *data,
                               size_t swap_bits, const qhm_lookup_noise *noise, double *fidelity,
                               double *standard_error)
{
    static const qhm_lookup_noise none;
    qhm_circuit *circuit;
    double *fidelities;
    noise = noise ? noise : &none;
    QHM_REQUIRE(fidelity, "fidelity is NULL");
    QHM_REQUIRE(noise->error >= 0 && noise->error <= 1, "error is %g, not 0 to 1", noise->error);
    const size_t count = noise->trajectories > 0 ? noise->trajectories : DEFAULT_TRAJECTORIES;
    QHM_TRY(qhm_lookup_create(method, data, swap_bits, &circuit));
    qhm_status status = qhm_allocate(count, sizeof *fidelities, &fidelities);
    if (status == QHM_OK) {
        status = run_all(circuit, data, noise, count, fidelities);
        if (status == QHM_OK) {
            *fidelity = qhm_statistics_mean(fidelities, count);
            if (standard_error)
                *standard_error = find_standard_error(fidelities, count);
        }
        qhm_release(fidelities);
    }
    qhm_circuit_destroy(circuit);
    return status;
}
