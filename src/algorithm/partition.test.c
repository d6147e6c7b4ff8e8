// The smallest difference of two groups: known ones, and what all groups have.
#include "algorithm/partition.h"
#include "support/checks.h"

#include <inttypes.h>
#include <math.h>
#include <qhm/random.h>

// 10^12 + 3 apart from 10^12 is lost in squares, 1e-200 even has none.
static void small_differences_of_large_numbers_are_known(void **state)
{
    (void)state;
    static const struct {
        double numbers[5];
        size_t count;
        double difference, second;
    } cases[] = {
        {{4, 5, 6, 7, 8}, 5, 0, 2},
        {{1000000007, 1000000000, 3, 1, 1}, 5, 2, 4},
        {{1e12 + 3, 1e12, 1, 1}, 4, 1, 3},
        {{1, 1, 1e-9, 3e-9}, 4, 2e-9, 4e-9},
        {{1e-200, 2e-200}, 2, 1e-200, 3e-200},
        {{1e-200, 3e-200, 1e-200}, 3, 1e-200, 3e-200},
        {{1e100, 1e100, 1e-100}, 3, 1e-100, 2e100},
        {{-3, 1, 1}, 3, 1, 3},
        {{7}, 1, 7, INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_partition_solution found;
        qhm_partition_find(cases[i].numbers, cases[i].count, &found);
        if (!(fabs(found.difference - cases[i].difference) <= 1e-15 * cases[i].difference) ||
            !(found.second == cases[i].second ||
              fabs(found.second - cases[i].second) <= 1e-15 * cases[i].second))
            fail_msg("case %zu: %g and %g", i, found.difference, found.second);
        assert_true(qhm_partition_difference(cases[i].numbers, cases[i].count, found.bits) ==
                    found.difference);
    }
}

// Small whole numbers have many ties, normal ones none; of either sign.
static void no_groups_are_closer(void **state)
{
    (void)state;
    const uint64_t seed = test_seed();
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
    for (size_t trial = 0; trial < 200; trial++) {
        double numbers[12], least = INFINITY, second = INFINITY;
        const size_t count = 1 + trial % 12;
        qhm_partition_solution found;
        for (size_t i = 0; i < count; i++) {
            const double normal = qhm_random_normal(&random);
            numbers[i] = trial % 2 ? round(5 * normal) : normal;
        }
        qhm_partition_find(numbers, count, &found);
        for (uint64_t bits = 0; bits < (uint64_t)1 << count; bits++)
            least = fmin(least, qhm_partition_difference(numbers, count, bits));
        for (uint64_t bits = 0; bits < (uint64_t)1 << count; bits++) {
            const double other = qhm_partition_difference(numbers, count, bits);
            if (other > least + 1e-12)
                second = fmin(second, other);
        }
        if (!(fabs(found.difference - least) < 1e-14) ||
            !(found.second == second || fabs(found.second - second) < 1e-14))
            fail_msg("seed %" PRIu64 ", trial %zu: %g and %g, not %g and %g", seed, trial,
                     found.difference, found.second, least, second);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_differences_of_large_numbers_are_known),
        cmocka_unit_test(no_groups_are_closer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
