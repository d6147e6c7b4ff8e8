// Kernels over Pauli coefficients; compiled once per precision and instruction set.
#include "simulate/density/density_kernels.h"
#include "base/vectors.h"

#include <string.h>

// A turn's coefficients for the register at some number in a row.
typedef struct turn_values {
    const real *values;
    size_t stride, mask; // the register of lane l is at values + k stride + (l & mask)
} turn_values;

INLINE turn_values values_of(const qhm_density_visit *visit, int which)
{
    const bool is_shared = visit->is_shared[which];
    return (turn_values){visit->turns[which], is_shared ? LANES : visit->lanes,
                         is_shared ? 0 : visit->lanes - 1};
}

INLINE const real *at_lane(const turn_values *turn, size_t lane)
{
    return turn->values + (lane & turn->mask);
}

// The X, Y, Z parts of (I, X, Y, Z) after a turn.
INLINE void apply_turn(const real *m, size_t stride, vec i, vec *x, vec *y, vec *z)
{
    const vec a = *x, b = *y, c = *z;
    *x = load(m) * i + load(m + stride) * a + load(m + 2 * stride) * b + load(m + 3 * stride) * c;
    m += 4 * stride;
    *y = load(m) * i + load(m + stride) * a + load(m + 2 * stride) * b + load(m + 3 * stride) * c;
    m += 4 * stride;
    *z = load(m) * i + load(m + stride) * a + load(m + 2 * stride) * b + load(m + 3 * stride) * c;
}

// The same with coefficients that are at hand.
INLINE void apply_held_turn(const vec *m, vec i, vec *x, vec *y, vec *z)
{
    const vec a = *x, b = *y, c = *z;
    *x = m[0] * i + m[1] * a + m[2] * b + m[3] * c;
    *y = m[4] * i + m[5] * a + m[6] * b + m[7] * c;
    *z = m[8] * i + m[9] * a + m[10] * b + m[11] * c;
}

INLINE void hold_turn(const turn_values *turn, size_t lane, vec *m)
{
#pragma GCC unroll 12
    for (size_t e = 0; e < QHM_TURN_ENTRIES; e++)
        m[e] = load(at_lane(turn, lane) + e * turn->stride);
}

// The transpose.
INLINE void apply_turn_back(const real *m, size_t stride, vec *i, vec *x, vec *y, vec *z)
{
    const real *n = m + 4 * stride, *o = m + 8 * stride;
    const vec a = *x, b = *y, c = *z;
    *i += load(m) * a + load(n) * b + load(o) * c;
    *x = load(m + stride) * a + load(n + stride) * b + load(o + stride) * c;
    *y = load(m + 2 * stride) * a + load(n + 2 * stride) * b + load(o + 2 * stride) * c;
    *z = load(m + 3 * stride) * a + load(n + 3 * stride) * b + load(o + 3 * stride) * c;
}

// The rows of a visit's qubits, two or one, as three loops: over digits above, between and below.
typedef struct walk_shape {
    size_t high_count, high_step, middle_count, middle_step, run;
} walk_shape;

INLINE size_t row_of_place(unsigned place)
{
    return (size_t)1 << 2 * place;
}

INLINE walk_shape pair_shape(const qhm_density_visit *visit)
{
    const bool is_ascending = visit->places[0] < visit->places[1];
    const unsigned low = visit->places[!is_ascending], high = visit->places[is_ascending];
    return (walk_shape){
        .high_count = visit->row_count / (4 * row_of_place(high)),
        .high_step = 4 * row_of_place(high) * visit->lanes,
        .middle_count = row_of_place(high) / (4 * row_of_place(low)),
        .middle_step = 4 * row_of_place(low) * visit->lanes,
        .run = row_of_place(low) * visit->lanes,
    };
}

INLINE walk_shape turn_shape(const qhm_density_visit *visit)
{
    const size_t row = row_of_place(visit->places[0]);
    return (walk_shape){.high_count = visit->row_count / (4 * row),
                        .high_step = 4 * row * visit->lanes,
                        .middle_count = 1,
                        .run = row * visit->lanes};
}

INLINE void pair_offsets(const qhm_density_visit *visit, size_t *offsets)
{
    const size_t first = row_of_place(visit->places[0]) * visit->lanes,
                 second = row_of_place(visit->places[1]) * visit->lanes;
    for (size_t k = 0; k < 16; k++)
        offsets[k] = k % 4 * first + k / 4 * second;
}

// Registers of a group of 16 rows that a pair's kernel holds in the first cache between its turns:
// one turn at a time keeps its coefficients in registers.
enum { CHUNK = 16 };

