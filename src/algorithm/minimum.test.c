// Minima against exact expectations, circuits against amplitudes, ties, the k best.
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/minimum.h>

static const struct {
    size_t count;
    double thresholds, iterations, measurements;
} known[] = {{8, 2.717857, 1.147335, 3.777357},
             {16, 3.380729, 2.118511, 5.948675},
             {64, 4.743891, 6.838386, 12.716417},
             {256, 6.124345, 19.878528, 23.696753}};

static void expectations_are_the_known_ones(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        double thresholds, iterations, measurements;
        REQUIRE_OK(qhm_minimum_expected(known[i].count, known[i].count, &thresholds, &iterations,
                                        &measurements));
        REQUIRE_NEAR(thresholds, known[i].thresholds, 1e-6);
        REQUIRE_NEAR(iterations, known[i].iterations, 1e-6);
        REQUIRE_NEAR(measurements, known[i].measurements, 1e-6);
    }
}

// Different values in no order.
static qhm_minimum_table shuffled(size_t qubits, uint64_t *values)
{
    const size_t count = (size_t)1 << qubits;
    for (size_t i = 0; i < count; i++)
        values[i] = (i * 5 + 3) % count;
    return (qhm_minimum_table){qubits, qubits, values, count};
}

static void require_means(size_t qubits, size_t which, qhm_search_execution execution, size_t runs)
{
    uint64_t values[256];
    const qhm_minimum_table table = shuffled(qubits, values);
    double sums[3] = {0}, squares[3] = {0};
    for (size_t run = 0; run < runs; run++) {
        size_t item;
        qhm_minimum_result result;
        REQUIRE_OK(qhm_minimum_run(
            &table,
            &(qhm_minimum_options){.execution = execution,
                                   .most_iterations = execution == QHM_SEARCH_CIRCUITS ? 200 : 2000,
                                   .seed = test_seed(),
                                   .stream = run},
            NULL, &item, &result));
        assert_int_equal(values[item], 0); // the cap is far beyond what it takes
        const double seen[3] = {(double)result.thresholds, (double)result.last_iterations,
                                (double)result.last_measurements};
        for (size_t v = 0; v < 3; v++) {
            sums[v] += seen[v];
            squares[v] += seen[v] * seen[v];
        }
    }
    const double expected[3] = {known[which].thresholds, known[which].iterations,
                                known[which].measurements};
    for (size_t v = 0; v < 3; v++) {
        const double n = (double)runs, mean = sums[v] / n;
        REQUIRE_NEAR(mean, expected[v], 5 * sqrt((squares[v] / n - mean * mean) / n));
    }
}

static void many_runs_take_what_is_expected(void **state)
{
    (void)state;
    require_means(3, 0, QHM_SEARCH_AMPLITUDES, 4000);
    require_means(4, 1, QHM_SEARCH_AMPLITUDES, 4000);
    require_means(6, 2, QHM_SEARCH_AMPLITUDES, 2000);
    require_means(8, 3, QHM_SEARCH_AMPLITUDES, 2000);
}

// The answer is right in half of the runs at least, within the cap that it has by itself.
static void the_cap_suffices(void **state)
{
    (void)state;
    uint64_t values[64];
    size_t right = 0;
    const qhm_minimum_table table = shuffled(6, values);
    for (size_t run = 0; run < 200; run++) {
        size_t item;
        qhm_minimum_result result;
        REQUIRE_OK(qhm_minimum_run(
            &table, &(qhm_minimum_options){.execution = QHM_SEARCH_AMPLITUDES, .stream = run}, NULL,
            &item, &result));
        right += values[item] == 0;
        assert_true(result.iterations <= 231); // 22.5 * 8 + 1.4 * 36
        assert_true(result.iterations >= 231 - 8);
    }
    assert_true(right > 190);
}

static void circuits_find_what_amplitudes_find(void **state)
{
    (void)state;
    const uint64_t values[3] = {2, 1, 3};
    for (size_t run = 0; run < 10; run++)
        for (size_t largest = 0; largest < 2; largest++) {
            const qhm_minimum_table table = {2, 2, values, 3};
            size_t items[2];
            qhm_minimum_options options = {
                .is_largest = largest, .k = 2, .most_iterations = 20, .stream = run};
            for (size_t e = 0; e < 2; e++) {
                qhm_ledger ledger = {0};
                qhm_minimum_result result;
                options.execution = e ? QHM_SEARCH_AMPLITUDES : QHM_SEARCH_CIRCUITS;
                REQUIRE_OK(qhm_minimum_run(&table, &options, &ledger, items, &result));
                assert_int_equal(items[0], largest ? 2 : 1);
                assert_int_equal(items[1], 0);
                assert_int_equal(ledger.oracle_calls, result.iterations);
                assert_int_equal(ledger.state_preparations, 2 * result.iterations);
                assert_int_equal(ledger.shots, result.measurements);
                assert_int_equal(ledger.qubits, 2 + 1 + 5);
            }
        }
}

