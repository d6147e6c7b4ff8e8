// Classical shadows: exact averages over all bases and outcomes, and known statistics.
#include "support/checks.h"
#include "support/plans.h"

#include <math.h>
#include <qhm/classical_shadows.h>
#include <qhm/random.h>

// (|00> + |11>) / sqrt 2, or with a phase and a turn that leave no symmetry.
static qhm_circuit *create_pair(bool is_bell)
{
    qhm_circuit *circuit;
    const qhm_angle angle = qhm_angle_constant(0.7), other = qhm_angle_constant(1.9);
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    if (!is_bell) {
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, (uint32_t[]){0}, &angle));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){1}, &other));
    }
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    return circuit;
}

static qhm_shadow bases_of(size_t number)
{
    qhm_shadow bases = {0};
    for (size_t q = 0; q < 2; q++, number /= 3) {
        bases.x |= (uint64_t)(number % 3 == 0) << q;
        bases.y |= (uint64_t)(number % 3 == 1) << q;
    }
    return bases;
}

// Over all 9 bases and 4 outcomes, each by its probability, the estimates of a shot average to the
// expectation value, and their squares to 3^k.
static void averages_over_all_bases_are_exact(void **state)
{
    (void)state;
    static const char *const strings[] = {"X0", "Y1", "Z0 Z1", "X0 Y1", "Y0 X1", "X0 X1", "Y0 Z1"};
    qhm_circuit *pair = create_pair(false);
    for (size_t s = 0; s < sizeof strings / sizeof strings[0]; s++) {
        qhm_observable *observable = test_observable(strings[s]);
        const qhm_pauli_term *term = qhm_observable_term(observable, 0);
        double mean = 0, square = 0, exact;
        for (size_t number = 0; number < 9; number++) {
            qhm_circuit *circuit;
            qhm_shadow shot = bases_of(number);
            REQUIRE_OK(qhm_shadows_circuit_create(pair, &shot, &circuit));
            qhm_distribution *outcomes = test_exact_outcomes(circuit);
            for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
                const uint64_t *bits;
                double weight;
                qhm_shadows *one;
                qhm_shadow_estimate e;
                qhm_distribution_outcome(outcomes, i, &bits, &weight);
                shot.outcome = bits[0];
                REQUIRE_OK(qhm_shadows_create(2, &one));
                REQUIRE_OK(qhm_shadows_append(one, &shot));
                REQUIRE_OK(qhm_shadows_estimate(one, term, 1, &e));
                assert_true(e.value == e.mean);
                mean += weight * e.value / 9;
                square += weight * e.value * e.value / 9;
                qhm_shadows_destroy(one);
            }
            qhm_distribution_destroy(outcomes);
            qhm_circuit_destroy(circuit);
        }
        test_plan plan = test_plan_on(NULL, pair, (const qhm_observable *const[]){observable}, 1,
                                      &(qhm_plan_options){.precision = QHM_FLOAT64});
        REQUIRE_OK(
            qhm_plan_run(plan.plan, &(qhm_request){.batch_count = 1, .expectations = &exact}));
        test_plan_destroy(plan);
        REQUIRE_NEAR(mean, exact, 1e-12);
        REQUIRE_NEAR(square, pow(3, (double)term->factor_count), 1e-12);
        qhm_observable_destroy(observable);
    }
    qhm_circuit_destroy(pair);
}

