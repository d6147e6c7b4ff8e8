/** @file state_preparation.h
 *  Circuits that prepare a given state from |0...0>: basis and amplitude encoding.
 *
 *  A general state of n qubits costs about 2^n gates, as many as the data have numbers: this
 *  never is a logarithmic load. Mottonen, Vartiainen, Bergholm, Salomaa: Transformation of
 *  quantum states using uniformly controlled rotations [mottonen2005].
 *
 *  One circuit serves a whole batch: its input slots are the rotation angles, which
 *  qhm_state_preparation_angles computes for each sample.
 *
 *  @code
 *  qhm_state_preparation_create(3, QHM_STATE_REAL, &circuit);           // once
 *  qhm_state_preparation_encode(3, features, 6, inputs, &norm);         // each sample
 *  @endcode */
#ifndef QHM_STATE_PREPARATION_H
#define QHM_STATE_PREPARATION_H

#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What amplitudes a circuit can prepare. */
typedef enum qhm_state_kind {
    QHM_STATE_COMPLEX = 0, /**< any, up to a global phase: 2^n - 1 RY, 2^n - 1 RZ and
                              2^(n+1) - 2n - 2 CX */
    QHM_STATE_REAL = 1     /**< real ones, signs exact: 2^n - 1 RY and 2^n - 2 CX */
} qhm_state_kind;

/** Creates the circuit that prepares states of a kind; its inputs are rotation angles.
 *  @param qubit_count  1 to 24.
 *  @param circuit      inputs: qhm_state_preparation_angle_count.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_state_preparation_create(size_t qubit_count,
                                                               qhm_state_kind kind,
                                                               qhm_circuit **circuit);

/** The inputs of such a circuit: 2^n - 1 for real, twice that for complex amplitudes. */
QHM_API size_t qhm_state_preparation_angle_count(size_t qubit_count, qhm_state_kind kind);

/** The angles that make the circuit prepare amplitudes / their norm.
 *
 *  For complex amplitudes the state's global phase is lost: it comes out divided by
 *  exp(i mean of the amplitudes' phases), where zeros count with phase 0. An empty branch of the
 *  state gets angles 0.
 *  @param amplitudes  [2^n] finite, not all zero; imaginary parts 0 if the kind is real.
 *  @param angles      [qhm_state_preparation_angle_count]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. Cost: O(n 2^n). */
QHM_API QHM_MUST_CHECK qhm_status qhm_state_preparation_angles(size_t qubit_count,
                                                               qhm_state_kind kind,
                                                               const qhm_complex *amplitudes,
                                                               double *angles);

/** The angles for a vector of features as real amplitudes, padded with zeros.
 *  @param features       [feature_count] finite, not all zero.
 *  @param feature_count  1 to 2^n.
 *  @param angles         [2^n - 1]
 *  @param norm           the features' length, which the state does not keep; may be NULL.
 *  @return as qhm_state_preparation_angles. */
QHM_API QHM_MUST_CHECK qhm_status qhm_state_preparation_encode(size_t qubit_count,
                                                               const double *features,
                                                               size_t feature_count, double *angles,
                                                               double *norm);

/** Creates the circuit that prepares one state, without slots. @return as
 *  qhm_state_preparation_angles. */
QHM_API QHM_MUST_CHECK qhm_status qhm_state_preparation_bind(size_t qubit_count,
                                                             qhm_state_kind kind,
                                                             const qhm_complex *amplitudes,
                                                             qhm_circuit **circuit);

/** Creates the circuit that prepares a basis state: X on every qubit whose bit is set.
 *  @param bits  [qubit_count], qubit 0 first.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_state_preparation_create_basis(size_t qubit_count,
                                                                     const bool *bits,
                                                                     qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
