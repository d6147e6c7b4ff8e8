// Adjoint gradients of the wide engine: the passes backwards, on psi and lambda side by side.
//
// Every operation is undone on both in the visit that finds the inner products of its items, so a
// gradient costs about four runs forward. Rotations leave cosines out of both states alike: an
// inner product is to be multiplied by the square of what they lack. See statevector_adjoint.c.
#include "simulate/statevector/wide_run.h"

#include "base/parallel.h"

#include <string.h>

enum { MAX_TILE_BLOCKS = 256 }; // sums are added up in these blocks, whatever the threads

// A block of tiles on its way back through a pass.
typedef struct walk {
    const qhm_block *block;
    const qhm_wide *wide;
    const qhm_wide_pass *pass;
    qhm_wide_step step;
    qhm_wide_tile lambda;
    double *sums; // [items of the pass]
} walk;

static bool is_wanted(const qhm_block *block, const qhm_string *item)
{
    const qhm_request *request = block->run->request;
    return (item->uses_input && request->input_gradients) ||
           (item->uses_weight && request->weight_gradients);
}

static void add(walk *w, size_t item, double sum)
{
    w->sums[item - w->pass->item] +=
        sum * qhm_sign(w->wide->items[item].base_signs & w->step.number);
}

static bool wants_any(const walk *w, const qhm_wide_op *op)
{
    for (unsigned d = 0; d < op->rotations.count; d++)
        if (is_wanted(w->block, &w->wide->items[op->items[d]]))
            return true;
    return false;
}

static void undo_rotations(walk *w, const qhm_wide_op *op)
{
    const double before = w->step.pending;
    const qhm_wide_rotations rotations = qhm_wide_rotations_of(&w->step, op);
    if (!wants_any(w, op)) {
        qhm_wide_apply_rotations(w->wide, &w->step.tile, op, &rotations);
        qhm_wide_apply_rotations(w->wide, &w->lambda, op, &rotations);
        return;
    }
    const double lacking = before / rotations.scale;
    double sums[QHM_WIDE_GROUP];
    if (op->kind == QHM_WIDE_ROTATE_LANES)
        w->wide->adjoint->rotate_lanes(&w->step.tile, &w->lambda, &rotations, sums);
    else
        w->wide->adjoint->rotate(&w->step.tile, &w->lambda, &rotations, sums);
    for (unsigned d = 0; d < rotations.count; d++)
        add(w, op->items[d], lacking * lacking * sums[d]);
}

static void undo_parities(walk *w, const qhm_wide_op *op)
{
    const double before = w->step.pending;
    const qhm_wide_parities parities = qhm_wide_parities_of(&w->step, op);
    const double lacking = before / parities.scale;
    double sums[QHM_WIDE_GROUP];
    w->wide->adjoint->parities(&w->step.tile, &w->lambda, qhm_wide_row_count(w->wide), &parities,
                               sums);
    for (unsigned k = 0; k < parities.count; k++)
        add(w, op->items[k], lacking * lacking * sums[k]);
}

static bool wants_product(const walk *w, const qhm_wide_product *product)
{
    for (size_t i = product->item; i < product->item + product->item_count; i++)
        if (is_wanted(w->block, &w->wide->items[i]))
            return true;
    return false;
}

static bool wants_side(const walk *w, const qhm_wide_side *side)
{
    for (size_t p = side->product; p < side->product + side->product_count; p++)
        if (wants_product(w, &w->wide->products[p]))
            return true;
    return false;
}

static void add_products(walk *w, const qhm_wide_split *split, int which, double factor)
{
    const qhm_wide_side *side = &split->sides[which];
    const size_t count = (size_t)1 << (side->bits + split->section_bits);
    for (size_t p = side->product; p < side->product + side->product_count; p++) {
        const qhm_wide_product *product = &w->wide->products[p];
        if (!wants_product(w, product))
            continue;
        const double sum = w->wide->readout->signed_sum(count, w->step.buffer->sums[which],
                                                        product->signs, product->lane_signs);
        for (size_t i = product->item; i < product->item + product->item_count; i++)
            add(w, i, factor * sum);
    }
}

static void undo_diagonal(walk *w, const qhm_wide_op *op)
{
    const qhm_wide *wide = w->wide;
    const qhm_wide_split *split = &wide->splits[op->split];
    const double lacking = w->step.pending;
    qhm_wide_phases phases = qhm_wide_phases_of(&w->step, op);
    bool wants[2];
    for (int side = 0; side < 2; side++)
        wants[side] = wants_side(w, &split->sides[side]);
    for (size_t section = 0; section < (size_t)1 << split->section_bits; section++) {
        const qhm_wide_diagonal *diagonal = qhm_wide_section_of(wide, op, section, &phases);
        void *sums[2] = {NULL, NULL};
        for (int side = 0; side < 2; side++)
            if (wants[side])
                sums[side] =
                    qhm_wide_real_at(wide, w->step.buffer->sums[side],
                                     wide->kernels->lanes * section << split->sides[side].bits);
        if (wants[0] || wants[1]) {
            wide->adjoint->diagonal(&w->step.tile, &w->lambda, diagonal, sums[0], sums[1]);
            continue;
        }
        wide->kernels->diagonal(&w->step.tile, diagonal, NULL);
        wide->kernels->diagonal(&w->lambda, diagonal, NULL);
    }
    for (int side = 0; side < 2; side++)
        if (wants[side])
            add_products(w, split, side, lacking * lacking);
}

