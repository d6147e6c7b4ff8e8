// The problem "xeb": samples of a random circuit, their cross-entropy, and what the check takes.
#include "algorithm/algorithm_internal.h"
#include "algorithm/alias_table.h"
#include "algorithm/append_at.h"
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <qhm/random_circuit.h>
#include <qhm/xeb.h>

// Of the claim about Willow: random circuits of depth 40 on 103 qubits, 63,000 a second.
enum {
    CLAIM_QUBITS = 103,
    CLAIM_CYCLES = 40,
    FEWEST_TIMED = 4,
    MOST_TIMED = 24,
    TIMINGS = 3,
    FITTED = 5
};
static const double claim_rate = 63000, claim_seconds = 300, year_seconds = 365.25 * 86400;

typedef struct xeb_options {
    size_t qubits, cycles, rows, samples, timed_qubits;
    double white, gate_error;
} xeb_options;

static const qhm_option_info fields[] = {
    {.name = "qubits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(xeb_options, qubits),
     .default_text = "10",
     .minimum = 2,
     .maximum = MOST_TIMED,
     .help = "of the circuit"},
    {.name = "cycles",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(xeb_options, cycles),
     .default_text = "20",
     .minimum = 1,
     .maximum = 1000,
     .help = "of square roots of X, Y and W on every qubit and CZ on a fourth of the grid's edges"},
    {.name = "rows",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(xeb_options, rows),
     .maximum = MOST_TIMED,
     .help = "of the grid; 0: the nearest to a square"},
    {.name = "samples",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(xeb_options, samples),
     .default_text = "1000",
     .minimum = 2,
     .maximum = 1e7,
     .help = "of the circuit"},
    {.name = "white",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(xeb_options, white),
     .maximum = 1,
     .help = "share of samples that are replaced by uniform noise"},
    {.name = "gate_error",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(xeb_options, gate_error),
     .maximum = 0.5,
     .help = "probability of a Pauli error after each CZ, by random trajectories"},
    {.name = "timed_qubits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(xeb_options, timed_qubits),
     .default_text = "12",
     .minimum = FEWEST_TIMED + 1,
     .maximum = MOST_TIMED,
     .help = "simulations from 4 qubits to this many are timed"},
    {0},
};

static size_t find_rows(const xeb_options *options, size_t qubits)
{
    return options->rows ? options->rows : (size_t)round(sqrt((double)qubits));
}

static qhm_status create_circuit(const xeb_options *options, size_t qubits, uint64_t seed,
                                 qhm_circuit **circuit)
{
    qhm_circuit *made;
    const qhm_random_circuit_options shape = {
        .cycles = options->cycles, .rows = find_rows(options, qubits), .is_closed = true};
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x786562, qubits, 0);
    QHM_TRY(qhm_circuit_create(qubits, 0, &made));
    const qhm_status status = qhm_random_circuit_append(made, &shape, &random);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

// What the samples are judged by: all 2^n probabilities, and not what was executed.
static qhm_status find_probabilities(const qhm_circuit *circuit, double **probabilities)
{
    const size_t size = (size_t)1 << qhm_circuit_qubit_count(circuit);
    qhm_complex *state;
    double *found;
    QHM_TRY(qhm_counted_state(circuit, NULL, &state));
    const qhm_status status = qhm_allocate(size, sizeof *found, &found);
    for (size_t x = 0; x < size && status == QHM_OK; x++)
        found[x] = state[x].re * state[x].re + state[x].im * state[x].im;
    qhm_release(state);
    QHM_TRY(status);
    *probabilities = found;
    return QHM_OK;
}

// The outcomes with a share of them replaced.
static qhm_status add_white(const qhm_distribution *outcomes, double white, uint64_t seed,
                            qhm_distribution **mixed)
{
    const size_t bits = qhm_distribution_bit_count(outcomes);
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_NOISE, 0x786562, 0, 0);
    qhm_distribution *made;
    QHM_TRY(qhm_distribution_create(bits, &made));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *outcome;
        double weight;
        qhm_distribution_outcome(outcomes, i, &outcome, &weight);
        for (double shot = 0; shot < weight && status == QHM_OK; shot++) {
            const bool is_white = qhm_random_uniform(&random) < white;
            const uint64_t drawn = qhm_random_below(&random, (uint64_t)1 << bits);
            status = qhm_distribution_append(made, is_white ? &drawn : outcome, 1);
        }
    }
    if (status != QHM_OK) {
        qhm_distribution_destroy(made);
        return status;
    }
    *mixed = made;
    return QHM_OK;
}

