// Cross-entropy against closed forms of random states, and of circuits with known noise.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/random_circuit.h>
#include <qhm/xeb.h>

enum { QUBITS = 8, SIZE = 1 << QUBITS };

static void averages_over_random_states_are_as_known(void **state)
{
    (void)state;
    static const double ideal[] = {.8823529412, .9393939394, .9692307692};
    static const double entropy[] = {2.380728993, 3.058495195, 3.743890904};
    for (size_t k = 0; k < 3; k++) {
        REQUIRE_NEAR(qhm_xeb_ideal(4 + k), ideal[k], 1e-10);
        REQUIRE_NEAR(qhm_xeb_ideal_entropy(4 + k), entropy[k], 1e-9);
    }
    REQUIRE_NEAR(qhm_xeb_ideal(10), .9980487805, 1e-10);
    REQUIRE_NEAR(qhm_xeb_ideal_entropy(10), 6.509175672, 1e-9);
}

static void draw_state(qhm_random *random, size_t qubits, double *p)
{
    double sum = 0;
    for (size_t x = 0; x < (size_t)1 << qubits; x++) {
        const double re = qhm_random_normal(random), im = qhm_random_normal(random);
        sum += p[x] = re * re + im * im;
    }
    for (size_t x = 0; x < (size_t)1 << qubits; x++)
        p[x] /= sum;
}

static void random_states_have_these_averages(void **state)
{
    (void)state;
    enum { RUNS = 2000 };
    double collisions[RUNS], entropies[RUNS], means[2] = {0}, squares[2] = {0};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (size_t r = 0; r < RUNS; r++) {
        double p[16];
        draw_state(&random, 4, p);
        collisions[r] = -1;
        for (size_t x = 0; x < 16; x++)
            collisions[r] += 16 * p[x] * p[x];
        entropies[r] = qhm_xeb_entropy(4, p);
        means[0] += collisions[r] / RUNS;
        means[1] += entropies[r] / RUNS;
        squares[0] += collisions[r] * collisions[r] / RUNS;
        squares[1] += entropies[r] * entropies[r] / RUNS;
    }
    REQUIRE_NEAR(means[0], qhm_xeb_ideal(4), 5 * sqrt((squares[0] - means[0] * means[0]) / RUNS));
    REQUIRE_NEAR(means[1], qhm_xeb_ideal_entropy(4),
                 5 * sqrt((squares[1] - means[1] * means[1]) / RUNS));
}

static void an_estimate_is_as_by_hand(void **state)
{
    (void)state;
    static const double p[2] = {0.75, 0.25}, equal[2] = {0.5, 0.5};
    qhm_distribution *outcomes;
    qhm_xeb_estimate estimate;
    REQUIRE_OK(qhm_distribution_create(1, &outcomes));
    REQUIRE_FAILS(qhm_xeb_estimate_outcomes(1, p, outcomes, &estimate), QHM_ERROR_INVALID_ARGUMENT,
                  "no samples");
    REQUIRE_OK(qhm_distribution_append(outcomes, (uint64_t[]){0}, 3));
    REQUIRE_OK(qhm_distribution_append(outcomes, (uint64_t[]){1}, 1));
    REQUIRE_OK(qhm_xeb_estimate_outcomes(1, p, outcomes, &estimate));
    REQUIRE_NEAR(estimate.linear, 0.25, 1e-15);
    REQUIRE_NEAR(estimate.standard_error, 0.25, 1e-15);
    REQUIRE_NEAR(estimate.collision, 0.25, 1e-15);
    REQUIRE_NEAR(estimate.normalised, 1, 1e-15);
    REQUIRE_NEAR(estimate.normalised_standard_error, 1, 1e-15);
    REQUIRE_FAILS(qhm_xeb_estimate_outcomes(1, equal, outcomes, &estimate),
                  QHM_ERROR_INVALID_ARGUMENT, "all probabilities are equal");
    REQUIRE_FAILS(qhm_xeb_estimate_outcomes(2, p, outcomes, &estimate), QHM_ERROR_INVALID_ARGUMENT,
                  "outcomes have 1 bits");
    qhm_distribution_destroy(outcomes);
}