// The offsets of the next registers of a pair's first row; returns how many.
INLINE size_t next_chunk(const walk_shape *shape, size_t *h, size_t *m, size_t *v, size_t *offsets)
{
    size_t count = 0;
    while (count < CHUNK && *h < shape->high_count) {
        offsets[count++] = *h * shape->high_step + *m * shape->middle_step + *v;
        *v += LANES;
        if (*v < shape->run)
            continue;
        *v = 0;
        if (++*m < shape->middle_count)
            continue;
        *m = 0;
        ++*h;
    }
    return count;
}

INLINE void run_pair(const qhm_density_visit *visit, bool has_first, bool has_second, bool has_map,
                     bool is_uniform)
{
    const walk_shape shape = pair_shape(visit);
    const turn_values first = values_of(visit, 0), second = values_of(visit, 1);
    const real *factors = visit->factors;
    size_t sources[16], targets[16], offsets[CHUNK], h = 0, m = 0, v = 0, count;
    vec held[16][CHUNK], m0[QHM_TURN_ENTRIES], m1[QHM_TURN_ENTRIES];
    if (has_first && is_uniform)
        hold_turn(&first, 0, m0);
    if (has_second && is_uniform)
        hold_turn(&second, 0, m1);
    pair_offsets(visit, sources);
    for (size_t k = 0; k < 16; k++)
        targets[k] = sources[has_map ? visit->targets[k] : k];
    while ((count = next_chunk(&shape, &h, &m, &v, offsets)) > 0) {
        for (size_t b = 0; b < 16; b += 4)
            for (size_t u = 0; u < count; u++) {
                const real *from = (const real *)visit->from + offsets[u];
                const vec i = load(from + sources[b]);
                vec x = load(from + sources[b + 1]), y = load(from + sources[b + 2]),
                    z = load(from + sources[b + 3]);
                if (has_first && is_uniform)
                    apply_held_turn(m0, i, &x, &y, &z);
                else if (has_first)
                    apply_turn(at_lane(&first, offsets[u]), first.stride, i, &x, &y, &z);
                held[b][u] = i;
                held[b + 1][u] = x;
                held[b + 2][u] = y;
                held[b + 3][u] = z;
            }
        for (size_t a = 0; a < 4; a++)
            for (size_t u = 0; u < count; u++) {
                real *to = (real *)visit->to + offsets[u];
                const vec i = held[a][u];
                vec x = held[a + 4][u], y = held[a + 8][u], z = held[a + 12][u];
                if (has_second && is_uniform)
                    apply_held_turn(m1, i, &x, &y, &z);
                else if (has_second)
                    apply_turn(at_lane(&second, offsets[u]), second.stride, i, &x, &y, &z);
                store(to + targets[a], has_map ? i * factors[a] : i);
                store(to + targets[a + 4], has_map ? x * factors[a + 4] : x);
                store(to + targets[a + 8], has_map ? y * factors[a + 8] : y);
                store(to + targets[a + 12], has_map ? z * factors[a + 12] : z);
            }
    }
}

INLINE void choose_pair(const qhm_density_visit *visit, bool is_uniform)
{
    if (visit->targets)
        visit->turns[0]   ? visit->turns[1] ? run_pair(visit, true, true, true, is_uniform)
                                            : run_pair(visit, true, false, true, is_uniform)
          : visit->turns[1] ? run_pair(visit, false, true, true, is_uniform)
                          : run_pair(visit, false, false, true, is_uniform);
    else
        run_pair(visit, true, true, false, is_uniform);
}

static void pair(const qhm_density_visit *given)
{
    const qhm_density_visit copy = *given, *const visit = &copy; // no store can change it
    const bool is_uniform =
        (!visit->turns[0] || visit->is_shared[0]) && (!visit->turns[1] || visit->is_shared[1]);
    is_uniform ? choose_pair(visit, true) : choose_pair(visit, false);
}

static void turn(const qhm_density_visit *given)
{
    const qhm_density_visit copy = *given, *const visit = &copy;
    const walk_shape shape = turn_shape(visit);
    const turn_values values = values_of(visit, 0);
    for (size_t h = 0; h < shape.high_count; h++) {
        const real *from = (const real *)visit->from + h * shape.high_step;
        real *to = (real *)visit->to + h * shape.high_step;
        for (size_t v = 0; v < shape.run; v += LANES) {
            const vec i = load(from + v);
            vec x = load(from + shape.run + v), y = load(from + 2 * shape.run + v),
                z = load(from + 3 * shape.run + v);
            apply_turn(at_lane(&values, v), values.stride, i, &x, &y, &z);
            store(to + v, i);
            store(to + shape.run + v, x);
            store(to + 2 * shape.run + v, y);
            store(to + 3 * shape.run + v, z);
        }
    }
}

