// Factors of integers below 2^126 with bounded effort.
#ifndef QHM_COMPILE_INTEGER_FACTORS_H
#define QHM_COMPILE_INTEGER_FACTORS_H

#include "compile/clifford_t_ring.h"

#include <stddef.h>

enum { QHM_FACTORS_MAX = 126 };

// The distinct primes of a number.
typedef struct qhm_factors {
    size_t count;
    qhm_uint128 primes[QHM_FACTORS_MAX];
} qhm_factors;

// base^exponent modulo an odd number below 2^127.
qhm_uint128 qhm_modular_power(qhm_uint128 base, qhm_uint128 exponent, qhm_uint128 modulus);

// Miller-Rabin with the first 24 primes as bases: no composite below 2^126 is known to pass.
bool qhm_is_prime(qhm_uint128 number);

// The distinct primes of number, at least 1 and below 2^126, by trial division and Pollard's rho
// in Brent's form [brent1980]; `steps` bounds the iterations of rho for each factor. False when
// that was not enough. Deterministic.
bool qhm_factor(qhm_uint128 number, size_t steps, qhm_factors *factors);

#endif
