// Kernels of QAOA; compiled once per precision and instruction set.
#include "algorithm/qaoa_kernels.h"

#include "base/vectors.h"

enum { BLOCK = 1 << QHM_QAOA_LOW, NEAR = 10 };

// Bits of a lane's number.
enum { LANE_BITS = LANES == 16 ? 4 : LANES == 8 ? 3 : LANES == 4 ? 2 : 1 };

static void phase(size_t low, const double *first, const double *steps, const void *low_re,
                  const void *low_im, void *re, void *im)
{
    real product_re[BLOCK], product_im[BLOCK];
    const size_t count = (size_t)1 << low;
    product_re[0] = (real)first[0];
    product_im[0] = (real)first[1];
    for (size_t k = 0; k < low; k++) {
        const real c = (real)steps[2 * k], s = (real)steps[2 * k + 1];
        real *upper_re = product_re + ((size_t)1 << k), *upper_im = product_im + ((size_t)1 << k);
        for (size_t z = 0; z < (size_t)1 << k; z++) {
            upper_re[z] = c * product_re[z] - s * product_im[z];
            upper_im[z] = c * product_im[z] + s * product_re[z];
        }
    }
    real *restrict a = re, *restrict b = im;
    const real *restrict table_re = low_re, *restrict table_im = low_im;
    for (size_t z = 0; z < count; z++) {
        real c = product_re[z], s = product_im[z];
        if (table_re) {
            const real old = c;
            c = old * table_re[z] - s * table_im[z];
            s = old * table_im[z] + s * table_re[z];
        }
        const real old = a[z];
        a[z] = c * old - s * b[z];
        b[z] = c * b[z] + s * old;
    }
}

// Lane i of the result is lane i ^ mask of x.
INLINE vec exchange(vec x, int mask)
{
#if defined(__clang__)
    vec out;
    for (int i = 0; i < LANES; i++)
        out[i] = x[i ^ mask];
    return out;
#else
    vec_index lanes;
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++)
        lanes[i] = (lane_index)(i ^ mask);
    return __builtin_shuffle(x, lanes);
#endif
}

INLINE vec partner(vec x, int bit)
{
    return exchange(x, 1 << bit);
}

INLINE vec reverse(vec x)
{
    return exchange(x, LANES - 1);
}

// (a, b) -> (a - i t b, b - i t a)
INLINE void turn(vec t, vec *are, vec *aim, vec *bre, vec *bim)
{
    const vec re = *are + t * *bim, im = *aim - t * *bre;
    *bre += t * *aim;
    *bim -= t * *are;
    *are = re;
    *aim = im;
}

// Two bits at once, from `bit` on.
INLINE void mix_two(size_t bit, size_t log_length, vec t, real *re, real *im)
{
    const size_t stride = (size_t)1 << bit;
    for (size_t base = 0; base < (size_t)1 << log_length; base += 4 * stride)
        for (size_t j = base; j < base + stride; j += LANES) {
            real *x = re + j, *y = im + j;
            vec a0 = load(x), a1 = load(x + stride);
            vec a2 = load(x + 2 * stride), a3 = load(x + 3 * stride);
            vec b0 = load(y), b1 = load(y + stride);
            vec b2 = load(y + 2 * stride), b3 = load(y + 3 * stride);
            turn(t, &a0, &b0, &a1, &b1);
            turn(t, &a2, &b2, &a3, &b3);
            turn(t, &a0, &b0, &a2, &b2);
            turn(t, &a1, &b1, &a3, &b3);
            store(x, a0);
            store(y, b0);
            store(x + stride, a1);
            store(y + stride, b1);
            store(x + 2 * stride, a2);
            store(y + 2 * stride, b2);
            store(x + 3 * stride, a3);
            store(y + 3 * stride, b3);
        }
}

INLINE void mix_one(size_t bit, size_t log_length, vec t, real *re, real *im)
{
    const size_t stride = (size_t)1 << bit;
    for (size_t base = 0; base < (size_t)1 << log_length; base += 2 * stride)
        for (size_t j = base; j < base + stride; j += LANES) {
            vec a0 = load(re + j), a1 = load(re + j + stride);
            vec b0 = load(im + j), b1 = load(im + j + stride);
            turn(t, &a0, &b0, &a1, &b1);
            store(re + j, a0);
            store(im + j, b0);
            store(re + j + stride, a1);
            store(im + j + stride, b1);
        }
}

static void mix_lanes(size_t log_length, vec t, real *re, real *im)
{
    for (size_t j = 0; j < (size_t)1 << log_length; j += LANES) {
        vec a = load(re + j), b = load(im + j);
#pragma GCC unroll 4
        for (int k = 0; k < LANE_BITS; k++) {
            const vec old = a;
            a += t * partner(b, k);
            b -= t * partner(old, k);
        }
        store(re + j, a);
        store(im + j, b);
    }
}

