// qhm sim: runs a circuit from a file, by shots or exactly.
#include "cli/compile_arguments.h"
#include "cli/console.h"
#include "cli/device_arguments.h"
#include "cli/sim_run.h"

#include <string.h>

enum { MOST_BOND = 1 << 20 };

#define MOST_SHOTS 1000000000U

// The first option that needs noise, or a chip to compile for, which nobody asked for.
static const char *find_idle_option(const qhm_arguments *arguments)
{
    const qhm_cli_option *compiling = qhm_compile_arguments_given(arguments),
                         *varying = qhm_device_arguments_given(arguments);
    if (arguments->device || (arguments->noise && !varying))
        return NULL;
    if (varying)
        return varying->name;
    return arguments->twirl       ? "twirl"
           : arguments->crosstalk ? "crosstalk"
           : compiling            ? compiling->name
                                  : NULL;
}

static int check_options(const qhm_arguments *arguments)
{
    const char *idle = find_idle_option(arguments);
    if (arguments->exact && arguments->shots > 0)
        return qhm_fail(QHM_EXIT_USAGE, "--exact and --shots exclude each other");
    if (arguments->device && arguments->noise)
        return qhm_fail(QHM_EXIT_USAGE, "--device has the chip's noise: leave out --noise");
    if (arguments->mitigate &&
        (!(arguments->noise || arguments->device) || arguments->observables.count == 0))
        return qhm_fail(QHM_EXIT_USAGE, "--mitigate needs --device or --noise, and --observable");
    if (idle)
        return qhm_fail(QHM_EXIT_USAGE, "--%s needs --device%s", idle,
                        qhm_device_arguments_given(arguments) ? "" : " or --noise");
    return QHM_EXIT_OK;
}

static int run_sim(const qhm_arguments *arguments, FILE *out)
{
    const char *precision = arguments->precision ? arguments->precision : "float64";
    const bool is_single = strcmp(precision, "float32") == 0;
    qhm_compile_options compile;
    int code = check_options(arguments);
    if (code == QHM_EXIT_OK)
        code = qhm_compile_arguments_read(arguments, &compile);
    if (code != QHM_EXIT_OK)
        return code;
    if (!is_single && strcmp(precision, "float64") != 0)
        return qhm_fail(QHM_EXIT_USAGE, "--precision is \"%s\", not float32 or float64", precision);
    return qhm_sim_run(arguments, is_single ? QHM_FLOAT32 : QHM_FLOAT64, out);
}

static const qhm_cli_option option_shots = {
    .name = "shots",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, shots),
    .minimum = 1,
    .maximum = MOST_SHOTS,
    .help = "run so many shots and count outcomes; default 1024",
};

static const qhm_cli_option option_exact = {
    .name = "exact",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, exact),
    .help = "find the probability of every outcome, without shots",
};

static const qhm_cli_option option_observable = {
    .name = "observable",
    .value = "SUM",
    .type = QHM_CLI_LIST,
    .offset = offsetof(qhm_arguments, observables),
    .help = "print the expectation value of a sum of Pauli strings, such as \"Z0 Z1 + 0.5 X2\", "
            "before the final measurements; may be given again",
};

static const qhm_cli_option option_method = {
    .name = "method",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, method),
    .help = "statevector, stabilizer, mps, trajectories, density_matrix, or auto: what suits the "
            "circuit; default auto",
};

static const qhm_cli_option option_device = {
    .name = "device",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, device),
    .help = "run as on a chip, such as willow or condor:optimistic: compiled for it, with its "
            "noise, and with what the runs would cost there",
};

static const qhm_cli_option option_noise = {
    .name = "noise",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, noise),
    .help = "noise of a file, YAML or JSON, on the circuit as it is; or of a chip, as --device, "
            "without the cost",
};

static const qhm_cli_option option_twirl = {
    .name = "twirl",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, twirl),
    .help = "with noise: replace channels by random Paulis, so that the stabilizer simulator can "
            "run them",
};

static const qhm_cli_option option_crosstalk = {
    .name = "crosstalk",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, crosstalk),
    .help = "with noise of a device: two-qubit gates have less error without others beside them at "
            "the same time, and idle neighbours turn each other, as far as its figures say",
};

