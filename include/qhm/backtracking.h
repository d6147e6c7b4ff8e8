/** @file backtracking.h
 *  Quantum walks on the trees of backtracking searches [montanaro2018].
 *
 *  Clauses over variables in a fixed order make a tree: a vertex assigns the first l variables, and
 *  has no children once a clause is violated. Whether it has a leaf that violates none is told by
 *  phase estimation of a walk from its root: eigenvalue 1 has the weight n / (n + R), with R the
 *  effective resistance from the root to the solutions, and no weight if there are none. That takes
 *  about sqrt(T n) steps for T vertices; a depth-first search takes T at most, and stops at the
 *  first solution.
 *
 *  @code
 *  status = qhm_backtracking_create(3, literals, count, &tree);
 *  status = qhm_backtracking_run(tree, NULL, &ledger, &result);
 *  @endcode */
#ifndef QHM_BACKTRACKING_H
#define QHM_BACKTRACKING_H

#include <qhm/bbht.h>
#include <qhm/circuit.h>
#include <qhm/ledger.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A backtracking tree. */
typedef struct qhm_backtracking qhm_backtracking;

/** A vertex: the first `level` variables have the values of the bits, others 0. */
typedef struct qhm_backtracking_vertex {
    size_t level;
    uint64_t bits;
} qhm_backtracking_vertex;

/** Creates the tree of clauses, in their variables' order.
 *  @param variable_count  1 to 20.
 *  @param literals        [count] as in qhm_boolean_formula_create_clauses.
 *  @param tree            free it with qhm_backtracking_destroy.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_backtracking_create(size_t variable_count,
                                                          const int *literals, size_t count,
                                                          qhm_backtracking **tree);

/** Frees a tree; NULL is fine. */
QHM_API void qhm_backtracking_destroy(qhm_backtracking *tree);

/** What a classical depth-first search sees. */
typedef struct qhm_backtracking_scan {
    uint64_t vertices;       /**< T, of the whole tree */
    uint64_t solutions;      /**< leaves that violate nothing */
    uint64_t first_vertices; /**< visited up to the first solution, or all */
    uint64_t first;          /**< the first solution, if there is any */
} qhm_backtracking_scan;

/** Visits the whole tree below the root, 0 before 1. */
QHM_API void qhm_backtracking_visit(const qhm_backtracking *tree, qhm_backtracking_scan *scan);

/** The phase qubits for trees of so many vertices: the least with 2^t >= 2 sqrt(T n). A bound below
 *  the true T makes for solutions that are not there. */
QHM_API size_t qhm_backtracking_phase_qubits(double vertex_bound, size_t depth);

/** The exact probability that phase estimation below a vertex gives 0, from the walk on the
 *  vertices themselves: T 2^phase_qubits steps.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a vertex at the last level or that violates a
 *          clause); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_backtracking_find_probability(const qhm_backtracking *tree,
                                                                    qhm_backtracking_vertex root,
                                                                    size_t phase_qubits,
                                                                    double *probability);

/** Creates the circuit of phase estimation below a vertex, for the outcome 0 alone, which needs no
 *  Fourier transform. Two qubits a variable; every clause is computed and taken back in each step.
 *  @param circuit  measures the phase into phase_qubits bits.
 *  @return as qhm_backtracking_find_probability. */
QHM_API QHM_MUST_CHECK qhm_status qhm_backtracking_circuit_create(const qhm_backtracking *tree,
                                                                  qhm_backtracking_vertex root,
                                                                  size_t phase_qubits,
                                                                  qhm_circuit **circuit);

/** A search; zero means the default in every field. */
typedef struct qhm_backtracking_options {
    double vertex_bound; /**< 0: 2^(n + 1) - 1, what is known without looking */
    size_t repeats;      /**< phase estimations in a test, of which 3/8 have to give 0; 0: 100 */
    bool is_detection;   /**< only whether there is a solution, not which */
    qhm_search_execution execution; /**< amplitudes: outcomes by their exact probability */
    uint64_t seed;
} qhm_backtracking_options;

/** What came out. */
typedef struct qhm_backtracking_result {
    bool is_accepted;    /**< the first test says that there is a solution */
    double zero_rate;    /**< of the first test: phases that were 0 */
    bool is_found;       /**< a solution was found, and checked */
    uint64_t solution;   /**< variable i in bit i */
    uint64_t tests;      /**< of subtrees */
    uint64_t walk_steps; /**< of the walk, each of two reflections, in all */
} qhm_backtracking_result;

/** Tests the tree, then goes down into children that test positive.
 *  @param ledger  takes up what was executed; NULL: not wanted.
 *  @return QHM_OK, found or not; as qhm_backtracking_circuit_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_backtracking_run(const qhm_backtracking *tree,
                                                       const qhm_backtracking_options *options,
                                                       qhm_ledger *ledger,
                                                       qhm_backtracking_result *result);

#ifdef __cplusplus
}
#endif
#endif
