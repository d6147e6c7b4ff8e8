// Amplitude estimation against its closed form and known distributions.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/amplitude_estimation.h>

static const size_t one = 1;

// RY with the share a on |1>.
static qhm_circuit *create_preparation(double share)
{
    qhm_circuit *circuit;
    const qhm_angle angle = qhm_angle_constant(2 * asin(sqrt(share)));
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    return circuit;
}

// Probabilities of the clock, [2^bits], after an X on its lowest qubit if the minus sign of Q is
// to be taken back: H turns that into the Z that the sign is.
static void run_circuit(const qhm_amplitude_problem *problem, size_t bits, bool loses_minus,
                        double *clock)
{
    const size_t n = qhm_circuit_qubit_count(problem->preparation);
    qhm_circuit *circuit, *whole;
    qhm_complex *state;
    REQUIRE_OK(qhm_amplitude_estimation_create(problem, bits, false, &circuit));
    REQUIRE_OK(qhm_circuit_create(n + bits, 0, &whole));
    if (loses_minus)
        REQUIRE_OK(qhm_circuit_append(whole, QHM_GATE_X, (uint32_t[]){(uint32_t)n}, NULL));
    REQUIRE_OK(qhm_circuit_append_circuit(whole, circuit, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_counted_state(whole, NULL, &state));
    for (size_t y = 0; y < (size_t)1 << bits; y++)
        clock[y] = 0;
    for (size_t i = 0; i < (size_t)1 << (n + bits); i++)
        clock[i >> n] += state[i].re * state[i].re + state[i].im * state[i].im;
    qhm_release(state);
    qhm_circuit_destroy(whole);
    qhm_circuit_destroy(circuit);
}

static void run_share(double share, size_t bits, bool loses_minus, double *clock)
{
    qhm_circuit *preparation = create_preparation(share);
    run_circuit(&(qhm_amplitude_problem){preparation, &one, 1, NULL}, bits, loses_minus, clock);
    qhm_circuit_destroy(preparation);
}

static double folded(const double *clock, size_t bits, size_t k)
{
    const size_t count = (size_t)1 << bits;
    return k == 0 || 2 * k == count ? clock[k] : clock[k] + clock[count - k];
}

static void the_known_distributions_come_out(void **state)
{
    static const double of_0_3[] = {0.05178880, 0.47255536, 0.38841600, 0.06504464, 0.02219520};
    static const double of_0_25[] = {0.04687500, 0.70645630, 0.18750000, 0.04354370, 0.01562500};
    double clock[16];
    (void)state;
    run_share(0.3, 3, false, clock);
    for (size_t k = 0; k < 5; k++)
        REQUIRE_NEAR(folded(clock, 3, k), of_0_3[k], 6e-9);
    run_share(0.25, 3, false, clock);
    for (size_t k = 0; k < 5; k++)
        REQUIRE_NEAR(folded(clock, 3, k), of_0_25[k], 6e-9);
    run_share(0.5, 3, false, clock);
    REQUIRE_NEAR(folded(clock, 3, 2), 1, 1e-10);
    run_share(0.2, 4, false, clock);
    REQUIRE_NEAR(folded(clock, 4, 2), 0.64453890, 6e-9);
    REQUIRE_NEAR(folded(clock, 4, 3), 0.20950031, 6e-9);
    REQUIRE_NEAR(qhm_amplitude_estimation_value(4, 2), 0.1464466094067262, 1e-12);
    REQUIRE_NEAR(qhm_amplitude_estimation_value(4, 14), 0.1464466094067262, 1e-12);
}

static void the_circuit_agrees_with_its_formula(void **state)
{
    static const double shares[] = {0, 0.05, 0.3, 0.77, 1};
    double clock[32];
    (void)state;
    for (size_t s = 0; s < sizeof shares / sizeof shares[0]; s++) {
        run_share(shares[s], 5, false, clock);
        for (size_t y = 0; y < 32; y++)
            REQUIRE_NEAR(clock[y], qhm_amplitude_estimation_probability(shares[s], 5, y), 1e-10);
    }
}

static void without_the_minus_sign_the_rest_is_estimated(void **state)
{
    double clock[8], difference = 0;
    (void)state;
    run_share(0.3, 3, true, clock);
    for (size_t y = 0; y < 8; y++) {
        REQUIRE_NEAR(clock[y], qhm_amplitude_estimation_probability(0.7, 3, y), 1e-10);
        difference =
            fmax(difference, fabs(clock[y] - qhm_amplitude_estimation_probability(0.3, 3, y)));
    }
    assert_true(difference > 0.1);
}

// Counting: H on all qubits. A clock can have no grid point for a count: then it never comes out.
static void marked_states_are_counted(void **state)
{
    static const size_t marked[] = {1, 2, 6, 11, 13};
    static const struct {
        size_t qubits, marked, bits;
        double right;
    } cases[] = {{4, 5, 4, 0.99855622}, {3, 3, 4, 0}, {4, 3, 6, 0.95114751}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const size_t bits = cases[i].bits;
        const double items = ldexp(1, (int)cases[i].qubits);
        qhm_circuit *preparation;
        double clock[64], right = 0;
        REQUIRE_OK(qhm_circuit_create(cases[i].qubits, 0, &preparation));
        for (uint32_t q = 0; q < cases[i].qubits; q++)
            REQUIRE_OK(qhm_circuit_append(preparation, QHM_GATE_H, &q, NULL));
        run_circuit(&(qhm_amplitude_problem){preparation, marked, cases[i].marked, NULL}, bits,
                    false, clock);
        for (size_t y = 0; y < (size_t)1 << bits; y++)
            if (lround(items * qhm_amplitude_estimation_value(bits, y)) == (long)cases[i].marked)
                right += clock[y];
        REQUIRE_NEAR(right, cases[i].right, 6e-9);
        qhm_circuit_destroy(preparation);
    }
}

// A control that is a circuit's own, and one from qhm_circuit_control, which needs real gates.
static void the_minus_sign_survives_any_control(void **state)
{
    qhm_circuit *preparation = create_preparation(0.3), *plain, *controlled[2];
    const qhm_amplitude_problem problem = {preparation, &one, 1, NULL};
    qhm_complex *states[2];
    (void)state;
    REQUIRE_OK(qhm_amplitude_operator_create(&problem, false, &plain));
    REQUIRE_OK(qhm_circuit_control(plain, 1, &controlled[0]));
    REQUIRE_OK(qhm_amplitude_operator_create(&problem, true, &controlled[1]));
    for (size_t c = 0; c < 2; c++) {
        qhm_circuit *whole;
        REQUIRE_OK(qhm_circuit_create(2, 0, &whole));
        REQUIRE_OK(qhm_circuit_append(whole, QHM_GATE_H, (uint32_t[]){1}, NULL));
        REQUIRE_OK(qhm_circuit_append_circuit(whole, controlled[c], NULL, NULL, 0, 0));
        REQUIRE_OK(qhm_counted_state(whole, NULL, &states[c]));
        qhm_circuit_destroy(whole);
        qhm_circuit_destroy(controlled[c]);
    }
    // On |0>, Q has <0|Q|0> = cos(2 theta) = 1 - 2a.
    REQUIRE_NEAR(states[0][2].re, (1 - 2 * 0.3) * sqrt(0.5), 1e-12);
    for (size_t i = 0; i < 4; i++) {
        REQUIRE_NEAR(states[0][i].re, states[1][i].re, 1e-12);
        REQUIRE_NEAR(states[0][i].im, states[1][i].im, 1e-12);
    }
    qhm_release(states[0]);
    qhm_release(states[1]);
    qhm_circuit_destroy(plain);
    qhm_circuit_destroy(preparation);
}

static void the_median_folds_both_eigenvalues(void **state)
{
    qhm_distribution *outcomes;
    double share;
    (void)state;
    REQUIRE_OK(qhm_distribution_create(3, &outcomes));
    REQUIRE_FAILS(qhm_amplitude_estimation_median(outcomes, &share), QHM_ERROR_INVALID_ARGUMENT,
                  "outcomes have the weight 0, not above 0");
    REQUIRE_OK(qhm_distribution_append(outcomes, (uint64_t[]){1}, 2));
    REQUIRE_OK(qhm_distribution_append(outcomes, (uint64_t[]){7}, 2));
    REQUIRE_OK(qhm_distribution_append(outcomes, (uint64_t[]){4}, 3));
    REQUIRE_OK(qhm_amplitude_estimation_median(outcomes, &share));
    REQUIRE_NEAR(share, 0.1464466094067262, 1e-12);
    qhm_distribution_destroy(outcomes);
}

static void ill_posed_problems_are_refused(void **state)
{
    qhm_circuit *preparation = create_preparation(0.3), *circuit;
    (void)state;
    REQUIRE_FAILS(
        qhm_amplitude_estimation_create(
            &(qhm_amplitude_problem){preparation, (size_t[]){2}, 1, NULL}, 3, false, &circuit),
        QHM_ERROR_INVALID_ARGUMENT, "marked state 2 is not below 2");
    REQUIRE_FAILS(
        qhm_amplitude_estimation_create(
            &(qhm_amplitude_problem){preparation, (size_t[]){1, 1}, 2, NULL}, 3, false, &circuit),
        QHM_ERROR_INVALID_ARGUMENT, "state 1 is marked twice");
    REQUIRE_FAILS(qhm_amplitude_estimation_create(
                      &(qhm_amplitude_problem){preparation, &one, 1, NULL}, 13, false, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "bit_count is 13, not 1 to 12");
    qhm_circuit_destroy(preparation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_known_distributions_come_out),
        cmocka_unit_test(the_circuit_agrees_with_its_formula),
        cmocka_unit_test(without_the_minus_sign_the_rest_is_estimated),
        cmocka_unit_test(marked_states_are_counted),
        cmocka_unit_test(the_minus_sign_survives_any_control),
        cmocka_unit_test(the_median_folds_both_eigenvalues),
        cmocka_unit_test(ill_posed_problems_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
