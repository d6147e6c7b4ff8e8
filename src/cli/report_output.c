// One layout serves run, resume and runs show.
#include "cli/report_output.h"

#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/report_costs_output.h"
#include "cli/report_places_output.h"
#include "cli/text_table.h"

#include <inttypes.h>
#include <math.h>
#include <qhm/imported_run.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *qhm_verdict_words(const char *verdict)
{
    static const char *const words[][2] = {
        {"helps", "helps"},
        {"does_not_help", "does not help"},
        {"not_enough_evidence", "not enough evidence"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (verdict && strcmp(words[i][0], verdict) == 0)
            return words[i][1];
    return "no verdict";
}

static const char *text_of(const char *text)
{
    return text ? text : "";
}

char *qhm_interval_text(qhm_interval interval)
{
    if (!isfinite(interval.mean))
        return qhm_print_text("%s", "");
    if (!isfinite(interval.lower) || !isfinite(interval.upper))
        return qhm_print_text("%.4f", interval.mean);
    return qhm_print_text("%.4f [%.4f, %.4f]", interval.mean, interval.lower, interval.upper);
}

static void add_interval(qhm_text_table *table, qhm_interval interval)
{
    char *text = qhm_interval_text(interval);
    qhm_text_table_add(table, "%s", text);
    free(text);
}

static void add_number(qhm_text_table *table, const char *format, double value)
{
    char text[64] = "";
    if (isfinite(value))
        snprintf(text, sizeof text, format, value); // NOLINT: formats are literals of this file
    qhm_text_table_add(table, "%s", text);
}

static void print_models(const qhm_report_task *task, FILE *out)
{
    const qhm_text_column columns[] = {
        {"model", false},         {"role", false}, {task->metric ? task->metric : "metric", true},
        {"hybrid - model", true}, {"best", true},  {"parameters", true},
        {"embedding", true},      {"FLOPs", true}, {"trials", true},
        {"training s", true},
    };
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < task->model_count; i++) {
        const qhm_report_model *model = &task->models[i];
        qhm_text_table_add(table, "%s", text_of(model->name));
        qhm_text_table_add(table, "%s", text_of(model->role));
        add_interval(table, model->metric);
        add_interval(table, model->difference);
        qhm_text_table_add(table, "%zu", model->times_best);
        qhm_text_table_add(table, "%zu", model->parameters);
        qhm_text_table_add(table, "%zu", model->embedding_parameters);
        add_number(table, "%.0f", model->flops);
        qhm_text_table_add(table, "%zu", model->trials);
        add_number(table, "%.2f", model->training_seconds);
    }
    qhm_text_table_print(table, 2, out);
    qhm_text_table_destroy(table);
}

static void print_secondary(const qhm_report_task *task, FILE *out)
{
    if (task->secondary_count == 0)
        return;
    qhm_text_column *columns = qhm_cli_allocate(task->secondary_count + 1, sizeof *columns);
    columns[0] = (qhm_text_column){"also", false};
    for (size_t m = 0; m < task->secondary_count; m++)
        columns[m + 1] = (qhm_text_column){text_of(task->secondary[m].name), true};
    qhm_text_table *table = qhm_text_table_create(columns, task->secondary_count + 1);
    for (size_t i = 0; i <= task->model_count; i++) {
        const qhm_report_model *model = i < task->model_count ? &task->models[i] : NULL;
        qhm_text_table_add(table, "%s", model ? text_of(model->name) : "chance");
        for (size_t m = 0; m < task->secondary_count; m++)
            add_number(table, "%.4f",
                       !model                       ? task->secondary[m].chance
                       : m < model->secondary_count ? model->secondary[m]
                                                    : (double)NAN);
    }
    fputc('\n', out);
    qhm_text_table_print(table, 2, out);
    qhm_text_table_destroy(table);
    free(columns);
}

static void print_sentence(const char *sentence, FILE *out)
{
    if (sentence && sentence[0])
        qhm_print_wrapped(out, sentence, 2, qhm_console_width(STDOUT_FILENO, 100));
}

// What it is run on: "willow", "willow, mitigated".
static void add_device(qhm_text_table *table, const qhm_report_rung *rung)
{
    const bool is_mitigated = text_of(rung->mitigation)[0] != '\0';
    qhm_text_table_add(table, "%s%s", text_of(rung->device), is_mitigated ? ", mitigated" : "");
}

// What nobody measured of a device's figures, once for each device.
static void print_provenance(const qhm_report_task *task, FILE *out)
{
    for (size_t i = 0; i < task->rung_count; i++) {
        const qhm_report_rung *rung = &task->rungs[i];
        if (!qhm_report_rung_is_telling(task, i))
            continue;
        char *line = qhm_print_text("%s, not measured but decisive: %s", text_of(rung->device),
                                    rung->provenance);
        print_sentence(line, out);
        free(line);
    }
}

static void print_ladder(const qhm_report_task *task, FILE *out)
{
    if (task->rung_count == 0)
        return;
    const qhm_text_column columns[] = {{"on", false},
                                       {"model", false},
                                       {task->metric ? task->metric : "metric", true},
                                       {"shots a row", true},
                                       {"2q gates", true},
                                       {"success", true},
                                       {"seconds a row", true},
                                       {"joules a row", true},
                                       {"", false}};
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < task->rung_count; i++) {
        const qhm_report_rung *rung = &task->rungs[i];
        add_device(table, rung);
        qhm_text_table_add(table, "%s", text_of(rung->model));
        add_interval(table, rung->metric);
        if (rung->shots == 0)
            qhm_text_table_add(table, "%s", "exact");
        else if (isfinite(rung->kept_share))
            qhm_text_table_add(table, "%.0f, %.3g %% kept", rung->shots, 100 * rung->kept_share);
        else
            add_number(table, "%.0f", rung->shots);
        add_number(table, "%.0f", rung->two_qubit_gates);
        add_number(table, "%.3f", rung->success);
        add_number(table, "%.3g", rung->seconds);
        add_number(table, "%.3g", rung->joules);
        qhm_text_table_add(table, "%s", text_of(rung->note));
    }
    fputc('\n', out);
    qhm_text_table_print(table, 2, out);
    qhm_text_table_destroy(table);
    print_provenance(task, out);
}

