// Exact numbers of Clifford+T circuits: Z[sqrt 2] and Z[omega], omega = exp(i pi / 4).
//
// Coefficients are 128-bit. Numbers of rotation_synthesis.c stay below 2^126 by its limit on the
// T count; intermediate products may wrap where only the small result is used.
#ifndef QHM_COMPILE_CLIFFORD_T_RING_H
#define QHM_COMPILE_CLIFFORD_T_RING_H

#include <stdbool.h>

__extension__ typedef __int128 qhm_int128;
__extension__ typedef unsigned __int128 qhm_uint128;

// A float with at least 105 bits of fraction.
#if defined(__SIZEOF_FLOAT128__)
__extension__ typedef __float128 qhm_quad;
#else
typedef long double qhm_quad;
#endif

// a + b sqrt 2.
typedef struct qhm_sqrt2_integer {
    qhm_int128 a, b;
} qhm_sqrt2_integer;

// sum_j c[j] omega^j.
typedef struct qhm_omega_integer {
    qhm_int128 c[4];
} qhm_omega_integer;

typedef struct qhm_quad_complex {
    qhm_quad re, im;
} qhm_quad_complex;

qhm_quad qhm_quad_sqrt2(void);
qhm_quad qhm_quad_square_root(qhm_quad value); // 0 for 0; value not negative
// exp(i angle).
qhm_quad_complex qhm_quad_phase(qhm_quad angle);
qhm_quad qhm_quad_pi(void);
qhm_int128 qhm_quad_round(qhm_quad value); // 0 if it is no number below 2^126

// What unsigned arithmetic makes of a * b: the product modulo 2^128.
static inline qhm_int128 qhm_wrapping_multiply(qhm_int128 a, qhm_int128 b)
{
    return (qhm_int128)((qhm_uint128)a * (qhm_uint128)b);
}

qhm_sqrt2_integer qhm_sqrt2_multiply(qhm_sqrt2_integer x, qhm_sqrt2_integer y);
// The image under sqrt 2 -> -sqrt 2.
static inline qhm_sqrt2_integer qhm_sqrt2_conjugate(qhm_sqrt2_integer x)
{
    return (qhm_sqrt2_integer){x.a, -x.b};
}
// a^2 - 2 b^2.
qhm_int128 qhm_sqrt2_norm(qhm_sqrt2_integer x);
qhm_quad qhm_sqrt2_value(qhm_sqrt2_integer x);
int qhm_sqrt2_sign(qhm_sqrt2_integer x); // -1, 0 or 1, exactly
// x / y if y divides x.
bool qhm_sqrt2_divide(qhm_sqrt2_integer x, qhm_sqrt2_integer y, qhm_sqrt2_integer *quotient);

qhm_omega_integer qhm_omega_add(qhm_omega_integer x, qhm_omega_integer y);
qhm_omega_integer qhm_omega_subtract(qhm_omega_integer x, qhm_omega_integer y);
qhm_omega_integer qhm_omega_multiply(qhm_omega_integer x, qhm_omega_integer y);
qhm_omega_integer qhm_omega_scale(qhm_omega_integer x, qhm_int128 factor);
// Complex conjugation.
qhm_omega_integer qhm_omega_adjoint(qhm_omega_integer x);
// The image under sqrt 2 -> -sqrt 2 with i fixed: omega -> -omega.
qhm_omega_integer qhm_omega_conjugate(qhm_omega_integer x);
// x times omega^power.
qhm_omega_integer qhm_omega_rotate(qhm_omega_integer x, unsigned power);
// |x|^2.
qhm_sqrt2_integer qhm_omega_square(qhm_omega_integer x);
qhm_quad_complex qhm_omega_value(qhm_omega_integer x);
bool qhm_omega_is_zero(qhm_omega_integer x);
qhm_omega_integer qhm_omega_from_sqrt2(qhm_sqrt2_integer x);

// A greatest common divisor by Euclid's algorithm with rounded quotients [ross2016]. Rounding
// errors may make it wrong for numbers near the limits: callers check what they need of it.
qhm_omega_integer qhm_omega_gcd(qhm_omega_integer x, qhm_omega_integer y);

#endif
