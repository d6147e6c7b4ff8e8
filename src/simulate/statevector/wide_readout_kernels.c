// Kernels of the wide engine's readout; compiled once per precision and instruction set.
#include "simulate/statevector/wide_readout_kernels.h"

#include "simulate/statevector/wide_inline.h"

INLINE void marginal_rows(const qhm_wide_tile *psi, const qhm_wide_diagonal *d, real *outer,
                          real *inner)
{
    const real *const re = psi->re, *const im = psi->im;
    const uint32_t *const outer_rows = d->outer, *const inner_rows = d->inner;
    const size_t outer_count = d->outer_count, inner_count = d->inner_count;
    for (size_t o = 0; o < outer_count; o++) {
        const uint32_t outer_row = outer_rows[o] ^ d->row;
        vec sum = splat(0);
        for (size_t i = 0; i < inner_count; i++) {
            const size_t row = (size_t)(outer_row ^ inner_rows[i]) * LANES;
            const vec x = load(re + row), y = load(im + row), p = x * x + y * y;
            sum += p;
            if (inner)
                store(inner + i * LANES, o ? load(inner + i * LANES) + p : p);
        }
        if (outer)
            store(outer + o * LANES, sum);
    }
}

static void marginals(const qhm_wide_tile *psi, const qhm_wide_diagonal *rows, void *outer,
                      void *inner)
{
    if (inner)
        marginal_rows(psi, rows, outer, inner);
    else
        marginal_rows(psi, rows, outer, NULL);
}

INLINE void weigh_rows(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                       const qhm_wide_diagonal *d, const real *outer, const real *inner,
                       bool is_more)
{
    const real *const re = psi->re, *const im = psi->im;
    real *const lambda_re = lambda->re, *const lambda_im = lambda->im;
    const uint32_t *const outer_rows = d->outer, *const inner_rows = d->inner;
    const size_t outer_count = d->outer_count, inner_count = d->inner_count;
    const vec zero = splat(0);
    for (size_t o = 0; o < outer_count; o++) {
        const uint32_t outer_row = outer_rows[o] ^ d->row;
        const vec outer_weight = outer ? load(outer + o * LANES) : zero;
        for (size_t i = 0; i < inner_count; i++) {
            const size_t row = (size_t)(outer_row ^ inner_rows[i]) * LANES;
            const vec weight = outer_weight + (inner ? load(inner + i * LANES) : zero);
            const vec u = is_more ? load(lambda_re + row) : zero;
            const vec v = is_more ? load(lambda_im + row) : zero;
            store(lambda_re + row, u + weight * load(re + row));
            store(lambda_im + row, v + weight * load(im + row));
        }
    }
}

static void weigh(const qhm_wide_tile *psi, const qhm_wide_tile *lambda,
                  const qhm_wide_diagonal *rows, const void *outer, const void *inner, bool is_more)
{
    if (is_more)
        weigh_rows(psi, lambda, rows, outer, inner, true);
    else if (inner)
        weigh_rows(psi, lambda, rows, outer, inner, false);
    else
        weigh_rows(psi, lambda, rows, outer, NULL, false);
}

static double signed_sum(size_t count, const void *sums, uint32_t signs, uint32_t lane_signs)
{
    const real *const from = sums;
    vec total = splat(0);
    for (size_t i = 0; i < count; i++)
        total += load(from + i * LANES) * splat(sign_of[__builtin_parityll(i & signs)]);
    return sum_lanes(total, lane_signs);
}

static void signed_add(size_t count, uint32_t signs, uint32_t lane_signs, double weight, void *sums)
{
    real *const to = sums;
    const vec one = signed_lanes((real)weight, lane_signs);
    for (size_t i = 0; i < count; i++)
        store(to + i * LANES,
              load(to + i * LANES) + one * splat(sign_of[__builtin_parityll(i & signs)]));
}

extern const qhm_wide_readout_kernels QHM_TABLE;

const qhm_wide_readout_kernels QHM_TABLE = {
    .marginals = marginals,
    .weigh = weigh,
    .signed_sum = signed_sum,
    .signed_add = signed_add,
};
