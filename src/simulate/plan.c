// Plans: circuits prepared by a backend, and requests run on them.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"
#include "simulate/backend_internal.h"

#include <string.h>

static qhm_status check_observables(const qhm_circuit *circuit,
                                    const qhm_observable *const *observables, size_t count)
{
    QHM_REQUIRE(count == 0 || observables, "%zu observables, but their array is NULL", count);
    for (size_t k = 0; k < count; k++) {
        QHM_REQUIRE(observables[k], "observable %zu is NULL", k);
        size_t qubits = qhm_observable_qubit_count(observables[k]);
        QHM_REQUIRE(qubits <= qhm_circuit_qubit_count(circuit),
                    "observable %zu acts on qubit %zu, but the circuit has %zu qubits", k,
                    qubits - 1, qhm_circuit_qubit_count(circuit));
    }
    return QHM_OK;
}

// Noise that a backend cannot apply is never left out.
static qhm_status check_noise(const qhm_backend *backend, const qhm_circuit *circuit,
                              const qhm_plan_options *options)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit);
    for (size_t q = 0; options->readout_flips && q < qubits; q++)
        for (int value = 0; value < 2; value++) {
            const double flip = options->readout_flips[q][value];
            QHM_REQUIRE(flip >= 0 && flip <= 1,
                        "readout_flips of qubit %zu has the probability %g, not 0 to 1", q, flip);
        }
    if (backend->ops->has_channels)
        return QHM_OK;
    const char *name = backend->ops->information.name;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (qhm_instruction_is_noise(instruction))
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                            "instruction %zu, %s, is noise, which the backend %s cannot apply", i,
                            qhm_gate_information(instruction->gate)->name, name);
    }
    if (options->readout_flips)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "readout_flips are noise, which the backend %s "
                        "cannot apply",
                        name);
    return QHM_OK;
}

static qhm_plan_info count_circuit(const qhm_circuit *circuit, size_t observable_count)
{
    qhm_plan_info info = {.qubit_count = qhm_circuit_qubit_count(circuit),
                          .bit_count = qhm_circuit_bit_count(circuit),
                          .input_count = qhm_circuit_input_count(circuit),
                          .weight_count = qhm_circuit_weight_count(circuit),
                          .observable_count = observable_count};
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++)
        info.angle_count +=
            qhm_gate_information(qhm_circuit_instruction(circuit, i)->gate)->angle_count;
    return info;
}

qhm_status qhm_plan_create(qhm_backend *backend, const qhm_circuit *circuit,
                           const qhm_observable *const *observables, size_t observable_count,
                           const qhm_plan_options *options, qhm_plan **plan)
{
    static const qhm_plan_options defaults = {0};
    QHM_REQUIRE(backend && circuit && plan, "a plan needs a backend, a circuit and a place to go");
    if (!options)
        options = &defaults;
    QHM_REQUIRE(options->precision == QHM_FLOAT64 || options->precision == QHM_FLOAT32,
                "precision is %d, not QHM_FLOAT64 or QHM_FLOAT32", (int)options->precision);
    QHM_TRY(check_observables(circuit, observables, observable_count));
    QHM_TRY(check_noise(backend, circuit, options));
    QHM_REQUIRE(qhm_circuit_qubit_count(circuit) > 0, "the circuit has no qubits");
    QHM_REQUIRE(circuit->open_loops == 0, "%zu while of the circuit have no end",
                circuit->open_loops);
    qhm_plan *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->backend = backend;
    made->information = count_circuit(circuit, observable_count);
    qhm_status status = qhm_circuit_lower(circuit, false, &made->circuit);
    if (status == QHM_OK && made->circuit->instruction_count != circuit->instruction_count)
        status = qhm_circuit_copy(circuit, &made->given);
    if (status == QHM_OK)
        status = qhm_plan_count_settings(observables, observable_count, made);
    if (status == QHM_OK)
        status = backend->ops->prepare(backend, made->circuit, observables, observable_count,
                                       options, &made->information, &made->state);
    if (status != QHM_OK) {
        qhm_plan_destroy(made);
        return status;
    }
    made->information.bytes = qhm_plan_bytes(made);
    *plan = made;
    return QHM_OK;
}

void qhm_plan_destroy(qhm_plan *plan)
{
    if (!plan)
        return;
    if (plan->state)
        plan->backend->ops->release(plan->state);
    qhm_parameter_shift_destroy(plan->shift);
    qhm_circuit_destroy(plan->circuit);
    qhm_circuit_destroy(plan->given);
    qhm_release(plan);
}

const qhm_plan_info *qhm_plan_information(const qhm_plan *plan)
{
    return &plan->information;
}

size_t qhm_plan_bytes(const qhm_plan *plan)
{
    return sizeof *plan + plan->backend->ops->bytes(plan->state) +
           qhm_circuit_bytes(plan->circuit) + (plan->given ? qhm_circuit_bytes(plan->given) : 0) +
           qhm_parameter_shift_bytes(plan->shift);
}

uint64_t qhm_plan_flops(const qhm_plan *plan)
{
    return plan->information.flops;
}

