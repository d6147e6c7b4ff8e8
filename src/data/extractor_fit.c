// Fitting: descriptors, principal components and output scaling become one affine map.
#include "base/memory.h"
#include "base/parallel.h"
#include "data/extractor_internal.h"
#include "data/image_descriptor.h"
#include "data/principal_components.h"
#include "data/term_components.h"

#include <math.h>
#include <string.h>

typedef struct description {
    const qhm_extractor *extractor;
    const qhm_dataset *dataset;
    const size_t *items;
    double *out; // [count][length]
} description;

static void describe_images(size_t first, size_t last, void *context)
{
    const description *job = context;
    for (size_t i = first; i < last; i++)
        qhm_extractor_describe_image(job->extractor, qhm_dataset_image(job->dataset, job->items[i]),
                                     job->out + i * job->extractor->length);
}

// 1 / sqrt(variance), or 0 when the variance is no more than rounding about a mean of this square.
static double inverse_deviation(double variance, double mean_square)
{
    return variance > 1e-24 * mean_square ? 1 / sqrt(variance) : 0;
}

typedef struct moments {
    double mean, variance, low, high;
} moments;

// Of column c of outputs [count][width].
static moments moments_of(const double *outputs, size_t count, size_t width, size_t c)
{
    moments m = {.low = INFINITY, .high = -INFINITY};
    for (size_t i = 0; i < count; i++) {
        double value = outputs[i * width + c];
        m.mean += value / (double)count;
        m.low = value < m.low ? value : m.low;
        m.high = value > m.high ? value : m.high;
    }
    for (size_t i = 0; i < count; i++) {
        double away = outputs[i * width + c] - m.mean;
        m.variance += away * away / (double)count;
    }
    return m;
}

// Fits projection and offset so that the outputs [count][width], which they now give, are scaled.
// A column that does not vary becomes 0.
static void fit_scaling(qhm_extractor *e, const double *outputs, size_t count)
{
    double common = 0, mean_square = 0; // mean variance, mean square of the means
    for (size_t c = 0; c < e->width; c++) {
        moments m = moments_of(outputs, count, e->width, c);
        common += m.variance / (double)e->width;
        mean_square += m.mean * m.mean / (double)e->width;
    }
    for (size_t c = 0; c < e->width; c++) {
        moments m = moments_of(outputs, count, e->width, c);
        double factor = 1, start = m.mean;
        switch (e->scaling) {
        case QHM_SCALING_COMMON:
            factor = inverse_deviation(common, mean_square);
            break;
        case QHM_SCALING_STANDARD:
            factor = inverse_deviation(m.variance, m.mean * m.mean + common);
            break;
        case QHM_SCALING_ANGLE:
            factor = m.high > m.low ? M_PI / (m.high - m.low) : 0;
            start = m.low;
            break;
        case QHM_SCALING_NONE:
            start = 0; // components have mean 0 already
            break;
        }
        e->offset[c] = (e->offset[c] + start) * factor;
        for (size_t j = 0; j < e->length; j++)
            e->projection[j * e->width + c] *= factor;
    }
}

// projection = diag(scale) components', offset = mean projection.
static void set_projection(qhm_extractor *e, const double *components, const double *mean,
                           const double *scale)
{
    for (size_t j = 0; j < e->length; j++)
        for (size_t c = 0; c < e->width; c++) {
            double weight = components[c * e->length + j] * (scale ? scale[j] : 1);
            e->projection[j * e->width + c] = weight;
            e->offset[c] += mean[j] * weight;
        }
}

static qhm_status allocate_map(qhm_extractor *e)
{
    QHM_TRY(qhm_allocate(e->length * e->width, sizeof *e->projection, &e->projection));
    return qhm_allocate(e->width, sizeof *e->offset, &e->offset);
}

static void find_moments(const double *x, size_t rows, size_t columns, double *mean,
                         double *variance)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            mean[j] += x[i * columns + j] / (double)rows;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double away = x[i * columns + j] - mean[j];
            variance[j] += away * away / (double)rows;
        }
}

// The parts of the shape descriptor differ in length and units: each gets the same variance.
static void balance_parts(const double *mean, const double *variance, double *scale)
{
    static const size_t ends[] = {QHM_SHAPE_HOG, QHM_SHAPE_HOG + QHM_SHAPE_COLOURS,
                                  QHM_SHAPE_LENGTH};
    size_t j = 0;
    for (size_t part = 0; part < 3; part++) {
        double total = 0, mean_square = 0;
        for (size_t i = j; i < ends[part]; i++) {
            total += variance[i];
            mean_square += mean[i] * mean[i];
        }
        for (; j < ends[part]; j++)
            scale[j] = inverse_deviation(total, mean_square);
    }
}

static void choose_scale(const qhm_extractor *e, const double *mean, const double *variance,
                         double *scale)
{
    if (e->kind == QHM_EXTRACTOR_SHAPES) {
        balance_parts(mean, variance, scale);
        return;
    }
    for (size_t j = 0; j < e->length; j++)
        scale[j] =
            e->kind == QHM_EXTRACTOR_PIXELS ? 1 : inverse_deviation(variance[j], mean[j] * mean[j]);
}

