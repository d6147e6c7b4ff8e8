// What search needs of the retrieval task besides its row in the table.
#ifndef QHM_EXPERIMENT_RETRIEVAL_TASK_H
#define QHM_EXPERIMENT_RETRIEVAL_TASK_H

#include "experiment/task_features.h"
#include "experiment/trained_model.h"

typedef struct qhm_retrieval_prepared {
    qhm_features images, texts;
} qhm_retrieval_prepared;

extern const qhm_task_kind qhm_task_retrieval;

// The untrained model of a request: its task, contender, prepared features and streams.
QHM_MUST_CHECK qhm_status qhm_retrieval_create(const qhm_fit_request *request, qhm_module **root);

// Features [count, width] of one side to unit vectors in the shared space.
QHM_MUST_CHECK qhm_status qhm_retrieval_forward(const qhm_module *root, qhm_tape *tape,
                                                bool is_text, qhm_value features,
                                                qhm_value *embedding);

#endif
