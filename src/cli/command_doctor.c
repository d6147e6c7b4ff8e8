// qhm doctor: can the parameters of a run file's circuits learn?
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/run_file_argument.h"
#include "cli/text_table.h"

#include <qhm/backend.h>
#include <qhm/gradient_doctor.h>
#include <qhm/run.h>
#include <string.h>
#include <unistd.h>

enum { LARGEST_POINTS = 100000 };

static const char *finding(const qhm_parameter_health *health)
{
    return health->is_wrong       ? "wrong"
           : health->is_dead      ? "dead"
           : health->is_vanishing ? "vanishing"
                                  : "";
}

static const char *slot_name(qhm_slot slot)
{
    return slot == QHM_SLOT_INPUT ? "input" : "weight";
}

static void print_circuit(const qhm_run_circuit *circuit, const qhm_gradient_report *report,
                          bool is_first, FILE *out)
{
    static const qhm_text_column columns[] = {
        {"slot", false},
        {"angles", true},
        {"variance", true},
        {"largest", true},
        {"|shift - adjoint|", true},
        {"|difference - adjoint|", true},
        {"finding", false},
    };
    fputs(is_first ? "" : "\n", out);
    qhm_print_safe(out, circuit->task);
    fputs(", ", out);
    qhm_print_safe(out, circuit->model);
    fprintf(out,
            ": %zu qubits, %zu parameters at %zu random points: %zu dead, %zu vanishing, "
            "%zu wrong\n",
            qhm_circuit_qubit_count(circuit->circuit), report->parameter_count, report->points,
            report->dead_count, report->vanishing_count, report->wrong_count);
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < report->parameter_count; i++) {
        const qhm_parameter_health *health = &report->parameters[i];
        qhm_text_table_add(table, "%s %u", slot_name(health->slot), health->index);
        qhm_text_table_add(table, "%zu", health->occurrences);
        qhm_text_table_add(table, "%.3g", health->variance);
        qhm_text_table_add(table, "%.3g", health->largest);
        qhm_text_table_add(table, "%.1e", health->shift_error);
        qhm_text_table_add(table, "%.1e", health->difference_error);
        qhm_text_table_add(table, "%s", finding(health));
    }
    qhm_text_table_print(table, 2, out);
    qhm_text_table_destroy(table);
}

static json_t *parameter_to_json(const qhm_parameter_health *health)
{
    const char *found = finding(health);
    return json_pack(
        "{s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:s}", "slot", slot_name(health->slot), "index",
        (json_int_t)health->index, "angles", (json_int_t)health->occurrences, "variance",
        qhm_json_number(health->variance), "largest", qhm_json_number(health->largest),
        "shift_error", qhm_json_number(health->shift_error), "difference_error",
        qhm_json_number(health->difference_error), "finding", found[0] ? found : "well");
}

static json_t *circuit_to_json(const qhm_run_circuit *circuit, const qhm_gradient_report *report)
{
    json_t *parameters = json_array();
    for (size_t i = 0; i < report->parameter_count; i++)
        json_array_append_new(parameters, parameter_to_json(&report->parameters[i]));
    return json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:o}", "task",
                     qhm_json_text(circuit->task), "model", qhm_json_text(circuit->model), "qubits",
                     (json_int_t)qhm_circuit_qubit_count(circuit->circuit), "points",
                     (json_int_t)report->points, "dead", (json_int_t)report->dead_count,
                     "vanishing", (json_int_t)report->vanishing_count, "wrong",
                     (json_int_t)report->wrong_count, "parameters", parameters);
}

// Examines one circuit and tells what was found, in the array or on `out`.
static qhm_status examine(qhm_backend *backend, const qhm_run_circuit *circuit,
                          const qhm_arguments *arguments, bool is_first, json_t *list, FILE *out)
{
    qhm_gradient_doctor_options options = {
        .points = (size_t)arguments->points,
        .seed = arguments->seed,
    };
    qhm_gradient_report *report = NULL;
    qhm_status status = qhm_gradient_doctor_run(backend, circuit->circuit, circuit->observables,
                                                circuit->observable_count, &options, &report);
    if (status != QHM_OK)
        return status;
    if (arguments->json)
        json_array_append_new(list, circuit_to_json(circuit, report));
    else
        print_circuit(circuit, report, is_first, out);
    qhm_gradient_report_destroy(report);
    return QHM_OK;
}

static int examine_all(const qhm_run_file *file, const qhm_arguments *arguments, FILE *out)
{
    qhm_backend *backend = NULL;
    size_t count = 0;
    const qhm_run_circuit *circuits = qhm_run_file_circuits(file, &count);
    json_t *list = json_array();
    qhm_status status = qhm_backend_create("statevector", NULL, &backend);
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = examine(backend, &circuits[i], arguments, i == 0, list, out);
    qhm_backend_destroy(backend);
    if (status != QHM_OK) {
        json_decref(list);
        return qhm_fail_status(status);
    }
    if (arguments->json)
        return qhm_json_print(json_pack("{s:o}", "circuits", list), out);
    json_decref(list);
    return QHM_EXIT_OK;
}

static int run_doctor(const qhm_arguments *arguments, FILE *out)
{
    qhm_run_file *file = NULL;
    int code = qhm_run_file_argument_load(arguments, &file);
    if (code != QHM_EXIT_OK)
        return code;
    code = examine_all(file, arguments, out);
    qhm_run_file_destroy(file);
    return code;
}

static const qhm_cli_option option_points = {
    .name = "points",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, points),
    .minimum = 1,
    .maximum = LARGEST_POINTS,
    .help = "random points of inputs and weights to try; default 32",
};

static const qhm_cli_option option_seed = {
    .name = "seed",
    .value = "N",
    .type = QHM_CLI_SEED,
    .offset = offsetof(qhm_arguments, seed),
    .help = "the seed of the points; default 0",
};

static const qhm_cli_option *const options[] = {
    &option_points, &option_seed, &qhm_option_set, &qhm_option_threads, &qhm_option_json, NULL,
};

const qhm_command qhm_command_doctor = {
    .name = "doctor",
    .operands = "RUN-FILE",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "examine the gradients of a run file's circuits and name parameters that cannot learn",
    .details =
        "At each random point the gradient is computed in three ways: adjoint, parameter shift "
        "and finite differences. A slot is dead when its gradient is zero everywhere, vanishing "
        "when it is as small as in a random circuit, wrong when the three ways disagree. Findings "
        "are no failure: the exit status is 0.",
    .example = "qhm doctor examples/emoji.yaml",
    .run = run_doctor,
};
