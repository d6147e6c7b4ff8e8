// Text for people and JSON for programs. Qubits are the chip's numbers, not those of the compiled
// circuit.
#include "cli/compile_output.h"

#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/text_table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_WIDTH = 100 };

// "a, b and c" of the figures behind the estimate that nobody published; NULL if there are none.
static char *assumed_figures(const qhm_compile_report *report)
{
    static const char *const names[] = {"t1_us", "t2_us"};
    qhm_circuit_counts counts;
    char *list = NULL;
    size_t length = 0;
    FILE *text = open_memstream(&list, &length);
    const bool is_counted =
        qhm_circuit_count(qhm_compiled_circuit(report->compiled), &counts) == QHM_OK;
    for (size_t i = 0; text && is_counted && i < qhm_device_operation_count(report->device); i++) {
        const qhm_device_operation *operation = qhm_device_operation_at(report->device, i), *first;
        const bool is_first = qhm_device_find_operation(report->device, operation->name, &first) &&
                              first == operation; // others of the name have its figures
        if (counts.by_gate[operation->gate] == 0 || operation->is_virtual || !is_first)
            continue;
        if (operation->average_error.status == QHM_FIGURE_ASSUMED)
            fprintf(text, "%serror of %s", ftell(text) > 0 ? ", " : "", operation->name);
        if (operation->duration_ns.status == QHM_FIGURE_ASSUMED)
            fprintf(text, "%sduration of %s", ftell(text) > 0 ? ", " : "", operation->name);
    }
    for (size_t i = 0; text && i < sizeof names / sizeof names[0]; i++)
        if (qhm_device_figure(report->device, names[i]).status == QHM_FIGURE_ASSUMED)
            fprintf(text, "%s%s", ftell(text) > 0 ? ", " : "", names[i]);
    if (text)
        fclose(text);
    if (list && list[0])
        return list;
    free(list);
    return NULL;
}

static void print_passes(const qhm_compiled *compiled, FILE *out)
{
    static const qhm_text_column columns[] = {{"pass", false},
                                              {"1-qubit", true},
                                              {"2-qubit", true},
                                              {"depth", true},
                                              {"what it did", false}};
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < qhm_compiled_step_count(compiled); i++) {
        const qhm_compile_step *step = qhm_compiled_step(compiled, i);
        qhm_text_table_add(table, "%s", step->name);
        qhm_text_table_add(table, "%zu", step->after.one_qubit_gates);
        qhm_text_table_add(table, "%zu", step->after.two_qubit_gates);
        qhm_text_table_add(table, "%zu", step->after.depth);
        qhm_text_table_add(table, "%s", step->detail[0] ? step->detail : step->help);
    }
    qhm_text_table_print(table, 0, out);
    qhm_text_table_destroy(table);
}

static void print_summary(const qhm_compile_report *report, FILE *out)
{
    const qhm_compile_summary *summary = qhm_compiled_summary_of(report->compiled);
    fprintf(out, "\nqubits             %zu of %zu\n", summary->qubit_count,
            qhm_device_qubit_count(report->device));
    fprintf(out, "swaps              %zu\n", summary->swap_count);
    if (summary->joint_measurement_count > 0)
        fprintf(out, "on two qubits      %zu gates, %zu joint measurements, depth %zu\n",
                summary->two_qubit_gates, summary->joint_measurement_count,
                summary->two_qubit_depth);
    else
        fprintf(out, "two-qubit gates    %zu, depth %zu\n", summary->two_qubit_gates,
                summary->two_qubit_depth);
    fprintf(out, "one-qubit gates    %zu, and %zu virtual\n", summary->one_qubit_gates,
            summary->virtual_gates);
    fprintf(out, "depth              %zu\n", summary->depth);
    fprintf(out, "measurements       %zu\n", summary->measurement_count);
    if (summary->t_count > 0)
        fprintf(out, "T states           %zu\n", summary->t_count);
    if (summary->rotation_error > 0)
        fprintf(out, "rotation error     %.3g\n", summary->rotation_error);
    if (summary->assumed_count > 0)
        fprintf(out, "assumed gates      %zu\n", summary->assumed_count);
    fprintf(out, "duration           %.10g ns, %zu delays\n", summary->duration_ns,
            summary->delay_count);
    fprintf(out, "estimated success  %.6g\n", summary->estimated_success);
    char *assumed = assumed_figures(report);
    if (assumed) {
        char *line = qhm_print_text("assumed figures decide: %s", assumed);
        qhm_print_wrapped(out, line, 0, qhm_console_width(STDOUT_FILENO, PIPE_WIDTH));
        free(line);
        free(assumed);
    }
}

