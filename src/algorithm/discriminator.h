// A small network that tells bit strings of a model from those of a target.
#ifndef QHM_ALGORITHM_DISCRIMINATOR_H
#define QHM_ALGORITHM_DISCRIMINATOR_H

#include "algorithm/descent.h"
#include "base/status_internal.h"

#include <qhm/random.h>
#include <stddef.h>

// D(x) = sigmoid(c + sum_k v_k tanh(b_k + sum_i w_ki s_i)), s_i = 1 or -1. Zero-initialise.
typedef struct qhm_discriminator {
    size_t bit_count, hidden_count;
    qhm_descent descent; // values: w [hidden][bit], b [hidden], v [hidden], c
    double *active;      // [hidden]
} qhm_discriminator;

QHM_MUST_CHECK qhm_status qhm_discriminator_open(size_t bit_count, size_t hidden_count,
                                                 double learning_rate, qhm_random *random,
                                                 qhm_discriminator *network);
void qhm_discriminator_close(qhm_discriminator *network);

// The logit of D for every bit string, [2^bit_count].
void qhm_discriminator_logits(qhm_discriminator *network, double *logits);

// One step down the loss -sum target ln D - sum model ln(1 - D), and its value before it.
QHM_MUST_CHECK qhm_status qhm_discriminator_step(qhm_discriminator *network, const double *target,
                                                 const double *model, double *loss);

#endif
