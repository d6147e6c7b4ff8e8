// qhm sim: runs a circuit from a file, by shots or exactly.
#include "cli/circuit_file.h"
#include "cli/console.h"
#include "cli/sim_circuit.h"
#include "cli/sim_mitigate.h"
#include "cli/sim_noise.h"
#include "cli/sim_output.h"

#include <math.h>
#include <qhm/backend.h>
#include <qhm/method.h>
#include <qhm/observable.h>
#include <qhm/plan.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_SHOTS = 1024, CHUNK_BYTES = 1 << 28, MOST_BOND = 1 << 20 };

#define MOST_SHOTS 1000000000U

// One run: what was asked for and what has been made for it.
typedef struct simulation {
    const qhm_arguments *arguments;
    qhm_circuit_file file;
    qhm_sim_noise noise;
    qhm_sim_mitigation mitigation;
    qhm_precision precision;
    qhm_method choice;
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_circuit *unmeasured; // without its final measurements: what observables are of
    qhm_plan *unmeasured_plan;
    qhm_distribution *outcomes;
    qhm_observable **asked; // [--observable]
    qhm_sim_value *values;  // the same
    qhm_observable **terms; // [term_count] of all that were asked for
    size_t term_count;
    double *expectations; // [term_count]
    qhm_sim_result result;
} simulation;

// A circuit that measures nothing is asked for all its qubits, in a register of their own.
static qhm_status measure_all(simulation *s)
{
    qhm_circuit *measured = NULL;
    qhm_status status = qhm_sim_measure_all(s->file.circuit, &measured);
    if (status != QHM_OK)
        return status;
    qhm_circuit_destroy(s->file.circuit);
    s->file.circuit = measured;
    return QHM_OK;
}

// Names the parameters that have no value yet.
static int check_bound(const qhm_circuit *circuit)
{
    const qhm_slot slots[] = {QHM_SLOT_INPUT, QHM_SLOT_WEIGHT};
    for (int i = 0; i < 2; i++) {
        size_t count = slots[i] == QHM_SLOT_INPUT ? qhm_circuit_input_count(circuit)
                                                  : qhm_circuit_weight_count(circuit);
        if (count == 0)
            continue;
        const char *name = qhm_circuit_slot_name(circuit, slots[i], 0);
        return qhm_fail(QHM_EXIT_USAGE,
                        "the circuit has %zu parameter%s without a value; give them as --param "
                        "%s=0.5",
                        count, count == 1 ? "" : "s", name ? name : "NAME");
    }
    return QHM_EXIT_OK;
}

// Every term becomes an observable of its own, so that its error is known.
static qhm_status append_terms(simulation *s, const qhm_observable *asked)
{
    for (size_t t = 0; t < qhm_observable_term_count(asked); t++) {
        const qhm_pauli_term *term = qhm_observable_term(asked, t);
        qhm_observable *single = NULL;
        qhm_status status = qhm_observable_create(&single);
        if (status != QHM_OK)
            return status;
        s->terms = qhm_cli_grow(s->terms, s->term_count + 1, sizeof *s->terms);
        s->terms[s->term_count++] = single;
        status = qhm_observable_append(single, 1, term->factors, term->factor_count);
        if (status != QHM_OK)
            return status;
    }
    return QHM_OK;
}

static qhm_status read_observables(simulation *s)
{
    const qhm_cli_list *texts = &s->arguments->observables;
    s->asked = qhm_cli_allocate(texts->count, sizeof *s->asked);
    s->values = qhm_cli_allocate(texts->count, sizeof *s->values);
    for (size_t i = 0; i < texts->count; i++) {
        qhm_status status = qhm_observable_parse(texts->items[i], &s->asked[i]);
        if (status == QHM_OK)
            status = qhm_sim_noise_map(&s->noise, &s->asked[i]);
        if (status == QHM_OK)
            status = append_terms(s, s->asked[i]);
        if (status != QHM_OK)
            return status;
    }
    s->expectations = qhm_cli_allocate(s->term_count, sizeof *s->expectations);
    return QHM_OK;
}

