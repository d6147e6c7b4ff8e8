// The trajectories backend's plan: a state vector that noise happens to, many times.
#ifndef QHM_SIMULATE_TRAJECTORIES_H
#define QHM_SIMULATE_TRAJECTORIES_H

#include "simulate/statevector/statevector_internal.h"

// Gate by gate all states of a block share a run, each with noise of its own.
typedef struct qhm_trajectories {
    qhm_statevector_noise noise;
    bool is_noisy;          // else `shots` is a plan of the plain state vector
    qhm_statevector *shots; // with the observables as they are
    qhm_statevector *exact; // with what a wrong readout makes of them; may be `shots`
    size_t observable_count;
    double *values; // [states at once][observables] of trajectories
    size_t value_capacity;
    double standard_error; // of the last request
} qhm_trajectories;

#endif
