// The strong classical retrieval model: regularised canonical correlation of all features.
#ifndef QHM_EXPERIMENT_CANONICAL_RETRIEVAL_H
#define QHM_EXPERIMENT_CANONICAL_RETRIEVAL_H

#include "experiment/task_kind.h"

// Fits on the request's training rows and scores. The trial sets the ridge within 0.01 to 1 and
// the components within 16 and all.
QHM_MUST_CHECK qhm_status qhm_canonical_retrieval_fit(const qhm_fit_request *request,
                                                      qhm_fit_result *result);

#endif
