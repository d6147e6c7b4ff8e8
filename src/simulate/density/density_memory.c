// Memory of the density-matrix simulator: what fits is decided before anything large is allocated.
#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "simulate/density/density_internal.h"

#include <math.h>
#include <qhm/threads.h>
#include <stdlib.h>

enum {
    ROW_LANES_MAX = 16,
    FEW_STATES = 4,             // checkpoints that are always worth their memory
    CHECKPOINT_BYTES = 1 << 30, // more are made only where the gradient needs them
};

static size_t wanted_threads(void)
{
    return qhm_parallel_is_nested() ? 1 : (size_t)qhm_threads_count();
}

static double state_bytes(const qhm_density *plan, double qubits)
{
    return pow(4, qubits) * (double)plan->kernels->real_bytes;
}

qhm_status qhm_density_check_memory(const qhm_density *plan)
{
    const double bytes = state_bytes(plan, (double)plan->qubit_count);
    if (plan->qubit_count < QHM_DENSITY_MAX_QUBITS && bytes <= (double)plan->limit_bytes)
        return QHM_OK;
    size_t fits = 0;
    while (fits + 1 < QHM_DENSITY_MAX_QUBITS &&
           state_bytes(plan, (double)(fits + 1)) <= (double)plan->limit_bytes)
        fits++;
    char needed[32], available[32];
    qhm_format_memory(bytes, needed, sizeof needed);
    qhm_format_memory((double)plan->limit_bytes, available, sizeof available);
    return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                    "a density matrix of %zu qubits needs %s in float%d, but %s are available; at "
                    "most %zu qubits fit; trajectories take less",
                    plan->qubit_count, needed, plan->kernels->real_bytes == 4 ? 32 : 64, available,
                    fits);
}

static qhm_status allocate(qhm_density *plan, size_t count, size_t size, void *out_pointer)
{
    QHM_TRY(qhm_allocate(count, size, out_pointer));
    plan->bytes += count * size;
    return QHM_OK;
}

// Rounded up to whole registers, and one more for what a kernel writes beyond its count.
static size_t rotation_values(const qhm_density *plan, size_t lanes)
{
    return plan->rotations[plan->program.turn_count] * lanes + 2 * plan->sincos->lanes;
}

static qhm_status allocate_values(qhm_density *plan, size_t lanes, size_t width,
                                  qhm_density_values *values)
{
    const size_t rotations = rotation_values(plan, lanes);
    QHM_TRY(allocate(plan, rotations, sizeof(double), &values->arguments));
    QHM_TRY(allocate(plan, rotations, sizeof(double), &values->cosines));
    QHM_TRY(allocate(plan, rotations, sizeof(double), &values->sines));
    return allocate(plan, plan->program.turn_count * QHM_TURN_ENTRIES * width,
                    plan->kernels->real_bytes, &values->turns);
}

static size_t matrices_of(const qhm_density *plan, size_t lanes)
{
    const size_t products = plan->program.longest_turn + 2;
    return QHM_TURN_ENTRIES * (products * lanes + ROW_LANES_MAX);
}

static qhm_status allocate_work(qhm_density *plan, qhm_density_work *work)
{
    const size_t lanes = plan->is_wide ? 1 : plan->lanes,
                 width = plan->is_wide ? plan->kernels->lanes : plan->lanes;
    QHM_TRY(allocate(plan, plan->elements, plan->kernels->real_bytes, &work->state));
    QHM_TRY(allocate_values(plan, lanes, width, &work->values));
    QHM_TRY(allocate(plan, matrices_of(plan, lanes), sizeof(double), &work->matrices));
    QHM_TRY(allocate(plan, (QHM_TURN_ENTRIES + 1) * lanes, sizeof(double), &work->scratch));
    return allocate(plan, (size_t)1 << plan->qubit_count, sizeof(double), &work->outcomes);
}

