// Where compiled circuits go on a chip, what is said and expected of them, and what is refused.
#include "compile/compile_internal.h"
#include "support/compiled_chips.h"
#include "support/small_chips.h"
#include "support/temporary_folder.h"

#include <qhm/noise_model.h>
#include <qhm/threads.h>

static void a_chain_of_twenty_fits_without_swaps(void **state)
{
    (void)state;
    qhm_device *willow = load("willow");
    qhm_circuit *circuit = ghz(20);
    for (int level = 3; level <= 4; level++) {
        qhm_compiled *compiled =
            compile_with(circuit, willow, (qhm_compile_options){.level = level});
        const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
        assert_int_equal(summary->swap_count, 0);
        assert_int_equal(summary->qubit_count, 20);
        assert_int_equal(summary->two_qubit_gates, 19);
        assert_int_equal(summary->two_qubit_depth, 19);
        assert_int_equal(summary->measurement_count, 20);
        // 19 cz of 42 ns, a gate before, between and after each, and a measurement
        REQUIRE_NEAR(summary->duration_ns, 19 * 42 + 20 * 25 + 600, 1e-9);
        require_native(compiled, willow);
        require_times(compiled, willow);
        qhm_compiled_destroy(compiled);
    }
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(willow);
}

// Two triangles fit this chip only where one of them avoids the dead coupler.
static void dead_qubits_and_couplers_are_left_out(void **state)
{
    qhm_device *device =
        small_chip(state, 6, "[0,1],[1,2],[2,3],[3,4],[4,5],[0,5]", small_chip_cz,
                   "{\"qubit\":1,\"is_working\":false}", "{\"qubits\":[3,4],\"is_working\":false}");
    qhm_circuit *pair = ghz(2), *three = ghz(3), *four = ghz(4), *six = ghz(6);
    for (int level = 1; level <= 4; level++) {
        qhm_compiled *compiled = compile_with(pair, device, (qhm_compile_options){.level = level});
        require_native(compiled, device);
        qhm_compiled_destroy(compiled);
    }
    qhm_compiled *compiled = compile_with(three, device, (qhm_compile_options){0});
    require_native(compiled, device); // on 4, 5, 0
    qhm_compiled_destroy(compiled);
    REQUIRE_FAILS(qhm_circuit_compile(four, device, NULL, &compiled), QHM_ERROR_UNSUPPORTED,
                  "the circuit has 4 qubits, but at most 3 of chip are joined");
    REQUIRE_FAILS(qhm_circuit_compile(six, device, NULL, &compiled), QHM_ERROR_RESOURCE_LIMIT,
                  "the circuit has 6 qubits, but 5 of the 6 of chip work");
    const uint32_t apart[2] = {2, 4}, dead[2] = {1, 2}, twice[2] = {2, 2}, far[2] = {0, 6};
    REQUIRE_FAILS(
        qhm_circuit_compile(pair, device, &(qhm_compile_options){.layout = apart}, &compiled),
        QHM_ERROR_UNSUPPORTED, "qubits 2 and 4 of chip, which no working couplers join");
    REQUIRE_FAILS(
        qhm_circuit_compile(pair, device, &(qhm_compile_options){.layout = dead}, &compiled),
        QHM_ERROR_INVALID_ARGUMENT, "layout[0] is qubit 1, which does not work");
    REQUIRE_FAILS(
        qhm_circuit_compile(pair, device, &(qhm_compile_options){.layout = twice}, &compiled),
        QHM_ERROR_INVALID_ARGUMENT, "layout[0] and layout[1] are both 2");
    REQUIRE_FAILS(
        qhm_circuit_compile(pair, device, &(qhm_compile_options){.layout = far}, &compiled),
        QHM_ERROR_INVALID_ARGUMENT, "layout[1] is 6, not below the 6 qubits of chip");
    qhm_circuit_destroy(pair);
    qhm_circuit_destroy(three);
    qhm_circuit_destroy(four);
    qhm_circuit_destroy(six);
    qhm_device_destroy(device);
}

