// Runs the batched engine's plan forward: arguments to coefficients, then kernels over rows.
#include "simulate/statevector/batch.h"

#include "simulate/statevector/statevector_internal.h"

#include <math.h>
#include <string.h>

static void *at(const qhm_statevector *plan, const void *reals, size_t offset)
{
    return (char *)(uintptr_t)reals + offset * plan->kernels->real_bytes;
}

// Inputs count as a sample's own even where there is one sample: their way is the faster one.
static bool is_shared(const qhm_statevector_run *run, const qhm_batch_entry *entry)
{
    return entry->angle == QHM_NO_ANGLE || (!run->request->shifts && !entry->uses_input &&
                                            (!entry->uses_weight || run->is_shared_weight));
}

static double argument_of(const qhm_statevector_run *run, const qhm_batch_entry *entry,
                          size_t sample)
{
    double angle =
        entry->angle == QHM_NO_ANGLE ? 0 : qhm_statevector_angle(run, entry->angle, sample);
    return qhm_statevector_tame(entry->scale * angle + entry->offset);
}

// Cosines, sines and tangents of the entries in order[count], from their arguments.
static void find_values(const qhm_statevector_run *run, const size_t *order, size_t count,
                        const qhm_batch_values *values)
{
    const qhm_statevector *plan = run->plan;
    const qhm_batch *batch = plan->batch;
    batch->values->sincos(count, run->lanes, values->arguments, values->cos_sin);
    for (size_t i = 0; i < count; i++)
        if (plan->batch->entries[order[i]].is_tangent)
            batch->values->tangent(run->lanes, at(plan, values->cos_sin, 2 * i * run->lanes),
                                   at(plan, values->tangents, i * run->lanes));
}

// The next request mostly decides the same.
static void sort_entries(const qhm_statevector_run *run)
{
    qhm_batch *batch = run->plan->batch;
    size_t shared_count = 0;
    const qhm_batch_sorting sorting = {true, run->request->shifts != NULL, run->is_shared_weight};
    if (batch->sorting.is_some && batch->sorting.has_shifts == sorting.has_shifts &&
        batch->sorting.is_shared_weight == sorting.is_shared_weight)
        return;
    batch->sorting = sorting;
    batch->own_count = 0;
    for (size_t e = 0; e < batch->entry_count; e++) {
        batch->is_shared[e] = is_shared(run, &batch->entries[e]);
        batch->slots[e] = batch->is_shared[e] ? shared_count++ : batch->own_count++;
    }
    batch->is_contiguous = !run->request->shifts;
    const qhm_batch_entry *before = NULL;
    for (size_t e = 0; e < batch->entry_count; e++) {
        const qhm_batch_entry *entry = &batch->entries[e];
        batch->order[batch->slots[e] + (batch->is_shared[e] ? batch->own_count : 0)] = e;
        if (batch->is_shared[e])
            continue;
        batch->is_contiguous &= entry->is_plain && (!before || entry->input == before->input + 1);
        before = entry;
    }
    for (size_t i = 0; i < batch->own_count; i++) {
        const qhm_batch_entry *entry = &batch->entries[batch->order[i]];
        const bool is_plain = entry->is_plain && !run->request->shifts;
        batch->scales[i] = is_plain ? entry->input_scale : 1;
        batch->offsets[i] = is_plain ? entry->input_offset : 0;
        batch->factors[i] = batch->is_contiguous ? run->plan->angles[entry->angle].scale : 1;
        if (i == 0)
            batch->first_input = entry->input;
    }
}

void qhm_batch_prepare_shared(qhm_statevector_run *run)
{
    qhm_statevector *plan = run->plan;
    const qhm_batch *batch = plan->batch;
    sort_entries(run);
    const size_t count = batch->entry_count - batch->own_count, lanes = run->lanes;
    const size_t *order = batch->order + batch->own_count;
    double *arguments = plan->shared_values.arguments;
    for (size_t i = 0; i < count; i++) {
        const double argument = argument_of(run, &batch->entries[order[i]], 0);
        for (size_t lane = 0; lane < lanes; lane++)
            arguments[i * lanes + lane] = argument;
    }
    find_values(run, order, count, &plan->shared_values);
}

