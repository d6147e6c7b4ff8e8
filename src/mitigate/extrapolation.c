// Values at noise scales carried to zero: polynomials and exponentials.
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/mitigation.h>
#include <string.h>

enum { MAX_POINTS = 1000, MAX_POLISH = 100, RATE_STEPS = 400 };

// Points in work space; errors are never NULL here.
struct points {
    size_t count;
    const double *scales, *values, *errors;
};

// Weighted least squares of a polynomial through modified Gram-Schmidt on its columns: basis
// [degree + 1][count] is overwritten by orthonormal ones, at_zero [degree + 1] by their values at
// 0.
static qhm_status orthogonalise(size_t count, size_t degree, double *basis, double *at_zero)
{
    for (size_t j = 0; j <= degree; j++) {
        double *column = basis + j * count, before = 0, norm = 0;
        for (size_t i = 0; i < count; i++)
            before += column[i] * column[i];
        // Twice, so that close scales lose nothing.
        for (int pass = 0; pass < 2; pass++)
            for (size_t k = 0; k < j; k++) {
                const double *other = basis + k * count;
                double overlap = 0;
                for (size_t i = 0; i < count; i++)
                    overlap += other[i] * column[i];
                for (size_t i = 0; i < count; i++)
                    column[i] -= overlap * other[i];
                at_zero[j] -= overlap * at_zero[k];
            }
        for (size_t i = 0; i < count; i++)
            norm += column[i] * column[i];
        QHM_REQUIRE(norm > 1e-24 * before, "the scales do not decide a polynomial of degree %zu",
                    degree);
        norm = sqrt(norm);
        for (size_t i = 0; i < count; i++)
            column[i] /= norm;
        at_zero[j] /= norm;
    }
    return QHM_OK;
}

// weights [count] of the value at 0, each point weighed by importance [count] (NULL: alike).
static qhm_status find_weights(size_t count, const double *scales, const double *importance,
                               size_t degree, double *weights)
{
    double *basis, *at_zero = NULL, largest = 0;
    QHM_TRY(qhm_allocate((degree + 1) * count, sizeof *basis, &basis));
    qhm_status status = qhm_allocate(degree + 1, sizeof *at_zero, &at_zero);
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(scales[i]));
    for (size_t j = 0; status == QHM_OK && j <= degree; j++) {
        at_zero[j] = j == 0;
        for (size_t i = 0; i < count; i++)
            basis[j * count + i] =
                pow(scales[i] / largest, (double)j) * (importance ? importance[i] : 1);
    }
    if (status == QHM_OK)
        status = orthogonalise(count, degree, basis, at_zero);
    for (size_t i = 0; status == QHM_OK && i < count; i++) {
        weights[i] = 0;
        for (size_t j = 0; j <= degree; j++)
            weights[i] += at_zero[j] * basis[j * count + i];
        weights[i] *= importance ? importance[i] : 1;
    }
    qhm_release(basis);
    qhm_release(at_zero);
    return status;
}

// Through all points the weights are products, exact to the last bits.
static void find_richardson_weights(size_t count, const double *scales, double *weights)
{
    for (size_t i = 0; i < count; i++) {
        weights[i] = 1;
        for (size_t j = 0; j < count; j++)
            if (j != i)
                weights[i] *= scales[j] / (scales[j] - scales[i]);
    }
}

static qhm_status check_scales(size_t count, const double *scales)
{
    QHM_REQUIRE(count >= 1 && count <= MAX_POINTS, "%zu points, not 1 to %d", count, MAX_POINTS);
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(isfinite(scales[i]), "scale %zu is %g, not finite", i, scales[i]);
        for (size_t j = 0; j < i; j++)
            QHM_REQUIRE(scales[i] != scales[j], "scales %zu and %zu are both %g", j, i, scales[i]);
    }
    return QHM_OK;
}

qhm_status qhm_extrapolation_weights(size_t count, const double *scales, size_t degree,
                                     double *weights)
{
    QHM_REQUIRE(scales && weights, "extrapolation needs scales and a place for weights");
    QHM_TRY(check_scales(count, scales));
    QHM_REQUIRE(degree < count, "a polynomial of degree %zu takes %zu points, not %zu", degree,
                degree + 1, count);
    if (degree == count - 1) {
        find_richardson_weights(count, scales, weights);
        return QHM_OK;
    }
    return find_weights(count, scales, NULL, degree, weights);
}

static void combine(const struct points *p, const double *weights, qhm_extrapolated *out)
{
    double variance = 0, norm = 0;
    out->value = 0;
    for (size_t i = 0; i < p->count; i++) {
        out->value += weights[i] * p->values[i];
        variance += weights[i] * weights[i] * p->errors[i] * p->errors[i];
        norm += fabs(weights[i]);
    }
    out->error = sqrt(variance);
    out->sampling = norm * norm;
}

static qhm_status fit_polynomial(const struct points *p, size_t degree, double *weights,
                                 qhm_extrapolated *out)
{
    QHM_TRY(qhm_extrapolation_weights(p->count, p->scales, degree, weights));
    combine(p, weights, out);
    return QHM_OK;
}

