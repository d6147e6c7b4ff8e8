// Measuring what models cost: the whole, its part in the slot, and the circuits of that part.
#include "experiment/costs.h"

#include "base/memory.h"
#include "compile/misfit.h"
#include "experiment/trained_model.h"

#include <math.h>
#include <qhm/quantum_layer.h>

// One model in work.
typedef struct measuring {
    qhm_results *results;
    const qhm_noise_ladder *ladder;
    double watts;
    size_t rows;
    qhm_model_costs *costs;
} measuring;

typedef struct scoring {
    const qhm_trained_model *model;
    qhm_tape *tape;
    const qhm_fit_request *request;
} scoring;

static qhm_status score_once(void *context)
{
    const scoring *s = context;
    qhm_fit_result result = {0};
    qhm_tape_reset(s->tape);
    const qhm_status status = s->model->ops->score(s->model, s->tape, s->request, &result);
    qhm_fit_result_release(&result);
    return status;
}

typedef struct passing {
    qhm_module *module;
    qhm_tape *tape;
    qhm_shape shape; // [rows, input shape...]
    double *inputs;
} passing;

static qhm_status pass_once(void *context)
{
    const passing *p = context;
    qhm_value input, output;
    qhm_tape_reset(p->tape);
    QHM_TRY(qhm_tape_constant(p->tape, p->shape, p->inputs, &input));
    return qhm_module_forward(p->module, p->tape, input, QHM_NO_VALUE, &output);
}

// A module alone, with random rows of its input's shape; adds to what is measured already.
static qhm_status measure_module(measuring *m, qhm_module *module, qhm_tape *tape)
{
    const qhm_shape sample = qhm_module_input_shape(module);
    passing pass = {module, tape, {sample.rank + 1, {m->rows}}, NULL};
    for (size_t i = 0; i < sample.rank; i++)
        pass.shape.sizes[i + 1] = sample.sizes[i];
    const size_t count = qhm_shape_count(pass.shape);
    QHM_TRY(qhm_allocate(count, sizeof *pass.inputs, &pass.inputs));
    qhm_random random = qhm_random_stream(0, QHM_RANDOM_INITIALISE, 0, 0, 0);
    for (size_t i = 0; i < count; i++)
        pass.inputs[i] = 2 * qhm_random_uniform(&random) - 1;
    qhm_metered metered = {0};
    const qhm_status status = qhm_costs_meter(pass_once, &pass, m->watts, &metered);
    qhm_release(pass.inputs);
    m->costs->part.seconds += metered.seconds;
    m->costs->part.joules += metered.joules;
    m->costs->part.is_measured = metered.is_measured;
    m->costs->has_part = true;
    return status;
}

// What a chip would replace is the circuits alone, so of quantum modules their quantum layers.
static qhm_status measure_layers(measuring *m, qhm_module *module, qhm_tape *tape, bool *has_any)
{
    if (qhm_quantum_layer_circuit(module)) {
        *has_any = true;
        return measure_module(m, module, tape);
    }
    for (size_t i = 0; i < qhm_module_child_count(module); i++)
        QHM_TRY(measure_layers(m, qhm_module_child(module, i), tape, has_any));
    return QHM_OK;
}

static qhm_status measure_part(measuring *m, const qhm_trained_model *model, qhm_tape *tape)
{
    for (size_t i = 0; i < model->slot_count; i++) {
        bool has_layers = false;
        QHM_TRY(measure_layers(m, model->slots[i], tape, &has_layers));
        if (!has_layers)
            QHM_TRY(measure_module(m, model->slots[i], tape));
    }
    // Both are measured apart, and the part alone may meet a busier machine.
    qhm_model_costs *costs = m->costs;
    costs->part.seconds = fmin(costs->part.seconds, costs->whole.seconds);
    costs->part.joules = fmin(costs->part.joules, costs->whole.joules);
    return QHM_OK;
}

// The circuit of the first quantum layer: those of one model are alike.
static const qhm_circuit *find_circuit(const qhm_module *module)
{
    const qhm_circuit *circuit = qhm_quantum_layer_circuit(module);
    for (size_t i = 0; !circuit && i < qhm_module_child_count(module); i++)
        circuit = find_circuit(qhm_module_child(module, i));
    return circuit;
}

static qhm_status run_probe(measuring *m, const scoring *s, size_t shots, qhm_chip_probe *probe)
{
    double score;
    qhm_ladder_executions found;
    QHM_TRY(qhm_noise_ladder_enter(s->model, s->request, m->ladder, probe->rung, shots));
    QHM_TRY(qhm_noise_ladder_score(s->model, s->tape, s->request, probe->rung, &score, &found));
    probe->ledger = found.ledger;
    probe->ledger.shots /= shots;
    probe->duration_ns = found.duration_ns;
    probe->shift_count = qhm_circuit_shift_count(find_circuit(s->model->root));
    return QHM_OK;
}

