// Row kernels of the state-vector simulator; compiled once per precision and instruction set.
//
// Every kernel holds its coefficients in registers: the loop over vectors of lanes is outside,
// the walk over rows inside.
#include "simulate/statevector/statevector_kernels.h"

#include "base/vectors.h"

#include <stdint.h>
#include <string.h>

enum { TERMS = 64 };

// Lane i of the result is lane order[i] of x. The fuzzers are built with clang, which has no
// shuffle by a variable.
static inline vec shuffle(vec x, vec_index order)
{
#if defined(__clang__)
    vec out;
    for (lane_index lane = 0; lane < LANES; lane++)
        out[lane] = x[order[lane]];
    return out;
#else
    return __builtin_shuffle(x, order);
#endif
}

static inline vec coefficient(const qhm_row_gate *gate, size_t lanes, size_t which, size_t lane)
{
    const real *all = gate->coefficients;
    return gate->is_uniform ? splat(all[which]) : load(all + which * lanes + lane);
}

// The lowest row of the walk with number `number`: its bits spread over those not fixed.
static inline size_t walk_start(size_t number, size_t fixed)
{
    size_t row = 0;
    for (size_t bit = 1; number; bit <<= 1) {
        if (fixed & bit)
            continue;
        if (number & 1)
            row |= bit;
        number >>= 1;
    }
    return row;
}

// Adding 1 with all fixed bits set carries over them.
static inline size_t walk_next(size_t row, size_t fixed)
{
    return ((row | fixed) + 1) & ~fixed;
}

static inline vec parity_sign(size_t row, size_t mask)
{
    static const real signs[2] = {1, -1};
    return splat(signs[__builtin_parityll(row & mask)]);
}

static inline vec_index partner_index(size_t flip)
{
    vec_index index;
    for (lane_index lane = 0; lane < LANES; lane++)
        index[lane] = lane ^ (lane_index)flip;
    return index;
}

