// Memory and cost of state-vector plans: nothing allocated per run, failures survived, refusals
// before allocation, operations as documented.
#include "base/memory.h"
#include "support/failing_memory.h"
#include "support/plans.h"

#include <qhm/threads.h>

// H on all qubits with different rotations, so that every amplitude differs.
static qhm_circuit *spread_circuit(size_t qubit_count)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubit_count, 0, &circuit));
    for (uint32_t q = 0; q < qubit_count; q++) {
        qhm_angle y = qhm_angle_constant(0.3 + 0.4 * q), z = qhm_angle_constant(0.2 - 0.3 * q);
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &y));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, &q, &z));
    }
    return circuit;
}

static void nothing_is_allocated_after_the_first_run(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 8, 0, 0);
    double *x = reference_random_angles(&random, 256), *w = reference_random_angles(&random, 4);
    qhm_observable *observable = test_observable("Z0 + X1");
    for (size_t qubits = 3; qubits <= 10; qubits += 7) {
        qhm_circuit *circuit = reference_random_circuit(&random, qubits, 40, 4, 4);
        test_plan made =
            test_plan_create(NULL, circuit, (const qhm_observable *const *)&observable, 1, NULL);
        double values[64], cotangents[64] = {1}, dx[64][4], dw[4];
        qhm_request request = {.batch_count = 64,
                               .inputs = x,
                               .weights = w,
                               .expectations = values,
                               .cotangents = cotangents,
                               .input_gradients = dx[0],
                               .weight_gradients = dw};
        qhm_request shots = {
            .batch_count = 64, .inputs = x, .weights = w, .shots = 3, .expectations = values};
        size_t before = qhm_memory_allocation_count();
        REQUIRE_OK(qhm_plan_run(made.plan, &request)); // all was made with the plan
        assert_int_equal(qhm_memory_allocation_count(), before);
        request.gradient_method = QHM_GRADIENT_PARAMETER_SHIFT;
        REQUIRE_OK(qhm_plan_run(made.plan, &request));
        REQUIRE_OK(qhm_plan_run(made.plan, &shots));
        before = qhm_memory_allocation_count();
        for (size_t batch = 64; batch > 0; batch /= 4) {
            request.batch_count = shots.batch_count = batch;
            request.gradient_method = QHM_GRADIENT_AUTOMATIC;
            REQUIRE_OK(qhm_plan_run(made.plan, &request));
            request.gradient_method = QHM_GRADIENT_PARAMETER_SHIFT;
            REQUIRE_OK(qhm_plan_run(made.plan, &request));
            REQUIRE_OK(qhm_plan_run(made.plan, &shots));
        }
        assert_int_equal(qhm_memory_allocation_count(), before);
        test_plan_destroy(made);
        qhm_circuit_destroy(circuit);
    }
    qhm_observable_destroy(observable);
    free(x);
    free(w);
}

typedef struct attempt_context {
    qhm_circuit *circuit;
    qhm_observable *observable;
} attempt_context;

static qhm_status plan_and_run(void *context)
{
    const attempt_context *c = context;
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    double w[3] = {0.1, 0.2, 0.3}, value, dw[3], cotangent = 1;
    qhm_status status = qhm_backend_create("statevector", NULL, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(backend, c->circuit, (const qhm_observable *const *)&c->observable,
                                 1, NULL, &plan);
    qhm_request request = {.batch_count = 1,
                           .weights = w,
                           .shots = 2,
                           .expectations = &value,
                           .cotangents = &cotangent,
                           .weight_gradients = dw};
    if (status == QHM_OK)
        status = qhm_plan_run(plan, &request);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return status;
}

static void planning_and_running_survive_failing_memory(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 9, 0, 0);
    attempt_context c = {.observable = test_observable("Z0 + 0.5 X1 Y0 + 2")};
    for (size_t qubits = 3; qubits <= 10; qubits += 7) {
        c.circuit = reference_random_circuit(&random, qubits, 30, 0, 3);
        require_survives_failing_memory(plan_and_run, &c);
        qhm_circuit_destroy(c.circuit);
    }
    qhm_observable_destroy(c.observable);
}

