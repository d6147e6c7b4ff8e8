// The gradient doctor finds dead and vanishing parameters, and wrong gradients.
#include <qhm/gradient_doctor.h>

#include "base/options_internal.h"
#include "simulate/backend_internal.h"
#include "support/failing_memory.h"
#include "support/plans.h"

static qhm_backend *make_backend(void)
{
    qhm_backend *backend;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    return backend;
}

static qhm_gradient_report *examine(qhm_backend *backend, const qhm_circuit *circuit,
                                    const char *text)
{
    qhm_observable *observable = test_observable(text);
    qhm_gradient_report *report;
    REQUIRE_OK(qhm_gradient_doctor_run(backend, circuit, (const qhm_observable *const *)&observable,
                                       1, NULL, &report));
    qhm_observable_destroy(observable);
    return report;
}

static void append(qhm_circuit *circuit, qhm_gate gate, uint32_t qubit, qhm_angle angle)
{
    REQUIRE_OK(qhm_circuit_append(circuit, gate, &qubit, &angle));
}

// An input that is used twice; a weight that works, one behind the observable's light cone, one
// that only turns a phase before the end, and one that no angle uses.
static qhm_circuit *mixed_circuit(void)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    append(circuit, QHM_GATE_RY, 0, qhm_angle_input(0, 1));
    append(circuit, QHM_GATE_RX, 1, qhm_angle_input(0, 0.5));
    append(circuit, QHM_GATE_RY, 0, qhm_angle_weight(0));
    append(circuit, QHM_GATE_RY, 2, qhm_angle_weight(1));
    append(circuit, QHM_GATE_RZ, 0, qhm_angle_weight(2));
    qhm_angle last = qhm_angle_weight(4);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CRX, (uint32_t[]){0, 1}, &last));
    return circuit;
}

static void dead_parameters_are_named(void **state)
{
    (void)state;
    qhm_backend *backend = make_backend();
    qhm_circuit *circuit = mixed_circuit();
    qhm_gradient_report *report = examine(backend, circuit, "3 Z0 + 5");
    assert_int_equal(report->parameter_count, 6);
    assert_int_equal(report->points, 32);
    static const bool is_dead[6] = {false, false, true, true, true, true};
    static const size_t occurrences[6] = {2, 1, 1, 1, 0, 1};
    for (int i = 0; i < 6; i++) {
        const qhm_parameter_health *health = &report->parameters[i];
        assert_int_equal(health->slot, i == 0 ? QHM_SLOT_INPUT : QHM_SLOT_WEIGHT);
        assert_int_equal(health->index, i == 0 ? 0 : i - 1);
        assert_int_equal(health->occurrences, occurrences[i]);
        assert_int_equal(health->is_dead, is_dead[i]);
        assert_false(health->is_vanishing);
        assert_false(health->is_wrong);
    }
    // d/dw cos(x + w) over uniform angles: variance 1/2, of the observable divided by 3.
    REQUIRE_NEAR(report->parameters[1].variance, 0.5, 0.25);
    assert_int_equal(report->dead_count, 4);
    assert_int_equal(report->wrong_count, 0);
    assert_true(report->shift_error < 1e-12 && report->difference_error < 1e-9);
    qhm_gradient_report_destroy(report);
    qhm_circuit_destroy(circuit);
    qhm_backend_destroy(backend);
}

// After RX(a) RY(b) a qubit has <Z> = cos a cos b: the gradient of the product of all Z has
// variance 4^-n for every weight, that of Z0 alone 1/4 for its own two.
static void vanishing_gradients_are_named(void **state)
{
    (void)state;
    qhm_backend *backend = make_backend();
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(8, 0, &circuit));
    for (uint32_t q = 0; q < 8; q++) {
        append(circuit, QHM_GATE_RX, q, qhm_angle_weight(2 * q));
        append(circuit, QHM_GATE_RY, q, qhm_angle_weight(2 * q + 1));
    }
    qhm_gradient_report *report = examine(backend, circuit, "Z0 Z1 Z2 Z3 Z4 Z5 Z6 Z7");
    REQUIRE_NEAR(report->vanishing_threshold, 1.0 / 256, 1e-15);
    assert_int_equal(report->vanishing_count, 16);
    qhm_gradient_report_destroy(report);
    report = examine(backend, circuit, "Z0");
    assert_int_equal(report->vanishing_count, 0);
    assert_int_equal(report->dead_count, 14);
    REQUIRE_NEAR(report->parameters[0].variance, 0.25, 0.15);
    qhm_gradient_report_destroy(report);
    qhm_circuit_destroy(circuit);
    qhm_backend_destroy(backend);
}

