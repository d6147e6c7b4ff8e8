// Yield in the report: the samples of each chip and yield, put together.
#include "experiment/results_internal.h"

#include <math.h>

// The mean, the lowest and the highest.
static qhm_interval spread_of(const double *values, size_t count)
{
    qhm_interval spread = {NAN, NAN, NAN};
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
        spread.lower = i == 0 || values[i] < spread.lower ? values[i] : spread.lower;
        spread.upper = i == 0 || values[i] > spread.upper ? values[i] : spread.upper;
    }
    if (count > 0)
        spread.mean = sum / (double)count;
    return spread;
}

// Numbers of this name over all samples of the first `resamples` cells.
static qhm_status collect(qhm_results *results, const qhm_result_cell *cells, size_t resamples,
                          size_t index, const char *name, qhm_interval *out)
{
    double *values;
    size_t most = 0, count = 0;
    for (size_t r = 0; r < resamples; r++)
        most += json_array_size(json_object_get(json_array_get(cells[r].yields, index), "samples"));
    QHM_TRY(qhm_results_take(results, most, sizeof *values, &values));
    for (size_t r = 0; r < resamples; r++) {
        const json_t *samples = json_object_get(json_array_get(cells[r].yields, index), "samples");
        for (size_t s = 0; s < json_array_size(samples); s++) {
            const double value = qhm_results_number(json_array_get(samples, s), name);
            if (isfinite(value))
                values[count++] = value;
        }
    }
    *out = spread_of(values, count);
    return QHM_OK;
}

// The same chips are drawn for every resample: the first stands for all where scores do not count.
static qhm_status fill_yield(qhm_results *results, const qhm_result_cell *cells, size_t index,
                             qhm_report_yield *yield)
{
    const json_t *first = json_array_get(cells[0].yields, index);
    const json_t *samples = json_object_get(first, "samples");
    const char *device = json_string_value(json_object_get(first, "device"));
    yield->device = device ? device : "";
    yield->note = "";
    yield->yield = qhm_results_number(first, "yield");
    yield->samples = json_array_size(samples);
    for (size_t s = yield->samples; s-- > 0;) {
        const json_t *sample = json_array_get(samples, s);
        const char *note = json_string_value(json_object_get(sample, "note"));
        if (note)
            yield->note = note;
        else
            yield->fitting++;
    }
    QHM_TRY(collect(results, cells, 1, index, "success", &yield->success));
    return collect(results, cells, results->run->resample_count, index, "score", &yield->metric);
}

qhm_status qhm_results_add_yields(qhm_results *results, const qhm_run_task *task,
                                  const qhm_result_cell *cells, qhm_report_task *out)
{
    const size_t resamples = results->run->resample_count;
    size_t most = 0, count = 0;
    for (size_t c = 0; c < task->contender_count; c++)
        most += json_array_size(cells[c * resamples].yields);
    qhm_report_yield *yields;
    QHM_TRY(qhm_results_take(results, most, sizeof *yields, &yields));
    for (size_t c = 0; c < task->contender_count; c++)
        for (size_t i = 0; i < json_array_size(cells[c * resamples].yields); i++) {
            yields[count].model = task->contenders[c].name;
            QHM_TRY(fill_yield(results, &cells[c * resamples], i, &yields[count]));
            count++;
        }
    out->yields = yields;
    out->yield_count = count;
    return QHM_OK;
}
