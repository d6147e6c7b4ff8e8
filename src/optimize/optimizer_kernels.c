// The steps of Adam and SGD over a range of elements.
#include "optimize/optimizer_internal.h"

#include <math.h>

typedef QHM_REAL real;

static void adam(size_t first, size_t last, void *context)
{
    const qhm_optimizer_update *u = context;
    real *restrict w = u->value, *restrict g = u->gradient;
    real *restrict mean = u->slots[0], *restrict square = u->slots[1];
    real scale = (real)u->gradient_scale, decay = (real)u->coupled_decay;
    real keep = (real)(1 - u->rate * u->decoupled_decay), epsilon = (real)u->epsilon;
    real beta1 = (real)u->beta1, beta2 = (real)u->beta2;
    real rate = (real)(u->rate * u->correction1), correction2 = (real)u->correction2;
    for (size_t i = first; i < last; i++) {
        real slope = g[i] * scale + decay * w[i];
        mean[i] = beta1 * mean[i] + (1 - beta1) * slope;
        square[i] = beta2 * square[i] + (1 - beta2) * slope * slope;
#ifdef QHM_REAL_IS_float
        real root = sqrtf(square[i] * correction2);
#else
        real root = sqrt(square[i] * correction2);
#endif
        w[i] = keep * w[i] - rate * mean[i] / (root + epsilon);
        g[i] = 0;
    }
}

static void sgd(size_t first, size_t last, void *context)
{
    const qhm_optimizer_update *u = context;
    real *restrict w = u->value, *restrict g = u->gradient, *restrict speed = u->slots[0];
    real scale = (real)u->gradient_scale, decay = (real)u->coupled_decay;
    real momentum = (real)u->momentum, rate = (real)u->rate;
    for (size_t i = first; i < last; i++) {
        speed[i] = momentum * speed[i] + (g[i] * scale + decay * w[i]);
        w[i] -= rate * speed[i];
        g[i] = 0;
    }
}

// In double, over eight interleaved sums, so that the order does not depend on vectors.
static double squared_norm(size_t first, size_t last, void *context)
{
    const qhm_optimizer_update *u = context;
    const real *restrict g = u->gradient;
    double sums[8] = {0};
    size_t i = first;
    for (; i + 8 <= last; i += 8)
        for (size_t j = 0; j < 8; j++)
            sums[j] += (double)g[i + j] * (double)g[i + j];
    double total = 0;
    for (; i < last; i++)
        total += (double)g[i] * (double)g[i];
    for (size_t j = 0; j < 8; j++)
        total += sums[j];
    return total;
}

const qhm_optimizer_kernels QHM_TABLE = {adam, sgd, squared_norm};