// x [count][length] becomes centred and scaled.
static qhm_status fit_components(qhm_extractor *e, double *x, size_t count)
{
    double *mean, *variance = NULL, *scale = NULL, *components = NULL;
    QHM_TRY(qhm_allocate(e->length, sizeof *mean, &mean));
    qhm_status status = qhm_allocate(e->length, sizeof *variance, &variance);
    if (status == QHM_OK)
        status = qhm_allocate(e->length, sizeof *scale, &scale);
    if (status == QHM_OK)
        status = qhm_allocate(e->width * e->length, sizeof *components, &components);
    if (status == QHM_OK) {
        find_moments(x, count, e->length, mean, variance);
        choose_scale(e, mean, variance, scale);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < e->length; j++)
                x[i * e->length + j] = (x[i * e->length + j] - mean[j]) * scale[j];
        status = qhm_principal_components(x, count, e->length, e->width, components);
    }
    if (status == QHM_OK)
        set_projection(e, components, mean, scale);
    qhm_release(mean);
    qhm_release(variance);
    qhm_release(scale);
    qhm_release(components);
    return status;
}

qhm_status qhm_extractor_fit_dense(qhm_extractor *e, const qhm_dataset *dataset,
                                   const size_t *items, size_t count, bool keeps_columns)
{
    double *x, *outputs = NULL, *kept = NULL;
    QHM_TRY(allocate_map(e));
    QHM_TRY(qhm_allocate(count * e->length, sizeof *x, &x));
    qhm_status status = qhm_allocate(count * e->width, sizeof *outputs, &outputs);
    if (status == QHM_OK)
        status = qhm_allocate(count * e->length, sizeof *kept, &kept);
    if (status == QHM_OK) {
        description job = {e, dataset, items, x};
        if (qhm_extractor_sees_images(e->kind))
            qhm_parallel_for(count, QHM_EXTRACTOR_IMAGE_BLOCK, describe_images, &job);
        else
            for (size_t i = 0; i < count; i++)
                memcpy(x + i * e->length, qhm_dataset_features(dataset, items[i]),
                       e->length * sizeof *x);
        memcpy(kept, x, count * e->length * sizeof *x);
        if (keeps_columns)
            for (size_t j = 0; j < e->length; j++)
                e->projection[j * e->width + j] = 1;
        else
            status = fit_components(e, x, count);
    }
    if (status == QHM_OK) {
        for (size_t i = 0; i < count; i++)
            qhm_extractor_map_dense(e, kept + i * e->length, outputs + i * e->width);
        fit_scaling(e, outputs, count);
    }
    qhm_release(x);
    qhm_release(outputs);
    qhm_release(kept);
    return status;
}

static void release_rows(qhm_term_row *rows, size_t count)
{
    for (size_t i = 0; rows && i < count; i++)
        qhm_release(rows[i].entries);
    qhm_release(rows);
}

static qhm_status fit_word_map(qhm_extractor *e, const qhm_term_row *rows, size_t count)
{
    double *mean, *components = NULL, *outputs = NULL;
    QHM_TRY(qhm_allocate(e->length, sizeof *mean, &mean));
    qhm_status status = qhm_allocate(e->width * e->length, sizeof *components, &components);
    if (status == QHM_OK)
        status = qhm_allocate(count * e->width, sizeof *outputs, &outputs);
    if (status == QHM_OK)
        status = qhm_term_components(rows, count, e->length, e->width, mean, components);
    if (status == QHM_OK) {
        set_projection(e, components, mean, NULL);
        for (size_t i = 0; i < count; i++)
            qhm_extractor_map_words(e, &rows[i], outputs + i * e->width);
        fit_scaling(e, outputs, count);
    }
    qhm_release(mean);
    qhm_release(components);
    qhm_release(outputs);
    return status;
}

qhm_status qhm_extractor_fit_words(qhm_extractor *e, const qhm_dataset *dataset,
                                   const size_t *items, size_t count, size_t max_terms)
{
    const char **texts;
    QHM_TRY(qhm_allocate(count, sizeof *texts, &texts));
    for (size_t i = 0; i < count; i++)
        texts[i] = qhm_dataset_text(dataset, items[i]);
    qhm_status status = qhm_terms_fit(texts, count, max_terms, &e->terms);
    e->length = e->terms.names.count;
    qhm_term_row *rows = NULL;
    if (status == QHM_OK)
        status = allocate_map(e);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *rows, &rows);
    for (size_t i = 0; status == QHM_OK && i < count; i++)
        status = qhm_terms_weigh(&e->terms, texts[i], &rows[i]);
    if (status == QHM_OK)
        status = fit_word_map(e, rows, count);
    release_rows(rows, count);
    qhm_release(texts);
    return status;
}
