// All techniques: what every row promises, combinations, end to end on both noisy simulators.
#include "support/checks.h"
#include "support/density_executor.h"
#include "support/failing_memory.h"
#include "support/plans.h"

#include <qhm/compile.h>
#include <qhm/mitigation.h>

static const double p[2] = {0.004, 0.02};
static const double flips[3][2] = {{0.03, 0.06}, {0.02, 0.05}, {0.04, 0.09}};

// Whether a technique needs the noise before it: then the executor inside is free of noise.
static bool has_noise_before(const char *name)
{
    return strcmp(name, "pec") == 0 || strcmp(name, "distillation") == 0;
}

static qhm_mitigation_options options_of(const char *name)
{
    qhm_mitigation_options o = {.symmetry = {.symmetries = "Z0 Z1"},
                                .cancellation = {.samples = 400},
                                .twirling = {.randomizations = 8}};
    if (has_noise_before(name)) {
        o.before = density_depolarize;
        o.before_context = p;
    }
    return o;
}

// |00> + |11>, turned within: Z0 Z1 is kept.
static qhm_circuit *symmetric_circuit(void)
{
    qhm_circuit *circuit;
    const qhm_angle angle = qhm_angle_constant(0.7), other = qhm_angle_constant(0.4);
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    for (int i = 0; i < 2; i++) {
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RXX, (uint32_t[]){0, 1}, &other));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, (uint32_t[]){i}, &angle));
    }
    return circuit;
}

// Every row: its texts, the same bits for the same seed, others for another, no more error than
// raw, sampling and counts that make sense.
static void every_technique_keeps_its_promises(void **state)
{
    (void)state;
    qhm_circuit *circuit = symmetric_circuit();
    const double ideal = ideal_value(circuit, "Z0");
    for (size_t i = 0; i < qhm_technique_count(); i++) {
        const qhm_technique_info *info = qhm_technique_information(i);
        assert_true(info->name[0] && info->title[0] && info->help[0] && info->cost[0]);
        const bool reads = strcmp(info->name, "readout") == 0 || strcmp(info->name, "trex") == 0;
        const bool is_clean = has_noise_before(info->name);
        density_executor noisy = {.change = reads || is_clean ? NULL : density_depolarize,
                                  .change_context = p,
                                  .flips = reads ? flips : NULL};
        density_executor worse = noisy;
        if (is_clean) {
            worse.change = density_depolarize;
            worse.change_context = p;
        }
        qhm_executor *inner = density_executor_create(&noisy), *executor;
        qhm_executor *raw = density_executor_create(&worse);
        const qhm_mitigation_options o = options_of(info->name);
        REQUIRE_OK(qhm_executor_mitigate(inner, info->name, &o, &executor));
        assert_string_equal(qhm_executor_name(executor), info->name);
        assert_int_equal(qhm_executor_has_samples(executor), info->has_samples);
        qhm_overhead overhead;
        double variance;
        const double value = executor_value(executor, circuit, "Z0", 0, 1, &variance, &overhead);
        const double before = executor_value(raw, circuit, "Z0", 0, 0, NULL, NULL);
        assert_true(fabs(before - ideal) > 1e-3);
        // Twirling leaves depolarising noise as it is, and its own gates are noisy here.
        const bool only_changes = strcmp(info->name, "twirling") == 0;
        const double slack = 3 * sqrt(variance) + (only_changes ? 0.01 : -1e-4);
        if (!(fabs(value - ideal) <= fabs(before - ideal) + slack))
            fail_msg("%s: %g, raw %g, ideal %g", info->name, value, before, ideal);
        assert_true(overhead.sampling >= 1 - 1e-12 && overhead.kept > 0 && overhead.kept <= 1);
        assert_non_null(strstr(overhead.detail, info->name));
        const double a = executor_value(executor, circuit, "Z0", 300, 1, NULL, &overhead);
        const double b = executor_value(executor, circuit, "Z0", 300, 1, NULL, NULL);
        const double c = executor_value(executor, circuit, "Z0", 300, 2, NULL, NULL);
        assert_true(a == b && a != c);
        assert_true(overhead.shots >= 300);
        qhm_executor_destroy(executor);
        qhm_executor_destroy(raw);
        qhm_executor_destroy(inner);
    }
    qhm_circuit_destroy(circuit);
}

