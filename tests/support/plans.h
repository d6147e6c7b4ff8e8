// Plans for tests: a backend of any instruction set, a plan, and what a request needs.
#ifndef QHM_TESTS_PLANS_H
#define QHM_TESTS_PLANS_H

#include "base/cpu.h"
#include "support/checks.h"
#include "support/reference_simulator.h"

#include <qhm/job.h>

typedef struct test_plan {
    qhm_backend *backend;
    qhm_plan *plan;
} test_plan;

static inline test_plan test_plan_on(const qhm_backend_options *backend, const qhm_circuit *circuit,
                                     const qhm_observable *const *observables, size_t count,
                                     const qhm_plan_options *options)
{
    test_plan made = {NULL, NULL};
    REQUIRE_OK(qhm_backend_create("statevector", backend, &made.backend));
    REQUIRE_OK(qhm_plan_create(made.backend, circuit, observables, count, options, &made.plan));
    return made;
}

static inline test_plan test_plan_create(const char *instruction_set, const qhm_circuit *circuit,
                                         const qhm_observable *const *observables, size_t count,
                                         const qhm_plan_options *options)
{
    qhm_backend_options backend = {.instruction_set = instruction_set};
    return test_plan_on(&backend, circuit, observables, count, options);
}

static inline void test_plan_destroy(test_plan made)
{
    qhm_plan_destroy(made.plan);
    qhm_backend_destroy(made.backend);
}

static inline qhm_observable *test_observable(const char *text)
{
    qhm_observable *observable;
    REQUIRE_OK(qhm_observable_parse(text, &observable));
    return observable;
}

// The states [batch][2^n] of a circuit for inputs [batch][input_count]; free() them.
static inline qhm_complex *test_states_on(const qhm_backend_options *backend,
                                          qhm_precision precision, const qhm_circuit *circuit,
                                          size_t batch, const double *inputs, const double *weights)
{
    qhm_plan_options options = {.precision = precision, .max_batch = batch};
    test_plan made = test_plan_on(backend, circuit, NULL, 0, &options);
    size_t dimension = (size_t)1 << qhm_circuit_qubit_count(circuit);
    qhm_complex *states = calloc(batch * dimension, sizeof *states);
    assert_non_null(states);
    REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = batch,
                                                      .inputs = inputs,
                                                      .weights = weights,
                                                      .states = states}));
    test_plan_destroy(made);
    return states;
}

static inline qhm_complex *test_states(const char *instruction_set, qhm_precision precision,
                                       const qhm_circuit *circuit, size_t batch,
                                       const double *inputs, const double *weights)
{
    qhm_backend_options backend = {.instruction_set = instruction_set};
    return test_states_on(&backend, precision, circuit, batch, inputs, weights);
}

// What measurements of a circuit without parameters give, with their probabilities; to destroy.
static inline qhm_distribution *test_exact_outcomes(const qhm_circuit *circuit)
{
    qhm_distribution *outcomes;
    test_plan made =
        test_plan_on(NULL, circuit, NULL, 0, &(qhm_plan_options){.precision = QHM_FLOAT64});
    REQUIRE_OK(qhm_plan_run_exact(made.plan, &(qhm_exact_request){0}, &outcomes));
    test_plan_destroy(made);
    return outcomes;
}

#endif
