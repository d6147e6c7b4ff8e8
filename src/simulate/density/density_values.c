// Values of turns: products of 4 x 4 matrices, lane by lane; and the chain rule back to their
// angles.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "simulate/density/density_internal.h"

#include <math.h>
#include <string.h>

// Beyond this the kernel's sine is not exact.
#define LARGEST_ARGUMENT 1e6

// How many values a turn of this kind has: one, or one a lane.
static size_t lanes_of(const qhm_density *plan, bool is_shared)
{
    return is_shared || plan->is_wide ? 1 : plan->lanes;
}

static bool is_shared(const qhm_density_run *run, size_t turn)
{
    const qhm_density_turn *t = &run->plan->program.turns[turn];
    if (t->is_constant)
        return true;
    return !run->request->shifts && !t->uses_input && (!t->uses_weight || run->shares_weights);
}

static const double *inputs_of(const qhm_density_run *run, size_t sample)
{
    return run->request->inputs ? run->request->inputs + sample * run->plan->input_count : NULL;
}

static const double *weights_of(const qhm_density_run *run, size_t sample)
{
    const qhm_request *request = run->request;
    if (!request->weights)
        return NULL;
    return request->weights + (request->weights_per_sample ? sample * run->plan->weight_count : 0);
}

static double argument_of(const qhm_density_run *run, const qhm_density_factor *factor,
                          size_t sample)
{
    if (factor->angle == QHM_DENSITY_NO_ANGLE)
        return factor->offset;
    const qhm_angle_shift *shifts = run->request->shifts;
    double value = qhm_angle_value(&run->plan->circuit->angles[factor->angle],
                                   inputs_of(run, sample), weights_of(run, sample));
    if (shifts && shifts[sample].angle == factor->angle)
        value += shifts[sample].radians;
    value = factor->scale * value + factor->offset;
    return fabs(value) > LARGEST_ARGUMENT ? remainder(value, 2 * M_PI) : value;
}

// Cosines and sines of a turn's rotations for `lanes` samples from `first`; the last of the block
// stands in for those after it.
static void find_rotations(const qhm_density_run *run, const qhm_density_values *values,
                           size_t turn, size_t first, size_t count, size_t lanes)
{
    const qhm_density *plan = run->plan;
    const qhm_density_turn *t = &plan->program.turns[turn];
    const size_t begin = plan->rotations[turn] * lanes, unit = plan->sincos->lanes;
    size_t next = begin;
    for (size_t f = t->first; f < t->first + t->count; f++) {
        const qhm_density_factor *factor = &plan->program.factors[f];
        if (factor->axis == 0)
            continue;
        for (size_t l = 0; l < lanes; l++)
            values->arguments[next++] =
                argument_of(run, factor, first + (l < count ? l : count - 1));
    }
    if (next > begin)
        plan->sincos->sincos((next - begin + unit - 1) / unit * unit, values->arguments + begin,
                             values->cosines + begin, values->sines + begin);
}

static void apply_factor(const qhm_density *plan, const qhm_density_values *values,
                         const qhm_density_factor *factor, size_t rotation, size_t lanes,
                         double *matrix)
{
    if (factor->axis == 0)
        plan->kernels->multiply(lanes, factor->constant, matrix);
    else
        plan->kernels->rotate(lanes, factor->axis, values->cosines + rotation * lanes,
                              values->sines + rotation * lanes, matrix);
}

static void set_identity(size_t lanes, double *matrix)
{
    memset(matrix, 0, QHM_TURN_ENTRIES * lanes * sizeof *matrix);
    for (size_t r = 0; r < 3; r++)
        for (size_t l = 0; l < lanes; l++)
            matrix[(4 * r + r + 1) * lanes + l] = 1;
}

static size_t turn_bytes(const qhm_density *plan, bool shared)
{
    return QHM_TURN_ENTRIES * plan->kernels->real_bytes *
           (shared || plan->is_wide ? plan->kernels->lanes : plan->lanes);
}

// One value of all lanes fills a register.
static void store_turn(const qhm_density *plan, const qhm_density_values *values, size_t turn,
                       size_t lanes, bool shared, double *matrix, double *spread)
{
    char *out = values->turns + turn * turn_bytes(plan, shared);
    if (lanes > 1 || (!shared && !plan->is_wide)) {
        plan->kernels->from_double(QHM_TURN_ENTRIES * lanes, matrix, out);
        return;
    }
    const size_t width = plan->kernels->lanes;
    for (size_t e = 0; e < QHM_TURN_ENTRIES; e++)
        for (size_t l = 0; l < width; l++)
            spread[e * width + l] = matrix[e];
    plan->kernels->from_double(QHM_TURN_ENTRIES * width, spread, out);
}

static void prepare_turn(const qhm_density_run *run, const qhm_density_values *values, size_t turn,
                         size_t first, size_t count, bool shared, double *matrices)
{
    const qhm_density *plan = run->plan;
    const qhm_density_turn *t = &plan->program.turns[turn];
    const size_t lanes = lanes_of(plan, shared);
    size_t rotation = plan->rotations[turn];
    find_rotations(run, values, turn, first, count, lanes);
    set_identity(lanes, matrices);
    for (size_t f = t->first; f < t->first + t->count; f++) {
        const qhm_density_factor *factor = &plan->program.factors[f];
        apply_factor(plan, values, factor, rotation, lanes, matrices);
        rotation += factor->axis != 0;
    }
    store_turn(plan, values, turn, lanes, shared, matrices, matrices + QHM_TURN_ENTRIES * lanes);
}

