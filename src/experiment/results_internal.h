// Results in work: the jobs' numbers in a table, and memory that lives until the report is saved.
#ifndef QHM_EXPERIMENT_RESULTS_INTERNAL_H
#define QHM_EXPERIMENT_RESULTS_INTERNAL_H

#include "experiment/run_internal.h"
#include "tensor/arena.h"

#include <jansson.h>
#include <qhm/report.h>
#include <qhm/verdict.h>

// The final job of one contender on one resample.
typedef struct qhm_result_cell {
    double scores[QHM_MAX_METRICS];
    double validation, train_count, score_count, flops, circuits, seconds;
    size_t parameters, embedding_parameters, trials;
    const json_t *examples;   // NULL when it has none
    const json_t *ladder;     // the same
    const char *choice;       // what the trials chose for a module; NULL: there was no choice
    const json_t *yields;     // the same
    const qhm_run_job *curve; // the job whose learning curve is shown, or NULL
} qhm_result_cell;

typedef struct qhm_results {
    qhm_run_state *run;
    qhm_run_jobs *jobs;
    qhm_arena arena;
    json_t **roots; // the jobs' metrics, kept while cells point into them
    size_t root_count, root_capacity;
} qhm_results;

// Formats a text into the results' memory.
QHM_MUST_CHECK qhm_status qhm_results_text(qhm_results *results, const char **out,
                                           const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// Zeroed memory of the results.
QHM_MUST_CHECK qhm_status qhm_results_take(qhm_results *results, size_t count, size_t size,
                                           void *out_pointer);

// A number of a job's JSON; NaN where there is none.
double qhm_results_number(const json_t *object, const char *name);

// results_examples.c: retrieval queries with their pictures, confusion matrices.
// cells [contender][resample].
QHM_MUST_CHECK qhm_status qhm_results_add_examples(qhm_results *results, const qhm_run_task *task,
                                                   const qhm_result_cell *cells,
                                                   qhm_report_task *out);
// results_circuits.c: drawings, counts and the gradient doctor.
QHM_MUST_CHECK qhm_status qhm_results_add_circuits(qhm_results *results, const qhm_run_task *task,
                                                   qhm_report_task *out);
// results_modules.c: one line on a model; cells [resample] are its own.
QHM_MUST_CHECK qhm_status qhm_results_describe_module(qhm_results *results,
                                                      const qhm_contender *contender,
                                                      const qhm_result_cell *cells,
                                                      const char **summary);
// results_ladder.c: the models run on devices.
QHM_MUST_CHECK qhm_status qhm_results_add_ladder(qhm_results *results, const qhm_run_task *task,
                                                 const qhm_result_cell *cells,
                                                 qhm_report_task *out);
// costs_rows.c: what a row costs, here and on the devices.
QHM_MUST_CHECK qhm_status qhm_results_add_costs(qhm_results *results, const qhm_run_task *task,
                                                const qhm_result_cell *cells, qhm_report_task *out);
// results_yield.c: the models run on chips of which some parts are dead.
QHM_MUST_CHECK qhm_status qhm_results_add_yields(qhm_results *results, const qhm_run_task *task,
                                                 const qhm_result_cell *cells,
                                                 qhm_report_task *out);
// results_guards.c: checks that the scores are no artefact.
QHM_MUST_CHECK qhm_status qhm_results_add_guards(qhm_results *results, const qhm_run_task *task,
                                                 const qhm_result_cell *cells,
                                                 qhm_report_task *out);

#endif
