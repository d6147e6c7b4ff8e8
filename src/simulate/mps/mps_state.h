// A matrix product state: chains of tensors, one a qubit, that are split wherever nothing is
// entangled.
//
// A tensor is [left bond][2][right bond]. Each chain has one centre; tensors left of it have
// orthonormal columns ([left bond, 2] to [right bond]), those right of it orthonormal rows, so that
// the centre alone holds the norm, and dropping the smallest singular values of a cut there loses
// the least [vidal2003, schollwock2011]. A cut with one singular value ends the chain: qubits that
// are in a product state are chains of their own, which cost nothing to bring together. Which
// qubit lies where follows the gates.
#ifndef QHM_SIMULATE_MPS_STATE_H
#define QHM_SIMULATE_MPS_STATE_H

#include "linalg/complex_factor.h"

#include <qhm/circuit.h>
#include <qhm/observable.h>
#include <qhm/random.h>

enum { QHM_MPS_BLOCK_QUBITS = 4 }; // gates on more are sums of two operators
#define QHM_NO_SITE UINT32_MAX

typedef enum qhm_mps_form { QHM_MPS_CENTRE = 0, QHM_MPS_LEFT, QHM_MPS_RIGHT } qhm_mps_form;

// Complex numbers that grow; what is in them need not survive growing.
typedef struct qhm_mps_buffer {
    qhm_complex *entries;
    size_t capacity;
} qhm_mps_buffer;

typedef struct qhm_mps_site {
    qhm_mps_buffer tensor; // [left_bond][2][right_bond]
    size_t left_bond, right_bond;
    uint32_t left, right; // neighbours, or QHM_NO_SITE
    uint32_t qubit;
    qhm_mps_form form;
} qhm_mps_site;

typedef struct qhm_mps_limits {
    size_t max_bond;
    double discarded_weight; // of the squared singular values of a cut: what may be dropped
    double least_kept;       // fail where the state keeps less; 0: never
    size_t bytes;
} qhm_mps_limits;

typedef struct qhm_mps {
    size_t qubit_count;
    qhm_mps_limits limits;
    qhm_mps_site *sites;
    uint32_t *site_of; // [qubit_count]
    size_t largest_bond;
    double kept; // the product of the weights that cuts kept: 1 minus this bounds what was lost

    qhm_mps_buffer a, b, u, v; // work space
    double *values;
    size_t value_capacity;
    qhm_factor_work work;
    size_t bytes;
} qhm_mps;

// |0...0>. QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_mps_create(size_t qubit_count, const qhm_mps_limits *limits,
                                         qhm_mps **state);
void qhm_mps_destroy(qhm_mps *state);
void qhm_mps_reset(qhm_mps *state);
QHM_MUST_CHECK qhm_status qhm_mps_copy(qhm_mps *to, const qhm_mps *from);
size_t qhm_mps_bytes(const qhm_mps *state);

// All that follows may need memory: QHM_ERROR_OUT_OF_MEMORY, QHM_ERROR_RESOURCE_LIMIT beyond
// limits.bytes, QHM_ERROR_NUMERIC. BLAS and LAPACK run on the calling thread: see
// complex_factor.h.

// Runs a unitary instruction for angles of these values.
QHM_MUST_CHECK qhm_status qhm_mps_apply(qhm_mps *state, const qhm_instruction *instruction,
                                        const double *angles);

// The probability that a qubit is 1.
QHM_MUST_CHECK qhm_status qhm_mps_one_probability(qhm_mps *state, uint32_t qubit, double *one);

// Projects a qubit onto an outcome that has a probability; it becomes a chain of its own.
QHM_MUST_CHECK qhm_status qhm_mps_collapse(qhm_mps *state, uint32_t qubit, bool outcome);

// The expectation value of a Pauli string.
QHM_MUST_CHECK qhm_status qhm_mps_expectation(qhm_mps *state, const qhm_pauli_factor *factors,
                                              size_t count, double *value);

// Moves every centre to the beginning of its chain: what the functions on samples below want.
QHM_MUST_CHECK qhm_status qhm_mps_prepare_samples(qhm_mps *state);

// Draws an outcome of all qubits, [(qubit_count + 63) / 64] words. The state stays as it is.
// @param scratch  [3 * qhm_mps_bond(state)]
void qhm_mps_sample(const qhm_mps *state, qhm_random *random, qhm_complex *scratch,
                    uint64_t *outcome);

// The largest bond of the state as it is now.
size_t qhm_mps_bond(const qhm_mps *state);

// All amplitudes [2^qubit_count], of few qubits.
QHM_MUST_CHECK qhm_status qhm_mps_amplitudes(qhm_mps *state, qhm_complex *amplitudes);

// Inside: mps_state.c
QHM_MUST_CHECK qhm_status qhm_mps_reserve(qhm_mps *state, qhm_mps_buffer *buffer, size_t count);
// Moves the centre of a chain to a site.
QHM_MUST_CHECK qhm_status qhm_mps_move_centre(qhm_mps *state, uint32_t site);
// Moves the centre one site on, dropping singular values if `cuts`: a link may end.
QHM_MUST_CHECK qhm_status qhm_mps_move_right(qhm_mps *state, uint32_t site, bool cuts);
QHM_MUST_CHECK qhm_status qhm_mps_move_left(qhm_mps *state, uint32_t site, bool cuts);
// Cuts buffer a [left bond][2^count][right bond] into the tensors of neighbouring sites; the
// centre is the last.
QHM_MUST_CHECK qhm_status qhm_mps_split(qhm_mps *state, const uint32_t *sites, size_t count);
void qhm_mps_adopt(qhm_mps_site *site, qhm_mps_buffer *buffer); // exchanges memory

static inline bool qhm_mps_is_alone(const qhm_mps_site *site)
{
    return site->left == QHM_NO_SITE && site->right == QHM_NO_SITE;
}

static inline qhm_complex qhm_mps_times(qhm_complex a, qhm_complex b)
{
    return (qhm_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static inline double qhm_mps_norm(const qhm_complex *a, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += a[i].re * a[i].re + a[i].im * a[i].im;
    return sum;
}

#endif
