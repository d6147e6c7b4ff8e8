// qhm estimate: what a circuit, or a run file's circuits, would take on a chip.
#include "cli/circuit_file.h"
#include "cli/compile_arguments.h"
#include "cli/console.h"
#include "cli/estimate_compare.h"
#include "cli/estimate_output.h"
#include "cli/run_file_argument.h"
#include "cli/sim_circuit.h"

#include <qhm/observable.h>
#include <qhm/run.h>
#include <qhm/types.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SHOTS 1000000000U

// Options of compiling have been checked.
static qhm_estimate_options options_of(const qhm_arguments *arguments)
{
    qhm_estimate_options options = {
        .precision = arguments->precision_wanted,
        .shots = arguments->shots,
        .cost = {.is_local = arguments->local,
                 .host_watts = arguments->host_watts,
                 .kg_co2_per_kwh = arguments->kg_co2_per_kwh,
                 .usd_per_second = arguments->usd_per_second,
                 .usd_per_shot = arguments->usd_per_shot,
                 .usd_per_job = arguments->usd_per_job},
    };
    (void)qhm_compile_arguments_read(arguments, &options.compile);
    return options;
}

// What one execution and all of them cost.
static qhm_status find_costs(const qhm_device *device, qhm_estimate_row *row)
{
    qhm_status status = qhm_estimate_find_cost(&row->estimate, device, 1, 1, &row->one);
    if (status == QHM_OK)
        status = qhm_estimate_find_cost(&row->estimate, device, row->executions, 1, &row->all);
    return status;
}

static qhm_status read_observables(const qhm_arguments *arguments, qhm_observable **observables)
{
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < arguments->observables.count && status == QHM_OK; i++)
        status = qhm_observable_parse(arguments->observables.items[i], &observables[i]);
    return status;
}

static qhm_status estimate_circuit(const qhm_circuit *circuit, const qhm_device *device,
                                   const qhm_arguments *arguments, qhm_estimate_row *row)
{
    const size_t count = arguments->observables.count;
    qhm_observable **observables = qhm_cli_allocate(count + 1, sizeof *observables);
    qhm_circuit *unmeasured = NULL;
    qhm_estimate_options options = options_of(arguments);
    options.observables = (const qhm_observable *const *)observables;
    options.observable_count = count;
    qhm_status status = read_observables(arguments, observables);
    if (status == QHM_OK && count > 0)
        status = qhm_sim_drop_measurements(circuit, &unmeasured);
    if (status == QHM_OK)
        status =
            qhm_estimate_find(unmeasured ? unmeasured : circuit, device, &options, &row->estimate);
    row->samples = row->executions = arguments->samples > 0 ? arguments->samples : 1;
    if (status == QHM_OK)
        status = find_costs(device, row);
    for (size_t i = 0; i < count; i++)
        qhm_observable_destroy(observables[i]);
    free(observables);
    qhm_circuit_destroy(unmeasured);
    return status;
}

static int estimate_circuit_file(const qhm_device *device, const qhm_arguments *arguments,
                                 FILE *out)
{
    qhm_circuit_file file;
    int code = qhm_circuit_file_load(arguments, arguments->operands[0], &file);
    if (code == QHM_EXIT_OK) {
        qhm_estimate_row row = {.file = file.name};
        const qhm_status status = estimate_circuit(file.circuit, device, arguments, &row);
        code = status == QHM_OK ? qhm_estimate_print_circuit(&row, device, arguments, out)
                                : qhm_fail_status(status);
    }
    qhm_circuit_file_release(&file);
    return code;
}

// A feature map, then the inverse of the other sample's: what a fidelity kernel runs for a pair.
static qhm_status make_pair(const qhm_circuit *feature_map, qhm_circuit **pair)
{
    qhm_circuit *inverse = NULL;
    qhm_status status = qhm_circuit_copy(feature_map, pair);
    if (status == QHM_OK)
        status = qhm_circuit_invert(feature_map, &inverse);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(*pair, inverse, NULL, NULL,
                                            (uint32_t)qhm_circuit_input_count(feature_map), 0);
    qhm_circuit_destroy(inverse);
    return status;
}

// A step's values are one job, their gradients, which need the values, another.
static qhm_status find_training(const qhm_run_circuit *circuit, const qhm_device *device,
                                qhm_estimate_row *row)
{
    const uint64_t steps = circuit->epochs * ((row->samples + circuit->batch - 1) / circuit->batch);
    row->training_executions =
        circuit->epochs * row->samples * (1 + (uint64_t)row->estimate.shift_count);
    return qhm_estimate_find_cost(&row->estimate, device, row->training_executions, 2 * steps,
                                  &row->training);
}