static void sincos_all(size_t count, const double *restrict arguments, void *cosines, void *sines)
{
    // Cody and Waite: x - k pi/2 in three parts, exact for |k| < 2^20; then polynomials on
    // [-pi/4, pi/4] (Sun's fdlibm for double, Cephes for float).
    const double to_quarters = 0.63661977236758134308, round = 0x1.8p52;
    const double part0 = 1.57079632673412561417e+00, part1 = 6.07710050630396597660e-11,
                 part2 = 2.02226624879595063154e-21;
    real *restrict c = cosines, *restrict s = sines;
    for (size_t i = 0; i < count; i++) {
        double shifted = arguments[i] * to_quarters + round;
        uint64_t bits;
        memcpy(&bits, &shifted, sizeof bits);
        double k = shifted - round;
        real r = (real)(((arguments[i] - k * part0) - k * part1) - k * part2);
        real z = r * r;
#ifdef QHM_REAL_IS_double
        real sine = ((((1.58969099521155010221e-10 * z - 2.50507602534068634195e-08) * z +
                       2.75573137070700676789e-06) *
                          z -
                      1.98412698298579493134e-04) *
                         z +
                     8.33333333332248946124e-03) *
                        z -
                    1.66666666666666324348e-01;
        real cosine = ((((-1.13596475577881948265e-11 * z + 2.08757232129817482790e-09) * z -
                         2.75573143513906633035e-07) *
                            z +
                        2.48015872894767294178e-05) *
                           z -
                       1.38888888888741095749e-03) *
                          z +
                      4.16666666666666019037e-02;
        cosine = 1 - (z * (real)0.5 - z * z * cosine);
#else
        real sine = (-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f;
        real cosine =
            (2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f;
        cosine = 1 - z * 0.5f + z * z * cosine;
#endif
        sine = r + r * z * sine;
        real swapped_c = (bits & 1) ? sine : cosine;
        real swapped_s = (bits & 1) ? cosine : sine;
        c[i] = ((bits + 1) & 2) ? -swapped_c : swapped_c;
        s[i] = (bits & 2) ? -swapped_s : swapped_s;
    }
}

static void from_double(size_t count, const double *from, void *to)
{
    real *out = to;
    for (size_t i = 0; i < count; i++)
        out[i] = (real)from[i];
}

static void gather(size_t count, const void *from, size_t offset, size_t stride, double *to)
{
    const real *in = (const real *)from + offset;
    for (size_t i = 0; i < count; i++)
        to[i] = (double)in[i * stride];
}

static void combine(size_t count, const void *patterns, const void *cosines, const void *sines,
                    size_t which, void *out)
{
    const real *p0 = patterns, *p1 = p0 + count, *p2 = p1 + count;
    real c = ((const real *)cosines)[which], s = ((const real *)sines)[which];
    real *to = out;
    for (size_t i = 0; i < count; i++)
        to[i] = p0[i] + c * p1[i] + s * p2[i];
}

static void pair(const void *cosines, const void *sines, size_t which, void *out)
{
    ((real *)out)[0] = ((const real *)cosines)[which];
    ((real *)out)[1] = ((const real *)sines)[which];
}

static void rotate_x(const qhm_rows *state, const qhm_row_gate *gate, size_t first, size_t last)
{
    const size_t lanes = state->lanes, fixed = gate->fixed, step = gate->targets[0] * lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const vec c = coefficient(gate, lanes, 0, lane);
        const vec s = coefficient(gate, lanes, 1, lane) * (real)gate->sign;
        real *const re = (real *)state->re + gate->controls * lanes + lane;
        real *const im = (real *)state->im + gate->controls * lanes + lane;
        size_t row = walk_start(first, fixed);
        for (size_t i = first; i < last; i++, row = walk_next(row, fixed)) {
            real *re0 = re + row * lanes, *im0 = im + row * lanes;
            vec x0 = load(re0), y0 = load(im0), x1 = load(re0 + step), y1 = load(im0 + step);
            store(re0, c * x0 + s * y1);
            store(im0, c * y0 - s * x1);
            store(re0 + step, c * x1 + s * y0);
            store(im0 + step, c * y1 - s * x0);
        }
    }
}

static inline __attribute__((always_inline)) void apply_real(const qhm_rows *state,
                                                             const qhm_row_gate *gate, size_t first,
                                                             size_t last, bool is_rotation)
{
    const size_t lanes = state->lanes, fixed = gate->fixed, step = gate->targets[0] * lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const vec m00 = coefficient(gate, lanes, 0, lane);
        const vec m10 = is_rotation ? coefficient(gate, lanes, 1, lane) * (real)gate->sign
                                    : coefficient(gate, lanes, 2, lane);
        const vec m01 = is_rotation ? -m10 : coefficient(gate, lanes, 1, lane);
        const vec m11 = is_rotation ? m00 : coefficient(gate, lanes, 3, lane);
        real *const re = (real *)state->re + gate->controls * lanes + lane;
        real *const im = (real *)state->im + gate->controls * lanes + lane;
        size_t row = walk_start(first, fixed);
        for (size_t i = first; i < last; i++, row = walk_next(row, fixed)) {
            real *re0 = re + row * lanes, *im0 = im + row * lanes;
            vec x0 = load(re0), y0 = load(im0), x1 = load(re0 + step), y1 = load(im0 + step);
            store(re0, m00 * x0 + m01 * x1);
            store(im0, m00 * y0 + m01 * y1);
            store(re0 + step, m11 * x1 + m10 * x0);
            store(im0 + step, m11 * y1 + m10 * y0);
        }
    }
}

static void rotate_y(const qhm_rows *state, const qhm_row_gate *gate, size_t first, size_t last)
{
    apply_real(state, gate, first, last, true);
}

static void real_matrix(const qhm_rows *state, const qhm_row_gate *gate, size_t first, size_t last)
{
    apply_real(state, gate, first, last, false);
}

