// Ranks with ties averaged, and their summaries.
#include <qhm/retrieval_metrics.h>

#include "base/statistics.h"
#include "base/status_internal.h"

#include <math.h>

qhm_status qhm_retrieval_ranks(const double *scores, size_t query_count, size_t candidate_count,
                               const size_t *right, double *ranks)
{
    QHM_REQUIRE(scores && ranks && query_count > 0, "there are no queries");
    for (size_t q = 0; q < query_count; q++) {
        size_t target = right ? right[q] : q;
        const double *row = scores + q * candidate_count;
        QHM_REQUIRE(target < candidate_count, "the right candidate of query %zu is %zu of %zu", q,
                    target, candidate_count);
        size_t better = 0, equal = 0; // equal counts the target itself
        for (size_t c = 0; c < candidate_count; c++) {
            if (!isfinite(row[c]))
                return QHM_FAIL(QHM_ERROR_NUMERIC, "score %zu of query %zu is not finite", c, q);
            better += row[c] > row[target];
            equal += row[c] == row[target];
        }
        ranks[q] = 1 + (double)better + 0.5 * (double)(equal - 1);
    }
    return QHM_OK;
}

qhm_status qhm_retrieval_metrics_compute(const double *ranks, size_t count,
                                         qhm_retrieval_metrics *metrics)
{
    QHM_REQUIRE(ranks && metrics && count > 0, "there are no ranks");
    qhm_retrieval_metrics found = {0};
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(ranks[i] >= 1, "rank %zu is %g, not at least 1", i, ranks[i]);
        found.recall_at_1 += ranks[i] <= 1;
        found.recall_at_5 += ranks[i] <= 5;
        found.recall_at_10 += ranks[i] <= 10;
        found.mean_reciprocal_rank += 1 / ranks[i];
    }
    found.recall_at_1 /= (double)count;
    found.recall_at_5 /= (double)count;
    found.recall_at_10 /= (double)count;
    found.mean_reciprocal_rank /= (double)count;
    QHM_TRY(qhm_statistics_median(ranks, count, &found.median_rank));
    *metrics = found;
    return QHM_OK;
}

qhm_retrieval_metrics qhm_retrieval_metrics_chance(size_t candidate_count)
{
    double n = (double)candidate_count, harmonic = 0;
    for (size_t r = 1; r <= candidate_count; r++)
        harmonic += 1 / (double)r;
    return (qhm_retrieval_metrics){.recall_at_1 = 1 / n,
                                   .recall_at_5 = fmin(1, 5 / n),
                                   .recall_at_10 = fmin(1, 10 / n),
                                   .mean_reciprocal_rank = harmonic / n,
                                   .median_rank = 0.5 * (n + 1)};
}
