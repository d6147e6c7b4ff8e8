// Executors: over backends, of functions, values by settings, every refusal.
#include "support/checks.h"
#include "support/density_executor.h"
#include "support/failing_memory.h"
#include "support/plans.h"

#include <qhm/executor.h>

static const double noise[2] = {0.01, 0.05};
static const double flips[3][2] = {{0.02, 0.05}, {0.03, 0.01}, {0.04, 0.08}};
static const char text[] = "0.3 + Z0 Z2 - 0.5 X1 + 2 Y0 Z1 X2";

// On the density matrix, exact values and probabilities are those of the tests' own matrices; shots
// are within their errors; readout errors and noise are in all of them.
static void backends_agree_with_plain_matrices(void **state)
{
    (void)state;
    density_executor plain = {
        .change = density_depolarize, .change_context = noise, .flips = flips};
    qhm_executor *reference = density_executor_create(&plain), *executor;
    qhm_backend *backend;
    const qhm_executor_options options = {.readout_flips = flips,
                                          .flip_count = 3,
                                          .change = density_depolarize,
                                          .change_context = noise};
    qhm_circuit *circuit = layered_circuit(3, 2, 8);
    qhm_distribution *a, *b;
    qhm_overhead overhead;
    double variance;
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &backend));
    REQUIRE_OK(qhm_executor_create_on_backend(backend, &options, &executor));
    assert_string_equal(qhm_executor_name(executor), "backend");
    assert_true(qhm_executor_has_samples(executor));
    const double expected = executor_value(reference, circuit, text, 0, 0, NULL, NULL);
    REQUIRE_NEAR(executor_value(executor, circuit, text, 0, 0, &variance, &overhead), expected,
                 1e-10);
    REQUIRE_NEAR(variance, 0, 0);
    assert_int_equal(overhead.shots, 0);
    const double shot = executor_value(executor, circuit, text, 20000, 1, &variance, &overhead);
    REQUIRE_NEAR(shot, expected, 4 * sqrt(variance));
    assert_true(shot != expected && variance < 2 * 5.25 / 20000);
    assert_int_equal(overhead.circuits, 2); // Z0 Z2 with X1; Y0 Z1 X2
    assert_int_equal(overhead.shots, 40000);
    REQUIRE_NEAR(executor_value(executor, circuit, text, 20000, 1, NULL, NULL), shot, 0);
    const uint8_t letters[3] = {QHM_PAULI_Y, QHM_PAULI_X, QHM_PAULI_Z};
    const uint64_t mask = 5;
    qhm_sampling sampling = {.circuit = circuit, .letters = letters, .flips = &mask};
    REQUIRE_OK(qhm_executor_sample(reference, &sampling, &a, NULL));
    REQUIRE_OK(qhm_executor_sample(executor, &sampling, &b, &overhead));
    for (uint64_t x = 0; x < 8; x++)
        REQUIRE_NEAR(qhm_distribution_weight(b, &x), qhm_distribution_weight(a, &x), 1e-10);
    qhm_distribution_destroy(b);
    sampling.shots = 100000; // more than are drawn at once
    REQUIRE_OK(qhm_executor_sample(executor, &sampling, &b, &overhead));
    assert_int_equal(overhead.shots, 100000);
    REQUIRE_NEAR(qhm_distribution_total(b), 100000, 0);
    for (uint64_t x = 0; x < 8; x++) {
        const double p = qhm_distribution_weight(a, &x);
        REQUIRE_NEAR(qhm_distribution_weight(b, &x) / 1e5, p, 5 * sqrt(p * (1 - p) / 1e5));
    }
    qhm_distribution_destroy(a);
    qhm_distribution_destroy(b);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(executor);
    qhm_executor_destroy(reference);
    qhm_backend_destroy(backend);
}

// A noise model does what the tests' own noise does, its readout included.
static void noise_models_add_noise_and_flips(void **state)
{
    (void)state;
    static const char yaml[] = "name: test\n"
                               "one_qubit: {depolarizing: 0.01}\n"
                               "two_qubit: {depolarizing: 0.05}\n"
                               "measure: {flip_0: 0.02, flip_1: 0.07}\n";
    const double same[3][2] = {{0.02, 0.07}, {0.02, 0.07}, {0.02, 0.07}};
    density_executor plain = {.change = density_depolarize, .change_context = noise, .flips = same};
    qhm_executor *reference = density_executor_create(&plain), *executor, *without;
    qhm_noise_model *model;
    qhm_backend *backend;
    qhm_circuit *circuit = layered_circuit(3, 2, 5);
    REQUIRE_OK(qhm_noise_model_parse(yaml, sizeof yaml - 1, "test", NULL, &model));
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &backend));
    qhm_executor_options options = {.noise = model};
    REQUIRE_OK(qhm_executor_create_on_backend(backend, &options, &executor));
    const double expected = executor_value(reference, circuit, text, 0, 0, NULL, NULL);
    REQUIRE_NEAR(executor_value(executor, circuit, text, 0, 0, NULL, NULL), expected, 1e-10);
    double variance;
    REQUIRE_NEAR(executor_value(executor, circuit, text, 20000, 3, &variance, NULL), expected,
                 4 * sqrt(variance));
    // Flips that are given take the place of the model's.
    const double none[3][2] = {{0}};
    options.readout_flips = none;
    options.flip_count = 3;
    plain.flips = none;
    REQUIRE_OK(qhm_executor_create_on_backend(backend, &options, &without));
    REQUIRE_NEAR(executor_value(without, circuit, text, 0, 0, NULL, NULL),
                 executor_value(reference, circuit, text, 0, 0, NULL, NULL), 1e-10);
    qhm_executor_destroy(without);
    qhm_executor_destroy(executor);
    qhm_executor_destroy(reference);
    qhm_circuit_destroy(circuit);
    qhm_backend_destroy(backend);
    qhm_noise_model_destroy(model);
}

