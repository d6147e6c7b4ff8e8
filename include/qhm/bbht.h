/** @file bbht.h
 *  Search for an unknown number of marked items [boyer1998].
 *
 *  Rounds with a random number of iterations below m, which grows by 6/5 a round up to sqrt(N).
 *  Every round prepares, measures one item and checks it classically. Without a marked item it
 *  ends at a cap, so that "not found" may be wrong, "found" never.
 *
 *  @code
 *  qhm_bbht_result result;
 *  status = qhm_bbht_run(oracle, &(qhm_bbht_options){.seed = 1}, &ledger, &result);
 *  @endcode */
#ifndef QHM_BBHT_H
#define QHM_BBHT_H

#include <qhm/ledger.h>
#include <qhm/oracle.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How searches are executed. */
typedef enum qhm_search_execution {
    QHM_SEARCH_CIRCUITS = 0, /**< every round's circuit, on the simulator that suits it */
    QHM_SEARCH_AMPLITUDES    /**< from the two amplitudes that a search has, marked and not: the
                                same distribution, and the ledger of the circuits all the same */
} qhm_search_execution;

/** A search; zero means the default in every field. */
typedef struct qhm_bbht_options {
    const qhm_circuit *preparation; /**< NULL: H on every qubit; else for circuits only */
    qhm_search_execution execution;
    uint64_t most_iterations; /**< it gives up before it needs more; 0: 9 sqrt(N) */
    uint64_t seed, stream;    /**< searches with other streams are independent */
} qhm_bbht_options;

/** What came out. */
typedef struct qhm_bbht_result {
    bool is_found;
    uint64_t item;         /**< marked, if found */
    uint64_t iterations;   /**< of Grover in all, one oracle call each */
    uint64_t measurements; /**< rounds, each with one classical check */
} qhm_bbht_result;

/** Searches. @param ledger  takes up what was executed; NULL: not wanted.
 *  @return QHM_OK, found or not; as qhm_grover_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_bbht_run(const qhm_oracle *oracle,
                                               const qhm_bbht_options *options, qhm_ledger *ledger,
                                               qhm_bbht_result *result);

/** The exact expectations of a search without cap: the share of searches that go on after each
 *  round, by mean success 1/2 - sin(4 c theta) / (4 c sin(2 theta)) with c = ceil(m).
 *  @param item_count    N, at least 2.
 *  @param marked_count  M, 1 to N.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT, such as for M = 0, where it never ends. */
QHM_API QHM_MUST_CHECK qhm_status qhm_bbht_expected(double item_count, double marked_count,
                                                    double *iterations, double *measurements);

#ifdef __cplusplus
}
#endif
#endif
