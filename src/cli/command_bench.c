// qhm bench: how fast the simulator is here, beside what the machine can do.
#include "cli/bench_output.h"
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/output_file.h"

#include <qhm/bench.h>
#include <qhm/qasm.h>
#include <stdlib.h>
#include <string.h>

enum {
    LARGEST_QUBITS = 40,
    LARGEST_BATCH = 1 << 20,
    LARGEST_REPEAT = 1000,
    LARGEST_SECONDS = 3600
};

// Reads "ansatz,qft" into bits; nothing asked for is 0.
static qhm_status read_workloads(const char *names, unsigned *bits)
{
    *bits = 0;
    for (const char *name = names; name; name = strchr(name, ',') ? strchr(name, ',') + 1 : NULL) {
        qhm_bench_workload workload;
        char *word = qhm_print_text("%.*s", (int)strcspn(name, ","), name);
        qhm_status status = qhm_bench_workload_find(word, &workload);
        free(word);
        if (status != QHM_OK)
            return status;
        *bits |= 1U << workload;
    }
    return QHM_OK;
}

static int read_precision(const char *name, unsigned *bits)
{
    *bits = 0;
    if (!name)
        return QHM_EXIT_OK;
    if (strcmp(name, "float32") != 0 && strcmp(name, "float64") != 0)
        return qhm_fail(QHM_EXIT_USAGE, "--precision is \"%s\", not float32 or float64", name);
    *bits = 1U << (strcmp(name, "float32") == 0 ? QHM_FLOAT32 : QHM_FLOAT64);
    return QHM_EXIT_OK;
}

static int write_circuit(const qhm_arguments *arguments, unsigned workloads, FILE *out)
{
    if (workloads == 0 || (workloads & (workloads - 1)) != 0 || arguments->qubits == 0)
        return qhm_fail(QHM_EXIT_USAGE,
                        "--write-circuit needs one --workload and its number of --qubits");
    qhm_circuit *circuit = NULL;
    char *text = NULL;
    qhm_bench_workload workload = (qhm_bench_workload)__builtin_ctz(workloads);
    qhm_status status = qhm_bench_circuit_create(workload, arguments->qubits, &circuit);
    if (status == QHM_OK)
        status = qhm_qasm_print(circuit, &(qhm_qasm_print_options){.version = 2}, &text);
    int code = status == QHM_OK ? qhm_output_file_write(arguments->write_circuit, text, out)
                                : qhm_fail_status(status);
    qhm_string_destroy(text);
    qhm_circuit_destroy(circuit);
    return code;
}

static int draw(const qhm_bench_report *report, const char *path, FILE *out)
{
    char *svg = NULL;
    if (qhm_bench_report_draw(report, &svg) != QHM_OK)
        return qhm_fail(QHM_EXIT_USAGE, "--svg needs --workload cost-per-gate");
    int code = qhm_output_file_write(path, svg, out);
    qhm_string_destroy(svg);
    return code;
}

static int run_bench(const qhm_arguments *arguments, FILE *out)
{
    qhm_bench_options options = {
        .qubits = arguments->qubits,
        .threads = (unsigned)arguments->threads,
        .batch = arguments->batch,
        .rounds = arguments->repeat,
        .seconds = (double)arguments->seconds,
        .with_values = arguments->values,
    };
    qhm_bench_report *report = NULL;
    qhm_status status = read_workloads(arguments->workload, &options.workloads);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    int code = read_precision(arguments->precision, &options.precisions);
    if (code != QHM_EXIT_OK)
        return code;
    if (arguments->write_circuit)
        return write_circuit(arguments, options.workloads, out);
    if (arguments->svg && !(options.workloads & 1U << QHM_BENCH_COST_PER_GATE))
        return qhm_fail(QHM_EXIT_USAGE, "--svg needs --workload cost-per-gate");
    status = qhm_bench_run(&options, &report);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    if (arguments->svg)
        code = draw(report, arguments->svg, out);
    if (code == QHM_EXIT_OK && arguments->json)
        code = qhm_json_print(qhm_bench_to_json(report), out);
    else if (code == QHM_EXIT_OK)
        qhm_bench_print(report, out);
    qhm_bench_report_destroy(report);
    return code;
}

static const qhm_cli_option option_workload = {
    .name = "workload",
    .value = "NAME,...",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, workload),
    .help = "what to measure: ansatz, gradient, random, qft, qaoa, qaoa-gradient, step, noise, "
            "trajectories, cost-per-gate; default all but the last",
};

static const qhm_cli_option option_qubits = {
    .name = "qubits",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, qubits),
    .minimum = 1,
    .maximum = LARGEST_QUBITS,
    .help = "this size alone; default 4, 8 and 12 for batches, up to 20 for one gradient, 24 for "
            "large states, 12 with noise, 20 by trajectories; cost-per-gate goes from 4 up to it, "
            "default 24",
};

static const qhm_cli_option option_precision = {
    .name = "precision",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, precision),
    .help = "float32 or float64; default both",
};

static const qhm_cli_option option_batch = {
    .name = "batch",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, batch),
    .minimum = 1,
    .maximum = LARGEST_BATCH,
    .help = "samples of a batched call, each with its own angles; default 64",
};

static const qhm_cli_option option_repeat = {
    .name = "repeat",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, repeat),
    .minimum = 1,
    .maximum = LARGEST_REPEAT,
    .help = "rounds at most, in which all rows take turns; default 7",
};

static const qhm_cli_option option_seconds = {
    .name = "seconds",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, seconds),
    .minimum = 1,
    .maximum = LARGEST_SECONDS,
    .help = "a row sits out the next rounds once it has taken so long; default 1",
};

static const qhm_cli_option option_values = {
    .name = "values",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, values),
    .help = "with --json: also what was computed, to compare with other simulators",
};

static const qhm_cli_option option_svg = {
    .name = "svg",
    .value = "FILE",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, svg),
    .help = "draw the cost per gate",
};

static const qhm_cli_option option_write_circuit = {
    .name = "write-circuit",
    .value = "FILE",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, write_circuit),
    .help = "measure nothing, write the workload's circuit as OpenQASM 2",
};

static const qhm_cli_option *const options[] = {
    &option_workload, &option_qubits,        &option_precision, &qhm_option_threads,
    &option_batch,    &option_repeat,        &option_seconds,   &option_values,
    &option_svg,      &option_write_circuit, &qhm_option_json,  NULL,
};

const qhm_command qhm_command_bench = {
    .name = "bench",
    .operands = "",
    .options = options,
    .help = "measure the simulator beside the limits of this machine",
    .details =
        "Times are medians of rounds in which all rows take turns. One sweep is the time to read "
        "and write a state's memory once, in place, measured in the same round with the same "
        "threads; \"sweeps\" is how many of them a row took. \"of peak\" compares the operations "
        "of the circuit, counted gate by gate, with the multiply-adds that the processor can do: "
        "an engine that merges gates can go beyond 100 %.\n"
        "Nothing else should run at the same time. The default takes less than a minute.",
    .example = "qhm bench\n"
               "qhm bench --workload random,qft --qubits 26 --precision float32\n"
               "qhm bench --workload cost-per-gate --svg cost.svg\n"
               "qhm bench --workload qaoa --qubits 24 --write-circuit qaoa.qasm",
    .run = run_bench,
};
