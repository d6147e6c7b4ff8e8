// Plans of trajectories that share their runs.
#include "simulate/trajectories/shared.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "circuit/circuit_internal.h"

#include <qhm/threads.h>
#include <string.h>

static const qhm_event_kernels *const tables[QHM_ISA_COUNT][2] = {
    {&qhm_event_kernels_baseline_double, &qhm_event_kernels_baseline_float},
#if defined(__x86_64__)
    {&qhm_event_kernels_avx2_double, &qhm_event_kernels_avx2_float},
    {&qhm_event_kernels_avx512_double, &qhm_event_kernels_avx512_float},
#endif
};

enum {
    AT_ONCE = 256,        // trajectories of a task, where tasks are shared by threads
    AT_ONCE_LARGE = 4096, // where threads share a state
    BLOCK_AMPLITUDES = 1024,
    MAX_BLOCKS = 256,
};

static bool touches(const qhm_site *site, const qhm_string *item)
{
    for (uint32_t i = 0; i < site->split->qubit_count; i++)
        if (__builtin_parityll(item->mask & site->signs[i]) ||
            __builtin_parityll(item->signs & site->masks[i]))
            return true;
    return false;
}

static void find_range(const qhm_wide *wide, const qhm_site *site, qhm_site_range *range)
{
    *range = (qhm_site_range){.first = (uint32_t)wide->pass_count, .last = 0};
    for (uint32_t p = 0; p < wide->pass_count; p++) {
        const qhm_wide_pass *pass = &wide->passes[p];
        for (size_t i = pass->item; i < pass->item + pass->item_count; i++) {
            if (!touches(site, &wide->items[i]))
                continue;
            if (wide->items[i].source < site->item)
                range->last = p + 1;
            else if (p < range->first)
                range->first = p;
        }
    }
}

static qhm_status find_ranges(qhm_shared *shared)
{
    const qhm_wide *wide = shared->plan->wide;
    QHM_TRY(qhm_allocate(wide->site_count, sizeof *shared->ranges, &shared->ranges));
    for (size_t s = 0; s < wide->site_count; s++)
        if (wide->sites[s].split->rest_count > 0)
            find_range(wide, &wide->sites[s], &shared->ranges[s]);
    return QHM_OK;
}

static qhm_status find_bit_flips(qhm_shared *shared, const qhm_circuit *circuit)
{
    QHM_TRY(qhm_allocate(shared->plan->bit_count, sizeof *shared->bit_flips, &shared->bit_flips));
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (instruction->gate == QHM_GATE_MEASURE)
            memcpy(shared->bit_flips[instruction->bit], instruction->flips,
                   sizeof instruction->flips);
    }
    return QHM_OK;
}

// As many trajectories at once as there is room for the states that their walk may hold.
static void choose_at_once(qhm_shared *shared, const qhm_plan_options *options)
{
    const qhm_statevector *plan = shared->plan;
    const double state =
        2.0 * (double)plan->row_count * (double)plan->lanes * (double)plan->kernels->real_bytes;
    double available = (double)qhm_memory_available_bytes();
    if (options->memory_limit_bytes > 0 && (double)options->memory_limit_bytes < available)
        available = (double)options->memory_limit_bytes - (double)qhm_statevector_bytes(plan);
    if (!plan->is_row_parallel)
        available /= (double)qhm_threads_count();
    shared->at_once = plan->is_row_parallel ? AT_ONCE_LARGE : AT_ONCE;
    size_t states = 2; // the first, and one a halving
    for (size_t count = shared->at_once; count > 1; count /= 2)
        states++;
    for (; shared->at_once > 1 && (double)states * state > available / 2; states--)
        shared->at_once /= 2;
}

static qhm_status prepare(qhm_shared *shared, const qhm_backend *backend,
                          const qhm_circuit *circuit, const qhm_plan_options *options)
{
    const qhm_statevector *plan = shared->plan;
    const size_t all = (size_t)1 << plan->qubit_count;
    shared->kernels = tables[backend->isa][plan->kernels->real_bytes == sizeof(float)];
    shared->words = (plan->wide->item_count + 63) / 64;
    shared->block_count = all <= BLOCK_AMPLITUDES ? 1 : all / BLOCK_AMPLITUDES;
    if (shared->block_count > MAX_BLOCKS)
        shared->block_count = MAX_BLOCKS;
    choose_at_once(shared, options);
    QHM_TRY(find_ranges(shared));
    return find_bit_flips(shared, circuit);
}

