// Circuits and gradient-circuits per second of the hardware-efficient ansatz: 10 layers of RY and
// RZ on every qubit and a chain of CX, then <Z> of every qubit. Every sample has its own angles.
//
// Beside each rate stands the machine's own limit, measured in the same run: counted operations
// per second as a share of the multiply-add peak of the register width in use. All figures are
// medians of interleaved rounds.
#include "base/cpu.h"

#include <qhm/plan.h>
#include <qhm/random.h>
#include <qhm/threads.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LAYERS = 10, BATCH = 64, ROUNDS = 7, MAX_QUBITS = 12, CASES = 3 * 2 * 2, KINDS = 3 };

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void check(qhm_status status)
{
    if (status == QHM_OK)
        return;
    fprintf(stderr, "%s: %s\n", qhm_status_name(status), qhm_error_message());
    exit(1);
}

static qhm_circuit *make_ansatz(uint32_t qubits)
{
    qhm_circuit *circuit;
    check(qhm_circuit_create(qubits, 0, &circuit));
    uint32_t next = 0;
    for (int layer = 0; layer < LAYERS; layer++) {
        for (uint32_t q = 0; q < qubits; q++) {
            qhm_angle y = qhm_angle_input(next++, 1), z = qhm_angle_input(next++, 1);
            check(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &y));
            check(qhm_circuit_append(circuit, QHM_GATE_RZ, &q, &z));
        }
        for (uint32_t q = 0; q + 1 < qubits; q++)
            check(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q, q + 1}, NULL));
    }
    return circuit;
}

// One line of the table: what is measured, and its seconds per sample in every round.
typedef struct bench_case {
    uint32_t qubits;
    qhm_precision precision;
    unsigned threads;
    qhm_plan *plan;
    double seconds[KINDS][ROUNDS]; // batched forward, single calls, batched gradient
} bench_case;

static double inputs[BATCH * 20 * MAX_QUBITS], gradients[BATCH * 20 * MAX_QUBITS];
static double values[BATCH * MAX_QUBITS], cotangents[BATCH * MAX_QUBITS];

static void run_once(const bench_case *c, int kind)
{
    qhm_request request = {.batch_count = BATCH, .inputs = inputs, .expectations = values};
    if (kind == 2) {
        request.expectations = NULL;
        request.cotangents = cotangents;
        request.input_gradients = gradients;
    }
    if (kind != 1) {
        check(qhm_plan_run(c->plan, &request));
        return;
    }
    request.batch_count = 1;
    for (int i = 0; i < BATCH; i++) {
        request.inputs = inputs + i * 20 * (int)c->qubits;
        check(qhm_plan_run(c->plan, &request));
    }
}

static double seconds_per_sample(const bench_case *c, int kind)
{
    check(qhm_threads_set_count(c->threads));
    run_once(c, kind);
    int repeats = 0;
    double start = now_seconds(), spent = 0;
    while (spent < 0.01) {
        run_once(c, kind);
        repeats++;
        spent = now_seconds() - start;
    }
    return spent / repeats / BATCH;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *seconds)
{
    double sorted[ROUNDS];
    memcpy(sorted, seconds, sizeof sorted);
    qsort(sorted, ROUNDS, sizeof *sorted, compare_doubles);
    return sorted[ROUNDS / 2];
}

// Float multiply-adds of one thread, two operations each: ten independent chains of registers of
// the width that the kernels use. 0 where there is no such instruction set.
#if defined(__x86_64__)
enum { FMA_ROUNDS = 1000000 };
#define FMA_PEAK(name, bytes, flags, constraint)                                                   \
    typedef float name##_vector __attribute__((vector_size(bytes)));                               \
    __attribute__((target(flags), optimize("fp-contract=fast"))) static double name(void)          \
    {                                                                                              \
        name##_vector sums[10] = {{0}}, x = {0.5F}, y = {0.25F};                                   \
        double start = now_seconds();                                                              \
        for (int i = 0; i < FMA_ROUNDS; i++)                                                       \
            for (int j = 0; j < 10; j++) {                                                         \
                sums[j] = sums[j] * x + y;                                                         \
                __asm__ volatile("" : "+" constraint(sums[j]));                                    \
            }                                                                                      \
        return FMA_ROUNDS * 10.0 * (bytes) / 4 * 2 / (now_seconds() - start);                      \
    }
