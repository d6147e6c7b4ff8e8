/** @file verdict.h
 *  Whether the quantum part helps: a rule fixed before any test row is read.
 *
 *  The hybrid and its rivals are scored on the same test rows of R resamples. A difference d is
 *  hybrid minus rival, one value a resample. Its interval is that of Nadeau and Bengio
 *  [nadeau2003]: resamples share training rows, so the plain t interval would be too short. */
#ifndef QHM_VERDICT_H
#define QHM_VERDICT_H

#include <qhm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the evidence says. */
typedef enum qhm_verdict {
    QHM_VERDICT_NONE = 0, /**< no verdict was asked for: a quick run */
    QHM_VERDICT_HELPS = 1,
    QHM_VERDICT_DOES_NOT_HELP = 2,
    QHM_VERDICT_NOT_ENOUGH_EVIDENCE = 3
} qhm_verdict;

/** The verdict in words for programs: "helps", "does_not_help", ... Never NULL. */
QHM_API const char *qhm_verdict_name(qhm_verdict verdict);

/** mean -/+ t(0.975, R - 1) s sqrt(1/R + n_test/n_train), s floored at 1 / n_test.
 *
 *  @param differences  [count] one value a resample, finite.
 *  @param count        R, at least 2.
 *  @param test_count   rows (or candidates) a resample is tested on, at least 1; the mean over
 *                      resamples where they differ.
 *  @param train_count  rows a resample is trained on, at least 1.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC for a difference that is not
 *          finite. */
QHM_API QHM_MUST_CHECK qhm_status qhm_verdict_interval(const double *differences, size_t count,
                                                       double test_count, double train_count,
                                                       qhm_interval *interval);

/** The scores that a verdict rests on; larger is better. */
typedef struct qhm_verdict_evidence {
    size_t resample_count;          /**< R, at least 2 here; run files demand 10 */
    size_t rival_count;             /**< at least 1 */
    const double *hybrid;           /**< [resample_count] test scores */
    const double *rivals;           /**< [rival_count][resample_count] test scores */
    const double *rival_validation; /**< [rival_count][resample_count] scores that picked them */
    double margin;                  /**< the smallest difference that matters, above 0 */
    double test_count, train_count; /**< as in qhm_verdict_interval */
} qhm_verdict_evidence;

/** A verdict and the numbers that led to it. */
typedef struct qhm_verdict_result {
    qhm_verdict verdict;
    qhm_interval against_best; /**< the rival best on validation, picked anew each resample */
    size_t hardest;            /**< the rival with the lowest limit */
    double smallest_showable;  /**< the least mean difference that R resamples could have shown */
} qhm_verdict_result;

/** Applies the rule.
 *
 *  *Helps*: against every rival the lower limit is above 0 and the mean at least the margin; that
 *  all must hold needs no correction for multiplicity. *Does not help*: against the rival that
 *  was best on validation, picked anew in each resample (the first of equals), the upper limit is
 *  below the margin. Otherwise, or should both hold, *not enough evidence*.
 *
 *  @param against     [rival_count] the difference to each rival; NULL if unwanted.
 *  @param times_best  [rival_count] resamples in which each was best on validation; NULL if
 *                     unwanted.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_verdict_decide(const qhm_verdict_evidence *evidence,
                                                     qhm_interval *against, size_t *times_best,
                                                     qhm_verdict_result *result);

#ifdef __cplusplus
}
#endif
#endif
