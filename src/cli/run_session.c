// A session is one call of the library that trains.
#include "cli/run_session.h"

#include "cli/console.h"
#include "cli/interrupt.h"

#include <qhm/run_store.h>
#include <stdlib.h>

void qhm_run_session_open(const qhm_arguments *arguments, qhm_run_session *session)
{
    *session = (qhm_run_session){.is_quiet = arguments->quiet};
    qhm_interrupt_catch(!arguments->quiet);
    session->progress = qhm_progress_create(arguments->quiet);
    session->options.progress = qhm_progress_update;
    session->options.is_cancelled = qhm_interrupt_is_requested;
    session->options.context = session->progress;
    session->options.quick = arguments->quick;
    session->options.seed = arguments->has_seed ? &arguments->seed : NULL;
}

void qhm_run_session_close(qhm_run_session *session)
{
    qhm_progress_destroy(session->progress);
    session->progress = NULL;
}

// True when something is there to go on with.
static bool has_run(const char *folder)
{
    qhm_run_store *store = NULL;
    bool is_there = qhm_run_store_load(folder, &store) == QHM_OK;
    qhm_run_store_destroy(store);
    return is_there;
}

int qhm_run_session_fail(const qhm_run_session *session, qhm_status status, const char *folder)
{
    (void)session;
    if (status != QHM_ERROR_CANCELLED)
        return qhm_fail_status(status);
    if (!has_run(folder))
        return qhm_fail(QHM_EXIT_INTERRUPTED, "interrupted before the first job");
    char *word = qhm_shell_word(folder);
    int code = qhm_fail(QHM_EXIT_INTERRUPTED, "interrupted; go on with: qhm resume %s", word);
    free(word);
    return code;
}
