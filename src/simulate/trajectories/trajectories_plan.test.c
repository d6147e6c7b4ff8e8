// Plans of trajectories: the same bits in any batch, gradients, what is refused.
#include "support/failing_memory.h"
#include "support/noisy_circuits.h"
#include "support/trajectory_subject.h"

#include <qhm/threads.h>

// An ansatz of 4 qubits with noise after every gate.
static qhm_circuit *noisy_ansatz(bool has_damping)
{
    qhm_circuit *circuit = circuit_of(4, 0);
    uint32_t weight = 0;
    for (int layer = 0; layer < 2; layer++)
        for (uint32_t q = 0; q < 4; q++) {
            const qhm_angle input = qhm_angle_input(0, 1), angle = qhm_angle_weight(weight++ % 3);
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, layer == 0 ? &input : &angle));
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, &q, &angle));
            append_depolarizing(circuit, q, 0.05);
            append(circuit, QHM_GATE_CX, q, (q + 1) % 4, 0);
            if (has_damping)
                append_damping(circuit, q, 0.1);
        }
    return circuit;
}

// The same bits for any batch and any number of threads.
static void trajectories_do_not_depend_on_batch_or_threads(void **state)
{
    (void)state;
    enum { BATCH = 5, SHOTS = 100 };
    const double inputs[BATCH] = {0.1, 0.7, -1, 2, 0.3}, weights[3] = {0.4, -0.9, 1.7};
    const unsigned threads = qhm_threads_count();
    for (int damping = 0; damping < 2; damping++) {
        qhm_circuit *circuit = noisy_ansatz(damping == 1);
        double values[3][BATCH], by_shots[3][BATCH];
        static uint64_t samples[3][BATCH * SHOTS];
        for (int way = 0; way < 3; way++) {
            subject s = create(circuit, "Z0 Z1 + X2", NULL, 64, false);
            REQUIRE_OK(qhm_threads_set_count(way == 1 ? 3 : 1));
            const size_t at_once = way == 2 ? 1 : BATCH;
            for (size_t first = 0; first < BATCH; first += at_once) {
                qhm_request request = {.batch_count = at_once,
                                       .inputs = inputs + first,
                                       .weights = weights,
                                       .seed = 5,
                                       .step = 2,
                                       .first_sample = first,
                                       .expectations = values[way] + first};
                REQUIRE_OK(qhm_plan_run(s.plan, &request));
                request.shots = SHOTS;
                request.expectations = by_shots[way] + first;
                request.samples = samples[way] + first * SHOTS;
                REQUIRE_OK(qhm_plan_run(s.plan, &request));
            }
            destroy(s);
        }
        REQUIRE_OK(qhm_threads_set_count(threads));
        for (int way = 1; way < 3; way++) {
            assert_memory_equal(values[0], values[way], sizeof values[0]);
            assert_memory_equal(by_shots[0], by_shots[way], sizeof by_shots[0]);
            assert_memory_equal(samples[0], samples[way], sizeof samples[0]);
        }
        assert_true(values[0][0] != values[0][1]);
        qhm_circuit_destroy(circuit);
    }
}

// Shifted circuits meet the same noise: the gradient is that of the mean over these trajectories.
static void gradients_are_those_of_the_mean(void **state)
{
    (void)state;
    enum { BATCH = 2 };
    const double inputs[BATCH] = {0.1, 0.7}, cotangents[BATCH] = {1, -0.5}, change = 1e-4;
    double weights[3] = {0.4, -0.9, 1.7}, gradients[3], input_gradients[BATCH];
    qhm_circuit *circuit = noisy_ansatz(false);
    subject s = create(circuit, "Z0 Z1 + X2", NULL, 30, false);
    REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = BATCH,
                                                   .inputs = inputs,
                                                   .weights = weights,
                                                   .seed = 7,
                                                   .cotangents = cotangents,
                                                   .input_gradients = input_gradients,
                                                   .weight_gradients = gradients}));
    for (size_t w = 0; w < 3; w++) {
        double loss[2] = {0};
        for (int side = 0; side < 2; side++) {
            double moved[3], values[BATCH];
            memcpy(moved, weights, sizeof moved);
            moved[w] += side ? change : -change;
            REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = BATCH,
                                                           .inputs = inputs,
                                                           .weights = moved,
                                                           .seed = 7,
                                                           .expectations = values}));
            loss[side] = values[0] * cotangents[0] + values[1] * cotangents[1];
        }
        REQUIRE_NEAR(gradients[w], (loss[1] - loss[0]) / (2 * change), 1e-6);
    }
    assert_true(fabs(gradients[0]) + fabs(gradients[1]) + fabs(gradients[2]) > 0.1);
    destroy(s);
    qhm_circuit_destroy(circuit);
}

