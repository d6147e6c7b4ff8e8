// What every family of operations is written with: `real`, fixed-order sums, products by BLAS
// and elementary functions that the compiler vectorises. Included by kernel files only.
#ifndef QHM_TENSOR_REAL_H
#define QHM_TENSOR_REAL_H

#include "base/parallel.h"

#include <cblas.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef QHM_REAL real;

#ifdef QHM_REAL_IS_float
typedef int32_t real_bits;
#else
typedef int64_t real_bits;
#endif

// Sums run in 64 bytes of lanes, whatever the vectors of the instruction set, so that their order
// does not depend on it. (One type of 64 bytes would be kept in memory where vectors are shorter.)
#if defined(__AVX512F__)
enum { VECTOR_BYTES = 64 };
#elif defined(__AVX2__)
enum { VECTOR_BYTES = 32 };
#else
enum { VECTOR_BYTES = 16 };
#endif

enum { LANES = 64 / sizeof(real), PARTS = 64 / VECTOR_BYTES, PART = VECTOR_BYTES / sizeof(real) };

typedef real vector __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));
typedef real_bits bit_vector
    __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));

typedef struct lanes {
    vector parts[PARTS];
} lanes;

static inline real lanes_sum(const lanes *v)
{
    real total = 0;
    for (int i = 0; i < LANES; i++)
        total += v->parts[i / PART][i % PART];
    return total;
}

static inline vector load(const real *x, int part)
{
    return *(const vector *)(x + part * PART);
}

static inline real row_sum(const real *x, size_t n)
{
    lanes total = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int p = 0; p < PARTS; p++)
            total.parts[p] += load(x + i, p);
    real rest = 0;
    for (; i < n; i++)
        rest += x[i];
    return lanes_sum(&total) + rest;
}

static inline real row_dot(const real *x, const real *y, size_t n)
{
    lanes total = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int p = 0; p < PARTS; p++)
            total.parts[p] += load(x + i, p) * load(y + i, p);
    real rest = 0;
    for (; i < n; i++)
        rest += x[i] * y[i];
    return lanes_sum(&total) + rest;
}

// The sum of x y z.
static inline real row_triple(const real *x, const real *y, const real *z, size_t n)
{
    lanes total = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int p = 0; p < PARTS; p++)
            total.parts[p] += load(x + i, p) * load(y + i, p) * load(z + i, p);
    real rest = 0;
    for (; i < n; i++)
        rest += x[i] * y[i] * z[i];
    return lanes_sum(&total) + rest;
}

// The largest; elements that are NaN may be passed over.
static inline real row_max(const real *x, size_t n)
{
    real most = x[0];
    size_t i = 0;
    if (n >= LANES) {
        lanes best;
        memcpy(&best, x, sizeof best);
        for (i = LANES; i + LANES <= n; i += LANES)
            for (int p = 0; p < PARTS; p++) {
                vector v = load(x + i, p);
                bit_vector above = v > best.parts[p];
                best.parts[p] =
                    (vector)(((bit_vector)v & above) | ((bit_vector)best.parts[p] & ~above));
            }
        for (int j = 0; j < LANES; j++) {
            real value = best.parts[j / PART][j % PART];
            most = value > most ? value : most;
        }
    }
    for (; i < n; i++)
        most = x[i] > most ? x[i] : most;
    return most;
}

// into[j] += the sum over rows of x[row][j]
static inline void add_column_sums(real *restrict into, const real *restrict x, size_t rows,
                                   size_t n)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < n; j++)
            into[j] += x[i * n + j];
}

// into[j] += the sum over rows of x[row][j] y[row][j]
static inline void add_column_dots(real *restrict into, const real *restrict x,
                                   const real *restrict y, size_t rows, size_t n)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < n; j++)
            into[j] += x[i * n + j] * y[i * n + j];
}

// c [m, n] = alpha op(a) [m, k] op(b) [k, n] + beta c on the calling thread.
static inline void gemm_serial(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                               real alpha, const real *a, size_t row_a, const real *b, real beta,
                               real *c)
{
    size_t row_b = transpose_b ? k : n;
#ifdef QHM_REAL_IS_float
    cblas_sgemm
#else
    cblas_dgemm
#endif
        (CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
         transpose_b ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)k, alpha, a, (int)row_a, b,
         (int)row_b, beta, c, (int)n);
}

typedef struct gemm_work {
    bool transpose_a, transpose_b;
    size_t m, n, k;
    real alpha, beta;
    const real *a, *b;
    real *c;
} gemm_work;

static inline void gemm_rows(size_t first, size_t last, void *context)
{
    const gemm_work *g = context;
    size_t row_a = g->transpose_a ? g->m : g->k;
    gemm_serial(g->transpose_a, g->transpose_b, last - first, g->n, g->k, g->alpha,
                g->a + first * (g->transpose_a ? 1 : row_a), row_a, g->b, g->beta,
                g->c + first * g->n);
}

// As gemm_serial for contiguous a, in parallel over blocks of rows that depend on the sizes only.
static inline void gemm(gemm_work g)
{
    const size_t block_flops = 1 << 21, least_rows = 64; // fewer rows repack b too often
    size_t rows = block_flops / (2 * g.n * g.k) / 8 * 8;
    qhm_parallel_for(g.m, rows < least_rows ? least_rows : rows, gemm_rows, &g);
}