// A backend whose shifted circuits are a little off: the doctor must not say that all is well.
static qhm_status submit_wrongly(void *state, const qhm_request *request, void **job)
{
    qhm_status status = qhm_statevector_backend.submit(state, request, job);
    for (size_t i = 0; status == QHM_OK && request->shifts && i < request->batch_count; i++)
        if (request->shifts[i].angle == 1)
            request->expectations[i] *= 1 + 1e-6;
    return status;
}

static void wrong_gradients_are_named(void **state)
{
    (void)state;
    qhm_backend_ops ops = qhm_statevector_backend;
    ops.submit = submit_wrongly;
    qhm_backend backend = {.ops = &ops, .isa = qhm_cpu_isa()};
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    append(circuit, QHM_GATE_RY, 0, qhm_angle_weight(0));
    append(circuit, QHM_GATE_RX, 0, qhm_angle_weight(1));
    append(circuit, QHM_GATE_RY, 0, qhm_angle_weight(2));
    qhm_gradient_report *report = examine(&backend, circuit, "Z0");
    assert_int_equal(report->wrong_count, 1);
    assert_true(report->parameters[1].is_wrong);
    assert_true(report->shift_error > 1e-8);
    qhm_gradient_report_destroy(report);
    qhm_circuit_destroy(circuit);
}

static void what_cannot_be_examined_is_refused(void **state)
{
    (void)state;
    qhm_backend *backend = make_backend();
    qhm_gradient_report *report = NULL;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 1, &circuit));
    REQUIRE_FAILS(qhm_gradient_doctor_run(backend, circuit, NULL, 0, NULL, &report),
                  QHM_ERROR_INVALID_ARGUMENT, "at least one observable");
    qhm_observable *z = test_observable("Z0");
    const qhm_observable *const *all = (const qhm_observable *const *)&z;
    qhm_gradient_doctor_options options = {.points = 1};
    REQUIRE_FAILS(qhm_gradient_doctor_run(backend, circuit, all, 1, &options, &report),
                  QHM_ERROR_INVALID_ARGUMENT, "points");
    // No parameters is a finding, not a mistake.
    report = examine(backend, circuit, "Z0");
    assert_int_equal(report->parameter_count, 0);
    qhm_gradient_report_destroy(report);
    report = NULL;
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_FAILS(qhm_gradient_doctor_run(backend, circuit, all, 1, NULL, &report),
                  QHM_ERROR_UNSUPPORTED, "without resets");
    assert_null(report);
    qhm_observable_destroy(z);
    qhm_circuit_destroy(circuit);
    qhm_backend_destroy(backend);
}

static qhm_status examine_under_faults(void *context)
{
    qhm_backend *backend = NULL;
    qhm_gradient_report *report = NULL;
    qhm_status status = qhm_backend_create("statevector", NULL, &backend);
    const qhm_observable *z = ((void **)context)[1];
    qhm_gradient_doctor_options options = {.points = 2};
    if (status == QHM_OK)
        status = qhm_gradient_doctor_run(backend, ((void **)context)[0], &z, 1, &options, &report);
    qhm_gradient_report_destroy(report);
    qhm_backend_destroy(backend);
    return status;
}

static void it_survives_failing_memory(void **state)
{
    (void)state;
    qhm_circuit *circuit = mixed_circuit();
    qhm_observable *z = test_observable("Z0");
    require_survives_failing_memory(examine_under_faults, (void *[]){circuit, z});
    qhm_observable_destroy(z);
    qhm_circuit_destroy(circuit);
}

static void its_option_table_is_sound(void **state)
{
    (void)state;
    REQUIRE_OK(qhm_options_check_table(qhm_gradient_doctor_option_table()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dead_parameters_are_named),
        cmocka_unit_test(vanishing_gradients_are_named),
        cmocka_unit_test(wrong_gradients_are_named),
        cmocka_unit_test(what_cannot_be_examined_is_refused),
        cmocka_unit_test(it_survives_failing_memory),
        cmocka_unit_test(its_option_table_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
