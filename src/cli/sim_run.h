// One run of qhm sim.
#ifndef QHM_CLI_SIM_RUN_H
#define QHM_CLI_SIM_RUN_H

#include "cli/command.h"

#include <qhm/types.h>

// Runs the circuit of the first operand as the options say, which have been checked, and prints
// what comes out. Returns an exit code.
int qhm_sim_run(const qhm_arguments *arguments, qhm_precision precision, FILE *out);

#endif
