// Kernels of the wide engine; compiled once per precision and instruction set.
#include "simulate/statevector/wide_inline.h"

#include <string.h>

INLINE void rotate_rows(const qhm_wide_tile *tile, const qhm_wide_rotations *r, unsigned count,
                        bool has_flips, bool has_signs, bool has_scale)
{
    const unsigned size = 1U << count;
    visit v;
    prepare_visit(r, count, &v);
    const vec scale = splat((real)r->scale);
    const uint32_t *const rows = r->rows;
    const size_t row_count = r->row_count;
    real *const re = tile->re, *const im = tile->im;
    for (size_t i = 0; i < row_count; i++) {
        const size_t row = (size_t)(rows[i] & ROW_MASK) * LANES;
        const uint32_t signs = rows[i] >> QHM_WIDE_SIGN_SHIFT;
        vec t[QHM_WIDE_GROUP];
        for (unsigned d = 0; d < count; d++)
            t[d] = has_signs ? v.tangents[d] * splat(sign_of[signs >> d & 1]) : v.tangents[d];
        size_t at[1 << QHM_WIDE_GROUP];
        find_rows(row, &v, size, at);
        for (int part = 0; part < 2; part++) {
            real *const numbers = part ? im : re;
            vec x[1 << QHM_WIDE_GROUP];
            load_rows(numbers, at, &v, size, has_flips, x);
            for (unsigned u = 0; has_scale && u < size; u++)
                x[u] *= scale;
            for (unsigned d = 0; d < count; d++)
                turn(x, size, 1U << d, t[d]);
            store_rows(numbers, at, &v, size, has_flips, x);
        }
    }
}

INLINE void rotate_count(const qhm_wide_tile *tile, const qhm_wide_rotations *r, unsigned count)
{
    const bool has_scale = r->scale != 1;
    if (r->has_flips && r->has_signs)
        rotate_rows(tile, r, count, true, true, true);
    else if (r->has_flips)
        rotate_rows(tile, r, count, true, false, true);
    else if (r->has_signs)
        rotate_rows(tile, r, count, false, true, true);
    else if (has_scale)
        rotate_rows(tile, r, count, false, false, true);
    else
        rotate_rows(tile, r, count, false, false, false);
}

static void rotate(const qhm_wide_tile *tile, const qhm_wide_rotations *r)
{
    if (r->count == 1)
        rotate_count(tile, r, 1);
    else if (r->count == 2)
        rotate_count(tile, r, 2);
    else
        rotate_count(tile, r, 3);
}

INLINE void rotate_in_rows(const qhm_wide_tile *tile, const qhm_wide_rotations *r, unsigned count,
                           bool has_signs, const unsigned *flips)
{
    vec tangents[QHM_WIDE_GROUP];
    vec_index orders[QHM_WIDE_GROUP];
    for (unsigned d = 0; d < count; d++) {
        tangents[d] = signed_lanes((real)r->tangents[d], r->lane_signs[d]);
        orders[d] = flipped(flips[d]);
    }
    const vec scale = splat((real)r->scale);
    const uint32_t *const rows = r->rows;
    const size_t row_count = r->row_count;
    real *const re = tile->re, *const im = tile->im;
    for (size_t i = 0; i < row_count; i++) {
        const size_t row = (has_signs ? (size_t)(rows[i] & ROW_MASK) : i) * LANES;
        const uint32_t signs = has_signs ? rows[i] >> QHM_WIDE_SIGN_SHIFT : 0;
        vec x = load(re + row) * scale, y = load(im + row) * scale;
        for (unsigned d = 0; d < count; d++) {
            vec t = has_signs ? tangents[d] * splat(sign_of[signs >> d & 1]) : tangents[d];
            x -= t * shuffle(x, flips[d], orders[d]);
            y -= t * shuffle(y, flips[d], orders[d]);
        }
        store(re + row, x);
        store(im + row, y);
    }
}

INLINE void rotate_few_lanes(const qhm_wide_tile *tile, const qhm_wide_rotations *r, unsigned count)
{
    if (r->has_signs)
        rotate_in_rows(tile, r, count, true, r->flips);
    else
        rotate_in_rows(tile, r, count, false, r->flips);
}

static bool has_flips(const qhm_wide_rotations *r, const unsigned *flips, unsigned count)
{
    return r->count == count && !r->has_signs && !memcmp(r->flips, flips, count * sizeof *flips);
}

