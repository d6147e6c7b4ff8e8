// Runs requests: blocks of samples over threads, or one sample at a time in tiles.
#include "base/memory.h"
#include "base/parallel.h"
#include "circuit/circuit_internal.h"
#include "simulate/branches.h"
#include "simulate/density/density_internal.h"

#include <string.h>

static size_t samples_a_block(const qhm_density *plan)
{
    return plan->is_wide ? 1 : plan->lanes;
}

static void run_blocks(size_t first, size_t last, void *context)
{
    const qhm_density_run *run = context;
    const qhm_density *plan = run->plan;
    const size_t samples = samples_a_block(plan);
    for (size_t b = first; b < last; b++) {
        qhm_density_block block = {
            .run = run, .work = qhm_density_take_work(plan), .index = b, .first = b * samples};
        block.count = run->request->batch_count - block.first;
        if (block.count > samples)
            block.count = samples;
        qhm_density_prepare_own(&block);
        qhm_density_forward(&block);
        qhm_density_read_out(&block);
        if (run->wants_adjoint)
            qhm_density_adjoint(&block);
        qhm_density_give_back_work(block.work);
    }
}

static void clear_gradients(const qhm_density_run *run, size_t blocks)
{
    const qhm_density *plan = run->plan;
    const qhm_request *request = run->request;
    if (request->input_gradients)
        memset(request->input_gradients, 0,
               request->batch_count * plan->input_count * sizeof *request->input_gradients);
    if (!request->weight_gradients)
        return;
    const size_t rows = request->weights_per_sample ? request->batch_count : 1;
    memset(request->weight_gradients, 0,
           rows * plan->weight_count * sizeof *request->weight_gradients);
    if (!request->weights_per_sample)
        memset(plan->partial_gradients, 0,
               blocks * plan->weight_count * sizeof *plan->partial_gradients);
}

static void add_partial_gradients(const qhm_density_run *run, size_t blocks)
{
    const qhm_density *plan = run->plan;
    if (!run->request->weight_gradients || run->request->weights_per_sample)
        return;
    for (size_t b = 0; b < blocks; b++)
        for (size_t w = 0; w < plan->weight_count; w++)
            run->request->weight_gradients[w] +=
                plan->partial_gradients[b * plan->weight_count + w];
}

static qhm_status refuse_states(const qhm_request *request)
{
    if (!request->states)
        return QHM_OK;
    return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                    "states are wanted, but a density matrix has no amplitudes; ask for "
                    "probabilities or expectations");
}

qhm_status qhm_density_submit(void *state, const qhm_request *request, void **job)
{
    qhm_density *plan = state;
    *job = NULL;
    QHM_TRY(refuse_states(request));
    if (plan->needs_outcomes || (plan->has_early_bits && request->bits))
        return qhm_density_outcomes_submit(plan->outcomes, request);
    qhm_density_run run = {.plan = plan,
                           .request = request,
                           .shares_weights =
                               !request->weights_per_sample || request->batch_count == 1,
                           .wants_adjoint = qhm_request_wants_gradients(request)};
    const bool wants_signs = request->shots > 0 && request->expectations;
    QHM_TRY(qhm_density_reserve(plan, request->batch_count, run.wants_adjoint, wants_signs));
    if (wants_signs)
        memset(plan->sums, 0, request->batch_count * plan->readout.term_count * sizeof *plan->sums);
    const size_t blocks = (request->batch_count - 1) / samples_a_block(plan) + 1;
    if (run.wants_adjoint)
        clear_gradients(&run, blocks);
    qhm_density_prepare_shared(&run);
    if (qhm_density_is_tiled(plan) || blocks == 1)
        run_blocks(0, blocks, &run);
    else
        qhm_parallel_for(blocks, 1, run_blocks, &run);
    if (run.wants_adjoint)
        add_partial_gradients(&run, blocks);
    return QHM_OK;
}

