// Tile kernels; compiled once per precision and instruction set.
//
// The loop over vectors of lanes is outside, so that coefficients of a lane stay in registers;
// rows are visited once for all that the kernel does.
#include "simulate/statevector/tile_kernels.h"

#include "simulate/statevector/vectors.h"

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
    vec_double rest = x - k * 1.57079632673412561417e+00;
    rest = rest - k * 6.07710050630396597660e-11;
#ifdef QHM_REAL_IS_double
    rest = rest - k * 2.02226624879595063154e-21;
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
    lane_index is_any = 0;
    for (size_t lane = 0; lane < LANES; lane++)
        is_any |= any[lane];
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

INLINE vec coefficient(const void *values, size_t lane, bool is_inverse)
{
    const vec value = load((const real *)values + lane);
    return is_inverse ? -value : value;
}

// Offsets, in reals, of the 2^count rows that are rotated together.
INLINE void group_offsets(const qhm_tile_rotation *rotation, size_t lanes, unsigned count,
                          size_t *offsets)
{
    for (size_t k = 0; k < (size_t)1 << count; k++) {
        offsets[k] = 0;
        for (unsigned d = 0; d < count; d++)
            offsets[k] ^= k >> d & 1 ? rotation->masks[d] * lanes : 0;
    }
}

INLINE void rotate_group(vec *x, const vec *tangents, unsigned count)
{
#pragma GCC unroll 3
    for (unsigned d = 0; d < count; d++)
#pragma GCC unroll 8
        for (size_t k = 0; k < (size_t)1 << count; k++)
            if (!(k >> d & 1)) {
                const size_t partner = k | (size_t)1 << d;
                const vec a = x[k], b = x[partner];
                x[k] = a - tangents[d] * b;
                x[partner] = b + tangents[d] * a;
            }
}

INLINE void rotate_array(real *array, size_t lanes, size_t lane, const qhm_tile_rotation *rotation,
                         const vec *tangents, unsigned count, bool is_scaled)
{
    const size_t size = (size_t)1 << count;
    const vec scale = is_scaled ? load((const real *)rotation->scale + lane) : splat(1);
    size_t offsets[1 << QHM_ROTATION_MAX];
    group_offsets(rotation, lanes, count, offsets);
    for (size_t g = 0; g < rotation->row_count; g++) {
        const size_t base = rotation->rows[g] * lanes;
        vec x[1 << QHM_ROTATION_MAX];
#pragma GCC unroll 8
        for (size_t k = 0; k < size; k++) {
            x[k] = load(array + (base ^ offsets[k]) + lane);
            if (is_scaled)
                x[k] *= scale;
        }
        rotate_group(x, tangents, count);
#pragma GCC unroll 8
        for (size_t k = 0; k < size; k++)
            store(array + (base ^ offsets[k]) + lane, x[k]);
    }
}

INLINE void rotate_tangent(const qhm_rows *tile, const qhm_tile_rotation *rotation, unsigned count,
                           bool is_scaled)
{
    for (size_t lane = 0; lane < tile->lanes; lane += LANES) {
        vec tangents[QHM_ROTATION_MAX];
        for (unsigned d = 0; d < count; d++)
            tangents[d] = coefficient(rotation->tangents[d], lane, rotation->is_inverse);
        rotate_array(tile->re, tile->lanes, lane, rotation, tangents, count, is_scaled);
        rotate_array(tile->im, tile->lanes, lane, rotation, tangents, count, is_scaled);
    }
}

// c x0 - s x1, c x1 + s x0: where only some rows take part, the cosine cannot be left to others.
static void rotate_some(const qhm_rows *tile, const qhm_tile_rotation *rotation)
{
    const size_t lanes = tile->lanes, offset = rotation->masks[0] * lanes;
    real *arrays[2] = {tile->re, tile->im};
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const vec c = coefficient(rotation->cosine, lane, false);
        const vec s = coefficient(rotation->tangents[0], lane, rotation->is_inverse);
        for (int part = 0; part < 2; part++)
            for (size_t g = 0; g < rotation->row_count; g++) {
                const size_t base = rotation->rows[g] * lanes;
                real *first = arrays[part] + base + lane;
                real *second = arrays[part] + (base ^ offset) + lane;
                const vec a = load(first), b = load(second);
                store(first, c * a - s * b);
                store(second, c * b + s * a);
            }
    }
}

