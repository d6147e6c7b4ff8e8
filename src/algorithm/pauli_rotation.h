// Rotations about Pauli strings as gates.
#ifndef QHM_ALGORITHM_PAULI_ROTATION_H
#define QHM_ALGORITHM_PAULI_ROTATION_H

#include "base/status_internal.h"

#include <qhm/circuit.h>
#include <qhm/observable.h>

// exp(-i angle P / 2) of the term's string, whatever its coefficient: 2 (w - 1) CX and one RZ. The
// string is not the identity.
QHM_MUST_CHECK qhm_status qhm_append_pauli_rotation(qhm_circuit *circuit,
                                                    const qhm_pauli_term *term, qhm_angle angle);

#endif
