// A model that the tape trains, and the one way in which all of them are trained.
#ifndef QHM_EXPERIMENT_TRAINED_MODEL_H
#define QHM_EXPERIMENT_TRAINED_MODEL_H

#include "experiment/task_kind.h"

#include <qhm/module.h>

typedef struct qhm_trained_model qhm_trained_model;

// How a task kind computes with its modules. rows [count] are items of the dataset.
typedef struct qhm_trained_ops {
    qhm_status (*loss)(const qhm_trained_model *model, qhm_tape *tape, const size_t *rows,
                       size_t count, qhm_value *loss);
    qhm_status (*score)(const qhm_trained_model *model, qhm_tape *tape,
                        const qhm_fit_request *request, qhm_fit_result *result);
} qhm_trained_ops;

enum { QHM_MAX_SLOTS = 2 };

struct qhm_trained_model {
    const qhm_trained_ops *ops;
    const void *prepared;
    qhm_module *root;                 // holds every trained number; the caller destroys it
    qhm_module *slots[QHM_MAX_SLOTS]; // [slot_count] the quantum modules, or what stands for them
    size_t slot_count;
};

// If the request has an inspector: hands it the model. Else
// trains with AdamW (learning rate and weight decay from the trial, cosine to zero, gradients
// clipped to norm 1) and scores. Goes on from the request's checkpoint if there is one.
QHM_MUST_CHECK qhm_status qhm_trained_model_fit(const qhm_trained_model *model,
                                                const qhm_fit_request *request,
                                                qhm_fit_result *result);

// The stream that a model's first values come from: the same for every model of a stage.
qhm_random qhm_trained_model_random(const qhm_fit_request *request);

#endif
