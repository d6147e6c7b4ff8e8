// Folding by layers, and what all folding shares: an empty circuit like another, barriers.
#ifndef QHM_MITIGATE_FOLDING_H
#define QHM_MITIGATE_FOLDING_H

#include "base/status_internal.h"

#include <qhm/circuit.h>

// An empty circuit with the registers and names of another.
QHM_MUST_CHECK qhm_status qhm_folding_begin(const qhm_circuit *circuit, qhm_circuit **begun);

// Refuses what cannot be folded as a whole; counts the gates.
QHM_MUST_CHECK qhm_status qhm_folding_check_whole(const qhm_circuit *circuit, size_t *gate_count);

// Cuts the gates into `layers` parts in order, as equal as can be, and folds part i folds[i] times.
// layers is at most the number of gates, and the circuit has passed qhm_folding_check_whole.
QHM_MUST_CHECK qhm_status qhm_circuit_fold_layers(const qhm_circuit *circuit, size_t layers,
                                                  const size_t *folds, qhm_circuit **folded);

#endif
