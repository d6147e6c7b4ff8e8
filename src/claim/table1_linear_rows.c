// Rows of Table 1 about vectors and matrices.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "claim/table1_internal.h"

#include <math.h>
#include <qhm/linear_solver.h>
#include <qhm/overlap.h>
#include <string.h>

typedef struct product {
    size_t n;
    const double *matrix, *x;
    double *y;
} product;

// In eight lanes, which vector instructions take at once.
double qhm_table1_dot(const double *a, const double *b, size_t n)
{
    double lanes[8] = {0}, sum = 0;
    for (size_t i = 0; i < n; i += 8)
        for (size_t k = 0; k < 8; k++)
            lanes[k] += a[i + k] * b[i + k];
    for (size_t k = 0; k < 8; k++)
        sum += lanes[k];
    return sum;
}

// 1 on the diagonal and 0.2 beside it: eigenvalues from 0.6 to 1.4, whatever the size.
static void fill_band(size_t n, double *matrix)
{
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t i = 0; i < n; i++) {
        matrix[i * n + i] = 1;
        if (i + 1 < n)
            matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = 0.2;
    }
}

static qhm_status solve(size_t index, uint64_t seed, qhm_table1_quantum *point)
{
    enum { CLOCK = 4 };
    const size_t qubits = index + 1, n = (size_t)1 << qubits;
    double matrix[256], b[16];
    qhm_circuit *circuit;
    qhm_complex *amplitudes = NULL;
    double kept = 0;
    *point = (qhm_table1_quantum){.n = (double)n};
    fill_band(n, matrix);
    qhm_table1_draw(seed, 8, b, n);
    QHM_TRY(qhm_linear_solver_create(
        qubits, matrix, b,
        &(qhm_linear_solver_options){.clock_qubits = CLOCK, .time = 4, .constant = 0.55},
        &circuit));
    qhm_status status = qhm_counted_state(circuit, NULL, &amplitudes);
    const size_t ancilla = (size_t)1 << (qubits + CLOCK);
    for (size_t i = 0; i < n && status == QHM_OK; i++) { // clock 0, ancilla 1
        const qhm_complex a = amplitudes[ancilla + i];
        kept += a.re * a.re + a.im * a.im;
    }
    qhm_release(amplitudes);
    if (status == QHM_OK)
        status = qhm_table1_charge(circuit, qhm_table1_read_runs(point->n) / kept,
                                   2 * ((1 << CLOCK) - 1), point);
    qhm_circuit_destroy(circuit);
    return status;
}

typedef struct band {
    size_t n;
    const double *b;
    double *upper, *x; // [n]
} band;

// Elimination on three diagonals.
static double solve_here(void *context)
{
    const band *s = context;
    double pivot = 1;
    s->upper[0] = 0.2;
    s->x[0] = s->b[0];
    for (size_t i = 1; i < s->n; i++) {
        pivot = 1 - 0.2 * s->upper[i - 1];
        s->upper[i] = 0.2 / pivot;
        s->x[i] = (s->b[i] - 0.2 * s->x[i - 1]) / pivot;
    }
    for (size_t i = s->n - 1; i-- > 0;)
        s->x[i] -= s->upper[i] * s->x[i + 1];
    return s->x[0];
}

static qhm_status time_solve(size_t index, uint64_t seed, qhm_table1_classical *point)
{
    const size_t n = (size_t)64 << 2 * index;
    double *numbers;
    QHM_TRY(qhm_allocate(3 * n, sizeof *numbers, &numbers));
    qhm_table1_draw(seed, 9, numbers, n);
    band s = {n, numbers, numbers + n, numbers + 2 * n};
    *point = (qhm_table1_classical){(double)n, qhm_table1_time(solve_here, &s)};
    qhm_release(numbers);
    return QHM_OK;
}

const qhm_table1_row qhm_table1_linear_system = {
    .info = {.name = "linear-system",
             .operation = "Solving linear system (s-sparse)",
             .classical = "O(N s kappa log(1/eps))",
             .quantum = "O(log N s^2 kappa^2 / eps) (HHL algorithm, exponential speedup in N)",
             .task = "a system of three diagonals and condition 2.3, solved by the algorithm of "
                     "Harrow, Hassidim and Lloyd with a clock of 4 bits and read to a 2-norm of "
                     "0.1; elimination on the processor"},
    .query = "uses of e^{iAt}",
    .sentence = "e^{iAt} is expanded as a matrix here, of 4^n gates for n qubits, up to 16 "
                "unknowns; with an oracle for it at no price, loading b and reading x alone are of "
                "order n^2 gates.",
    .quantum_sizes = 4,
    .classical_sizes = 6,
    .first = 0,
    .measure = solve,
    .time = time_solve,
};

