// qhm import: the result file of a cloud becomes a run, beside what the circuit gives exactly.
#include "cli/circuit_file.h"
#include "cli/console.h"
#include "cli/import_output.h"
#include "cli/input_file.h"
#include "cli/run_lookup.h"

#include <stdlib.h>
#include <string.h>

// The circuit's file without its folders and its ending; "" for standard input.
static char *name_of(const char *path)
{
    if (strcmp(path, "-") == 0)
        return qhm_print_text("%s", "");
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return qhm_print_text("%.*s", (int)(dot && dot != name ? (size_t)(dot - name) : strlen(name)),
                          name);
}

static int read_result(const qhm_arguments *arguments, const qhm_circuit *circuit,
                       const char *bytes, size_t count, qhm_imported_run **run)
{
    qhm_cloud cloud;
    qhm_status status = arguments->from ? qhm_cloud_find(arguments->from, &cloud)
                                        : qhm_cloud_result_find(bytes, count, &cloud);
    if (status != QHM_OK && arguments->from)
        return qhm_fail(QHM_EXIT_USAGE, "--from is \"%s\", not ibm, braket or ionq",
                        arguments->from);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    char *name = name_of(arguments->circuit);
    const qhm_import_options options = {
        .name = name, .arguments = arguments->words, .argument_count = arguments->word_count};
    status = qhm_imported_run_create(circuit, cloud, bytes, count, &options, run);
    free(name);
    return status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
}

static int run_import(const qhm_arguments *arguments, FILE *out)
{
    if (!arguments->circuit)
        return qhm_fail(QHM_EXIT_USAGE, "--circuit is missing: the file of the circuit that ran");
    if (strcmp(arguments->circuit, "-") == 0 && strcmp(arguments->operands[0], "-") == 0)
        return qhm_fail(QHM_EXIT_USAGE, "the result and the circuit cannot both be standard input");
    qhm_circuit_file file;
    qhm_imported_run *run = NULL;
    char *bytes = NULL;
    size_t count = 0;
    int code = qhm_circuit_file_load(arguments, arguments->circuit, &file);
    if (code == QHM_EXIT_OK)
        code = qhm_input_file_read(arguments->operands[0], &bytes, &count);
    if (code == QHM_EXIT_OK)
        code = read_result(arguments, file.circuit, bytes, count, &run);
    if (code == QHM_EXIT_OK && !arguments->dry_run) {
        const qhm_status status = qhm_imported_run_save(run, qhm_runs_root(arguments));
        code = status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
    }
    if (code == QHM_EXIT_OK)
        code = qhm_import_output(run, arguments->json, out);
    free(bytes);
    qhm_imported_run_destroy(run);
    qhm_circuit_file_release(&file);
    return code;
}

static const qhm_cli_option option_circuit = {
    .name = "circuit",
    .value = "FILE",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, circuit),
    .help = "the circuit that ran; its registers and measurements say what the outcomes mean",
};

static const qhm_cli_option option_from = {
    .name = "from",
    .value = "CLOUD",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, from),
    .help = "ibm, braket or ionq; default by the fields of the file",
};

static const qhm_cli_option option_dry_run = {
    .name = "dry-run",
    .letter = 'n',
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, dry_run),
    .help = "only print what was read: no run is kept",
};

static const qhm_cli_option *const options[] = {
    &option_circuit,   &option_from,          &qhm_option_runs,
    &option_dry_run,   &qhm_option_parameter, &qhm_option_strict,
    &qhm_option_quiet, &qhm_option_json,      NULL,
};

const qhm_command qhm_command_import = {
    .name = "import",
    .operands = "RESULT",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "keep the result file of a quantum computer in a cloud as a run",
    .details =
        "RESULT is the JSON that the service gave back, - for standard input. Outcomes are printed "
        "in our order of bits, whatever the service's, the likeliest first, beside the exact "
        "probabilities of the circuit if it can be simulated.\n"
        "The run is a folder, named for the circuit's file, with result.json, the file as it came, "
        "circuit.qasm, the circuit as OpenQASM 3, import.json, the outcomes and the comparison, "
        "and manifest.json. qhm runs list, show and compare read it.\n"
        "Read are IBM's samples and counts, Braket's measurements, counts and probabilities, and "
        "IonQ's histograms.",
    .example = "qhm convert bell.qasm --to ionq -o job.json\n"
               "qhm import result.json --circuit bell.qasm\n"
               "qhm runs show latest",
    .run = run_import,
};