FMA_PEAK(fma_avx2, 32, "avx2,fma", "x")
FMA_PEAK(fma_avx512, 64, "avx512f", "v")
#endif

static double fma_peak(void)
{
#if defined(__x86_64__)
    if (qhm_cpu_isa() == QHM_ISA_AVX512)
        return fma_avx512();
    if (qhm_cpu_isa() == QHM_ISA_AVX2)
        return fma_avx2();
#endif
    return 0;
}

// Bytes read and written per second by one thread in an array far larger than the caches.
static double bandwidth(float *array, size_t count)
{
    double start = now_seconds();
    for (size_t i = 0; i < count; i++)
        array[i] += 1;
    return 2 * (double)(count * sizeof *array) / (now_seconds() - start);
}

static void make_case(bench_case *c, qhm_backend *backend, size_t index)
{
    static const uint32_t sizes[] = {4, 8, 12};
    c->qubits = sizes[index / 4];
    c->precision = index / 2 % 2 ? QHM_FLOAT64 : QHM_FLOAT32;
    c->threads = 1 + (unsigned)(index % 2);
    check(qhm_threads_set_count(c->threads));
    qhm_circuit *circuit = make_ansatz(c->qubits);
    qhm_observable *observables[MAX_QUBITS];
    for (uint32_t q = 0; q < c->qubits; q++) {
        check(qhm_observable_create(&observables[q]));
        check(qhm_observable_append(observables[q], 1, &(qhm_pauli_factor){q, QHM_PAULI_Z}, 1));
    }
    qhm_plan_options options = {.precision = c->precision};
    check(qhm_plan_create(backend, circuit, (const qhm_observable *const *)observables, c->qubits,
                          &options, &c->plan));
    for (uint32_t q = 0; q < c->qubits; q++)
        qhm_observable_destroy(observables[q]);
    qhm_circuit_destroy(circuit);
}

static void print_case(const bench_case *c, double peak)
{
    double forward = median(c->seconds[0]), single = median(c->seconds[1]),
           gradient = median(c->seconds[2]);
    double rate = (double)qhm_plan_flops(c->plan) / forward;
    peak *= c->threads * (c->precision == QHM_FLOAT64 ? 0.5 : 1);
    printf("%2u  float%d  %7u  %12.0f  %10.0f  %5.1fx  %12.0f  %8.1f  ", c->qubits,
           c->precision == QHM_FLOAT64 ? 64 : 32, c->threads, 1 / forward, 1 / single,
           single / forward, 1 / gradient, rate * 1e-9);
    if (peak > 0)
        printf("%5.0f %%\n", 100 * rate / peak);
    else
        printf("      -\n");
}

int main(void)
{
    static bench_case cases[CASES];
    static double peaks[ROUNDS], bandwidths[ROUNDS];
    const size_t count = (size_t)1 << 24;
    float *array = calloc(count, sizeof *array);
    qhm_backend *backend;
    if (!array)
        return 1;
    check(qhm_backend_create("statevector", NULL, &backend));
    qhm_random random = qhm_random_stream(5, QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
        inputs[i] = 6.28 * qhm_random_uniform(&random) - 3.14;
    for (size_t i = 0; i < sizeof cotangents / sizeof cotangents[0]; i++)
        cotangents[i] = 1;
    for (size_t i = 0; i < CASES; i++)
        make_case(&cases[i], backend, i);
    for (int round = 0; round < ROUNDS; round++) {
        peaks[round] = fma_peak();
        bandwidths[round] = bandwidth(array, count);
        for (size_t i = 0; i < CASES; i++)
            for (int kind = 0; kind < KINDS; kind++)
                cases[i].seconds[kind][round] = seconds_per_sample(&cases[i], kind);
    }
    double peak = median(peaks);
    printf("state vector, %d layers of RY RZ and a CX chain, all <Z>, batch %d, %s; one thread: "
           "%.0f Gflop/s, %.0f GB/s\n",
           LAYERS, BATCH, qhm_isa_text(qhm_cpu_isa()), peak * 1e-9, median(bandwidths) * 1e-9);
    printf(
        " n  precision threads  circuits/s   one by one  ratio   gradients/s   Gflop/s  of peak\n");
    for (size_t i = 0; i < CASES; i++) {
        print_case(&cases[i], peak);
        qhm_plan_destroy(cases[i].plan);
    }
    qhm_backend_destroy(backend);
    free(array);
    return 0;
}
