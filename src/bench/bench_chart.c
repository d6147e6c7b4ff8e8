// Cost per gate against qubits, drawn beside the machine's sweep.
#include "base/svg.h"
#include "bench/bench_internal.h"

#include <math.h>

enum { SERIES = 4, MOST_POINTS = 64 };

// Curves of one precision: what a gate takes, and what one sweep takes.
typedef struct curves {
    double qubits[MOST_POINTS], gate[MOST_POINTS], sweep[MOST_POINTS]; // log10 of nanoseconds
    size_t count;
} curves;

static void collect(const qhm_bench_report *report, qhm_precision precision, curves *out)
{
    out->count = 0;
    for (size_t i = 0; i < report->row_count && out->count < MOST_POINTS; i++) {
        const qhm_bench_row *row = &report->rows[i];
        if (row->workload != QHM_BENCH_COST_PER_GATE || row->precision != precision)
            continue;
        out->qubits[out->count] = (double)row->qubits;
        out->gate[out->count] = log10(1e9 * row->seconds / (double)row->gates);
        out->sweep[out->count++] = log10(1e9 * row->sweep_seconds);
    }
}

qhm_status qhm_bench_report_draw(const qhm_bench_report *report, char **svg)
{
    QHM_REQUIRE(report && svg, "report or svg is NULL");
    static const char *const names[2][2] = {{"float64, a gate", "float64, one sweep"},
                                            {"float32, a gate", "float32, one sweep"}};
    curves both[2];
    qhm_svg_series series[SERIES];
    size_t count = 0;
    for (size_t p = 0; p < 2; p++) {
        curves *of = &both[p];
        collect(report, (qhm_precision)p, of);
        if (of->count == 0)
            continue;
        series[count] = (qhm_svg_series){
            .name = names[p][0], .x = of->qubits, .y = of->gate, .count = of->count, .colour = p};
        series[count + 1] = series[count];
        series[count + 1].name = names[p][1];
        series[count + 1].y = of->sweep;
        series[count + 1].colour = 2 + p;
        count += 2;
    }
    QHM_REQUIRE(count > 0, "the report has no row of cost-per-gate");
    return qhm_svg_print_line_chart_file(
        &(qhm_svg_line_chart){.title = "Cost per gate",
                              .x_label = "qubits",
                              .y_label = "nanoseconds, as powers of ten",
                              .series = series,
                              .series_count = count},
        svg);
}
