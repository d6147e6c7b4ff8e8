// Runs steps on a block's states: values of angles, coefficients, kernels over rows.
#include "base/parallel.h"
#include "simulate/statevector/statevector_internal.h"

#include <math.h>
#include <string.h>

static void *at(const qhm_statevector *plan, const void *reals, size_t offset)
{
    return (char *)(uintptr_t)reals + offset * plan->kernels->real_bytes;
}

static bool is_shared(const qhm_statevector_run *run, const qhm_step *step)
{
    return !run->request->shifts && (!step->uses_input || run->is_shared_input) &&
           (!step->uses_weight || run->is_shared_weight);
}

double qhm_statevector_tame(double argument)
{
    return fabs(argument) <= QHM_LARGEST_ARGUMENT ? argument : atan2(sin(argument), cos(argument));
}

double qhm_statevector_angle(const qhm_statevector_run *run, uint32_t angle, size_t sample)
{
    const qhm_statevector *plan = run->plan;
    const qhm_request *request = run->request;
    const double *inputs = request->inputs ? request->inputs + sample * plan->input_count : NULL;
    const double *weights = request->weights;
    if (weights && request->weights_per_sample)
        weights += sample * plan->weight_count;
    double value = qhm_angle_value(&plan->angles[angle], inputs, weights);
    if (request->shifts && request->shifts[sample].angle == angle)
        value += request->shifts[sample].radians;
    return value;
}

// A step's argument for a sample.
static double argument_of(const qhm_statevector_run *run, const qhm_step *step, size_t sample)
{
    return qhm_statevector_tame(step->scale * qhm_statevector_angle(run, step->angle, sample));
}

// Fills a set with the coefficients of one sample, for the steps that are shared or are not.
static void fill_set(const qhm_statevector_run *run, const qhm_coefficient_set *set, size_t sample,
                     bool shared)
{
    const qhm_statevector *plan = run->plan;
    const qhm_statevector_kernels *kernels = plan->kernels;
    for (size_t i = 0; i < plan->circuit_step_count; i++) {
        const qhm_step *step = &plan->steps[i];
        if (step->angle != QHM_NO_ANGLE)
            set->arguments[step->argument] =
                is_shared(run, step) == shared ? argument_of(run, step, sample) : 0;
    }
    kernels->sincos((plan->angle_step_count + 15) / 16 * 16, set->arguments, set->cosines,
                    set->sines);
    for (size_t i = 0; i < plan->circuit_step_count; i++) {
        const qhm_step *step = &plan->steps[i];
        if (step->angle == QHM_NO_ANGLE || is_shared(run, step) != shared)
            continue;
        void *out = at(plan, set->coefficients, step->coefficients);
        if (step->is_pattern)
            kernels->combine(step->coefficient_count * plan->lanes,
                             at(plan, plan->constants, step->patterns), set->cosines, set->sines,
                             step->argument, out);
        else
            kernels->pair(set->cosines, set->sines, step->argument, out);
    }
}

void qhm_statevector_prepare_shared(qhm_statevector_run *run)
{
    const qhm_statevector *plan = run->plan;
    if (plan->batch) {
        qhm_batch_prepare_shared(run);
        return;
    }
    size_t shared = 0;
    for (size_t i = 0; i < plan->circuit_step_count; i++)
        shared += plan->steps[i].angle != QHM_NO_ANGLE && is_shared(run, &plan->steps[i]);
    run->has_own_angles = shared < plan->angle_step_count;
    if (shared > 0)
        fill_set(run, &plan->shared, 0, true);
}

// The arguments of a step for every lane of a block; lanes beyond its samples repeat the last.
static void fill_arguments(const qhm_block *block, const qhm_step *step, double *arguments)
{
    const qhm_statevector_run *run = block->run;
    const qhm_statevector *plan = run->plan;
    const qhm_angle *angle = &plan->angles[step->angle];
    bool is_plain = !run->request->shifts && run->lanes_per_sample == 1 &&
                    angle->factors[0].slot == QHM_SLOT_INPUT &&
                    angle->factors[1].slot == QHM_SLOT_NONE;
    if (is_plain) {
        const double *input =
            run->request->inputs + block->first * plan->input_count + angle->factors[0].index;
        const double shift = angle->factors[0].shift;
        bool is_tame = true;
        for (size_t i = 0; i < block->count; i++) {
            double value = angle->scale * (input[i * plan->input_count] + shift) + angle->offset;
            arguments[i] = step->scale * value;
            is_tame &= fabs(arguments[i]) <= QHM_LARGEST_ARGUMENT;
        }
        for (size_t i = 0; !is_tame && i < block->count; i++)
            arguments[i] = qhm_statevector_tame(arguments[i]);
    } else {
        for (size_t i = 0; i < block->count; i++)
            arguments[i] = argument_of(run, step, (block->first + i) / run->lanes_per_sample);
    }
    for (size_t i = block->count; i < block->lanes; i++)
        arguments[i] = arguments[block->count - 1];
}

