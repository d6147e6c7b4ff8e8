// The strong classical classifier: a Gaussian support vector machine on all features.
#ifndef QHM_EXPERIMENT_FEATURES_SVM_H
#define QHM_EXPERIMENT_FEATURES_SVM_H

#include "experiment/task_features.h"
#include "experiment/task_kind.h"

// Fits on the request's training rows of all parts side by side and scores. The trial sets C
// within 1 to 100 and gamma within a quarter and four times 1 / (width * variance).
QHM_MUST_CHECK qhm_status qhm_features_svm_fit(const qhm_features *parts, size_t part_count,
                                               const size_t *labels, size_t class_count,
                                               const qhm_fit_request *request,
                                               qhm_fit_result *result);

// The variance of all numbers of a matrix together: what a Gaussian kernel's width begins from.
double qhm_svm_variance(const double *numbers, size_t count);

#endif
