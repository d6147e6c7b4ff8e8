// Integrals over contracted Gaussians of the kinds s and p.
#ifndef QHM_ALGORITHM_GAUSSIAN_INTEGRALS_H
#define QHM_ALGORITHM_GAUSSIAN_INTEGRALS_H

#include "base/status_internal.h"

#include <stddef.h>

enum { QHM_PRIMITIVES = 3 };

// sum_k coefficient[k] x^a y^b z^c exp(-exponent[k] r^2) about a centre, norms included, with
// powers (a, b, c) that are all 0 or one of them 1.
typedef struct qhm_gaussian_orbital {
    double centre[3], exponent[QHM_PRIMITIVES], coefficient[QHM_PRIMITIVES];
    unsigned power[3];
} qhm_gaussian_orbital;

typedef struct qhm_point_charge {
    double charge, position[3];
} qhm_point_charge;

// overlap [n][n]; hamiltonian [n][n] of kinetic energy and attraction to the charges [count];
// repulsion [n][n][n][n] (pq|rs). McMurchie, Davidson [mcmurchie1978].
QHM_MUST_CHECK qhm_status qhm_gaussian_integrals(const qhm_gaussian_orbital *orbitals, size_t n,
                                                 const qhm_point_charge *charges, size_t count,
                                                 double *overlap, double *hamiltonian,
                                                 double *repulsion);

// values [order + 1]: F_m(x) = integral of t^2m exp(-x t^2) over [0, 1], for m to order.
void qhm_boys(unsigned order, double x, double *values);

#endif
