// qhm compile: a circuit's file made to fit a chip.
#include "cli/circuit_file.h"
#include "cli/compile_arguments.h"
#include "cli/compile_output.h"
#include "cli/compile_yields.h"
#include "cli/console.h"
#include "cli/device_arguments.h"
#include "cli/output_file.h"

#include <qhm/draw.h>
#include <qhm/qasm.h>
#include <qhm/types.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_WIDTH = 100 };

static qhm_status draw(const qhm_circuit *circuit, const qhm_arguments *arguments, char **text)
{
    if (!arguments->draw)
        return QHM_OK;
    const qhm_draw_options options = {.width = qhm_console_width(STDOUT_FILENO, PIPE_WIDTH),
                                      .ascii = !qhm_console_is_utf8()};
    return qhm_circuit_draw(circuit, &options, text);
}

// Writes the circuit to a file or instead of the report.
static int write_circuit(const qhm_circuit *circuit, const char *path, FILE *out)
{
    char *text = NULL;
    const qhm_status status =
        qhm_qasm_print(circuit, &(qhm_qasm_print_options){.version = 3}, &text);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    const int code = qhm_output_file_write(path, text, out);
    qhm_string_destroy(text);
    return code;
}

static int show(const qhm_compile_report *report, const qhm_arguments *arguments, FILE *out)
{
    const char *path = arguments->out;
    if (path) {
        const int code = write_circuit(qhm_compiled_circuit(report->compiled), path, out);
        if (code != QHM_EXIT_OK || strcmp(path, "-") == 0)
            return code;
    }
    if (arguments->json)
        return qhm_compile_print_json(report, out);
    qhm_compile_print_text(report, out);
    return QHM_EXIT_OK;
}

static int compile_file(const qhm_arguments *arguments, const qhm_compile_options *options,
                        qhm_compile_report *report, FILE *out)
{
    qhm_device *device = NULL;
    qhm_compiled *compiled = NULL;
    char *drawing = NULL;
    const qhm_device_options parts = qhm_device_arguments_read(arguments);
    qhm_status status = qhm_device_load(arguments->device, &parts, &device);
    if (status == QHM_OK)
        status = qhm_circuit_compile(report->circuit, device, options, &compiled);
    if (status == QHM_OK)
        status = draw(qhm_compiled_circuit(compiled), arguments, &drawing);
    int code = status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
    if (status == QHM_OK) {
        report->device = device;
        report->compiled = compiled;
        report->drawing = drawing;
        code = show(report, arguments, out);
    }
    qhm_string_destroy(drawing);
    qhm_compiled_destroy(compiled);
    qhm_device_destroy(device);
    return code;
}

static int run_compile(const qhm_arguments *arguments, FILE *out)
{
    qhm_compile_report report = {.seed = arguments->seed};
    qhm_circuit_file file;
    if (!arguments->device)
        return qhm_fail(QHM_EXIT_USAGE, "--device is missing, such as --device willow");
    if (arguments->yields && (arguments->out || arguments->draw))
        return qhm_fail(QHM_EXIT_USAGE, "--yields makes a table, no circuit for --out or --draw");
    if (arguments->yields && (arguments->yield > 0 || arguments->coupler_yield > 0))
        return qhm_fail(QHM_EXIT_USAGE, "--yields is for both qubits and couplers; leave out "
                                        "--yield and --coupler-yield");
    if (arguments->samples > 0 && !arguments->yields)
        return qhm_fail(QHM_EXIT_USAGE, "--samples goes with --yields");
    qhm_compile_options options;
    int code = qhm_compile_arguments_read(arguments, &options);
    if (code != QHM_EXIT_OK)
        return code;
    options.seed = arguments->seed;
    report.level = options.level - 1;
    code = qhm_circuit_file_load(arguments, arguments->operands[0], &file);
    if (code == QHM_EXIT_OK && arguments->yields) {
        code = qhm_compile_yields(arguments, file.name, file.circuit, &options, out);
    } else if (code == QHM_EXIT_OK) {
        report.file = file.name;
        report.circuit = file.circuit;
        code = compile_file(arguments, &options, &report, out);
    }
    qhm_circuit_file_release(&file);
    return code;
}

static const qhm_cli_option option_device = {
    .name = "device",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, device),
    .help = "a chip, such as willow or condor:optimistic, or the path of a device file",
};

static const qhm_cli_option option_seed = {
    .name = "seed",
    .value = "N",
    .type = QHM_CLI_SEED,
    .offset = offsetof(qhm_arguments, seed),
    .help = "of the searches, default 0; the same seed gives the same circuit",
};

static const qhm_cli_option option_draw = {
    .name = "draw",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, draw),
    .help = "draw the compiled circuit",
};

static const qhm_cli_option option_out = {
    .name = "out",
    .letter = 'o',
    .value = "FILE",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, out),
    .help = "write the compiled circuit as OpenQASM 3; - is standard output, without the report",
};

static const qhm_cli_option *const options[] = {
    &option_device,
    &qhm_option_level,
    &option_seed,
    &qhm_option_decoupling,
    &qhm_option_allow_assumed_gates,
    &qhm_option_rotations,
    &qhm_option_rotation_precision,
    &option_draw,
    &option_out,
    &qhm_option_yield,
    &qhm_option_coupler_yield,
    &qhm_option_yield_seed,
    &qhm_option_spread_seed,
    &qhm_option_yields,
    &qhm_option_yield_samples,
    &qhm_option_json,
    &qhm_option_parameter,
    &qhm_option_strict,
    &qhm_option_threads,
    &qhm_option_quiet,
    NULL,
};

const qhm_command qhm_command_compile = {
    .name = "compile",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "fit a circuit to a chip",
    .details =
        "FILE is OpenQASM 2 or 3 or a QIR Base Profile program, - for standard input. The passes "
        "and what each did are listed, then what the circuit takes on the chip: gates, depth, "
        "time, and the success to be expected: the product of what every operation and wait "
        "keeps. Parameters without a value stay parameters; a run of one-qubit gates that has one "
        "counts as one operation. With --yields, chips are drawn of which parts are dead: on how "
        "many "
        "the circuit fits, the success of those, and their swaps. Sample s has the seed "
        "--yield-seed "
        "plus s at every yield. Figures that nobody published are named where they decide.",
    .example = "qhm compile examples/bell.qasm --device willow\n"
               "qhm compile circuit.qasm --device condor:optimistic --level 3 -o fitted.qasm\n"
               "qhm compile circuit.qasm --device willow --yields 1,0.95,0.9 --samples 20\n"
               "qhm compile circuit.qasm --device heron --decoupling xy4 --json",
    .run = run_compile,
};
