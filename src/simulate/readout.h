// Observables on any number of qubits, and the settings that measure them.
#ifndef QHM_SIMULATE_READOUT_H
#define QHM_SIMULATE_READOUT_H

#include "base/status_internal.h"

#include <qhm/observable.h>
#include <stdbool.h>

// One Pauli string of one observable, not the identity.
typedef struct qhm_readout_term {
    size_t observable;
    double coefficient;
    size_t setting;
    size_t first_factor, factor_count;
} qhm_readout_term;

// A setting measures qubits in the bases of its letters: terms that agree qubit by qubit share one.
typedef struct qhm_readout {
    size_t qubit_count, observable_count, term_count, setting_count;
    qhm_readout_term *terms;
    qhm_pauli_factor *factors; // of all terms, in order
    double *constants;         // [observable_count] the identity's part
    uint8_t *letters;          // [setting_count][qubit_count], of qhm_pauli
} qhm_readout;

// Copies what it needs. QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_readout_create(size_t qubit_count,
                                             const qhm_observable *const *observables, size_t count,
                                             qhm_readout *readout);
void qhm_readout_release(qhm_readout *readout);
size_t qhm_readout_bytes(const qhm_readout *readout);

// The eigenvalue of a term for an outcome of all qubits in the bases of its setting.
int qhm_readout_sign(const qhm_readout *readout, const qhm_readout_term *term,
                     const uint64_t *outcome);

#endif