static void a_bell_pair_has_its_known_statistics(void **state)
{
    (void)state;
    enum { SHOTS = 20000 };
    qhm_circuit *pair = create_pair(true);
    qhm_shadows *shadows;
    qhm_ledger ledger = {0};
    REQUIRE_OK(qhm_shadows_measure(pair, SHOTS, test_seed(), &ledger, &shadows));
    assert_int_equal(qhm_shadows_count(shadows), SHOTS);
    assert_int_equal(ledger.shots, SHOTS);
    assert_int_equal(ledger.circuits, 9);
    assert_int_equal(ledger.state_preparations, SHOTS);
    static const struct {
        const char *string;
        double value;
    } known[] = {{"Z0 Z1", 1}, {"X0 X1", 1}, {"Y0 Y1", -1}, {"X0 Z1", 0}, {"Z0", 0}};
    for (size_t i = 0; i < 5; i++) {
        qhm_observable *observable = test_observable(known[i].string);
        const qhm_pauli_term *term = qhm_observable_term(observable, 0);
        const double inverse = pow(3, (double)term->factor_count); // of the rate of hits
        qhm_shadow_estimate e;
        REQUIRE_OK(qhm_shadows_estimate(shadows, term, 10, &e));
        REQUIRE_NEAR((double)e.hits / SHOTS, 1 / inverse, 5 * sqrt(1 / inverse / SHOTS));
        REQUIRE_NEAR(e.mean_standard_error,
                     sqrt((inverse - known[i].value * known[i].value) / SHOTS), 1e-3);
        REQUIRE_NEAR(e.mean, known[i].value, 5 * e.mean_standard_error);
        REQUIRE_NEAR(e.value, known[i].value, 5 * e.standard_error);
        qhm_observable_destroy(observable);
    }
    qhm_shadows_destroy(shadows);
    qhm_circuit_destroy(pair);
}

static void the_median_resists_a_wild_batch(void **state)
{
    (void)state;
    qhm_shadows *shadows;
    qhm_shadow_estimate e;
    qhm_observable *z = test_observable("Z0");
    const qhm_pauli_term *term = qhm_observable_term(z, 0);
    REQUIRE_OK(qhm_shadows_create(1, &shadows));
    for (size_t i = 0; i < 30; i++) // a third in Z, all 0; the last batch is all Z, all 1
        REQUIRE_OK(
            qhm_shadows_append(shadows, &(qhm_shadow){.x = i % 3 && i < 24, .outcome = i >= 24}));
    REQUIRE_OK(qhm_shadows_estimate(shadows, term, 5, &e));
    REQUIRE_NEAR(e.value, 1, 1e-12);
    REQUIRE_NEAR(e.mean, 3 * (8.0 - 6) / 30, 1e-12);
    qhm_observable_destroy(z);
    qhm_shadows_destroy(shadows);
}

static void theory_has_its_shots(void **state)
{
    (void)state;
    assert_int_equal(qhm_shadows_batches(10, 0.05), 12); // 2 ln 400 = 11.98
    REQUIRE_NEAR(qhm_shadows_shots(10, 2, 0.1, 0.05), 12 * 30600, 1e-9);
}

