// Outcomes: mid-circuit measurements and resets lane by lane, and samples of final states.
#include "simulate/statevector/statevector_internal.h"

#include <math.h>
#include <string.h>

// Every state has its own stream, keyed by its sample, setting and shot: how samples are put
// into batches, and which thread runs them, changes nothing.
qhm_random qhm_statevector_stream(const qhm_block *block, size_t in_block, size_t setting)
{
    const qhm_statevector_run *run = block->run;
    size_t state = block->first + in_block;
    uint64_t sample = run->request->first_sample + state / run->lanes_per_sample;
    uint64_t shot = run->plan->is_random ? 1 + state % run->lanes_per_sample : 0;
    return qhm_random_stream(run->request->seed, QHM_RANDOM_SHOTS, run->request->step, sample,
                             (uint64_t)setting << 40 | shot);
}

// Probabilities that a position holds 1, and norms, for each state of the block.
static void find_probabilities(const qhm_block *block, const qhm_step *step, double *ones,
                               double *norms)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_rows *psi = &block->work->psi;
    const size_t lanes = block->lanes;
    double *sums = block->work->sums;
    qhm_row_gate all = {0},
                 one = {.fixed = step->gate.targets[0], .controls = step->gate.targets[0]};
    for (int pass = 0; pass < 2; pass++) {
        double *out = pass == 0 ? norms : ones;
        const qhm_row_gate *gate = pass == 0 ? &all : &one;
        size_t required = pass == 0 ? 0 : step->gate.flip; // of the lane number
        qhm_statevector_inner(block, psi, psi, gate, plan->row_count >> (gate->fixed != 0), sums);
        if (!plan->is_wide) {
            memcpy(out, sums, lanes * sizeof *out);
            continue;
        }
        out[0] = 0;
        for (size_t lane = 0; lane < lanes; lane++)
            if ((lane & required) == required)
                out[0] += sums[lane];
    }
}

// The matrix that keeps an outcome, rescaled; a reset also moves it to |0>.
static void outcome_matrix(const qhm_step *step, bool outcome, double probability, double *m)
{
    memset(m, 0, 4 * sizeof *m);
    double factor = 1 / sqrt(probability);
    if (step->kind == QHM_STEP_RESET)
        m[outcome] = factor;
    else
        m[outcome ? 3 : 0] = factor;
}

static void write_outcome(const qhm_block *block, const qhm_step *step, size_t in_block,
                          const double *m)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_statevector_kernels *kernels = plan->kernels;
    char *out = block->work->blended;
    if (!plan->is_wide) {
        for (size_t k = 0; k < 8; k++)
            kernels->from_double(1, &(double){k < 4 ? m[k] : 0},
                                 out + (k * block->lanes + in_block) * kernels->real_bytes);
        return;
    }
    if (!step->gate.flip) {
        kernels->from_double(8, (double[8]){m[0], m[1], m[2], m[3]}, out);
        return;
    }
    for (size_t lane = 0; lane < block->lanes; lane++) {
        bool is_one = lane & step->gate.flip;
        double mix[4] = {is_one ? m[3] : m[0], 0, is_one ? m[2] : m[1], 0};
        for (size_t k = 0; k < 4; k++)
            kernels->from_double(1, &mix[k], out + (k * block->lanes + lane) * kernels->real_bytes);
    }
}

bool qhm_statevector_is_running(const qhm_block *block, const qhm_step *step, size_t in_block)
{
    const qhm_workspace *work = block->work;
    const uint64_t *bits = work->bits + in_block * block->run->plan->bit_words;
    return work->live[work->depth * block->samples + in_block] &&
           (!step->condition || qhm_condition_holds(step->condition, bits));
}

static void write_bit(const qhm_block *block, size_t in_block, const qhm_step *step, bool value)
{
    uint64_t *word =
        block->work->bits + in_block * block->run->plan->bit_words + step->written_bit / 64;
    const uint64_t bit = (uint64_t)1 << (step->written_bit % 64);
    *word = value ? *word | bit : *word & ~bit;
}

