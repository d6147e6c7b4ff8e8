// Trained models on chips: one score for every way of the run file to run them.
#include "experiment/noise_ladder.h"

#include "base/memory.h"
#include "base/options_internal.h"
#include "base/text.h"
#include "compile/misfit.h"
#include "experiment/chip_yield.h"
#include "experiment/module_placement.h"
#include "experiment/run_internal.h"

#include <jansson.h>
#include <math.h>
#include <qhm/cost.h>
#include <qhm/quantum_layer.h>
#include <stdio.h>
#include <string.h>

static const char *const decouplings[] = {"none", "xx", "xy4", NULL};

typedef struct ladder_section {
    qhm_ladder_options options;
    int decoupling;
    const qhm_node *placement, *yield, *yield_devices;
} ladder_section;

const qhm_option_info qhm_ladder_table[] = {
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(ladder_section, options.shots),
     .default_text = "1024",
     .minimum = 1,
     .maximum = 1e9,
     .help = "runs of every circuit, for each row and measurement setting"},
    {.name = "mitigation",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(ladder_section, options.mitigation),
     .help =
         "for a second score of every chip: readout, zne, zne_linear or detection, separated by "
         "commas"},
    {.name = "level",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(ladder_section, options.level),
     .default_text = "2",
     .minimum = 1,
     .maximum = 3,
     .help = "how hard the compiler tries"},
    {.name = "decoupling",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(ladder_section, decoupling),
     .default_text = "none",
     .choices = decouplings,
     .help = "pulses on qubits that wait"},
    {.name = "allow_assumed_gates",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(ladder_section, options.allow_assumed_gates),
     .help = "use operations of a chip that nobody has published, marked as assumed"},
    {.name = "follows_outcomes",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(ladder_section, options.follows_outcomes),
     .help = "run every measurement of tetrons' sequences by trajectories, in place of the exact "
             "channel that a sequence comes to: the same values, far slower"},
    {.name = "trajectories",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(ladder_section, options.trajectories),
     .default_text = "256",
     .minimum = 1,
     .maximum = 1e6,
     .help = "random histories of circuits that are too large for a density matrix"},
    {.name = "resamples",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(ladder_section, options.resamples),
     .default_text = "1000",
     .minimum = 1,
     .maximum = 1000,
     .help = "of the run's resamples, how many are scored on devices"},
    {.name = "placement",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(ladder_section, placement),
     .help = "auto, or a mapping of quantum layers (module; image, text; query, key, value) to "
             "devices or auto: one more rung, on which each layer has a chip of its own"},
    {.name = "yield",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(ladder_section, yield),
     .help = "a list of probabilities that a qubit, and that a coupler, works: every chip is "
             "sampled, compiled for anew and scored"},
    {.name = "yield_devices",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(ladder_section, yield_devices),
     .help = "which of the chips are sampled so; all if absent",
     .used_with = "yield"},
    {.name = "yield_samples",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(ladder_section, options.yield_samples),
     .default_text = "5",
     .minimum = 1,
     .maximum = 1000,
     .help = "chips drawn for each yield below 1",
     .used_with = "yield"},
    {.name = "yield_resamples",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(ladder_section, options.yield_resamples),
     .default_text = "1",
     .minimum = 1,
     .maximum = 1000,
     .help = "of the run's resamples, how many are scored on those",
     .used_with = "yield"},
    {0},
};

// The name "ideal" stands for exact values, "shots" for those of as many shots without noise.
static qhm_status add_rungs(const qhm_node *name, qhm_noise_ladder *ladder)
{
    const char *text = qhm_node_text(name);
    if (qhm_node_kind_of(name) != QHM_NODE_SCALAR)
        return qhm_node_fail(name, "a device is %s, not a name",
                             qhm_node_kind_name(qhm_node_kind_of(name)));
    for (size_t i = 0; i < ladder->rung_count; i++)
        if (strcmp(ladder->rungs[i].name, text) == 0)
            return qhm_node_fail(name, "device '%s' is there twice", text);
    qhm_ladder_rung rung = {.name = text, .shots = ladder->options.shots};
    const bool is_exact = strcmp(text, "ideal") == 0, is_chip = strcmp(text, "shots") != 0;
    if (is_exact) {
        rung.shots = 0;
    } else {
        qhm_device **chip = &ladder->chips[ladder->chip_count];
        if (qhm_device_load(is_chip ? text : "ideal", NULL, chip) != QHM_OK)
            return qhm_node_fail(name, "%s", qhm_error_message());
        rung.chip = *chip;
        ladder->chip_count++;
    }
    ladder->rungs[ladder->rung_count++] = rung;
    if (!is_exact && is_chip && ladder->options.mitigation) {
        rung.mitigation = ladder->options.mitigation;
        ladder->rungs[ladder->rung_count++] = rung;
    }
    return QHM_OK;
}

