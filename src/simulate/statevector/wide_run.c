// Runs passes: gathers a tile, runs the pass's operations in it, and puts it back.
#include "simulate/statevector/wide_run.h"

#include "base/parallel.h"

#include <math.h>
#include <string.h>

void *qhm_wide_real_at(const qhm_wide *wide, const void *reals, size_t offset)
{
    return (char *)(uintptr_t)reals + offset * wide->kernels->real_bytes;
}

// Below `least_scale` the product of cosines that were left out is applied before it grows smaller;
// below `least_last` not before the last operation of a pass, where small numbers would be lost.
static const double least_scale = 0x1p-24, least_last = 0x1p-60;

// The scale of an operation that leaves the cosines of its items to later ones. All that is
// left is applied by the last of a pass.
static double take_scale(qhm_wide_step *step, const qhm_wide_op *op)
{
    double scale = 1;
    if (fabs(step->pending) < least_scale) {
        scale = step->pending;
        step->pending = 1;
    }
    for (unsigned d = 0; d < op->rotations.count; d++)
        step->pending *= step->values->lengths[op->items[d]];
    const bool is_last = step->sign > 0 ? op->is_last : op->is_first;
    if (is_last && fabs(scale * step->pending) >= least_last) {
        scale *= step->pending;
        step->pending = 1;
    }
    return scale;
}

double qhm_wide_take_rest(qhm_wide_step *step)
{
    const double rest = step->pending;
    step->pending = 1;
    return fabs(rest) < least_scale ? rest : 1;
}

static double tangent_of(const qhm_wide_step *step, size_t item)
{
    return step->sign * step->values->tangents[item] *
           qhm_sign(step->wide->items[item].base_signs & step->number);
}

qhm_wide_rotations qhm_wide_rotations_of(qhm_wide_step *step, const qhm_wide_op *op)
{
    qhm_wide_rotations rotations = op->rotations;
    rotations.rows = step->wide->rows + op->rows;
    rotations.scale = take_scale(step, op);
    for (unsigned d = 0; d < rotations.count; d++)
        rotations.tangents[d] = tangent_of(step, op->items[d]);
    return rotations;
}

qhm_wide_parities qhm_wide_parities_of(qhm_wide_step *step, const qhm_wide_op *op)
{
    qhm_wide_parities parities = {.count = op->rotations.count, .scale = take_scale(step, op)};
    for (unsigned k = 0; k < parities.count; k++) {
        parities.row_signs[k] = op->row_signs[k];
        parities.lane_signs[k] = op->rotations.lane_signs[k];
        parities.tangents[k] = tangent_of(step, op->items[k]);
    }
    return parities;
}

// The phases of one side in this tile; NULL when all are 1.
static const void *side_phases(qhm_wide_step *step, const qhm_wide_split *split, int which)
{
    const qhm_wide *wide = step->wide;
    const qhm_wide_side *side = &split->sides[which];
    const void *fixed = NULL;
    if (side->fixed_count > 0)
        fixed = qhm_wide_real_at(wide, side->is_constant ? wide->constants : step->values->fixed,
                                 side->fixed);
    const size_t count = side->product_count - side->fixed_count;
    if (count == 0)
        return fixed;
    for (size_t i = 0; i < count; i++)
        step->buffer->factors[i] = qhm_wide_factor_of(
            wide, step->values, &wide->products[side->product + side->fixed_count + i],
            step->number, &step->pending);
    wide->kernels->phases(side->bits + split->section_bits, count, step->buffer->factors, fixed,
                          step->buffer->phases[which]);
    return step->buffer->phases[which];
}

