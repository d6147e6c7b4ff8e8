// Circuits of X gates under any controls, evaluated on one basis state at a time.
#ifndef QHM_ALGORITHM_REVERSIBLE_H
#define QHM_ALGORITHM_REVERSIBLE_H

#include "base/status_internal.h"

#include <qhm/circuit.h>

// Appends X on `target` under any number of controls; a control whose value is 0 stands for
// NOT the qubit, by X gates around. values NULL: all 1.
QHM_MUST_CHECK qhm_status qhm_append_controlled_x(qhm_circuit *circuit, size_t count,
                                                  const uint32_t *controls, const uint8_t *values,
                                                  uint32_t target);

// Runs a circuit of X, CX, CCX, SWAP and CSWAP with any extra controls on a basis state.
// bits [qubits]: 0 or 1. @return QHM_ERROR_UNSUPPORTED for other gates.
QHM_MUST_CHECK qhm_status qhm_reversible_run(const qhm_circuit *circuit, uint8_t *bits);

#endif
