// Grid problems: the numbers u of Z[omega] / sqrt2^k in a thin slice of the unit disc whose
// conjugate is in the unit disc too. They are the corners of the Clifford+T operators near a
// rotation [ross2016].
#ifndef QHM_COMPILE_CLIFFORD_T_GRID_H
#define QHM_COMPILE_CLIFFORD_T_GRID_H

#include "compile/clifford_t_ring.h"

enum { QHM_MAX_T_COUNT = 122 }; // beyond it norms would not fit 126 bits

typedef struct qhm_rotation_grid {
    qhm_quad precision;
    qhm_quad_complex centers[2];   // exp(-i a / 2) for even T counts, turned by pi / 8 for odd ones
    qhm_omega_integer bases[2][4]; // of the lattices; reduced ones start the next T count's
} qhm_rotation_grid;

// A candidate: u = numerator / sqrt2^exponent. One that belongs to an odd T count gives operators
// of determinant omega.
typedef struct qhm_grid_point {
    qhm_omega_integer numerator;
    unsigned exponent;
    qhm_sqrt2_integer rest; // 2^exponent - |numerator|^2, not negative, nor its conjugate
} qhm_grid_point;

// For RZ(angle) within 0 < precision <= 1 in operator norm.
qhm_rotation_grid qhm_rotation_grid_create(double angle, double precision);

// Calls visit for every candidate that operators of this T count (and none smaller's that were not
// visited) can have, in a fixed order, until it returns true; returns whether it did.
bool qhm_rotation_grid_search(qhm_rotation_grid *grid, unsigned t_count,
                              bool (*visit)(const qhm_grid_point *point, void *context),
                              void *context);

#endif
