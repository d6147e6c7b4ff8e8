// Running a circuit on the simulator that suits it, counted.
#ifndef QHM_ALGORITHM_COUNTED_RUN_H
#define QHM_ALGORITHM_COUNTED_RUN_H

#include "base/status_internal.h"

#include <qhm/circuit.h>
#include <qhm/distribution.h>
#include <qhm/ledger.h>
#include <qhm/observable.h>

// What happens in a run that no instruction tells.
typedef struct qhm_run_counts {
    uint64_t state_preparations, oracle_calls;
} qhm_run_counts;

// Runs shots of a circuit that measures into bits, and adds what they took to the ledger.
// per_run may be NULL. qhm_distribution_destroy the outcomes, whose weights are numbers of shots.
QHM_MUST_CHECK qhm_status qhm_counted_shots(const qhm_circuit *circuit, size_t shots, uint64_t seed,
                                            const qhm_run_counts *per_run, qhm_ledger *ledger,
                                            qhm_distribution **outcomes);

// The amplitudes at the end of a circuit without measurements: [2^n], qhm_release them. The ledger
// counts one run whose state was read, which no chip can; ledger may be NULL.
QHM_MUST_CHECK qhm_status qhm_counted_state(const qhm_circuit *circuit, qhm_ledger *ledger,
                                            qhm_complex **amplitudes);

#endif
