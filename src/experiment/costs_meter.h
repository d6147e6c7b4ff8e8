// What repeated work takes on this machine.
#ifndef QHM_EXPERIMENT_COSTS_METER_H
#define QHM_EXPERIMENT_COSTS_METER_H

#include "base/status_internal.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct qhm_metered {
    double seconds;   // median of the repetitions
    double joules;    // of one; NaN: not known
    bool is_measured; // the joules, by counters; false: watts * seconds
    size_t repetitions;
} qhm_metered;

// Runs work once for warmth, then 5 to 50 times, no more than fit into half a second.
// watts: of the machine, where no counter can be read; 0: not known.
QHM_MUST_CHECK qhm_status qhm_costs_meter(qhm_status (*work)(void *context), void *context,
                                          double watts, qhm_metered *metered);

#endif
