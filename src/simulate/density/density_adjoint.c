// Exact gradients of noisy circuits: reverse mode with transposed transfer matrices.
//
// Noise cannot be undone, so states are not run backward: they are kept before every few passes,
// and the passes between are run again. In a pass a tile is kept before every step. A turn's
// derivatives by its entries are sums of cotangents times coefficients; the chain rule through its
// factors then needs only 4 x 4 matrices.
#include "base/parallel.h"
#include "simulate/density/density_internal.h"

#include <string.h>

enum { SUMS_A_STEP = 2 * QHM_TURN_ENTRIES };

// lambda = the derivatives of the weighted sum of observables by the coefficients.
static void begin(const qhm_density_block *block)
{
    const qhm_density_run *run = block->run;
    const qhm_density *plan = run->plan;
    const size_t real = plan->kernels->real_bytes, lanes = plan->is_wide ? 1 : plan->lanes;
    char *lambda = block->work->lambda;
    memset(lambda, 0, plan->elements * real);
    for (size_t t = 0; t < plan->exact.term_count; t++) {
        const qhm_readout_term *term = &plan->exact.terms[t];
        const size_t element =
            qhm_density_element(plan, plan->exact.factors + term->first_factor, term->factor_count);
        for (size_t l = 0; l < block->count; l++) {
            const double *cotangents =
                run->request->cotangents + (block->first + l) * plan->observable_count;
            const size_t place = element * lanes + l;
            const qhm_density_view view = qhm_density_view_of(plan, lambda, l);
            const double sum = qhm_density_coefficient(&view, element) +
                               term->coefficient * cotangents[term->observable];
            plan->kernels->from_double(1, &sum, lambda + place * real);
        }
    }
}

// Takes a step back on lambda; sums [2][12][lanes] of its turns. `state` is a tile before it.
static void step_back(const qhm_density_block *block, const qhm_density_step *step,
                      const void *state, void *lambda, double *sums)
{
    const qhm_density *plan = block->run->plan;
    qhm_density_visit visit = qhm_density_visit_of(block, step, lambda, lambda);
    if (step->op == QHM_DENSITY_NONE) {
        plan->kernels->exchange(&visit);
        return;
    }
    const qhm_density_op *op = &plan->program.ops[step->op];
    const qhm_sparse_map map = {.starts = op->back_starts,
                                .columns = op->back_columns,
                                .values = (const char *)plan->map_values +
                                          plan->map_offsets[2 * step->op + 1] *
                                              plan->kernels->real_bytes};
    visit.map = &map;
    switch (op->kind) {
    case QHM_DENSITY_PAIR:
        plan->kernels->pair_back(&visit, state, sums);
        break;
    case QHM_DENSITY_TURN:
        plan->kernels->turn_back(&visit, state, sums);
        break;
    case QHM_DENSITY_SPARSE:
        plan->kernels->sparse(&visit);
        break;
    }
}

// Adds the lanes of a turn's sums.
static void reduce(const qhm_density *plan, const double *sums, double *reduced)
{
    for (size_t e = 0; e < QHM_TURN_ENTRIES; e++)
        for (size_t l = 0; l < plan->lanes; l++)
            reduced[e] += sums[e * plan->lanes + l];
}

// The turns of a step, if any, that have angles.
static size_t trained_turn(const qhm_density *plan, const qhm_density_step *step, int which)
{
    if (step->op == QHM_DENSITY_NONE)
        return QHM_DENSITY_NONE;
    const size_t turn = plan->program.ops[step->op].turns[which];
    return turn != QHM_DENSITY_NONE && !plan->program.turns[turn].is_constant ? turn
                                                                              : QHM_DENSITY_NONE;
}

// Runs a pass again from memory[0], a tile before each step into memory [count + 1].
static void record(const qhm_density_block *block, const qhm_density_pass *pass, char *memory)
{
    const qhm_density *plan = block->run->plan;
    const size_t bytes = plan->tile_elements * plan->kernels->real_bytes;
    for (size_t s = 0; s + 1 < pass->count; s++)
        qhm_density_apply(block, &plan->schedule.steps[pass->first + s], memory + s * bytes,
                          memory + (s + 1) * bytes);
}

static void pass_back_in_place(const qhm_density_block *block, const qhm_density_pass *pass,
                               const void *state)
{
    const qhm_density *plan = block->run->plan;
    const size_t bytes = plan->tile_elements * plan->kernels->real_bytes;
    qhm_density_work *work = block->work;
    qhm_density_tiles *tiles = qhm_density_take_tiles(plan);
    memcpy(tiles->memory, state, bytes);
    record(block, pass, tiles->memory);
    for (size_t s = pass->count; s-- > 0;) {
        const qhm_density_step *step = &plan->schedule.steps[pass->first + s];
        step_back(block, step, tiles->memory + s * bytes, work->lambda, work->sums);
        for (int t = 0; t < 2; t++) {
            const size_t turn = trained_turn(plan, step, t);
            const double *sums = work->sums + (size_t)t * QHM_TURN_ENTRIES * plan->lanes;
            if (turn == QHM_DENSITY_NONE)
                continue;
            if (plan->is_wide) {
                memset(work->reduced, 0, QHM_TURN_ENTRIES * sizeof *work->reduced);
                reduce(plan, sums, work->reduced);
                sums = work->reduced;
            }
            qhm_density_add_turn_gradients(block, turn, sums);
        }
    }
    qhm_density_give_back_tiles(tiles);
}

