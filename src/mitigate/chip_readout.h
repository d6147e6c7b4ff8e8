// How wrong a chip reads a qubit at the end, found by letting it measure known states.
#ifndef QHM_MITIGATE_CHIP_READOUT_H
#define QHM_MITIGATE_CHIP_READOUT_H

#include "base/status_internal.h"

#include <qhm/noise_model.h>
#include <qhm/observable.h>

// p(1|0) and p(0|1) of the native measurement of a letter (X, Y or Z) on one of `qubit_count`
// qubits, what it does to the qubit before it is read included. Where the chip does not measure
// that letter itself, those of its measurement in the computational basis.
QHM_MUST_CHECK qhm_status qhm_chip_readout_find(const qhm_noise_model *noise, size_t qubit_count,
                                                uint32_t qubit, qhm_pauli letter, double flips[2]);

#endif
