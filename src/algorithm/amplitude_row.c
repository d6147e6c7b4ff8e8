// Estimating a share in a row: by phase estimation, or by rounds of shots.
#include "algorithm/amplitude_row.h"

#include "algorithm/counted_run.h"
#include "base/statistics.h"

#include <math.h>
#include <qhm/amplitude_estimation.h>
#include <qhm/random.h>

enum { CANONICAL_RUNS = 11, ROUND_SHOTS = 100 };

const char *const qhm_amplitude_method_choices[] = {"canonical", "iterative", "maximum_likelihood",
                                                    NULL};
const char *const qhm_amplitude_schedule_choices[] = {"exponential", "linear", NULL};

// Probability with which a single run of the canonical method keeps its bound.
static const double CANONICAL_CONFIDENCE = 8 / (M_PI * M_PI);

static qhm_status estimate_canonically(const qhm_amplitude_problem *problem,
                                       const qhm_amplitude_settings *settings, uint64_t seed,
                                       qhm_result *result, qhm_amplitude_estimate *estimate)
{
    const uint64_t powers = ((uint64_t)1 << settings->bits) - 1;
    const uint64_t runs = settings->shots ? settings->shots : CANONICAL_RUNS;
    const qhm_run_counts counts = {.state_preparations = 2 * powers + 1, .oracle_calls = powers};
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_amplitude_estimation_create(problem, settings->bits, true, &circuit));
    qhm_status status = qhm_counted_shots(circuit, runs, seed, &counts, &result->ledger, &outcomes);
    if (status == QHM_OK)
        status = qhm_amplitude_estimation_median(outcomes, &estimate->share);
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    const double bound = qhm_amplitude_estimation_error_bound(estimate->share, settings->bits);
    estimate->low = fmax(0, estimate->share - bound);
    estimate->high = fmin(1, estimate->share + bound);
    estimate->rounds = 1;
    estimate->shots = runs;
    estimate->operator_uses = runs * powers;
    estimate->preparation_uses = runs * (2 * powers + 1);
    estimate->longest_power = powers;
    qhm_result_number(result->answer, "error_bound", bound);
    qhm_result_number(result->answer, "error_bound_probability_of_one_run", CANONICAL_CONFIDENCE);
    return status;
}

typedef struct sampling {
    const qhm_amplitude_problem *problem;
    qhm_amplitude_check check;
    const void *context;
    qhm_random random;
    qhm_ledger *ledger;
} sampling;

static qhm_status count_hits(const sampling *s, const qhm_distribution *outcomes, uint64_t *hits)
{
    const size_t n = qhm_circuit_qubit_count(s->problem->preparation);
    double sum = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        bool is_marked;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        QHM_TRY(s->check(s->context, bits[0] & (((uint64_t)1 << n) - 1), &is_marked));
        sum += is_marked ? weight : 0;
    }
    *hits = (uint64_t)sum;
    return QHM_OK;
}

static qhm_status sample(void *context, uint64_t power, uint64_t shots, uint64_t *hits)
{
    sampling *s = context;
    const qhm_run_counts counts = {.state_preparations = 2 * power + 1, .oracle_calls = power};
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_amplitude_round_create(s->problem, power, &circuit));
    qhm_status status = qhm_counted_shots(circuit, shots, qhm_random_u64(&s->random), &counts,
                                          s->ledger, &outcomes);
    if (status == QHM_OK)
        status = count_hits(s, outcomes, hits);
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status estimate_by_rounds(const qhm_amplitude_settings *settings, sampling *s,
                                     qhm_result *result, qhm_amplitude_estimate *estimate)
{
    const uint64_t shots = settings->shots ? settings->shots : ROUND_SHOTS;
    const qhm_amplitude_sampler sampler = {sample, s};
    const qhm_amplitude_iterative_options iterative = {settings->error, settings->confidence,
                                                       shots};
    const qhm_amplitude_likelihood_options likelihood = {
        (qhm_amplitude_schedule)(settings->schedule - 1), settings->rounds, shots,
        settings->confidence};
    QHM_TRY(settings->method == QHM_AMPLITUDE_ITERATIVE
                ? qhm_amplitude_estimate_iteratively(&sampler, &iterative, estimate)
                : qhm_amplitude_estimate_by_likelihood(&sampler, &likelihood, estimate));
    qhm_result_number(result->answer, "low", estimate->low);
    qhm_result_number(result->answer, "high", estimate->high);
    qhm_result_number(result->answer, "confidence", settings->confidence);
    qhm_result_count(result->answer, "rounds", estimate->rounds);
    qhm_result_count(result->answer, "classical_checks", estimate->shots);
    return QHM_OK;
}

qhm_status qhm_amplitude_row_estimate(const qhm_amplitude_problem *problem,
                                      const qhm_amplitude_settings *settings,
                                      qhm_amplitude_check check, const void *context, uint64_t seed,
                                      qhm_result *result, qhm_amplitude_estimate *estimate)
{
    sampling s = {problem, check, context,
                  qhm_random_stream(seed, QHM_RANDOM_SHOTS, 0x616d706c, 0, 0), &result->ledger};
    *estimate = (qhm_amplitude_estimate){0};
    qhm_result_text(result->answer, "method", qhm_amplitude_method_choices[settings->method - 1]);
    QHM_TRY(settings->method == QHM_AMPLITUDE_CANONICAL
                ? estimate_canonically(problem, settings, seed, result, estimate)
                : estimate_by_rounds(settings, &s, result, estimate));
    qhm_result_count(result->answer, "operator_uses", estimate->operator_uses);
    qhm_result_count(result->answer, "preparations", estimate->preparation_uses);
    qhm_result_count(result->answer, "preparations_of_longest_run",
                     2 * estimate->longest_power + 1);
    return QHM_OK;
}

void qhm_amplitude_row_compare(const qhm_amplitude_settings *settings,
                               const qhm_amplitude_estimate *estimate, qhm_result *result)
{
    const double share = fmin(fmax(estimate->share, 1e-6), 1 - 1e-6);
    const double half = fmax(estimate->high - estimate->low, 1e-9) / 2;
    const double confidence =
        settings->method == QHM_AMPLITUDE_CANONICAL ? CANONICAL_CONFIDENCE : settings->confidence;
    const double z = qhm_statistics_normal_quantile((1 + confidence) / 2);
    // Near 0 and 1 the variance vanishes, but so many samples without a hit still leave the width.
    const double without_hit = log1p(-confidence) / log1p(-fmin(2 * half, 1 - 1e-9));
    qhm_result_number(result->opponent, "samples_for_this_interval",
                      ceil(fmax(z * z * share * (1 - share) / (half * half), without_hit)));
    qhm_result_note(result, "samples_for_this_interval: measurements of the prepared state itself, "
                            "one preparation each and no operator, whose interval is as wide.");
}
