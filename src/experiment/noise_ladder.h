// The noise ladder: a trained quantum model scored again as chips would run it.
#ifndef QHM_EXPERIMENT_NOISE_LADDER_H
#define QHM_EXPERIMENT_NOISE_LADDER_H

#include "experiment/trained_model.h"

#include <qhm/chip_plan.h>
#include <qhm/device.h>
#include <qhm/options.h>

// How a run file's devices run circuits.
typedef struct qhm_ladder_options {
    size_t shots, level, trajectories;
    const char *mitigation, *decoupling;
    bool allow_assumed_gates;
    size_t resamples; // that climb it
} qhm_ladder_options;

extern const qhm_option_info qhm_ladder_table[];

// One way to run a model.
typedef struct qhm_ladder_rung {
    const char *name;       // as in the run file
    const qhm_device *chip; // NULL: exact, as it was trained
    size_t shots;           // 0: exact
    const char *mitigation; // NULL: none
} qhm_ladder_rung;

typedef struct qhm_noise_ladder {
    qhm_ladder_options options;
    qhm_device **chips; // [chip_count]
    size_t chip_count;
    qhm_ladder_rung *rungs;
    size_t rung_count;
} qhm_noise_ladder;

// Reads `devices`, a list of names, and `execution`, a mapping; either may be NULL. Every chip
// comes as it is, and mitigated if the options say how.
QHM_MUST_CHECK qhm_status qhm_noise_ladder_read(const qhm_node *devices, const qhm_node *execution,
                                                qhm_noise_ladder *ladder);
void qhm_noise_ladder_release(qhm_noise_ladder *ladder);

// What the circuits of a model have run on a rung.
typedef struct qhm_ladder_executions {
    qhm_ledger ledger;
    const qhm_compile_summary *summary; // of the last layer: all are alike
    double duration_ns;                 // of a run, folded ones among them
} qhm_ladder_executions;

// Puts a model's circuits onto a rung, with so many shots a circuit, until qhm_module_set_chip
// takes them away.
QHM_MUST_CHECK qhm_status qhm_noise_ladder_enter(const qhm_trained_model *model,
                                                 const qhm_fit_request *request,
                                                 const qhm_noise_ladder *ladder, size_t index,
                                                 size_t shots);

// Errors of entering which say that a circuit and a chip do not go together.
bool qhm_noise_ladder_is_misfit(qhm_status status);

// Scores a model on the rung that it has entered, with the randomness of that rung.
QHM_MUST_CHECK qhm_status qhm_noise_ladder_score(const qhm_trained_model *model, qhm_tape *tape,
                                                 const qhm_fit_request *request, size_t index,
                                                 double *score, qhm_ladder_executions *found);

// Scores a trained model on every rung into result->ladder. A rung on which the circuit does not
// fit says why and has no score.
QHM_MUST_CHECK qhm_status qhm_noise_ladder_climb(const qhm_trained_model *model, qhm_tape *tape,
                                                 const qhm_fit_request *request,
                                                 qhm_fit_result *result);

#endif
