// What chip plans are tested on: a circuit, two observables of it, and a chip.
#ifndef QHM_TESTS_CHIP_SUBJECT_H
#define QHM_TESTS_CHIP_SUBJECT_H

#include "support/checks.h"

#include <qhm/circuit.h>
#include <qhm/device.h>
#include <qhm/observable.h>

typedef struct fixture {
    qhm_circuit *circuit;
    qhm_observable *observables[2];
    qhm_device *device;
} fixture;

static inline const qhm_observable *const *list(const fixture *f)
{
    return (const qhm_observable *const *)f->observables;
}

static inline int teardown(void **state)
{
    fixture *f = *state;
    qhm_circuit_destroy(f->circuit);
    for (int k = 0; k < 2; k++)
        qhm_observable_destroy(f->observables[k]);
    qhm_device_destroy(f->device);
    return 0;
}

#endif
