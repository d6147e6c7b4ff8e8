// What simulators need to know of an observable's terms.
#ifndef QHM_CIRCUIT_OBSERVABLE_INTERNAL_H
#define QHM_CIRCUIT_OBSERVABLE_INTERNAL_H

#include "linalg/pauli.h"

#include <qhm/observable.h>

enum { QHM_OBSERVABLE_MAX_QUBITS = 1048576 };

// The term's string as bit masks. QHM_ERROR_UNSUPPORTED beyond qubit 63.
QHM_MUST_CHECK qhm_status qhm_pauli_term_masks(const qhm_pauli_term *term, qhm_pauli_masks *masks);

#endif
