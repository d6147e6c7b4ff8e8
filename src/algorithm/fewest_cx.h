// Two-qubit unitaries as circuits of the fewest CX.
#ifndef QHM_ALGORITHM_FEWEST_CX_H
#define QHM_ALGORITHM_FEWEST_CX_H

#include "base/status_internal.h"

#include <qhm/circuit.h>

// Appends u [4][4], rows first, unitary, qubits[0] the lower bit of a row: 0 to 3 CX and one-qubit
// matrices, its phase kept, within QHM_WEYL_TOLERANCE [vatan2004].
QHM_MUST_CHECK qhm_status qhm_append_fewest_cx(qhm_circuit *circuit, const qhm_complex *u,
                                               const uint32_t qubits[2]);

#endif
