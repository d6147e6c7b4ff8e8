// Norm equations with known solutions, with none, and the ring under them.
#include "compile/clifford_t_norm.h"

#include "support/checks.h"

#include <qhm/random.h>

static qhm_omega_integer draw(qhm_random *random, uint64_t size)
{
    qhm_omega_integer x;
    for (int j = 0; j < 4; j++)
        x.c[j] = (qhm_int128)qhm_random_below(random, 2 * size + 1) - (qhm_int128)size;
    return x;
}

static bool is_equal(qhm_sqrt2_integer x, qhm_sqrt2_integer y)
{
    return x.a == y.a && x.b == y.b;
}

static void ring_operations_are_those_of_complex_numbers(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (int n = 0; n < 100; n++) {
        qhm_omega_integer x = draw(&random, 1000), y = draw(&random, 1000);
        qhm_quad_complex a = qhm_omega_value(x), b = qhm_omega_value(y);
        qhm_quad_complex c = qhm_omega_value(qhm_omega_multiply(x, y));
        REQUIRE_NEAR(c.re - (a.re * b.re - a.im * b.im), 0, 1e-25);
        REQUIRE_NEAR(c.im - (a.re * b.im + a.im * b.re), 0, 1e-25);
        REQUIRE_NEAR(qhm_sqrt2_value(qhm_omega_square(x)) - (a.re * a.re + a.im * a.im), 0, 1e-25);
        c = qhm_omega_value(qhm_omega_rotate(x, 3)); // times (-1 + i) / sqrt 2
        REQUIRE_NEAR(c.re - (-a.re - a.im) * qhm_quad_sqrt2() / 2, 0, 1e-28);
        REQUIRE_NEAR(c.im - (a.re - a.im) * qhm_quad_sqrt2() / 2, 0, 1e-28);
        qhm_omega_integer both = qhm_omega_conjugate(qhm_omega_multiply(x, y));
        assert_true(qhm_omega_is_zero(qhm_omega_subtract(
            both, qhm_omega_multiply(qhm_omega_conjugate(x), qhm_omega_conjugate(y)))));
    }
    REQUIRE_NEAR(qhm_quad_sqrt2() * qhm_quad_sqrt2() - 2, 0, 1e-32);
    REQUIRE_NEAR(qhm_quad_square_root(2) - qhm_quad_sqrt2(), 0, 1e-32);
    qhm_quad_complex eighth = qhm_quad_phase(qhm_quad_pi() / 4 + 200 * qhm_quad_pi());
    REQUIRE_NEAR(eighth.re - qhm_quad_sqrt2() / 2, 0, 1e-30);
    REQUIRE_NEAR(eighth.im - qhm_quad_sqrt2() / 2, 0, 1e-30);
}

static void signs_are_exact(void **state)
{
    (void)state;
    // Convergents of sqrt 2: their differences are far below a double's rounding.
    const qhm_int128 p = 886731088897, q = 627013566048, huge = (qhm_int128)1 << 20;
    assert_int_equal(qhm_sqrt2_sign((qhm_sqrt2_integer){p, -q}), 1); // p^2 - 2 q^2 = 1
    assert_int_equal(qhm_sqrt2_sign((qhm_sqrt2_integer){-p * huge, q * huge}), -1);
    assert_int_equal(qhm_sqrt2_sign((qhm_sqrt2_integer){2 * q, -p}), -1);
    assert_int_equal(qhm_sqrt2_sign((qhm_sqrt2_integer){0, 0}), 0);
    assert_int_equal(qhm_sqrt2_sign((qhm_sqrt2_integer){0, 3}), 1);
    assert_int_equal(qhm_sqrt2_sign((qhm_sqrt2_integer){-1, 0}), -1);
}

static void common_divisors_are_found(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    for (int n = 0; n < 200; n++) {
        qhm_omega_integer common = draw(&random, 100000);
        qhm_omega_integer x = qhm_omega_multiply(common, draw(&random, 100000));
        qhm_omega_integer y = qhm_omega_multiply(common, draw(&random, 100000));
        if (qhm_omega_is_zero(x) || qhm_omega_is_zero(y))
            continue;
        qhm_sqrt2_integer norm = qhm_omega_square(qhm_omega_gcd(x, y)), quotient;
        assert_true(qhm_sqrt2_divide(norm, qhm_omega_square(common), &quotient));
        assert_true(qhm_sqrt2_divide(qhm_omega_square(x), norm, &quotient));
        assert_true(qhm_sqrt2_divide(qhm_omega_square(y), norm, &quotient));
    }
}

static void norms_of_numbers_are_solved(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 2, 0, 0);
    const uint64_t sizes[] = {1, 5, 100, 10000, 1 << 20, 1 << 28};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int solved = 0;
        for (int n = 0; n < 60; n++) {
            qhm_sqrt2_integer x = qhm_omega_square(draw(&random, sizes[i]));
            qhm_omega_integer t;
            if (qhm_solve_norm_equation(x, 50000, &t)) {
                assert_true(is_equal(qhm_omega_square(t), x));
                solved++;
            }
        }
        // Numbers of 116 bits are the product of two large primes often enough.
        assert_true(sizes[i] <= 10000 ? solved == 60 : solved > 20);
    }
}

static void numbers_that_are_no_norms_have_no_solution(void **state)
{
    (void)state;
    qhm_omega_integer t;
    const qhm_sqrt2_integer seven = {3, 1}, both = {21, 7}; // |.|^2 = 7; 7 (3 + sqrt 2)
    const qhm_sqrt2_integer square = {11, 6};               // (3 + sqrt 2)^2 is a norm
    assert_false(qhm_solve_norm_equation(seven, 1000, &t));
    assert_false(qhm_solve_norm_equation(both, 1000, &t));
    assert_true(qhm_solve_norm_equation(square, 1000, &t));
    assert_true(is_equal(qhm_omega_square(t), square));
    const qhm_sqrt2_integer small[] = {{0, 0}, {1, 0}, {2, 0}, {3, 0}, {5, 0}, {2, 1}, {17, 0}};
    for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
        assert_true(qhm_solve_norm_equation(small[i], 1000, &t));
        assert_true(is_equal(qhm_omega_square(t), small[i]));
    }
    const qhm_sqrt2_integer pair = {7, 0}; // (3 + sqrt 2) (3 - sqrt 2), each once
    assert_false(qhm_solve_norm_equation(pair, 1000, &t));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ring_operations_are_those_of_complex_numbers),
        cmocka_unit_test(signs_are_exact),
        cmocka_unit_test(common_divisors_are_found),
        cmocka_unit_test(norms_of_numbers_are_solved),
        cmocka_unit_test(numbers_that_are_no_norms_have_no_solution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
