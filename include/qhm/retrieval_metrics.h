/** @file retrieval_metrics.h
 *  How well scores rank the right candidate: recall at k, reciprocal and median rank. */
#ifndef QHM_RETRIEVAL_METRICS_H
#define QHM_RETRIEVAL_METRICS_H

#include <qhm/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Means over queries; ranks begin at 1. */
typedef struct qhm_retrieval_metrics {
    double recall_at_1, recall_at_5, recall_at_10; /**< share of ranks at most k */
    double mean_reciprocal_rank;
    double median_rank;
} qhm_retrieval_metrics;

/** The rank of the right candidate for every query: 1 + the better ones + half of the equal ones,
 *  so that a model that gives every candidate the same score gets the middle rank, not the first.
 *
 *  @param scores      [query_count][candidate_count], finite; larger is better.
 *  @param right       [query_count] the right candidate of each query; NULL: query i's is i.
 *  @param[out] ranks  [query_count].
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no queries, a right candidate that does not exist);
 *          QHM_ERROR_NUMERIC (a score that is not finite). */
QHM_API QHM_MUST_CHECK qhm_status qhm_retrieval_ranks(const double *scores, size_t query_count,
                                                      size_t candidate_count, const size_t *right,
                                                      double *ranks);

/** The metrics of some ranks.
 *  @param ranks  [count], each at least 1.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_retrieval_metrics_compute(const double *ranks, size_t count,
                                                                qhm_retrieval_metrics *metrics);

/** What random scores give in expectation among candidate_count candidates, at least 1. */
QHM_API qhm_retrieval_metrics qhm_retrieval_metrics_chance(size_t candidate_count);

#ifdef __cplusplus
}
#endif
#endif
