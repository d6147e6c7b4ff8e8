// Tile kernels of the way back, on psi and lambda; compiled once per precision and instruction set.
#include "simulate/statevector/tile_inline.h"

static void add_to(double *sums, vec value)
{
    for (size_t lane = 0; lane < LANES; lane++)
        sums[lane] += (double)value[lane];
}

enum { CHUNK = 256 }; // groups or rows that are added up before doubles take over

// One part, real or imaginary, of the rows of a group of both states; `lambda` and `part` are
// distances from the real part of psi.
INLINE void adjoint_part(real *const *rows, ptrdiff_t part, ptrdiff_t lambda, const vec *tangents,
                         unsigned count, bool is_scaled, vec scale, vec *sum)
{
    const size_t size = (size_t)1 << count;
    vec p[1 << QHM_ADJOINT_ROTATION_MAX], l[1 << QHM_ADJOINT_ROTATION_MAX];
#pragma GCC unroll 4
    for (size_t k = 0; k < size; k++) {
        p[k] = load(rows[k] + part);
        l[k] = load(rows[k] + part + lambda);
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
        store(rows[k] + part, is_scaled ? p[k] * scale : p[k]);
        store(rows[k] + part + lambda, is_scaled ? l[k] * scale : l[k]);
    }
}

INLINE void adjoint_tangent(const qhm_rows *psi, const qhm_rows *lambda,
                            const qhm_tile_rotation *rotation, unsigned count, bool is_scaled,
                            double *sums)
{
    const size_t lanes = psi->lanes, size = (size_t)1 << count;
    const ptrdiff_t imaginary = (real *)psi->im - (real *)psi->re;
    const ptrdiff_t to_lambda = (real *)lambda->re - (real *)psi->re;
    size_t offsets[1 << QHM_ADJOINT_ROTATION_MAX];
    group_offsets(rotation, lanes, count, offsets);
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        real *const array = (real *)psi->re + lane;
        const vec scale = is_scaled ? load((const real *)rotation->scale + lane) : splat(1);
        vec tangents[QHM_ADJOINT_ROTATION_MAX];
        for (unsigned d = 0; d < count; d++)
            tangents[d] = coefficient(rotation->tangents[d], lane, rotation->is_inverse);
        for (size_t begin = 0; begin < rotation->group_count; begin += CHUNK) {
            const size_t left = rotation->group_count - begin;
            const size_t end = begin + (left < CHUNK ? left : CHUNK);
            vec sum[QHM_ADJOINT_ROTATION_MAX] = {splat(0), splat(0)};
            for (size_t g = begin; g < end; g++) {
                const size_t base = first_row(rotation, g) * lanes;
                real *rows[1 << QHM_ADJOINT_ROTATION_MAX];
#pragma GCC unroll 4
                for (size_t k = 0; k < size; k++)
                    rows[k] = array + (base ^ offsets[k]);
                adjoint_part(rows, 0, to_lambda, tangents, count, is_scaled, scale, sum);
                adjoint_part(rows, imaginary, to_lambda, tangents, count, is_scaled, scale, sum);
            }
            for (unsigned d = 0; d < count; d++)
                add_to(sums + d * lanes + lane, sum[d]);
        }
    }
}

static void adjoint_rotate(const qhm_rows *psi, const qhm_rows *lambda,
                           const qhm_tile_rotation *given, double *sums)
{
    const qhm_tile_rotation copy = *given, *const rotation = &copy;
    for (size_t i = 0; i < rotation->count * psi->lanes; i++)
        sums[i] = 0;
    if (rotation->count == 1) {
        rotation->scale ? adjoint_tangent(psi, lambda, rotation, 1, true, sums)
                        : adjoint_tangent(psi, lambda, rotation, 1, false, sums);
    } else {
        rotation->scale ? adjoint_tangent(psi, lambda, rotation, 2, true, sums)
                        : adjoint_tangent(psi, lambda, rotation, 2, false, sums);
    }
}

INLINE void adjoint_turn(const qhm_rows *psi, const qhm_rows *lambda, const qhm_tile_diagonal *d,
                         bool has_table, void *inner_sums, void *outer_sums)
{
    const size_t lanes = psi->lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        real *const re = (real *)psi->re + lane, *const im = (real *)psi->im + lane;
        real *const lre = (real *)lambda->re + lane, *const lim = (real *)lambda->im + lane;
        real *const inner = (real *)inner_sums + lane, *const outer = (real *)outer_sums + lane;
        for (size_t o = 0; o < d->outer_count; o++) {
            vec outer_re, outer_im, c, s, sum = splat(0);
            outer_phase(d, o, lanes, lane, true, &outer_re, &outer_im);
            const uint32_t base = d->outer[o];
            for (size_t i = 0; i < d->inner_count; i++) {
                const size_t row = (base ^ d->inner[i]) * lanes;
                row_phase(d, o, i, lanes, lane, outer_re, outer_im, true, has_table, &c, &s);
                vec x = load(re + row), y = load(im + row);
                vec u = load(lre + row), v = load(lim + row);
                turn_values(&x, &y, c, s, true);
                turn_values(&u, &v, c, s, true);
                store(re + row, x);
                store(im + row, y);
                store(lre + row, u);
                store(lim + row, v);
                const vec w = u * y - v * x;
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
    if (d->table)
        adjoint_turn(psi, lambda, d, true, inner_sums, outer_sums);
    else
        adjoint_turn(psi, lambda, d, false, inner_sums, outer_sums);
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
            const unsigned signs = signs_of(p, r);
            turn_parities(&x, &y, signs, p->count, tangents);
            turn_parities(&u, &v, signs, p->count, tangents);
            store(re + row, x);
            store(im + row, y);
            store(lre + row, u);
            store(lim + row, v);
            const vec w = u * y - v * x;
            for (unsigned k = 0; k < p->count; k++)
                sum[k][signs >> k & 1] += w;
        }
        for (unsigned k = 0; k < p->count; k++)
            add_to(sums + k * lanes + lane, sum[k][0] - sum[k][1]);
    }
}

extern const qhm_adjoint_kernels QHM_TABLE;

const qhm_adjoint_kernels QHM_TABLE = {
    .rotate = adjoint_rotate,
    .diagonal = adjoint_diagonal,
    .parities = adjoint_parities,
};