qhm_wide_phases qhm_wide_phases_of(qhm_wide_step *step, const qhm_wide_op *op)
{
    const qhm_wide *wide = step->wide;
    const qhm_wide_split *split = &wide->splits[op->split];
    const qhm_wide_side *outer = &split->sides[0], *inner = &split->sides[1];
    qhm_wide_phases phases = {.sides = {side_phases(step, split, 0), side_phases(step, split, 1)},
                              .diagonal = {.outer = wide->rows + outer->rows,
                                           .inner = wide->rows + inner->rows,
                                           .outer_count = (size_t)1 << outer->bits,
                                           .inner_count = (size_t)1 << inner->bits,
                                           .skipped = split->skipped,
                                           .is_inverse = step->sign < 0}};
    memcpy(phases.diagonal.outer_flips, split->outer_flips, sizeof split->outer_flips);
    memcpy(phases.diagonal.inner_flips, split->inner_flips, sizeof split->inner_flips);
    if (split->table_count > 0) {
        const void *tables = split->is_table_constant ? wide->constants : step->values->fixed;
        phases.diagonal.table_cosines = qhm_wide_real_at(wide, tables, split->table);
        phases.diagonal.table_sines =
            qhm_wide_real_at(wide, tables, split->table + ((size_t)1 << wide->tile_bits));
    }
    step->pending *= step->values->norms[op->split];
    phases.diagonal.scale = qhm_wide_rounded(wide, step->pending);
    step->pending /= phases.diagonal.scale;
    return phases;
}

const qhm_wide_diagonal *qhm_wide_section_of(const qhm_wide *wide, const qhm_wide_op *op,
                                             size_t section, qhm_wide_phases *phases)
{
    const qhm_wide_split *split = &wide->splits[op->split];
    const size_t phase = 2 * wide->kernels->lanes * section;
    qhm_wide_diagonal *diagonal = &phases->diagonal;
    diagonal->row = wide->rows[split->section_rows + section];
    if (phases->sides[0])
        diagonal->outer_phases =
            qhm_wide_real_at(wide, phases->sides[0], phase << split->sides[0].bits);
    if (phases->sides[1])
        diagonal->inner_phases =
            qhm_wide_real_at(wide, phases->sides[1], phase << split->sides[1].bits);
    return diagonal;
}

void qhm_wide_apply_rotations(const qhm_wide *wide, const qhm_wide_tile *tile,
                              const qhm_wide_op *op, const qhm_wide_rotations *rotations)
{
    if (op->kind == QHM_WIDE_ROTATE)
        wide->kernels->rotate(tile, rotations);
    else
        wide->kernels->rotate_lanes(tile, rotations);
}

void qhm_wide_scale(const qhm_wide *wide, const qhm_wide_tile *tile, double scale)
{
    if (scale != 1)
        wide->kernels->parities(tile, qhm_wide_row_count(wide),
                                &(qhm_wide_parities){.scale = scale});
}

// A diagonal, with the rotations that come next if they can be run in its visit.
static void run_diagonal(qhm_wide_step *step, const qhm_wide_op *op)
{
    const qhm_wide *wide = step->wide;
    qhm_wide_phases phases = qhm_wide_phases_of(step, op);
    qhm_wide_rotations next;
    if (op->takes_next)
        next = qhm_wide_rotations_of(step, op + 1);
    const bool has_rows = op->takes_next && op[1].kind == QHM_WIDE_ROTATE;
    for (size_t section = 0; section < (size_t)1 << wide->splits[op->split].section_bits;
         section++) {
        const qhm_wide_diagonal *diagonal = qhm_wide_section_of(wide, op, section, &phases);
        if (has_rows)
            wide->kernels->diagonal_rotate(&step->tile, diagonal, &next);
        else
            wide->kernels->diagonal(&step->tile, diagonal, op->takes_next ? &next : NULL);
    }
}

static void run_op(qhm_wide_step *step, const qhm_wide_op *op)
{
    const qhm_wide *wide = step->wide;
    qhm_wide_rotations rotations;
    qhm_wide_parities parities;
    switch (op->kind) {
    case QHM_WIDE_ROTATE:
    case QHM_WIDE_ROTATE_LANES:
        rotations = qhm_wide_rotations_of(step, op);
        qhm_wide_apply_rotations(wide, &step->tile, op, &rotations);
        return;
    case QHM_WIDE_DIAGONAL:
        run_diagonal(step, op);
        return;
    case QHM_WIDE_PARITIES:
        parities = qhm_wide_parities_of(step, op);
        wide->kernels->parities(&step->tile, qhm_wide_row_count(wide), &parities);
        return;
    }
}

