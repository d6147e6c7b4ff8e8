// Source `separable`: two classes on the two sides of a random plane, with a gap between.
//
// The control on which no quantum model can help: a linear classifier is already right.
#include "data/generated_points.h"
#include "data/sources.h"

#include <qhm/data_source.h>

#include <math.h>

typedef struct plane {
    size_t features;
    double gap;
    double normal[QHM_POINT_MAX_FEATURES]; // length 1
} plane;

static int draw(qhm_random *random, void *context, double *point)
{
    const plane *p = context;
    double distance = 0;
    for (size_t i = 0; i < p->features; i++) {
        point[i] = qhm_random_normal(random);
        distance += p->normal[i] * point[i];
    }
    return fabs(distance) < p->gap ? -1 : distance < 0;
}

static qhm_status load(const void *options, uint64_t seed, size_t resample,
                       qhm_dataset **out_dataset)
{
    const qhm_separable_options *o = options;
    plane p = {.features = o->features, .gap = o->gap};
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, resample, 0, 0);
    double square = 0;
    for (size_t i = 0; i < p.features; i++) {
        p.normal[i] = qhm_random_normal(&random);
        square += p.normal[i] * p.normal[i];
    }
    for (size_t i = 0; i < p.features; i++)
        p.normal[i] /= sqrt(square);
    return qhm_points_generate(o->features, o->train_count, o->test_count, draw, &p, &random,
                               out_dataset);
}

#define FIELD(field) offsetof(qhm_separable_options, field)
static const qhm_option_info options_table[] = {
    {"features", QHM_OPTION_SIZE, FIELD(features), "4", 1, QHM_POINT_MAX_FEATURES, NULL,
     "numbers per point, standard normal", NULL},
    {"gap", QHM_OPTION_DOUBLE, FIELD(gap), "0.5", 0.01, 2, NULL,
     "least distance of a point to the plane, in standard deviations", NULL},
    {"train_count", QHM_OPTION_SIZE, FIELD(train_count), "100", 2, 1e6, NULL,
     "training points, drawn afresh for every resample", NULL},
    {"test_count", QHM_OPTION_SIZE, FIELD(test_count), "1000", 2, 1e6, NULL,
     "test points, drawn afresh for every resample", NULL},
    {0},
};

const qhm_data_source qhm_data_source_separable = {
    .name = "separable",
    .help = "two classes on the two sides of a random plane, which a linear model separates",
    .is_generator = true,
    .options = options_table,
    .options_bytes = sizeof(qhm_separable_options),
    .load = load,
};
