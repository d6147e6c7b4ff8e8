// Tables by workload, or one JSON object.
#include "cli/bench_output.h"

#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/text_table.h"

#include <math.h>
#include <qhm/version.h>
#include <string.h>

static const char *precision_name(qhm_precision precision)
{
    return precision == QHM_FLOAT32 ? "float32" : "float64";
}

// Three digits and a unit.
static void add_seconds(qhm_text_table *table, double seconds)
{
    static const char *const units[] = {"s ", "ms", "us", "ns"};
    const char *micro = qhm_console_is_utf8() ? "µs" : "us";
    int unit = 0;
    while (unit < 3 && seconds < 0.9995) {
        seconds *= 1000;
        unit++;
    }
    int decimals = seconds < 9.995 ? 2 : seconds < 99.95 ? 1 : 0;
    qhm_text_table_add(table, "%.*f %s", decimals, seconds, unit == 2 ? micro : units[unit]);
}

// Whole numbers with commas, smaller ones with three digits.
static void add_number(qhm_text_table *table, double number)
{
    char digits[32], text[48] = "";
    snprintf(digits, sizeof digits, "%.0f", number);
    size_t count = strlen(digits), at = 0;
    if (number < 100) {
        qhm_text_table_add(table, "%.3g", number);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = digits[i];
    }
    qhm_text_table_add(table, "%s", text);
}

static void add_share(qhm_text_table *table, double share)
{
    if (isfinite(share))
        qhm_text_table_add(table, share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
    else
        qhm_text_table_add(table, "-");
}

// Bytes that a sweep reads and writes, per second.
static double sweep_rate(const qhm_bench_row *row)
{
    double states = row->workload == QHM_BENCH_STEP ? (double)row->batch : 1;
    return 2 * (double)row->state_bytes * states / row->sweep_seconds;
}

static void add_row(qhm_text_table *table, const qhm_bench_row *row)
{
    bool is_cost = row->workload == QHM_BENCH_COST_PER_GATE;
    double seconds = row->seconds / (is_cost ? (double)row->gates : 1);
    qhm_text_table_add(table, "%zu", row->qubits);
    qhm_text_table_add(table, "%s", precision_name(row->precision));
    qhm_text_table_add(table, "%zu", row->batch);
    add_seconds(table, seconds);
    add_number(table, 1 / seconds);
    add_seconds(table, row->sweep_seconds);
    qhm_text_table_add(table, "%.1f", sweep_rate(row) * 1e-9);
    add_number(table, row->sweeps / (is_cost ? (double)row->gates : 1));
    add_share(table, row->peak_share);
}

static void print_workload(const qhm_bench_report *report, qhm_bench_workload workload, FILE *out)
{
    const bool is_cost = workload == QHM_BENCH_COST_PER_GATE;
    const qhm_text_column columns[] = {
        {"qubits", true},
        {"precision", false},
        {"at a time", true},
        {is_cost                      ? "a gate"
         : workload == QHM_BENCH_STEP ? "a step"
                                      : "a sample",
         true},
        {"per second", true},
        {"one sweep", true},
        {"GB/s", true},
        {"sweeps", true},
        {"of peak", true},
    };
    const qhm_bench_workload_info *info = qhm_bench_workload_information(workload);
    fprintf(out, "\n%s: %s\n", info->name, info->help);
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < report->row_count; i++)
        if (report->rows[i].workload == workload)
            add_row(table, &report->rows[i]);
    qhm_text_table_print(table, 2, out);
    qhm_text_table_destroy(table);
}

static bool has_workload(const qhm_bench_report *report, qhm_bench_workload workload)
{
    for (size_t i = 0; i < report->row_count; i++)
        if (report->rows[i].workload == workload)
            return true;
    return false;
}

void qhm_bench_print(const qhm_bench_report *report, FILE *out)
{
    fprintf(out, "qhm %s, %s, %u thread%s, ", qhm_version(), report->isa, report->threads,
            report->threads > 1 ? "s" : "");
    qhm_print_safe(out, report->processor);
    fputs("\nmultiply-add peak, Gflop/s:", out);
    for (int i = 0; i < 2; i++) {
        qhm_precision precision = i == 0 ? QHM_FLOAT32 : QHM_FLOAT64;
        fprintf(out, "%s %s %.0f on one thread", i > 0 ? ";" : "", precision_name(precision),
                report->peak_one[precision] * 1e-9);
        if (report->threads > 1)
            fprintf(out, ", %.0f on %u", report->peak_all[precision] * 1e-9, report->threads);
    }
    fputc('\n', out);
    for (int w = 0; w < QHM_BENCH_WORKLOAD_COUNT; w++)
        if (has_workload(report, (qhm_bench_workload)w))
            print_workload(report, (qhm_bench_workload)w, out);
}

static json_t *values_to_json(const qhm_bench_row *row)
{
    json_t *list = json_array();
    for (size_t i = 0; i < row->value_count; i++)
        json_array_append_new(list, qhm_json_number(row->values[i]));
    return list;
}

static json_t *row_to_json(const qhm_bench_row *row)
{
    json_t *object = json_pack(
        "{s:s, s:I, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "workload",
        qhm_bench_workload_information(row->workload)->name, "qubits", (json_int_t)row->qubits,
        "precision", precision_name(row->precision), "threads", (json_int_t)row->threads, "batch",
        (json_int_t)row->batch, "gates", (json_int_t)row->gates, "rounds", (json_int_t)row->rounds,
        "seconds", qhm_json_number(row->seconds), "fastest_seconds",
        qhm_json_number(row->fastest_seconds), "slowest_seconds",
        qhm_json_number(row->slowest_seconds), "state_bytes", (json_int_t)row->state_bytes,
        "sweep_seconds", qhm_json_number(row->sweep_seconds), "sweep_bytes_per_second",
        qhm_json_number(sweep_rate(row)), "sweeps", qhm_json_number(row->sweeps), "peak_share",
        qhm_json_number(row->peak_share));
    if (row->value_count > 0)
        json_object_set_new(object, "values", values_to_json(row));
    return object;
}

static json_t *peaks_to_json(const qhm_bench_report *report)
{
    json_t *list = json_array();
    for (int i = 0; i < 4; i++) {
        qhm_precision precision = i / 2 == 0 ? QHM_FLOAT32 : QHM_FLOAT64;
        bool all = i % 2 == 1;
        json_array_append_new(
            list, json_pack("{s:s, s:I, s:o}", "precision", precision_name(precision), "threads",
                            (json_int_t)(all ? report->threads : 1), "flops_per_second",
                            qhm_json_number(all ? report->peak_all[precision]
                                                : report->peak_one[precision])));
    }
    return list;
}

json_t *qhm_bench_to_json(const qhm_bench_report *report)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < report->row_count; i++)
        json_array_append_new(rows, row_to_json(&report->rows[i]));
    return json_pack("{s:s, s:s, s:o, s:I, s:o, s:o}", "version", qhm_version(), "instruction_set",
                     report->isa, "processor", qhm_json_text(report->processor), "threads",
                     (json_int_t)report->threads, "peaks", peaks_to_json(report), "rows", rows);
}