// log |y - a| is a line, each point weighed by |y - a|.
static qhm_status fit_logarithm(const struct points *p, double asymptote, double *weights,
                                qhm_extrapolated *out)
{
    double *room;
    QHM_REQUIRE(p->count >= 2, "an exponential takes 2 points, not %zu", p->count);
    const double sign = p->values[0] > asymptote ? 1 : -1;
    for (size_t i = 0; i < p->count; i++)
        if (!(sign * (p->values[i] - asymptote) > 0))
            return QHM_FAIL(QHM_ERROR_NUMERIC,
                            "value %zu is %g, on the other side of the asymptote %g than the first",
                            i, p->values[i], asymptote);
    QHM_TRY(qhm_allocate(p->count, sizeof *room, &room));
    for (size_t i = 0; i < p->count; i++)
        room[i] = sign * (p->values[i] - asymptote);
    const qhm_status status = find_weights(p->count, p->scales, room, 1, weights);
    double logarithm = 0, variance = 0, norm = 0;
    for (size_t i = 0; status == QHM_OK && i < p->count; i++)
        logarithm += weights[i] * log(room[i]);
    const double height = exp(logarithm);
    for (size_t i = 0; status == QHM_OK && i < p->count; i++) {
        const double slope = height * weights[i] / room[i];
        variance += slope * slope * p->errors[i] * p->errors[i];
        norm += fabs(slope);
    }
    qhm_release(room);
    if (status != QHM_OK)
        return status;
    out->value = asymptote + sign * height;
    out->error = sqrt(variance);
    out->sampling = norm * norm;
    return QHM_OK;
}

// The best a and b for a rate; returns the sum of squared residuals.
static double fit_height(const struct points *p, double rate, double *a, double *b)
{
    double n = (double)p->count, e = 0, ee = 0, y = 0, ey = 0, squares = 0;
    for (size_t i = 0; i < p->count; i++) {
        const double x = exp(-rate * p->scales[i]);
        e += x;
        ee += x * x;
        y += p->values[i];
        ey += x * p->values[i];
    }
    const double determinant = n * ee - e * e;
    *b = (n * ey - e * y) / determinant;
    *a = (y - *b * e) / n;
    for (size_t i = 0; i < p->count; i++) {
        const double residual = p->values[i] - *a - *b * exp(-rate * p->scales[i]);
        squares += residual * residual;
    }
    return squares;
}

// Solves the 3 x 3 normal equations of the Jacobian at (a, b, rate) for right-hand side `r`; false
// where they decide nothing.
static bool solve_normal(const struct points *p, double b, double rate, double r[3])
{
    double m[3][4] = {{0}};
    for (size_t i = 0; i < p->count; i++) {
        const double x = exp(-rate * p->scales[i]);
        const double gradient[3] = {1, x, -b * p->scales[i] * x};
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                m[j][k] += gradient[j] * gradient[k];
    }
    for (int j = 0; j < 3; j++)
        m[j][3] = r[j];
    for (int c = 0; c < 3; c++) {
        int pivot = c;
        for (int j = c + 1; j < 3; j++)
            if (fabs(m[j][c]) > fabs(m[pivot][c]))
                pivot = j;
        if (!(fabs(m[pivot][c]) > 1e-300))
            return false;
        for (int k = 0; k < 4; k++) {
            const double swap = m[c][k];
            m[c][k] = m[pivot][k];
            m[pivot][k] = swap;
        }
        for (int j = 0; j < 3; j++)
            for (int k = 3; j != c && k >= c; k--)
                m[j][k] -= m[j][c] / m[c][c] * m[c][k];
    }
    for (int j = 0; j < 3; j++)
        r[j] = m[j][3] / m[j][j];
    return true;
}

static bool polish(const struct points *p, double *a, double *b, double *rate)
{
    for (int step = 0; step < MAX_POLISH; step++) {
        double r[3] = {0};
        for (size_t i = 0; i < p->count; i++) {
            const double x = exp(-*rate * p->scales[i]);
            const double residual = p->values[i] - *a - *b * x;
            r[0] += residual;
            r[1] += residual * x;
            r[2] -= residual * *b * p->scales[i] * x;
        }
        if (!solve_normal(p, *b, *rate, r))
            return false;
        const double limit = 0.5 * *rate;
        r[2] = fmax(-limit, fmin(limit, r[2]));
        *a += r[0];
        *b += r[1];
        *rate += r[2];
        if (fabs(r[2]) <= 1e-14 * *rate)
            break;
    }
    return isfinite(*a) && isfinite(*b) && isfinite(*rate) && *rate > 0;
}

