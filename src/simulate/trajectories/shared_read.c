// Reads the state of trajectories, each with the string at its end.
#include "simulate/trajectories/shared.h"

#include "base/parallel.h"

#include <string.h>

typedef struct reading {
    const qhm_shared *shared;
    const qhm_rows *psi;
    double *sums;
    size_t block;
} reading;

static void sum_blocks(size_t first, size_t last, void *context)
{
    const reading *r = context;
    for (size_t begin = first; begin < last; begin += r->block)
        r->sums[1 + begin / r->block] =
            r->shared->kernels->norm(r->psi->re, r->psi->im, begin, begin + r->block);
}

static void find_sums(reading *r)
{
    const qhm_statevector *plan = r->shared->plan;
    const size_t all = (size_t)1 << plan->qubit_count;
    r->block = all / r->shared->block_count;
    if (plan->is_row_parallel)
        qhm_parallel_for(all, r->block, sum_blocks, r);
    else
        sum_blocks(0, all, r);
    r->sums[0] = 0;
    for (size_t b = 0; b < r->shared->block_count; b++)
        r->sums[b + 1] += r->sums[b];
}

// The number of an amplitude, drawn.
static uint64_t draw(const reading *r, qhm_random *stream)
{
    const size_t count = r->shared->block_count;
    const double target = qhm_random_uniform(stream) * r->sums[count];
    size_t low = 0, high = count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (r->sums[middle] <= target)
            low = middle;
        else
            high = middle;
    }
    return r->shared->kernels->find(r->psi->re, r->psi->im, low * r->block, (low + 1) * r->block,
                                    target - r->sums[low]);
}

static uint64_t folded(const qhm_wide *wide, uint64_t mask)
{
    return wide->is_in_place ? qhm_wide_fold(wide, (uint32_t)mask) : mask;
}

static uint64_t folded_signs(const qhm_wide *wide, uint64_t signs)
{
    return wide->is_in_place ? qhm_wide_fold_signs(wide, (uint32_t)signs) : signs;
}

// A trajectory's string as the state is stored.
static qhm_pauli_masks string_of(const qhm_wide *wide, const qhm_trajectory *trajectory)
{
    return (qhm_pauli_masks){.x = folded(wide, trajectory->x),
                             .z = folded_signs(wide, trajectory->z)};
}

static uint64_t qubits_of(const qhm_statevector *plan, uint64_t positions)
{
    uint64_t qubits = 0;
    for (size_t q = 0; q < plan->qubit_count; q++)
        qubits |= (positions >> plan->positions[q] & 1) << q;
    return qubits;
}

// What a string flips of outcomes, by qubits, where the letters of a setting are measured.
static uint64_t flips_of(const qhm_statevector *plan, qhm_pauli_masks string, size_t setting)
{
    uint64_t x = qhm_frame_qubits(plan->frame, string.x), z = 0;
    for (size_t p = 0; p < plan->qubit_count; p++)
        z |= (uint64_t)__builtin_parityll(plan->frame->masks[p] & string.z) << p;
    qhm_pauli_masks letters = {0};
    for (size_t t = 0; t < plan->term_count; t++)
        if (plan->terms[t].setting == setting) {
            letters.x |= plan->terms[t].positions.x;
            letters.z |= plan->terms[t].positions.z;
        }
    letters.z |= ~letters.x; // others are measured as they are
    return qubits_of(plan, (x & letters.z) ^ (z & letters.x));
}

static void write_shot(const qhm_shared *shared, const qhm_block *block, qhm_trajectory *trajectory,
                       uint64_t qubits)
{
    const qhm_statevector *plan = shared->plan;
    const qhm_request *request = block->run->request;
    const size_t setting = block->run->setting, sample = block->first;
    uint64_t read = qubits;
    if (plan->noise->readout_flips && (setting < plan->setting_count || request->samples)) {
        qhm_random stream = qhm_statevector_noise_stream(
            plan, request, sample, (uint64_t)setting << 40 | (1 + trajectory->state), 1);
        read ^= qhm_statevector_readout_flips(plan, &stream, qubits);
    }
    if (setting < plan->setting_count) {
        int64_t *sums = plan->outcome_sums + sample * plan->term_count;
        for (size_t t = 0; t < plan->term_count; t++) {
            const qhm_term *term = &plan->terms[t];
            if (term->setting == setting)
                __atomic_fetch_add(
                    &sums[t], __builtin_parityll(read & (term->qubits.x | term->qubits.z)) ? -1 : 1,
                    __ATOMIC_RELAXED);
        }
        return;
    }
    const size_t place = sample * request->shots + trajectory->state;
    if (request->samples)
        request->samples[place] = read;
    if (!request->bits)
        return;
    uint64_t *bits = request->bits + place * plan->bit_words;
    memset(bits, 0, plan->bit_words * sizeof *bits);
    for (size_t b = 0; b < plan->bit_count; b++) {
        if (plan->deferred[b] == UINT32_MAX)
            continue;
        bool value = qubits >> plan->deferred[b] & 1;
        const double *flips = shared->bit_flips[b];
        if (flips[0] != 0 || flips[1] != 0)
            value ^= qhm_random_uniform(&trajectory->noise) < flips[value];
        bits[b / 64] |= (uint64_t)value << b % 64;
    }
}

