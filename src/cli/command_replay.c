// qhm replay: repeats a run and compares the bits.
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/run_lookup.h"
#include "cli/run_session.h"

#include <qhm/types.h>
#include <stdlib.h>
#include <string.h>

static int print_outcome(const char *folder, const char *repetition, const char *mismatch,
                         bool json, FILE *out)
{
    bool is_same = mismatch[0] == '\0';
    if (json) {
        int code =
            qhm_json_print(json_pack("{s:o, s:o, s:b, s:o}", "run", qhm_json_text(folder), "replay",
                                     qhm_json_text(repetition), "same", (int)is_same, "mismatch",
                                     is_same ? json_null() : qhm_json_text(mismatch)),
                           out);
        return code != QHM_EXIT_OK || is_same ? code : QHM_EXIT_FAILED;
    }
    if (!is_same)
        return qhm_fail(QHM_EXIT_FAILED, "%s differs from %s: %s", repetition, folder, mismatch);
    qhm_print_safe(out, repetition);
    fputs(" has the same bits as ", out);
    qhm_print_safe(out, folder);
    fputc('\n', out);
    return QHM_EXIT_OK;
}

static int run_replay(const qhm_arguments *arguments, FILE *out)
{
    char *folder = NULL;
    int code = qhm_run_lookup(arguments, arguments->operands[0], &folder);
    if (code != QHM_EXIT_OK)
        return code;
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        folder[--length] = '\0';
    char *repetition =
        arguments->out ? qhm_print_text("%s", arguments->out) : qhm_print_text("%s-replay", folder);
    qhm_run_session session;
    char *mismatch = NULL;
    qhm_run_session_open(arguments, &session);
    session.options.folder = repetition;
    qhm_status status = qhm_run_replay(folder, &session.options, &mismatch);
    qhm_run_session_close(&session);
    if (status != QHM_OK)
        code = qhm_run_session_fail(&session, status, repetition);
    else
        code = print_outcome(folder, repetition, mismatch, arguments->json, out);
    qhm_string_destroy(mismatch);
    free(repetition);
    free(folder);
    return code;
}

static const qhm_cli_option option_out = {
    .name = "out",
    .letter = 'o',
    .value = "DIR",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, out),
    .help = "where the repetition goes; default the run's folder with -replay after it",
};

static const qhm_cli_option *const options[] = {
    &option_out, &qhm_option_runs, &qhm_option_threads, &qhm_option_json, &qhm_option_quiet, NULL,
};

const qhm_command qhm_command_replay = {
    .name = "replay",
    .operands = "RUN",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "repeat a finished run from its manifest and compare every score bit for bit",
    .details = "RUN is a folder, an id, the beginning of an id that no other run has, or latest. "
               "The exit status is 1 when a score differs; the first that does is named.",
    .example = "qhm replay latest",
    .run = run_replay,
};
