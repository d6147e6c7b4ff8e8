// Fingerprints: equal strings never differ, different ones as their code words do.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/fingerprint.h>
#include <qhm/overlap.h>

// P(1) of the SWAP test is (1 - overlap^2) / 2; the circuits and the code words agree on it.
static void swap_tests_see_the_distance_of_code_words(void **state)
{
    (void)state;
    static const uint64_t strings[][2] = {{5, 5}, {0, 1}, {0xf0f0, 0xf0f1}, {UINT64_MAX, 0}};
    for (size_t i = 0; i < 4; i++) {
        qhm_circuit *circuits[2];
        qhm_complex *states[2];
        double product = 0;
        for (size_t k = 0; k < 2; k++) {
            REQUIRE_OK(qhm_fingerprint_create(strings[i][k], 6, 11, &circuits[k]));
            REQUIRE_OK(qhm_counted_state(circuits[k], NULL, &states[k]));
        }
        for (size_t j = 0; j < 64; j++) {
            REQUIRE_NEAR(fabs(states[0][j].re), 0.125, 1e-12);
            product += states[0][j].re * states[1][j].re;
        }
        const double overlap = qhm_fingerprint_overlap(strings[i][0], strings[i][1], 6, 11);
        REQUIRE_NEAR(fabs(product), fabs(overlap), 1e-12);
        assert_true(i > 0 ? fabs(overlap) < 1 : overlap == 1);
        for (size_t k = 0; k < 2; k++) {
            qhm_release(states[k]);
            qhm_circuit_destroy(circuits[k]);
        }
    }
}

static void equal_strings_never_give_a_one(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        qhm_circuit *a, *b, *test;
        qhm_distribution *outcomes;
        qhm_ledger ledger = {0};
        REQUIRE_OK(qhm_fingerprint_create(seed * 77, 3, seed, &a));
        REQUIRE_OK(qhm_fingerprint_create(seed * 77, 3, seed, &b));
        REQUIRE_OK(qhm_overlap_circuit_create(QHM_OVERLAP_SWAP_TEST, a, b, &test));
        REQUIRE_OK(qhm_counted_shots(test, 1000, seed, NULL, &ledger, &outcomes));
        assert_int_equal(qhm_distribution_outcome_count(outcomes), 1);
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, 0, &bits, &weight);
        assert_int_equal(bits[0], 0);
        qhm_distribution_destroy(outcomes);
        qhm_circuit_destroy(a);
        qhm_circuit_destroy(b);
        qhm_circuit_destroy(test);
    }
}

// Over random codes every bit of two code words differs with 1/2: the mean square overlap is 1/M.
static void random_codes_keep_strings_apart(void **state)
{
    (void)state;
    enum { CODES = 2000 };
    double sum = 0, squares = 0;
    for (uint64_t seed = 0; seed < CODES; seed++) {
        const double square = pow(qhm_fingerprint_overlap(9, UINT64_C(1) << 63, 4, seed), 2);
        sum += square;
        squares += square * square;
    }
    const double mean = sum / CODES;
    REQUIRE_NEAR(mean, 1.0 / 16, 5 * sqrt((squares / CODES - mean * mean) / CODES));
    assert_true(isnan(qhm_fingerprint_overlap(1, 2, 9, 0)));
    qhm_circuit *circuit = NULL;
    REQUIRE_FAILS(qhm_fingerprint_create(1, 9, 0, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "code_qubits is 9");
}

static qhm_status attempt(void *context)
{
    (void)context;
    qhm_circuit *circuit;
    QHM_TRY(qhm_fingerprint_create(6, 2, 1, &circuit));
    qhm_circuit_destroy(circuit);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swap_tests_see_the_distance_of_code_words),
        cmocka_unit_test(equal_strings_never_give_a_one),
        cmocka_unit_test(random_codes_keep_strings_apart),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