static void print_guards(const qhm_report_task *task, FILE *out)
{
    for (size_t i = 0; i < task->guard_count; i++) {
        if (task->guards[i].passed)
            continue;
        fputs("\n  GUARD FAILED: ", out);
        qhm_print_safe(out, text_of(task->guards[i].name));
        fputs(": ", out);
        qhm_print_safe(out, text_of(task->guards[i].detail));
        fputc('\n', out);
    }
}

static void print_task(const qhm_report_task *task, FILE *out)
{
    fputc('\n', out);
    qhm_print_safe(out, text_of(task->name));
    fprintf(out, ": %s\n", qhm_verdict_words(task->verdict));
    print_sentence(task->sentence, out);
    fprintf(out, "  %s, %zu resamples, %zu training and %zu test rows, margin %g",
            text_of(task->kind), task->resamples, task->training_rows, task->test_rows,
            task->margin);
    if (isfinite(task->chance))
        fprintf(out, ", chance %.4f", task->chance);
    fputs("\n\n", out);
    print_models(task, out);
    print_secondary(task, out);
    print_ladder(task, out);
    qhm_report_places_print(task, out);
    qhm_report_costs_print(task, out);
    qhm_report_contest_print(task, out);
    qhm_report_sides_print(task, out);
    print_guards(task, out);
}

void qhm_report_print(const qhm_report *report, const char *folder, FILE *out)
{
    char duration[32];
    qhm_print_duration(duration, sizeof duration, report->seconds);
    qhm_print_safe(out, text_of(report->name));
    fprintf(out, ": %s (seed %" PRIu64 ", %s of training)\n", qhm_verdict_words(report->verdict),
            report->seed, duration);
    for (size_t i = 0; i < report->task_count; i++)
        print_task(&report->tasks[i], out);
    fputs("\nreport: ", out);
    qhm_print_safe(out, folder);
    fputs("/report.html\n", out);
}

json_t *qhm_interval_to_json(qhm_interval interval)
{
    return json_pack("{s:o, s:o, s:o}", "mean", qhm_json_number(interval.mean), "lower",
                     qhm_json_number(interval.lower), "upper", qhm_json_number(interval.upper));
}

static json_t *secondary_to_json(const qhm_report_task *task, const qhm_report_model *model)
{
    json_t *object = json_object();
    for (size_t m = 0; m < task->secondary_count && m < model->secondary_count; m++)
        json_object_set_new(object, text_of(task->secondary[m].name),
                            qhm_json_number(model->secondary[m]));
    return object;
}

static json_t *model_to_json(const qhm_report_task *task, const qhm_report_model *model)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o, s:I, s:o}", "name",
                     qhm_json_text(model->name), "role", qhm_json_text(model->role), "summary",
                     qhm_json_text(model->summary), "metric", qhm_interval_to_json(model->metric),
                     "difference", qhm_interval_to_json(model->difference), "secondary",
                     secondary_to_json(task, model), "times_best", (json_int_t)model->times_best,
                     "parameters", (json_int_t)model->parameters, "embedding_parameters",
                     (json_int_t)model->embedding_parameters, "flops",
                     qhm_json_number(model->flops), "trials", (json_int_t)model->trials,
                     "training_seconds", qhm_json_number(model->training_seconds));
}

