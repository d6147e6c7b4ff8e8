// qhm estimate with several devices: what a circuit takes on each, and which to choose.
#ifndef QHM_CLI_ESTIMATE_COMPARE_H
#define QHM_CLI_ESTIMATE_COMPARE_H

#include "cli/command.h"

#include <qhm/estimate.h>

// A circuit that is compared; all but it is as in qhm_estimate_row.
typedef struct qhm_estimate_subject {
    const char *file, *task, *model;
    const qhm_circuit *circuit;
    qhm_estimate_options options; // its observables and how it is compiled
    uint64_t executions;
} qhm_estimate_subject;

// Compares the circuits on the devices of --device and prints tables and choices. Returns an exit
// code: that of a misfit if no circuit fits anywhere.
int qhm_estimate_compare(const qhm_estimate_subject *subjects, size_t count,
                         const qhm_arguments *arguments, FILE *out);

#endif
