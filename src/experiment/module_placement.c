// Where each quantum layer of a model runs: as the run file says, or as expected success and time
// decide.
#include "experiment/module_placement.h"

#include "base/memory.h"
#include "base/text.h"
#include "compile/misfit.h"

#include <assert.h>
#include <jansson.h>
#include <qhm/placement.h>
#include <qhm/quantum_layer.h>
#include <stdarg.h>
#include <string.h>

// The chip of a name: one of the ladder's rungs, else one more.
static qhm_status find_chip(const qhm_node *node, const char *name, qhm_noise_ladder *ladder,
                            const qhm_device **chip)
{
    for (size_t i = 0; i < ladder->rung_count; i++)
        if (ladder->rungs[i].chip && strcmp(ladder->rungs[i].name, name) == 0) {
            *chip = ladder->rungs[i].chip;
            return QHM_OK;
        }
    qhm_device **loaded = &ladder->chips[ladder->chip_count];
    if (qhm_device_load(name, NULL, loaded) != QHM_OK)
        return qhm_node_fail(node, "field 'placement': %s", qhm_error_message());
    ladder->chip_count++;
    *chip = *loaded;
    return QHM_OK;
}

static bool has_chips(const qhm_noise_ladder *ladder)
{
    for (size_t i = 0; i < ladder->rung_count; i++)
        if (qhm_noise_ladder_is_bare_chip(&ladder->rungs[i]))
            return true;
    return false;
}

static qhm_status read_place(const qhm_node *node, qhm_noise_ladder *ladder,
                             qhm_ladder_place *place)
{
    if (qhm_node_kind_of(node) != QHM_NODE_SCALAR)
        return qhm_node_fail(node, "the device of '%s' is %s, not a name", qhm_node_name(node),
                             qhm_node_kind_name(qhm_node_kind_of(node)));
    *place = (qhm_ladder_place){.module = qhm_node_name(node), .device = qhm_node_text(node)};
    return strcmp(place->device, "auto") == 0
               ? QHM_OK
               : find_chip(node, place->device, ladder, &place->chip);
}

qhm_status qhm_module_placement_read(const qhm_node *node, qhm_noise_ladder *ladder)
{
    if (!node)
        return QHM_OK;
    qhm_ladder_placement *placement = &ladder->placement;
    const bool is_mapping = qhm_node_kind_of(node) == QHM_NODE_MAPPING;
    const bool is_auto =
        qhm_node_kind_of(node) == QHM_NODE_SCALAR && strcmp(qhm_node_text(node), "auto") == 0;
    if (!is_mapping && !is_auto)
        return qhm_node_fail(node,
                             "field 'placement' is neither auto nor a mapping of quantum layers "
                             "to devices");
    if (is_mapping) {
        QHM_TRY(qhm_allocate(qhm_node_count(node), sizeof *placement->places, &placement->places));
        for (size_t i = 0; i < qhm_node_count(node); i++) {
            QHM_TRY(read_place(qhm_node_at(node, i), ladder, &placement->places[i]));
            placement->place_count++;
        }
    }
    if (is_auto && !has_chips(ladder))
        return qhm_node_fail(node, "placement auto needs a chip among the run's devices");
    placement->node = node;
    return QHM_OK;
}

static bool has_layer(const qhm_task_kind *kind, const char *name)
{
    for (size_t i = 0; kind->layers && kind->layers[i]; i++)
        if (strcmp(kind->layers[i], name) == 0)
            return true;
    return false;
}

// Says which layers there are, and which is meant perhaps.
static qhm_status refuse_layer(const qhm_node *node, const char *name, const qhm_task *tasks,
                               size_t task_count)
{
    enum { MOST = 16 };
    const char *names[MOST];
    size_t count = 0;
    qhm_text list = {0};
    for (size_t t = 0; t < task_count; t++)
        for (size_t i = 0; tasks[t].kind->layers && tasks[t].kind->layers[i]; i++) {
            const char *layer = tasks[t].kind->layers[i];
            bool is_new = count < MOST;
            for (size_t k = 0; k < count && is_new; k++)
                is_new = strcmp(names[k], layer) != 0;
            if (!is_new)
                continue;
            qhm_text_print(&list, "%s%s", count > 0 ? ", " : "", layer);
            names[count++] = layer;
        }
    const char *nearest = qhm_nearest_name(name, names, count);
    const qhm_status status =
        list.status != QHM_OK
            ? list.status
            : qhm_node_fail(node,
                            "field 'placement': no model has a quantum layer '%s'%s%s%s: "
                            "they are %s",
                            name, nearest ? ", did you mean '" : "", nearest ? nearest : "",
                            nearest ? "'" : "", list.length > 0 ? list.bytes : "none");
    qhm_text_release(&list);
    return status;
}

