// The softmax of scores as a state: a flag turned under all indices, and its 1 amplified.
#include <qhm/softmax_state.h>

#include "algorithm/counted_run.h"
#include "algorithm/phase_pattern.h"
#include "base/bits.h"
#include "base/memory.h"
#include "circuit/multiplexed_rotation.h"

#include <math.h>
#include <qhm/grover.h>
#include <qhm/random.h>

enum { MOST_SCORES = 256, MOST_ITERATIONS = 1000, MOST_ANGLE_BITS = 40, ROUNDS = 40 };

static qhm_status check_problem(const qhm_softmax_problem *problem)
{
    QHM_REQUIRE(problem && problem->scores, "problem or its scores are NULL");
    QHM_REQUIRE(problem->count >= 2 && problem->count <= MOST_SCORES, "count is %zu, not 2 to %d",
                problem->count, MOST_SCORES);
    QHM_REQUIRE(isfinite(problem->bound), "bound is %g, not finite", problem->bound);
    QHM_REQUIRE(problem->angle_bits <= MOST_ANGLE_BITS, "angle_bits is %zu, not 0 to %d",
                problem->angle_bits, MOST_ANGLE_BITS);
    for (size_t j = 0; j < problem->count; j++)
        QHM_REQUIRE(isfinite(problem->scores[j]), "score %zu is %g, not finite", j,
                    problem->scores[j]);
    return QHM_OK;
}

size_t qhm_softmax_state_index_qubits(const qhm_softmax_problem *problem)
{
    return problem->count > 1 ? qhm_bits_for(problem->count) : 1;
}

// Of RY: the flag has the amplitude sin(angle / 2) on 1.
static double find_angle(const qhm_softmax_problem *problem, size_t j)
{
    const double below = fmin(0, problem->scores[j] - problem->bound);
    const double angle = 2 * asin(exp(problem->is_unrooted ? below : below / 2));
    if (problem->angle_bits == 0)
        return angle;
    const double step = ldexp(M_PI, -(int)problem->angle_bits);
    return step * round(angle / step);
}

qhm_status qhm_softmax_state_probabilities(const qhm_softmax_problem *problem,
                                           double *probabilities, double *success)
{
    double sum = 0;
    QHM_REQUIRE(probabilities, "probabilities is NULL");
    QHM_TRY(check_problem(problem));
    for (size_t j = 0; j < problem->count; j++) {
        const double amplitude = sin(find_angle(problem, j) / 2);
        probabilities[j] = amplitude * amplitude;
        sum += probabilities[j];
    }
    for (size_t j = 0; j < problem->count && sum > 0; j++)
        probabilities[j] /= sum;
    if (success)
        *success = ldexp(sum, -(int)qhm_softmax_state_index_qubits(problem));
    return QHM_OK;
}

// H on the index, then the flag's rotations between CX.
static qhm_status append_preparation(qhm_circuit *circuit, size_t n, const double *angles)
{
    const uint32_t flag = (uint32_t)n;
    const size_t count = (size_t)1 << n;
    for (uint32_t q = 0; q < n; q++)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
    for (size_t m = 0; m < count; m++) {
        const qhm_angle angle = qhm_angle_constant(angles[m]);
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_RY, &flag, &angle));
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CX,
                                   (uint32_t[]){qhm_multiplexed_control(m, count), flag}, NULL));
    }
    return QHM_OK;
}