qhm_status qhm_noise_ladder_read(const qhm_node *devices, const qhm_node *execution,
                                 qhm_noise_ladder *ladder, qhm_option_notes *notes)
{
    ladder_section section = {0};
    QHM_TRY(qhm_options_read_used(qhm_ladder_table, execution, &section, notes));
    ladder->options = section.options;
    if (section.decoupling > 1)
        ladder->options.decoupling = decouplings[section.decoupling - 1];
    if (qhm_chip_plan_check_mitigation(ladder->options.mitigation) != QHM_OK)
        return qhm_node_fail(qhm_node_find(execution, "mitigation"), "field 'mitigation': %s",
                             qhm_error_message());
    if (!devices && (section.placement || section.yield))
        return qhm_node_fail(section.placement ? section.placement : section.yield,
                             "field '%s' is there, but the run has no 'devices'",
                             section.placement ? "placement" : "yield");
    if (!devices)
        return QHM_OK;
    if (qhm_node_kind_of(devices) != QHM_NODE_SEQUENCE)
        return qhm_node_fail(devices, "field 'devices' is %s, not a list of names",
                             qhm_node_kind_name(qhm_node_kind_of(devices)));
    const size_t count = qhm_node_count(devices);
    const size_t placed =
        section.placement ? qhm_node_count(section.placement) : 0; // at most as many chips more
    QHM_TRY(qhm_allocate(count + placed, sizeof(qhm_device *), &ladder->chips));
    QHM_TRY(qhm_allocate(2 * count, sizeof *ladder->rungs, &ladder->rungs));
    for (size_t i = 0; i < count; i++)
        QHM_TRY(add_rungs(qhm_node_at(devices, i), ladder));
    QHM_TRY(qhm_module_placement_read(section.placement, ladder));
    return qhm_chip_yield_read(section.yield, section.yield_devices, ladder);
}

void qhm_noise_ladder_release(qhm_noise_ladder *ladder)
{
    for (size_t i = 0; i < ladder->chip_count; i++)
        qhm_device_destroy(ladder->chips[i]);
    qhm_release(ladder->chips);
    qhm_release(ladder->rungs);
    qhm_release(ladder->placement.places);
    qhm_release(ladder->yield.rates);
    qhm_release(ladder->yield.rungs);
}

qhm_status qhm_noise_ladder_find_executions(const qhm_module *module, qhm_ladder_executions *found)
{
    for (size_t i = 0; i < qhm_module_child_count(module); i++)
        QHM_TRY(qhm_noise_ladder_find_executions(qhm_module_child(module, i), found));
    qhm_chip_plan *plan = qhm_quantum_layer_chip_plan(module);
    if (!plan)
        return QHM_OK;
    qhm_ledger ledger;
    QHM_TRY(qhm_chip_plan_ledger(plan, &ledger));
    qhm_ledger_add(&found->ledger, &ledger);
    const qhm_chip_plan_info *info = qhm_chip_plan_information(plan);
    if (!info->summary ||
        (found->summary && info->summary->estimated_success >= found->summary->estimated_success))
        return QHM_OK;
    found->summary = info->summary;
    found->duration_ns = info->duration_ns;
    return QHM_OK;
}

// Adds a name to a list in words, once.
static void add_name(qhm_text *list, const char *name)
{
    const size_t length = strlen(name);
    const char *at = list->length > 0 ? list->bytes : "";
    while ((at = strstr(at, name))) {
        at += length;
        if (*at == '\0' || *at == ',')
            return;
    }
    qhm_text_print(list, "%s%s", list->length > 0 ? ", " : "", name);
}

