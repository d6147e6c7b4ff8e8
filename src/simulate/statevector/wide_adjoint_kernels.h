// Serial kernels of the wide engine's walk back: an operation is undone on psi and lambda in the
// visit that finds what gradients need, one table per precision and instruction set.
#ifndef QHM_SIMULATE_STATEVECTOR_WIDE_ADJOINT_KERNELS_H
#define QHM_SIMULATE_STATEVECTOR_WIDE_ADJOINT_KERNELS_H

#include "simulate/statevector/wide_kernels.h"

typedef struct qhm_wide_adjoint_kernels {
    // As qhm_wide_kernels, on both tiles; sums[d] = sum of s (lambda1 psi0 - lambda0 psi1) over
    // the pairs of direction d, real and imaginary parts alike, after the scale.
    void (*rotate)(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                   const qhm_wide_rotations *rotations, double *sums);
    void (*rotate_lanes)(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                         const qhm_wide_rotations *rotations, double *sums);
    // With w = Im(conj(lambda) psi) before: outer_sums[o][lanes] = sum of w over i, and
    // inner_sums[i][lanes] = sum of w over o; NULL: not wanted.
    void (*diagonal)(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                     const qhm_wide_diagonal *diagonal, void *outer_sums, void *inner_sums);
    // sums[k] = sum of s w, after the scale.
    void (*parities)(const qhm_wide_tile *psi, const qhm_wide_tile *lambda, size_t row_count,
                     const qhm_wide_parities *parities, double *sums);
} qhm_wide_adjoint_kernels;

extern const qhm_wide_adjoint_kernels qhm_wide_adjoint_kernels_baseline_float;
extern const qhm_wide_adjoint_kernels qhm_wide_adjoint_kernels_baseline_double;
#if defined(__x86_64__)
extern const qhm_wide_adjoint_kernels qhm_wide_adjoint_kernels_avx2_float;
extern const qhm_wide_adjoint_kernels qhm_wide_adjoint_kernels_avx2_double;
extern const qhm_wide_adjoint_kernels qhm_wide_adjoint_kernels_avx512_float;
extern const qhm_wide_adjoint_kernels qhm_wide_adjoint_kernels_avx512_double;
#endif

#endif