static qhm_status create_preparation(const qhm_softmax_problem *problem, qhm_circuit **circuit)
{
    const size_t n = qhm_softmax_state_index_qubits(problem), count = (size_t)1 << n;
    double *branches;
    qhm_circuit *made = NULL;
    QHM_TRY(qhm_allocate(2 * count, sizeof *branches, &branches));
    for (size_t j = 0; j < problem->count; j++)
        branches[j] = find_angle(problem, j);
    qhm_multiplexed_angles(branches, count, branches + count);
    qhm_status status = qhm_circuit_create(n + 1, 0, &made);
    if (status == QHM_OK)
        status = append_preparation(made, n, branches + count);
    qhm_release(branches);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

// The sign of |0...0>.
static qhm_status append_zero_sign(qhm_circuit *circuit, size_t qubit_count)
{
    qhm_pattern_list list = {0};
    qhm_status status = QHM_OK;
    for (uint32_t q = 0; q < qubit_count && status == QHM_OK; q++)
        status = qhm_pattern_list_add_bit(&list, q, false);
    if (status == QHM_OK)
        status = qhm_pattern_list_close(&list);
    if (status == QHM_OK)
        status = qhm_pattern_list_append_phase(&list, circuit, M_PI, 0, 0);
    qhm_pattern_list_release(&list);
    return status;
}

static qhm_status append_all(qhm_circuit *circuit, size_t n, const qhm_circuit *prepare,
                             const qhm_circuit *unprepare, size_t iterations, bool is_measured)
{
    const uint32_t flag = (uint32_t)n;
    QHM_TRY(qhm_circuit_append_qubits(circuit, "index", n));
    QHM_TRY(qhm_circuit_append_qubits(circuit, "flag", 1));
    QHM_TRY(qhm_circuit_append_circuit(circuit, prepare, NULL, NULL, 0, 0));
    for (size_t i = 0; i < iterations; i++) {
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_Z, &flag, NULL));
        QHM_TRY(qhm_circuit_append_circuit(circuit, unprepare, NULL, NULL, 0, 0));
        QHM_TRY(append_zero_sign(circuit, n + 1));
        QHM_TRY(qhm_circuit_append_circuit(circuit, prepare, NULL, NULL, 0, 0));
    }
    if (!is_measured)
        return QHM_OK;
    QHM_TRY(qhm_circuit_append_bits(circuit, "index", n));
    QHM_TRY(qhm_circuit_append_bits(circuit, "flag", 1));
    for (uint32_t q = 0; q <= n; q++)
        QHM_TRY(qhm_circuit_append_measure(circuit, q, q));
    return QHM_OK;
}

qhm_status qhm_softmax_state_create(const qhm_softmax_problem *problem, size_t iterations,
                                    bool is_measured, qhm_circuit **circuit)
{
    qhm_circuit *prepare, *unprepare = NULL, *made = NULL;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_TRY(check_problem(problem));
    QHM_REQUIRE(iterations <= MOST_ITERATIONS, "iterations is %zu, not 0 to %d", iterations,
                MOST_ITERATIONS);
    QHM_TRY(create_preparation(problem, &prepare));
    qhm_status status = qhm_circuit_invert(prepare, &unprepare);
    if (status == QHM_OK)
        status = qhm_circuit_create(0, 0, &made);
    if (status == QHM_OK)
        status = append_all(made, qhm_softmax_state_index_qubits(problem), prepare, unprepare,
                            iterations, is_measured);
    qhm_circuit_destroy(prepare);
    qhm_circuit_destroy(unprepare);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

typedef struct drawing {
    const qhm_softmax_problem *problem;
    const qhm_softmax_draw_options *options;
    qhm_ledger *ledger;
    uint64_t *counts;
    uint64_t *shots; // [most + 1]: of a round, by the number of iterations
    size_t most;     // iterations that are tried
    size_t known;    // the number for a known P
    double limit;    // of the random numbers
    qhm_random random;
    qhm_softmax_draw_result result;
} drawing;

static void keep_outcomes(drawing *d, const qhm_distribution *outcomes, uint64_t *kept)
{
    const size_t n = qhm_softmax_state_index_qubits(d->problem);
    *kept = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        if (!(bits[0] >> n & 1))
            continue;
        d->counts[bits[0] & (((uint64_t)1 << n) - 1)] += (uint64_t)weight;
        *kept += (uint64_t)weight;
    }
}

