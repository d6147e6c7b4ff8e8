// The training loop.
#include "base/memory.h"
#include "base/options_internal.h"
#include "learn/trainer_internal.h"

#include <math.h>
#include <string.h>

static const qhm_option_info table[] = {
    {.name = "epochs",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_train_options, epochs),
     .default_text = "20",
     .minimum = 1,
     .maximum = 1e6,
     .help = "times that all training rows are seen"},
    {.name = "batch_size",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_train_options, batch_size),
     .default_text = "64",
     .minimum = 1,
     .maximum = 1e6,
     .help = "most rows a step; the batches of an epoch differ by one row at most"},
    {.name = "patience",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_train_options, patience),
     .maximum = 1e6,
     .help = "epochs without a better validation metric after which training stops; 0 is never"},
    {0},
};

const qhm_option_info *qhm_train_option_table(void)
{
    return table;
}

static qhm_status check_task(const qhm_train_task *task)
{
    QHM_REQUIRE(task->loss, "the task has no loss");
    QHM_REQUIRE(task->parameters && task->parameter_count > 0, "the task has no parameters");
    QHM_REQUIRE(task->rows && task->row_count > 0, "the task has no training rows");
    for (size_t i = 0; i < task->parameter_count; i++)
        for (size_t j = 0; j < i; j++)
            QHM_REQUIRE(strcmp(qhm_parameter_name(task->parameters[i]),
                               qhm_parameter_name(task->parameters[j])) != 0,
                        "two parameters are named \"%s\"", qhm_parameter_name(task->parameters[i]));
    return QHM_OK;
}

static qhm_status make_best(qhm_trainer *trainer)
{
    if (!trainer->task.validate)
        return QHM_OK;
    QHM_TRY(qhm_allocate(trainer->task.parameter_count, sizeof *trainer->best, &trainer->best));
    for (size_t i = 0; i < trainer->task.parameter_count; i++)
        QHM_TRY(qhm_tensor_copy(qhm_parameter_value(trainer->task.parameters[i]),
                                trainer->task.precision, &trainer->best[i]));
    return QHM_OK;
}

static qhm_status fill(qhm_trainer *trainer)
{
    const qhm_train_task *task = &trainer->task;
    qhm_train_options *options = &trainer->options;
    QHM_TRY(qhm_options_resolve(table, options));
    QHM_TRY(qhm_options_resolve(qhm_schedule_option_table(), &options->schedule));
    QHM_TRY(qhm_options_resolve(qhm_optimizer_option_table(), &options->optimizer));
    trainer->steps_an_epoch = (task->row_count - 1) / options->batch_size + 1;
    QHM_TRY(qhm_tape_create(task->precision, &trainer->tape));
    QHM_TRY(qhm_optimizer_create(task->parameters, task->parameter_count, &options->optimizer,
                                 &trainer->optimizer));
    QHM_TRY(qhm_copy_bytes(task->rows, task->row_count, sizeof *task->rows, &trainer->rows));
    QHM_TRY(qhm_allocate(task->row_count, sizeof *trainer->order, &trainer->order));
    return make_best(trainer);
}

qhm_status qhm_trainer_create(const qhm_train_task *task, const qhm_train_options *options,
                              qhm_trainer **out)
{
    QHM_REQUIRE(task && out, "task or out is NULL");
    QHM_TRY(check_task(task));
    qhm_trainer *trainer;
    QHM_TRY(qhm_allocate(1, sizeof *trainer, &trainer));
    trainer->task = *task;
    trainer->order_epoch = SIZE_MAX;
    if (options)
        trainer->options = *options;
    qhm_status status = fill(trainer);
    if (status != QHM_OK) {
        qhm_trainer_destroy(trainer);
        return status;
    }
    *out = trainer;
    return QHM_OK;
}

void qhm_trainer_destroy(qhm_trainer *trainer)
{
    if (!trainer)
        return;
    for (size_t i = 0; trainer->best && i < trainer->task.parameter_count; i++)
        qhm_tensor_destroy(trainer->best[i]);
    qhm_release(trainer->best);
    qhm_release(trainer->order);
    qhm_release(trainer->rows);
    qhm_optimizer_destroy(trainer->optimizer);
    qhm_tape_destroy(trainer->tape);
    qhm_release(trainer);
}

uint64_t qhm_trainer_step_count(const qhm_trainer *trainer)
{
    return (uint64_t)trainer->progress.step;
}

uint64_t qhm_trainer_planned_step_count(const qhm_trainer *trainer)
{
    return (uint64_t)trainer->options.epochs * trainer->steps_an_epoch;
}

double qhm_trainer_best_metric(const qhm_trainer *trainer, size_t *epoch)
{
    *epoch = (size_t)trainer->progress.best_epoch;
    return trainer->progress.has_best != 0 ? trainer->progress.best_metric : NAN;
}

qhm_tape *qhm_trainer_tape(const qhm_trainer *trainer)
{
    return trainer->tape;
}

// An epoch's order depends on its number alone, not on how training came there.
static void shuffle(qhm_trainer *trainer, size_t epoch)
{
    const qhm_train_options *o = &trainer->options;
    if (trainer->order_epoch == epoch)
        return;
    qhm_random random = qhm_random_stream(o->seed, QHM_RANDOM_BATCH, o->resample, o->model, epoch);
    memcpy(trainer->order, trainer->rows, trainer->task.row_count * sizeof *trainer->order);
    qhm_random_shuffle(&random, trainer->order, trainer->task.row_count);
    trainer->order_epoch = epoch;
}

