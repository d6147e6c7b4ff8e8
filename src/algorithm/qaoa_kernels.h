// Kernels of QAOA's state, real and imaginary parts in two arrays; one table per precision and
// instruction set. A block has 2^low amplitudes that differ in their low bits; its costs are
// low_costs[z] + first, plus minus 2 fields[k] wherever bit k of z is 1.
#ifndef QHM_ALGORITHM_QAOA_KERNELS_H
#define QHM_ALGORITHM_QAOA_KERNELS_H

#include <stddef.h>

enum { QHM_QAOA_LOW = 12, QHM_QAOA_BUFFER = 13 }; // bits of a block, and of a pass's buffer

typedef struct qhm_qaoa_kernels {
    // Multiplies amplitudes [2^low] by first * steps[k] [2] for each bit k that is 1, and by
    // low_re[z] + i low_im[z] where they are not NULL.
    void (*phase)(size_t low, const double *first, const double *steps, const void *low_re,
                  const void *low_im, void *re, void *im);
    // 1 - i t X on bits first to log_length - 1 of an array.
    void (*mix)(size_t first, size_t log_length, double t, void *re, void *im);
    // Im <left| sum of X over those bits |right>.
    double (*mixer_slope)(size_t first, size_t log_length, const void *left_re, const void *left_im,
                          const void *re, const void *im);
    // 1 - i t F, and Im <left| F |right>: F takes amplitude z of the first array to amplitude
    // count - 1 - z of the second, and back. Arrays: re, im of the first, re, im of the second;
    // count is a multiple of 16.
    void (*flip)(size_t count, double t, void *const arrays[4]);
    double (*flip_slope)(size_t count, void *const left[4], void *const right[4]);
    // sum of cost |amplitude|^2; with `out`, that gets cost times amplitude.
    double (*weigh)(size_t low, double first, const double *fields, const void *low_costs,
                    const void *re, const void *im, void *out_re, void *out_im);
    // Im <left| cost |right>.
    double (*phase_slope)(size_t low, double first, const double *fields, const void *low_costs,
                          const void *left_re, const void *left_im, const void *re, const void *im);
    // Copies rows of `width` numbers, a multiple of 32.
    void (*move)(size_t rows, size_t width, const void *from, size_t from_stride, void *to,
                 size_t to_stride);
    void (*narrow)(size_t count, const double *from, void *to); // to the table's precision
    void (*fill)(size_t count, double value, void *to);
} qhm_qaoa_kernels;

extern const qhm_qaoa_kernels qhm_qaoa_kernels_baseline_float;
extern const qhm_qaoa_kernels qhm_qaoa_kernels_baseline_double;
#if defined(__x86_64__)
extern const qhm_qaoa_kernels qhm_qaoa_kernels_avx2_float;
extern const qhm_qaoa_kernels qhm_qaoa_kernels_avx2_double;
extern const qhm_qaoa_kernels qhm_qaoa_kernels_avx512_float;
extern const qhm_qaoa_kernels qhm_qaoa_kernels_avx512_double;
#endif

#endif
