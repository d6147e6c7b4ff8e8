// Devices beside each other, for one circuit or those of a run file.
#include "cli/estimate_compare.h"

#include "cli/console.h"
#include "cli/cost_output.h"
#include "cli/json_output.h"
#include "cli/text_table.h"

#include <math.h>
#include <qhm/placement.h>
#include <qhm/types.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_WIDTH = 100 };

// The devices of a list of names; [count] each.
typedef struct device_list {
    char *text;         // the names, cut
    const char **names; // into text
    qhm_device **devices;
    size_t count;
    qhm_placement_candidate *candidates;
} device_list;

static void release(device_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        qhm_device_destroy(list->devices[i]);
    free(list->text);
    free(list->names);
    free(list->devices);
    free(list->candidates);
}

static int load(const char *text, device_list *list)
{
    size_t count = 1;
    for (const char *at = text; (at = strchr(at, ',')); at++)
        count++;
    list->text = qhm_print_text("%s", text);
    list->names = qhm_cli_allocate(count, sizeof *list->names);
    list->devices = qhm_cli_allocate(count, sizeof(qhm_device *));
    list->candidates = qhm_cli_allocate(count, sizeof *list->candidates);
    for (char *at = list->text; at;) {
        char *comma = strchr(at, ',');
        if (comma)
            *comma = '\0';
        const qhm_status status = qhm_device_load(at, NULL, &list->devices[list->count]);
        if (status != QHM_OK)
            return qhm_fail_status(status);
        list->names[list->count++] = at;
        at = comma ? comma + 1 : NULL;
    }
    return QHM_EXIT_OK;
}

static void print_table(const device_list *list, size_t chosen, FILE *out)
{
    const qhm_text_column columns[] = {
        {"device", false}, {"success", true}, {"2q gates", true}, {"swaps", true},
        {"seconds", true}, {"joules", true},  {"", false},
    };
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < list->count; i++) {
        const qhm_placement_candidate *candidate = &list->candidates[i];
        const qhm_compile_summary *compiled = &candidate->estimate.compiled;
        qhm_text_table_add(table, "%s", list->names[i]);
        if (!candidate->fits) {
            for (size_t k = 0; k < 5; k++)
                qhm_text_table_add(table, "%s", "");
            qhm_text_table_add(table, "%s", candidate->note);
            continue;
        }
        qhm_text_table_add(table, "%.4f", compiled->estimated_success);
        qhm_text_table_add(table, "%zu", compiled->two_qubit_gates);
        qhm_text_table_add(table, "%zu", compiled->swap_count);
        qhm_text_table_add(table, "%.3g", candidate->cost.total_seconds);
        if (isfinite(candidate->cost.total_joules))
            qhm_text_table_add(table, "%.3g", candidate->cost.total_joules);
        else
            qhm_text_table_add(table, "%s", "not known");
        qhm_text_table_add(table, "%s", i == chosen ? "chosen" : "");
    }
    qhm_text_table_print(table, 0, out);
    qhm_text_table_destroy(table);
}

static void print_subject(const qhm_estimate_subject *subject, const device_list *list,
                          size_t chosen, const char *reason, FILE *out)
{
    qhm_print_safe(out, subject->file ? subject->file : subject->task);
    if (subject->model)
        fprintf(out, ", %s", subject->model);
    fprintf(out, ", %llu execution%s\n\n", (unsigned long long)subject->executions,
            subject->executions == 1 ? "" : "s");
    print_table(list, chosen, out);
    fputc('\n', out);
    qhm_print_wrapped(out, reason, 0, qhm_console_width(STDOUT_FILENO, PIPE_WIDTH));
}

static json_t *subject_to_json(const qhm_estimate_subject *subject, const device_list *list,
                               size_t chosen, const char *reason)
{
    json_t *devices = json_array();
    for (size_t i = 0; i < list->count; i++) {
        const qhm_placement_candidate *candidate = &list->candidates[i];
        const qhm_compile_summary *compiled = &candidate->estimate.compiled;
        json_t *object = json_pack("{s:o, s:b}", "device", qhm_json_text(list->names[i]), "fits",
                                   (int)candidate->fits);
        if (candidate->fits) {
            json_object_set_new(object, "success", qhm_json_number(compiled->estimated_success));
            json_object_set_new(object, "two_qubit_gates",
                                json_integer((json_int_t)compiled->two_qubit_gates));
            json_object_set_new(object, "swaps", json_integer((json_int_t)compiled->swap_count));
            json_object_set_new(object, "cost", qhm_cost_json(&candidate->cost));
        } else {
            json_object_set_new(object, "note", qhm_json_text(candidate->note));
        }
        json_array_append_new(devices, object);
    }
    return json_pack("{s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "file", qhm_json_text(subject->file),
                     "task", qhm_json_text(subject->task), "model", qhm_json_text(subject->model),
                     "executions", (json_int_t)subject->executions, "devices", devices, "chosen",
                     qhm_json_text(chosen < list->count ? list->names[chosen] : NULL), "reason",
                     qhm_json_text(reason));
}

int qhm_estimate_compare(const qhm_estimate_subject *subjects, size_t count,
                         const qhm_arguments *arguments, FILE *out)
{
    device_list list = {0};
    int code = load(arguments->device, &list);
    json_t *results = json_array();
    size_t placed = 0;
    for (size_t i = 0; i < count && code == QHM_EXIT_OK; i++) {
        const qhm_placement_options options = {.estimate = subjects[i].options,
                                               .executions = subjects[i].executions};
        size_t chosen;
        char *reason;
        const qhm_status status =
            qhm_placement_choose(subjects[i].circuit, (const qhm_device *const *)list.devices,
                                 list.count, &options, list.candidates, &chosen, &reason);
        if (status != QHM_OK) {
            code = qhm_fail_status(status);
            continue;
        }
        placed += chosen < list.count;
        if (arguments->json)
            json_array_append_new(results, subject_to_json(&subjects[i], &list, chosen, reason));
        else if (i > 0)
            fputc('\n', out);
        if (!arguments->json)
            print_subject(&subjects[i], &list, chosen, reason, out);
        qhm_string_destroy(reason);
    }
    if (code == QHM_EXIT_OK && arguments->json)
        code = qhm_json_print(json_pack("{s:O}", "comparisons", results), out);
    json_decref(results);
    release(&list);
    return code == QHM_EXIT_OK && placed == 0 ? QHM_EXIT_RESOURCE_LIMIT : code;
}