// Arrays that are shorter than a register.
static void mix_short(size_t first, size_t log_length, real t, real *re, real *im)
{
    for (size_t k = first; k < log_length; k++)
        for (size_t z = 0; z < (size_t)1 << log_length; z++) {
            const size_t y = z | (size_t)1 << k;
            if (y == z)
                continue;
            const real a = re[z] + t * im[y], b = im[z] - t * re[y];
            const real old = re[y];
            re[y] = old + t * im[z];
            im[y] = im[y] - t * re[z];
            re[z] = a;
            im[z] = b;
        }
}

static void mix_long(size_t first, size_t log_length, vec t, real *re, real *im)
{
    size_t bit = first;
    if (bit == 0) {
        mix_lanes(log_length, t, re, im);
        bit = LANE_BITS;
    }
    for (; bit + 2 <= log_length; bit += 2)
        mix_two(bit, log_length, t, re, im);
    if (bit < log_length)
        mix_one(bit, log_length, t, re, im);
}

static void mix(size_t first, size_t log_length, double t, void *re, void *im)
{
    const vec tangent = splat((real)t);
    if (log_length < LANE_BITS) {
        mix_short(first, log_length, (real)t, re, im);
        return;
    }
    if (first < NEAR && log_length > NEAR) { // the low bits by pieces that stay in the first cache
        for (size_t z = 0; z < (size_t)1 << log_length; z += (size_t)1 << NEAR)
            mix_long(first, NEAR, tangent, (real *)re + z, (real *)im + z);
        first = NEAR;
    }
    mix_long(first, log_length, tangent, re, im);
}

static void flip(size_t count, double t, void *const arrays[4])
{
    real *a = arrays[0], *b = arrays[1], *c = arrays[2], *d = arrays[3];
    const vec tangent = splat((real)t);
    for (size_t z = 0; z < count; z += LANES) {
        const size_t y = count - LANES - z;
        vec are = load(a + z), aim = load(b + z);
        vec bre = reverse(load(c + y)), bim = reverse(load(d + y));
        turn(tangent, &are, &aim, &bre, &bim);
        store(a + z, are);
        store(b + z, aim);
        store(c + y, reverse(bre));
        store(d + y, reverse(bim));
    }
}

INLINE double add_up(vec x)
{
    double sum = 0;
    for (int i = 0; i < LANES; i++)
        sum += (double)x[i];
    return sum;
}

// Of two bits: (l0 + l3)(x1 + x2) + (l1 + l2)(x0 + x3).
INLINE vec slope_two(size_t bit, size_t log_length, const real *left_re, const real *left_im,
                     const real *re, const real *im)
{
    const size_t stride = (size_t)1 << bit;
    vec sum = {0};
    for (size_t base = 0; base < (size_t)1 << log_length; base += 4 * stride)
        for (size_t j = base; j < base + stride; j += LANES) {
            const real *c = left_re + j, *d = left_im + j, *a = re + j, *b = im + j;
            const size_t k = stride, l = 2 * stride, m = 3 * stride;
            sum += (load(c) + load(c + m)) * (load(b + k) + load(b + l));
            sum -= (load(d) + load(d + m)) * (load(a + k) + load(a + l));
            sum += (load(c + k) + load(c + l)) * (load(b) + load(b + m));
            sum -= (load(d + k) + load(d + l)) * (load(a) + load(a + m));
        }
    return sum;
}

INLINE vec slope_one(size_t bit, size_t log_length, const real *left_re, const real *left_im,
                     const real *re, const real *im)
{
    const size_t stride = (size_t)1 << bit;
    vec sum = {0};
    for (size_t base = 0; base < (size_t)1 << log_length; base += 2 * stride)
        for (size_t j = base; j < base + stride; j += LANES) {
            const size_t k = j + stride;
            sum += load(left_re + j) * load(im + k) + load(left_re + k) * load(im + j);
            sum -= load(left_im + j) * load(re + k) + load(left_im + k) * load(re + j);
        }
    return sum;
}

static double slope_short(size_t first, size_t log_length, const real *left_re, const real *left_im,
                          const real *re, const real *im)
{
    double sum = 0;
    for (size_t k = first; k < log_length; k++)
        for (size_t z = 0; z < (size_t)1 << log_length; z++) {
            const size_t y = z ^ (size_t)1 << k;
            sum += (double)(left_re[z] * im[y]) - (double)(left_im[z] * re[y]);
        }
    return sum;
}

static vec slope_lanes(size_t log_length, const real *left_re, const real *left_im, const real *re,
                       const real *im)
{
    vec sum = {0};
    for (size_t j = 0; j < (size_t)1 << log_length; j += LANES) {
        const vec a = load(re + j), b = load(im + j);
        vec x = partner(a, 0), y = partner(b, 0);
#pragma GCC unroll 4
        for (int k = 1; k < LANE_BITS; k++) {
            x += partner(a, k);
            y += partner(b, k);
        }
        sum += load(left_re + j) * y;
        sum -= load(left_im + j) * x;
    }
    return sum;
}

