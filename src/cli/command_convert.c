// qhm convert: a circuit's file in another format.
#include "cli/circuit_file.h"
#include "cli/console.h"
#include "cli/output_file.h"

#include <qhm/cloud.h>
#include <qhm/qasm.h>
#include <qhm/qir.h>
#include <qhm/types.h>
#include <string.h>

static qhm_status print_qasm(const qhm_circuit *circuit, unsigned version, char **text)
{
    return qhm_qasm_print(circuit, &(qhm_qasm_print_options){.version = version}, text);
}

static qhm_status to_qasm2(const qhm_circuit *circuit, const qhm_arguments *arguments, char **text)
{
    (void)arguments;
    return print_qasm(circuit, 2, text);
}

static qhm_status to_qasm3(const qhm_circuit *circuit, const qhm_arguments *arguments, char **text)
{
    (void)arguments;
    return print_qasm(circuit, 3, text);
}

static qhm_status to_qir(const qhm_circuit *circuit, const qhm_arguments *arguments, char **text)
{
    const qhm_qir_print_options options = {.version = (unsigned)arguments->qir_version};
    return qhm_qir_print(circuit, &options, text);
}

static qhm_status to_cloud(const qhm_circuit *circuit, const qhm_arguments *arguments, char **text)
{
    const qhm_cloud_job_options options = {.backend = arguments->backend,
                                           .shots = arguments->shots};
    qhm_cloud cloud;
    qhm_status status = qhm_cloud_find(arguments->to, &cloud);
    return status == QHM_OK ? qhm_cloud_job_print(circuit, cloud, &options, text) : status;
}

static const struct format {
    const char *name;
    bool has_shots, has_qir_version;
    qhm_status (*print)(const qhm_circuit *circuit, const qhm_arguments *arguments, char **text);
} formats[] = {
    {.name = "qasm2", .print = to_qasm2},
    {.name = "qasm3", .print = to_qasm3},
    {.name = "qir", .has_qir_version = true, .print = to_qir},
    {.name = "ibm", .has_shots = true, .print = to_cloud},
    {.name = "braket", .has_shots = true, .print = to_cloud},
    {.name = "ionq", .has_shots = true, .print = to_cloud},
};
enum { FORMAT_COUNT = sizeof formats / sizeof formats[0] };

static int find_format(const qhm_arguments *arguments, const struct format **format)
{
    if (!arguments->to)
        return qhm_fail(QHM_EXIT_USAGE, "--to is missing: qasm2, qasm3, qir, ibm, braket or ionq");
    size_t i = 0;
    while (i < FORMAT_COUNT && strcmp(formats[i].name, arguments->to) != 0)
        i++;
    if (i == FORMAT_COUNT)
        return qhm_fail(QHM_EXIT_USAGE,
                        "--to is \"%s\", not qasm2, qasm3, qir, ibm, braket or ionq",
                        arguments->to);
    *format = &formats[i];
    if ((arguments->shots > 0 || arguments->backend) && !formats[i].has_shots)
        return qhm_fail(QHM_EXIT_USAGE, "--shots and --backend are for ibm, braket and ionq");
    if (arguments->qir_version > 0 && !formats[i].has_qir_version)
        return qhm_fail(QHM_EXIT_USAGE, "--qir-version is for qir");
    if (strcmp(arguments->to, "ibm") == 0 && !arguments->backend)
        return qhm_fail(QHM_EXIT_USAGE, "a job for ibm needs the name of its device as --backend");
    return QHM_EXIT_OK;
}

static int run_convert(const qhm_arguments *arguments, FILE *out)
{
    const struct format *format = NULL;
    int code = find_format(arguments, &format);
    if (code != QHM_EXIT_OK)
        return code;
    qhm_circuit_file file;
    char *text = NULL;
    code = qhm_circuit_file_load(arguments, arguments->operands[0], &file);
    if (code == QHM_EXIT_OK) {
        const qhm_status status = format->print(file.circuit, arguments, &text);
        code = status == QHM_OK ? qhm_output_file_write(arguments->out, text, out)
                                : qhm_fail_status(status);
    }
    qhm_string_destroy(text);
    qhm_circuit_file_release(&file);
    return code;
}

static const qhm_cli_option option_to = {
    .name = "to",
    .value = "FORMAT",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, to),
    .help = "qasm2, qasm3, qir (Base Profile), or the body of a job for ibm, braket or ionq",
};

static const qhm_cli_option option_qir_version = {
    .name = "qir-version",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, qir_version),
    .minimum = 1,
    .maximum = 2,
    .help = "2: opaque pointers, the default; 1: typed pointers, for older tools",
};

static const qhm_cli_option option_shots = {
    .name = "shots",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, shots),
    .minimum = 1,
    .maximum = INT64_MAX,
    .help = "shots of a job; default 1024",
};

static const qhm_cli_option option_backend = {
    .name = "backend",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, backend),
    .help =
        "where a job is to run: needed for ibm; an ARN for braket, default the simulator SV1; for "
        "ionq the default is simulator",
};

static const qhm_cli_option option_out = {
    .name = "out",
    .letter = 'o',
    .value = "FILE",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, out),
    .help = "where to write; default -, standard output",
};

static const qhm_cli_option *const options[] = {
    &option_to,          &option_out,       &qhm_option_parameter,
    &option_qir_version, &option_shots,     &option_backend,
    &qhm_option_strict,  &qhm_option_quiet, NULL,
};

const qhm_command qhm_command_convert = {
    .name = "convert",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "write a circuit in another format",
    .details =
        "FILE is OpenQASM 2 or 3 or a QIR Base Profile program, - for standard input. Gates that a "
        "format lacks are defined or expanded; what it "
        "cannot say at all is refused with the instruction's number. OpenQASM 3 keeps everything: "
        "annotations, which other tools pass over, make qhm read the same circuit again.\n"
        "Jobs are files, nothing is sent. Fitting a circuit to a device, its basis gates and its "
        "pairs of qubits, is not done: IBM's devices refuse other circuits, so transpile for them "
        "elsewhere; Braket and IonQ do it themselves. Braket's request also needs the "
        "outputS3Bucket that its sender owns. qhm import reads the results.",
    .example = "qhm convert bell.qasm --to qasm3\n"
               "qhm convert bell.qasm --to qir -o bell.ll\n"
               "qhm convert ansatz.qasm --to ionq --param theta=0.3 --shots 500 -o job.json",
    .run = run_convert,
};
