// The noise ladder of the report: every rung's scores over the resamples.
#include "experiment/results_internal.h"

#include <math.h>

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static qhm_status fill_rung(qhm_results *results, const qhm_result_cell *cells, size_t index,
                            double test_count, double train_count, qhm_report_rung *rung)
{
    const size_t resamples = results->run->resample_count;
    const json_t *first = json_array_get(cells[0].ladder, index); // the circuit is that of all
    double *scores;
    size_t count = 0;
    double kept = 0;
    QHM_TRY(qhm_results_take(results, resamples, sizeof *scores, &scores));
    for (size_t r = 0; r < resamples; r++) {
        const json_t *entry = json_array_get(cells[r].ladder, index);
        const double score = qhm_results_number(entry, "score");
        if (!isfinite(score))
            continue;
        scores[count++] = score;
        kept += qhm_results_number(entry, "kept_share");
    }
    rung->device = text_of(first, "device");
    rung->mitigation = text_of(first, "mitigation");
    rung->note = text_of(first, "note");
    rung->provenance = text_of(first, "provenance");
    rung->shots = qhm_results_number(first, "shots");
    rung->kept_share = count > 0 ? kept / (double)count : NAN;
    rung->qubits = qhm_results_number(first, "qubits");
    rung->two_qubit_gates = qhm_results_number(first, "two_qubit_gates");
    rung->duration_seconds = qhm_results_number(first, "duration_seconds");
    rung->success = qhm_results_number(first, "success");
    rung->seconds = qhm_results_number(first, "seconds");
    rung->joules = qhm_results_number(first, "joules");
    rung->metric = (qhm_interval){count > 0 ? scores[0] : NAN, NAN, NAN};
    return count < 2 ? QHM_OK
                     : qhm_verdict_interval(scores, count, test_count, train_count, &rung->metric);
}

// The layers of a placed rung, those of the first resample standing for all.
static const json_t *layers_of(const qhm_result_cell *cells)
{
    const json_t *rung;
    size_t i;
    json_array_foreach((json_t *)cells[0].ladder, i, rung)
    {
        const json_t *layers = json_object_get(rung, "layers");
        if (layers)
            return layers;
    }
    return NULL;
}

static qhm_status add_placements(qhm_results *results, const qhm_run_task *task,
                                 const qhm_result_cell *cells, qhm_report_task *out)
{
    const size_t resamples = results->run->resample_count;
    size_t most = 0, count = 0;
    for (size_t c = 0; c < task->contender_count; c++)
        most += json_array_size(layers_of(&cells[c * resamples]));
    qhm_report_placement *placements;
    QHM_TRY(qhm_results_take(results, most, sizeof *placements, &placements));
    for (size_t c = 0; c < task->contender_count; c++) {
        const json_t *layers = layers_of(&cells[c * resamples]);
        for (size_t i = 0; i < json_array_size(layers); i++) {
            const json_t *layer = json_array_get(layers, i);
            placements[count++] = (qhm_report_placement){
                .model = task->contenders[c].name,
                .layer = text_of(layer, "layer"),
                .device = text_of(layer, "device"),
                .reason = text_of(layer, "reason"),
                .qubits = qhm_results_number(layer, "qubits"),
                .two_qubit_gates = qhm_results_number(layer, "two_qubit_gates"),
                .success = qhm_results_number(layer, "success"),
                .seconds = qhm_results_number(layer, "seconds"),
                .joules = qhm_results_number(layer, "joules")};
        }
    }
    out->placements = placements;
    out->placement_count = count;
    return QHM_OK;
}

qhm_status qhm_results_add_ladder(qhm_results *results, const qhm_run_task *task,
                                  const qhm_result_cell *cells, qhm_report_task *out)
{
    const size_t resamples = results->run->resample_count;
    size_t most = 0, count = 0;
    for (size_t c = 0; c < task->contender_count; c++)
        most += json_array_size(cells[c * resamples].ladder);
    qhm_report_rung *rungs;
    QHM_TRY(qhm_results_take(results, most, sizeof *rungs, &rungs));
    for (size_t c = 0; c < task->contender_count; c++)
        for (size_t i = 0; i < json_array_size(cells[c * resamples].ladder); i++) {
            qhm_report_rung *rung = &rungs[count++];
            rung->model = task->contenders[c].name;
            QHM_TRY(fill_rung(results, &cells[c * resamples], i, (double)out->test_rows,
                              (double)out->training_rows, rung));
        }
    out->rungs = rungs;
    out->rung_count = count;
    return add_placements(results, task, cells, out);
}
