// A kind of task: how features are made, which models contend, how one is fitted and scored.
//
// Implement these to add a kind; copy classification_task.c. The visible list of kinds is in
// task_kinds.c.
#ifndef QHM_EXPERIMENT_TASK_KIND_H
#define QHM_EXPERIMENT_TASK_KIND_H

#include "base/document.h"
#include "base/status_internal.h"

#include <qhm/circuit.h>
#include <qhm/dataset.h>
#include <qhm/device.h>
#include <qhm/module.h>
#include <qhm/observable.h>
#include <qhm/options.h>
#include <qhm/run_store.h>
#include <qhm/split.h>
#include <qhm/types.h>
#include <stdbool.h>
#include <stdint.h>

struct json_t;

// What stands in the quantum module's place.
typedef enum qhm_role {
    QHM_ROLE_HYBRID = 0,      // the quantum module itself
    QHM_ROLE_VARIANT,         // another quantum module, trained separately; never a rival
    QHM_ROLE_IDENTITY,        // nothing: the input padded or truncated to the output width
    QHM_ROLE_RANDOM_FEATURES, // fixed random cosine features
    QHM_ROLE_LINEAR,          // one linear map
    QHM_ROLE_MLP_PARAMETERS,  // an MLP with as many trained numbers, within 5 %
    QHM_ROLE_MLP_FLOPS,       // an MLP with as many operations a sample
    QHM_ROLE_CLASSICAL,       // the classical block of equal parameters that the field would use
    QHM_ROLE_RBF,             // a tuned Gaussian kernel in a quantum kernel's place
    QHM_ROLE_UNENTANGLED,     // the same circuit without entanglement
    QHM_ROLE_STRONG,          // the best classical model we have, of any width
    QHM_ROLE_COUNT
} qhm_role;

typedef struct qhm_role_info {
    const char *name;    // in tables and stores: "mlp_parameters"
    const char *summary; // one line for the report
} qhm_role_info;

const qhm_role_info *qhm_role_information(qhm_role role);

// A quantum module (or kernel) as a run file gives it.
typedef struct qhm_quantum_spec {
    const char *name;                    // "hybrid", or the variant's name
    void *options;                       // the struct that the kind's quantum table describes
    const char *trained_on;              // the name of a chip; NULL: none
    qhm_device *chip;                    // the same, loaded
    const char *chosen_on, *finished_on; // the same: where trials are scored, where the head is fit
    qhm_device *chosen_chip, *finished_chip;
    const char *chip_mitigation; // on these chips; NULL: none
    // What a trial takes in turn, each with options of its own and the chips of this; NULL: this.
    struct qhm_quantum_spec *choices; // [choice_count]
    size_t choice_count;
    char *choice; // of one of choices: its fields, in words
} qhm_quantum_spec;

typedef struct qhm_training_options {
    size_t epochs, batch, trials, validation_folds;
    double learning_rate_low, learning_rate_high;
    double weight_decay_low, weight_decay_high;
} qhm_training_options;

typedef struct qhm_task_kind qhm_task_kind;

typedef struct qhm_task {
    const char *name;
    const qhm_task_kind *kind;
    size_t metric; // the primary one: index into the kind's metrics
    void *inputs;  // the struct that the kind's inputs table describes
    qhm_training_options training;
    qhm_quantum_spec quantum;
    qhm_quantum_spec *variants; // [variant_count]
    size_t variant_count;
    qhm_precision precision;
} qhm_task;

// One model of a task: a role, and for quantum ones which module.
typedef struct qhm_contender {
    qhm_role role;
    const qhm_quantum_spec *quantum;
    const char *name; // unique in the task
} qhm_contender;

// A trial's place in the search space: two numbers in [0, 1] that every model maps to its own
// ranges (learning rate and weight decay; C and kernel width; ridge and dimensions). The same
// trials for all; trial 0 is the middle, the rest are a Halton sequence.
typedef struct qhm_trial {
    double first, second;
} qhm_trial;

qhm_trial qhm_trial_at(size_t index);
// low * (high / low)^place: a logarithmic range.
double qhm_trial_scale(double place, double low, double high);

struct qhm_fit_request;
struct qhm_trained_model;

