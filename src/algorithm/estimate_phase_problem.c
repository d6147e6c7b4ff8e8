// The problem "estimate-phase": eigenphases of a unitary, energies of a Hamiltonian.
#include "algorithm/algorithm_internal.h"
#include "algorithm/counted_run.h"
#include "algorithm/phase_spectrum.h"
#include "base/statistics.h"

#include <math.h>
#include <qhm/bayesian_phase.h>
#include <qhm/random.h>

enum { MOST_BITS = 10, LISTED = 8 };

// What a simulation here may take: instructions of a circuit; amplitudes that all shots touch.
static const double MOST_INSTRUCTIONS = 1e6, MOST_WORK = 2e10;

// Bits so unlikely of an eigenstate are taken for those of none; so much of a peak for the only
// one.
static const double MOST_MISFIT = 20, LEAST_PEAK = 0.95;

typedef struct phase_options {
    qhm_phase_fields fields;
    int method;
    size_t bits, shots;
    double error;
} phase_options;

enum { TEXTBOOK = 1, ITERATIVE, ROBUST, BAYESIAN };

static const char *const methods[] = {"textbook", "iterative", "robust", "bayesian", NULL};

static const qhm_option_info fields[] = {
    {.name = "phases",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(phase_options, fields.phases),
     .help = "of a diagonal unitary, up to 16, in turns: [0, 0.3] is diag(1, e^{2 pi i 0.3})"},
    {.name = "matrix",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(phase_options, fields.matrix),
     .help = "or a real symmetric matrix H of up to 16 rows, for e^{-iHt}"},
    {.name = "hamiltonian",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(phase_options, fields.hamiltonian),
     .help = "or a sum of Pauli strings on up to 8 qubits, as Z0 Z1 + 0.5 X0"},
    {.name = "time",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(phase_options, fields.time),
     .minimum = 1e-9,
     .maximum = 1e6,
     .help = "t; when not given, the longest in which no eigenvalue can wrap around, less a tenth",
     .used_with = "matrix or hamiltonian"},
    {.name = "steps",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(phase_options, fields.steps),
     .minimum = 1,
     .maximum = 10000,
     .help = "of a product formula of order 2 for each t; when not given, one exact gate",
     .used_with = "hamiltonian"},
    {.name = "initial",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(phase_options, fields.initial),
     .help = "the state: the number of a basis state, or a list of amplitudes; when not given, 0"},
    {.name = "method",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(phase_options, method),
     .default_text = "textbook",
     .choices = methods,
     .help = "a whole clock; one ancilla, bit by bit; Hadamard tests of growing powers; or tests "
             "each chosen by the outcomes before"},
    {.name = "bits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(phase_options, bits),
     .default_text = "6",
     .minimum = 1,
     .maximum = MOST_BITS,
     .help = "of the phase; for robust and bayesian, powers up to 2^(bits - 1)"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(phase_options, shots),
     .default_text = "100",
     .minimum = 1,
     .maximum = 1e6,
     .help = "runs; for robust, of each of the 2 bits circuits; for bayesian, at most"},
    {.name = "error",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(phase_options, error),
     .default_text = "0.01",
     .minimum = 1e-5,
     .maximum = 0.4,
     .help = "of the phase, in turns: bayesian ends when its interval of 95 % has this half width",
     .used_with = "method=bayesian"},
    {0},
};

typedef struct phase_run {
    const phase_options *options;
    const qhm_problem *problem;
    qhm_phase_spectrum spectrum;
    qhm_phase_problem circuits;
    qhm_result *result;
    qhm_random random; // a seed for each circuit of a method that has many
} phase_run;

static void tell_phase(const phase_run *r, double phase)
{
    const qhm_phase_spectrum *s = &r->spectrum;
    qhm_result_number(r->result->answer, "phase", phase);
    qhm_result_number(r->result->answer, "signed_phase", qhm_phase_estimation_signed(phase));
    if (s->has_energies)
        qhm_result_number(r->result->answer, "energy",
                          0 - 2 * M_PI * qhm_phase_estimation_signed(phase) / s->time);
}

// What the outcome's probability would be for the exact unitary.
static double expected(const qhm_phase_spectrum *s, size_t bits, size_t y)
{
    double sum = 0;
    for (size_t i = 0; i < s->size; i++)
        sum += s->weights[i] * qhm_phase_estimation_probability(s->phases[i], bits, y);
    return sum;
}

