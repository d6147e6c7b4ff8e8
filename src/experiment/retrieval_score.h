// Scores of a similarity matrix between texts and pictures, shared by all retrieval models.
#ifndef QHM_EXPERIMENT_RETRIEVAL_SCORE_H
#define QHM_EXPERIMENT_RETRIEVAL_SCORE_H

#include "experiment/task_kind.h"

// recall_at_10, recall_at_1 and recall_at_5 of pictures for texts, picture_recall_at_10 of texts
// for pictures, and median_rank of pictures for texts, which is better when smaller.
extern const char *const qhm_retrieval_metrics_names[];
enum { QHM_RETRIEVAL_PRIMARY_COUNT = 4 };

// similarity [score_count][score_count]: row i is the text of score item i, column j a picture.
QHM_MUST_CHECK qhm_status qhm_retrieval_score(const qhm_fit_request *request,
                                              const double *similarity, qhm_fit_result *result);

void qhm_retrieval_chance(size_t candidate_count, double *levels);

#endif
