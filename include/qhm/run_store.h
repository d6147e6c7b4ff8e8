/** @file run_store.h
 *  What a run has done so far, in an SQLite database inside the run's folder.
 *
 *  Every finished job (one model trained once) is one transaction with its learning curve, so a
 *  run that is killed at any moment has every job that was reported finished, and resumes after
 *  it. While a run is written, other processes can read it. A store may be used from several
 *  threads. The database is `run.sqlite`; `run.lock` tells whether a process is writing it. */
#ifndef QHM_RUN_STORE_H
#define QHM_RUN_STORE_H

#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An open run. */
typedef struct qhm_run_store qhm_run_store;

/** Where a run stands. The numbers are stable. */
typedef enum qhm_run_status {
    QHM_RUN_RUNNING = 0,    /**< a process is writing it */
    QHM_RUN_FINISHED = 1,   /**< it has its verdict */
    QHM_RUN_FAILED = 2,     /**< it ended with an error */
    QHM_RUN_INTERRUPTED = 3 /**< it was stopped or killed, and can be resumed */
} qhm_run_status;

/** The name of a status, such as "finished". Never NULL. */
QHM_API const char *qhm_run_status_name(qhm_run_status status);

/** What a run is. Texts are borrowed. */
typedef struct qhm_run_info {
    const char *id;     /**< `<UTC>-<name>`, such as "20260131T120000Z-emoji" */
    const char *name;   /**< of the run file */
    const char *folder; /**< where it lives */
    uint64_t seed;
    qhm_run_status status;
    const char *started;  /**< UTC, such as "2026-01-31T12:00:00Z" */
    const char *finished; /**< UTC; "" while it has not ended */
    const char *manifest; /**< JSON: code, data, options; "" before it is set */
    const char *verdict;  /**< JSON; "" before it is set */
    size_t job_count;     /**< jobs in the store, finished and failed */
} qhm_run_info;

/** The trial number of a job that trains the chosen parameters and tests them. */
#define QHM_RUN_FINAL SIZE_MAX

/** One point of a learning curve. NaN where nothing was measured. */
typedef struct qhm_run_point {
    size_t epoch;
    double training_loss, validation_metric;
} qhm_run_point;

/** One model trained once on one resample of one task. Texts are borrowed. */
typedef struct qhm_run_job {
    const char *task, *model;
    size_t resample;
    size_t trial;           /**< from 0 for tuning trials, or QHM_RUN_FINAL */
    int failed;             /**< 1: metrics holds the reason; resuming tries it again */
    const char *parameters; /**< JSON: the hyperparameters it used */
    const char *metrics;    /**< JSON: what it measured */
    double seconds;
    const qhm_run_point *points; /**< [point_count], epochs ascending */
    size_t point_count;
} qhm_run_job;

/** Makes the folder of a new run, `<root>/<UTC>-<name>`, with -2, -3 … when it is taken.
 *
 *  @param root  its missing parents are made too
 *  @param name  anything but letters, digits, '.', '_' and '-' becomes '-'
 *  @param[out] out_folder  free with qhm_run_folder_destroy
 *  @return QHM_OK; QHM_ERROR_IO; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_folder_create(const char *root, const char *name,
                                                        char **out_folder);

/** Frees a folder's name. NULL is fine. */
QHM_API void qhm_run_folder_destroy(char *folder);

/** Begins a run in a folder, which is made when missing; the run's id is the folder's last part.
 *
 *  A run that ended before it had a manifest or a job gives way to the new one.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT when the folder already holds a run, imported or not;
 *          QHM_ERROR_BUSY when another process is running there; QHM_ERROR_IO (no permission, full
 *          disk); QHM_ERROR_BAD_INPUT for a file that is no run; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_store_create(const char *folder, const char *name,
                                                       uint64_t seed, qhm_run_store **out);

/** Opens a run to read it; it may be running. Nothing in the folder is changed.
 *
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND when the folder holds no run; QHM_ERROR_BAD_INPUT for a
 *          damaged file; QHM_ERROR_UNSUPPORTED when a newer QHM wrote it, or for an imported run
 *          (see qhm_imported_run_load); QHM_ERROR_IO. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_store_load(const char *folder, qhm_run_store **out);

/** Opens a run to go on with it: its status becomes running, its jobs stay.
 *
 *  @return as qhm_run_store_load, and QHM_ERROR_BUSY when another process is running it. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_store_resume(const char *folder, qhm_run_store **out);

/** Closes a run. One whose status is still running then reads as interrupted. NULL is fine. */
QHM_API void qhm_run_store_destroy(qhm_run_store *store);

/** What the run is, as of opening or the last change; valid until the next change. */
QHM_API const qhm_run_info *qhm_run_store_info(const qhm_run_store *store);

/** Stores the manifest, a JSON text. @return QHM_OK; QHM_ERROR_IO; QHM_ERROR_UNSUPPORTED when the
 *  store was opened to read. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_store_set_manifest(qhm_run_store *store,
                                                             const char *json);

/** Stores the verdict, a JSON text. @return as qhm_run_store_set_manifest. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_store_set_verdict(qhm_run_store *store, const char *json);

/** Ends the run (or, with running, takes it up again) and stamps the time.
 *  @return as qhm_run_store_set_manifest. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_store_set_status(qhm_run_store *store,
                                                           qhm_run_status status);

/** Adds a job and its curve in one transaction, in place of an earlier one of the same task,
 *  model, resample and trial. On the disk when this returns.
 *
 *  @return as qhm_run_store_set_manifest. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_store_append_job(qhm_run_store *store,
                                                           const qhm_run_job *job);

/** Jobs of a run, ordered by task, model, resample and trial (the final one last). */
typedef struct qhm_run_jobs qhm_run_jobs;

/** Reads all jobs with their curves. @return QHM_OK; QHM_ERROR_BAD_INPUT; QHM_ERROR_IO;
 *  QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_jobs_load(qhm_run_store *store, qhm_run_jobs **out);

/** The number of jobs. */
QHM_API size_t qhm_run_jobs_count(const qhm_run_jobs *jobs);

/** Job `index`, or NULL beyond the last; borrowed. */
QHM_API const qhm_run_job *qhm_run_jobs_at(const qhm_run_jobs *jobs, size_t index);

/** The job of this task, model, resample and trial, or NULL; borrowed. A binary search. */
QHM_API const qhm_run_job *qhm_run_jobs_find(const qhm_run_jobs *jobs, const char *task,
                                             const char *model, size_t resample, size_t trial);

/** Frees the list. NULL is fine. */
QHM_API void qhm_run_jobs_destroy(qhm_run_jobs *jobs);

/** The runs in the subfolders of a root, ordered by id. */
typedef struct qhm_run_list qhm_run_list;

/** Reads what runs there are. A folder without a run is passed over; a damaged run is listed as
 *  failed, with the reason as its verdict; an imported one as finished, with "imported from ibm" or
 *  the like. A root that does not exist holds none.
 *
 *  @return QHM_OK; QHM_ERROR_IO; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_run_list_load(const char *root, qhm_run_list **out);

/** The number of runs. */
QHM_API size_t qhm_run_list_count(const qhm_run_list *list);

/** Run `index`, or NULL beyond the last; borrowed. */
QHM_API const qhm_run_info *qhm_run_list_at(const qhm_run_list *list, size_t index);

/** Frees the list. NULL is fine. */
QHM_API void qhm_run_list_destroy(qhm_run_list *list);

#ifdef __cplusplus
}
#endif
#endif