static qhm_status estimate_run_circuit(const qhm_run_circuit *circuit, const qhm_device *device,
                                       const qhm_arguments *arguments, qhm_estimate_row *row)
{
    qhm_estimate_options options = options_of(arguments);
    options.observables = circuit->observables;
    options.observable_count = circuit->observable_count;
    row->is_pair = circuit->observable_count == 0;
    row->executions = row->is_pair ? row->samples * (row->samples - 1) / 2 : row->samples;
    qhm_circuit *pair = NULL;
    qhm_status status = row->is_pair ? make_pair(circuit->circuit, &pair) : QHM_OK;
    options.state_preparations = row->is_pair ? 2 : 1;
    if (status == QHM_OK)
        status =
            qhm_estimate_find(pair ? pair : circuit->circuit, device, &options, &row->estimate);
    qhm_circuit_destroy(pair);
    if (status == QHM_OK)
        status = find_costs(device, row);
    if (status == QHM_OK && !row->is_pair)
        status = find_training(circuit, device, row);
    return status;
}

// Circuits that do not fit the device are told in the result.
static bool is_misfit(qhm_status status)
{
    return status == QHM_ERROR_UNSUPPORTED || status == QHM_ERROR_RESOURCE_LIMIT;
}

static qhm_status count_samples(const qhm_run_file *file, const qhm_arguments *arguments,
                                uint64_t *samples)
{
    *samples = arguments->samples;
    if (arguments->samples > 0)
        return QHM_OK;
    qhm_run_estimate estimate = {0};
    const qhm_status status =
        qhm_run_estimate_cost(file, &(qhm_run_options){.quick = true}, &estimate);
    *samples = estimate.items;
    qhm_string_destroy(estimate.description);
    return status;
}

static int estimate_run(const qhm_run_file *file, const qhm_device *device,
                        const qhm_arguments *arguments, FILE *out)
{
    size_t count, misfits = 0;
    uint64_t samples;
    const qhm_run_circuit *circuits = qhm_run_file_circuits(file, &count);
    qhm_status status = count_samples(file, arguments, &samples), last = QHM_OK;
    qhm_estimate_row *rows = qhm_cli_allocate(count + 1, sizeof *rows);
    for (size_t i = 0; i < count && status == QHM_OK; i++) {
        rows[i].task = circuits[i].task;
        rows[i].model = circuits[i].model;
        rows[i].samples = samples;
        status = estimate_run_circuit(&circuits[i], device, arguments, &rows[i]);
        if (!is_misfit(status))
            continue;
        rows[i].error = qhm_print_text("%s", qhm_error_message());
        last = status;
        status = QHM_OK;
        misfits++;
    }
    int code = status == QHM_OK ? qhm_estimate_print_run(qhm_run_file_name(file), rows, count,
                                                         device, arguments, out)
                                : qhm_fail_status(status);
    for (size_t i = 0; i < count; i++)
        free(rows[i].error);
    free(rows);
    return code == QHM_EXIT_OK && misfits == count ? qhm_exit_code(last) : code;
}

static int estimate_run_file(const qhm_device *device, const qhm_arguments *arguments, FILE *out)
{
    if (arguments->observables.count > 0)
        return qhm_fail(QHM_EXIT_USAGE, "--observable is for circuits; run files have their own");
    qhm_run_file *file = NULL;
    int code = qhm_run_file_argument_load(arguments, &file);
    if (code != QHM_EXIT_OK)
        return code;
    code = estimate_run(file, device, arguments, out);
    qhm_run_file_destroy(file);
    return code;
}

static int compare_circuit(const qhm_circuit_file *file, const qhm_arguments *arguments, FILE *out)
{
    const size_t count = arguments->observables.count;
    qhm_observable **observables = qhm_cli_allocate(count + 1, sizeof *observables);
    qhm_circuit *unmeasured = NULL;
    qhm_status status = read_observables(arguments, observables);
    if (status == QHM_OK && count > 0)
        status = qhm_sim_drop_measurements(file->circuit, &unmeasured);
    qhm_estimate_subject subject = {.file = file->name,
                                    .circuit = unmeasured ? unmeasured : file->circuit,
                                    .options = options_of(arguments),
                                    .executions = arguments->samples > 0 ? arguments->samples : 1};
    subject.options.observables = (const qhm_observable *const *)observables;
    subject.options.observable_count = count;
    const int code = status == QHM_OK ? qhm_estimate_compare(&subject, 1, arguments, out)
                                      : qhm_fail_status(status);
    for (size_t i = 0; i < count; i++)
        qhm_observable_destroy(observables[i]);
    free(observables);
    qhm_circuit_destroy(unmeasured);
    return code;
}

