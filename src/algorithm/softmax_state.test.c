// The softmax state against its closed form, and the samplers of its row.
#include "algorithm/alias_table.h"
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/softmax_state.h>

static const double ascending[4] = {1, 2, 3, 4};
static const double peak[8] = {10, 0, 0, 0, 0, 0, 0, 0};

static qhm_softmax_problem problem_of(const double *scores, size_t count, double bound)
{
    return (qhm_softmax_problem){.scores = scores, .count = count, .bound = bound};
}

// Runs the circuit: the probability that the flag is 1, and of each index then, [2^n].
static double run_circuit(const qhm_softmax_problem *problem, size_t iterations, double *kept)
{
    qhm_circuit *circuit;
    qhm_complex *state;
    double success = 0;
    const size_t count = (size_t)1 << qhm_softmax_state_index_qubits(problem);
    REQUIRE_OK(qhm_softmax_state_create(problem, iterations, false, &circuit));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &state));
    for (size_t j = 0; j < count; j++) {
        const qhm_complex a = state[count + j];
        kept[j] = a.re * a.re + a.im * a.im;
        success += kept[j];
    }
    for (size_t j = 0; j < count; j++)
        kept[j] /= success;
    qhm_release(state);
    qhm_circuit_destroy(circuit);
    return success;
}

static void success_is_as_the_closed_form_says(void **state)
{
    (void)state;
    static const double zeros[4];
    double kept[8];
    qhm_softmax_problem problem = problem_of(ascending, 4, 4);
    REQUIRE_NEAR(run_circuit(&problem, 0, kept), .388250448194, 1e-10);
    REQUIRE_NEAR(run_circuit(&problem, 1, kept), .812920268327, 1e-10);
    problem = problem_of(zeros, 4, 0);
    REQUIRE_NEAR(run_circuit(&problem, 0, kept), 1, 1e-10);
    problem = problem_of(peak, 8, 10);
    REQUIRE_NEAR(run_circuit(&problem, 0, kept), .125039724939, 1e-10);
    REQUIRE_NEAR(run_circuit(&problem, 2, kept), .945175874528, 1e-10);
}

static void what_is_kept_is_the_softmax_however_amplified(void **state)
{
    (void)state;
    static const double expected[4] = {.0320586033, .0871443187, .2368828181, .6439142599};
    const qhm_softmax_problem problem = problem_of(ascending, 4, 5.5);
    for (size_t iterations = 0; iterations < 4; iterations++) {
        double kept[4];
        (void)run_circuit(&problem, iterations, kept);
        for (size_t j = 0; j < 4; j++)
            REQUIRE_NEAR(kept[j], expected[j], 1e-9);
    }
}

static void a_count_that_is_no_power_of_two_is_padded(void **state)
{
    (void)state;
    static const double scores[3] = {-1, 0.5, 2};
    double kept[4], given[3], success;
    const qhm_softmax_problem problem = problem_of(scores, 3, 2);
    const double sum = exp(-3) + exp(-1.5) + 1;
    REQUIRE_NEAR(run_circuit(&problem, 1, kept), pow(sin(3 * asin(sqrt(sum / 4))), 2), 1e-10);
    REQUIRE_OK(qhm_softmax_state_probabilities(&problem, given, &success));
    REQUIRE_NEAR(success, sum / 4, 1e-12);
    for (size_t j = 0; j < 3; j++) {
        REQUIRE_NEAR(kept[j], exp(scores[j] - 2) / sum, 1e-10);
        REQUIRE_NEAR(given[j], kept[j], 1e-10);
    }
    REQUIRE_NEAR(kept[3], 0, 1e-12);
}

static void without_the_root_the_state_samples_half_the_temperature(void **state)
{
    (void)state;
    double kept[4], sum = 0;
    qhm_softmax_problem problem = problem_of(ascending, 4, 4);
    problem.is_unrooted = true;
    for (size_t j = 0; j < 4; j++)
        sum += exp(2 * ascending[j] - 8);
    REQUIRE_NEAR(run_circuit(&problem, 0, kept), sum / 4, 1e-10);
    for (size_t j = 0; j < 4; j++)
        REQUIRE_NEAR(kept[j], exp(2 * ascending[j] - 8) / sum, 1e-10);
    assert_true(kept[3] - .6439142599 > 0.2);
}

static void rounded_angles_err_by_half_a_step(void **state)
{
    (void)state;
    double exact[4], rounded[4], kept[4], last = 1;
    qhm_softmax_problem problem = problem_of(ascending, 4, 4);
    REQUIRE_OK(qhm_softmax_state_probabilities(&problem, exact, NULL));
    for (size_t bits = 4; bits <= 16; bits += 4) {
        double off = 0;
        problem.angle_bits = bits;
        REQUIRE_OK(qhm_softmax_state_probabilities(&problem, rounded, NULL));
        (void)run_circuit(&problem, 1, kept);
        for (size_t j = 0; j < 4; j++) {
            REQUIRE_NEAR(kept[j], rounded[j], 1e-10);
            off = fmax(off, fabs(rounded[j] - exact[j]));
        }
        assert_true(off > 0 && off < last && off < 4 * ldexp(M_PI, -(int)bits));
        last = off;
    }
}

