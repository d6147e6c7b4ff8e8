/** @file annealing.h
 *  Quantum annealing: from the field's ground state to the cost's by a slow change of weights.
 *
 *  H(t) = -driver(t) sum_i X_i + problem(t) E, from the sum of all bit strings [kadowaki1998]
 *  [farhi2000]. Times are in units of 1 / energy. A step of the symmetric product formula is a
 *  layer of QAOA with gamma = problem dt and beta = -driver dt, half of it shared with the next
 *  step: evolution is QAOA's fast path, and the circuit is QAOA's. Monte Carlo methods that
 *  imitate annealing are in qhm/spin_sampling.h.
 *
 *  @code
 *  status = qhm_annealing_run(problem, &(qhm_annealing_options){.time = 20}, NULL, &outcome);
 *  // outcome.ground_probability, within outcome.error
 *  @endcode */
#ifndef QHM_ANNEALING_H
#define QHM_ANNEALING_H

#include <qhm/ising.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A point of a schedule; between two points weights change linearly. */
typedef struct qhm_annealing_point {
    double share;   /**< of the time: 0 at the first point, 1 at the last, ascending */
    double driver;  /**< weight of -sum X */
    double problem; /**< weight of the cost */
} qhm_annealing_point;

/** How is annealed; zero means the default in every field but the first. */
typedef struct qhm_annealing_options {
    double time;                       /**< positive */
    size_t point_count;                /**< 2 or more; 0: linear, (0, 1, 0) to (1, 0, 1) */
    const qhm_annealing_point *points; /**< [point_count] */
    size_t steps;                      /**< 0: doubled until `tolerance` is kept */
    double tolerance;                  /**< of `error`; 0: 1e-6 */
} qhm_annealing_options;

/** What came out. */
typedef struct qhm_annealing_outcome {
    double ground_probability; /**< of all bit strings of the lowest cost together */
    double mean_cost;
    double lowest_cost;
    double error; /**< by finite steps, before they were extrapolated to none: a third of the total
                     variation distance to half as many; what is left is far less. NaN where steps
                     were given */
    size_t steps; /**< that were used */
} qhm_annealing_outcome;

/** The angles of QAOA that are `steps` steps of the anneal: [2 steps], gammas first.
 *  qhm_qaoa_circuit_create makes them a circuit.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no steps, a time that is not positive, points that
 *          do not ascend from 0 to 1, numbers that are not finite). */
QHM_API QHM_MUST_CHECK qhm_status qhm_annealing_find_angles(const qhm_annealing_options *options,
                                                            size_t steps, double *angles);

/** Solves the Schroedinger equation on a state vector.
 *  @param probabilities  [2^n] of bit strings at the end; NULL: not wanted.
 *  @param outcome        NULL: not wanted.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC (the tolerance is not kept with
 *          2^18 steps); QHM_ERROR_RESOURCE_LIMIT (over 30 spins, or more memory than there is);
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: steps n 2^n; steps grow as time^1.5 / tolerance^0.5. */
QHM_API QHM_MUST_CHECK qhm_status qhm_annealing_run(const qhm_ising *ising,
                                                    const qhm_annealing_options *options,
                                                    double *probabilities,
                                                    qhm_annealing_outcome *outcome);

/** The two lowest different levels of -driver sum X + problem E, by Lanczos' method [lanczos1950]
 *  with all vectors kept orthogonal.
 *  @param is_reachable  only levels that annealing can reach from the sum of all bit strings:
 *                       those with the symmetries of the problem.
 *  @param levels        [2], ascending; the second is NaN if there is one level only.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_RESOURCE_LIMIT (more than 14 spins);
 *          QHM_ERROR_NUMERIC (no convergence); QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: some tens of vectors of 2^n numbers, n 2^n each. */
QHM_API QHM_MUST_CHECK qhm_status qhm_annealing_find_levels(const qhm_ising *ising, double driver,
                                                            double problem, bool is_reachable,
                                                            double *levels);

/** Where annealing is slowest. */
typedef struct qhm_annealing_gap {
    double gap;      /**< the smallest from the lowest level to the first that can be reached and
                        does not end in the lowest cost too */
    double position; /**< s of it */
    double end;      /**< the gap of the cost itself, at s = 1 */
} qhm_annealing_gap;

/** Finds the smallest gap of -(1 - s) sum X + s E over s in (0, 1], on a grid of 33 points and
 *  then by golden sections. A second minimum narrower than a grid step may be missed.
 *  @return as qhm_annealing_find_levels, QHM_ERROR_NUMERIC also if 16 levels or more end in the
 *          lowest cost, or in one less than 1e-7 of the largest above it; a cost that is constant
 *          has no gap: all are NaN. */
QHM_API QHM_MUST_CHECK qhm_status qhm_annealing_find_gap(const qhm_ising *ising,
                                                         qhm_annealing_gap *gap);

/** The schedule that goes as fast as the gap allows everywhere, ds/dt = rate gap(s)^2, with driver
 *  1 - s and problem s [roland2002].
 *  @param count   2 or more.
 *  @param shares  [count]: s, ascending from 0 to 1.
 *  @param gaps    [count], positive.
 *  @param points  [count]: the schedule.
 *  @param time    rate times the whole time: the integral of 1 / gap^2, by trapezoids.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_annealing_find_schedule(size_t count, const double *shares,
                                                              const double *gaps,
                                                              qhm_annealing_point *points,
                                                              double *time);

#ifdef __cplusplus
}
#endif
#endif