static const qhm_cli_option option_mitigate = {
    .name = "mitigate",
    .value = "LIST",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, mitigate),
    .help = "with noise and --observable: print values after error mitigation, too: zne, lre, "
            "pec, readout, trex, twirling, cdr, distillation, or several as zne,readout, the "
            "outermost first",
};

static const qhm_cli_option option_max_bond = {
    .name = "max-bond",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, max_bond),
    .minimum = 1,
    .maximum = MOST_BOND,
    .help = "the largest bond dimension of mps; default 256",
};

static const qhm_cli_option option_precision = {
    .name = "precision",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, precision),
    .help = "float64 or float32, of state vectors; default float64",
};

static const qhm_cli_option option_seed = {
    .name = "seed",
    .value = "N",
    .type = QHM_CLI_SEED,
    .offset = offsetof(qhm_arguments, seed),
    .help = "what the shots' random numbers begin with; default 0; the same seed gives the same "
            "counts",
};

static const qhm_cli_option option_q0_left = {
    .name = "q0-left",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, q0_left),
    .help = "print bit 0 and the first register on the left, as Cirq, PennyLane and Braket do",
};

static const qhm_cli_option option_all = {
    .name = "all",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, all),
    .help = "show all outcomes, not only the 32 likeliest",
};

static const qhm_cli_option *const options[] = {
    &option_shots,
    &option_exact,
    &option_observable,
    &qhm_option_parameter,
    &option_device,
    &option_noise,
    &option_twirl,
    &option_crosstalk,
    &option_mitigate,
    &qhm_option_level,
    &qhm_option_decoupling,
    &qhm_option_allow_assumed_gates,
    &qhm_option_rotations,
    &qhm_option_rotation_precision,
    &qhm_option_drift,
    &qhm_option_drift_seed,
    &qhm_option_yield,
    &qhm_option_coupler_yield,
    &qhm_option_yield_seed,
    &qhm_option_spread_seed,
    &qhm_option_photon_number,
    &option_method,
    &option_max_bond,
    &option_precision,
    &option_seed,
    &option_q0_left,
    &option_all,
    &qhm_option_strict,
    &qhm_option_threads,
    &qhm_option_json,
    NULL,
};

const qhm_command qhm_command_sim = {
    .name = "sim",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "run a circuit from a file, by shots or exactly",
    .details =
        "FILE is OpenQASM 2 or 3 or a QIR Base Profile program, - for standard input. Outcomes are "
        "printed a field a classical "
        "register, the register declared last on the left, bit 0 on the right, as Qiskit does. "
        "A circuit that measures nothing has all its qubits measured at the end.\n"
        "The method auto takes a state vector for few qubits, the stabilizer simulator for wide "
        "Clifford circuits, and matrix product states for circuits with little entanglement and "
        "others that are too wide, whose truncation error is printed; it says which and why.\n"
        "With --device the circuit runs as on the chip: it is compiled, and its gates, waits and "
        "measurements err as the chip's figures say. What was run is counted, with the seconds and "
        "joules that it would take there (exact runs with 1024 shots for each circuit); the "
        "figures that nobody measured are named. --noise with a file puts that noise into the "
        "circuit as it is. docs/noise.md has the formulas, and the schema of files.\n"
        "With --mitigate the values are estimated again by error mitigation, from more circuits "
        "with as many shots each; docs/mitigation.md says what each technique does, costs and "
        "cannot do.\n"
        "With --exact, measurements on the way, conditions and loops are followed along every "
        "path, down to a probability of 1e-14; what is left out is printed.",
    .example = "qhm sim bell.qasm\n"
               "qhm sim --exact --json teleport.qasm\n"
               "qhm sim bell.qasm --device willow --exact\n"
               "qhm sim bell.qasm --device willow --observable \"Z0 Z1\" --mitigate zne,readout\n"
               "qhm sim ansatz.qasm --param theta=0.3 --exact --observable \"Z0 Z1 + 0.5 X2\"",
    .run = run_sim,
};