static void rotate(const qhm_rows *tile, const qhm_tile_rotation *given)
{
    const qhm_tile_rotation copy = *given, *const rotation = &copy; // no store can change it
    if (rotation->cosine)
        rotate_some(tile, rotation);
    else if (rotation->count == 1)
        rotation->scale ? rotate_tangent(tile, rotation, 1, true)
                        : rotate_tangent(tile, rotation, 1, false);
    else if (rotation->count == 2)
        rotation->scale ? rotate_tangent(tile, rotation, 2, true)
                        : rotate_tangent(tile, rotation, 2, false);
    else
        rotation->scale ? rotate_tangent(tile, rotation, 3, true)
                        : rotate_tangent(tile, rotation, 3, false);
}

// The phase of a row, from those of its outer and inner part and the table.
INLINE void row_phase(const qhm_tile_diagonal *d, size_t o, size_t i, size_t lanes, size_t lane,
                      vec outer_re, vec outer_im, bool has_phases, bool has_table, vec *re, vec *im)
{
    *re = outer_re;
    *im = outer_im;
    if (has_phases) {
        const real *inner = (const real *)d->inner_phases + 2 * i * lanes + lane;
        const vec a = load(inner), b = load(inner + lanes);
        *re = outer_re * a - outer_im * b;
        *im = outer_re * b + outer_im * a;
    }
    if (has_table) {
        const real *table = (const real *)d->table + 2 * (o * d->inner_count + i);
        const vec x = *re, y = *im;
        *re = has_phases ? x * table[0] - y * table[1] : x * table[0];
        *im = has_phases ? x * table[1] + y * table[0] : x * table[1];
    }
}

// Without phases the factor is scale * table: outer_im is 0 and not looked at.
INLINE void outer_phase(const qhm_tile_diagonal *d, size_t o, size_t lanes, size_t lane,
                        bool has_phases, vec *re, vec *im)
{
    const vec scale = d->scale ? load((const real *)d->scale + lane) : splat(1);
    const real *outer = (const real *)d->outer_phases + 2 * o * lanes + lane;
    *re = has_phases ? load(outer) * scale : scale;
    *im = has_phases ? load(outer + lanes) * scale : splat(0);
}

INLINE void turn(real *re, real *im, vec c, vec s, bool is_inverse)
{
    const vec x = load(re), y = load(im);
    store(re, is_inverse ? c * x + s * y : c * x - s * y);
    store(im, is_inverse ? c * y - s * x : c * y + s * x);
}

INLINE void turn_rows(const qhm_rows *tile, const qhm_tile_diagonal *d, bool has_phases,
                      bool has_table, bool is_inverse)
{
    const size_t lanes = tile->lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        real *const re = (real *)tile->re + lane, *const im = (real *)tile->im + lane;
        for (size_t o = 0; o < d->outer_count; o++) {
            vec outer_re, outer_im, c, s;
            outer_phase(d, o, lanes, lane, has_phases, &outer_re, &outer_im);
            const uint32_t base = d->outer[o];
            for (size_t i = 0; i < d->inner_count; i++) {
                const size_t row = (base ^ d->inner[i]) * lanes;
                row_phase(d, o, i, lanes, lane, outer_re, outer_im, has_phases, has_table, &c, &s);
                turn(re + row, im + row, c, s, is_inverse);
            }
        }
    }
}

static void diagonal(const qhm_rows *tile, const qhm_tile_diagonal *given)
{
    const qhm_tile_diagonal copy = *given, *const d = &copy;
    if (!d->inner_phases)
        d->is_inverse ? turn_rows(tile, d, false, true, true)
                      : turn_rows(tile, d, false, true, false);
    else if (d->table)
        d->is_inverse ? turn_rows(tile, d, true, true, true)
                      : turn_rows(tile, d, true, true, false);
    else
        d->is_inverse ? turn_rows(tile, d, true, false, true)
                      : turn_rows(tile, d, true, false, false);
}

// Tangents of both signs: signed_tangents[k][1] where Z...Z is -1.
INLINE void sign_tangents(const qhm_tile_parities *p, size_t lane, unsigned count,
                          vec (*signed_tangents)[2])
{
    for (unsigned k = 0; k < count; k++) {
        signed_tangents[k][0] = coefficient(p->tangents[k], lane, p->is_inverse);
        signed_tangents[k][1] = -signed_tangents[k][0];
    }
}

INLINE void turn_parities(vec *x, vec *y, unsigned bits, unsigned count, vec (*signed_tangents)[2])
{
    for (unsigned k = 0; k < count; k++) {
        const vec t = signed_tangents[k][bits >> k & 1], a = *x, b = *y;
        *x = a + t * b;
        *y = b - t * a;
    }
}

