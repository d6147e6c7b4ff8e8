// Overlaps against closed forms and against the states themselves.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/plans.h"

#include <math.h>
#include <qhm/overlap.h>
#include <qhm/state_preparation.h>

static qhm_circuit *prepare(const qhm_complex *amplitudes)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_state_preparation_bind(2, QHM_STATE_COMPLEX, amplitudes, &circuit));
    return circuit;
}

static double exact_overlap(qhm_overlap_method method, const qhm_circuit *a, const qhm_circuit *b)
{
    qhm_circuit *circuit;
    qhm_overlap_estimate estimate;
    REQUIRE_OK(qhm_overlap_circuit_create(method, a, b, &circuit));
    qhm_distribution *outcomes = test_exact_outcomes(circuit);
    REQUIRE_OK(qhm_overlap_estimate_outcomes(method, outcomes, &estimate));
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return estimate.value;
}

// a = (1, 2, 3, 4) / sqrt 30, b = (4, 3, 2, 1) / sqrt 30: <a|b> = 2/3.
static void every_test_finds_the_known_overlap(void **state)
{
    (void)state;
    const qhm_complex up[] = {{1, 0}, {2, 0}, {3, 0}, {4, 0}};
    const qhm_complex down[] = {{4, 0}, {3, 0}, {2, 0}, {1, 0}};
    qhm_circuit *a = prepare(up), *b = prepare(down);
    REQUIRE_NEAR(exact_overlap(QHM_OVERLAP_SWAP_TEST, a, b), 4.0 / 9, 1e-12);
    REQUIRE_NEAR(exact_overlap(QHM_OVERLAP_DESTRUCTIVE, a, b), 4.0 / 9, 1e-12);
    REQUIRE_NEAR(exact_overlap(QHM_OVERLAP_INVERSION, a, b), 4.0 / 9, 1e-12);
    REQUIRE_NEAR(exact_overlap(QHM_OVERLAP_HADAMARD_REAL, a, b), 2.0 / 3, 1e-12);
    REQUIRE_NEAR(exact_overlap(QHM_OVERLAP_HADAMARD_IMAGINARY, a, b), 0, 1e-12);
    qhm_circuit_destroy(a);
    qhm_circuit_destroy(b);
}

// The sign of the imaginary part is where S and its inverse, or a and b, get mixed up.
static void signs_and_imaginary_parts_are_those_of_the_states(void **state)
{
    (void)state;
    const qhm_complex first[] = {{0.3, -0.1}, {-0.5, 0.2}, {0.1, 0.6}, {0.4, 0.2}};
    const qhm_complex second[] = {{-0.2, 0.5}, {0.1, 0.3}, {0.7, 0.1}, {0.2, -0.3}};
    qhm_circuit *a = prepare(first), *b = prepare(second);
    qhm_complex *u, *v;
    REQUIRE_OK(qhm_counted_state(a, NULL, &u));
    REQUIRE_OK(qhm_counted_state(b, NULL, &v));
    double re = 0, im = 0; // <b|a>
    for (size_t i = 0; i < 4; i++) {
        re += v[i].re * u[i].re + v[i].im * u[i].im;
        im += v[i].re * u[i].im - v[i].im * u[i].re;
    }
    assert_true(fabs(im) > 0.1);
    REQUIRE_NEAR(exact_overlap(QHM_OVERLAP_HADAMARD_REAL, a, b), re, 1e-12);
    REQUIRE_NEAR(exact_overlap(QHM_OVERLAP_HADAMARD_IMAGINARY, a, b), im, 1e-12);
    REQUIRE_NEAR(exact_overlap(QHM_OVERLAP_SWAP_TEST, a, b), re * re + im * im, 1e-12);
    REQUIRE_NEAR(exact_overlap(QHM_OVERLAP_DESTRUCTIVE, a, b), re * re + im * im, 1e-12);
    qhm_circuit_destroy(a);
    qhm_circuit_destroy(b);
    qhm_release(u);
    qhm_release(v);
}

static void estimates_scatter_as_they_say(void **state)
{
    (void)state;
    enum { SHOTS = 2000, RUNS = 50 };
    const qhm_complex up[] = {{1, 0}, {2, 0}, {3, 0}, {4, 0}};
    const qhm_complex down[] = {{4, 0}, {3, 0}, {2, 0}, {1, 0}};
    qhm_circuit *a = prepare(up), *b = prepare(down), *circuit;
    REQUIRE_OK(qhm_overlap_circuit_create(QHM_OVERLAP_SWAP_TEST, a, b, &circuit));
    qhm_ledger ledger = {0};
    double mean = 0;
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        qhm_distribution *outcomes;
        qhm_overlap_estimate estimate;
        REQUIRE_OK(qhm_counted_shots(
            circuit, SHOTS, seed, &(qhm_run_counts){.state_preparations = 2}, &ledger, &outcomes));
        REQUIRE_OK(qhm_overlap_estimate_outcomes(QHM_OVERLAP_SWAP_TEST, outcomes, &estimate));
        REQUIRE_NEAR(estimate.standard_error, sqrt((1 - 16.0 / 81) / SHOTS), 2e-3);
        mean += estimate.value / RUNS;
        qhm_distribution_destroy(outcomes);
    }
    REQUIRE_NEAR(mean, 4.0 / 9, 5 * sqrt((1 - 16.0 / 81) / (SHOTS * RUNS)));
    assert_int_equal(ledger.shots, SHOTS * RUNS);
    assert_int_equal(ledger.state_preparations, 2 * SHOTS * RUNS);
    assert_int_equal(ledger.qubits, 5);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(a);
    qhm_circuit_destroy(b);
}

// Published for 95 % within 0.01.
static void shots_follow_the_normal_approximation(void **state)
{
    (void)state;
    assert_int_equal(qhm_overlap_shots(QHM_OVERLAP_SWAP_TEST, 0, 0.01, 0.95), 38415);
    assert_int_equal(qhm_overlap_shots(QHM_OVERLAP_SWAP_TEST, 0.25, 0.01, 0.95), 36014);
    assert_int_equal(qhm_overlap_shots(QHM_OVERLAP_SWAP_TEST, 0.5, 0.01, 0.95), 28811);
    assert_true(isnan(qhm_overlap_shots(QHM_OVERLAP_SWAP_TEST, 0.5, 0, 0.95)));
}

static void states_of_different_size_are_refused(void **state)
{
    (void)state;
    qhm_circuit *a, *b, *circuit = NULL;
    REQUIRE_OK(qhm_circuit_create(2, 0, &a));
    REQUIRE_OK(qhm_circuit_create(3, 0, &b));
    REQUIRE_FAILS(qhm_overlap_circuit_create(QHM_OVERLAP_SWAP_TEST, a, b, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "2 and 3 qubits");
    assert_null(circuit);
    qhm_circuit_destroy(a);
    qhm_circuit_destroy(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_test_finds_the_known_overlap),
        cmocka_unit_test(signs_and_imaginary_parts_are_those_of_the_states),
        cmocka_unit_test(estimates_scatter_as_they_say),
        cmocka_unit_test(shots_follow_the_normal_approximation),
        cmocka_unit_test(states_of_different_size_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
