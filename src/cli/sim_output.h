// What qhm sim prints: outcomes and values, as text or as one JSON object.
#ifndef QHM_CLI_SIM_OUTPUT_H
#define QHM_CLI_SIM_OUTPUT_H

#include "cli/command.h"
#include "cli/sim_mitigate.h"
#include "cli/sim_noise.h"

#include <qhm/circuit.h>
#include <qhm/cost.h>
#include <qhm/distribution.h>
#include <qhm/ledger.h>
#include <qhm/plan.h>

// The value of an observable.
typedef struct qhm_sim_value {
    const char *text; // as it was asked for
    double value;
    double error; // standard error at most; 0 for exact values
} qhm_sim_value;

// A circuit that has been run.
typedef struct qhm_sim_result {
    const char *file;
    const qhm_circuit *circuit;
    const char *method, *reason; // why this one, a sentence without its full stop
    const char *precision;
    const qhm_sim_noise *noise;           // NULL: none
    const qhm_sim_mitigation *mitigation; // of the values; NULL: none
    bool is_exact;
    size_t shots;
    uint64_t seed;
    const qhm_distribution *outcomes; // counts or probabilities; NULL: not wanted
    double lost_probability;          // of paths that were not followed to their end
    const qhm_sim_value *values;      // [value_count]
    size_t value_count;
    qhm_accuracy accuracy;
    qhm_ledger ledger;    // of all runs
    const qhm_cost *cost; // of them on the device; NULL: not asked for
} qhm_sim_result;

// Both return an exit code.
int qhm_sim_print(const qhm_sim_result *result, const qhm_arguments *arguments, FILE *out);
int qhm_sim_print_json(const qhm_sim_result *result, const qhm_arguments *arguments, FILE *out);

#endif
