// A run in work: its tasks with data, splits and features, and the store that keeps what is done.
#ifndef QHM_EXPERIMENT_RUN_INTERNAL_H
#define QHM_EXPERIMENT_RUN_INTERNAL_H

#include "experiment/run_file_internal.h"

#include <qhm/run_store.h>
#include <qhm/split.h>

// One resample of one task, read by all its jobs.
typedef struct qhm_run_resample {
    qhm_dataset *dataset; // generated data; NULL when the task's is used
    qhm_split *split;     // train and test
    qhm_split *inner;     // the training rows again: fit and validation
    void *prepared;
} qhm_run_resample;

typedef struct qhm_run_task {
    const qhm_task *task;
    const qhm_data_setting *data;
    qhm_dataset *dataset; // of file sources; NULL for generators
    bool owns_dataset;    // false when an earlier task of equal data holds it
    qhm_contender *contenders;
    size_t contender_count;
    qhm_run_resample *resamples; // [resample_count of the run]
} qhm_run_task;

typedef struct qhm_run_state {
    const qhm_run_file *file;
    const qhm_run_options *options;
    const char *folder;
    uint64_t seed;
    bool quick;
    size_t resample_count;
    qhm_run_task *tasks; // [file->task_count]
    qhm_run_store *store;
    qhm_run_jobs *done; // jobs of an earlier process
    double started;     // of qhm_run_seconds
    size_t jobs_done, jobs_total;
    size_t jobs_skipped; // done by an earlier process: no measure of speed
    qhm_status status;   // the first failure, with its message
    char message[1024];
} qhm_run_state;

// What a run folder says of how it was begun; release it.
typedef struct qhm_saved_run {
    qhm_run_file *file;
    uint64_t seed;
    bool quick;
} qhm_saved_run;
QHM_MUST_CHECK qhm_status qhm_saved_run_load(const char *folder, qhm_saved_run *saved);
void qhm_saved_run_release(qhm_saved_run *saved);
// Writes it: the run file, what was set on the command line, seed and quickness.
QHM_MUST_CHECK qhm_status qhm_saved_run_save(const qhm_run_state *run);

// Seconds of a clock that only goes forward.
double qhm_run_seconds(void);

// run_tasks.c: contenders, data, splits and features.
QHM_MUST_CHECK qhm_status qhm_run_tasks_create(qhm_run_state *run);
void qhm_run_tasks_destroy(qhm_run_state *run);
// Loads what is missing of a resample: dataset, splits, features.
QHM_MUST_CHECK qhm_status qhm_run_resample_prepare(qhm_run_state *run, qhm_run_task *task,
                                                   size_t resample);
void qhm_run_resample_release(const qhm_run_task *task, qhm_run_resample *resample);
const qhm_dataset *qhm_run_resample_dataset(const qhm_run_task *task, size_t resample);
// The training options with the quick run's cuts.
qhm_training_options qhm_run_training(const qhm_run_state *run, const qhm_task *task);

// run.c: the first failure of any thread is kept with its message, and raised after the threads.
void qhm_run_note_failure(qhm_run_state *run, qhm_status status);
QHM_MUST_CHECK qhm_status qhm_run_raise_failure(const qhm_run_state *run);

// run_work.c: trains and tests one contender on one resample, trial by trial, into the store.
QHM_MUST_CHECK qhm_status qhm_run_work(qhm_run_state *run, qhm_run_task *task, size_t contender,
                                       size_t resample);
// The place of a trial in the search space; where a module may be chosen, choices take turns, so
// that every one is tried at the same places. `taken` becomes the request's contender.
void qhm_run_take_trial(qhm_fit_request *request, const qhm_contender *model, size_t trial,
                        qhm_contender *taken);
// The name of a saved model or extractor inside the run folder; qhm_release it.
QHM_MUST_CHECK qhm_status qhm_run_artifact_path(const char *folder, const char *task,
                                                const char *model, size_t resample,
                                                const char *suffix, char **out);

// run_manifest.c: what a run needs to be repeated, as JSON; qhm_release it.
QHM_MUST_CHECK qhm_status qhm_run_manifest_print(const qhm_run_state *run, char **out);

// run_results.c: results.json, pictures and report.html from the store.
QHM_MUST_CHECK qhm_status qhm_run_results_save(qhm_run_state *run);

#endif
