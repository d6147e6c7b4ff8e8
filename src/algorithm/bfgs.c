// Minimising a smooth function of a few numbers whose gradient is known.
#include "algorithm/bfgs.h"

#include "base/memory.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

typedef struct search {
    size_t count;
    double *inverse; // [count][count], of the Hessian's estimate
    double *x, *gradient, *direction, *next, *next_gradient, *product;
    double value, next_value;
} search;

static void reset(search *s)
{
    memset(s->inverse, 0, s->count * s->count * sizeof(double));
    for (size_t i = 0; i < s->count; i++)
        s->inverse[i * s->count + i] = 1;
}

static double dot(size_t count, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static void multiply(const search *s, const double *vector, double *product)
{
    for (size_t i = 0; i < s->count; i++)
        product[i] = dot(s->count, s->inverse + i * s->count, vector);
}

static double largest(size_t count, const double *values)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(values[i]));
    return most;
}

// Takes the step from x to next into the estimate; only steps along which the slope rises tell.
static void update(search *s)
{
    const size_t n = s->count;
    double *step = s->direction, *change = s->x;
    for (size_t i = 0; i < n; i++) {
        step[i] = s->next[i] - s->x[i];
        change[i] = s->next_gradient[i] - s->gradient[i];
    }
    const double slope = dot(n, step, change);
    if (slope > 1e-14 * sqrt(dot(n, step, step) * dot(n, change, change))) {
        multiply(s, change, s->product);
        const double factor = (1 + dot(n, change, s->product) / slope) / slope;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                s->inverse[i * n + j] +=
                    factor * step[i] * step[j] -
                    (s->product[i] * step[j] + step[i] * s->product[j]) / slope;
    }
    memcpy(s->x, s->next, n * sizeof(double));
    memcpy(s->gradient, s->next_gradient, n * sizeof(double));
    s->value = s->next_value;
}

static qhm_status step_down(search *s, qhm_bfgs_function *function, void *context,
                            qhm_bfgs_result *result, bool *fell)
{
    multiply(s, s->gradient, s->direction);
    double slope = -dot(s->count, s->direction, s->gradient);
    if (!(slope < 0)) {
        reset(s);
        memcpy(s->direction, s->gradient, s->count * sizeof(double));
        slope = -dot(s->count, s->gradient, s->gradient);
    }
    // Angles: a first step of more than this would leave the valley that the start is in.
    double length = fmin(1, 0.3 / largest(s->count, s->direction));
    *fell = false;
    for (int halving = 0; halving < 40 && !*fell; halving++, length /= 2) {
        for (size_t i = 0; i < s->count; i++)
            s->next[i] = s->x[i] - length * s->direction[i];
        QHM_TRY(function(context, s->next, &s->next_value, s->next_gradient));
        result->calls++;
        *fell = s->next_value <= s->value + 1e-4 * length * slope;
    }
    return QHM_OK;
}

static qhm_status descend(search *s, qhm_bfgs_function *function, void *context, size_t iterations,
                          double tolerance, qhm_bfgs_result *result)
{
    reset(s);
    QHM_TRY(function(context, s->x, &s->value, s->gradient));
    result->calls = 1;
    for (; result->iterations < iterations; result->iterations++) {
        bool fell;
        if (largest(s->count, s->gradient) <= tolerance)
            return QHM_OK;
        QHM_TRY(step_down(s, function, context, result, &fell));
        if (!fell)
            return QHM_OK;
        update(s);
    }
    return QHM_OK;
}

qhm_status qhm_bfgs(size_t count, qhm_bfgs_function *function, void *context, size_t iterations,
                    double tolerance, double *x, qhm_bfgs_result *result)
{
    search s = {.count = count};
    double *work;
    QHM_TRY(qhm_allocate(count * (count + 6), sizeof *work, &work));
    s.inverse = work;
    double **const parts[] = {&s.x,    &s.gradient,      &s.direction,
                              &s.next, &s.next_gradient, &s.product};
    for (size_t i = 0; i < 6; i++)
        *parts[i] = work + count * (count + i);
    memcpy(s.x, x, count * sizeof *x);
    *result = (qhm_bfgs_result){0};
    const qhm_status status = descend(&s, function, context, iterations, tolerance, result);
    if (status == QHM_OK) {
        memcpy(x, s.x, count * sizeof *x);
        result->value = s.value;
    }
    qhm_release(work);
    return status;
}