static int compare_circuit_file(const qhm_arguments *arguments, FILE *out)
{
    qhm_circuit_file file;
    int code = qhm_circuit_file_load(arguments, arguments->operands[0], &file);
    if (code == QHM_EXIT_OK)
        code = compare_circuit(&file, arguments, out);
    qhm_circuit_file_release(&file);
    return code;
}

static int compare_run(const qhm_run_file *file, const qhm_arguments *arguments, FILE *out)
{
    size_t count;
    uint64_t samples;
    const qhm_run_circuit *circuits = qhm_run_file_circuits(file, &count);
    qhm_status status = count_samples(file, arguments, &samples);
    qhm_estimate_subject *subjects = qhm_cli_allocate(count + 1, sizeof *subjects);
    qhm_circuit **pairs = qhm_cli_allocate(count + 1, sizeof(qhm_circuit *));
    for (size_t i = 0; i < count && status == QHM_OK; i++) {
        const bool is_pair = circuits[i].observable_count == 0;
        if (is_pair)
            status = make_pair(circuits[i].circuit, &pairs[i]);
        subjects[i] =
            (qhm_estimate_subject){.task = circuits[i].task,
                                   .model = circuits[i].model,
                                   .circuit = is_pair ? pairs[i] : circuits[i].circuit,
                                   .options = options_of(arguments),
                                   .executions = is_pair ? samples * (samples - 1) / 2 : samples};
        subjects[i].options.observables = circuits[i].observables;
        subjects[i].options.observable_count = circuits[i].observable_count;
        subjects[i].options.state_preparations = is_pair ? 2 : 1;
    }
    const int code = status == QHM_OK ? qhm_estimate_compare(subjects, count, arguments, out)
                                      : qhm_fail_status(status);
    for (size_t i = 0; i < count; i++)
        qhm_circuit_destroy(pairs[i]);
    free(pairs);
    free(subjects);
    return code;
}

static int compare(const qhm_arguments *arguments, FILE *out)
{
    if (arguments->qubits > 0)
        return qhm_fail(QHM_EXIT_USAGE, "--qubits goes with one device");
    if (qhm_circuit_file_is_path(arguments->operands[0]))
        return compare_circuit_file(arguments, out);
    if (arguments->observables.count > 0)
        return qhm_fail(QHM_EXIT_USAGE, "--observable is for circuits; run files have their own");
    qhm_run_file *file = NULL;
    int code = qhm_run_file_argument_load(arguments, &file);
    if (code != QHM_EXIT_OK)
        return code;
    code = compare_run(file, arguments, out);
    qhm_run_file_destroy(file);
    return code;
}

static int run_estimate(const qhm_arguments *arguments, FILE *out)
{
    if (!arguments->device)
        return qhm_fail(QHM_EXIT_USAGE, "--device is missing, such as --device willow");
    if (arguments->precision_wanted > 0 && arguments->shots > 0)
        return qhm_fail(QHM_EXIT_USAGE,
                        "--shots and --precision say the same in two ways; give one");
    qhm_compile_options compile;
    int code = qhm_compile_arguments_read(arguments, &compile);
    if (code != QHM_EXIT_OK)
        return code;
    if (strchr(arguments->device, ','))
        return compare(arguments, out);
    qhm_device *device = NULL;
    const qhm_status status = qhm_device_load(arguments->device, NULL, &device);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    code = qhm_circuit_file_is_path(arguments->operands[0])
               ? estimate_circuit_file(device, arguments, out)
               : estimate_run_file(device, arguments, out);
    qhm_device_destroy(device);
    return code;
}

#define FIELD(name) offsetof(qhm_arguments, name)

static const qhm_cli_option option_device = {
    .name = "device",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = FIELD(device),
    .help = "a chip, such as willow or condor:optimistic, or the path of a device file; several, "
            "separated by commas, are compared and one is chosen",
};

static const qhm_cli_option option_precision = {
    .name = "precision",
    .value = "ERROR",
    .type = QHM_CLI_NUMBER,
    .offset = FIELD(precision_wanted),
    .is_positive = true,
    .help = "standard error of each value, or of each outcome's probability, before noise; default "
            "0.01",
};

