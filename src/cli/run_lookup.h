// Which run is meant: a folder, an id or the beginning of one, or "latest".
#ifndef QHM_CLI_RUN_LOOKUP_H
#define QHM_CLI_RUN_LOOKUP_H

#include "cli/command.h"

// --runs DIR, where runs are looked for by id.
extern const qhm_cli_option qhm_option_runs;

// The root that was given, or "runs".
const char *qhm_runs_root(const qhm_arguments *arguments);

// Finds the folder of a run; free() it. Returns an exit code, after an error message.
int qhm_run_lookup(const qhm_arguments *arguments, const char *word, char **folder);

// The verdict in a run's stored JSON, such as "helps"; "" before there is one. free() it.
char *qhm_run_verdict_text(const char *json);

#endif