// One by one: angles of weights or of several slots. Lanes beyond the samples repeat the last one.
static bool gather_arguments(const qhm_block *block)
{
    const qhm_statevector_run *run = block->run;
    const qhm_batch *batch = run->plan->batch;
    const qhm_batch_work *work = &block->work->batch;
    const size_t count = batch->own_count;
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = 0; j < count; j++) {
            const qhm_batch_entry *entry = &batch->entries[batch->order[j]];
            const size_t sample = block->first + i;
            work->gathered[i * count + j] =
                entry->is_plain && !run->request->shifts
                    ? run->request->inputs[sample * run->plan->input_count + entry->input]
                    : argument_of(run, entry, sample);
        }
    return batch->values->arguments(count, run->lanes, work->gathered, block->count, count,
                                    batch->scales, batch->offsets, work->own.arguments);
}

void qhm_batch_prepare_own(const qhm_block *block)
{
    const qhm_statevector_run *run = block->run;
    const qhm_statevector *plan = run->plan;
    const qhm_batch *batch = plan->batch;
    const qhm_batch_work *work = &block->work->batch;
    const size_t count = batch->own_count;
    if (count == 0)
        return;
    bool are_tame;
    if (batch->is_contiguous)
        are_tame = batch->values->arguments(
            count, run->lanes,
            run->request->inputs + block->first * plan->input_count + batch->first_input,
            block->count, plan->input_count, batch->scales, batch->offsets, work->own.arguments);
    else
        are_tame = gather_arguments(block);
    for (size_t i = 0; !are_tame && i < count * run->lanes; i++)
        work->own.arguments[i] = qhm_statevector_tame(work->own.arguments[i]);
    find_values(run, batch->order, count, &work->own);
}

static const qhm_batch_values *values_of(const qhm_block *block, size_t entry)
{
    const qhm_statevector *plan = block->run->plan;
    return plan->batch->is_shared[entry] ? &plan->shared_values : &block->work->batch.own;
}

static const void *cos_sin_of(const qhm_block *block, size_t entry)
{
    const qhm_statevector *plan = block->run->plan;
    return at(plan, values_of(block, entry)->cos_sin, 2 * plan->batch->slots[entry] * block->lanes);
}

static const void *tangents_of(const qhm_block *block, size_t entry)
{
    const qhm_statevector *plan = block->run->plan;
    return at(plan, values_of(block, entry)->tangents, plan->batch->slots[entry] * block->lanes);
}

// Rotations in tangent form leave out their cosines. The product waits for the next diagonal,
// which multiplies all rows anyway; but not when it becomes so small that a state would overflow.
void qhm_batch_prepare_scales(const qhm_block *block, const qhm_batch_program *program)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_batch *batch = plan->batch;
    const qhm_batch_work *work = &block->work->batch;
    const bool is_backward = program == &plan->batch->backward;
    const size_t lanes = block->lanes;
    const double limit = plan->kernels->real_bytes == sizeof(double) ? 0x1p-200 : 0x1p-30;
    bool is_pending = false;
    batch->values->fill(lanes, 1, work->pending);
    for (size_t i = 0; i < program->count; i++) {
        const size_t number = is_backward ? program->count - 1 - i : i;
        const qhm_batch_op *op = &program->ops[number];
        void *scale = at(plan, work->scales, number * lanes);
        if (is_backward)
            memcpy(at(plan, work->lacking, number * lanes), work->pending,
                   lanes * plan->kernels->real_bytes);
        const bool is_tangent = op->kind != QHM_BATCH_DIAGONAL;
        for (unsigned k = 0; is_tangent && k < op->count; k++)
            batch->values->scale(lanes, cos_sin_of(block, op->entries[k]), work->pending);
        is_pending |= is_tangent;
        work->has_scale[number] = false;
        if (!is_pending)
            continue;
        const bool waits =
            op->kind == QHM_BATCH_ROTATION && (op->has_later_diagonal || is_backward);
        work->has_scale[number] =
            batch->values->defer(lanes, waits ? limit : INFINITY, work->pending, scale);
        is_pending = waits;
    }
}

