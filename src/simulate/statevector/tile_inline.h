// What forward and backward tile kernels share. Included by kernel files alone.
#ifndef QHM_SIMULATE_STATEVECTOR_TILE_INLINE_H
#define QHM_SIMULATE_STATEVECTOR_TILE_INLINE_H

#include "base/vectors.h"
#include "simulate/statevector/tile_kernels.h"

INLINE vec coefficient(const void *values, size_t lane, bool is_inverse)
{
    const vec value = load((const real *)values + lane);
    return is_inverse ? -value : value;
}

INLINE uint32_t first_row(const qhm_tile_rotation *rotation, size_t group)
{
    const size_t inner = group & (((size_t)1 << rotation->inner_bits) - 1);
    return rotation->outer[group >> rotation->inner_bits] ^ rotation->inner[inner];
}

INLINE unsigned signs_of(const qhm_tile_parities *parities, size_t row)
{
    const size_t inner = row & (((size_t)1 << parities->inner_bits) - 1);
    return parities->outer_signs[row >> parities->inner_bits] ^ parities->inner_signs[inner];
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
    *re = scale;
    *im = splat(0);
    if (!has_phases)
        return;
    const real *outer = (const real *)d->outer_phases + 2 * o * lanes + lane;
    *re = load(outer) * scale;
    *im = load(outer + lanes) * scale;
}

// (x + i y) times (c + i s), or its conjugate.
INLINE void turn_values(vec *x, vec *y, vec c, vec s, bool is_inverse)
{
    const vec a = *x, b = *y;
    *x = is_inverse ? c * a + s * b : c * a - s * b;
    *y = is_inverse ? c * b - s * a : c * b + s * a;
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

#endif
