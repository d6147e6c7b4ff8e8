// From the store's jobs to a report: means, intervals, the verdict, curves, circuits, guards.
#include "base/files.h"
#include "base/memory.h"
#include "base/statistics.h"
#include "base/text.h"
#include "experiment/results_internal.h"

#include <jansson.h>
#include <math.h>
#include <qhm/version.h>
#include <stdarg.h>
#include <string.h>

qhm_status qhm_results_text(qhm_results *results, const char **out, const char *format, ...)
{
    char text[4096];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof text)
        length = (int)sizeof text - 1;
    char *copy;
    QHM_TRY(qhm_arena_take(&results->arena, (size_t)length + 1, &copy));
    memcpy(copy, text, (size_t)length);
    copy[length] = '\0';
    *out = copy;
    return QHM_OK;
}

qhm_status qhm_results_take(qhm_results *results, size_t count, size_t size, void *out_pointer)
{
    size_t bytes;
    if (!qhm_multiply_size(count, size, &bytes))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu elements overflow", count);
    void *block;
    QHM_TRY(qhm_arena_take(&results->arena, bytes > 0 ? bytes : 1, &block));
    memset(block, 0, bytes);
    *(void **)out_pointer = block;
    return QHM_OK;
}

double qhm_results_number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

// Keeps a job's JSON until the report is written; frees it on failure.
static qhm_status keep_root(qhm_results *results, json_t *root)
{
    qhm_status status = qhm_reserve(results->root_count + 1, &results->root_capacity,
                                    sizeof *results->roots, &results->roots);
    if (status == QHM_OK)
        results->roots[results->root_count++] = root;
    else
        json_decref(root);
    return status;
}

// The job whose learning curve is shown: the trial that was chosen, since only trials look at a
// validation metric on the way.
static const qhm_run_job *chosen_trial(const qhm_results *results, const qhm_run_task *task,
                                       const char *model, size_t resample, const json_t *root)
{
    size_t trial = (size_t)json_integer_value(json_object_get(root, "trial"));
    return qhm_run_jobs_find(results->jobs, task->task->name, model, resample, trial);
}

// Reads the final job of one contender on one resample into the table's cell.
static qhm_status read_job(qhm_results *results, const qhm_run_task *task, size_t contender,
                           size_t resample, qhm_result_cell *cell)
{
    const char *model = task->contenders[contender].name;
    const qhm_run_job *job =
        qhm_run_jobs_find(results->jobs, task->task->name, model, resample, QHM_RUN_FINAL);
    json_error_t error;
    json_t *root = job && !job->failed ? json_loads(job->metrics, 0, &error) : NULL;
    if (!root)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                        "%s: the job of task '%s', model '%s', resample %zu is missing or damaged",
                        results->run->folder, task->task->name, model, resample);
    QHM_TRY(keep_root(results, root));
    const json_t *scores = json_object_get(root, "scores");
    for (size_t m = 0; task->task->kind->metrics[m]; m++)
        cell->scores[m] = qhm_results_number(scores, task->task->kind->metrics[m]);
    cell->validation = qhm_results_number(root, "validation");
    cell->train_count = qhm_results_number(root, "train_count");
    cell->score_count = qhm_results_number(root, "score_count");
    cell->parameters = (size_t)json_integer_value(json_object_get(root, "parameters"));
    cell->embedding_parameters =
        (size_t)json_integer_value(json_object_get(root, "embedding_parameters"));
    cell->flops = qhm_results_number(root, "flops");
    cell->circuits = qhm_results_number(root, "circuits");
    cell->seconds = job->seconds;
    cell->examples = json_object_get(root, "examples"); // lives as long as root
    cell->ladder = json_object_get(root, "ladder");
    cell->choice = json_string_value(json_object_get(root, "choice"));
    cell->yields = json_object_get(root, "yields");
    cell->curve = chosen_trial(results, task, model, resample, root);
    size_t trials = 0;
    while (qhm_run_jobs_find(results->jobs, task->task->name, model, resample, trials))
        trials++;
    cell->trials = trials;
    return QHM_OK;
}