static void release_work(qhm_density_work *work)
{
    void *pointers[] = {
        work->state,        work->values.arguments, work->values.cosines, work->values.sines,
        work->values.turns, work->matrices,         work->scratch,        work->outcomes,
        work->lambda,       work->checkpoints,      work->sums,           work->reduced,
        work->tile_sums};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
    *work = (qhm_density_work){0};
}

static qhm_status add_works(qhm_density *plan, size_t wanted)
{
    if (wanted <= plan->work_count)
        return QHM_OK;
    QHM_TRY(qhm_reallocate(plan->work_count, wanted, sizeof *plan->works, &plan->works));
    while (plan->work_count < wanted) {
        const size_t before = plan->bytes;
        qhm_density_work *next = &plan->works[plan->work_count];
        const qhm_status status = allocate_work(plan, next);
        if (status != QHM_OK) {
            release_work(next);
            plan->bytes = before;
            return status;
        }
        plan->work_count++;
    }
    return QHM_OK;
}

static size_t checkpoint_count(const qhm_density *plan, size_t segment)
{
    const size_t passes = plan->schedule.pass_count;
    return passes == 0 ? 1 : (passes - 1) / segment + 1 + segment - 1;
}

// Checkpoints as far apart as memory asks for.
static qhm_status choose_segment(qhm_density *plan)
{
    const double state = (double)plan->elements * (double)plan->kernels->real_bytes;
    const double copies = (double)plan->work_count,
                 room = (double)plan->limit_bytes - (double)plan->bytes;
    double budget = fmax(CHECKPOINT_BYTES, FEW_STATES * state * copies);
    budget = fmin(budget, room);
    size_t least = 1;
    for (size_t s = 1; s <= plan->schedule.pass_count; s++) {
        const double needed = ((double)checkpoint_count(plan, s) + 1) * state * copies;
        if (needed <= budget) {
            plan->segment = s;
            return QHM_OK;
        }
        if (checkpoint_count(plan, s) < checkpoint_count(plan, least))
            least = s;
    }
    plan->segment = least;
    const double needed = ((double)checkpoint_count(plan, least) + 1) * state * copies;
    if (needed <= room)
        return QHM_OK;
    char text[32], available[32];
    qhm_format_memory(needed, text, sizeof text);
    qhm_format_memory(fmax(room, 0), available, sizeof available);
    return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                    "gradients on %zu qubits need %s more for states on the way, but %s are "
                    "available; use parameter shift",
                    plan->qubit_count, text, available);
}

static qhm_status add_gradient_memory(qhm_density *plan)
{
    const size_t real = plan->kernels->real_bytes, sums = 2 * QHM_TURN_ENTRIES * plan->lanes;
    for (size_t i = 0; i < plan->work_count; i++) {
        qhm_density_work *work = &plan->works[i];
        if (!work->lambda)
            QHM_TRY(allocate(plan, plan->elements, real, &work->lambda));
        if (!work->checkpoints)
            QHM_TRY(allocate(plan, checkpoint_count(plan, plan->segment) * plan->elements, real,
                             &work->checkpoints));
        if (!work->sums)
            QHM_TRY(allocate(plan, sums, sizeof *work->sums, &work->sums));
        if (!work->reduced)
            QHM_TRY(allocate(plan, QHM_TURN_ENTRIES, sizeof *work->reduced, &work->reduced));
        if (!work->tile_sums && qhm_density_is_tiled(plan))
            QHM_TRY(allocate(
                plan, QHM_DENSITY_TILE_BLOCKS * plan->shape.most_steps * 2 * QHM_TURN_ENTRIES,
                sizeof *work->tile_sums, &work->tile_sums));
    }
    return QHM_OK;
}