static void draw(const qhm_softmax_problem *problem, qhm_softmax_amplification amplification,
                 uint64_t *counts, qhm_ledger *ledger, qhm_softmax_draw_result *result)
{
    const qhm_softmax_draw_options options = {
        .samples = 20000, .amplification = amplification, .seed = test_seed()};
    *ledger = (qhm_ledger){0};
    REQUIRE_OK(qhm_softmax_state_draw(problem, &options, ledger, counts, result));
    assert_int_equal(ledger->shots, result->runs);
    assert_int_equal(ledger->discarded_shots, result->runs - result->drawn);
    assert_int_equal(ledger->state_preparations, result->preparations);
    assert_int_equal(result->preparations, result->runs + 2 * result->iterations);
}

static void samples_are_of_the_softmax_and_all_loads_are_charged(void **state)
{
    (void)state;
    const qhm_softmax_problem problem = problem_of(ascending, 4, 4);
    double expected[4], success;
    REQUIRE_OK(qhm_softmax_state_probabilities(&problem, expected, &success));
    for (int a = 0; a < QHM_SOFTMAX_AMPLIFICATION_COUNT; a++) {
        uint64_t counts[4];
        qhm_ledger ledger;
        qhm_softmax_draw_result result;
        draw(&problem, (qhm_softmax_amplification)a, counts, &ledger, &result);
        assert_int_equal(result.drawn, 20000);
        for (size_t j = 0; j < 4; j++)
            REQUIRE_NEAR((double)counts[j] / 20000, expected[j],
                         5 * sqrt(expected[j] * (1 - expected[j]) / 20000));
        if (a == QHM_SOFTMAX_UNKNOWN)
            continue;
        const double p = a == QHM_SOFTMAX_KNOWN ? .812920268327 : success;
        const double runs = (double)result.runs;
        REQUIRE_NEAR(20000 / runs, p, 5 * sqrt(p * (1 - p) / runs));
    }
}

static void a_bound_far_too_high_gives_nothing(void **state)
{
    (void)state;
    uint64_t counts[4];
    qhm_ledger ledger;
    qhm_softmax_draw_result result;
    const qhm_softmax_problem problem = problem_of(ascending, 4, 200);
    draw(&problem, QHM_SOFTMAX_UNKNOWN, counts, &ledger, &result);
    assert_int_equal(result.drawn, 0);
    assert_int_equal(counts[3], 0);
}

static void wrong_problems_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    const double bad[2] = {1, NAN};
    qhm_softmax_problem problem = problem_of(bad, 2, 1);
    REQUIRE_FAILS(qhm_softmax_state_create(&problem, 0, true, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "score 1 is nan");
    problem = problem_of(ascending, 1, 1);
    REQUIRE_FAILS(qhm_softmax_state_create(&problem, 0, true, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "count is 1, not 2 to 256");
    problem = problem_of(ascending, 4, INFINITY);
    REQUIRE_FAILS(qhm_softmax_state_create(&problem, 0, true, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "bound is inf");
    problem = problem_of(ascending, 4, 4);
    REQUIRE_FAILS(qhm_softmax_state_create(&problem, 1001, true, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "iterations is 1001");
    problem.angle_bits = 41;
    REQUIRE_FAILS(qhm_softmax_state_create(&problem, 0, true, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "angle_bits is 41");
}

static void an_alias_table_holds_its_weights(void **state)
{
    (void)state;
    static const double weights[5] = {0.1, 7, 0, 2, 0.9};
    double held[5] = {0};
    qhm_alias_table table;
    size_t counts[5] = {0};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    REQUIRE_OK(qhm_alias_table_create(weights, 5, &table));
    for (size_t i = 0; i < 5; i++) {
        held[i] += table.shares[i] / 5;
        if (table.shares[i] < 1)
            held[table.others[i]] += (1 - table.shares[i]) / 5;
    }
    for (size_t i = 0; i < 5; i++)
        REQUIRE_NEAR(held[i], weights[i] / 10, 1e-15);
    for (size_t i = 0; i < 20000; i++)
        counts[qhm_alias_table_draw(&table, &random)]++;
    for (size_t i = 0; i < 5; i++)
        REQUIRE_NEAR((double)counts[i] / 20000, weights[i] / 10,
                     5 * sqrt(weights[i] / 10 * (1 - weights[i] / 10) / 20000));
    qhm_alias_table_release(&table);
    REQUIRE_FAILS(qhm_alias_table_create((double[2]){0, 0}, 2, &table), QHM_ERROR_INVALID_ARGUMENT,
                  "not above 0");
}

static qhm_status attempt(void *context)
{
    uint64_t counts[4];
    qhm_ledger ledger = {0};
    qhm_softmax_draw_result result;
    const qhm_softmax_problem problem = problem_of(ascending, 4, 4);
    (void)context;
    return qhm_softmax_state_draw(&problem, &(qhm_softmax_draw_options){.samples = 3}, &ledger,
                                  counts, &result);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_is_as_the_closed_form_says),
        cmocka_unit_test(what_is_kept_is_the_softmax_however_amplified),
        cmocka_unit_test(a_count_that_is_no_power_of_two_is_padded),
        cmocka_unit_test(without_the_root_the_state_samples_half_the_temperature),
        cmocka_unit_test(rounded_angles_err_by_half_a_step),
        cmocka_unit_test(samples_are_of_the_softmax_and_all_loads_are_charged),
        cmocka_unit_test(a_bound_far_too_high_gives_nothing),
        cmocka_unit_test(wrong_problems_are_refused),
        cmocka_unit_test(an_alias_table_holds_its_weights),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