static void the_exponential_distribution_is_recognised(void **state)
{
    (void)state;
    double p[SIZE], distance, p_value;
    for (size_t x = 0; x < SIZE; x++)
        p[x] = -log1p(-((double)x + 0.5) / SIZE) / SIZE;
    REQUIRE_OK(qhm_xeb_porter_thomas(QUBITS, p, &distance, &p_value));
    REQUIRE_NEAR(distance, 0.5 / SIZE, 1e-12);
    REQUIRE_NEAR(p_value, 1, 1e-12);
    for (size_t x = 0; x < SIZE; x++)
        p[x] = 1.0 / SIZE;
    REQUIRE_OK(qhm_xeb_porter_thomas(QUBITS, p, &distance, &p_value));
    REQUIRE_NEAR(distance, 1 - exp(-1), 1e-12);
    assert_true(p_value < 1e-60);
    // The 5 % point of Kolmogorov's distribution, 1.3581.
    const double root = sqrt(SIZE), at = 1.3581 / (root + 0.12 + 0.11 / root);
    for (size_t x = 0; x < SIZE; x++)
        p[x] = -log1p(-fmin(1 - 1e-9,
                            ((double)x + 1) / SIZE - at > 0 ? ((double)x + 1) / SIZE - at : 0)) /
               SIZE;
    REQUIRE_OK(qhm_xeb_porter_thomas(QUBITS, p, &distance, &p_value));
    REQUIRE_NEAR(distance, at, 1e-9);
    REQUIRE_NEAR(p_value, 0.05, 1e-4);
}

static qhm_circuit *create_circuit(size_t qubits)
{
    qhm_circuit *circuit;
    qhm_random random = qhm_random_stream(3, QHM_RANDOM_USER, 0, 0, 0);
    REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
    REQUIRE_OK(qhm_random_circuit_append(
        circuit, &(qhm_random_circuit_options){.rows = 3, .is_closed = true}, &random));
    return circuit;
}

// Samples of the circuit with noise, judged by its ideal probabilities; with the bits in reverse
// order if asked.
static qhm_xeb_estimate judge(const qhm_circuit *circuit, double error, size_t shots,
                              bool is_reversed)
{
    qhm_circuit *run;
    qhm_complex *state;
    double p[SIZE];
    qhm_distribution *outcomes;
    qhm_ledger ledger = {0};
    qhm_xeb_estimate estimate;
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &state));
    for (size_t x = 0; x < SIZE; x++)
        p[x] = state[x].re * state[x].re + state[x].im * state[x].im;
    REQUIRE_OK(qhm_xeb_add_noise(circuit, error, &run));
    REQUIRE_OK(qhm_circuit_append_bits(run, "x", QUBITS));
    for (uint32_t q = 0; q < QUBITS; q++)
        REQUIRE_OK(qhm_circuit_append_measure(run, q, is_reversed ? QUBITS - 1 - q : q));
    REQUIRE_OK(qhm_counted_shots(run, shots, test_seed(), NULL, &ledger, &outcomes));
    REQUIRE_OK(qhm_xeb_estimate_outcomes(QUBITS, p, outcomes, &estimate));
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(run);
    qhm_release(state);
    return estimate;
}

static void a_perfect_sampler_is_told_from_wrong_bits(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_circuit(QUBITS);
    const qhm_xeb_estimate right = judge(circuit, 0, 20000, false);
    const qhm_xeb_estimate wrong = judge(circuit, 0, 20000, true);
    REQUIRE_NEAR(right.normalised, 1, 5 * right.normalised_standard_error);
    assert_true(fabs(wrong.normalised) < 0.2);
    qhm_circuit_destroy(circuit);
}

static void noise_takes_the_share_with_errors(void **state)
{
    (void)state;
    qhm_circuit_counts counts;
    qhm_circuit *circuit = create_circuit(QUBITS);
    REQUIRE_OK(qhm_circuit_count(circuit, &counts));
    const double expected = pow(0.99, (double)counts.two_qubit_gates);
    const qhm_xeb_estimate noisy = judge(circuit, 0.01, 4000, false);
    assert_true(expected < 0.8);
    // What went wrong near the end, and Z errors that the next layer keeps, are not all noise.
    REQUIRE_NEAR(noisy.normalised, expected, 0.05 + 5 * noisy.normalised_standard_error);
    qhm_circuit_destroy(circuit);
}

static qhm_status attempt(void *context)
{
    static const double p[4] = {0.1, 0.2, 0.3, 0.4};
    double distance, p_value;
    qhm_circuit *circuit = context, *noisy;
    QHM_TRY(qhm_xeb_porter_thomas(2, p, &distance, &p_value));
    QHM_TRY(qhm_xeb_add_noise(circuit, 0.1, &noisy));
    qhm_circuit_destroy(noisy);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_circuit(2), *noisy;
    require_survives_failing_memory(attempt, circuit);
    REQUIRE_FAILS(qhm_xeb_add_noise(circuit, 1.5, &noisy), QHM_ERROR_INVALID_ARGUMENT,
                  "error is 1.5");
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(averages_over_random_states_are_as_known),
        cmocka_unit_test(random_states_have_these_averages),
        cmocka_unit_test(an_estimate_is_as_by_hand),
        cmocka_unit_test(the_exponential_distribution_is_recognised),
        cmocka_unit_test(a_perfect_sampler_is_told_from_wrong_bits),
        cmocka_unit_test(noise_takes_the_share_with_errors),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
