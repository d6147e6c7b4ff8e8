// Primes and factors of 126 bits with known answers.
#include "compile/integer_factors.h"

#include "support/checks.h"

#include <qhm/random.h>

static qhm_uint128 mersenne(unsigned bits)
{
    return ((qhm_uint128)1 << bits) - 1;
}

static void primes_are_told_from_composites(void **state)
{
    (void)state;
    const unsigned prime_exponents[] = {2, 3, 5, 7, 13, 17, 19, 31, 61, 89, 107};
    const unsigned composite_exponents[] = {11, 23, 29, 37, 67, 101, 103, 109};
    for (size_t i = 0; i < sizeof prime_exponents / sizeof *prime_exponents; i++)
        assert_true(qhm_is_prime(mersenne(prime_exponents[i])));
    for (size_t i = 0; i < sizeof composite_exponents / sizeof *composite_exponents; i++)
        assert_false(qhm_is_prime(mersenne(composite_exponents[i])));
    assert_false(qhm_is_prime(0));
    assert_false(qhm_is_prime(1));
    assert_false(qhm_is_prime(561));                 // Carmichael
    assert_false(qhm_is_prime(3215031751));          // a strong pseudoprime to 2, 3, 5, 7
    assert_false(qhm_is_prime(3825123056546413051)); // and this one to 2, ..., 23
    unsigned count = 0;
    for (unsigned n = 0; n < 10000; n++)
        count += qhm_is_prime(n);
    assert_int_equal(count, 1229);
}

static void powers_follow_fermat_and_small_numbers(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (int n = 0; n < 50; n++) {
        qhm_uint128 base = ((qhm_uint128)qhm_random_u64(&random) << 40) + 1;
        assert_true(qhm_modular_power(base, mersenne(107) - 1, mersenne(107)) == 1);
        uint64_t small = qhm_random_below(&random, 1000), modulus = 2 * small + 3, power = 1;
        for (int i = 0; i < 13; i++)
            power = power * (small + 1) % modulus;
        assert_true(qhm_modular_power(small + 1, 13, modulus) == power);
    }
}

static void require_product(qhm_uint128 number, const qhm_factors *factors)
{
    for (size_t i = 0; i < factors->count; i++) {
        assert_true(qhm_is_prime(factors->primes[i]));
        assert_true(number % factors->primes[i] == 0);
        while (number % factors->primes[i] == 0)
            number /= factors->primes[i];
    }
    assert_true(number == 1);
}

static void factors_are_found(void **state)
{
    (void)state;
    qhm_factors factors;
    assert_true(qhm_factor(1, 100, &factors));
    assert_int_equal(factors.count, 0);
    assert_true(qhm_factor(720720, 100, &factors)); // 2^4 3^2 5 7 11 13
    assert_int_equal(factors.count, 6);
    require_product(720720, &factors);
    assert_true(qhm_factor(mersenne(67), 100000, &factors)); // 193707721 * 761838257287
    assert_int_equal(factors.count, 2);
    require_product(mersenne(67), &factors);
    qhm_uint128 square = (qhm_uint128)1000003 * 1000003 * mersenne(61);
    assert_true(qhm_factor(square, 100000, &factors));
    assert_int_equal(factors.count, 2);
    require_product(square, &factors);
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    for (int n = 0; n < 100; n++) {
        qhm_uint128 number = 1;
        for (int i = 0; i < 5; i++)
            number *= qhm_random_below(&random, 1 << 24) + 1;
        assert_true(qhm_factor(number, 1000000, &factors));
        require_product(number, &factors);
    }
}

static void effort_is_bounded(void **state)
{
    (void)state;
    qhm_factors factors;
    assert_false(qhm_factor(mersenne(61) * 2305843009213693967, 5000, &factors)); // two of 61 bits
    assert_false(qhm_factor(mersenne(67), 10, &factors));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(primes_are_told_from_composites),
        cmocka_unit_test(powers_follow_fermat_and_small_numbers),
        cmocka_unit_test(factors_are_found),
        cmocka_unit_test(effort_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
