// Tile kernels; compiled once per precision and instruction set.
//
// The loop over vectors of lanes is outside, so that coefficients of a lane stay in registers;
// rows are visited once for all that the kernel does.
#include "simulate/statevector/tile_inline.h"

#include <math.h>

// One part, real or imaginary, of the rows of a group, from a lane on.
INLINE void rotate_part(real *const *rows, ptrdiff_t place, const vec *tangents, unsigned count,
                        bool is_scaled, vec scale)
{
    const size_t size = (size_t)1 << count;
    vec x[1 << QHM_ROTATION_MAX];
#pragma GCC unroll 8
    for (size_t k = 0; k < size; k++)
        x[k] = is_scaled ? load(rows[k] + place) * scale : load(rows[k] + place);
    rotate_group(x, tangents, count);
#pragma GCC unroll 8
    for (size_t k = 0; k < size; k++)
        store(rows[k] + place, x[k]);
}

INLINE void rotate_tangent(const qhm_rows *tile, const qhm_tile_rotation *rotation, unsigned count,
                           bool is_scaled)
{
    const size_t lanes = tile->lanes, size = (size_t)1 << count;
    const ptrdiff_t imaginary = (real *)tile->im - (real *)tile->re;
    size_t offsets[1 << QHM_ROTATION_MAX];
    group_offsets(rotation, lanes, count, offsets);
    for (size_t g = 0; g < rotation->group_count; g++) {
        const size_t base = first_row(rotation, g) * lanes;
        real *rows[1 << QHM_ROTATION_MAX];
#pragma GCC unroll 8
        for (size_t k = 0; k < size; k++)
            rows[k] = (real *)tile->re + (base ^ offsets[k]);
        for (size_t lane = 0; lane < lanes; lane += LANES) {
            const vec scale = is_scaled ? load((const real *)rotation->scale + lane) : splat(1);
            vec tangents[QHM_ROTATION_MAX];
            for (unsigned d = 0; d < count; d++)
                tangents[d] = coefficient(rotation->tangents[d], lane, rotation->is_inverse);
            rotate_part(rows, (ptrdiff_t)lane, tangents, count, is_scaled, scale);
            rotate_part(rows, imaginary + (ptrdiff_t)lane, tangents, count, is_scaled, scale);
        }
    }
}

static void rotate(const qhm_rows *tile, const qhm_tile_rotation *given)
{
    const qhm_tile_rotation copy = *given, *const rotation = &copy; // no store can change it
    if (rotation->count == 1)
        rotation->scale ? rotate_tangent(tile, rotation, 1, true)
                        : rotate_tangent(tile, rotation, 1, false);
    else if (rotation->count == 2)
        rotation->scale ? rotate_tangent(tile, rotation, 2, true)
                        : rotate_tangent(tile, rotation, 2, false);
    else
        rotation->scale ? rotate_tangent(tile, rotation, 3, true)
                        : rotate_tangent(tile, rotation, 3, false);
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
                vec x = load(re + row), y = load(im + row);
                turn_values(&x, &y, c, s, is_inverse);
                store(re + row, x);
                store(im + row, y);
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
            turn_parities(&x, &y, signs_of(p, row), count, tangents);
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

// Pairs that are added up before doubles take over, and in how many chains: an addition waits for
// the one before.
enum { CHUNK = 256, CHAINS = 4 };

INLINE vec pair_product(const real *re, const real *im, size_t a, size_t b, bool is_imaginary)
{
    const vec x = load(re + a), y = load(im + a), u = load(re + b), v = load(im + b);
    return is_imaginary ? u * y - v * x : u * x + v * y;
}

INLINE void pair_sum_of(const qhm_rows *psi, size_t row_count, uint32_t mask, uint32_t signs,
                        bool is_imaginary, double *sums)
{
    const size_t lanes = psi->lanes, fixed = mask & -mask, pairs = row_count / 2;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        const real *re = (const real *)psi->re + lane, *im = (const real *)psi->im + lane;
        for (size_t i = 0; i < LANES; i++)
            sums[lane + i] = 0;
        size_t row = 0;
        for (size_t begin = 0; begin < pairs; begin += CHUNK) {
            const size_t end = begin + (pairs - begin < CHUNK ? pairs - begin : CHUNK);
            vec sum[CHAINS] = {splat(0), splat(0), splat(0), splat(0)};
            for (size_t i = begin; i < end; i += CHAINS)
#pragma GCC unroll 4
                for (size_t j = 0; j < CHAINS; j++) {
                    if (i + j >= end)
                        break;
                    const vec product =
                        pair_product(re, im, row * lanes, (row ^ mask) * lanes, is_imaginary);
                    if (signs)
                        sum[j] += __builtin_parityll(row & signs) ? -product : product;
                    else
                        sum[j] += product;
                    row = ((row | fixed) + 1) & ~fixed;
                }
            const vec all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
            for (size_t i = 0; i < LANES; i++)
                sums[lane + i] += 2 * (double)all[i];
        }
    }
}

static void pair_sum(const qhm_rows *psi, size_t row_count, uint32_t mask, uint32_t signs,
                     bool is_imaginary, double *sums)
{
    if (is_imaginary)
        pair_sum_of(psi, row_count, mask, signs, true, sums);
    else if (signs)
        pair_sum_of(psi, row_count, mask, signs, false, sums);
    else // X alone
        pair_sum_of(psi, row_count, mask, 0, false, sums);
}

static void normalize(const qhm_rows *tile, size_t row_count)
{
    const size_t lanes = tile->lanes;
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        real *const re = (real *)tile->re + lane, *const im = (real *)tile->im + lane;
        double squares[LANES] = {0};
        for (size_t begin = 0; begin < row_count; begin += CHUNK) {
            const size_t end = begin + (row_count - begin < CHUNK ? row_count - begin : CHUNK);
            vec sum = splat(0);
            for (size_t row = begin; row < end; row++) {
                const vec x = load(re + row * lanes), y = load(im + row * lanes);
                sum += x * x + y * y;
            }
            for (size_t i = 0; i < LANES; i++)
                squares[i] += (double)sum[i];
        }
        vec factor;
        for (size_t i = 0; i < LANES; i++)
            factor[i] = (real)(1 / sqrt(squares[i]));
        for (size_t row = 0; row < row_count; row++) {
            store(re + row * lanes, load(re + row * lanes) * factor);
            store(im + row * lanes, load(im + row * lanes) * factor);
        }
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
    .rotate = rotate,
    .diagonal = diagonal,
    .parities = parities,
    .pair_sum = pair_sum,
    .normalize = normalize,
    .marginals = marginals,
    .weigh = weigh,
};
