// Adjoint gradients: one walk back through the circuit gives every angle's derivative.
//
// With lambda = (sum_k cotangent_k O_k) psi, the derivative by an angle of U = exp(-i a G) is
// 2 Im <lambda| G |psi>, both taken after U; then both are carried back over U.
// T. Jones, J. Gacon: Efficient calculation of gradients in classical simulations of variational
// quantum algorithms, arXiv:2009.02823.
#include "simulate/statevector/statevector_internal.h"
#include "simulate/statevector/wide_run.h"

#include <string.h>

static bool wants(const qhm_block *block, const qhm_step *step)
{
    const qhm_request *request = block->run->request;
    return (step->uses_input && request->input_gradients) ||
           (step->uses_weight && request->weight_gradients);
}

// The generator's string with its controls, as the inner kernel wants it.
static qhm_row_gate generator_of(const qhm_step *step)
{
    qhm_row_gate gate = step->gate;
    gate.fixed = gate.controls; // all rows under the controls, not pairs of them
    if (step->kind == QHM_STEP_ROTATE_Y)
        gate.parity = gate.targets[0];
    if (step->kind == QHM_STEP_PARITY) {
        gate.parity |= gate.targets[0];
        gate.targets[0] = 0;
    }
    return gate;
}

// Derivatives of an angle for each sample of the block, from <lambda| P |psi> under controls.
static void find_gradient(const qhm_block *block, const qhm_step *step, double *out)
{
    const qhm_statevector *plan = block->run->plan;
    const size_t lanes = block->lanes;
    const double *sums = block->work->sums;
    qhm_row_gate gate = generator_of(step);
    size_t walk_count = plan->row_count >> __builtin_popcountll(gate.fixed);
    qhm_statevector_inner(block, &block->work->lambda, &block->work->psi, &gate, walk_count,
                          block->work->sums);
    // P = X or Z: Im sum. P = Y = i X Z: Im(i sum) = Re sum. A phase is -2 times its projector.
    const double *part = step->kind == QHM_STEP_ROTATE_Y ? sums : sums + lanes;
    const double factor = step->kind == QHM_STEP_PHASE ? -2 : 1;
    if (!plan->is_wide) {
        for (size_t lane = 0; lane < lanes; lane++)
            out[lane] = factor * part[lane];
        return;
    }
    const size_t controls = (size_t)step->controls & (lanes - 1);
    size_t signs = (size_t)step->parity & (lanes - 1);
    if (step->kind == QHM_STEP_ROTATE_Y)
        signs = step->gate.flip;
    double sum = 0;
    for (size_t lane = 0; lane < lanes; lane++)
        if ((lane & controls) == controls)
            sum += qhm_sign(lane & signs) * part[lane];
    out[0] = factor * sum;
}

void qhm_statevector_add_slots(const qhm_block *block, uint32_t which, size_t in_block,
                               double gradient)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_request *request = block->run->request;
    const qhm_angle *angle = &plan->angles[which];
    const size_t sample = block->first + in_block;
    const double *inputs = request->inputs ? request->inputs + sample * plan->input_count : NULL;
    const double *weights = request->weights;
    double *weight_gradients = plan->partial_gradients + block->index * plan->weight_count;
    if (request->weights_per_sample) {
        weights += sample * plan->weight_count;
        weight_gradients = request->weight_gradients + sample * plan->weight_count;
    }
    for (unsigned f = 0; f < 2; f++) {
        const qhm_angle_factor *factor = &angle->factors[f];
        if (factor->slot == QHM_SLOT_NONE)
            continue;
        double value = gradient * qhm_angle_derivative(angle, f, inputs, weights);
        if (factor->slot == QHM_SLOT_INPUT && request->input_gradients)
            request->input_gradients[sample * plan->input_count + factor->index] += value;
        if (factor->slot == QHM_SLOT_WEIGHT && request->weight_gradients)
            weight_gradients[factor->index] += value;
    }
}

static void clear_gradients(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    const qhm_request *request = block->run->request;
    const size_t inputs = plan->input_count, weights = plan->weight_count;
    if (request->input_gradients)
        memset(request->input_gradients + block->first * inputs, 0,
               block->count * inputs * sizeof(double));
    if (request->weight_gradients && request->weights_per_sample)
        memset(request->weight_gradients + block->first * weights, 0,
               block->count * weights * sizeof(double));
    else if (request->weight_gradients)
        memset(plan->partial_gradients + block->index * weights, 0, weights * sizeof(double));
}

void qhm_statevector_adjoint(const qhm_block *block)
{
    const qhm_statevector *plan = block->run->plan;
    qhm_workspace *work = block->work;
    clear_gradients(block);
    qhm_statevector_apply_observables(block);
    if (plan->batch) {
        qhm_batch_adjoint(block);
        return;
    }
    if (plan->wide) {
        qhm_wide_adjoint(block);
        return;
    }
    size_t first = 0; // nothing is wanted of the steps before it
    while (first < plan->circuit_step_count && !wants(block, &plan->steps[first]))
        first++;
    for (size_t i = plan->circuit_step_count; i-- > first;) {
        const qhm_step *step = &plan->steps[i];
        if (step->angle != QHM_NO_ANGLE && wants(block, step)) {
            double *gradients = work->angle_gradients;
            find_gradient(block, step, gradients);
            for (size_t j = 0; j < block->count; j++)
                qhm_statevector_add_slots(block, step->angle, j, gradients[j]);
        }
        if (i == first)
            break;
        qhm_statevector_apply(block, &work->psi, step, -1);
        qhm_statevector_apply(block, &work->lambda, step, -1);
    }
}
