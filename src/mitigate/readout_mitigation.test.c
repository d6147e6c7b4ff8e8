// Readout: known matrices, corrections by independent routes, correlated errors, M3's subspaces.
#include "support/checks.h"
#include "support/density_executor.h"
#include "support/failing_memory.h"

#include <qhm/mitigation.h>
#include <qhm/random.h>

static qhm_circuit *bell(size_t qubits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    for (uint32_t q = 0; q + 1 < qubits; q++)
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q, q + 1}, NULL));
    return circuit;
}

static const double bell_flips[2][2] = {{0.03, 0.06}, {0.03, 0.06}};

static qhm_distribution *bell_counts(void)
{
    const double weights[4] = {0.47225, 0.04275, 0.04275, 0.44225};
    qhm_distribution *d;
    REQUIRE_OK(qhm_distribution_create(2, &d));
    for (uint64_t x = 0; x < 4; x++)
        REQUIRE_OK(qhm_distribution_append(d, &x, weights[x]));
    return d;
}

static void a_bell_state_is_restored(void **state)
{
    (void)state;
    qhm_distribution *counts = bell_counts(), *read;
    density_executor noisy = {.flips = bell_flips};
    qhm_executor *raw = density_executor_create(&noisy);
    qhm_circuit *circuit = bell(2);
    REQUIRE_OK(qhm_executor_sample(raw, &(qhm_sampling){.circuit = circuit}, &read, NULL));
    for (uint64_t x = 0; x < 4; x++)
        REQUIRE_NEAR(qhm_distribution_weight(read, &x), qhm_distribution_weight(counts, &x), 1e-12);
    double confusion[16];
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++) {
            const double one[2][2] = {{0.97, 0.06}, {0.03, 0.94}};
            confusion[4 * a + b] = one[a & 1][b & 1] * one[a >> 1][b >> 1];
        }
    for (int method = 0; method < 3; method++) {
        const qhm_readout_options options = {.method = (qhm_readout_method)method,
                                             .flips = bell_flips,
                                             .flip_count = 2,
                                             .confusion = confusion};
        const double expected[4] = {0.5, 0, 0, 0.5};
        double quasi[4], gamma;
        REQUIRE_OK(qhm_readout_correct(counts, &options, quasi, &gamma));
        for (int x = 0; x < 4; x++)
            REQUIRE_NEAR(quasi[x], expected[x], 1e-12);
        // The inverse [[1.032967, -0.065934], [-0.032967, 1.065934]], once for each qubit.
        REQUIRE_NEAR(gamma, pow(1.065934 + 0.065934, 2), 5e-6);
    }
    qhm_distribution_destroy(counts);
    qhm_distribution_destroy(read);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

// M3 against the plain definition: the matrix among observed strings, columns divided by sums.
static void subspaces_are_what_their_definition_says(void **state)
{
    (void)state;
    const double flips[5][2] = {
        {0.02, 0.05}, {0.03, 0.08}, {0.01, 0.1}, {0.04, 0.04}, {0.06, 0.02}};
    const uint64_t strings[6] = {0, 31, 1, 15, 30, 16};
    const double weights[6] = {420, 380, 31, 77, 60, 32};
    qhm_distribution *counts;
    REQUIRE_OK(qhm_distribution_create(5, &counts));
    for (int i = 0; i < 6; i++)
        REQUIRE_OK(qhm_distribution_append(counts, &strings[i], weights[i]));
    for (size_t distance = 0; distance <= 2; distance++) {
        double by_lu[6], by_steps[6], gamma[2], residual = 0;
        qhm_readout_options o = {
            .method = QHM_READOUT_SUBSPACE, .flips = flips, .flip_count = 5, .distance = distance};
        REQUIRE_OK(qhm_readout_correct(counts, &o, by_lu, &gamma[0]));
        o.direct_limit = 2;
        REQUIRE_OK(qhm_readout_correct(counts, &o, by_steps, &gamma[1]));
        REQUIRE_NEAR(gamma[1], gamma[0], 1e-8);
        double sum = 0, matrix[6][6];
        uint64_t sorted[6];
        for (size_t i = 0; i < 6; i++) {
            const uint64_t *bits;
            qhm_distribution_outcome(counts, i, &bits, NULL);
            sorted[i] = bits[0];
            sum += by_lu[i];
            REQUIRE_NEAR(by_steps[i], by_lu[i], 1e-9);
        }
        REQUIRE_NEAR(sum, 1, 1e-12);
        for (size_t j = 0; j < 6; j++) {
            double column = 0;
            for (size_t i = 0; i < 6; i++) {
                matrix[i][j] = 1;
                for (int q = 0; q < 5; q++) {
                    const double flip = flips[q][sorted[j] >> q & 1];
                    matrix[i][j] *= (sorted[i] ^ sorted[j]) >> q & 1 ? flip : 1 - flip;
                }
                if (distance > 0 && (size_t)__builtin_popcountll(sorted[i] ^ sorted[j]) > distance)
                    matrix[i][j] = 0;
                column += matrix[i][j];
            }
            for (size_t i = 0; i < 6; i++)
                matrix[i][j] /= column;
        }
        for (size_t i = 0; i < 6; i++) {
            double weight = -qhm_distribution_weight(counts, &sorted[i]) / 1000;
            for (size_t j = 0; j < 6; j++)
                weight += matrix[i][j] * by_lu[j];
            residual = fmax(residual, fabs(weight));
        }
        REQUIRE_NEAR(residual, 0, 1e-12);
    }
    qhm_distribution_destroy(counts);
}

