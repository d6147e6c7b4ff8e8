/** @file trainer.h
 *  The training loop: shuffled minibatches, steps, early stopping, checkpoints.
 *
 *  All randomness comes from streams keyed by (seed, resample, model, epoch or step), so a run that
 *  was killed and resumed from a checkpoint ends with the same bits as one that was not. */
#ifndef QHM_TRAINER_H
#define QHM_TRAINER_H

#include <qhm/optimizer.h>
#include <qhm/schedule.h>
#include <qhm/tape.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How to train; zero means the default. */
typedef struct qhm_train_options {
    size_t epochs;     /**< times that all training rows are seen; 0: 20 */
    size_t batch_size; /**< most rows a step; 0: 64. An epoch's batches differ by one row at most */
    size_t patience; /**< stop after so many epochs without a better validation metric; 0: never */
    uint64_t seed, resample, model; /**< keys of the streams */
    qhm_optimizer_options optimizer;
    qhm_schedule_options schedule;
} qhm_train_options;

/** The table of epochs, batch_size and patience; optimizer and schedule have their own. */
QHM_API const qhm_option_info *qhm_train_option_table(void);

/** One epoch in numbers. */
typedef struct qhm_train_point {
    size_t epoch;             /**< from 0 */
    uint64_t step;            /**< steps so far */
    double training_loss;     /**< mean over the epoch's rows, while they were trained on */
    double validation_metric; /**< NaN when there is no validation */
    double gradient_norm;     /**< of the last step, before clipping */
    double learning_rate;     /**< of the last step */
    bool is_best;             /**< the best metric so far; false without validation */
} qhm_train_point;

/** What is trained. Everything is borrowed and must outlive the trainer. */
typedef struct qhm_train_task {
    qhm_precision precision;
    qhm_parameter *const *parameters; /**< [parameter_count], names unique */
    size_t parameter_count;
    const size_t *rows; /**< [row_count], the training rows; copied */
    size_t row_count;

    /** Records the mean loss of the rows [count] on the tape, which is in training mode. */
    qhm_status (*loss)(void *context, qhm_tape *tape, const size_t *rows, size_t count,
                       qhm_value *loss);

    /** Optional: after each epoch, a metric of which more is better; the tape is reset and in
     *  evaluation mode. With it, training ends with the parameters of the best epoch. */
    qhm_status (*validate)(void *context, qhm_tape *tape, double *metric);

    /** Optional: told of each epoch. Any status but QHM_OK ends the run with it. */
    qhm_status (*report)(void *context, const qhm_train_point *point);

    /** Optional: asked before each step; true ends the run with QHM_ERROR_CANCELLED, after which
     *  the trainer may be saved or run on. */
    bool (*is_cancelled)(void *context);

    void *context; /**< handed to all four */
} qhm_train_task;

/** A training under way. */
typedef struct qhm_trainer qhm_trainer;

/** Prepares a training.
 *
 *  Memory: the optimizer's; with validation a copy of the parameters; the tape's.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_trainer_create(const qhm_train_task *task,
                                                     const qhm_train_options *options,
                                                     qhm_trainer **out);

/** Frees the trainer, not the parameters; NULL is fine. */
QHM_API void qhm_trainer_destroy(qhm_trainer *trainer);

/** Does one step and, after an epoch's last, what belongs to its end.
 *
 *  After the first step none allocates memory, if the callbacks do not.
 *  @param[out] is_done  true when training has ended
 *  @return QHM_OK; QHM_ERROR_NUMERIC when a loss, gradient or metric is not finite;
 *          QHM_ERROR_CANCELLED; QHM_ERROR_OUT_OF_MEMORY; what a callback returns. */
QHM_API QHM_MUST_CHECK qhm_status qhm_trainer_step(qhm_trainer *trainer, bool *is_done);

/** Steps to the end.
 *
 *  @return as qhm_trainer_step(). */
QHM_API QHM_MUST_CHECK qhm_status qhm_trainer_run(qhm_trainer *trainer);

/** Steps so far. */
QHM_API uint64_t qhm_trainer_step_count(const qhm_trainer *trainer);

/** Steps that training takes if it is not stopped early. */
QHM_API uint64_t qhm_trainer_planned_step_count(const qhm_trainer *trainer);

/** The best validation metric so far and its epoch; NaN before the first. */
QHM_API double qhm_trainer_best_metric(const qhm_trainer *trainer, size_t *epoch);

/** The tape, borrowed; its memory is most of what training takes. */
QHM_API qhm_tape *qhm_trainer_tape(const qhm_trainer *trainer);

/** Writes all that is needed to go on with the same bits: parameters, the optimizer's memory, the
 *  best parameters, progress and the streams' keys. A safetensors file, replaced in one step.
 *
 *  @return QHM_OK; QHM_ERROR_IO; QHM_ERROR_NOT_FOUND; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_trainer_save(const qhm_trainer *trainer, const char *path);

/** Goes back to a saved state; nothing is changed when it fails.
 *
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT when the file is damaged, belongs to other options, or its
 *          arrays do not fit the parameters; as qhm_safetensors_load(). */
QHM_API QHM_MUST_CHECK qhm_status qhm_trainer_load(qhm_trainer *trainer, const char *path);

#ifdef __cplusplus
}
#endif
#endif
