// First values of parameters, drawn in double so that both precisions begin alike.
#include "learn/module_internal.h"

void qhm_initialise_normal(qhm_tensor *tensor, double deviation, qhm_random *random)
{
    for (size_t i = 0; i < qhm_tensor_count(tensor); i++) {
        double value = deviation * qhm_random_normal(random);
        (void)!qhm_tensor_set(tensor, i, 1, &value); // within the tensor
    }
}

void qhm_initialise_uniform(qhm_tensor *tensor, double bound, qhm_random *random)
{
    for (size_t i = 0; i < qhm_tensor_count(tensor); i++) {
        double value = bound * (2 * qhm_random_uniform(random) - 1);
        (void)!qhm_tensor_set(tensor, i, 1, &value);
    }
}

void qhm_initialise_constant(qhm_tensor *tensor, double value)
{
    for (size_t i = 0; i < qhm_tensor_count(tensor); i++)
        (void)!qhm_tensor_set(tensor, i, 1, &value);
}

qhm_random *qhm_module_stream(const qhm_module_setting *setting, qhm_random *fallback)
{
    *fallback = qhm_random_stream(0, QHM_RANDOM_INITIALISE, 0, 0, 0);
    return setting->random ? setting->random : fallback;
}

size_t qhm_shape_width(qhm_shape shape)
{
    return shape.rank ? shape.sizes[shape.rank - 1] : 1;
}