static void sparse(const qhm_density_visit *given)
{
    enum { MOST = 1 << 2 * QHM_DENSITY_MAP_QUBITS };
    const qhm_density_visit copy = *given, *const visit = &copy;
    const unsigned count = visit->qubit_count;
    const size_t size = (size_t)1 << 2 * count;
    size_t offsets[MOST], sorted[QHM_DENSITY_MAP_QUBITS];
    for (size_t k = 0; k < size; k++) {
        offsets[k] = 0;
        for (unsigned q = 0; q < count; q++)
            offsets[k] += (k >> 2 * q & 3) * row_of_place(visit->places[q]) * visit->lanes;
    }
    for (unsigned q = 0; q < count; q++) {
        unsigned at = q;
        for (; at > 0 && sorted[at - 1] > visit->places[q]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = visit->places[q];
    }
    const real *values = visit->map->values;
    for (size_t g = 0; g < visit->row_count / size; g++) {
        size_t row = g;
        for (unsigned q = 0; q < count; q++) {
            const size_t low = row_of_place((unsigned)sorted[q]);
            row = (row & (low - 1)) | (row & ~(low - 1)) << 2;
        }
        for (size_t v = 0; v < visit->lanes; v += LANES) {
            const real *from = (const real *)visit->from + row * visit->lanes + v;
            real *to = (real *)visit->to + row * visit->lanes + v;
            vec x[MOST];
            for (size_t k = 0; k < size; k++)
                x[k] = load(from + offsets[k]);
            for (size_t k = 0; k < size; k++) {
                vec sum = splat(0);
                for (uint32_t e = visit->map->starts[k]; e < visit->map->starts[k + 1]; e++)
                    sum += x[visit->map->columns[e]] * values[e];
                store(to + offsets[k], sum);
            }
        }
    }
}

#if !defined(__clang__) && ((VECTOR_BYTES == 32 && defined(QHM_REAL_IS_double)) ||                 \
                            (VECTOR_BYTES == 16 && defined(QHM_REAL_IS_float)))
// Rows of four lanes: transposes in registers, by a builtin of GCC.
static void exchange(const qhm_density_visit *given)
{
    const vec_index even = {0, 4, 2, 6}, odd = {1, 5, 3, 7}, low = {0, 1, 4, 5},
                    high = {2, 3, 6, 7};
    const qhm_density_visit copy = *given, *const visit = &copy;
    const size_t run = row_of_place(visit->places[0]) * LANES;
    for (size_t h = 0; h < visit->row_count * LANES; h += 4 * run)
        for (size_t v = h; v < h + run; v += LANES) {
            const real *from = (const real *)visit->from + v;
            real *to = (real *)visit->to + v;
            const vec a = load(from), b = load(from + run), c = load(from + 2 * run),
                      d = load(from + 3 * run);
            const vec p = __builtin_shuffle(a, b, even), q = __builtin_shuffle(a, b, odd),
                      r = __builtin_shuffle(c, d, even), s = __builtin_shuffle(c, d, odd);
            store(to, __builtin_shuffle(p, r, low));
            store(to + run, __builtin_shuffle(q, s, low));
            store(to + 2 * run, __builtin_shuffle(p, r, high));
            store(to + 3 * run, __builtin_shuffle(q, s, high));
        }
}
#else
static void exchange(const qhm_density_visit *given)
{
    const qhm_density_visit copy = *given, *const visit = &copy;
    const size_t row = row_of_place(visit->places[0]), lanes = visit->lanes;
    const size_t digit = row_of_place(visit->lane_digit);
    for (size_t h = 0; h < visit->row_count / (4 * row); h++)
        for (size_t r = 0; r < row; r++) {
            const real *from = (const real *)visit->from + (h * 4 * row + r) * lanes;
            real *to = (real *)visit->to + (h * 4 * row + r) * lanes;
            for (size_t other = 0; other < lanes / 4; other++) {
                const size_t lane = other % digit + other / digit * 4 * digit;
                real x[4][4];
                for (size_t a = 0; a < 4; a++)
                    for (size_t b = 0; b < 4; b++)
                        x[a][b] = from[a * row * lanes + lane + b * digit];
                for (size_t a = 0; a < 4; a++)
                    for (size_t b = 0; b < 4; b++)
                        to[a * row * lanes + lane + b * digit] = x[b][a];
            }
        }
}

