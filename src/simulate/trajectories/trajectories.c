// The trajectories backend: pure states that noise happens to, drawn many times [dalibard1992].
#include "simulate/trajectories/trajectories.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "simulate/readout_flips.h"
#include "simulate/walk.h"

#include <math.h>
#include <string.h>

enum { STATES_AT_ONCE = 1 << 16 }; // whose expectation values are kept until they are averaged

static bool has_noise(const qhm_circuit *circuit, const qhm_plan_options *options)
{
    bool is_noisy = options->readout_flips != NULL;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++)
        is_noisy |= qhm_instruction_is_noise(qhm_circuit_instruction(circuit, i));
    return is_noisy;
}

static void release(void *state)
{
    qhm_trajectories *plan = state;
    if (plan->shared_exact != plan->shared)
        qhm_shared_destroy(plan->shared_exact);
    qhm_shared_destroy(plan->shared);
    if (plan->plain_exact && plan->plain_exact != plan->plain)
        qhm_statevector_release(plan->plain_exact);
    if (plan->plain)
        qhm_statevector_release(plan->plain);
    qhm_channel_splits_release(&plan->noise.splits);
    qhm_release(plan->noise.readout_flips);
    qhm_release(plan->values);
    qhm_release(plan);
}

static qhm_status prepare_noise(qhm_trajectories *plan, const qhm_backend *backend,
                                const qhm_circuit *circuit, const qhm_plan_options *options)
{
    qhm_statevector_noise *noise = &plan->noise;
    noise->trajectories = backend->options.trajectories;
    noise->shift_count = qhm_circuit_shift_count(circuit);
    QHM_TRY(qhm_channel_splits_create(circuit, &noise->splits));
    for (size_t i = 0; i < noise->splits.count; i++)
        if (noise->splits.splits[i].rest_count > noise->most_operators)
            noise->most_operators = noise->splits.splits[i].rest_count;
    if (!options->readout_flips)
        return QHM_OK;
    return qhm_copy_bytes(options->readout_flips, qhm_circuit_qubit_count(circuit),
                          sizeof *noise->readout_flips, &noise->readout_flips);
}

// What a plan is made from.
typedef struct source {
    const qhm_backend *backend;
    const qhm_circuit *circuit;
    const qhm_observable *const *observables;
    size_t observable_count;
    const qhm_plan_options *options;
} source;

static qhm_status create_plain(qhm_trajectories *plan, const source *from,
                               qhm_plan_info *information, qhm_statevector **out)
{
    void *state = NULL;
    plan->noise.is_shared = false;
    QHM_TRY(qhm_statevector_create(from->backend, plan->is_noisy ? &plan->noise : NULL,
                                   from->circuit, from->observables, from->observable_count,
                                   from->options, information, &state));
    *out = state;
    return QHM_OK;
}

static qhm_status create_shared(qhm_trajectories *plan, const source *from,
                                qhm_plan_info *information, qhm_shared **out)
{
    plan->noise.is_shared = true;
    return qhm_shared_create(from->backend, &plan->noise, from->circuit, from->observables,
                             from->observable_count, from->options, information, out);
}

// For shots, and for exact values with the observables that the readout makes.
static qhm_status create_both(qhm_trajectories *plan, const source *from, const source *exact,
                              qhm_plan_info *information)
{
    const qhm_plan_info counts = *information;
    qhm_plan_info other = counts;
    bool is_random;
    QHM_TRY(qhm_walk_find_randomness(from->circuit, from->observables, from->observable_count,
                                     &is_random));
    if (plan->is_noisy && !from->backend->is_gate_by_gate && !is_random)
        QHM_TRY(create_shared(plan, from, information, &plan->shared));
    plan->shared_exact = plan->shared;
    if (plan->shared && exact != from)
        QHM_TRY(create_shared(plan, exact, &other, &plan->shared_exact));
    if (plan->shared)
        return QHM_OK;
    *information = counts;
    QHM_TRY(create_plain(plan, from, information, &plan->plain));
    plan->plain_exact = plan->plain;
    return exact != from ? create_plain(plan, exact, &other, &plan->plain_exact) : QHM_OK;
}

static qhm_status prepare(qhm_trajectories *plan, const source *from, qhm_plan_info *information)
{
    const qhm_plan_options *options = from->options;
    const size_t count = from->observable_count;
    plan->circuit = from->circuit;
    plan->is_noisy = has_noise(from->circuit, options);
    plan->input_count = information->input_count;
    plan->weight_count = information->weight_count;
    plan->observable_count = count;
    if (plan->is_noisy)
        QHM_TRY(prepare_noise(plan, from->backend, from->circuit, options));
    if (!options->readout_flips || count == 0)
        return create_both(plan, from, from, information);
    qhm_observable **folded;
    QHM_TRY(qhm_allocate(count, sizeof *folded, &folded));
    qhm_status status = qhm_readout_fold(from->observables, count, options->readout_flips, folded);
    if (status == QHM_OK) {
        source exact = *from;
        exact.observables = (const qhm_observable *const *)folded;
        status = create_both(plan, from, &exact, information);
        for (size_t k = 0; k < count; k++)
            qhm_observable_destroy(folded[k]);
    }
    qhm_release(folded);
    return status;
}

