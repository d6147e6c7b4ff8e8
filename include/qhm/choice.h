/** @file choice.h
 *  Choosing one option for each of several things, where options cost something alone and in pairs,
 *  and some exclude each other: routes for cars, machines for jobs, cities for the stops of a tour.
 *
 *  As a problem over bits, qubit thing * options + option is 1 where the thing takes the option,
 * and QHM_QAOA_MIXER_BLOCK with blocks of `options` qubits keeps one option a thing.
 *
 *  @code
 *  qhm_choice_create(3, 2, &choice); // three cars, two routes each
 *  qhm_choice_append_pair(choice, 0, 1, 2, 0, 4.0); // car 0's route 1 and car 2's route 0 meet
 *  @endcode */
#ifndef QHM_CHOICE_H
#define QHM_CHOICE_H

#include <qhm/ising.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Things with equally many options each. */
typedef struct qhm_choice qhm_choice;

/** Creates a problem in which everything is free of cost.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no thing, no option, more than 64 in all);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_choice_create(size_t things, size_t options,
                                                    qhm_choice **choice);

/** Frees a problem; NULL is fine. */
QHM_API void qhm_choice_destroy(qhm_choice *choice);

QHM_API size_t qhm_choice_things(const qhm_choice *choice);  /**< Things. */
QHM_API size_t qhm_choice_options(const qhm_choice *choice); /**< Options of each. */

/** Adds a cost that an option has. @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_choice_append_cost(qhm_choice *choice, size_t thing,
                                                         size_t option, double value);

/** Adds a cost that options of two things have together.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT, also for a thing with itself. */
QHM_API QHM_MUST_CHECK qhm_status qhm_choice_append_pair(qhm_choice *choice, size_t thing,
                                                         size_t option, size_t other,
                                                         size_t other_option, double value);

/** Forbids options of two things together. @return as qhm_choice_append_pair. */
QHM_API QHM_MUST_CHECK qhm_status qhm_choice_append_conflict(qhm_choice *choice, size_t thing,
                                                             size_t option, size_t other,
                                                             size_t other_option);

/** What choices cost; infinity if two of them exclude each other.
 *  @param options_of  [things] */
QHM_API double qhm_choice_cost(const qhm_choice *choice, const size_t *options_of);

/** Reads bits as choices. @return whether each thing has one option. */
QHM_API bool qhm_choice_read(const qhm_choice *choice, uint64_t bits, size_t *options_of);

/** A price of conflicts that never pays: more than all costs can differ by. Problems often know a
 *  smaller one. */
QHM_API double qhm_choice_penalty(const qhm_choice *choice);

/** The cost over bits.
 *  @param penalty  of each conflict.
 *  @param one_hot  of the squared distance from one option, for each thing; 0: the mixer keeps it.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_choice_ising(const qhm_choice *choice, double penalty,
                                                   double one_hot, qhm_ising **ising);

/** Creates the problem of costs alone and in pairs that fits given values best, by ridge
 * regression: what a few settings were worth, carried over to those that were not tried.
 *  @param options_of  [count][things]
 *  @param values      [count], finite.
 *  @param ridge       above 0: what it costs to have costs, in units of the values' squared error.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: count^3 and count^2 things^2. */
QHM_API QHM_MUST_CHECK qhm_status qhm_choice_fit(size_t things, size_t options, size_t count,
                                                 const size_t *options_of, const double *values,
                                                 double ridge, qhm_choice **choice);

/** Choices that were found. */
typedef struct qhm_choice_solution {
    size_t options_of[64]; /**< [things] */
    double cost;           /**< infinity: none without conflicts */
    uint64_t nodes;        /**< partial choices, or changes tried: the work */
} qhm_choice_solution;

/** Branch and bound: exact, or the proof that there is none. Things in their order; the bound is
 *  what is fixed, each other thing's cheapest option beside it, and each other pair's cheapest.
 *  @param node_limit  0: 10^8.
 *  @return QHM_OK; QHM_ERROR_RESOURCE_LIMIT (the limit came first). */
QHM_API QHM_MUST_CHECK qhm_status qhm_choice_find(const qhm_choice *choice, uint64_t node_limit,
                                                  qhm_choice_solution *solution);

/** Options of qhm_choice_anneal; zero means the default in every field. */
typedef struct qhm_choice_anneal_options {
    size_t sweeps;   /**< 0: 500 */
    size_t restarts; /**< 0: 5 */
    uint64_t seed;
} qhm_choice_anneal_options;

/** Simulated annealing [kirkpatrick1983]: one thing at a time takes another option; a conflict
 *  costs qhm_choice_penalty.
 *  @param options  NULL: defaults.
 *  @return QHM_OK. Cost: restarts x sweeps x things^2. */
QHM_API QHM_MUST_CHECK qhm_status qhm_choice_anneal(const qhm_choice *choice,
                                                    const qhm_choice_anneal_options *options,
                                                    qhm_choice_solution *solution);

#ifdef __cplusplus
}
#endif
#endif
