// The Diophantine equation |t|^2 = x over Z[omega], for x in Z[sqrt 2].
#ifndef QHM_COMPILE_CLIFFORD_T_NORM_H
#define QHM_COMPILE_CLIFFORD_T_NORM_H

#include "compile/clifford_t_ring.h"

#include <stddef.h>

// Finds t in Z[omega] with |t|^2 = x, checked exactly [ross2016]. x and its conjugate are not
// negative and below 2^62. False if there is none, or none was found with `factoring_steps`
// iterations of Pollard's rho for each factor of the norm.
bool qhm_solve_norm_equation(qhm_sqrt2_integer x, size_t factoring_steps, qhm_omega_integer *t);

#endif