// A ring of five nearly fits a small part with good qubits, but needs the large one and swaps.
static void all_of_a_circuit_goes_to_one_part(void **state)
{
    char good[512] = "";
    for (int q = 7; q < 13; q++)
        snprintf(good + strlen(good), sizeof good - strlen(good),
                 "%s{\"qubit\":%d,\"one_qubit_error\":0.00001}", q > 7 ? "," : "", q);
    qhm_device *device = small_chip(state, 13,
                                    "[0,1],[1,2],[2,3],[3,4],[4,5],[5,6],[6,7],"
                                    "[7,8],[8,9],[9,10],[10,11],[11,12],[7,12]",
                                    small_chip_cz, good, "{\"qubits\":[6,7],\"is_working\":false}");
    qhm_circuit *circuit = create(5, 0);
    for (uint32_t q = 0; q < 5; q++) {
        const qhm_angle angle = qhm_angle_constant(0.4 + q);
        append(circuit, QHM_GATE_RY, &q, &angle);
        append(circuit, QHM_GATE_CX, (uint32_t[]){q, (q + 1) % 5}, NULL);
    }
    for (int level = 1; level <= 4; level++)
        require_same(circuit, device, (qhm_compile_options){.level = level});
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

// The chain goes where the couplers and the readout are good.
static void places_are_chosen_by_their_errors(void **state)
{
    qhm_device *device = small_chip(state, 8, "[0,1],[1,2],[2,3],[3,4],[4,5],[5,6],[6,7],[0,7]",
                                    small_chip_cz, "{\"qubit\":6,\"one_qubit_error\":0.00001}",
                                    "{\"qubits\":[5,6],\"two_qubit_error\":0.001},"
                                    "{\"qubits\":[6,7],\"two_qubit_error\":0.002}");
    qhm_circuit *circuit = ghz(3);
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    const uint32_t *physical = qhm_compiled_physical_qubits(compiled, NULL);
    assert_int_equal(physical[0], 5);
    assert_int_equal(physical[1], 6);
    assert_int_equal(physical[2], 7);
    qhm_compiled *plain = compile_with(circuit, device, (qhm_compile_options){.level = 1});
    assert_true(qhm_compiled_summary_of(plain)->estimated_success <
                qhm_compiled_summary_of(compiled)->estimated_success);
    qhm_compiled_destroy(plain);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

// One gate and one wait of known figures.
static void success_is_the_product_of_what_is_kept(void **state)
{
    qhm_device *device = small_chip(state, 2, "[0,1]", small_chip_ecr, "", "");
    qhm_circuit *circuit = create(2, 2);
    append(circuit, QHM_GATE_SX, (uint32_t[]){0}, NULL);
    append(circuit, QHM_GATE_SX, (uint32_t[]){1}, NULL);
    REQUIRE_OK(qhm_circuit_append_delay(circuit, 0, 1000));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 1));
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
    // qubit 1 starts late enough to wait for nothing
    const double wait = 0.5 + exp(-1.0 / 50) / 6 + exp(-1.0 / 40) / 3;
    REQUIRE_NEAR(summary->estimated_success, 0.999 * 0.999 * wait * 0.98 * 0.98, 1e-12);
    REQUIRE_NEAR(summary->duration_ns, 1520, 1e-9);
    assert_int_equal(summary->one_qubit_gates, 2);
    assert_int_equal(summary->delay_count, 1);
    assert_int_equal(summary->depth, 2);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void the_same_seed_gives_the_same_circuit(void **state)
{
    (void)state;
    qhm_device *device = load("willow");
    qhm_circuit *circuit = create(12, 0);
    qhm_random random = qhm_random_stream(7, QHM_RANDOM_USER, 83, 0, 0);
    for (int i = 0; i < 80; i++) {
        const uint32_t a = (uint32_t)qhm_random_below(&random, 12),
                       b = (a + 1 + (uint32_t)qhm_random_below(&random, 11)) % 12;
        append(circuit, QHM_GATE_CX, (uint32_t[]){a, b}, NULL);
    }
    qhm_compiled *compiled[3];
    const unsigned threads = qhm_threads_count();
    for (int i = 0; i < 3; i++) {
        REQUIRE_OK(qhm_threads_set_count(i == 1 ? 1 : 3));
        compiled[i] = compile_with(circuit, device, (qhm_compile_options){.seed = i == 2 ? 9 : 4});
    }
    REQUIRE_OK(qhm_threads_set_count(threads));
    assert_true(
        qhm_circuit_is_equal(qhm_compiled_circuit(compiled[0]), qhm_compiled_circuit(compiled[1])));
    assert_false(
        qhm_circuit_is_equal(qhm_compiled_circuit(compiled[0]), qhm_compiled_circuit(compiled[2])));
    for (int i = 0; i < 3; i++)
        qhm_compiled_destroy(compiled[i]);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void every_pass_says_what_it_did(void **state)
{
    (void)state;
    qhm_device *device = load("willow");
    qhm_circuit *circuit = fourier(6);
    qhm_compiled *compiled =
        compile_with(circuit, device, (qhm_compile_options){.decoupling = "xx"});
    const char *const names[] = {"decompose", "cancel",       "resynthesise", "place",
                                 "route",     "resynthesise", "translate",    "cancel",
                                 "merge",     "schedule",     "decouple"};
    assert_int_equal(qhm_compiled_step_count(compiled), sizeof names / sizeof names[0]);
    for (size_t i = 0; i < qhm_compiled_step_count(compiled); i++) {
        const qhm_compile_step *step = qhm_compiled_step(compiled, i);
        assert_string_equal(step->name, names[i]);
        assert_true(strlen(step->help) > 0 && step->detail);
        if (i > 0)
            assert_memory_equal(&step->before, &qhm_compiled_step(compiled, i - 1)->after,
                                sizeof step->before);
    }
    assert_string_equal(qhm_compiled_step(compiled, 0)->detail, "3 swaps relabelled");
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void the_ideal_device_takes_everything(void **state)
{
    (void)state;
    qhm_device *device = load("ideal");
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 84, 0, 0);
    qhm_circuit *circuit = random_circuit(&random, 5, 20, true);
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    REQUIRE_NEAR(compiled_difference(circuit, compiled, 1), 0, 1e-12);
    assert_int_equal(qhm_compiled_summary_of(compiled)->swap_count, 0);
    REQUIRE_NEAR(qhm_compiled_summary_of(compiled)->estimated_success, 1, 0);
    assert_true(qhm_compiled_summary_of(compiled)->depth > 0);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void wrong_options_and_circuits_are_refused(void **state)
{
    qhm_device *device = small_chip(state, 2, "[0,1]", small_chip_cz, "", "");
    qhm_circuit *circuit = create(1, 0), *empty = create(0, 0), *open = create(1, 1);
    qhm_compiled *compiled = NULL;
    REQUIRE_FAILS(qhm_circuit_compile(NULL, device, NULL, &compiled), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a circuit");
    REQUIRE_FAILS(
        qhm_circuit_compile(circuit, device, &(qhm_compile_options){.level = 5}, &compiled),
        QHM_ERROR_INVALID_ARGUMENT, "level is 5");
    REQUIRE_FAILS(
        qhm_circuit_compile(circuit, device, &(qhm_compile_options){.decoupling = "yy"}, &compiled),
        QHM_ERROR_INVALID_ARGUMENT, "decoupling is \"yy\", not xx or xy4");
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device,
                                      &(qhm_compile_options){.rotation_precision = NAN}, &compiled),
                  QHM_ERROR_INVALID_ARGUMENT, "rotation_precision is");
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device,
                                      &(qhm_compile_options){.rotations = (qhm_compile_rotations)2},
                                      &compiled),
                  QHM_ERROR_INVALID_ARGUMENT, "rotations is 2");
    REQUIRE_FAILS(qhm_circuit_compile(empty, device, NULL, &compiled), QHM_ERROR_INVALID_ARGUMENT,
                  "no qubits");
    REQUIRE_OK(qhm_circuit_append_instruction(
        open, &(qhm_instruction){.gate = QHM_GATE_WHILE, .condition = qhm_condition_bit(0, true)}));
    REQUIRE_FAILS(qhm_circuit_compile(open, device, NULL, &compiled), QHM_ERROR_INVALID_ARGUMENT,
                  "a while without its end");
    const qhm_complex kraus[4] = {{1, 0}, {0, 0}, {0, 0}, {1, 0}};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                                                          .qubit_count = 1,
                                                                          .qubits = (uint32_t[]){0},
                                                                          .matrix = kraus,
                                                                          .kraus_count = 1}));
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device, NULL, &compiled), QHM_ERROR_UNSUPPORTED,
                  "instruction 0 is a channel");
    assert_null(compiled);
    qhm_compiled_destroy(NULL);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(empty);
    qhm_circuit_destroy(open);
    qhm_device_destroy(device);
}

