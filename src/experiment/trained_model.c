// The training that all models share: equal treatment is the point of the comparison.
#include "experiment/trained_model.h"

#include "base/files.h"
#include "base/memory.h"
#include "experiment/finished_head.h"
#include "experiment/noise_ladder.h"
#include "experiment/run_internal.h"

#include <jansson.h>
#include <math.h>
#include <qhm/quantum_layer.h>
#include <qhm/trainer.h>
#include <unistd.h>

qhm_random qhm_trained_model_random(const qhm_fit_request *request)
{
    return qhm_random_stream(request->seed, QHM_RANDOM_INITIALISE, request->resample,
                             request->stage, 0);
}

// Trainings shorter than this are not worth a checkpoint: they are repeated instead.
static const double checkpoint_seconds = 5;

// A training in work: the trainer's context.
typedef struct training {
    const qhm_trained_model *model;
    const qhm_fit_request *request;
    qhm_fit_result *result;
    qhm_trainer *trainer;
    qhm_tape *tape; // for scores, apart from the trainer's
    double last_saved;
} training;

static qhm_status loss(void *context, qhm_tape *tape, const size_t *rows, size_t count,
                       qhm_value *out)
{
    const training *t = context;
    return t->model->ops->loss(t->model, tape, rows, count, out);
}

static qhm_status score(training *t)
{
    qhm_tape_reset(t->tape);
    return t->model->ops->score(t->model, t->tape, t->request, t->result);
}

// Keeps the epoch's point of the learning curve. Validation rows may be looked at on the way,
// test rows may not.
static qhm_status note_epoch(void *context, const qhm_train_point *point)
{
    training *t = context;
    size_t epochs = t->request->task->training.epochs, epoch = point->epoch + 1;
    qhm_run_point *kept = &t->result->points[t->result->point_count++];
    *kept = (qhm_run_point){epoch, point->training_loss, NAN};
    bool is_trial = t->request->stage != QHM_RUN_FINAL;
    if (is_trial && epoch % ((epochs + 9) / 10) == 0) {
        QHM_TRY(score(t));
        kept->validation_metric = t->result->metrics[t->request->task->metric];
    }
    if (!t->request->checkpoint_path || qhm_run_seconds() - t->last_saved < checkpoint_seconds)
        return QHM_OK;
    t->last_saved = qhm_run_seconds();
    return qhm_trainer_save(t->trainer, t->request->checkpoint_path);
}

static bool is_cancelled(void *context)
{
    const training *t = context;
    return t->request->is_cancelled && t->request->is_cancelled(t->request->context);
}

// The keys of the streams: every model of a resample and stage sees the same batches.
static qhm_train_options make_options(const qhm_fit_request *request)
{
    const qhm_training_options *given = &request->task->training;
    return (qhm_train_options){
        .epochs = given->epochs,
        .batch_size = given->batch,
        .seed = request->seed,
        .resample = request->resample,
        .model = request->stage,
        .optimizer = {
            .learning_rate = qhm_trial_scale(request->trial.first, given->learning_rate_low,
                                             given->learning_rate_high),
            .weight_decay = qhm_trial_scale(request->trial.second, given->weight_decay_low,
                                            given->weight_decay_high),
            .clip_norm = 1}};
}

static qhm_status begin(training *t)
{
    const qhm_fit_request *request = t->request;
    qhm_train_options options = make_options(request);
    t->result->settings =
        json_pack("{s:f, s:f, s:i, s:i}", "learning_rate", options.optimizer.learning_rate,
                  "weight_decay", options.optimizer.weight_decay, "epochs", (int)options.epochs,
                  "batch", (int)options.batch_size);
    if (!t->result->settings)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep a training's settings");
    if (request->contender->quantum->choice)
        json_object_set_new(t->result->settings, "choice",
                            json_string(request->contender->quantum->choice));
    QHM_TRY(qhm_allocate(options.epochs, sizeof *t->result->points, &t->result->points));
    QHM_TRY(qhm_tape_create(request->task->precision, &t->tape));
    qhm_train_task task = {.precision = request->task->precision,
                           .rows = request->train,
                           .row_count = request->train_count,
                           .loss = loss,
                           .report = note_epoch,
                           .is_cancelled = is_cancelled,
                           .context = t};
    task.parameters = qhm_module_parameters(t->model->root, &task.parameter_count);
    QHM_TRY(qhm_trainer_create(&task, &options, &t->trainer));
    t->last_saved = qhm_run_seconds();
    if (!request->checkpoint_path || !qhm_file_exists(request->checkpoint_path))
        return QHM_OK;
    // A checkpoint of another stage, or a damaged one, is worth nothing: begin anew.
    qhm_status status = qhm_trainer_load(t->trainer, request->checkpoint_path);
    return status == QHM_ERROR_BAD_INPUT ? QHM_OK : status;
}

