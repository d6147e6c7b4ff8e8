// Whether a circuit stays a matrix product state with small bonds, found by running it.
#ifndef QHM_SIMULATE_MPS_PROBE_H
#define QHM_SIMULATE_MPS_PROBE_H

#include "base/status_internal.h"

#include <qhm/circuit.h>

// Runs the gates of a circuit whose states depend on no outcome, and gives up where a bond would
// have to be larger than max_bond.
// @param largest_bond  that the circuit needs; 0: more, or angles wait for their values.
// Status: QHM_OK; QHM_ERROR_OUT_OF_MEMORY. Cost: a cut of at most 2 max_bond rows for each exchange
// of neighbours on the way.
QHM_MUST_CHECK qhm_status qhm_mps_probe(const qhm_circuit *circuit, size_t max_bond, size_t bytes,
                                        size_t *largest_bond);

#endif
