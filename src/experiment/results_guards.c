// Guards: what could make the scores an artefact, looked for in the run's own numbers.
#include "experiment/results_internal.h"

#include <math.h>
#include <string.h>

enum { MAX_GUARDS = 8 };

typedef struct guard_list {
    qhm_results *results;
    qhm_report_guard *guards; // [MAX_GUARDS]
    size_t count;
} guard_list;

// No test item, family or equal content among the training rows.
static qhm_status check_leaks(guard_list *list, const qhm_run_task *task)
{
    qhm_split_leaks total = {0};
    size_t resamples = list->results->run->resample_count;
    for (size_t r = 0; r < resamples; r++) {
        qhm_split_leaks leaks;
        QHM_TRY(
            qhm_split_check(task->resamples[r].split, qhm_run_resample_dataset(task, r), &leaks));
        total.shared_items += leaks.shared_items;
        total.shared_groups += leaks.shared_groups;
        total.same_content += leaks.same_content;
    }
    qhm_report_guard *guard = &list->guards[list->count++];
    guard->name = "no test item in training";
    guard->passed = total.shared_items == 0;
    QHM_TRY(qhm_results_text(list->results, &guard->detail, "%zu items in both, over %zu resamples",
                             total.shared_items, resamples));
    guard = &list->guards[list->count++];
    guard->name = "no family in both parts";
    guard->passed = total.shared_groups == 0;
    QHM_TRY(qhm_results_text(list->results, &guard->detail,
                             "%zu families in both, over %zu resamples", total.shared_groups,
                             resamples));
    guard = &list->guards[list->count++];
    guard->name = "no test row equal to a training row";
    guard->passed = total.same_content == 0;
    return qhm_results_text(list->results, &guard->detail, "%zu equal rows, over %zu resamples",
                            total.same_content, resamples);
}

// An accuracy on n rows is k / n for a whole k; anything else was not measured on these rows.
static qhm_status check_accuracies(guard_list *list, const qhm_run_task *task,
                                   const qhm_result_cell *cells)
{
    size_t metric = 0, wrong = 0,
           count = task->contender_count * list->results->run->resample_count;
    while (task->task->kind->metrics[metric] &&
           strcmp(task->task->kind->metrics[metric], "accuracy") != 0)
        metric++;
    if (!task->task->kind->metrics[metric])
        return QHM_OK;
    for (size_t i = 0; i < count; i++) {
        double hits = cells[i].scores[metric] * cells[i].score_count;
        wrong += !(fabs(hits - round(hits)) < 1e-6 && hits >= 0 && hits <= cells[i].score_count);
    }
    qhm_report_guard *guard = &list->guards[list->count++];
    guard->name = "every accuracy is k/n";
    guard->passed = wrong == 0;
    return qhm_results_text(list->results, &guard->detail, "%zu of %zu test accuracies are not",
                            wrong, count);
}

static qhm_status check_budgets(guard_list *list, const qhm_run_task *task,
                                const qhm_result_cell *cells)
{
    size_t resamples = list->results->run->resample_count;
    size_t count = task->contender_count * resamples, unequal = 0, other_rows = 0;
    for (size_t i = 0; i < count; i++) {
        unequal += cells[i].trials != cells[0].trials;
        other_rows += cells[i].train_count != cells[i % resamples].train_count ||
                      cells[i].score_count != cells[i % resamples].score_count;
    }
    qhm_report_guard *guard = &list->guards[list->count++];
    guard->name = "equal tuning budgets";
    guard->passed = unequal == 0;
    QHM_TRY(qhm_results_text(list->results, &guard->detail,
                             "%zu trials for every model and resample; %zu differ", cells[0].trials,
                             unequal));
    guard = &list->guards[list->count++];
    guard->name = "the same rows for every model";
    guard->passed = other_rows == 0;
    return qhm_results_text(list->results, &guard->detail,
                            "%zu of %zu trainings had other numbers of rows", other_rows, count);
}

qhm_status qhm_results_add_guards(qhm_results *results, const qhm_run_task *task,
                                  const qhm_result_cell *cells, qhm_report_task *out)
{
    guard_list list = {.results = results};
    QHM_TRY(qhm_results_take(results, MAX_GUARDS, sizeof *list.guards, &list.guards));
    QHM_TRY(check_leaks(&list, task));
    QHM_TRY(check_accuracies(&list, task, cells));
    QHM_TRY(check_budgets(&list, task, cells));
    out->guards = list.guards;
    out->guard_count = list.count;
    return QHM_OK;
}
