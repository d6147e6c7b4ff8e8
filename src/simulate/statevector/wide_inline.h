// What the wide engine's kernel files share. Included by files that are compiled once per precision
// and instruction set.
#ifndef QHM_SIMULATE_STATEVECTOR_WIDE_INLINE_H
#define QHM_SIMULATE_STATEVECTOR_WIDE_INLINE_H

#include "base/vectors.h"
#include "simulate/statevector/wide_kernels.h"

// Lane l of the result is lane l ^ flip of x. A flip that the compiler reads as a number becomes
// the cheapest instruction; any other takes an order[l] = l ^ flip. The fuzzers are built with
// clang, which has no shuffle by a variable.
#define FLIPPED_2(f) 0 ^ (f), 1 ^ (f)
#define FLIPPED_4(f) FLIPPED_2(f), 2 ^ (f), 3 ^ (f)
#define FLIPPED_8(f) FLIPPED_4(f), 4 ^ (f), 5 ^ (f), 6 ^ (f), 7 ^ (f)
#define FLIPPED_16(f) FLIPPED_8(f), FLIPPED_8((f) ^ 8)
#ifdef QHM_REAL_IS_double
#define VECTOR_LANES (VECTOR_BYTES / 8)
#else
#define VECTOR_LANES (VECTOR_BYTES / 4)
#endif
#ifdef QHM_REAL_IS_double
typedef uint64_t vec_bits __attribute__((vector_size(VECTOR_BYTES)));
#else
typedef uint32_t vec_bits __attribute__((vector_size(VECTOR_BYTES)));
#endif
#if VECTOR_LANES == 2
#define FLIPPED FLIPPED_2
#elif VECTOR_LANES == 4
#define FLIPPED FLIPPED_4
#elif VECTOR_LANES == 8
#define FLIPPED FLIPPED_8
#else
#define FLIPPED FLIPPED_16
#endif

INLINE vec shuffle(vec x, unsigned flip, vec_index order)
{
#if defined(__clang__)
    (void)flip;
    vec out;
    for (lane_index lane = 0; lane < LANES; lane++)
        out[lane] = x[order[lane]];
    return out;
#else
    if (__builtin_constant_p(flip) && flip == 1)
        return __builtin_shuffle(x, (vec_index){FLIPPED(1)});
    if (LANES > 2 && __builtin_constant_p(flip) && flip == 2)
        return __builtin_shuffle(x, (vec_index){FLIPPED(2)});
    if (LANES > 4 && __builtin_constant_p(flip) && flip == 4)
        return __builtin_shuffle(x, (vec_index){FLIPPED(4)});
    return __builtin_shuffle(x, order);
#endif
}

INLINE vec_index flipped(unsigned flip)
{
    return (vec_index){FLIPPED(0)} ^ (lane_index)flip;
}

// value with the sign of each lane: the parity of its number's bits in `signs`.
INLINE vec signed_lanes(real value, unsigned signs)
{
    vec_bits bits = (vec_bits)(vec_index){FLIPPED(0)} & signs;
    bits ^= bits >> 2;
    bits ^= bits >> 1;
    return (vec)((vec_bits)splat(value) ^ ((vec_bits)splat((real)-0.0) & -(bits & 1)));
}

INLINE double sum_lanes(vec value, unsigned signs)
{
    double sum = 0;
    for (unsigned lane = 0; lane < LANES; lane++)
        sum += __builtin_parity(lane & signs) ? -(double)value[lane] : (double)value[lane];
    return sum;
}

static const real sign_of[2] = {1, -1};

enum { ROW_MASK = (1 << QHM_WIDE_SIGN_SHIFT) - 1 };

// What a visit of connected rows needs: element u of a set lies at row ^ steps[u], and has its
// lanes flipped by the flips of all directions in u, so that partners stand in the same lane.
typedef struct visit {
    vec tangents[QHM_WIDE_GROUP];
    size_t steps[1 << QHM_WIDE_GROUP];
    vec_index orders[1 << QHM_WIDE_GROUP];
} visit;

INLINE void prepare_visit(const qhm_wide_rotations *r, unsigned count, visit *v)
{
    for (unsigned d = 0; d < count; d++)
        v->tangents[d] = signed_lanes((real)r->tangents[d], r->lane_signs[d]);
    for (unsigned u = 0; u < 1U << count; u++) {
        unsigned flip = 0;
        v->steps[u] = 0;
        for (unsigned d = 0; d < count; d++)
            if (u >> d & 1) {
                v->steps[u] ^= (size_t)r->masks[d] * LANES;
                flip ^= r->flips[d];
            }
        v->orders[u] = flipped(flip);
    }
}

// Where the elements of the set of a row lie.
INLINE void find_rows(size_t row, const visit *v, unsigned size, size_t *at)
{
    for (unsigned u = 0; u < size; u++)
        at[u] = row ^ v->steps[u];
}

INLINE void load_rows(const real *numbers, const size_t *at, const visit *v, unsigned size,
                      bool has_flips, vec *x)
{
    for (unsigned u = 0; u < size; u++) {
        x[u] = load(numbers + at[u]);
        if (has_flips && u)
            x[u] = shuffle(x[u], UINT32_MAX, v->orders[u]);
    }
}

INLINE void store_rows(real *numbers, const size_t *at, const visit *v, unsigned size,
                       bool has_flips, const vec *x)
{
    for (unsigned u = 0; u < size; u++)
        store(numbers + at[u], has_flips && u ? shuffle(x[u], UINT32_MAX, v->orders[u]) : x[u]);
}

// Rotates the rows of one set, x[u], in direction `bit` of u.
INLINE void turn(vec *x, unsigned size, unsigned bit, vec tangent)
{
    for (unsigned u = 0; u < size; u++)
        if (!(u & bit)) {
            vec a = x[u], b = x[u | bit];
            x[u] = a - tangent * b;
            x[u | bit] = b + tangent * a;
        }
}

// (a + i b) (c + i s)
INLINE void multiply(vec *a, vec *b, vec c, vec s)
{
    vec product = *a * c - *b * s;
    *b = *a * s + *b * c;
    *a = product;
}

#endif