#endif

// Adds up what the entries of a turn multiplied: cotangents of X, Y, Z times I, X, Y, Z before.
INLINE void add_entries(vec *sums, const vec *after, size_t step, const vec *before)
{
#pragma GCC unroll 3
    for (size_t r = 1; r < 4; r++)
#pragma GCC unroll 4
        for (size_t c = 0; c < 4; c++)
            sums[4 * (r - 1) + c] += after[r * step] * before[c * step];
}

INLINE void write_sums(const vec *sums, size_t lanes, size_t lane, double *out)
{
    for (size_t e = 0; e < QHM_TURN_ENTRIES; e++)
        for (size_t l = 0; l < LANES; l++)
            out[e * lanes + lane + l] = (double)sums[e][l];
}

INLINE void run_pair_back(const qhm_density_visit *visit, const real *state, double *sums,
                          bool has_first, bool has_second, bool has_map)
{
    const walk_shape shape = pair_shape(visit);
    const turn_values first = values_of(visit, 0), second = values_of(visit, 1);
    const real *factors = visit->factors;
    const size_t lanes = visit->lanes;
    size_t targets[16], sources[16];
    pair_offsets(visit, targets);
    for (size_t k = 0; k < 16; k++)
        sources[k] = targets[has_map ? visit->targets[k] : k];
    for (size_t lane = 0; lane < lanes; lane += LANES) {
        vec first_sums[QHM_TURN_ENTRIES] = {0}, second_sums[QHM_TURN_ENTRIES] = {0};
        for (size_t h = 0; h < shape.high_count; h++)
            for (size_t m = 0; m < shape.middle_count; m++) {
                const size_t base = h * shape.high_step + m * shape.middle_step;
                for (size_t v = base + lane; v < base + shape.run; v += lanes) {
                    vec x[16], y[16];
#pragma GCC unroll 16
                    for (size_t k = 0; k < 16; k++) {
                        y[k] = load((const real *)visit->from + sources[k] + v);
                        y[k] = has_map ? y[k] * factors[k] : y[k];
                        x[k] = load(state + targets[k] + v);
                    }
                    if (has_second) {
                        vec turned[16];
#pragma GCC unroll 16
                        for (size_t k = 0; k < 16; k++)
                            turned[k] = x[k];
#pragma GCC unroll 4
                        for (size_t b = 0; has_first && b < 16; b += 4)
                            apply_turn(at_lane(&first, lane), first.stride, turned[b],
                                       &turned[b + 1], &turned[b + 2], &turned[b + 3]);
#pragma GCC unroll 4
                        for (size_t a = 0; a < 4; a++) {
                            add_entries(second_sums, y + a, 4, turned + a);
                            apply_turn_back(at_lane(&second, lane), second.stride, &y[a], &y[a + 4],
                                            &y[a + 8], &y[a + 12]);
                        }
                    }
                    if (has_first)
#pragma GCC unroll 4
                        for (size_t b = 0; b < 16; b += 4) {
                            add_entries(first_sums, y + b, 1, x + b);
                            apply_turn_back(at_lane(&first, lane), first.stride, &y[b], &y[b + 1],
                                            &y[b + 2], &y[b + 3]);
                        }
#pragma GCC unroll 16
                    for (size_t k = 0; k < 16; k++)
                        store((real *)visit->to + targets[k] + v, y[k]);
                }
            }
        if (has_first)
            write_sums(first_sums, lanes, lane, sums);
        if (has_second)
            write_sums(second_sums, lanes, lane, sums + QHM_TURN_ENTRIES * lanes);
    }
}

static void pair_back(const qhm_density_visit *given, const void *state, double *sums)
{
    const qhm_density_visit copy = *given, *const visit = &copy;
    if (visit->targets)
        visit->turns[0]   ? visit->turns[1] ? run_pair_back(visit, state, sums, true, true, true)
                                            : run_pair_back(visit, state, sums, true, false, true)
          : visit->turns[1] ? run_pair_back(visit, state, sums, false, true, true)
                          : run_pair_back(visit, state, sums, false, false, true);
    else
        run_pair_back(visit, state, sums, true, true, false);
}

