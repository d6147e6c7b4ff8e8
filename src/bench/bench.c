// The bench: rows take turns, round by round, each beside the machine's limits.
#include "base/cpu.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/statistics.h"
#include "bench/bench_internal.h"
#include "bench/bench_rows.h"
#include "bench/machine_limits.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    DEFAULT_BATCH = 64,
    DEFAULT_ROUNDS = 7,
    MOST_ROUNDS = 1000,
    MOST_BATCH = 1 << 20,
    LONG_ROUNDS = 3
};

// A call is repeated until it takes so long that the clock does not matter.
static const double SHORTEST_SECONDS = 0.004, SHORT_SECONDS = 0.1, DEFAULT_SECONDS = 1;

// A row while it is measured.
typedef struct running_row {
    qhm_bench_row *row;
    const qhm_bench_subject *subject;
    void *state;
    size_t repeats;  // calls a round
    double spent;    // seconds
    double *seconds; // [rounds]
    double *sweeps;  // [rounds]
} running_row;

// Rows that take turns: as many as fit into memory together.
typedef struct row_group {
    running_row *rows;
    size_t count;
    size_t rounds;  // at most
    double seconds; // a row, at least
    unsigned threads;
    void *array;         // that sweeps run over
    double *peaks[2][2]; // [precision][all threads][rounds]
    size_t peak_count;
} row_group;

static bool is_batched(const qhm_bench_row *row)
{
    return row->batch > 1;
}

// States that one value of `seconds` stands for.
static double states_in_seconds(const qhm_bench_row *row)
{
    return row->workload == QHM_BENCH_STEP ? (double)row->batch : 1;
}

static size_t sweep_bytes(const qhm_bench_row *row)
{
    return row->state_bytes * (is_batched(row) ? row->threads : 1);
}

// What a row may hold at once: the state, for a gradient two more, and the engine's work space.
static size_t needed_bytes(const qhm_bench_row *row)
{
    const bool is_gradient =
        row->workload == QHM_BENCH_GRADIENT || row->workload == QHM_BENCH_QAOA_GRADIENT;
    return row->state_bytes * (is_gradient ? 4 : 2);
}

static void close_group(row_group *group)
{
    for (size_t i = 0; group->rows && i < group->count; i++) {
        running_row *running = &group->rows[i];
        if (running->state)
            running->subject->destroy(running->state);
        qhm_release(running->seconds);
        qhm_release(running->sweeps);
    }
    for (size_t p = 0; p < 4; p++)
        qhm_release(group->peaks[p / 2][p % 2]);
    qhm_release(group->array);
    qhm_release(group->rows);
}

static void keep_round(running_row *running, double call_seconds, const row_group *group)
{
    qhm_bench_row *row = running->row;
    double states = states_in_seconds(row);
    running->seconds[row->rounds] = call_seconds / (double)row->batch * states;
    running->sweeps[row->rounds] =
        states *
        qhm_machine_sweep_seconds(group->array, row->state_bytes, row->threads, is_batched(row));
    row->rounds++;
}

static qhm_status open_row(running_row *running, const row_group *group)
{
    qhm_bench_row *row = running->row;
    running->subject = row->workload == QHM_BENCH_STEP            ? &qhm_bench_step_subject
                       : row->workload == QHM_BENCH_QAOA_GRADIENT ? &qhm_bench_qaoa_subject
                                                                  : &qhm_bench_plan_subject;
    QHM_TRY(qhm_allocate(group->rounds, sizeof(double), &running->seconds));
    QHM_TRY(qhm_allocate(group->rounds, sizeof(double), &running->sweeps));
    return running->subject->create(row, &running->state);
}

// Runs once, so that memory is touched and the number of repeats is known. What takes far too long
// is not run again: that run is its only round.
static qhm_status warm_up(running_row *running, const row_group *group, bool with_values)
{
    qhm_bench_row *row = running->row;
    if (with_values)
        QHM_TRY(running->subject->values(running->state, &row->values, &row->value_count));
    double start = qhm_bench_now_seconds();
    QHM_TRY(running->subject->run(running->state));
    double once = qhm_bench_now_seconds() - start;
    if (once < SHORT_SECONDS) {
        start = qhm_bench_now_seconds();
        QHM_TRY(running->subject->run(running->state));
        once = qhm_bench_now_seconds() - start;
    }
    if (once > LONG_ROUNDS * group->seconds) {
        running->spent = once;
        keep_round(running, once, group);
    }
    running->repeats = once < SHORTEST_SECONDS ? (size_t)(SHORTEST_SECONDS / once) + 1 : 1;
    return QHM_OK;
}