// Enters or leaves the loop that begins at step `index`: states that left it earlier have not
// changed since, and their condition still does not hold.
static size_t test_loop(const qhm_block *block, size_t index)
{
    const qhm_statevector *plan = block->run->plan;
    qhm_workspace *work = block->work;
    bool *inside = work->live + (work->depth + 1) * block->samples;
    bool is_any = false;
    for (size_t i = 0; i < block->samples; i++) {
        inside[i] = qhm_statevector_is_running(block, &plan->steps[index], i);
        is_any |= inside[i];
    }
    if (!is_any || atomic_load_explicit(&block->run->plan->is_endless, memory_order_relaxed))
        return plan->steps[index].partner + 1;
    work->depth++;
    return index + 1;
}

size_t qhm_statevector_run_classical(const qhm_block *block, size_t index)
{
    qhm_statevector *plan = block->run->plan;
    const qhm_step *step = &plan->steps[index];
    qhm_workspace *work = block->work;
    if (step->kind == QHM_STEP_WHILE)
        return test_loop(block, index);
    if (step->kind == QHM_STEP_END) {
        work->depth--;
        if (++work->turns > QHM_LOOP_MAX_TURNS)
            atomic_store_explicit(&plan->is_endless, true, memory_order_relaxed);
        return step->partner;
    }
    for (size_t i = 0; i < block->samples; i++)
        if (qhm_statevector_is_running(block, step, i))
            write_bit(block, i, step, step->written_value);
    return index + 1;
}

// Multiplies by the matrices in `blended`.
static void apply_outcomes(const qhm_block *block, const qhm_step *step)
{
    const qhm_statevector *plan = block->run->plan;
    qhm_row_gate gate = step->gate;
    gate.coefficients = block->work->blended;
    gate.is_uniform = plan->is_wide && !gate.flip;
    qhm_statevector_apply_gate(block, &block->work->psi, step->kernel, &gate, step->walk_count);
}

static bool is_written_wrong(const qhm_block *block, const qhm_step *step, size_t in_block,
                             bool outcome)
{
    if (step->flips[0] == 0 && step->flips[1] == 0)
        return false;
    return qhm_random_uniform(&block->work->noise_streams[in_block]) < step->flips[outcome];
}

void qhm_statevector_measure(const qhm_block *block, const qhm_step *step)
{
    const qhm_statevector *plan = block->run->plan;
    qhm_workspace *work = block->work;
    double *ones = work->term_values, *norms = ones + plan->block_samples;
    find_probabilities(block, step, ones, norms);
    for (size_t i = 0; i < block->samples; i++) {
        double m[4] = {1, 0, 0, 1};
        if (qhm_statevector_is_running(block, step, i)) {
            double target = qhm_random_uniform(&work->streams[i]) * norms[i];
            bool outcome = target < ones[i] || ones[i] >= norms[i];
            double probability = outcome ? ones[i] : norms[i] - ones[i];
            outcome_matrix(step, outcome, probability, m);
            if (step->kind == QHM_STEP_MEASURE)
                write_bit(block, i, step, outcome ^ is_written_wrong(block, step, i, outcome));
        }
        write_outcome(block, step, i, m);
    }
    apply_outcomes(block, step);
}

void qhm_statevector_weigh(const qhm_block *block, const qhm_step *step, double *one, double *norm)
{
    double *ones = block->work->term_values, *norms = ones + block->run->plan->block_samples;
    find_probabilities(block, step, ones, norms);
    *one = ones[0] < norms[0] ? ones[0] : norms[0];
    *norm = norms[0];
}

void qhm_statevector_choose(const qhm_block *block, const qhm_step *step, bool outcome,
                            double probability)
{
    double m[4];
    outcome_matrix(step, outcome, probability, m);
    for (size_t i = 0; i < block->samples; i++) {
        if (step->kind == QHM_STEP_MEASURE)
            write_bit(block, i, step, outcome);
        write_outcome(block, step, i, m);
    }
    apply_outcomes(block, step);
}

size_t qhm_statevector_read(const qhm_block *block, size_t in_block, size_t first)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_workspace *work = block->work;
    const size_t all = (size_t)1 << plan->qubit_count, left = all - first;
    const size_t count = left < QHM_AMPLITUDE_CHUNK ? left : QHM_AMPLITUDE_CHUNK;
    const size_t stride = plan->is_wide ? 1 : block->lanes;
    const size_t offset = first * stride + (plan->is_wide ? 0 : in_block);
    plan->kernels->gather(count, work->psi.re, offset, stride, work->amplitudes);
    plan->kernels->gather(count, work->psi.im, offset, stride,
                          work->amplitudes + QHM_AMPLITUDE_CHUNK);
    return count;
}

