/** @file matrix_product_state.h
 *  Circuits that prepare a state, or the nearest that one sweep finds, whose halves are joined by
 *  at most so many terms at every cut: gates of order qubits * bond^2, in place of 2^qubits.
 *
 *  The amplitudes are split qubit by qubit into Schmidt terms, of which the largest `bond` are
 *  kept. Each qubit then takes one unitary on itself and ceil(lg bond) neighbours, one after the
 *  other. C. Schon, E. Solano, F. Verstraete, J. I. Cirac, M. M. Wolf [schon2005].
 *
 *  @code
 *  const qhm_complex ghz[8] = {[0] = {1, 0}, [7] = {1, 0}};
 *  status = qhm_matrix_product_state_create(3, ghz, 2, &load, &circuit);
 *  @endcode */
#ifndef QHM_MATRIX_PRODUCT_STATE_H
#define QHM_MATRIX_PRODUCT_STATE_H

#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a load by a matrix product state comes to. */
typedef struct qhm_matrix_product_load {
    double fidelity; /**< of the prepared state with the one asked for: 1 if nothing was left out */
    size_t bond;     /**< the most terms kept at a cut */
} qhm_matrix_product_load;

/** Creates the circuit that prepares an approximation of amplitudes / their norm from |0...0>.
 *
 *  Terms below 1e-12 of the largest are left out, so that the bond is no larger than the state
 *  takes. The fidelity is exact, and at most the sum of the largest `bond` Schmidt weights of
 *  any cut. Signs of real amplitudes come out as they are; complex states lose a global phase.
 *  @param qubit_count  1 to 20.
 *  @param amplitudes   [2^qubit_count] finite, not all zero; bit 0 of the index is qubit 0.
 *  @param bond         1 to 8: the most terms to keep.
 *  @param load         what came out.
 *  @param circuit      of unitary gates on 1, 3 or 4 qubits and CX, at most 3 for a step on two
 * qubits, after a load of the highest qubits.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC where singular values do not
 *  converge; QHM_ERROR_OUT_OF_MEMORY. Cost: of order 2^qubit_count bond^2. */
QHM_API QHM_MUST_CHECK qhm_status qhm_matrix_product_state_create(size_t qubit_count,
                                                                  const qhm_complex *amplitudes,
                                                                  size_t bond,
                                                                  qhm_matrix_product_load *load,
                                                                  qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
