/** @file minimum.h
 *  The smallest or largest values of a table, by searches for better ones [durr1996].
 *
 *  A threshold starts at a random item and goes to whatever better item a search of unknown number
 *  finds, until the iterations are used up. The k best are held and their worst is the threshold
 *  [durr2006]. Each oracle call loads and unloads the whole table, which has N values: reading it
 *  once, as it is loaded, gives a processor the answer.
 *
 *  @code
 *  size_t item;
 *  status = qhm_minimum_run(&table, NULL, &ledger, &item, &result);
 *  @endcode */
#ifndef QHM_MINIMUM_H
#define QHM_MINIMUM_H

#include <qhm/bbht.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A table of whole numbers. */
typedef struct qhm_minimum_table {
    size_t qubit_count;     /**< of addresses, 1 to 20 */
    size_t width;           /**< bits of a value, 1 to 32 */
    const uint64_t *values; /**< [count] below 2^width */
    size_t count;           /**< 1 to 2^qubit_count */
} qhm_minimum_table;

/** How it is searched; zero means the default in every field. */
typedef struct qhm_minimum_options {
    size_t k;        /**< of the best, at most count; 0: 1 */
    bool is_largest; /**< the largest instead of the smallest */
    qhm_search_execution execution;
    uint64_t most_iterations; /**< of Grover in all; 0: 22.5 sqrt(k N) + 1.4 lg(N)^2 */
    uint64_t seed, stream;    /**< runs with other streams are independent */
} qhm_minimum_options;

/** What it took. */
typedef struct qhm_minimum_result {
    uint64_t thresholds;                         /**< how many there were, the first included */
    uint64_t iterations;                         /**< one oracle call each, all of them used up */
    uint64_t measurements;                       /**< each with one classical look at a value */
    uint64_t last_iterations, last_measurements; /**< up to the last better item; that it was the
                                                    last is known only afterwards */
} qhm_minimum_result;

/** Searches for the best items. With probability 1/2 at least they are [durr1996]; ties go either
 *  way.
 *  @param ledger  takes up what was executed; NULL: not wanted.
 *  @param items   [k], best first; equal ones by address.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; as qhm_grover_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_minimum_run(const qhm_minimum_table *table,
                                                  const qhm_minimum_options *options,
                                                  qhm_ledger *ledger, size_t *items,
                                                  qhm_minimum_result *result);

/** The exact expectations for `count` different values among `item_count` addresses, k = 1 and no
 *  cap: the item of rank r is a threshold with probability 1/r, so that there are H_count of them,
 *  and reaching the best takes sum over r from 2 of (1/r) what a search for r - 1 items takes.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_minimum_expected(size_t item_count, size_t count,
                                                       double *thresholds, double *iterations,
                                                       double *measurements);

#ifdef __cplusplus
}
#endif
#endif
