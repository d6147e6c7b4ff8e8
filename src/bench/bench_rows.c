#include "bench/bench_rows.h"

#include "base/memory.h"
#include "base/text.h"
#include "bench/bench_internal.h"

static const qhm_bench_workload_info workloads[QHM_BENCH_WORKLOAD_COUNT] = {
    [QHM_BENCH_ANSATZ] = {"ansatz", "10 layers of RY, RZ and a CX chain, then <Z> of every qubit"},
    [QHM_BENCH_GRADIENT] = {"gradient", "the gradient of the sum of <Z> by all 20 n angles"},
    [QHM_BENCH_RANDOM] = {"random", "20 cycles of random square roots and CZ on a grid"},
    [QHM_BENCH_QFT] = {"qft", "the quantum Fourier transform, with its swaps"},
    [QHM_BENCH_QAOA] = {"qaoa", "4 layers of MaxCut on a random 3-regular graph"},
    [QHM_BENCH_STEP] = {"step", "a training step of a hybrid model"},
    [QHM_BENCH_COST_PER_GATE] = {"cost-per-gate", "a gate's time, by number of qubits"},
    [QHM_BENCH_NOISE] = {"noise", "10 layers of random gates and CZ with noise, exactly; then <Z>"},
    [QHM_BENCH_TRAJECTORIES] = {"trajectories", "the same by 32 shots, a random history each"},
    [QHM_BENCH_QAOA_GRADIENT] = {"qaoa-gradient", "the mean cost of qaoa and its 8 derivatives"},
};

const qhm_bench_workload_info *qhm_bench_workload_information(qhm_bench_workload workload)
{
    return &workloads[workload];
}

qhm_status qhm_bench_workload_find(const char *name, qhm_bench_workload *workload)
{
    const char *names[QHM_BENCH_WORKLOAD_COUNT];
    size_t index;
    QHM_REQUIRE(name && workload, "name or workload is NULL");
    for (size_t i = 0; i < QHM_BENCH_WORKLOAD_COUNT; i++)
        names[i] = workloads[i].name;
    QHM_TRY(qhm_find_name("workload", name, names, QHM_BENCH_WORKLOAD_COUNT, &index));
    *workload = (qhm_bench_workload)index;
    return QHM_OK;
}

enum { MOST_SIZES = 3, MOST_BATCHED_QUBITS = 16, LEAST_COST = 4, DEFAULT_COST = 24 };

// What is measured of a workload when nothing else is asked for.
typedef struct default_rows {
    qhm_bench_workload workload;
    bool is_batched;
    size_t sizes[MOST_SIZES]; // ends with 0
} default_rows;

static const default_rows defaults[] = {
    {QHM_BENCH_ANSATZ, true, {4, 8, 12}},   {QHM_BENCH_ANSATZ, false, {4, 8, 12}},
    {QHM_BENCH_GRADIENT, true, {4, 8, 12}}, {QHM_BENCH_GRADIENT, false, {12, 16, 20}},
    {QHM_BENCH_RANDOM, false, {24}},        {QHM_BENCH_QFT, false, {24}},
    {QHM_BENCH_QAOA, false, {24}},          {QHM_BENCH_STEP, true, {8}},
    {QHM_BENCH_NOISE, false, {12}},         {QHM_BENCH_TRAJECTORIES, false, {20}},
    {QHM_BENCH_QAOA_GRADIENT, false, {20}}, {QHM_BENCH_COST_PER_GATE, false, {0}}, // a range
};

enum { DEFAULT_COUNT = sizeof defaults / sizeof defaults[0] };

typedef struct row_list {
    const qhm_bench_options *options;
    qhm_bench_row *rows;
    size_t count, capacity;
} row_list;

// A row of each precision, float32 first.
static qhm_status append_size(row_list *list, const default_rows *kind, size_t qubits)
{
    const qhm_bench_options *options = list->options;
    const qhm_precision order[2] = {QHM_FLOAT32, QHM_FLOAT64};
    const size_t numbers =
        kind->workload == QHM_BENCH_NOISE ? (size_t)1 << 2 * qubits : (size_t)2 << qubits;
    QHM_TRY(qhm_bench_check_qubits(kind->workload, qubits));
    for (size_t i = 0; i < 2; i++) {
        if (!(options->precisions & 1U << order[i]))
            continue;
        QHM_TRY(qhm_reserve(list->count + 1, &list->capacity, sizeof *list->rows, &list->rows));
        list->rows[list->count++] = (qhm_bench_row){
            .workload = kind->workload,
            .precision = order[i],
            .qubits = qubits,
            .threads = options->threads,
            .batch = kind->is_batched ? options->batch : 1,
            .state_bytes = numbers * (order[i] == QHM_FLOAT32 ? 4 : 8),
        };
    }
    return QHM_OK;
}

static qhm_status append_kind(row_list *list, const default_rows *kind)
{
    size_t qubits = list->options->qubits;
    // Batches of one are the rows of single calls.
    if (kind->is_batched && list->options->batch == 1 && kind->workload != QHM_BENCH_STEP)
        return QHM_OK;
    if (kind->workload == QHM_BENCH_COST_PER_GATE) {
        for (size_t n = LEAST_COST; n <= (qubits > 0 ? qubits : DEFAULT_COST); n += 2)
            QHM_TRY(append_size(list, kind, n));
        return QHM_OK;
    }
    if (qubits > 0)
        return kind->is_batched && qubits > MOST_BATCHED_QUBITS ? QHM_OK
                                                                : append_size(list, kind, qubits);
    for (size_t i = 0; i < MOST_SIZES && kind->sizes[i] > 0; i++)
        QHM_TRY(append_size(list, kind, kind->sizes[i]));
    return QHM_OK;
}

qhm_status qhm_bench_list_rows(const qhm_bench_options *options, qhm_bench_row **rows,
                               size_t *count)
{
    row_list list = {.options = options};
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < DEFAULT_COUNT && status == QHM_OK; i++)
        if (options->workloads & 1U << defaults[i].workload)
            status = append_kind(&list, &defaults[i]);
    if (status == QHM_OK && list.count == 0)
        status = QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                          "nothing is measured at %zu qubits: batches go up to %d, cost-per-gate "
                          "begins at %d",
                          options->qubits, MOST_BATCHED_QUBITS, LEAST_COST);
    if (status != QHM_OK) {
        qhm_release(list.rows);
        return status;
    }
    *rows = list.rows;
    *count = list.count;
    return QHM_OK;
}
