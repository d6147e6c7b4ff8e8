// qhm runs show: what a run found, or how far it is.
#include "cli/console.h"
#include "cli/import_output.h"
#include "cli/json_output.h"
#include "cli/report_output.h"
#include "cli/run_lookup.h"

#include <inttypes.h>
#include <qhm/run_store.h>
#include <stdlib.h>

static json_t *info_to_json(const qhm_run_info *info)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I}", "id", qhm_json_text(info->id), "name",
                     qhm_json_text(info->name), "folder", qhm_json_text(info->folder), "started",
                     qhm_json_text(info->started), "status",
                     qhm_json_text(qhm_run_status_name(info->status)), "jobs",
                     (json_int_t)info->job_count);
}

// A run that has no results yet.
static int print_unfinished(const qhm_run_info *info, const char *folder, bool json, FILE *out)
{
    if (json)
        return qhm_json_print(json_pack("{s:s, s:o, s:n, s:[]}", "verdict", "none", "run",
                                        info_to_json(info), "margin", "tasks"),
                              out);
    qhm_print_safe(out, info->name);
    fprintf(out, ": %s (seed %" PRIu64 ", started %s, %zu jobs done)\n",
            qhm_run_status_name(info->status), info->seed, info->started, info->job_count);
    if (info->status != QHM_RUN_RUNNING) {
        char *word = qhm_shell_word(folder);
        fputs("go on with: qhm resume ", out);
        qhm_print_safe(out, word);
        fputc('\n', out);
        free(word);
    }
    return QHM_EXIT_OK;
}

static int print_finished(const char *folder, bool json, FILE *out)
{
    qhm_report *report = NULL;
    int code = qhm_report_open(folder, &report);
    if (code == QHM_EXIT_OK)
        code = qhm_report_output(report, folder, json, out);
    qhm_report_destroy(report);
    return code;
}

static int print_imported(const char *folder, bool json, FILE *out)
{
    qhm_imported_run *run = NULL;
    const qhm_status status = qhm_imported_run_load(folder, &run);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    const int code = qhm_import_output(run, json, out);
    qhm_imported_run_destroy(run);
    return code;
}

static int run_runs_show(const qhm_arguments *arguments, FILE *out)
{
    char *folder = NULL;
    int code = qhm_run_lookup(arguments, arguments->operands[0], &folder);
    if (code != QHM_EXIT_OK)
        return code;
    if (qhm_imported_run_is_in(folder)) {
        code = print_imported(folder, arguments->json, out);
        free(folder);
        return code;
    }
    qhm_run_store *store = NULL;
    qhm_status status = qhm_run_store_load(folder, &store);
    bool is_unfinished = status == QHM_OK && qhm_run_store_info(store)->status != QHM_RUN_FINISHED;
    if (is_unfinished)
        code = print_unfinished(qhm_run_store_info(store), folder, arguments->json, out);
    else if (status == QHM_OK || status == QHM_ERROR_NOT_FOUND) // results.json may be alone
        code = print_finished(folder, arguments->json, out);
    else
        code = qhm_fail_status(status);
    qhm_run_store_destroy(store);
    free(folder);
    return code;
}

static const qhm_cli_option *const options[] = {&qhm_option_runs, &qhm_option_json, NULL};

const qhm_command qhm_command_runs_show = {
    .name = "runs show",
    .operands = "RUN",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "show a run's verdict and, for each task, its models with intervals",
    .details = "RUN is a folder, an id, the beginning of an id that no other run has, or latest. "
               "Intervals are 95 %, corrected for resamples that share training rows.\n"
               "Of an imported result it shows the outcomes and how far they are from the exact "
               "distribution.",
    .example = "qhm runs show latest",
    .run = run_runs_show,
};
