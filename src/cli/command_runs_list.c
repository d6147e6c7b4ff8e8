// qhm runs list: what runs there are.
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/run_lookup.h"
#include "cli/text_table.h"

#include <qhm/run_store.h>
#include <stdlib.h>
#include <unistd.h>

static int print_json(const qhm_run_list *list, FILE *out)
{
    json_t *runs = json_array();
    for (size_t i = 0; i < qhm_run_list_count(list); i++) {
        const qhm_run_info *run = qhm_run_list_at(list, i);
        char *verdict = qhm_run_verdict_text(run->verdict);
        json_array_append_new(
            runs,
            json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:I}", "id", qhm_json_text(run->id),
                      "name", qhm_json_text(run->name), "folder", qhm_json_text(run->folder),
                      "status", qhm_run_status_name(run->status), "verdict", qhm_json_text(verdict),
                      "started", qhm_json_text(run->started), "finished",
                      qhm_json_text(run->finished), "jobs", (json_int_t)run->job_count));
        free(verdict);
    }
    return qhm_json_print(json_pack("{s:o}", "runs", runs), out);
}

static void print_table(const qhm_run_list *list, FILE *out)
{
    static const qhm_text_column columns[] = {
        {"id", false},      {"name", false},    {"status", false},
        {"verdict", false}, {"started", false}, {"jobs", true},
    };
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < qhm_run_list_count(list); i++) {
        const qhm_run_info *run = qhm_run_list_at(list, i);
        char *verdict = qhm_run_verdict_text(run->verdict);
        qhm_text_table_add(table, "%s", run->id);
        qhm_text_table_add(table, "%s", run->name);
        qhm_text_table_add(table, "%s", qhm_run_status_name(run->status));
        qhm_text_table_add(table, "%s", verdict);
        qhm_text_table_add(table, "%s", run->started);
        qhm_text_table_add(table, "%zu", run->job_count);
        free(verdict);
    }
    if (isatty(STDOUT_FILENO))
        qhm_text_table_print(table, 0, out);
    else
        qhm_text_table_print_tabs(table, out);
    qhm_text_table_destroy(table);
}

static int run_runs_list(const qhm_arguments *arguments, FILE *out)
{
    qhm_run_list *list = NULL;
    qhm_status status = qhm_run_list_load(qhm_runs_root(arguments), &list);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    int code = QHM_EXIT_OK;
    if (arguments->json)
        code = print_json(list, out);
    else if (qhm_run_list_count(list) > 0)
        print_table(list, out);
    else if (isatty(STDOUT_FILENO))
        fprintf(out, "no runs in %s\n", qhm_runs_root(arguments));
    qhm_run_list_destroy(list);
    return code;
}

static const qhm_cli_option *const options[] = {&qhm_option_runs, &qhm_option_json, NULL};

const qhm_command qhm_command_runs_list = {
    .name = "runs list",
    .operands = "",
    .options = options,
    .help = "list the runs with their status and verdict, the oldest first",
    .details =
        "On a terminal this is a table. Elsewhere it is a line a run with its id, name, "
        "status, verdict, start (UTC) and number of finished jobs, separated by tabs. In the "
        "verdict's place a result of qhm import says whose it is.",
    .example = "qhm runs list",
    .run = run_runs_list,
};
