// Phase estimation over an operator that is controlled already.
#ifndef QHM_ALGORITHM_PHASE_ESTIMATION_INTERNAL_H
#define QHM_ALGORITHM_PHASE_ESTIMATION_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/circuit.h>

// A circuit of the registers "state" and "clock" and, if measured, the bits "y". The preparation
// (NULL: none) acts on the state; the controlled operator's last qubit is its control.
QHM_MUST_CHECK qhm_status qhm_phase_estimation_create_controlled(const qhm_circuit *preparation,
                                                                 const qhm_circuit *controlled,
                                                                 size_t bit_count, bool is_measured,
                                                                 qhm_circuit **circuit);

#endif
