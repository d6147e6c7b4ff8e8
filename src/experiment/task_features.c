// Feature matrices of a resample.
#include "experiment/task_features.h"

#include "base/memory.h"

#include <string.h>

static qhm_status describe_all(const qhm_dataset *dataset, qhm_features *features)
{
    size_t *items;
    QHM_TRY(qhm_allocate(features->count, sizeof *items, &items));
    for (size_t i = 0; i < features->count; i++)
        items[i] = i;
    qhm_status status = qhm_extractor_forward(features->extractor, dataset, items, features->count,
                                              features->values);
    qhm_release(items);
    return status;
}

qhm_status qhm_features_create(const qhm_dataset *dataset, const qhm_split *split,
                               const qhm_extractor_options *options, qhm_precision precision,
                               qhm_features *features)
{
    size_t train_count;
    const size_t *train = qhm_split_train(split, &train_count);
    QHM_TRY(qhm_extractor_fit(dataset, train, train_count, options, &features->extractor));
    features->count = qhm_dataset_count(dataset);
    features->width = qhm_extractor_width(features->extractor);
    size_t elements;
    if (!qhm_multiply_size(features->count, features->width, &elements))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu items of %zu features overflow",
                        features->count, features->width);
    QHM_TRY(qhm_allocate(elements, sizeof(double), &features->values));
    QHM_TRY(describe_all(dataset, features));
    qhm_shape shape = {2, {features->count, features->width}};
    QHM_TRY(qhm_tensor_create(precision, shape, &features->tensor));
    return qhm_tensor_set(features->tensor, 0, elements, features->values);
}

void qhm_features_release(qhm_features *features)
{
    qhm_tensor_destroy(features->tensor);
    qhm_release(features->values);
    qhm_extractor_destroy(features->extractor);
    *features = (qhm_features){0};
}

size_t qhm_features_bytes(const qhm_features *features)
{
    return features->count * features->width * (sizeof(double) + sizeof(float));
}

void qhm_features_gather(const qhm_features *features, const size_t *items, size_t item_count,
                         double *out)
{
    for (size_t i = 0; i < item_count; i++)
        memcpy(out + i * features->width, features->values + items[i] * features->width,
               features->width * sizeof(double));
}