// Looks at a model instead of training and scoring it.
typedef struct qhm_model_inspector {
    // A model of modules: untrained, or with the numbers of the request's trained_path.
    qhm_status (*look)(void *context, const struct qhm_trained_model *model, qhm_tape *tape,
                       const struct qhm_fit_request *request);
    // A fitted model of any other kind: `answer` gives its answers to all scored rows again.
    qhm_status (*repeat)(void *context, qhm_status (*answer)(void *data), void *data);
    void *context;
} qhm_model_inspector;

// One training: what to fit, on which rows, and where its randomness comes from.
typedef struct qhm_fit_request {
    const qhm_task *task;
    const qhm_contender *contender;
    const void *prepared; // of the kind's prepare
    qhm_trial trial;
    const size_t *train; // [train_count] items
    size_t train_count;
    const size_t *score; // [score_count] items to be scored: validation or test
    size_t score_count;
    uint64_t seed;
    uint64_t resample, model, stage; // keys of the streams: stage is the trial, or the final fit
    bool wants_examples;             // fill result->examples
    const struct qhm_noise_ladder *ladder; // what a quantum model is run on; NULL: nothing
    const char *model_path;                // where the fitted model is saved; NULL: nowhere
    const qhm_model_inspector *inspector;  // NULL: the model is fitted and scored
    const char *trained_path;    // for an inspector: where the fitted model was saved; NULL: none
    const char *checkpoint_path; // where a training that takes long saves itself; NULL: nowhere
    bool (*is_cancelled)(void *context);
    void *context;
} qhm_fit_request;

enum { QHM_MAX_METRICS = 8 };

// What a training gave. Zero it before, release it after.
typedef struct qhm_fit_result {
    double metrics[QHM_MAX_METRICS]; // in the order of the kind's metrics
    size_t parameters, embedding_parameters;
    double flops;          // one forward sample
    double circuits;       // quantum circuits of one forward sample
    qhm_run_point *points; // [point_count] learning curve
    size_t point_count;
    struct json_t *settings; // the hyperparameters in words; an object
    struct json_t *examples; // retrieval examples or confusion counts; an object, or NULL
    struct json_t *ladder;   // noise_ladder.c: a list of rungs, or NULL
    struct json_t *yields;   // chip_yield.c: a list of chips and yields, or NULL
    double ladder_seconds;   // that they took, not counted as training
} qhm_fit_result;

void qhm_fit_result_release(qhm_fit_result *result);

// A circuit and what keeps it: a module that it is borrowed from, or itself.
typedef struct qhm_spec_circuit {
    const qhm_circuit *circuit;
    const qhm_observable *const *observables; // [observable_count]
    size_t observable_count;
    qhm_module *module;
    qhm_circuit *owned;
} qhm_spec_circuit;

struct qhm_task_kind {
    const char *name, *help;
    bool runs_on_devices;          // its quantum modules are quantum layers, trained by the tape
    const char *const *layers;     // the names of those, in the order of the model; NULL at the end
    const qhm_option_info *inputs; // fields of `inputs` in a run file, ended by a nameless row
    size_t inputs_bytes;
    // The fields of `quantum` and of each variant, and the size of their struct.
    const qhm_option_info *(*quantum)(size_t *bytes);
    const char *const *metrics; // NULL-terminated; the first is the default primary one
    size_t primary_count;       // of the first metrics a verdict may be about: larger is better
    const qhm_role *roles;      // [role_count] the substitutes, in the order of tables
    size_t role_count;

    // The chance level of each metric for these score rows, into [QHM_MAX_METRICS].
    void (*chance)(const void *prepared, const size_t *score, size_t score_count, double *levels);
    // Features of one resample, fitted on the split's training items alone; shared by all models.
    qhm_status (*prepare)(const qhm_task *task, const qhm_dataset *dataset, const qhm_split *split,
                          uint64_t seed, size_t resample, void **prepared);
    void (*release)(void *prepared);
    size_t (*bytes)(const void *prepared);
    qhm_status (*fit)(const qhm_fit_request *request, qhm_fit_result *result);
    // The circuit of a quantum spec, for drawings and the doctor.
    qhm_status (*circuit)(const qhm_task *task, const qhm_quantum_spec *spec,
                          qhm_spec_circuit *circuit);
};

const qhm_task_kind *const *qhm_task_kinds(size_t *count);

#endif