// Flips that the compiler knows become the cheapest shuffles.
static void rotate_lanes(const qhm_wide_tile *tile, const qhm_wide_rotations *r)
{
    if (has_flips(r, (unsigned[]){1, 2, 4}, 3))
        rotate_in_rows(tile, r, 3, false, (unsigned[]){1, 2, 4});
    else if (has_flips(r, (unsigned[]){1, 2}, 2))
        rotate_in_rows(tile, r, 2, false, (unsigned[]){1, 2});
    else if (r->count == 1)
        rotate_few_lanes(tile, r, 1);
    else if (r->count == 2)
        rotate_few_lanes(tile, r, 2);
    else
        rotate_few_lanes(tile, r, 3);
}

INLINE void diagonal_rows(const qhm_wide_tile *tile, const qhm_wide_diagonal *d, bool has_inner,
                          bool has_table, const qhm_wide_rotations *lanes, unsigned lane_count)
{
    const real *const outer = d->outer_phases, *const inner = d->inner_phases;
    const real *const table_c = d->table_cosines, *const table_s = d->table_sines;
    real *const re = tile->re, *const im = tile->im;
    const uint32_t *const outer_rows = d->outer, *const inner_rows = d->inner;
    const size_t outer_count = d->outer_count, inner_count = d->inner_count;
    const vec scale = splat((real)(lane_count > 0 ? d->scale * lanes->scale : d->scale));
    const vec sign = splat(d->is_inverse ? -1 : 1);
    vec tangents[QHM_WIDE_GROUP];
    for (unsigned i = 0; i < lane_count; i++)
        tangents[i] = signed_lanes((real)lanes->tangents[i], lanes->lane_signs[i]);
    for (size_t o = 0; o < outer_count; o++) {
        const uint32_t outer_row = outer_rows[o] ^ d->row;
        vec outer_c = splat(1), outer_s = splat(0);
        if (outer) {
            outer_c = load(outer + 2 * o * LANES);
            outer_s = load(outer + (2 * o + 1) * LANES) * sign;
        }
        outer_c *= scale;
        outer_s *= scale;
        for (size_t i = 0; i < inner_count; i++) {
            const size_t row = (size_t)(outer_row ^ inner_rows[i]) * LANES;
            vec c = outer_c, s = outer_s;
            if (has_inner)
                multiply(&c, &s, load(inner + 2 * i * LANES),
                         load(inner + (2 * i + 1) * LANES) * sign);
            if (has_table)
                multiply(&c, &s, load(table_c + row), load(table_s + row) * sign);
            vec x = load(re + row), y = load(im + row);
            multiply(&x, &y, c, s);
            for (unsigned l = 0; l < lane_count; l++) {
                x -= tangents[l] * shuffle(x, 1U << l, flipped(1U << l));
                y -= tangents[l] * shuffle(y, 1U << l, flipped(1U << l));
            }
            store(re + row, x);
            store(im + row, y);
        }
    }
}

INLINE void diagonal_lanes(const qhm_wide_tile *tile, const qhm_wide_diagonal *d,
                           const qhm_wide_rotations *lanes, unsigned lane_count)
{
    if (d->inner_phases)
        diagonal_rows(tile, d, true, false, lanes, lane_count);
    else
        diagonal_rows(tile, d, false, false, lanes, lane_count);
}

static void diagonal(const qhm_wide_tile *tile, const qhm_wide_diagonal *d,
                     const qhm_wide_rotations *lanes)
{
    if (lanes && lanes->count == 1)
        diagonal_lanes(tile, d, lanes, 1);
    else if (lanes && lanes->count == 2)
        diagonal_lanes(tile, d, lanes, 2);
    else if (lanes)
        diagonal_lanes(tile, d, lanes, 3);
    else if (d->inner_phases && d->table_cosines)
        diagonal_rows(tile, d, true, true, NULL, 0);
    else if (d->table_cosines)
        diagonal_rows(tile, d, false, true, NULL, 0);
    else
        diagonal_lanes(tile, d, NULL, 0);
}

