// Searches for an unknown number: exact expectations, and circuits against amplitudes.
#include "algorithm/search_rounds.h"
#include "support/checks.h"

static void expectations_are_the_known_ones(void **state)
{
    (void)state;
    static const double cases[][4] = {
        {16, 1, 1.850436, 3.871191},     {16, 2, 1.048549, 2.848791},
        {16, 4, 0.654524, 2.217233},     {64, 1, 5.795687, 6.884580},
        {64, 4, 1.890442, 3.874846},     {256, 1, 15.523120, 10.599272},
        {256, 4, 5.846276, 6.886219},    {1024, 1, 37.091222, 14.585357},
        {1024, 2, 24.462876, 12.585429}, {1024, 4, 15.676013, 10.601943}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double iterations, measurements;
        REQUIRE_OK(qhm_bbht_expected(cases[i][0], cases[i][1], &iterations, &measurements));
        REQUIRE_NEAR(iterations, cases[i][2], 1e-6);
        REQUIRE_NEAR(measurements, cases[i][3], 1e-6);
    }
}

// A round with 0 to m - 1 iterations succeeds with 1/2 - sin(4 m theta) / (4 m sin(2 theta)).
static void a_round_succeeds_as_the_lemma_says(void **state)
{
    (void)state;
    double mean = 0;
    for (size_t j = 0; j < 4; j++)
        mean += qhm_grover_probability(1.0 / 16, j) / 4;
    const double theta = asin(0.25);
    REQUIRE_NEAR(mean, .6012306213, 1e-10);
    REQUIRE_NEAR(mean, 0.5 - sin(16 * theta) / (16 * sin(2 * theta)), 1e-12);
}

// Means of many searches agree with the expectations.
static void require_means(size_t qubits, size_t marked, qhm_search_execution execution, size_t runs)
{
    uint64_t items[4] = {3, 5, 9, 14};
    qhm_oracle *oracle;
    double sums[2] = {0}, squares[2] = {0}, expected[2];
    REQUIRE_OK(qhm_oracle_create_marked(qubits, items, marked, &oracle));
    for (size_t run = 0; run < runs; run++) {
        qhm_bbht_result result;
        REQUIRE_OK(qhm_bbht_run(oracle,
                                &(qhm_bbht_options){.execution = execution,
                                                    .most_iterations = 1000000,
                                                    .seed = test_seed(),
                                                    .stream = run},
                                NULL, &result));
        assert_true(result.is_found);
        const double values[2] = {(double)result.iterations, (double)result.measurements};
        for (size_t v = 0; v < 2; v++) {
            sums[v] += values[v];
            squares[v] += values[v] * values[v];
        }
    }
    REQUIRE_OK(qhm_bbht_expected((double)((size_t)1 << qubits), (double)marked, &expected[0],
                                 &expected[1]));
    for (size_t v = 0; v < 2; v++) {
        const double n = (double)runs, mean = sums[v] / n;
        REQUIRE_NEAR(mean, expected[v], 5 * sqrt((squares[v] / n - mean * mean) / n));
    }
    qhm_oracle_destroy(oracle);
}

static void many_searches_take_what_is_expected(void **state)
{
    (void)state;
    require_means(4, 1, QHM_SEARCH_AMPLITUDES, 20000);
    require_means(4, 4, QHM_SEARCH_AMPLITUDES, 20000);
    require_means(8, 1, QHM_SEARCH_AMPLITUDES, 5000);
}

static void circuits_take_it_too(void **state)
{
    (void)state;
    require_means(4, 1, QHM_SEARCH_CIRCUITS, 400);
    require_means(4, 4, QHM_SEARCH_CIRCUITS, 400);
}

// Five iterations on one marked of 16: the price made of three circuits is that of the circuit.
static void amplitudes_are_charged_as_circuits(void **state)
{
    (void)state;
    uint64_t values[8] = {3, 0, 2, 3, 1, 1, 2, 3};
    qhm_oracle *oracle;
    qhm_search_price price;
    qhm_circuit *circuit;
    qhm_ledger counted, priced = {0};
    REQUIRE_OK(qhm_oracle_create_less(3, 2, values, 8, 1, &oracle));
    REQUIRE_OK(qhm_search_price_find(oracle, NULL, &price));
    REQUIRE_OK(qhm_grover_create(
        oracle, &(qhm_grover_options){.iterations = 5, .is_measured = true}, &circuit));
    REQUIRE_OK(qhm_circuit_count_ledger(
        circuit, &(qhm_ledger_options){.shots = 7, .state_preparations = 10, .oracle_calls = 5},
        &counted));
    qhm_search_price_add(&price, 5, 7, &priced);
    assert_int_equal(priced.oracle_calls, 35);
    assert_int_equal(priced.state_preparations, 70);
    assert_memory_equal(&priced, &counted, sizeof counted);
    qhm_circuit_destroy(circuit);
    qhm_oracle_destroy(oracle);
}

// No false positives, whatever is drawn: it says "not found" when the cap is reached.
static void nothing_marked_is_never_found(void **state)
{
    (void)state;
    qhm_oracle *oracle;
    REQUIRE_OK(qhm_oracle_create_marked(4, NULL, 0, &oracle));
    for (uint64_t run = 0; run < 20; run++) {
        qhm_bbht_result result;
        qhm_ledger ledger = {0};
        REQUIRE_OK(qhm_bbht_run(
            oracle,
            &(qhm_bbht_options){.execution = run % 2 ? QHM_SEARCH_AMPLITUDES : QHM_SEARCH_CIRCUITS,
                                .stream = run},
            &ledger, &result));
        assert_false(result.is_found);
        assert_true(result.iterations <= 36);
        assert_int_equal(ledger.oracle_calls, result.iterations);
        assert_int_equal(ledger.shots, result.measurements);
    }
    qhm_oracle_destroy(oracle);
    double iterations, measurements;
    REQUIRE_FAILS(qhm_bbht_expected(16, 0, &iterations, &measurements), QHM_ERROR_INVALID_ARGUMENT,
                  "0 of 16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expectations_are_the_known_ones),
        cmocka_unit_test(a_round_succeeds_as_the_lemma_says),
        cmocka_unit_test(many_searches_take_what_is_expected),
        cmocka_unit_test(circuits_take_it_too),
        cmocka_unit_test(amplitudes_are_charged_as_circuits),
        cmocka_unit_test(nothing_marked_is_never_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
