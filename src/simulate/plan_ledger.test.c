// What plans say they have run, on every backend that can.
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/plans.h"

#include <qhm/job.h>
#include <qhm/ledger.h>

enum { SAMPLES = 5, SHOTS = 100 };

// RY(x0) CX RX(w0), to be read out in Z0 Z1 and X0 (two settings) and Y1 (agrees with X0).
static qhm_circuit *make_circuit(void)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    const qhm_angle input = qhm_angle_input(0, 1), weight = qhm_angle_weight(0);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &input));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){1}, &weight));
    return circuit;
}

typedef struct fixture {
    test_plan made;
    double inputs[SAMPLES], weights[1], expectations[SAMPLES * 3], cotangents[SAMPLES * 3];
    double input_gradients[SAMPLES];
    uint64_t samples[SAMPLES * SHOTS];
    qhm_complex states[SAMPLES * 4];
    qhm_request request; // of all samples, without outputs
} fixture;

static void set_up(fixture *f)
{
    memset(f, 0, sizeof *f);
    qhm_circuit *circuit = make_circuit();
    qhm_observable *observables[3] = {test_observable("Z0 Z1"), test_observable("X0"),
                                      test_observable("Y1 + 2")};
    f->made = test_plan_create(NULL, circuit, (const qhm_observable *const *)observables, 3, NULL);
    for (int i = 0; i < 3; i++)
        qhm_observable_destroy(observables[i]);
    qhm_circuit_destroy(circuit);
    for (int i = 0; i < SAMPLES * 3; i++)
        f->cotangents[i] = 1;
    f->request = (qhm_request){.batch_count = SAMPLES, .inputs = f->inputs, .weights = f->weights};
}

static qhm_ledger ledger_of(const fixture *f)
{
    qhm_ledger ledger;
    REQUIRE_OK(qhm_plan_ledger(f->made.plan, &ledger));
    return ledger;
}

static void a_plan_that_has_run_nothing_has_an_empty_ledger(void **state)
{
    (void)state;
    fixture f;
    set_up(&f);
    const qhm_ledger ledger = ledger_of(&f), none = {0};
    assert_memory_equal(&ledger, &none, sizeof none);
    test_plan_destroy(f.made);
}

static void expectations_are_samples_times_settings_times_shots(void **state)
{
    (void)state;
    fixture f;
    set_up(&f);
    assert_int_equal(qhm_plan_information(f.made.plan)->setting_count, 2);
    f.request.shots = SHOTS;
    f.request.expectations = f.expectations;
    REQUIRE_OK(qhm_plan_run(f.made.plan, &f.request));
    const qhm_ledger ledger = ledger_of(&f);
    assert_int_equal(ledger.qubits, 2);
    assert_int_equal(ledger.two_qubit_depth, 1);
    assert_int_equal(ledger.settings, 2);
    assert_int_equal(ledger.circuits, SAMPLES * 2);
    assert_int_equal(ledger.exact_circuits, 0);
    assert_int_equal(ledger.shots, SAMPLES * 2 * SHOTS);
    assert_int_equal(ledger.state_preparations, SAMPLES * 2 * SHOTS);
    assert_int_equal(ledger.phases[QHM_PHASE_ENCODE].one_qubit_gates, SAMPLES * 2 * SHOTS);
    assert_int_equal(ledger.phases[QHM_PHASE_EXECUTE].two_qubit_gates, SAMPLES * 2 * SHOTS);
    // Z Z: two measurements; X Y: H, then SDG H, and two measurements.
    const qhm_phase_counts *read = &ledger.phases[QHM_PHASE_READ_OUT];
    assert_int_equal(read->measurements, SAMPLES * 4 * SHOTS);
    assert_int_equal(read->one_qubit_gates, SAMPLES * 3 * SHOTS);
    assert_int_equal(read->by_gate[QHM_GATE_H], SAMPLES * 2 * SHOTS);
    assert_int_equal(read->by_gate[QHM_GATE_SDG], SAMPLES * SHOTS);
    test_plan_destroy(f.made);
}

static void exact_runs_are_circuits_without_shots(void **state)
{
    (void)state;
    fixture f;
    set_up(&f);
    f.request.expectations = f.expectations;
    REQUIRE_OK(qhm_plan_run(f.made.plan, &f.request));
    f.request.expectations = NULL;
    f.request.states = f.states;
    REQUIRE_OK(qhm_plan_run(f.made.plan, &f.request));
    const qhm_ledger ledger = ledger_of(&f);
    assert_int_equal(ledger.circuits, SAMPLES * 2 + SAMPLES);
    assert_int_equal(ledger.exact_circuits, SAMPLES * 3);
    assert_int_equal(ledger.shots, 0);
    assert_int_equal(ledger.states_read, SAMPLES);
    assert_int_equal(ledger.phases[QHM_PHASE_EXECUTE].two_qubit_gates, SAMPLES * 3);
    assert_int_equal(ledger.phases[QHM_PHASE_READ_OUT].measurements, SAMPLES * 4);
    test_plan_destroy(f.made);
}