// Terms of one setting vary together: the variance of Z0 + Z1 of a Bell pair is 4, of Z0 - Z1 it
// is 0.
static void variances_know_what_varies_together(void **state)
{
    (void)state;
    qhm_backend *backend;
    qhm_executor *executor;
    qhm_circuit *bell;
    double variance;
    REQUIRE_OK(qhm_circuit_create(2, 0, &bell));
    REQUIRE_OK(qhm_circuit_append(bell, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append(bell, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_executor_create_on_backend(backend, NULL, &executor));
    (void)executor_value(executor, bell, "Z0 + Z1", 1000, 1, &variance, NULL);
    REQUIRE_NEAR(variance, 4. / 1000, 0.1 / 1000);
    REQUIRE_NEAR(executor_value(executor, bell, "Z0 - Z1", 1000, 1, &variance, NULL), 0, 0);
    REQUIRE_NEAR(variance, 0, 0);
    REQUIRE_NEAR(executor_value(executor, bell, "2.5", 10, 1, &variance, NULL), 2.5, 0);
    qhm_circuit_destroy(bell);
    qhm_executor_destroy(executor);
    qhm_backend_destroy(backend);
}

// Circuits that measure on the way have exact values, too.
static void programs_have_exact_values(void **state)
{
    (void)state;
    qhm_backend *backend;
    qhm_executor *executor;
    qhm_circuit *circuit;
    const qhm_angle angle = qhm_angle_constant(1.1);
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &angle));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_X,
                                    .qubits = (uint32_t[]){1},
                                    .condition = qhm_condition_bit(0, true)}));
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_executor_create_on_backend(backend, NULL, &executor));
    REQUIRE_NEAR(executor_value(executor, circuit, "Z1", 0, 0, NULL, NULL), cos(1.1), 1e-12);
    qhm_distribution *d;
    REQUIRE_OK(qhm_executor_sample(executor, &(qhm_sampling){.circuit = circuit}, &d, NULL));
    REQUIRE_NEAR(qhm_distribution_weight(d, &(uint64_t){3}), sin(0.55) * sin(0.55), 1e-12);
    qhm_distribution_destroy(d);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(executor);
    qhm_backend_destroy(backend);
}

static qhm_status add_a_qubit(const void *context, const qhm_circuit *circuit,
                              qhm_circuit **changed)
{
    (void)context;
    return qhm_circuit_create(qhm_circuit_qubit_count(circuit) + 1, 0, changed);
}