static qhm_status open_group(row_group *group, qhm_bench_row *rows, bool with_values)
{
    size_t largest = 0;
    QHM_TRY(qhm_allocate(group->count, sizeof *group->rows, &group->rows));
    for (size_t p = 0; p < 4; p++)
        QHM_TRY(qhm_allocate(group->rounds, sizeof(double), &group->peaks[p / 2][p % 2]));
    for (size_t i = 0; i < group->count; i++) {
        group->rows[i].row = &rows[i];
        QHM_TRY(open_row(&group->rows[i], group));
        largest = sweep_bytes(&rows[i]) > largest ? sweep_bytes(&rows[i]) : largest;
    }
    QHM_TRY(qhm_allocate(largest, 1, &group->array));
    for (size_t i = 0; i < group->count; i++)
        QHM_TRY(warm_up(&group->rows[i], group, with_values));
    return QHM_OK;
}

static qhm_status measure_row(running_row *running, const row_group *group)
{
    double start = qhm_bench_now_seconds();
    for (size_t i = 0; i < running->repeats; i++)
        QHM_TRY(running->subject->run(running->state));
    double spent = qhm_bench_now_seconds() - start;
    running->spent += spent;
    keep_round(running, spent / (double)running->repeats, group);
    return QHM_OK;
}

static qhm_status measure_group(row_group *group)
{
    for (size_t round = 0, waiting = 1; round < group->rounds && waiting > 0; round++) {
        for (int p = 0; p < 2; p++)
            for (int all = 0; all < 2; all++)
                group->peaks[p][all][round] =
                    qhm_machine_peak((qhm_precision)p, all ? group->threads : 1);
        group->peak_count = round + 1;
        waiting = 0;
        for (size_t i = 0; i < group->count; i++) {
            if (group->rows[i].spent < group->seconds)
                QHM_TRY(measure_row(&group->rows[i], group));
            waiting += group->rows[i].spent < group->seconds;
        }
    }
    return QHM_OK;
}

static qhm_status sum_up(const running_row *running, const qhm_bench_report *report)
{
    qhm_bench_row *row = running->row;
    QHM_TRY(qhm_statistics_median(running->seconds, row->rounds, &row->seconds));
    QHM_TRY(qhm_statistics_median(running->sweeps, row->rounds, &row->sweep_seconds));
    row->fastest_seconds = row->slowest_seconds = running->seconds[0];
    for (size_t i = 1; i < row->rounds; i++) {
        row->fastest_seconds = fmin(row->fastest_seconds, running->seconds[i]);
        row->slowest_seconds = fmax(row->slowest_seconds, running->seconds[i]);
    }
    row->sweeps = row->seconds / row->sweep_seconds;
    double flops = running->subject->flops(running->state);
    row->peak_share = flops > 0 ? flops / row->seconds / report->peak_all[row->precision] : NAN;
    return QHM_OK;
}

static qhm_status sum_up_group(const row_group *group, qhm_bench_report *report)
{
    for (int p = 0; p < 2; p++) {
        QHM_TRY(qhm_statistics_median(group->peaks[p][0], group->peak_count, &report->peak_one[p]));
        QHM_TRY(qhm_statistics_median(group->peaks[p][1], group->peak_count, &report->peak_all[p]));
    }
    for (size_t i = 0; i < group->count; i++)
        QHM_TRY(sum_up(&group->rows[i], report));
    return QHM_OK;
}

