// qhm devices check: is a device's file right?
#include "cli/console.h"
#include "cli/json_output.h"

#include <qhm/device.h>
#include <qhm/types.h>

static json_t *to_json(const char *path, bool ok, const qhm_diagnostics *diagnostics)
{
    json_t *list = json_array();
    for (size_t i = 0; i < qhm_diagnostics_count(diagnostics); i++) {
        const qhm_diagnostic *item = qhm_diagnostics_item(diagnostics, i);
        json_array_append_new(
            list, json_pack("{s:I, s:I, s:o, s:o}", "line", (json_int_t)item->line, "column",
                            (json_int_t)item->column, "message", qhm_json_text(item->message),
                            "hint", qhm_json_text(item->hint)));
    }
    return json_pack("{s:o, s:b, s:o}", "file", qhm_json_text(path), "ok", ok, "diagnostics", list);
}

static int print_mistakes(const qhm_diagnostics *diagnostics)
{
    char *text = NULL;
    qhm_status status = qhm_diagnostics_print(diagnostics, !qhm_console_is_utf8(), &text);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    fputs(text, stderr);
    qhm_string_destroy(text);
    return QHM_EXIT_OK;
}

static void print_good(const char *path, FILE *out)
{
    qhm_device *device = NULL;
    qhm_print_safe(out, path);
    fputs(": no mistakes", out);
    if (qhm_device_load(path, NULL, &device) == QHM_OK) {
        fprintf(out, "; %zu qubits, %zu couplers, %zu operations, %zu presets",
                qhm_device_qubit_count(device), qhm_device_coupler_count(device),
                qhm_device_operation_count(device), qhm_device_preset_count(device));
        qhm_device_destroy(device);
    }
    fputc('\n', out);
}

static int check_file(const qhm_arguments *arguments, const char *path, json_t *list, FILE *out)
{
    qhm_diagnostics *diagnostics = NULL;
    qhm_status status = qhm_device_check(path, &diagnostics);
    int code = qhm_exit_code(status);
    if (status != QHM_OK && qhm_diagnostics_error_count(diagnostics) == 0)
        code = qhm_fail_status(status);
    else if (arguments->json)
        json_array_append_new(list, to_json(path, status == QHM_OK, diagnostics));
    else if (status == QHM_OK)
        print_good(path, out);
    if (qhm_diagnostics_error_count(diagnostics) > 0)
        (void)print_mistakes(diagnostics);
    qhm_diagnostics_destroy(diagnostics);
    return code;
}

static int run_devices_check(const qhm_arguments *arguments, FILE *out)
{
    json_t *list = json_array();
    int worst = QHM_EXIT_OK;
    for (size_t i = 0; i < arguments->operand_count; i++) {
        int code = check_file(arguments, arguments->operands[i], list, out);
        worst = worst == QHM_EXIT_OK ? code : worst;
    }
    int printed = QHM_EXIT_OK;
    if (arguments->json)
        printed = qhm_json_print(json_pack("{s:O}", "files", list), out);
    json_decref(list);
    return worst != QHM_EXIT_OK ? worst : printed;
}

static const qhm_cli_option *const options[] = {&qhm_option_json, NULL};

const qhm_command qhm_command_devices_check = {
    .name = "devices check",
    .operands = "FILE...",
    .least = 1,
    .most = 1000000,
    .options = options,
    .help = "check device files, with every preset, and tell all mistakes",
    .details = "Every mistake is told with its line and column, and the exit status is 3 if there "
               "is any. docs/devices.md says what a file holds.",
    .example = "qhm devices check mine.json",
    .run = run_devices_check,
};
