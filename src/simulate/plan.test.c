// Backends, plans and jobs: creation, every documented refusal, and jobs that take their time.
#include "base/memory.h"
#include "base/status_internal.h"
#include "simulate/backend_internal.h"
#include "support/plans.h"

static void backends_are_found_by_name(void **state)
{
    (void)state;
    qhm_backend *backend = NULL;
    for (size_t i = 0; i < qhm_backend_count(); i++) {
        const qhm_backend_info *info = qhm_backend_information(i);
        assert_true(info->name[0] && info->help[0]);
        REQUIRE_OK(qhm_backend_create(info->name, NULL, &backend));
        assert_string_equal(qhm_backend_name(backend), info->name);
        qhm_backend_destroy(backend);
    }
    REQUIRE_FAILS(qhm_backend_create("statevectr", NULL, &backend), QHM_ERROR_NOT_FOUND,
                  "did you mean \"statevector\"");
    qhm_backend_options options = {.instruction_set = "neon"};
    REQUIRE_FAILS(qhm_backend_create("statevector", &options, &backend), QHM_ERROR_INVALID_ARGUMENT,
                  "instruction_set is \"neon\"");
    if (qhm_cpu_isa_supported() < QHM_ISA_AVX512) {
        options.instruction_set = "avx512";
        REQUIRE_FAILS(qhm_backend_create("statevector", &options, &backend), QHM_ERROR_UNSUPPORTED,
                      "this processor has no avx512");
    }
    qhm_backend_destroy(NULL);
}

// What every backend must do: values, samples and gradients of a random circuit agree with the
// reference, for any batch.
static void every_backend_agrees_with_the_reference(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    qhm_circuit *circuit = reference_random_circuit(&random, 4, 30, 2, 3);
    double *x = reference_random_angles(&random, 10), *w = reference_random_angles(&random, 3);
    qhm_observable *o = test_observable("Z0 Z1 + 0.5 X2 - Y3");
    for (size_t b = 0; b < qhm_backend_count(); b++) {
        qhm_backend *backend;
        qhm_plan *plan;
        if (qhm_backend_information(b)->is_clifford_only) // backends.test.c
            continue;
        REQUIRE_OK(qhm_backend_create(qhm_backend_information(b)->name, NULL, &backend));
        REQUIRE_OK(
            qhm_plan_create(backend, circuit, (const qhm_observable *const *)&o, 1, NULL, &plan));
        double values[5], ones[5] = {1, 1, 1, 1, 1}, dx[2][5][2], dw[2][3];
        qhm_request request = {.batch_count = 5, .inputs = x, .weights = w, .expectations = values};
        REQUIRE_OK(qhm_plan_run(plan, &request));
        for (size_t i = 0; i < 5; i++) {
            qhm_complex *psi = reference_run(circuit, x + 2 * i, w);
            REQUIRE_NEAR(values[i], reference_expectation(o, 4, psi), 1e-12);
            free(psi);
        }
        request.cotangents = ones;
        for (int m = 0; m < 2; m++) {
            request.gradient_method = m ? QHM_GRADIENT_PARAMETER_SHIFT : QHM_GRADIENT_AUTOMATIC;
            request.input_gradients = dx[m][0];
            request.weight_gradients = dw[m];
            REQUIRE_OK(qhm_plan_run(plan, &request));
        }
        for (int i = 0; i < 10; i++)
            REQUIRE_NEAR(dx[0][i / 2][i % 2], dx[1][i / 2][i % 2], 1e-11);
        for (int j = 0; j < 3; j++)
            REQUIRE_NEAR(dw[0][j], dw[1][j], 1e-11);
        qhm_plan_destroy(plan);
        qhm_backend_destroy(backend);
    }
    qhm_observable_destroy(o);
    qhm_circuit_destroy(circuit);
    free(x);
    free(w);
}

// RX(input 0) RY(weight 0) on qubit 0, then a measurement.
static qhm_circuit *small_circuit(void)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    qhm_angle x = qhm_angle_input(0, 1), w = qhm_angle_weight(0);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &x));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &w));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    return circuit;
}

