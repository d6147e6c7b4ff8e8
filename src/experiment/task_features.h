// Features of all items of a dataset, fitted on some of them: what tasks prepare once a resample.
#ifndef QHM_EXPERIMENT_TASK_FEATURES_H
#define QHM_EXPERIMENT_TASK_FEATURES_H

#include "base/status_internal.h"

#include <qhm/extractor.h>
#include <qhm/split.h>
#include <qhm/tensor.h>

typedef struct qhm_features {
    qhm_extractor *extractor;
    double *values;     // [count][width], for SVM and CCA
    qhm_tensor *tensor; // the same in the task's precision, for tapes
    size_t count, width;
} qhm_features;

// Fits on the split's training items and describes every item. Zero `features` before.
QHM_MUST_CHECK qhm_status qhm_features_create(const qhm_dataset *dataset, const qhm_split *split,
                                              const qhm_extractor_options *options,
                                              qhm_precision precision, qhm_features *features);
void qhm_features_release(qhm_features *features);
size_t qhm_features_bytes(const qhm_features *features);

// Copies the rows of some items, out [item_count][width].
void qhm_features_gather(const qhm_features *features, const size_t *items, size_t item_count,
                         double *out);

#endif
