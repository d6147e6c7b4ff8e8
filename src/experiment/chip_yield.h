// Trained models on chips of which some qubits and couplers are dead: each compiled for anew.
#ifndef QHM_EXPERIMENT_CHIP_YIELD_H
#define QHM_EXPERIMENT_CHIP_YIELD_H

#include "experiment/noise_ladder.h"

// Reads a list of yields and one of devices; either may be NULL. The rungs must be there.
QHM_MUST_CHECK qhm_status qhm_chip_yield_read(const qhm_node *rates, const qhm_node *devices,
                                              qhm_noise_ladder *ladder);

// Scores a model on samples of every chip and yield into result->yields. Sample s has the yield
// seed of the run plus s, so that less yield only takes more away. Leaves the layers there.
QHM_MUST_CHECK qhm_status qhm_chip_yield_climb(const qhm_trained_model *model, qhm_tape *tape,
                                               const qhm_fit_request *request,
                                               qhm_fit_result *result);

#endif
