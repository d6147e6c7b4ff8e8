// States kept from a request of expectation values for the gradients that mostly follow it: a
// training step asks for both, and the second request need not run the circuit again.
#include "base/memory.h"
#include "simulate/statevector/statevector_internal.h"

#include <string.h>

enum { MOST_BYTES = 1 << 25 }; // beyond, a state comes faster from its circuit than from memory

static size_t state_bytes(const qhm_statevector *plan, size_t lanes)
{
    return 2 * plan->row_count * lanes * plan->kernels->real_bytes;
}

size_t qhm_statevector_kept_bytes(const qhm_statevector *plan, size_t batch_count)
{
    const size_t lanes = qhm_statevector_choose_lanes(plan, batch_count);
    const size_t blocks = (batch_count - 1) / lanes + 1;
    const size_t numbers = batch_count * plan->input_count + batch_count * plan->weight_count;
    if (!plan->batch || !plan->has_lambda || blocks > MOST_BYTES / state_bytes(plan, lanes))
        return 0;
    return blocks * state_bytes(plan, lanes) + numbers * sizeof(double);
}

// The numbers that decide a request's states, in the order of the copies.
static void numbers_of(const qhm_statevector_run *run, const double *numbers[2], size_t counts[2])
{
    const qhm_request *request = run->request;
    const size_t rows = request->weights_per_sample ? request->batch_count : 1;
    numbers[0] = request->inputs;
    counts[0] = request->inputs ? request->batch_count * run->plan->input_count : 0;
    numbers[1] = request->weights;
    counts[1] = request->weights ? rows * run->plan->weight_count : 0;
}

static bool is_same(const qhm_statevector_run *run)
{
    const qhm_kept *kept = &run->plan->kept;
    const double *numbers[2], *copy = kept->numbers;
    size_t counts[2];
    if (kept->batch_count != run->request->batch_count ||
        kept->weights_per_sample != run->request->weights_per_sample)
        return false;
    numbers_of(run, numbers, counts);
    for (int i = 0; i < 2; copy += counts[i], i++)
        if (counts[i] > 0 && memcmp(copy, numbers[i], counts[i] * sizeof *copy) != 0)
            return false;
    return true;
}

void qhm_statevector_find_kept(qhm_statevector_run *run)
{
    qhm_kept *kept = &run->plan->kept;
    const qhm_request *request = run->request;
    const bool is_plain = request->shots == 0 && !request->shifts &&
                          qhm_statevector_kept_bytes(run->plan, request->batch_count) > 0;
    run->uses_kept = is_plain && run->wants_adjoint && is_same(run);
    run->keeps = is_plain && !run->wants_adjoint && request->expectations;
    if (!run->keeps)
        return;
    const double *numbers[2];
    size_t counts[2];
    numbers_of(run, numbers, counts);
    kept->numbers = kept->memory;
    kept->states = (char *)(kept->numbers + counts[0] + counts[1]);
    kept->batch_count = request->batch_count;
    kept->weights_per_sample = request->weights_per_sample;
    double *copy = kept->numbers;
    for (int i = 0; i < 2; copy += counts[i], i++)
        if (counts[i] > 0)
            memcpy(copy, numbers[i], counts[i] * sizeof *copy);
}

static char *state_of(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    return plan->kept.states + block->index * state_bytes(plan, block->lanes);
}

void qhm_statevector_keep(const qhm_block *block)
{
    const size_t part = state_bytes(block->run->plan, block->lanes) / 2;
    memcpy(state_of(block), block->work->psi.re, part);
    memcpy(state_of(block) + part, block->work->psi.im, part);
}

void qhm_statevector_restore(const qhm_block *block)
{
    const size_t part = state_bytes(block->run->plan, block->lanes) / 2;
    memcpy(block->work->psi.re, state_of(block), part);
    memcpy(block->work->psi.im, state_of(block) + part, part);
}
