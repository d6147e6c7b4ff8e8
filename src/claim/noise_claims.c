// The claim about which algorithms bear noise.
#include "claim/claim_internal.h"

#include <math.h>
#include <qhm/algorithm.h>
#include <qhm/types.h>

enum { SUBJECTS = 3, ERRORS = 4, JUDGED = 2 };

static const char *const subjects[SUBJECTS] = {"qaoa", "phase_estimation", "linear_solver"};

static double number_at(const json_t *subject, const char *name, size_t index)
{
    return json_number_value(json_array_get(json_object_get(subject, name), index));
}

// Lists what is left of each algorithm's signal; losses [SUBJECTS] for a gate and its error, kept
// [SUBJECTS] of the runs.
static void tell_signals(const json_t *answer, json_t *list, double left[SUBJECTS],
                         double losses[SUBJECTS], double kept[SUBJECTS])
{
    for (size_t s = 0; s < SUBJECTS; s++) {
        const json_t *subject = json_object_get(answer, subjects[s]);
        const double gates = json_number_value(json_object_get(subject, "two_qubit_gates"));
        for (size_t e = 0; e < ERRORS; e++) {
            json_t *row = qhm_claim_row(list);
            qhm_claim_text(row, "algorithm", subjects[s]);
            qhm_claim_number(row, "two_qubit_gates", gates);
            qhm_claim_number(row, "error", number_at(answer, "errors", e));
            qhm_claim_number(row, "signal_left", number_at(subject, "signal", e));
            qhm_claim_number(row, "kept_share", number_at(subject, "kept_share", e));
        }
        left[s] = number_at(subject, "signal", JUDGED);
        kept[s] = number_at(subject, "kept_share", JUDGED);
        losses[s] =
            -log(number_at(subject, "signal", 0)) / (gates * number_at(answer, "errors", 0));
    }
}

static qhm_status run_graceful(const qhm_claim_options *options, qhm_claim_result *result)
{
    char *text;
    double left[SUBJECTS], losses[SUBJECTS], kept[SUBJECTS];
    json_t *list = json_array();
    json_object_set_new(result->numbers, "signals", list);
    QHM_TRY(qhm_algorithm_run_text("robustness", "errors: [0.001, 0.003, 0.01, 0.03]\n",
                                   &(qhm_algorithm_options){.seed = options->seed}, &text));
    json_t *run = json_loads(text, 0, NULL);
    qhm_string_destroy(text);
    tell_signals(json_object_get(run, "answer"), list, left, losses, kept);
    json_decref(run);
    qhm_claim_number(result->numbers, "qaoa_loss_by_gates_and_error", losses[0]);
    qhm_claim_number(result->numbers, "phase_estimation_loss_by_gates_and_error", losses[1]);
    qhm_claim_number(result->numbers, "linear_solver_loss_by_gates_and_error", losses[2]);
    const bool is_gentlest = losses[0] < losses[1] && losses[0] < losses[2];
    const bool is_gentler = losses[0] < losses[1] || losses[0] < losses[2];
    const bool has_blown_up = left[1] < 0.5 && left[2] < 0.5;
    qhm_claim_find_that(
        result,
        is_gentlest && has_blown_up ? QHM_CLAIM_HOLDS
                                    : (is_gentler ? QHM_CLAIM_HOLDS_IF : QHM_CLAIM_FAILS),
        "At an error of 1 %% a gate, %.0f %% of QAOA's signal are left, %.0f %% of phase "
        "estimation's and %.0f %% of the linear solver's, which keeps %.0f %% of its runs. By "
        "number of gates and error they lose %.2f, %.2f and %.2f: QAOA %s. %s of the other two "
        "loses half of its signal at these sizes.",
        100 * left[0], 100 * left[1], 100 * left[2], 100 * kept[2], losses[0], losses[1], losses[2],
        is_gentlest ? "least"
                    : (is_gentler ? "less than one of the others, not both" : "not least"),
        has_blown_up ? "Each" : (left[1] < 0.5 || left[2] < 0.5 ? "One" : "None"));
    return QHM_OK;
}

const qhm_claim qhm_claim_graceful_noise = {
    .info = {.name = "graceful-noise",
             .place = "section 5.4",
             .claim = "Some quantum algorithms degrade gracefully with noise (like QAOA); others, "
                      "like phase estimation or HHL, can blow up with slight errors.",
             .details = "Runs `qhm algo robustness`; holds without a condition if QAOA loses least "
                        "for each gate, and less than half of the others' signal is left at 1 %."},
    .run = run_graceful,
};