static qhm_status read_cells(qhm_results *results, const qhm_run_task *task, qhm_result_cell **out)
{
    size_t resamples = results->run->resample_count;
    QHM_TRY(qhm_results_take(results, task->contender_count * resamples, sizeof **out, out));
    for (size_t c = 0; c < task->contender_count; c++)
        for (size_t r = 0; r < resamples; r++)
            QHM_TRY(read_job(results, task, c, r, &(*out)[c * resamples + r]));
    return QHM_OK;
}

static const char *role_word(qhm_role role)
{
    return role == QHM_ROLE_HYBRID ? "hybrid" : role == QHM_ROLE_VARIANT ? "reference" : "rival";
}

static size_t curve_length(const qhm_result_cell *cell)
{
    return cell->curve ? cell->curve->point_count : 0;
}

// The curve of a contender: every epoch's mean over the resamples that have it.
static qhm_status read_curve(qhm_results *results, const qhm_result_cell *cells,
                             qhm_report_model *model)
{
    size_t resamples = results->run->resample_count, longest = 0;
    for (size_t r = 0; r < resamples; r++)
        if (curve_length(&cells[r]) > longest)
            longest = curve_length(&cells[r]);
    qhm_report_point *curve;
    QHM_TRY(qhm_results_take(results, longest, sizeof *curve, &curve));
    for (size_t p = 0; p < longest; p++) {
        double loss = 0, sum = 0, least = INFINITY, most = -INFINITY, epoch = 0;
        size_t losses = 0, metrics = 0;
        for (size_t r = 0; r < resamples; r++) {
            if (p >= curve_length(&cells[r]))
                continue;
            qhm_run_point point = cells[r].curve->points[p];
            epoch = (double)point.epoch;
            if (isfinite(point.training_loss)) {
                loss += point.training_loss;
                losses++;
            }
            if (isfinite(point.validation_metric)) {
                sum += point.validation_metric;
                least = fmin(least, point.validation_metric);
                most = fmax(most, point.validation_metric);
                metrics++;
            }
        }
        qhm_interval none = {NAN, NAN, NAN};
        curve[p] = (qhm_report_point){
            .epoch = epoch,
            .training_loss = losses > 0 ? loss / (double)losses : NAN,
            .validation = metrics > 0 ? (qhm_interval){sum / (double)metrics, least, most} : none};
    }
    model->curve = curve;
    model->curve_count = longest;
    return QHM_OK;
}

static qhm_status fill_model(qhm_results *results, const qhm_run_task *task, size_t contender,
                             const qhm_result_cell *cells, double train_count, double test_count,
                             qhm_report_model *model)
{
    size_t resamples = results->run->resample_count, metric = task->task->metric;
    const qhm_contender *who = &task->contenders[contender];
    const qhm_result_cell *mine = &cells[contender * resamples];
    double *scores, *differences, *secondary;
    QHM_TRY(qhm_results_take(results, resamples, sizeof *scores, &scores));
    QHM_TRY(qhm_results_take(results, resamples, sizeof *differences, &differences));
    QHM_TRY(qhm_results_take(results, QHM_MAX_METRICS, sizeof *secondary, &secondary));
    double seconds = 0;
    for (size_t r = 0; r < resamples; r++) {
        scores[r] = mine[r].scores[metric];
        differences[r] = cells[r].scores[metric] - scores[r]; // contender 0 is the hybrid
        seconds += mine[r].seconds / (double)resamples;
    }
    size_t others = 0;
    for (size_t m = 0; task->task->kind->metrics[m]; m++) {
        if (m == metric)
            continue;
        for (size_t r = 0; r < resamples; r++)
            secondary[others] += mine[r].scores[m] / (double)resamples;
        others++;
    }
    *model = (qhm_report_model){.name = who->name,
                                .role = role_word(who->role),
                                .difference = {NAN, NAN, NAN},
                                .secondary = secondary,
                                .secondary_count = others,
                                .parameters = mine[0].parameters,
                                .embedding_parameters = mine[0].embedding_parameters,
                                .flops = mine[0].flops,
                                .training_seconds = seconds,
                                .trials = mine[0].trials};
    QHM_TRY(qhm_results_describe_module(results, who, mine, &model->summary));
    QHM_TRY(qhm_verdict_interval(scores, resamples, test_count, train_count, &model->metric));
    if (who->role != QHM_ROLE_HYBRID)
        QHM_TRY(qhm_verdict_interval(differences, resamples, test_count, train_count,
                                     &model->difference));
    return read_curve(results, mine, model);
}

