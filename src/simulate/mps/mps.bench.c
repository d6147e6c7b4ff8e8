// Matrix product states: circuits of many qubits whose bonds are small, and the time of a cut at
// large bonds beside that of the same product of matrices.
#include "linalg/complex_factor.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>
#include <qhm/plan.h>
#include <qhm/random.h>
#include <stdio.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static qhm_status append(qhm_circuit *circuit, qhm_gate gate, uint32_t a, uint32_t b, double angle)
{
    const qhm_angle constant = qhm_angle_constant(angle);
    return qhm_circuit_append(circuit, gate, (uint32_t[]){a, b}, &constant);
}

// One excitation spread over a line.
static qhm_status make_w(qhm_circuit *circuit)
{
    const uint32_t n = (uint32_t)qhm_circuit_qubit_count(circuit);
    qhm_status status = append(circuit, QHM_GATE_X, 0, 0, 0);
    for (uint32_t q = 0; status == QHM_OK && q + 1 < n; q++) {
        status = append(circuit, QHM_GATE_CRY, q, q + 1, 2 * acos(sqrt(1.0 / (n - q))));
        if (status == QHM_OK)
            status = append(circuit, QHM_GATE_CX, q + 1, q, 0);
    }
    return status;
}

static qhm_status make_ghz(qhm_circuit *circuit)
{
    const uint32_t n = (uint32_t)qhm_circuit_qubit_count(circuit);
    qhm_status status = append(circuit, QHM_GATE_H, 0, 0, 0);
    for (uint32_t q = 1; status == QHM_OK && q < n; q++)
        status = append(circuit, QHM_GATE_CX, 0, q, 0);
    return status;
}

// Layers of rotations and nearest neighbours, as a field quench has them.
static qhm_status make_layers(qhm_circuit *circuit)
{
    const uint32_t n = (uint32_t)qhm_circuit_qubit_count(circuit);
    qhm_status status = QHM_OK;
    for (uint32_t layer = 0; layer < 6; layer++) {
        for (uint32_t q = 0; status == QHM_OK && q < n; q++)
            status = append(circuit, QHM_GATE_RX, q, 0, 0.9);
        for (uint32_t q = 0; status == QHM_OK && q + 1 < n; q++)
            status = append(circuit, QHM_GATE_RZZ, q, q + 1, 0.7);
    }
    return status;
}

static qhm_status run(const char *name, size_t qubits, qhm_status (*make)(qhm_circuit *))
{
    qhm_circuit *circuit = NULL;
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    uint64_t *samples = NULL;
    enum { SHOTS = 1000 };
    qhm_status status = qhm_circuit_create(qubits, 0, &circuit);
    if (status == QHM_OK)
        status = make(circuit);
    if (status == QHM_OK)
        status = qhm_backend_create("mps", NULL, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan);
    if (status == QHM_OK)
        status = qhm_allocate(SHOTS * ((qubits + 63) / 64), sizeof *samples, &samples);
    qhm_request request = {.batch_count = 1, .shots = 1, .samples = samples};
    double start = seconds(), one = 0, all = 0;
    if (status == QHM_OK)
        status = qhm_plan_run(plan, &request);
    one = seconds() - start;
    request.shots = SHOTS;
    start = seconds();
    if (status == QHM_OK)
        status = qhm_plan_run(plan, &request);
    all = seconds() - start;
    if (status == QHM_OK)
        printf("mps %-7s %4zu qubits: %8.2f ms, %7.2f us a shot, largest bond %zu, lost %.1e\n",
               name, qubits, 1e3 * one, 1e6 * (all - one) / (SHOTS - 1),
               qhm_plan_accuracy(plan).largest_bond, qhm_plan_accuracy(plan).truncation_error);
    qhm_release(samples);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
    return status;
}

// Singular values of a two-qubit block of this bond, and a product of the same size.
static qhm_status cut(size_t bond)
{
    const size_t n = 2 * bond;
    qhm_complex *a, *b, *c;
    double *values = NULL;
    qhm_factor_work work = {0};
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_USER, 0, 0, 0);
    QHM_TRY(qhm_allocate(3 * n * n, sizeof *a, &a));
    qhm_status status = qhm_allocate(n, sizeof *values, &values);
    b = a + n * n;
    c = b + n * n;
    for (size_t i = 0; i < 2 * n * n; i++)
        a[i] = (qhm_complex){qhm_random_normal(&random), qhm_random_normal(&random)};
    int token = qhm_serial_begin();
    double start = seconds();
    qhm_complex_multiply(n, n, n, a, b, c);
    double product = seconds() - start;
    start = seconds();
    if (status == QHM_OK)
        status = qhm_complex_singular_values(&work, a, n, n, values, b, c);
    double factors = seconds() - start;
    qhm_serial_end(token);
    if (status == QHM_OK)
        printf("mps cut at bond %3zu: %8.2f ms, %.0f products of its size (%.1f GFLOP/s)\n", bond,
               1e3 * factors, factors / product,
               8 * (double)n * (double)n * (double)n / product / 1e9);
    qhm_factor_work_release(&work);
    qhm_release(values);
    qhm_release(a);
    return status;
}

int main(void)
{
    qhm_status status = run("W", 380, make_w);
    if (status == QHM_OK)
        status = run("GHZ", 380, make_ghz);
    if (status == QHM_OK)
        status = run("layers", 60, make_layers);
    for (size_t bond = 16; status == QHM_OK && bond <= 128; bond *= 2)
        status = cut(bond);
    if (status != QHM_OK)
        fprintf(stderr, "%s\n", qhm_error_message());
    return status != QHM_OK;
}
