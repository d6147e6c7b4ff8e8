// The noise ladder: a trained quantum model scored again as chips would run it.
#ifndef QHM_EXPERIMENT_NOISE_LADDER_H
#define QHM_EXPERIMENT_NOISE_LADDER_H

#include "base/option_use.h"
#include "experiment/trained_model.h"

#include <qhm/chip_plan.h>
#include <qhm/device.h>
#include <qhm/options.h>

// How a run file's devices run circuits.
typedef struct qhm_ladder_options {
    size_t shots, level, trajectories;
    const char *mitigation, *decoupling;
    bool allow_assumed_gates, follows_outcomes;
    size_t resamples;                      // that climb it
    size_t yield_samples, yield_resamples; // of each chip and yield
} qhm_ladder_options;

extern const qhm_option_info qhm_ladder_table[];

// One way to run a model.
typedef struct qhm_ladder_rung {
    const char *name;       // as in the run file
    const qhm_device *chip; // NULL: exact, as it was trained
    size_t shots;           // 0: exact
    const char *mitigation; // NULL: none
} qhm_ladder_rung;

// A quantum layer whose chip the run file names.
typedef struct qhm_ladder_place {
    const char *module, *device;
    const qhm_device *chip; // NULL: chosen among the ladder's
} qhm_ladder_place;

// The rung on which each quantum layer has a chip of its own.
typedef struct qhm_ladder_placement {
    const qhm_node *node;     // NULL: there is no such rung
    qhm_ladder_place *places; // [place_count] layers that are not here choose
    size_t place_count;
} qhm_ladder_placement;

// Chips of which some qubits and couplers are dead.
typedef struct qhm_ladder_yield {
    double *rates; // [rate_count] probabilities that a qubit and that a coupler works
    size_t rate_count;
    size_t *rungs; // [rung_count] the unmitigated rungs of those chips
    size_t rung_count;
} qhm_ladder_yield;

typedef struct qhm_noise_ladder {
    qhm_ladder_options options;
    qhm_device **chips; // [chip_count]
    size_t chip_count;
    qhm_ladder_rung *rungs;
    size_t rung_count;
    qhm_ladder_placement placement;
    qhm_ladder_yield yield;
} qhm_noise_ladder;

// Reads `devices`, a list of names, and `execution`, a mapping; either may be NULL. Every chip
// comes as it is, and mitigated if the options say how.
QHM_MUST_CHECK qhm_status qhm_noise_ladder_read(const qhm_node *devices, const qhm_node *execution,
                                                qhm_noise_ladder *ladder, qhm_option_notes *notes);
void qhm_noise_ladder_release(qhm_noise_ladder *ladder);

// What the circuits of a model have run on a rung.
typedef struct qhm_ladder_executions {
    qhm_ledger ledger;
    const qhm_compile_summary *summary; // of the least promising layer: mostly all are alike
    double duration_ns;                 // of its runs, folded ones among them
} qhm_ladder_executions;

// Puts a model's circuits onto a rung, with so many shots a circuit, until qhm_module_set_chip
// takes them away.
QHM_MUST_CHECK qhm_status qhm_noise_ladder_enter(const qhm_trained_model *model,
                                                 const qhm_fit_request *request,
                                                 const qhm_noise_ladder *ladder, size_t index,
                                                 size_t shots);

// How circuits get onto a chip and run there.
qhm_chip_plan_options qhm_noise_ladder_plan_options(const qhm_noise_ladder *ladder,
                                                    const qhm_fit_request *request, size_t shots,
                                                    const char *mitigation);

// Writes what one row took on average, and what it would cost on the chip, into an object.
QHM_MUST_CHECK qhm_status qhm_noise_ladder_describe(const qhm_ladder_executions *found,
                                                    const qhm_device *chip, size_t rows,
                                                    struct json_t *entry);

// What the quantum layers below a module have run on their chips, added to `found`.
QHM_MUST_CHECK qhm_status qhm_noise_ladder_find_executions(const qhm_module *module,
                                                           qhm_ladder_executions *found);

// True for a rung whose circuits are compiled for a chip, and whose values are as they come.
bool qhm_noise_ladder_is_bare_chip(const qhm_ladder_rung *rung);

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
