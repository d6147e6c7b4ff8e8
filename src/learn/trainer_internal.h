// A training's state, shared by its steps and its checkpoints.
#ifndef QHM_TRAINER_INTERNAL_H
#define QHM_TRAINER_INTERNAL_H

#include "learn/checkpoint.h"

#include <qhm/trainer.h>

// What changes from step to step, besides the parameters. All are whole numbers or doubles, so
// that a checkpoint keeps them in one array of doubles.
typedef struct qhm_train_progress {
    double step;
    double ended_epochs; // whose validation and report are over
    double epoch_loss;   // sum of losses times rows in this epoch
    double best_metric;
    double best_epoch;
    double has_best; // 0 or 1
    double is_done;  // 0 or 1
} qhm_train_progress;

enum { QHM_TRAIN_PROGRESS_COUNT = sizeof(qhm_train_progress) / sizeof(double) };

struct qhm_trainer {
    qhm_train_task task;
    qhm_train_options options;
    qhm_tape *tape;
    qhm_optimizer *optimizer;
    qhm_train_progress progress;
    size_t steps_an_epoch;
    size_t *rows;       // [row_count] as given
    size_t *order;      // [row_count] as shuffled for `order_epoch`
    size_t order_epoch; // SIZE_MAX: not shuffled yet
    qhm_tensor **best;  // [parameter_count] with validation, else NULL
};

#endif