static void matrix(const qhm_rows *state, const qhm_row_gate *gate, size_t first, size_t last)
{
    const size_t lanes = state->lanes, fixed = gate->fixed, step = gate->targets[0] * lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        vec a[4], b[4]; // real and imaginary parts of the matrix
        for (size_t i = 0; i < 4; i++) {
            a[i] = coefficient(gate, lanes, i, lane);
            b[i] = coefficient(gate, lanes, 4 + i, lane);
        }
        real *const re = (real *)state->re + gate->controls * lanes + lane;
        real *const im = (real *)state->im + gate->controls * lanes + lane;
        size_t row = walk_start(first, fixed);
        for (size_t i = first; i < last; i++, row = walk_next(row, fixed)) {
            real *re0 = re + row * lanes, *im0 = im + row * lanes;
            vec x0 = load(re0), y0 = load(im0), x1 = load(re0 + step), y1 = load(im0 + step);
            store(re0, (a[0] * x0 - b[0] * y0) + (a[1] * x1 - b[1] * y1));
            store(im0, (a[0] * y0 + b[0] * x0) + (a[1] * y1 + b[1] * x1));
            store(re0 + step, (a[2] * x0 - b[2] * y0) + (a[3] * x1 - b[3] * y1));
            store(im0 + step, (a[2] * y0 + b[2] * x0) + (a[3] * y1 + b[3] * x1));
        }
    }
}

static void phase(const qhm_rows *state, const qhm_row_gate *gate, size_t first, size_t last)
{
    const size_t lanes = state->lanes, fixed = gate->fixed;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const vec c = coefficient(gate, lanes, 0, lane);
        const vec s = coefficient(gate, lanes, 1, lane) * (real)gate->sign;
        real *const re = (real *)state->re + gate->controls * lanes + lane;
        real *const im = (real *)state->im + gate->controls * lanes + lane;
        size_t row = walk_start(first, fixed);
        for (size_t i = first; i < last; i++, row = walk_next(row, fixed)) {
            vec x = load(re + row * lanes), y = load(im + row * lanes);
            store(re + row * lanes, c * x - s * y);
            store(im + row * lanes, c * y + s * x);
        }
    }
}

static void parity(const qhm_rows *state, const qhm_row_gate *gate, size_t first, size_t last)
{
    // Rows come in pairs that differ in one bit of the parity, and so in sign.
    const size_t lanes = state->lanes, fixed = gate->fixed, step = gate->targets[0] * lanes;
    const size_t rest = gate->parity;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const vec c = coefficient(gate, lanes, 0, lane);
        const vec s = coefficient(gate, lanes, 1, lane) * (real)gate->sign;
        real *const re = (real *)state->re + gate->controls * lanes + lane;
        real *const im = (real *)state->im + gate->controls * lanes + lane;
        size_t row = walk_start(first, fixed);
        for (size_t i = first; i < last; i++, row = walk_next(row, fixed)) {
            real *re0 = re + row * lanes, *im0 = im + row * lanes;
            vec t = rest ? s * parity_sign(row, rest) : s;
            vec x0 = load(re0), y0 = load(im0), x1 = load(re0 + step), y1 = load(im0 + step);
            store(re0, c * x0 + t * y0);
            store(im0, c * y0 - t * x0);
            store(re0 + step, c * x1 - t * y1);
            store(im0 + step, c * y1 + t * x1);
        }
    }
}

static void exchange(const qhm_rows *state, const qhm_row_gate *gate, size_t first, size_t last)
{
    const size_t lanes = state->lanes, fixed = gate->fixed, step = gate->targets[0] * lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        real *const re = (real *)state->re + gate->controls * lanes + lane;
        real *const im = (real *)state->im + gate->controls * lanes + lane;
        size_t row = walk_start(first, fixed);
        for (size_t i = first; i < last; i++, row = walk_next(row, fixed)) {
            real *re0 = re + row * lanes, *im0 = im + row * lanes;
            vec x0 = load(re0), y0 = load(im0);
            store(re0, load(re0 + step));
            store(im0, load(im0 + step));
            store(re0 + step, x0);
            store(im0 + step, y0);
        }
    }
}

