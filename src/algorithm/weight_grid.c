// Weights on a grid: the squared error of a linear layer over the bits of its weights.
#include <qhm/weight_grid.h>

#include "base/status_internal.h"

#include <math.h>

qhm_weight_grid qhm_weight_grid_even(size_t outputs, size_t inputs, size_t bits, double range)
{
    return (qhm_weight_grid){.outputs = outputs,
                             .inputs = inputs,
                             .bits = bits,
                             .low = -range,
                             .step = 2 * range / (ldexp(1, (int)bits) - 1)};
}

// One sample's error at one output is the square of a linear function of that output's bits.
static qhm_status append_sample(const qhm_weight_grid *grid, size_t output, const double *x,
                                double target, double weight, qhm_ising *ising)
{
    size_t bits[64];
    double coefficients[64];
    for (size_t i = 0; i < grid->inputs; i++) {
        target -= grid->low * x[i];
        for (size_t k = 0; k < grid->bits; k++) {
            const size_t place = i * grid->bits + k;
            bits[place] = output * grid->inputs * grid->bits + place;
            coefficients[place] = grid->step * ldexp(x[i], (int)k);
        }
    }
    return qhm_ising_append_square(ising, grid->inputs * grid->bits, bits, coefficients, target,
                                   weight);
}

qhm_status qhm_weight_grid_ising(const qhm_weight_grid *grid, size_t samples, const double *inputs,
                                 const double *targets, qhm_ising **ising)
{
    qhm_ising *made;
    QHM_REQUIRE(grid && inputs && targets && ising, "an argument is NULL");
    QHM_REQUIRE(samples >= 1, "there are no samples");
    QHM_REQUIRE(grid->outputs >= 1 && grid->inputs >= 1 && grid->bits >= 1 && grid->outputs <= 64 &&
                    grid->inputs <= 64 && grid->bits <= 64 &&
                    grid->outputs * grid->inputs * grid->bits <= 64,
                "%zu by %zu weights of %zu bits are not 1 to 64 bits in all", grid->outputs,
                grid->inputs, grid->bits);
    QHM_REQUIRE(grid->step > 0 && isfinite(grid->step) && isfinite(grid->low),
                "a grid from %g in steps of %g", grid->low, grid->step);
    QHM_TRY(qhm_ising_create(grid->outputs * grid->inputs * grid->bits, &made));
    qhm_status status = QHM_OK;
    for (size_t n = 0; n < samples; n++)
        for (size_t o = 0; o < grid->outputs && status == QHM_OK; o++)
            status = append_sample(grid, o, inputs + n * grid->inputs,
                                   targets[n * grid->outputs + o], 1 / (double)samples, made);
    if (status != QHM_OK) {
        qhm_ising_destroy(made);
        return status;
    }
    *ising = made;
    return QHM_OK;
}

uint64_t qhm_weight_grid_round(const qhm_weight_grid *grid, const double *weights)
{
    uint64_t bits = 0;
    const double most = ldexp(1, (int)grid->bits) - 1;
    for (size_t i = 0; i < grid->outputs * grid->inputs; i++) {
        const double k = fmax(0, fmin(most, round((weights[i] - grid->low) / grid->step)));
        bits |= (uint64_t)k << i * grid->bits;
    }
    return bits;
}

void qhm_weight_grid_read(const qhm_weight_grid *grid, uint64_t bits, double *weights)
{
    const uint64_t mask = grid->bits == 64 ? UINT64_MAX : ((uint64_t)1 << grid->bits) - 1;
    for (size_t i = 0; i < grid->outputs * grid->inputs; i++)
        weights[i] = grid->low + grid->step * (double)(bits >> i * grid->bits & mask);
}
