// What repeated work takes on this machine: the median of its times.
#include "experiment/costs_meter.h"

#include "base/statistics.h"

#include <qhm/host_meter.h>
#include <stdio.h>

enum { LEAST_REPETITIONS = 5, MOST_REPETITIONS = 50 };

#define ENOUGH_SECONDS 0.5

typedef struct checked_work {
    qhm_status (*work)(void *context);
    void *context;
    qhm_status status;
    char message[512]; // the counters' own errors come after the work's
} checked_work;

static void run(void *context)
{
    checked_work *checked = context;
    checked->status = checked->work(checked->context);
    if (checked->status != QHM_OK)
        snprintf(checked->message, sizeof checked->message, "%s", qhm_error_message());
}

qhm_status qhm_costs_meter(qhm_status (*work)(void *context), void *context, double watts,
                           qhm_metered *metered)
{
    checked_work checked = {.work = work, .context = context};
    double seconds[MOST_REPETITIONS], all = 0, joules = 0;
    qhm_metered made = {0};
    QHM_TRY(work(context));
    while (made.repetitions < LEAST_REPETITIONS ||
           (made.repetitions < MOST_REPETITIONS && all < ENOUGH_SECONDS)) {
        qhm_host_cost cost;
        QHM_TRY(qhm_host_measure(run, &checked, watts, &cost));
        if (checked.status != QHM_OK)
            return QHM_FAIL(checked.status, "%s", checked.message);
        seconds[made.repetitions++] = cost.seconds;
        all += cost.seconds;
        joules += cost.joules;
        made.is_measured = cost.is_measured;
    }
    QHM_TRY(qhm_statistics_median(seconds, made.repetitions, &made.seconds));
    made.joules = made.is_measured ? joules / (double)made.repetitions
                  : watts > 0      ? watts * made.seconds
                                   : joules; // not a number: there is nothing to go by
    *metered = made;
    return QHM_OK;
}
