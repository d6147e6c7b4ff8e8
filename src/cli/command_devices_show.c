// qhm devices show: a chip's figures with their sources, its operations, its map.
#include "cli/console.h"
#include "cli/device_arguments.h"
#include "cli/json_output.h"
#include "cli/output_file.h"
#include "cli/text_table.h"

#include <math.h>
#include <qhm/device_map.h>
#include <qhm/types.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_WIDTH = 100 };

static bool is_assumed(qhm_figure figure)
{
    return figure.status == QHM_FIGURE_ASSUMED;
}

static void count_working(const qhm_device *device, size_t *qubits, size_t *couplers)
{
    *qubits = *couplers = 0;
    for (size_t i = 0; i < qhm_device_qubit_count(device); i++)
        *qubits += qhm_device_qubit_at(device, i)->is_working;
    for (size_t i = 0; i < qhm_device_coupler_count(device); i++)
        *couplers += qhm_device_coupler_at(device, i)->is_working;
}

static void print_head(const qhm_device *device, size_t width, FILE *out)
{
    size_t qubits = qhm_device_qubit_count(device), couplers = qhm_device_coupler_count(device);
    size_t working, working_couplers;
    count_working(device, &working, &working_couplers);
    qhm_print_safe(out, qhm_device_title(device));
    fprintf(out, " (%s), %s", qhm_device_name(device),
            qhm_device_family_name(qhm_device_family_of(device)));
    if (qhm_device_family_of(device) == QHM_DEVICE_IDEAL)
        fprintf(out, ", any number of qubits, all pairs coupled\n");
    else if (qhm_device_is_all_to_all(device))
        fprintf(out, ", %zu qubits, all pairs coupled\n", qubits);
    else
        fprintf(out, ", %zu qubits, %zu couplers\n", qubits, couplers);
    if (working < qubits || working_couplers < couplers)
        fprintf(out, "  %zu qubits and %zu couplers work\n", working, working_couplers);
    for (size_t i = 0; i < qhm_device_preset_count(device); i++) {
        const char *name = qhm_device_preset_name(device, i);
        bool is_used = strcmp(name, qhm_device_preset(device)) == 0;
        fprintf(out, "  %s %s: ", is_used ? "preset in use" : "other preset ", name);
        qhm_print_safe(out, qhm_device_preset_title(device, i));
        fputc('\n', out);
    }
    if (qhm_device_note(device)) {
        fputc('\n', out);
        qhm_print_wrapped(out, qhm_device_note(device), 2, width);
    }
}

static void print_figures(const qhm_device *device, size_t width, FILE *out)
{
    bool has_any = false;
    for (size_t i = 0; i < qhm_figure_count(); i++) {
        const char *name = qhm_figure_name(i);
        qhm_figure figure = qhm_device_figure(device, name);
        if (isnan(figure.value))
            continue;
        if (!has_any)
            fputs("\nfigures; ~ is assumed: nothing is published\n", out);
        has_any = true;
        fprintf(out, "\n%s %-34s %12.6g %-10s %s\n", is_assumed(figure) ? " ~" : "  ", name,
                figure.value, figure.unit, qhm_figure_status_name(figure.status));
        qhm_print_wrapped(out, figure.source, 6, width);
        if (figure.note)
            qhm_print_wrapped(out, figure.note, 6, width);
    }
}

static void print_operations(const qhm_device *device, FILE *out)
{
    static const qhm_text_column columns[] = {
        {"operation", false}, {"gate", false}, {"on", false},
        {"ns", true},         {"error", true}, {"", false},
    };
    if (qhm_device_operation_count(device) == 0)
        return;
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < qhm_device_operation_count(device); i++) {
        const qhm_device_operation *operation = qhm_device_operation_at(device, i);
        double error = qhm_device_operation_error(device, operation, NULL);
        const char *kind = operation->on ? operation->on : "";
        qhm_text_table_add(table, "%s", operation->name);
        qhm_text_table_add(table, "%s", qhm_gate_information(operation->gate)->name);
        qhm_text_table_add(table, "%s%s%s", kind, operation->kinds[0] && kind[0] ? ": " : "",
                           operation->kinds[0] ? operation->kinds[0] : "");
        qhm_text_table_add(table, "%s%g", is_assumed(operation->duration_ns) ? "~" : "",
                           qhm_device_operation_duration_ns(device, operation, NULL));
        if (isnan(error))
            qhm_text_table_add(table, "%s",
                               qhm_device_family_of(device) == QHM_DEVICE_CAT ? "by rates" : "?");
        else
            qhm_text_table_add(table, "%s%.3g", is_assumed(operation->average_error) ? "~" : "",
                               error);
        qhm_text_table_add(table, "%s",
                           operation->is_assumed   ? "~ assumed, needs to be allowed"
                           : operation->is_virtual ? "in software"
                                                   : "");
    }
    fputs("\noperations\n\n", out);
    qhm_text_table_print(table, 2, out);
    qhm_text_table_destroy(table);
}