// Without a two-qubit gate, or with one that nobody published.
static void what_a_chip_cannot_say_is_refused(void **state)
{
    static const char assumed[] =
        "{\"name\":\"u\",\"gate\":\"u\",\"is_any_one_qubit_gate\":true,"
        "\"duration\":\"one_qubit_duration_ns\",\"error\":\"one_qubit_error\",\"source\":\"us\"},"
        "{\"name\":\"cx\",\"gate\":\"cx\",\"is_assumed\":true,"
        "\"duration\":\"two_qubit_duration_ns\",\"error\":\"two_qubit_error\",\"source\":\"us\"},";
    qhm_device *device = small_chip(state, 2, "[0,1]", assumed, "", "");
    qhm_circuit *circuit = ghz(2);
    qhm_compiled *compiled;
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device, NULL, &compiled), QHM_ERROR_UNSUPPORTED,
                  "chip lacks cx, cz or ecr, so that circuits are not expressible on it without "
                  "assumed gates");
    compiled = compile_with(circuit, device, (qhm_compile_options){.allow_assumed_gates = true});
    assert_int_equal(qhm_compiled_summary_of(compiled)->assumed_count, 1);
    qhm_compiled_destroy(compiled);
    qhm_device_destroy(device);
    device = small_chip(state, 2, "[0,1]", "", "", "");
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device, NULL, &compiled), QHM_ERROR_UNSUPPORTED,
                  "chip lacks any gate on one qubit");
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

