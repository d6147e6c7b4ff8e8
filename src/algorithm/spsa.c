// Simultaneous perturbation: a gradient's direction from two values.
#include "algorithm/vqe_internal.h"

#include "base/memory.h"

#include <math.h>
#include <qhm/random.h>

static const double PERTURBATION = 0.1;

// Gains a / (k + 1 + A)^0.602 and c / (k + 1)^0.101 [spall1992]; A is a tenth of the steps, and the
// first gain is the learning rate.
qhm_status qhm_spsa(size_t count, qhm_bfgs_function *function, void *context,
                    const qhm_vqe_options *options, double *x, size_t *iterations)
{
    const double stability = 0.1 * (double)options->iterations;
    const double gain = options->learning_rate * pow(1 + stability, 0.602);
    qhm_random random = qhm_random_stream(options->seed, QHM_RANDOM_TUNE, count, 0, 0);
    double *moved, *signs;
    QHM_TRY(qhm_allocate(2 * count, sizeof *moved, &moved));
    signs = moved + count;
    qhm_status status = QHM_OK;
    for (size_t k = 0; k < options->iterations && status == QHM_OK; k++) {
        const double c = PERTURBATION / pow((double)k + 1, 0.101);
        const double a = gain / pow((double)k + 1 + stability, 0.602);
        double values[2] = {0, 0};
        for (size_t i = 0; i < count; i++)
            signs[i] = qhm_random_u32(&random) & 1 ? 1 : -1;
        for (size_t side = 0; side < 2 && status == QHM_OK; side++) {
            for (size_t i = 0; i < count; i++)
                moved[i] = x[i] + (side ? -c : c) * signs[i];
            status = function(context, moved, &values[side], NULL);
        }
        for (size_t i = 0; i < count && status == QHM_OK; i++)
            x[i] -= a * (values[0] - values[1]) / (2 * c) * signs[i];
    }
    qhm_release(moved);
    if (status == QHM_OK)
        *iterations = options->iterations;
    return status;
}
