// Kernels that turn angles into what the tile kernels multiply by, one table per precision and
// instruction set. Arrays are [..][lanes], a lane a sample; the number of lanes is a power of two.
#ifndef QHM_SIMULATE_STATEVECTOR_VALUE_KERNELS_H
#define QHM_SIMULATE_STATEVECTOR_VALUE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

// The sine and cosine of the kernels are exact for moderate arguments only.
#define QHM_LARGEST_ARGUMENT 1e6

typedef struct qhm_value_kernels {
    // out[e][lanes] = scales[e] * values[lane][e] + offsets[e]; lanes from `rows` on repeat the
    // last of the rows, which are `stride` apart. False if some |out| is too large for sincos.
    bool (*arguments)(size_t count, size_t lanes, const double *values, size_t rows, size_t stride,
                      const double *scales, const double *offsets, double *out);
    // out[e][2][lanes] = cos and sin of arguments[e][lanes], of at most QHM_LARGEST_ARGUMENT.
    void (*sincos)(size_t count, size_t lanes, const double *arguments, void *out);
    // tangents[lanes] of cos and sin [2][lanes]; cosines are kept away from 0.
    void (*tangent)(size_t lanes, void *cos_sin, void *tangents);
    // product[lanes] *= factor[lanes]
    void (*scale)(size_t lanes, const void *factor, void *product);
    // Where |product| < limit: scale = product, product = 1; elsewhere scale = 1. True if any is.
    bool (*defer)(size_t lanes, double limit, void *product, void *scale);
    // out[lanes] = factor * sums * lacking^2
    void (*gradient)(size_t lanes, double factor, const double *sums, const void *lacking,
                     double *out);
    // table[0][2][lanes] = 1
    void (*begin_phases)(size_t lanes, void *table);
    // Doubles table [count][2][lanes] by a bit: its first half times exp(-i a), its second times
    // exp(i a), a of cos_sin [2][lanes]; NULL: a = 0.
    void (*double_phases)(size_t lanes, size_t count, const void *cos_sin, void *table);
    // table[i] *= constants[i][2], the same for all lanes.
    void (*multiply)(size_t lanes, size_t count, const void *constants, void *table);
    // table[i] *= exp(-+ i a), + where the parity of i & mask is odd.
    void (*multiply_parity)(size_t lanes, size_t count, size_t mask, const void *cos_sin,
                            void *table);
    // out[lanes] = value
    void (*fill)(size_t lanes, double value, void *out);

    // out[lanes] = factor * the sum of sums[i][lanes], minus where the parity of i & mask is odd.
    void (*signed_sum)(size_t lanes, size_t count, size_t mask, const void *sums, double factor,
                       double *out);
    // out[row][e] = factors[e] * gradients[e][row], for `rows` of the lanes, `stride` apart.
    void (*scatter)(size_t count, size_t lanes, const double *gradients, const double *factors,
                    size_t rows, size_t stride, double *out);
    // sums[i][lanes] += weights[lanes], minus where the parity of i & mask is odd.
    void (*signed_add)(size_t lanes, size_t count, size_t mask, const double *weights, void *sums);
} qhm_value_kernels;

extern const qhm_value_kernels qhm_value_kernels_baseline_float;
extern const qhm_value_kernels qhm_value_kernels_baseline_double;
#if defined(__x86_64__)
extern const qhm_value_kernels qhm_value_kernels_avx2_float;
extern const qhm_value_kernels qhm_value_kernels_avx2_double;
extern const qhm_value_kernels qhm_value_kernels_avx512_float;
extern const qhm_value_kernels qhm_value_kernels_avx512_double;
#endif

#endif