// Gathers the rivals' scores in the verdict's order and applies the rule.
static qhm_status decide(qhm_results *results, const qhm_run_task *task,
                         const qhm_result_cell *cells, double train_count, double test_count,
                         qhm_report_model *models, qhm_verdict_result *verdict, size_t *hardest)
{
    size_t resamples = results->run->resample_count, rivals = 0;
    double *hybrid, *scores, *validation;
    size_t *numbers, *times_best;
    size_t most = task->contender_count * resamples;
    QHM_TRY(qhm_results_take(results, resamples, sizeof *hybrid, &hybrid));
    QHM_TRY(qhm_results_take(results, most, sizeof *scores, &scores));
    QHM_TRY(qhm_results_take(results, most, sizeof *validation, &validation));
    QHM_TRY(qhm_results_take(results, task->contender_count, sizeof *numbers, &numbers));
    QHM_TRY(qhm_results_take(results, task->contender_count, sizeof *times_best, &times_best));
    for (size_t c = 0; c < task->contender_count; c++) {
        if (strcmp(role_word(task->contenders[c].role), "rival") != 0)
            continue;
        for (size_t r = 0; r < resamples; r++) {
            scores[rivals * resamples + r] = cells[c * resamples + r].scores[task->task->metric];
            validation[rivals * resamples + r] = cells[c * resamples + r].validation;
        }
        numbers[rivals++] = c;
    }
    for (size_t r = 0; r < resamples; r++)
        hybrid[r] = cells[r].scores[task->task->metric];
    QHM_TRY(qhm_verdict_decide(&(qhm_verdict_evidence){.resample_count = resamples,
                                                       .rival_count = rivals,
                                                       .hybrid = hybrid,
                                                       .rivals = scores,
                                                       .rival_validation = validation,
                                                       .margin = results->run->file->margin,
                                                       .test_count = test_count,
                                                       .train_count = train_count},
                               NULL, times_best, verdict));
    for (size_t k = 0; k < rivals; k++)
        models[numbers[k]].times_best = times_best[k];
    *hardest = numbers[verdict->hardest];
    return QHM_OK;
}

static qhm_status write_sentence(qhm_results *results, const qhm_verdict_result *verdict,
                                 const qhm_report_model *hardest, qhm_report_task *task)
{
    qhm_interval best = verdict->against_best, hard = hardest->difference;
    size_t resamples = results->run->resample_count;
    switch (verdict->verdict) {
    case QHM_VERDICT_HELPS:
        return qhm_results_text(
            results, &task->sentence,
            "The quantum module helps: over %zu resamples it beats every rival in %s; the closest, "
            "%s, by %+.3f (95 %% interval %+.3f to %+.3f), with a margin of %g.",
            resamples, task->metric, hardest->name, hard.mean, hard.lower, hard.upper,
            task->margin);
    case QHM_VERDICT_DOES_NOT_HELP:
        return qhm_results_text(
            results, &task->sentence,
            "The quantum module does not help: over %zu resamples its %s differs from the best "
            "rival's by %+.3f (95 %% interval %+.3f to %+.3f), below the margin of %g.",
            resamples, task->metric, best.mean, best.lower, best.upper, task->margin);
    case QHM_VERDICT_NOT_ENOUGH_EVIDENCE:
        return qhm_results_text(
            results, &task->sentence,
            "Not enough evidence: over %zu resamples the %s differs from the best rival's by "
            "%+.3f (95 %% interval %+.3f to %+.3f); they could have shown %.3f, the margin is %g.",
            resamples, task->metric, best.mean, best.lower, best.upper, verdict->smallest_showable,
            task->margin);
    case QHM_VERDICT_NONE:
        break;
    }
    return qhm_results_text(results, &task->sentence,
                            "A quick run of %zu resamples: a check that all works, no verdict.",
                            resamples);
}

