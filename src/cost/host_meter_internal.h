// The meter with counters in another folder, so that tests can be the processor.
#ifndef QHM_COST_HOST_METER_INTERNAL_H
#define QHM_COST_HOST_METER_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/host_meter.h>

QHM_MUST_CHECK qhm_status qhm_host_measure_in(const char *folder, void (*work)(void *context),
                                              void *context, double watts, qhm_host_cost *cost);

#endif