static double probability_at(const qhm_workspace *work, size_t i)
{
    double re = work->amplitudes[i], im = work->amplitudes[QHM_AMPLITUDE_CHUNK + i];
    return re * re + im * im;
}

// prefix[i]: the probability of all amplitudes before stretch i.
static void sum_prefixes(const qhm_block *block, size_t in_block)
{
    const qhm_statevector *plan = block->run->plan;
    const size_t all = (size_t)1 << plan->qubit_count;
    double *prefix = block->work->prefix, sum = 0;
    for (size_t first = 0; first < all; first += QHM_AMPLITUDE_CHUNK) {
        size_t count = qhm_statevector_read(block, in_block, first);
        for (size_t i = 0; i < count; i++) {
            if ((first + i) % plan->stretch == 0)
                prefix[(first + i) / plan->stretch] = sum;
            sum += probability_at(block->work, i);
        }
    }
    prefix[all / plan->stretch] = sum;
}

// The number of the amplitude at which the running sum passes `target`.
static uint64_t find_outcome(const qhm_block *block, size_t in_block, double target)
{
    const qhm_statevector *plan = block->run->plan;
    const double *prefix = block->work->prefix;
    size_t low = 0, high = ((size_t)1 << plan->qubit_count) / plan->stretch;
    while (high - low > 1) { // prefix[low] <= target < prefix[high]
        size_t middle = low + (high - low) / 2;
        if (prefix[middle] <= target)
            low = middle;
        else
            high = middle;
    }
    if (plan->stretch == 1)
        return low;
    double sum = prefix[low];
    for (size_t first = low * plan->stretch; first < (low + 1) * plan->stretch;) {
        size_t count = qhm_statevector_read(block, in_block, first);
        for (size_t i = 0; i < count; i++) {
            sum += probability_at(block->work, i); // added as the prefix was: the same bits
            if (sum > target)
                return first + i;
        }
        first += count;
    }
    return (low + 1) * plan->stretch - 1;
}

uint64_t qhm_statevector_to_qubits(const qhm_statevector_run *run, uint64_t amplitude)
{
    const qhm_statevector *plan = run->plan;
    const uint64_t positions = plan->frame ? qhm_frame_qubits(plan->frame, amplitude) : amplitude;
    if (!plan->is_permuted)
        return positions;
    uint64_t qubits = 0;
    for (size_t q = 0; q < plan->qubit_count; q++)
        qubits |= (positions >> plan->positions[q] & 1) << q;
    return qubits;
}

// What the readout of a shot gets wrong, by its place among all shots of the request.
static uint64_t readout_flips(const qhm_block *block, size_t place, size_t setting, uint64_t qubits)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_request *request = block->run->request;
    if (!plan->noise || !plan->noise->readout_flips)
        return 0;
    qhm_random stream =
        qhm_statevector_noise_stream(plan, request, place / request->shots,
                                     (uint64_t)setting << 40 | (1 + place % request->shots), 1);
    return qhm_statevector_readout_flips(plan, &stream, qubits);
}

static void write_sample(const qhm_block *block, size_t in_block, size_t place, uint64_t outcome)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_request *request = block->run->request;
    uint64_t qubits = qhm_statevector_to_qubits(block->run, outcome);
    if (request->samples)
        request->samples[place] = qubits ^ readout_flips(block, place, plan->setting_count, qubits);
    if (!request->bits)
        return;
    uint64_t *bits = request->bits + place * plan->bit_words;
    if (plan->is_random) {
        memcpy(bits, block->work->bits + in_block * plan->bit_words,
               plan->bit_words * sizeof *bits);
        return;
    }
    memset(bits, 0, plan->bit_words * sizeof *bits);
    for (size_t b = 0; b < plan->bit_count; b++)
        if (plan->deferred[b] != UINT32_MAX)
            bits[b / 64] |= (qubits >> plan->deferred[b] & 1) << (b % 64);
}