// exp(x) = scale (1 + p): x = k ln 2 + r, |r| <= ln(2)/2, scale = 2^k, p = exp(r) - 1.
typedef struct exp_parts {
    real scale, p;
} exp_parts;

#ifdef QHM_REAL_IS_float
#define EXP_LIMIT ((real)87)
#else
#define EXP_LIMIT ((real)708)
#endif

// For |x| <= EXP_LIMIT. Relative error of p below 2 units in the last place.
static inline exp_parts exp_split(real x)
{
#ifdef QHM_REAL_IS_float
    const real magic = 12582912.0f; // 1.5 * 2^23: adding it rounds to an integer
    const real log2e = 1.44269504f, ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
    const int shift = 23;
    const real_bits bias = 127;
#else
    const real magic = 6755399441055744.0; // 1.5 * 2^52
    const real log2e = 1.4426950408889634074;
    const real ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    const int shift = 52;
    const real_bits bias = 1023;
#endif
    real shifted = x * log2e + magic;
    real k = shifted - magic;
    real r = (x - k * ln2_high) - k * ln2_low;
    real_bits bits;
    memcpy(&bits, &shifted, sizeof bits);
#ifdef QHM_REAL_IS_float
    bits = (real_bits)((uint32_t)(bits + bias) << shift);
    real q = 1.0f / 5040 + r * (1.0f / 40320);
    q = 1.0f / 720 + r * q;
    q = 1.0f / 120 + r * q;
    q = 1.0f / 24 + r * q;
    q = 1.0f / 6 + r * q;
    q = 0.5f + r * q;
#else
    bits = (real_bits)((uint64_t)(bits + bias) << shift);
    real q = 1.0 / 6227020800 + r * (1.0 / 87178291200);
    q = 1.0 / 479001600 + r * q;
    q = 1.0 / 39916800 + r * q;
    q = 1.0 / 3628800 + r * q;
    q = 1.0 / 362880 + r * q;
    q = 1.0 / 40320 + r * q;
    q = 1.0 / 5040 + r * q;
    q = 1.0 / 720 + r * q;
    q = 1.0 / 120 + r * q;
    q = 1.0 / 24 + r * q;
    q = 1.0 / 6 + r * q;
    q = 0.5 + r * q;
#endif
    exp_parts parts;
    memcpy(&parts.scale, &bits, sizeof bits);
    parts.p = r + r * r * q;
    return parts;
}

// e^x; beyond -EXP_LIMIT and EXP_LIMIT it is 0 and infinity. NaN stays NaN.
static inline real real_exp(real x)
{
    real inside = x > EXP_LIMIT ? EXP_LIMIT : x < -EXP_LIMIT ? -EXP_LIMIT : x;
    exp_parts parts = exp_split(inside);
    real y = parts.scale + parts.scale * parts.p;
    y = x > EXP_LIMIT ? (real)INFINITY : y;
    return x < -EXP_LIMIT ? 0 : y;
}

static inline real real_tanh(real x)
{
    const real limit = 20; // tanh is 1 to the last place from here
    real inside = x > limit ? limit : x < -limit ? -limit : x;
    exp_parts parts = exp_split(2 * inside);
    real e = parts.scale * parts.p + (parts.scale - 1); // exp(2x) - 1 without cancellation
    return e / (e + 2);
}

static inline real real_sigmoid(real x)
{
    return 1 / (1 + real_exp(-x));
}

// sin(x + quarters pi/2) for |x| <= TURN_LIMIT, in double: within 1e-15. The polynomials are
// fdlibm's on |r| <= pi/4.
#define TURN_LIMIT 1e5

static inline double turn(double x, int quarters)
{
    const double magic = 6755399441055744.0; // 1.5 * 2^52
    double shifted = x * 6.36619772367581382433e-01 + magic;
    double k = shifted - magic;
    double r = (x - k * 1.57079632673412561417e+00) - k * 6.07710050650619224932e-11;
    int64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits += quarters;
    double z = r * r;
    double s = -2.50507602534068634195e-08 + z * 1.58969099521155010221e-10;
    s = 2.75573137070700676789e-06 + z * s;
    s = -1.98412698298579493134e-04 + z * s;
    s = 8.33333333332248946124e-03 + z * s;
    s = -1.66666666666666324348e-01 + z * s;
    s = r + r * z * s;
    double c = 2.08757232129817482790e-09 + z * -1.13596475577881948265e-11;
    c = -2.75573143513906633035e-07 + z * c;
    c = 2.48015872894767294178e-05 + z * c;
    c = -1.38888888888741095749e-03 + z * c;
    c = 4.16666666666666019037e-02 + z * c;
    c = 1 - 0.5 * z + z * z * c;
    double y = bits & 1 ? c : s;
    return bits & 2 ? -y : y;
}

// y[i] = sin(x[i] + quarters pi/2); far out by the C library.
static inline void turn_range(real *restrict y, const real *restrict x, size_t n, int quarters)
{
    bool is_near = true;
    for (size_t i = 0; i < n; i++)
        is_near &= fabs((double)x[i]) <= TURN_LIMIT;
    if (is_near && quarters == 0)
        for (size_t i = 0; i < n; i++)
            y[i] = (real)turn((double)x[i], 0);
    else if (is_near)
        for (size_t i = 0; i < n; i++)
            y[i] = (real)turn((double)x[i], 1);
    else
        for (size_t i = 0; i < n; i++)
            y[i] = (real)(quarters == 0 ? sin((double)x[i]) : cos((double)x[i]));
}

#endif
