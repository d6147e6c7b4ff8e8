// The report's table of what a row costs: every model on this machine, its circuits on chips.
#include "experiment/contest.h"

#include <math.h>

static double known(double value)
{
    return isfinite(value) ? value : (double)NAN;
}

static qhm_report_row_cost make_local(const char *model, const qhm_model_costs *costs, double rows)
{
    return (qhm_report_row_cost){.model = model,
                                 .device = "",
                                 .mitigation = "",
                                 .note = "",
                                 .shots = NAN,
                                 .model_seconds = costs->whole.seconds / rows,
                                 .part_seconds =
                                     costs->has_part ? costs->part.seconds / rows : (double)NAN,
                                 .quantum_seconds = NAN,
                                 .interface_seconds = NAN,
                                 .seconds = costs->whole.seconds / rows,
                                 .machine_joules = NAN,
                                 .host_joules = known(costs->whole.joules / rows)};
}

static qhm_status make_remote(const qhm_run_state *run, const qhm_model_costs *costs,
                              const qhm_chip_probe *probe, double rows, qhm_report_row_cost *made)
{
    const qhm_ladder_rung *rung = &run->file->ladder.rungs[probe->rung];
    const bool is_host_known = isfinite(costs->whole.joules);
    made->device = rung->name;
    made->mitigation = rung->mitigation ? rung->mitigation : "";
    made->note = probe->note ? probe->note : "";
    made->seconds = made->host_joules = NAN;
    if (probe->note)
        return QHM_OK;
    qhm_cost cost;
    QHM_TRY(qhm_costs_on_chip(costs, probe, rung->chip, rung->shots, &cost));
    made->shots = (double)cost.shots / rows;
    made->quantum_seconds = cost.quantum_seconds / rows;
    made->interface_seconds = cost.interface_seconds / rows;
    made->seconds = cost.total_seconds / rows;
    made->machine_joules = known(cost.machine_joules / rows);
    made->host_joules = is_host_known ? cost.host_joules / rows : (double)NAN;
    return QHM_OK;
}

static const char *describe_energy(const qhm_task_costs *costs)
{
    if (costs->models[0].whole.is_measured)
        return "measured by the processors' counters";
    return costs->watts > 0 ? "assumed: the run file's host_watts times the time"
                            : "not known: no counter can be read, and the run file has no "
                              "host_watts";
}

qhm_status qhm_costs_describe(qhm_results *results, const qhm_run_task *task,
                              const qhm_task_costs *costs, qhm_report_task *out)
{
    const double rows = (double)costs->rows;
    size_t most = task->contender_count, count = 0;
    for (size_t c = 0; c < task->contender_count; c++)
        most += costs->models[c].probe_count;
    qhm_report_row_cost *made;
    QHM_TRY(qhm_results_take(results, most, sizeof *made, &made));
    for (size_t c = 0; c < task->contender_count; c++) {
        const qhm_model_costs *model = &costs->models[c];
        const qhm_report_row_cost local = make_local(task->contenders[c].name, model, rows);
        made[count++] = local;
        for (size_t i = 0; i < model->probe_count; i++) {
            made[count] = local;
            QHM_TRY(make_remote(results->run, model, &model->probes[i], rows, &made[count++]));
        }
    }
    out->row_costs = made;
    out->row_cost_count = count;
    out->host_energy = describe_energy(costs);
    return QHM_OK;
}

qhm_status qhm_results_add_costs(qhm_results *results, const qhm_run_task *task,
                                 const qhm_result_cell *cells, qhm_report_task *out)
{
    out->budget_seconds = out->budget_joules = NAN;
    if (results->run->file->ladder.rung_count == 0)
        return QHM_OK;
    qhm_task_costs costs = {0};
    QHM_TRY(qhm_costs_measure(results, task, cells, &costs));
    QHM_TRY(qhm_costs_describe(results, task, &costs, out));
    QHM_TRY(qhm_costs_draw_sides(results, task, out));
    return qhm_contest_hold(results, task, cells, &costs, out);
}
