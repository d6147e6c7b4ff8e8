// Kernels of the wide engine's walk back; compiled once per precision and instruction set.
#include "simulate/statevector/wide_adjoint_kernels.h"

#include "simulate/statevector/wide_inline.h"

#include <string.h>

// Adds lambda1 psi0 - lambda0 psi1 of all pairs to the totals. lambda is read number by number:
// beside psi and the totals there are no registers for it.
INLINE void add_pairs(const vec *psi, const real *lambda, const size_t *at, const visit *v,
                      unsigned count, bool is_general, vec scale, const vec *signs, vec *totals)
{
    for (unsigned u = 0; u < 1U << count; u++) {
        vec y = load(lambda + at[u]);
        if (is_general)
            y = (u ? shuffle(y, UINT32_MAX, v->orders[u]) : y) * scale;
        for (unsigned d = 0; d < count; d++) {
            const vec partner = is_general ? psi[u ^ 1U << d] * signs[d] : psi[u ^ 1U << d];
            if (u >> d & 1)
                totals[d] += y * partner;
            else
                totals[d] -= y * partner;
        }
    }
}

INLINE void scale_rows(unsigned size, bool has_scale, vec scale, vec *x)
{
    for (unsigned u = 0; has_scale && u < size; u++)
        x[u] *= scale;
}

INLINE void rotate_rows(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                        const qhm_wide_rotations *r, unsigned count, bool is_general, double *sums)
{
    const unsigned size = 1U << count;
    visit v;
    prepare_visit(r, count, &v);
    const vec scale = splat((real)r->scale);
    const uint32_t *const rows = r->rows;
    const size_t row_count = r->row_count;
    real *const parts[2][2] = {{psi->re, psi->im}, {lambda->re, lambda->im}};
    vec totals[QHM_WIDE_GROUP];
    for (unsigned d = 0; d < count; d++)
        totals[d] = splat(0);
    for (size_t i = 0; i < row_count; i++) {
        const size_t row = (size_t)(rows[i] & ROW_MASK) * LANES;
        const uint32_t signs = rows[i] >> QHM_WIDE_SIGN_SHIFT;
        vec t[QHM_WIDE_GROUP], row_signs[QHM_WIDE_GROUP];
        for (unsigned d = 0; d < count; d++) {
            row_signs[d] = splat(sign_of[signs >> d & 1]);
            t[d] = is_general ? v.tangents[d] * row_signs[d] : v.tangents[d];
        }
        size_t at[1 << QHM_WIDE_GROUP];
        find_rows(row, &v, size, at);
        for (int part = 0; part < 2; part++) {
            vec x[1 << QHM_WIDE_GROUP];
            load_rows(parts[0][part], at, &v, size, is_general, x);
            scale_rows(size, is_general, scale, x);
            add_pairs(x, parts[1][part], at, &v, count, is_general, scale, row_signs, totals);
            for (int state = 0; state < 2; state++) {
                if (state == 1) {
                    load_rows(parts[1][part], at, &v, size, is_general, x);
                    scale_rows(size, is_general, scale, x);
                }
                for (unsigned d = 0; d < count; d++)
                    turn(x, size, 1U << d, t[d]);
                store_rows(parts[state][part], at, &v, size, is_general, x);
            }
        }
    }
    for (unsigned d = 0; d < count; d++)
        sums[d] = sum_lanes(totals[d], r->lane_signs[d]);
}

INLINE void rotate_count(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                         const qhm_wide_rotations *r, unsigned count, double *sums)
{
    if (r->has_flips || r->has_signs || r->scale != 1)
        rotate_rows(psi, lambda, r, count, true, sums);
    else
        rotate_rows(psi, lambda, r, count, false, sums);
}

static void rotate(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                   const qhm_wide_rotations *r, double *sums)
{
    if (r->count == 1)
        rotate_count(psi, lambda, r, 1, sums);
    else if (r->count == 2)
        rotate_count(psi, lambda, r, 2, sums);
    else
        rotate_count(psi, lambda, r, 3, sums);
}

