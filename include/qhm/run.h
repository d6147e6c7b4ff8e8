/** @file run.h
 *  Runs: from a run file to trained models, a verdict and a report in a folder.
 *
 *  A run file (YAML) names the data, the resamples, the tasks with their quantum module, and the
 *  margin. A run trains the hybrid and every rival with the same tuning budget on the same rows,
 *  tests them on the same unseen rows, decides (qhm/verdict.h), and leaves a folder with
 *  manifest.json, results.json, report.html and checkpoints. */
#ifndef QHM_RUN_H
#define QHM_RUN_H

#include <qhm/circuit.h>
#include <qhm/observable.h>
#include <qhm/report.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A checked run file. */
typedef struct qhm_run_file qhm_run_file;

/** Reads and checks a run file; nothing is loaded or trained yet.
 *
 *  @param path       a YAML file; mistakes are reported as "path:line: field ...".
 *  @param overrides  [override_count] of "key=value", as in "resamples.folds=5" or
 *                    "tasks.0.quantum.layers=3".
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND; QHM_ERROR_BAD_INPUT; QHM_ERROR_INVALID_ARGUMENT;
 *          QHM_ERROR_IO; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_file_load(const char *path, const char *const *overrides,
                                                    size_t override_count, qhm_run_file **file);

/** Frees a run file; NULL is fine. */
QHM_API void qhm_run_file_destroy(qhm_run_file *file);

/** The name given in the file; borrowed. */
QHM_API const char *qhm_run_file_name(const qhm_run_file *file);

/** A line for each field that the overrides left without effect, such as one of an encoding where
 *  another was set; "" for none; borrowed. Without an override such a field is refused. */
QHM_API const char *qhm_run_file_notes(const qhm_run_file *file);

/** A circuit that a run file trains, for drawing and for the gradient doctor; all borrowed. */
typedef struct qhm_run_circuit {
    const char *task;  /**< the task's name */
    const char *model; /**< "hybrid" or a variant's name */
    const qhm_circuit *circuit;
    const qhm_observable *const *observables; /**< [observable_count] */
    size_t observable_count; /**< 0: a kernel's feature map, of which pairs are compared */
    size_t epochs, batch;    /**< of a training, as the run file gives them */
} qhm_run_circuit;

/** The circuits of a run file, [*count]; borrowed. */
QHM_API const qhm_run_circuit *qhm_run_file_circuits(const qhm_run_file *file, size_t *count);

/** Every field of run files with type, limits, default and meaning.
 *  @param text  free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_file_help(char **text);

/** How far a run is. */
typedef struct qhm_run_progress {
    size_t jobs_done, jobs_total;
    double elapsed_seconds;
    double remaining_seconds; /**< from the jobs done so far; negative while unknown */
    const char *activity;     /**< what finished last, such as "retrieval, linear, resample 3" */
} qhm_run_progress;

/** Options of a run; zero fields are defaults. */
typedef struct qhm_run_options {
    const char *folder;   /**< where the run goes; NULL: `runs/<UTC>-<name>` */
    const uint64_t *seed; /**< NULL: the run file's */
    bool quick;           /**< 2 resamples, 1 trial, few epochs: a smoke test without a verdict */
    /** Called, one call at a time, whenever a job ends; may be NULL. */
    void (*progress)(const qhm_run_progress *progress, void *context);
    /** Asked between training steps; true ends the run as QHM_ERROR_CANCELLED, to be resumed
     *  later. Must be quick and callable from any thread; may be NULL. */
    bool (*is_cancelled)(void *context);
    void *context;
} qhm_run_options;

/** Executes a run file.
 *
 *  Everything finished is in the folder's store at once, so a run that is killed loses at most
 *  the jobs in work, and qhm_run_resume goes on to the same bits.
 *  @param report  what was found; free it with qhm_report_destroy. NULL if unwanted.
 *  @return QHM_OK; QHM_ERROR_CANCELLED; QHM_ERROR_BUSY (the folder has a run already);
 *          QHM_ERROR_RESOURCE_LIMIT; QHM_ERROR_NOT_FOUND; QHM_ERROR_BAD_INPUT; QHM_ERROR_NUMERIC;
 *          QHM_ERROR_IO; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: as qhm_run_estimate says. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_execute(const qhm_run_file *file,
                                                  const qhm_run_options *options,
                                                  qhm_report **report);

/** Goes on with an interrupted run; a finished one is only reported again.
 *  @param folder   of the run.
 *  @param options  its folder and seed are ignored; NULL: defaults.
 *  @return as qhm_run_execute; QHM_ERROR_NOT_FOUND if there is no run in the folder. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_resume(const char *folder, const qhm_run_options *options,
                                                 qhm_report **report);

/** Repeats a finished run beside it and compares every score bit for bit.
 *  @param folder   of the finished run.
 *  @param options  options->folder is where the repetition goes; NULL: "<folder>-replay".
 *  @param mismatch  "" if all is the same, else the first difference; qhm_string_destroy it.
 *  @return as qhm_run_execute. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_replay(const char *folder, const qhm_run_options *options,
                                                 char **mismatch);

/** What a run will take, found by loading the data, preparing one resample and timing a few
 *  training steps of every model. */
typedef struct qhm_run_estimate {
    size_t jobs;
    size_t items;      /**< of the data */
    double seconds;    /**< with the present number of threads */
    size_t peak_bytes; /**< resident memory of the process */
    size_t available_bytes;
    char *description; /**< circuits, models and budgets in text; qhm_string_destroy it */
} qhm_run_estimate;

/** Estimates a run without executing it.
 *  @return as qhm_run_execute. Cost: a few seconds. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_estimate_cost(const qhm_run_file *file,
                                                        const qhm_run_options *options,
                                                        qhm_run_estimate *estimate);

/** One answer of a search. */
typedef struct qhm_search_hit {
    double score;     /**< cosine similarity in the shared space */
    const char *name; /**< id or path of the item */
    const char *text; /**< the item's text */
} qhm_search_hit;

/** A trained two-tower model with all items of its data embedded. */
typedef struct qhm_search qhm_search;

/** Opens the retrieval model that a run trained in its first resample.
 *  @param folder  of a finished run with a retrieval task.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND; QHM_ERROR_UNSUPPORTED (no retrieval task);
 *          QHM_ERROR_BAD_INPUT (the data has changed since, or a file is damaged); QHM_ERROR_IO;
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: loading the data and one pass of the model over it. */
QHM_API QHM_MUST_CHECK qhm_status qhm_search_open(const char *folder, qhm_search **search);

/** Frees a search; NULL is fine. */
QHM_API void qhm_search_destroy(qhm_search *search);

/** The best pictures for a text.
 *  @param hits  [hit_count] filled from the best down; borrowed strings live as long as `search`.
 *  @param found at most hit_count.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no known word in the text);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_search_text(qhm_search *search, const char *text,
                                                  qhm_search_hit *hits, size_t hit_count,
                                                  size_t *found);

/** The best texts for a picture in a PNG file.
 *  @return as qhm_search_text; QHM_ERROR_NOT_FOUND or QHM_ERROR_BAD_INPUT for the file. */
QHM_API QHM_MUST_CHECK qhm_status qhm_search_image(qhm_search *search, const char *path,
                                                   qhm_search_hit *hits, size_t hit_count,
                                                   size_t *found);

#ifdef __cplusplus
}
#endif
#endif
