// The variational quantum eigensolver: one energy, many ways down.
#include "algorithm/vqe_internal.h"

#include "base/memory.h"
#include "linalg/cholesky.h"

#include <math.h>
#include <qhm/optimizer.h>
#include <string.h>

static const double DAMPING = 1e-3; // of a metric, which is singular where weights do nothing

const char *qhm_vqe_method_name(qhm_vqe_method method)
{
    static const char *const names[QHM_VQE_METHOD_COUNT] = {
        "bfgs",   "adam",   "natural_gradient", "spsa",  "rotosolve",
        "cobyla", "bobyqa", "nelder_mead",      "lbfgs", "sbplx"};
    return names[method];
}

static double largest(size_t count, const double *values)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(values[i]));
    return most;
}

// The project's optimizer on one parameter.
static qhm_status run_adam(qhm_energy *energy, const qhm_vqe_options *options, double *x,
                           size_t *iterations)
{
    const size_t count = energy->weight_count;
    qhm_parameter *parameter = NULL;
    qhm_optimizer *optimizer = NULL;
    double value;
    qhm_status status = qhm_parameter_create("weights", QHM_FLOAT64, (qhm_shape){1, {count}},
                                             QHM_PARAMETER_NO_DECAY, &parameter);
    if (status == QHM_OK)
        status =
            qhm_optimizer_create(&parameter, 1,
                                 &(qhm_optimizer_options){.kind = QHM_OPTIMIZER_ADAM,
                                                          .learning_rate = options->learning_rate},
                                 &optimizer);
    for (size_t i = 0; i < options->iterations && status == QHM_OK; i++) {
        double *gradient = qhm_tensor_data(qhm_parameter_gradient(parameter));
        double *values = qhm_tensor_data(qhm_parameter_value(parameter));
        status = qhm_energy_run(energy, x, &value, gradient);
        *iterations = i;
        if (status != QHM_OK || largest(count, gradient) <= options->tolerance)
            break;
        memcpy(values, x, count * sizeof *x);
        status = qhm_optimizer_step(optimizer, 1);
        memcpy(x, values, count * sizeof *x);
        *iterations = i + 1;
    }
    qhm_optimizer_destroy(optimizer);
    qhm_parameter_destroy(parameter);
    return status;
}

// x -= rate (g + damping)^-1 gradient.
static qhm_status natural_step(size_t count, double rate, double *metric, double *gradient,
                               double *x)
{
    for (size_t i = 0; i < count; i++)
        metric[i * count + i] += DAMPING;
    QHM_TRY(qhm_cholesky(metric, count));
    qhm_cholesky_solve_triangle(metric, count, false, gradient, 1);
    qhm_cholesky_solve_triangle(metric, count, true, gradient, 1);
    for (size_t i = 0; i < count; i++)
        x[i] -= rate * gradient[i];
    return QHM_OK;
}

static qhm_status run_natural(qhm_energy *energy, const qhm_vqe_options *options, double *x,
                              size_t *iterations, qhm_ledger *ledger)
{
    const size_t count = energy->weight_count;
    double *gradient, value;
    QHM_TRY(qhm_allocate(count + count * count, sizeof *gradient, &gradient));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < options->iterations && status == QHM_OK; i++) {
        double *metric = gradient + count;
        *iterations = i;
        status = qhm_energy_run(energy, x, &value, gradient);
        if (status != QHM_OK || largest(count, gradient) <= options->tolerance)
            break;
        status = qhm_vqe_metric(energy->circuit, x, metric, ledger);
        if (status == QHM_OK)
            status = natural_step(count, options->learning_rate, metric, gradient, x);
        *iterations = i + 1;
    }
    qhm_release(gradient);
    return status;
}

static qhm_status run_rotosolve(qhm_energy *energy, const qhm_vqe_options *options, double *x,
                                size_t *iterations)
{
    const size_t count = energy->weight_count;
    double *units;
    size_t *counts = NULL;
    QHM_TRY(qhm_allocate(count, sizeof *units, &units));
    qhm_status status = qhm_allocate(count, sizeof *counts, &counts);
    for (size_t i = 0; i < count && options->frequencies && status == QHM_OK; i++) {
        units[i] = 1;
        counts[i] = options->frequencies;
    }
    if (status == QHM_OK && !options->frequencies)
        status = qhm_energy_waves(energy->circuit, units, counts);
    if (status == QHM_OK)
        status =
            qhm_rotosolve(count, qhm_energy_run, energy, options, units, counts, x, iterations);
    qhm_release(counts);
    qhm_release(units);
    return status;
}

