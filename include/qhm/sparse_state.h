/** @file sparse_state.h
 *  Circuits that prepare states of few basis states: gates of order count * qubits, in place of
 *  2^qubits.
 *
 *  Basis states are merged two by two until one is left; the circuit is that, backwards. Each merge
 *  is some CX and one rotation under at most lg count controls.
 *  N. Gleinig, T. Hoefler, DAC 2021 [gleinig2021].
 *
 *  @code
 *  const uint64_t states[] = {1, 200, 77};
 *  const qhm_complex amplitudes[] = {{1, 0}, {0, 1}, {2, 0}};
 *  status = qhm_sparse_state_create(8, states, amplitudes, 3, &circuit);
 *  @endcode */
#ifndef QHM_SPARSE_STATE_H
#define QHM_SPARSE_STATE_H

#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Creates the circuit that prepares sum amplitudes[i] |states[i]> / norm from |0...0>, up to a
 *  global phase.
 *  @param qubit_count  1 to 63.
 *  @param states       [count], all different, below 2^qubit_count; bit 0 is qubit 0.
 *  @param amplitudes   [count] finite, none zero.
 *  @param count        1 to 65,536.
 *  @param circuit      of x, cx and unitary gates on one qubit under controls.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: of order count^2 * qubits. */
QHM_API QHM_MUST_CHECK qhm_status qhm_sparse_state_create(size_t qubit_count,
                                                          const uint64_t *states,
                                                          const qhm_complex *amplitudes,
                                                          size_t count, qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
