// Arithmetic in Z[sqrt 2] and Z[omega], and floats of 113 bits to round its quotients.
#include "compile/clifford_t_ring.h"

#include <math.h>

qhm_quad qhm_quad_pi(void)
{
    // Three doubles whose sum is pi to 160 bits.
    return (qhm_quad)3.141592653589793 + (qhm_quad)1.2246467991473532e-16 -
           (qhm_quad)2.9947698097183397e-33;
}

qhm_quad qhm_quad_square_root(qhm_quad value)
{
    if (value <= 0)
        return 0;
    qhm_quad root = sqrt((double)value);
    for (int i = 0; i < 2; i++)
        root = (root + value / root) / 2;
    return root;
}

qhm_quad qhm_quad_sqrt2(void)
{
    return (qhm_quad)1.4142135623730951 - (qhm_quad)9.667293313452913e-17 +
           (qhm_quad)4.1386753086994136e-33;
}

qhm_int128 qhm_quad_round(qhm_quad value)
{
    const qhm_quad limit = 0x1p126;
    if (!(value < limit && value > -limit))
        return 0;
    return value < 0 ? -(qhm_int128)((qhm_quad)0.5 - value) : (qhm_int128)(value + (qhm_quad)0.5);
}

qhm_quad_complex qhm_quad_phase(qhm_quad angle)
{
    qhm_quad turn = 2 * qhm_quad_pi();
    qhm_quad x = angle - turn * (qhm_quad)qhm_quad_round(angle / turn);
    qhm_quad_complex sum = {0, 0}, term = {1, 0};
    for (int n = 1; n <= 60; n++) { // |x| <= pi: the last term is below 1e-50
        sum.re += term.re;
        sum.im += term.im;
        term = (qhm_quad_complex){-term.im * x / n, term.re * x / n};
    }
    return sum;
}

qhm_sqrt2_integer qhm_sqrt2_multiply(qhm_sqrt2_integer x, qhm_sqrt2_integer y)
{
    qhm_uint128 a = (qhm_uint128)x.a * (qhm_uint128)y.a + 2 * (qhm_uint128)x.b * (qhm_uint128)y.b;
    qhm_uint128 b = (qhm_uint128)x.a * (qhm_uint128)y.b + (qhm_uint128)x.b * (qhm_uint128)y.a;
    return (qhm_sqrt2_integer){(qhm_int128)a, (qhm_int128)b};
}

qhm_int128 qhm_sqrt2_norm(qhm_sqrt2_integer x)
{
    return qhm_sqrt2_multiply(x, qhm_sqrt2_conjugate(x)).a;
}

qhm_quad qhm_sqrt2_value(qhm_sqrt2_integer x)
{
    return (qhm_quad)x.a + (qhm_quad)x.b * qhm_quad_sqrt2();
}

int qhm_sqrt2_sign(qhm_sqrt2_integer x)
{
    int a = (x.a > 0) - (x.a < 0), b = (x.b > 0) - (x.b < 0);
    if (a * b >= 0)
        return a != 0 ? a : b;
    return qhm_sqrt2_norm(x) > 0 ? a : b; // the larger of |a| and |b| sqrt 2 decides
}

bool qhm_sqrt2_divide(qhm_sqrt2_integer x, qhm_sqrt2_integer y, qhm_sqrt2_integer *quotient)
{
    qhm_int128 norm = qhm_sqrt2_norm(y);
    qhm_sqrt2_integer product = qhm_sqrt2_multiply(x, qhm_sqrt2_conjugate(y));
    if (norm == 0 || product.a % norm != 0 || product.b % norm != 0)
        return false;
    *quotient = (qhm_sqrt2_integer){product.a / norm, product.b / norm};
    return true;
}

qhm_omega_integer qhm_omega_add(qhm_omega_integer x, qhm_omega_integer y)
{
    for (int j = 0; j < 4; j++)
        x.c[j] = (qhm_int128)((qhm_uint128)x.c[j] + (qhm_uint128)y.c[j]);
    return x;
}

qhm_omega_integer qhm_omega_subtract(qhm_omega_integer x, qhm_omega_integer y)
{
    for (int j = 0; j < 4; j++)
        x.c[j] = (qhm_int128)((qhm_uint128)x.c[j] - (qhm_uint128)y.c[j]);
    return x;
}

