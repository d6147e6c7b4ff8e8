// What qhm estimate prints: one circuit, or the circuits of a run file.
#ifndef QHM_CLI_ESTIMATE_OUTPUT_H
#define QHM_CLI_ESTIMATE_OUTPUT_H

#include "cli/command.h"

#include <jansson.h>
#include <qhm/estimate.h>

// A circuit on a device.
typedef struct qhm_estimate_row {
    const char *file;         // of a circuit's own; NULL: of a run file
    const char *task, *model; // of a run file
    char *error;              // why it does not fit, free() it; NULL: it does
    bool is_pair;             // of a kernel: the circuit compares two samples
    qhm_estimate estimate;
    uint64_t samples;
    uint64_t executions;          // for all samples
    qhm_cost one, all;            // one execution, and all of them in one job
    uint64_t training_executions; // 0: there is no training on the chip
    qhm_cost training;
} qhm_estimate_row;

// Both return an exit code.
int qhm_estimate_print_circuit(const qhm_estimate_row *row, const qhm_device *device,
                               const qhm_arguments *arguments, FILE *out);
int qhm_estimate_print_run(const char *name, const qhm_estimate_row *rows, size_t count,
                           const qhm_device *device, const qhm_arguments *arguments, FILE *out);

#endif
