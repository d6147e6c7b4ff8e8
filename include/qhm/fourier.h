/** @file fourier.h
 *  The quantum Fourier transform as a circuit: exact, approximate, inverse [coppersmith1994].
 *
 *  |j> becomes 2^(-n/2) sum_k exp(2 pi i j k / 2^n) |k>, qubit 0 the lowest bit of j and of k. That
 *  takes n H, n (n - 1) / 2 controlled phases and n / 2 swaps. Its output is a state: a run gives
 *  one sample of |amplitude|^2, where a classical transform gives all N amplitudes. */
#ifndef QHM_FOURIER_H
#define QHM_FOURIER_H

#include <qhm/circuit.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Which transform; zero means the default in every field. */
typedef struct qhm_fourier_options {
    bool is_inverse;
    bool leaves_reversed; /**< no swaps: bit q of k is on qubit n - 1 - q */
    size_t distance;      /**< approximate: phases pi / 2^d only for d up to it; 0: all */
} qhm_fourier_options;

/** Creates the circuit.
 *  @param qubit_count  1 to 1,000.
 *  @param options      NULL: exact, forwards, with swaps.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_fourier_create(size_t qubit_count,
                                                     const qhm_fourier_options *options,
                                                     qhm_circuit **circuit);

/** An upper bound on the operator norm of exact minus approximate: the sum over dropped phases
 *  pi / 2^d of 2 sin(pi / 2^(d + 1)). @param distance  0: nothing is dropped. */
QHM_API double qhm_fourier_error_bound(size_t qubit_count, size_t distance);

#ifdef __cplusplus
}
#endif
#endif