static qhm_status overlap(size_t index, uint64_t seed, qhm_table1_quantum *point)
{
    const size_t qubits = index + 1;
    qhm_circuit *a = NULL, *b = NULL, *test = NULL;
    *point = (qhm_table1_quantum){.n = exp2((double)qubits)};
    qhm_status status = qhm_table1_load(qubits, seed, &a);
    if (status == QHM_OK)
        status = qhm_table1_load(qubits, seed + 1, &b);
    if (status == QHM_OK)
        status = qhm_overlap_circuit_create(QHM_OVERLAP_DESTRUCTIVE, a, b, &test);
    if (status == QHM_OK)
        status = qhm_table1_count_gates(test, &point->gates, &point->depth);
    qhm_circuit_destroy(a);
    qhm_circuit_destroy(b);
    qhm_circuit_destroy(test);
    point->runs = ceil(qhm_overlap_shots(QHM_OVERLAP_DESTRUCTIVE, 0.25, 0.01, 0.95));
    point->queries = 2 * point->runs;
    point->gates *= point->runs;
    point->depth *= point->runs;
    return status;
}

static double multiply_rows(void *context)
{
    const product *p = context;
    return qhm_table1_dot(p->matrix, p->x, p->n);
}

static qhm_status time_overlap(size_t index, uint64_t seed, qhm_table1_classical *point)
{
    const size_t n = (size_t)64 << 2 * index;
    double *numbers;
    QHM_TRY(qhm_allocate(2 * n, sizeof *numbers, &numbers));
    qhm_table1_draw(seed, 10, numbers, 2 * n);
    product p = {n, numbers, numbers + n, NULL};
    *point = (qhm_table1_classical){(double)n, qhm_table1_time(multiply_rows, &p)};
    qhm_release(numbers);
    return QHM_OK;
}

const qhm_table1_row qhm_table1_inner_product = {
    .info = {.name = "inner-product",
             .operation = "Distance / inner product",
             .classical = "O(d) for vectors in R^d",
             .quantum = "O(1) with quantum state overlap (assuming states prepared)",
             .task = "the squared overlap of two vectors of n numbers to 0.01 with 95 %, by the "
                     "destructive SWAP test"},
    .query = "states prepared",
    .sentence = "The number of runs does not depend on n; preparing both vectors in every run "
                "does, and takes more than the product itself.",
    .quantum_sizes = 8,
    .classical_sizes = 6,
    .first = 2,
    .measure = overlap,
    .time = time_overlap,
};

static qhm_status encode(size_t index, uint64_t seed, qhm_table1_quantum *point)
{
    qhm_circuit *load;
    *point = (qhm_table1_quantum){.n = exp2((double)index + 2), .queries = 1};
    QHM_TRY(qhm_table1_load(index + 2, seed, &load));
    const qhm_status status = qhm_table1_count_gates(load, &point->gates, &point->depth);
    qhm_circuit_destroy(load);
    return status;
}

static double copy_here(void *context)
{
    const product *p = context;
    memcpy(p->y, p->x, p->n * sizeof *p->x);
    return p->y[p->n - 1];
}

static qhm_status time_copy(size_t index, uint64_t seed, qhm_table1_classical *point)
{
    const size_t n = (size_t)64 << 2 * index;
    double *numbers;
    QHM_TRY(qhm_allocate(2 * n, sizeof *numbers, &numbers));
    qhm_table1_draw(seed, 12, numbers, n);
    product p = {n, NULL, numbers, numbers + n};
    *point = (qhm_table1_classical){(double)n, qhm_table1_time(copy_here, &p)};
    qhm_release(numbers);
    return QHM_OK;
}

const qhm_table1_row qhm_table1_data_encoding = {
    .info = {.name = "data-encoding",
             .operation = "Data encoding overhead",
             .classical = "not applicable (data is in memory directly)",
             .quantum = "may require O(N) operations to load N amplitudes (quantum RAM can reduce "
                        "this if available)",
             .task = "n numbers into amplitudes once, not read; a copy in memory on the processor"},
    .query = "loads",
    .sentence = "Two gates a number, one after another, in every run. Quantum RAM lowers the "
                "depth, not the gates.",
    .quantum_sizes = 8,
    .classical_sizes = 6,
    .first = 2,
    .measure = encode,
    .time = time_copy,
};
