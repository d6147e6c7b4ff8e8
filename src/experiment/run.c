// Executing run files: prepare every resample, run all jobs, decide, report.
#include "base/files.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "experiment/run_internal.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_cancelled(const qhm_run_state *run)
{
    return run->options->is_cancelled && run->options->is_cancelled(run->options->context);
}

// Keeps the first failure of any thread: its message is that thread's alone.
typedef struct failure {
    qhm_run_state *run;
    qhm_status status;
} failure;

static void keep_failure(void *context)
{
    failure *failed = context;
    qhm_run_state *run = failed->run;
    if (run->status != QHM_OK)
        return;
    run->status = failed->status;
    const char *message = failed->status == QHM_ERROR_CANCELLED
                              ? "the run was stopped; resume it to go on"
                              : qhm_error_message();
    snprintf(run->message, sizeof run->message, "%s", message);
}

void qhm_run_note_failure(qhm_run_state *run, qhm_status status)
{
    if (status != QHM_OK)
        qhm_parallel_exclusive(keep_failure, &(failure){run, status});
}

typedef struct job {
    qhm_run_task *task;
    size_t contender, resample;
} job;

typedef struct stage {
    qhm_run_state *run;
    qhm_run_task *task;
    const job *jobs;
} stage;

static void prepare_resamples(size_t first, size_t last, void *context)
{
    stage *work = context;
    for (size_t r = first; r < last; r++) {
        qhm_run_state *run = work->run;
        if (run->status != QHM_OK)
            return;
        qhm_status status =
            is_cancelled(run) ? QHM_ERROR_CANCELLED : qhm_run_resample_prepare(run, work->task, r);
        qhm_run_note_failure(run, status);
    }
}

typedef struct finished_job {
    const stage *stage;
    const job *job;
} finished_job;

static void report_progress(void *context)
{
    finished_job *finished = context;
    qhm_run_state *run = finished->stage->run;
    run->jobs_done++;
    if (!run->options->progress)
        return;
    const qhm_run_task *task = finished->job->task;
    char activity[256];
    snprintf(activity, sizeof activity, "%s, %s, resample %zu", task->task->name,
             task->contenders[finished->job->contender].name, finished->job->resample);
    double elapsed = qhm_run_seconds() - run->started;
    size_t worked = run->jobs_done - run->jobs_skipped;
    qhm_run_progress progress = {.jobs_done = run->jobs_done,
                                 .jobs_total = run->jobs_total,
                                 .elapsed_seconds = elapsed,
                                 .remaining_seconds = elapsed / (double)worked *
                                                      (double)(run->jobs_total - run->jobs_done),
                                 .activity = activity};
    run->options->progress(&progress, run->options->context);
}

static void run_jobs(size_t first, size_t last, void *context)
{
    stage *work = context;
    for (size_t i = first; i < last; i++) {
        qhm_run_state *run = work->run;
        if (run->status != QHM_OK)
            return;
        const job *next = &work->jobs[i];
        qhm_status status = is_cancelled(run)
                                ? QHM_ERROR_CANCELLED
                                : qhm_run_work(run, next->task, next->contender, next->resample);
        qhm_run_note_failure(run, status);
        if (status == QHM_OK)
            qhm_parallel_exclusive(report_progress, &(finished_job){work, next});
    }
}

qhm_status qhm_run_raise_failure(const qhm_run_state *run)
{
    return run->status == QHM_OK ? QHM_OK : QHM_FAIL(run->status, "%s", run->message);
}

// All resamples of a task are prepared, then all its jobs run, each on one thread. Contenders
// come first in the order of jobs, so that the long ones (quantum) do not end up last.
static qhm_status run_task(qhm_run_state *run, qhm_run_task *task)
{
    stage work = {.run = run, .task = task};
    qhm_parallel_for(run->resample_count, 1, prepare_resamples, &work);
    QHM_TRY(qhm_run_raise_failure(run));
    size_t count = task->contender_count * run->resample_count;
    job *jobs;
    QHM_TRY(qhm_allocate(count, sizeof *jobs, &jobs));
    for (size_t i = 0; i < count; i++)
        jobs[i] = (job){task, i / run->resample_count, i % run->resample_count};
    work.jobs = jobs;
    qhm_parallel_for(count, 1, run_jobs, &work);
    qhm_release(jobs);
    return qhm_run_raise_failure(run);
}

