// The verdict: paired differences over resamples, corrected intervals and one rule.
#include <qhm/verdict.h>

#include "base/memory.h"
#include "base/statistics.h"
#include "base/status_internal.h"

#include <math.h>

const char *qhm_verdict_name(qhm_verdict verdict)
{
    switch (verdict) {
    case QHM_VERDICT_NONE:
        return "none";
    case QHM_VERDICT_HELPS:
        return "helps";
    case QHM_VERDICT_DOES_NOT_HELP:
        return "does_not_help";
    case QHM_VERDICT_NOT_ENOUGH_EVIDENCE:
        return "not_enough_evidence";
    }
    return "unknown";
}

qhm_status qhm_verdict_interval(const double *differences, size_t count, double test_count,
                                double train_count, qhm_interval *interval)
{
    QHM_REQUIRE(count >= 2, "resample count is %zu, not at least 2", count);
    QHM_REQUIRE(test_count >= 1 && isfinite(test_count), "test row count is %g, not at least 1",
                test_count);
    QHM_REQUIRE(train_count >= 1 && isfinite(train_count),
                "training row count is %g, not at least 1", train_count);
    for (size_t i = 0; i < count; i++)
        if (!isfinite(differences[i]))
            return QHM_FAIL(QHM_ERROR_NUMERIC, "the difference of resample %zu is not finite", i);
    *interval =
        qhm_statistics_resampled_interval(differences, count, train_count, test_count, 0.95);
    return QHM_OK;
}

// The rival that scored best on validation in this resample; the first of equals.
static size_t best_on_validation(const qhm_verdict_evidence *evidence, size_t resample)
{
    size_t best = 0;
    for (size_t k = 1; k < evidence->rival_count; k++)
        if (evidence->rival_validation[k * evidence->resample_count + resample] >
            evidence->rival_validation[best * evidence->resample_count + resample])
            best = k;
    return best;
}

static qhm_status estimate_all(const qhm_verdict_evidence *evidence, double *row,
                               qhm_interval *against, qhm_interval *against_best)
{
    size_t count = evidence->resample_count;
    for (size_t k = 0; k < evidence->rival_count; k++) {
        for (size_t r = 0; r < count; r++)
            row[r] = evidence->hybrid[r] - evidence->rivals[k * count + r];
        QHM_TRY(qhm_verdict_interval(row, count, evidence->test_count, evidence->train_count,
                                     &against[k]));
    }
    for (size_t r = 0; r < count; r++)
        row[r] =
            evidence->hybrid[r] - evidence->rivals[best_on_validation(evidence, r) * count + r];
    return qhm_verdict_interval(row, count, evidence->test_count, evidence->train_count,
                                against_best);
}

static qhm_verdict_result apply_rule(const qhm_verdict_evidence *evidence,
                                     const qhm_interval *against, qhm_interval against_best)
{
    qhm_verdict_result result = {.against_best = against_best,
                                 .smallest_showable = evidence->margin};
    bool beats_all = true;
    for (size_t k = 0; k < evidence->rival_count; k++) {
        if (!(against[k].lower > 0 && against[k].mean >= evidence->margin))
            beats_all = false;
        if (against[k].lower < against[result.hardest].lower)
            result.hardest = k;
        result.smallest_showable =
            fmax(result.smallest_showable, against[k].mean - against[k].lower);
    }
    bool is_bounded = against_best.upper < evidence->margin;
    if (beats_all && !is_bounded)
        result.verdict = QHM_VERDICT_HELPS;
    else if (is_bounded && !beats_all)
        result.verdict = QHM_VERDICT_DOES_NOT_HELP;
    else
        result.verdict = QHM_VERDICT_NOT_ENOUGH_EVIDENCE;
    return result;
}

qhm_status qhm_verdict_decide(const qhm_verdict_evidence *evidence, qhm_interval *against,
                              size_t *times_best, qhm_verdict_result *result)
{
    QHM_REQUIRE(evidence->rival_count >= 1, "rival count is 0, not at least 1");
    QHM_REQUIRE(evidence->margin > 0 && isfinite(evidence->margin), "margin is %g, not above 0",
                evidence->margin);
    for (size_t i = 0; i < evidence->rival_count * evidence->resample_count; i++)
        if (!isfinite(evidence->rival_validation[i]))
            return QHM_FAIL(QHM_ERROR_NUMERIC, "validation score %zu of the rivals is not finite",
                            i);
    double *row = NULL;
    qhm_interval *intervals = NULL;
    qhm_interval against_best;
    qhm_status status = qhm_allocate(evidence->resample_count, sizeof *row, &row);
    if (status == QHM_OK)
        status = qhm_allocate(evidence->rival_count, sizeof *intervals, &intervals);
    if (status == QHM_OK)
        status = estimate_all(evidence, row, intervals, &against_best);
    if (status == QHM_OK) {
        *result = apply_rule(evidence, intervals, against_best);
        for (size_t k = 0; against && k < evidence->rival_count; k++)
            against[k] = intervals[k];
        for (size_t k = 0; times_best && k < evidence->rival_count; k++)
            times_best[k] = 0;
        for (size_t r = 0; times_best && r < evidence->resample_count; r++)
            times_best[best_on_validation(evidence, r)]++;
    }
    qhm_release(intervals);
    qhm_release(row);
    return status;
}