qhm_status qhm_plan_submit_and_wait(qhm_plan *plan, const qhm_request *request)
{
    const qhm_backend_ops *ops = plan->backend->ops;
    void *job = NULL;
    QHM_TRY(ops->submit(plan->state, request, &job));
    qhm_plan_take_down(plan, request);
    if (!job)
        return QHM_OK;
    qhm_job_state state = QHM_JOB_RUNNING;
    qhm_status outcome = QHM_OK, status = QHM_OK;
    while (status == QHM_OK && state == QHM_JOB_RUNNING)
        status = ops->poll(job, 60, &state, &outcome);
    ops->discard(job);
    return status != QHM_OK ? status : outcome;
}

// What of a request is not a gradient.
static bool wants_results(const qhm_request *request)
{
    return request->expectations || request->states || request->probabilities || request->samples ||
           request->bits;
}

qhm_status qhm_plan_settle(const qhm_plan *plan, const qhm_request *request,
                           qhm_gradient_method *method)
{
    QHM_TRY(qhm_request_check(&plan->information, request));
    const qhm_backend_ops *ops = plan->backend->ops;
    const bool has_adjoint =
        ops->has_adjoint && (!ops->can_adjoint || ops->can_adjoint(plan->state));
    bool can_adjoint = has_adjoint && request->shots == 0 && !request->shifts &&
                       !plan->information.has_random_states;
    *method = request->gradient_method;
    if (*method == QHM_GRADIENT_AUTOMATIC)
        *method = can_adjoint ? QHM_GRADIENT_ADJOINT : QHM_GRADIENT_PARAMETER_SHIFT;
    if (*method == QHM_GRADIENT_ADJOINT && !can_adjoint && qhm_request_wants_gradients(request))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "adjoint gradients need %s; use parameter shift",
                        plan->information.has_random_states
                            ? "a circuit without resets, conditions and mid-circuit measurements"
                        : request->shots > 0 ? "exact results (shots is not 0)"
                                             : "a simulator and no shifted angles");
    return QHM_OK;
}

qhm_status qhm_plan_run(qhm_plan *plan, const qhm_request *request)
{
    QHM_REQUIRE(plan && request, "a run needs a plan and a request");
    qhm_gradient_method method;
    QHM_TRY(qhm_plan_settle(plan, request, &method));
    if (!qhm_request_wants_gradients(request) || method == QHM_GRADIENT_ADJOINT)
        return qhm_plan_submit_and_wait(plan, request);
    if (wants_results(request)) {
        qhm_request results = *request;
        results.cotangents = NULL;
        results.input_gradients = results.weight_gradients = NULL;
        QHM_TRY(qhm_plan_submit_and_wait(plan, &results));
    }
    return qhm_parameter_shift_run(plan, request);
}

static qhm_status check_exact(const qhm_plan_info *info, const qhm_exact_request *request)
{
    // The slots of a batch of one.
    const qhm_request slots = {
        .batch_count = 1, .inputs = request->inputs, .weights = request->weights, .shots = 1};
    QHM_TRY(qhm_request_check(info, &slots));
    QHM_REQUIRE(request->least_probability >= 0 && request->least_probability < 1,
                "least_probability is %g, not 0 or more and below 1", request->least_probability);
    QHM_REQUIRE(!request->expectations || info->observable_count > 0,
                "expectations are wanted of a plan without observables");
    return QHM_OK;
}

static qhm_status run_exact(qhm_plan *plan, qhm_exact_request *request, size_t values,
                            qhm_distribution *distribution)
{
    double *expectations = request->expectations;
    if (expectations)
        QHM_TRY(qhm_allocate(values, sizeof *expectations, &request->expectations));
    qhm_status status = plan->backend->ops->run_exact(plan->state, request, distribution);
    if (status == QHM_OK && expectations)
        memcpy(expectations, request->expectations, values * sizeof *expectations);
    if (expectations)
        qhm_release(request->expectations);
    return status;
}

qhm_status qhm_plan_run_exact(qhm_plan *plan, const qhm_exact_request *request,
                              qhm_distribution **distribution)
{
    QHM_REQUIRE(plan && request, "an exact distribution needs a plan and a request");
    QHM_TRY(check_exact(&plan->information, request));
    double lost = 0;
    qhm_exact_request full = *request;
    full.lost_probability = &lost;
    if (full.max_outcomes == 0)
        full.max_outcomes = 1048576;
    if (full.least_probability == 0)
        full.least_probability = 1e-14;
    qhm_distribution *made = NULL;
    if (distribution)
        QHM_TRY(qhm_distribution_create(plan->information.bit_count, &made));
    qhm_status status = run_exact(plan, &full, plan->information.observable_count, made);
    if (status != QHM_OK) {
        qhm_distribution_destroy(made);
        return status;
    }
    qhm_plan_take_down_exact(plan, request->expectations, distribution);
    if (request->lost_probability)
        *request->lost_probability = lost;
    if (distribution)
        *distribution = made;
    return QHM_OK;
}

qhm_accuracy qhm_plan_accuracy(const qhm_plan *plan)
{
    qhm_accuracy accuracy = {.truncation_bound = plan->backend->options.truncation_bound};
    if (plan->backend->ops->accuracy)
        plan->backend->ops->accuracy(plan->state, &accuracy);
    accuracy.is_beyond_bound = accuracy.truncation_error > accuracy.truncation_bound;
    return accuracy;
}