void qhm_statevector_prepare_own(const qhm_block *block)
{
    const qhm_statevector_run *run = block->run;
    const qhm_statevector *plan = run->plan;
    const qhm_coefficient_set *set = &block->work->own;
    if (plan->batch) {
        qhm_batch_prepare_own(block);
        return;
    }
    if (!run->has_own_angles)
        return;
    if (plan->is_wide) {
        fill_set(run, set, block->first / run->lanes_per_sample, false);
        return;
    }
    for (size_t i = 0; i < plan->circuit_step_count; i++) {
        const qhm_step *step = &plan->steps[i];
        if (step->angle == QHM_NO_ANGLE || is_shared(run, step))
            continue;
        fill_arguments(block, step, set->arguments);
        size_t offset = step->argument * 2 * block->lanes;
        plan->kernels->sincos(block->lanes, set->arguments, at(plan, set->coefficients, offset),
                              at(plan, set->coefficients, offset + block->lanes));
    }
}

// Rows that a thread takes at once; reductions add up in these blocks whatever the threads.
typedef struct rows_context {
    const qhm_rows *rows;
    const qhm_row_gate *gate;
    qhm_row_kernel *kernel;
} rows_context;

static void apply_rows(size_t first, size_t last, void *context)
{
    const rows_context *c = context;
    c->kernel(c->rows, c->gate, first, last);
}

static void clear_rows(size_t first, size_t last, void *context)
{
    const qhm_block *block = context;
    const qhm_statevector *plan = block->run->plan;
    const size_t row_bytes = block->lanes * plan->kernels->real_bytes;
    memset((char *)block->work->psi.re + first * row_bytes, 0, (last - first) * row_bytes);
    memset((char *)block->work->psi.im + first * row_bytes, 0, (last - first) * row_bytes);
}

void qhm_statevector_reset(const qhm_block *block, size_t start)
{
    const qhm_statevector *plan = block->run->plan;
    qhm_block copy = *block;
    if (plan->is_row_parallel)
        qhm_parallel_for(plan->row_count, plan->row_block, clear_rows, &copy);
    else
        clear_rows(0, plan->row_count, &copy);
    for (size_t lane = 0; lane < block->samples; lane++)
        plan->kernels->from_double(1, &(double){1}, at(plan, block->work->psi.re, start + lane));
}

// Coefficients under a condition: the step's own for lanes where it holds, else the
// identity's. Returns how many lanes run the step.
static size_t blend(const qhm_block *block, const qhm_step *step, qhm_row_gate *gate)
{
    const qhm_statevector *plan = block->run->plan;
    const size_t lanes = block->lanes, real_bytes = plan->kernels->real_bytes;
    size_t running = 0;
    for (size_t lane = 0; lane < block->samples; lane++) {
        bool is_on = qhm_statevector_is_running(block, step, lane);
        running += is_on;
        if (plan->is_wide)
            return running;
        for (size_t k = 0; k < step->coefficient_count; k++) {
            char *out = at(plan, block->work->blended, k * lanes + lane);
            bool is_one =
                k % step->identity_stride == 0 && k / step->identity_stride < step->identity_count;
            size_t from = gate->is_uniform ? k : k * lanes + lane;
            if (is_on)
                memcpy(out, at(plan, gate->coefficients, from), real_bytes);
            else
                plan->kernels->from_double(1, &(double){is_one}, out);
        }
    }
    gate->coefficients = block->work->blended;
    gate->is_uniform = false;
    return running;
}

void qhm_statevector_apply_gate(const qhm_block *block, const qhm_rows *rows,
                                qhm_row_kernel *kernel, const qhm_row_gate *gate, size_t walk_count)
{
    const qhm_statevector *plan = block->run->plan;
    if (plan->is_row_parallel && walk_count > plan->row_block)
        qhm_parallel_for(walk_count, plan->row_block, apply_rows,
                         &(rows_context){.rows = rows, .gate = gate, .kernel = kernel});
    else
        kernel(rows, gate, 0, walk_count);
}

