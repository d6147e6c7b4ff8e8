// Estimates as text and as JSON.
#include "cli/estimate_output.h"

#include "cli/console.h"
#include "cli/cost_output.h"
#include "cli/json_output.h"
#include "cli/text_table.h"

#include <math.h>
#include <qhm/types.h>
#include <string.h>

static json_t *device_json(const qhm_device *device)
{
    return json_pack("{s:o, s:o, s:o, s:I}", "name", qhm_json_text(qhm_device_name(device)),
                     "title", qhm_json_text(qhm_device_title(device)), "preset",
                     qhm_json_text(qhm_device_preset(device)), "qubits",
                     (json_int_t)qhm_device_qubit_count(device));
}

static json_t *compiled_json(const qhm_compile_summary *compiled)
{
    return json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "qubits",
        (json_int_t)compiled->qubit_count, "swaps", (json_int_t)compiled->swap_count, "depth",
        (json_int_t)compiled->depth, "two_qubit_depth", (json_int_t)compiled->two_qubit_depth,
        "one_qubit_gates", (json_int_t)compiled->one_qubit_gates, "two_qubit_gates",
        (json_int_t)compiled->two_qubit_gates, "joint_measurements",
        (json_int_t)compiled->joint_measurement_count, "measurements",
        (json_int_t)compiled->measurement_count, "t_states", (json_int_t)compiled->t_count,
        "assumed_operations", (json_int_t)compiled->assumed_count, "duration_ns",
        qhm_json_number(compiled->duration_ns), "estimated_success",
        qhm_json_number(compiled->estimated_success), "rotation_error",
        qhm_json_number(compiled->rotation_error));
}

static json_t *constraints_json(const qhm_device *device, uint64_t qubits)
{
    qhm_cost_constraint found[QHM_COST_MOST_CONSTRAINTS];
    size_t count;
    qhm_cost_find_constraints(device, qubits, found, &count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:o, s:s, s:s, s:o}", "name", found[i].name,
                                        "demand", qhm_json_number(found[i].demand), "supply",
                                        qhm_json_number(found[i].supply), "unit", found[i].unit,
                                        "status", qhm_figure_status_name(found[i].status), "source",
                                        qhm_json_text(found[i].source)));
    return list;
}

static json_t *row_json(const qhm_estimate_row *row)
{
    const qhm_estimate *e = &row->estimate;
    if (row->error)
        return json_pack("{s:o, s:o, s:o}", "task", qhm_json_text(row->task), "model",
                         qhm_json_text(row->model), "error", qhm_json_text(row->error));
    json_t *object =
        json_pack("{s:o, s:I, s:I, s:o, s:o, s:b, s:o, s:o, s:I, s:I, s:o}", "compiled",
                  compiled_json(&e->compiled), "settings", (json_int_t)e->settings.count, "shots",
                  (json_int_t)e->shots, "precision", qhm_json_number(e->precision),
                  "rescaling_shots", qhm_json_number(e->rescaling_shots), "is_pair", row->is_pair,
                  "ledger", qhm_json_ledger(&e->ledger), "cost", qhm_cost_json(&row->one),
                  "samples", (json_int_t)row->samples, "executions", (json_int_t)row->executions,
                  "all_samples", qhm_cost_json(&row->all));
    if (row->task) {
        json_object_set_new(object, "task", qhm_json_text(row->task));
        json_object_set_new(object, "model", qhm_json_text(row->model));
    }
    if (row->training_executions > 0) {
        json_object_set_new(object, "training_executions",
                            json_integer((json_int_t)row->training_executions));
        json_object_set_new(object, "training", qhm_cost_json(&row->training));
    }
    return object;
}

static void print_constraints(const qhm_device *device, uint64_t qubits, FILE *out)
{
    static const qhm_text_column columns[] = {{"a machine of this size", false},
                                              {"needs", true},
                                              {"this one has", true},
                                              {"", false},
                                              {"figure", false}};
    qhm_cost_constraint found[QHM_COST_MOST_CONSTRAINTS];
    size_t count;
    qhm_cost_find_constraints(device, qubits, found, &count);
    qhm_text_table *table = qhm_text_table_create(columns, 5);
    for (size_t i = 0; i < count; i++) {
        qhm_text_table_add(table, "%s", found[i].name);
        if (isnan(found[i].demand))
            qhm_text_table_add(table, "not known");
        else
            qhm_text_table_add(table, "%.4g", found[i].demand);
        qhm_text_table_add(table, "%.4g", found[i].supply);
        qhm_text_table_add(table, "%s", found[i].unit);
        qhm_text_table_add(table, "%s", qhm_figure_status_name(found[i].status));
    }
    fputs("\n", out);
    qhm_text_table_print(table, 0, out);
    qhm_text_table_destroy(table);
}

static bool is_ideal(const qhm_device *device)
{
    return qhm_device_family_of(device) == QHM_DEVICE_IDEAL;
}

static void print_compiled(const qhm_compile_summary *compiled, bool is_timeless, FILE *out)
{
    fprintf(out, "compiled to %zu gate%s of one qubit and %zu of two, ", compiled->one_qubit_gates,
            compiled->one_qubit_gates == 1 ? "" : "s", compiled->two_qubit_gates);
    if (compiled->joint_measurement_count > 0)
        fprintf(out, "%zu joint measurements, ", compiled->joint_measurement_count);
    fprintf(out, "%zu swaps, two-qubit depth %zu", compiled->swap_count, compiled->two_qubit_depth);
    if (!is_timeless)
        fprintf(out, ", %.4g ns a run", compiled->duration_ns);
    fputs("\n", out);
    if (compiled->assumed_count > 0)
        fprintf(out, "%zu operations of it are assumed: nobody published that the chip has them\n",
                compiled->assumed_count);
}