bool qhm_statevector_changes_basis(const qhm_statevector *plan, size_t setting)
{
    return setting < plan->setting_count &&
           plan->setting_steps[setting] < plan->setting_steps[setting + 1];
}

// An outcome of positions with what its readout gets wrong.
static uint64_t flip_positions(const qhm_block *block, size_t place, size_t setting,
                               uint64_t outcome)
{
    const qhm_statevector *plan = block->run->plan;
    const uint64_t flips =
        readout_flips(block, place, setting, qhm_statevector_to_qubits(block->run, outcome));
    for (size_t q = 0; q < plan->qubit_count; q++)
        outcome ^= (flips >> q & 1) << plan->positions[q];
    return outcome;
}

// Adds the signs of an outcome to its sample's sums. Integers: the order does not matter.
static void add_outcome(const qhm_block *block, size_t place, size_t setting, uint64_t outcome)
{
    const qhm_statevector *plan = block->run->plan;
    int64_t *sums = plan->outcome_sums + place / block->run->request->shots * plan->term_count;
    const bool is_stored = plan->frame && !qhm_statevector_changes_basis(plan, setting);
    if (plan->noise)
        outcome = flip_positions(block, place, setting, outcome);
    for (size_t t = 0; t < plan->term_count; t++) {
        const qhm_term *term = &plan->terms[t];
        if (term->setting != setting)
            continue;
        const qhm_pauli_masks *masks = is_stored ? &term->stored : &term->positions;
        int sign = __builtin_parityll(outcome & (masks->x | masks->z)) ? -1 : 1;
        __atomic_fetch_add(&sums[t], sign, __ATOMIC_RELAXED);
    }
}

void qhm_statevector_turn(const qhm_block *block, size_t setting, double sign)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_rows *psi = &block->work->psi;
    const size_t first = plan->setting_steps[setting];
    const size_t last = plan->setting_steps[setting < plan->setting_count ? setting + 1 : setting];
    const bool renames = plan->frame && qhm_statevector_changes_basis(plan, setting);
    for (size_t s = plan->renaming_first; sign > 0 && renames && s < plan->renaming_last; s++)
        qhm_statevector_apply(block, psi, &plan->steps[s], 1);
    for (size_t i = 0; i < last - first; i++)
        qhm_statevector_apply(block, psi, &plan->steps[sign > 0 ? first + i : last - 1 - i], sign);
    for (size_t s = plan->renaming_last; sign < 0 && renames && s-- > plan->renaming_first;)
        qhm_statevector_apply(block, psi, &plan->steps[s], -1);
}

static void sample_setting(const qhm_block *block, size_t setting)
{
    const qhm_statevector_run *run = block->run;
    const qhm_statevector *plan = run->plan;
    const size_t shots = run->request->shots, per_state = shots / run->lanes_per_sample;
    qhm_statevector_turn(block, setting, 1);
    for (size_t i = 0; i < block->count; i++) {
        size_t sample = (block->first + i) / run->lanes_per_sample;
        size_t shot = (block->first + i) % run->lanes_per_sample;
        qhm_random stream =
            plan->is_random ? block->work->streams[i] : qhm_statevector_stream(block, i, setting);
        sum_prefixes(block, i);
        double norm = block->work->prefix[((size_t)1 << plan->qubit_count) / plan->stretch];
        for (size_t j = 0; j < per_state; j++) {
            double target = qhm_random_uniform(&stream) * norm;
            uint64_t outcome = find_outcome(block, i, target);
            if (setting == plan->setting_count)
                write_sample(block, i, sample * shots + shot + j, outcome);
            else
                add_outcome(block, sample * shots + shot + j, setting, outcome);
        }
    }
    qhm_statevector_turn(block, setting, -1);
}

void qhm_statevector_sample(const qhm_block *block)
{
    const qhm_statevector_run *run = block->run;
    if (run->plan->is_random) {
        sample_setting(block, run->setting);
        return;
    }
    for (size_t s = 0; run->request->expectations && s < run->plan->setting_count; s++)
        sample_setting(block, s);
    if (run->request->samples || run->request->bits)
        sample_setting(block, run->plan->setting_count);
}
