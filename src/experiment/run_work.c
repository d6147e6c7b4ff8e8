// One job: a contender on a resample. Trials inside the training rows, then the final fit on all
// of them and the test, each kept in the store as soon as it is done.
#include "base/files.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "experiment/run_internal.h"

#include <jansson.h>
#include <math.h>
#include <unistd.h>

qhm_status qhm_run_artifact_path(const char *folder, const char *task, const char *model,
                                 size_t resample, const char *suffix, char **out)
{
    qhm_text path = {0};
    qhm_text_print(&path, "%s/models/%s-%s-%zu%s", folder, task, model, resample, suffix);
    return qhm_text_take(&path, out);
}

// What a job leaves in the store, as one JSON object.
static qhm_status print_metrics(const qhm_task_kind *kind, const qhm_fit_result *result,
                                const qhm_fit_request *request, double validation, size_t trial,
                                char **out)
{
    json_t *scores = json_object();
    for (size_t m = 0; kind->metrics[m]; m++)
        json_object_set_new(scores, kind->metrics[m],
                            isfinite(result->metrics[m]) ? json_real(result->metrics[m])
                                                         : json_null());
    json_t *object = json_object();
    json_object_set_new(object, "scores", scores);
    json_object_set_new(object, "train_count", json_integer((json_int_t)request->train_count));
    json_object_set_new(object, "score_count", json_integer((json_int_t)request->score_count));
    json_object_set_new(object, "parameters", json_integer((json_int_t)result->parameters));
    json_object_set_new(object, "embedding_parameters",
                        json_integer((json_int_t)result->embedding_parameters));
    json_object_set_new(object, "flops", json_real(result->flops));
    json_object_set_new(object, "circuits", json_real(result->circuits));
    if (trial != QHM_RUN_FINAL) {
        json_object_set_new(object, "validation", json_real(validation));
        json_object_set_new(object, "trial", json_integer((json_int_t)trial));
    }
    json_t *choice = json_object_get(result->settings, "choice");
    if (choice)
        json_object_set(object, "choice", choice);
    if (result->examples)
        json_object_set(object, "examples", result->examples);
    if (result->ladder)
        json_object_set(object, "ladder", result->ladder);
    if (result->yields)
        json_object_set(object, "yields", result->yields);
    char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(object);
    if (!text)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot print a job's metrics");
    qhm_status status = qhm_copy_text(text, out);
    free(text);
    return status;
}

// Fits once and puts the job into the store. validation and trial describe the tuning before a
// final fit; trial is QHM_RUN_FINAL for a trial's own job.
static qhm_status fit_and_keep(qhm_run_state *run, const qhm_fit_request *request, size_t job_trial,
                               double validation, size_t chosen, double *score)
{
    const qhm_task *task = request->task;
    qhm_fit_result result = {0};
    double before = qhm_run_seconds();
    char *metrics = NULL, *settings = NULL;
    qhm_status status = task->kind->fit(request, &result);
    double seconds = qhm_run_seconds() - before - result.ladder_seconds;
    if (status == QHM_OK && !isfinite(result.metrics[task->metric]))
        status =
            QHM_FAIL(QHM_ERROR_NUMERIC, "the %s is not finite", task->kind->metrics[task->metric]);
    if (status == QHM_OK)
        status = print_metrics(task->kind, &result, request, validation, chosen, &metrics);
    if (status == QHM_OK) {
        char *text = json_dumps(result.settings, JSON_COMPACT | JSON_REAL_PRECISION(17));
        status = text ? qhm_copy_text(text, &settings)
                      : QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot print a job's settings");
        free(text);
    }
    if (status == QHM_OK)
        status = qhm_run_store_append_job(run->store,
                                          &(qhm_run_job){.task = task->name,
                                                         .model = request->contender->name,
                                                         .resample = (size_t)request->resample,
                                                         .trial = job_trial,
                                                         .parameters = settings,
                                                         .metrics = metrics,
                                                         .seconds = seconds,
                                                         .points = result.points,
                                                         .point_count = result.point_count});
    if (status == QHM_OK)
        *score = result.metrics[task->metric];
    qhm_release(settings);
    qhm_release(metrics);
    qhm_fit_result_release(&result);
    return status;
}

