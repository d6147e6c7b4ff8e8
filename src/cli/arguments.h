// Parsing the command line against the command table.
#ifndef QHM_CLI_ARGUMENTS_H
#define QHM_CLI_ARGUMENTS_H

#include "cli/command.h"

// Reads a command line. Returns QHM_EXIT_OK, or QHM_EXIT_USAGE after an error message. Release the
// arguments in both cases. The texts are those of argv.
int qhm_arguments_parse(int argc, char **argv, qhm_arguments *arguments);
void qhm_arguments_release(qhm_arguments *arguments);

#endif
