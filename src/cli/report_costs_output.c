// What a run's rows cost, as a table and as JSON.
#include "cli/report_costs_output.h"

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

static void add_number(qhm_text_table *table, double value)
{
    if (isfinite(value))
        qhm_text_table_add(table, "%.3g", value);
    else
        qhm_text_table_add(table, "%s", "");
}

// "this machine", "willow", "willow, mitigated".
static void add_place(qhm_text_table *table, const char *device, const char *mitigation)
{
    if (text_of(device)[0] == '\0')
        qhm_text_table_add(table, "%s", "this machine");
    else
        qhm_text_table_add(table, "%s%s", device, text_of(mitigation)[0] ? ", mitigated" : "");
}

void qhm_report_costs_print(const qhm_report_task *task, FILE *out)
{
    if (task->row_cost_count == 0)
        return;
    const qhm_text_column columns[] = {
        {"a row, on", false}, {"model", false}, {"T_C s", true}, {"T_part s", true},
        {"T_Q s", true},      {"T_if s", true}, {"T s", true},   {"chip J", true},
        {"host J", true},     {"", false},
    };
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < task->row_cost_count; i++) {
        const qhm_report_row_cost *cost = &task->row_costs[i];
        add_place(table, cost->device, cost->mitigation);
        qhm_text_table_add(table, "%s", text_of(cost->model));
        add_number(table, cost->model_seconds);
        add_number(table, cost->part_seconds);
        add_number(table, cost->quantum_seconds);
        add_number(table, cost->interface_seconds);
        add_number(table, cost->seconds);
        add_number(table, cost->machine_joules);
        add_number(table, cost->host_joules);
        qhm_text_table_add(table, "%s", text_of(cost->note));
    }
    fputc('\n', out);
    qhm_text_table_print(table, 2, out);
    qhm_text_table_destroy(table);
    char *line = qhm_print_text("T = T_C - T_part + T_Q + T_if; this machine's joules are %s",
                                text_of(task->host_energy));
    qhm_print_wrapped(out, line, 2, qhm_console_width(STDOUT_FILENO, 100));
    free(line);
}

void qhm_report_contest_print(const qhm_report_task *task, FILE *out)
{
    if (task->contestant_count == 0)
        return;
    const qhm_text_column columns[] = {
        {"", true},
        {"contestant", false},
        {"on", false},
        {task->metric ? task->metric : "metric", true},
        {"shots a circuit", true},
        {"seconds", true},
        {"joules", true},
        {"% of budget", true},
        {"training s", true},
        {"", false},
    };
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < task->contestant_count; i++) {
        const qhm_report_contestant *contestant = &task->contestants[i];
        if (contestant->place > 0)
            qhm_text_table_add(table, "%zu", contestant->place);
        else
            qhm_text_table_add(table, "%s", "");
        qhm_text_table_add(table, "%s", text_of(contestant->model));
        add_place(table, contestant->device, contestant->mitigation);
        char *score = qhm_interval_text(contestant->metric);
        qhm_text_table_add(table, "%s", score);
        free(score);
        add_number(table, contestant->shots);
        add_number(table, contestant->seconds);
        add_number(table, contestant->joules);
        add_number(table, 100 * contestant->share);
        add_number(table, contestant->training_seconds);
        qhm_text_table_add(table, "%s", text_of(contestant->note));
    }
    fputc('\n', out);
    if (task->contest)
        qhm_print_wrapped(out, task->contest, 2, qhm_console_width(STDOUT_FILENO, 100));
    fputc('\n', out);
    qhm_text_table_print(table, 2, out);
    qhm_text_table_destroy(table);
}

void qhm_report_sides_print(const qhm_report_task *task, FILE *out)
{
    bool has_begun = false;
    for (size_t i = 0; i < task->side_count; i++) {
        const qhm_report_side *side = &task->sides[i];
        if (!side->is_chip)
            continue;
        if (!has_begun)
            fputc('\n', out);
        has_begun = true;
        char *line = qhm_print_text("break-even, %s: %s", text_of(side->name), text_of(side->note));
        qhm_print_wrapped(out, line, 2, qhm_console_width(STDOUT_FILENO, 100));
        free(line);
    }
}

static json_t *row_cost_to_json(const qhm_report_row_cost *cost)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "model",
        qhm_json_text(cost->model), "device", qhm_json_text(cost->device), "mitigation",
        qhm_json_text(cost->mitigation), "note", qhm_json_text(cost->note), "shots",
        qhm_json_number(cost->shots), "model_seconds", qhm_json_number(cost->model_seconds),
        "part_seconds", qhm_json_number(cost->part_seconds), "quantum_seconds",
        qhm_json_number(cost->quantum_seconds), "interface_seconds",
        qhm_json_number(cost->interface_seconds), "seconds", qhm_json_number(cost->seconds),
        "machine_joules", qhm_json_number(cost->machine_joules), "host_joules",
        qhm_json_number(cost->host_joules));
}

static json_t *contestant_to_json(const qhm_report_contestant *contestant)
{
    return json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "place",
        (json_int_t)contestant->place, "model", qhm_json_text(contestant->model), "device",
        qhm_json_text(contestant->device), "mitigation", qhm_json_text(contestant->mitigation),
        "note", qhm_json_text(contestant->note), "metric", qhm_interval_to_json(contestant->metric),
        "shots", qhm_json_number(contestant->shots), "paid_shots",
        qhm_json_number(contestant->paid_shots), "seconds", qhm_json_number(contestant->seconds),
        "joules", qhm_json_number(contestant->joules), "share", qhm_json_number(contestant->share),
        "training_seconds", qhm_json_number(contestant->training_seconds), "training_joules",
        qhm_json_number(contestant->training_joules));
}

static json_t *sizes_to_json(const qhm_report_size *sizes, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:o, s:o}", "n", qhm_json_number(sizes[i].size),
                                              "seconds", qhm_json_number(sizes[i].seconds)));
    return list;
}

static json_t *side_to_json(const qhm_report_side *side)
{
    return json_pack("{s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o}", "name", qhm_json_text(side->name),
                     "note", qhm_json_text(side->note), "is_chip", (int)side->is_chip, "from",
                     qhm_json_number(side->from), "until", qhm_json_number(side->until),
                     "errorless_from", qhm_json_number(side->errorless_from), "errorless_until",
                     qhm_json_number(side->errorless_until), "points",
                     sizes_to_json(side->points, side->point_count));
}

void qhm_report_costs_to_json(const qhm_report_task *task, json_t *object)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < task->row_cost_count; i++)
        json_array_append_new(rows, row_cost_to_json(&task->row_costs[i]));
    json_object_set_new(object, "row_costs", rows);
    json_t *contestants = json_array();
    for (size_t i = 0; i < task->contestant_count; i++)
        json_array_append_new(contestants, contestant_to_json(&task->contestants[i]));
    json_object_set_new(object, "budget",
                        json_pack("{s:o, s:o}", "seconds", qhm_json_number(task->budget_seconds),
                                  "joules", qhm_json_number(task->budget_joules)));
    json_object_set_new(object, "contest",
                        json_pack("{s:o, s:o}", "sentence", qhm_json_text(task->contest),
                                  "contestants", contestants));
    json_t *sides = json_array();
    for (size_t i = 0; i < task->side_count; i++)
        json_array_append_new(sides, side_to_json(&task->sides[i]));
    json_object_set_new(object, "break_even", sides);
    json_object_set_new(object, "host_energy", qhm_json_text(task->host_energy));
}
