// Value kernels; compiled once per precision and instruction set.
#include "simulate/statevector/value_kernels.h"

#include "base/vectors.h"

typedef double vec_double __attribute__((vector_size(LANES * 8)));

// A cosine this small is as good as zero, and its inverse to the fourth power still in range.
#ifdef QHM_REAL_IS_double
#define SMALLEST_COSINE 0x1p-60
#else
#define SMALLEST_COSINE 0x1p-30f
#endif

INLINE vec negate_where(vec_index bits, vec x)
{
    const vec_index sign = {0};
    return (vec)((vec_index)x ^ ((sign - ((bits >> 1) & 1)) & (vec_index)splat((real)-0.0)));
}

INLINE vec choose(vec_index mask, vec yes, vec no)
{
    return (vec)(((vec_index)yes & mask) | ((vec_index)no & ~mask));
}

// Cody and Waite: x - k pi/2 in parts that are exact for moderate k; then polynomials on
// [-pi/4, pi/4] (Sun's fdlibm for double, Cephes for float).
INLINE void vector_sincos(const double *arguments, vec *cosine, vec *sine)
{
    typedef vec_double unaligned __attribute__((aligned(8), may_alias));
    const vec_double x = *(const unaligned *)arguments;
    const vec_double shifted = x * 0.63661977236758134308 + 0x1.8p52;
    const vec_double k = shifted - 0x1.8p52;
#ifdef QHM_REAL_IS_double
    const vec_index quarter = (vec_index)shifted;
#else
    const vec_index quarter = __builtin_convertvector(__builtin_convertvector(k, vec), vec_index);
#endif
#ifdef QHM_REAL_IS_double
    vec_double rest = x - k * 1.57079632673412561417e+00;
    rest = rest - k * 6.07710050630396597660e-11;
    rest = rest - k * 2.02226624879595063154e-21;
#else
    const vec_double rest = x - k * 1.57079632679489661923; // exact enough for a float
#endif
    const vec r = __builtin_convertvector(rest, vec), z = r * r;
#ifdef QHM_REAL_IS_double
    vec s = z * 1.58969099521155010221e-10 - 2.50507602534068634195e-08;
    s = s * z + 2.75573137070700676789e-06;
    s = s * z - 1.98412698298579493134e-04;
    s = s * z + 8.33333333332248946124e-03;
    s = s * z - 1.66666666666666324348e-01;
    vec c = z * -1.13596475577881948265e-11 + 2.08757232129817482790e-09;
    c = c * z - 2.75573143513906633035e-07;
    c = c * z + 2.48015872894767294178e-05;
    c = c * z - 1.38888888888741095749e-03;
    c = c * z + 4.16666666666666019037e-02;
    c = 1 - (z * 0.5 - z * z * c);
#else
    vec s = (z * -1.9515295891e-4f + 8.3321608736e-3f) * z - 1.6666654611e-1f;
    vec c = (z * 2.443315711809948e-5f - 1.388731625493765e-3f) * z + 4.166664568298827e-2f;
    c = 1 - z * 0.5f + z * z * c;
#endif
    s = r + r * z * s;
    const vec_index is_odd = -(quarter & 1);
    *cosine = negate_where(quarter + 1, choose(is_odd, s, c));
    *sine = negate_where(quarter, choose(is_odd, c, s));
}

enum { DOUBLES = VECTOR_BYTES / 8 };
typedef double vec_argument __attribute__((vector_size(VECTOR_BYTES)));
typedef vec_argument unaligned_argument __attribute__((aligned(8), may_alias));
typedef int64_t argument_index __attribute__((vector_size(VECTOR_BYTES)));

INLINE void swap_off_diagonal(vec_argument *a, vec_argument *b, argument_index low,
                              argument_index high)
{
    const vec_argument x = *a, y = *b;
#if defined(__clang__)
    for (int i = 0; i < DOUBLES; i++) {
        (*a)[i] = low[i] < DOUBLES ? x[low[i]] : y[low[i] - DOUBLES];
        (*b)[i] = high[i] < DOUBLES ? x[high[i]] : y[high[i] - DOUBLES];
    }
#else
    *a = __builtin_shuffle(x, y, low);
    *b = __builtin_shuffle(x, y, high);
#endif
}