static qhm_status run_method(qhm_energy *energy, const qhm_vqe_options *options, double *x,
                             size_t *iterations, qhm_ledger *ledger)
{
    qhm_bfgs_result found;
    switch (options->method) {
    case QHM_VQE_BFGS:
        QHM_TRY(qhm_bfgs(energy->weight_count, qhm_energy_run, energy, options->iterations,
                         options->tolerance, x, &found));
        *iterations = found.iterations;
        return QHM_OK;
    case QHM_VQE_ADAM:
        return run_adam(energy, options, x, iterations);
    case QHM_VQE_NATURAL_GRADIENT:
        return run_natural(energy, options, x, iterations, ledger);
    case QHM_VQE_SPSA:
        return qhm_spsa(energy->weight_count, qhm_energy_run, energy, options, x, iterations);
    case QHM_VQE_ROTOSOLVE:
        return run_rotosolve(energy, options, x, iterations);
    case QHM_VQE_COBYLA:
    case QHM_VQE_BOBYQA:
    case QHM_VQE_NELDER_MEAD:
    case QHM_VQE_LBFGS:
    case QHM_VQE_SBPLX:
    case QHM_VQE_METHOD_COUNT:
        break;
    }
    return qhm_nlopt_minimize(energy->weight_count, qhm_energy_run, energy, options, x, iterations);
}

// Energy and gradient where the search has ended, without shots. Without weights there is none.
static qhm_status judge(const qhm_circuit *circuit, const qhm_observable *hamiltonian,
                        const double *x, qhm_vqe_result *result, qhm_ledger *ledger)
{
    qhm_energy exact;
    double *gradient = NULL;
    QHM_TRY(qhm_energy_open(circuit, hamiltonian, 0, 0, &exact));
    qhm_status status = qhm_allocate(exact.weight_count, sizeof *gradient, &gradient);
    if (status == QHM_OK)
        status =
            qhm_energy_run(&exact, x, &result->energy, exact.weight_count > 0 ? gradient : NULL);
    if (status == QHM_OK)
        result->gradient = largest(exact.weight_count, gradient);
    if (status == QHM_OK)
        status = qhm_energy_count(&exact, ledger);
    qhm_release(gradient);
    qhm_energy_close(&exact);
    return status;
}

static qhm_status minimize(const qhm_circuit *circuit, const qhm_observable *hamiltonian,
                           const qhm_vqe_options *options, double *x, qhm_vqe_result *result,
                           qhm_ledger *ledger)
{
    qhm_energy energy;
    QHM_TRY(qhm_energy_open(circuit, hamiltonian, options->shots, options->seed, &energy));
    double value;
    qhm_status status = energy.weight_count > 0
                            ? run_method(&energy, options, x, &result->iterations, ledger)
                            : qhm_energy_run(&energy, NULL, &value, NULL);
    result->evaluations = energy.evaluations;
    result->gradients = energy.gradients;
    if (status == QHM_OK)
        status = qhm_energy_count(&energy, ledger);
    qhm_energy_close(&energy);
    return status == QHM_OK ? judge(circuit, hamiltonian, x, result, ledger) : status;
}

static qhm_status resolve(const qhm_vqe_options *given, qhm_vqe_options *options)
{
    *options = given ? *given : (qhm_vqe_options){0};
    QHM_REQUIRE((unsigned)options->method < QHM_VQE_METHOD_COUNT, "method is %u, not below %u",
                (unsigned)options->method, (unsigned)QHM_VQE_METHOD_COUNT);
    QHM_REQUIRE(options->tolerance >= 0 && isfinite(options->tolerance),
                "tolerance is %g, not 0 or more", options->tolerance);
    QHM_REQUIRE(options->learning_rate >= 0 && isfinite(options->learning_rate),
                "learning_rate is %g, not 0 or more", options->learning_rate);
    if (!options->iterations)
        options->iterations = 500;
    if (options->tolerance == 0)
        options->tolerance = 1e-6;
    if (options->learning_rate == 0)
        options->learning_rate = 0.1;
    return QHM_OK;
}

qhm_status qhm_vqe_minimize(const qhm_circuit *circuit, const qhm_observable *hamiltonian,
                            const qhm_vqe_options *options, double *weights, qhm_vqe_result *result,
                            qhm_ledger *ledger)
{
    qhm_vqe_options resolved;
    qhm_vqe_result made = {0};
    qhm_ledger counted = {0};
    double *x;
    QHM_REQUIRE(circuit && hamiltonian && result, "circuit, hamiltonian or result is NULL");
    QHM_TRY(resolve(options, &resolved));
    const size_t count = qhm_circuit_weight_count(circuit);
    QHM_REQUIRE(weights || count == 0, "weights is NULL");
    for (size_t i = 0; i < count; i++)
        QHM_REQUIRE(isfinite(weights[i]), "weight %zu is not finite", i);
    QHM_TRY(qhm_copy_bytes(weights, count, sizeof *weights, &x));
    const qhm_status status = minimize(circuit, hamiltonian, &resolved, x, &made, &counted);
    if (status == QHM_OK) {
        if (count > 0)
            memcpy(weights, x, count * sizeof *x);
        *result = made;
        if (ledger)
            qhm_ledger_add(ledger, &counted);
    }
    qhm_release(x);
    return status;
}
