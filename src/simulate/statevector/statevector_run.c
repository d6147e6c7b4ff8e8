// Runs a request: blocks of samples over threads, each through the circuit and its outputs.
#include "base/parallel.h"
#include "base/status_internal.h"
#include "simulate/statevector/statevector_internal.h"
#include "simulate/statevector/wide_run.h"

#include <string.h>

enum { THREADS_FROM_FLOPS = 1 << 18 };

qhm_workspace *qhm_statevector_take_workspace(const qhm_statevector *plan)
{
    for (size_t i = 0;; i = (i + 1) % plan->workspace_count)
        if (!atomic_exchange_explicit(&plan->workspaces[i].is_taken, true, memory_order_acquire))
            return &plan->workspaces[i];
}

// Amplitudes come in the order of their numbers, which the basis states of qubits are linear in:
// from one number to the next the lowest bits change, up to its lowest 0.
static void write_states(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_request *request = block->run->request;
    const size_t all = (size_t)1 << plan->qubit_count;
    uint64_t changes[QHM_STATEVECTOR_MAX_QUBITS];
    for (size_t b = 0; b < plan->qubit_count; b++)
        changes[b] = qhm_statevector_to_qubits(block->run, ((uint64_t)2 << b) - 1);
    for (size_t i = 0; i < block->count; i++) {
        uint64_t state = 0;
        for (size_t first = 0; first < all;) {
            size_t count = qhm_statevector_read(block, i, first);
            const double *re = block->work->amplitudes, *im = re + QHM_AMPLITUDE_CHUNK;
            for (size_t j = 0; j < count; j++) {
                const size_t place = (size_t)state + (block->first + i) * all;
                if (request->states)
                    request->states[place] = (qhm_complex){re[j], im[j]};
                if (request->probabilities)
                    request->probabilities[place] = re[j] * re[j] + im[j] * im[j];
                if (first + j + 1 < all)
                    state ^= changes[__builtin_ctzll(first + j + 1)];
            }
            first += count;
        }
    }
}

static void run_block(const qhm_block *block)
{
    const qhm_statevector_run *run = block->run;
    const qhm_statevector *plan = run->plan;
    const qhm_request *request = run->request;
    if (run->uses_wide) {
        qhm_wide_forward(block);
    } else if (run->uses_kept) {
        qhm_statevector_prepare_own(block);
        qhm_statevector_restore(block);
    } else {
        qhm_statevector_prepare_own(block);
        qhm_statevector_reset(block, plan->batch ? plan->batch->start * block->lanes : 0);
    }
    if (plan->is_random) {
        memset(block->work->bits, 0, block->samples * plan->bit_words * sizeof *block->work->bits);
        memset(block->work->live, true, block->samples * sizeof *block->work->live);
        block->work->depth = block->work->turns = 0;
        for (size_t i = 0; i < block->samples; i++)
            block->work->streams[i] = qhm_statevector_stream(block, i, run->setting);
        if (plan->noise)
            qhm_statevector_begin_noise(block);
    }
    if (!run->uses_wide && !run->uses_kept)
        qhm_statevector_forward(block);
    if (run->keeps)
        qhm_statevector_keep(block);
    bool is_last = !plan->is_random || run->setting == plan->setting_count;
    if (is_last && (request->states || request->probabilities))
        write_states(block);
    if (run->visit)
        run->visit(block, run->visit_context);
    if (request->shots > 0)
        qhm_statevector_sample(block);
    else if (request->expectations)
        qhm_statevector_expectations(block);
    if (run->wants_adjoint)
        qhm_statevector_adjoint(block);
}

static size_t state_count(const qhm_statevector_run *run)
{
    return run->request->batch_count * run->lanes_per_sample;
}

size_t qhm_statevector_choose_lanes(const qhm_statevector *plan, size_t states)
{
    enum { BLOCKS = 8 };
    size_t lanes = plan->lanes;
    while (!plan->is_wide && lanes > plan->kernels->lanes &&
           (lanes / 2 >= states || (lanes > QHM_STATEVECTOR_FEW_LANES && states / lanes < BLOCKS)))
        lanes /= 2;
    return lanes;
}

// Samples of a block.
static size_t block_samples(const qhm_statevector_run *run)
{
    return run->plan->is_wide ? 1 : run->lanes;
}