int qhm_estimate_print_circuit(const qhm_estimate_row *row, const qhm_device *device,
                               const qhm_arguments *arguments, FILE *out)
{
    const qhm_estimate *e = &row->estimate;
    const uint64_t size = arguments->qubits > 0 ? arguments->qubits : e->compiled.qubit_count;
    if (arguments->json) {
        json_t *object = row_json(row);
        json_object_set_new(object, "file", qhm_json_text(row->file));
        json_object_set_new(object, "device", device_json(device));
        json_object_set_new(object, "constraints", constraints_json(device, size));
        return qhm_json_print(object, out);
    }
    qhm_print_safe(out, row->file);
    fprintf(out, " on %s: %zu of %zu qubits\n", qhm_device_title(device), e->compiled.qubit_count,
            qhm_device_qubit_count(device));
    print_compiled(&e->compiled, is_ideal(device), out);
    fprintf(out,
            "%llu shots in each of %zu setting%s, for a standard error of %.3g before noise; a run "
            "succeeds with about %.3g\n",
            (unsigned long long)e->shots, e->settings.count, e->settings.count == 1 ? "" : "s",
            e->precision, e->compiled.estimated_success);
    if (row->samples > 1)
        fprintf(out, "%llu samples in one job\n", (unsigned long long)row->samples);
    fputs("\n", out);
    if (is_ideal(device)) {
        fputs(qhm_no_cost, out);
        return QHM_EXIT_OK;
    }
    const int code = qhm_cost_print_safe(&row->all, out);
    if (code == QHM_EXIT_OK && arguments->qubits > 0)
        print_constraints(device, size, out);
    return code;
}

static void print_unit(qhm_text_table *table, bool is_there, double value)
{
    if (!is_there)
        qhm_text_table_add(table, "none");
    else if (isnan(value))
        qhm_text_table_add(table, "not known");
    else
        qhm_text_table_add(table, "%.3g", value);
}

static void print_rows(const qhm_estimate_row *rows, size_t count, FILE *out)
{
    static const qhm_text_column columns[] = {
        {"circuit", false}, {"qubits", true},      {"two-qubit depth", true}, {"success", true},
        {"settings", true}, {"shots", true},       {"a sample, s", true},     {"all, s", true},
        {"all, J", true},   {"training, s", true}, {"training, J", true}};
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        const qhm_estimate_row *row = &rows[i];
        if (row->error)
            continue;
        qhm_text_table_add(table, "%s/%s", row->task, row->model);
        qhm_text_table_add(table, "%zu", row->estimate.compiled.qubit_count);
        qhm_text_table_add(table, "%zu", row->estimate.compiled.two_qubit_depth);
        qhm_text_table_add(table, "%.3g", row->estimate.compiled.estimated_success);
        qhm_text_table_add(table, "%zu", row->estimate.settings.count);
        qhm_text_table_add(table, "%llu", (unsigned long long)row->estimate.shots);
        print_unit(table, true, row->one.total_seconds);
        print_unit(table, true, row->all.total_seconds);
        print_unit(table, true, row->all.total_joules);
        print_unit(table, row->training_executions > 0, row->training.total_seconds);
        print_unit(table, row->training_executions > 0, row->training.total_joules);
    }
    qhm_text_table_print(table, 2, out);
    qhm_text_table_destroy(table);
}

static json_t *rows_json(const qhm_estimate_row *rows, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, row_json(&rows[i]));
    return list;
}

// Figures that are not measured, once for all circuits.
static void print_figures(const qhm_cost *cost, FILE *out)
{
    if (qhm_cost_status(cost) <= QHM_FIGURE_MEASURED)
        return;
    fputs("rests on figures that are not measured:\n", out);
    for (size_t i = 0; i < cost->figure_count; i++) {
        const qhm_figure *figure = &cost->figures[i].figure;
        if (figure->status == QHM_FIGURE_NONE)
            fprintf(out, "  %s is not given\n", cost->figures[i].name);
        else if (figure->status != QHM_FIGURE_MEASURED)
            fprintf(out, "  %s %g is %s\n", cost->figures[i].name, figure->value,
                    qhm_figure_status_name(figure->status));
    }
}

int qhm_estimate_print_run(const char *name, const qhm_estimate_row *rows, size_t count,
                           const qhm_device *device, const qhm_arguments *arguments, FILE *out)
{
    const qhm_estimate_row *fitting = NULL;
    for (size_t i = 0; i < count; i++)
        if (!rows[i].error && !fitting)
            fitting = &rows[i];
    if (arguments->json)
        return qhm_json_print(json_pack("{s:o, s:o, s:o}", "name", qhm_json_text(name), "device",
                                        device_json(device), "circuits", rows_json(rows, count)),
                              out);
    qhm_print_safe(out, name);
    fprintf(out, " on %s\n\n", qhm_device_title(device));
    for (size_t i = 0; i < count; i++)
        if (rows[i].error) {
            fprintf(out, "  %s/%s does not fit: ", rows[i].task, rows[i].model);
            qhm_print_safe(out, rows[i].error);
            fputs("\n", out);
        }
    if (!fitting)
        return QHM_EXIT_OK;
    print_rows(rows, count, out);
    fprintf(out,
            "\nall: %llu samples forward once. training: every epoch by parameter shift, a job for "
            "every step's values and one for its gradients.\n",
            (unsigned long long)fitting->samples);
    if (is_ideal(device))
        fputs(qhm_no_cost, out);
    else
        print_figures(&fitting->all, out);
    return QHM_EXIT_OK;
}
