// The training loop that all models share: equal treatment is the point of the comparison.
#include "experiment/trained_model.h"

#include "base/memory.h"

#include <jansson.h>
#include <math.h>
#include <qhm/optimizer.h>
#include <qhm/schedule.h>
#include <time.h>

void qhm_trained_model_append_take(qhm_trained_model *model, const char *name, qhm_module *module)
{
    model->names[model->module_count] = name;
    model->modules[model->module_count++] = module;
}

void qhm_trained_model_release(qhm_trained_model *model)
{
    for (size_t m = 0; m < model->module_count; m++)
        qhm_module_destroy(model->modules[m]);
    qhm_parameter_destroy(model->extra);
    *model = (qhm_trained_model){0};
}

qhm_module_cost qhm_trained_model_cost(const qhm_trained_model *model)
{
    qhm_module_cost sum = {0};
    for (size_t m = 0; m < model->module_count; m++) {
        qhm_module_cost cost = qhm_module_total_cost(model->modules[m]);
        sum.parameter_count += cost.parameter_count;
        sum.embedding_parameter_count += cost.embedding_parameter_count;
        sum.flops += cost.flops;
        sum.circuits += cost.circuits;
    }
    sum.parameter_count += model->extra ? qhm_tensor_count(qhm_parameter_value(model->extra)) : 0;
    return sum;
}

qhm_random qhm_trained_model_random(const qhm_fit_request *request)
{
    return qhm_random_stream(request->seed, QHM_RANDOM_INITIALISE, request->resample,
                             request->stage, 0);
}

// A training in work.
typedef struct training {
    qhm_trained_model *model;
    const qhm_fit_request *request;
    qhm_fit_result *result;
    qhm_parameter **parameters; // [parameter_count] of all modules, then the extra one
    size_t parameter_count;
    qhm_optimizer *optimizer;
    qhm_tape *tape;
    size_t *order;  // [train_count] items in this epoch's order
    size_t batches; // of an epoch
    bool is_trial;  // the score rows are validation rows and may be looked at on the way
} training;

static qhm_status collect_parameters(training *t)
{
    size_t count = t->model->extra ? 1 : 0, more;
    for (size_t m = 0; m < t->model->module_count; m++) {
        (void)qhm_module_parameters(t->model->modules[m], &more);
        count += more;
    }
    QHM_TRY(qhm_allocate(count, sizeof *t->parameters, &t->parameters));
    for (size_t m = 0; m < t->model->module_count; m++) {
        qhm_parameter *const *list = qhm_module_parameters(t->model->modules[m], &more);
        for (size_t i = 0; i < more; i++)
            t->parameters[t->parameter_count++] = list[i];
    }
    if (t->model->extra)
        t->parameters[t->parameter_count++] = t->model->extra;
    return QHM_OK;
}

static qhm_status begin(training *t)
{
    const qhm_training_options *options = &t->request->task->training;
    double rate = qhm_trial_scale(t->request->trial.first, options->learning_rate_low,
                                  options->learning_rate_high);
    double decay = qhm_trial_scale(t->request->trial.second, options->weight_decay_low,
                                   options->weight_decay_high);
    t->result->settings =
        json_pack("{s:f, s:f, s:i, s:i}", "learning_rate", rate, "weight_decay", decay, "epochs",
                  (int)options->epochs, "batch", (int)options->batch);
    if (!t->result->settings)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep a training's settings");
    t->batches = (t->request->train_count - 1) / options->batch + 1;
    t->is_trial = t->request->stage != QHM_RUN_FINAL;
    QHM_TRY(qhm_allocate(t->request->train_count, sizeof *t->order, &t->order));
    QHM_TRY(qhm_allocate(options->epochs, sizeof *t->result->points, &t->result->points));
    QHM_TRY(collect_parameters(t));
    QHM_TRY(qhm_optimizer_create(
        t->parameters, t->parameter_count,
        &(qhm_optimizer_options){.learning_rate = rate, .weight_decay = decay, .clip_norm = 1},
        &t->optimizer));
    return qhm_tape_create(t->request->task->precision, &t->tape);
}

