// Serial kernels over rows of amplitudes, one table per precision and instruction set.
//
// A state is rows x lanes, lanes innermost, real and imaginary parts apart. In the batched
// layout a row is an amplitude and a lane a sample; in the wide layout the lanes are the lowest
// qubits of one sample. The kernels do not know which: a coefficient is one value for all lanes
// or one a lane.
#ifndef QHM_SIMULATE_STATEVECTOR_KERNELS_H
#define QHM_SIMULATE_STATEVECTOR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

enum { QHM_DENSE_MAX_TARGETS = 4 };

typedef struct qhm_rows {
    void *re, *im; // [rows][lanes], 64-byte aligned
    size_t lanes;  // a multiple of the table's
} qhm_rows;

// One gate on rows. Kernels walk the row numbers whose `fixed` bits are 0, in ascending order,
// set `controls`, and treat walk numbers [first, last).
typedef struct qhm_row_gate {
    size_t fixed;                          // row bits of targets and controls
    size_t controls;                       // row bits that must be 1
    size_t targets[QHM_DENSE_MAX_TARGETS]; // row bits as masks; [0] for one-target kernels
    unsigned target_count;                 // dense
    size_t parity;                         // row bits whose parity picks the sign
    size_t flip;                           // mix: the partner of lane l is l ^ flip
    bool is_uniform;                       // coefficients are [k], not [k][lanes]
    double sign;                           // rotations, phase, parity: -1 for the inverse
    const void *coefficients;              // as the kernel says
} qhm_row_gate;

typedef void qhm_row_kernel(const qhm_rows *state, const qhm_row_gate *gate, size_t first,
                            size_t last);

typedef struct qhm_statevector_kernels {
    size_t real_bytes; // of one real number
    size_t lanes;      // in one vector register

    // cos and sin of arguments[count], |argument| <= 1e6; count is a multiple of lanes.
    void (*sincos)(size_t count, const double *arguments, void *cosines, void *sines);
    // to[i] = from[i].
    void (*from_double)(size_t count, const double *from, void *to);
    // to[i] = from[offset + i * stride]
    void (*gather)(size_t count, const void *from, size_t offset, size_t stride, double *to);
    // out[i] = patterns[0][i] + cosine * patterns[1][i] + sine * patterns[2][i]; the two are the
    // numbers at `which` of their arrays.
    void (*combine)(size_t count, const void *patterns, const void *cosines, const void *sines,
                    size_t which, void *out);
    // The same two numbers into out[2].
    void (*pair)(const void *cosines, const void *sines, size_t which, void *out);

    qhm_row_kernel *rotate_x; // [2] cos, sin: [[c, -i s], [-i s, c]]
    qhm_row_kernel *rotate_y; // [2] cos, sin: [[c, -s], [s, c]]
    qhm_row_kernel *real;     // [4] a real matrix, row-major
    qhm_row_kernel *matrix;   // [8] a complex matrix, row-major: 4 real parts, 4 imaginary
    qhm_row_kernel *phase;    // [2] cos, sin: times c + i s
    qhm_row_kernel *parity;   // [2] cos, sin: times c - i s, c + i s where the parity
                              // of target and `parity` is odd
    qhm_row_kernel *exchange; // X: no coefficients
    qhm_row_kernel *mix;      // [4] own re, own im, partner's re, im: the target is in the lanes
    qhm_row_kernel *dense;    // [2 * 4^k] real parts, then imaginary ones; row-major

    // sums[t][lanes] = sum over rows [first, last) of (-1)^parity(row & masks[t]) |state|^2.
    void (*diagonal_sums)(const qhm_rows *state, size_t term_count, const size_t *masks,
                          size_t first, size_t last, double *sums);

    // sums[2][lanes] = real and imaginary part of the sum over the walk of
    // (-1)^parity(row & gate->parity) conj(bra[row ^ gate->targets[0]][lane ^ flip]) ket[row][lane]
    void (*inner)(const qhm_rows *bra, const qhm_rows *ket, const qhm_row_gate *gate, size_t first,
                  size_t last, double *sums);

    // out[row] = in[row] * sum_t (-1)^parity(row & masks[t]) weights[t][lanes]
    void (*diagonal_apply)(const qhm_rows *in, const qhm_rows *out, size_t term_count,
                           const size_t *masks, const void *weights, size_t first, size_t last);

    // out[row][lane] += (w[0][lane] + i w[1][lane]) (-1)^parity(source & gate->parity)
    // in[source][lane ^ flip], source = row ^ gate->targets[0], w = gate->coefficients [2][lanes]
    void (*pauli_add)(const qhm_rows *in, const qhm_rows *out, const qhm_row_gate *gate,
                      size_t first, size_t last);
} qhm_statevector_kernels;

extern const qhm_statevector_kernels qhm_statevector_kernels_baseline_float;
extern const qhm_statevector_kernels qhm_statevector_kernels_baseline_double;
#if defined(__x86_64__)
extern const qhm_statevector_kernels qhm_statevector_kernels_avx2_float;
extern const qhm_statevector_kernels qhm_statevector_kernels_avx2_double;
extern const qhm_statevector_kernels qhm_statevector_kernels_avx512_float;
extern const qhm_statevector_kernels qhm_statevector_kernels_avx512_double;
#endif

#endif