static qhm_status add_tiles(qhm_density *plan, size_t wanted, size_t tiles)
{
    if (plan->tiles_count < wanted) {
        QHM_TRY(qhm_reallocate(plan->tiles_count, wanted, sizeof *plan->tiles, &plan->tiles));
        plan->tiles_count = wanted;
    }
    for (size_t i = 0; i < plan->tiles_count; i++) {
        qhm_density_tiles *own = &plan->tiles[i];
        if (own->count >= tiles)
            continue;
        char *memory;
        QHM_TRY(allocate(plan, tiles * plan->tile_elements, plan->kernels->real_bytes, &memory));
        plan->bytes -= own->count * plan->tile_elements * plan->kernels->real_bytes;
        qhm_release(own->memory);
        own->memory = memory;
        own->count = tiles;
    }
    return QHM_OK;
}

static qhm_status grow(qhm_density *plan, size_t needed, size_t *capacity, size_t size,
                       void *inout_pointer)
{
    if (needed <= *capacity)
        return QHM_OK;
    QHM_TRY(qhm_reallocate(0, needed, size, inout_pointer));
    plan->bytes += (needed - *capacity) * size;
    *capacity = needed;
    return QHM_OK;
}

qhm_status qhm_density_reserve(qhm_density *plan, size_t batch_count, bool wants_adjoint,
                               bool wants_signs)
{
    const bool is_tiled = qhm_density_is_tiled(plan);
    const size_t threads = wanted_threads();
    if (!plan->shared_matrices) {
        QHM_TRY(allocate(plan, matrices_of(plan, 1), sizeof(double), &plan->shared_matrices));
        QHM_TRY(allocate_values(plan, 1, plan->kernels->lanes, &plan->shared));
    }
    QHM_TRY(add_works(plan, is_tiled ? 1 : threads));
    if (is_tiled || wants_adjoint)
        QHM_TRY(add_tiles(plan, threads, wants_adjoint ? plan->shape.most_steps + 1 : 1));
    if (wants_adjoint) {
        if (plan->segment == 0)
            QHM_TRY(choose_segment(plan));
        QHM_TRY(add_gradient_memory(plan));
        const size_t samples = plan->is_wide ? 1 : plan->lanes;
        QHM_TRY(grow(plan, ((batch_count - 1) / samples + 1) * plan->weight_count,
                     &plan->partial_capacity, sizeof *plan->partial_gradients,
                     &plan->partial_gradients));
    }
    if (wants_signs)
        QHM_TRY(grow(plan, batch_count * plan->readout.term_count, &plan->sum_capacity,
                     sizeof *plan->sums, &plan->sums));
    return QHM_OK;
}

void qhm_density_release_memory(qhm_density *plan)
{
    for (size_t i = 0; i < plan->work_count; i++)
        release_work(&plan->works[i]);
    for (size_t i = 0; i < plan->tiles_count; i++)
        qhm_release(plan->tiles[i].memory);
    void *pointers[] = {plan->works,
                        plan->tiles,
                        plan->shared_matrices,
                        plan->shared.arguments,
                        plan->shared.cosines,
                        plan->shared.sines,
                        plan->shared.turns,
                        plan->partial_gradients,
                        plan->sums};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
}

qhm_density_work *qhm_density_take_work(const qhm_density *plan)
{
    for (size_t i = 0;; i = (i + 1) % plan->work_count)
        if (!atomic_exchange_explicit(&plan->works[i].is_taken, true, memory_order_acquire))
            return &plan->works[i];
}

void qhm_density_give_back_work(qhm_density_work *work)
{
    atomic_store_explicit(&work->is_taken, false, memory_order_release);
}

qhm_density_tiles *qhm_density_take_tiles(const qhm_density *plan)
{
    for (size_t i = 0;; i = (i + 1) % plan->tiles_count)
        if (!atomic_exchange_explicit(&plan->tiles[i].is_taken, true, memory_order_acquire))
            return &plan->tiles[i];
}

void qhm_density_give_back_tiles(qhm_density_tiles *tiles)
{
    atomic_store_explicit(&tiles->is_taken, false, memory_order_release);
}