// There and back through a Fourier transform under a chip's noise, exactly: what comes back to 0 is
// near the estimate, which takes no error for harmless.
static void noise_takes_what_was_estimated(void **state)
{
    (void)state;
    const char *const chips[] = {"willow", "condor", "heron"};
    qhm_circuit *circuit = create(4, 4), *transform = fourier(4), *back;
    REQUIRE_OK(qhm_circuit_invert(transform, &back));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, transform, NULL, NULL, 0, 0));
    append(circuit, QHM_GATE_BARRIER, NULL, NULL);
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, back, NULL, NULL, 0, 0));
    for (uint32_t q = 0; q < 4; q++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
    qhm_backend *backend;
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &backend));
    for (size_t c = 0; c < sizeof chips / sizeof chips[0]; c++) {
        qhm_device *device = load(chips[c]);
        qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
        const double estimate = qhm_compiled_summary_of(compiled)->estimated_success;
        size_t count;
        const uint32_t *physical = qhm_compiled_physical_qubits(compiled, &count);
        qhm_noise_model *model;
        qhm_circuit *noisy;
        qhm_plan *plan;
        qhm_distribution *outcomes;
        REQUIRE_OK(qhm_noise_model_create_from_device(device, physical, count, NULL, &model));
        REQUIRE_OK(qhm_noise_model_apply(model, qhm_compiled_circuit(compiled), &noisy));
        REQUIRE_OK(qhm_plan_create(backend, noisy, NULL, 0, NULL, &plan));
        REQUIRE_OK(qhm_plan_run_exact(plan, &(qhm_exact_request){0}, &outcomes));
        const double kept = qhm_distribution_weight(outcomes, (uint64_t[]){0});
        assert_true(estimate < 0.97);
        assert_true(kept > estimate && log(kept) < 0.6 * log(estimate));
        qhm_distribution_destroy(outcomes);
        qhm_plan_destroy(plan);
        qhm_circuit_destroy(noisy);
        qhm_noise_model_destroy(model);
        qhm_compiled_destroy(compiled);
        qhm_device_destroy(device);
    }
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(transform);
    qhm_circuit_destroy(back);
}

// Circuits with slots and conditions too have nothing that a noise model does not know.
static void noise_models_know_compiled_circuits(void **state)
{
    (void)state;
    const char *const chips[] = {"willow", "condor", "heron"};
    for (size_t c = 0; c < sizeof chips / sizeof chips[0]; c++) {
        qhm_device *device = load(chips[c]);
        for (int level = 1; level <= 4; level++) {
            qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 85, c, 0);
            qhm_circuit *circuit = measuring_circuit(&random), *noisy;
            qhm_compiled *compiled = compile_with(
                circuit, device, (qhm_compile_options){.level = level, .decoupling = "xy4"});
            size_t count;
            const uint32_t *physical = qhm_compiled_physical_qubits(compiled, &count);
            qhm_noise_model *model;
            REQUIRE_OK(qhm_noise_model_create_from_device(device, physical, count, NULL, &model));
            REQUIRE_OK(qhm_noise_model_apply(model, qhm_compiled_circuit(compiled), &noisy));
            qhm_circuit_destroy(noisy);
            qhm_noise_model_destroy(model);
            qhm_compiled_destroy(compiled);
            qhm_circuit_destroy(circuit);
        }
        qhm_device_destroy(device);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_of_twenty_fits_without_swaps),
        in_temporary_folder(dead_qubits_and_couplers_are_left_out),
        in_temporary_folder(all_of_a_circuit_goes_to_one_part),
        in_temporary_folder(places_are_chosen_by_their_errors),
        in_temporary_folder(success_is_the_product_of_what_is_kept),
        cmocka_unit_test(the_same_seed_gives_the_same_circuit),
        cmocka_unit_test(every_pass_says_what_it_did),
        cmocka_unit_test(the_ideal_device_takes_everything),
        in_temporary_folder(wrong_options_and_circuits_are_refused),
        in_temporary_folder(what_a_chip_cannot_say_is_refused),
        cmocka_unit_test(noise_takes_what_was_estimated),
        cmocka_unit_test(noise_models_know_compiled_circuits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
