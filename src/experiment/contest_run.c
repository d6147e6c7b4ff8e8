// Holding a contest: who contends where, with how many shots, and the scores that these give.
#include "experiment/contest.h"

#include "base/memory.h"
#include "compile/misfit.h"
#include "experiment/trained_model.h"

#include <math.h>
#include <qhm/quantum_layer.h>
#include <string.h>

// A contestant in the making.
typedef struct entry {
    qhm_report_contestant shown;
    size_t contender;            // of the task
    const qhm_chip_probe *probe; // NULL: not on a chip
    bool is_scored_anew;         // with fewer shots than on the ladder
    double *scores;              // [resamples of the contest]
} entry;

typedef struct contest {
    qhm_results *results;
    const qhm_run_task *task;
    const qhm_result_cell *cells;
    const qhm_task_costs *costs;
    const qhm_budget *budget;
    const qhm_noise_ladder *ladder;
    size_t resamples;
    entry *entries;
    size_t count;
} contest;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static qhm_status add_entry(contest *c, size_t contender, const qhm_chip_probe *probe, entry **out)
{
    entry *made = &c->entries[c->count++];
    const qhm_ladder_rung *rung = probe ? &c->ladder->rungs[probe->rung] : NULL;
    *made = (entry){
        .contender = contender,
        .probe = probe,
        .shown = {.model = c->task->contenders[contender].name,
                  .device = rung ? rung->name : "",
                  .mitigation = rung && rung->mitigation ? rung->mitigation : "",
                  .note = "",
                  .metric = {NAN, NAN, NAN},
                  .shots = NAN,
                  .paid_shots = NAN,
                  .share = NAN,
                  .training_seconds = NAN,
                  .training_joules = NAN},
    };
    *out = made;
    return qhm_results_take(c->results, c->resamples, sizeof *made->scores, &made->scores);
}

static double known(double value)
{
    return isfinite(value) ? value : (double)NAN;
}

// What takes no shots has its score or does not fit.
static qhm_status judge_plain(contest *c, entry *made, double seconds, double joules)
{
    const size_t resamples = c->results->run->resample_count;
    made->shown.seconds = known(seconds);
    made->shown.joules = known(joules);
    made->shown.share = qhm_budget_share(c->budget, seconds, joules);
    if (!qhm_budget_holds(c->budget, seconds, joules)) {
        if (isfinite(made->shown.share))
            made->shown.note = "does not fit";
        made->scores = NULL;
        return QHM_OK;
    }
    for (size_t r = 0; r < c->resamples; r++)
        made->scores[r] = c->cells[made->contender * resamples + r].scores[c->task->task->metric];
    return QHM_OK;
}

static qhm_status add_local(contest *c, size_t contender)
{
    const qhm_model_costs *costs = &c->costs->models[contender];
    entry *made;
    QHM_TRY(add_entry(c, contender, NULL, &made));
    return judge_plain(c, made, costs->whole.seconds, costs->whole.joules);
}

// What training would take there by parameter shift, with the ladder's shots: every step's values
// are one job, their gradients another.
static qhm_status find_training(const contest *c, entry *made, const qhm_device *chip)
{
    const qhm_chip_probe *probe = made->probe;
    const qhm_training_options training = qhm_run_training(c->results->run, c->task->task);
    size_t rows;
    (void)qhm_split_train(c->task->resamples[0].split, &rows);
    const double passes = (double)training.epochs * (double)rows / (double)c->costs->rows *
                          (1 + (double)probe->shift_count);
    const double shots = (double)c->ladder->options.shots * (double)probe->ledger.shots * passes;
    qhm_ledger ledger = probe->ledger;
    if (shots > 1e18) // more than a ledger counts: nobody trains so long
        return QHM_OK;
    ledger.shots = (uint64_t)shots;
    ledger.circuits = (uint64_t)((double)ledger.circuits * passes);
    qhm_cost cost;
    QHM_TRY(
        qhm_cost_find(&ledger, chip,
                      &(qhm_cost_options){.duration_ns = probe->duration_ns,
                                          .jobs = 2 * training.epochs *
                                                  ((rows + training.batch - 1) / training.batch)},
                      &cost));
    made->shown.training_seconds = cost.total_seconds;
    made->shown.training_joules = known(cost.machine_joules);
    return QHM_OK;
}

