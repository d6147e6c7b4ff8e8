// The trajectories backend's plan: a state vector that noise happens to, many times.
#ifndef QHM_SIMULATE_TRAJECTORIES_H
#define QHM_SIMULATE_TRAJECTORIES_H

#include "simulate/trajectories/shared.h"

// Either trajectories share the runs of the wide engine, or they go gate by gate, each state of a
// block with noise of its own.
typedef struct qhm_trajectories {
    qhm_statevector_noise noise;
    bool is_noisy; // else `plain` is a plan of the state vector
    // For shots, with the observables as they are; and for exact values of each trajectory, with
    // what a wrong readout makes of them, which may be the same.
    qhm_statevector *plain, *plain_exact;
    qhm_shared *shared, *shared_exact; // NULL: gate by gate
    const qhm_circuit *circuit;
    size_t input_count, weight_count, observable_count;
    double *values; // [states at once][observables] of trajectories
    size_t value_capacity;
    double standard_error; // of the last request
} qhm_trajectories;

#endif