static void undo_ops(walk *w)
{
    w->step.pending = 1;
    for (size_t i = w->pass->op + w->pass->op_count; i-- > w->pass->op;) {
        const qhm_wide_op *op = &w->wide->ops[i];
        switch (op->kind) {
        case QHM_WIDE_ROTATE:
        case QHM_WIDE_ROTATE_LANES:
            undo_rotations(w, op);
            break;
        case QHM_WIDE_DIAGONAL:
            undo_diagonal(w, op);
            break;
        case QHM_WIDE_PARITIES:
            undo_parities(w, op);
            break;
        }
    }
    const double rest = qhm_wide_take_rest(&w->step);
    qhm_wide_scale(w->wide, &w->step.tile, rest);
    qhm_wide_scale(w->wide, &w->lambda, rest);
}

typedef struct pass_context {
    const qhm_block *block;
    const qhm_wide_pass *pass;
    size_t tiles_per_block;
} pass_context;

static void undo_tiles(size_t first, size_t last, void *context)
{
    const pass_context *c = context;
    const qhm_wide *wide = c->block->run->plan->wide;
    qhm_workspace *work = c->block->work;
    qhm_wide_buffer *buffer = qhm_wide_take_buffer(wide);
    walk w = {.block = c->block,
              .wide = wide,
              .pass = c->pass,
              .step = {.wide = wide,
                       .values = &work->values,
                       .buffer = buffer,
                       .tile = buffer->psi,
                       .sign = -1},
              .lambda = buffer->lambda,
              .sums = work->values.sums + first / c->tiles_per_block * c->pass->item_count};
    memset(w.sums, 0, c->pass->item_count * sizeof *w.sums);
    if (wide->is_in_place) {
        w.step.tile = (qhm_wide_tile){work->psi.re, work->psi.im};
        w.lambda = (qhm_wide_tile){work->lambda.re, work->lambda.im};
        undo_ops(&w);
    }
    for (size_t number = first; number < last && !wide->is_in_place; number++) {
        qhm_wide_copy psi = qhm_wide_copy_of(wide, c->pass, number, &work->psi);
        qhm_wide_copy lambda = qhm_wide_copy_of(wide, c->pass, number, &work->lambda);
        w.step.number = number;
        wide->kernels->gather(&psi, &w.step.tile);
        wide->kernels->gather(&lambda, &w.lambda);
        undo_ops(&w);
        if (c->pass == wide->passes)
            continue; // nothing comes before
        wide->kernels->scatter(&w.step.tile, &psi);
        wide->kernels->scatter(&w.lambda, &lambda);
    }
    qhm_wide_return_buffer(buffer);
}

static size_t tiles_per_block(const qhm_wide_pass *pass)
{
    return (((size_t)1 << pass->base_bits) - 1) / MAX_TILE_BLOCKS + 1;
}

static size_t block_count(const qhm_wide_pass *pass)
{
    return (((size_t)1 << pass->base_bits) - 1) / tiles_per_block(pass) + 1;
}

size_t qhm_wide_partial_count(const qhm_wide *wide)
{
    size_t most = 0;
    for (size_t p = 0; p < wide->pass_count; p++) {
        const size_t count = block_count(&wide->passes[p]) * wide->passes[p].item_count;
        most = count > most ? count : most;
    }
    return most;
}

// The derivative by a of exp(-i a P) is twice the sum over pairs, or over amplitudes.
static void add_gradients(const qhm_block *block, const qhm_wide_pass *pass)
{
    const qhm_wide *wide = block->run->plan->wide;
    const double *sums = block->work->values.sums;
    for (size_t i = 0; i < pass->item_count; i++) {
        const qhm_string *item = &wide->items[pass->item + i];
        if (!is_wanted(block, item))
            continue;
        double total = 0;
        for (size_t b = 0; b < block_count(pass); b++)
            total += sums[b * pass->item_count + i];
        qhm_statevector_add_slots(block, item->angle, 0, 2 * item->scale * total);
    }
}

void qhm_wide_adjoint(const qhm_block *block)
{
    const qhm_wide *wide = block->run->plan->wide;
    for (size_t p = wide->pass_count; p-- > 0;) {
        const qhm_wide_pass *pass = &wide->passes[p];
        pass_context context = {block, pass, tiles_per_block(pass)};
        if (wide->is_in_place)
            undo_tiles(0, 1, &context);
        else
            qhm_parallel_for((size_t)1 << pass->base_bits, context.tiles_per_block, undo_tiles,
                             &context);
        add_gradients(block, pass);
    }
}
