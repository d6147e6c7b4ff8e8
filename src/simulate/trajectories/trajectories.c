// The trajectories backend: pure states that noise happens to, drawn many times [dalibard1992].
#include "simulate/trajectories/trajectories.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "simulate/readout_flips.h"

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
    if (plan->exact && plan->exact != plan->shots)
        qhm_statevector_release(plan->exact);
    if (plan->shots)
        qhm_statevector_release(plan->shots);
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

// A plan for exact values of each trajectory.
static qhm_status prepare_exact(qhm_trajectories *plan, const qhm_backend *backend,
                                const qhm_circuit *circuit,
                                const qhm_observable *const *observables, size_t count,
                                const qhm_plan_options *options, qhm_plan_info information)
{
    plan->exact = plan->shots;
    if (!options->readout_flips || count == 0)
        return QHM_OK;
    qhm_observable **folded;
    QHM_TRY(qhm_allocate(count, sizeof *folded, &folded));
    qhm_status status = qhm_readout_fold(observables, count, options->readout_flips, folded);
    if (status == QHM_OK) {
        void *state = NULL;
        status = qhm_statevector_create(backend, &plan->noise, circuit,
                                        (const qhm_observable *const *)folded, count, options,
                                        &information, &state);
        plan->exact = status == QHM_OK ? state : plan->shots;
        for (size_t k = 0; k < count; k++)
            qhm_observable_destroy(folded[k]);
    }
    qhm_release(folded);
    return status;
}

static qhm_status prepare(qhm_trajectories *plan, const qhm_backend *backend,
                          const qhm_circuit *circuit, const qhm_observable *const *observables,
                          size_t count, const qhm_plan_options *options, qhm_plan_info *information)
{
    void *state = NULL;
    plan->is_noisy = has_noise(circuit, options);
    plan->observable_count = count;
    if (plan->is_noisy)
        QHM_TRY(prepare_noise(plan, backend, circuit, options));
    qhm_plan_info exact_information = *information;
    QHM_TRY(qhm_statevector_create(backend, plan->is_noisy ? &plan->noise : NULL, circuit,
                                   observables, count, options, information, &state));
    plan->exact = plan->shots = state;
    if (plan->is_noisy)
        QHM_TRY(
            prepare_exact(plan, backend, circuit, observables, count, options, exact_information));
    return QHM_OK;
}

static qhm_status create_plan(const qhm_backend *backend, const qhm_circuit *circuit,
                              const qhm_observable *const *observables, size_t observable_count,
                              const qhm_plan_options *options, qhm_plan_info *information,
                              void **state)
{
    qhm_trajectories *plan;
    QHM_TRY(qhm_allocate(1, sizeof *plan, &plan));
    qhm_status status =
        prepare(plan, backend, circuit, observables, observable_count, options, information);
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
    size_t sum = sizeof *plan + qhm_statevector_bytes(plan->shots) +
                 plan->value_capacity * sizeof *plan->values;
    if (plan->exact != plan->shots)
        sum += qhm_statevector_bytes(plan->exact);
    if (plan->is_noisy)
        sum += qhm_channel_splits_bytes(&plan->noise.splits,
                                        qhm_circuit_instruction_count(plan->shots->circuit));
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
    const qhm_statevector *circuit = plan->exact;
    qhm_request part = *request;
    part.batch_count = count;
    part.first_sample += first;
    part.expectations = plan->values;
    if (request->inputs)
        part.inputs += first * circuit->input_count;
    if (request->weights && request->weights_per_sample)
        part.weights += first * qhm_circuit_weight_count(circuit->circuit);
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
        QHM_TRY(qhm_statevector_submit(plan->exact, &part, &job));
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
        return qhm_statevector_submit(plan->shots, request, job);
    if ((request->states || request->probabilities) && request->shots != 1)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "the states of %zu shots are wanted, but noise gives each trajectory a "
                        "state of its own; use shots = 1",
                        request->shots);
    if (request->shots > 0)
        return qhm_statevector_submit(plan->shots, request, job);
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
    return qhm_statevector_run_exact(plan->shots, request, distribution);
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