// The figures of a status that a chip's noise and costs rest on.
static void list_figures(const qhm_device *chip, const qhm_cost *cost, qhm_figure_status status,
                         qhm_text *list)
{
    static const char *const relaxation[] = {"t1_us", "t2_us"};
    for (size_t i = 0; i < qhm_device_operation_count(chip); i++) {
        const qhm_device_operation *operation = qhm_device_operation_at(chip, i);
        char name[80];
        snprintf(name, sizeof name, "errors of %s", operation->name);
        if (operation->average_error.status == status)
            add_name(list, name);
    }
    for (size_t i = 0; i < 2; i++)
        if (qhm_device_figure(chip, relaxation[i]).status == status)
            add_name(list, relaxation[i]);
    for (size_t i = 0; i < cost->figure_count; i++)
        if (cost->figures[i].figure.status == status)
            add_name(list, cost->figures[i].name);
}

static void describe_figures(const qhm_device *chip, const qhm_cost *cost, json_t *entry)
{
    static const qhm_figure_status statuses[] = {QHM_FIGURE_ASSUMED, QHM_FIGURE_PROJECTED};
    qhm_text text = {0};
    for (size_t i = 0; i < 2; i++) {
        qhm_text list = {0};
        list_figures(chip, cost, statuses[i], &list);
        if (list.length > 0)
            qhm_text_print(&text, "%s%s: %s", text.length > 0 ? "; " : "",
                           qhm_figure_status_name(statuses[i]), list.bytes);
        qhm_text_release_part(&text, &list);
    }
    if (text.status == QHM_OK && text.length > 0)
        json_object_set_new(entry, "provenance", json_string(text.bytes));
    qhm_text_release(&text);
}

qhm_status qhm_noise_ladder_describe(const qhm_ladder_executions *found, const qhm_device *chip,
                                     size_t rows, json_t *entry)
{
    const double share = 1 / (double)rows;
    json_object_set_new(entry, "shots", json_real((double)found->ledger.shots * share));
    if (found->ledger.discarded_shots > 0)
        json_object_set_new(
            entry, "kept_share",
            json_real(1 - (double)found->ledger.discarded_shots / (double)found->ledger.shots));
    const qhm_compile_summary *summary = found->summary;
    if (!summary)
        return QHM_OK;
    json_object_set_new(entry, "qubits", json_integer((json_int_t)summary->qubit_count));
    json_object_set_new(entry, "two_qubit_gates",
                        json_integer((json_int_t)summary->two_qubit_gates));
    json_object_set_new(entry, "duration_seconds", json_real(found->duration_ns * 1e-9));
    json_object_set_new(entry, "success", json_real(summary->estimated_success));
    qhm_cost cost;
    QHM_TRY(qhm_cost_find(&found->ledger, chip,
                          &(qhm_cost_options){.duration_ns = found->duration_ns}, &cost));
    json_object_set_new(entry, "seconds", json_real(cost.total_seconds * share));
    if (isfinite(cost.total_joules))
        json_object_set_new(entry, "joules", json_real(cost.total_joules * share));
    describe_figures(chip, &cost, entry);
    return QHM_OK;
}

qhm_chip_plan_options qhm_noise_ladder_plan_options(const qhm_noise_ladder *ladder,
                                                    const qhm_fit_request *request, size_t shots,
                                                    const char *mitigation)
{
    const qhm_ladder_options *given = &ladder->options;
    return (qhm_chip_plan_options){.shots = shots,
                                   .mitigation = mitigation,
                                   .compile = {.level = 1 + (int)given->level,
                                               .seed = request->seed,
                                               .allow_assumed_gates = given->allow_assumed_gates,
                                               .decoupling = given->decoupling,
                                               .rotations = QHM_ROTATIONS_ANALOG},
                                   .follows_outcomes = given->follows_outcomes,
                                   .trajectories = given->trajectories,
                                   .precision = request->task->precision};
}

qhm_status qhm_noise_ladder_enter(const qhm_trained_model *model, const qhm_fit_request *request,
                                  const qhm_noise_ladder *ladder, size_t index, size_t shots)
{
    const qhm_ladder_rung *rung = &ladder->rungs[index];
    const qhm_chip_plan_options options =
        qhm_noise_ladder_plan_options(ladder, request, shots, rung->mitigation);
    return qhm_module_set_chip(model->root, rung->chip, &options);
}

