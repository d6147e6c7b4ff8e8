// Layerwise Richardson extrapolation: a polynomial in the noise of every layer, carried to none.
#include "base/memory.h"
#include "linalg/lu_factor.h"
#include "mitigate/folding.h"
#include "mitigate/mitigation_internal.h"

#include <math.h>
#include <string.h>

enum { MAX_CIRCUITS = 2000, MAX_LAYERS = 64, MAX_DEGREE = 5, MAX_MULTIPLIER = 100 };

size_t qhm_layerwise_count(size_t layers, size_t degree)
{
    size_t count = 1;
    for (size_t i = 1; i <= degree; i++) {
        if (layers > 100000 || count * (layers + i) / i > 100000)
            return 0;
        count = count * (layers + i) / i;
    }
    return count;
}

// All exponents of total degree 0 to degree, patterns [count][layers], ascending by degree, those
// of the first layers before others.
static void list_patterns(size_t layers, size_t degree, size_t *patterns)
{
    size_t chosen[MAX_DEGREE] = {0}, *next = patterns;
    for (size_t d = 0; d <= degree; d++) {
        memset(chosen, 0, sizeof chosen); // layers, not descending
        for (bool goes_on = true; goes_on;) {
            memset(next, 0, layers * sizeof *next);
            for (size_t i = 0; i < d; i++)
                next[chosen[i]]++;
            next += layers;
            size_t i = d;
            while (i > 0 && chosen[i - 1] + 1 == layers)
                i--;
            goes_on = i > 0;
            for (size_t j = i, value = goes_on ? chosen[i - 1] + 1 : 0; goes_on && j <= d; j++)
                chosen[j - 1] = value;
        }
    }
}

// matrix [count][count]: row a, column i: the monomial with exponents a at scale vector i.
static void fill_matrix(size_t layers, size_t count, size_t multiplier, const size_t *patterns,
                        double *matrix)
{
    for (size_t a = 0; a < count; a++)
        for (size_t i = 0; i < count; i++) {
            double monomial = 1;
            for (size_t l = 0; l < layers; l++) {
                const double scale = 1 + 2 * (double)(multiplier * patterns[i * layers + l]);
                for (size_t power = patterns[a * layers + l]; power > 0; power--)
                    monomial *= scale;
            }
            matrix[a * count + i] = monomial;
        }
}

static qhm_status check_shape(size_t layers, size_t degree, size_t multiplier, size_t *count)
{
    QHM_REQUIRE(layers >= 1 && layers <= MAX_LAYERS, "lre: %zu layers, not 1 to %d", layers,
                MAX_LAYERS);
    QHM_REQUIRE(degree >= 1 && degree <= MAX_DEGREE, "lre: degree is %zu, not 1 to %d", degree,
                MAX_DEGREE);
    QHM_REQUIRE(multiplier >= 1 && multiplier <= MAX_MULTIPLIER,
                "lre: multiplier is %zu, not 1 to %d", multiplier, MAX_MULTIPLIER);
    *count = qhm_layerwise_count(layers, degree);
    if (*count == 0 || *count > MAX_CIRCUITS)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "lre: %zu layers at degree %zu take more than %d circuits: take fewer "
                        "layers",
                        layers, degree, MAX_CIRCUITS);
    return QHM_OK;
}

static qhm_status solve(size_t count, double *matrix, double *weights)
{
    int *pivots;
    QHM_TRY(qhm_allocate(count, sizeof *pivots, &pivots));
    const qhm_status status = qhm_lu(matrix, count, pivots);
    for (size_t i = 0; status == QHM_OK && i < count; i++)
        weights[i] = i == 0; // of the constant 1, and of no other monomial
    if (status == QHM_OK)
        qhm_lu_solve(matrix, count, pivots, false, weights);
    qhm_release(pivots);
    return status;
}

qhm_status qhm_layerwise_weights(size_t layers, size_t degree, size_t multiplier, double *scales,
                                 double *weights)
{
    size_t count;
    QHM_REQUIRE(weights, "lre: weights need a place to go");
    QHM_TRY(check_shape(layers, degree, multiplier, &count));
    size_t *patterns;
    double *matrix = NULL, *found = NULL;
    QHM_TRY(qhm_allocate(count * layers, sizeof *patterns, &patterns));
    list_patterns(layers, degree, patterns);
    qhm_status status = qhm_allocate(count * count, sizeof *matrix, &matrix);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *found, &found);
    if (status == QHM_OK) {
        fill_matrix(layers, count, multiplier, patterns, matrix);
        status = solve(count, matrix, found);
    }
    if (status == QHM_OK)
        memcpy(weights, found, count * sizeof *weights);
    for (size_t i = 0; status == QHM_OK && scales && i < count * layers; i++)
        scales[i] = 1 + 2 * (double)(multiplier * patterns[i]);
    qhm_release(patterns);
    qhm_release(matrix);
    qhm_release(found);
    return status;
}