static void what_noise_cannot_give_is_refused(void **state)
{
    (void)state;
    double probabilities[16], value, gradient[3];
    const double weights[3] = {0}, input = 0, cotangent = 1;
    qhm_circuit *circuit = noisy_ansatz(true);
    subject s = create(circuit, "Z0", NULL, 0, false);
    qhm_request request = {
        .batch_count = 1, .inputs = &input, .weights = weights, .probabilities = probabilities};
    REQUIRE_FAILS(qhm_plan_run(s.plan, &request), QHM_ERROR_UNSUPPORTED, "shots = 1");
    request.shots = 1;
    REQUIRE_OK(qhm_plan_run(s.plan, &request));
    double sum = 0;
    for (size_t i = 0; i < 16; i++)
        sum += probabilities[i];
    REQUIRE_NEAR(sum, 1, 1e-12);
    request = (qhm_request){.batch_count = 1,
                            .inputs = &input,
                            .weights = weights,
                            .gradient_method = QHM_GRADIENT_ADJOINT,
                            .cotangents = &cotangent,
                            .weight_gradients = gradient};
    REQUIRE_FAILS(qhm_plan_run(s.plan, &request), QHM_ERROR_UNSUPPORTED, "parameter shift");
    REQUIRE_FAILS(
        qhm_plan_run_exact(
            s.plan,
            &(qhm_exact_request){.inputs = &input, .weights = weights, .expectations = &value},
            NULL),
        QHM_ERROR_UNSUPPORTED, "density_matrix");
    destroy(s);
    qhm_backend *backend;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_FAILS(qhm_plan_create(backend, circuit, NULL, 0, NULL, &s.plan), QHM_ERROR_UNSUPPORTED,
                  "channel, is noise");
    qhm_backend_destroy(backend);
    REQUIRE_FAILS(qhm_backend_create("trajectories",
                                     &(qhm_backend_options){.trajectories = SIZE_MAX}, &backend),
                  QHM_ERROR_INVALID_ARGUMENT, "trajectories is");
    qhm_circuit_destroy(circuit);
}

static qhm_status attempt(void *context)
{
    const qhm_circuit *circuit = context;
    const double flips[4][2] = {{0.1, 0.2}, {0, 0}, {0.1, 0.1}, {0, 0.1}};
    const double weights[3] = {0.4, -0.9, 1.7}, inputs[2] = {1, 2};
    double values[2];
    uint64_t samples[8];
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    qhm_observable *observable = NULL;
    qhm_status status = qhm_observable_parse("Z0 Z1 + X2", &observable);
    if (status == QHM_OK)
        status =
            qhm_backend_create("trajectories", &(qhm_backend_options){.trajectories = 4}, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(backend, circuit, (const qhm_observable *const *)&observable, 1,
                                 &(qhm_plan_options){.readout_flips = flips}, &plan);
    qhm_request request = {
        .batch_count = 2, .inputs = inputs, .weights = weights, .expectations = values};
    if (status == QHM_OK)
        status = qhm_plan_run(plan, &request);
    request.shots = 4;
    request.samples = samples;
    if (status == QHM_OK)
        status = qhm_plan_run(plan, &request);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_observable_destroy(observable);
    return status;
}

static void survives_failing_memory(void **state)
{
    (void)state;
    for (int damping = 0; damping < 2; damping++) {
        qhm_circuit *circuit = noisy_ansatz(damping == 1);
        require_survives_failing_memory(attempt, circuit);
        qhm_circuit_destroy(circuit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trajectories_do_not_depend_on_batch_or_threads),
        cmocka_unit_test(gradients_are_those_of_the_mean),
        cmocka_unit_test(what_noise_cannot_give_is_refused),
        cmocka_unit_test(survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
