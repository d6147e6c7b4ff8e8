// Distributions: merging, order, distances, growth, and failing memory.
#include <qhm/distribution.h>

#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/random.h>

static qhm_distribution *create(size_t bit_count)
{
    qhm_distribution *distribution;
    REQUIRE_OK(qhm_distribution_create(bit_count, &distribution));
    return distribution;
}

static void append(qhm_distribution *distribution, uint64_t bits, double weight)
{
    REQUIRE_OK(qhm_distribution_append(distribution, &bits, weight));
}

static void equal_outcomes_add_up_and_come_in_order(void **state)
{
    (void)state;
    qhm_distribution *d = create(3);
    append(d, 6, 0.25);
    append(d, 1, 0.5);
    append(d, 6 | 8, 0.125); // the fourth bit does not exist
    append(d, 0, 0.125);
    assert_int_equal(qhm_distribution_bit_count(d), 3);
    assert_int_equal(qhm_distribution_outcome_count(d), 3);
    const uint64_t expected[3] = {0, 1, 6};
    const double weights[3] = {0.125, 0.5, 0.375};
    for (size_t i = 0; i < 3; i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(d, i, &bits, &weight);
        assert_int_equal(bits[0], expected[i]);
        REQUIRE_NEAR(weight, weights[i], 0);
        REQUIRE_NEAR(qhm_distribution_weight(d, &expected[i]), weights[i], 0);
    }
    REQUIRE_NEAR(qhm_distribution_weight(d, &(uint64_t){5}), 0, 0);
    REQUIRE_NEAR(qhm_distribution_total(d), 1, 0);
    append(d, 2, 1); // after reading: sorted anew
    const uint64_t *bits;
    qhm_distribution_outcome(d, 2, &bits, NULL);
    assert_int_equal(bits[0], 2);
    qhm_distribution_destroy(d);
}

static void many_wide_outcomes_are_kept_apart(void **state)
{
    (void)state;
    enum { COUNT = 20000, RANGE = 5000 };
    qhm_distribution *d = create(130);
    static double expected[RANGE];
    memset(expected, 0, sizeof expected);
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (int i = 0; i < COUNT; i++) { // the high word decides first, the low word last
        uint64_t value = qhm_random_below(&random, RANGE);
        uint64_t bits[3] = {~value, value * 77, value % 4};
        REQUIRE_OK(qhm_distribution_append(d, bits, 1));
        expected[value] += 1;
    }
    REQUIRE_NEAR(qhm_distribution_total(d), COUNT, 0);
    const uint64_t *before = NULL;
    double sum = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(d); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(d, i, &bits, &weight);
        uint64_t value = ~bits[0];
        assert_true(value < RANGE && bits[1] == value * 77 && bits[2] == value % 4);
        REQUIRE_NEAR(weight, expected[value], 0);
        sum += weight;
        if (before) {
            size_t w = 2;
            while (bits[w] == before[w])
                w--;
            assert_true(bits[w] > before[w]);
        }
        before = bits;
    }
    REQUIRE_NEAR(sum, COUNT, 0);
    assert_true(qhm_distribution_bytes(d) >= qhm_distribution_outcome_count(d) * 4 * 8);
    qhm_distribution_destroy(d);
}

static void no_bits_have_one_outcome(void **state)
{
    (void)state;
    qhm_distribution *d = create(0);
    REQUIRE_OK(qhm_distribution_append(d, NULL, 0.5));
    REQUIRE_OK(qhm_distribution_append(d, NULL, 0.5));
    assert_int_equal(qhm_distribution_outcome_count(d), 1);
    REQUIRE_NEAR(qhm_distribution_weight(d, NULL), 1, 0);
    qhm_distribution_destroy(d);
}

static void distances_are_those_of_normalised_weights(void **state)
{
    (void)state;
    qhm_distribution *a = create(2), *b = create(2), *far = create(2), *none = create(2),
                     *wider = create(3);
    append(a, 0, 1);
    append(a, 3, 3);
    append(b, 3, 10);
    append(b, 1, 10);
    append(far, 2, 7);
    append(wider, 0, 1);
    // a = (1/4, 0, 0, 3/4), b = (0, 1/2, 0, 1/2).
    REQUIRE_NEAR(qhm_distribution_variation_distance(a, b), 0.5, 1e-15);
    REQUIRE_NEAR(qhm_distribution_variation_distance(b, a), 0.5, 1e-15);
    REQUIRE_NEAR(qhm_distribution_fidelity(a, b), 0.375, 1e-15);
    REQUIRE_NEAR(qhm_distribution_variation_distance(a, a), 0, 0);
    REQUIRE_NEAR(qhm_distribution_fidelity(b, b), 1, 1e-15);
    REQUIRE_NEAR(qhm_distribution_variation_distance(a, far), 1, 1e-15);
    REQUIRE_NEAR(qhm_distribution_fidelity(a, far), 0, 0);
    assert_true(isnan(qhm_distribution_fidelity(a, none)));
    assert_true(isnan(qhm_distribution_variation_distance(a, none)));
    assert_true(isnan(qhm_distribution_variation_distance(a, wider)));
    qhm_distribution_destroy(a);
    qhm_distribution_destroy(b);
    qhm_distribution_destroy(far);
    qhm_distribution_destroy(none);
    qhm_distribution_destroy(wider);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    qhm_distribution *d;
    REQUIRE_FAILS(qhm_distribution_create(1048577, &d), QHM_ERROR_INVALID_ARGUMENT,
                  "bit_count is 1048577, not 0 to 1048576");
    d = create(2);
    REQUIRE_FAILS(qhm_distribution_append(d, &(uint64_t){1}, -1), QHM_ERROR_INVALID_ARGUMENT,
                  "weight is -1, not 0 or more");
    REQUIRE_FAILS(qhm_distribution_append(d, &(uint64_t){1}, NAN), QHM_ERROR_INVALID_ARGUMENT,
                  "not 0 or more");
    REQUIRE_FAILS(qhm_distribution_append(d, NULL, 1), QHM_ERROR_INVALID_ARGUMENT, "its bits");
    assert_int_equal(qhm_distribution_outcome_count(d), 0);
    qhm_distribution_destroy(d);
}

// After a failure the distribution is as it was.
static qhm_status fill(void *context)
{
    (void)context;
    qhm_distribution *d;
    qhm_status status = qhm_distribution_create(70, &d);
    if (status != QHM_OK)
        return status;
    for (uint64_t i = 0; status == QHM_OK && i < 40; i++) {
        status = qhm_distribution_append(d, (uint64_t[]){i, i}, 1);
        assert_int_equal(qhm_distribution_outcome_count(d), i + (status == QHM_OK));
        REQUIRE_NEAR(qhm_distribution_total(d), i + (status == QHM_OK), 0);
    }
    qhm_distribution_destroy(d);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    require_survives_failing_memory(fill, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_outcomes_add_up_and_come_in_order),
        cmocka_unit_test(many_wide_outcomes_are_kept_apart),
        cmocka_unit_test(no_bits_have_one_outcome),
        cmocka_unit_test(distances_are_those_of_normalised_weights),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