static double mixer_slope(size_t first, size_t log_length, const void *left_re, const void *left_im,
                          const void *re, const void *im)
{
    if (log_length < LANE_BITS)
        return slope_short(first, log_length, left_re, left_im, re, im);
    size_t bit = first;
    double sum = 0;
    if (bit == 0) {
        sum += add_up(slope_lanes(log_length, left_re, left_im, re, im));
        bit = LANE_BITS;
    }
    for (; bit + 2 <= log_length; bit += 2)
        sum += add_up(slope_two(bit, log_length, left_re, left_im, re, im));
    if (bit < log_length)
        sum += add_up(slope_one(bit, log_length, left_re, left_im, re, im));
    return sum;
}

static double flip_slope(size_t count, void *const left[4], void *const right[4])
{
    const real *e = left[0], *f = left[1], *g = left[2], *h = left[3];
    const real *a = right[0], *b = right[1], *c = right[2], *d = right[3];
    vec sum = {0};
    for (size_t z = 0; z < count; z += LANES) {
        const size_t y = count - LANES - z;
        sum += load(e + z) * reverse(load(d + y)) - load(f + z) * reverse(load(c + y));
        sum += reverse(load(g + y)) * load(b + z) - reverse(load(h + y)) * load(a + z);
    }
    return add_up(sum);
}

// costs[2^low]
INLINE void find_costs(size_t low, double first, const double *fields, const real *low_costs,
                       real *costs)
{
    costs[0] = (real)first;
    for (size_t k = 0; k < low; k++) {
        const real step = (real)(2 * fields[k]);
        for (size_t z = 0; z < (size_t)1 << k; z++)
            costs[((size_t)1 << k) + z] = costs[z] - step;
    }
    for (size_t z = 0; z < (size_t)1 << low; z++)
        costs[z] += low_costs[z];
}

static double weigh(size_t low, double first, const double *fields, const void *low_costs,
                    const void *re, const void *im, void *out_re, void *out_im)
{
    real costs[BLOCK];
    const real *a = re, *b = im;
    real *x = out_re, *y = out_im;
    double sums[8] = {0}, sum = 0;
    const size_t count = (size_t)1 << low;
    find_costs(low, first, fields, low_costs, costs);
    for (size_t z = 0; z < count; z++)
        sums[z % 8] += (double)(costs[z] * (a[z] * a[z] + b[z] * b[z]));
    for (size_t z = 0; z < count && out_re; z++) {
        x[z] = costs[z] * a[z];
        y[z] = costs[z] * b[z];
    }
    for (int i = 0; i < 8; i++)
        sum += sums[i];
    return sum;
}

static double phase_slope(size_t low, double first, const double *fields, const void *low_costs,
                          const void *left_re, const void *left_im, const void *re, const void *im)
{
    real costs[BLOCK];
    const real *a = re, *b = im, *c = left_re, *d = left_im;
    double sum = 0;
    const size_t count = (size_t)1 << low;
    find_costs(low, first, fields, low_costs, costs);
    if (count < LANES) {
        for (size_t z = 0; z < count; z++)
            sum += (double)(costs[z] * (c[z] * b[z] - d[z] * a[z]));
        return sum;
    }
    vec total = {0};
    for (size_t z = 0; z < count; z += LANES) {
        vec cost;
        __builtin_memcpy(&cost, costs + z, sizeof cost);
        total += cost * (load(c + z) * load(b + z) - load(d + z) * load(a + z));
    }
    return add_up(total);
}

static void move(size_t rows, size_t width, const void *from, size_t from_stride, void *to,
                 size_t to_stride)
{
    for (size_t row = 0; row < rows; row++) {
        const real *source = (const real *)from + row * from_stride;
        real *target = (real *)to + row * to_stride;
        for (size_t i = 0; i < width; i += LANES)
            store(target + i, load(source + i));
    }
}

static void narrow(size_t count, const double *from, void *to)
{
    for (size_t i = 0; i < count; i++)
        ((real *)to)[i] = (real)from[i];
}

static void fill(size_t count, double value, void *to)
{
    for (size_t i = 0; i < count; i++)
        ((real *)to)[i] = (real)value;
}

const qhm_qaoa_kernels QHM_TABLE = {
    .phase = phase,
    .mix = mix,
    .mixer_slope = mixer_slope,
    .flip = flip,
    .flip_slope = flip_slope,
    .weigh = weigh,
    .phase_slope = phase_slope,
    .move = move,
    .narrow = narrow,
    .fill = fill,
};