static void bad_requests_are_refused(void **state)
{
    (void)state;
    qhm_shadows *shadows;
    qhm_shadow_estimate e;
    qhm_observable *z = test_observable("Z1");
    REQUIRE_FAILS(qhm_shadows_create(41, &shadows), QHM_ERROR_INVALID_ARGUMENT,
                  "qubit_count is 41, not 1 to 40");
    REQUIRE_OK(qhm_shadows_create(1, &shadows));
    REQUIRE_FAILS(qhm_shadows_append(shadows, &(qhm_shadow){.x = 1, .y = 1}),
                  QHM_ERROR_INVALID_ARGUMENT, "in X and in Y");
    REQUIRE_FAILS(qhm_shadows_append(shadows, &(qhm_shadow){.outcome = 2}),
                  QHM_ERROR_INVALID_ARGUMENT, "beyond 1 qubits");
    REQUIRE_OK(qhm_shadows_append(shadows, &(qhm_shadow){0}));
    REQUIRE_FAILS(qhm_shadows_estimate(shadows, qhm_observable_term(z, 0), 1, &e),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit 1 of 1");
    REQUIRE_FAILS(qhm_shadows_estimate(shadows, qhm_observable_term(z, 0), 2, &e),
                  QHM_ERROR_INVALID_ARGUMENT, "batches is 2, not 1 to 1");
    qhm_observable_destroy(z);
    qhm_shadows_destroy(shadows);
}

static void one_shot_is_not_exact(void **state)
{
    (void)state;
    qhm_shadows *shadows;
    qhm_shadow_estimate e;
    qhm_observable *z = test_observable("Z0");
    REQUIRE_OK(qhm_shadows_create(1, &shadows));
    REQUIRE_OK(qhm_shadows_append(shadows, &(qhm_shadow){.outcome = 1}));
    REQUIRE_OK(qhm_shadows_estimate(shadows, qhm_observable_term(z, 0), 1, &e));
    REQUIRE_NEAR(e.mean, -3, 0);
    REQUIRE_NEAR(e.mean_standard_error, sqrt(2), 1e-12);
    REQUIRE_NEAR(e.standard_error, sqrt(2), 1e-12); // the median of one mean is the mean
    for (size_t i = 0; i < 57; i++)
        REQUIRE_OK(qhm_shadows_append(shadows, &(qhm_shadow){.outcome = 1}));
    REQUIRE_OK(qhm_shadows_estimate(shadows, qhm_observable_term(z, 0), 2, &e));
    assert_true(isnan(e.standard_error)); // 9.7 hits a batch, on average
    qhm_observable_destroy(z);
    qhm_shadows_destroy(shadows);
}

// One qubit of <Z> = value in random bases.
static qhm_shadows *draw_shadows(size_t shots, double value, qhm_random *random)
{
    qhm_shadows *shadows;
    REQUIRE_OK(qhm_shadows_create(1, &shadows));
    for (size_t i = 0; i < shots; i++) {
        const uint64_t letter = qhm_random_below(random, 3);
        const double chance = letter == 2 ? (1 - value) / 2 : 0.5;
        REQUIRE_OK(qhm_shadows_append(
            shadows, &(qhm_shadow){letter == 0, letter == 1, qhm_random_uniform(random) < chance}));
    }
    return shadows;
}

// Over 2,000 runs each estimate scatters as much as its error says, and 1.96 errors hold the value
// in 0.95 of them, more or less where a median takes few numbers. The mean's error is not the
// median's.
static void errors_are_those_of_their_estimates(void **state)
{
    (void)state;
    enum { RUNS = 2000 };
    static const struct {
        size_t batches, hits; // hits of a batch, on average
        double value;
    } rows[] = {{11, 30, 0.3}, {17, 30, 0.9}, {17, 30, 0}, {3, 40, -0.5}, {6, 100, 0.7}};
    qhm_observable *z = test_observable("Z0");
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        double value = 0, mean = 0, crossed = 0, values = 0, means = 0;
        for (size_t i = 0; i < RUNS; i++) {
            qhm_shadow_estimate e;
            qhm_shadows *shadows =
                draw_shadows(3 * rows[r].hits * rows[r].batches, rows[r].value, &random);
            REQUIRE_OK(
                qhm_shadows_estimate(shadows, qhm_observable_term(z, 0), rows[r].batches, &e));
            const double off = e.value - rows[r].value, mean_off = e.mean - rows[r].value;
            value += pow(off / e.standard_error, 2) / RUNS;
            mean += pow(mean_off / e.mean_standard_error, 2) / RUNS;
            crossed += pow(off / e.mean_standard_error, 2) / RUNS;
            values += (double)(fabs(off) <= 1.96 * e.standard_error) / RUNS;
            means += (double)(fabs(mean_off) <= 1.96 * e.mean_standard_error) / RUNS;
            qhm_shadows_destroy(shadows);
        }
        REQUIRE_NEAR(sqrt(mean), 1, 0.06);
        REQUIRE_NEAR(sqrt(value), rows[r].batches % 2 ? 1 : 0.95, 0.07);
        assert_true(sqrt(crossed) > 1.08);
        REQUIRE_NEAR(means, 0.95, 0.025);
        REQUIRE_NEAR(values, 0.945, 0.05);
    }
    qhm_observable_destroy(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(averages_over_all_bases_are_exact),
        cmocka_unit_test(a_bell_pair_has_its_known_statistics),
        cmocka_unit_test(the_median_resists_a_wild_batch),
        cmocka_unit_test(theory_has_its_shots),
        cmocka_unit_test(bad_requests_are_refused),
        cmocka_unit_test(one_shot_is_not_exact),
        cmocka_unit_test(errors_are_those_of_their_estimates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
