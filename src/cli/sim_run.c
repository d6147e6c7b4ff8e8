// A circuit from a file becomes plans, counts or probabilities, values, and a page of them.
#include "cli/sim_run.h"

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

enum { DEFAULT_SHOTS = 1024, CHUNK_BYTES = 1 << 28 };

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
    qhm_cost cost;        // of a device
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

// What the chip would have run, where channels stood for its measurements.
static qhm_status count_measured(simulation *s)
{
    qhm_ledger chip, *ledger = &s->result.ledger;
    const qhm_status status = qhm_circuit_count_ledger(s->noise.ideal, NULL, &chip);
    if (status != QHM_OK)
        return status;
    qhm_ledger_repeat(&chip, ledger->circuits);
    ledger->qubits = chip.qubits;
    ledger->depth = chip.depth;
    ledger->two_qubit_depth = chip.two_qubit_depth;
    ledger->phases[QHM_PHASE_ENCODE] = chip.phases[QHM_PHASE_ENCODE];
    ledger->phases[QHM_PHASE_EXECUTE] = chip.phases[QHM_PHASE_EXECUTE];
    return QHM_OK;
}

static qhm_status add_ledgers(simulation *s)
{
    qhm_status status = qhm_plan_ledger(s->plan, &s->result.ledger);
    qhm_ledger other;
    if (status == QHM_OK && s->unmeasured_plan)
        status = qhm_plan_ledger(s->unmeasured_plan, &other);
    if (status == QHM_OK && s->unmeasured_plan)
        qhm_ledger_add(&s->result.ledger, &other);
    if (status == QHM_OK && s->noise.is_merged)
        status = count_measured(s);
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

// What the runs would cost on the device. Exact ones are charged with the default shots, and runs
// of mitigation with the time of the circuit itself.
static qhm_status find_cost(simulation *s)
{
    const qhm_device *device = s->noise.device;
    if (!s->arguments->device || !device || qhm_device_family_of(device) == QHM_DEVICE_IDEAL)
        return QHM_OK;
    qhm_ledger ledger = s->result.ledger;
    if (s->result.mitigation) {
        const qhm_overhead *overhead = &s->mitigation.overhead;
        ledger.circuits += overhead->circuits;
        ledger.exact_circuits += s->result.is_exact ? overhead->circuits : 0;
        ledger.shots += overhead->shots;
    }
    const qhm_cost_options options = {
        .duration_ns = qhm_compiled_summary_of(s->noise.compiled)->duration_ns,
        .duration_has_read_out = true,
        .exact_shots = DEFAULT_SHOTS,
    };
    const qhm_status status = qhm_cost_find(&ledger, device, &options, &s->cost);
    s->result.cost = &s->cost;
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

// Noise did not fit: says so when the stabilizer simulator would run it, twirled.
static int fail_noisy(const simulation *s)
{
    char *lost = qhm_print_text("%s", qhm_error_message());
    qhm_method bare = {.backend = ""};
    const qhm_status status = qhm_method_find(s->noise.ideal, NULL, &bare);
    const bool may_twirl = status == QHM_OK && strcmp(bare.backend, "stabilizer") == 0;
    const int code =
        qhm_fail(QHM_EXIT_RESOURCE_LIMIT, "%s%s", lost,
                 may_twirl ? "; all gates are Clifford: --twirl makes noise of it that "
                             "the stabilizer simulator can run"
                           : "");
    free(lost);
    return code;
}

static int fail_run(const simulation *s, qhm_status status)
{
    if (status == QHM_ERROR_RESOURCE_LIMIT && is_auto(s->arguments) && s->result.method) {
        if (strcmp(s->result.method, "mps") == 0)
            return fail_both(s);
        if (strcmp(s->result.method, "trajectories") == 0 && !s->arguments->twirl)
            return fail_noisy(s);
    }
    return qhm_fail_status(status);
}

// Makes what is run from what was read.
static qhm_status make_circuit(simulation *s)
{
    if (qhm_circuit_qubit_count(s->file.circuit) == 0) // no plan is made
        return QHM_OK;
    qhm_status status = QHM_OK;
    if (!qhm_sim_has_measurements(s->file.circuit)) {
        qhm_note("%s measures nothing: all qubits are measured at the end, into register meas",
                 s->result.file);
        status = measure_all(s);
    }
    if (status != QHM_OK || !(s->arguments->noise || s->arguments->device))
        return status;
    s->result.noise = &s->noise;
    return qhm_sim_noise_apply(s->arguments, &s->noise, &s->file.circuit);
}

static int simulate(simulation *s, FILE *out)
{
    int code = check_bound(s->file.circuit);
    if (code != QHM_EXIT_OK)
        return code;
    qhm_status status = make_circuit(s);
    s->result.circuit = s->file.circuit;
    if (status == QHM_OK)
        status = read_observables(s);
    if (status == QHM_OK)
        status = prepare(s);
    if (status == QHM_OK)
        status = run(s);
    if (status == QHM_OK && s->arguments->mitigate && s->result.noise)
        status = mitigate(s);
    if (status == QHM_OK)
        status = find_cost(s);
    if (status != QHM_OK)
        return fail_run(s, status);
    if (s->result.accuracy.is_beyond_bound)
        qhm_note("the truncation error %.2g is beyond the bound %.2g: take a larger --max-bond",
                 s->result.accuracy.truncation_error, s->result.accuracy.truncation_bound);
    return s->arguments->json ? qhm_sim_print_json(&s->result, s->arguments, out)
                              : qhm_sim_print(&s->result, s->arguments, out);
}

int qhm_sim_run(const qhm_arguments *arguments, qhm_precision precision, FILE *out)
{
    simulation s = {.arguments = arguments, .precision = precision};
    int code = qhm_circuit_file_load(arguments, arguments->operands[0], &s.file);
    if (code == QHM_EXIT_OK) {
        s.result.precision = precision == QHM_FLOAT32 ? "float32" : "float64";
        s.result.file = s.file.name;
        s.result.is_exact = arguments->exact;
        s.result.shots = arguments->shots > 0 ? (size_t)arguments->shots : DEFAULT_SHOTS;
        s.result.seed = arguments->seed;
        code = simulate(&s, out);
    }
    release(&s);
    return code;
}