qhm_status qhm_shared_create(const qhm_backend *backend, const qhm_statevector_noise *noise,
                             const qhm_circuit *circuit, const qhm_observable *const *observables,
                             size_t observable_count, const qhm_plan_options *options,
                             qhm_plan_info *information, qhm_shared **shared)
{
    qhm_shared *made;
    void *state = NULL;
    qhm_plan_options forward = *options;
    forward.forward_only = true;
    forward.max_batch = 1;
    *shared = NULL;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    qhm_status status = qhm_statevector_create(backend, noise, circuit, observables,
                                               observable_count, &forward, information, &state);
    made->plan = state;
    if (status == QHM_OK && made->plan->wide)
        status = prepare(made, backend, circuit, options);
    if (status != QHM_OK || !made->plan->wide) {
        qhm_shared_destroy(made);
        return status;
    }
    *shared = made;
    return QHM_OK;
}

static void release_worker(qhm_shared_worker *worker)
{
    for (size_t b = 0; b < worker->buffer_count; b++)
        qhm_release(worker->buffers[b].memory);
    void *pointers[] = {worker->trajectories, worker->order,   worker->signs,
                        worker->events,       worker->buffers, worker->arguments,
                        worker->sums,         worker->factors, worker->entries};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
}

void qhm_shared_destroy(qhm_shared *shared)
{
    if (!shared)
        return;
    for (size_t w = 0; w < shared->worker_count; w++)
        release_worker(&shared->workers[w]);
    if (shared->plan)
        qhm_statevector_release(shared->plan);
    qhm_release(shared->workers);
    qhm_release(shared->ranges);
    qhm_release(shared->bit_flips);
    qhm_release(shared);
}

size_t qhm_shared_bytes(const qhm_shared *shared)
{
    const qhm_statevector *plan = shared->plan;
    size_t bytes = sizeof *shared + qhm_statevector_bytes(plan) +
                   plan->wide->site_count * sizeof *shared->ranges +
                   plan->bit_count * sizeof *shared->bit_flips + shared->bytes;
    for (size_t w = 0; w < shared->worker_count; w++)
        bytes += shared->workers[w].event_capacity * sizeof *shared->workers[w].events +
                 shared->workers[w].buffer_count * 2 * plan->row_count * plan->lanes *
                     plan->kernels->real_bytes;
    return bytes;
}

static qhm_status fill_worker(qhm_shared *shared, qhm_shared_worker *worker)
{
    const qhm_wide *wide = shared->plan->wide;
    const size_t operators = shared->plan->noise->most_operators;
    size_t entries = 0;
    for (size_t s = 0; s < wide->site_count; s++) {
        const size_t of_site = (size_t)1 << 2 * wide->sites[s].split->qubit_count;
        entries = of_site > entries ? of_site : entries;
    }
    QHM_TRY(qhm_allocate(shared->at_once, sizeof *worker->trajectories, &worker->trajectories));
    QHM_TRY(qhm_allocate(shared->at_once, sizeof *worker->order, &worker->order));
    QHM_TRY(qhm_allocate(shared->at_once * shared->words, sizeof *worker->signs, &worker->signs));
    QHM_TRY(qhm_allocate(wide->item_count, sizeof *worker->arguments, &worker->arguments));
    QHM_TRY(qhm_allocate(shared->block_count + 1, sizeof *worker->sums, &worker->sums));
    QHM_TRY(qhm_allocate(operators, sizeof *worker->factors, &worker->factors));
    QHM_TRY(qhm_allocate(shared->block_count * entries, sizeof *worker->entries, &worker->entries));
    shared->bytes += shared->at_once * (sizeof *worker->trajectories + sizeof *worker->order +
                                        shared->words * sizeof *worker->signs) +
                     (wide->item_count + shared->block_count + 1 + operators) * sizeof(double) +
                     shared->block_count * entries * sizeof *worker->entries;
    return QHM_OK;
}

qhm_status qhm_shared_reserve(qhm_shared *shared, const qhm_request *request)
{
    const bool is_one = shared->plan->is_row_parallel || qhm_parallel_is_nested();
    const size_t wanted = is_one ? 1 : qhm_threads_count();
    QHM_TRY(qhm_statevector_reserve(shared->plan, request->batch_count, request->shots));
    if (wanted <= shared->worker_count)
        return QHM_OK;
    QHM_TRY(
        qhm_reallocate(shared->worker_count, wanted, sizeof *shared->workers, &shared->workers));
    while (shared->worker_count < wanted) {
        qhm_shared_worker *worker = &shared->workers[shared->worker_count];
        qhm_status status = fill_worker(shared, worker);
        if (status != QHM_OK) {
            release_worker(worker);
            memset(worker, 0, sizeof *worker);
            return status;
        }
        shared->worker_count++;
    }
    return QHM_OK;
}
