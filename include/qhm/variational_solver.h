/** @file variational_solver.h
 *  Variational linear solver: angles for which A|x> points along |b> [bravo2023].
 *
 *  The global cost is 1 - |<b|A|x>|^2 / <x|A^2|x>. The local one measures each qubit of U^-1 A|x>
 *  by itself, U|0> = |b>: 1/2 - sum_j <x|A U Z_j U^-1 A|x> / (2 n <x|A^2|x>); its gradients fade
 *  less with the qubits. With the condition number k and the trace distance e of |x> to the
 *  solution, global >= e^2 / k^2 and local >= e^2 / (n k^2), so that a cost below these proves e.
 *
 *  For a chip A is a sum of L Pauli strings, and a cost is about L^2 / 2 Hadamard tests for each
 *  qubit, and as many for its length; a gradient takes twice that for each angle. */
#ifndef QHM_VARIATIONAL_SOLVER_H
#define QHM_VARIATIONAL_SOLVER_H

#include <qhm/circuit.h>
#include <qhm/ledger.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Which cost is minimised. */
typedef enum qhm_solver_cost {
    QHM_SOLVER_COST_LOCAL = 0, /**< of each qubit */
    QHM_SOLVER_COST_GLOBAL     /**< of the whole state */
} qhm_solver_cost;

/** How angles are sought; zero means the default in every field. */
typedef struct qhm_variational_solver_options {
    size_t layers; /**< of RY on all qubits and CZ between neighbours, after a first RY; 0: 3 */
    qhm_solver_cost cost;
    double error;      /**< trace distance that has to be proved; 0: 0.01 */
    size_t iterations; /**< of BFGS in an attempt; 0: 200 */
    size_t attempts;   /**< from other random angles, until one succeeds; 0: 5 */
    size_t shots;      /**< that each Hadamard test is charged; 0: 10,000 */
    uint64_t seed;
} qhm_variational_solver_options;

/** What came out. */
typedef struct qhm_variational_solved {
    double cost;        /**< at the angles */
    double threshold;   /**< below which `error` is proved */
    double error_bound; /**< trace distance that the cost proves, at most 1 */
    bool is_proved;     /**< cost <= threshold */
    double condition_number;
    size_t strings;     /**< L */
    size_t tests;       /**< Hadamard tests of one cost */
    size_t evaluations; /**< of the cost with its gradient, in all attempts */
    size_t attempts;    /**< that were made */
} qhm_variational_solved;

/** Creates the circuit of |x>: weights [layers + 1][qubit_count].
 *  @param qubit_count  1 to 3.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_variational_ansatz_create(size_t qubit_count, size_t layers,
                                                                qhm_circuit **circuit);

/** Seeks the angles. Costs and gradients are those of the exact state; the ledger has the circuits
 *  and shots that a chip would need for them.
 *  @param matrix  [2^n][2^n] row-major, symmetric, not singular.
 *  @param b       [2^n], not all zero.
 *  @param options NULL: defaults.
 *  @param angles  [layers + 1][qubit_count], of the least cost that was met.
 *  @param ledger  takes up what would be executed; NULL: not wanted.
 *  @return QHM_OK, proved or not; QHM_ERROR_INVALID_ARGUMENT (also a singular matrix);
 *          QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status
qhm_variational_solve(size_t qubit_count, const double *matrix, const double *b,
                      const qhm_variational_solver_options *options, double *angles,
                      qhm_ledger *ledger, qhm_variational_solved *solved);

/** The cost of a state by its formula, without circuits.
 *  @param x  [2^n] real amplitudes.
 *  @return as qhm_variational_solve; QHM_ERROR_INVALID_ARGUMENT also if A x is zero. */
QHM_API QHM_MUST_CHECK qhm_status qhm_variational_cost(size_t qubit_count, const double *matrix,
                                                       const double *b, const double *x,
                                                       qhm_solver_cost cost, double *value);

/** Which number a Hadamard test estimates. */
typedef enum qhm_solver_test {
    QHM_SOLVER_TEST_LENGTH = 0, /**< <x|A_m A_l|x> */
    QHM_SOLVER_TEST_QUBIT,      /**< <x|A_m U Z_j U^-1 A_l|x> */
    QHM_SOLVER_TEST_OVERLAP     /**< <b|A_l|x> */
} qhm_solver_test;

/** Creates a Hadamard test of the strings with numbers l and m of the matrix: P(0) - P(1) of the
 *  ancilla, the qubit after the system's, is the number's real part.
 *  @param ansatz  of |x>, weights bound.
 *  @param qubit   j of QHM_SOLVER_TEST_QUBIT; else unused, as m is of QHM_SOLVER_TEST_OVERLAP.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_variational_test_create(const qhm_circuit *ansatz,
                                                              const double *matrix, const double *b,
                                                              qhm_solver_test test, size_t l,
                                                              size_t m, size_t qubit,
                                                              qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