// On a noisy backend: gate noise and wrong readout, each by its own technique, both by two.
static void combinations_do_more(const char *backend_name, size_t shots, double tolerance)
{
    qhm_backend *backend;
    qhm_executor *raw, *readout, *twirled, *zne, *only;
    const qhm_executor_options options = {
        .readout_flips = flips, .flip_count = 3, .change = density_depolarize, .change_context = p};
    const qhm_backend_options settings = {0};
    qhm_circuit *circuit = layered_circuit(3, 2, 5);
    qhm_overhead overhead;
    const double ideal = ideal_value(circuit, "X0 X1");
    REQUIRE_OK(qhm_backend_create(backend_name, &settings, &backend));
    REQUIRE_OK(qhm_executor_create_on_backend(backend, &options, &raw));
    REQUIRE_OK(qhm_executor_mitigate(
        raw, "readout", &(qhm_mitigation_options){.readout = {.flips = flips, .flip_count = 3}},
        &readout));
    REQUIRE_OK(qhm_executor_mitigate(readout, "twirling",
                                     &(qhm_mitigation_options){.twirling = {.randomizations = 4}},
                                     &twirled));
    REQUIRE_OK(qhm_executor_mitigate(twirled, "zne", NULL, &zne));
    REQUIRE_OK(qhm_executor_mitigate(raw, "zne", NULL, &only));
    const double all = executor_value(zne, circuit, "X0 X1", shots, 7, NULL, &overhead);
    const double folded = executor_value(only, circuit, "X0 X1", shots, 7, NULL, NULL);
    const double corrected = executor_value(readout, circuit, "X0 X1", shots, 7, NULL, NULL);
    const double before = executor_value(raw, circuit, "X0 X1", shots, 7, NULL, NULL);
    assert_true(fabs(before - ideal) > 0.1);
    assert_true(fabs(folded - ideal) > 0.05 && fabs(corrected - ideal) > 0.05);
    REQUIRE_NEAR(all, ideal, tolerance);
    assert_int_equal(overhead.circuits, 12);
    assert_int_equal(overhead.shots, 3 * shots);
    for (int i = 0; i < 3; i++)
        assert_non_null(
            strstr(overhead.detail, ((const char *[]){"zne", "twirling", "readout"})[i]));
    qhm_executor *const made[] = {only, zne, twirled, readout, raw};
    for (int i = 0; i < 5; i++)
        qhm_executor_destroy(made[i]);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
}

static void techniques_combine_on_the_density_matrix(void **state)
{
    (void)state;
    combinations_do_more("density_matrix", 0, 0.02);
}

static void techniques_combine_on_trajectories(void **state)
{
    (void)state;
    combinations_do_more("trajectories", 60000, 0.03);
}

// A circuit compiled for Willow with the noise of its figures: readout and extrapolation together
// leave less of the error than either, cancellation knows every channel.
static void chips_gain(void **state)
{
    (void)state;
    qhm_circuit *circuit = layered_circuit(3, 3, 7);
    qhm_device *device;
    qhm_compiled *compiled;
    qhm_noise_model *model;
    qhm_backend *backend;
    qhm_observable *o = test_observable("X0 X1"), *mapped;
    qhm_executor *raw, *readout, *zne, *clean, *corrected, *pec;
    size_t count;
    const double ideal = ideal_value(circuit, "X0 X1");
    REQUIRE_OK(qhm_device_load("willow", NULL, &device));
    REQUIRE_OK(qhm_circuit_compile(circuit, device, NULL, &compiled));
    const uint32_t *physical = qhm_compiled_physical_qubits(compiled, &count);
    REQUIRE_OK(qhm_noise_model_create_from_device(device, physical, count, NULL, &model));
    REQUIRE_OK(qhm_compiled_map_observable(compiled, o, &mapped));
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &backend));
    double flips_there[8][2];
    for (uint32_t q = 0; q < count; q++)
        qhm_noise_model_readout(model, q, flips_there[q]);
    const qhm_executor_options noisy = {.noise = model};
    const qhm_executor_options flipping = {.readout_flips = (const double(*)[2])flips_there,
                                           .flip_count = count};
    const qhm_mitigation_options known = {
        .readout = {.flips = (const double(*)[2])flips_there, .flip_count = count},
        .noise = model,
        .cancellation = {.samples = 1500}};
    REQUIRE_OK(qhm_executor_create_on_backend(backend, &noisy, &raw));
    REQUIRE_OK(qhm_executor_mitigate(raw, "readout", &known, &readout));
    REQUIRE_OK(qhm_executor_mitigate(readout, "zne", NULL, &zne));
    REQUIRE_OK(qhm_executor_create_on_backend(backend, &flipping, &clean));
    REQUIRE_OK(qhm_executor_mitigate(clean, "readout", &known, &corrected));
    REQUIRE_OK(qhm_executor_mitigate(corrected, "pec", &known, &pec));
    qhm_executor *const executors[4] = {raw, readout, zne, pec};
    double errors[4], variance;
    for (int i = 0; i < 4; i++) {
        double value;
        const qhm_execution e = {.circuit = qhm_compiled_circuit(compiled),
                                 .observables = (const qhm_observable *const *)&mapped,
                                 .observable_count = 1,
                                 .seed = 2,
                                 .values = &value,
                                 .variances = &variance};
        REQUIRE_OK(qhm_executor_run(executors[i], &e));
        errors[i] = fabs(value - ideal);
    }
    assert_true(errors[1] < 0.7 * errors[0] && errors[2] < 0.2 * errors[0]);
    assert_true(variance > 0 && errors[3] < 4 * sqrt(variance));
    qhm_executor *const made[6] = {pec, corrected, clean, zne, readout, raw};
    for (int i = 0; i < 6; i++)
        qhm_executor_destroy(made[i]);
    qhm_backend_destroy(backend);
    qhm_observable_destroy(mapped);
    qhm_observable_destroy(o);
    qhm_noise_model_destroy(model);
    qhm_compiled_destroy(compiled);
    qhm_device_destroy(device);
    qhm_circuit_destroy(circuit);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    density_executor plain = {0};
    qhm_executor *inner = density_executor_create(&plain), *executor, *zne;
    REQUIRE_FAILS(qhm_executor_mitigate(inner, "znne", NULL, &executor), QHM_ERROR_NOT_FOUND,
                  "did you mean \"zne\"");
    REQUIRE_FAILS(qhm_executor_mitigate(NULL, "zne", NULL, &executor), QHM_ERROR_INVALID_ARGUMENT,
                  "needs an executor");
    REQUIRE_OK(qhm_executor_mitigate(inner, "zne", NULL, &zne));
    REQUIRE_FAILS(qhm_executor_mitigate(zne, "readout", NULL, &executor), QHM_ERROR_UNSUPPORTED,
                  "put readout inside it");
    // Post-selection asks for samples when it runs; expansion does not need them.
    qhm_mitigation_options o = options_of("symmetry");
    qhm_circuit *circuit = symmetric_circuit();
    qhm_observable *z = test_observable("Z0");
    double value;
    const qhm_execution e = {.circuit = circuit,
                             .observables = (const qhm_observable *const *)&z,
                             .observable_count = 1,
                             .values = &value};
    REQUIRE_OK(qhm_executor_mitigate(zne, "symmetry", &o, &executor));
    REQUIRE_FAILS(qhm_executor_run(executor, &e), QHM_ERROR_UNSUPPORTED,
                  "zne gives expectation values only");
    qhm_executor_destroy(executor);
    o.symmetry.method = QHM_SYMMETRY_EXPANSION;
    REQUIRE_OK(qhm_executor_mitigate(zne, "symmetry", &o, &executor));
    REQUIRE_OK(qhm_executor_run(executor, &e));
    REQUIRE_NEAR(value, ideal_value(circuit, "Z0"), 1e-9);
    qhm_executor_destroy(executor);
    qhm_executor_destroy(zne);
    qhm_executor_destroy(inner);
    qhm_observable_destroy(z);
    qhm_circuit_destroy(circuit);
}