static void mix(const qhm_rows *state, const qhm_row_gate *gate, size_t first, size_t last)
{
    const size_t lanes = state->lanes, fixed = gate->fixed;
    const vec_index partner = partner_index(gate->flip);
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const vec a = coefficient(gate, lanes, 0, lane), b = coefficient(gate, lanes, 1, lane);
        const vec c = coefficient(gate, lanes, 2, lane) * (real)gate->sign;
        const vec d = coefficient(gate, lanes, 3, lane) * (real)gate->sign;
        real *const re = (real *)state->re + gate->controls * lanes + lane;
        real *const im = (real *)state->im + gate->controls * lanes + lane;
        size_t row = walk_start(first, fixed);
        for (size_t i = first; i < last; i++, row = walk_next(row, fixed)) {
            vec x = load(re + row * lanes), y = load(im + row * lanes);
            vec u = shuffle(x, partner), v = shuffle(y, partner);
            store(re + row * lanes, (a * x - b * y) + (c * u - d * v));
            store(im + row * lanes, (a * y + b * x) + (c * v + d * u));
        }
    }
}

static void dense(const qhm_rows *state, const qhm_row_gate *gate, size_t first, size_t last)
{
    const size_t lanes = state->lanes, fixed = gate->fixed;
    const size_t dimension = (size_t)1 << gate->target_count;
    size_t offsets[1 << QHM_DENSE_MAX_TARGETS] = {0};
    for (size_t i = 0; i < dimension; i++)
        for (unsigned t = 0; t < gate->target_count; t++)
            offsets[i] += (i >> t & 1) * gate->targets[t] * lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        real *const re = (real *)state->re + gate->controls * lanes + lane;
        real *const im = (real *)state->im + gate->controls * lanes + lane;
        size_t row = walk_start(first, fixed);
        for (size_t i = first; i < last; i++, row = walk_next(row, fixed)) {
            vec x[1 << QHM_DENSE_MAX_TARGETS], y[1 << QHM_DENSE_MAX_TARGETS];
            for (size_t k = 0; k < dimension; k++) {
                x[k] = load(re + row * lanes + offsets[k]);
                y[k] = load(im + row * lanes + offsets[k]);
            }
            for (size_t j = 0; j < dimension; j++) {
                vec sum_re = splat(0), sum_im = splat(0);
                for (size_t k = 0; k < dimension; k++) {
                    vec a = coefficient(gate, lanes, j * dimension + k, lane);
                    vec b = coefficient(gate, lanes, (dimension + j) * dimension + k, lane);
                    sum_re += a * x[k] - b * y[k];
                    sum_im += a * y[k] + b * x[k];
                }
                store(re + row * lanes + offsets[j], sum_re);
                store(im + row * lanes + offsets[j], sum_im);
            }
        }
    }
}

static void write_sum(double *sums, vec value)
{
    for (size_t lane = 0; lane < LANES; lane++)
        sums[lane] = (double)value[lane];
}

static void diagonal_sums(const qhm_rows *state, size_t term_count, const size_t *masks,
                          size_t first, size_t last, double *sums)
{
    const size_t lanes = state->lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const real *re = (const real *)state->re + lane, *im = (const real *)state->im + lane;
        for (size_t begin = 0; begin < term_count; begin += TERMS) {
            size_t count = term_count - begin < TERMS ? term_count - begin : TERMS;
            vec sum[TERMS];
            for (size_t t = 0; t < count; t++)
                sum[t] = splat(0);
            for (size_t row = first; row < last; row++) {
                vec x = load(re + row * lanes), y = load(im + row * lanes);
                vec p = x * x + y * y;
                for (size_t t = 0; t < count; t++)
                    sum[t] += p * parity_sign(row, masks[begin + t]);
            }
            for (size_t t = 0; t < count; t++)
                write_sum(sums + (begin + t) * lanes + lane, sum[t]);
        }
    }
}

