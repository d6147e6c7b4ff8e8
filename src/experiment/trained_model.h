// A model that the tape trains, and the one loop that trains all of them alike.
#ifndef QHM_EXPERIMENT_TRAINED_MODEL_H
#define QHM_EXPERIMENT_TRAINED_MODEL_H

#include "experiment/task_kind.h"

#include <qhm/module.h>

enum { QHM_TRAINED_MAX_MODULES = 6 };

typedef struct qhm_trained_model qhm_trained_model;

// How a task kind computes with its modules. rows [count] are items of the dataset.
typedef struct qhm_trained_ops {
    qhm_status (*loss)(const qhm_trained_model *model, qhm_tape *tape, const size_t *rows,
                       size_t count, qhm_value *loss);
    qhm_status (*score)(const qhm_trained_model *model, qhm_tape *tape,
                        const qhm_fit_request *request, qhm_fit_result *result);
} qhm_trained_ops;

// Modules and parameters of one model; zero it before, release it after.
struct qhm_trained_model {
    const qhm_trained_ops *ops;
    const qhm_task *task;
    const void *prepared;
    qhm_module *modules[QHM_TRAINED_MAX_MODULES];
    const char *names[QHM_TRAINED_MAX_MODULES]; // before their parameters' names in files
    size_t module_count;
    qhm_parameter *extra; // a trained number beside the modules, such as a temperature; or NULL
};

// Adds a module, which is the model's from now on.
void qhm_trained_model_append_take(qhm_trained_model *model, const char *name, qhm_module *module);
void qhm_trained_model_release(qhm_trained_model *model);

// What the modules cost together.
qhm_module_cost qhm_trained_model_cost(const qhm_trained_model *model);

// Trains with AdamW (learning rate and weight decay from the trial, cosine to zero, gradients
// clipped to norm 1) and scores. Saves and resumes through the request's checkpoint.
QHM_MUST_CHECK qhm_status qhm_trained_model_fit(qhm_trained_model *model,
                                                const qhm_fit_request *request,
                                                qhm_fit_result *result);

// Writes the parameters to a safetensors file, and reads them back.
QHM_MUST_CHECK qhm_status qhm_trained_model_save(const qhm_trained_model *model, const char *path);
QHM_MUST_CHECK qhm_status qhm_trained_model_load(qhm_trained_model *model, const char *path);

// The stream that a model's first values come from: the same for every model of a stage.
qhm_random qhm_trained_model_random(const qhm_fit_request *request);

#endif
