/** @file amplitude_operator.h
 *  The operator Q = -A S0 A^-1 Schi of amplitude amplification and estimation [brassard2002].
 *
 *  A prepares a state of which the share sin^2(theta) is on marked basis states; Schi turns the
 *  sign of those, S0 that of |0...0>. Q has the eigenvalues exp(+-2i theta). Its minus sign is made
 *  of gates: a control makes it visible, and without it an estimate of a would be one of 1 - a. */
#ifndef QHM_AMPLITUDE_OPERATOR_H
#define QHM_AMPLITUDE_OPERATOR_H

#include <qhm/circuit.h>
#include <qhm/oracle.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A preparation and what counts in its state. */
typedef struct qhm_amplitude_problem {
    const qhm_circuit *preparation; /**< A, from |0...0>: 1 to 16 qubits, gates only, no slots */
    const size_t *marked;           /**< [marked_count] basis states, distinct */
    size_t marked_count;            /**< 0: nothing is marked, and the share is 0 */
    const qhm_oracle *oracle;       /**< marks instead of a list; has as many qubits as the
                                         preparation; NULL: the list */
} qhm_amplitude_problem;

/** Qubits of Q without a control: the preparation's, then the oracle's work qubits. */
QHM_API size_t qhm_amplitude_qubit_count(const qhm_amplitude_problem *problem);

/** Creates Q: two uses of A, a phase under all qubits for |0...0>, and the same for each marked
 *  state, or a call of the oracle.
 *  @param is_controlled  under one more qubit, after all others. Only signs need it: where it is
 *                        0, A undoes its inverse.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a marked state out of range or twice, a number of
 *          qubits out of range, slots); QHM_ERROR_UNSUPPORTED (a preparation that cannot be
 *          inverted); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_amplitude_operator_create(
    const qhm_amplitude_problem *problem, bool is_controlled, qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
