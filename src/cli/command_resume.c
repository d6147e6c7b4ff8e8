// qhm resume: goes on with an interrupted run.
#include "cli/console.h"
#include "cli/report_output.h"
#include "cli/run_lookup.h"
#include "cli/run_session.h"

#include <stdlib.h>

static int run_resume(const qhm_arguments *arguments, FILE *out)
{
    char *folder = NULL;
    int code = qhm_run_lookup(arguments, arguments->operands[0], &folder);
    if (code != QHM_EXIT_OK)
        return code;
    qhm_run_session session;
    qhm_report *report = NULL;
    qhm_run_session_open(arguments, &session);
    qhm_status status = qhm_run_resume(folder, &session.options, &report);
    qhm_run_session_close(&session);
    if (status != QHM_OK)
        code = qhm_run_session_fail(&session, status, folder);
    else
        code = qhm_report_output(report, folder, arguments->json, out);
    qhm_report_destroy(report);
    free(folder);
    return code;
}

static const qhm_cli_option *const options[] = {
    &qhm_option_runs, &qhm_option_threads, &qhm_option_json, &qhm_option_quiet, NULL,
};

const qhm_command qhm_command_resume = {
    .name = "resume",
    .operands = "RUN",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "go on with an interrupted run, to the same bits as if it had not been interrupted",
    .details = "RUN is a folder, an id, the beginning of an id that no other run has, or latest. "
               "A finished run is only reported again.",
    .example = "qhm resume latest",
    .run = run_resume,
};
