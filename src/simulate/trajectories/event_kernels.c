// Kernels for what noise does to one large state; compiled once per precision and instruction set.
#include "simulate/trajectories/event_kernels.h"

#include "base/vectors.h"

enum { MAX_MEMBERS = 1 << QHM_CHANNEL_MAX_QUBITS };

static bool is_first_member(const qhm_event *event, unsigned qubits, uint64_t y)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < qubits; i++)
        bits |= (uint64_t)__builtin_parityll(y & event->signs[i]) << i;
    return bits == event->flipped;
}

static void find_members(const qhm_event *event, size_t *offsets)
{
    for (size_t member = 0; member < (size_t)1 << event->qubit_count; member++) {
        offsets[member] = 0;
        for (unsigned i = 0; i < event->qubit_count; i++)
            offsets[member] ^= member >> i & 1 ? (size_t)event->masks[i] : 0;
    }
}

INLINE void apply_to(real *re, real *im, const qhm_event *event, unsigned qubits, size_t first,
                     size_t last)
{
    const size_t dimension = (size_t)1 << qubits;
    size_t offsets[MAX_MEMBERS];
    real a[MAX_MEMBERS * MAX_MEMBERS], b[MAX_MEMBERS * MAX_MEMBERS];
    find_members(event, offsets);
    for (size_t i = 0; i < dimension * dimension; i++) {
        a[i] = (real)event->matrix[i].re;
        b[i] = (real)event->matrix[i].im;
    }
    for (size_t y = first; y < last; y++) {
        real x_re[MAX_MEMBERS], x_im[MAX_MEMBERS];
        if (!is_first_member(event, qubits, y))
            continue;
        for (size_t k = 0; k < dimension; k++) {
            x_re[k] = re[y ^ offsets[k]];
            x_im[k] = im[y ^ offsets[k]];
        }
        for (size_t j = 0; j < dimension; j++) {
            real sum_re = 0, sum_im = 0;
            for (size_t k = 0; k < dimension; k++) {
                sum_re += a[j * dimension + k] * x_re[k] - b[j * dimension + k] * x_im[k];
                sum_im += a[j * dimension + k] * x_im[k] + b[j * dimension + k] * x_re[k];
            }
            re[y ^ offsets[j]] = sum_re;
            im[y ^ offsets[j]] = sum_im;
        }
    }
}

static void apply(void *re, void *im, const qhm_event *event, size_t first, size_t last)
{
    if (event->qubit_count == 1)
        apply_to(re, im, event, 1, first, last);
    else if (event->qubit_count == 2)
        apply_to(re, im, event, 2, first, last);
    else
        apply_to(re, im, event, event->qubit_count, first, last);
}

INLINE void reduce_to(const real *re, const real *im, const qhm_event *event, unsigned qubits,
                      size_t first, size_t last, qhm_complex *entries)
{
    const size_t dimension = (size_t)1 << qubits;
    size_t offsets[MAX_MEMBERS];
    find_members(event, offsets);
    for (size_t y = first; y < last; y++) {
        double x_re[MAX_MEMBERS], x_im[MAX_MEMBERS];
        if (!is_first_member(event, qubits, y))
            continue;
        for (size_t k = 0; k < dimension; k++) {
            x_re[k] = (double)re[y ^ offsets[k]];
            x_im[k] = (double)im[y ^ offsets[k]];
        }
        for (size_t j = 0; j < dimension; j++)
            for (size_t k = j; k < dimension; k++) {
                entries[j * dimension + k].re += x_re[j] * x_re[k] + x_im[j] * x_im[k];
                entries[j * dimension + k].im += x_im[j] * x_re[k] - x_re[j] * x_im[k];
            }
    }
}

static void reduce(const void *re, const void *im, const qhm_event *event, size_t first,
                   size_t last, qhm_complex *entries)
{
    if (event->qubit_count == 1)
        reduce_to(re, im, event, 1, first, last, entries);
    else if (event->qubit_count == 2)
        reduce_to(re, im, event, 2, first, last, entries);
    else
        reduce_to(re, im, event, event->qubit_count, first, last, entries);
}

static double norm(const void *re, const void *im, size_t first, size_t last)
{
    enum { SUMS = 8 };
    const real *const x = re, *const y = im;
    double sums[SUMS] = {0}, sum = 0;
    size_t i = first;
    for (; i + SUMS <= last; i += SUMS)
        for (size_t k = 0; k < SUMS; k++) {
            const double a = (double)x[i + k], b = (double)y[i + k];
            sums[k] += a * a + b * b;
        }
    for (size_t k = 0; k < SUMS; k++)
        sum += sums[k];
    for (; i < last; i++)
        sum += (double)x[i] * (double)x[i] + (double)y[i] * (double)y[i];
    return sum;
}

static size_t find(const void *re, const void *im, size_t first, size_t last, double target)
{
    const real *const x = re, *const y = im;
    size_t found = last - 1;
    double sum = 0;
    for (size_t i = first; i < last; i++) {
        const double p = (double)x[i] * (double)x[i] + (double)y[i] * (double)y[i];
        sum += p;
        if (p > 0)
            found = i; // never an amplitude that is 0
        if (sum > target)
            break;
    }
    return found;
}

extern const qhm_event_kernels QHM_TABLE;

const qhm_event_kernels QHM_TABLE = {.apply = apply, .reduce = reduce, .norm = norm, .find = find};
