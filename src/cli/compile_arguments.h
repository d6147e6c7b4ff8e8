// How circuits are compiled for chips, for every command that compiles.
#ifndef QHM_CLI_COMPILE_ARGUMENTS_H
#define QHM_CLI_COMPILE_ARGUMENTS_H

#include "cli/command.h"

#include <qhm/compile.h>

// Options that decide how a circuit is compiled; a command lists those that it takes.
extern const qhm_cli_option qhm_option_level;
extern const qhm_cli_option qhm_option_decoupling;
extern const qhm_cli_option qhm_option_allow_assumed_gates;
extern const qhm_cli_option qhm_option_rotations;
extern const qhm_cli_option qhm_option_rotation_precision;

// Reads those that were given. Returns QHM_EXIT_OK, or QHM_EXIT_USAGE after an error message.
int qhm_compile_arguments_read(const qhm_arguments *arguments, qhm_compile_options *options);

// The first of them that was given; NULL: none. For commands that compile only if asked to.
const qhm_cli_option *qhm_compile_arguments_given(const qhm_arguments *arguments);

#endif
