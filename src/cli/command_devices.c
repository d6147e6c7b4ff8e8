// qhm devices: which chips are known, and what is known of them.
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/text_table.h"

#include <math.h>
#include <qhm/device.h>
#include <unistd.h>

// How many figures have each status.
static void count_figures(const qhm_device *device, size_t counts[4])
{
    for (size_t i = 0; i < qhm_figure_count(); i++)
        counts[qhm_device_figure(device, qhm_figure_name(i)).status]++;
}

// "0.0033", "~0.011" if it is assumed, "" if it is not given.
static void add_figure(qhm_text_table *table, const qhm_device *device, const char *name)
{
    qhm_figure figure = qhm_device_figure(device, name);
    if (isnan(figure.value))
        qhm_text_table_add(table, "%s", "");
    else
        qhm_text_table_add(table, "%s%.3g", figure.status == QHM_FIGURE_ASSUMED ? "~" : "",
                           figure.value);
}

static void add_row(qhm_text_table *table, const qhm_device *device)
{
    size_t counts[4] = {0}, couplers = qhm_device_coupler_count(device);
    bool is_ideal = qhm_device_family_of(device) == QHM_DEVICE_IDEAL;
    count_figures(device, counts);
    qhm_text_table_add(table, "%s", qhm_device_name(device));
    qhm_text_table_add(table, "%s", qhm_device_family_name(qhm_device_family_of(device)));
    if (is_ideal)
        qhm_text_table_add(table, "any");
    else
        qhm_text_table_add(table, "%zu", qhm_device_qubit_count(device));
    if (qhm_device_is_all_to_all(device))
        qhm_text_table_add(table, "all");
    else
        qhm_text_table_add(table, "%zu", couplers);
    add_figure(table, device, "two_qubit_error");
    add_figure(table, device, "t1_us");
    for (int status = QHM_FIGURE_MEASURED; status <= QHM_FIGURE_ASSUMED; status++)
        qhm_text_table_add(table, "%zu", counts[status]);
    qhm_text_table_add(table, "%s", qhm_device_title(device));
}

static json_t *to_json(const qhm_device *device)
{
    size_t counts[4] = {0};
    count_figures(device, counts);
    json_t *presets = json_array();
    for (size_t i = 0; i < qhm_device_preset_count(device); i++)
        json_array_append_new(presets, qhm_json_text(qhm_device_preset_name(device, i)));
    return json_pack(
        "{s:o, s:o, s:s, s:I, s:I, s:b, s:o, s:o, s:o, s:{s:I, s:I, s:I}, s:o}", "name",
        qhm_json_text(qhm_device_name(device)), "title", qhm_json_text(qhm_device_title(device)),
        "family", qhm_device_family_name(qhm_device_family_of(device)), "qubits",
        (json_int_t)qhm_device_qubit_count(device), "couplers",
        (json_int_t)qhm_device_coupler_count(device), "is_all_to_all",
        qhm_device_is_all_to_all(device), "presets", presets, "two_qubit_error",
        qhm_json_number(qhm_device_figure(device, "two_qubit_error").value), "t1_us",
        qhm_json_number(qhm_device_figure(device, "t1_us").value), "figures", "measured",
        (json_int_t)counts[QHM_FIGURE_MEASURED], "projected",
        (json_int_t)counts[QHM_FIGURE_PROJECTED], "assumed", (json_int_t)counts[QHM_FIGURE_ASSUMED],
        "path", qhm_json_text(qhm_device_path(device)));
}

static int run_devices(const qhm_arguments *arguments, FILE *out)
{
    static const qhm_text_column columns[] = {
        {"name", false},    {"family", false}, {"qubits", true},   {"couplers", true},
        {"2q error", true}, {"T1 us", true},   {"measured", true}, {"projected", true},
        {"assumed", true},  {"title", false},
    };
    qhm_device_list *list = NULL;
    qhm_status status = qhm_device_list_create(&list);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    int code = QHM_EXIT_OK;
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    json_t *devices = json_array();
    for (size_t i = 0; i < qhm_device_list_count(list); i++) {
        const char *path = qhm_device_list_path(list, i);
        qhm_device *device = NULL;
        status = qhm_device_load(path ? path : qhm_device_list_name(list, i), NULL, &device);
        if (status != QHM_OK) { // one bad file does not hide the others
            code = qhm_fail_status(status);
            continue;
        }
        if (arguments->json)
            json_array_append_new(devices, to_json(device));
        else
            add_row(table, device);
        qhm_device_destroy(device);
    }
    if (arguments->json)
        (void)qhm_json_print(json_pack("{s:O}", "devices", devices), out);
    else if (isatty(STDOUT_FILENO))
        qhm_text_table_print(table, 0, out);
    else
        qhm_text_table_print_tabs(table, out);
    json_decref(devices);
    qhm_text_table_destroy(table);
    qhm_device_list_destroy(list);
    return code;
}

static const qhm_cli_option *const options[] = {&qhm_option_json, NULL};

const qhm_command qhm_command_devices = {
    .name = "devices",
    .operands = "",
    .options = options,
    .help = "list the chips that are known",
    .details =
        "On a terminal this is a table. Elsewhere it is a line a device, separated by tabs: name, "
        "family, qubits, couplers, average two-qubit error, T1 in us, how many figures are "
        "measured, projected and assumed, title. ~ stands before an assumed figure. Devices come "
        "from the folders of the environment variable QHM_DEVICE_PATH, from share/qhm/devices "
        "beside the library, and from the source tree; the first that has a name wins.",
    .example = "qhm devices\nqhm devices show willow",
    .run = run_devices,
};