// Many strings by iteration: the same as by LU.
static void iterations_agree_with_lu(void **state)
{
    (void)state;
    enum { QUBITS = 70, STRINGS = 100 };
    double flips[QUBITS][2];
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 2, 0, 0);
    qhm_distribution *counts;
    REQUIRE_OK(qhm_distribution_create(QUBITS, &counts));
    for (int q = 0; q < QUBITS; q++)
        for (int v = 0; v < 2; v++)
            flips[q][v] = 0.03 * qhm_random_uniform(&random);
    for (int i = 0; i < STRINGS; i++) {
        uint64_t bits[2] = {0, 0};
        if (i % 2)
            bits[0] = bits[1] = UINT64_MAX;
        for (int flip = 0; flip < i % 5; flip++) {
            const uint64_t q = qhm_random_below(&random, QUBITS);
            bits[q / 64] ^= (uint64_t)1 << q % 64;
        }
        REQUIRE_OK(qhm_distribution_append(counts, bits, 1));
    }
    double a[STRINGS], b[STRINGS], gamma[2];
    qhm_readout_options o = {
        .method = QHM_READOUT_SUBSPACE, .flips = (const double(*)[2])flips, .flip_count = QUBITS};
    REQUIRE_OK(qhm_readout_correct(counts, &o, a, &gamma[0]));
    o.direct_limit = 1;
    REQUIRE_OK(qhm_readout_correct(counts, &o, b, &gamma[1]));
    for (size_t i = 0; i < qhm_distribution_outcome_count(counts); i++)
        REQUIRE_NEAR(b[i], a[i], 1e-8);
    REQUIRE_NEAR(gamma[1], gamma[0], 1e-6);
    o.method = QHM_READOUT_TENSORED;
    REQUIRE_FAILS(qhm_readout_correct(counts, &o, a, NULL), QHM_ERROR_RESOURCE_LIMIT,
                  "70 qubits, more than the 12");
    qhm_distribution_destroy(counts);
}

static double mitigated(qhm_executor *raw, qhm_readout_options o, const qhm_circuit *circuit,
                        const char *observable, size_t shots, uint64_t seed, double *variance,
                        qhm_overhead *overhead)
{
    qhm_executor *executor;
    REQUIRE_OK(
        qhm_executor_mitigate(raw, "readout", &(qhm_mitigation_options){.readout = o}, &executor));
    const double value =
        executor_value(executor, circuit, observable, shots, seed, variance, overhead);
    qhm_executor_destroy(executor);
    return value;
}