INLINE void rotate_in_rows(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                           const qhm_wide_rotations *r, unsigned count, bool has_signs,
                           const unsigned *flips, double *sums)
{
    vec tangents[QHM_WIDE_GROUP], totals[QHM_WIDE_GROUP];
    vec_index orders[QHM_WIDE_GROUP];
    for (unsigned d = 0; d < count; d++) {
        tangents[d] = signed_lanes((real)r->tangents[d], r->lane_signs[d]);
        orders[d] = flipped(flips[d]);
        totals[d] = splat(0);
    }
    const vec scale = splat((real)r->scale);
    const uint32_t *const rows = r->rows;
    const size_t row_count = r->row_count;
    real *const parts[2][2] = {{psi->re, psi->im}, {lambda->re, lambda->im}};
    for (size_t i = 0; i < row_count; i++) {
        const size_t row = (has_signs ? (size_t)(rows[i] & ROW_MASK) : i) * LANES;
        const uint32_t signs = has_signs ? rows[i] >> QHM_WIDE_SIGN_SHIFT : 0;
        for (int part = 0; part < 2; part++) {
            vec x = load(parts[0][part] + row) * scale, y = load(parts[1][part] + row) * scale;
            for (unsigned d = 0; d < count; d++) { // before any is undone: numbers grow
                const vec product = y * shuffle(x, flips[d], orders[d]);
                totals[d] -= has_signs ? product * splat(sign_of[signs >> d & 1]) : product;
            }
            for (unsigned d = 0; d < count; d++) {
                const vec sign = splat(sign_of[signs >> d & 1]);
                const vec t = has_signs ? tangents[d] * sign : tangents[d];
                x -= t * shuffle(x, flips[d], orders[d]);
                y -= t * shuffle(y, flips[d], orders[d]);
            }
            store(parts[0][part] + row, x);
            store(parts[1][part] + row, y);
        }
    }
    for (unsigned d = 0; d < count; d++)
        sums[d] = sum_lanes(totals[d], r->lane_signs[d]);
}

static bool has_flips(const qhm_wide_rotations *r, const unsigned *flips, unsigned count)
{
    return r->count == count && !r->has_signs && !memcmp(r->flips, flips, count * sizeof *flips);
}

static void rotate_lanes(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                         const qhm_wide_rotations *r, double *sums)
{
    if (has_flips(r, (unsigned[]){1, 2, 4}, 3))
        rotate_in_rows(psi, lambda, r, 3, false, (unsigned[]){1, 2, 4}, sums);
    else if (has_flips(r, (unsigned[]){1, 2}, 2))
        rotate_in_rows(psi, lambda, r, 2, false, (unsigned[]){1, 2}, sums);
    else if (r->has_signs)
        rotate_in_rows(psi, lambda, r, r->count, true, r->flips, sums);
    else
        rotate_in_rows(psi, lambda, r, r->count, false, r->flips, sums);
}

// Im(conj(lambda) psi)
INLINE vec cross(vec psi_re, vec psi_im, vec lambda_re, vec lambda_im)
{
    return lambda_re * psi_im - lambda_im * psi_re;
}