// The outcomes in the order of their shots, at most LISTED; of equal ones the smaller first.
static size_t list_outcomes(const qhm_distribution *outcomes, size_t *y, double *shots)
{
    size_t count = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        size_t at = count < LISTED ? count++ : LISTED - 1;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        if (at == LISTED - 1 && count == LISTED && shots[at] >= weight)
            continue;
        for (; at > 0 && shots[at - 1] < weight; at--) {
            shots[at] = shots[at - 1];
            y[at] = y[at - 1];
        }
        shots[at] = weight;
        y[at] = (size_t)bits[0];
    }
    return count;
}

static void tell_outcomes(const phase_run *r, const qhm_distribution *outcomes)
{
    const size_t bits = r->options->bits;
    const double runs = (double)r->options->shots, step = ldexp(1, -(int)bits);
    size_t y[LISTED] = {0};
    double shots[LISTED] = {0}, phases[LISTED];
    json_t *answer = r->result->answer;
    const size_t count = list_outcomes(outcomes, y, shots);
    for (size_t i = 0; i < count; i++) {
        phases[i] = (double)y[i] * step;
        shots[i] /= runs;
    }
    tell_phase(r, phases[0]);
    qhm_result_number(answer, "resolution", step);
    if (r->spectrum.has_energies)
        qhm_result_number(answer, "energy_resolution", 2 * M_PI * step / r->spectrum.time);
    qhm_result_number(answer, "share_of_shots", shots[0]);
    qhm_result_number(answer, "standard_error_of_share", qhm_statistics_rate_error(shots[0], runs));
    qhm_result_number(answer, "expected_share", expected(&r->spectrum, bits, y[0]));
    qhm_result_numbers(answer, "frequent_phases", phases, count);
    qhm_result_numbers(answer, "frequent_shares", shots, count);
    qhm_result_note(r->result,
                    "The phase is the most frequent outcome. A run on an eigenstate ends within "
                    "one step of its phase with a probability of at least 0.81.");
}

