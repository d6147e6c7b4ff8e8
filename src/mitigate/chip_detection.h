// Error detection of chip plans: runs that end with another number of ones than the circuit keeps
// are thrown away.
#ifndef QHM_MITIGATE_CHIP_DETECTION_H
#define QHM_MITIGATE_CHIP_DETECTION_H

#include "base/status_internal.h"

#include <qhm/circuit.h>
#include <qhm/ledger.h>
#include <qhm/observable.h>
#include <qhm/plan.h>

// What a chip plan keeps for it; zero it before, release it after.
typedef struct qhm_detection {
    size_t observable_count; // of the chip plan; its plans measure one more. 0: no detection
    size_t ones;
    double runs, kept; // so far: of circuits with shots their shots, else the circuits
    double *values;    // room for a batch
    size_t value_capacity;
} qhm_detection;

void qhm_detection_release(qhm_detection *detection);

// The number of ones with which every run of a circuit ends, found at random angles.
// QHM_ERROR_UNSUPPORTED if it varies, or the circuit measures on the way.
QHM_MUST_CHECK qhm_status qhm_detection_find_ones(const qhm_circuit *circuit, size_t *ones);

// What is measured in the place of observables [count] on so many qubits: O P of each, and last P,
// the projector on bit strings with `ones` ones. joint [count + 1]; the caller destroys them.
// QHM_ERROR_UNSUPPORTED (letters other than Z, too many qubits).
QHM_MUST_CHECK qhm_status qhm_detection_observables(const qhm_observable *const *observables,
                                                    size_t count, size_t qubit_count, size_t ones,
                                                    qhm_observable **joint);

// Runs a plan of joint observables: expectations are those of the runs that are kept, <O P> / <P>,
// from the same shots where there are shots; gradients are the quotient's. Requests are as for the
// observables alone. QHM_ERROR_NUMERIC where nothing is kept.
QHM_MUST_CHECK qhm_status qhm_detection_run(qhm_detection *detection, qhm_plan *plan,
                                            const qhm_request *request);

// The share of runs that was kept so far; 1 before any.
double qhm_detection_kept_share(const qhm_detection *detection);

#endif