static qhm_status draw_samples(const xeb_options *options, const qhm_circuit *circuit,
                               uint64_t seed, qhm_ledger *ledger, qhm_distribution **outcomes)
{
    qhm_circuit *run = NULL;
    qhm_distribution *drawn = NULL;
    qhm_status status = options->gate_error > 0
                            ? qhm_xeb_add_noise(circuit, options->gate_error, &run)
                            : qhm_circuit_copy(circuit, &run);
    if (status == QHM_OK)
        status = qhm_append_measures(run, "x", qhm_circuit_qubit_count(run));
    if (status == QHM_OK)
        status = qhm_counted_shots(run, options->samples, seed, NULL, ledger, &drawn);
    if (status == QHM_OK)
        status = add_white(drawn, options->white, seed, outcomes);
    qhm_distribution_destroy(drawn);
    qhm_circuit_destroy(run);
    return status;
}

static qhm_status describe(const xeb_options *options, const qhm_circuit *circuit, const double *p,
                           const qhm_distribution *outcomes, qhm_result *result)
{
    qhm_xeb_estimate estimate;
    qhm_circuit_counts counts;
    double distance, p_value;
    const size_t n = options->qubits;
    json_t *answer = result->answer;
    QHM_TRY(qhm_circuit_count(circuit, &counts));
    QHM_TRY(qhm_xeb_porter_thomas(n, p, &distance, &p_value));
    QHM_TRY(qhm_xeb_estimate_outcomes(n, p, outcomes, &estimate));
    const double kept =
        (1 - options->white) * pow(1 - options->gate_error, (double)counts.two_qubit_gates);
    qhm_result_number(answer, "value", estimate.linear);
    qhm_result_number(answer, "standard_error", estimate.standard_error);
    qhm_result_number(answer, "normalised", estimate.normalised);
    qhm_result_number(answer, "normalised_standard_error", estimate.normalised_standard_error);
    qhm_result_number(answer, "error_free_share", kept);
    qhm_result_number(answer, "value_of_perfect_sampler", estimate.collision);
    qhm_result_number(answer, "value_over_random_states", qhm_xeb_ideal(n));
    qhm_result_number(answer, "porter_thomas_distance", distance);
    qhm_result_number(answer, "porter_thomas_p_value", p_value);
    qhm_result_number(answer, "entropy", qhm_xeb_entropy(n, p));
    qhm_result_number(answer, "entropy_over_random_states", qhm_xeb_ideal_entropy(n));
    qhm_result_number(answer, "samples_for_five_sigma", ceil(25 / (kept * kept)));
    qhm_result_count(answer, "two_qubit_gates", counts.two_qubit_gates);
    return QHM_OK;
}

// The median of some simulations of a circuit of so many qubits.
static qhm_status time_simulation(const xeb_options *options, size_t qubits, uint64_t seed,
                                  double *seconds)
{
    qhm_circuit *circuit;
    double times[TIMINGS];
    qhm_status status = QHM_OK;
    QHM_TRY(create_circuit(options, qubits, seed, &circuit));
    for (size_t i = 0; i < TIMINGS && status == QHM_OK; i++) {
        double *p = NULL;
        const double start = qhm_algorithm_clock();
        status = find_probabilities(circuit, &p);
        times[i] = qhm_algorithm_clock() - start;
        qhm_release(p);
    }
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    return qhm_statistics_median(times, TIMINGS, seconds);
}

// As many perfect samples of the circuit itself.
static qhm_status time_samples(const xeb_options *options, const qhm_circuit *circuit,
                               uint64_t seed, qhm_result *result)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_SHOTS, 0x786562, 0, 0);
    qhm_alias_table table = {0};
    double *p = NULL;
    uint64_t *samples;
    QHM_TRY(qhm_allocate(options->samples, sizeof *samples, &samples));
    const double start = qhm_algorithm_clock();
    qhm_status status = find_probabilities(circuit, &p);
    if (status == QHM_OK)
        status = qhm_alias_table_create(p, (size_t)1 << options->qubits, &table);
    for (size_t i = 0; i < options->samples && status == QHM_OK; i++)
        samples[i] = qhm_alias_table_draw(&table, &random);
    const double seconds = qhm_algorithm_clock() - start;
    qhm_alias_table_release(&table);
    qhm_release(p);
    qhm_release(samples);
    qhm_result_text(result->opponent, "method", "state vector: all probabilities, then samples");
    qhm_result_number(result->opponent, "seconds", seconds);
    qhm_result_number(result->opponent, "seconds_per_sample", seconds / (double)options->samples);
    return status;
}

