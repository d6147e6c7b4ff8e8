// Which chips the layers of a run got, and yields, as text and as JSON.
#include "cli/report_places_output.h"

#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/report_output.h"
#include "cli/text_table.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static const char *text_of(const char *text)
{
    return text ? text : "";
}

static void print_placements(const qhm_report_task *task, FILE *out)
{
    if (task->placement_count > 0)
        fputc('\n', out);
    for (size_t i = 0; i < task->placement_count; i++) {
        const qhm_report_placement *placement = &task->placements[i];
        char *line = qhm_print_text("placed, %s, %s %s", text_of(placement->model),
                                    text_of(placement->layer), text_of(placement->reason));
        qhm_print_wrapped(out, line, 2, qhm_console_width(STDOUT_FILENO, 100));
        free(line);
    }
}

// "0.93 (0.90 to 0.95)": the mean and the range.
static void add_range(qhm_text_table *table, qhm_interval range)
{
    if (!isfinite(range.mean))
        qhm_text_table_add(table, "%s", "");
    else if (range.lower == range.upper)
        qhm_text_table_add(table, "%.4f", range.mean);
    else
        qhm_text_table_add(table, "%.4f (%.4f to %.4f)", range.mean, range.lower, range.upper);
}

static void print_yields(const qhm_report_task *task, FILE *out)
{
    if (task->yield_count == 0)
        return;
    const qhm_text_column columns[] = {
        {"on", false},  {"model", false},         {"yield", true},
        {"fits", true}, {"success, range", true}, {text_of(task->metric), true},
        {"", false}};
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < task->yield_count; i++) {
        const qhm_report_yield *yield = &task->yields[i];
        qhm_text_table_add(table, "%s", text_of(yield->device));
        qhm_text_table_add(table, "%s", text_of(yield->model));
        qhm_text_table_add(table, "%g", yield->yield);
        qhm_text_table_add(table, "%zu of %zu", yield->fitting, yield->samples);
        add_range(table, yield->success);
        add_range(table, yield->metric);
        qhm_text_table_add(table, "%s", text_of(yield->note));
    }
    fputc('\n', out);
    qhm_text_table_print(table, 2, out);
    qhm_text_table_destroy(table);
}

void qhm_report_places_print(const qhm_report_task *task, FILE *out)
{
    print_placements(task, out);
    print_yields(task, out);
}

static json_t *placement_to_json(const qhm_report_placement *placement)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "model", qhm_json_text(placement->model),
        "layer", qhm_json_text(placement->layer), "device", qhm_json_text(placement->device),
        "reason", qhm_json_text(placement->reason), "qubits", qhm_json_number(placement->qubits),
        "two_qubit_gates", qhm_json_number(placement->two_qubit_gates), "success",
        qhm_json_number(placement->success), "seconds", qhm_json_number(placement->seconds),
        "joules", qhm_json_number(placement->joules));
}

static json_t *yield_to_json(const qhm_report_yield *yield)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "model",
                     qhm_json_text(yield->model), "device", qhm_json_text(yield->device), "note",
                     qhm_json_text(yield->note), "yield", qhm_json_number(yield->yield), "samples",
                     (json_int_t)yield->samples, "fitting", (json_int_t)yield->fitting, "success",
                     qhm_interval_to_json(yield->success), "metric",
                     qhm_interval_to_json(yield->metric));
}

void qhm_report_places_to_json(const qhm_report_task *task, json_t *object)
{
    json_t *placements = json_array(), *yields = json_array();
    for (size_t i = 0; i < task->placement_count; i++)
        json_array_append_new(placements, placement_to_json(&task->placements[i]));
    for (size_t i = 0; i < task->yield_count; i++)
        json_array_append_new(yields, yield_to_json(&task->yields[i]));
    json_object_set_new(object, "placements", placements);
    json_object_set_new(object, "yields", yields);
}