// The scores that the ladder has already, with its own number of shots.
static void take_ladder_scores(const contest *c, entry *made)
{
    const qhm_run_state *run = c->results->run;
    const qhm_ladder_rung *rung = &c->ladder->rungs[made->probe->rung];
    const char *mitigation = rung->mitigation ? rung->mitigation : "";
    for (size_t r = 0; r < c->resamples; r++) {
        const json_t *ladder = c->cells[made->contender * run->resample_count + r].ladder;
        made->scores[r] = NAN;
        for (size_t i = 0; i < json_array_size(ladder); i++) {
            const json_t *step = json_array_get(ladder, i);
            const char *device = json_string_value(json_object_get(step, "device"));
            const char *how = json_string_value(json_object_get(step, "mitigation"));
            if (device && how && strcmp(device, rung->name) == 0 && strcmp(how, mitigation) == 0)
                made->scores[r] = qhm_results_number(step, "score");
        }
    }
}

static qhm_status say_too_dear(contest *c, entry *made, const qhm_cost *cost)
{
    made->scores = NULL;
    if (c->budget->joules > 0 && isnan(cost->total_joules)) {
        made->shown.note = "the energy of its machine is not known";
        return QHM_OK;
    }
    return qhm_results_text(c->results, &made->shown.note,
                            "not even one shot a circuit is paid for: that takes %.3g s and %.3g J",
                            cost->total_seconds, cost->total_joules);
}

static qhm_status add_remote(contest *c, size_t contender, const qhm_chip_probe *probe)
{
    const qhm_model_costs *costs = &c->costs->models[contender];
    const qhm_ladder_rung *rung = &c->ladder->rungs[probe->rung];
    entry *made;
    QHM_TRY(add_entry(c, contender, probe, &made));
    made->shown.seconds = made->shown.joules = NAN;
    if (probe->note) {
        made->shown.note = probe->note;
        made->scores = NULL;
        return QHM_OK;
    }
    uint64_t paid;
    qhm_cost cost;
    QHM_TRY(qhm_budget_find_shots(c->budget, costs, probe, rung->chip, &paid, &cost));
    if (!rung->mitigation)
        QHM_TRY(find_training(c, made, rung->chip));
    made->shown.paid_shots = (double)paid;
    const uint64_t shots = paid < rung->shots ? paid : rung->shots;
    if (shots > 0)
        QHM_TRY(qhm_costs_on_chip(costs, probe, rung->chip, shots, &cost));
    made->shown.shots = (double)shots;
    made->shown.seconds = cost.total_seconds;
    made->shown.joules = isfinite(costs->whole.joules) ? known(cost.total_joules) : (double)NAN;
    made->shown.share = qhm_budget_share(c->budget, cost.total_seconds, cost.total_joules);
    if (shots == 0)
        return say_too_dear(c, made, &cost);
    made->is_scored_anew = shots < rung->shots;
    if (!made->is_scored_anew)
        take_ladder_scores(c, made);
    return QHM_OK;
}

static bool is_classical(qhm_role role)
{
    return role != QHM_ROLE_HYBRID && role != QHM_ROLE_VARIANT && role != QHM_ROLE_UNENTANGLED;
}

static double mean_score(const contest *c, size_t contender)
{
    double sum = 0;
    for (size_t r = 0; r < c->resamples; r++)
        sum +=
            c->cells[contender * c->results->run->resample_count + r].scores[c->task->task->metric];
    return sum / (double)c->resamples;
}

// The best classical model by its counted operations, each at the accelerator's peak.
static qhm_status add_accelerators(contest *c)
{
    size_t best = c->task->contender_count;
    for (size_t i = 0; i < c->task->contender_count; i++)
        if (is_classical(c->task->contenders[i].role) &&
            (best == c->task->contender_count || mean_score(c, i) > mean_score(c, best)))
            best = i;
    if (best == c->task->contender_count)
        return QHM_OK;
    const double operations =
        c->cells[best * c->results->run->resample_count].flops * (double)c->costs->rows;
    for (size_t i = 0; i < c->budget->accelerator_count; i++) {
        const qhm_accelerator *accelerator = c->budget->accelerators[i];
        double seconds, joules;
        entry *made;
        qhm_accelerator_cost(accelerator, operations, &seconds, &joules);
        QHM_TRY(add_entry(c, best, NULL, &made));
        made->shown.device = accelerator->name;
        QHM_TRY(judge_plain(c, made, seconds, joules));
        QHM_TRY(qhm_results_text(
            c->results, &made->shown.note, "%s%sat its peak, each counted operation as one %s; %s",
            made->shown.note,
            isnan(seconds)             ? "its speed is not published; "
            : made->shown.note[0] != 0 ? "; "
                                       : "",
            accelerator->operation, qhm_figure_status_name(accelerator->status)));
    }
    return QHM_OK;
}

