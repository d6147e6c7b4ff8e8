// Counts corrected for wrong readout, and the probabilities nearest to what comes out.
#include "base/memory.h"
#include "mitigate/confusion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static qhm_status check_room(size_t qubits, size_t most)
{
    if (qubits > most)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "%zu qubits, more than the %zu whose strings are all corrected: take the "
                        "method subspace",
                        qubits, most);
    return QHM_OK;
}

static void fill_counts(const qhm_distribution *counts, bool is_dense, double *quasi)
{
    const double total = qhm_distribution_total(counts);
    for (size_t i = 0; i < qhm_distribution_outcome_count(counts); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(counts, i, &bits, &weight);
        quasi[is_dense ? (size_t)bits[0] : i] = weight / total;
    }
}

static double correct_tensored(size_t qubits, const double (*flips)[2], double *quasi)
{
    double norm = 1;
    for (size_t q = 0; q < qubits; q++) {
        const double up = flips[q][0], down = flips[q][1], left = 1 - up - down;
        for (size_t i = 0; i < (size_t)1 << qubits; i++) {
            if (i >> q & 1)
                continue;
            const size_t j = i | (size_t)1 << q;
            const double zero = quasi[i], one = quasi[j];
            quasi[i] = ((1 - down) * zero - down * one) / left;
            quasi[j] = ((1 - up) * one - up * zero) / left;
        }
        norm *= (1 + fabs(up - down)) / left;
    }
    return norm;
}

static qhm_status correct_with(qhm_confusion *c, double *quasi, double *norm)
{
    qhm_status status = qhm_confusion_solve(c, false, quasi);
    if (status == QHM_OK)
        status = qhm_confusion_inverse_norm(c, norm);
    qhm_confusion_release(c);
    return status;
}

static qhm_status check(const qhm_distribution *counts, const qhm_readout_options *o)
{
    const size_t qubits = qhm_distribution_bit_count(counts);
    QHM_REQUIRE(o->method <= QHM_READOUT_CORRELATED, "method is %d, not one of qhm_readout_method",
                (int)o->method);
    QHM_REQUIRE(qubits > 0 && qhm_distribution_total(counts) > 0, "there are no counts to correct");
    QHM_REQUIRE(o->flip_count >= qubits, "flips are of %zu qubits, but the counts of %zu",
                o->flip_count, qubits);
    if (o->method == QHM_READOUT_CORRELATED) {
        QHM_REQUIRE(o->confusion && o->flip_count == qubits,
                    "the method correlated needs a confusion matrix of %zu qubits", qubits);
        return check_room(qubits, QHM_CORRELATED_MAX_QUBITS);
    }
    QHM_REQUIRE(o->flips, "correcting counts needs flips");
    QHM_TRY(qhm_flips_check(qubits, o->flips));
    return o->method == QHM_READOUT_TENSORED ? check_room(qubits, QHM_TENSORED_MAX_QUBITS) : QHM_OK;
}

static qhm_status correct(const qhm_distribution *counts, const qhm_readout_options *o,
                          double *quasi, double *norm)
{
    const size_t qubits = qhm_distribution_bit_count(counts);
    qhm_confusion c = {0};
    fill_counts(counts, o->method != QHM_READOUT_SUBSPACE, quasi);
    switch (o->method) {
    case QHM_READOUT_TENSORED:
        *norm = correct_tensored(qubits, o->flips, quasi);
        return QHM_OK;
    case QHM_READOUT_SUBSPACE:
        QHM_TRY(qhm_confusion_create_subspace(o, counts, &c));
        break;
    case QHM_READOUT_CORRELATED:
        QHM_TRY(qhm_confusion_create_whole((size_t)1 << qubits, o->confusion, &c));
    }
    return correct_with(&c, quasi, norm);
}

qhm_status qhm_readout_correct(const qhm_distribution *counts, const qhm_readout_options *options,
                               double *quasi, double *gamma)
{
    QHM_REQUIRE(counts && options && quasi, "correcting needs counts, options and a place to go");
    QHM_TRY(check(counts, options));
    const size_t count = options->method == QHM_READOUT_SUBSPACE
                             ? qhm_distribution_outcome_count(counts)
                             : (size_t)1 << qhm_distribution_bit_count(counts);
    double *room, norm;
    QHM_TRY(qhm_allocate(count, sizeof *room, &room));
    const qhm_status status = correct(counts, options, room, &norm);
    if (status == QHM_OK) {
        memcpy(quasi, room, count * sizeof *quasi);
        if (gamma)
            *gamma = norm;
    }
    qhm_release(room);
    return status;
}

static int compare_descending(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

qhm_status qhm_nearest_probabilities(size_t count, const double *quasi, double *probabilities)
{
    QHM_REQUIRE(count > 0 && quasi && probabilities,
                "the nearest probabilities need quasi-probabilities and a place to go");
    double *sorted, total = 0, sum = 0, shift = 0;
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(isfinite(quasi[i]), "quasi[%zu] is %g, not finite", i, quasi[i]);
        total += quasi[i];
    }
    QHM_REQUIRE(total > 0, "quasi-probabilities add up to %g, not above 0", total);
    QHM_TRY(qhm_copy_bytes(quasi, count, sizeof *quasi, &sorted));
    qsort(sorted, count, sizeof *sorted, compare_descending);
    // The largest that stay above 0 when all of them are moved alike.
    for (size_t i = 0; i < count; i++) {
        sum += sorted[i];
        const double trial = (sum - total) / (double)(i + 1);
        if (sorted[i] - trial <= 0)
            break;
        shift = trial;
    }
    qhm_release(sorted);
    for (size_t i = 0; i < count; i++)
        probabilities[i] = fmax(0, quasi[i] - shift);
    return QHM_OK;
}
