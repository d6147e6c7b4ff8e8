// qhm report: writes report.html anew from results.json.
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/report_output.h"
#include "cli/run_lookup.h"

#include <stdlib.h>

static int run_report(const qhm_arguments *arguments, FILE *out)
{
    char *folder = NULL;
    int code = qhm_run_lookup(arguments, arguments->operands[0], &folder);
    qhm_report *report = NULL;
    if (code == QHM_EXIT_OK)
        code = qhm_report_open(folder, &report);
    if (code != QHM_EXIT_OK) {
        free(folder);
        return code;
    }
    char *path = arguments->out ? qhm_print_text("%s", arguments->out)
                                : qhm_print_text("%s/report.html", folder);
    qhm_status status = qhm_report_save_html(report, folder, path);
    if (status != QHM_OK) {
        code = qhm_fail_status(status);
    } else if (arguments->json) {
        code = qhm_json_print(
            json_pack("{s:o, s:o}", "run", qhm_json_text(folder), "report", qhm_json_text(path)),
            out);
    } else {
        qhm_print_safe(out, path);
        fputc('\n', out);
    }
    qhm_report_destroy(report);
    free(path);
    free(folder);
    return code;
}

static const qhm_cli_option option_out = {
    .name = "out",
    .letter = 'o',
    .value = "FILE",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, out),
    .help = "the page to write; default report.html in the run's folder",
};

static const qhm_cli_option *const options[] = {
    &option_out,
    &qhm_option_runs,
    &qhm_option_json,
    NULL,
};

const qhm_command qhm_command_report = {
    .name = "report",
    .operands = "RUN",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "write a run's report.html anew from its results.json, and print its path",
    .details = "RUN is a folder, an id, the beginning of an id that no other run has, or latest. "
               "The page needs no other file.",
    .example = "qhm report latest --out page.html",
    .run = run_report,
};
