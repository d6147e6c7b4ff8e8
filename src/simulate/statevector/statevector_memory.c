// Work space: sized before it is allocated, refused if it does not fit, one block a thread.
#include "base/memory.h"
#include "base/parallel.h"
#include "base/status_internal.h"
#include "base/text.h"
#include "simulate/statevector/statevector_internal.h"
#include "simulate/statevector/wide_run.h"

#include <qhm/threads.h>

// Adds up sizes and, when there is memory, hands out its pieces.
typedef struct arena {
    char *memory; // NULL: only measure
    double bytes; // double: a sum of any sizes without overflow
} arena;

static void *take(arena *a, double count, size_t size)
{
    double bytes = count * (double)size;
    void *piece = a->memory ? a->memory + (size_t)a->bytes : NULL;
    a->bytes += (double)(((size_t)(bytes < 1e18 ? bytes : 1e18) + 63) / 64 * 64);
    return piece;
}

static void lay_out_set(const qhm_statevector *plan, bool is_batched, arena *a,
                        qhm_coefficient_set *set)
{
    const size_t real_bytes = plan->kernels->real_bytes;
    size_t steps = (plan->angle_step_count + 15) / 16 * 16;
    size_t arguments = is_batched && plan->lanes > steps ? plan->lanes : steps;
    double coefficients = is_batched ? 2.0 * (double)plan->angle_step_count * (double)plan->lanes
                                     : (double)plan->set_count;
    set->arguments = take(a, (double)arguments, sizeof(double));
    set->cosines = take(a, (double)arguments, real_bytes);
    set->sines = take(a, (double)arguments, real_bytes);
    set->coefficients = take(a, coefficients, real_bytes);
}

static void lay_out_values(const qhm_statevector *plan, arena *a, qhm_batch_values *values)
{
    const double lanes = (double)plan->lanes, entries = (double)plan->batch->entry_count;
    values->arguments = take(a, entries * lanes, sizeof(double));
    values->cos_sin = take(a, 2 * entries * lanes, plan->kernels->real_bytes);
    values->tangents = take(a, entries * lanes, plan->kernels->real_bytes);
}

static void lay_out_batch(const qhm_statevector *plan, arena *a, qhm_batch_work *work)
{
    const size_t real_bytes = plan->kernels->real_bytes;
    const qhm_batch *batch = plan->batch;
    const double lanes = (double)plan->lanes;
    const double forward = (double)batch->forward.count, backward = (double)batch->backward.count;
    const double ops = forward > backward ? forward : backward;
    const double inner = (double)((size_t)1 << batch->inner_bits);
    const double outer = (double)((size_t)1 << batch->outer_bits);
    work->gathered = take(a, (double)batch->entry_count * lanes, sizeof(double));
    lay_out_values(plan, a, &work->own);
    work->scales = take(a, ops * lanes, real_bytes);
    work->has_scale = take(a, ops, sizeof *work->has_scale);
    work->lacking = take(a, backward * lanes, real_bytes);
    work->pending = take(a, lanes, real_bytes);
    work->inner = take(a, 2 * inner * lanes, real_bytes);
    work->outer = take(a, 2 * outer * lanes, real_bytes);
    work->inner_sums = take(a, inner * lanes, real_bytes);
    work->outer_sums = take(a, outer * lanes, real_bytes);
    work->sums = take(a, QHM_PARITY_MAX * lanes, sizeof(double));
    work->gradients =
        take(a, plan->has_lambda ? (double)batch->entry_count * lanes : 0, sizeof(double));
}

static void lay_out_shared(qhm_statevector *plan, arena *a)
{
    if (!plan->frame)
        lay_out_set(plan, false, a, &plan->shared);
    if (plan->batch)
        lay_out_values(plan, a, &plan->shared_values);
}

// A state, with some lines between its parts: at a power of two apart, the rows that a kernel
// visits together would all want the same places in a cache.
static qhm_rows take_rows(arena *a, double count, size_t real_bytes, size_t lanes)
{
    enum { APART = 5 * 64 };
    qhm_rows rows = {.lanes = lanes, .re = take(a, count, real_bytes)};
    take(a, APART, 1);
    rows.im = take(a, count, real_bytes);
    take(a, APART, 1);
    return rows;
}

