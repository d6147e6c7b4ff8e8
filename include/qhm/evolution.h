/** @file evolution.h
 *  Hamiltonian simulation: circuits for exp(-i t H) of a sum of Pauli strings.
 *
 *  Product formulas of order 1, 2 and 4 [suzuki1991] and random compilation, qDRIFT [campbell2019].
 *  What a string of weight w takes: 2 (w - 1) CX and one rotation.
 *
 *  @code
 *  status = qhm_observable_parse("Z0 Z1 + 0.5 X0 + 0.5 X1", &h);
 *  status = qhm_evolution_create(2, h, &(qhm_evolution_options){.time = 1, .steps = 10}, &circuit);
 *  @endcode */
#ifndef QHM_EVOLUTION_H
#define QHM_EVOLUTION_H

#include <qhm/circuit.h>
#include <qhm/observable.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How the exponential of a sum is made of exponentials of its terms. */
typedef enum qhm_evolution_method {
    QHM_EVOLUTION_TROTTER_1 = 0, /**< error of order time^2 / steps */
    QHM_EVOLUTION_TROTTER_2 = 1, /**< symmetric: time^3 / steps^2 */
    QHM_EVOLUTION_TROTTER_4 = 2, /**< Suzuki's: time^5 / steps^4, five of the second order a step */
    QHM_EVOLUTION_QDRIFT = 3, /**< `steps` terms drawn by |coefficient|: error of the mean channel
                                 at most about 2 (sum of |coefficients|)^2 time^2 / steps */
    QHM_EVOLUTION_METHOD_COUNT
} qhm_evolution_method;

/** What is evolved and how finely. */
typedef struct qhm_evolution_options {
    double time;
    qhm_evolution_method method;
    size_t steps;    /**< 0: 1 */
    uint64_t seed;   /**< of qDRIFT */
    uint64_t stream; /**< number of a circuit among those of one seed */
} qhm_evolution_options;

/** The word for a method: "trotter1". @param method  less than QHM_EVOLUTION_METHOD_COUNT. */
QHM_API const char *qhm_evolution_method_name(qhm_evolution_method method);

/** Creates the circuit of exp(-i time hamiltonian), global phase included: it may be controlled.
 *  @param qubit_count  at least the hamiltonian's, and 1.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (too few qubits, time not finite, a hamiltonian of
 *          no terms); QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: terms times steps, ten times as much for order 4. */
QHM_API QHM_MUST_CHECK qhm_status qhm_evolution_create(size_t qubit_count,
                                                       const qhm_observable *hamiltonian,
                                                       const qhm_evolution_options *options,
                                                       qhm_circuit **circuit);

/** The exact matrix of exp(-i time hamiltonian), by diagonalising it.
 *  @param qubit_count  1 to 10, at least the hamiltonian's.
 *  @param matrix       [2^n][2^n] row-major.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: O(8^n). */
QHM_API QHM_MUST_CHECK qhm_status qhm_evolution_matrix(size_t qubit_count,
                                                       const qhm_observable *hamiltonian,
                                                       double time, qhm_complex *matrix);

/** Options of qhm_evolution_apply; zero means the default in every field. */
typedef struct qhm_evolution_apply_options {
    double tolerance;     /**< largest distance of the states, 1e-15 to below 1; 0: 1e-12 */
    size_t most_products; /**< of the Hamiltonian with a vector; 0: 10,000,000 */
} qhm_evolution_apply_options;

/** What qhm_evolution_apply did. */
typedef struct qhm_evolution_accuracy {
    size_t products;    /**< of the Hamiltonian with a vector */
    double error_bound; /**< of the distance of the states for a unit state, from what the series
                             leaves out; rounding is not in it, some 1e-16 a product */
} qhm_evolution_accuracy;

/** Takes a state to exp(-i time hamiltonian) state without a matrix, by Chebyshev polynomials
 *  [talezer1984].
 *
 *  The series is in time times the sum of |coefficients|, constants aside, and takes about that
 *  many products. The same bits for any number of threads.
 *  @param qubit_count  1 to 30, at least the hamiltonian's.
 *  @param options      NULL: defaults.
 *  @param state        [2^n], any length; as it was unless the result is QHM_OK.
 *  @param accuracy     NULL: not wanted.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_RESOURCE_LIMIT (more products than
 *          most_products); QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: products times terms times 2^n, and 56 bytes an amplitude. */
QHM_API QHM_MUST_CHECK qhm_status qhm_evolution_apply(size_t qubit_count,
                                                      const qhm_observable *hamiltonian,
                                                      double time,
                                                      const qhm_evolution_apply_options *options,
                                                      qhm_complex *state,
                                                      qhm_evolution_accuracy *accuracy);

#ifdef __cplusplus
}
#endif
#endif
