// Relevance and redundancy of features, and their choice as a cost over bits.
#include <qhm/feature_selection.h>

#include "base/memory.h"
#include "base/statistics.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdlib.h>

// The bin of each value, equal ones in the same; sorted is scratch. [samples] all.
static void find_bins(size_t samples, const double *values, size_t most, double *sorted,
                      size_t *bins)
{
    size_t different = 1;
    for (size_t i = 0; i < samples; i++)
        sorted[i] = values[i];
    qsort(sorted, samples, sizeof *sorted, qhm_compare_numbers);
    for (size_t i = 1; i < samples; i++)
        different += sorted[i] != sorted[i - 1];
    for (size_t i = 0; i < samples; i++) {
        size_t rank = 0, below = 0;
        while (sorted[rank] < values[i]) {
            rank++;
            below += sorted[rank] != sorted[rank - 1];
        }
        bins[i] = different <= most ? below : rank * most / samples;
    }
}

// Sum over cells of p ln(p / (p_x p_y)).
static double mutual_information(size_t samples, const size_t *x, const size_t *y, size_t most,
                                 double *cells)
{
    double sum = 0, *rows = cells + most * most, *columns = rows + most;
    const double part = 1 / (double)samples;
    for (size_t i = 0; i < most * (most + 2); i++)
        cells[i] = 0;
    for (size_t i = 0; i < samples; i++) {
        cells[x[i] * most + y[i]] += part;
        rows[x[i]] += part;
        columns[y[i]] += part;
    }
    for (size_t i = 0; i < most * most; i++)
        if (cells[i] > 0)
            sum += cells[i] * log(cells[i] / (rows[i / most] * columns[i % most]));
    return fmax(0, sum);
}

static double correlation(size_t samples, const double *x, const double *y)
{
    double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < samples; i++) {
        mean_x += x[i] / (double)samples;
        mean_y += y[i] / (double)samples;
    }
    for (size_t i = 0; i < samples; i++) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        yy += (y[i] - mean_y) * (y[i] - mean_y);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    return xx > 0 && yy > 0 ? fmin(1, fabs(xy) / sqrt(xx * yy)) : 0;
}

// Columns: the features, then the target.
typedef struct columns {
    size_t samples, count, most;
    double *values; // [count][samples]
    size_t *bins;   // the same shape
    double *cells, *sorted;
} columns;

static double relate(const columns *c, qhm_feature_measure measure, size_t i, size_t j)
{
    if (measure == QHM_FEATURE_CORRELATION)
        return correlation(c->samples, c->values + i * c->samples, c->values + j * c->samples);
    return mutual_information(c->samples, c->bins + i * c->samples, c->bins + j * c->samples,
                              c->most, c->cells);
}

static qhm_status open_columns(columns *c)
{
    QHM_TRY(qhm_allocate(c->count * c->samples, sizeof(double), &c->values));
    QHM_TRY(qhm_allocate(c->count * c->samples, sizeof(size_t), &c->bins));
    QHM_TRY(qhm_allocate(c->samples, sizeof(double), &c->sorted));
    return qhm_allocate(c->most * (c->most + 2), sizeof(double), &c->cells);
}

qhm_status qhm_feature_relations(size_t samples, size_t features, const double *values,
                                 const double *target, const qhm_feature_options *options,
                                 double *relevance, double *redundancy)
{
    static const qhm_feature_options defaults;
    QHM_REQUIRE(values && target && relevance && redundancy, "an array is NULL");
    QHM_REQUIRE(samples >= 2 && features >= 1, "%zu samples of %zu features", samples, features);
    options = options ? options : &defaults;
    for (size_t i = 0; i < samples * features; i++)
        QHM_REQUIRE(isfinite(values[i]) && isfinite(target[i / features]),
                    "sample %zu is not finite", i / features);
    columns c = {
        .samples = samples, .count = features + 1, .most = options->bins > 0 ? options->bins : 8};
    const qhm_status status = open_columns(&c);
    for (size_t i = 0; i < c.count && status == QHM_OK; i++) {
        double *column = c.values + i * samples;
        for (size_t k = 0; k < samples; k++)
            column[k] = i < features ? values[k * features + i] : target[k];
        find_bins(samples, column, c.most, c.sorted, c.bins + i * samples);
    }
    for (size_t i = 0; i < features && status == QHM_OK; i++) {
        relevance[i] = relate(&c, options->measure, i, features);
        redundancy[i * features + i] = 0;
        for (size_t j = 0; j < i; j++)
            redundancy[i * features + j] = redundancy[j * features + i] =
                relate(&c, options->measure, i, j);
    }
    qhm_release(c.values);
    qhm_release(c.bins);
    qhm_release(c.sorted);
    qhm_release(c.cells);
    return status;
}

qhm_status qhm_feature_ising(size_t features, const double *relevance, const double *redundancy,
                             size_t count, double weight, qhm_ising **ising)
{
    qhm_ising *made;
    QHM_REQUIRE(relevance && redundancy && ising, "an array or ising is NULL");
    QHM_REQUIRE(count >= 1 && count <= features, "%zu of %zu features", count, features);
    QHM_TRY(qhm_ising_create(features, &made));
    const double pairs = (double)count * ((double)count - 1) / 2;
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < features && status == QHM_OK; i++) {
        status = qhm_ising_append_product(made, i, i, -relevance[i] / (double)count);
        for (size_t j = 0; j < i && count > 1 && status == QHM_OK; j++)
            status =
                qhm_ising_append_product(made, i, j, weight * redundancy[i * features + j] / pairs);
    }
    if (status != QHM_OK) {
        qhm_ising_destroy(made);
        return status;
    }
    *ising = made;
    return QHM_OK;
}

uint64_t qhm_feature_greedy(size_t features, const double *relevance, const double *redundancy,
                            size_t count, double weight)
{
    uint64_t bits = 0;
    for (size_t taken = 0; taken < count; taken++) {
        double most = -INFINITY;
        size_t next = 0;
        for (size_t i = 0; i < features; i++) {
            double value = relevance[i];
            for (size_t j = 0; j < features; j++)
                if (bits >> j & 1)
                    value -= weight * redundancy[i * features + j] / (double)taken;
            if (!(bits >> i & 1) && value > most) {
                most = value;
                next = i;
            }
        }
        bits |= (uint64_t)1 << next;
    }
    return bits;
}