void qhm_density_prepare_shared(const qhm_density_run *run)
{
    qhm_density *plan = run->plan;
    for (size_t t = 0; t < plan->program.turn_count; t++)
        if (is_shared(run, t))
            prepare_turn(run, &plan->shared, t, 0, 1, true, plan->shared_matrices);
}

void qhm_density_prepare_own(const qhm_density_block *block)
{
    for (size_t t = 0; t < block->run->plan->program.turn_count; t++)
        if (!is_shared(block->run, t))
            prepare_turn(block->run, &block->work->values, t, block->first, block->count, false,
                         block->work->matrices);
}

const void *qhm_density_turn_values(const qhm_density_block *block, size_t turn, bool *one_value)
{
    const qhm_density *plan = block->run->plan;
    const bool shared = is_shared(block->run, turn);
    *one_value = shared || plan->is_wide;
    return (shared ? plan->shared.turns : block->work->values.turns) +
           turn * turn_bytes(plan, shared);
}

// The chain rule from an angle to its slots, for one sample.
static void add_slots(const qhm_density_block *block, uint32_t angle, size_t sample,
                      double derivative)
{
    const qhm_density_run *run = block->run;
    const qhm_density *plan = run->plan;
    const qhm_request *request = run->request;
    const qhm_angle *a = &plan->circuit->angles[angle];
    for (unsigned f = 0; f < 2; f++) {
        const qhm_angle_factor *factor = &a->factors[f];
        if (factor->slot == QHM_SLOT_NONE)
            continue;
        const double change = derivative * qhm_angle_derivative(a, f, inputs_of(run, sample),
                                                                weights_of(run, sample));
        if (factor->slot == QHM_SLOT_INPUT && request->input_gradients)
            request->input_gradients[sample * plan->input_count + factor->index] += change;
        if (factor->slot != QHM_SLOT_WEIGHT || !request->weight_gradients)
            continue;
        if (request->weights_per_sample)
            request->weight_gradients[sample * plan->weight_count + factor->index] += change;
        else
            plan->partial_gradients[block->index * plan->weight_count + factor->index] += change;
    }
}

// derivatives [12][lanes] by a product become those by its right factor, without the last factor.
static void step_back(const qhm_density *plan, const qhm_density_values *values,
                      const qhm_density_factor *factor, size_t rotation, size_t lanes,
                      double *derivatives, double *negated)
{
    if (factor->axis == 0) {
        plan->kernels->multiply_back(lanes, factor->constant, derivatives);
        return;
    }
    for (size_t l = 0; l < lanes; l++)
        negated[l] = -values->sines[rotation * lanes + l];
    plan->kernels->rotate(lanes, factor->axis, values->cosines + rotation * lanes, negated,
                          derivatives);
}

void qhm_density_add_turn_gradients(const qhm_density_block *block, size_t turn, const double *sums)
{
    const qhm_density_run *run = block->run;
    const qhm_density *plan = run->plan;
    const qhm_density_turn *t = &plan->program.turns[turn];
    if (t->is_constant)
        return;
    const bool shared = is_shared(run, turn);
    const qhm_density_values *values = shared ? &plan->shared : &block->work->values;
    const size_t lanes = lanes_of(plan, shared), size = QHM_TURN_ENTRIES * lanes;
    double *products = block->work->matrices, *derivatives = block->work->scratch,
           *row = derivatives + size;
    memset(derivatives, 0, size * sizeof *derivatives);
    if (lanes == 1 && !plan->is_wide) // a value that all lanes share
        for (size_t e = 0; e < QHM_TURN_ENTRIES; e++)
            for (size_t l = 0; l < plan->lanes; l++)
                derivatives[e] += sums[e * plan->lanes + l];
    else
        memcpy(derivatives, sums, size * sizeof *sums);
    size_t rotation = plan->rotations[turn];
    set_identity(lanes, products);
    for (size_t f = 0; f < t->count; f++) {
        const qhm_density_factor *factor = &plan->program.factors[t->first + f];
        memcpy(products + (f + 1) * size, products + f * size, size * sizeof *products);
        apply_factor(plan, values, factor, rotation, lanes, products + (f + 1) * size);
        rotation += factor->axis != 0;
    }
    for (size_t f = t->count; f-- > 0;) {
        const qhm_density_factor *factor = &plan->program.factors[t->first + f];
        rotation -= factor->axis != 0;
        if (factor->axis != 0 && factor->angle != QHM_DENSITY_NO_ANGLE) {
            plan->kernels->angle_derivative(lanes, factor->axis, derivatives,
                                            products + (f + 1) * size, row);
            const size_t samples = lanes == 1 ? 1 : block->count;
            for (size_t l = 0; l < samples; l++)
                add_slots(block, factor->angle, block->first + l, factor->scale * row[l]);
        }
        step_back(plan, values, factor, rotation, lanes, derivatives, row);
    }
}
