// One weight after another: a sum of few waves is known from few values, and so is its minimum.
#include "algorithm/vqe_internal.h"

#include "base/memory.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

// constant + sum_m cosine[m] cos((m + 1) t) + sine[m] sin((m + 1) t)
typedef struct waves {
    size_t count;
    double constant, *cosine, *sine;
} waves;

static double wave_value(const waves *w, double t)
{
    double value = w->constant;
    for (size_t m = 0; m < w->count; m++) {
        const double phase = (double)(m + 1) * t;
        value += w->cosine[m] * cos(phase) + w->sine[m] * sin(phase);
    }
    return value;
}

// From values at 2 count + 1 equal steps around the circle.
static void fit(const double *values, waves *w)
{
    const size_t points = 2 * w->count + 1;
    w->constant = 0;
    for (size_t k = 0; k < points; k++)
        w->constant += values[k] / (double)points;
    for (size_t m = 0; m < w->count; m++) {
        w->cosine[m] = w->sine[m] = 0;
        for (size_t k = 0; k < points; k++) {
            const double phase = 2 * PI * (double)((m + 1) * k % points) / (double)points;
            w->cosine[m] += 2 * values[k] * cos(phase) / (double)points;
            w->sine[m] += 2 * values[k] * sin(phase) / (double)points;
        }
    }
}

// The lowest point, by a grid fine enough for the highest wave and a golden section.
static double lowest(const waves *w)
{
    const size_t grid = 16 * w->count;
    const double step = 2 * PI / (double)grid, ratio = 0.5 * (sqrt(5) - 1);
    double best = 0;
    for (size_t k = 1; k < grid; k++)
        if (wave_value(w, (double)k * step) < wave_value(w, best))
            best = (double)k * step;
    if (w->count == 1) // closed form
        return atan2(-w->sine[0], -w->cosine[0]);
    double low = best - step, high = best + step;
    for (int i = 0; i < 60; i++) {
        const double left = high - ratio * (high - low), right = low + ratio * (high - low);
        if (wave_value(w, left) < wave_value(w, right))
            high = right;
        else
            low = left;
    }
    return 0.5 * (low + high);
}

static qhm_status turn(qhm_bfgs_function *function, void *context, double unit, waves *w,
                       double *values, double *x, size_t index)
{
    const double start = x[index];
    const size_t points = 2 * w->count + 1;
    for (size_t k = 0; k < points; k++) {
        x[index] = start + 2 * PI * (double)k / ((double)points * unit);
        const qhm_status status = function(context, x, &values[k], NULL);
        x[index] = start;
        QHM_TRY(status);
    }
    fit(values, w);
    const double best = lowest(w);
    // Where all values are the same to rounding, the angle would be noise.
    if (wave_value(w, best) < wave_value(w, 0) - 1e-15 * (1 + fabs(w->constant)))
        x[index] = start + remainder(best, 2 * PI) / unit;
    return QHM_OK;
}

qhm_status qhm_rotosolve(size_t count, qhm_bfgs_function *function, void *context,
                         const qhm_vqe_options *options, const double *unit, const size_t *counts,
                         double *x, size_t *iterations)
{
    size_t most = 1;
    double *room, before, after;
    for (size_t i = 0; i < count; i++)
        most = counts[i] > most ? counts[i] : most;
    QHM_TRY(qhm_allocate(4 * most + 1, sizeof *room, &room));
    qhm_status status = function(context, x, &after, NULL);
    size_t sweeps = 0;
    do {
        before = after;
        for (size_t i = 0; i < count && status == QHM_OK; i++) {
            waves w = {.count = counts[i], .cosine = room, .sine = room + most};
            if (counts[i] > 0) // a weight that no gate has changes nothing
                status = turn(function, context, unit[i], &w, room + 2 * most, x, i);
        }
        if (status == QHM_OK)
            status = function(context, x, &after, NULL);
        sweeps++;
    } while (status == QHM_OK && sweeps < options->iterations &&
             before - after > options->tolerance);
    qhm_release(room);
    if (status == QHM_OK)
        *iterations = sweeps;
    return status;
}