static qhm_status run_circuit(drawing *d, size_t iterations, uint64_t shots)
{
    uint64_t kept;
    qhm_circuit *circuit;
    qhm_distribution *outcomes;
    qhm_ledger unwanted = {0};
    qhm_ledger *ledger = d->ledger ? d->ledger : &unwanted;
    QHM_TRY(qhm_softmax_state_create(d->problem, iterations, true, &circuit));
    const qhm_status status = qhm_counted_shots(
        circuit, shots, qhm_random_u64(&d->random),
        &(qhm_run_counts){.state_preparations = 2 * iterations + 1, .oracle_calls = iterations},
        ledger, &outcomes);
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    keep_outcomes(d, outcomes, &kept);
    qhm_distribution_destroy(outcomes);
    ledger->discarded_shots += shots - kept;
    d->result.drawn += kept;
    d->result.runs += shots;
    d->result.iterations += shots * iterations;
    d->result.preparations += shots * (2 * iterations + 1);
    return QHM_OK;
}

// Samples are alike, so all that are still missing go through a round together.
static qhm_status run_round(drawing *d, uint64_t missing)
{
    for (size_t k = 0; k <= d->most; k++)
        d->shots[k] = 0;
    if (d->options->amplification == QHM_SOFTMAX_UNKNOWN)
        for (uint64_t i = 0; i < missing; i++)
            d->shots[qhm_random_below(&d->random, (uint64_t)ceil(d->limit))]++;
    else
        d->shots[d->known] = missing;
    d->limit = fmin(d->limit * 6 / 5, (double)d->most + 1);
    for (size_t k = 0; k <= d->most; k++)
        if (d->shots[k] > 0)
            QHM_TRY(run_circuit(d, k, d->shots[k]));
    return QHM_OK;
}

static qhm_status find_known(drawing *d)
{
    double success;
    double probabilities[MOST_SCORES];
    QHM_TRY(qhm_softmax_state_probabilities(d->problem, probabilities, &success));
    if (d->options->amplification == QHM_SOFTMAX_KNOWN)
        d->known = qhm_grover_iterations(fmin(1, success));
    if (d->known > d->most)
        d->known = d->most;
    return QHM_OK;
}

qhm_status qhm_softmax_state_draw(const qhm_softmax_problem *problem,
                                  const qhm_softmax_draw_options *options, qhm_ledger *ledger,
                                  uint64_t *counts, qhm_softmax_draw_result *result)
{
    static const qhm_softmax_draw_options defaults;
    QHM_REQUIRE(counts && result, "counts or result is NULL");
    QHM_TRY(check_problem(problem));
    options = options ? options : &defaults;
    QHM_REQUIRE(options->amplification < QHM_SOFTMAX_AMPLIFICATION_COUNT,
                "amplification is %u, not below %d", (unsigned)options->amplification,
                QHM_SOFTMAX_AMPLIFICATION_COUNT);
    const uint64_t samples = options->samples ? options->samples : 1000;
    const size_t size = (size_t)1 << qhm_softmax_state_index_qubits(problem);
    drawing d = {.problem = problem, .options = options, .ledger = ledger, .limit = 1};
    d.most = (size_t)ceil(2 * sqrt((double)size));
    d.random = qhm_random_stream(options->seed, QHM_RANDOM_SHOTS, 0x736f66, 0, 0);
    QHM_TRY(qhm_allocate(size, sizeof *d.counts, &d.counts));
    qhm_status status = qhm_allocate(d.most + 1, sizeof *d.shots, &d.shots);
    if (status == QHM_OK)
        status = find_known(&d);
    for (size_t round = 0; round < ROUNDS && d.result.drawn < samples && status == QHM_OK; round++)
        status = run_round(&d, samples - d.result.drawn);
    for (size_t j = 0; j < problem->count && status == QHM_OK; j++)
        counts[j] = d.counts[j];
    if (status == QHM_OK)
        *result = d.result;
    qhm_release(d.counts);
    qhm_release(d.shots);
    return status;
}