// The state of one shot, up to a phase.
static void write_state(const qhm_shared *shared, const qhm_block *block,
                        const qhm_trajectory *trajectory)
{
    const qhm_statevector *plan = shared->plan;
    const qhm_request *request = block->run->request;
    const size_t all = (size_t)1 << plan->qubit_count;
    const qhm_pauli_masks string = string_of(plan->wide, trajectory);
    for (size_t first = 0; first < all;) {
        const size_t count = qhm_statevector_read(block, 0, first);
        const double *re = block->work->amplitudes, *im = re + QHM_AMPLITUDE_CHUNK;
        for (size_t i = 0; i < count; i++) {
            const uint64_t y = first + i, stored = qhm_frame_qubits(plan->frame, y ^ string.x);
            const size_t place = block->first * all + (size_t)qubits_of(plan, stored);
            const double sign = qhm_sign(y & string.z);
            if (request->states)
                request->states[place] = (qhm_complex){sign * re[i], sign * im[i]};
            if (request->probabilities)
                request->probabilities[place] = re[i] * re[i] + im[i] * im[i];
        }
        first += count;
    }
}

static void draw_shots(const qhm_shared *shared, const qhm_block *block, qhm_shared_worker *worker,
                       const uint32_t *group, size_t count)
{
    const qhm_statevector_run *run = block->run;
    const qhm_statevector *plan = shared->plan;
    const bool is_turned = qhm_statevector_changes_basis(plan, run->setting);
    if (run->setting == plan->setting_count &&
        (run->request->states || run->request->probabilities)) // of a single shot
        write_state(shared, block, &worker->trajectories[group[0]]);
    qhm_statevector_turn(block, run->setting, 1);
    reading r = {.shared = shared, .psi = &block->work->psi, .sums = worker->sums};
    find_sums(&r);
    for (size_t i = 0; i < count; i++) {
        qhm_trajectory *trajectory = &worker->trajectories[group[i]];
        qhm_random stream =
            qhm_random_stream(run->request->seed, QHM_RANDOM_SHOTS, run->request->step,
                              run->request->first_sample + block->first,
                              (uint64_t)run->setting << 40 | (1 + trajectory->state));
        uint64_t outcome = draw(&r, &stream);
        outcome = qubits_of(plan, is_turned ? outcome : qhm_frame_qubits(plan->frame, outcome));
        const qhm_pauli_masks string = string_of(plan->wide, trajectory);
        if (string.x || string.z)
            outcome ^= flips_of(plan, string, run->setting);
        write_shot(shared, block, trajectory, outcome);
    }
}

// Strings only change the signs of values.
static void read_values(const qhm_shared *shared, const qhm_block *block, qhm_shared_worker *worker,
                        const uint32_t *group, size_t count, double *values)
{
    const qhm_statevector *plan = shared->plan;
    const size_t states = plan->noise->trajectories;
    qhm_statevector_find_terms(block);
    for (size_t i = 0; i < count; i++) {
        const qhm_trajectory *trajectory = &worker->trajectories[group[i]];
        const qhm_pauli_masks string = string_of(plan->wide, trajectory);
        double *out = values + (block->first * states + trajectory->state) * plan->observable_count;
        memcpy(out, plan->constant_values, plan->observable_count * sizeof *out);
        for (size_t u = 0; u < plan->use_count; u++) {
            const qhm_pauli_masks *term = &plan->terms[plan->uses[u].term].stored;
            const bool is_odd =
                __builtin_parityll(string.x & term->z) ^ __builtin_parityll(string.z & term->x);
            const double value = block->work->term_values[plan->uses[u].term];
            out[plan->uses[u].observable] += plan->uses[u].coefficient * (is_odd ? -value : value);
        }
    }
}

void qhm_shared_read(const qhm_shared *shared, const qhm_block *block, qhm_shared_worker *worker,
                     const uint32_t *group, size_t count, double *values)
{
    if (block->run->request->shots > 0)
        draw_shots(shared, block, worker, group, count);
    else
        read_values(shared, block, worker, group, count, values);
}