qhm_omega_integer qhm_omega_multiply(qhm_omega_integer x, qhm_omega_integer y)
{
    qhm_uint128 sums[4] = {0, 0, 0, 0};
    for (int j = 0; j < 4; j++)
        for (int k = 0; k < 4; k++) {
            qhm_uint128 product = (qhm_uint128)x.c[j] * (qhm_uint128)y.c[k];
            sums[(j + k) & 3] += j + k < 4 ? product : -product; // omega^4 = -1
        }
    qhm_omega_integer result;
    for (int j = 0; j < 4; j++)
        result.c[j] = (qhm_int128)sums[j];
    return result;
}

qhm_omega_integer qhm_omega_scale(qhm_omega_integer x, qhm_int128 factor)
{
    for (int j = 0; j < 4; j++)
        x.c[j] = qhm_wrapping_multiply(x.c[j], factor);
    return x;
}

qhm_omega_integer qhm_omega_adjoint(qhm_omega_integer x)
{
    return (qhm_omega_integer){{x.c[0], -x.c[3], -x.c[2], -x.c[1]}};
}

qhm_omega_integer qhm_omega_conjugate(qhm_omega_integer x)
{
    return (qhm_omega_integer){{x.c[0], -x.c[1], x.c[2], -x.c[3]}};
}

qhm_omega_integer qhm_omega_rotate(qhm_omega_integer x, unsigned power)
{
    for (unsigned i = 0; i < power % 8; i++)
        x = (qhm_omega_integer){{-x.c[3], x.c[0], x.c[1], x.c[2]}};
    return x;
}

qhm_sqrt2_integer qhm_omega_square(qhm_omega_integer x)
{
    qhm_omega_integer square = qhm_omega_multiply(x, qhm_omega_adjoint(x));
    return (qhm_sqrt2_integer){square.c[0], square.c[1]}; // sqrt 2 = omega - omega^3
}

qhm_quad_complex qhm_omega_value(qhm_omega_integer x)
{
    qhm_quad half_root = qhm_quad_sqrt2() / 2;
    return (qhm_quad_complex){(qhm_quad)x.c[0] + (qhm_quad)(x.c[1] - x.c[3]) * half_root,
                              (qhm_quad)x.c[2] + (qhm_quad)(x.c[1] + x.c[3]) * half_root};
}

bool qhm_omega_is_zero(qhm_omega_integer x)
{
    return x.c[0] == 0 && x.c[1] == 0 && x.c[2] == 0 && x.c[3] == 0;
}

qhm_omega_integer qhm_omega_from_sqrt2(qhm_sqrt2_integer x)
{
    return (qhm_omega_integer){{x.a, x.b, 0, -x.b}};
}

static qhm_quad_complex divide(qhm_quad_complex x, qhm_quad_complex y)
{
    qhm_quad square = y.re * y.re + y.im * y.im;
    return (qhm_quad_complex){(x.re * y.re + x.im * y.im) / square,
                              (x.im * y.re - x.re * y.im) / square};
}

// The element of Z[omega] nearest to x / y, each coefficient rounded: the coefficients of a number
// follow from its two complex embeddings s and t as c_j = Re(omega^-j s + omega^-j* t) / 2.
static qhm_omega_integer rounded_quotient(qhm_omega_integer x, qhm_omega_integer y)
{
    qhm_quad_complex s = divide(qhm_omega_value(x), qhm_omega_value(y));
    qhm_quad_complex t =
        divide(qhm_omega_value(qhm_omega_conjugate(x)), qhm_omega_value(qhm_omega_conjugate(y)));
    qhm_quad scale = qhm_quad_sqrt2() / 4; // cos(pi / 4) / 2
    qhm_quad re = s.re - t.re, im = s.im - t.im;
    return (qhm_omega_integer){
        {qhm_quad_round((s.re + t.re) / 2), qhm_quad_round((re + im) * scale),
         qhm_quad_round((s.im + t.im) / 2), qhm_quad_round((im - re) * scale)}};
}

qhm_omega_integer qhm_omega_gcd(qhm_omega_integer x, qhm_omega_integer y)
{
    // Norms fall at least by half on average; the bound ends what rounding errors have spoilt.
    for (int i = 0; i < 1000 && !qhm_omega_is_zero(y); i++) {
        qhm_omega_integer quotient = rounded_quotient(x, y);
        qhm_omega_integer rest = qhm_omega_subtract(x, qhm_omega_multiply(quotient, y));
        x = y;
        y = rest;
    }
    return x;
}
