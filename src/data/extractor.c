// Feature extractors: their options, and the affine map that follows every descriptor.
#include "base/memory.h"
#include "base/options_internal.h"
#include "base/parallel.h"
#include "data/extractor_internal.h"
#include "data/image_descriptor.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define FIELD(field) offsetof(qhm_extractor_options, field)

static const char *const kinds[] = {"shapes", "pixels", "words", "numbers", NULL};
static const char *const scalings[] = {"common", "standard", "angle", "none", NULL};

static const qhm_option_info table[] = {
    {"kind", QHM_OPTION_CHOICE, FIELD(kind), NULL, 0, 0, kinds,
     "shapes and pixels describe pictures, words texts, numbers the numeric columns", NULL},
    {"width", QHM_OPTION_SIZE, FIELD(width), NULL, 0, 4096, NULL,
     "outputs: principal components; 0 is 8, but for numbers every column as it is", NULL},
    {"scaling", QHM_OPTION_CHOICE, FIELD(scaling), "common", 0, 0, scalings,
     "common: one factor for all outputs; standard: variance 1 each; angle: to [0, pi]", NULL},
    {"max_terms", QHM_OPTION_SIZE, FIELD(max_terms), "4096", 1, 16384, NULL,
     "words: the most frequent ones of the training texts that are kept", NULL},
    {"image_side", QHM_OPTION_SIZE, FIELD(image_side), "28", 1, QHM_PIXEL_MAX_SIDE, NULL,
     "pixels: side in pixels to which pictures are resampled", NULL},
    {0},
};

enum { DEFAULT_WIDTH = 8, MAX_DESCRIPTOR = QHM_PIXEL_MAX_SIDE * QHM_PIXEL_MAX_SIDE };
_Static_assert((int)QHM_SHAPE_LENGTH <= (int)MAX_DESCRIPTOR, "descriptors fit the scratch");

const qhm_option_info *qhm_extractor_option_table(void)
{
    return table;
}

void qhm_extractor_destroy(qhm_extractor *extractor)
{
    if (!extractor)
        return;
    qhm_release(extractor->projection);
    qhm_release(extractor->offset);
    qhm_terms_release(&extractor->terms);
    qhm_release(extractor);
}

qhm_extractor_kind qhm_extractor_get_kind(const qhm_extractor *extractor)
{
    return extractor->kind;
}

size_t qhm_extractor_width(const qhm_extractor *extractor)
{
    return extractor->width;
}

size_t qhm_extractor_descriptor_length(const qhm_extractor *extractor)
{
    return extractor->length;
}

void qhm_extractor_describe_image(const qhm_extractor *e, qhm_image image, double *out)
{
    if (e->kind == QHM_EXTRACTOR_SHAPES)
        qhm_image_describe_shapes(image, out);
    else
        qhm_image_describe_pixels(image, e->image_side, out);
}

void qhm_extractor_map_dense(const qhm_extractor *e, const double *x, double *out)
{
    for (size_t c = 0; c < e->width; c++)
        out[c] = -e->offset[c];
    for (size_t j = 0; j < e->length; j++)
        if (x[j] != 0)
            for (size_t c = 0; c < e->width; c++)
                out[c] += x[j] * e->projection[j * e->width + c];
}

void qhm_extractor_map_words(const qhm_extractor *e, const qhm_term_row *row, double *out)
{
    for (size_t c = 0; c < e->width; c++)
        out[c] = -e->offset[c];
    for (size_t i = 0; i < row->count; i++)
        for (size_t c = 0; c < e->width; c++)
            out[c] += row->entries[i].weight * e->projection[row->entries[i].term * e->width + c];
}

static void clip(const qhm_extractor *e, double *out)
{
    if (e->scaling == QHM_SCALING_ANGLE)
        for (size_t c = 0; c < e->width; c++)
            out[c] = out[c] < 0 ? 0 : out[c] > M_PI ? M_PI : out[c];
}

typedef struct image_job {
    const qhm_extractor *extractor;
    const qhm_dataset *dataset;
    const size_t *items;
    double *out; // [count][width]
} image_job;

static void map_images(size_t first, size_t last, void *context)
{
    const image_job *job = context;
    double scratch[MAX_DESCRIPTOR];
    for (size_t i = first; i < last; i++) {
        qhm_extractor_describe_image(job->extractor, qhm_dataset_image(job->dataset, job->items[i]),
                                     scratch);
        double *out = job->out + i * job->extractor->width;
        qhm_extractor_map_dense(job->extractor, scratch, out);
        clip(job->extractor, out);
    }
}

// Does the dataset have what this kind describes, and do the items exist?
static qhm_status check_data(qhm_extractor_kind kind, const qhm_dataset *dataset,
                             const size_t *items, size_t count)
{
    bool is_served = qhm_extractor_sees_images(kind) ? qhm_dataset_has_images(dataset)
                     : kind == QHM_EXTRACTOR_WORDS   ? qhm_dataset_has_text(dataset)
                                                     : qhm_dataset_feature_count(dataset) > 0;
    if (!is_served)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "the data has no %s, which extractor \"%s\" describes",
                        qhm_extractor_sees_images(kind) ? "pictures"
                        : kind == QHM_EXTRACTOR_WORDS   ? "texts"
                                                        : "numeric columns",
                        kinds[kind - 1]);
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(items[i] < qhm_dataset_count(dataset), "item %zu does not exist: there are %zu",
                    items[i], qhm_dataset_count(dataset));
        bool has_it = qhm_extractor_sees_images(kind)
                          ? qhm_dataset_image(dataset, items[i]).pixels != NULL
                          : kind != QHM_EXTRACTOR_WORDS || qhm_dataset_text(dataset, items[i]);
        QHM_REQUIRE(has_it, "item \"%s\" lacks what extractor \"%s\" describes",
                    qhm_dataset_name(dataset, items[i]), kinds[kind - 1]);
    }
    return QHM_OK;
}