INLINE void parities_of(const qhm_rows *tile, const qhm_tile_parities *p, unsigned count)
{
    const size_t lanes = tile->lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const vec scale = p->scale ? load((const real *)p->scale + lane) : splat(1);
        vec tangents[QHM_PARITY_MAX][2];
        sign_tangents(p, lane, count, tangents);
        real *const re = (real *)tile->re + lane, *const im = (real *)tile->im + lane;
        for (size_t row = 0; row < p->row_count; row++) {
            vec x = load(re + row * lanes) * scale, y = load(im + row * lanes) * scale;
            turn_parities(&x, &y, p->signs[row], count, tangents);
            store(re + row * lanes, x);
            store(im + row * lanes, y);
        }
    }
}

static void parities(const qhm_rows *tile, const qhm_tile_parities *p)
{
    switch (p->count) {
    case 1:
        parities_of(tile, p, 1);
        return;
    case 2:
        parities_of(tile, p, 2);
        return;
    default:
        parities_of(tile, p, p->count);
    }
}

static void exchange(const qhm_rows *tile, const uint32_t *rows, size_t row_count, uint32_t mask)
{
    const size_t lanes = tile->lanes;
    real *arrays[2] = {tile->re, tile->im};
    for (int part = 0; part < 2; part++)
        for (size_t g = 0; g < row_count; g++) {
            real *a = arrays[part] + rows[g] * lanes, *b = arrays[part] + (rows[g] ^ mask) * lanes;
            for (size_t lane = 0; lane < lanes; lane += LANES) {
                const vec x = load(a + lane);
                store(a + lane, load(b + lane));
                store(b + lane, x);
            }
        }
}

static void permute(const qhm_rows *tile, const uint32_t *cycles, bool is_inverse)
{
    const size_t lanes = tile->lanes;
    real *arrays[2] = {tile->re, tile->im};
    for (; *cycles; cycles += *cycles + 1) {
        const size_t length = *cycles, last = is_inverse ? 1 : length;
        for (int part = 0; part < 2; part++)
            for (size_t lane = 0; lane < lanes; lane += LANES) {
                real *const array = arrays[part] + lane;
                const vec kept = load(array + cycles[last] * lanes);
                size_t to = last;
                for (size_t i = 1; i < length; i++) {
                    const size_t from = is_inverse ? to + 1 : to - 1;
                    store(array + cycles[to] * lanes, load(array + cycles[from] * lanes));
                    to = from;
                }
                store(array + cycles[to] * lanes, kept);
            }
    }
}

static void add_to(double *sums, vec value)
{
    for (size_t lane = 0; lane < LANES; lane++)
        sums[lane] += (double)value[lane];
}

enum { CHUNK = 256 }; // groups or rows that are added up before doubles take over

INLINE void adjoint_array(real *psi, real *lambda, size_t lanes, size_t lane,
                          const qhm_tile_rotation *rotation, const vec *tangents, unsigned count,
                          bool is_scaled, double *sums)
{
    const size_t size = (size_t)1 << count;
    const vec scale = is_scaled ? load((const real *)rotation->scale + lane) : splat(1);
    size_t offsets[1 << QHM_ADJOINT_ROTATION_MAX];
    group_offsets(rotation, lanes, count, offsets);
    for (size_t begin = 0; begin < rotation->row_count; begin += CHUNK) {
        const size_t left = rotation->row_count - begin,
                     end = begin + (left < CHUNK ? left : CHUNK);
        vec sum[QHM_ADJOINT_ROTATION_MAX] = {splat(0), splat(0)};
        for (size_t g = begin; g < end; g++) {
            const size_t base = rotation->rows[g] * lanes;
            vec p[1 << QHM_ADJOINT_ROTATION_MAX], l[1 << QHM_ADJOINT_ROTATION_MAX];
#pragma GCC unroll 4
            for (size_t k = 0; k < size; k++) {
                p[k] = load(psi + (base ^ offsets[k]) + lane);
                l[k] = load(lambda + (base ^ offsets[k]) + lane);
            }
#pragma GCC unroll 2
            for (unsigned d = 0; d < count; d++)
#pragma GCC unroll 4
                for (size_t k = 0; k < size; k++)
                    if (!(k >> d & 1)) {
                        const size_t partner = k | (size_t)1 << d;
                        sum[d] = sum[d] + l[partner] * p[k];
                        sum[d] = sum[d] - l[k] * p[partner];
                    }
            rotate_group(p, tangents, count);
            rotate_group(l, tangents, count);
#pragma GCC unroll 4
            for (size_t k = 0; k < size; k++) {
                store(psi + (base ^ offsets[k]) + lane, is_scaled ? p[k] * scale : p[k]);
                store(lambda + (base ^ offsets[k]) + lane, is_scaled ? l[k] * scale : l[k]);
            }
        }
        for (unsigned d = 0; d < count; d++)
            add_to(sums + d * lanes + lane, sum[d]);
    }
}