static void lay_out_wide(const qhm_wide *wide, arena *a, qhm_wide_values *values)
{
    const size_t real_bytes = wide->kernels->real_bytes;
    const double items = (double)((wide->item_count + 15) / 16 * 16);
    values->arguments = take(a, items, sizeof(double));
    values->cosines = take(a, items, sizeof(double));
    values->sines = take(a, items, sizeof(double));
    values->tangents = take(a, items, sizeof(double));
    values->lengths = take(a, items, sizeof(double));
    values->sums =
        take(a, wide->keeps_gradients ? (double)qhm_wide_partial_count(wide) : 0, sizeof(double));
    values->readouts =
        take(a, (double)(qhm_wide_readout_blocks(wide) * wide->readout_count), sizeof(double));
    values->norms = take(a, (double)wide->split_count, sizeof(double));
    values->fixed = take(a, (double)wide->fixed_count, real_bytes);
    values->scratch =
        take(a, wide->has_tables ? (double)((size_t)1 << wide->tile_bits) : 0, sizeof(double));
    values->factors = take(a, (double)wide->factor_count, sizeof *values->factors);
}

static void lay_out(const qhm_statevector *plan, arena *a, qhm_workspace *work)
{
    const size_t real_bytes = plan->kernels->real_bytes;
    const double lanes = (double)plan->lanes, samples = (double)plan->block_samples;
    const double state = (double)plan->row_count * lanes;
    const double terms = (double)plan->term_count;
    work->psi = take_rows(a, state, real_bytes, plan->lanes);
    if (plan->has_lambda)
        work->lambda = take_rows(a, state, real_bytes, plan->lanes);
    if (!plan->frame) // gate by gate
        lay_out_set(plan, !plan->is_wide, a, &work->own);
    if (plan->batch)
        lay_out_batch(plan, a, &work->batch);
    if (plan->wide)
        lay_out_wide(plan->wide, a, &work->values);
    work->blended = take(a, (double)plan->blended_count, real_bytes);
    work->sums = take(a, QHM_TERM_CHUNK * lanes, sizeof(double));
    double chunk =
        (double)(plan->diagonal_count < QHM_TERM_CHUNK ? plan->diagonal_count : QHM_TERM_CHUNK);
    work->partial_sums = take(a,
                              (plan->is_row_parallel ? QHM_STATEVECTOR_MAX_ROW_BLOCKS : 1) *
                                  (chunk < 2 ? 2 : chunk) * lanes,
                              sizeof(double));
    work->term_values = take(a, (terms < 2 ? 2 : terms) * samples, sizeof(double));
    work->weights = take(a, terms * lanes, sizeof(double));
    work->real_weights = take(a, (terms < 2 ? 2 : terms) * lanes, real_bytes);
    work->angle_gradients = take(a, lanes, sizeof(double));
    work->prefix =
        take(a, (double)(((size_t)1 << plan->qubit_count) / plan->stretch + 1), sizeof(double));
    work->amplitudes = take(a, 2 * QHM_AMPLITUDE_CHUNK, sizeof(double));
    work->streams = take(a, samples, sizeof *work->streams);
    if (plan->noise) {
        work->noise_streams = take(a, samples, sizeof *work->noise_streams);
        work->hazards = take(a, samples, sizeof *work->hazards);
        work->picks = take(a, samples * (double)plan->noise->most_operators, sizeof *work->picks);
    }
    work->bits = take(a, samples * (double)plan->bit_words, sizeof *work->bits);
    work->live = take(a, samples * (double)(plan->loop_depth + 1), sizeof *work->live);
}

static size_t wanted_threads(void)
{
    return qhm_parallel_is_nested() ? 1 : qhm_threads_count();
}

static size_t wanted_workspaces(const qhm_statevector *plan)
{
    return plan->is_row_parallel ? 1 : wanted_threads();
}

// Bytes of the states alone, on this many qubits.
static double state_bytes(const qhm_statevector *plan, size_t qubits)
{
    double amplitudes = 1;
    for (size_t q = 0; q < qubits && q < 1000; q++)
        amplitudes *= 2;
    return amplitudes * 2 * (double)plan->kernels->real_bytes * (plan->has_lambda ? 2 : 1);
}

qhm_status qhm_statevector_check_memory(const qhm_statevector *plan, double bytes,
                                        size_t limit_bytes)
{
    size_t limit = qhm_memory_available_bytes();
    if (limit_bytes > 0 && limit_bytes < limit)
        limit = limit_bytes;
    if (bytes <= (double)limit && plan->qubit_count <= QHM_STATEVECTOR_MAX_QUBITS)
        return QHM_OK;
    size_t fits = 0;
    while (fits < QHM_STATEVECTOR_MAX_QUBITS && state_bytes(plan, fits + 1) <= (double)limit)
        fits++;
    if (fits >= plan->qubit_count) // what does not fit is not the state
        fits = plan->qubit_count - 1;
    char needed[32], available[32];
    qhm_format_memory(bytes, needed, sizeof needed);
    qhm_format_memory((double)limit, available, sizeof available);
    return QHM_FAIL(
        QHM_ERROR_RESOURCE_LIMIT,
        "a state of %zu qubits needs %s in float%d%s, but %s are available; at most %zu "
        "qubits fit",
        plan->qubit_count, needed, plan->kernels->real_bytes == 4 ? 32 : 64,
        plan->has_lambda ? " with gradients" : "", available, fits);
}