// Values without shots are exact, by every method, with flips that are known or calibrated.
static void expectation_values_are_restored(void **state)
{
    (void)state;
    const double flips[3][2] = {{0.05, 0.1}, {0.02, 0.07}, {0.1, 0.03}};
    density_executor noisy = {.flips = flips};
    qhm_executor *raw = density_executor_create(&noisy);
    qhm_circuit *circuit = layered_circuit(3, 2, 8);
    const char *text = "0.3 + Z0 + 0.5 X1 + 2 Y0 Z1 X2";
    const double ideal = ideal_value(circuit, text);
    assert_true(fabs(executor_value(raw, circuit, text, 0, 0, NULL, NULL) - ideal) > 0.02);
    for (int known = 0; known < 2; known++)
        for (int method = 0; method < 3; method++) {
            qhm_overhead overhead;
            qhm_readout_options o = {.method = (qhm_readout_method)method};
            if (known) {
                o.flips = flips;
                o.flip_count = 3;
            }
            REQUIRE_NEAR(mitigated(raw, o, circuit, text, 0, 0, NULL, &overhead), ideal, 1e-10);
            const size_t calibrations = method == QHM_READOUT_CORRELATED ? 8 : known ? 0 : 2;
            assert_int_equal(overhead.circuits, 2 + calibrations);
            double norm = 1;
            for (int q = 0; q < 3; q++)
                norm *= (1 + fabs(flips[q][0] - flips[q][1])) / (1 - flips[q][0] - flips[q][1]);
            REQUIRE_NEAR(overhead.sampling, norm * norm, 1e-8);
        }
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

// Bits that are read wrong together: one matrix for all strings restores them, qubit by qubit not.
static void correlated_errors_take_the_whole_matrix(void **state)
{
    (void)state;
    double confusion[16] = {0};
    for (int truth = 0; truth < 4; truth++) {
        confusion[4 * truth + truth] = 0.85;
        confusion[4 * (truth ^ 3) + truth] = 0.15; // both bits at once
    }
    density_executor noisy = {.confusion = confusion};
    qhm_executor *raw = density_executor_create(&noisy);
    qhm_circuit *circuit = layered_circuit(2, 2, 3);
    const double ideal = ideal_value(circuit, "Z0 Z1");
    const qhm_readout_options whole = {.method = QHM_READOUT_CORRELATED};
    REQUIRE_NEAR(mitigated(raw, whole, circuit, "Z0 Z1", 0, 0, NULL, NULL), ideal, 1e-12);
    // The parity was right all along; correcting each bit spoils it.
    REQUIRE_NEAR(executor_value(raw, circuit, "Z0 Z1", 0, 0, NULL, NULL), ideal, 1e-12);
    const qhm_readout_options single = {0};
    assert_true(fabs(mitigated(raw, single, circuit, "Z0 Z1", 0, 0, NULL, NULL) - ideal) >
                0.5 * fabs(ideal));
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

// The variance grows with the inverse: one that forgets it is told by repetitions.
static void variances_are_those_of_repetitions(void **state)
{
    (void)state;
    const double flips[2][2] = {{0.2, 0.25}, {0.2, 0.2}};
    density_executor noisy = {.flips = flips};
    qhm_executor *raw = density_executor_create(&noisy);
    qhm_circuit *circuit = layered_circuit(2, 2, 4);
    const double ideal = ideal_value(circuit, "Z0 Z1 + 0.5 Z0");
    for (int method = 0; method < 2; method++) {
        const qhm_readout_options o = {
            .method = (qhm_readout_method)method, .flips = flips, .flip_count = 2};
        enum { REPETITIONS = 200 };
        double sum = 0, squares = 0, told = 0;
        for (uint64_t r = 0; r < REPETITIONS; r++) {
            double variance;
            const double value =
                mitigated(raw, o, circuit, "Z0 Z1 + 0.5 Z0", 400, r, &variance, NULL);
            sum += value / REPETITIONS;
            squares += value * value / REPETITIONS;
            told += variance / REPETITIONS;
        }
        REQUIRE_NEAR(sum, ideal, 4 * sqrt(told / REPETITIONS));
        REQUIRE_NEAR((squares - sum * sum) / told, 1, 0.35);
        assert_true(told > 2.5 / 400); // without the inverse at most (1 + 0.5)^2 / 400
    }
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

static void the_nearest_probabilities_are_found(void **state)
{
    (void)state;
    double p[4];
    REQUIRE_OK(qhm_nearest_probabilities(4, (double[]){0.5, 0.6, -0.1, 0}, p));
    REQUIRE_NEAR(p[0], 0.45, 1e-15);
    REQUIRE_NEAR(p[1], 0.55, 1e-15);
    REQUIRE_NEAR(p[2], 0, 0);
    REQUIRE_NEAR(p[3], 0, 0);
    REQUIRE_OK(qhm_nearest_probabilities(3, (double[]){0.2, 0.3, 0.5}, p));
    REQUIRE_NEAR(p[0], 0.2, 1e-15);
    REQUIRE_OK(qhm_nearest_probabilities(3, (double[]){2, -0.5, -0.5}, p));
    REQUIRE_NEAR(p[0], 1, 1e-15);
    // No other distribution is nearer, on a random direction.
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 5, 0, 0);
    double quasi[6], best[6];
    for (int trial = 0; trial < 20; trial++) {
        double total = 0, distance = 0;
        for (int i = 0; i < 6; i++)
            total += quasi[i] = qhm_random_uniform(&random) - 0.3;
        for (int i = 0; i < 6; i++)
            quasi[i] += (1 - total) / 6;
        REQUIRE_OK(qhm_nearest_probabilities(6, quasi, best));
        for (int i = 0; i < 6; i++)
            distance += (best[i] - quasi[i]) * (best[i] - quasi[i]);
        for (int other = 0; other < 30; other++) {
            double trial_distance = 0, sum = 0, point[6];
            for (int i = 0; i < 6; i++)
                sum += point[i] = -log(1 - qhm_random_uniform(&random));
            for (int i = 0; i < 6; i++) {
                const double x = 0.9 * best[i] + 0.1 * point[i] / sum;
                trial_distance += (x - quasi[i]) * (x - quasi[i]);
            }
            assert_true(trial_distance >= distance);
        }
    }
    REQUIRE_FAILS(qhm_nearest_probabilities(2, (double[]){-1, 0.5}, p), QHM_ERROR_INVALID_ARGUMENT,
                  "add up to -0.5");
    REQUIRE_FAILS(qhm_nearest_probabilities(2, (double[]){NAN, 0.5}, p), QHM_ERROR_INVALID_ARGUMENT,
                  "quasi[0] is nan");
    REQUIRE_FAILS(qhm_nearest_probabilities(0, p, p), QHM_ERROR_INVALID_ARGUMENT, "need quasi");
}

static void what_cannot_be_corrected_is_refused(void **state)
{
    (void)state;
    qhm_distribution *counts = bell_counts();
    double quasi[4];
    qhm_readout_options o = {.flips = bell_flips, .flip_count = 1};
    REQUIRE_FAILS(qhm_readout_correct(counts, &o, quasi, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "flips are of 1 qubits, but the counts of 2");
    o.flip_count = 2;
    o.method = QHM_READOUT_CORRELATED;
    REQUIRE_FAILS(qhm_readout_correct(counts, &o, quasi, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a confusion matrix of 2 qubits");
    const double singular[16] = {[0] = 1};
    o.confusion = singular;
    REQUIRE_FAILS(qhm_readout_correct(counts, &o, quasi, NULL), QHM_ERROR_NUMERIC, "singular");
    o.method = (qhm_readout_method)4;
    REQUIRE_FAILS(qhm_readout_correct(counts, &o, quasi, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "method is 4");
    const double blind[2][2] = {{0.03, 0.06}, {0.5, 0.5}}, wrong[2][2] = {{1.2, 0}, {0, 0}};
    o = (qhm_readout_options){.flips = blind, .flip_count = 2};
    REQUIRE_FAILS(qhm_readout_correct(counts, &o, quasi, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "qubit 1 add up to 1");
    o.flips = wrong;
    REQUIRE_FAILS(qhm_readout_correct(counts, &o, quasi, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "qubit 0 have the probability 1.2");
    o.flips = NULL;
    REQUIRE_FAILS(qhm_readout_correct(counts, &o, quasi, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "needs flips");
    REQUIRE_FAILS(qhm_readout_correct(NULL, &o, quasi, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "needs counts");
    density_executor plain = {0};
    qhm_executor *values = density_executor_create_without_samples(&plain), *executor;
    REQUIRE_FAILS(qhm_executor_mitigate(values, "readout", NULL, &executor), QHM_ERROR_UNSUPPORTED,
                  "readout needs outcomes, but the executor values");
    qhm_executor_destroy(values);
    values = density_executor_create(&plain);
    REQUIRE_FAILS(qhm_executor_mitigate(
                      values, "readout",
                      &(qhm_mitigation_options){.readout = {.flips = blind, .flip_count = 2}},
                      &executor),
                  QHM_ERROR_INVALID_ARGUMENT, "nothing can be read");
    REQUIRE_FAILS(qhm_readout_calibrate(NULL, 2, 10, 0, (double(*)[2])quasi, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "needs an executor");
    qhm_executor_destroy(values);
    qhm_distribution_destroy(counts);
}

static qhm_status attempt(void *context)
{
    double quasi[4], gamma;
    for (int method = 0; method < 3; method++) {
        const double confusion[16] = {[0] = 1, [5] = 1, [10] = 1, [15] = 1};
        const qhm_readout_options o = {.method = (qhm_readout_method)method,
                                       .flips = bell_flips,
                                       .flip_count = 2,
                                       .confusion = confusion,
                                       .direct_limit = method == 1};
        const qhm_status status = qhm_readout_correct(context, &o, quasi, &gamma);
        if (status != QHM_OK)
            return status;
    }
    return qhm_nearest_probabilities(4, quasi, quasi);
}

static void correction_survives_failing_memory(void **state)
{
    (void)state;
    qhm_distribution *counts = bell_counts();
    require_survives_failing_memory(attempt, counts);
    qhm_distribution_destroy(counts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bell_state_is_restored),
        cmocka_unit_test(subspaces_are_what_their_definition_says),
        cmocka_unit_test(iterations_agree_with_lu),
        cmocka_unit_test(expectation_values_are_restored),
        cmocka_unit_test(correlated_errors_take_the_whole_matrix),
        cmocka_unit_test(variances_are_those_of_repetitions),
        cmocka_unit_test(the_nearest_probabilities_are_found),
        cmocka_unit_test(what_cannot_be_corrected_is_refused),
        cmocka_unit_test(correction_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