// Transposes x[DOUBLES][DOUBLES]: at each distance, blocks off the diagonal change places.
INLINE void transpose(vec_argument *x)
{
#if VECTOR_BYTES == 16
    swap_off_diagonal(&x[0], &x[1], (argument_index){0, 2}, (argument_index){1, 3});
#elif VECTOR_BYTES == 32
    for (int i = 0; i < 4; i += 2)
        swap_off_diagonal(&x[i], &x[i + 1], (argument_index){0, 4, 2, 6},
                          (argument_index){1, 5, 3, 7});
    for (int i = 0; i < 2; i++)
        swap_off_diagonal(&x[i], &x[i + 2], (argument_index){0, 1, 4, 5},
                          (argument_index){2, 3, 6, 7});
#else
    for (int i = 0; i < 8; i += 2)
        swap_off_diagonal(&x[i], &x[i + 1], (argument_index){0, 8, 2, 10, 4, 12, 6, 14},
                          (argument_index){1, 9, 3, 11, 5, 13, 7, 15});
    for (int i = 0; i < 8; i += i & 1 ? 3 : 1)
        swap_off_diagonal(&x[i], &x[i + 2], (argument_index){0, 1, 8, 9, 4, 5, 12, 13},
                          (argument_index){2, 3, 10, 11, 6, 7, 14, 15});
    for (int i = 0; i < 4; i++)
        swap_off_diagonal(&x[i], &x[i + 4], (argument_index){0, 1, 2, 3, 8, 9, 10, 11},
                          (argument_index){4, 5, 6, 7, 12, 13, 14, 15});
#endif
}

static bool arguments(size_t count, size_t lanes, const double *values, size_t rows, size_t stride,
                      const double *scales, const double *offsets, double *out)
{
    const vec_argument most = QHM_LARGEST_ARGUMENT - (vec_argument){0};
    argument_index is_large = {0};
    for (size_t lane = 0; lane < lanes; lane += DOUBLES) {
        const double *from[DOUBLES];
        for (size_t i = 0; i < DOUBLES; i++)
            from[i] = values + (lane + i < rows ? lane + i : rows - 1) * stride;
        size_t e = 0;
        for (; e + DOUBLES <= count; e += DOUBLES) {
            const vec_argument a = *(const unaligned_argument *)(scales + e);
            const vec_argument b = *(const unaligned_argument *)(offsets + e);
            vec_argument x[DOUBLES];
            for (size_t i = 0; i < DOUBLES; i++) {
                x[i] = *(const unaligned_argument *)(from[i] + e) * a + b;
                is_large |= (x[i] > most) | (x[i] < -most);
            }
            transpose(x);
            for (size_t i = 0; i < DOUBLES; i++)
                *(unaligned_argument *)(out + (e + i) * lanes + lane) = x[i];
        }
        for (; e < count; e++)
            for (size_t i = 0; i < DOUBLES; i++) {
                const double x = from[i][e] * scales[e] + offsets[e];
                is_large[i] |= -(x > QHM_LARGEST_ARGUMENT || x < -QHM_LARGEST_ARGUMENT);
                out[e * lanes + lane + i] = x;
            }
    }
    int64_t any = 0;
    for (size_t i = 0; i < DOUBLES; i++)
        any |= is_large[i];
    return any == 0;
}

static void scatter(size_t count, size_t lanes, const double *gradients, const double *factors,
                    size_t rows, size_t stride, double *out)
{
    for (size_t row = 0; row < rows; row += DOUBLES) {
        const size_t some = rows - row < DOUBLES ? rows - row : DOUBLES;
        size_t e = 0;
        for (; e + DOUBLES <= count; e += DOUBLES) {
            vec_argument x[DOUBLES];
            for (size_t i = 0; i < DOUBLES; i++)
                x[i] = *(const unaligned_argument *)(gradients + (e + i) * lanes + row) *
                       factors[e + i];
            transpose(x);
            for (size_t i = 0; i < some; i++)
                *(unaligned_argument *)(out + (row + i) * stride + e) = x[i];
        }
        for (; e < count; e++)
            for (size_t i = 0; i < some; i++)
                out[(row + i) * stride + e] = factors[e] * gradients[e * lanes + row + i];
    }
}

static void sincos_lanes(size_t count, size_t lanes, const double *arguments, void *out)
{
    for (size_t e = 0; e < count; e++)
        for (size_t lane = 0; lane < lanes; lane += LANES) {
            real *to = (real *)out + 2 * e * lanes + lane;
            vec c, s;
            vector_sincos(arguments + e * lanes + lane, &c, &s);
            store(to, c);
            store(to + lanes, s);
        }
}

static void tangent(size_t lanes, void *cos_sin, void *tangents)
{
    real *c = cos_sin, *t = tangents;
    const real *s = c + lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const vec least = splat(SMALLEST_COSINE), given = load(c + lane);
        const vec cosine = choose((given < least) & (given > -least), least, given);
        store(c + lane, cosine);
        store(t + lane, load(s + lane) / cosine);
    }
}

