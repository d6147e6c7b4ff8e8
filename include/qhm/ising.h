/** @file ising.h
 *  Problems over bits with at most quadratic costs: Ising models, and QUBO which is the same.
 *
 *  E(s) = constant + sum_i h_i s_i + sum_{i<j} J_ij s_i s_j, where bit i = 0 is s_i = +1 and bit
 *  i = 1 is s_i = -1: s_i is the eigenvalue of Z_i. Costs are minimised.
 *
 *  @code
 *  // The cut of the edge (0, 1), to be maximised: its negative is (s_0 s_1 - 1) / 2.
 *  qhm_ising_create(2, &problem);
 *  qhm_ising_append_coupling(problem, 0, 1, 0.5);
 *  qhm_ising_append_constant(problem, -0.5);
 *  @endcode */
#ifndef QHM_ISING_H
#define QHM_ISING_H

#include <qhm/circuit.h>
#include <qhm/observable.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A problem of 1 to 64 spins. */
typedef struct qhm_ising qhm_ising;

/** Creates a problem whose cost is 0.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (not 1 to 64 spins); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_create(size_t spin_count, qhm_ising **ising);

/** Frees a problem; NULL is fine. */
QHM_API void qhm_ising_destroy(qhm_ising *ising);

/** Copies a problem. @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_copy(const qhm_ising *ising, qhm_ising **copy);

/** Adds a constant. @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (not finite). */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_append_constant(qhm_ising *ising, double value);

/** Adds value s_i. @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no such spin, not finite). */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_append_field(qhm_ising *ising, size_t i, double value);

/** Adds value s_i s_j. @return as qhm_ising_append_field; also for i = j. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_append_coupling(qhm_ising *ising, size_t i, size_t j,
                                                            double value);

/** Adds value x_i x_j over bits x = (1 - s) / 2, the form of QUBO; i = j: value x_i.
 *  @return as qhm_ising_append_field. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_append_product(qhm_ising *ising, size_t i, size_t j,
                                                           double value);

/** Adds weight (sum_k coefficients[k] x_{bits[k]} - target)^2 over bits: a penalty.
 *  @return as qhm_ising_append_field. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_append_square(qhm_ising *ising, size_t count,
                                                          const size_t *bits,
                                                          const double *coefficients, double target,
                                                          double weight);

QHM_API size_t qhm_ising_spin_count(const qhm_ising *ising);      /**< Spins. */
QHM_API double qhm_ising_constant(const qhm_ising *ising);        /**< The constant. */
QHM_API double qhm_ising_field(const qhm_ising *ising, size_t i); /**< h_i. */

/** J_ij; 0 for i = j. */
QHM_API double qhm_ising_coupling(const qhm_ising *ising, size_t i, size_t j);

/** The cost of bits, bit i of the number being bit i of the problem, right to its last digits
 *  however much cancels in it. Cost: O(n^2). */
QHM_API double qhm_ising_energy(const qhm_ising *ising, uint64_t bits);

/** Costs closer than this may be the same but for rounding, of coefficients as of sums: 2 (n + 1)
 *  times the unit of double precision, 2.2e-16, times the sum of all coefficients' sizes. Searches
 *  and tables tell no closer costs apart. Cost: O(n^2). */
QHM_API double qhm_ising_rounding(const qhm_ising *ising);

/** The costs of all bit strings. @param energies  [2^n]. Cost: two additions an entry.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (more than 30 spins). */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_energies(const qhm_ising *ising, double *energies);

/** The cost as an observable: Z for each spin. @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_observable(const qhm_ising *ising,
                                                       qhm_observable **observable);

/** Appends exp(-i gamma E) without the constant: RZ(2 gamma h) and RZZ(2 gamma J).
 *  @param weight  the slot of gamma.
 *  @return as qhm_circuit_append. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_append_phase(const qhm_ising *ising, uint32_t weight,
                                                         qhm_circuit *circuit);

/** A solution. */
typedef struct qhm_ising_solution {
    uint64_t bits;
    double energy;
    double optimum_count; /**< bit strings within rounding of the lowest cost; of searches over all
                             only, else 0 */
    uint64_t nodes;       /**< bit strings, nodes of a search tree, or spins tried: the work */
    double bound;         /**< no bit string costs less; -infinity where a method has no bound */
} qhm_ising_solution;