static qhm_status add_entries(contest *c)
{
    size_t most = c->task->contender_count + c->budget->accelerator_count;
    for (size_t i = 0; i < c->task->contender_count; i++)
        most += c->costs->models[i].probe_count;
    QHM_TRY(qhm_results_take(c->results, most, sizeof *c->entries, &c->entries));
    for (size_t i = 0; i < c->task->contender_count; i++) {
        const qhm_model_costs *costs = &c->costs->models[i];
        QHM_TRY(add_local(c, i));
        for (size_t p = 0; p < costs->probe_count; p++)
            QHM_TRY(add_remote(c, i, &costs->probes[p]));
    }
    return add_accelerators(c);
}

// One trained model, on all chips that it contends on with fewer shots than on the ladder.
typedef struct heat {
    contest *contest;
    size_t contender, resample;
} heat;

static qhm_status score_entries(heat *h, const qhm_trained_model *model, qhm_tape *tape,
                                const qhm_fit_request *request)
{
    contest *c = h->contest;
    for (size_t i = 0; i < c->count; i++) {
        entry *made = &c->entries[i];
        if (!made->is_scored_anew || made->contender != h->contender)
            continue;
        const size_t rung = made->probe->rung;
        qhm_ladder_executions found;
        qhm_status status =
            qhm_noise_ladder_enter(model, request, c->ladder, rung, (size_t)made->shown.shots);
        bool is_lost = qhm_is_misfit(status); // another module was chosen here
        if (status == QHM_OK)
            status = qhm_noise_ladder_score(model, tape, request, rung, &made->scores[h->resample],
                                            &found);
        is_lost |= status == QHM_ERROR_NUMERIC; // such as mitigation that keeps no shot of a row
        if (is_lost) {
            made->scores[h->resample] = NAN;
            QHM_TRY(qhm_results_text(c->results, &made->shown.note, "%s", qhm_error_message()));
            continue;
        }
        QHM_TRY(status);
    }
    return QHM_OK;
}

static qhm_status look(void *context, const qhm_trained_model *model, qhm_tape *tape,
                       const qhm_fit_request *request)
{
    const qhm_status status = score_entries(context, model, tape, request);
    const qhm_status undone = qhm_module_set_chip(model->root, NULL, NULL);
    return status != QHM_OK ? status : undone;
}

static qhm_status run_heat(heat *h)
{
    const contest *c = h->contest;
    const qhm_run_state *run = c->results->run;
    const qhm_run_resample *rows = &c->task->resamples[h->resample];
    const qhm_contender *contender = &c->task->contenders[h->contender];
    const qhm_model_inspector inspector = {.look = look, .context = h};
    char *path;
    qhm_fit_result result = {0};
    qhm_fit_request request = {.task = c->task->task,
                               .prepared = rows->prepared,
                               .seed = run->seed,
                               .resample = h->resample,
                               .model = h->contender,
                               .stage = QHM_RUN_FINAL,
                               .inspector = &inspector};
    const qhm_run_job *chosen = c->cells[h->contender * run->resample_count + h->resample].curve;
    qhm_contender taken;
    qhm_run_take_trial(&request, contender, chosen ? chosen->trial : 0, &taken);
    request.score = qhm_split_test(rows->split, &request.score_count);
    QHM_TRY(qhm_run_artifact_path(run->folder, c->task->task->name, contender->name, h->resample,
                                  ".safetensors", &path));
    request.trained_path = path;
    const qhm_status status = c->task->task->kind->fit(&request, &result);
    qhm_fit_result_release(&result);
    qhm_release(path);
    return status;
}

static bool contends_anew(const contest *c, size_t contender)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->entries[i].contender == contender && c->entries[i].is_scored_anew)
            return true;
    return false;
}