static qhm_status measure_rows(const qhm_bench_options *options, qhm_bench_report *report)
{
    qhm_status status = QHM_OK;
    for (size_t first = 0, last; first < report->row_count && status == QHM_OK; first = last) {
        size_t room = qhm_memory_available_bytes() / 3;
        for (last = first; last < report->row_count; last++) {
            size_t needed = needed_bytes(&report->rows[last]) + sweep_bytes(&report->rows[last]);
            if (needed > room && last > first)
                break;
            room -= needed < room ? needed : room;
        }
        row_group group = {
            .count = last - first,
            .rounds = options->rounds,
            .seconds = options->seconds,
            .threads = options->threads,
        };
        status = open_group(&group, report->rows + first, options->with_values);
        if (status == QHM_OK)
            status = measure_group(&group);
        if (status == QHM_OK)
            status = sum_up_group(&group, report);
        close_group(&group);
    }
    return status;
}

static void name_processor(char *name, size_t size)
{
    char *text;
    size_t count;
    snprintf(name, size, "unknown processor");
    if (qhm_file_read("/proc/cpuinfo", (size_t)1 << 24, &text, &count) != QHM_OK)
        return;
    const char *line = strstr(text, "model name");
    const char *value = line ? strchr(line, ':') : NULL;
    if (value) {
        value += strspn(value, ": \t");
        snprintf(name, size, "%.*s", (int)strcspn(value, "\n"), value);
    }
    qhm_release(text);
}

static qhm_status resolve(const qhm_bench_options *options, qhm_bench_options *resolved)
{
    const unsigned all = (1U << QHM_BENCH_WORKLOAD_COUNT) - 1, both = 3;
    *resolved = options ? *options : (qhm_bench_options){0};
    QHM_REQUIRE(resolved->workloads <= all, "workloads is %#x, which names more than there are",
                resolved->workloads);
    QHM_REQUIRE(resolved->precisions <= both, "precisions is %#x, which names more than there are",
                resolved->precisions);
    QHM_REQUIRE(resolved->threads <= 1024, "threads is %u, not 1 to 1024", resolved->threads);
    QHM_REQUIRE(resolved->batch <= MOST_BATCH, "batch is %zu, not 1 to %d", resolved->batch,
                MOST_BATCH);
    QHM_REQUIRE(resolved->rounds <= MOST_ROUNDS, "rounds is %zu, not 1 to %d", resolved->rounds,
                MOST_ROUNDS);
    QHM_REQUIRE(resolved->seconds >= 0 && resolved->seconds < 1e6,
                "seconds is %g, not above 0 and below 1e6", resolved->seconds);
    if (resolved->workloads == 0)
        resolved->workloads = all & ~(1U << QHM_BENCH_COST_PER_GATE);
    if (resolved->precisions == 0)
        resolved->precisions = both;
    if (resolved->threads == 0)
        resolved->threads = qhm_parallel_thread_count();
    if (resolved->batch == 0)
        resolved->batch = DEFAULT_BATCH;
    if (resolved->rounds == 0)
        resolved->rounds = DEFAULT_ROUNDS;
    if (resolved->seconds == 0)
        resolved->seconds = DEFAULT_SECONDS;
    return QHM_OK;
}

qhm_status qhm_bench_run(const qhm_bench_options *options, qhm_bench_report **report)
{
    qhm_bench_options resolved;
    qhm_bench_report *made;
    QHM_REQUIRE(report, "report is NULL");
    QHM_TRY(resolve(options, &resolved));
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    name_processor(made->processor, sizeof made->processor);
    made->isa = qhm_isa_text(qhm_cpu_isa());
    made->threads = resolved.threads;
    unsigned threads_before = qhm_parallel_thread_count();
    qhm_parallel_set_thread_count(resolved.threads);
    qhm_status status = qhm_bench_list_rows(&resolved, &made->rows, &made->row_count);
    if (status == QHM_OK)
        status = measure_rows(&resolved, made);
    qhm_parallel_set_thread_count(threads_before);
    if (status != QHM_OK) {
        qhm_bench_report_destroy(made);
        return status;
    }
    *report = made;
    return QHM_OK;
}

void qhm_bench_report_destroy(qhm_bench_report *report)
{
    if (!report)
        return;
    for (size_t i = 0; i < report->row_count; i++)
        qhm_release(report->rows[i].values);
    qhm_release(report->rows);
    qhm_release(report);
}