double qhm_statevector_state_bytes(const qhm_statevector *plan)
{
    return state_bytes(plan, plan->qubit_count);
}

static qhm_status add_workspaces(qhm_statevector *plan, size_t wanted)
{
    arena measured = {0};
    qhm_workspace work = {0};
    lay_out(plan, &measured, &work);
    QHM_TRY(
        qhm_reallocate(plan->workspace_count, wanted, sizeof *plan->workspaces, &plan->workspaces));
    while (plan->workspace_count < wanted) {
        arena real = {0};
        QHM_TRY(qhm_allocate((size_t)measured.bytes, 1, &real.memory));
        qhm_workspace *next = &plan->workspaces[plan->workspace_count];
        next->memory = real.memory;
        lay_out(plan, &real, next);
        plan->workspace_count++;
        plan->bytes += (size_t)measured.bytes;
    }
    return QHM_OK;
}

static qhm_status grow(size_t needed, size_t *capacity, size_t size, void *inout_pointer,
                       size_t *bytes)
{
    if (needed <= *capacity)
        return QHM_OK;
    QHM_TRY(qhm_reallocate(0, needed, size, inout_pointer));
    *bytes += (needed - *capacity) * size;
    *capacity = needed;
    return QHM_OK;
}

// The most blocks that this batch or a smaller one is cut into.
static size_t block_count(const qhm_statevector *plan, size_t batch_count)
{
    size_t samples =
        plan->lanes < QHM_STATEVECTOR_FEW_LANES ? plan->lanes : QHM_STATEVECTOR_FEW_LANES;
    if (plan->is_wide)
        samples = 1;
    return (batch_count - 1) / samples + 1;
}

qhm_status qhm_statevector_reserve(qhm_statevector *plan, size_t batch_count, size_t shots)
{
    size_t wanted = wanted_workspaces(plan);
    if (plan->workspace_count < wanted)
        QHM_TRY(add_workspaces(plan, wanted));
    if (plan->wide)
        QHM_TRY(qhm_wide_reserve(plan->wide, wanted_threads()));
    if (!plan->shared_memory) {
        arena measured = {0};
        lay_out_shared(plan, &measured);
        QHM_TRY(qhm_allocate((size_t)measured.bytes, 1, &plan->shared_memory));
        plan->bytes += (size_t)measured.bytes;
        lay_out_shared(plan, &(arena){.memory = plan->shared_memory});
    }
    if (plan->has_lambda) {
        QHM_TRY(grow(block_count(plan, batch_count) * plan->weight_count, &plan->partial_capacity,
                     sizeof *plan->partial_gradients, &plan->partial_gradients, &plan->bytes));
    }
    const size_t kept = qhm_statevector_kept_bytes(plan, batch_count) / sizeof(double);
    if (kept > plan->kept.capacity)
        plan->kept.batch_count = 0;
    QHM_TRY(grow(kept, &plan->kept.capacity, sizeof(double), &plan->kept.memory, &plan->bytes));
    if (shots > 0)
        QHM_TRY(grow(batch_count * plan->term_count, &plan->outcome_capacity,
                     sizeof *plan->outcome_sums, &plan->outcome_sums, &plan->bytes));
    return QHM_OK;
}

double qhm_statevector_needed_bytes(const qhm_statevector *plan, size_t batch_count)
{
    arena all = {0};
    qhm_workspace work = {0};
    qhm_statevector copy = *plan;
    lay_out(plan, &all, &work);
    all.bytes *= (double)wanted_workspaces(plan);
    all.bytes += plan->batch ? (double)plan->batch->bytes : 0; // its tables are there already
    if (plan->wide)
        all.bytes += qhm_wide_buffer_bytes(plan->wide, wanted_threads());
    lay_out_shared(&copy, &all);
    take(&all, (double)qhm_statevector_kept_bytes(plan, batch_count), 1);
    double blocks = (double)block_count(plan, batch_count);
    take(&all, plan->has_lambda ? blocks * (double)plan->weight_count : 0, sizeof(double));
    return all.bytes;
}