static void gradients_are_shifted_circuits_or_the_simulators_alone(void **state)
{
    (void)state;
    fixture f;
    set_up(&f);
    f.request.cotangents = f.cotangents;
    f.request.input_gradients = f.input_gradients;
    REQUIRE_OK(qhm_plan_run(f.made.plan, &f.request));
    qhm_ledger ledger = ledger_of(&f);
    assert_int_equal(ledger.adjoint_gradients, SAMPLES);
    assert_int_equal(ledger.circuits, 0);
    assert_int_equal(ledger.qubits, 2);
    qhm_plan_reset_ledger(f.made.plan);
    f.request.shots = SHOTS;
    REQUIRE_OK(qhm_plan_run(f.made.plan, &f.request));
    ledger = ledger_of(&f);
    assert_int_equal(ledger.adjoint_gradients, 0);
    assert_int_equal(ledger.circuits, SAMPLES * 4 * 2); // two angles shifted twice, two settings
    assert_int_equal(ledger.shots, SAMPLES * 4 * 2 * SHOTS);
    f.request.expectations = f.expectations; // and the values themselves
    REQUIRE_OK(qhm_plan_run(f.made.plan, &f.request));
    ledger = ledger_of(&f);
    assert_int_equal(ledger.circuits, SAMPLES * (4 + 4 + 1) * 2);
    test_plan_destroy(f.made);
}

static void samples_measure_all_qubits_and_jobs_count_once(void **state)
{
    (void)state;
    fixture f;
    set_up(&f);
    f.request.shots = SHOTS;
    f.request.samples = f.samples;
    qhm_job *job;
    REQUIRE_OK(qhm_job_submit(f.made.plan, &f.request, &job));
    REQUIRE_OK(qhm_job_wait(job));
    qhm_job_destroy(job);
    qhm_ledger ledger = ledger_of(&f);
    assert_int_equal(ledger.circuits, SAMPLES);
    assert_int_equal(ledger.settings, 1);
    assert_int_equal(ledger.phases[QHM_PHASE_READ_OUT].measurements, SAMPLES * SHOTS * 2);
    qhm_plan_reset_ledger(f.made.plan);
    f.request.samples = NULL;
    f.request.cotangents = f.cotangents;
    f.request.input_gradients = f.input_gradients;
    REQUIRE_OK(qhm_job_submit(f.made.plan, &f.request, &job));
    REQUIRE_OK(qhm_job_wait(job));
    qhm_job_destroy(job);
    ledger = ledger_of(&f);
    assert_int_equal(ledger.circuits, SAMPLES * 4 * 2);
    test_plan_destroy(f.made);
}

static void a_request_that_fails_is_not_counted(void **state)
{
    (void)state;
    fixture f;
    set_up(&f);
    f.request.expectations = f.expectations;
    f.inputs[2] = NAN;
    REQUIRE_FAILS(qhm_plan_run(f.made.plan, &f.request), QHM_ERROR_INVALID_ARGUMENT, "NaN");
    assert_int_equal(ledger_of(&f).circuits, 0);
    qhm_ledger ledger;
    REQUIRE_FAILS(qhm_plan_ledger(NULL, &ledger), QHM_ERROR_INVALID_ARGUMENT, "plan");
    test_plan_destroy(f.made);
}

// H on qubit 0, measured as X0 Z1 and then as bits.
static void bits_of_every_backend_and_pauli_measurements_are_counted(void **state)
{
    (void)state;
    static const char *const backends[] = {"statevector", "stabilizer", "mps"};
    for (size_t i = 0; i < 3; i++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(2, 2, &circuit));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
        REQUIRE_OK(qhm_circuit_append_delay(circuit, 0, 5));
        REQUIRE_OK(qhm_circuit_append_pauli_measure(
            circuit, 2, (uint8_t[]){QHM_PAULI_X, QHM_PAULI_Z}, (uint32_t[]){0, 1}, 1));
        qhm_backend *backend;
        qhm_plan *plan;
        REQUIRE_OK(qhm_backend_create(backends[i], NULL, &backend));
        REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan));
        uint64_t bits[7];
        REQUIRE_OK(qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .shots = 7, .bits = bits}));
        qhm_distribution *distribution;
        REQUIRE_OK(qhm_plan_run_exact(plan, &(qhm_exact_request){0}, &distribution));
        qhm_ledger ledger;
        REQUIRE_OK(qhm_plan_ledger(plan, &ledger));
        assert_int_equal(ledger.circuits, 2);
        assert_int_equal(ledger.exact_circuits, 1);
        assert_int_equal(ledger.shots, 7);
        assert_int_equal(ledger.phases[QHM_PHASE_EXECUTE].one_qubit_gates, 8);
        assert_int_equal(ledger.phases[QHM_PHASE_READ_OUT].by_gate[QHM_GATE_MEASURE_PAULI], 8);
        assert_int_equal(qhm_ledger_total(&ledger).two_qubit_gates, 0); // none from lowering
        qhm_distribution_destroy(distribution);
        qhm_plan_destroy(plan);
        qhm_backend_destroy(backend);
        qhm_circuit_destroy(circuit);
    }
}

static qhm_status make_and_count(void *context)
{
    qhm_observable *observable = NULL;
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    qhm_ledger ledger;
    qhm_status status = qhm_observable_parse("X0 Y1 + Z0", &observable);
    if (status == QHM_OK)
        status = qhm_backend_create("statevector", NULL, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(backend, context, (const qhm_observable *const *)&observable, 1,
                                 NULL, &plan);
    if (status == QHM_OK)
        status = qhm_plan_ledger(plan, &ledger);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_observable_destroy(observable);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_circuit();
    REQUIRE_OK(qhm_circuit_append_delay(circuit, 0, 5));
    require_survives_failing_memory(make_and_count, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_that_has_run_nothing_has_an_empty_ledger),
        cmocka_unit_test(expectations_are_samples_times_settings_times_shots),
        cmocka_unit_test(exact_runs_are_circuits_without_shots),
        cmocka_unit_test(gradients_are_shifted_circuits_or_the_simulators_alone),
        cmocka_unit_test(samples_measure_all_qubits_and_jobs_count_once),
        cmocka_unit_test(a_request_that_fails_is_not_counted),
        cmocka_unit_test(bits_of_every_backend_and_pauli_measurements_are_counted),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