static qhm_status create_plan(const qhm_backend *backend, const qhm_circuit *circuit,
                              const qhm_observable *const *observables, size_t observable_count,
                              const qhm_plan_options *options, qhm_plan_info *information,
                              void **state)
{
    qhm_trajectories *plan;
    QHM_TRY(qhm_allocate(1, sizeof *plan, &plan));
    const source from = {backend, circuit, observables, observable_count, options};
    qhm_status status = prepare(plan, &from, information);
    if (status != QHM_OK) {
        release(plan);
        return status;
    }
    *state = plan;
    return QHM_OK;
}

static size_t bytes(const void *state)
{
    const qhm_trajectories *plan = state;
    size_t sum = sizeof *plan + plan->value_capacity * sizeof *plan->values;
    if (plan->plain)
        sum += qhm_statevector_bytes(plan->plain);
    if (plan->plain_exact != plan->plain)
        sum += qhm_statevector_bytes(plan->plain_exact);
    if (plan->shared)
        sum += qhm_shared_bytes(plan->shared);
    if (plan->shared_exact != plan->shared)
        sum += qhm_shared_bytes(plan->shared_exact);
    if (plan->is_noisy)
        sum += qhm_channel_splits_bytes(&plan->noise.splits,
                                        qhm_circuit_instruction_count(plan->circuit));
    return sum;
}

static bool can_adjoint(const void *state)
{
    const qhm_trajectories *plan = state;
    return !plan->is_noisy;
}

// Means over the trajectories of samples [first, first + count), and their standard errors.
static void average(qhm_trajectories *plan, const qhm_request *request, size_t first, size_t count)
{
    const size_t observables = plan->observable_count, states = plan->noise.trajectories;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < observables; k++) {
            const double *value = plan->values + i * states * observables + k;
            double sum = 0, squares = 0;
            for (size_t t = 0; t < states; t++)
                sum += value[t * observables];
            const double mean = sum / (double)states;
            for (size_t t = 0; t < states; t++)
                squares += (value[t * observables] - mean) * (value[t * observables] - mean);
            request->expectations[(first + i) * observables + k] = mean;
            const double error =
                states > 1 ? sqrt(squares / (double)(states - 1) / (double)states) : INFINITY;
            plan->standard_error = fmax(plan->standard_error, error);
        }
}

// The part of a request from sample `first` on.
static qhm_request part_of(const qhm_trajectories *plan, const qhm_request *request, size_t first,
                           size_t count)
{
    qhm_request part = *request;
    part.batch_count = count;
    part.first_sample += first;
    part.expectations = plan->values;
    if (request->inputs)
        part.inputs += first * plan->input_count;
    if (request->weights && request->weights_per_sample)
        part.weights += first * plan->weight_count;
    if (request->shifts)
        part.shifts += first;
    return part;
}

static qhm_status run_exact_values(qhm_trajectories *plan, const qhm_request *request)
{
    const size_t states = plan->noise.trajectories, observables = plan->observable_count;
    size_t at_once = STATES_AT_ONCE / states;
    if (at_once == 0)
        at_once = 1;
    if (at_once > request->batch_count)
        at_once = request->batch_count;
    QHM_TRY(qhm_reserve(at_once * states * observables, &plan->value_capacity, sizeof *plan->values,
                        &plan->values));
    for (size_t first = 0; first < request->batch_count; first += at_once) {
        const size_t left = request->batch_count - first, count = left < at_once ? left : at_once;
        const qhm_request part = part_of(plan, request, first, count);
        void *job;
        if (plan->shared)
            QHM_TRY(qhm_shared_run(plan->shared_exact, &part, plan->values));
        else
            QHM_TRY(qhm_statevector_submit(plan->plain_exact, &part, &job));
        average(plan, request, first, count);
    }
    return QHM_OK;
}

static qhm_status submit(void *state, const qhm_request *request, void **job)
{
    qhm_trajectories *plan = state;
    *job = NULL;
    plan->standard_error = 0;
    if (!plan->is_noisy)
        return qhm_statevector_submit(plan->plain, request, job);
    if ((request->states || request->probabilities) && request->shots != 1)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "the states of %zu shots are wanted, but noise gives each trajectory a "
                        "state of its own; use shots = 1",
                        request->shots);
    if (request->shots > 0 && plan->shared)
        return qhm_shared_run(plan->shared, request, NULL);
    if (request->shots > 0)
        return qhm_statevector_submit(plan->plain, request, job);
    return request->expectations ? run_exact_values(plan, request) : QHM_OK;
}

static qhm_status run_exact(void *state, const qhm_exact_request *request,
                            qhm_distribution *distribution)
{
    qhm_trajectories *plan = state;
    if (plan->is_noisy)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "trajectories draw noise, so that they have no exact distribution; use "
                        "shots, or density_matrix");
    return qhm_statevector_run_exact(plan->plain, request, distribution);
}

static void accuracy(const void *state, qhm_accuracy *accuracy)
{
    const qhm_trajectories *plan = state;
    accuracy->standard_error = plan->standard_error;
}

const qhm_backend_ops qhm_trajectories_backend = {
    .information = {"trajectories", "noise that happens to state vectors, drawn many times", false},
    .has_adjoint = true,
    .has_channels = true,
    .prepare = create_plan,
    .release = release,
    .bytes = bytes,
    .can_adjoint = can_adjoint,
    .submit = submit,
    .run_exact = run_exact,
    .accuracy = accuracy,
};