static json_t *figure_json(qhm_figure figure)
{
    return json_pack("{s:o, s:s, s:s, s:o, s:o}", "value", qhm_json_number(figure.value), "unit",
                     figure.unit, "status", qhm_figure_status_name(figure.status), "source",
                     qhm_json_text(figure.source), "note", qhm_json_text(figure.note));
}

static json_t *figures_json(const qhm_device *device)
{
    json_t *figures = json_object();
    for (size_t i = 0; i < qhm_figure_count(); i++) {
        qhm_figure figure = qhm_device_figure(device, qhm_figure_name(i));
        if (!isnan(figure.value))
            json_object_set_new(figures, qhm_figure_name(i), figure_json(figure));
    }
    return figures;
}

static json_t *operations_json(const qhm_device *device)
{
    json_t *list = json_array();
    for (size_t i = 0; i < qhm_device_operation_count(device); i++) {
        const qhm_device_operation *operation = qhm_device_operation_at(device, i);
        json_array_append_new(
            list,
            json_pack(
                "{s:o, s:s, s:I, s:o, s:o, s:o, s:b, s:b, s:b, s:o, s:o}", "name",
                qhm_json_text(operation->name), "gate", qhm_gate_information(operation->gate)->name,
                "qubits", (json_int_t)operation->qubit_count, "on", qhm_json_text(operation->on),
                "duration_ns",
                qhm_json_number(qhm_device_operation_duration_ns(device, operation, NULL)),
                "average_error",
                qhm_json_number(qhm_device_operation_error(device, operation, NULL)), "is_virtual",
                operation->is_virtual, "is_any_one_qubit_gate", operation->is_any_one_qubit_gate,
                "is_assumed", operation->is_assumed, "source", qhm_json_text(operation->source),
                "note", qhm_json_text(operation->note)));
    }
    return list;
}

static json_t *qubits_json(const qhm_device *device)
{
    json_t *list = json_array();
    for (size_t i = 0; i < qhm_device_qubit_count(device); i++) {
        const qhm_device_qubit *qubit = qhm_device_qubit_at(device, i);
        json_array_append_new(
            list, json_pack("{s:o, s:f, s:f, s:b, s:o, s:o, s:o, s:[o, o]}", "kind",
                            qhm_json_text(qubit->kind), "x", qubit->x, "y", qubit->y, "is_working",
                            qubit->is_working, "t1_us", qhm_json_number(qubit->t1_us), "t2_us",
                            qhm_json_number(qubit->t2_us), "one_qubit_error",
                            qhm_json_number(qubit->one_qubit_error), "readout_errors",
                            qhm_json_number(qubit->readout_flips[0]),
                            qhm_json_number(qubit->readout_flips[1])));
    }
    return list;
}

static json_t *couplers_json(const qhm_device *device)
{
    json_t *list = json_array();
    for (size_t i = 0; i < qhm_device_coupler_count(device); i++) {
        const qhm_device_coupler *coupler = qhm_device_coupler_at(device, i);
        json_array_append_new(
            list, json_pack("{s:[I, I], s:o, s:b, s:o, s:o}", "qubits",
                            (json_int_t)coupler->qubits[0], (json_int_t)coupler->qubits[1], "kind",
                            qhm_json_text(coupler->kind), "is_working", coupler->is_working,
                            "two_qubit_error", qhm_json_number(coupler->error),
                            "two_qubit_duration_ns", qhm_json_number(coupler->duration_ns)));
    }
    return list;
}

