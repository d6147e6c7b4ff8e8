/** @file feature_selection.h
 *  Which features to keep: those that tell most of a target and least of each other [peng2005].
 *
 *  The cost of k features is minus the mean of their relevance plus weight times the mean of the
 *  redundancy of their pairs.
 *
 *  @code
 *  status = qhm_feature_relations(samples, features, values, target, NULL, relevance, redundancy);
 *  if (status == QHM_OK)
 *      status = qhm_feature_ising(features, relevance, redundancy, 3, 1, &ising);
 *  @endcode */
#ifndef QHM_FEATURE_SELECTION_H
#define QHM_FEATURE_SELECTION_H

#include <qhm/ising.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How two columns are compared. */
typedef enum qhm_feature_measure {
    QHM_FEATURE_CORRELATION = 0,       /**< the magnitude of Pearson's; 0 for a constant column */
    QHM_FEATURE_MUTUAL_INFORMATION = 1 /**< of their bins, in nats */
} qhm_feature_measure;

/** Options of qhm_feature_relations; zero means the default in every field. */
typedef struct qhm_feature_options {
    qhm_feature_measure measure;
    size_t bins; /**< of mutual information: up to so many different values are kept as they are,
                    more become so many bins of equal counts; 0: 8 */
} qhm_feature_options;

/** Compares features with a target and with each other.
 *  @param values      [samples][features], finite.
 *  @param target      [samples]
 *  @param options     NULL: defaults.
 *  @param relevance   [features]
 *  @param redundancy  [features][features], symmetric; the diagonal is 0.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (fewer than 2 samples, no features, not finite);
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: features^2 samples. */
QHM_API QHM_MUST_CHECK qhm_status qhm_feature_relations(size_t samples, size_t features,
                                                        const double *values, const double *target,
                                                        const qhm_feature_options *options,
                                                        double *relevance, double *redundancy);

/** The cost over bits, right for `count` of them: that many are left to a mixer or a penalty.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (not 1 to 64 features, not 1 to all of them);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_feature_ising(size_t features, const double *relevance,
                                                    const double *redundancy, size_t count,
                                                    double weight, qhm_ising **ising);

/** The usual greedy way: each next feature has the largest relevance minus weight times its mean
 *  redundancy with those taken [peng2005]. @return the features as bits. */
QHM_API uint64_t qhm_feature_greedy(size_t features, const double *relevance,
                                    const double *redundancy, size_t count, double weight);

#ifdef __cplusplus
}
#endif
#endif