// Does one step of the work with exact values and gradients under a chip's noise; NULL: without.
static qhm_status run_on(training *t, const qhm_device *chip, const char *field,
                         qhm_status (*work)(training *t))
{
    if (!chip)
        return work(t);
    const qhm_chip_plan_options options = {
        .mitigation = t->request->contender->quantum->chip_mitigation,
        .compile = {.seed = t->request->seed, .rotations = QHM_ROTATIONS_ANALOG},
        .precision = t->request->task->precision};
    qhm_status status = qhm_module_set_chip(t->model->root, chip, &options);
    if (status == QHM_OK)
        status = work(t);
    if (status != QHM_OK && status != QHM_ERROR_CANCELLED)
        qhm_prefix_error_message("%s", field);
    const qhm_status undone = qhm_module_set_chip(t->model->root, NULL, NULL);
    return status != QHM_OK ? status : undone;
}

static qhm_status run_trainer(training *t)
{
    return qhm_trainer_run(t->trainer);
}

// Trains what comes after the quantum modules anew, with everything else as it is.
static qhm_status finish(training *t)
{
    qhm_finished_head head = {0};
    qhm_status status = qhm_finished_head_find(t->model->root, &head);
    const qhm_train_options options = make_options(t->request);
    const qhm_train_task task = {.precision = t->request->task->precision,
                                 .parameters = head.parameters,
                                 .parameter_count = head.parameter_count,
                                 .rows = t->request->train,
                                 .row_count = t->request->train_count,
                                 .loss = loss,
                                 .is_cancelled = is_cancelled,
                                 .context = t};
    qhm_trainer *trainer = NULL;
    if (status == QHM_OK)
        status = qhm_trainer_create(&task, &options, &trainer);
    if (status == QHM_OK)
        status = qhm_trainer_run(trainer);
    qhm_trainer_destroy(trainer);
    qhm_finished_head_release(&head);
    return status;
}

// Noise is in the loop where the run file asks for it. In the end all modules are scored without;
// the ladder has the rest. Trials can be scored with it, since it may choose between them.
static qhm_status train_and_score(training *t)
{
    static const qhm_quantum_spec nowhere = {0};
    const qhm_contender *contender = t->request->contender;
    const bool is_quantum =
        contender->role == QHM_ROLE_HYBRID || contender->role == QHM_ROLE_VARIANT;
    const qhm_quantum_spec *quantum = is_quantum ? contender->quantum : &nowhere;
    const bool is_trial = t->request->stage != QHM_RUN_FINAL;
    QHM_TRY(run_on(t, quantum->chip, "trained_on", run_trainer));
    if (quantum->finished_chip)
        QHM_TRY(run_on(t, quantum->finished_chip, "finished_on", finish));
    return run_on(t, is_trial ? quantum->chosen_chip : NULL, "chosen_on", score);
}

static qhm_status train(training *t)
{
    QHM_TRY(begin(t));
    QHM_TRY(train_and_score(t));
    if (t->request->model_path)
        QHM_TRY(qhm_module_save(t->model->root, t->request->model_path));
    if (t->request->ladder)
        QHM_TRY(qhm_noise_ladder_climb(t->model, t->tape, t->request, t->result));
    if (t->request->checkpoint_path)
        unlink(t->request->checkpoint_path);
    return QHM_OK;
}

static qhm_status inspect(const qhm_trained_model *model, const qhm_fit_request *request)
{
    if (request->trained_path)
        QHM_TRY(qhm_module_load(model->root, request->trained_path));
    qhm_tape *tape;
    QHM_TRY(qhm_tape_create(request->task->precision, &tape));
    const qhm_status status =
        request->inspector->look(request->inspector->context, model, tape, request);
    qhm_tape_destroy(tape);
    return status;
}

qhm_status qhm_trained_model_fit(const qhm_trained_model *model, const qhm_fit_request *request,
                                 qhm_fit_result *result)
{
    if (request->inspector)
        return inspect(model, request);
    training t = {.model = model, .request = request, .result = result};
    qhm_status status = train(&t);
    qhm_trainer_destroy(t.trainer);
    qhm_tape_destroy(t.tape);
    if (status != QHM_OK)
        return status;
    qhm_module_cost cost = qhm_module_total_cost(model->root);
    result->parameters = cost.parameter_count + cost.embedding_parameter_count;
    result->embedding_parameters = cost.embedding_parameter_count;
    result->flops = cost.flops;
    result->circuits = cost.circuits;
    return QHM_OK;
}
