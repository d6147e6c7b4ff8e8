// What run, resume and replay share: progress, Ctrl-C, and what is said at the end.
#ifndef QHM_CLI_RUN_SESSION_H
#define QHM_CLI_RUN_SESSION_H

#include "cli/command.h"
#include "cli/progress.h"

#include <qhm/run.h>

typedef struct qhm_run_session {
    qhm_run_options options; // to be completed and passed to the library
    qhm_progress *progress;
    bool is_quiet;
} qhm_run_session;

// Shows progress and catches Ctrl-C from here on. Close the session in any case.
void qhm_run_session_open(const qhm_arguments *arguments, qhm_run_session *session);
void qhm_run_session_close(qhm_run_session *session);

// Tells why the library stopped and returns the exit code: how to go on after Ctrl-C, else its
// message. `folder` is the run's.
int qhm_run_session_fail(const qhm_run_session *session, qhm_status status, const char *folder);

#endif
