/** @file job_schedule.h
 *  Jobs on machines: when all is done, or how late each is, with jobs that exclude each other.
 *
 *  @code
 *  const qhm_job_schedule s = {.jobs = 3, .machines = 2, .durations = durations};
 *  status = qhm_job_makespan_find(&s, machines_of, &makespan);
 *  @endcode */
#ifndef QHM_JOB_SCHEDULE_H
#define QHM_JOB_SCHEDULE_H

#include <qhm/choice.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Jobs and machines. */
typedef struct qhm_job_schedule {
    size_t jobs;             /**< 1 or more */
    size_t machines;         /**< 1 or more */
    size_t slots;            /**< of tardiness: jobs start at times 0 to slots - 1 */
    const double *durations; /**< [jobs][machines], above 0 */
    const double *due;       /**< [jobs], of tardiness */
    const double *weights;   /**< [jobs] of tardiness, 0 or more; NULL: 1 each */
    const bool *conflicts;   /**< [jobs][jobs], symmetric: pairs that cannot have the same machine
                                (makespan), or not run at once (tardiness); NULL: none */
} qhm_job_schedule;

/** When the last machine is done; infinity in a conflict. @param machines_of  [jobs] */
QHM_API double qhm_job_makespan(const qhm_job_schedule *schedule, const size_t *machines_of);

/** Finds the shortest makespan by depth-first search, the longest jobs first; the bound is the
 *  larger of the fullest machine and the mean load that all jobs at their fastest make.
 *  @param makespan  infinity: conflicts leave no schedule.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_RESOURCE_LIMIT (more than 10^8 nodes). */
QHM_API QHM_MUST_CHECK qhm_status qhm_job_makespan_find(const qhm_job_schedule *schedule,
                                                        size_t *machines_of, double *makespan);

/** Machines for jobs as choices. The makespan is no sum of pairs: the cost is the sum of squared
 *  loads, which wants them even, and whose best need not have the shortest makespan.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_job_makespan_choice(const qhm_job_schedule *schedule,
                                                          qhm_choice **choice);

/** Machines and starts for jobs as choices: option machine * slots + start. The cost is the sum of
 *  weight * max(0, end - due), exactly; jobs that meet on a machine are in conflict.
 *  @return as qhm_job_makespan_choice. */
QHM_API QHM_MUST_CHECK qhm_status qhm_job_tardiness_choice(const qhm_job_schedule *schedule,
                                                           qhm_choice **choice);

#ifdef __cplusplus
}
#endif
#endif
