// What of a model is classical and comes after its quantum modules.
#ifndef QHM_EXPERIMENT_FINISHED_HEAD_H
#define QHM_EXPERIMENT_FINISHED_HEAD_H

#include "base/status_internal.h"

#include <qhm/module.h>

typedef struct qhm_finished_head {
    qhm_parameter **parameters; // [parameter_count], borrowed from the model
    size_t parameter_count, capacity;
} qhm_finished_head;

// Lists the trained numbers of the modules that follow one with quantum layers in a sequence, in
// every sequence of the model. QHM_ERROR_UNSUPPORTED if there is none; release a zeroed head.
QHM_MUST_CHECK qhm_status qhm_finished_head_find(const qhm_module *model, qhm_finished_head *head);
void qhm_finished_head_release(qhm_finished_head *head);

#endif
