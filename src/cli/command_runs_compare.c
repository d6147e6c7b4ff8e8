// qhm runs compare: two runs row by row.
#include "cli/console.h"
#include "cli/import_output.h"
#include "cli/json_output.h"
#include "cli/report_output.h"
#include "cli/run_lookup.h"
#include "cli/text_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct comparison {
    char *folders[2];
    qhm_report *reports[2];
} comparison;

static bool is_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

// Stands for a task that a run does not have: no name, no models.
static const qhm_report_task no_task;

static const qhm_report_task *find_task(const qhm_report *report, const char *name)
{
    for (size_t i = 0; i < report->task_count; i++)
        if (is_same(report->tasks[i].name, name))
            return &report->tasks[i];
    return &no_task;
}

static const qhm_report_model *find_model(const qhm_report_task *task, const char *name)
{
    for (size_t i = 0; i < task->model_count; i++)
        if (is_same(task->models[i].name, name))
            return &task->models[i];
    return NULL;
}

static double change(const qhm_report_model *a, const qhm_report_model *b)
{
    return a && b ? b->metric.mean - a->metric.mean : (double)NAN;
}

typedef void row_function(const char *name, const qhm_report_model *a, const qhm_report_model *b,
                          void *context);

// Calls `row` for the models of a, then for those that only b has.
static void each_model(const qhm_report_task *a, const qhm_report_task *b, row_function *row,
                       void *context)
{
    for (size_t i = 0; i < a->model_count; i++)
        row(a->models[i].name, &a->models[i], find_model(b, a->models[i].name), context);
    for (size_t i = 0; i < b->model_count; i++)
        if (!find_model(a, b->models[i].name))
            row(b->models[i].name, NULL, &b->models[i], context);
}

static void add_row(const char *name, const qhm_report_model *a, const qhm_report_model *b,
                    void *context)
{
    qhm_text_table *table = context;
    const qhm_report_model *models[] = {a, b};
    qhm_text_table_add(table, "%s", name ? name : "");
    for (int i = 0; i < 2; i++) {
        char *text = models[i] ? qhm_interval_text(models[i]->metric) : NULL;
        qhm_text_table_add(table, "%s", text ? text : "");
        free(text);
    }
    double difference = change(a, b);
    qhm_text_table_add(table, isfinite(difference) ? "%+.4f" : "", difference);
}

static const char *verdict_of(const qhm_report_task *task)
{
    return task->name ? qhm_verdict_words(task->verdict) : "has no such task";
}

static bool is_comparable(const qhm_report_task *a, const qhm_report_task *b)
{
    return !a->name || !b->name || is_same(a->metric, b->metric);
}

static void print_task(const qhm_report_task *a, const qhm_report_task *b, FILE *out)
{
    static const qhm_text_column columns[] = {
        {"model", false}, {"a", true}, {"b", true}, {"b - a", true}};
    const char *name = a->name ? a->name : b->name, *metric = a->name ? a->metric : b->metric;
    fputc('\n', out);
    qhm_print_safe(out, name ? name : "");
    fputs(", ", out);
    qhm_print_safe(out, metric ? metric : "");
    fprintf(out, ": a %s, b %s\n", verdict_of(a), verdict_of(b));
    if (!is_comparable(a, b)) {
        fputs("  not compared: the metrics differ\n", out);
        return;
    }
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    each_model(a, b, add_row, table);
    qhm_text_table_print(table, 2, out);
    qhm_text_table_destroy(table);
}

static void print_text(const comparison *compared, FILE *out)
{
    for (int i = 0; i < 2; i++) {
        fprintf(out, "%c: ", 'a' + i);
        qhm_print_safe(out, compared->folders[i]);
        fprintf(out, ", seed %" PRIu64 ", %s\n", compared->reports[i]->seed,
                qhm_verdict_words(compared->reports[i]->verdict));
    }
    const qhm_report *a = compared->reports[0], *b = compared->reports[1];
    for (size_t i = 0; i < a->task_count; i++)
        print_task(&a->tasks[i], find_task(b, a->tasks[i].name), out);
    for (size_t i = 0; i < b->task_count; i++)
        if (!find_task(a, b->tasks[i].name)->name)
            print_task(&no_task, &b->tasks[i], out);
}