qhm_status qhm_module_placement_check(const qhm_ladder_placement *placement, const qhm_task *tasks,
                                      size_t task_count)
{
    for (size_t i = 0; i < placement->place_count; i++) {
        bool is_known = false;
        for (size_t t = 0; t < task_count; t++)
            is_known |= has_layer(tasks[t].kind, placement->places[i].module);
        if (!is_known)
            return refuse_layer(qhm_node_at(placement->node, i), placement->places[i].module, tasks,
                                task_count);
    }
    return QHM_OK;
}

// A quantum layer on its way to a chip.
typedef struct layer {
    qhm_module *module;
    const char *name;
    const char *device; // its chip's name, as in the run file
    const qhm_device *chip;
    char *reason; // NULL: the run file says so
} layer;

// The chips that layers choose among, and the layers.
typedef struct placing {
    const qhm_fit_request *request;
    const char **names;         // [count]
    const qhm_device **devices; // [count]
    qhm_placement_candidate *candidates;
    size_t count;
    layer *layers; // [layer_count]
    size_t layer_count, layer_capacity;
    json_t *rung;
} placing;

static qhm_status list_layers(placing *p, qhm_module *module)
{
    if (qhm_quantum_layer_circuit(module)) {
        const char *const *names = p->request->task->kind->layers;
        QHM_TRY(qhm_reserve(p->layer_count + 1, &p->layer_capacity, sizeof *p->layers, &p->layers));
        assert(names[p->layer_count]); // the kind of task knows its layers
        layer *found = &p->layers[p->layer_count];
        *found = (layer){.module = module, .name = names[p->layer_count]};
        p->layer_count++;
        return QHM_OK;
    }
    for (size_t i = 0; i < qhm_module_child_count(module); i++)
        QHM_TRY(list_layers(p, qhm_module_child(module, i)));
    return QHM_OK;
}

static qhm_status list_chips(placing *p)
{
    const qhm_noise_ladder *ladder = p->request->ladder;
    QHM_TRY(qhm_allocate(ladder->rung_count, sizeof *p->names, &p->names));
    QHM_TRY(qhm_allocate(ladder->rung_count, sizeof *p->devices, &p->devices));
    QHM_TRY(qhm_allocate(ladder->rung_count, sizeof *p->candidates, &p->candidates));
    for (size_t i = 0; i < ladder->rung_count; i++) {
        if (!qhm_noise_ladder_is_bare_chip(&ladder->rungs[i]))
            continue;
        p->names[p->count] = ladder->rungs[i].name;
        p->devices[p->count++] = ladder->rungs[i].chip;
    }
    return QHM_OK;
}

__attribute__((format(printf, 2, 3))) static void note(placing *p, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    qhm_format(line, sizeof line, format, arguments);
    va_end(arguments);
    json_object_set_new(p->rung, "note", json_string(line));
}

// Leaves the chip NULL, and a note, if there is none.
static qhm_status choose(placing *p, const qhm_chip_plan_options *plan, layer *placed)
{
    qhm_placement_options options = {.estimate = {.shots = plan->shots, .compile = plan->compile},
                                     .executions = p->request->score_count};
    options.estimate.observables =
        qhm_quantum_layer_observables(placed->module, &options.estimate.observable_count);
    size_t chosen = 0;
    if (p->count == 0) {
        note(p, "%s: there is no chip to choose from", placed->name);
        return QHM_OK;
    }
    QHM_TRY(qhm_placement_choose(qhm_quantum_layer_circuit(placed->module), p->devices, p->count,
                                 &options, p->candidates, &chosen, &placed->reason));
    if (chosen == p->count) {
        note(p, "%s %s", placed->name, placed->reason);
        return QHM_OK;
    }
    placed->device = p->names[chosen];
    placed->chip = p->devices[chosen];
    return QHM_OK;
}

static qhm_status place(placing *p, const qhm_chip_plan_options *plan, layer *placed)
{
    const qhm_ladder_placement *placement = &p->request->ladder->placement;
    for (size_t i = 0; i < placement->place_count; i++)
        if (strcmp(placement->places[i].module, placed->name) == 0) {
            placed->device = placement->places[i].device;
            placed->chip = placement->places[i].chip;
        }
    if (!placed->chip)
        QHM_TRY(choose(p, plan, placed));
    if (!placed->chip)
        return QHM_OK;
    const qhm_status status = qhm_module_set_chip(placed->module, placed->chip, plan);
    if (!qhm_is_misfit(status))
        return status;
    note(p, "%s does not fit %s: %s", placed->name, placed->device, qhm_error_message());
    return QHM_OK;
}