// Sums the terms again. Errors of terms may be fully correlated, so they add up.
static void sum_terms(simulation *s)
{
    const qhm_cli_list *texts = &s->arguments->observables;
    const double *mean = s->expectations;
    for (size_t i = 0; i < texts->count; i++) {
        qhm_sim_value *value = &s->values[i];
        value->text = texts->items[i];
        for (size_t t = 0; t < qhm_observable_term_count(s->asked[i]); t++, mean++) {
            double coefficient = qhm_observable_term(s->asked[i], t)->coefficient;
            value->value += coefficient * *mean;
            if (!s->result.is_exact)
                value->error +=
                    fabs(coefficient) * sqrt(fmax(0, 1 - *mean * *mean) / (double)s->result.shots);
        }
    }
    s->result.values = s->values;
    s->result.value_count = texts->count;
}

static qhm_status count_shots(const uint64_t *bits, size_t words, size_t shots,
                              qhm_distribution *outcomes)
{
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < shots && status == QHM_OK; i++)
        status = qhm_distribution_append(outcomes, bits + i * words, 1);
    return status;
}

// Runs the shots in parts, so that many shots of many bits need little memory; each part has random
// numbers of its own.
static qhm_status run_shots(simulation *s, qhm_distribution *counts)
{
    const size_t words = (qhm_circuit_bit_count(s->file.circuit) + 63) / 64;
    const size_t most = CHUNK_BYTES / (words * sizeof(uint64_t));
    const size_t shots = s->result.shots, part = shots < most ? shots : most;
    uint64_t *bits = qhm_cli_allocate(part * words, sizeof *bits);
    qhm_status status = QHM_OK;
    for (size_t first = 0, number = 0; first < shots && status == QHM_OK; first += part, number++) {
        const size_t count = shots - first < part ? shots - first : part;
        status = qhm_plan_run(s->plan, &(qhm_request){.batch_count = 1,
                                                      .shots = count,
                                                      .seed = s->result.seed,
                                                      .first_sample = number,
                                                      .bits = bits});
        if (status == QHM_OK)
            status = count_shots(bits, words, count, counts);
    }
    free(bits);
    return status;
}

static qhm_status run_exact(simulation *s)
{
    double *lost = &s->result.lost_probability;
    qhm_status status =
        qhm_plan_run_exact(s->plan, &(qhm_exact_request){.lost_probability = lost}, &s->outcomes);
    if (status == QHM_OK && s->term_count > 0)
        status = qhm_plan_run_exact(s->unmeasured_plan,
                                    &(qhm_exact_request){.expectations = s->expectations}, NULL);
    return status;
}

static qhm_status run_sampled(simulation *s)
{
    qhm_distribution *counts = NULL;
    qhm_status status = qhm_distribution_create(qhm_circuit_bit_count(s->file.circuit), &counts);
    if (status == QHM_OK)
        status = run_shots(s, counts);
    if (status == QHM_OK)
        status = qhm_distribution_drop_scratch(counts, s->file.circuit, &s->outcomes);
    qhm_distribution_destroy(counts);
    if (status == QHM_OK && s->term_count > 0)
        status = qhm_plan_run(s->unmeasured_plan, &(qhm_request){.batch_count = 1,
                                                                 .shots = s->result.shots,
                                                                 .seed = s->result.seed,
                                                                 .step = 1,
                                                                 .expectations = s->expectations});
    return status;
}

static qhm_status add_ledgers(simulation *s)
{
    qhm_status status = qhm_plan_ledger(s->plan, &s->result.ledger);
    qhm_ledger other;
    if (status == QHM_OK && s->unmeasured_plan)
        status = qhm_plan_ledger(s->unmeasured_plan, &other);
    if (status == QHM_OK && s->unmeasured_plan)
        qhm_ledger_add(&s->result.ledger, &other);
    return status;
}

static qhm_status run(simulation *s)
{
    qhm_status status = s->result.is_exact ? run_exact(s) : run_sampled(s);
    if (status != QHM_OK)
        return status;
    sum_terms(s);
    status = add_ledgers(s);
    s->result.outcomes = s->outcomes;
    s->result.accuracy = qhm_plan_accuracy(s->plan);
    if (s->unmeasured_plan) {
        const qhm_accuracy other = qhm_plan_accuracy(s->unmeasured_plan);
        if (other.truncation_error > s->result.accuracy.truncation_error)
            s->result.accuracy = other;
    }
    return status;
}

static bool is_auto(const qhm_arguments *arguments)
{
    return !arguments->method || strcmp(arguments->method, "auto") == 0;
}