static const void *scale_of(const qhm_block *block, size_t number)
{
    const qhm_batch_work *work = &block->work->batch;
    return work->has_scale[number] ? at(block->run->plan, work->scales, number * block->lanes)
                                   : NULL;
}

qhm_tile_rotation qhm_batch_rotation(const qhm_block *block, const qhm_batch_op *op, size_t number)
{
    qhm_tile_rotation rotation = {.count = op->count,
                                  .outer = op->outer,
                                  .inner = op->inner,
                                  .inner_bits = op->inner_bits,
                                  .group_count = (size_t)1 << (op->inner_bits + op->outer_bits),
                                  .scale = scale_of(block, number)};
    memcpy(rotation.masks, op->masks, sizeof op->masks);
    for (unsigned d = 0; d < op->count; d++)
        rotation.tangents[d] = tangents_of(block, op->entries[d]);
    return rotation;
}

qhm_tile_parities qhm_batch_parities(const qhm_block *block, const qhm_batch_op *op, size_t number)
{
    qhm_tile_parities parities = {.count = op->count,
                                  .outer_signs = op->outer_signs,
                                  .inner_signs = op->inner_signs,
                                  .inner_bits = op->inner_bits,
                                  .row_count = block->run->plan->row_count,
                                  .scale = scale_of(block, number)};
    for (unsigned k = 0; k < op->count; k++)
        parities.tangents[k] = tangents_of(block, op->entries[k]);
    return parities;
}

static void fill_phases(const qhm_block *block, const qhm_batch_op *op, bool is_outer, void *table)
{
    const qhm_batch *batch = block->run->plan->batch;
    const unsigned bits = is_outer ? op->outer_bits : op->inner_bits;
    const size_t *entries = op->bit_entries + (is_outer ? op->inner_bits : 0);
    const void *constants = is_outer ? op->outer_constants : op->inner_constants;
    const size_t lanes = block->lanes;
    batch->values->begin_phases(lanes, table);
    for (unsigned b = 0; b < bits; b++)
        batch->values->double_phases(
            lanes, (size_t)1 << b,
            entries[b] == QHM_BATCH_NO_ENTRY ? NULL : cos_sin_of(block, entries[b]), table);
    if (constants)
        batch->values->multiply(lanes, (size_t)1 << bits, constants, table);
    for (size_t t = 0; t < op->term_count; t++)
        if (op->terms[t].is_outer == is_outer)
            batch->values->multiply_parity(lanes, (size_t)1 << bits, op->terms[t].mask,
                                           cos_sin_of(block, op->terms[t].entry), table);
}

qhm_tile_diagonal qhm_batch_diagonal(const qhm_block *block, const qhm_batch_op *op, size_t number)
{
    const qhm_batch_work *work = &block->work->batch;
    qhm_tile_diagonal diagonal = {.outer = op->outer,
                                  .inner = op->inner,
                                  .outer_count = (size_t)1 << op->outer_bits,
                                  .inner_count = (size_t)1 << op->inner_bits,
                                  .table = op->table,
                                  .scale = scale_of(block, number)};
    if (!op->is_constant) {
        fill_phases(block, op, false, work->inner);
        fill_phases(block, op, true, work->outer);
        diagonal.inner_phases = work->inner;
        diagonal.outer_phases = work->outer;
    }
    return diagonal;
}

