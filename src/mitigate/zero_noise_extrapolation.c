// Zero-noise extrapolation: folded circuits, each noisier than the last, carried to no noise.
#include "base/memory.h"
#include "mitigate/mitigation_internal.h"

#include <math.h>

static const double default_scales[] = {1, 3, 5};

static const char *const model_names[] = {"", "linear", "polynomial", "Richardson", "exponential"};

static void find_scales(const qhm_zero_noise_options *o, const double **scales, size_t *count)
{
    *scales = o->scales ? o->scales : default_scales;
    *count = o->scales ? o->scale_count : sizeof default_scales / sizeof default_scales[0];
}

static qhm_status check(const qhm_mitigation_options *options)
{
    const qhm_zero_noise_options *o = &options->zero_noise;
    const double *scales;
    size_t count;
    find_scales(o, &scales, &count);
    QHM_REQUIRE(count >= 2 && count <= 100, "zne: %zu scales, not 2 to 100", count);
    for (size_t i = 0; i < count; i++)
        QHM_REQUIRE(scales[i] >= 1 && scales[i] <= 1000, "zne: scale %zu is %g, not 1 to 1000", i,
                    scales[i]);
    QHM_REQUIRE(o->model <= QHM_EXTRAPOLATION_EXPONENTIAL, "zne: model is %d, not one of them",
                (int)o->model);
    QHM_REQUIRE(o->model != QHM_EXTRAPOLATION_POLYNOMIAL || (o->order ? o->order : 2) < count,
                "zne: a polynomial of degree %zu takes %zu scales, not %zu",
                o->order ? o->order : 2, (o->order ? o->order : 2) + 1, count);
    QHM_REQUIRE(isfinite(o->error_limit) && o->error_limit >= 0,
                "zne: error_limit is %g, not 0 or more", o->error_limit);
    return QHM_OK;
}

// What is left under much noise, and the largest that the rest can be.
static void find_range(const qhm_observable *observable, double *constant, double *norm)
{
    *constant = *norm = 0;
    for (size_t t = 0; t < qhm_observable_term_count(observable); t++) {
        const qhm_pauli_term *term = qhm_observable_term(observable, t);
        if (term->factor_count == 0)
            *constant += term->coefficient;
        else
            *norm += fabs(term->coefficient);
    }
}

static qhm_status run_scales(qhm_executor *inner, const qhm_zero_noise_options *o,
                             const qhm_execution *e, const double *scales, size_t count,
                             double *reached, double *values, double *variances)
{
    for (size_t i = 0; i < count; i++) {
        qhm_fold_options fold = o->fold;
        fold.seed = qhm_seed_of(e->seed, QHM_STREAM_FOLD, i);
        qhm_circuit *folded;
        QHM_TRY(qhm_circuit_fold(e->circuit, &fold, scales[i], &folded, &reached[i]));
        const qhm_status status = qhm_mitigation_estimate(
            inner, e, folded, e->shots, qhm_seed_of(e->seed, QHM_STREAM_SCALE, i),
            values + i * e->observable_count, variances + i * e->observable_count);
        qhm_circuit_destroy(folded);
        QHM_TRY(status);
    }
    return QHM_OK;
}

// One observable's points, column k of values and variances [count][observables].
static qhm_status extrapolate(const qhm_zero_noise_options *o, const qhm_execution *e, size_t k,
                              size_t count, const double *scales, const double *values,
                              const double *variances, double *room, qhm_extrapolated *out)
{
    double constant, norm;
    find_range(e->observables[k], &constant, &norm);
    for (size_t i = 0; i < count; i++) {
        room[i] = values[i * e->observable_count + k];
        room[count + i] = sqrt(variances[i * e->observable_count + k]);
    }
    const qhm_extrapolate_options options = {.model = o->model,
                                             .order = o->order,
                                             .fits_asymptote = o->fits_asymptote,
                                             .asymptote = constant,
                                             .least = constant - norm,
                                             .most = constant + norm,
                                             .error_limit = o->error_limit};
    return qhm_extrapolate(&options, count, scales, room, room + count, out);
}

static void say(const qhm_execution *e, size_t count, const double *scales,
                const qhm_extrapolated *first)
{
    double least = scales[0], most = scales[0];
    for (size_t i = 1; i < count; i++) {
        least = fmin(least, scales[i]);
        most = fmax(most, scales[i]);
    }
    qhm_overhead_say(e->overhead, "zne: %s through %zu scales from %.4g to %.4g",
                     model_names[first->model], count, least, most);
}

static qhm_status extrapolate_all(const qhm_zero_noise_options *o, const qhm_execution *e,
                                  size_t count, double *room)
{
    double *reached = room, *points = room + count, *values = points + 2 * count,
           *variances = values + count * e->observable_count, sampling = 1;
    qhm_extrapolated first = {0};
    for (size_t k = 0; k < e->observable_count; k++) {
        qhm_extrapolated found;
        QHM_TRY(extrapolate(o, e, k, count, reached, values, variances, points, &found));
        e->values[k] = found.value;
        e->variances[k] = found.error * found.error;
        sampling = fmax(sampling, found.sampling);
        if (k == 0)
            first = found;
    }
    e->overhead->sampling *= sampling;
    say(e, count, reached, &first);
    return QHM_OK;
}

static qhm_status estimate(qhm_executor *inner, const qhm_mitigation_options *options,
                           const qhm_execution *e)
{
    const qhm_zero_noise_options *o = &options->zero_noise;
    const double *scales;
    size_t count;
    double *room; // reached [count], points [2][count], values and variances [count][observables]
    find_scales(o, &scales, &count);
    QHM_TRY(qhm_allocate(count * (3 + 2 * e->observable_count), sizeof *room, &room));
    double *values = room + 3 * count;
    qhm_status status =
        run_scales(inner, o, e, scales, count, room, values, values + count * e->observable_count);
    if (status == QHM_OK)
        status = extrapolate_all(o, e, count, room);
    qhm_release(room);
    return status;
}

const qhm_technique qhm_zero_noise_technique = {
    .information = {.name = "zne",
                    .title = "zero-noise extrapolation",
                    .help = "runs the circuit with its gates folded, so that noise grows, and "
                            "carries the values back to none",
                    .cost = "a circuit for each scale; error bars grow with the sum of the "
                            "weights: 3.5 times for Richardson through 1, 3, 5"},
    .check = check,
    .estimate = estimate,
};
