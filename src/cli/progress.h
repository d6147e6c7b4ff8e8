// How far a run is, on stderr: a bar on a terminal, a line every 10 s elsewhere.
#ifndef QHM_CLI_PROGRESS_H
#define QHM_CLI_PROGRESS_H

#include <qhm/run.h>
#include <stdbool.h>

typedef struct qhm_progress qhm_progress;

// Begins to show progress; shows nothing when is_quiet.
qhm_progress *qhm_progress_create(bool is_quiet);

// Ends it and clears the bar.
void qhm_progress_destroy(qhm_progress *progress);

// qhm_run_options.progress, with the qhm_progress as its context.
void qhm_progress_update(const qhm_run_progress *state, void *progress);

#endif