// An exact distribution from the final state of one sample.
typedef struct listing {
    const qhm_density *plan;
    const qhm_exact_request *request;
    qhm_distribution *distribution;
    uint64_t *bits, *mask; // [bit_words]
} listing;

// Appends an outcome of the qubits for all that may be read of it, from bit b on.
static qhm_status append_readings(const listing *l, uint64_t qubits, size_t b, double weight)
{
    const qhm_density *plan = l->plan;
    while (b < plan->bit_count &&
           (plan->deferred[b] == UINT32_MAX || !(l->mask[b / 64] >> b % 64 & 1)))
        b++;
    if (b == plan->bit_count) {
        if (weight < l->request->least_probability) {
            *l->request->lost_probability += weight;
            return QHM_OK;
        }
        return qhm_distribution_append(l->distribution, l->bits, weight);
    }
    const bool truth = qubits >> plan->deferred[b] & 1;
    const double flip = plan->flips[b][truth];
    const uint64_t place = (uint64_t)1 << b % 64;
    for (int is_wrong = 0; is_wrong < 2; is_wrong++) {
        const double part = weight * (is_wrong ? flip : 1 - flip);
        if (part <= 0)
            continue;
        if (truth != (bool)is_wrong)
            l->bits[b / 64] |= place;
        else
            l->bits[b / 64] &= ~place;
        QHM_TRY(append_readings(l, qubits, b + 1, part));
        l->bits[b / 64] &= ~place;
    }
    if (qhm_distribution_outcome_count(l->distribution) > l->request->max_outcomes)
        return qhm_fail_outcome_limit(l->request);
    return QHM_OK;
}

static qhm_status list_outcomes(listing *l, const double *probabilities)
{
    const qhm_density *plan = l->plan;
    uint64_t measured = 0;
    double total = 0;
    for (size_t b = 0; b < plan->bit_count; b++)
        if (plan->deferred[b] != UINT32_MAX && l->mask[b / 64] >> b % 64 & 1)
            measured |= (uint64_t)1 << plan->deferred[b];
    const size_t all = (size_t)1 << plan->qubit_count;
    double *sums; // of outcomes that differ in measured qubits only
    QHM_TRY(qhm_allocate(all, sizeof *sums, &sums));
    for (size_t i = 0; i < all; i++) {
        sums[i & measured] += probabilities[i];
        total += probabilities[i];
    }
    qhm_status status = QHM_OK;
    for (size_t i = 0; status == QHM_OK && i < all; i++)
        if (sums[i] > 0)
            status = append_readings(l, i, 0, sums[i] / total);
    qhm_release(sums);
    return status;
}

static qhm_status list(const qhm_density *plan, const qhm_exact_request *request,
                       const double *probabilities, qhm_distribution *distribution)
{
    listing l = {.plan = plan, .request = request, .distribution = distribution};
    QHM_TRY(qhm_allocate(2 * plan->bit_words, sizeof *l.bits, &l.bits));
    l.mask = l.bits + plan->bit_words;
    qhm_circuit_mark_registers(plan->circuit, l.mask);
    const qhm_status status = list_outcomes(&l, probabilities);
    qhm_release(l.bits);
    return status;
}

qhm_status qhm_density_run_exact(void *state, const qhm_exact_request *request,
                                 qhm_distribution *distribution)
{
    qhm_density *plan = state;
    if (plan->needs_outcomes || plan->has_early_bits)
        return qhm_density_outcomes_run_exact(plan->outcomes, request, distribution);
    double *probabilities;
    void *job;
    QHM_TRY(qhm_allocate((size_t)1 << plan->qubit_count, sizeof *probabilities, &probabilities));
    qhm_status status = qhm_density_submit(plan,
                                           &(qhm_request){.batch_count = 1,
                                                          .inputs = request->inputs,
                                                          .weights = request->weights,
                                                          .expectations = request->expectations,
                                                          .probabilities = probabilities},
                                           &job);
    if (status == QHM_OK && distribution)
        status = list(plan, request, probabilities, distribution);
    qhm_release(probabilities);
    return status;
}
