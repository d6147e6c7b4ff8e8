/** @file unary_loader.h
 *  Unary loaders: n features as the amplitudes of n basis states that have a single 1 each.
 *
 *  Feature i over the norm is the amplitude of "only qubit i is 1". Gates that keep the number of
 *  ones (qhm_circuit_append_givens, the ansatz "givens") keep the state among these n of 2^n basis
 *  states, so a shot with another number of ones was an error and can be discarded: mitigation
 *  "detection" of chip_plan.h. A classical computer follows such a state in n numbers: it is a way
 *  to run a model in spite of noise, not to run one that is hard to simulate.
 *
 *  Johri et al., Nearest centroid classification on a trapped ion quantum computer [johri2021];
 *  Landman et al., Quantum methods for neural networks and application to medical image
 *  classification [landman2022].
 *
 *  @code
 *  qhm_unary_loader_create(4, &circuit);               // once
 *  qhm_unary_loader_angles(4, features, inputs, NULL); // each sample
 *  @endcode */
#ifndef QHM_UNARY_LOADER_H
#define QHM_UNARY_LOADER_H

#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Appends a Givens rotation of two qubits, also known as the RBS gate: |10> -> cos a |10> + sin a
 *  |01>, |01> -> cos a |01> - sin a |10> with `first` on the left; |00> and |11> stay.
 *
 *  Made of two CZ, two RY by a and -a, and H [landman2022].
 *  @return as qhm_circuit_append. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_append_givens(qhm_circuit *circuit, uint32_t first,
                                                            uint32_t second, qhm_angle angle);

/** Creates the circuit of a loader: X on qubit 0, then a chain of Givens rotations.
 *
 *  The chain needs neighbours on a line only. Depth grows with n.
 *  @param qubit_count  2 or more.
 *  @param circuit      inputs: n - 1 angles, of qhm_unary_loader_angles.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_unary_loader_create(size_t qubit_count,
                                                          qhm_circuit **circuit);

/** The angles for a vector of features.
 *  @param features  [qubit_count] finite, not all zero.
 *  @param angles    [qubit_count - 1]
 *  @param norm      the features' length, which the state does not keep; may be NULL.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. Cost: O(n). */
QHM_API QHM_MUST_CHECK qhm_status qhm_unary_loader_angles(size_t qubit_count,
                                                          const double *features, double *angles,
                                                          double *norm);

#ifdef __cplusplus
}
#endif
#endif
