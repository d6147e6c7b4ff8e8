// Canonical correlation: whiten each view by its Cholesky factor, then decompose what they share.
#include "base/memory.h"
#include "base/status_internal.h"
#include "linalg/cholesky.h"
#include "linalg/matrix_product.h"
#include "linalg/singular_values.h"

#include <qhm/canonical_correlation.h>

#include <math.h>
#include <string.h>

// One view: out = (x - mean) map.
typedef struct view {
    size_t width;
    double *mean; // [width]
    double *map;  // [width][components]
} view;

struct qhm_cca {
    size_t components;
    view first, second;
    double *correlations; // [components]
};

static void release_view(view *v)
{
    qhm_release(v->mean);
    qhm_release(v->map);
}

void qhm_cca_destroy(qhm_cca *cca)
{
    if (!cca)
        return;
    release_view(&cca->first);
    release_view(&cca->second);
    qhm_release(cca->correlations);
    qhm_release(cca);
}

size_t qhm_cca_components(const qhm_cca *cca)
{
    return cca->components;
}

const double *qhm_cca_correlations(const qhm_cca *cca)
{
    return cca->correlations;
}

// What the fit needs of one view.
typedef struct whitening {
    double *centred; // [count][width]
    double *lower;   // [width][width], L of covariance + ridge = L L'
} whitening;

static void release_whitening(whitening *w)
{
    qhm_release(w->centred);
    qhm_release(w->lower);
}

static qhm_status whiten(const double *rows, size_t count, double ridge, size_t components, view *v,
                         whitening *w)
{
    size_t width = v->width;
    QHM_TRY(qhm_allocate(width, sizeof *v->mean, &v->mean));
    QHM_TRY(qhm_allocate(width * components, sizeof *v->map, &v->map));
    QHM_TRY(qhm_allocate(count * width, sizeof *w->centred, &w->centred));
    QHM_TRY(qhm_allocate(width * width, sizeof *w->lower, &w->lower));
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < width; j++)
            v->mean[j] += rows[i * width + j] / (double)count;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < width; j++)
            w->centred[i * width + j] = rows[i * width + j] - v->mean[j];
    qhm_matrix_gram(count, width, w->centred, w->lower);
    double variance = 0;
    for (size_t j = 0; j < width; j++)
        variance += w->lower[j * width + j] / (double)width;
    if (!(variance > 0) || !isfinite(variance))
        return QHM_FAIL(QHM_ERROR_NUMERIC, "the mean variance of a view is %g",
                        variance / (double)count);
    for (size_t j = 0; j < width; j++)
        w->lower[j * width + j] += ridge * variance;
    return qhm_cholesky(w->lower, width);
}

// map [width][components] = L'^-1 vectors' weights, for vectors [rank][width].
static void set_map(const whitening *w, const double *vectors, const double *correlations,
                    double power, size_t components, view *v)
{
    for (size_t j = 0; j < v->width; j++)
        for (size_t c = 0; c < components; c++)
            v->map[j * components + c] =
                vectors[c * v->width + j] * (power > 0 ? pow(correlations[c], power) : 1);
    qhm_cholesky_solve_triangle(w->lower, v->width, true, v->map, components);
}