static const char *verdict_of(const char *verdict)
{
    return verdict && verdict[0] ? verdict : "none";
}

static json_t *rung_to_json(const qhm_report_rung *rung)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "model",
        qhm_json_text(rung->model), "device", qhm_json_text(rung->device), "mitigation",
        qhm_json_text(rung->mitigation), "note", qhm_json_text(rung->note), "provenance",
        qhm_json_text(rung->provenance), "metric", qhm_interval_to_json(rung->metric), "shots",
        qhm_json_number(rung->shots), "kept_share", qhm_json_number(rung->kept_share), "qubits",
        qhm_json_number(rung->qubits), "two_qubit_gates", qhm_json_number(rung->two_qubit_gates),
        "duration_seconds", qhm_json_number(rung->duration_seconds), "success",
        qhm_json_number(rung->success), "seconds", qhm_json_number(rung->seconds), "joules",
        qhm_json_number(rung->joules));
}

static json_t *task_to_json(const qhm_report_task *task)
{
    json_t *models = json_array(), *guards = json_array(), *rungs = json_array();
    for (size_t i = 0; i < task->rung_count; i++)
        json_array_append_new(rungs, rung_to_json(&task->rungs[i]));
    for (size_t i = 0; i < task->model_count; i++)
        json_array_append_new(models, model_to_json(task, &task->models[i]));
    for (size_t i = 0; i < task->guard_count; i++)
        json_array_append_new(guards, json_pack("{s:o, s:b, s:o}", "name",
                                                qhm_json_text(task->guards[i].name), "passed",
                                                (int)task->guards[i].passed, "detail",
                                                qhm_json_text(task->guards[i].detail)));
    json_t *object = json_pack(
        "{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "name",
        qhm_json_text(task->name), "kind", qhm_json_text(task->kind), "verdict",
        verdict_of(task->verdict), "sentence", qhm_json_text(task->sentence), "metric",
        qhm_json_text(task->metric), "chance", qhm_json_number(task->chance), "margin",
        qhm_json_number(task->margin), "smallest_difference",
        qhm_json_number(task->smallest_difference), "resamples", (json_int_t)task->resamples,
        "training_rows", (json_int_t)task->training_rows, "test_rows", (json_int_t)task->test_rows,
        "classes", (json_int_t)task->classes, "models", models, "ladder", rungs, "guards", guards);
    qhm_report_costs_to_json(task, object);
    qhm_report_places_to_json(task, object);
    return object;
}

// JSON readers keep 53 bits of a number; a larger seed is a text.
static json_t *seed_to_json(uint64_t seed)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, seed);
    return seed <= (UINT64_C(1) << 53) ? json_integer((json_int_t)seed) : json_string(digits);
}

json_t *qhm_report_to_json(const qhm_report *report, const char *folder)
{
    json_t *run =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", qhm_json_text(report->id), "name",
                  qhm_json_text(report->name), "folder", qhm_json_text(folder), "seed",
                  seed_to_json(report->seed), "started", qhm_json_text(report->started), "seconds",
                  qhm_json_number(report->seconds), "sentence", qhm_json_text(report->sentence));
    json_t *tasks = json_array();
    for (size_t i = 0; i < report->task_count; i++)
        json_array_append_new(tasks, task_to_json(&report->tasks[i]));
    double margin = report->task_count > 0 ? report->tasks[0].margin : (double)NAN;
    return json_pack("{s:s, s:o, s:o, s:o}", "verdict", verdict_of(report->verdict), "run", run,
                     "margin", qhm_json_number(margin), "tasks", tasks);
}

int qhm_report_output(const qhm_report *report, const char *folder, bool json, FILE *out)
{
    if (json)
        return qhm_json_print(qhm_report_to_json(report, folder), out);
    qhm_report_print(report, folder, out);
    return QHM_EXIT_OK;
}

int qhm_report_open(const char *folder, qhm_report **report)
{
    if (qhm_imported_run_is_in(folder))
        return qhm_fail(QHM_EXIT_BAD_INPUT,
                        "%s holds a result that was imported from a cloud: it has no models to "
                        "report or compare; qhm runs show prints it",
                        folder);
    char *path = qhm_print_text("%s/results.json", folder);
    qhm_status status = qhm_report_load(path, report);
    free(path);
    return status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
}
