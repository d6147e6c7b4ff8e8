// Real numbers as the amplitudes of a state.
#ifndef QHM_ALGORITHM_REAL_STATE_H
#define QHM_ALGORITHM_REAL_STATE_H

#include "base/document.h"
#include "base/status_internal.h"

#include <qhm/circuit.h>

// The circuit that loads values [count], zeros behind them, on the fewest qubits, at least one.
// norm may be NULL: the length of the values, which the state has lost.
QHM_MUST_CHECK qhm_status qhm_real_state_create(const double *values, size_t count, double *norm,
                                                qhm_circuit **circuit);

// The same for a row, which tells of values that no state has, zeros alone, at their node.
QHM_MUST_CHECK qhm_status qhm_problem_real_state(const qhm_node *node, const double *values,
                                                 size_t count, double *norm, qhm_circuit **circuit);

#endif
