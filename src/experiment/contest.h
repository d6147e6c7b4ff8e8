// The contest within a fixed budget: how many shots it pays for, who fits into it, who wins.
#ifndef QHM_EXPERIMENT_CONTEST_H
#define QHM_EXPERIMENT_CONTEST_H

#include "experiment/contest_budget.h"
#include "experiment/costs.h"

// True when both are known, where the budget limits them, and within it.
bool qhm_budget_holds(const qhm_budget *budget, double seconds, double joules);
// The share of the budget that is used, of the scarcer of seconds and joules; NaN: not known.
double qhm_budget_share(const qhm_budget *budget, double seconds, double joules);

// The most shots a circuit with which all rows stay within the budget; 0: not even one.
// cost: with that many, or with one.
QHM_MUST_CHECK qhm_status qhm_budget_find_shots(const qhm_budget *budget,
                                                const qhm_model_costs *costs,
                                                const qhm_chip_probe *probe, const qhm_device *chip,
                                                uint64_t *shots, qhm_cost *cost);

// Orders contestants: those with a score first, by score, then by share of the budget, then as
// they came; gives them their places from 1. The others get place 0.
void qhm_contest_rank(qhm_report_contestant *contestants, size_t count);

// Holds the contest of a task and adds it to the report.
QHM_MUST_CHECK qhm_status qhm_contest_hold(qhm_results *results, const qhm_run_task *task,
                                           const qhm_result_cell *cells,
                                           const qhm_task_costs *costs, qhm_report_task *out);

#endif