static size_t count_done(const qhm_run_state *run)
{
    size_t done = 0;
    for (size_t i = 0; run->done && i < qhm_run_jobs_count(run->done); i++) {
        const qhm_run_job *past = qhm_run_jobs_at(run->done, i);
        done += past->trial == QHM_RUN_FINAL && !past->failed;
    }
    return done;
}

static qhm_status run_everything(qhm_run_state *run)
{
    run->started = qhm_run_seconds();
    QHM_TRY(qhm_run_tasks_create(run));
    char *manifest;
    QHM_TRY(qhm_run_manifest_print(run, &manifest));
    qhm_status status = qhm_run_store_set_manifest(run->store, manifest);
    char *path = NULL;
    if (status == QHM_OK)
        status = qhm_path_join(run->folder, "manifest.json", &path);
    if (status == QHM_OK)
        status = qhm_file_write(path, manifest, strlen(manifest));
    qhm_release(path);
    qhm_release(manifest);
    for (size_t i = 0; i < run->file->task_count; i++)
        run->jobs_total += run->tasks[i].contender_count * run->resample_count;
    run->jobs_skipped = count_done(run);
    for (size_t i = 0; status == QHM_OK && i < run->file->task_count; i++)
        status = run_task(run, &run->tasks[i]);
    if (status == QHM_OK)
        status = qhm_run_results_save(run);
    return status;
}

// Leaves the message where `qhm runs show` finds it, in the place of a verdict's sentence.
static void keep_reason(const qhm_run_state *run)
{
    json_t *reason = json_pack("{s:s, s:s}", "verdict", "", "sentence", run->message);
    char *text = reason ? json_dumps(reason, JSON_COMPACT) : NULL;
    if (text)
        (void)!qhm_run_store_set_verdict(run->store, text);
    free(text);
    json_decref(reason);
}

// Runs with an open store, and leaves the store saying how it ended.
static qhm_status run_in_store(qhm_run_state *run, qhm_report **report)
{
    qhm_status status = run_everything(run);
    qhm_run_tasks_destroy(run);
    if (status != QHM_OK) {
        // The message of what went wrong outlives what closing the store may say.
        qhm_run_status ended = status == QHM_ERROR_CANCELLED ? QHM_RUN_INTERRUPTED : QHM_RUN_FAILED;
        snprintf(run->message, sizeof run->message, "%s", qhm_error_message());
        if (ended == QHM_RUN_FAILED)
            keep_reason(run);
        (void)!qhm_run_store_set_status(run->store, ended);
        return QHM_FAIL(status, "%s", run->message);
    }
    QHM_TRY(qhm_run_store_set_status(run->store, QHM_RUN_FINISHED));
    char *path;
    if (!report)
        return QHM_OK;
    QHM_TRY(qhm_path_join(run->folder, "results.json", &path));
    status = qhm_report_load(path, report);
    qhm_release(path);
    return status;
}

static const qhm_run_options no_options;

static qhm_run_state begin(const qhm_run_file *file, const qhm_run_options *options,
                           const char *folder, uint64_t seed, bool quick)
{
    return (qhm_run_state){.file = file,
                           .options = options,
                           .folder = folder,
                           .seed = seed,
                           .quick = quick,
                           .resample_count =
                               quick ? 2 : file->resamples.repeats * file->resamples.folds};
}

qhm_status qhm_run_execute(const qhm_run_file *file, const qhm_run_options *options,
                           qhm_report **report)
{
    QHM_REQUIRE(file, "the run file is NULL");
    if (!options)
        options = &no_options;
    char *folder;
    if (options->folder)
        QHM_TRY(qhm_copy_text(options->folder, &folder));
    else
        QHM_TRY(qhm_run_folder_create("runs", file->name, &folder));
    qhm_run_state run =
        begin(file, options, folder, options->seed ? *options->seed : file->seed, options->quick);
    qhm_status status = qhm_run_store_create(folder, file->name, run.seed, &run.store);
    if (status == QHM_OK)
        status = qhm_saved_run_save(&run);
    if (status == QHM_OK)
        status = run_in_store(&run, report);
    qhm_run_store_destroy(run.store);
    qhm_release(folder);
    return status;
}