static qhm_status run_heats(contest *c)
{
    const qhm_run_options *options = c->results->run->options;
    for (size_t i = 0; i < c->task->contender_count; i++)
        for (size_t r = 0; r < c->resamples && contends_anew(c, i); r++) {
            if (options->is_cancelled && options->is_cancelled(options->context))
                return QHM_FAIL(QHM_ERROR_CANCELLED, "cancelled in the contest");
            QHM_TRY(run_heat(&(heat){c, i, r}));
        }
    return QHM_OK;
}

static qhm_status fill_scores(const contest *c, qhm_report_task *out)
{
    qhm_report_contestant *shown;
    QHM_TRY(qhm_results_take(c->results, c->count, sizeof *shown, &shown));
    for (size_t i = 0; i < c->count; i++) {
        const double *scores = c->entries[i].scores;
        shown[i] = c->entries[i].shown;
        bool is_whole = scores != NULL;
        for (size_t r = 0; r < c->resamples && is_whole; r++)
            is_whole = isfinite(scores[r]);
        if (!is_whole)
            continue;
        shown[i].metric.mean = scores[0];
        if (c->resamples > 1)
            QHM_TRY(qhm_verdict_interval(scores, c->resamples, (double)out->test_rows,
                                         (double)out->training_rows, &shown[i].metric));
    }
    qhm_contest_rank(shown, c->count);
    out->contestants = shown;
    out->contestant_count = c->count;
    return QHM_OK;
}

// The first of the order that runs on a chip, if any; shots tell.
static const qhm_report_contestant *best_on_chip(const qhm_report_task *task)
{
    for (size_t i = 0; i < task->contestant_count; i++)
        if (task->contestants[i].place > 0 && isfinite(task->contestants[i].shots))
            return &task->contestants[i];
    return NULL;
}

static qhm_status write_sentence(contest *c, qhm_report_task *out)
{
    const qhm_report_contestant *best = &out->contestants[0], *chip = best_on_chip(out);
    char limit[64] = "";
    const qhm_budget *budget = c->budget;
    if (budget->seconds > 0 && budget->joules > 0)
        snprintf(limit, sizeof limit, "%g s and %g J", budget->seconds, budget->joules);
    else
        snprintf(limit, sizeof limit, "%g %s",
                 budget->seconds > 0 ? budget->seconds : budget->joules,
                 budget->seconds > 0 ? "s" : "J");
    if (best->place == 0)
        return qhm_results_text(c->results, &out->contest,
                                "Within %s nobody answers %zu test rows.", limit, c->costs->rows);
    const char *chip_text = "no quantum model on a chip fits";
    if (chip)
        QHM_TRY(qhm_results_text(c->results, &chip_text,
                                 "the best on a chip is %s on %s%s with %.0f shots a circuit, %.3f",
                                 chip->model, chip->device,
                                 chip->mitigation[0] != '\0' ? ", mitigated," : "", chip->shots,
                                 chip->metric.mean));
    return qhm_results_text(
        c->results, &out->contest,
        "Within %s for %zu test rows, over %zu resample%s, %s on %s has the best %s, %.3f, with "
        "%.3g %% of the budget; %s.",
        limit, c->costs->rows, c->resamples, c->resamples == 1 ? "" : "s", best->model,
        best->device[0] != '\0' ? best->device : "this machine", out->metric, best->metric.mean,
        100 * best->share, chip_text);
}

qhm_status qhm_contest_hold(qhm_results *results, const qhm_run_task *task,
                            const qhm_result_cell *cells, const qhm_task_costs *costs,
                            qhm_report_task *out)
{
    const qhm_run_file *file = results->run->file;
    if (!qhm_budget_has_contest(&file->budget))
        return QHM_OK;
    contest c = {.results = results,
                 .task = task,
                 .cells = cells,
                 .costs = costs,
                 .budget = &file->budget,
                 .ladder = &file->ladder,
                 .resamples =
                     smaller(smaller(file->budget.resamples, file->ladder.options.resamples),
                             results->run->resample_count)};
    QHM_TRY(add_entries(&c));
    QHM_TRY(run_heats(&c));
    QHM_TRY(fill_scores(&c, out));
    if (file->budget.seconds > 0)
        out->budget_seconds = file->budget.seconds;
    if (file->budget.joules > 0)
        out->budget_joules = file->budget.joules;
    return write_sentence(&c, out);
}