INLINE void adjoint_tangent(const qhm_rows *psi, const qhm_rows *lambda,
                            const qhm_tile_rotation *rotation, unsigned count, bool is_scaled,
                            double *sums)
{
    const size_t lanes = psi->lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        vec tangents[QHM_ADJOINT_ROTATION_MAX];
        for (unsigned d = 0; d < count; d++)
            tangents[d] = coefficient(rotation->tangents[d], lane, rotation->is_inverse);
        adjoint_array(psi->re, lambda->re, lanes, lane, rotation, tangents, count, is_scaled, sums);
        adjoint_array(psi->im, lambda->im, lanes, lane, rotation, tangents, count, is_scaled, sums);
    }
}

// Im <lambda| Y |psi> over some pairs of rows.
static void some_sums(const qhm_rows *psi, const qhm_rows *lambda,
                      const qhm_tile_rotation *rotation, double *sums)
{
    const size_t lanes = psi->lanes, offset = rotation->masks[0] * lanes;
    real *const arrays[2][2] = {{psi->re, lambda->re}, {psi->im, lambda->im}};
    for (size_t lane = 0; lane < lanes; lane += LANES)
        for (int part = 0; part < 2; part++) {
            const real *p = arrays[part][0] + lane, *l = arrays[part][1] + lane;
            vec sum = splat(0);
            for (size_t g = 0; g < rotation->row_count; g++) {
                const size_t row = rotation->rows[g] * lanes;
                sum += load(l + (row ^ offset)) * load(p + row);
                sum -= load(l + row) * load(p + (row ^ offset));
            }
            add_to(sums + lane, sum);
        }
}

static void adjoint_rotate(const qhm_rows *psi, const qhm_rows *lambda,
                           const qhm_tile_rotation *given, double *sums)
{
    const qhm_tile_rotation copy = *given, *const rotation = &copy;
    for (size_t i = 0; i < rotation->count * psi->lanes; i++)
        sums[i] = 0;
    if (rotation->cosine) {
        some_sums(psi, lambda, rotation, sums);
        rotate_some(psi, rotation);
        rotate_some(lambda, rotation);
    } else if (rotation->count == 1) {
        rotation->scale ? adjoint_tangent(psi, lambda, rotation, 1, true, sums)
                        : adjoint_tangent(psi, lambda, rotation, 1, false, sums);
    } else {
        rotation->scale ? adjoint_tangent(psi, lambda, rotation, 2, true, sums)
                        : adjoint_tangent(psi, lambda, rotation, 2, false, sums);
    }
}

INLINE vec imaginary_product(const real *u, const real *v, const real *x, const real *y)
{
    return load(u) * load(y) - load(v) * load(x);
}

INLINE void adjoint_turn(const qhm_rows *psi, const qhm_rows *lambda, const qhm_tile_diagonal *d,
                         bool has_phases, bool has_table, void *inner_sums, void *outer_sums)
{
    const size_t lanes = psi->lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        real *const re = (real *)psi->re + lane, *const im = (real *)psi->im + lane;
        real *const lre = (real *)lambda->re + lane, *const lim = (real *)lambda->im + lane;
        real *const inner = (real *)inner_sums + lane, *const outer = (real *)outer_sums + lane;
        for (size_t o = 0; o < d->outer_count; o++) {
            vec outer_re, outer_im, c, s, sum = splat(0);
            outer_phase(d, o, lanes, lane, has_phases, &outer_re, &outer_im);
            const uint32_t base = d->outer[o];
            for (size_t i = 0; i < d->inner_count; i++) {
                const size_t row = (base ^ d->inner[i]) * lanes;
                row_phase(d, o, i, lanes, lane, outer_re, outer_im, has_phases, has_table, &c, &s);
                turn(re + row, im + row, c, s, true);
                turn(lre + row, lim + row, c, s, true);
                const vec w = imaginary_product(lre + row, lim + row, re + row, im + row);
                sum += w;
                store(inner + i * lanes, load(inner + i * lanes) + w);
            }
            store(outer + o * lanes, load(outer + o * lanes) + sum);
        }
    }
}