static void every_misuse_is_refused(void **state)
{
    (void)state;
    qhm_backend *backend;
    qhm_executor *executor, *other;
    qhm_circuit *circuit = layered_circuit(2, 1, 1), *empty, *slots;
    const qhm_angle input = qhm_angle_input(0, 1);
    double value;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_executor_create_on_backend(backend, NULL, &executor));
    REQUIRE_OK(qhm_circuit_create(0, 0, &empty));
    REQUIRE_OK(qhm_circuit_create(1, 0, &slots));
    REQUIRE_OK(qhm_circuit_append(slots, QHM_GATE_RX, (uint32_t[]){0}, &input));
    qhm_observable *z = test_observable("Z0"), *far = test_observable("Z5");
    const qhm_observable *const list[3] = {z, far, NULL};
    const qhm_execution good = {
        .circuit = circuit, .observables = list, .observable_count = 1, .values = &value};
    static const struct {
        int what;
        const char *message;
    } rows[] = {{0, "needs a circuit"},
                {1, "needs a circuit"},
                {2, "needs observables"},
                {3, "acts on qubit 5"},
                {4, "observable 0 is NULL"},
                {5, "has no qubits"},
                {6, "1 inputs, but they are NULL"},
                {7, "inputs[0] is nan"}};
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        qhm_execution e = good;
        const double nan = NAN;
        switch (rows[r].what) {
        case 0:
            e.circuit = NULL;
            break;
        case 1:
            e.values = NULL;
            break;
        case 2:
            e.observable_count = 0;
            break;
        case 3:
            e.observables = list + 1;
            break;
        case 4:
            e.observables = list + 2;
            break;
        case 5:
            e.circuit = empty;
            break;
        case 7:
            e.inputs = &nan; // fallthrough
        case 6:
            e.circuit = slots;
            break;
        }
        REQUIRE_FAILS(qhm_executor_run(executor, &e), QHM_ERROR_INVALID_ARGUMENT, rows[r].message);
    }
    REQUIRE_FAILS(qhm_executor_run(NULL, &good), QHM_ERROR_INVALID_ARGUMENT, "needs an executor");
    qhm_distribution *d;
    REQUIRE_FAILS(qhm_executor_sample(executor, &(qhm_sampling){.circuit = empty}, &d, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "a circuit with qubits");
    REQUIRE_FAILS(
        qhm_executor_sample(
            executor, &(qhm_sampling){.circuit = circuit, .letters = (uint8_t[]){3, 7}}, &d, NULL),
        QHM_ERROR_INVALID_ARGUMENT, "letters[1] is 7");
    REQUIRE_FAILS(qhm_executor_sample(executor, NULL, &d, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "needs an executor, what to sample");
    static const qhm_executor_ops nothing = {.name = "nothing"};
    REQUIRE_FAILS(qhm_executor_create(&nothing, NULL, &other), QHM_ERROR_INVALID_ARGUMENT,
                  "needs estimate or sample");
    REQUIRE_FAILS(qhm_executor_create(NULL, NULL, &other), QHM_ERROR_INVALID_ARGUMENT,
                  "needs its functions");
    REQUIRE_FAILS(qhm_executor_create_on_backend(NULL, NULL, &other), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a backend");
    density_executor plain = {0};
    other = density_executor_create_without_samples(&plain);
    REQUIRE_FAILS(qhm_executor_sample(other, &(qhm_sampling){.circuit = circuit}, &d, NULL),
                  QHM_ERROR_UNSUPPORTED, "gives expectation values only");
    qhm_executor_destroy(other);
    qhm_executor_options options = {.readout_flips = flips, .flip_count = 1};
    REQUIRE_OK(qhm_executor_create_on_backend(backend, &options, &other));
    REQUIRE_FAILS(qhm_executor_run(other, &good), QHM_ERROR_INVALID_ARGUMENT,
                  "2 qubits, but readout_flips are of 1");
    qhm_executor_destroy(other);
    options = (qhm_executor_options){.change = add_a_qubit};
    REQUIRE_OK(qhm_executor_create_on_backend(backend, &options, &other));
    REQUIRE_FAILS(qhm_executor_run(other, &good), QHM_ERROR_INVALID_ARGUMENT, "has 3 qubits");
    qhm_executor_destroy(other);
    options = (qhm_executor_options){.change = density_depolarize, .change_context = noise};
    REQUIRE_OK(qhm_executor_create_on_backend(backend, &options, &other));
    REQUIRE_FAILS(qhm_executor_run(other, &good), QHM_ERROR_UNSUPPORTED, "is noise, which");
    qhm_executor_destroy(other);
    qhm_executor_destroy(NULL);
    qhm_observable_destroy(z);
    qhm_observable_destroy(far);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(empty);
    qhm_circuit_destroy(slots);
    qhm_executor_destroy(executor);
    qhm_backend_destroy(backend);
}

static qhm_status attempt(void *context)
{
    qhm_backend *backend = context;
    qhm_executor *executor = NULL;
    qhm_circuit *circuit = NULL;
    qhm_observable *o = NULL;
    double value;
    const qhm_executor_options options = {.readout_flips = flips, .flip_count = 3};
    qhm_status status = qhm_executor_create_on_backend(backend, &options, &executor);
    if (status == QHM_OK)
        status = qhm_circuit_create(2, 1, &circuit);
    if (status == QHM_OK)
        status = qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    if (status == QHM_OK)
        status = qhm_observable_parse("X0 + Z1", &o);
    for (size_t shots = 0; shots < 20 && status == QHM_OK; shots += 10) {
        qhm_distribution *outcomes = NULL;
        status = qhm_executor_run(executor,
                                  &(qhm_execution){.circuit = circuit,
                                                   .observables = (const qhm_observable *const *)&o,
                                                   .observable_count = 1,
                                                   .shots = shots,
                                                   .values = &value});
        if (status == QHM_OK)
            status = qhm_executor_sample(
                executor, &(qhm_sampling){.circuit = circuit, .shots = shots}, &outcomes, NULL);
        qhm_distribution_destroy(outcomes);
    }
    qhm_observable_destroy(o);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(executor);
    return status;
}

static void executors_survive_failing_memory(void **state)
{
    (void)state;
    qhm_backend *backend;
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &backend));
    require_survives_failing_memory(attempt, backend);
    qhm_backend_destroy(backend);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backends_agree_with_plain_matrices),
        cmocka_unit_test(noise_models_add_noise_and_flips),
        cmocka_unit_test(variances_know_what_varies_together),
        cmocka_unit_test(programs_have_exact_values),
        cmocka_unit_test(every_misuse_is_refused),
        cmocka_unit_test(executors_survive_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