static void plans_refuse_what_they_cannot_run(void **state)
{
    (void)state;
    qhm_circuit *circuit = small_circuit();
    qhm_observable *far = test_observable("Z0 + X2");
    qhm_backend *backend;
    qhm_plan *plan = NULL;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_FAILS(
        qhm_plan_create(backend, circuit, (const qhm_observable *const *)&far, 1, NULL, &plan),
        QHM_ERROR_INVALID_ARGUMENT, "acts on qubit 2, but the circuit has 2 qubits");
    qhm_plan_options options = {.precision = (qhm_precision)2};
    REQUIRE_FAILS(qhm_plan_create(backend, circuit, NULL, 0, &options, &plan),
                  QHM_ERROR_INVALID_ARGUMENT, "precision is 2");
    REQUIRE_FAILS(qhm_plan_create(backend, circuit, NULL, 1, NULL, &plan),
                  QHM_ERROR_INVALID_ARGUMENT, "array is NULL");
    assert_null(plan);
    qhm_plan_destroy(NULL);
    qhm_observable_destroy(far);
    qhm_circuit_destroy(circuit);
    qhm_backend_destroy(backend);
}

static void requests_are_checked(void **state)
{
    (void)state;
    qhm_circuit *circuit = small_circuit();
    qhm_observable *z = test_observable("Z0");
    test_plan made = test_plan_create(NULL, circuit, (const qhm_observable *const *)&z, 1, NULL);
    double x[2] = {0.1, NAN}, w = 0.2, y[2] = {-7, -7}, infinite = INFINITY, one = 1;
    uint64_t samples[4];
    qhm_angle_shift shift = {2, 0.1};
    const struct {
        qhm_request request;
        const char *message;
    } bad[] = {
        {{.batch_count = 0}, "batch_count is 0"},
        {{.batch_count = 1, .weights = &w}, "1 inputs, but inputs is NULL"},
        {{.batch_count = 1, .inputs = x}, "1 weights, but weights is NULL"},
        {{.batch_count = 2, .inputs = x, .weights = &w, .expectations = y}, "inputs[1][0] is NaN"},
        {{.batch_count = 1, .inputs = x, .weights = &infinite}, "weights[0][0] is infinite"},
        {{.batch_count = 1, .inputs = x, .weights = &w, .shifts = &shift},
         "shifts[0].angle is 2, but the circuit has 2 angles"},
        {{.batch_count = 1, .inputs = x, .weights = &w, .samples = samples}, "shots is 0"},
        {{.batch_count = 1, .inputs = x, .weights = &w, .weight_gradients = y}, "cotangents"},
        {{.batch_count = 1,
          .inputs = x,
          .weights = &w,
          .cotangents = &infinite,
          .weight_gradients = y},
         "cotangents[0][0] is infinite"},
        {{.batch_count = 1, .inputs = x, .weights = &w, .shots = (size_t)1 << 40},
         "shots is 10995"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        REQUIRE_FAILS(qhm_plan_run(made.plan, &bad[i].request), QHM_ERROR_INVALID_ARGUMENT,
                      bad[i].message);
    qhm_request request = {.batch_count = 1,
                           .inputs = x,
                           .weights = &w,
                           .shots = 4,
                           .gradient_method = QHM_GRADIENT_ADJOINT,
                           .cotangents = &one,
                           .weight_gradients = y};
    REQUIRE_FAILS(qhm_plan_run(made.plan, &request), QHM_ERROR_UNSUPPORTED, "shots is not 0");
    REQUIRE_NEAR(y[0], -7, 0); // nothing was written
    REQUIRE_NEAR(y[1], -7, 0);
    test_plan_destroy(made);
    qhm_plan_options options = {.forward_only = true};
    made = test_plan_create(NULL, circuit, (const qhm_observable *const *)&z, 1, &options);
    request.shots = 0;
    REQUIRE_FAILS(qhm_plan_run(made.plan, &request), QHM_ERROR_UNSUPPORTED, "forward_only");
    request.gradient_method = QHM_GRADIENT_AUTOMATIC;
    REQUIRE_FAILS(qhm_plan_run(made.plan, &request), QHM_ERROR_UNSUPPORTED, "forward_only");
    test_plan_destroy(made);
    made = test_plan_create(NULL, circuit, NULL, 0, NULL);
    request.expectations = y;
    request.weight_gradients = NULL;
    REQUIRE_FAILS(qhm_plan_run(made.plan, &request), QHM_ERROR_INVALID_ARGUMENT,
                  "without observables");
    test_plan_destroy(made);
    qhm_observable_destroy(z);
    qhm_circuit_destroy(circuit);
}

// A plan holds copies: circuit and observables may go before it.
static void plans_outlive_their_circuit(void **state)
{
    (void)state;
    qhm_circuit *circuit = small_circuit();
    qhm_observable *z = test_observable("Z0");
    test_plan made = test_plan_create(NULL, circuit, (const qhm_observable *const *)&z, 1, NULL);
    qhm_observable_destroy(z);
    qhm_circuit_destroy(circuit);
    const qhm_plan_info *info = qhm_plan_information(made.plan);
    assert_int_equal(info->qubit_count, 2);
    assert_int_equal(info->bit_count, 1);
    assert_int_equal(info->input_count, 1);
    assert_int_equal(info->weight_count, 1);
    assert_int_equal(info->angle_count, 2);
    double x = 0.3, w = -0.4, y, one = 1, dx, dw;
    for (int method = 1; method <= 2; method++) {
        qhm_request request = {.batch_count = 1,
                               .inputs = &x,
                               .weights = &w,
                               .expectations = &y,
                               .gradient_method = (qhm_gradient_method)method,
                               .cotangents = &one,
                               .input_gradients = &dx,
                               .weight_gradients = &dw};
        REQUIRE_OK(qhm_plan_run(made.plan, &request));
        REQUIRE_NEAR(y, cos(x) * cos(w), 1e-15);
        REQUIRE_NEAR(dx, -sin(x) * cos(w), 1e-15);
        REQUIRE_NEAR(dw, -cos(x) * sin(w), 1e-15);
    }
    test_plan_destroy(made);
}

// A backend that answers at the third look, as a machine far away does.
typedef struct slow_job {
    int looks;
    bool is_cancelled, is_failing;
} slow_job;

static int live_jobs;
static bool next_fails;

static qhm_status submit_slowly(void *state, const qhm_request *request, void **job)
{
    void *none;
    QHM_TRY(qhm_statevector_backend.submit(state, request, &none));
    slow_job *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->is_failing = next_fails;
    live_jobs++;
    *job = made;
    return QHM_OK;
}

static qhm_status poll_slowly(void *job, double timeout_seconds, qhm_job_state *state,
                              qhm_status *outcome)
{
    slow_job *slow = job;
    slow->looks += timeout_seconds > 0 ? 3 : 1;
    *state = slow->is_cancelled ? QHM_JOB_CANCELLED : QHM_JOB_RUNNING;
    if (slow->looks < 3 || slow->is_cancelled)
        return QHM_OK;
    *state = slow->is_failing ? QHM_JOB_FAILED : QHM_JOB_DONE;
    *outcome = slow->is_failing ? QHM_ERROR_IO : QHM_OK;
    if (slow->is_failing)
        qhm_set_error_message("the machine is off");
    return QHM_OK;
}

static qhm_status cancel_slowly(void *job)
{
    ((slow_job *)job)->is_cancelled = true;
    return QHM_OK;
}

static void discard_slowly(void *job)
{
    live_jobs--;
    qhm_release(job);
}

static void jobs_run_on_every_kind_of_backend(void **state)
{
    (void)state;
    qhm_circuit *circuit = small_circuit();
    qhm_observable *z = test_observable("Z0");
    qhm_backend_ops slow_ops = qhm_statevector_backend;
    slow_ops.submit = submit_slowly;
    slow_ops.poll = poll_slowly;
    slow_ops.cancel = cancel_slowly;
    slow_ops.discard = discard_slowly;
    qhm_backend backends[] = {{.ops = &qhm_statevector_backend, .isa = qhm_cpu_isa()},
                              {.ops = &slow_ops, .isa = qhm_cpu_isa()}};
    double x = 0.3, w = -0.4, y, one = 1, dw;
    for (int b = 0; b < 2; b++) {
        qhm_plan *plan;
        REQUIRE_OK(qhm_plan_create(&backends[b], circuit, (const qhm_observable *const *)&z, 1,
                                   NULL, &plan));
        qhm_request request = {.batch_count = 1, .inputs = &x, .weights = &w, .expectations = &y};
        qhm_job *job;
        qhm_job_state seen;
        next_fails = false;
        REQUIRE_OK(qhm_job_submit(plan, &request, &job));
        REQUIRE_OK(qhm_job_check(job, &seen));
        assert_int_equal(seen, b == 0 ? QHM_JOB_DONE : QHM_JOB_RUNNING);
        REQUIRE_OK(qhm_job_wait(job));
        REQUIRE_OK(qhm_job_check(job, &seen));
        assert_int_equal(seen, QHM_JOB_DONE);
        REQUIRE_NEAR(y, cos(x) * cos(w), 1e-15);
        REQUIRE_OK(qhm_job_cancel(job)); // it has ended: nothing happens
        REQUIRE_OK(qhm_job_wait(job));
        qhm_job_destroy(job);

        // Parameter shift sends many jobs and waits for them.
        request.gradient_method = QHM_GRADIENT_PARAMETER_SHIFT;
        request.cotangents = &one;
        request.weight_gradients = &dw;
        REQUIRE_OK(qhm_job_submit(plan, &request, &job));
        REQUIRE_OK(qhm_job_wait(job));
        REQUIRE_NEAR(dw, -cos(x) * sin(w), 1e-15);
        qhm_job_destroy(job);
        request.batch_count = 0;
        REQUIRE_FAILS(qhm_job_submit(plan, &request, &job), QHM_ERROR_INVALID_ARGUMENT, "batch");
        qhm_plan_destroy(plan);
    }
    qhm_plan *plan;
    REQUIRE_OK(
        qhm_plan_create(&backends[1], circuit, (const qhm_observable *const *)&z, 1, NULL, &plan));
    qhm_request request = {.batch_count = 1, .inputs = &x, .weights = &w, .expectations = &y};
    qhm_job *job;
    REQUIRE_OK(qhm_job_submit(plan, &request, &job));
    REQUIRE_OK(qhm_job_cancel(job));
    REQUIRE_FAILS(qhm_job_wait(job), QHM_ERROR_CANCELLED, "cancelled");
    qhm_job_destroy(job);
    REQUIRE_OK(qhm_job_submit(plan, &request, &job));
    qhm_job_destroy(job); // while it runs
    next_fails = true;
    REQUIRE_OK(qhm_job_submit(plan, &request, &job));
    REQUIRE_FAILS(qhm_job_wait(job), QHM_ERROR_IO, "the machine is off");
    qhm_job_destroy(job);
    REQUIRE_FAILS(qhm_plan_run(plan, &request), QHM_ERROR_IO, "the machine is off");
    assert_int_equal(live_jobs, 0);
    qhm_job_destroy(NULL);
    qhm_plan_destroy(plan);
    qhm_observable_destroy(z);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backends_are_found_by_name),
        cmocka_unit_test(every_backend_agrees_with_the_reference),
        cmocka_unit_test(plans_refuse_what_they_cannot_run),
        cmocka_unit_test(requests_are_checked),
        cmocka_unit_test(plans_outlive_their_circuit),
        cmocka_unit_test(jobs_run_on_every_kind_of_backend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
