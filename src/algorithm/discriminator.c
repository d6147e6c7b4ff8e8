// A small network that tells bit strings of a model from those of a target.
#include "algorithm/discriminator.h"

#include "base/memory.h"

#include <math.h>

static size_t value_count(const qhm_discriminator *d)
{
    return d->hidden_count * (d->bit_count + 2) + 1;
}

qhm_status qhm_discriminator_open(size_t bit_count, size_t hidden_count, double learning_rate,
                                  qhm_random *random, qhm_discriminator *network)
{
    qhm_discriminator made = {.bit_count = bit_count, .hidden_count = hidden_count};
    qhm_status status = qhm_descent_open(value_count(&made), learning_rate, &made.descent);
    if (status == QHM_OK)
        status = qhm_allocate(hidden_count, sizeof *made.active, &made.active);
    if (status != QHM_OK) {
        qhm_discriminator_close(&made);
        return status;
    }
    for (size_t i = 0; i + 1 < value_count(&made); i++)
        made.descent.values[i] = qhm_random_normal(random) / sqrt((double)bit_count);
    *network = made;
    return QHM_OK;
}

void qhm_discriminator_close(qhm_discriminator *network)
{
    qhm_descent_close(&network->descent);
    qhm_release(network->active);
    *network = (qhm_discriminator){0};
}

static double sign_of(size_t x, size_t bit)
{
    return x >> bit & 1 ? -1 : 1;
}

static double find_logit(qhm_discriminator *d, size_t x)
{
    const size_t n = d->bit_count, h = d->hidden_count;
    const double *w = d->descent.values, *b = w + h * n, *v = b + h;
    double logit = v[h];
    for (size_t k = 0; k < h; k++) {
        double sum = b[k];
        for (size_t i = 0; i < n; i++)
            sum += w[k * n + i] * sign_of(x, i);
        d->active[k] = tanh(sum);
        logit += v[k] * d->active[k];
    }
    return logit;
}

void qhm_discriminator_logits(qhm_discriminator *network, double *logits)
{
    for (size_t x = 0; x < (size_t)1 << network->bit_count; x++)
        logits[x] = find_logit(network, x);
}

// ln(1 + e^z) without overflow.
static double softplus(double z)
{
    return fmax(z, 0) + log1p(exp(-fabs(z)));
}

static void add_gradient(qhm_discriminator *d, size_t x, double slope)
{
    const size_t n = d->bit_count, h = d->hidden_count;
    const double *v = d->descent.values + h * n + h;
    double *w_slope = d->descent.gradient, *b_slope = w_slope + h * n, *v_slope = b_slope + h;
    v_slope[h] += slope;
    for (size_t k = 0; k < h; k++) {
        const double inner = slope * v[k] * (1 - d->active[k] * d->active[k]);
        v_slope[k] += slope * d->active[k];
        b_slope[k] += inner;
        for (size_t i = 0; i < n; i++)
            w_slope[k * n + i] += inner * sign_of(x, i);
    }
}

qhm_status qhm_discriminator_step(qhm_discriminator *network, const double *target,
                                  const double *model, double *loss)
{
    double sum = 0;
    for (size_t x = 0; x < (size_t)1 << network->bit_count; x++) {
        const double logit = find_logit(network, x), belief = 1 / (1 + exp(-logit));
        sum += target[x] * softplus(-logit) + model[x] * softplus(logit);
        add_gradient(network, x, model[x] * belief - target[x] * (1 - belief));
    }
    QHM_TRY(qhm_descent_step(&network->descent));
    *loss = sum;
    return QHM_OK;
}