static qhm_status relate(qhm_cca *cca, const whitening *a, const whitening *b, size_t count,
                         double power)
{
    size_t p = cca->first.width, q = cca->second.width, rank = p < q ? p : q;
    double *shared, *turned = NULL, *values = NULL, *left = NULL, *right = NULL;
    QHM_TRY(qhm_allocate(p * q, sizeof *shared, &shared));
    qhm_status status = qhm_allocate(q * p, sizeof *turned, &turned);
    if (status == QHM_OK)
        status = qhm_allocate(rank, sizeof *values, &values);
    if (status == QHM_OK)
        status = qhm_allocate(rank * p, sizeof *left, &left);
    if (status == QHM_OK)
        status = qhm_allocate(rank * q, sizeof *right, &right);
    if (status == QHM_OK) {
        // La^-1 (A' B) Lb'^-1: solve from the left, turn, solve from the left, turn back.
        qhm_matrix_product(true, false, p, q, count, a->centred, b->centred, shared);
        qhm_cholesky_solve_triangle(a->lower, p, false, shared, q);
        for (size_t i = 0; i < p; i++)
            for (size_t j = 0; j < q; j++)
                turned[j * p + i] = shared[i * q + j];
        qhm_cholesky_solve_triangle(b->lower, q, false, turned, p);
        for (size_t i = 0; i < p; i++)
            for (size_t j = 0; j < q; j++)
                shared[i * q + j] = turned[j * p + i];
        status = qhm_singular_values(shared, p, q, values, left, right);
    }
    if (status == QHM_OK) {
        memcpy(cca->correlations, values, cca->components * sizeof *values);
        set_map(a, left, values, power, cca->components, &cca->first);
        set_map(b, right, values, power, cca->components, &cca->second);
    }
    qhm_release(shared);
    qhm_release(turned);
    qhm_release(values);
    qhm_release(left);
    qhm_release(right);
    return status;
}

qhm_status qhm_cca_fit(const double *first, size_t first_width, const double *second,
                       size_t second_width, size_t count, const qhm_cca_options *options,
                       qhm_cca **out_cca)
{
    QHM_REQUIRE(first && second && out_cca, "a view or out_cca is NULL");
    QHM_REQUIRE(first_width >= 1 && second_width >= 1 && count >= 2,
                "%zu rows of %zu and %zu numbers, not at least 2 of 1 and 1", count, first_width,
                second_width);
    qhm_cca_options o = options ? *options : (qhm_cca_options){0};
    size_t rank = first_width < second_width ? first_width : second_width;
    o.components = o.components > 0 ? o.components : rank;
    o.ridge = o.ridge != 0 ? o.ridge : 0.1;
    QHM_REQUIRE(o.components <= rank, "components is %zu, not 1 to %zu", o.components, rank);
    QHM_REQUIRE(o.ridge > 0 && o.ridge <= 1e9, "ridge is %g, not above 0", o.ridge);
    QHM_REQUIRE(o.power >= 0 && o.power <= 100, "power is %g, not 0 to 100", o.power);
    qhm_cca *cca;
    QHM_TRY(qhm_allocate(1, sizeof *cca, &cca));
    cca->components = o.components;
    cca->first.width = first_width;
    cca->second.width = second_width;
    whitening a = {0}, b = {0};
    qhm_status status = qhm_allocate(o.components, sizeof *cca->correlations, &cca->correlations);
    if (status == QHM_OK)
        status = whiten(first, count, o.ridge, o.components, &cca->first, &a);
    if (status == QHM_OK)
        status = whiten(second, count, o.ridge, o.components, &cca->second, &b);
    if (status == QHM_OK)
        status = relate(cca, &a, &b, count, o.power);
    release_whitening(&a);
    release_whitening(&b);
    if (status != QHM_OK) {
        qhm_cca_destroy(cca);
        return status;
    }
    *out_cca = cca;
    return QHM_OK;
}

static void forward(const view *v, size_t components, const double *rows, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        double *to = out + i * components;
        for (size_t c = 0; c < components; c++)
            to[c] = 0;
        for (size_t j = 0; j < v->width; j++) {
            double away = rows[i * v->width + j] - v->mean[j];
            for (size_t c = 0; c < components; c++)
                to[c] += away * v->map[j * components + c];
        }
    }
}

void qhm_cca_forward_first(const qhm_cca *cca, const double *rows, size_t count, double *out)
{
    forward(&cca->first, cca->components, rows, count, out);
}

void qhm_cca_forward_second(const qhm_cca *cca, const double *rows, size_t count, double *out)
{
    forward(&cca->second, cca->components, rows, count, out);
}