static void print_layout(const qhm_compile_report *report, FILE *out)
{
    static const qhm_text_column columns[] = {
        {"qubit", false}, {"starts on", true}, {"ends on", true}};
    const uint32_t *physical = qhm_compiled_physical_qubits(report->compiled, NULL),
                   *initial = qhm_compiled_initial_layout(report->compiled),
                   *final = qhm_compiled_final_layout(report->compiled);
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t r = 0; r < qhm_circuit_qubit_register_count(report->circuit); r++) {
        const qhm_register *qubits = qhm_circuit_qubit_register(report->circuit, r);
        for (uint32_t i = 0; i < qubits->count; i++) {
            qhm_text_table_add(table, "%s[%u]", qubits->name, i);
            qhm_text_table_add(table, "%u", physical[initial[qubits->first + i]]);
            qhm_text_table_add(table, "%u", physical[final[qubits->first + i]]);
        }
    }
    fputc('\n', out);
    qhm_text_table_print(table, 0, out);
    qhm_text_table_destroy(table);
}

void qhm_compile_print_text(const qhm_compile_report *report, FILE *out)
{
    const char *preset = qhm_device_preset(report->device);
    qhm_print_safe(out, report->file);
    fprintf(out, " on %s%s%s, level %d\n\n", qhm_device_name(report->device), preset ? ":" : "",
            preset ? preset : "", report->level);
    print_passes(report->compiled, out);
    print_summary(report, out);
    print_layout(report, out);
    if (report->drawing)
        fprintf(out, "\n%s", report->drawing);
}

static json_t *summary_to_json(const qhm_compile_summary *summary)
{
    json_t *object = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "qubits",
        (json_int_t)summary->qubit_count, "swaps", (json_int_t)summary->swap_count, "depth",
        (json_int_t)summary->depth, "two_qubit_depth", (json_int_t)summary->two_qubit_depth,
        "one_qubit_gates", (json_int_t)summary->one_qubit_gates, "virtual_gates",
        (json_int_t)summary->virtual_gates, "two_qubit_gates", (json_int_t)summary->two_qubit_gates,
        "joint_measurements", (json_int_t)summary->joint_measurement_count, "measurements",
        (json_int_t)summary->measurement_count, "resets", (json_int_t)summary->reset_count,
        "t_states", (json_int_t)summary->t_count, "delays", (json_int_t)summary->delay_count,
        "assumed_gates", (json_int_t)summary->assumed_count);
    json_object_set_new(object, "duration_ns", qhm_json_number(summary->duration_ns));
    json_object_set_new(object, "estimated_success", qhm_json_number(summary->estimated_success));
    json_object_set_new(object, "rotation_error", qhm_json_number(summary->rotation_error));
    return object;
}

static json_t *counts_to_json(const qhm_circuit_counts *counts)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "one_qubit_gates", (json_int_t)counts->one_qubit_gates,
                     "two_qubit_gates", (json_int_t)counts->two_qubit_gates, "larger_gates",
                     (json_int_t)counts->larger_gates, "depth", (json_int_t)counts->depth);
}

static json_t *passes_to_json(const qhm_compiled *compiled)
{
    json_t *list = json_array();
    for (size_t i = 0; i < qhm_compiled_step_count(compiled); i++) {
        const qhm_compile_step *step = qhm_compiled_step(compiled, i);
        json_array_append_new(
            list,
            json_pack("{s:o, s:o, s:o, s:o, s:o}", "name", qhm_json_text(step->name), "help",
                      qhm_json_text(step->help), "detail", qhm_json_text(step->detail), "before",
                      counts_to_json(&step->before), "after", counts_to_json(&step->after)));
    }
    return list;
}

static json_t *qubits_to_json(const uint32_t *physical, const uint32_t *compact, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_integer(physical[compact ? compact[i] : i]));
    return list;
}

int qhm_compile_print_json(const qhm_compile_report *report, FILE *out)
{
    size_t used;
    const uint32_t *physical = qhm_compiled_physical_qubits(report->compiled, &used);
    const size_t logical = qhm_circuit_qubit_count(report->circuit);
    char *assumed = assumed_figures(report);
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:i, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "file",
        qhm_json_text(report->file), "device", qhm_json_text(qhm_device_name(report->device)),
        "preset", qhm_json_text(qhm_device_preset(report->device)), "level", report->level, "seed",
        (json_int_t)report->seed, "summary",
        summary_to_json(qhm_compiled_summary_of(report->compiled)), "assumed_figures",
        qhm_json_text(assumed), "passes", passes_to_json(report->compiled), "physical_qubits",
        qubits_to_json(physical, NULL, used), "initial_layout",
        qubits_to_json(physical, qhm_compiled_initial_layout(report->compiled), logical),
        "final_layout",
        qubits_to_json(physical, qhm_compiled_final_layout(report->compiled), logical));
    if (object && report->drawing)
        json_object_set_new(object, "drawing", qhm_json_text(report->drawing));
    free(assumed);
    return qhm_json_print(object, out);
}