static void turn_back(const qhm_density_visit *given, const void *state, double *sums)
{
    const qhm_density_visit copy = *given, *const visit = &copy;
    const walk_shape shape = turn_shape(visit);
    const turn_values values = values_of(visit, 0);
    for (size_t lane = 0; lane < visit->lanes; lane += LANES) {
        vec entry_sums[QHM_TURN_ENTRIES] = {0};
        for (size_t h = 0; h < shape.high_count; h++)
            for (size_t v = h * shape.high_step + lane; v < h * shape.high_step + shape.run;
                 v += visit->lanes) {
                vec x[4], y[4];
                for (size_t k = 0; k < 4; k++) {
                    x[k] = load((const real *)state + k * shape.run + v);
                    y[k] = load((const real *)visit->from + k * shape.run + v);
                }
                add_entries(entry_sums, y, 1, x);
                apply_turn_back(at_lane(&values, lane), values.stride, &y[0], &y[1], &y[2], &y[3]);
                for (size_t k = 0; k < 4; k++)
                    store((real *)visit->to + k * shape.run + v, y[k]);
            }
        write_sums(entry_sums, visit->lanes, lane, sums);
    }
}

static void from_double(size_t count, const double *from, void *to)
{
    real *out = to;
    for (size_t i = 0; i < count; i++)
        out[i] = (real)from[i];
}

// The rows, from 0, that a rotation about an axis mixes: (Y, Z), (Z, X), (X, Y).
INLINE size_t first_row(unsigned axis)
{
    return axis % 3;
}

INLINE size_t second_row(unsigned axis)
{
    return (axis + 1) % 3;
}

static void rotate(size_t lanes, unsigned axis, const double *cosines, const double *sines,
                   double *matrix)
{
    for (size_t c = 0; c < 4; c++) {
        double *restrict a = matrix + (4 * first_row(axis) + c) * lanes;
        double *restrict b = matrix + (4 * second_row(axis) + c) * lanes;
        for (size_t l = 0; l < lanes; l++) {
            const double x = a[l], y = b[l];
            a[l] = cosines[l] * x - sines[l] * y;
            b[l] = sines[l] * x + cosines[l] * y;
        }
    }
}

static void multiply(size_t lanes, const double *constant, double *matrix)
{
    for (size_t c = 0; c < 4; c++) {
        double *restrict x = matrix + c * lanes, *restrict y = matrix + (4 + c) * lanes,
                         *restrict z = matrix + (8 + c) * lanes;
        const double from_identity = c == 0;
        for (size_t l = 0; l < lanes; l++) {
            const double a = x[l], b = y[l], d = z[l];
            x[l] =
                constant[0] * from_identity + constant[1] * a + constant[2] * b + constant[3] * d;
            y[l] =
                constant[4] * from_identity + constant[5] * a + constant[6] * b + constant[7] * d;
            z[l] =
                constant[8] * from_identity + constant[9] * a + constant[10] * b + constant[11] * d;
        }
    }
}

static void multiply_back(size_t lanes, const double *constant, double *derivatives)
{
    for (size_t c = 0; c < 4; c++) {
        double *restrict x = derivatives + c * lanes, *restrict y = derivatives + (4 + c) * lanes,
                         *restrict z = derivatives + (8 + c) * lanes;
        for (size_t l = 0; l < lanes; l++) {
            const double a = x[l], b = y[l], d = z[l];
            x[l] = constant[1] * a + constant[5] * b + constant[9] * d;
            y[l] = constant[2] * a + constant[6] * b + constant[10] * d;
            z[l] = constant[3] * a + constant[7] * b + constant[11] * d;
        }
    }
}

static void angle_derivative(size_t lanes, unsigned axis, const double *derivatives,
                             const double *product, double *out)
{
    const double *di = derivatives + 4 * first_row(axis) * lanes,
                 *dj = derivatives + 4 * second_row(axis) * lanes,
                 *pi = product + 4 * first_row(axis) * lanes,
                 *pj = product + 4 * second_row(axis) * lanes;
    for (size_t l = 0; l < lanes; l++) {
        double sum = 0;
        for (size_t c = 0; c < 4; c++)
            sum += dj[c * lanes + l] * pi[c * lanes + l] - di[c * lanes + l] * pj[c * lanes + l];
        out[l] = sum;
    }
}

extern const qhm_density_kernels QHM_TABLE;

const qhm_density_kernels QHM_TABLE = {
    .real_bytes = sizeof(real),
    .lanes = LANES,
    .pair = pair,
    .turn = turn,
    .sparse = sparse,
    .exchange = exchange,
    .pair_back = pair_back,
    .turn_back = turn_back,
    .from_double = from_double,
    .rotate = rotate,
    .multiply = multiply,
    .multiply_back = multiply_back,
    .angle_derivative = angle_derivative,
};