typedef struct back_context {
    const qhm_density_block *block;
    const qhm_density_pass *pass;
    const void *state;
    size_t tiles_a_block;
} back_context;

static void tiles_back(size_t first, size_t last, void *context)
{
    const back_context *c = context;
    const qhm_density *plan = c->block->run->plan;
    const size_t bytes = plan->tile_elements * plan->kernels->real_bytes;
    qhm_density_tiles *tiles = qhm_density_take_tiles(plan);
    char *lambda = tiles->memory + plan->shape.most_steps * bytes;
    double sums[SUMS_A_STEP * 16];
    double *totals =
        c->block->work->tile_sums + first / c->tiles_a_block * plan->shape.most_steps * SUMS_A_STEP;
    memset(totals, 0, plan->shape.most_steps * SUMS_A_STEP * sizeof *totals);
    for (size_t tile = first; tile < last; tile++) {
        qhm_density_gather(plan, c->pass, c->state, tile, tiles->memory);
        record(c->block, c->pass, tiles->memory);
        qhm_density_gather(plan, c->pass, c->block->work->lambda, tile, lambda);
        for (size_t s = c->pass->count; s-- > 0;) {
            const qhm_density_step *step = &plan->schedule.steps[c->pass->first + s];
            step_back(c->block, step, tiles->memory + s * bytes, lambda, sums);
            for (int t = 0; t < 2; t++)
                if (trained_turn(plan, step, t) != QHM_DENSITY_NONE)
                    reduce(plan, sums + (size_t)t * QHM_TURN_ENTRIES * plan->lanes,
                           totals + s * SUMS_A_STEP + (size_t)t * QHM_TURN_ENTRIES);
        }
        qhm_density_scatter(plan, c->pass, c->block->work->lambda, tile, lambda);
    }
    qhm_density_give_back_tiles(tiles);
}

static void pass_back_tiled(const qhm_density_block *block, const qhm_density_pass *pass,
                            const void *state)
{
    const qhm_density *plan = block->run->plan;
    const size_t count = plan->elements / plan->tile_elements;
    back_context c = {block, pass, state, (count - 1) / QHM_DENSITY_TILE_BLOCKS + 1};
    qhm_parallel_for(count, c.tiles_a_block, tiles_back, &c);
    const size_t blocks = (count - 1) / c.tiles_a_block + 1;
    for (size_t s = pass->count; s-- > 0;)
        for (int t = 0; t < 2; t++) {
            const size_t turn = trained_turn(plan, &plan->schedule.steps[pass->first + s], t);
            double sums[QHM_TURN_ENTRIES] = {0};
            if (turn == QHM_DENSITY_NONE)
                continue;
            for (size_t b = 0; b < blocks; b++)
                for (size_t e = 0; e < QHM_TURN_ENTRIES; e++)
                    sums[e] +=
                        block->work->tile_sums[(b * plan->shape.most_steps + s) * SUMS_A_STEP +
                                               (size_t)t * QHM_TURN_ENTRIES + e];
            qhm_density_add_turn_gradients(block, turn, sums);
        }
}

void qhm_density_adjoint(const qhm_density_block *block)
{
    const qhm_density *plan = block->run->plan;
    const size_t bytes = plan->elements * plan->kernels->real_bytes, segment = plan->segment;
    const size_t passes = plan->schedule.pass_count;
    begin(block);
    if (passes == 0)
        return;
    const size_t major = (passes - 1) / segment + 1;
    for (size_t m = major; m-- > 0;) {
        const size_t first = m * segment;
        const size_t count = passes - first < segment ? passes - first : segment;
        const char *states = block->work->checkpoints + m * bytes; // before pass `first`
        char *minor = block->work->checkpoints + major * bytes;    // before those after it
        for (size_t p = 1; p < count; p++)
            qhm_density_run_pass(block, first + p - 1, p == 1 ? states : minor + (p - 2) * bytes,
                                 minor + (p - 1) * bytes);
        for (size_t p = count; p-- > 0;) {
            const qhm_density_pass *pass = &plan->schedule.passes[first + p];
            const char *state = p == 0 ? states : minor + (p - 1) * bytes;
            if (qhm_density_is_tiled(plan))
                pass_back_tiled(block, pass, state);
            else
                pass_back_in_place(block, pass, state);
        }
    }
}
