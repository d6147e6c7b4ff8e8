// Reads density matrices: expectation values are coefficients, probabilities their Walsh-Hadamard
// transform.
#include "base/parallel.h"
#include "base/running_sums.h"
#include "circuit/circuit_internal.h"
#include "simulate/density/density_internal.h"

#include <string.h>

enum { SHOTS_A_BLOCK = 1024 };

qhm_density_view qhm_density_view_of(const qhm_density *plan, const void *state, size_t lane)
{
    return (qhm_density_view){state, plan->kernels->real_bytes, plan->is_wide ? 1 : plan->lanes,
                              plan->is_wide ? 0 : lane};
}

size_t qhm_density_element(const qhm_density *plan, const qhm_pauli_factor *factors, size_t count)
{
    size_t element = 0;
    for (size_t f = 0; f < count; f++)
        element |= (size_t)factors[f].pauli << 2 * plan->places[factors[f].qubit];
    return element;
}

void qhm_density_probabilities(const qhm_density_view *view, size_t qubit_count,
                               const uint8_t *places, const uint8_t *letters, double *out)
{
    const size_t all = (size_t)1 << qubit_count;
    size_t changes[QHM_DENSITY_MAX_QUBITS];
    for (size_t q = 0; q < qubit_count; q++) {
        const size_t letter = letters && letters[q] != QHM_PAULI_I ? letters[q] : QHM_PAULI_Z;
        changes[q] = letter << 2 * places[q];
    }
    for (size_t i = 0; i < all; i++) {
        size_t element = 0;
        for (size_t q = 0; q < qubit_count; q++)
            element |= i >> q & 1 ? changes[q] : 0;
        out[i] = qhm_density_coefficient(view, element) / (double)all;
    }
    for (size_t step = 1; step < all; step *= 2)
        for (size_t i = 0; i < all; i++)
            if (!(i & step)) {
                const double a = out[i], b = out[i | step];
                out[i] = a + b;
                out[i | step] = a - b;
            }
    for (size_t i = 0; i < all; i++)
        out[i] = out[i] > 0 ? out[i] : 0; // rounding
}

static void write_expectations(const qhm_density_block *block, size_t lane)
{
    const qhm_density *plan = block->run->plan;
    const qhm_readout *exact = &plan->exact;
    double *values =
        block->run->request->expectations + (block->first + lane) * plan->observable_count;
    const qhm_density_view view = qhm_density_view_of(plan, block->work->state, lane);
    memcpy(values, exact->constants, plan->observable_count * sizeof *values);
    for (size_t t = 0; t < exact->term_count; t++) {
        const qhm_readout_term *term = &exact->terms[t];
        const size_t element =
            qhm_density_element(plan, exact->factors + term->first_factor, term->factor_count);
        values[term->observable] += term->coefficient * qhm_density_coefficient(&view, element);
    }
}

// Shots of a sample in a setting, or (setting_count) in the computational basis.
typedef struct shots_context {
    const qhm_density_block *block;
    size_t sample, setting;
    const double *sums; // [2^n] of probabilities up to each outcome
} shots_context;

uint64_t qhm_density_read_wrong(const qhm_density *plan, uint64_t outcome, qhm_random *stream)
{
    for (size_t q = 0; plan->readout_flips && q < plan->qubit_count; q++) {
        const double flip = plan->readout_flips[q][outcome >> q & 1];
        if (flip > 0 && qhm_random_uniform(stream) < flip)
            outcome ^= (uint64_t)1 << q;
    }
    return outcome;
}

static void write_bits(const qhm_density *plan, uint64_t qubits, qhm_random *stream, uint64_t *out)
{
    memset(out, 0, plan->bit_words * sizeof *out);
    for (size_t b = 0; b < plan->bit_count; b++) {
        if (plan->deferred[b] == UINT32_MAX)
            continue;
        uint64_t bit = qubits >> plan->deferred[b] & 1;
        const double flip = plan->flips[b][bit];
        if (flip > 0 && qhm_random_uniform(stream) < flip)
            bit ^= 1;
        out[b / 64] |= bit << b % 64;
    }
}

