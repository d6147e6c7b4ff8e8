// Chips with dead qubits and couplers, drawn for every yield of a list.
#include "cli/compile_yields.h"

#include "cli/console.h"
#include "cli/device_arguments.h"
#include "cli/json_output.h"
#include "cli/text_table.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_SAMPLES = 1000, DEFAULT_SAMPLES = 10 };

const qhm_cli_option qhm_option_yields = {
    .name = "yields",
    .value = "LIST",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, yields),
    .help = "instead of one circuit, a table: for each of these probabilities that a qubit, and "
            "that a coupler, works, such as 1,0.95,0.9, chips are drawn and compiled for anew",
};

const qhm_cli_option qhm_option_yield_samples = {
    .name = "samples",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, samples),
    .minimum = 1,
    .maximum = MOST_SAMPLES,
    .help = "chips drawn for each of --yields; default 10",
};

// What the samples of one yield give: sums, and the range of the success.
typedef struct yield_row {
    double yield;
    size_t samples, fitting;
    double success, least, most, swaps;
    char *note; // why the first that does not fit does not; free() it
} yield_row;

static void add_sample(const qhm_compile_summary *summary, yield_row *row)
{
    const double success = summary->estimated_success;
    row->least = row->fitting == 0 || success < row->least ? success : row->least;
    row->most = row->fitting == 0 || success > row->most ? success : row->most;
    row->success += success;
    row->swaps += (double)summary->swap_count;
    row->fitting++;
}

static qhm_status compile_sample(const qhm_arguments *arguments, const qhm_circuit *circuit,
                                 const qhm_compile_options *options, uint64_t seed, yield_row *row)
{
    qhm_device_options parts = qhm_device_arguments_read(arguments);
    parts.qubit_yield = parts.coupler_yield = row->yield;
    parts.yield_seed = seed;
    qhm_device *device = NULL;
    qhm_compiled *compiled = NULL;
    qhm_status status = qhm_device_load(arguments->device, &parts, &device);
    if (status == QHM_OK)
        status = qhm_circuit_compile(circuit, device, options, &compiled);
    if (status == QHM_OK)
        add_sample(qhm_compiled_summary_of(compiled), row);
    qhm_compiled_destroy(compiled);
    if (device && (status == QHM_ERROR_UNSUPPORTED || status == QHM_ERROR_RESOURCE_LIMIT)) {
        if (!row->note)
            row->note = qhm_print_text("%s", qhm_error_message());
        status = QHM_OK;
    }
    qhm_device_destroy(device);
    row->samples++;
    return status;
}

// Sample s has the same seed at every yield, so that less yield only takes more away.
static int fill_row(const qhm_arguments *arguments, const qhm_circuit *circuit,
                    const qhm_compile_options *options, yield_row *row)
{
    const size_t wanted = arguments->samples > 0 ? (size_t)arguments->samples : DEFAULT_SAMPLES;
    const size_t count = row->yield == 1 ? 1 : wanted; // nothing is drawn where all works
    for (size_t s = 0; s < count; s++) {
        const qhm_status status =
            compile_sample(arguments, circuit, options, arguments->yield_seed + s, row);
        if (status != QHM_OK)
            return qhm_fail_status(status);
    }
    return QHM_EXIT_OK;
}

static int read_yields(const char *text, yield_row **rows, size_t *count)
{
    size_t most = 1;
    for (const char *at = text; (at = strchr(at, ',')); at++)
        most++;
    *rows = qhm_cli_allocate(most, sizeof **rows);
    for (const char *at = text;;) {
        char *end;
        const double yield = strtod(at, &end);
        if (end == at || (*end != ',' && *end != '\0') || !(yield >= 0.001 && yield <= 1))
            return qhm_fail(QHM_EXIT_USAGE,
                            "--yields is \"%s\", not numbers from 0.001 to 1 with commas between",
                            text);
        (*rows)[(*count)++].yield = yield;
        if (*end == '\0')
            return QHM_EXIT_OK;
        at = end + 1;
    }
}

static void print_table(const yield_row *rows, size_t count, FILE *out)
{
    const qhm_text_column columns[] = {{"yield", true}, {"fits", true}, {"success", true},
                                       {"least", true}, {"most", true}, {"swaps", true},
                                       {"", false}};
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        const yield_row *row = &rows[i];
        const double fitting = (double)row->fitting;
        qhm_text_table_add(table, "%g", row->yield);
        qhm_text_table_add(table, "%zu of %zu", row->fitting, row->samples);
        if (row->fitting > 0) {
            qhm_text_table_add(table, "%.4f", row->success / fitting);
            qhm_text_table_add(table, "%.4f", row->least);
            qhm_text_table_add(table, "%.4f", row->most);
            qhm_text_table_add(table, "%.1f", row->swaps / fitting);
        } else {
            for (size_t k = 0; k < 4; k++)
                qhm_text_table_add(table, "%s", "");
        }
        qhm_text_table_add(table, "%s", row->note ? row->note : "");
    }
    qhm_text_table_print(table, 0, out);
    qhm_text_table_destroy(table);
}

static int print_json(const qhm_arguments *arguments, const char *file, const yield_row *rows,
                      size_t count, FILE *out)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const yield_row *row = &rows[i];
        const bool fits = row->fitting > 0;
        const double fitting = fits ? (double)row->fitting : 1;
        json_array_append_new(
            list,
            json_pack("{s:f, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "yield", row->yield, "samples",
                      (json_int_t)row->samples, "fitting", (json_int_t)row->fitting, "success",
                      fits ? json_real(row->success / fitting) : json_null(), "least_success",
                      fits ? json_real(row->least) : json_null(), "most_success",
                      fits ? json_real(row->most) : json_null(), "swaps",
                      fits ? json_real(row->swaps / fitting) : json_null(), "note",
                      qhm_json_text(row->note)));
    }
    return qhm_json_print(json_pack("{s:o, s:o, s:o}", "file", qhm_json_text(file), "device",
                                    qhm_json_text(arguments->device), "yields", list),
                          out);
}

int qhm_compile_yields(const qhm_arguments *arguments, const char *file, const qhm_circuit *circuit,
                       const qhm_compile_options *options, FILE *out)
{
    yield_row *rows = NULL;
    size_t count = 0;
    int code = read_yields(arguments->yields, &rows, &count);
    for (size_t i = 0; i < count && code == QHM_EXIT_OK; i++)
        code = fill_row(arguments, circuit, options, &rows[i]);
    if (code == QHM_EXIT_OK && arguments->json)
        code = print_json(arguments, file, rows, count, out);
    else if (code == QHM_EXIT_OK)
        print_table(rows, count, out);
    for (size_t i = 0; i < count; i++)
        free(rows[i].note);
    free(rows);
    return code;
}