// Memory for everything but the technique comes from outside the library.
struct attempt {
    const char *name;
    qhm_circuit *circuit;
    qhm_observable *observable;
    qhm_backend *backend;
};

static qhm_status attempt(void *context)
{
    struct attempt *a = context;
    qhm_executor *inner = NULL, *executor = NULL;
    qhm_mitigation_options o = options_of(a->name);
    o.cancellation.samples = 3;
    o.twirling.randomizations = 2;
    o.layerwise.layers = 1;
    o.regression.training_circuits = 3;
    o.readout.method = QHM_READOUT_SUBSPACE;
    double value;
    qhm_status status = qhm_executor_create_on_backend(a->backend, NULL, &inner);
    if (status == QHM_OK)
        status = qhm_executor_mitigate(inner, a->name, &o, &executor);
    if (status == QHM_OK)
        status = qhm_executor_run(
            executor, &(qhm_execution){.circuit = a->circuit,
                                       .observables = (const qhm_observable *const *)&a->observable,
                                       .observable_count = 1,
                                       .shots = 12,
                                       .seed = 4,
                                       .values = &value});
    qhm_executor_destroy(executor);
    qhm_executor_destroy(inner);
    return status;
}

static void techniques_survive_failing_memory(void **state)
{
    (void)state;
    struct attempt a = {.observable = test_observable("Z0")};
    const qhm_angle angle = qhm_angle_constant(0.7);
    REQUIRE_OK(qhm_circuit_create(2, 0, &a.circuit));
    REQUIRE_OK(qhm_circuit_append(a.circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    REQUIRE_OK(qhm_circuit_append(a.circuit, QHM_GATE_RX, (uint32_t[]){1}, &angle));
    REQUIRE_OK(qhm_circuit_append(a.circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &a.backend));
    for (size_t i = 0; i < qhm_technique_count(); i++) {
        a.name = qhm_technique_information(i)->name;
        require_survives_failing_memory(attempt, &a);
    }
    qhm_backend_destroy(a.backend);
    qhm_observable_destroy(a.observable);
    qhm_circuit_destroy(a.circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_technique_keeps_its_promises),
        cmocka_unit_test(techniques_combine_on_the_density_matrix),
        cmocka_unit_test(techniques_combine_on_trajectories),
        cmocka_unit_test(chips_gain),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(techniques_survive_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
