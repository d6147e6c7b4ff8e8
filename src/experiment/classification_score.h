// Scores of answered classes, shared by every task that ends in classes.
#ifndef QHM_EXPERIMENT_CLASSIFICATION_SCORE_H
#define QHM_EXPERIMENT_CLASSIFICATION_SCORE_H

#include "experiment/task_kind.h"

// "accuracy" and "balanced_accuracy" (the mean of the classes' recalls), in this order.
extern const char *const qhm_classification_metrics[];
enum { QHM_CLASSIFICATION_METRIC_COUNT = 2 };

// labels [items]; answers [score_count], classes of the request's score rows. Fills the metrics
// and, where wanted, the confusion counts of the examples.
QHM_MUST_CHECK qhm_status qhm_classification_score(const size_t *labels, size_t class_count,
                                                   const qhm_fit_request *request,
                                                   const size_t *answers, qhm_fit_result *result);

// Cross-entropy of logits [count, classes] against the labels of some items.
QHM_MUST_CHECK qhm_status qhm_classification_loss(qhm_tape *tape, qhm_value logits,
                                                  const size_t *labels, const size_t *rows,
                                                  size_t count, qhm_value *loss);
// Scores the largest of each row of logits [score_count, classes]; the first of equals.
QHM_MUST_CHECK qhm_status qhm_classification_score_logits(qhm_tape *tape, qhm_value logits,
                                                          const size_t *labels, size_t class_count,
                                                          const qhm_fit_request *request,
                                                          qhm_fit_result *result);

// What always answering the commonest class gives, and guessing at random.
void qhm_classification_chance(const size_t *labels, size_t class_count, const size_t *items,
                               size_t count, double *levels);

#endif
