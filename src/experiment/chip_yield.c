// Yield: dead qubits and couplers are drawn, the circuits placed anew, the model scored.
#include "experiment/chip_yield.h"

#include "base/memory.h"
#include "base/text.h"
#include "compile/misfit.h"

#include <jansson.h>
#include <qhm/quantum_layer.h>
#include <string.h>

static qhm_status read_rates(const qhm_node *list, qhm_ladder_yield *yield)
{
    if (qhm_node_kind_of(list) != QHM_NODE_SEQUENCE || qhm_node_count(list) == 0)
        return qhm_node_fail(list, "field 'yield' is %s, not a list of one number or more",
                             qhm_node_kind_name(qhm_node_kind_of(list)));
    QHM_TRY(qhm_allocate(qhm_node_count(list), sizeof *yield->rates, &yield->rates));
    for (size_t i = 0; i < qhm_node_count(list); i++) {
        const qhm_node *item = qhm_node_at(list, i);
        const bool is_text = qhm_node_kind_of(item) == QHM_NODE_SCALAR;
        double rate = 0;
        if (!is_text || !qhm_parse_double(qhm_node_text(item), &rate) ||
            !(rate >= 0.001 && rate <= 1))
            return qhm_node_fail(item, "a yield is %s, not a number from 0.001 to 1",
                                 is_text ? qhm_node_text(item)
                                         : qhm_node_kind_name(qhm_node_kind_of(item)));
        for (size_t k = 0; k < i; k++)
            if (yield->rates[k] == rate)
                return qhm_node_fail(item, "yield %s is there twice", qhm_node_text(item));
        yield->rates[i] = rate;
    }
    yield->rate_count = qhm_node_count(list);
    return QHM_OK;
}

// The rung of a chip by its name; SIZE_MAX if there is none.
static size_t find_rung(const qhm_noise_ladder *ladder, const char *name)
{
    for (size_t i = 0; i < ladder->rung_count; i++)
        if (qhm_noise_ladder_is_bare_chip(&ladder->rungs[i]) &&
            strcmp(ladder->rungs[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

static qhm_status read_devices(const qhm_node *list, qhm_noise_ladder *ladder)
{
    qhm_ladder_yield *yield = &ladder->yield;
    if (list && qhm_node_kind_of(list) != QHM_NODE_SEQUENCE)
        return qhm_node_fail(list, "field 'yield_devices' is %s, not a list of names",
                             qhm_node_kind_name(qhm_node_kind_of(list)));
    for (size_t i = 0; !list && i < ladder->rung_count; i++)
        if (qhm_noise_ladder_is_bare_chip(&ladder->rungs[i]))
            yield->rungs[yield->rung_count++] = i;
    for (size_t i = 0; list && i < qhm_node_count(list); i++) {
        const qhm_node *item = qhm_node_at(list, i);
        const bool is_text = qhm_node_kind_of(item) == QHM_NODE_SCALAR;
        const size_t rung = is_text ? find_rung(ladder, qhm_node_text(item)) : SIZE_MAX;
        if (rung == SIZE_MAX)
            return qhm_node_fail(item, "yield_devices: %s is no chip among the run's devices",
                                 is_text ? qhm_node_text(item)
                                         : qhm_node_kind_name(qhm_node_kind_of(item)));
        for (size_t k = 0; k < yield->rung_count; k++)
            if (yield->rungs[k] == rung)
                return qhm_node_fail(item, "yield_devices: %s is there twice", qhm_node_text(item));
        yield->rungs[yield->rung_count++] = rung;
    }
    return QHM_OK;
}

qhm_status qhm_chip_yield_read(const qhm_node *rates, const qhm_node *devices,
                               qhm_noise_ladder *ladder)
{
    if (!rates)
        return QHM_OK;
    QHM_TRY(read_rates(rates, &ladder->yield));
    QHM_TRY(qhm_allocate(ladder->rung_count, sizeof *ladder->yield.rungs, &ladder->yield.rungs));
    QHM_TRY(read_devices(devices, ladder));
    if (ladder->yield.rung_count == 0)
        return qhm_node_fail(rates, "field 'yield' needs a chip among the run's devices");
    return QHM_OK;
}

// Compiles for one sample of a chip and scores the model there.
static qhm_status score_sample(const qhm_trained_model *model, qhm_tape *tape,
                               const qhm_fit_request *request, size_t rung, const qhm_device *chip,
                               json_t *entry)
{
    qhm_ladder_rung sampled = request->ladder->rungs[rung];
    sampled.chip = chip;
    qhm_noise_ladder one = *request->ladder;
    one.rungs = &sampled;
    const qhm_status status = qhm_noise_ladder_enter(model, request, &one, 0, sampled.shots);
    if (qhm_is_misfit(status)) {
        json_object_set_new(entry, "note", json_string(qhm_error_message()));
        return QHM_OK;
    }
    QHM_TRY(status);
    double score;
    qhm_ladder_executions found;
    QHM_TRY(qhm_noise_ladder_score(model, tape, request, rung, &score, &found));
    json_object_set_new(entry, "score", json_real(score));
    json_object_set_new(entry, "success", json_real(found.summary->estimated_success));
    return QHM_OK;
}

static qhm_status climb_sample(const qhm_trained_model *model, qhm_tape *tape,
                               const qhm_fit_request *request, size_t rung, double rate,
                               size_t sample, json_t *list)
{
    const char *name = request->ladder->rungs[rung].name;
    const qhm_device_options options = {
        .qubit_yield = rate, .coupler_yield = rate, .yield_seed = request->seed + sample};
    if (request->is_cancelled && request->is_cancelled(request->context))
        return QHM_FAIL(QHM_ERROR_CANCELLED, "cancelled among samples of chips");
    json_t *entry = json_object();
    if (json_array_append_new(list, entry) != 0)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep the samples of chips");
    qhm_device *chip;
    QHM_TRY(qhm_device_load(name, &options, &chip));
    const qhm_status status = score_sample(model, tape, request, rung, chip, entry);
    if (status != QHM_OK && status != QHM_ERROR_CANCELLED)
        qhm_prefix_error_message("device '%s' at yield %g, sample %zu", name, rate, sample);
    qhm_device_destroy(chip);
    return status;
}

qhm_status qhm_chip_yield_climb(const qhm_trained_model *model, qhm_tape *tape,
                                const qhm_fit_request *request, qhm_fit_result *result)
{
    const qhm_ladder_yield *yield = &request->ladder->yield;
    if (yield->rate_count == 0)
        return QHM_OK;
    result->yields = json_array();
    for (size_t i = 0; i < yield->rung_count * yield->rate_count; i++) {
        const size_t rung = yield->rungs[i / yield->rate_count];
        const double rate = yield->rates[i % yield->rate_count];
        json_t *samples = json_array();
        json_t *entry = json_pack("{s:s, s:f, s:o}", "device", request->ladder->rungs[rung].name,
                                  "yield", rate, "samples", samples);
        if (json_array_append_new(result->yields, entry) != 0)
            return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep the samples of chips");
        // Nothing is drawn where all works.
        const size_t count = rate == 1 ? 1 : request->ladder->options.yield_samples;
        for (size_t s = 0; s < count; s++)
            QHM_TRY(climb_sample(model, tape, request, rung, rate, s, samples));
    }
    return QHM_OK;
}
