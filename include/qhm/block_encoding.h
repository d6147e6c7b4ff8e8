/** @file block_encoding.h
 *  Block encodings by linear combination of unitaries [childs2012], polynomials of them by singular
 *  value transformation [gilyen2019], and the phases that a polynomial takes [dong2023].
 *
 *  Qubits of the circuits: the system's n, the ancillas of the encoding, which select all in |0>,
 *  and for polynomials one more, |0> too. */
#ifndef QHM_BLOCK_ENCODING_H
#define QHM_BLOCK_ENCODING_H

#include <qhm/circuit.h>
#include <qhm/observable.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Creates a circuit whose block, with all ancillas |0> before and after, is sum / norm, where norm
 *  is the sum of the coefficients' magnitudes. It is its own inverse.
 *  @param qubit_count  n, at least the sum's, and 1; ancillas: log2(terms) rounded up, at least 1.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no term, all coefficients 0, more than 256 terms);
 *          QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: terms strings under log2(terms) controls, and two loads of the coefficients. */
QHM_API QHM_MUST_CHECK qhm_status qhm_block_encoding_create(size_t qubit_count,
                                                            const qhm_observable *sum, double *norm,
                                                            qhm_circuit **circuit);

/** <0| e^{i phases[0] Z} W e^{i phases[1] Z} ... W e^{i phases[degree] Z} |0> with W = [[x, i s],
 *  [i s, x]], s = sqrt(1 - x^2): zero phases give the Chebyshev polynomial of that degree.
 *  @param phases  [degree + 1]
 *  @param x       -1 to 1. */
QHM_API qhm_complex qhm_signal_response(size_t degree, const double *phases, double x);

/** Finds phases whose response has a given polynomial as its real part, by Newton's method on
 *  symmetric phases from 0, damped [dong2023]: to some 1e-13, or 1e-10 where the polynomial reaches
 *  1 and its derivatives by phases are singular.
 *  @param degree        1 to 1000.
 *  @param coefficients  [degree + 1] of Chebyshev polynomials, those of the other parity 0.
 *  @param phases        [degree + 1]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (mixed parity, not finite, larger than 1 + 1e-11
 *          somewhere on -1 to 1); QHM_ERROR_NUMERIC (no convergence within 1e-10; none is known);
 *          QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: degree^3 / 12 and degree^2 / 2 steps of a response for each of some 5 to 30 steps. */
QHM_API QHM_MUST_CHECK qhm_status qhm_signal_phases_find(size_t degree, const double *coefficients,
                                                         double *phases);

/** Creates the circuit whose block is the real part of the response to an encoded matrix.
 *  @param encoding     as qhm_block_encoding_create makes it.
 *  @param qubit_count  n, less than the encoding's qubits.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: degree encodings, and 2 (degree + 1) reflections about the ancillas' |0>. */
QHM_API QHM_MUST_CHECK qhm_status qhm_singular_transform_create(const qhm_circuit *encoding,
                                                                size_t qubit_count, size_t degree,
                                                                const double *phases,
                                                                qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
