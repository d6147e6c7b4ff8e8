// Noise of Pauli strings on stabilizer states: frames for shots, damping for expectation values.
#ifndef QHM_SIMULATE_PAULI_FRAMES_H
#define QHM_SIMULATE_PAULI_FRAMES_H

#include "simulate/stabilizer/stabilizer_state.h"

// Runs all shots of a sample by frames: settings, whose signs are added to sums [terms], and all
// qubits. A circuit without conditions and loops.
QHM_MUST_CHECK qhm_status qhm_frames_run(void *state, const qhm_step_sample *sample, int64_t *sums);

// What noise leaves of the expectation values of all strings: factors [terms]. A circuit without
// random states.
QHM_MUST_CHECK qhm_status qhm_frames_damping(const qhm_step_sample *sample,
                                             const qhm_readout *readout, double *factors);

#endif
