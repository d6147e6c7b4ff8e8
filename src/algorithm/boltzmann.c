// Quantum Boltzmann machines by diagonalisation, trained by the bound of Golden and Thompson.
#include <qhm/boltzmann.h>

#include "algorithm/descent.h"
#include "base/memory.h"
#include "linalg/symmetric_eigen.h"

#include <math.h>
#include <qhm/bit_target.h>
#include <qhm/random.h>
#include <stdbool.h>

enum { MOST_SPINS = 10 };

size_t qhm_boltzmann_parameter_count(size_t spin_count)
{
    return spin_count + spin_count * (spin_count - 1) / 2;
}

static qhm_status check_model(const qhm_boltzmann_model *model)
{
    QHM_REQUIRE(model && model->transverse, "model or its transverse fields are NULL");
    const size_t n = model->visible + model->hidden;
    QHM_REQUIRE(model->visible >= 1 && model->visible <= MOST_SPINS && n <= MOST_SPINS,
                "%zu visible and %zu hidden spins are not 1 to %d with one visible", model->visible,
                model->hidden, MOST_SPINS);
    for (size_t i = 0; i < n; i++)
        QHM_REQUIRE(isfinite(model->transverse[i]), "transverse field %zu is %g, not finite", i,
                    model->transverse[i]);
    return QHM_OK;
}

static qhm_status check_parameters(const qhm_boltzmann_model *model)
{
    QHM_TRY(check_model(model));
    QHM_REQUIRE(model->parameters, "parameters is NULL");
    for (size_t i = 0; i < qhm_boltzmann_parameter_count(model->visible + model->hidden); i++)
        QHM_REQUIRE(isfinite(model->parameters[i]), "parameter %zu is %g, not finite", i,
                    model->parameters[i]);
    return QHM_OK;
}

static double spin_of(size_t x, size_t i)
{
    return x >> i & 1 ? -1 : 1;
}

// sum b s + sum w s s.
static double find_weight(const double *parameters, size_t n, size_t x)
{
    const double *couplings = parameters + n;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += parameters[i] * spin_of(x, i);
        for (size_t j = i + 1; j < n; j++)
            sum += *couplings++ * spin_of(x, i) * spin_of(x, j);
    }
    return sum;
}

// A thermal state of n spins with given weights of the Z basis, -H's diagonal.
typedef struct thermal {
    size_t n, size;
    const double *transverse; // [n]
    double *weights;          // [size]
    double *probabilities;    // [size]
    double *matrix, *vectors; // [size][size], with transverse fields only
    double *levels;           // [size]
    double log_z;
} thermal;

static bool has_transverse(const thermal *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->transverse[i] != 0)
            return true;
    return false;
}

static qhm_status open_thermal(size_t n, const double *transverse, thermal *t)
{
    *t = (thermal){.n = n, .size = (size_t)1 << n, .transverse = transverse};
    const size_t square = has_transverse(t) ? t->size * t->size : 0;
    QHM_TRY(qhm_allocate(3 * t->size + 2 * square, sizeof *t->weights, &t->weights));
    t->probabilities = t->weights + t->size;
    t->levels = t->probabilities + t->size;
    t->matrix = square ? t->levels + t->size : NULL;
    t->vectors = square ? t->matrix + square : NULL;
    return QHM_OK;
}

static void close_thermal(thermal *t)
{
    qhm_release(t->weights);
}

// Shares of levels in place of them, the largest first for the dense ones.
static void find_shares(thermal *t, double *levels)
{
    double largest = levels[0];
    for (size_t k = 1; k < t->size; k++)
        largest = fmax(largest, levels[k]);
    double sum = levels[0] = exp(levels[0] - largest);
    for (size_t k = 1; k < t->size; k++)
        sum += levels[k] = exp(levels[k] - largest);
    for (size_t k = 0; k < t->size; k++)
        levels[k] /= sum;
    t->log_z = largest + log(sum);
}

static qhm_status solve(thermal *t)
{
    if (!t->matrix) {
        for (size_t x = 0; x < t->size; x++)
            t->probabilities[x] = t->weights[x];
        find_shares(t, t->probabilities);
        return QHM_OK;
    }
    for (size_t i = 0; i < t->size * t->size; i++)
        t->matrix[i] = 0;
    for (size_t x = 0; x < t->size; x++) {
        t->matrix[x * t->size + x] = t->weights[x];
        for (size_t q = 0; q < t->n; q++)
            t->matrix[x * t->size + (x ^ (size_t)1 << q)] = t->transverse[q];
    }
    QHM_TRY(qhm_symmetric_eigen(t->matrix, t->size, t->size, t->levels, t->vectors));
    find_shares(t, t->levels);
    for (size_t x = 0; x < t->size; x++) {
        t->probabilities[x] = 0;
        for (size_t k = 0; k < t->size; k++) {
            const double amplitude = t->vectors[k * t->size + x];
            t->probabilities[x] += t->levels[k] * amplitude * amplitude;
        }
    }
    return QHM_OK;
}

static double find_x_mean(const thermal *t, size_t q)
{
    double sum = 0;
    for (size_t k = 0; k < t->size && t->matrix; k++)
        for (size_t x = 0; x < t->size; x++)
            sum += t->levels[k] * t->vectors[k * t->size + x] *
                   t->vectors[k * t->size + (x ^ (size_t)1 << q)];
    return sum;
}

