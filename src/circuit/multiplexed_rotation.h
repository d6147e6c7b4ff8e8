// Uniformly controlled rotations as plain rotations with CX between them [mottonen2005].
#ifndef QHM_CIRCUIT_MULTIPLEXED_ROTATION_H
#define QHM_CIRCUIT_MULTIPLEXED_ROTATION_H

#include <stddef.h>
#include <stdint.h>

// The bit of the branch that controls the CX after rotation m of `count` (a power of two, >= 2).
uint32_t qhm_multiplexed_control(size_t m, size_t count);

// The angles of the plain rotations: angles[m] = sum_i (-1)^popcount(i & gray(m)) branches[i] /
// count. The branches are overwritten.
void qhm_multiplexed_angles(double *branches, size_t count, double *angles);

#endif