INLINE void diagonal_rows(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                          const qhm_wide_diagonal *d, bool has_inner, bool has_table,
                          bool has_inner_sums, real *outer_sums, real *inner_sums)
{
    const real *const outer = d->outer_phases, *const inner = d->inner_phases;
    const real *const table_c = d->table_cosines, *const table_s = d->table_sines;
    real *const re = psi->re, *const im = psi->im;
    real *const lambda_re = lambda->re, *const lambda_im = lambda->im;
    const uint32_t *const outer_rows = d->outer, *const inner_rows = d->inner;
    const size_t outer_count = d->outer_count, inner_count = d->inner_count;
    const vec scale = splat((real)d->scale), sign = splat(d->is_inverse ? -1 : 1);
    for (size_t o = 0; o < outer_count; o++) {
        const uint32_t outer_row = outer_rows[o] ^ d->row;
        vec outer_c = splat(1), outer_s = splat(0), sum = splat(0);
        if (outer) {
            outer_c = load(outer + 2 * o * LANES);
            outer_s = load(outer + (2 * o + 1) * LANES);
        }
        outer_c *= scale;
        outer_s *= scale;
        for (size_t i = 0; i < inner_count; i++) {
            const size_t row = (size_t)(outer_row ^ inner_rows[i]) * LANES;
            vec c = outer_c, s = outer_s;
            if (has_inner)
                multiply(&c, &s, load(inner + 2 * i * LANES), load(inner + (2 * i + 1) * LANES));
            if (has_table)
                multiply(&c, &s, load(table_c + row), load(table_s + row));
            s *= sign;
            vec x = load(re + row), y = load(im + row);
            vec u = load(lambda_re + row), v = load(lambda_im + row);
            const vec w = cross(x, y, u, v);
            sum += w;
            if (has_inner_sums)
                store(inner_sums + i * LANES, o ? load(inner_sums + i * LANES) + w : w);
            multiply(&x, &y, c, s);
            multiply(&u, &v, c, s);
            store(re + row, x);
            store(im + row, y);
            store(lambda_re + row, u);
            store(lambda_im + row, v);
        }
        if (outer_sums)
            store(outer_sums + o * LANES, sum);
    }
}

INLINE void diagonal_summed(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                            const qhm_wide_diagonal *d, bool has_inner_sums, real *outer_sums,
                            real *inner_sums)
{
    const bool has_inner = d->inner_phases, has_table = d->table_cosines;
    if (has_inner && has_table)
        diagonal_rows(psi, lambda, d, true, true, has_inner_sums, outer_sums, inner_sums);
    else if (has_inner)
        diagonal_rows(psi, lambda, d, true, false, has_inner_sums, outer_sums, inner_sums);
    else if (has_table)
        diagonal_rows(psi, lambda, d, false, true, has_inner_sums, outer_sums, inner_sums);
    else
        diagonal_rows(psi, lambda, d, false, false, has_inner_sums, outer_sums, inner_sums);
}

static void diagonal(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                     const qhm_wide_diagonal *d, void *outer_sums, void *inner_sums)
{
    if (inner_sums)
        diagonal_summed(psi, lambda, d, true, outer_sums, inner_sums);
    else
        diagonal_summed(psi, lambda, d, false, outer_sums, inner_sums);
}

static void parities(const qhm_wide_tile *psi, const qhm_wide_tile *lambda, size_t row_count,
                     const qhm_wide_parities *p, double *sums)
{
    real *const re = psi->re, *const im = psi->im;
    real *const lambda_re = lambda->re, *const lambda_im = lambda->im;
    vec tangents[QHM_WIDE_GROUP], totals[QHM_WIDE_GROUP];
    for (unsigned k = 0; k < p->count; k++) {
        tangents[k] = signed_lanes((real)p->tangents[k], p->lane_signs[k]);
        totals[k] = splat(0);
    }
    const vec scale = splat((real)p->scale);
    for (size_t row = 0; row < row_count; row++) {
        const size_t at = row * LANES;
        vec x = load(re + at) * scale, y = load(im + at) * scale;
        vec u = load(lambda_re + at) * scale, v = load(lambda_im + at) * scale;
        const vec w = cross(x, y, u, v);
        for (unsigned k = 0; k < p->count; k++) {
            const unsigned odd = (unsigned)__builtin_parity((unsigned)row & p->row_signs[k]);
            const vec sign = splat(sign_of[odd]), t = tangents[k] * sign;
            totals[k] += w * sign;
            vec z = x;
            x += t * y;
            y -= t * z;
            z = u;
            u += t * v;
            v -= t * z;
        }
        store(re + at, x);
        store(im + at, y);
        store(lambda_re + at, u);
        store(lambda_im + at, v);
    }
    for (unsigned k = 0; k < p->count; k++)
        sums[k] = sum_lanes(totals[k], p->lane_signs[k]);
}

extern const qhm_wide_adjoint_kernels QHM_TABLE;

const qhm_wide_adjoint_kernels QHM_TABLE = {
    .rotate = rotate,
    .rotate_lanes = rotate_lanes,
    .diagonal = diagonal,
    .parities = parities,
};