/** Looks at all bit strings, along a Gray code.
 *  @return QHM_OK; QHM_ERROR_RESOURCE_LIMIT (more than 30 spins). Cost: 2^n n. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_find_all(const qhm_ising *ising,
                                                     qhm_ising_solution *solution);

/** Branch and bound: exact. The bound of a node is its fixed part, less what its spins could gain
 *  from fixed ones, plus the optimum of the rest alone, which was found before (Russian doll
 *  search [verfaillie1996]).
 *  @param node_limit  0: 10^9.
 *  @return QHM_OK; QHM_ERROR_RESOURCE_LIMIT (the limit came first). */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_branch_and_bound(const qhm_ising *ising,
                                                             uint64_t node_limit,
                                                             qhm_ising_solution *solution);

/** Options of qhm_ising_anneal; zero means the default in every field. */
typedef struct qhm_ising_anneal_options {
    size_t sweeps;   /**< 0: 1,000 */
    size_t restarts; /**< 0: 10 */
    uint64_t seed;
} qhm_ising_anneal_options;

/** Simulated annealing [kirkpatrick1983]: sweeps of single flips, the temperature falling
 *  geometrically from the largest to a tenth of the smallest change that one term can make.
 *  @param options  NULL: defaults.
 *  @return QHM_OK. Cost: restarts x sweeps x n, and n for each accepted flip. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_anneal(const qhm_ising *ising,
                                                   const qhm_ising_anneal_options *options,
                                                   qhm_ising_solution *solution);

/** Bits by greed, without chance: the spin that gains most where the spins so far leave it is set
 *  next, then single spins are flipped while that lowers the cost.
 *  @return QHM_OK. Cost: n^2, and n^2 for each round of flips. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_find_greedy(const qhm_ising *ising,
                                                        qhm_ising_solution *solution);

/** The lowest point of the convex relaxation: spins become numbers from -1 to 1, and
 *  d (s_i^2 - 1) is added for each, which changes no bit string's cost, with the least d that makes
 *  the cost convex [egger2021]. Without fields that is 0 everywhere: it says nothing then.
 *  @param chances  [n]: (1 - s_i) / 2, the probability of bit i, from 0 to 1.
 *  @param bound    the relaxed cost, which no bit string's is below; may be NULL.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY; QHM_ERROR_NUMERIC. Cost: n^2 a sweep. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_relax_box(const qhm_ising *ising, double *chances,
                                                      double *bound);

/** Options of qhm_ising_relax; zero means the default in every field. */
typedef struct qhm_ising_relax_options {
    size_t roundings; /**< random hyperplanes; 0: 100 */
    double tolerance; /**< of a sweep's gain, relative; 0: 1e-12 */
    uint64_t seed;
} qhm_ising_relax_options;

/** What the relaxation found. */
typedef struct qhm_ising_relaxation {
    qhm_ising_solution rounded; /**< the best of the roundings, each improved by single flips; its
                                   bound is proven, by the dual */
    double relaxed;             /**< the cost of the vectors */
    double mean_rounded;        /**< of roundings before they were improved */
    size_t sweeps, rank;
} qhm_ising_relaxation;

/** Spins become unit vectors of ceil(sqrt(2 n)) + 1 numbers, whose best cost is that of the
 *  semidefinite relaxation [burer2003], found by coordinate descent [wang2017]; a random
 *  hyperplane makes them spins again, for cuts with at least 0.87856 of the best [goemans1995].
 *  @param options  NULL: defaults.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY; QHM_ERROR_NUMERIC. Cost: n^2 rank a sweep. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ising_relax(const qhm_ising *ising,
                                                  const qhm_ising_relax_options *options,
                                                  qhm_ising_relaxation *relaxation);

#ifdef __cplusplus
}
#endif
#endif