static qhm_status prepare(simulation *s)
{
    const qhm_arguments *arguments = s->arguments;
    qhm_status status = QHM_OK;
    s->result.method = arguments->method;
    s->result.reason = "as asked for";
    if (is_auto(arguments)) {
        const qhm_method_options wanted = {.precision = s->precision};
        status = qhm_method_find(s->file.circuit, &wanted, &s->choice);
        s->result.method = s->choice.backend;
        s->result.reason = s->choice.reason;
    }
    const qhm_backend_options backend = {.max_bond = (size_t)arguments->max_bond,
                                         .stops_at_bound = is_auto(arguments)};
    if (status == QHM_OK)
        status = qhm_backend_create(s->result.method, &backend, &s->backend);
    qhm_plan_options options = {.precision = s->precision, .max_batch = 1, .forward_only = true};
    if (status == QHM_OK)
        status = qhm_plan_create(s->backend, s->file.circuit, NULL, 0, &options, &s->plan);
    if (status == QHM_OK && s->term_count > 0)
        status = qhm_sim_drop_measurements(s->file.circuit, &s->unmeasured);
    options.readout_flips = (const double(*)[2])s->noise.flips; // of measurements dropped here
    if (status == QHM_OK && s->term_count > 0)
        status = qhm_plan_create(s->backend, s->unmeasured, (const qhm_observable *const *)s->terms,
                                 s->term_count, &options, &s->unmeasured_plan);
    return status;
}

// The values once more, by the techniques of --mitigate, of the circuit that noise is added to.
static qhm_status mitigate(simulation *s)
{
    qhm_circuit *circuit;
    qhm_status status = qhm_sim_drop_measurements(s->noise.ideal, &circuit);
    if (status != QHM_OK)
        return status;
    status = qhm_sim_mitigate(s->arguments, &s->noise, s->backend,
                              &(qhm_execution){
                                  .circuit = circuit,
                                  .observables = (const qhm_observable *const *)s->asked,
                                  .observable_count = s->arguments->observables.count,
                                  .shots = s->result.is_exact ? 0 : s->result.shots,
                                  .seed = s->result.seed,
                              },
                              &s->mitigation);
    qhm_circuit_destroy(circuit);
    s->result.mitigation = &s->mitigation;
    return status;
}

static void release(simulation *s)
{
    qhm_sim_noise_release(&s->noise);
    qhm_sim_mitigation_release(&s->mitigation);
    qhm_plan_destroy(s->plan);
    qhm_plan_destroy(s->unmeasured_plan);
    qhm_circuit_destroy(s->unmeasured);
    qhm_backend_destroy(s->backend);
    qhm_distribution_destroy(s->outcomes);
    for (size_t i = 0; s->asked && i < s->arguments->observables.count; i++)
        qhm_observable_destroy(s->asked[i]);
    for (size_t t = 0; t < s->term_count; t++)
        qhm_observable_destroy(s->terms[t]);
    free(s->asked);
    free(s->terms);
    free(s->values);
    free(s->expectations);
    qhm_circuit_file_release(&s->file);
}

