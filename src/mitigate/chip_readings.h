// What a chip plan reads at its end: observables with the errors of the measurements that they
// take.
#ifndef QHM_MITIGATE_CHIP_READINGS_H
#define QHM_MITIGATE_CHIP_READINGS_H

#include "base/status_internal.h"

#include <qhm/noise_model.h>
#include <qhm/observable.h>

// Observables, or the parts of them that are read together, on logical qubits.
typedef struct qhm_chip_reading {
    qhm_observable **observables; // [observables of the chip plan]
    double (*flips)[2];           // [logical qubits] p(1|0) and p(0|1)
} qhm_chip_reading;

typedef struct qhm_chip_readings {
    size_t count, observable_count, qubit_count;
    qhm_chip_reading *items;
} qhm_chip_readings;

// Where logical qubits are read, and whether every letter is measured as such; chips of gates turn
// all into Z before they measure.
typedef struct qhm_chip_places {
    const qhm_noise_model *noise; // on place_count qubits
    size_t place_count, qubit_count;
    const uint32_t *places; // [qubit_count] of the logical qubits at the end
    bool has_letters;
} qhm_chip_places;

// One reading where every qubit has the same errors in all letters that are read of it; else one
// for each measurement setting. Release it also after a failure.
QHM_MUST_CHECK qhm_status qhm_chip_readings_find(const qhm_chip_places *places,
                                                 const qhm_observable *const *observables,
                                                 size_t count, qhm_chip_readings *readings);

void qhm_chip_readings_release(qhm_chip_readings *readings);

// Random flips before and after a readout make its two errors equal; a Pauli string's value is
// then smaller by a known factor, which the observables take up. overhead: what the largest such
// factor costs in shots.
QHM_MUST_CHECK qhm_status qhm_chip_readings_divide(qhm_chip_readings *readings, double *overhead);

#endif
