// Four layers of QAOA on a random graph of degree 3: the mean cost, and with its gradient.
#include <qhm/backend.h>
#include <qhm/plan.h>
#include <qhm/qaoa.h>
#include <qhm/random.h>
#include <qhm/threads.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LAYERS = 4, TIMES = 5 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// A ring and a random perfect matching that repeats none of its edges.
static qhm_status create_graph(size_t nodes, qhm_ising **ising)
{
    size_t order[32];
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_USER, nodes, 0, 0);
    qhm_status status = qhm_ising_create(nodes, ising);
    for (bool found = false; !found;) {
        found = true;
        for (size_t i = 0; i < nodes; i++)
            order[i] = i;
        qhm_random_shuffle(&random, order, nodes);
        for (size_t i = 0; i < nodes; i += 2) {
            const size_t apart = (order[i] + nodes - order[i + 1]) % nodes;
            found = found && apart != 1 && apart != nodes - 1;
        }
    }
    for (size_t i = 0; i < nodes && status == QHM_OK; i++)
        status = qhm_ising_append_coupling(*ising, i, (i + 1) % nodes, 0.5);
    for (size_t i = 0; i < nodes && status == QHM_OK; i += 2)
        status = qhm_ising_append_coupling(*ising, order[i], order[i + 1], 0.5);
    return status;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *times)
{
    qsort(times, TIMES, sizeof *times, by_size);
    return times[TIMES / 2];
}

static qhm_status measure(const qhm_ising *ising, qhm_precision precision, const double *angles)
{
    qhm_qaoa *qaoa;
    double times[2][TIMES], cost, gradient[2 * LAYERS];
    qhm_status status = qhm_qaoa_create(
        ising, &(qhm_qaoa_options){.layers = LAYERS, .precision = precision}, &qaoa);
    if (status != QHM_OK)
        return status;
    for (int i = -1; i < TIMES && status == QHM_OK; i++)
        for (int kind = 0; kind < 2 && status == QHM_OK; kind++) {
            const double start = seconds();
            status = qhm_qaoa_run(qaoa, angles, &cost, kind ? gradient : NULL);
            if (i >= 0)
                times[kind][i] = seconds() - start;
        }
    if (status == QHM_OK)
        printf("%2zu qubits, %s: mean cost %9.3f ms, with gradient %9.3f ms\n",
               qhm_ising_spin_count(ising), precision == QHM_FLOAT32 ? "float32" : "float64",
               1e3 * median(times[0]), 1e3 * median(times[1]));
    qhm_qaoa_destroy(qaoa);
    return status;
}

// The same by a plan of the circuit, which knows nothing of costs.
static qhm_status measure_circuit(const qhm_ising *ising, const double *angles)
{
    qhm_circuit *circuit = NULL;
    qhm_observable *observable = NULL;
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    double times[2], cost, gradient[2 * LAYERS];
    const double one = 1;
    qhm_request request = {.batch_count = 1, .weights = angles, .expectations = &cost};
    qhm_status status =
        qhm_qaoa_circuit_create(ising, &(qhm_qaoa_circuit_options){.layers = LAYERS}, &circuit);
    if (status == QHM_OK)
        status = qhm_ising_observable(ising, &observable);
    if (status == QHM_OK)
        status = qhm_backend_create("statevector", NULL, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(backend, circuit, (const qhm_observable *const[]){observable}, 1,
                                 &(qhm_plan_options){.max_batch = 1}, &plan);
    for (int i = 0; i < 4 && status == QHM_OK; i++) {
        request.cotangents = i % 2 ? &one : NULL;
        request.weight_gradients = i % 2 ? gradient : NULL;
        const double start = seconds();
        status = qhm_plan_run(plan, &request);
        times[i % 2] = seconds() - start;
    }
    if (status == QHM_OK)
        printf("%2zu qubits, as a circuit, float64: %9.3f ms, with gradient %9.3f ms\n",
               qhm_ising_spin_count(ising), 1e3 * times[0], 1e3 * times[1]);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
    return status;
}

int main(void)
{
    static const size_t sizes[] = {20, 24};
    double angles[2 * LAYERS];
    qhm_status status = qhm_qaoa_fixed_angles(LAYERS, angles);
    printf("QAOA, %d layers, degree 3, %u threads, medians of %d\n", LAYERS, qhm_threads_count(),
           TIMES);
    for (size_t i = 0; i < 2 && status == QHM_OK; i++) {
        qhm_ising *ising;
        status = create_graph(sizes[i], &ising);
        if (status == QHM_OK)
            status = measure(ising, QHM_FLOAT32, angles);
        if (status == QHM_OK)
            status = measure(ising, QHM_FLOAT64, angles);
        if (status == QHM_OK && sizes[i] == 20)
            status = measure_circuit(ising, angles);
        qhm_ising_destroy(ising);
    }
    if (status != QHM_OK)
        fprintf(stderr, "%s\n", qhm_error_message());
    return status == QHM_OK ? 0 : 1;
}