// "Not worse" instead of "better" would go on from item to equal item.
static void equal_values_are_no_better(void **state)
{
    (void)state;
    const uint64_t values[8] = {5, 5, 5, 5, 5, 5, 5, 5};
    const qhm_minimum_table table = {3, 3, values, 8};
    for (size_t run = 0; run < 20; run++) {
        size_t item;
        qhm_minimum_result result;
        REQUIRE_OK(qhm_minimum_run(
            &table, &(qhm_minimum_options){.execution = QHM_SEARCH_AMPLITUDES, .stream = run}, NULL,
            &item, &result));
        assert_int_equal(result.thresholds, 1);
    }
}

// One better value of 16, then none: 15 of 16 runs search it once. Were the others marked too, an
// iteration would hardly find it.
static void equal_values_are_not_marked(void **state)
{
    (void)state;
    enum { RUNS = 4000 };
    const uint64_t values[16] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 3, 5, 5, 5, 5, 5, 5};
    const qhm_minimum_table table = {4, 3, values, 16};
    double sum = 0, squares = 0, iterations, measurements;
    for (size_t run = 0; run < RUNS; run++) {
        size_t item;
        qhm_minimum_result result;
        REQUIRE_OK(qhm_minimum_run(&table,
                                   &(qhm_minimum_options){.execution = QHM_SEARCH_AMPLITUDES,
                                                          .most_iterations = 1000,
                                                          .seed = test_seed(),
                                                          .stream = run},
                                   NULL, &item, &result));
        assert_int_equal(item, 9);
        sum += (double)result.last_iterations / RUNS;
        squares += (double)(result.last_iterations * result.last_iterations) / RUNS;
    }
    REQUIRE_OK(qhm_bbht_expected(16, 1, &iterations, &measurements));
    REQUIRE_NEAR(sum, iterations * 15 / 16, 5 * sqrt((squares - sum * sum) / RUNS));
}

static void the_k_best_come_in_order(void **state)
{
    (void)state;
    uint64_t values[64];
    const qhm_minimum_table table = shuffled(6, values);
    size_t right = 0;
    for (size_t run = 0; run < 50; run++) {
        size_t items[5];
        qhm_minimum_result result;
        REQUIRE_OK(qhm_minimum_run(
            &table,
            &(qhm_minimum_options){
                .k = 5, .is_largest = true, .execution = QHM_SEARCH_AMPLITUDES, .stream = run},
            NULL, items, &result));
        bool is_right = true;
        for (size_t i = 0; i < 5; i++)
            is_right = is_right && values[items[i]] == 63 - i;
        right += is_right;
    }
    assert_true(right >= 45);
}

static void wrong_tables_are_refused(void **state)
{
    (void)state;
    const uint64_t values[2] = {1, 9};
    size_t item;
    qhm_minimum_result result;
    REQUIRE_FAILS(
        qhm_minimum_run(&(qhm_minimum_table){1, 3, values, 2}, NULL, NULL, &item, &result),
        QHM_ERROR_INVALID_ARGUMENT, "value 1 is 9, not of 3 bits");
    REQUIRE_FAILS(qhm_minimum_run(&(qhm_minimum_table){1, 4, values, 2},
                                  &(qhm_minimum_options){.k = 3}, NULL, &item, &result),
                  QHM_ERROR_INVALID_ARGUMENT, "k is 3 of 2 values");
}

static qhm_status attempt(void *context)
{
    (void)context;
    const uint64_t values[2] = {3, 1};
    size_t item;
    qhm_ledger ledger = {0};
    qhm_minimum_result result;
    return qhm_minimum_run(
        &(qhm_minimum_table){1, 2, values, 2},
        &(qhm_minimum_options){.execution = QHM_SEARCH_AMPLITUDES, .most_iterations = 2}, &ledger,
        &item, &result);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expectations_are_the_known_ones),
        cmocka_unit_test(many_runs_take_what_is_expected),
        cmocka_unit_test(the_cap_suffices),
        cmocka_unit_test(circuits_find_what_amplitudes_find),
        cmocka_unit_test(equal_values_are_no_better),
        cmocka_unit_test(equal_values_are_not_marked),
        cmocka_unit_test(the_k_best_come_in_order),
        cmocka_unit_test(wrong_tables_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