void qhm_statevector_apply(const qhm_block *block, const qhm_rows *rows, const qhm_step *step,
                           double sign)
{
    const qhm_statevector_run *run = block->run;
    const qhm_statevector *plan = run->plan;
    qhm_row_gate gate = step->gate;
    if (step->angle == QHM_NO_ANGLE) {
        bool is_inverse = sign < 0 && step->inverse > 0;
        gate.coefficients =
            at(plan, plan->constants, is_inverse ? step->inverse : step->coefficients);
        gate.sign = is_inverse ? 1 : sign;
    } else {
        gate.sign = sign;
        if (is_shared(run, step)) {
            gate.coefficients = at(plan, plan->shared.coefficients, step->coefficients);
        } else if (plan->is_wide) {
            gate.coefficients = at(plan, block->work->own.coefficients, step->coefficients);
        } else {
            gate.coefficients =
                at(plan, block->work->own.coefficients, step->argument * 2 * block->lanes);
            gate.is_uniform = false;
        }
    }
    if (step->is_conditional && blend(block, step, &gate) == 0)
        return;
    qhm_statevector_apply_gate(block, rows, step->kernel, &gate, step->walk_count);
}

void qhm_statevector_forward(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    if (plan->batch) {
        qhm_batch_forward(block);
        return;
    }
    for (size_t i = 0; i < plan->circuit_step_count;) {
        const qhm_step *step = &plan->steps[i];
        if (step->kind >= QHM_STEP_SET) {
            i = qhm_statevector_run_classical(block, i);
            continue;
        }
        if (step->kind == QHM_STEP_CHANNEL)
            qhm_statevector_run_channel(block, step);
        else if (step->kind >= QHM_STEP_MEASURE)
            qhm_statevector_measure(block, step);
        else
            qhm_statevector_apply(block, &block->work->psi, step, 1);
        i++;
    }
}

typedef struct sum_context {
    const qhm_statevector *plan;
    qhm_row_sums *work;
    const void *context;
    double *partials;
    size_t size, block;
} sum_context;

static void sum_rows(size_t first, size_t last, void *context)
{
    const sum_context *c = context;
    c->work(c->plan, c->context, first, last, c->partials + first / c->block * c->size);
}

void qhm_statevector_sum(const qhm_block *block, qhm_row_sums *work, const void *context,
                         size_t count, size_t size, double *sums)
{
    const qhm_statevector *plan = block->run->plan;
    size_t least = (count - 1) / QHM_STATEVECTOR_MAX_ROW_BLOCKS + 1;
    sum_context c = {.plan = plan,
                     .work = work,
                     .context = context,
                     .partials = block->work->partial_sums,
                     .size = size,
                     .block = plan->sum_block > least ? plan->sum_block : least};
    const size_t block_count = (count - 1) / c.block + 1;
    if (block_count == 1) {
        work(plan, context, 0, count, sums);
        return;
    }
    memset(sums, 0, size * sizeof *sums);
    if (plan->is_row_parallel)
        qhm_parallel_for(count, c.block, sum_rows, &c);
    for (size_t b = 0; b < block_count; b++) {
        double *part = c.partials + (plan->is_row_parallel ? b * size : 0);
        size_t first = b * c.block, last = count - first < c.block ? count : first + c.block;
        if (!plan->is_row_parallel)
            work(plan, context, first, last, part);
        for (size_t i = 0; i < size; i++)
            sums[i] += part[i];
    }
}

typedef struct inner_context {
    const qhm_rows *bra, *ket;
    const qhm_row_gate *gate;
} inner_context;

static void inner_rows(const qhm_statevector *plan, const void *context, size_t first, size_t last,
                       double *sums)
{
    const inner_context *c = context;
    plan->kernels->inner(c->bra, c->ket, c->gate, first, last, sums);
}

void qhm_statevector_inner(const qhm_block *block, const qhm_rows *bra, const qhm_rows *ket,
                           const qhm_row_gate *gate, size_t walk_count, double *sums)
{
    const size_t lanes = block->lanes;
    inner_context c = {bra, ket, gate};
    qhm_statevector_sum(block, inner_rows, &c, walk_count, 2 * lanes, sums);
}