static qhm_status list_secondary(qhm_results *results, const qhm_run_task *task,
                                 const double *chance, qhm_report_task *out)
{
    qhm_report_metric *metrics;
    QHM_TRY(qhm_results_take(results, QHM_MAX_METRICS, sizeof *metrics, &metrics));
    size_t count = 0;
    for (size_t m = 0; task->task->kind->metrics[m]; m++)
        if (m != task->task->metric)
            metrics[count++] = (qhm_report_metric){task->task->kind->metrics[m], chance[m]};
    out->secondary = metrics;
    out->secondary_count = count;
    return QHM_OK;
}

// Chance levels, averaged over the resamples' test rows.
static void average_chance(const qhm_run_task *task, size_t resamples, double *chance)
{
    for (size_t r = 0; r < resamples; r++) {
        double levels[QHM_MAX_METRICS] = {0};
        size_t count;
        const size_t *test = qhm_split_test(task->resamples[r].split, &count);
        task->task->kind->chance(task->resamples[r].prepared, test, count, levels);
        for (size_t m = 0; m < QHM_MAX_METRICS; m++)
            chance[m] += levels[m] / (double)resamples;
    }
}

static qhm_status fill_task(qhm_results *results, const qhm_run_task *task, qhm_report_task *out)
{
    const qhm_run_state *run = results->run;
    size_t resamples = run->resample_count;
    qhm_result_cell *cells;
    QHM_TRY(read_cells(results, task, &cells));
    double train_count = 0, test_count = 0, chance[QHM_MAX_METRICS] = {0};
    for (size_t r = 0; r < resamples; r++) {
        train_count += cells[r].train_count / (double)resamples;
        test_count += cells[r].score_count / (double)resamples;
    }
    average_chance(task, resamples, chance);
    qhm_report_model *models;
    QHM_TRY(qhm_results_take(results, task->contender_count, sizeof *models, &models));
    for (size_t c = 0; c < task->contender_count; c++)
        QHM_TRY(fill_model(results, task, c, cells, train_count, test_count, &models[c]));
    qhm_verdict_result verdict;
    size_t hardest;
    QHM_TRY(decide(results, task, cells, train_count, test_count, models, &verdict, &hardest));
    if (run->quick)
        verdict.verdict = QHM_VERDICT_NONE;
    *out = (qhm_report_task){.name = task->task->name,
                             .kind = task->task->kind->name,
                             .verdict = run->quick ? "" : qhm_verdict_name(verdict.verdict),
                             .metric = task->task->kind->metrics[task->task->metric],
                             .chance = chance[task->task->metric],
                             .margin = run->file->margin,
                             .smallest_difference = run->quick ? NAN : verdict.smallest_showable,
                             .resamples = resamples,
                             .training_rows = (size_t)train_count,
                             .test_rows = (size_t)test_count,
                             .classes = qhm_dataset_class_count(qhm_run_resample_dataset(task, 0)),
                             .models = models,
                             .model_count = task->contender_count};
    QHM_TRY(list_secondary(results, task, chance, out));
    QHM_TRY(write_sentence(results, &verdict, &models[hardest], out));
    QHM_TRY(qhm_results_add_examples(results, task, cells, out));
    QHM_TRY(qhm_results_add_ladder(results, task, cells, out));
    QHM_TRY(qhm_results_add_costs(results, task, cells, out));
    QHM_TRY(qhm_results_add_yields(results, task, cells, out));
    QHM_TRY(qhm_results_add_circuits(results, task, out));
    return qhm_results_add_guards(results, task, cells, out);
}

static qhm_status add_facts(qhm_results *results, qhm_report *report)
{
    const qhm_run_state *run = results->run;
    qhm_report_fact *facts;
    QHM_TRY(qhm_results_take(results, 6 + run->file->task_count, sizeof *facts, &facts));
    size_t count = 0;
    facts[count++] = (qhm_report_fact){"QHM", qhm_version()};
    facts[count++] = (qhm_report_fact){"instruction set", qhm_isa_name()};
    facts[count++] = (qhm_report_fact){"compiler", "C compiler " __VERSION__};
    facts[count++] =
        (qhm_report_fact){"precision", run->file->precision == QHM_FLOAT32 ? "float32" : "float64"};
    for (size_t i = 0; i < run->file->task_count; i++) {
        const qhm_run_task *task = &run->tasks[i];
        if (!task->dataset || !task->owns_dataset)
            continue;
        facts[count].name = "data";
        QHM_TRY(qhm_results_text(results, &facts[count].value, "%s, %zu items, hash %016llx",
                                 task->data->source->name, qhm_dataset_count(task->dataset),
                                 (unsigned long long)qhm_dataset_hash(task->dataset)));
        count++;
    }
    report->facts = facts;
    report->fact_count = count;
    return QHM_OK;
}

