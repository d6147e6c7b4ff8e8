// The run file that a command is given.
#ifndef QHM_CLI_RUN_FILE_ARGUMENT_H
#define QHM_CLI_RUN_FILE_ARGUMENT_H

#include "cli/command.h"

#include <qhm/run.h>

// Loads the first operand with --set, and notes fields that --set left without effect, not with
// --quiet. Returns QHM_EXIT_OK and a file, or an exit code after the message.
int qhm_run_file_argument_load(const qhm_arguments *arguments, qhm_run_file **file);

#endif