static void draw_shots(size_t first, size_t last, void *context)
{
    const shots_context *c = context;
    const qhm_density *plan = c->block->run->plan;
    const qhm_request *request = c->block->run->request;
    const bool is_setting = c->setting < plan->readout.setting_count;
    int64_t *sums = plan->sums + c->sample * plan->readout.term_count;
    for (size_t shot = first; shot < last; shot++) {
        qhm_random stream = qhm_random_stream(request->seed, QHM_RANDOM_SHOTS, request->step,
                                              request->first_sample + c->sample,
                                              (uint64_t)c->setting << 40 | (1 + shot));
        const uint64_t outcome =
            qhm_running_sums_draw(c->sums, (size_t)1 << plan->qubit_count, &stream);
        const size_t place = c->sample * request->shots + shot;
        if (!is_setting && request->bits)
            write_bits(plan, outcome, &stream, request->bits + place * plan->bit_words);
        const uint64_t read = qhm_density_read_wrong(plan, outcome, &stream);
        if (!is_setting && request->samples)
            request->samples[place] = read;
        for (size_t t = 0; is_setting && t < plan->readout.term_count; t++)
            if (plan->readout.terms[t].setting == c->setting)
                __atomic_fetch_add(&sums[t],
                                   qhm_readout_sign(&plan->readout, &plan->readout.terms[t], &read),
                                   __ATOMIC_RELAXED);
    }
}

static void draw_setting(const qhm_density_block *block, size_t lane, size_t setting)
{
    const qhm_density *plan = block->run->plan;
    double *sums = block->work->outcomes;
    const qhm_density_view view = qhm_density_view_of(plan, block->work->state, lane);
    qhm_density_probabilities(&view, plan->qubit_count, plan->places,
                              setting < plan->readout.setting_count
                                  ? plan->readout.letters + setting * plan->qubit_count
                                  : NULL,
                              sums);
    for (size_t i = 1; i < (size_t)1 << plan->qubit_count; i++)
        sums[i] += sums[i - 1];
    shots_context c = {block, block->first + lane, setting, sums};
    qhm_parallel_for(block->run->request->shots, SHOTS_A_BLOCK, draw_shots, &c);
}

static void average_signs(const qhm_density_block *block, size_t lane)
{
    const qhm_density *plan = block->run->plan;
    const qhm_readout *readout = &plan->readout;
    const size_t sample = block->first + lane;
    double *out = block->run->request->expectations + sample * plan->observable_count;
    memcpy(out, readout->constants, plan->observable_count * sizeof *out);
    for (size_t t = 0; t < readout->term_count; t++)
        out[readout->terms[t].observable] += readout->terms[t].coefficient *
                                             (double)plan->sums[sample * readout->term_count + t] /
                                             (double)block->run->request->shots;
}

void qhm_density_read_out(const qhm_density_block *block)
{
    const qhm_density *plan = block->run->plan;
    const qhm_request *request = block->run->request;
    for (size_t lane = 0; lane < block->count; lane++) {
        if (request->expectations && request->shots == 0)
            write_expectations(block, lane);
        if (request->expectations && request->shots > 0) {
            for (size_t s = 0; s < plan->readout.setting_count; s++)
                draw_setting(block, lane, s);
            average_signs(block, lane);
        }
        if (request->samples || request->bits)
            draw_setting(block, lane, plan->readout.setting_count);
        if (request->probabilities) {
            const qhm_density_view view = qhm_density_view_of(plan, block->work->state, lane);
            qhm_density_probabilities(&view, plan->qubit_count, plan->places, NULL,
                                      request->probabilities +
                                          (block->first + lane) * ((size_t)1 << plan->qubit_count));
        }
    }
}
