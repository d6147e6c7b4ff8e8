// Observables as a readout sees them that writes some bits wrong.
#ifndef QHM_SIMULATE_READOUT_FLIPS_H
#define QHM_SIMULATE_READOUT_FLIPS_H

#include "base/status_internal.h"

#include <qhm/observable.h>

// folded [count], each to be destroyed: every letter P becomes (1 - p10 - p01) P + (p01 - p10),
// where flips[qubit] is p(1|0), p(0|1). Its exact value is the mean of what such a readout gives.
// QHM_ERROR_OUT_OF_MEMORY; QHM_ERROR_RESOURCE_LIMIT for a string of more than 20 letters whose two
// probabilities differ, which has a term for each subset of them.
QHM_MUST_CHECK qhm_status qhm_readout_fold(const qhm_observable *const *observables, size_t count,
                                           const double (*flips)[2], qhm_observable **folded);

#endif