size_t qhm_wide_row_count(const qhm_wide *wide)
{
    return (size_t)1 << (wide->tile_bits - wide->lane_bits);
}

qhm_wide_copy qhm_wide_copy_of(const qhm_wide *wide, const qhm_wide_pass *pass, uint64_t number,
                               const qhm_rows *state)
{
    uint64_t first = pass->first;
    for (unsigned b = 0; b < pass->base_bits; b++)
        if (number >> b & 1)
            first ^= pass->bases[b];
    return (qhm_wide_copy){.re = state->re,
                           .im = state->im,
                           .first = first,
                           .places = wide->places + pass->places,
                           .rows = wide->place_rows + pass->places,
                           .piece_count = (size_t)1 << pass->high_bits,
                           .count = (size_t)1 << (pass->low_bits - wide->lane_bits)};
}

qhm_wide_buffer *qhm_wide_take_buffer(const qhm_wide *wide)
{
    for (size_t i = 0;; i = (i + 1) % wide->buffer_count)
        if (!atomic_exchange_explicit(&wide->buffers[i].is_taken, true, memory_order_acquire))
            return &wide->buffers[i];
}

void qhm_wide_return_buffer(qhm_wide_buffer *buffer)
{
    atomic_store_explicit(&buffer->is_taken, false, memory_order_release);
}

typedef struct forward_context {
    const qhm_block *block;
    const qhm_wide_pass *pass;
} forward_context;

static void run_ops(qhm_wide_step *step, const qhm_wide_pass *pass)
{
    for (size_t i = pass->op; i < pass->op + pass->op_count; i++) {
        run_op(step, &step->wide->ops[i]);
        i += step->wide->ops[i].takes_next;
    }
    qhm_wide_scale(step->wide, &step->tile, qhm_wide_take_rest(step));
}

static void run_tiles(size_t first, size_t last, void *context)
{
    const forward_context *c = context;
    const qhm_wide *wide = c->block->run->plan->wide;
    qhm_wide_buffer *buffer = qhm_wide_take_buffer(wide);
    for (size_t number = first; number < last; number++) {
        qhm_wide_step step = {.wide = wide,
                              .values = &c->block->work->values,
                              .buffer = buffer,
                              .tile = buffer->psi,
                              .number = number,
                              .sign = 1,
                              .pending = 1};
        qhm_wide_copy copy = qhm_wide_copy_of(wide, c->pass, number, &c->block->work->psi);
        wide->kernels->gather(&copy, &step.tile);
        run_ops(&step, c->pass);
        wide->kernels->scatter(&step.tile, &copy);
    }
    qhm_wide_return_buffer(buffer);
}

void qhm_wide_run_pass(const qhm_block *block, const qhm_wide_pass *pass)
{
    const qhm_wide *wide = block->run->plan->wide;
    if (wide->is_in_place)
        run_ops(&(qhm_wide_step){.wide = wide,
                                 .values = &block->work->values,
                                 .tile = {block->work->psi.re, block->work->psi.im},
                                 .sign = 1,
                                 .pending = 1},
                pass);
    else
        qhm_parallel_for((size_t)1 << pass->base_bits, 1, run_tiles,
                         &(forward_context){block, pass});
}

void qhm_wide_forward(const qhm_block *block)
{
    const qhm_wide *wide = block->run->plan->wide;
    qhm_wide_fill_values(block);
    qhm_statevector_reset(block, wide->start);
    for (size_t p = 0; p < wide->pass_count; p++)
        qhm_wide_run_pass(block, &wide->passes[p]);
}
