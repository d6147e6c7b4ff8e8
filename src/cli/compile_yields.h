// qhm compile --yields: what is left of a circuit on chips of which parts are dead.
#ifndef QHM_CLI_COMPILE_YIELDS_H
#define QHM_CLI_COMPILE_YIELDS_H

#include "cli/command.h"

#include <qhm/circuit.h>
#include <qhm/compile.h>

extern const qhm_cli_option qhm_option_yields;
extern const qhm_cli_option qhm_option_yield_samples;

// Draws chips of every yield, compiles for each anew and prints a table, or JSON. Returns an exit
// code.
int qhm_compile_yields(const qhm_arguments *arguments, const char *file, const qhm_circuit *circuit,
                       const qhm_compile_options *options, FILE *out);

#endif