// All three parameters: the rate by a scan, then all together by Gauss and Newton.
static qhm_status fit_asymptote(const struct points *p, qhm_extrapolated *out)
{
    QHM_REQUIRE(p->count >= 3, "an exponential with its asymptote takes 3 points, not %zu",
                p->count);
    double largest = 0, best = INFINITY, rate = 0, a, b;
    for (size_t i = 0; i < p->count; i++)
        largest = fmax(largest, p->scales[i]);
    for (int i = 0; i < RATE_STEPS; i++) {
        const double trial = pow(10, -3 + 5.0 * i / RATE_STEPS) / largest;
        const double squares = fit_height(p, trial, &a, &b);
        if (squares < best) {
            best = squares;
            rate = trial;
        }
    }
    if (!(best < INFINITY))
        return QHM_FAIL(QHM_ERROR_NUMERIC, "no exponential fits the values");
    (void)fit_height(p, rate, &a, &b);
    if (!polish(p, &a, &b, &rate))
        return QHM_FAIL(QHM_ERROR_NUMERIC, "no exponential fits the values");
    // d(a + b) / dy by the normal equations at the solution.
    double adjoint[3] = {1, 1, 0}, variance = 0, norm = 0;
    if (!solve_normal(p, b, rate, adjoint))
        return QHM_FAIL(QHM_ERROR_NUMERIC, "the values do not decide an exponential");
    for (size_t i = 0; i < p->count; i++) {
        const double x = exp(-rate * p->scales[i]);
        const double slope = adjoint[0] + adjoint[1] * x - adjoint[2] * b * p->scales[i] * x;
        variance += slope * slope * p->errors[i] * p->errors[i];
        norm += fabs(slope);
    }
    out->value = a + b;
    out->error = sqrt(variance);
    out->sampling = norm * norm;
    return QHM_OK;
}

static qhm_status fit_exponential(const qhm_extrapolate_options *options, const struct points *p,
                                  double *weights, qhm_extrapolated *out)
{
    return options->fits_asymptote ? fit_asymptote(p, out)
                                   : fit_logarithm(p, options->asymptote, weights, out);
}

static qhm_status fit_automatically(const qhm_extrapolate_options *options, const struct points *p,
                                    double *weights, qhm_extrapolated *out)
{
    const bool has_range = options->most > options->least;
    const double range = has_range ? options->most - options->least : INFINITY;
    const double limit = options->error_limit > 0 ? options->error_limit
                         : has_range              ? range / 4
                                                  : 1;
    qhm_extrapolated tried[2] = {{.model = QHM_EXTRAPOLATION_EXPONENTIAL},
                                 {.model = QHM_EXTRAPOLATION_LINEAR}};
    const bool has_exponential = fit_exponential(options, p, weights, &tried[0]) == QHM_OK &&
                                 isfinite(tried[0].value) && isfinite(tried[0].error);
    QHM_TRY(fit_polynomial(p, p->count > 1, weights, &tried[1]));
    *out = tried[1];
    for (int i = has_exponential ? 0 : 1; i < 2; i++)
        if (tried[i].error <= limit && (!has_range || (tried[i].value >= options->least - limit &&
                                                       tried[i].value <= options->most + limit))) {
            *out = tried[i];
            return QHM_OK;
        }
    if (has_exponential && tried[0].error < tried[1].error)
        *out = tried[0];
    return QHM_OK;
}

static qhm_status fit(const qhm_extrapolate_options *options, const struct points *p,
                      double *weights, qhm_extrapolated *out)
{
    out->model = options->model;
    switch (options->model) {
    case QHM_EXTRAPOLATION_AUTOMATIC:
        return fit_automatically(options, p, weights, out);
    case QHM_EXTRAPOLATION_LINEAR:
        return fit_polynomial(p, 1, weights, out);
    case QHM_EXTRAPOLATION_POLYNOMIAL:
        return fit_polynomial(p, options->order > 0 ? options->order : 2, weights, out);
    case QHM_EXTRAPOLATION_RICHARDSON:
        return fit_polynomial(p, p->count - 1, weights, out);
    case QHM_EXTRAPOLATION_EXPONENTIAL:
        return fit_exponential(options, p, weights, out);
    }
    return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "model is %d, not one of qhm_extrapolation",
                    (int)options->model);
}

static qhm_status check_points(size_t count, const double *scales, const double *values,
                               const double *errors)
{
    QHM_TRY(check_scales(count, scales));
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(scales[i] > 0, "scale %zu is %g, not above 0", i, scales[i]);
        QHM_REQUIRE(isfinite(values[i]), "value %zu is %g, not finite", i, values[i]);
        QHM_REQUIRE(!errors || (isfinite(errors[i]) && errors[i] >= 0),
                    "error %zu is %g, not 0 or more", i, errors[i]);
    }
    return QHM_OK;
}

qhm_status qhm_extrapolate(const qhm_extrapolate_options *options, size_t count,
                           const double *scales, const double *values, const double *errors,
                           qhm_extrapolated *extrapolated)
{
    static const qhm_extrapolate_options defaults = {0};
    QHM_REQUIRE(scales && values && extrapolated,
                "extrapolation needs scales, values and a place for the result");
    QHM_TRY(check_points(count, scales, values, errors));
    double *room; // [2][count]: weights, and errors that are 0
    QHM_TRY(qhm_allocate(2 * count, sizeof *room, &room));
    const struct points p = {count, scales, values, errors ? errors : room + count};
    qhm_extrapolated found;
    const qhm_status status = fit(options ? options : &defaults, &p, room, &found);
    qhm_release(room);
    if (status == QHM_OK)
        *extrapolated = found;
    return status;
}
