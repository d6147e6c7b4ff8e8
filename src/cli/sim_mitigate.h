// Error mitigation for qhm sim.
#ifndef QHM_CLI_SIM_MITIGATE_H
#define QHM_CLI_SIM_MITIGATE_H

#include "cli/sim_noise.h"

#include <qhm/mitigation.h>

// What --mitigate gives.
typedef struct qhm_sim_mitigation {
    const char *techniques;  // as asked for, the outermost first
    double *values, *errors; // [observables] and standard errors
    qhm_overhead overhead;
} qhm_sim_mitigation;

// Estimates `execution`, whose circuit has no noise yet, with the techniques of --mitigate and the
// noise of --noise. Its outputs are not used.
qhm_status qhm_sim_mitigate(const qhm_arguments *arguments, const qhm_sim_noise *noise,
                            qhm_backend *backend, const qhm_execution *execution,
                            qhm_sim_mitigation *mitigation);
void qhm_sim_mitigation_release(qhm_sim_mitigation *mitigation);

// A value with its error, and below all values what they cost.
void qhm_sim_mitigation_print_value(const qhm_sim_mitigation *mitigation, size_t index, FILE *out);
void qhm_sim_mitigation_print(const qhm_sim_mitigation *mitigation, FILE *out);

// The same as JSON.
struct json_t *qhm_sim_mitigation_json(const qhm_sim_mitigation *mitigation);

#endif