static int print_json(const qhm_device *device, bool all, FILE *out)
{
    size_t working, working_couplers;
    count_working(device, &working, &working_couplers);
    json_t *presets = json_array();
    for (size_t i = 0; i < qhm_device_preset_count(device); i++)
        json_array_append_new(presets,
                              json_pack("{s:o, s:o}", "name",
                                        qhm_json_text(qhm_device_preset_name(device, i)), "title",
                                        qhm_json_text(qhm_device_preset_title(device, i))));
    json_t *object = json_pack(
        "{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:b, s:o, s:o}", "name",
        qhm_json_text(qhm_device_name(device)), "title", qhm_json_text(qhm_device_title(device)),
        "family", qhm_device_family_name(qhm_device_family_of(device)), "preset",
        qhm_json_text(qhm_device_preset(device)), "presets", presets, "path",
        qhm_json_text(qhm_device_path(device)), "note", qhm_json_text(qhm_device_note(device)),
        "qubit_count", (json_int_t)qhm_device_qubit_count(device), "working_qubits",
        (json_int_t)working, "coupler_count", (json_int_t)qhm_device_coupler_count(device),
        "working_couplers", (json_int_t)working_couplers, "is_all_to_all",
        qhm_device_is_all_to_all(device), "figures", figures_json(device), "operations",
        operations_json(device));
    if (all && object && qhm_device_family_of(device) != QHM_DEVICE_IDEAL) {
        json_object_set_new(object, "qubits", qubits_json(device));
        json_object_set_new(object, "couplers", couplers_json(device));
    }
    return qhm_json_print(object, out);
}

static int save_map(const qhm_device *device, const qhm_arguments *arguments, FILE *out)
{
    qhm_device_map_options map = {.width = arguments->width};
    qhm_status status = QHM_OK;
    if (arguments->colour)
        status = qhm_device_colour_find(arguments->colour, &map.colour);
    char *picture = NULL;
    if (status == QHM_OK)
        status = qhm_device_draw_svg(device, &map, &picture);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    int code = qhm_output_file_write(arguments->svg, picture, out);
    qhm_string_destroy(picture);
    return code;
}

static int run_devices_show(const qhm_arguments *arguments, FILE *out)
{
    qhm_device *device = NULL;
    int code = qhm_device_arguments_load(arguments, arguments->operands[0], &device);
    if (code != QHM_EXIT_OK)
        return code;
    if (arguments->svg) {
        code = save_map(device, arguments, out);
    } else if (arguments->json) {
        code = print_json(device, arguments->all, out);
    } else {
        size_t width = qhm_console_width(STDOUT_FILENO, PIPE_WIDTH);
        print_head(device, width, out);
        print_operations(device, out);
        print_figures(device, width, out);
    }
    qhm_device_destroy(device);
    return code;
}

static const qhm_cli_option option_svg = {
    .name = "svg",
    .value = "FILE",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, svg),
    .help = "write a map of the chip instead; - is standard output",
};

static const qhm_cli_option option_colour = {
    .name = "colour",
    .value = "WHAT",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, colour),
    .help = "what colours the map's qubits: error (default), t1, t2, readout or kind; couplers "
            "have their two-qubit error",
};

static const qhm_cli_option option_width = {
    .name = "width",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, width),
    .minimum = 200,
    .maximum = 100000,
    .help = "width of the map; default 960",
};

static const qhm_cli_option option_all = {
    .name = "all",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, all),
    .help = "with --json: every qubit and coupler too",
};

static const qhm_cli_option *const options[] = {
    &option_svg,
    &option_colour,
    &option_width,
    &qhm_option_drift,
    &qhm_option_drift_seed,
    &qhm_option_yield,
    &qhm_option_coupler_yield,
    &qhm_option_yield_seed,
    &qhm_option_spread_seed,
    &qhm_option_photon_number,
    &option_all,
    &qhm_option_json,
    NULL,
};

const qhm_command qhm_command_devices_show = {
    .name = "devices show",
    .operands = "DEVICE",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "show a chip: its operations, its figures with their sources, its map",
    .details = "DEVICE is a name of qhm devices, or the path of a file, with :PRESET behind it if "
               "the device has presets. Every figure is measured, projected or assumed; ~ marks "
               "the assumed ones, and operations that nobody published. The same seed always "
               "gives the same drift, yield and spread.",
    .example = "qhm devices show condor:optimistic\n"
               "qhm devices show willow --svg willow.svg --spread-seed 1\n"
               "qhm devices show ocelot --photon-number 4",
    .run = run_devices_show,
};
