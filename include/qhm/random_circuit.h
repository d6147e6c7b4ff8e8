/** @file random_circuit.h
 *  Random circuits of cycles on a grid, as those of sampling experiments [arute2019].
 *
 *  A cycle is a square root of X, Y or W = (X + Y) / sqrt 2 on every qubit, never the same twice in
 *  a row, and CZ on a fourth of the grid's edges, in the order ABCDCDAB. CZ takes the place of the
 *  experiments' own two-qubit gates.
 *
 *  @code
 *  qhm_random random = qhm_random_stream(1, QHM_RANDOM_USER, 0, 0, 0);
 *  status = qhm_random_circuit_append(circuit, NULL, &random);
 *  @endcode */
#ifndef QHM_RANDOM_CIRCUIT_H
#define QHM_RANDOM_CIRCUIT_H

#include <qhm/circuit.h>
#include <qhm/random.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Its shape; zero means the default in every field. */
typedef struct qhm_random_circuit_options {
    size_t cycles;  /**< 0: 20 */
    size_t rows;    /**< of the grid, whose columns are filled one after another; 0: 4 */
    bool is_closed; /**< one more layer on single qubits, without which the last CZ are not seen */
} qhm_random_circuit_options;

/** Appends a random circuit on all qubits.
 *  @param options  NULL: defaults.
 *  @param random   one number from it a gate on one qubit.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_random_circuit_append(
    qhm_circuit *circuit, const qhm_random_circuit_options *options, qhm_random *random);

#ifdef __cplusplus
}
#endif
#endif
