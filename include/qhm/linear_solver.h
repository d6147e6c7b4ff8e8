/** @file linear_solver.h
 *  The linear solver of Harrow, Hassidim and Lloyd [harrow2009] as a circuit.
 *
 *  Phase estimation of e^{iAt} writes each eigenvalue into a clock, a rotation by asin(C / value)
 *  divides by it, and the estimation is taken back. Where the ancilla is 1, and the clock 0, the
 *  state is x / |x|; |x| = |b| sqrt(P(1)) / C. What a run costs: loading b, 2 (2^clock - 1)
 *  controlled e^{iAt}, and 2^clock rotations; and 1 / P(1) runs for one that is kept.
 *
 *  Qubits of the circuit: the system's n first, then the clock, its lowest bit first, then the
 *  ancilla. */
#ifndef QHM_LINEAR_SOLVER_H
#define QHM_LINEAR_SOLVER_H

#include <qhm/circuit.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the circuit has to know beforehand of the matrix. */
typedef struct qhm_linear_solver_options {
    size_t clock_qubits; /**< 1 to 10: eigenvalues are told apart by 2 pi / (2^clock time) */
    double time;     /**< above 0; max |eigenvalue| time < 2 pi, or < pi where some are negative */
    double constant; /**< C above 0, at most the least |eigenvalue|; shorter ones become C */
    bool is_signed;  /**< the clock is read as two's complement, for negative eigenvalues */
} qhm_linear_solver_options;

/** Creates the circuit of one run, without measurements.
 *  @param qubit_count  of the system, 1 to 4.
 *  @param matrix       [2^n][2^n] row-major, symmetric.
 *  @param b            [2^n], not all zero; its length is lost.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (out of range, not symmetric, an eigenvalue that
 *          wraps around the clock, b zero); QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_linear_solver_create(size_t qubit_count, const double *matrix,
                                                           const double *b,
                                                           const qhm_linear_solver_options *options,
                                                           qhm_circuit **circuit);

/** Solves a symmetric positive definite system by conjugate gradients, the classical opponent.
 *  @param matrix       [n][n] row-major.
 *  @param b            [n]
 *  @param tolerance    of |b - A x| / |b|.
 *  @param x            [n]
 *  @param iterations   products with the matrix; may be NULL.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC (the matrix is not positive
 *          definite, or 10 n iterations do not suffice); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_conjugate_gradients(size_t n, const double *matrix,
                                                          const double *b, double tolerance,
                                                          double *x, size_t *iterations);

/** The same for a matrix of compressed rows: a product takes as many steps as there are entries.
 *  @param starts   [n + 1] row i has entries starts[i] to before starts[i + 1].
 *  @param columns  [starts[n]] below n.
 *  @param values   [starts[n]]
 *  @return as qhm_conjugate_gradients. */
QHM_API QHM_MUST_CHECK qhm_status qhm_sparse_conjugate_gradients(size_t n, const size_t *starts,
                                                                 const size_t *columns,
                                                                 const double *values,
                                                                 const double *b, double tolerance,
                                                                 double *x, size_t *iterations);

#ifdef __cplusplus
}
#endif
#endif
