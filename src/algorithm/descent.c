// Gradient descent with Adam on a list of numbers.
#include "algorithm/descent.h"

qhm_status qhm_descent_open(size_t count, double learning_rate, qhm_descent *descent)
{
    qhm_descent made = {0};
    const qhm_optimizer_options options = {.kind = QHM_OPTIMIZER_ADAM,
                                           .learning_rate = learning_rate};
    qhm_status status = qhm_parameter_create("values", QHM_FLOAT64, (qhm_shape){1, {count}},
                                             QHM_PARAMETER_NO_DECAY, &made.parameter);
    if (status == QHM_OK)
        status = qhm_optimizer_create(&made.parameter, 1, &options, &made.optimizer);
    if (status != QHM_OK) {
        qhm_descent_close(&made);
        return status;
    }
    made.values = qhm_tensor_data(qhm_parameter_value(made.parameter));
    made.gradient = qhm_tensor_data(qhm_parameter_gradient(made.parameter));
    *descent = made;
    return QHM_OK;
}

void qhm_descent_close(qhm_descent *descent)
{
    qhm_optimizer_destroy(descent->optimizer);
    qhm_parameter_destroy(descent->parameter);
    *descent = (qhm_descent){0};
}

qhm_status qhm_descent_step(qhm_descent *descent)
{
    return qhm_optimizer_step(descent->optimizer, 1);
}
