// What the readers of hand-written noise models share.
#ifndef QHM_DEVICE_NOISE_FILE_H
#define QHM_DEVICE_NOISE_FILE_H

#include "base/document.h"
#include "device/noise_internal.h"

// A number from least to most, or bad input.
QHM_MUST_CHECK qhm_status qhm_noise_read_number(const qhm_node *node, double least, double most,
                                                double *out);

// Bad input unless the node is of this kind.
QHM_MUST_CHECK qhm_status qhm_noise_check_kind(const qhm_node *node, qhm_node_kind kind);

// Where 0 stands for not given. No T1: no decay. No T2: no dephasing beyond that of T1.
void qhm_noise_fill_times(double *t1_us, double *t2_us);

// Adds the channels of a mapping to a rule, in its order.
QHM_MUST_CHECK qhm_status qhm_noise_read_channels(qhm_noise_model *model, const qhm_node *mapping,
                                                  qhm_noise_entry *entry);

#endif