static qhm_status add_commands(qhm_results *results, qhm_report *report)
{
    const char **commands;
    QHM_TRY(qhm_results_take(results, 2, sizeof *commands, &commands));
    QHM_TRY(qhm_results_text(results, &commands[0], "qhm replay %s", results->run->folder));
    QHM_TRY(qhm_results_text(results, &commands[1], "qhm run %s/run.yaml --seed %llu%s",
                             results->run->folder, (unsigned long long)results->run->seed,
                             results->run->quick ? " --quick" : ""));
    report->commands = commands;
    report->command_count = 2;
    return QHM_OK;
}

// The seconds of all trainings, each on one thread, whichever processes they ran in.
static double sum_seconds(const qhm_run_jobs *jobs)
{
    double seconds = 0;
    for (size_t i = 0; i < qhm_run_jobs_count(jobs); i++)
        seconds += qhm_run_jobs_at(jobs, i)->seconds;
    return seconds;
}

static qhm_status fill_report(qhm_results *results, qhm_report *report)
{
    const qhm_run_state *run = results->run;
    const qhm_run_info *info = qhm_run_store_info(run->store);
    qhm_report_task *tasks;
    QHM_TRY(qhm_results_take(results, run->file->task_count, sizeof *tasks, &tasks));
    for (size_t i = 0; i < run->file->task_count; i++)
        QHM_TRY(fill_task(results, &run->tasks[i], &tasks[i]));
    *report = (qhm_report){.name = run->file->name,
                           .description = run->file->description,
                           .verdict = tasks[0].verdict,
                           .sentence = tasks[0].sentence,
                           .seconds = sum_seconds(results->jobs),
                           .seed = run->seed,
                           .tasks = tasks,
                           .task_count = run->file->task_count};
    // The store's texts change with its next write; the report is written after one.
    QHM_TRY(qhm_results_text(results, &report->id, "%s", info->id));
    QHM_TRY(qhm_results_text(results, &report->started, "%s", info->started));
    QHM_TRY(add_facts(results, report));
    return add_commands(results, report);
}

static qhm_status save_verdict(qhm_run_state *run, const qhm_report *report)
{
    json_t *tasks = json_object();
    for (size_t i = 0; i < report->task_count; i++)
        json_object_set_new(tasks, report->tasks[i].name, json_string(report->tasks[i].verdict));
    json_t *root = json_pack("{s:s, s:s, s:o}", "verdict", report->verdict, "sentence",
                             report->sentence, "tasks", tasks);
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    qhm_status status = text ? qhm_run_store_set_verdict(run->store, text)
                             : QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot print the verdict");
    free(text);
    return status;
}

static qhm_status save_all(qhm_results *results)
{
    qhm_run_state *run = results->run;
    qhm_report report;
    char *json = NULL, *page = NULL;
    QHM_TRY(fill_report(results, &report));
    qhm_status status = qhm_path_join(run->folder, "results.json", &json);
    if (status == QHM_OK)
        status = qhm_path_join(run->folder, "report.html", &page);
    if (status == QHM_OK)
        status = qhm_report_save(&report, json);
    if (status == QHM_OK)
        status = qhm_report_save_html(&report, run->folder, page);
    if (status == QHM_OK)
        status = save_verdict(run, &report);
    qhm_release(page);
    qhm_release(json);
    return status;
}

qhm_status qhm_run_results_save(qhm_run_state *run)
{
    qhm_results results = {.run = run};
    QHM_TRY(qhm_run_jobs_load(run->store, &results.jobs));
    qhm_status status = save_all(&results);
    for (size_t i = 0; i < results.root_count; i++)
        json_decref(results.roots[i]);
    qhm_release(results.roots);
    qhm_run_jobs_destroy(results.jobs);
    qhm_arena_release(&results.arena);
    return status;
}
