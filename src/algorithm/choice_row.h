// What the rows of problems of choices have in common.
#ifndef QHM_ALGORITHM_CHOICE_ROW_H
#define QHM_ALGORITHM_CHOICE_ROW_H

#include "algorithm/qaoa_row.h"

#include <qhm/choice.h>

typedef struct qhm_choice_settings {
    int mixer;
    double penalty;
    qhm_qaoa_settings qaoa;
} qhm_choice_settings;

extern const char *const qhm_choice_mixers[];

// The rows of an options table whose struct begins with a qhm_choice_settings.
#define QHM_CHOICE_RUN_FIELDS                                                                      \
    {.name = "mixer",                                                                              \
     .type = QHM_OPTION_CHOICE,                                                                    \
     .offset = offsetof(qhm_choice_settings, mixer),                                               \
     .default_text = "block",                                                                      \
     .choices = qhm_choice_mixers,                                                                 \
     .help = "block keeps one option of each, exactly; ring too, pair after pair, which is "       \
             "another mixer; x does not, so that a penalty must"},                                 \
        QHM_QAOA_RUN_FIELDS(qhm_choice_settings, "2", NULL)

// The same where choices may conflict.
#define QHM_CHOICE_FIELDS                                                                          \
    QHM_CHOICE_RUN_FIELDS,                                                                         \
    {                                                                                              \
        .name = "penalty", .type = QHM_OPTION_DOUBLE,                                              \
        .offset = offsetof(qhm_choice_settings, penalty), .minimum = 1e-9, .maximum = 1e12,        \
        .help = "of each conflict; not given: enough that none can pay"                            \
    }

// What is solved. A judge of the row's own replaces the cost of choices, which QAOA lowers all the
// same.
typedef struct qhm_choice_task {
    const qhm_choice *choice;
    double penalty; // enough for conflicts; the problem's may replace it
    double (*judge)(const void *context, const size_t *options_of);
    const void *context;
    double optimum;  // by the judge or the cost: told about
    double rounding; // of the judge; 0: of the cost
} qhm_choice_task;

// Branch and bound, and simulated annealing, timed, told under `opponent`. No choices without
// conflicts: the problem is refused.
QHM_MUST_CHECK qhm_status qhm_choice_run_rivals(const qhm_choice *choice,
                                                const qhm_problem *problem, qhm_result *result,
                                                qhm_choice_solution *best);

// Runs QAOA. best->cost is infinite where no shot was a solution: tell "none" then.
QHM_MUST_CHECK qhm_status qhm_choice_run_task(const qhm_choice_task *task,
                                              const qhm_choice_settings *settings,
                                              const qhm_problem *problem, qhm_result *result,
                                              qhm_choice_solution *best);

// Tells choices under a name, or "none" where the cost is infinite.
void qhm_choice_tell(json_t *object, const char *name, const qhm_choice *choice,
                     const qhm_choice_solution *solution);

#endif