static void end(training *t)
{
    qhm_tape_destroy(t->tape);
    qhm_optimizer_destroy(t->optimizer);
    qhm_release(t->parameters);
    qhm_release(t->order);
}

// The order depends on the epoch alone, so that a resumed training sees the same rows, and not
// on the model, so that all models see the same batches.
static void shuffle(training *t, size_t epoch)
{
    for (size_t i = 0; i < t->request->train_count; i++)
        t->order[i] = t->request->train[i];
    qhm_random random = qhm_random_stream(t->request->seed, QHM_RANDOM_BATCH, t->request->resample,
                                          t->request->stage, epoch);
    qhm_random_shuffle(&random, t->order, t->request->train_count);
}

static qhm_status run_step(training *t, size_t epoch, size_t batch, double *loss)
{
    const qhm_fit_request *request = t->request;
    size_t first = batch * request->train_count / t->batches; // batches of equal size
    size_t last = (batch + 1) * request->train_count / t->batches;
    uint64_t step = epoch * t->batches + batch;
    qhm_value value;
    qhm_tape_reset(t->tape);
    qhm_tape_set_random(t->tape,
                        qhm_random_stream(request->seed, QHM_RANDOM_DROPOUT, request->resample,
                                          request->model, (request->stage << 32) + step));
    QHM_TRY(t->model->ops->loss(t->model, t->tape, t->order + first, last - first, &value));
    *loss = qhm_tape_item(t->tape, value, 0);
    if (!isfinite(*loss))
        return QHM_FAIL(QHM_ERROR_NUMERIC, "the training loss is %g in epoch %zu", *loss, epoch);
    QHM_TRY(qhm_tape_backward(t->tape, value));
    return qhm_optimizer_step(
        t->optimizer, qhm_schedule_factor(NULL, step, request->task->training.epochs * t->batches));
}

static qhm_status run_epoch(training *t, size_t epoch)
{
    double sum = 0;
    shuffle(t, epoch);
    qhm_tape_set_training(t->tape, true);
    for (size_t batch = 0; batch < t->batches; batch++) {
        double loss;
        if (t->request->is_cancelled && t->request->is_cancelled(t->request->context))
            return QHM_FAIL(QHM_ERROR_CANCELLED, "the run was stopped; resume it to go on");
        QHM_TRY(run_step(t, epoch, batch, &loss));
        sum += loss;
    }
    qhm_tape_set_training(t->tape, false);
    qhm_run_point *point = &t->result->points[t->result->point_count++];
    *point = (qhm_run_point){epoch + 1, sum / (double)t->batches, NAN};
    size_t epochs = t->request->task->training.epochs;
    if (t->is_trial && (epoch + 1) % ((epochs + 9) / 10) == 0) {
        QHM_TRY(t->model->ops->score(t->model, t->tape, t->request, t->result));
        point->validation_metric = t->result->metrics[t->request->task->metric];
    }
    return QHM_OK;
}

static qhm_status train(training *t)
{
    QHM_TRY(begin(t));
    for (size_t epoch = 0; epoch < t->request->task->training.epochs; epoch++)
        QHM_TRY(run_epoch(t, epoch));
    return t->model->ops->score(t->model, t->tape, t->request, t->result);
}

qhm_status qhm_trained_model_fit(qhm_trained_model *model, const qhm_fit_request *request,
                                 qhm_fit_result *result)
{
    training t = {.model = model, .request = request, .result = result};
    qhm_status status = train(&t);
    end(&t);
    if (status == QHM_OK && request->model_path)
        status = qhm_trained_model_save(model, request->model_path);
    if (status != QHM_OK)
        return status;
    qhm_module_cost cost = qhm_trained_model_cost(model);
    result->parameters = cost.parameter_count + cost.embedding_parameter_count;
    result->embedding_parameters = cost.embedding_parameter_count;
    result->flops = cost.flops;
    result->circuits = cost.circuits;
    return QHM_OK;
}