static void scale(size_t lanes, const void *factor, void *product)
{
    real *p = product;
    for (size_t lane = 0; lane < lanes; lane += LANES)
        store(p + lane, load(p + lane) * load((const real *)factor + lane));
}

static bool defer(size_t lanes, double limit, void *product, void *scale)
{
    real *p = product, *s = scale;
    vec_index any = {0};
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const vec x = load(p + lane), most = splat((real)limit), one = splat(1);
        const vec_index is_small = (x < most) & (x > -most);
        any |= is_small;
        store(s + lane, choose(is_small, x, one));
        store(p + lane, choose(is_small, one, x));
    }
    const argument_index halves = (argument_index)any; // fewer and larger numbers to look at
    int64_t is_any = 0;
    for (size_t i = 0; i < DOUBLES; i++)
        is_any |= halves[i];
    return is_any != 0;
}

static void gradient(size_t lanes, double factor, const double *sums, const void *lacking,
                     double *out)
{
    for (size_t lane = 0; lane < lanes; lane++) {
        const double p = (double)((const real *)lacking)[lane];
        out[lane] = factor * sums[lane] * (p * p);
    }
}

static void begin_phases(size_t lanes, void *table)
{
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        store((real *)table + lane, splat(1));
        store((real *)table + lanes + lane, splat(0));
    }
}

static void double_phases(size_t lanes, size_t count, const void *cos_sin, void *table)
{
    const real *factor = cos_sin;
    const size_t step = 2 * lanes * count;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        real *const to = (real *)table + lane;
        const vec c = factor ? load(factor + lane) : splat(1);
        const vec s = factor ? load(factor + lanes + lane) : splat(0);
        for (size_t i = 0; i < count; i++) {
            real *low = to + 2 * i * lanes, *high = low + step;
            const vec x = load(low), y = load(low + lanes);
            store(low, c * x + s * y);
            store(low + lanes, c * y - s * x);
            store(high, c * x - s * y);
            store(high + lanes, c * y + s * x);
        }
    }
}

static void multiply(size_t lanes, size_t count, const void *constants, void *table)
{
    const real *factor = constants;
    for (size_t i = 0; i < count; i++)
        for (size_t lane = 0; lane < lanes; lane += LANES) {
            real *re = (real *)table + 2 * i * lanes + lane, *im = re + lanes;
            const vec x = load(re), y = load(im);
            store(re, x * factor[2 * i] - y * factor[2 * i + 1]);
            store(im, y * factor[2 * i] + x * factor[2 * i + 1]);
        }
}

static void multiply_parity(size_t lanes, size_t count, size_t mask, const void *cos_sin,
                            void *table)
{
    const real *factor = cos_sin;
    for (size_t i = 0; i < count; i++) {
        const real sign = __builtin_parityll(i & mask) ? 1 : -1;
        for (size_t lane = 0; lane < lanes; lane += LANES) {
            real *re = (real *)table + 2 * i * lanes + lane, *im = re + lanes;
            const vec c = load(factor + lane), s = sign * load(factor + lanes + lane);
            const vec x = load(re), y = load(im);
            store(re, c * x - s * y);
            store(im, c * y + s * x);
        }
    }
}

static void fill(size_t lanes, double value, void *out)
{
    for (size_t lane = 0; lane < lanes; lane += LANES)
        store((real *)out + lane, splat((real)value));
}

static void signed_sum(size_t lanes, size_t count, size_t mask, const void *sums, double factor,
                       double *out)
{
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        vec sum = splat(0);
        for (size_t i = 0; i < count; i++) {
            const vec x = load((const real *)sums + i * lanes + lane);
            sum = __builtin_parityll(i & mask) ? sum - x : sum + x;
        }
        for (size_t i = 0; i < LANES; i++)
            out[lane + i] = factor * (double)sum[i];
    }
}

static void signed_add(size_t lanes, size_t count, size_t mask, const double *weights, void *sums)
{
    real *to = sums;
    for (size_t i = 0; i < count; i++) {
        const real sign = __builtin_parityll(i & mask) ? -1 : 1;
        for (size_t lane = 0; lane < lanes; lane++)
            to[i * lanes + lane] += sign * (real)weights[lane];
    }
}

extern const qhm_value_kernels QHM_TABLE;

const qhm_value_kernels QHM_TABLE = {
    .arguments = arguments,
    .sincos = sincos_lanes,
    .tangent = tangent,
    .scale = scale,
    .defer = defer,
    .gradient = gradient,
    .begin_phases = begin_phases,
    .double_phases = double_phases,
    .multiply = multiply,
    .multiply_parity = multiply_parity,
    .fill = fill,
    .signed_sum = signed_sum,
    .signed_add = signed_add,
    .scatter = scatter,
};