INLINE void diagonal_rotate_rows(const qhm_wide_tile *tile, const qhm_wide_diagonal *d,
                                 const qhm_wide_rotations *r, unsigned count, bool has_inner)
{
    const unsigned size = 1U << count;
    const real *const outer = d->outer_phases, *const inner = d->inner_phases;
    const uint32_t *const outer_rows = d->outer, *const inner_rows = d->inner;
    const size_t outer_count = d->outer_count, inner_count = d->inner_count;
    real *const re = tile->re, *const im = tile->im;
    visit v;
    prepare_visit(r, count, &v);
    size_t outer_flips[1 << QHM_WIDE_TAKEN] = {0}, inner_flips[1 << QHM_WIDE_TAKEN] = {0};
    for (unsigned u = 0; u < size; u++)
        for (unsigned b = 0; b < count; b++)
            if (u >> b & 1) {
                outer_flips[u] ^= d->outer_flips[b];
                inner_flips[u] ^= d->inner_flips[b];
            }
    const vec scale = splat((real)(d->scale * r->scale)), one = splat(1), zero = splat(0);
    for (size_t o = 0; o < outer_count; o++) {
        if (o & d->skipped)
            continue;
        vec outer_c[1 << QHM_WIDE_TAKEN], outer_s[1 << QHM_WIDE_TAKEN];
        for (unsigned u = 0; u < size; u++) {
            const size_t at = 2 * (o ^ outer_flips[u]) * LANES;
            outer_c[u] = scale * (outer ? load(outer + at) : one);
            outer_s[u] = scale * (outer ? load(outer + at + LANES) : zero);
        }
        const uint32_t outer_row = outer_rows[o] ^ d->row;
        for (size_t i = 0; i < inner_count; i++) {
            const size_t row = (size_t)(outer_row ^ inner_rows[i]) * LANES;
            vec x[1 << QHM_WIDE_TAKEN], y[1 << QHM_WIDE_TAKEN];
            for (unsigned u = 0; u < size; u++) {
                vec c = outer_c[u], s = outer_s[u];
                const size_t at = 2 * (i ^ inner_flips[u]) * LANES;
                if (has_inner)
                    multiply(&c, &s, load(inner + at), load(inner + at + LANES));
                x[u] = load(re + (row ^ v.steps[u]));
                y[u] = load(im + (row ^ v.steps[u]));
                multiply(&x[u], &y[u], c, s);
            }
            for (unsigned b = 0; b < count; b++) {
                turn(x, size, 1U << b, v.tangents[b]);
                turn(y, size, 1U << b, v.tangents[b]);
            }
            for (unsigned u = 0; u < size; u++) {
                store(re + (row ^ v.steps[u]), x[u]);
                store(im + (row ^ v.steps[u]), y[u]);
            }
        }
    }
}

static void diagonal_rotate(const qhm_wide_tile *tile, const qhm_wide_diagonal *d,
                            const qhm_wide_rotations *r)
{
    if (r->count == 1 && d->inner_phases)
        diagonal_rotate_rows(tile, d, r, 1, true);
    else if (r->count == 1)
        diagonal_rotate_rows(tile, d, r, 1, false);
    else if (d->inner_phases)
        diagonal_rotate_rows(tile, d, r, 2, true);
    else
        diagonal_rotate_rows(tile, d, r, 2, false);
}

static void parities(const qhm_wide_tile *tile, size_t row_count, const qhm_wide_parities *p)
{
    real *const re = tile->re, *const im = tile->im;
    vec tangents[QHM_WIDE_GROUP];
    for (unsigned k = 0; k < p->count; k++)
        tangents[k] = signed_lanes((real)p->tangents[k], p->lane_signs[k]);
    const vec scale = splat((real)p->scale);
    for (size_t row = 0; row < row_count; row++) {
        vec x = load(re + row * LANES) * scale, y = load(im + row * LANES) * scale;
        for (unsigned k = 0; k < p->count; k++) {
            const unsigned odd = (unsigned)__builtin_parity((unsigned)row & p->row_signs[k]);
            vec t = tangents[k] * splat(sign_of[odd]), z = x;
            x += t * y;
            y -= t * z;
        }
        store(re + row * LANES, x);
        store(im + row * LANES, y);
    }
}

// Multiplies phases [first, last) by a factor.
static void multiply_phases(real *phases, size_t first, size_t last, const qhm_wide_factor *f)
{
    const vec c = splat((real)f->cosine), s = signed_lanes((real)-f->sine, f->lane_signs);
    for (size_t e = first; e < last; e++) {
        real *const at = phases + 2 * e * LANES;
        vec x = load(at), y = load(at + LANES);
        multiply(&x, &y, c, s * splat(sign_of[__builtin_parityll(e & f->signs)]));
        store(at, x);
        store(at + LANES, y);
    }
}

