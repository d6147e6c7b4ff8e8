// QSANN's classical half, apart so that it can be tested against known answers.
#ifndef QHM_LEARN_QSANN_INTERNAL_H
#define QHM_LEARN_QSANN_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/tape.h>

// weights [batch, s, t] = exp(-(query_s - key_t)^2), rows normalised over the words whose mask is
// 1; mixed [batch, s, width] = weights values. qkv are queries and keys [batch, length] or [batch,
// length, 1] and values [batch, length, width]; mask [batch, length] or QHM_NO_VALUE.
QHM_MUST_CHECK qhm_status qhm_qsann_attend(qhm_tape *tape, const qhm_value *qkv, qhm_value mask,
                                           qhm_value *weights, qhm_value *mixed);

#endif