static void run_blocks(size_t first, size_t last, void *context)
{
    const qhm_statevector_run *run = context;
    const size_t samples = block_samples(run), all = state_count(run);
    qhm_workspace *work = qhm_statevector_take_workspace(run->plan);
    for (size_t b = first; b < last; b++) {
        size_t left = all - b * samples;
        qhm_block block = {.run = run,
                           .work = work,
                           .first = b * samples,
                           .count = left < samples ? left : samples,
                           .index = b,
                           .lanes = run->lanes,
                           .samples = samples};
        work->psi.lanes = work->lambda.lanes = block.lanes;
        run_block(&block);
    }
    atomic_store_explicit(&work->is_taken, false, memory_order_release);
}

static void run_all(qhm_statevector_run *run)
{
    run->lanes = qhm_statevector_choose_lanes(run->plan, state_count(run));
    size_t blocks = (state_count(run) - 1) / block_samples(run) + 1;
    // Threads are not worth waking for little work, or work inside the blocks, as on one state.
    double work = (double)run->plan->flops * (double)state_count(run);
    if (run->plan->is_row_parallel || blocks == 1 || work < THREADS_FROM_FLOPS)
        run_blocks(0, blocks, run);
    else
        qhm_parallel_for(blocks, 1, run_blocks, run);
}

// Every setting needs shots, and therefore states, of its own.
static void run_random(qhm_statevector_run *run)
{
    const qhm_statevector *plan = run->plan;
    const qhm_request *request = run->request;
    run->lanes_per_sample = request->shots > 0 ? request->shots : plan->noise->trajectories;
    for (run->setting = 0;
         request->shots > 0 && request->expectations && run->setting < plan->setting_count;
         run->setting++)
        run_all(run);
    run->setting = plan->setting_count;
    if (request->shots == 0 || request->samples || request->bits || request->states ||
        request->probabilities)
        run_all(run);
}

static void average_outcomes(const qhm_statevector_run *run)
{
    const qhm_statevector *plan = run->plan;
    const qhm_request *request = run->request;
    const size_t count = plan->observable_count;
    for (size_t i = 0; i < request->batch_count; i++) {
        double *out = request->expectations + i * count;
        memcpy(out, plan->constant_values, count * sizeof *out);
        for (size_t u = 0; u < plan->use_count; u++)
            out[plan->uses[u].observable] +=
                plan->uses[u].coefficient *
                (double)plan->outcome_sums[i * plan->term_count + plan->uses[u].term] /
                (double)request->shots;
    }
}

// The blocks' parts in block order: the same bits for any number of threads.
static void add_weight_gradients(const qhm_statevector_run *run)
{
    const qhm_statevector *plan = run->plan;
    double *out = run->request->weight_gradients;
    const size_t blocks = (run->request->batch_count - 1) / block_samples(run) + 1;
    memset(out, 0, plan->weight_count * sizeof *out);
    for (size_t b = 0; b < blocks; b++)
        for (size_t w = 0; w < plan->weight_count; w++)
            out[w] += plan->partial_gradients[b * plan->weight_count + w];
}

qhm_status qhm_statevector_run_request(qhm_statevector_run *run)
{
    qhm_statevector *plan = run->plan;
    const qhm_request *request = run->request;
    QHM_TRY(qhm_statevector_reserve(plan, request->batch_count, request->shots));
    if (request->shots > 0 && request->expectations)
        memset(plan->outcome_sums, 0,
               request->batch_count * plan->term_count * sizeof *plan->outcome_sums);
    run->lanes = qhm_statevector_choose_lanes(plan, request->batch_count);
    run->uses_wide = plan->wide != NULL;
    qhm_statevector_find_kept(run);
    if (!run->uses_wide)
        qhm_statevector_prepare_shared(run);
    atomic_store_explicit(&plan->is_endless, false, memory_order_relaxed);
    if (plan->is_random)
        run_random(run);
    else
        run_all(run);
    if (atomic_load_explicit(&plan->is_endless, memory_order_relaxed))
        return qhm_fail_endless_loop();
    if (request->shots > 0 && request->expectations)
        average_outcomes(run);
    if (run->wants_adjoint && request->weight_gradients && !request->weights_per_sample)
        add_weight_gradients(run);
    return QHM_OK;
}

qhm_status qhm_statevector_submit(void *state, const qhm_request *request, void **job)
{
    qhm_statevector *plan = state;
    *job = NULL;
    qhm_statevector_run run = {.plan = plan,
                               .request = request,
                               .is_shared_input = request->batch_count == 1,
                               .is_shared_weight = !request->weights_per_sample,
                               .lanes_per_sample = 1,
                               .setting = plan->setting_count,
                               .wants_adjoint = qhm_request_wants_gradients(request)};
    if (run.wants_adjoint && !plan->has_lambda)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "an adjoint gradient of a plan that was made with forward_only");
    return qhm_statevector_run_request(&run);
}