static qhm_status run_clock(const phase_run *r)
{
    const size_t bits = r->options->bits;
    const uint64_t uses = ((uint64_t)1 << bits) - 1;
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(r->options->method == TEXTBOOK
                ? qhm_phase_estimation_create(&r->circuits, bits, true, &circuit)
                : qhm_phase_estimation_create_iterative(&r->circuits, bits, &circuit));
    const qhm_status status =
        qhm_counted_shots(circuit, r->options->shots, r->problem->seed,
                          &(qhm_run_counts){.state_preparations = 1, .oracle_calls = uses},
                          &r->result->ledger, &outcomes);
    if (status == QHM_OK) {
        tell_outcomes(r, outcomes);
        qhm_result_count(r->result->answer, "unitary_uses_per_run", uses);
    }
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status run_one_test(phase_run *r, size_t generation, bool is_sine, double *mean)
{
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_phase_estimation_create_test(&r->circuits, generation, is_sine, &circuit));
    const qhm_run_counts counts = {.state_preparations = 1,
                                   .oracle_calls = (uint64_t)1 << generation};
    const qhm_status status =
        qhm_counted_shots(circuit, r->options->shots, qhm_random_u64(&r->random), &counts,
                          &r->result->ledger, &outcomes);
    if (status == QHM_OK)
        *mean =
            1 - 2 * qhm_distribution_weight(outcomes, (uint64_t[]){1}) / (double)r->options->shots;
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

// The angle's error is c ds - s dc, with the variances (1 - s^2) / shots and (1 - c^2) / shots.
static void tell_robust(const phase_run *r, double phase)
{
    const size_t bits = r->options->bits;
    const double last = ldexp(2 * M_PI, (int)bits - 1), c = cos(last * phase),
                 s = sin(last * phase),
                 error = sqrt((c * c * c * c + s * s * s * s) / (double)r->options->shots) / last;
    json_t *answer = r->result->answer;
    tell_phase(r, phase);
    qhm_result_number(answer, "standard_error", error);
    if (r->spectrum.has_energies)
        qhm_result_number(answer, "energy_standard_error", 2 * M_PI * error / r->spectrum.time);
    qhm_result_number(answer, "wrong_branch_probability_at_most",
                      qhm_phase_estimation_robust_failure(bits, r->options->shots));
    qhm_result_note(r->result, "robust takes the state for an eigenstate; the standard error holds "
                               "for one, unless a branch is wrong.");
}

// A mixture's cosines and sines are averages, whose angle is no eigenvalue's: no error bar holds.
static void tell_mixture(const phase_run *r, double square)
{
    qhm_result_text(r->result->answer, "phase", "none");
    qhm_result_number(r->result->answer, "smallest_length", sqrt(square));
    qhm_result_note(r->result,
                    "robust needs an eigenstate, and this state is none: there every cosine and "
                    "its sine have the length 1, here down to smallest_length, more than five "
                    "standard errors below. textbook and iterative give each eigenvalue with its "
                    "weight.");
}

static qhm_status run_robust(phase_run *r)
{
    const size_t bits = r->options->bits;
    const double shots = (double)r->options->shots;
    double cosines[MOST_BITS], sines[MOST_BITS], phase, square = 1;
    for (size_t j = 0; j < bits; j++) {
        QHM_TRY(run_one_test(r, j, false, &cosines[j]));
        QHM_TRY(run_one_test(r, j, true, &sines[j]));
        square = fmin(square, cosines[j] * cosines[j] + sines[j] * sines[j]);
    }
    QHM_TRY(qhm_phase_estimation_robust(bits, cosines, sines, &phase));
    // Of an eigenstate the squared length has the variance 8 c^2 s^2 / shots: at most 2 / shots.
    if (square < 1 - 5 * sqrt(2 / shots))
        tell_mixture(r, square);
    else
        tell_robust(r, phase);
    qhm_result_count(r->result->answer, "unitary_uses",
                     2 * (uint64_t)r->options->shots * (((uint64_t)1 << bits) - 1));
    return QHM_OK;
}

static qhm_status sample(void *context, uint64_t power, double angle, uint64_t shots,
                         uint64_t *ones)
{
    phase_run *r = context;
    const qhm_run_counts counts = {.state_preparations = 1, .oracle_calls = power};
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_phase_estimation_create_turned(&r->circuits, power, angle, &circuit));
    const qhm_status status = qhm_counted_shots(circuit, shots, qhm_random_u64(&r->random), &counts,
                                                &r->result->ledger, &outcomes);
    if (status == QHM_OK)
        *ones = (uint64_t)qhm_distribution_weight(outcomes, (uint64_t[]){1});
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

// The energy falls as the phase rises.
static void tell_interval(const phase_run *r, const qhm_bayesian_phase_result *found)
{
    json_t *answer = r->result->answer;
    qhm_result_number(answer, "low", found->low);
    qhm_result_number(answer, "high", found->high);
    qhm_result_number(answer, "confidence", 0.95);
    qhm_result_number(answer, "standard_error", found->deviation);
    if (!r->spectrum.has_energies)
        return;
    const double unit = 2 * M_PI / r->spectrum.time, energy = -unit * found->phase;
    const double shown = -unit * qhm_phase_estimation_signed(found->phase);
    qhm_result_number(answer, "energy_low", shown - energy - unit * found->high);
    qhm_result_number(answer, "energy_high", shown - energy - unit * found->low);
    qhm_result_number(answer, "energy_standard_error", unit * found->deviation);
}

static void tell_bayesian(const phase_run *r, const qhm_bayesian_phase_result *found)
{
    const bool is_narrow = found->high - found->low <= 2 * r->options->error;
    if (found->misfit >= MOST_MISFIT) {
        qhm_result_text(r->result->answer, "phase", "none");
        qhm_result_note(r->result,
                        "bayesian needs an eigenstate, and its last tests are misfit times as "
                        "likely if shots are coins from some power on: at most one eigenstate in "
                        "%g would show such bits. textbook and iterative give each eigenvalue with "
                        "its weight.",
                        MOST_MISFIT);
        return;
    }
    if (is_narrow || found->peak_share >= LEAST_PEAK)
        tell_phase(r, found->phase);
    else
        qhm_result_text(r->result->answer, "phase", "none");
    tell_interval(r, found);
    if (!is_narrow)
        qhm_result_note(r->result,
                        "The shots were spent before the interval was as narrow as wanted; the "
                        "highest peak has %.3g of the probability, and a phase is named from %g "
                        "on. More shots are needed, or more bits.",
                        found->peak_share, LEAST_PEAK);
    qhm_result_note(r->result, "bayesian takes the state for an eigenstate: a second eigenvalue "
                               "nearby or of small weight can escape it.");
}

static qhm_status run_bayesian(phase_run *r)
{
    const qhm_bayesian_phase_sampler sampler = {sample, r};
    const qhm_bayesian_phase_options options = {.error = r->options->error,
                                                .shots = r->options->shots,
                                                .longest_power = (uint64_t)1
                                                                 << (r->options->bits - 1)};
    qhm_bayesian_phase_result found;
    QHM_TRY(qhm_bayesian_phase_estimate(&sampler, &options, &found));
    json_t *answer = r->result->answer;
    tell_bayesian(r, &found);
    qhm_result_number(answer, "misfit", found.misfit);
    qhm_result_count(answer, "shots", found.shots);
    qhm_result_count(answer, "unitary_uses", found.unitary_uses);
    qhm_result_count(answer, "unitary_uses_of_longest_run", found.longest_power);
    return QHM_OK;
}

static qhm_status run_method(phase_run *r)
{
    if (r->options->method == BAYESIAN)
        return run_bayesian(r);
    return r->options->method == ROBUST ? run_robust(r) : run_clock(r);
}

static void tell_opponent(const phase_run *r)
{
    const qhm_phase_spectrum *s = &r->spectrum;
    double weight;
    const size_t best = qhm_phase_spectrum_heaviest(s, &weight);
    json_t *opponent = r->result->opponent;
    qhm_result_text(opponent, "method",
                    s->has_energies ? "all eigenvalues and vectors (LAPACK)"
                                    : "the list of phases, as it was given");
    qhm_result_number(opponent, "phase", s->phases[best]);
    qhm_result_number(opponent, "signed_phase", qhm_phase_estimation_signed(s->phases[best]));
    if (s->has_energies) {
        qhm_result_number(opponent, "energy", s->energies[best]);
        qhm_result_number(opponent, "lowest_energy", s->energies[0]);
    }
    qhm_result_number(opponent, "weight_of_state", weight);
    qhm_result_number(opponent, "seconds", s->seconds);
}

static qhm_status require_size(const phase_run *r)
{
    const qhm_circuit *u = r->circuits.controlled ? r->circuits.controlled : r->circuits.unitary;
    const double gates = ldexp((double)qhm_circuit_instruction_count(u), (int)r->options->bits);
    const double work = gates * (double)r->options->shots * ldexp(1, (int)r->spectrum.qubits + 1);
    if (gates > MOST_INSTRUCTIONS)
        return qhm_node_fail(r->problem->node,
                             "the circuit would have %.3g gates, at most %g are simulated: take "
                             "fewer bits or steps",
                             gates, MOST_INSTRUCTIONS);
    if (r->options->method == ITERATIVE && work > MOST_WORK)
        return qhm_node_fail(r->problem->node,
                             "each shot of iterative runs %.3g gates anew: take fewer shots, bits "
                             "or steps",
                             gates);
    return QHM_OK;
}

static qhm_status estimate(phase_run *r)
{
    const qhm_phase_spectrum *s = &r->spectrum;
    r->circuits = (qhm_phase_problem){s->preparation, s->unitary, s->controlled};
    if (s->has_energies)
        qhm_result_number(r->result->answer, "time", s->time);
    QHM_TRY(require_size(r));
    QHM_TRY(run_method(r));
    tell_opponent(r);
    if (r->options->fields.steps > 0 && s->controlled)
        qhm_result_note(r->result, "What is estimated are the phases of the product formula; its "
                                   "error to the exact ones comes on top.");
    else if (s->has_energies)
        qhm_result_note(r->result,
                        "The exponential is one gate, made from its exact matrix, and taken apart "
                        "it has of the order of 4^n gates: the ledger has them.");
    qhm_result_note(r->result, "Each run prepares the state and uses the unitary one use after the "
                               "other, twice as often for each bit more.");
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    phase_run r = {.options = given,
                   .problem = problem,
                   .result = result,
                   .random = qhm_random_stream(problem->seed, QHM_RANDOM_SHOTS, 0x70687365, 0, 0)};
    qhm_status status = qhm_phase_spectrum_read(&r.options->fields, problem, &r.spectrum);
    if (status == QHM_OK)
        status = estimate(&r);
    qhm_phase_spectrum_destroy(&r.spectrum);
    return status;
}

const qhm_algorithm qhm_algorithm_estimate_phase = {
    .info = {.name = "estimate-phase",
             .help = "eigenphases of a unitary, energies of a Hamiltonian by phase estimation",
             .details =
                 "U|u> = e^{2 pi i phase}|u>; of e^{-iHt} the energy is -2 pi phase / t, "
                 "with the phase as a number from -1/2\nto 1/2. A run uses U 2^bits - 1 "
                 "times in sequence and gives each eigenvalue with the weight of the state\n"
                 "on it; robust and bayesian run shorter ones and need an eigenstate, or say "
                 "none. bayesian ends at an error\nor when its shots are spent, with an "
                 "interval. LAPACK finds all eigenvalues of what is simulated here.\n"
                 "[cleve1998, griffiths1996, kimmel2015, wiebe2016]\n",
             .example = "hamiltonian: Z0 Z1 + 0.5 X0 + 0.3 X1\ninitial: 1\nsteps: 2\nbits: 6\n",
             .fields = fields},
    .options_size = sizeof(phase_options),
    .run = run,
};
