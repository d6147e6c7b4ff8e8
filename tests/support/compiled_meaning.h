// Whether a compiled circuit means the same as the circuit it came from, by state vectors.
#ifndef QHM_TESTS_COMPILED_MEANING_H
#define QHM_TESTS_COMPILED_MEANING_H

#include "support/checks.h"

#include <qhm/compile.h>
#include <qhm/plan.h>
#include <qhm/random.h>

static inline void run_states(const qhm_circuit *circuit, const double *inputs,
                              const double *weights, qhm_complex *state)
{
    qhm_backend *backend;
    qhm_plan *plan;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0,
                               &(qhm_plan_options){.max_batch = 1, .forward_only = true}, &plan));
    const qhm_request request = {
        .batch_count = 1, .inputs = inputs, .weights = weights, .states = state};
    REQUIRE_OK(qhm_plan_run(plan, &request));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
}

static inline void random_values(qhm_random *random, double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = 2 * M_PI * qhm_random_uniform(random) - M_PI;
}

// 1 - |<circuit's state, with the other qubits in |0>|compiled state>|, for random slots.
static inline double compiled_difference(const qhm_circuit *circuit, const qhm_compiled *compiled,
                                         uint64_t seed)
{
    const qhm_circuit *made = qhm_compiled_circuit(compiled);
    const size_t logical = qhm_circuit_qubit_count(circuit), qubits = qhm_circuit_qubit_count(made);
    assert_true(qubits <= 18);
    assert_int_equal(qhm_circuit_input_count(made), qhm_circuit_input_count(circuit));
    assert_int_equal(qhm_circuit_weight_count(made), qhm_circuit_weight_count(circuit));
    double inputs[64], weights[64];
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 77, 0, 0);
    random_values(&random, inputs, 64);
    random_values(&random, weights, 64);
    qhm_complex *a = calloc((size_t)1 << logical, sizeof *a),
                *b = calloc((size_t)1 << qubits, sizeof *b);
    run_states(circuit, inputs, weights, a);
    run_states(made, inputs, weights, b);
    const uint32_t *layout = qhm_compiled_final_layout(compiled);
    double re = 0, im = 0;
    for (size_t i = 0; i < (size_t)1 << logical; i++) {
        size_t j = 0;
        for (size_t l = 0; l < logical; l++)
            j |= (i >> l & 1) << layout[l];
        re += a[i].re * b[j].re + a[i].im * b[j].im;
        im += a[i].re * b[j].im - a[i].im * b[j].re;
    }
    free(a);
    free(b);
    return fabs(1 - hypot(re, im));
}

static inline qhm_distribution *exact_distribution(const qhm_circuit *circuit, const double *inputs,
                                                   const double *weights)
{
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_distribution *distribution;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan));
    REQUIRE_OK(qhm_plan_run_exact(plan, &(qhm_exact_request){.inputs = inputs, .weights = weights},
                                  &distribution));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return distribution;
}

// The variation distance of the classical bits' exact distributions, for random slots.
static inline double compiled_distance(const qhm_circuit *circuit, const qhm_compiled *compiled,
                                       uint64_t seed)
{
    double inputs[64], weights[64];
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 78, 0, 0);
    random_values(&random, inputs, 64);
    random_values(&random, weights, 64);
    qhm_distribution *a = exact_distribution(circuit, inputs, weights),
                     *b = exact_distribution(qhm_compiled_circuit(compiled), inputs, weights);
    const double distance = qhm_distribution_variation_distance(a, b);
    qhm_distribution_destroy(a);
    qhm_distribution_destroy(b);
    return distance;
}

#endif