// What the circuits of all rows are on a chip, with one shot each. Mitigation that throws shots
// away may have none left of one: then as many as on the ladder.
static qhm_status probe_rung(measuring *m, const scoring *s, size_t rung)
{
    qhm_chip_probe *probe = &m->costs->probes[m->costs->probe_count++];
    *probe = (qhm_chip_probe){.rung = rung};
    qhm_status status = run_probe(m, s, 1, probe);
    if (status == QHM_ERROR_NUMERIC)
        status = run_probe(m, s, m->ladder->rungs[rung].shots, probe);
    if (qhm_is_misfit(status) || status == QHM_ERROR_NUMERIC)
        return qhm_results_text(m->results, &probe->note, "%s", qhm_error_message());
    return status;
}

static qhm_status probe_chips(measuring *m, const scoring *s)
{
    const qhm_noise_ladder *ladder = m->ladder;
    QHM_TRY(qhm_results_take(m->results, ladder->rung_count, sizeof *m->costs->probes,
                             &m->costs->probes));
    for (size_t i = 0; i < ladder->rung_count; i++) {
        const qhm_device *chip = ladder->rungs[i].chip;
        if (chip && qhm_device_family_of(chip) != QHM_DEVICE_IDEAL)
            QHM_TRY(probe_rung(m, s, i));
    }
    return QHM_OK;
}

static qhm_status look(void *context, const qhm_trained_model *model, qhm_tape *tape,
                       const qhm_fit_request *request)
{
    measuring *m = context;
    scoring score = {model, tape, request};
    QHM_TRY(qhm_costs_meter(score_once, &score, m->watts, &m->costs->whole));
    QHM_TRY(measure_part(m, model, tape));
    const qhm_role role = request->contender->role;
    if (role != QHM_ROLE_HYBRID && role != QHM_ROLE_VARIANT)
        return QHM_OK;
    const qhm_status status = probe_chips(m, &score);
    const qhm_status undone = qhm_module_set_chip(model->root, NULL, NULL);
    return status != QHM_OK ? status : undone;
}

static qhm_status repeat(void *context, qhm_status (*answer)(void *data), void *data)
{
    measuring *m = context;
    return qhm_costs_meter(answer, data, m->watts, &m->costs->whole);
}

static qhm_status measure_contender(qhm_results *results, const qhm_run_task *task, size_t index,
                                    const qhm_result_cell *cell, qhm_task_costs *costs)
{
    const qhm_run_state *run = results->run;
    const qhm_run_resample *rows = &task->resamples[0];
    measuring m = {.results = results,
                   .ladder = &run->file->ladder,
                   .watts = costs->watts,
                   .rows = costs->rows,
                   .costs = &costs->models[index]};
    const qhm_model_inspector inspector = {look, repeat, &m};
    qhm_task quick = *task->task;
    quick.training = qhm_run_training(run, task->task);
    qhm_fit_request request = {.task = &quick,
                               .prepared = rows->prepared,
                               .seed = run->seed,
                               .model = index,
                               .stage = QHM_RUN_FINAL,
                               .inspector = &inspector};
    qhm_contender taken;
    qhm_run_take_trial(&request, &task->contenders[index], cell->curve ? cell->curve->trial : 0,
                       &taken);
    request.train = qhm_split_train(rows->split, &request.train_count);
    request.score = qhm_split_test(rows->split, &request.score_count);
    qhm_fit_result result = {0};
    const qhm_status status = task->task->kind->fit(&request, &result);
    qhm_fit_result_release(&result);
    return status;
}

qhm_status qhm_costs_measure(qhm_results *results, const qhm_run_task *task,
                             const qhm_result_cell *cells, qhm_task_costs *costs)
{
    const qhm_run_state *run = results->run;
    (void)qhm_split_test(task->resamples[0].split, &costs->rows);
    costs->watts = run->file->budget.host_watts;
    QHM_TRY(
        qhm_results_take(results, task->contender_count, sizeof *costs->models, &costs->models));
    for (size_t c = 0; c < task->contender_count; c++) {
        if (run->options->is_cancelled && run->options->is_cancelled(run->options->context))
            return QHM_FAIL(QHM_ERROR_CANCELLED, "cancelled while costs were measured");
        const qhm_status status =
            measure_contender(results, task, c, &cells[c * run->resample_count], costs);
        if (status != QHM_OK) {
            qhm_prefix_error_message("the cost of task '%s', model '%s'", task->task->name,
                                     task->contenders[c].name);
            return status;
        }
    }
    return QHM_OK;
}

qhm_status qhm_costs_on_chip(const qhm_model_costs *costs, const qhm_chip_probe *probe,
                             const qhm_device *chip, uint64_t shots, qhm_cost *cost)
{
    const qhm_metered *whole = &costs->whole;
    qhm_ledger ledger = probe->ledger;
    if (__builtin_mul_overflow(ledger.shots, shots, &ledger.shots))
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%llu shots a circuit are too many to count",
                        (unsigned long long)shots);
    const double watts = whole->joules / whole->seconds;
    return qhm_cost_find(
        &ledger, chip,
        &(qhm_cost_options){.duration_ns = probe->duration_ns,
                            .model_seconds = whole->seconds,
                            .part_seconds = costs->has_part ? costs->part.seconds : 0,
                            .host_watts = isfinite(watts) ? watts : 0},
        cost);
}
