// The distribution of measured qubits of a matrix product state, outcome by outcome.
#ifndef QHM_SIMULATE_MPS_OUTCOMES_H
#define QHM_SIMULATE_MPS_OUTCOMES_H

#include "simulate/mps/mps_state.h"

#include <qhm/plan.h>

// Appends all outcomes of the bits in registers, of measurements that waited until the end:
// deferred [bit count] tells each bit's qubit, UINT32_MAX for none. Depth first along the chains:
// qubits that are measured split by their conditional probabilities, the others are summed over,
// and what has no probability is not followed. Moves centres.
QHM_MUST_CHECK qhm_status qhm_mps_list_outcomes(qhm_mps *state, const qhm_circuit *circuit,
                                                const uint32_t *deferred,
                                                const qhm_exact_request *request,
                                                qhm_distribution *distribution);

#endif