static void adjoint_diagonal(const qhm_rows *psi, const qhm_rows *lambda,
                             const qhm_tile_diagonal *given, void *inner_sums, void *outer_sums)
{
    const qhm_tile_diagonal copy = *given, *const d = &copy;
    if (!d->inner_phases)
        adjoint_turn(psi, lambda, d, false, true, inner_sums, outer_sums);
    else if (d->table)
        adjoint_turn(psi, lambda, d, true, true, inner_sums, outer_sums);
    else
        adjoint_turn(psi, lambda, d, true, false, inner_sums, outer_sums);
}

static void adjoint_parities(const qhm_rows *psi, const qhm_rows *lambda,
                             const qhm_tile_parities *p, double *sums)
{
    const size_t lanes = psi->lanes;
    for (size_t i = 0; i < p->count * lanes; i++)
        sums[i] = 0;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const vec scale = p->scale ? load((const real *)p->scale + lane) : splat(1);
        vec tangents[QHM_PARITY_MAX][2];
        sign_tangents(p, lane, p->count, tangents);
        real *const re = (real *)psi->re + lane, *const im = (real *)psi->im + lane;
        real *const lre = (real *)lambda->re + lane, *const lim = (real *)lambda->im + lane;
        vec sum[QHM_PARITY_MAX][2] = {{splat(0)}};
        for (size_t r = 0; r < p->row_count; r++) {
            const size_t row = r * lanes;
            vec x = load(re + row) * scale, y = load(im + row) * scale;
            vec u = load(lre + row) * scale, v = load(lim + row) * scale;
            turn_parities(&x, &y, p->signs[r], p->count, tangents);
            turn_parities(&u, &v, p->signs[r], p->count, tangents);
            store(re + row, x);
            store(im + row, y);
            store(lre + row, u);
            store(lim + row, v);
            const vec w = u * y - v * x;
            for (unsigned k = 0; k < p->count; k++)
                sum[k][p->signs[r] >> k & 1] += w;
        }
        for (unsigned k = 0; k < p->count; k++)
            add_to(sums + k * lanes + lane, sum[k][0] - sum[k][1]);
    }
}

static void marginals(const qhm_rows *psi, const qhm_tile_diagonal *d, void *inner_sums,
                      void *outer_sums)
{
    const size_t lanes = psi->lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const real *re = (const real *)psi->re + lane, *im = (const real *)psi->im + lane;
        real *const inner = (real *)inner_sums + lane, *const outer = (real *)outer_sums + lane;
        for (size_t i = 0; i < d->inner_count; i++)
            store(inner + i * lanes, splat(0));
        for (size_t o = 0; o < d->outer_count; o++) {
            vec sum = splat(0);
            const uint32_t base = d->outer[o];
            for (size_t i = 0; i < d->inner_count; i++) {
                const size_t row = (base ^ d->inner[i]) * lanes;
                const vec x = load(re + row), y = load(im + row), p = x * x + y * y;
                sum += p;
                store(inner + i * lanes, load(inner + i * lanes) + p);
            }
            store(outer + o * lanes, sum);
        }
    }
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

static void weigh(const qhm_rows *psi, const qhm_rows *lambda, const qhm_tile_diagonal *d,
                  const void *inner_weights, const void *outer_weights)
{
    const size_t lanes = psi->lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const real *re = (const real *)psi->re + lane, *im = (const real *)psi->im + lane;
        real *const lre = (real *)lambda->re + lane, *const lim = (real *)lambda->im + lane;
        for (size_t o = 0; o < d->outer_count; o++) {
            const vec outer = load((const real *)outer_weights + o * lanes + lane);
            const uint32_t base = d->outer[o];
            for (size_t i = 0; i < d->inner_count; i++) {
                const size_t row = (base ^ d->inner[i]) * lanes;
                const vec w = outer + load((const real *)inner_weights + i * lanes + lane);
                store(lre + row, w * load(re + row));
                store(lim + row, w * load(im + row));
            }
        }
    }
}

extern const qhm_tile_kernels QHM_TABLE;

const qhm_tile_kernels QHM_TABLE = {
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
    .rotate = rotate,
    .diagonal = diagonal,
    .parities = parities,
    .exchange = exchange,
    .permute = permute,
    .adjoint_rotate = adjoint_rotate,
    .adjoint_diagonal = adjoint_diagonal,
    .adjoint_parities = adjoint_parities,
    .marginals = marginals,
    .signed_sum = signed_sum,
    .signed_add = signed_add,
    .weigh = weigh,
};
