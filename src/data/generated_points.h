// Labelled random points for the controls: equal classes, bound to train and test.
#ifndef QHM_DATA_GENERATED_POINTS_H
#define QHM_DATA_GENERATED_POINTS_H

#include "base/status_internal.h"

#include <qhm/dataset.h>
#include <qhm/random.h>

enum { QHM_POINT_MAX_FEATURES = 10 };

// Draws one point [feature_count] and says its class: 0, 1, or -1 for one to be redrawn.
typedef int qhm_point_draw(qhm_random *random, void *context, double *point);

// A dataset of train_count + test_count points, each part with as many of either class (class 1
// has the odd one less). Refused with QHM_ERROR_RESOURCE_LIMIT when nearly all draws are redrawn.
QHM_MUST_CHECK qhm_status qhm_points_generate(size_t feature_count, size_t train_count,
                                              size_t test_count, qhm_point_draw *draw,
                                              void *context, qhm_random *random,
                                              qhm_dataset **out_dataset);

#endif
