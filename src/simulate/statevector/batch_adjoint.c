// Adjoint gradients of the batched engine: one walk back, rotations and diagonals at a time.
//
// Generators of one operation commute, so that all its derivatives are taken where both states
// stand; see statevector_adjoint.c for the method.
#include "simulate/statevector/batch.h"
#include "simulate/statevector/statevector_internal.h"

#include <string.h>

static bool wants_entry(const qhm_block *block, size_t entry)
{
    const qhm_request *request = block->run->request;
    const qhm_batch_entry *e = &block->run->plan->batch->entries[entry];
    return (e->uses_input && request->input_gradients) ||
           (e->uses_weight && request->weight_gradients);
}

static bool wants(const qhm_block *block, const qhm_batch_op *op)
{
    if (op->kind != QHM_BATCH_DIAGONAL) {
        for (unsigned k = 0; k < op->count; k++)
            if (wants_entry(block, op->entries[k]))
                return true;
        return false;
    }
    for (unsigned b = 0; b < op->inner_bits + op->outer_bits; b++)
        if (op->bit_entries[b] != QHM_BATCH_NO_ENTRY && wants_entry(block, op->bit_entries[b]))
            return true;
    for (size_t t = 0; t < op->term_count; t++)
        if (wants_entry(block, op->terms[t].entry))
            return true;
    return false;
}

static double *gradient_of(const qhm_block *block, size_t entry)
{
    const qhm_batch *batch = block->run->plan->batch;
    const size_t place = batch->slots[entry] + (batch->is_shared[entry] ? batch->own_count : 0);
    return block->work->batch.gradients + place * block->lanes;
}

// d/da of exp(-i a P) is 2 Im <lambda| P |psi>.
static double factor_of(const qhm_block *block, size_t entry)
{
    return 2 * block->run->plan->batch->entries[entry].scale;
}

static void undo_rotation(const qhm_block *block, const qhm_batch_op *op, size_t number)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_batch *batch = plan->batch;
    const qhm_batch_work *work = &block->work->batch;
    const size_t lanes = block->lanes;
    qhm_tile_rotation rotation = qhm_batch_rotation(block, op, number);
    rotation.is_inverse = true;
    if (!wants(block, op)) {
        batch->kernels->rotate(&block->work->psi, &rotation);
        batch->kernels->rotate(&block->work->lambda, &rotation);
        return;
    }
    batch->adjoint->rotate(&block->work->psi, &block->work->lambda, &rotation, work->sums);
    const void *lacking = (char *)work->lacking + number * lanes * plan->kernels->real_bytes;
    for (unsigned d = 0; d < op->count; d++)
        batch->values->gradient(lanes, factor_of(block, op->entries[d]), work->sums + d * lanes,
                                lacking, gradient_of(block, op->entries[d]));
}

static void undo_parities(const qhm_block *block, const qhm_batch_op *op, size_t number)
{
    const qhm_batch *batch = block->run->plan->batch;
    const qhm_batch_work *work = &block->work->batch;
    qhm_tile_parities parities = qhm_batch_parities(block, op, number);
    parities.is_inverse = true;
    batch->adjoint->parities(&block->work->psi, &block->work->lambda, &parities, work->sums);
    for (unsigned k = 0; k < op->count; k++)
        for (size_t lane = 0; lane < block->lanes; lane++)
            gradient_of(block, op->entries[k])[lane] =
                factor_of(block, op->entries[k]) * work->sums[k * block->lanes + lane];
}

static void undo_diagonal(const qhm_block *block, const qhm_batch_op *op, size_t number)
{
    const qhm_batch *batch = block->run->plan->batch;
    const qhm_batch_work *work = &block->work->batch;
    const size_t lanes = block->lanes;
    qhm_tile_diagonal diagonal = qhm_batch_diagonal(block, op, number);
    diagonal.is_inverse = true;
    if (!wants(block, op)) {
        batch->kernels->diagonal(&block->work->psi, &diagonal);
        batch->kernels->diagonal(&block->work->lambda, &diagonal);
        return;
    }
    batch->values->fill(lanes * diagonal.inner_count, 0, work->inner_sums);
    batch->values->fill(lanes * diagonal.outer_count, 0, work->outer_sums);
    batch->adjoint->diagonal(&block->work->psi, &block->work->lambda, &diagonal, work->inner_sums,
                             work->outer_sums);
    for (unsigned b = 0; b < op->inner_bits + op->outer_bits; b++) {
        const size_t entry = op->bit_entries[b];
        const bool is_outer = b >= op->inner_bits;
        if (entry != QHM_BATCH_NO_ENTRY)
            batch->values->signed_sum(lanes, is_outer ? diagonal.outer_count : diagonal.inner_count,
                                      (size_t)1 << (is_outer ? b - op->inner_bits : b),
                                      is_outer ? work->outer_sums : work->inner_sums,
                                      factor_of(block, entry), gradient_of(block, entry));
    }
    for (size_t t = 0; t < op->term_count; t++) {
        const qhm_batch_term *term = &op->terms[t];
        batch->values->signed_sum(lanes,
                                  term->is_outer ? diagonal.outer_count : diagonal.inner_count,
                                  term->mask, term->is_outer ? work->outer_sums : work->inner_sums,
                                  factor_of(block, term->entry), gradient_of(block, term->entry));
    }
}

static void undo(const qhm_block *block, const qhm_batch_op *op, size_t number)
{
    switch (op->kind) {
    case QHM_BATCH_ROTATION:
        undo_rotation(block, op, number);
        return;
    case QHM_BATCH_DIAGONAL:
        undo_diagonal(block, op, number);
        return;
    case QHM_BATCH_PARITIES:
        undo_parities(block, op, number);
        return;
    }
}

// Derivatives by entries become those by slots. Most circuits have every input in one place.
static void add_gradients(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_batch *batch = plan->batch;
    double *inputs = block->run->request->input_gradients;
    size_t i = 0;
    if (inputs && batch->is_contiguous && batch->own_count > 0) {
        batch->values->scatter(batch->own_count, block->lanes, block->work->batch.gradients,
                               batch->factors, block->count, plan->input_count,
                               inputs + block->first * plan->input_count + batch->first_input);
        i = batch->own_count;
    }
    for (; i < batch->entry_count; i++) {
        const size_t e = batch->order[i];
        const uint32_t angle = batch->entries[e].angle;
        if (!wants_entry(block, e))
            continue;
        const double *gradients = gradient_of(block, e);
        if (batch->is_shared[e]) { // the chain rule is the same for all samples
            double sum = 0;
            for (size_t j = 0; j < block->count; j++)
                sum += gradients[j];
            qhm_statevector_add_slots(block, angle, 0, sum);
            continue;
        }
        for (size_t j = 0; j < block->count; j++)
            qhm_statevector_add_slots(block, angle, j, gradients[j]);
    }
}

void qhm_batch_adjoint(const qhm_block *block)
{
    const qhm_batch *batch = block->run->plan->batch;
    const qhm_batch_program *program = &batch->backward;
    qhm_batch_prepare_scales(block, program);
    size_t first = 0; // nothing is wanted of the operations before it
    while (first < program->count && !wants(block, &program->ops[first]))
        first++;
    for (size_t i = program->count; i-- > first;)
        undo(block, &program->ops[i], i);
    add_gradients(block);
}