static size_t degree_of(const qhm_layerwise_options *o)
{
    return o->degree > 0 ? o->degree : 2;
}

static size_t multiplier_of(const qhm_layerwise_options *o)
{
    return o->multiplier > 0 ? o->multiplier : 1;
}

static qhm_status check(const qhm_mitigation_options *options)
{
    const qhm_layerwise_options *o = &options->layerwise;
    size_t count;
    return check_shape(o->layers > 0 ? o->layers : 4, degree_of(o), multiplier_of(o), &count);
}

// Work space of one estimate.
struct work {
    size_t layers, count;
    double *scales, *weights; // [count][layers], [count]
    double *values;           // [2][observables] of one circuit: values, variances
    size_t *folds;            // [layers]
};

static void release(struct work *w)
{
    qhm_release(w->scales);
    qhm_release(w->weights);
    qhm_release(w->values);
    qhm_release(w->folds);
}

static qhm_status prepare(const qhm_layerwise_options *o, const qhm_execution *e, struct work *w)
{
    size_t gates;
    QHM_TRY(qhm_folding_check_whole(e->circuit, &gates));
    w->layers = o->layers > 0 ? o->layers : 4;
    if (w->layers > gates)
        w->layers = gates;
    w->count = qhm_layerwise_count(w->layers, degree_of(o));
    QHM_TRY(qhm_allocate(w->count * w->layers, sizeof *w->scales, &w->scales));
    QHM_TRY(qhm_allocate(w->count, sizeof *w->weights, &w->weights));
    QHM_TRY(qhm_allocate(2 * e->observable_count, sizeof *w->values, &w->values));
    QHM_TRY(qhm_allocate(w->layers, sizeof *w->folds, &w->folds));
    return qhm_layerwise_weights(w->layers, degree_of(o), multiplier_of(o), w->scales, w->weights);
}

static qhm_status run_circuit(qhm_executor *inner, const qhm_execution *e, struct work *w, size_t i)
{
    for (size_t l = 0; l < w->layers; l++)
        w->folds[l] = (size_t)((w->scales[i * w->layers + l] - 1) / 2);
    qhm_circuit *folded;
    QHM_TRY(qhm_circuit_fold_layers(e->circuit, w->layers, w->folds, &folded));
    const size_t count = e->observable_count;
    const qhm_status status = qhm_mitigation_estimate(inner, e, folded, e->shots,
                                                      qhm_seed_of(e->seed, QHM_STREAM_LAYERS, i),
                                                      w->values, w->values + count);
    qhm_circuit_destroy(folded);
    for (size_t k = 0; status == QHM_OK && k < count; k++) {
        e->values[k] += w->weights[i] * w->values[k];
        e->variances[k] += w->weights[i] * w->weights[i] * w->values[count + k];
    }
    return status;
}

static qhm_status estimate(qhm_executor *inner, const qhm_mitigation_options *options,
                           const qhm_execution *e)
{
    struct work w = {0};
    double norm = 0;
    qhm_status status = prepare(&options->layerwise, e, &w);
    for (size_t k = 0; k < e->observable_count; k++)
        e->values[k] = e->variances[k] = 0;
    for (size_t i = 0; status == QHM_OK && i < w.count; i++) {
        norm += fabs(w.weights[i]);
        status = run_circuit(inner, e, &w, i);
    }
    if (status == QHM_OK) {
        e->overhead->sampling *= norm * norm;
        qhm_overhead_say(e->overhead, "lre: degree %zu in %zu layers, %zu circuits",
                         degree_of(&options->layerwise), w.layers, w.count);
    }
    release(&w);
    return status;
}

const qhm_technique qhm_layerwise_technique = {
    .information = {.name = "lre",
                    .title = "layerwise Richardson extrapolation",
                    .help = "folds the layers of a circuit by themselves and carries a polynomial "
                            "in their noise to none",
                    .cost = "15 circuits for 4 layers at degree 2; error bars grow with the sum of "
                            "the weights"},
    .check = check,
    .estimate = estimate,
};