// The free state of a model.
static qhm_status solve_model(const qhm_boltzmann_model *model, thermal *t)
{
    QHM_TRY(open_thermal(model->visible + model->hidden, model->transverse, t));
    for (size_t x = 0; x < t->size; x++)
        t->weights[x] = find_weight(model->parameters, t->n, x);
    const qhm_status status = solve(t);
    if (status != QHM_OK)
        close_thermal(t);
    return status;
}

qhm_status qhm_boltzmann_find(const qhm_boltzmann_model *model, double *probabilities,
                              double *x_means, double *log_z)
{
    thermal t;
    QHM_REQUIRE(probabilities, "probabilities is NULL");
    QHM_TRY(check_parameters(model));
    QHM_TRY(solve_model(model, &t));
    for (size_t x = 0; x < t.size; x++)
        probabilities[x] = t.probabilities[x];
    for (size_t q = 0; q < t.n && x_means; q++)
        x_means[q] = find_x_mean(&t, q);
    if (log_z)
        *log_z = t.log_z;
    close_thermal(&t);
    return QHM_OK;
}

// Adds factor times the means of Z and ZZ: [parameter count].
static void add_means(size_t n, const double *probabilities, double factor, double *means)
{
    for (size_t x = 0; x < (size_t)1 << n; x++) {
        double *couplings = means + n;
        const double share = factor * probabilities[x];
        for (size_t i = 0; i < n && share != 0; i++) {
            means[i] += share * spin_of(x, i);
            for (size_t j = i + 1; j < n; j++)
                *couplings++ += share * spin_of(x, i) * spin_of(x, j);
        }
    }
}

// The clamped states of all v: sum P_v ln Tr e^{-H_v}, and the whole's shares, [2^n].
static qhm_status clamp(const qhm_boltzmann_model *model, const double *target, double *shares,
                        double *log_sum)
{
    thermal t;
    const size_t n = model->visible + model->hidden;
    *log_sum = 0;
    QHM_TRY(open_thermal(model->hidden, model->transverse + model->visible, &t));
    qhm_status status = QHM_OK;
    for (size_t v = 0; v < (size_t)1 << model->visible && status == QHM_OK; v++) {
        if (target[v] == 0)
            continue;
        for (size_t h = 0; h < t.size; h++)
            t.weights[h] = find_weight(model->parameters, n, v | h << model->visible);
        status = solve(&t);
        *log_sum += target[v] * t.log_z;
        for (size_t h = 0; h < t.size; h++)
            shares[v | h << model->visible] = target[v] * t.probabilities[h];
    }
    close_thermal(&t);
    return status;
}

static double find_cross_entropy(const qhm_boltzmann_model *model, const double *target,
                                 const double *probabilities)
{
    double sum = 0;
    for (size_t v = 0; v < (size_t)1 << model->visible; v++) {
        double share = 0;
        for (size_t h = 0; h < (size_t)1 << model->hidden; h++)
            share += probabilities[v | h << model->visible];
        if (target[v] > 0)
            sum -= target[v] * log(share);
    }
    return sum;
}

qhm_status qhm_boltzmann_bound(const qhm_boltzmann_model *model, const double *target,
                               double *gradient, double *bound, double *cross_entropy)
{
    thermal t;
    double *shares, log_sum = 0;
    QHM_REQUIRE(target && bound && cross_entropy, "target, bound or cross_entropy is NULL");
    QHM_TRY(check_parameters(model));
    QHM_TRY(qhm_bit_target_check(model->visible, target));
    QHM_TRY(solve_model(model, &t));
    qhm_status status = qhm_allocate(t.size, sizeof *shares, &shares);
    if (status == QHM_OK)
        status = clamp(model, target, shares, &log_sum);
    if (status == QHM_OK) {
        *bound = t.log_z - log_sum;
        *cross_entropy = find_cross_entropy(model, target, t.probabilities);
        for (size_t i = 0; i < qhm_boltzmann_parameter_count(t.n) && gradient; i++)
            gradient[i] = 0;
        if (gradient) {
            add_means(t.n, t.probabilities, 1, gradient);
            add_means(t.n, shares, -1, gradient);
        }
    }
    qhm_release(shares);
    close_thermal(&t);
    return status;
}

qhm_status qhm_boltzmann_train(const qhm_boltzmann_model *model, const double *target,
                               const qhm_boltzmann_train_options *options, double *parameters)
{
    static const qhm_boltzmann_train_options defaults;
    qhm_descent descent;
    qhm_random random;
    double bound, cross_entropy;
    QHM_REQUIRE(target && parameters, "target or parameters is NULL");
    QHM_TRY(check_model(model));
    options = options ? options : &defaults;
    const size_t count = qhm_boltzmann_parameter_count(model->visible + model->hidden);
    const size_t steps = options->steps ? options->steps : 200;
    const double rate = options->learning_rate > 0 ? options->learning_rate : 0.1;
    random = qhm_random_stream(options->seed, QHM_RANDOM_INITIALISE, 0x626f6c, 0, 0);
    QHM_TRY(qhm_descent_open(count, rate, &descent));
    for (size_t i = 0; i < count; i++)
        descent.values[i] = qhm_random_normal(&random) / 10;
    qhm_boltzmann_model trained = *model;
    trained.parameters = descent.values;
    qhm_status status = QHM_OK;
    for (size_t step = 0; step < steps && status == QHM_OK; step++) {
        status = qhm_boltzmann_bound(&trained, target, descent.gradient, &bound, &cross_entropy);
        if (status == QHM_OK)
            status = qhm_descent_step(&descent);
    }
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        parameters[i] = descent.values[i];
    qhm_descent_close(&descent);
    return status;
}
