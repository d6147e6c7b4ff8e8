// Serial kernels of the wide engine's readout: strings of Z on one tile, by the marginals of its
// rows' two sides; one table per precision and instruction set.
#ifndef QHM_SIMULATE_STATEVECTOR_WIDE_READOUT_KERNELS_H
#define QHM_SIMULATE_STATEVECTOR_WIDE_READOUT_KERNELS_H

#include "simulate/statevector/wide_kernels.h"

typedef struct qhm_wide_readout_kernels {
    // outer[o][lanes] = sum of |psi|^2 over i, and inner[i][lanes] over o; NULL: not wanted. Of the
    // diagonal only the rows are used.
    void (*marginals)(const qhm_wide_tile *psi, const qhm_wide_diagonal *rows, void *outer,
                      void *inner);
    // lambda = (outer[o][lanes] + inner[i][lanes]) psi, or more of it; NULL: 0.
    void (*weigh)(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                  const qhm_wide_diagonal *rows, const void *outer, const void *inner,
                  bool is_more);
    // The sum of sums[count][lanes], each with the sign of its number and its lane.
    double (*signed_sum)(size_t count, const void *sums, uint32_t signs, uint32_t lane_signs);
    // sums[count][lanes] += weight with that sign.
    void (*signed_add)(size_t count, uint32_t signs, uint32_t lane_signs, double weight,
                       void *sums);
} qhm_wide_readout_kernels;

extern const qhm_wide_readout_kernels qhm_wide_readout_kernels_baseline_float;
extern const qhm_wide_readout_kernels qhm_wide_readout_kernels_baseline_double;
#if defined(__x86_64__)
extern const qhm_wide_readout_kernels qhm_wide_readout_kernels_avx2_float;
extern const qhm_wide_readout_kernels qhm_wide_readout_kernels_avx2_double;
extern const qhm_wide_readout_kernels qhm_wide_readout_kernels_avx512_float;
extern const qhm_wide_readout_kernels qhm_wide_readout_kernels_avx512_double;
#endif

#endif