qhm_status qhm_extractor_fit(const qhm_dataset *dataset, const size_t *items, size_t count,
                             const qhm_extractor_options *options, qhm_extractor **out_extractor)
{
    QHM_REQUIRE(dataset && items && options && out_extractor,
                "the dataset, items, options or out_extractor is NULL");
    qhm_extractor_options o = *options;
    QHM_TRY(qhm_options_resolve(table, &o));
    QHM_REQUIRE(o.kind != 0, "the extractor's kind is not given");
    QHM_REQUIRE(count >= 2, "%zu items to fit an extractor to, not at least 2", count);
    qhm_extractor_kind kind = (qhm_extractor_kind)o.kind;
    QHM_TRY(check_data(kind, dataset, items, count));
    qhm_extractor *e;
    QHM_TRY(qhm_allocate(1, sizeof *e, &e));
    e->kind = kind;
    e->scaling = (qhm_extractor_scaling)o.scaling;
    e->image_side = kind == QHM_EXTRACTOR_PIXELS ? o.image_side : 0;
    bool keeps_columns = kind == QHM_EXTRACTOR_NUMBERS && o.width == 0;
    e->length = kind == QHM_EXTRACTOR_SHAPES   ? QHM_SHAPE_LENGTH
                : kind == QHM_EXTRACTOR_PIXELS ? o.image_side * o.image_side
                                               : qhm_dataset_feature_count(dataset);
    e->width = keeps_columns ? e->length : o.width > 0 ? o.width : DEFAULT_WIDTH;
    qhm_status status;
    if (kind == QHM_EXTRACTOR_WORDS)
        status = qhm_extractor_fit_words(e, dataset, items, count, o.max_terms);
    else
        status = qhm_extractor_fit_dense(e, dataset, items, count, keeps_columns);
    if (status != QHM_OK) {
        qhm_extractor_destroy(e);
        return status;
    }
    *out_extractor = e;
    return QHM_OK;
}

static qhm_status forward_words(const qhm_extractor *e, const qhm_dataset *dataset,
                                const size_t *items, size_t count, double *out)
{
    qhm_term_row row = {0};
    qhm_status status = QHM_OK;
    for (size_t i = 0; status == QHM_OK && i < count; i++) {
        status = qhm_terms_weigh(&e->terms, qhm_dataset_text(dataset, items[i]), &row);
        if (status == QHM_OK) {
            qhm_extractor_map_words(e, &row, out + i * e->width);
            clip(e, out + i * e->width);
        }
    }
    qhm_release(row.entries);
    return status;
}

qhm_status qhm_extractor_forward(const qhm_extractor *extractor, const qhm_dataset *dataset,
                                 const size_t *items, size_t count, double *out)
{
    QHM_REQUIRE(extractor && dataset && items && out,
                "the extractor, dataset, items or out is NULL");
    QHM_TRY(check_data(extractor->kind, dataset, items, count));
    switch (extractor->kind) {
    case QHM_EXTRACTOR_SHAPES:
    case QHM_EXTRACTOR_PIXELS: {
        image_job job = {extractor, dataset, items, out};
        qhm_parallel_for(count, QHM_EXTRACTOR_IMAGE_BLOCK, map_images, &job);
        return QHM_OK;
    }
    case QHM_EXTRACTOR_WORDS:
        return forward_words(extractor, dataset, items, count, out);
    case QHM_EXTRACTOR_NUMBERS:
        break;
    }
    QHM_REQUIRE(qhm_dataset_feature_count(dataset) == extractor->length,
                "the data has %zu numeric columns, not the %zu that the extractor was fitted to",
                qhm_dataset_feature_count(dataset), extractor->length);
    for (size_t i = 0; i < count; i++) {
        qhm_extractor_map_dense(extractor, qhm_dataset_features(dataset, items[i]),
                                out + i * extractor->width);
        clip(extractor, out + i * extractor->width);
    }
    return QHM_OK;
}

qhm_status qhm_extractor_forward_text(const qhm_extractor *extractor, const char *text, double *out)
{
    QHM_REQUIRE(extractor && text && out, "the extractor, text or out is NULL");
    if (extractor->kind != QHM_EXTRACTOR_WORDS)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "extractor \"%s\" does not describe texts",
                        kinds[extractor->kind - 1]);
    qhm_term_row row = {0};
    qhm_status status = qhm_terms_weigh(&extractor->terms, text, &row);
    if (status == QHM_OK) {
        qhm_extractor_map_words(extractor, &row, out);
        clip(extractor, out);
    }
    qhm_release(row.entries);
    return status;
}

qhm_status qhm_extractor_forward_image(const qhm_extractor *extractor, qhm_image image, double *out)
{
    QHM_REQUIRE(extractor && out, "the extractor or out is NULL");
    QHM_REQUIRE(image.pixels && image.width > 0 && image.height > 0, "the picture is empty");
    if (!qhm_extractor_sees_images(extractor->kind))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "extractor \"%s\" does not describe pictures",
                        kinds[extractor->kind - 1]);
    double scratch[MAX_DESCRIPTOR];
    qhm_extractor_describe_image(extractor, image, scratch);
    qhm_extractor_map_dense(extractor, scratch, out);
    clip(extractor, out);
    return QHM_OK;
}
