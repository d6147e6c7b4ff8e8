// A plan of trajectories for one observable, for tests.
#ifndef QHM_TESTS_TRAJECTORY_SUBJECT_H
#define QHM_TESTS_TRAJECTORY_SUBJECT_H

#include "simulate/backend_internal.h"

#include "support/checks.h"

typedef struct subject {
    qhm_backend *backend;
    qhm_plan *plan;
} subject;

static inline subject create(const qhm_circuit *circuit, const char *observable,
                             const qhm_plan_options *options, size_t trajectories,
                             bool gate_by_gate)
{
    subject s;
    qhm_observable *parsed;
    REQUIRE_OK(qhm_observable_parse(observable, &parsed));
    REQUIRE_OK(qhm_backend_create(
        "trajectories",
        &(qhm_backend_options){.trajectories = trajectories, .gate_by_gate = gate_by_gate},
        &s.backend));
    REQUIRE_OK(qhm_plan_create(s.backend, circuit, (const qhm_observable *const *)&parsed, 1,
                               options, &s.plan));
    qhm_observable_destroy(parsed);
    return s;
}

static inline void destroy(subject s)
{
    qhm_plan_destroy(s.plan);
    qhm_backend_destroy(s.backend);
}

static inline void append(qhm_circuit *circuit, qhm_gate gate, uint32_t first, uint32_t second,
                          double radians)
{
    const qhm_angle angle = qhm_angle_constant(radians);
    REQUIRE_OK(qhm_circuit_append(circuit, gate, (uint32_t[]){first, second}, &angle));
}

#endif
