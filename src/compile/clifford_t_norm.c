// |t|^2 = x by factoring the norm of x and solving for each prime.
#include "compile/clifford_t_norm.h"

#include "compile/integer_factors.h"

// A number modulo p that is not a square.
static qhm_uint128 find_nonresidue(qhm_uint128 p)
{
    qhm_uint128 g = 2;
    while (qhm_modular_power(g, (p - 1) / 2, p) != p - 1)
        g++;
    return g;
}

// s in Z[omega] that has a prime above the rational odd prime p as |s|^2, up to a unit; for
// p = 7 modulo 8 its square.
static qhm_omega_integer split_prime(qhm_uint128 p)
{
    // A root modulo p of a number of Z[omega]: omega, i, i sqrt 2 or sqrt 2.
    qhm_omega_integer number = {{0, 0, 0, 0}};
    qhm_uint128 root;
    if (p % 8 == 1) {
        number.c[1] = 1;
        root = qhm_modular_power(find_nonresidue(p), (p - 1) / 8, p);
    } else if (p % 8 == 5) {
        number.c[2] = 1;
        root = qhm_modular_power(find_nonresidue(p), (p - 1) / 4, p);
    } else if (p % 8 == 3) {
        number.c[1] = number.c[3] = 1;
        root = qhm_modular_power(p - 2, (p + 1) / 4, p);
    } else {
        number.c[1] = 1;
        number.c[3] = -1;
        root = qhm_modular_power(2, (p + 1) / 4, p);
    }
    number.c[0] = -(qhm_int128)root;
    qhm_omega_integer prime = {{(qhm_int128)p, 0, 0, 0}};
    return qhm_omega_gcd(prime, number);
}

// t times factor^n and x / (|factor|^2)^n with n as large as can be.
static void take_out(qhm_omega_integer factor, qhm_sqrt2_integer *x, qhm_omega_integer *t)
{
    qhm_sqrt2_integer square = qhm_omega_square(factor), quotient;
    qhm_int128 norm = qhm_sqrt2_norm(square);
    while (norm != 1 && norm != -1 && qhm_sqrt2_divide(*x, square, &quotient)) {
        *x = quotient;
        *t = qhm_omega_multiply(*t, factor);
    }
}

// Multiplies by the unit that brings both embeddings of s to about the same size.
static qhm_omega_integer balance(qhm_omega_integer s)
{
    const qhm_omega_integer up = {{1, 1, 0, -1}}, down = {{-1, 1, 0, -1}}; // sqrt 2 + 1, - 1
    qhm_sqrt2_integer square = qhm_omega_square(s);
    for (int i = 0; i < 200; i++) {
        qhm_quad ratio = qhm_sqrt2_value(square) / qhm_sqrt2_value(qhm_sqrt2_conjugate(square));
        if (ratio < 40 && ratio > (qhm_quad)0.025) // the unit changes it by 34
            break;
        s = qhm_omega_multiply(s, ratio < 1 ? up : down);
        square = qhm_omega_square(s);
    }
    return s;
}

bool qhm_solve_norm_equation(qhm_sqrt2_integer x, size_t factoring_steps, qhm_omega_integer *t)
{
    const qhm_omega_integer delta = {{1, 1, 0, 0}}; // |delta|^2 is sqrt 2 times a unit
    const qhm_sqrt2_integer wanted = x;
    qhm_omega_integer result = {{1, 0, 0, 0}};
    if (x.a == 0 && x.b == 0) {
        *t = (qhm_omega_integer){{0, 0, 0, 0}};
        return true;
    }
    take_out(delta, &x, &result);
    qhm_int128 norm = qhm_sqrt2_norm(x);
    qhm_factors factors;
    if (norm % 8 != 1 || !qhm_factor((qhm_uint128)norm, factoring_steps, &factors))
        return false; // a prime that is 7 modulo 8 to an odd power has no solution
    for (size_t i = 0; i < factors.count; i++) {
        qhm_omega_integer s = balance(split_prime(factors.primes[i]));
        take_out(s, &x, &result);
        take_out(qhm_omega_conjugate(s), &x, &result);
    }
    // What is left is the square of a unit, a power of (1 + sqrt 2)^2, if there is a solution.
    const qhm_omega_integer up = {{1, 1, 0, -1}}, down = {{-1, 1, 0, -1}};
    const qhm_sqrt2_integer one_third = {3, -2}, three = {3, 2};
    for (int i = 0; i < 200 && (x.a != 1 || x.b != 0); i++) {
        bool large = qhm_sqrt2_value(x) > 1;
        x = qhm_sqrt2_multiply(x, large ? one_third : three);
        result = qhm_omega_multiply(result, large ? up : down);
    }
    qhm_sqrt2_integer square = qhm_omega_square(result);
    *t = result;
    return square.a == wanted.a && square.b == wanted.b;
}
