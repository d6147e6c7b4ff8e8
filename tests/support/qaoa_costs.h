// Mean costs of QAOA by its own state, and by a circuit that knows nothing of costs.
#ifndef QHM_TESTS_QAOA_COSTS_H
#define QHM_TESTS_QAOA_COSTS_H

#include "support/checks.h"

#include <qhm/backend.h>
#include <qhm/plan.h>
#include <qhm/qaoa.h>
#include <qhm/random.h>

static inline qhm_ising *random_problem(size_t count, bool has_fields, uint64_t seed)
{
    qhm_ising *ising;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
    REQUIRE_OK(qhm_ising_create(count, &ising));
    REQUIRE_OK(qhm_ising_append_constant(ising, 0.7));
    for (size_t i = 0; i < count; i++) {
        if (has_fields)
            REQUIRE_OK(qhm_ising_append_field(ising, i, qhm_random_normal(&random)));
        for (size_t j = 0; j < i; j++)
            if (qhm_random_below(&random, 3) == 0)
                REQUIRE_OK(qhm_ising_append_coupling(ising, i, j, qhm_random_normal(&random)));
    }
    return ising;
}

static inline double mean_cost(const qhm_ising *ising, qhm_precision precision, size_t layers,
                               const double *angles, double *gradient)
{
    qhm_qaoa *qaoa;
    double cost;
    REQUIRE_OK(qhm_qaoa_create(ising, &(qhm_qaoa_options){.layers = layers, .precision = precision},
                               &qaoa));
    REQUIRE_OK(qhm_qaoa_run(qaoa, angles, &cost, gradient));
    qhm_qaoa_destroy(qaoa);
    return cost;
}

// The same by a circuit and an observable.
static inline double circuit_cost(const qhm_ising *ising, const qhm_qaoa_circuit_options *options,
                                  const double *angles, double *gradient)
{
    qhm_circuit *circuit;
    qhm_observable *observable;
    qhm_backend *backend;
    qhm_plan *plan;
    double cost;
    const double one = 1;
    REQUIRE_OK(qhm_qaoa_circuit_create(ising, options, &circuit));
    REQUIRE_OK(qhm_ising_observable(ising, &observable));
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, (const qhm_observable *const[]){observable}, 1,
                               NULL, &plan));
    REQUIRE_OK(qhm_plan_run(plan, &(qhm_request){.batch_count = 1,
                                                 .weights = angles,
                                                 .expectations = &cost,
                                                 .cotangents = gradient ? &one : NULL,
                                                 .weight_gradients = gradient}));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
    return cost;
}

#endif