bool qhm_noise_ladder_is_bare_chip(const qhm_ladder_rung *rung)
{
    return rung->chip && !rung->mitigation && qhm_device_family_of(rung->chip) != QHM_DEVICE_IDEAL;
}

qhm_status qhm_noise_ladder_score(const qhm_trained_model *model, qhm_tape *tape,
                                  const qhm_fit_request *request, size_t index, double *score,
                                  qhm_ladder_executions *found)
{
    qhm_fit_request again = *request;
    again.wants_examples = false;
    qhm_fit_result result = {0};
    qhm_tape_reset(tape);
    qhm_tape_set_random(tape, qhm_random_stream(request->seed, QHM_RANDOM_SHOTS, request->resample,
                                                request->model, index));
    *found = (qhm_ladder_executions){0};
    qhm_status status = model->ops->score(model, tape, &again, &result);
    if (status == QHM_OK)
        status = qhm_noise_ladder_find_executions(model->root, found);
    *score = result.metrics[request->task->metric];
    qhm_fit_result_release(&result);
    return status;
}

// A chip that could not run a circuit cannot run it mitigated.
static bool is_hopeless(const qhm_noise_ladder *ladder, size_t index, const json_t *entries)
{
    const json_t *last = json_array_get(entries, json_array_size(entries) - 1);
    return index > 0 && ladder->rungs[index].mitigation &&
           ladder->rungs[index].chip == ladder->rungs[index - 1].chip &&
           json_object_get(last, "note");
}

static qhm_status climb_rung(const qhm_trained_model *model, qhm_tape *tape,
                             const qhm_fit_request *request, size_t index, json_t *entry)
{
    const qhm_noise_ladder *ladder = request->ladder;
    const qhm_ladder_rung *rung = &ladder->rungs[index];
    json_object_set_new(entry, "device", json_string(rung->name));
    json_object_set_new(entry, "mitigation", json_string(rung->mitigation ? rung->mitigation : ""));
    const qhm_status status = qhm_noise_ladder_enter(model, request, ladder, index, rung->shots);
    if (qhm_is_misfit(status)) {
        json_object_set_new(entry, "note", json_string(qhm_error_message()));
        return QHM_OK;
    }
    QHM_TRY(status);
    double score;
    qhm_ladder_executions found;
    QHM_TRY(qhm_noise_ladder_score(model, tape, request, index, &score, &found));
    QHM_TRY(qhm_noise_ladder_describe(&found, rung->chip, request->score_count, entry));
    json_object_set_new(entry, "score", json_real(score));
    return QHM_OK;
}

qhm_status qhm_noise_ladder_climb(const qhm_trained_model *model, qhm_tape *tape,
                                  const qhm_fit_request *request, qhm_fit_result *result)
{
    const double before = qhm_run_seconds();
    result->ladder = json_array();
    if (!result->ladder)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep the noise ladder");
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < request->ladder->rung_count && status == QHM_OK; i++) {
        if (is_hopeless(request->ladder, i, result->ladder))
            continue;
        if (request->is_cancelled && request->is_cancelled(request->context))
            status = QHM_FAIL(QHM_ERROR_CANCELLED, "cancelled on the noise ladder");
        json_t *entry = json_object();
        if (json_array_append_new(result->ladder, entry) != 0 && status == QHM_OK)
            status = QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep the noise ladder");
        if (status == QHM_OK)
            status = climb_rung(model, tape, request, i, entry);
        if (status == QHM_ERROR_NUMERIC) { // such as detection that keeps no shot of a row
            json_object_set_new(entry, "note", json_string(qhm_error_message()));
            status = QHM_OK;
        }
        if (status != QHM_OK && status != QHM_ERROR_CANCELLED)
            qhm_prefix_error_message("device '%s'", request->ladder->rungs[i].name);
    }
    if (status == QHM_OK && request->ladder->placement.node)
        status = qhm_module_placement_climb(model, tape, request, result);
    if (status == QHM_OK && request->resample < request->ladder->options.yield_resamples)
        status = qhm_chip_yield_climb(model, tape, request, result);
    const qhm_status undone = qhm_module_set_chip(model->root, NULL, NULL);
    result->ladder_seconds = qhm_run_seconds() - before;
    return status != QHM_OK ? status : undone;
}
