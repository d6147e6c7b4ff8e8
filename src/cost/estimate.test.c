// Estimates of small circuits on Willow, whose durations are published.
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/estimate.h>

static qhm_device *load(const char *name)
{
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(name, NULL, &device));
    return device;
}

// RY(x0) on qubit 0, CZ with qubit 1.
static qhm_circuit *make_circuit(void)
{
    qhm_circuit *circuit;
    const qhm_angle angle = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CZ, (uint32_t[]){0, 1}, NULL));
    return circuit;
}

static void a_shot_takes_its_gates_readout_reset_and_delay(void **state)
{
    (void)state;
    qhm_device *willow = load("willow");
    qhm_circuit *circuit = make_circuit();
    qhm_estimate estimate;
    REQUIRE_OK(qhm_estimate_find(circuit, willow, NULL, &estimate));
    assert_int_equal(estimate.shots, 2500); // 1/4 over 0.01^2
    REQUIRE_NEAR(estimate.precision, 0.01, 1e-12);
    assert_int_equal(estimate.shift_count, 2);
    REQUIRE_NEAR(estimate.compiled.duration_ns, 25 + 42 + 600, 1e-9);
    qhm_cost cost;
    REQUIRE_OK(qhm_estimate_find_cost(&estimate, willow, 10, 3, &cost));
    assert_int_equal(cost.shots, 25000);
    REQUIRE_NEAR(cost.shot_seconds, (667 + 160 + 12000) * 1e-9, 1e-15);
    REQUIRE_NEAR(cost.cloud_seconds, 0.3, 1e-12);
    REQUIRE_NEAR(cost.control_seconds, 40e-6, 1e-15);
    REQUIRE_NEAR(cost.shot_joules, 26000 * cost.shot_seconds, 1e-12);
    assert_int_equal(qhm_cost_status(&cost), QHM_FIGURE_ASSUMED);
    const double success = estimate.compiled.estimated_success;
    assert_true(success > 0.9 && success < 1);
    REQUIRE_NEAR(estimate.rescaling_shots, 2500 / (success * success), 1e-6);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(willow);
}

static void observables_set_settings_and_shots(void **state)
{
    (void)state;
    qhm_device *willow = load("willow");
    qhm_circuit *circuit = make_circuit();
    qhm_observable *observable;
    REQUIRE_OK(qhm_observable_parse("2 Z0 Z1 + X0", &observable));
    qhm_estimate_options options = {.observables = (const qhm_observable *const *)&observable,
                                    .observable_count = 1,
                                    .precision = 0.1,
                                    .cost = {.is_local = true}};
    qhm_estimate estimate;
    REQUIRE_OK(qhm_estimate_find(circuit, willow, &options, &estimate));
    assert_int_equal(estimate.settings.count, 2);
    assert_int_equal(estimate.shots, 500); // (4 + 1) / 0.1^2
    assert_int_equal(estimate.ledger.circuits, 2);
    assert_int_equal(estimate.ledger.settings, 2);
    assert_int_equal(estimate.ledger.shots, 1000);
    assert_int_equal(estimate.ledger.state_preparations, 1000);
    assert_int_equal(estimate.ledger.phases[QHM_PHASE_READ_OUT].measurements, 2000);
    options.shots = 20;
    REQUIRE_OK(qhm_estimate_find(circuit, willow, &options, &estimate));
    assert_int_equal(estimate.shots, 20);
    REQUIRE_NEAR(estimate.precision, 0.5, 1e-12);
    qhm_cost cost;
    REQUIRE_OK(qhm_estimate_find_cost(&estimate, willow, 1, 1, &cost));
    REQUIRE_NEAR(cost.cloud_seconds, 0, 0);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(willow);
}

static void a_circuits_own_measurements_are_enough(void **state)
{
    (void)state;
    qhm_device *willow = load("willow");
    qhm_circuit *circuit = make_circuit();
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "c", 1));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 0));
    qhm_estimate estimate;
    REQUIRE_OK(qhm_estimate_find(circuit, willow, &(qhm_estimate_options){.shots = 7}, &estimate));
    assert_int_equal(estimate.ledger.phases[QHM_PHASE_READ_OUT].measurements, 7);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(willow);
}

static void what_does_not_fit_is_said(void **state)
{
    (void)state;
    qhm_device *willow = load("willow");
    qhm_circuit *circuit;
    qhm_estimate estimate;
    REQUIRE_OK(qhm_circuit_create(106, 0, &circuit));
    for (uint32_t q = 0; q < 106; q++)
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
    REQUIRE_FAILS(qhm_estimate_find(circuit, willow, NULL, &estimate), QHM_ERROR_RESOURCE_LIMIT,
                  "106");
    qhm_circuit_destroy(circuit);
    REQUIRE_OK(qhm_circuit_create(0, 0, &circuit));
    REQUIRE_FAILS(qhm_estimate_find(circuit, willow, NULL, &estimate), QHM_ERROR_INVALID_ARGUMENT,
                  "no qubits");
    REQUIRE_FAILS(
        qhm_estimate_find(circuit, willow, &(qhm_estimate_options){.precision = -1}, &estimate),
        QHM_ERROR_INVALID_ARGUMENT, "precision is -1");
    REQUIRE_FAILS(qhm_estimate_find(NULL, willow, NULL, &estimate), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a circuit");
    qhm_cost cost;
    REQUIRE_FAILS(qhm_estimate_find_cost(NULL, willow, 1, 1, &cost), QHM_ERROR_INVALID_ARGUMENT,
                  "NULL");
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(willow);
}

typedef struct pair {
    const qhm_circuit *circuit;
    const qhm_device *device;
} pair;

static qhm_status estimate_pair(void *context)
{
    const pair *both = context;
    qhm_estimate estimate;
    return qhm_estimate_find(both->circuit, both->device, NULL, &estimate);
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    qhm_device *willow = load("willow");
    qhm_circuit *circuit = make_circuit();
    pair both = {circuit, willow};
    require_survives_failing_memory(estimate_pair, &both);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(willow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shot_takes_its_gates_readout_reset_and_delay),
        cmocka_unit_test(observables_set_settings_and_shots),
        cmocka_unit_test(a_circuits_own_measurements_are_enough),
        cmocka_unit_test(what_does_not_fit_is_said),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