// The primary metric of a job that an earlier process finished; false when there is none.
static bool find_done(const qhm_run_state *run, const qhm_task *task, const char *model,
                      size_t resample, size_t trial, double *score)
{
    const qhm_run_job *job =
        run->done ? qhm_run_jobs_find(run->done, task->name, model, resample, trial) : NULL;
    if (!job || job->failed)
        return false;
    json_t *object = json_loads(job->metrics, 0, NULL);
    json_t *value =
        json_object_get(json_object_get(object, "scores"), task->kind->metrics[task->metric]);
    bool found = json_is_real(value) || json_is_integer(value);
    if (found)
        *score = json_number_value(value);
    json_decref(object);
    return found;
}

void qhm_run_take_trial(qhm_fit_request *request, const qhm_contender *model, size_t trial,
                        qhm_contender *taken)
{
    const size_t count = model->quantum->choice_count;
    *taken = *model;
    if (count > 0)
        taken->quantum = &model->quantum->choices[trial % count];
    request->contender = taken;
    request->trial = qhm_trial_at(count > 0 ? trial / count : trial);
}

// Runs the trials and picks the best; the first of equals.
static qhm_status tune(qhm_run_state *run, qhm_fit_request *request, const qhm_run_resample *rows,
                       size_t *chosen, double *validation)
{
    const qhm_contender *model = request->contender;
    qhm_contender taken;
    size_t trials = qhm_run_training(run, request->task).trials;
    request->train = qhm_split_train(rows->inner, &request->train_count);
    request->score = qhm_split_test(rows->inner, &request->score_count);
    for (size_t t = 0; t < trials; t++) {
        qhm_run_take_trial(request, model, t, &taken);
        request->stage = t;
        double score;
        if (!find_done(run, request->task, model->name, (size_t)request->resample, t, &score))
            QHM_TRY(fit_and_keep(run, request, t, 0, QHM_RUN_FINAL, &score));
        if (t == 0 || score > *validation) {
            *validation = score;
            *chosen = t;
        }
    }
    request->contender = model;
    return QHM_OK;
}

// Whether the trained models of a resample are run again in the contest.
static bool is_contested(const qhm_run_state *run, size_t resample)
{
    return qhm_budget_has_contest(&run->file->budget) && resample < run->file->budget.resamples;
}

qhm_status qhm_run_work(qhm_run_state *run, qhm_run_task *task, size_t contender, size_t resample)
{
    const qhm_run_resample *rows = &task->resamples[resample];
    const qhm_contender *model = &task->contenders[contender];
    double score;
    if (find_done(run, task->task, model->name, resample, QHM_RUN_FINAL, &score))
        return QHM_OK;
    bool is_quantum = model->role == QHM_ROLE_HYBRID || model->role == QHM_ROLE_VARIANT;
    char *checkpoint = NULL, *saved = NULL;
    qhm_contender taken;
    qhm_task quick = *task->task;
    quick.training = qhm_run_training(run, task->task);
    qhm_fit_request request = {.task = &quick,
                               .contender = model,
                               .prepared = rows->prepared,
                               .seed = run->seed,
                               .resample = resample,
                               .model = contender,
                               .is_cancelled = run->options->is_cancelled,
                               .context = run->options->context};
    qhm_status status = qhm_run_artifact_path(run->folder, task->task->name, model->name, resample,
                                              ".checkpoint", &checkpoint);
    if (status == QHM_OK && is_quantum && (resample == 0 || is_contested(run, resample)))
        status = qhm_run_artifact_path(run->folder, task->task->name, model->name, resample,
                                       ".safetensors", &saved);
    request.checkpoint_path = checkpoint;
    size_t chosen = 0;
    double validation = 0;
    if (status == QHM_OK)
        status = tune(run, &request, rows, &chosen, &validation);
    if (status == QHM_OK) {
        request.train = qhm_split_train(rows->split, &request.train_count);
        request.score = qhm_split_test(rows->split, &request.score_count);
        qhm_run_take_trial(&request, model, chosen, &taken);
        request.stage = QHM_RUN_FINAL;
        request.wants_examples = is_quantum;
        request.model_path = saved;
        if (is_quantum && run->file->ladder.rung_count > 0 &&
            resample < run->file->ladder.options.resamples)
            request.ladder = &run->file->ladder;
        status = fit_and_keep(run, &request, QHM_RUN_FINAL, validation, chosen, &score);
    }
    if (status != QHM_OK && status != QHM_ERROR_CANCELLED)
        qhm_prefix_error_message("task '%s', model '%s', resample %zu", task->task->name,
                                 model->name, resample);
    qhm_release(saved);
    qhm_release(checkpoint);
    return status;
}
