// Different quantum layers of one model on different chips: the rung "placed".
#ifndef QHM_EXPERIMENT_MODULE_PLACEMENT_H
#define QHM_EXPERIMENT_MODULE_PLACEMENT_H

#include "experiment/noise_ladder.h"

// Reads "auto" or a mapping of layers to devices; NULL: there is none. The rungs must be there.
QHM_MUST_CHECK qhm_status qhm_module_placement_read(const qhm_node *node, qhm_noise_ladder *ladder);

// Checks that a placement names layers that models of these kinds have.
QHM_MUST_CHECK qhm_status qhm_module_placement_check(const qhm_ladder_placement *placement,
                                                     const qhm_task *tasks, size_t task_count);

// Puts every quantum layer onto its chip, scores the model and appends the rung to
// result->ladder, with a list of layers: which chip, why, what it takes. Leaves the layers there.
QHM_MUST_CHECK qhm_status qhm_module_placement_climb(const qhm_trained_model *model, qhm_tape *tape,
                                                     const qhm_fit_request *request,
                                                     qhm_fit_result *result);

#endif