static void add_json_row(const char *name, const qhm_report_model *a, const qhm_report_model *b,
                         void *context)
{
    json_array_append_new(context, json_pack("{s:o, s:o, s:o, s:o}", "name", qhm_json_text(name),
                                             "a", a ? qhm_interval_to_json(a->metric) : json_null(),
                                             "b", b ? qhm_interval_to_json(b->metric) : json_null(),
                                             "difference", qhm_json_number(change(a, b))));
}

static json_t *task_to_json(const qhm_report_task *a, const qhm_report_task *b)
{
    json_t *models = json_array();
    if (is_comparable(a, b))
        each_model(a, b, add_json_row, models);
    return json_pack("{s:o, s:o, s:b, s:o, s:o, s:o}", "name",
                     qhm_json_text(a->name ? a->name : b->name), "metric",
                     qhm_json_text(a->name ? a->metric : b->metric), "same_metric",
                     (int)is_comparable(a, b), "verdict_a", qhm_json_text(a->verdict), "verdict_b",
                     qhm_json_text(b->verdict), "models", models);
}

static int print_json(const comparison *compared, FILE *out)
{
    const qhm_report *a = compared->reports[0], *b = compared->reports[1];
    json_t *tasks = json_array();
    for (size_t i = 0; i < a->task_count; i++)
        json_array_append_new(tasks, task_to_json(&a->tasks[i], find_task(b, a->tasks[i].name)));
    for (size_t i = 0; i < b->task_count; i++)
        if (!find_task(a, b->tasks[i].name)->name)
            json_array_append_new(tasks, task_to_json(&no_task, &b->tasks[i]));
    return qhm_json_print(json_pack("{s:o, s:o, s:o}", "a", qhm_json_text(compared->folders[0]),
                                    "b", qhm_json_text(compared->folders[1]), "tasks", tasks),
                          out);
}

static int run_runs_compare(const qhm_arguments *arguments, FILE *out)
{
    comparison compared = {0};
    int code = QHM_EXIT_OK;
    for (int i = 0; i < 2 && code == QHM_EXIT_OK; i++)
        code = qhm_run_lookup(arguments, arguments->operands[i], &compared.folders[i]);
    const bool are_imported = code == QHM_EXIT_OK && qhm_imported_run_is_in(compared.folders[0]) &&
                              qhm_imported_run_is_in(compared.folders[1]);
    for (int i = 0; i < 2 && code == QHM_EXIT_OK && !are_imported; i++)
        code = qhm_report_open(compared.folders[i], &compared.reports[i]);
    if (are_imported)
        code = qhm_import_compare(compared.folders, arguments->json, out);
    else if (code == QHM_EXIT_OK && arguments->json)
        code = print_json(&compared, out);
    else if (code == QHM_EXIT_OK)
        print_text(&compared, out);
    for (int i = 0; i < 2; i++) {
        qhm_report_destroy(compared.reports[i]);
        free(compared.folders[i]);
    }
    return code;
}

static const qhm_cli_option *const options[] = {&qhm_option_runs, &qhm_option_json, NULL};

const qhm_command qhm_command_runs_compare = {
    .name = "runs compare",
    .operands = "RUN RUN",
    .least = 2,
    .most = 2,
    .options = options,
    .help =
        "compare two finished runs, model by model, or two imported results, outcome by outcome",
    .details = "Each RUN is a folder, an id, the beginning of an id that no other run has, or "
               "latest. The differences are of means: the runs may rest on different rows.\n"
               "Imported results are compared with each other only, and only where their circuits "
               "have the same classical registers; it is said when the circuits differ.",
    .example = "qhm runs compare 20260131T12 latest",
    .run = run_runs_compare,
};
