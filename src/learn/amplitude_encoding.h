// Features as the amplitudes of a state, differentiably: angles on the tape, rotations in a
// circuit.
#ifndef QHM_LEARN_AMPLITUDE_ENCODING_H
#define QHM_LEARN_AMPLITUDE_ENCODING_H

#include "base/status_internal.h"

#include <qhm/tape.h>

// Records angles [..., 2^n - 1], the inputs with which the circuit of qhm_state_preparation_create
// (QHM_STATE_REAL) prepares features [..., width] / norm,
// padded with zeros; width is at most 2^n. A zero vector (norm below 1e-100) gives |0...0> and a
// gradient of 0. Where neighbours 2k and 2k + 1 are both 0 the angle between them is not defined,
// but the gradient is: when it will be asked for, both are moved by a relative 1e-8 (float32:
// 3e-4), which is the error of the gradient there.
QHM_MUST_CHECK qhm_status qhm_amplitude_encoding_angles(qhm_tape *tape, qhm_value features,
                                                        size_t qubit_count, qhm_value *angles);

#endif