static void inner(const qhm_rows *bra, const qhm_rows *ket, const qhm_row_gate *gate, size_t first,
                  size_t last, double *sums)
{
    const size_t lanes = ket->lanes, fixed = gate->fixed, mask = gate->parity;
    const size_t controls = gate->controls, change = gate->targets[0];
    const vec_index partner = partner_index(gate->flip);
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const real *bra_re = (const real *)bra->re + lane, *bra_im = (const real *)bra->im + lane;
        const real *ket_re = (const real *)ket->re + lane, *ket_im = (const real *)ket->im + lane;
        vec sum_re = splat(0), sum_im = splat(0);
        size_t walk = walk_start(first, fixed);
        for (size_t i = first; i < last; i++, walk = walk_next(walk, fixed)) {
            size_t row = walk | controls, other = row ^ change;
            vec x = load(ket_re + row * lanes), y = load(ket_im + row * lanes);
            vec u = load(bra_re + other * lanes), v = load(bra_im + other * lanes);
            if (gate->flip) {
                u = shuffle(u, partner);
                v = shuffle(v, partner);
            }
            vec sign = parity_sign(row, mask);
            x *= sign;
            y *= sign;
            sum_re += u * x + v * y;
            sum_im += u * y - v * x;
        }
        write_sum(sums + lane, sum_re);
        write_sum(sums + lanes + lane, sum_im);
    }
}

static void diagonal_apply(const qhm_rows *in, const qhm_rows *out, size_t term_count,
                           const size_t *masks, const void *weights, size_t first, size_t last)
{
    const size_t lanes = in->lanes;
    const real *w = weights;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const real *re = (const real *)in->re + lane, *im = (const real *)in->im + lane;
        real *out_re = (real *)out->re + lane, *out_im = (real *)out->im + lane;
        for (size_t row = first; row < last; row++) {
            vec factor = splat(0);
            for (size_t t = 0; t < term_count; t++)
                factor += load(w + t * lanes + lane) * parity_sign(row, masks[t]);
            store(out_re + row * lanes, factor * load(re + row * lanes));
            store(out_im + row * lanes, factor * load(im + row * lanes));
        }
    }
}

static void pauli_add(const qhm_rows *in, const qhm_rows *out, const qhm_row_gate *gate,
                      size_t first, size_t last)
{
    const size_t lanes = in->lanes, mask = gate->parity, change = gate->targets[0];
    const vec_index partner = partner_index(gate->flip);
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const real *re = (const real *)in->re + lane, *im = (const real *)in->im + lane;
        real *out_re = (real *)out->re + lane, *out_im = (real *)out->im + lane;
        const vec a = coefficient(gate, lanes, 0, lane), b = coefficient(gate, lanes, 1, lane);
        for (size_t row = first; row < last; row++) {
            size_t source = row ^ change;
            vec x = load(re + source * lanes), y = load(im + source * lanes);
            if (gate->flip) {
                x = shuffle(x, partner);
                y = shuffle(y, partner);
            }
            vec sign = parity_sign(source, mask);
            x *= sign;
            y *= sign;
            store(out_re + row * lanes, load(out_re + row * lanes) + (a * x - b * y));
            store(out_im + row * lanes, load(out_im + row * lanes) + (a * y + b * x));
        }
    }
}

extern const qhm_statevector_kernels QHM_TABLE;

const qhm_statevector_kernels QHM_TABLE = {
    .real_bytes = sizeof(real),
    .lanes = LANES,
    .sincos = sincos_all,
    .from_double = from_double,
    .gather = gather,
    .combine = combine,
    .pair = pair,
    .rotate_x = rotate_x,
    .rotate_y = rotate_y,
    .real = real_matrix,
    .matrix = matrix,
    .phase = phase,
    .parity = parity,
    .exchange = exchange,
    .mix = mix,
    .dense = dense,
    .diagonal_sums = diagonal_sums,
    .inner = inner,
    .diagonal_apply = diagonal_apply,
    .pauli_add = pauli_add,
};