static void add_number(json_t *sums, const json_t *part, const char *name, bool *is_known)
{
    const json_t *value = json_object_get(part, name);
    *is_known = *is_known && value;
    const double before = json_number_value(json_object_get(sums, name));
    json_object_set_new(sums, name, json_real(before + json_number_value(value)));
}

// The figures of a chip that are not measured, where no rung of the chip tells them.
static void add_provenance(placing *p, const layer *placed, const json_t *entry, qhm_text *text)
{
    const char *provenance = json_string_value(json_object_get(entry, "provenance"));
    for (size_t i = 0; i < p->count; i++)
        if (p->devices[i] == placed->chip)
            return;
    for (const layer *other = p->layers; other < placed; other++)
        if (other->chip == placed->chip)
            return;
    if (provenance)
        qhm_text_print(text, "%s%s: %s", text->length > 0 ? "; " : "", placed->device, provenance);
}

// What each layer took, and all of them one after the other.
static qhm_status describe(placing *p)
{
    json_t *list = json_array();
    if (json_object_set_new(p->rung, "layers", list) != 0)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep where layers ran");
    qhm_text provenance = {0};
    bool has_seconds = true, has_joules = true, has_shots = true;
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < p->layer_count && status == QHM_OK; i++) {
        const layer *placed = &p->layers[i];
        json_t *entry = json_object();
        json_array_append_new(list, entry);
        json_object_set_new(entry, "layer", json_string(placed->name));
        json_object_set_new(entry, "device", json_string(placed->device));
        json_object_set_new(entry, "reason",
                            json_string(placed->reason ? placed->reason : "as the run file says"));
        qhm_ladder_executions found = {0};
        status = qhm_noise_ladder_find_executions(placed->module, &found);
        if (status == QHM_OK)
            status =
                qhm_noise_ladder_describe(&found, placed->chip, p->request->score_count, entry);
        add_number(p->rung, entry, "shots", &has_shots);
        add_number(p->rung, entry, "seconds", &has_seconds);
        add_number(p->rung, entry, "joules", &has_joules);
        add_provenance(p, placed, entry, &provenance);
    }
    if (!has_seconds)
        json_object_del(p->rung, "seconds");
    if (!has_joules)
        json_object_del(p->rung, "joules");
    if (provenance.status == QHM_OK && provenance.length > 0)
        json_object_set_new(p->rung, "provenance", json_string(provenance.bytes));
    qhm_text_release(&provenance);
    return status;
}

// Layers that all run on the chip of one rung have its randomness, and so its score.
static size_t find_stream(const placing *p)
{
    const qhm_noise_ladder *ladder = p->request->ladder;
    for (size_t i = 1; i < p->layer_count; i++)
        if (p->layers[i].chip != p->layers[0].chip)
            return ladder->rung_count;
    for (size_t i = 0; i < ladder->rung_count; i++)
        if (ladder->rungs[i].chip == p->layers[0].chip)
            return i;
    return ladder->rung_count;
}

static qhm_status climb(placing *p, const qhm_trained_model *model, qhm_tape *tape)
{
    const qhm_noise_ladder *ladder = p->request->ladder;
    const qhm_chip_plan_options plan =
        qhm_noise_ladder_plan_options(ladder, p->request, ladder->options.shots, NULL);
    QHM_TRY(list_chips(p));
    QHM_TRY(list_layers(p, model->root));
    assert(!p->request->task->kind->layers[p->layer_count]);
    for (size_t i = 0; i < p->layer_count && !json_object_get(p->rung, "note"); i++)
        QHM_TRY(place(p, &plan, &p->layers[i]));
    if (json_object_get(p->rung, "note"))
        return QHM_OK;
    double score;
    qhm_ladder_executions all;
    QHM_TRY(qhm_noise_ladder_score(model, tape, p->request, find_stream(p), &score, &all));
    json_object_set_new(p->rung, "score", json_real(score));
    return describe(p);
}

qhm_status qhm_module_placement_climb(const qhm_trained_model *model, qhm_tape *tape,
                                      const qhm_fit_request *request, qhm_fit_result *result)
{
    placing p = {.request = request,
                 .rung = json_pack("{s:s, s:s}", "device", "placed", "mitigation", "")};
    if (json_array_append_new(result->ladder, p.rung) != 0)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep the noise ladder");
    const qhm_status status = climb(&p, model, tape);
    if (status != QHM_OK && status != QHM_ERROR_CANCELLED)
        qhm_prefix_error_message("device 'placed'");
    for (size_t i = 0; i < p.layer_count; i++)
        qhm_release(p.layers[i].reason);
    qhm_release(p.layers);
    qhm_release(p.names);
    qhm_release(p.devices);
    qhm_release(p.candidates);
    return status;
}
