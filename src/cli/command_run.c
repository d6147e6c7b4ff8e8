// qhm run: the main job, from a run file to a verdict.
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/report_output.h"
#include "cli/run_file_argument.h"
#include "cli/run_lookup.h"
#include "cli/run_session.h"

#include <qhm/run.h>
#include <qhm/run_store.h>
#include <qhm/threads.h>
#include <qhm/types.h>
#include <stdlib.h>
#include <unistd.h>

#define GIB (1024.0 * 1024 * 1024)

static int check_memory(const qhm_run_estimate *estimate)
{
    if (estimate->peak_bytes <= estimate->available_bytes)
        return QHM_EXIT_OK;
    return qhm_fail(QHM_EXIT_RESOURCE_LIMIT, "the run needs %.2f GiB, more than the %.2f available",
                    (double)estimate->peak_bytes / GIB, (double)estimate->available_bytes / GIB);
}

static int print_estimate(const qhm_run_file *file, const qhm_run_estimate *estimate, bool json,
                          FILE *out)
{
    char duration[32];
    qhm_print_duration(duration, sizeof duration, estimate->seconds);
    if (json)
        return qhm_json_print(
            json_pack("{s:o, s:I, s:I, s:o, s:i, s:I, s:I, s:o}", "name",
                      qhm_json_text(qhm_run_file_name(file)), "jobs", (json_int_t)estimate->jobs,
                      "items", (json_int_t)estimate->items, "seconds",
                      qhm_json_number(estimate->seconds), "threads", (int)qhm_threads_count(),
                      "peak_bytes", (json_int_t)estimate->peak_bytes, "available_bytes",
                      (json_int_t)estimate->available_bytes, "description",
                      qhm_json_text(estimate->description)),
            out);
    qhm_print_safe(out, qhm_run_file_name(file));
    fprintf(out, ": %zu jobs on %zu items\n", estimate->jobs, estimate->items);
    fprintf(out, "time: about %s with %u thread%s\n", duration, qhm_threads_count(),
            qhm_threads_count() == 1 ? "" : "s");
    fprintf(out, "memory: %.2f GiB at the peak, %.2f GiB are available\n\n",
            (double)estimate->peak_bytes / GIB, (double)estimate->available_bytes / GIB);
    fputs(estimate->description, out);
    return QHM_EXIT_OK;
}

static int plan(const qhm_run_file *file, const qhm_arguments *arguments, FILE *out)
{
    qhm_run_options options = {
        .quick = arguments->quick,
        .seed = arguments->has_seed ? &arguments->seed : NULL,
    };
    qhm_run_estimate estimate = {0};
    qhm_status status = qhm_run_estimate_cost(file, &options, &estimate);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    int code = print_estimate(file, &estimate, arguments->json, out);
    if (code == QHM_EXIT_OK)
        code = check_memory(&estimate);
    qhm_string_destroy(estimate.description);
    return code;
}

// Runs in `folder`, which is `fresh` when it was made for this run and goes when nothing came of
// it.
static int execute(const qhm_run_file *file, const qhm_arguments *arguments, const char *folder,
                   bool is_fresh, FILE *out)
{
    qhm_run_session session;
    qhm_report *report = NULL;
    if (!arguments->quiet)
        qhm_note("the run goes to %s", folder);
    qhm_run_session_open(arguments, &session);
    session.options.folder = folder;
    qhm_status status = qhm_run_execute(file, &session.options, &report);
    qhm_run_session_close(&session);
    if (status != QHM_OK) {
        int code = qhm_run_session_fail(&session, status, folder);
        if (is_fresh)
            rmdir(folder); // fails when something is in it
        return code;
    }
    int code = qhm_report_output(report, folder, arguments->json, out);
    qhm_report_destroy(report);
    return code;
}

static int run_run(const qhm_arguments *arguments, FILE *out)
{
    qhm_run_file *file = NULL;
    int code = qhm_run_file_argument_load(arguments, &file);
    if (code != QHM_EXIT_OK)
        return code;
    char *folder = NULL;
    if (arguments->dry_run) {
        code = plan(file, arguments, out);
    } else if (arguments->out) {
        code = execute(file, arguments, arguments->out, false, out);
    } else {
        const qhm_status status =
            qhm_run_folder_create(qhm_runs_root(arguments), qhm_run_file_name(file), &folder);
        code = status == QHM_OK ? execute(file, arguments, folder, true, out)
                                : qhm_fail_status(status);
    }
    qhm_run_folder_destroy(folder);
    qhm_run_file_destroy(file);
    return code;
}

static const qhm_cli_option option_out = {
    .name = "out",
    .letter = 'o',
    .value = "DIR",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, out),
    .help = "the run's own folder; default <runs>/<UTC>-<name>",
};

static const qhm_cli_option option_seed = {
    .name = "seed",
    .value = "N",
    .type = QHM_CLI_SEED,
    .offset = offsetof(qhm_arguments, seed),
    .help = "the seed of all randomness, in place of the run file's; the same seed gives the same "
            "bits",
};

static const qhm_cli_option option_quick = {
    .name = "quick",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, quick),
    .help = "a smoke test: few resamples and epochs, no verdict",
};

static const qhm_cli_option option_dry_run = {
    .name = "dry-run",
    .letter = 'n',
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, dry_run),
    .help = "only say what the run would take: jobs, circuits, time and memory",
};

static const qhm_cli_option *const options[] = {
    &option_out,     &qhm_option_runs,    &option_seed,     &qhm_option_set,   &option_quick,
    &option_dry_run, &qhm_option_threads, &qhm_option_json, &qhm_option_quiet, NULL,
};

const qhm_command qhm_command_run = {
    .name = "run",
    .operands = "RUN-FILE",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "train the hybrid and its rivals as a run file says, and decide whether it helps",
    .details =
        "The run file (YAML) names the data, the resamples, the tasks with their quantum module, "
        "and the margin; qhm help run-file describes its fields. The hybrid and every rival get "
        "the same tuning budget on the same rows and are tested on the same unseen rows. The run "
        "leaves a folder with a manifest, results.json, report.html and trained models.\n\n"
        "Whatever is finished is kept: after Ctrl-C, or a crash, qhm resume goes on to the same "
        "bits.",
    .example = "qhm run examples/emoji.yaml\nqhm run examples/emoji.yaml --quick --set seed=7",
    .run = run_run,
};