static void what_does_not_fit_is_refused_before_allocation(void **state)
{
    (void)state;
    qhm_backend *backend;
    qhm_plan *plan = NULL;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    static const size_t sizes[] = {30, 48, 60, 100, 1048576};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(sizes[i], 0, &circuit));
        qhm_plan_options options = {.memory_limit_bytes = (size_t)1 << 30};
        REQUIRE_FAILS(qhm_plan_create(backend, circuit, NULL, 0, &options, &plan),
                      QHM_ERROR_RESOURCE_LIMIT, "1 GiB are available; at most 25 qubits fit");
        options.forward_only = true;
        REQUIRE_FAILS(qhm_plan_create(backend, circuit, NULL, 0, &options, &plan),
                      QHM_ERROR_RESOURCE_LIMIT, "at most 26 qubits fit");
        qhm_circuit_destroy(circuit);
    }
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(60, 0, &circuit));
    REQUIRE_FAILS(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan), QHM_ERROR_RESOURCE_LIMIT,
                  "a state of 60 qubits needs 32 EiB in float64 with gradients, but ");
    qhm_circuit_destroy(circuit);
    assert_null(plan);
    qhm_backend_destroy(backend);
}

static void a_plan_states_the_memory_that_it_holds(void **state)
{
    (void)state;
    qhm_circuit *circuit = spread_circuit(16);
    qhm_plan_options options = {.precision = QHM_FLOAT32, .forward_only = true};
    REQUIRE_OK(qhm_threads_set_count(2));
    test_plan made = test_plan_create(NULL, circuit, NULL, 0, &options);
    // Two threads, each a state of 2^16 amplitudes, as many prefix sums, and a tile of 2^13.
    double bytes = (double)qhm_plan_bytes(made.plan),
           expected = 2 * (65536.0 * 8 + 65537.0 * 8 + 8192 * 8);
    assert_true(bytes > expected && bytes < 1.1 * expected);
    assert_int_equal(qhm_plan_information(made.plan)->bytes, qhm_plan_bytes(made.plan));
    test_plan_destroy(made);
    REQUIRE_OK(qhm_threads_set_count(0));
    qhm_circuit_destroy(circuit);
}

static void flops_follow_the_documented_formula(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    qhm_angle w = qhm_angle_weight(0);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));      // 6 * 8
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){1}, &w));       // 30 + 6 * 8
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));  // 0
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CRZ, (uint32_t[]){0, 2}, &w));   // 30 + 6 * 4
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CZ, (uint32_t[]){0, 2}, NULL));  // 6 * 2
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_SX, (uint32_t[]){2}, NULL));     // 14 * 8
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_ECR, (uint32_t[]){0, 2}, NULL)); // 28 * 8
    qhm_observable *observables[] = {test_observable("Z0 + Z1"), test_observable("X0")};
    test_plan made =
        test_plan_create(NULL, circuit, (const qhm_observable *const *)observables, 2, NULL);
    uint64_t expected = 48 + 78 + 54 + 12 + 112 + 224 + (3 + 2) * 8 + 4 * 8;
    assert_int_equal(qhm_plan_flops(made.plan), expected);
    assert_int_equal(qhm_plan_information(made.plan)->setting_count, 2); // Z0 Z1, and X0
    test_plan_destroy(made);
    qhm_observable_destroy(observables[0]);
    qhm_observable_destroy(observables[1]);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_allocated_after_the_first_run),
        cmocka_unit_test(planning_and_running_survive_failing_memory),
        cmocka_unit_test(what_does_not_fit_is_refused_before_allocation),
        cmocka_unit_test(a_plan_states_the_memory_that_it_holds),
        cmocka_unit_test(flops_follow_the_documented_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
