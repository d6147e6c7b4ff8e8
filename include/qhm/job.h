/** @file job.h
 *  Jobs: requests that run as on a real machine: submit, check, wait, cancel.
 *
 *  Simulators finish a job while it is submitted; code written against jobs runs on both. */
#ifndef QHM_JOB_H
#define QHM_JOB_H

#include <qhm/plan.h>
#include <qhm/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A submitted request. The arrays of the request are the caller's and must outlive the job. */
typedef struct qhm_job qhm_job;

/** Where a job is in its life. */
typedef enum qhm_job_state {
    QHM_JOB_RUNNING = 0, /**< queued or running */
    QHM_JOB_DONE = 1,    /**< the outputs are written */
    QHM_JOB_FAILED = 2,  /**< qhm_job_wait says why */
    QHM_JOB_CANCELLED = 3
} qhm_job_state;

/** Submits a request.
 *  @return QHM_OK (the job may still fail later); as qhm_plan_run for what is refused at once. */
QHM_API QHM_MUST_CHECK qhm_status qhm_job_submit(qhm_plan *plan, const qhm_request *request,
                                                 qhm_job **job);

/** Looks at a job without waiting. @return QHM_OK; QHM_ERROR_IO (no answer from the backend). */
QHM_API QHM_MUST_CHECK qhm_status qhm_job_check(qhm_job *job, qhm_job_state *state);

/** Waits until a job has ended.
 *  @return QHM_OK if it is done; its own error if it failed; QHM_ERROR_CANCELLED. */
QHM_API QHM_MUST_CHECK qhm_status qhm_job_wait(qhm_job *job);

/** Asks a running job to stop; one that has ended stays as it is.
 *  @return QHM_OK; QHM_ERROR_IO. */
QHM_API QHM_MUST_CHECK qhm_status qhm_job_cancel(qhm_job *job);

/** Frees a job, cancelling it if it still runs; NULL is fine. */
QHM_API void qhm_job_destroy(qhm_job *job);

#ifdef __cplusplus
}
#endif
#endif
