// Sums in which nearly all cancels.
#include "base/accurate_sum.h"
#include "support/checks.h"

static double add_up(const double *values, size_t count)
{
    qhm_accurate_sum sum = {0};
    for (size_t i = 0; i < count; i++)
        qhm_accurate_sum_add(&sum, values[i]);
    return qhm_accurate_sum_value(sum);
}

static void what_cancels_leaves_the_rest_whole(void **state)
{
    (void)state;
    assert_true(add_up((const double[]){1e100, 1, -1e100}, 3) == 1);
    assert_true(add_up((const double[]){1, 1e-20, -1, 1e-20}, 4) == 2e-20);
    assert_true(add_up((const double[]){1e16, 3, 1, -1e16, 1}, 5) == 5);
}

static void what_is_too_large_is_infinite(void **state)
{
    (void)state;
    assert_true(add_up((const double[]){1e308, 1e308}, 2) == INFINITY);
    assert_true(add_up((const double[]){-1e308, -1e308, 1}, 3) == -INFINITY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cancels_leaves_the_rest_whole),
        cmocka_unit_test(what_is_too_large_is_infinite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
