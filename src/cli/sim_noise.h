// Noise for qhm sim: a chip's, for which the circuit is compiled, or a hand-written file's.
#ifndef QHM_CLI_SIM_NOISE_H
#define QHM_CLI_SIM_NOISE_H

#include "cli/command.h"

#include <qhm/compile.h>
#include <qhm/noise_model.h>

typedef struct qhm_sim_noise {
    qhm_device *device;     // NULL: a file's noise
    qhm_compiled *compiled; // the same
    qhm_noise_model *model;
    qhm_circuit *ideal; // as the chip runs it, but without noise
    bool is_merged;     // the noisy circuit is on the qubits from the file again, its sequences of
                        // measurements as channels
    char *text;         // the model for people
    double (*flips)[2]; // [qubits of the noisy circuit] of final readout
} qhm_sim_noise;

// Puts the noise of --device or --noise into *circuit, which is replaced. Options of compiling have
// been checked.
qhm_status qhm_sim_noise_apply(const qhm_arguments *arguments, qhm_sim_noise *noise,
                               qhm_circuit **circuit);
void qhm_sim_noise_release(qhm_sim_noise *noise);

// An observable of the circuit from the file as one of the noisy circuit, which takes its place.
qhm_status qhm_sim_noise_map(const qhm_sim_noise *noise, qhm_observable **observable);

// Which noise it is, on which of the chip's qubits, and what of it is not measured.
void qhm_sim_noise_print(const qhm_sim_noise *noise, FILE *out);

// The same as JSON.
struct json_t *qhm_sim_noise_json(const qhm_sim_noise *noise);

#endif