// Doubles `count` phases; the upper half has the factor's highest bit set.
static void double_phases(real *phases, size_t count, const qhm_wide_factor *f)
{
    const vec c = splat((real)f->cosine), s = signed_lanes((real)-f->sine, f->lane_signs);
    for (size_t e = 0; e < count; e++) {
        real *const low = phases + 2 * e * LANES, *const high = low + 2 * count * LANES;
        vec x = load(low), y = load(low + LANES), u = x, v = y;
        const vec t = s * splat(sign_of[__builtin_parityll(e & f->signs)]);
        multiply(&x, &y, c, t);
        multiply(&u, &v, c, -t);
        store(low, x);
        store(low + LANES, y);
        store(high, u);
        store(high + LANES, v);
    }
}

static void make_phases(unsigned bits, size_t factor_count, const qhm_wide_factor *factors,
                        const void *fixed, void *out)
{
    real *const phases = out;
    size_t next = 0, size = 1;
    store(phases, splat(1));
    store(phases + LANES, splat(0));
    for (; next < factor_count && factors[next].signs == 0; next++)
        multiply_phases(phases, 0, 1, &factors[next]);
    for (unsigned bit = 0; bit < bits; bit++, size *= 2) {
        if (next < factor_count && factors[next].signs >> bit == 1)
            double_phases(phases, size, &factors[next++]);
        else
            memcpy(phases + 2 * size * LANES, phases, 2 * size * LANES * sizeof(real));
        for (; next < factor_count && factors[next].signs >> bit == 1; next++)
            multiply_phases(phases, 0, 2 * size, &factors[next]);
    }
    for (size_t e = 0; fixed && e < size; e++) {
        real *const at = phases + 2 * e * LANES;
        const real *const by = (const real *)fixed + 2 * e * LANES;
        vec x = load(at), y = load(at + LANES);
        multiply(&x, &y, load(by), load(by + LANES));
        store(at, x);
        store(at + LANES, y);
    }
}

// Pieces lie far apart, so the processor does not see which comes next.
static void prefetch_piece(const qhm_wide_copy *copy, size_t piece)
{
    enum { LINE_REALS = 64 / sizeof(real) };
    const uint64_t place = copy->first ^ copy->places[piece];
    for (size_t i = 0; i < copy->count * LANES; i += LINE_REALS) {
        __builtin_prefetch((const real *)copy->re + place + i);
        __builtin_prefetch((const real *)copy->im + place + i);
    }
}

enum { AHEAD = 8 }; // pieces

static void gather(const qhm_wide_copy *from, const qhm_wide_tile *to)
{
    for (size_t p = 0; p < from->piece_count; p++) {
        const real *const re = (const real *)from->re + (from->first ^ from->places[p]);
        const real *const im = (const real *)from->im + (from->first ^ from->places[p]);
        if (p + AHEAD < from->piece_count)
            prefetch_piece(from, p + AHEAD);
        for (size_t i = 0; i < from->count; i++) {
            const size_t row = (from->rows[p] ^ i) * LANES;
            store((real *)to->re + row, load(re + i * LANES));
            store((real *)to->im + row, load(im + i * LANES));
        }
    }
}

static void scatter(const qhm_wide_tile *from, const qhm_wide_copy *to)
{
    for (size_t p = 0; p < to->piece_count; p++) {
        real *const re = (real *)to->re + (to->first ^ to->places[p]);
        real *const im = (real *)to->im + (to->first ^ to->places[p]);
        for (size_t i = 0; i < to->count; i++) {
            const size_t row = (to->rows[p] ^ i) * LANES;
            store(re + i * LANES, load((const real *)from->re + row));
            store(im + i * LANES, load((const real *)from->im + row));
        }
    }
}

static void walsh_hadamard(unsigned bits, double *numbers)
{
    const size_t size = (size_t)1 << bits;
    for (size_t step = 1; step < size; step *= 2)
        for (size_t i = 0; i < size; i += 2 * step)
            for (size_t j = i; j < i + step; j++) {
                double a = numbers[j], b = numbers[j + step];
                numbers[j] = a + b;
                numbers[j + step] = a - b;
            }
}

extern const qhm_wide_kernels QHM_TABLE;

const qhm_wide_kernels QHM_TABLE = {
    .real_bytes = sizeof(real),
    .lanes = LANES,
    .rotate = rotate,
    .rotate_lanes = rotate_lanes,
    .diagonal = diagonal,
    .diagonal_rotate = diagonal_rotate,
    .parities = parities,
    .phases = make_phases,
    .gather = gather,
    .scatter = scatter,
    .walsh_hadamard = walsh_hadamard,
};