static double rate_factor(const qhm_trainer *trainer, uint64_t step)
{
    return qhm_schedule_factor(&trainer->options.schedule, step,
                               qhm_trainer_planned_step_count(trainer));
}

static qhm_status train_batch(qhm_trainer *trainer)
{
    const qhm_train_options *o = &trainer->options;
    const qhm_train_task *task = &trainer->task;
    uint64_t step = qhm_trainer_step_count(trainer);
    size_t batch = (size_t)(step % trainer->steps_an_epoch);
    shuffle(trainer, (size_t)(step / trainer->steps_an_epoch));
    size_t first = task->row_count * batch / trainer->steps_an_epoch;
    size_t last = task->row_count * (batch + 1) / trainer->steps_an_epoch;
    qhm_value loss;
    qhm_tape_reset(trainer->tape);
    qhm_tape_set_training(trainer->tape, true);
    qhm_tape_set_random(
        trainer->tape, qhm_random_stream(o->seed, QHM_RANDOM_DROPOUT, o->resample, o->model, step));
    qhm_parameter_clear_gradients(task->parameters, task->parameter_count);
    QHM_TRY(task->loss(task->context, trainer->tape, trainer->order + first, last - first, &loss));
    double value = qhm_tape_item(trainer->tape, loss, 0);
    if (!isfinite(value))
        return QHM_FAIL(QHM_ERROR_NUMERIC, "the loss is %g at step %llu", value,
                        (unsigned long long)step);
    QHM_TRY(qhm_tape_backward(trainer->tape, loss));
    QHM_TRY(qhm_optimizer_step(trainer->optimizer, rate_factor(trainer, step)));
    trainer->progress.epoch_loss += value * (double)(last - first);
    trainer->progress.step++;
    return QHM_OK;
}

static void keep_best(qhm_trainer *trainer, const qhm_train_point *point)
{
    trainer->progress.has_best = 1;
    trainer->progress.best_metric = point->validation_metric;
    trainer->progress.best_epoch = (double)point->epoch;
    for (size_t i = 0; i < trainer->task.parameter_count; i++)
        qhm_checkpoint_copy(trainer->best[i], qhm_parameter_value(trainer->task.parameters[i]));
}

static qhm_status validate(qhm_trainer *trainer, qhm_train_point *point)
{
    qhm_tape_reset(trainer->tape);
    qhm_tape_set_training(trainer->tape, false);
    QHM_TRY(
        trainer->task.validate(trainer->task.context, trainer->tape, &point->validation_metric));
    if (!isfinite(point->validation_metric))
        return QHM_FAIL(QHM_ERROR_NUMERIC, "the validation metric is %g after epoch %zu",
                        point->validation_metric, point->epoch);
    const qhm_train_progress *p = &trainer->progress;
    point->is_best = p->has_best == 0 || point->validation_metric > p->best_metric;
    if (point->is_best)
        keep_best(trainer, point);
    return QHM_OK;
}

static void finish(qhm_trainer *trainer)
{
    trainer->progress.is_done = 1;
    for (size_t i = 0; trainer->best && i < trainer->task.parameter_count; i++)
        qhm_checkpoint_copy(qhm_parameter_value(trainer->task.parameters[i]), trainer->best[i]);
}

static qhm_status end_epoch(qhm_trainer *trainer)
{
    qhm_train_progress *p = &trainer->progress;
    uint64_t step = qhm_trainer_step_count(trainer);
    qhm_train_point point = {.epoch = (size_t)p->ended_epochs,
                             .step = step,
                             .training_loss = p->epoch_loss / (double)trainer->task.row_count,
                             .validation_metric = NAN,
                             .gradient_norm = qhm_optimizer_gradient_norm(trainer->optimizer),
                             .learning_rate = trainer->options.optimizer.learning_rate *
                                              rate_factor(trainer, step - 1)};
    if (trainer->task.validate)
        QHM_TRY(validate(trainer, &point));
    p->epoch_loss = 0;
    p->ended_epochs++;
    size_t waited = point.epoch - (size_t)p->best_epoch;
    size_t patience = trainer->options.patience;
    if (step >= qhm_trainer_planned_step_count(trainer) ||
        (trainer->task.validate && patience > 0 && waited >= patience))
        finish(trainer);
    return trainer->task.report ? trainer->task.report(trainer->task.context, &point) : QHM_OK;
}

static bool is_at_end_of_epoch(const qhm_trainer *trainer)
{
    const qhm_train_progress *p = &trainer->progress;
    return p->step == (p->ended_epochs + 1) * (double)trainer->steps_an_epoch;
}

qhm_status qhm_trainer_step(qhm_trainer *trainer, bool *is_done)
{
    QHM_REQUIRE(trainer && is_done, "trainer or is_done is NULL");
    if (trainer->progress.is_done == 0) {
        if (trainer->task.is_cancelled && trainer->task.is_cancelled(trainer->task.context))
            return QHM_FAIL(QHM_ERROR_CANCELLED, "training was stopped at step %llu",
                            (unsigned long long)qhm_trainer_step_count(trainer));
        if (!is_at_end_of_epoch(trainer)) // it is when a callback stopped the last step there
            QHM_TRY(train_batch(trainer));
        if (is_at_end_of_epoch(trainer))
            QHM_TRY(end_epoch(trainer));
    }
    *is_done = trainer->progress.is_done != 0;
    return QHM_OK;
}

qhm_status qhm_trainer_run(qhm_trainer *trainer)
{
    bool is_done = false;
    while (!is_done)
        QHM_TRY(qhm_trainer_step(trainer, &is_done));
    return QHM_OK;
}
