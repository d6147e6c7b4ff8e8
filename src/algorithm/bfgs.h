// Minimising a smooth function of a few numbers whose gradient is known.
#ifndef QHM_ALGORITHM_BFGS_H
#define QHM_ALGORITHM_BFGS_H

#include "base/status_internal.h"

#include <stddef.h>

typedef qhm_status qhm_bfgs_function(void *context, const double *x, double *value,
                                     double *gradient);

typedef struct qhm_bfgs_result {
    double value;
    size_t iterations, calls;
} qhm_bfgs_result;

// BFGS with a line search that halves its step until the value falls enough (Armijo). Ends when no
// entry of the gradient is above the tolerance, when no step helps, or after the iterations.
QHM_MUST_CHECK qhm_status qhm_bfgs(size_t count, qhm_bfgs_function *function, void *context,
                                   size_t iterations, double tolerance, double *x,
                                   qhm_bfgs_result *result);

#endif
