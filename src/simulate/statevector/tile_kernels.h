// Kernels of the batched engine: rotations and diagonals, one table per precision and instruction
// set.
//
// A tile is rows x lanes in the nearest cache, real and imaginary parts apart; a row is an
// amplitude and a lane a sample. A kernel gets the rows it works on as numbers, so that any
// renaming of basis states costs nothing: the partner of row r is r ^ mask. The number of lanes
// is a power of two.
#ifndef QHM_SIMULATE_STATEVECTOR_TILE_KERNELS_H
#define QHM_SIMULATE_STATEVECTOR_TILE_KERNELS_H

#include "simulate/statevector/statevector_kernels.h"

#include <stdint.h>

enum { QHM_ROTATION_MAX = 3, QHM_ADJOINT_ROTATION_MAX = 2, QHM_PARITY_MAX = 3 };

// Up to three real rotations in one visit. In tangent form each is x0 - t x1, x1 + t x0: its
// cosine is left to `scale` or to the next diagonal.
typedef struct qhm_tile_rotation {
    unsigned count;                   // directions: 1 to QHM_ROTATION_MAX
    uint32_t masks[QHM_ROTATION_MAX]; // the partner of row r in direction d is r ^ masks[d]
    // The first row of group g is outer[o] ^ inner[i], i being the low inner_bits bits of g.
    const uint32_t *outer, *inner;
    unsigned inner_bits;
    size_t group_count;
    bool is_inverse;
    const void *tangents[QHM_ROTATION_MAX]; // [lanes]
    const void *scale;                      // [lanes], multiplies all rows; NULL: 1
} qhm_tile_rotation;

// Phases over row = outer[o] ^ inner[i]: outer_phases[o] * inner_phases[i] * table[o][i] * scale.
typedef struct qhm_tile_diagonal {
    const uint32_t *outer, *inner; // rows
    size_t outer_count, inner_count;
    const void *outer_phases; // [outer_count][2][lanes], re and im; NULL: 1
    const void *inner_phases; // [inner_count][2][lanes]; NULL if and only if the other is
    const void *table;        // [outer_count][inner_count][2], the same for all lanes; NULL: 1
    const void *scale;        // [lanes]; NULL: 1
    bool is_inverse;          // the conjugate phases
} qhm_tile_diagonal;

// Up to three exp(-i a Z...Z), one after another, in tangent form: x + t y, y - t x.
typedef struct qhm_tile_parities {
    unsigned count;
    // Bit k of outer_signs[o] ^ inner_signs[i] is 1 where Z...Z of k is -1, i being the low
    // inner_bits bits of the row.
    const uint8_t *outer_signs, *inner_signs;
    unsigned inner_bits;
    size_t row_count;
    bool is_inverse;
    const void *tangents[QHM_PARITY_MAX]; // [lanes]
    const void *scale;                    // [lanes]; NULL: 1
} qhm_tile_parities;

typedef struct qhm_tile_kernels {
    void (*rotate)(const qhm_rows *tile, const qhm_tile_rotation *rotation);
    void (*diagonal)(const qhm_rows *tile, const qhm_tile_diagonal *diagonal);
    void (*parities)(const qhm_rows *tile, const qhm_tile_parities *parities);
    // sums[lanes] = twice the real part, or the imaginary one, of conj(psi[row ^ mask]) psi[row]
    // with the sign of row & signs, over one row of every pair.
    void (*pair_sum)(const qhm_rows *psi, size_t row_count, uint32_t mask, uint32_t signs,
                     bool is_imaginary, double *sums);
    // Divides the state of every lane by its norm.
    void (*normalize)(const qhm_rows *tile, size_t row_count);
    // |psi|^2 added up over outer and inner rows: [inner_count][lanes] and [outer_count][lanes].
    void (*marginals)(const qhm_rows *psi, const qhm_tile_diagonal *rows, void *inner_sums,
                      void *outer_sums);
    // lambda = (outer_weights[o] + inner_weights[i]) psi
    void (*weigh)(const qhm_rows *psi, const qhm_rows *lambda, const qhm_tile_diagonal *rows,
                  const void *inner_weights, const void *outer_weights);
} qhm_tile_kernels;

// On psi and lambda alike, with the derivatives found on the way.
typedef struct qhm_adjoint_kernels {
    // sums[d][lanes] = Im <lambda| P_d |psi> before, of at most QHM_ADJOINT_ROTATION_MAX
    // directions.
    void (*rotate)(const qhm_rows *psi, const qhm_rows *lambda, const qhm_tile_rotation *rotation,
                   double *sums);
    // Adds Im(conj(lambda) psi), afterwards, to inner_sums[i][lanes] and outer_sums[o][lanes]. Only
    // with phases.
    void (*diagonal)(const qhm_rows *psi, const qhm_rows *lambda, const qhm_tile_diagonal *diagonal,
                     void *inner_sums, void *outer_sums);
    // sums[k][lanes] = Im <lambda| Z...Z |psi>, afterwards.
    void (*parities)(const qhm_rows *psi, const qhm_rows *lambda, const qhm_tile_parities *parities,
                     double *sums);
} qhm_adjoint_kernels;

extern const qhm_tile_kernels qhm_tile_kernels_baseline_float;
extern const qhm_tile_kernels qhm_tile_kernels_baseline_double;
#if defined(__x86_64__)
extern const qhm_tile_kernels qhm_tile_kernels_avx2_float;
extern const qhm_tile_kernels qhm_tile_kernels_avx2_double;
extern const qhm_tile_kernels qhm_tile_kernels_avx512_float;
extern const qhm_tile_kernels qhm_tile_kernels_avx512_double;
#endif
extern const qhm_adjoint_kernels qhm_adjoint_kernels_baseline_float;
extern const qhm_adjoint_kernels qhm_adjoint_kernels_baseline_double;
#if defined(__x86_64__)
extern const qhm_adjoint_kernels qhm_adjoint_kernels_avx2_float;
extern const qhm_adjoint_kernels qhm_adjoint_kernels_avx2_double;
extern const qhm_adjoint_kernels qhm_adjoint_kernels_avx512_float;
extern const qhm_adjoint_kernels qhm_adjoint_kernels_avx512_double;
#endif

#endif
