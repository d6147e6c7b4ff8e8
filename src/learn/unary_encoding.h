// Features as the amplitudes of states with a single 1, differentiably.
#ifndef QHM_LEARN_UNARY_ENCODING_H
#define QHM_LEARN_UNARY_ENCODING_H

#include "base/status_internal.h"

#include <qhm/tape.h>

// Records angles [..., n - 1], the inputs with which the circuit of qhm_unary_loader_create
// prepares features [..., width] / norm, padded with zeros; width is at most n. A zero vector (norm
// below 1e-100) gives angles and a gradient of 0. Where the last two amplitudes are both 0 the
// angle between them is not defined, but the gradient is: when it will be asked for, both are moved
// by a relative 1e-8 (float32: 3e-4), which is the error of the gradient there.
QHM_MUST_CHECK qhm_status qhm_unary_encoding_angles(qhm_tape *tape, qhm_value features,
                                                    size_t qubit_count, qhm_value *angles);

#endif
