/** @file host_meter.h
 *  What work takes on this machine: seconds by its clock, joules by its counters.
 *
 *  @code
 *  qhm_host_cost cost;
 *  status = qhm_host_measure(train_one_epoch, &model, 65, &cost); // 65 W if there is no counter
 *  @endcode */
#ifndef QHM_HOST_METER_H
#define QHM_HOST_METER_H

#include <qhm/status.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What work took. */
typedef struct qhm_host_cost {
    double seconds;
    double joules;    /**< of the processors alone when measured; NaN: no counter and no watts */
    bool is_measured; /**< true: by the counters of /sys/class/powercap; false: watts * seconds */
} qhm_host_cost;

/** Runs work once and measures it.
 *
 *  The counters are those of whole processors: other programs are counted too. They wrap around
 *  after some minutes under load, and one wrap is seen: measure shorter work.
 *  @param watts  of the machine, for where there is no counter that can be read; 0: not known.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no work, watts negative or not finite);
 *          QHM_ERROR_OUT_OF_MEMORY (before the work is run). */
QHM_API QHM_MUST_CHECK qhm_status qhm_host_measure(void (*work)(void *context), void *context,
                                                   double watts, qhm_host_cost *cost);

#ifdef __cplusplus
}
#endif
#endif
