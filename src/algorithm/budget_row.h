// What the rows that choose a given number of things have in common.
#ifndef QHM_ALGORITHM_BUDGET_ROW_H
#define QHM_ALGORITHM_BUDGET_ROW_H

#include "algorithm/qaoa_row.h"

extern const char *const qhm_budget_mixers[];

#define QHM_BUDGET_MIXER_FIELD(options)                                                            \
    {                                                                                              \
        .name = "mixer", .type = QHM_OPTION_CHOICE, .offset = offsetof(options, mixer),            \
        .default_text = "x", .choices = qhm_budget_mixers,                                         \
        .help = "x needs the penalty; dicke, exact about the even sum of all that keep the "       \
                "budget, and ring, pair after pair, never leave the budget"                        \
    }

// What is solved.
typedef struct qhm_budget_task {
    const qhm_ising *bare; // without a penalty
    size_t budget;         // bits that are 1: 1 or more
    double penalty;        // of the squared distance from it, for the mixer x and the opponents
    int mixer;             // of qhm_budget_mixers, from 1
} qhm_budget_task;

// A penalty with which every choice of another number of things costs more than the best of those
// that keep the budget, whatever the budget is.
double qhm_budget_penalty(const qhm_ising *bare);

// Runs the opponents, then QAOA; refuses a penalty that it pays to break.
QHM_MUST_CHECK qhm_status qhm_budget_run(const qhm_budget_task *task,
                                         const qhm_qaoa_settings *settings,
                                         const qhm_problem *problem, qhm_result *result,
                                         qhm_qaoa_best *best, qhm_qaoa_rivals *rivals);

#endif