// Matrix product states were taken because the state vector is too large, and did not do either:
// says both. Returns an exit code.
static int fail_both(const simulation *s)
{
    char *lost = qhm_print_text("%s", qhm_error_message());
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    qhm_status status = qhm_backend_create("statevector", NULL, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(
            backend, s->file.circuit, NULL, 0,
            &(qhm_plan_options){.precision = s->precision, .max_batch = 1, .forward_only = true},
            &plan);
    int code = status == QHM_OK
                   ? qhm_fail(QHM_EXIT_RESOURCE_LIMIT, "%s; --method statevector may do", lost)
                   : qhm_fail(QHM_EXIT_RESOURCE_LIMIT,
                              "%s; and %s; --method mps gives an approximate answer and its error",
                              qhm_error_message(), lost);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    free(lost);
    return code;
}

static int simulate(simulation *s, FILE *out)
{
    int code = check_bound(s->file.circuit);
    if (code != QHM_EXIT_OK)
        return code;
    qhm_status status = QHM_OK;
    const bool has_qubits = qhm_circuit_qubit_count(s->file.circuit) > 0; // else no plan is made
    if (has_qubits && !qhm_sim_has_measurements(s->file.circuit)) {
        qhm_note("%s measures nothing: all qubits are measured at the end, into register meas",
                 s->result.file);
        status = measure_all(s);
    }
    if (status == QHM_OK && s->arguments->noise && has_qubits) {
        status = qhm_sim_noise_apply(s->arguments, &s->noise, &s->file.circuit);
        s->result.noise = &s->noise;
    }
    s->result.circuit = s->file.circuit;
    if (status == QHM_OK)
        status = read_observables(s);
    if (status == QHM_OK)
        status = prepare(s);
    if (status == QHM_OK)
        status = run(s);
    if (status == QHM_OK && s->arguments->mitigate && has_qubits)
        status = mitigate(s);
    if (status == QHM_ERROR_RESOURCE_LIMIT && is_auto(s->arguments) &&
        strcmp(s->result.method, "mps") == 0)
        return fail_both(s);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    if (s->result.accuracy.is_beyond_bound)
        qhm_note("the truncation error %.2g is beyond the bound %.2g: take a larger --max-bond",
                 s->result.accuracy.truncation_error, s->result.accuracy.truncation_bound);
    return s->arguments->json ? qhm_sim_print_json(&s->result, s->arguments, out)
                              : qhm_sim_print(&s->result, s->arguments, out);
}

static int run_sim(const qhm_arguments *arguments, FILE *out)
{
    simulation s = {.arguments = arguments};
    if (arguments->exact && arguments->shots > 0)
        return qhm_fail(QHM_EXIT_USAGE, "--exact and --shots exclude each other");
    if (arguments->mitigate && (!arguments->noise || arguments->observables.count == 0))
        return qhm_fail(QHM_EXIT_USAGE, "--mitigate needs --noise and --observable");
    if ((arguments->twirl || arguments->allow_assumed) && !arguments->noise)
        return qhm_fail(QHM_EXIT_USAGE, "%s needs --noise",
                        arguments->twirl ? "--twirl" : "--allow-assumed-gates");
    const char *precision = arguments->precision ? arguments->precision : "float64";
    if (strcmp(precision, "float32") == 0)
        s.precision = QHM_FLOAT32;
    else if (strcmp(precision, "float64") != 0)
        return qhm_fail(QHM_EXIT_USAGE, "--precision is \"%s\", not float32 or float64", precision);
    s.result.precision = precision;
    int code = qhm_circuit_file_load(arguments, arguments->operands[0], &s.file);
    if (code != QHM_EXIT_OK) {
        qhm_circuit_file_release(&s.file);
        return code;
    }
    s.result.file = s.file.name;
    s.result.is_exact = arguments->exact;
    s.result.shots = arguments->shots > 0 ? (size_t)arguments->shots : DEFAULT_SHOTS;
    s.result.seed = arguments->seed;
    code = simulate(&s, out);
    release(&s);
    return code;
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

static const qhm_cli_option option_noise = {
    .name = "noise",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, noise),
    .help = "the noise of a chip, such as willow or condor:optimistic, for which the circuit is "
            "compiled, or of a file that ends in .yaml",
};

static const qhm_cli_option option_twirl = {
    .name = "twirl",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, twirl),
    .help = "with --noise: replace channels by random Paulis, so that the stabilizer simulator can "
            "run them",
};

static const qhm_cli_option option_mitigate = {
    .name = "mitigate",
    .value = "LIST",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, mitigate),
    .help = "with --noise and --observable: print values after error mitigation, too: zne, lre, "
            "pec, readout, trex, twirling, cdr, distillation, or several as zne,readout, the "
            "outermost first",
};

static const qhm_cli_option option_allow_assumed_gates = {
    .name = "allow-assumed-gates",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, allow_assumed),
    .help = "with --noise: compile to operations of the chip whose existence is not published, too",
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
    &option_noise,
    &option_twirl,
    &option_allow_assumed_gates,
    &option_mitigate,
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
        "Clifford circuits, and matrix product states for other wide circuits, whose truncation "
        "error is printed; it says which and why.\n"
        "With --noise the circuit runs as on the chip: it is compiled, and its gates, waits and "
        "measurements err as the chip's figures say; the figures that nobody measured are named. "
        "docs/noise.md has the formulas, and the schema of files.\n"
        "With --mitigate the values are estimated again by error mitigation, from more circuits "
        "with as many shots each; docs/mitigation.md says what each technique does, costs and "
        "cannot do.\n"
        "With --exact, measurements on the way, conditions and loops are followed along every "
        "path, down to a probability of 1e-14; what is left out is printed.",
    .example = "qhm sim bell.qasm\n"
               "qhm sim --exact --json teleport.qasm\n"
               "qhm sim bell.qasm --noise willow --exact\n"
               "qhm sim bell.qasm --noise willow --observable \"Z0 Z1\" --mitigate zne,readout\n"
               "qhm sim ansatz.qasm --param theta=0.3 --exact --observable \"Z0 Z1 + 0.5 X2\"",
    .run = run_sim,
};
