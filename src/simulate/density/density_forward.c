// Runs a program: steps on tiles, tiles of passes, passes over a state.
#include "base/parallel.h"
#include "simulate/density/density_internal.h"

#include <string.h>

qhm_density_visit qhm_density_visit_of(const qhm_density_block *block, const qhm_density_step *step,
                                       const void *from, void *to)
{
    const qhm_density *plan = block->run->plan;
    qhm_density_visit visit = {.from = from,
                               .to = to,
                               .lanes = plan->lanes,
                               .row_count = plan->tile_elements / plan->lanes,
                               .lane_digit = step->lane_digit};
    for (unsigned q = 0; q < QHM_DENSITY_MAP_QUBITS; q++)
        visit.places[q] = step->places[q];
    if (step->op == QHM_DENSITY_NONE)
        return visit;
    const qhm_density_op *op = &plan->program.ops[step->op];
    for (int t = 0; t < 2; t++)
        if (op->turns[t] != QHM_DENSITY_NONE)
            visit.turns[t] = qhm_density_turn_values(block, op->turns[t], &visit.is_shared[t]);
    if (op->has_map) {
        visit.targets = op->targets;
        visit.factors = (const char *)plan->map_values +
                        plan->map_offsets[2 * step->op] * plan->kernels->real_bytes;
    }
    visit.qubit_count = op->qubit_count;
    return visit;
}

void qhm_density_apply(const qhm_density_block *block, const qhm_density_step *step,
                       const void *from, void *to)
{
    const qhm_density *plan = block->run->plan;
    qhm_density_visit visit = qhm_density_visit_of(block, step, from, to);
    if (step->op == QHM_DENSITY_NONE) {
        plan->kernels->exchange(&visit);
        return;
    }
    const qhm_density_op *op = &plan->program.ops[step->op];
    const qhm_sparse_map map = {.starts = op->starts,
                                .columns = op->columns,
                                .values =
                                    (const char *)plan->map_values +
                                    plan->map_offsets[2 * step->op] * plan->kernels->real_bytes};
    visit.map = &map;
    switch (op->kind) {
    case QHM_DENSITY_PAIR:
        plan->kernels->pair(&visit);
        break;
    case QHM_DENSITY_TURN:
        plan->kernels->turn(&visit);
        break;
    case QHM_DENSITY_SPARSE:
        plan->kernels->sparse(&visit);
        break;
    }
}

size_t qhm_density_tile_base(const qhm_density *plan, const qhm_density_pass *pass, size_t tile)
{
    const size_t outer = plan->shape.digits - plan->shape.tile_digits;
    size_t base = 0;
    for (size_t d = 0; d < outer; d++)
        base |= (tile >> 2 * d & 3) << 2 * pass->outer[d];
    return base;
}

void qhm_density_gather(const qhm_density *plan, const qhm_density_pass *pass, const void *state,
                        size_t tile, void *to)
{
    const size_t bytes = plan->kernels->real_bytes << 2 * QHM_DENSITY_RUN_DIGITS;
    const char *from =
        (const char *)state + qhm_density_tile_base(plan, pass, tile) * plan->kernels->real_bytes;
    for (size_t r = 0; r < plan->schedule.tile_runs; r++)
        memcpy((char *)to + r * bytes, from + pass->run_offsets[r] * plan->kernels->real_bytes,
               bytes);
}

void qhm_density_scatter(const qhm_density *plan, const qhm_density_pass *pass, void *state,
                         size_t tile, const void *from)
{
    const size_t bytes = plan->kernels->real_bytes << 2 * QHM_DENSITY_RUN_DIGITS;
    char *to = (char *)state + qhm_density_tile_base(plan, pass, tile) * plan->kernels->real_bytes;
    for (size_t r = 0; r < plan->schedule.tile_runs; r++)
        memcpy(to + pass->run_offsets[r] * plan->kernels->real_bytes,
               (const char *)from + r * bytes, bytes);
}

typedef struct pass_context {
    const qhm_density_block *block;
    const qhm_density_pass *pass;
    const void *from;
    void *to;
} pass_context;

static void run_tiles(size_t first, size_t last, void *context)
{
    const pass_context *c = context;
    const qhm_density *plan = c->block->run->plan;
    qhm_density_tiles *tiles = qhm_density_take_tiles(plan);
    for (size_t t = first; t < last; t++) {
        qhm_density_gather(plan, c->pass, c->from, t, tiles->memory);
        for (size_t s = 0; s < c->pass->count; s++)
            qhm_density_apply(c->block, &plan->schedule.steps[c->pass->first + s], tiles->memory,
                              tiles->memory);
        qhm_density_scatter(plan, c->pass, c->to, t, tiles->memory);
    }
    qhm_density_give_back_tiles(tiles);
}

void qhm_density_run_pass(const qhm_density_block *block, size_t pass, const void *from, void *to)
{
    const qhm_density *plan = block->run->plan;
    pass_context c = {block, &plan->schedule.passes[pass], from, to};
    if (qhm_density_is_tiled(plan)) {
        qhm_parallel_for(plan->elements / plan->tile_elements, 1, run_tiles, &c);
        return;
    }
    for (size_t s = 0; s < c.pass->count; s++) {
        qhm_density_apply(block, &plan->schedule.steps[c.pass->first + s], from, to);
        from = to;
    }
}

// |0...0>: 1 for all strings of I and Z.
static void reset(const qhm_density *plan, char *state)
{
    const size_t real = plan->kernels->real_bytes, row = plan->is_wide ? 1 : plan->lanes;
    const double one = 1;
    memset(state, 0, plan->elements * real);
    for (size_t i = 0; i < (size_t)1 << plan->shape.digits; i++) {
        size_t element = 0;
        for (size_t d = 0; d < plan->shape.digits; d++)
            element |= (i >> d & 1 ? (size_t)QHM_PAULI_Z : 0) << 2 * d;
        for (size_t l = 0; l < row; l++)
            plan->kernels->from_double(1, &one, state + (element * row + l) * real);
    }
}

void qhm_density_forward(const qhm_density_block *block)
{
    const qhm_density *plan = block->run->plan;
    const size_t bytes = plan->elements * plan->kernels->real_bytes;
    qhm_density_work *work = block->work;
    reset(plan, work->state);
    for (size_t p = 0; p < plan->schedule.pass_count; p++) {
        if (block->run->wants_adjoint && p % plan->segment == 0)
            memcpy(work->checkpoints + p / plan->segment * bytes, work->state, bytes);
        qhm_density_run_pass(block, p, work->state, work->state);
    }
}
