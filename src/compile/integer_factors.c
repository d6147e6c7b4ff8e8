// Trial division, Miller-Rabin and Pollard's rho on 128-bit integers in Montgomery's form.
#include "compile/integer_factors.h"

#include <assert.h>
#include <stdint.h>

// Numbers modulo an odd n are kept as x 2^128 mod n.
typedef struct montgomery {
    qhm_uint128 n, inverse;  // inverse: -1 / n modulo 2^128
    qhm_uint128 one, square; // 2^128 mod n, 2^256 mod n
} montgomery;

static void multiply_wide(qhm_uint128 x, qhm_uint128 y, qhm_uint128 *high, qhm_uint128 *low)
{
    qhm_uint128 x0 = (uint64_t)x, x1 = x >> 64, y0 = (uint64_t)y, y1 = y >> 64;
    qhm_uint128 bottom = x0 * y0, left = x1 * y0, right = x0 * y1;
    qhm_uint128 middle = (bottom >> 64) + (uint64_t)left + (uint64_t)right;
    *low = (middle << 64) | (uint64_t)bottom;
    *high = x1 * y1 + (left >> 64) + (right >> 64) + (middle >> 64);
}

// x y / 2^128 mod n. n < 2^127, so that the sum before the last subtraction does not overflow.
static qhm_uint128 multiply(const montgomery *m, qhm_uint128 x, qhm_uint128 y)
{
    qhm_uint128 high, low, carry_high, carry_low;
    multiply_wide(x, y, &high, &low);
    multiply_wide(low * m->inverse, m->n, &carry_high, &carry_low);
    qhm_uint128 result = high + carry_high + (low != 0); // the low halves add up to 0 or 2^128
    return result >= m->n ? result - m->n : result;
}

static qhm_uint128 add(const montgomery *m, qhm_uint128 x, qhm_uint128 y)
{
    qhm_uint128 sum = x + y;
    return sum >= m->n ? sum - m->n : sum;
}

static montgomery create_modulus(qhm_uint128 n)
{
    assert(n % 2 == 1 && n >> 127 == 0);
    montgomery m = {.n = n};
    qhm_uint128 inverse = n; // right modulo 8; every step doubles the bits
    for (int i = 0; i < 6; i++)
        inverse *= 2 - n * inverse;
    m.inverse = -inverse;
    m.one = -n % n;
    m.square = m.one;
    for (int i = 0; i < 128; i++)
        m.square = add(&m, m.square, m.square);
    return m;
}

static qhm_uint128 power(const montgomery *m, qhm_uint128 base, qhm_uint128 exponent)
{
    qhm_uint128 result = m->one;
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            result = multiply(m, result, base);
        base = multiply(m, base, base);
    }
    return result;
}

qhm_uint128 qhm_modular_power(qhm_uint128 base, qhm_uint128 exponent, qhm_uint128 number)
{
    montgomery m = create_modulus(number);
    return multiply(&m, power(&m, multiply(&m, base % number, m.square), exponent), 1);
}

static const uint8_t small_primes[] = {2,  3,  5,  7,  11, 13, 17, 19, 23, 29, 31, 37,
                                       41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89};
enum { SMALL_PRIMES = sizeof small_primes / sizeof *small_primes };

static bool passes(const montgomery *m, qhm_uint128 base)
{
    qhm_uint128 odd = m->n - 1, minus_one = m->n - m->one;
    int halvings = 0;
    for (; odd % 2 == 0; odd /= 2)
        halvings++;
    qhm_uint128 x = power(m, multiply(m, base, m->square), odd);
    if (x == m->one || x == minus_one)
        return true;
    for (int i = 1; i < halvings; i++) {
        x = multiply(m, x, x);
        if (x == minus_one)
            return true;
    }
    return false;
}

bool qhm_is_prime(qhm_uint128 number)
{
    if (number < 2)
        return false;
    for (size_t i = 0; i < SMALL_PRIMES; i++)
        if (number % small_primes[i] == 0)
            return number == small_primes[i];
    montgomery m = create_modulus(number);
    for (size_t i = 0; i < SMALL_PRIMES; i++)
        if (!passes(&m, small_primes[i]))
            return false;
    return true;
}

static qhm_uint128 gcd(qhm_uint128 x, qhm_uint128 y)
{
    while (y != 0) {
        qhm_uint128 rest = x % y;
        x = y;
        y = rest;
    }
    return x;
}

// A proper factor of an odd composite number, or 0.
static qhm_uint128 find_factor(qhm_uint128 number, size_t steps)
{
    enum { BLOCK = 64 }; // differences multiplied up between two greatest common divisors
    montgomery m = create_modulus(number);
    qhm_uint128 constant = m.one;
    for (size_t used = 0, tries = 0; used < steps && tries < 8; tries++) {
        qhm_uint128 y = m.one, x = y, start = y, product = m.one, divisor = 1;
        for (size_t length = 1; divisor == 1 && used < steps; length *= 2) {
            x = y;
            for (size_t done = 0; done < length && divisor == 1 && used < steps; done += BLOCK) {
                start = y;
                for (size_t i = 0; i < BLOCK && done + i < length; i++, used++) {
                    y = add(&m, multiply(&m, y, y), constant);
                    product = multiply(&m, product, x > y ? x - y : y - x);
                }
                divisor = gcd(product, number);
            }
        }
        for (size_t i = 0; divisor == number && i < BLOCK; i++) { // several at once: go back
            start = add(&m, multiply(&m, start, start), constant);
            qhm_uint128 one = gcd(x > start ? x - start : start - x, number);
            if (one > 1 && one < number)
                return one;
        }
        if (divisor > 1 && divisor < number)
            return divisor;
        constant = add(&m, constant, m.one);
    }
    return 0;
}

static void keep_prime(qhm_factors *factors, qhm_uint128 prime)
{
    for (size_t i = 0; i < factors->count; i++)
        if (factors->primes[i] == prime)
            return;
    factors->primes[factors->count++] = prime;
}

static bool split(qhm_uint128 number, size_t steps, qhm_factors *factors)
{
    if (number == 1)
        return true;
    if (qhm_is_prime(number)) {
        keep_prime(factors, number);
        return true;
    }
    qhm_uint128 factor = find_factor(number, steps);
    return factor > 0 && split(factor, steps, factors) && split(number / factor, steps, factors);
}

bool qhm_factor(qhm_uint128 number, size_t steps, qhm_factors *factors)
{
    enum { TRIAL_LIMIT = 1000 };
    factors->count = 0;
    for (unsigned divisor = 2; divisor < TRIAL_LIMIT && number > 1;
         divisor += divisor == 2 ? 1 : 2) {
        if (number % divisor == 0)
            keep_prime(factors, divisor);
        while (number % divisor == 0)
            number /= divisor;
    }
    return split(number, steps, factors);
}
