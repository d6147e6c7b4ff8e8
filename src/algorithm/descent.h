// Gradient descent with Adam on a list of numbers.
#ifndef QHM_ALGORITHM_DESCENT_H
#define QHM_ALGORITHM_DESCENT_H

#include "base/status_internal.h"

#include <qhm/optimizer.h>

// Zero-initialise.
typedef struct qhm_descent {
    qhm_parameter *parameter;
    qhm_optimizer *optimizer;
    double *values, *gradient; // [count]: what is changed; what is to be filled before a step
} qhm_descent;

// values begin as 0.
QHM_MUST_CHECK qhm_status qhm_descent_open(size_t count, double learning_rate,
                                           qhm_descent *descent);
void qhm_descent_close(qhm_descent *descent);
// Changes the values against the gradient, which becomes 0.
QHM_MUST_CHECK qhm_status qhm_descent_step(qhm_descent *descent);

#endif