qhm_status qhm_run_resume(const char *folder, const qhm_run_options *options, qhm_report **report)
{
    QHM_REQUIRE(folder, "the folder is NULL");
    if (!options)
        options = &no_options;
    qhm_saved_run saved = {0};
    qhm_run_state run = {0};
    qhm_run_store *store;
    QHM_TRY(qhm_run_store_resume(folder, &store));
    qhm_status status = qhm_saved_run_load(folder, &saved);
    if (status == QHM_OK) {
        run = begin(saved.file, options, folder, saved.seed, saved.quick);
        run.store = store;
        status = qhm_run_jobs_load(store, &run.done);
    }
    if (status == QHM_OK)
        status = run_in_store(&run, report);
    qhm_run_jobs_destroy(run.done);
    qhm_run_store_destroy(store);
    qhm_saved_run_release(&saved);
    return status;
}

// The first job whose scores differ, in words; "" when all are the same.
static qhm_status compare_jobs(const qhm_run_jobs *before, const qhm_run_jobs *after, char **out)
{
    qhm_text text = {0};
    if (qhm_run_jobs_count(before) != qhm_run_jobs_count(after))
        qhm_text_print(&text, "%zu jobs became %zu", qhm_run_jobs_count(before),
                       qhm_run_jobs_count(after));
    for (size_t i = 0; text.length == 0 && i < qhm_run_jobs_count(before); i++) {
        const qhm_run_job *a = qhm_run_jobs_at(before, i);
        const qhm_run_job *b = qhm_run_jobs_find(after, a->task, a->model, a->resample, a->trial);
        if (!b || strcmp(a->metrics, b->metrics) != 0)
            qhm_text_print(&text, "task '%s', model '%s', resample %zu%s", a->task, a->model,
                           a->resample, b ? "" : " is missing");
    }
    return qhm_text_take(&text, out);
}

static qhm_status load_jobs(const char *folder, qhm_run_store **store, qhm_run_jobs **jobs)
{
    QHM_TRY(qhm_run_store_load(folder, store));
    return qhm_run_jobs_load(*store, jobs);
}

qhm_status qhm_run_replay(const char *folder, const qhm_run_options *options, char **mismatch)
{
    QHM_REQUIRE(folder && mismatch, "the folder or mismatch is NULL");
    qhm_run_options again = options ? *options : no_options;
    qhm_saved_run saved = {0};
    qhm_run_store *stores[2] = {0};
    qhm_run_jobs *jobs[2] = {0};
    qhm_text name = {0};
    char *beside = NULL;
    qhm_text_print(&name, "%s-replay", folder);
    qhm_status status = qhm_text_take(&name, &beside);
    if (status == QHM_OK)
        status = load_jobs(folder, &stores[0], &jobs[0]);
    if (status == QHM_OK && qhm_run_store_info(stores[0])->status != QHM_RUN_FINISHED)
        status = QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "the run in %s is %s, not finished", folder,
                          qhm_run_status_name(qhm_run_store_info(stores[0])->status));
    if (status == QHM_OK)
        status = qhm_saved_run_load(folder, &saved);
    if (status == QHM_OK) {
        again.folder = again.folder ? again.folder : beside;
        again.seed = &saved.seed;
        again.quick = saved.quick;
        status = qhm_run_execute(saved.file, &again, NULL);
    }
    if (status == QHM_OK)
        status = load_jobs(again.folder, &stores[1], &jobs[1]);
    if (status == QHM_OK)
        status = compare_jobs(jobs[0], jobs[1], mismatch);
    for (int i = 0; i < 2; i++) {
        qhm_run_jobs_destroy(jobs[i]);
        qhm_run_store_destroy(stores[i]);
    }
    qhm_saved_run_release(&saved);
    qhm_release(beside);
    return status;
}
