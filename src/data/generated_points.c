// Rejection sampling of balanced, labelled points.
#include "data/generated_points.h"

#include <assert.h>
#include <stdio.h>

enum { MAX_DRAWS_PER_POINT = 20000 };

// Points come in the order they are accepted; a class that is full is redrawn.
static qhm_status append_part(qhm_dataset *dataset, size_t count, qhm_dataset_part part,
                              qhm_point_draw *draw, void *context, qhm_random *random)
{
    size_t left[2] = {count - count / 2, count / 2};
    for (size_t i = 0; i < count; i++) {
        double point[QHM_POINT_MAX_FEATURES];
        int label = -1;
        for (size_t tries = 0; label < 0 && tries < MAX_DRAWS_PER_POINT; tries++) {
            label = draw(random, context, point);
            if (label >= 0 && left[label] == 0)
                label = -1;
        }
        if (label < 0)
            return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                            "no point outside the gap in %d draws: lower gap or features",
                            MAX_DRAWS_PER_POINT);
        left[label]--;
        char name[32];
        snprintf(name, sizeof name, "%s-%zu", part == QHM_PART_TRAIN ? "train" : "test", i);
        QHM_TRY(qhm_dataset_append(dataset, &(qhm_dataset_item){.name = name,
                                                                .class_name = label ? "B" : "A",
                                                                .features = point,
                                                                .part = part}));
    }
    return QHM_OK;
}

qhm_status qhm_points_generate(size_t feature_count, size_t train_count, size_t test_count,
                               qhm_point_draw *draw, void *context, qhm_random *random,
                               qhm_dataset **out_dataset)
{
    assert(feature_count >= 1 && feature_count <= QHM_POINT_MAX_FEATURES);
    static const char *const names[QHM_POINT_MAX_FEATURES] = {"x0", "x1", "x2", "x3", "x4",
                                                              "x5", "x6", "x7", "x8", "x9"};
    qhm_dataset *dataset;
    QHM_TRY(qhm_dataset_create(feature_count, names, &dataset));
    qhm_status status = qhm_dataset_append_class(dataset, "A");
    if (status == QHM_OK)
        status = qhm_dataset_append_class(dataset, "B");
    if (status == QHM_OK)
        status = append_part(dataset, train_count, QHM_PART_TRAIN, draw, context, random);
    if (status == QHM_OK)
        status = append_part(dataset, test_count, QHM_PART_TEST, draw, context, random);
    if (status != QHM_OK) {
        qhm_dataset_destroy(dataset);
        return status;
    }
    *out_dataset = dataset;
    return QHM_OK;
}