static const qhm_cli_option option_shots = {
    .name = "shots",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = FIELD(shots),
    .minimum = 1,
    .maximum = MOST_SHOTS,
    .help = "shots in each setting, instead of a precision",
};

static const qhm_cli_option option_observable = {
    .name = "observable",
    .value = "SUM",
    .type = QHM_CLI_LIST,
    .offset = FIELD(observables),
    .help = "a value that is wanted, such as \"Z0 Z1 + 0.5 X0\"; may be given again; default: the "
            "outcomes",
};

static const qhm_cli_option option_samples = {
    .name = "samples",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = FIELD(samples),
    .minimum = 1,
    .maximum = UINT32_MAX,
    .help = "inputs to run; default 1, for run files all items of the data, which are loaded",
};

static const qhm_cli_option option_qubits = {
    .name = "qubits",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = FIELD(qubits),
    .minimum = 1,
    .maximum = UINT32_MAX,
    .help = "for a circuit, show also what a machine of N qubits like the device needs",
};

static const qhm_cli_option option_local = {
    .name = "local",
    .type = QHM_CLI_FLAG,
    .offset = FIELD(local),
    .help = "the computer stands beside the machine: no round trips through a cloud",
};

static const qhm_cli_option option_host_watts = {
    .name = "host-watts",
    .value = "W",
    .type = QHM_CLI_NUMBER,
    .offset = FIELD(host_watts),
    .help = "power of the computer, all the time; default: not counted",
};

static const qhm_cli_option option_carbon = {
    .name = "kg-co2-per-kwh",
    .value = "KG",
    .type = QHM_CLI_NUMBER,
    .offset = FIELD(kg_co2_per_kwh),
    .help = "of the electricity; default: not counted",
};

static const qhm_cli_option option_usd_per_second = {
    .name = "usd-per-second",
    .value = "USD",
    .type = QHM_CLI_NUMBER,
    .offset = FIELD(usd_per_second),
    .is_positive = true,
    .help = "price of time on the machine; without any price, the device's",
};

static const qhm_cli_option option_usd_per_shot = {
    .name = "usd-per-shot",
    .value = "USD",
    .type = QHM_CLI_NUMBER,
    .offset = FIELD(usd_per_shot),
    .is_positive = true,
    .help = "price of a shot",
};

static const qhm_cli_option option_usd_per_job = {
    .name = "usd-per-job",
    .value = "USD",
    .type = QHM_CLI_NUMBER,
    .offset = FIELD(usd_per_job),
    .is_positive = true,
    .help = "price of a job",
};

static const qhm_cli_option *const options[] = {
    &option_device,
    &option_precision,
    &option_shots,
    &option_observable,
    &option_samples,
    &option_local,
    &qhm_option_allow_assumed_gates,
    &qhm_option_level,
    &qhm_option_decoupling,
    &qhm_option_rotations,
    &qhm_option_rotation_precision,
    &option_host_watts,
    &option_carbon,
    &option_usd_per_second,
    &option_usd_per_shot,
    &option_usd_per_job,
    &option_qubits,
    &qhm_option_parameter,
    &qhm_option_set,
    &qhm_option_strict,
    &qhm_option_quiet,
    &qhm_option_threads,
    &qhm_option_json,
    NULL,
};

const qhm_command qhm_command_estimate = {
    .name = "estimate",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "tell what a circuit or a run file would take on a chip: shots, seconds, joules, price",
    .details =
        "FILE is a circuit (.qasm, .ll, - for standard input) or a run file. The circuit is "
        "compiled "
        "for the chip; a shot takes circuit, read-out, reset and repetition delay. Shots follow "
        "from "
        "the precision: variance / precision^2 in each measurement setting. Nothing runs on a "
        "machine.\n"
        "Of a run file, every circuit is told: one sample, all samples forward once, and one "
        "training "
        "by parameter shift. A sample is one pass through the quantum layer: an item of a "
        "retrieval "
        "makes two, a sequence one a word. A kernel compares all pairs.\n"
        "Of several devices, those whose expected success is within 0.01 of the best count, and of "
        "them the one that takes the least time is chosen.\n"
        "Results list the device's figures that are not measured. What a device does not give is "
        "not "
        "known, never guessed.",
    .example = "qhm estimate examples/bell.qasm --device willow --precision 0.01\n"
               "qhm estimate examples/emoji.yaml --device condor --samples 1900\n"
               "qhm estimate examples/bell.qasm --device willow,heron,ocelot\n"
               "qhm estimate examples/bell.qasm --device willow --qubits 10000",
    .run = run_estimate,
};
