// Means and variances of Pauli sums in a state that a simulator knows.
#ifndef QHM_ALGORITHM_STATE_MOMENTS_H
#define QHM_ALGORITHM_STATE_MOMENTS_H

#include "base/status_internal.h"

#include <qhm/observable.h>
#include <qhm/types.h>
#include <stddef.h>

typedef struct qhm_state_moments {
    double mean, variance;
} qhm_state_moments;

// Of a sum in the unit vector state [2^qubits].
QHM_MUST_CHECK qhm_status qhm_find_moments(const qhm_observable *sum, size_t qubits,
                                           const qhm_complex *state, qhm_state_moments *moments);

// What a standard error takes when the settings of the observable get the best shares of the shots.
typedef struct qhm_shot_needs {
    size_t settings;
    double grouped; // shots for a standard error of 1: (sum over settings of their deviation)^2
    double bound;   // the same from the coefficients alone: (sum of |coefficients|)^2
} qhm_shot_needs;

QHM_MUST_CHECK qhm_status qhm_find_shot_needs(const qhm_observable *sum, size_t qubits,
                                              const qhm_complex *state, qhm_shot_needs *needs);

#endif