// The exponent is fitted to the largest sizes, the gates' number taken out: small ones take as long
// to prepare as to run.
static qhm_status time_simulations(const xeb_options *options, uint64_t seed, qhm_result *result)
{
    double sizes[MOST_TIMED], seconds[MOST_TIMED], per_gate[MOST_TIMED], qubits[MOST_TIMED];
    const size_t last = options->timed_qubits, count = last + 1 - FEWEST_TIMED;
    json_t *opponent = result->opponent;
    for (size_t i = 0; i < count; i++) {
        const size_t n = FEWEST_TIMED + i;
        QHM_TRY(time_simulation(options, n, seed, &seconds[i]));
        qubits[i] = (double)n;
        sizes[i] = ldexp(1, (int)n);
        per_gate[i] = seconds[i] / (double)(n * options->cycles);
    }
    const size_t first = count > FITTED ? count - FITTED : 0;
    const double exponent =
        qhm_statistics_log_slope(sizes + first, per_gate + first, count - first);
    const double claimed =
        per_gate[count - 1] * CLAIM_QUBITS * CLAIM_CYCLES * ldexp(1, CLAIM_QUBITS - (int)last);
    qhm_result_numbers(opponent, "qubits", qubits, count);
    qhm_result_numbers(opponent, "seconds_by_qubits", seconds, count);
    qhm_result_number(opponent, "exponent_of_states", exponent);
    qhm_result_number(opponent, "years_at_103_qubits", claimed / year_seconds);
    if (exponent < 0.7)
        qhm_result_note(result,
                        "Up to %zu qubits the simulation takes as long to prepare as to run, so "
                        "that years_at_103_qubits is too many: time 22 qubits or more.",
                        last);
    qhm_result_number(opponent, "bytes_at_103_qubits", ldexp(16, CLAIM_QUBITS));
    return QHM_OK;
}

static void add_notes(const xeb_options *options, qhm_result *result)
{
    qhm_result_note(result,
                    "Checking %zu samples took all 2^%zu probabilities of the circuit; beyond what "
                    "can be simulated nobody can check a sample.",
                    options->samples, options->qubits);
    qhm_result_note(result,
                    "The claim about Willow is %.0f minutes for %.3g samples of circuits of %d "
                    "cycles on %d qubits, against 10^25 years, the maker's estimate for a "
                    "supercomputer. It rests on a fidelity of 0.001 that is inferred from circuits "
                    "that can be simulated, and on the best contraction of a tensor network that "
                    "is known. Neither can be checked here beyond the sizes timed.",
                    claim_seconds / 60, claim_rate * claim_seconds, CLAIM_CYCLES, CLAIM_QUBITS);
    qhm_result_note(result,
                    "years_at_103_qubits is this machine's speed with a memory of 10^32 bytes, "
                    "which none has; other methods may need less of either.");
}

static qhm_status run_circuit(const xeb_options *options, const qhm_problem *problem,
                              const qhm_circuit *circuit, qhm_result *result)
{
    double *p = NULL;
    qhm_distribution *outcomes = NULL;
    qhm_status status = find_probabilities(circuit, &p);
    if (status == QHM_OK)
        status = draw_samples(options, circuit, problem->seed, &result->ledger, &outcomes);
    if (status == QHM_OK)
        status = describe(options, circuit, p, outcomes, result);
    if (status == QHM_OK)
        status = time_samples(options, circuit, problem->seed, result);
    if (status == QHM_OK)
        status = time_simulations(options, problem->seed, result);
    if (status == QHM_OK)
        add_notes(options, result);
    qhm_distribution_destroy(outcomes);
    qhm_release(p);
    return status;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const xeb_options *options = given;
    qhm_circuit *circuit;
    QHM_TRY(create_circuit(options, options->qubits, problem->seed, &circuit));
    const qhm_status status = run_circuit(options, problem, circuit, result);
    qhm_circuit_destroy(circuit);
    return status;
}

const qhm_algorithm qhm_algorithm_xeb = {
    .info = {.name = "xeb",
             .help = "random-circuit sampling, its cross-entropy, and what the check takes",
             .details = "Samples of a random circuit on a grid, perfect or noisy, judged by 2^n "
                        "<p> - 1 over the ideal probabilities, which\ntake a simulation of all 2^n "
                        "amplitudes: the task itself. The opponent is that simulation, timed by "
                        "qubits.\n[boixo2018, arute2019, morvan2024]\n",
             .example = "qubits: 8\ncycles: 12\nsamples: 1000\ntimed_qubits: 8\n",
             .fields = fields},
    .options_size = sizeof(xeb_options),
    .run = run,
};
