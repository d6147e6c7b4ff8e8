/** @file density_exponentiation.h
 *  Density-matrix exponentiation and quantum principal components [lloyd2014].
 *
 *  A state that comes in copies acts as a Hamiltonian: swapping a little with a fresh copy turns
 *  sigma by e^{-i rho angle} up to angle^2. Time t within an error takes about t^2 / error copies,
 *  and each copy of classical data is a load of all of it. */
#ifndef QHM_DENSITY_EXPONENTIATION_H
#define QHM_DENSITY_EXPONENTIATION_H

#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Creates the circuit of e^{-i angle SWAP} on two registers, its phase included.
 *
 *  Qubits: a system of n, a copy of n, an ancilla that is |0> before and after. 4 n controlled
 *  swaps and one rotation.
 *  @param qubit_count  n, at least 1.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_swap_exponential_create(size_t qubit_count, double angle,
                                                              qhm_circuit **circuit);

/** What `copies` swaps by time / copies make of sigma:
 *  cos^2 sigma + sin^2 rho - i sin cos [rho, sigma] for each, exactly.
 *  @param size   rows of the matrices, at least 1.
 *  @param rho    [size][size] of trace 1; not checked.
 *  @param sigma  [size][size], overwritten.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (size or copies 0, time not finite);
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: copies size^3. */
QHM_API QHM_MUST_CHECK qhm_status qhm_density_exponentiate(size_t size, const qhm_complex *rho,
                                                           double time, size_t copies,
                                                           qhm_complex *sigma);

/** How finely the eigenvalues of rho are estimated. */
typedef struct qhm_quantum_components_options {
    size_t clock_qubits; /**< 1 to 6 */
    size_t copies;       /**< for each of the 2^clock - 1 unit evolutions; at least 1 */
    double time;         /**< of a unit, above 0; eigenvalue = 2 pi k / (2^clock time) below 1 */
} qhm_quantum_components_options;

/** The exact probabilities of the clock's values when phase estimation of e^{-i rho time} by
 *  copies starts with rho itself: value k for eigenvalue 2 pi k / (2^clock time), with the
 *  eigenvalue as its probability.
 *  @param rho            [size][size] of trace 1.
 *  @param probabilities  [2^clock]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: 8^clock copies size^3. */
QHM_API QHM_MUST_CHECK qhm_status
qhm_quantum_components(size_t size, const qhm_complex *rho,
                       const qhm_quantum_components_options *options, double *probabilities);

/** Creates the circuit of the same with copies that `load` makes, with measurements of the clock.
 *
 *  Qubits: the first load's, with the system as its first n, the clock, an ancilla, the qubits of
 *  a copy, which are reset and loaded anew for each of the copies (2^clock - 1) swaps.
 *  @param load         a purification of rho: its first n qubits are in the state rho.
 *  @param qubit_count  n.
 *  @return as above. */
QHM_API QHM_MUST_CHECK qhm_status
qhm_quantum_components_create(const qhm_circuit *load, size_t qubit_count,
                              const qhm_quantum_components_options *options, qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
