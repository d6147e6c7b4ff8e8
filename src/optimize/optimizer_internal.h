// The arithmetic of one step, compiled per precision and instruction set.
#ifndef QHM_OPTIMIZER_INTERNAL_H
#define QHM_OPTIMIZER_INTERNAL_H

#include "base/parallel.h"

// One parameter's step. Slots as qhm_optimizer_slot() has them.
typedef struct qhm_optimizer_update {
    void *value;
    void *gradient; // is set to zero
    void *slots[2];
    double gradient_scale; // by clipping
    double rate;
    double coupled_decay;   // times the value is added to the gradient
    double decoupled_decay; // times rate times the value is taken from the value
    double momentum;
    double beta1, beta2, epsilon;
    double correction1, correction2; // 1 / (1 - beta^step)
} qhm_optimizer_update;

typedef struct qhm_optimizer_kernels {
    qhm_range_work *adam, *sgd;  // the context is an update
    qhm_range_sum *squared_norm; // of the gradient
} qhm_optimizer_kernels;

#endif