static void run_op(const qhm_block *block, const qhm_batch_op *op, size_t number)
{
    const qhm_batch *batch = block->run->plan->batch;
    const qhm_rows *psi = &block->work->psi;
    switch (op->kind) {
    case QHM_BATCH_ROTATION: {
        const qhm_tile_rotation rotation = qhm_batch_rotation(block, op, number);
        batch->kernels->rotate(psi, &rotation);
        return;
    }
    case QHM_BATCH_DIAGONAL: {
        const qhm_tile_diagonal diagonal = qhm_batch_diagonal(block, op, number);
        batch->kernels->diagonal(psi, &diagonal);
        return;
    }
    case QHM_BATCH_PARITIES: {
        const qhm_tile_parities parities = qhm_batch_parities(block, op, number);
        batch->kernels->parities(psi, &parities);
        return;
    }
    }
}

enum { MANY_OPERATIONS = 64 };

void qhm_batch_forward(const qhm_block *block)
{
    const qhm_batch *batch = block->run->plan->batch;
    qhm_batch_prepare_scales(block, &batch->forward);
    for (size_t i = 0; i < batch->forward.count; i++)
        run_op(block, &batch->forward.ops[i], i);
    // Rounding takes as much from the norm at every turn by the same angle.
    if (batch->forward.count > MANY_OPERATIONS)
        batch->kernels->normalize(&block->work->psi, block->run->plan->row_count);
}

static qhm_tile_diagonal rows_of(const qhm_batch *batch)
{
    return (qhm_tile_diagonal){.outer = batch->outer,
                               .inner = batch->inner,
                               .outer_count = (size_t)1 << batch->outer_bits,
                               .inner_count = (size_t)1 << batch->inner_bits};
}

// The part of a Z-only term in the inner or the outer bits; the other part is empty.
static size_t split_mask(const qhm_batch *batch, size_t mask, bool *is_outer)
{
    *is_outer = mask >> batch->inner_bits != 0;
    return *is_outer ? mask >> batch->inner_bits : mask;
}

void qhm_batch_find_terms(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_batch *batch = plan->batch;
    const qhm_batch_work *work = &block->work->batch;
    const qhm_tile_diagonal rows = rows_of(batch);
    batch->kernels->marginals(&block->work->psi, &rows, work->inner_sums, work->outer_sums);
    for (size_t t = 0; t < plan->diagonal_count; t++) {
        bool is_outer;
        const size_t mask = split_mask(batch, plan->diagonal_rows[t], &is_outer);
        batch->values->signed_sum(block->lanes, is_outer ? rows.outer_count : rows.inner_count,
                                  mask, is_outer ? work->outer_sums : work->inner_sums, 1,
                                  block->work->term_values + t * plan->block_samples);
    }
}

void qhm_batch_find_pair_term(const qhm_block *block, size_t term, unsigned y_count)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_pauli_masks *masks = &plan->terms[term].stored;
    double *values = block->work->term_values + term * plan->block_samples;
    plan->batch->kernels->pair_sum(&block->work->psi, plan->row_count, (uint32_t)masks->x,
                                   (uint32_t)masks->z, y_count & 1, values);
    // <P> = Re(i^y sum) of the sum over all rows.
    for (size_t lane = 0; (y_count == 1 || y_count == 2) && lane < block->lanes; lane++)
        values[lane] = -values[lane];
}

void qhm_batch_apply_observables(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_batch *batch = plan->batch;
    const qhm_batch_work *work = &block->work->batch;
    const qhm_tile_diagonal rows = rows_of(batch);
    batch->values->fill(block->lanes * rows.inner_count, 0, work->inner_sums);
    batch->values->fill(block->lanes * rows.outer_count, 0, work->outer_sums);
    for (size_t t = 0; t < plan->diagonal_count; t++) {
        bool is_outer;
        const size_t mask = split_mask(batch, plan->diagonal_rows[t], &is_outer);
        batch->values->signed_add(block->lanes, is_outer ? rows.outer_count : rows.inner_count,
                                  mask, block->work->weights + t * block->lanes,
                                  is_outer ? work->outer_sums : work->inner_sums);
    }
    batch->kernels->weigh(&block->work->psi, &block->work->lambda, &rows, work->inner_sums,
                          work->outer_sums);
}
