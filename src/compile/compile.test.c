// Compiled circuits mean what they meant, hold native gates on couplers only, and their times add
// up.
#include "compile/compile_internal.h"
#include "support/compiled_chips.h"
#include "support/failing_memory.h"
#include "support/small_chips.h"
#include "support/temporary_folder.h"

static const char *const decouplings[] = {NULL, "xx", "xy4"};

static void random_circuits_keep_their_meaning(void **state)
{
    (void)state;
    const char *const chips[] = {"willow", "condor"};
    for (int c = 0; c < 2; c++) {
        qhm_device *device = load(chips[c]);
        for (uint64_t i = 0; i < 24; i++) {
            qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 80, i, 0);
            const size_t qubits = 1 + i % 6;
            qhm_circuit *circuit = random_circuit(&random, qubits, 14, i % 2 == 1);
            require_same(circuit, device,
                         (qhm_compile_options){.level = 1 + (int)(i / 2 % 4),
                                               .seed = i,
                                               .decoupling = decouplings[i % 3]});
            qhm_circuit_destroy(circuit);
        }
        qhm_device_destroy(device);
    }
}

// A given layout of distant qubits needs many swaps, and passes through others.
static void a_given_layout_is_kept(void **state)
{
    qhm_device *device = small_chip(
        state, 9, "[0,1],[1,2],[3,4],[4,5],[6,7],[7,8],[0,3],[3,6],[1,4],[4,7],[2,5],[5,8]",
        small_chip_cz, "", "");
    const uint32_t layout[4] = {0, 8, 2, 6};
    for (uint64_t i = 0; i < 8; i++) {
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 81, i, 0);
        qhm_circuit *circuit = random_circuit(&random, 4, 12, true);
        const qhm_compile_options options = {.level = 1 + (int)(i % 4), .layout = layout};
        require_same(circuit, device, options);
        qhm_compiled *compiled = compile_with(circuit, device, options);
        const uint32_t *physical = qhm_compiled_physical_qubits(compiled, NULL),
                       *initial = qhm_compiled_initial_layout(compiled);
        for (int l = 0; l < 4; l++)
            assert_int_equal(physical[initial[l]], layout[l]);
        assert_true(qhm_compiled_summary_of(compiled)->swap_count > 0);
        qhm_compiled_destroy(compiled);
        qhm_circuit_destroy(circuit);
    }
    qhm_device_destroy(device);
}

static void measurements_and_conditions_keep_their_distribution(void **state)
{
    (void)state;
    const char *const chips[] = {"willow", "condor"};
    for (int c = 0; c < 2; c++) {
        qhm_device *device = load(chips[c]);
        for (uint64_t i = 0; i < 8; i++) {
            qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 82, i, 0);
            qhm_circuit *circuit = measuring_circuit(&random);
            qhm_compiled *compiled = compile_with(
                circuit, device,
                (qhm_compile_options){.level = 1 + (int)(i % 4), .decoupling = decouplings[i % 3]});
            REQUIRE_NEAR(compiled_distance(circuit, compiled, i), 0, 1e-9);
            require_native(compiled, device);
            require_times(compiled, device);
            qhm_compiled_destroy(compiled);
            qhm_circuit_destroy(circuit);
        }
        qhm_device_destroy(device);
    }
}

// Repeats until a coin shows 1; swaps are needed in the loop, whose layout must come back.
static void loops_keep_their_distribution(void **state)
{
    qhm_device *device =
        small_chip(state, 6, "[0,1],[1,2],[2,3],[3,4],[4,5]", small_chip_cz, "", "");
    qhm_circuit *circuit = create(5, 4);
    for (uint32_t q = 0; q < 5; q++) {
        const qhm_angle angle = qhm_angle_constant(0.4 + q);
        append(circuit, QHM_GATE_RY, &q, &angle);
    }
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit,
        &(qhm_instruction){.gate = QHM_GATE_WHILE, .condition = qhm_condition_bit(0, false)}));
    for (uint32_t q = 1; q < 5; q++)
        append(circuit, QHM_GATE_CX, (uint32_t[]){0, q}, NULL);
    append(circuit, QHM_GATE_CX, (uint32_t[]){1, 3}, NULL);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    append(circuit, QHM_GATE_SWAP, (uint32_t[]){2, 4}, NULL);
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_END}));
    append(circuit, QHM_GATE_CH, (uint32_t[]){4, 1}, NULL);
    for (uint32_t q = 1; q < 4; q++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
    for (int level = 1; level <= 4; level++) {
        qhm_compiled *compiled =
            compile_with(circuit, device, (qhm_compile_options){.level = level});
        REQUIRE_NEAR(compiled_distance(circuit, compiled, 0), 0, 1e-6);
        require_native(compiled, device);
        assert_true(qhm_compiled_summary_of(compiled)->swap_count > 0);
        qhm_compiled_destroy(compiled);
    }
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void the_fourier_transform_keeps_its_meaning(void **state)
{
    (void)state;
    qhm_device *device = load("willow");
    for (size_t qubits = 2; qubits <= 7; qubits++) {
        qhm_circuit *transform = fourier(qubits), *circuit = create(qubits, 0);
        for (uint32_t q = 0; q < qubits; q++) {
            const qhm_angle angle = qhm_angle_constant(0.3 + q);
            append(circuit, QHM_GATE_RY, &q, &angle);
        }
        REQUIRE_OK(qhm_circuit_append_circuit(circuit, transform, NULL, NULL, 0, 0));
        require_same(circuit, device, (qhm_compile_options){0});
        qhm_circuit_destroy(transform);
        qhm_circuit_destroy(circuit);
    }
    qhm_device_destroy(device);
}

// Runs that hold a slot are one operation: two sx here, in whatever order their gates come.
static void runs_with_slots_are_one_operation(void **state)
{
    qhm_device *device = small_chip(state, 2, "[0,1]", small_chip_ecr, "", "");
    qhm_circuit *circuit = create(1, 0);
    const qhm_angle in = qhm_angle_input(0, 1), weight = qhm_angle_weight(0);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &in);
    append(circuit, QHM_GATE_T, (uint32_t[]){0}, NULL);
    append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &weight);
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    REQUIRE_NEAR(qhm_compiled_summary_of(compiled)->duration_ns, 40, 1e-9);
    assert_int_equal(qhm_compiled_summary_of(compiled)->one_qubit_gates, 2);
    REQUIRE_NEAR(compiled_difference(circuit, compiled, 5), 0, 1e-12);
    qhm_compiled_destroy(compiled);

    qhm_circuit *turns = create(1, 0); // turns about Z alone take no time
    append(turns, QHM_GATE_RZ, (uint32_t[]){0}, &in);
    append(turns, QHM_GATE_P, (uint32_t[]){0}, &weight);
    append(turns, QHM_GATE_S, (uint32_t[]){0}, NULL);
    compiled = compile_with(turns, device, (qhm_compile_options){0});
    REQUIRE_NEAR(qhm_compiled_summary_of(compiled)->duration_ns, 0, 0);
    assert_int_equal(qhm_compiled_summary_of(compiled)->one_qubit_gates, 0);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(turns);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static size_t two_qubit_gates(void **state, const qhm_circuit *circuit, int level)
{
    qhm_device *device = small_chip(state, 4, "[0,1],[1,2],[2,3],[0,3]", small_chip_cz, "", "");
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){.level = level});
    const size_t count = qhm_compiled_summary_of(compiled)->two_qubit_gates;
    require_native(compiled, device);
    REQUIRE_NEAR(compiled_difference(circuit, compiled, 3), 0, 1e-9);
    qhm_compiled_destroy(compiled);
    qhm_device_destroy(device);
    return count;
}

static void what_undoes_itself_goes(void **state)
{
    const uint32_t ab[2] = {0, 1}, ba[2] = {1, 0}, bc[2] = {1, 2};
    const qhm_angle in = qhm_angle_input(0, 1), back = qhm_angle_input(0, -1),
                    turn = qhm_angle_constant(0.3);
    qhm_circuit *circuit = create(3, 0);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    append(circuit, QHM_GATE_CZ, ab, NULL); // across another cz and a turn about Z
    append(circuit, QHM_GATE_CZ, bc, NULL);
    append(circuit, QHM_GATE_RZ, (uint32_t[]){1}, &turn);
    append(circuit, QHM_GATE_CZ, ba, NULL);
    append(circuit, QHM_GATE_RZZ, ab, &in); // slots too
    append(circuit, QHM_GATE_RZ, (uint32_t[]){0}, &in);
    append(circuit, QHM_GATE_RZZ, ba, &back);
    append(circuit, QHM_GATE_CX, bc, NULL); // across X on its target, Z on its control
    append(circuit, QHM_GATE_X, (uint32_t[]){2}, NULL);
    append(circuit, QHM_GATE_S, (uint32_t[]){1}, NULL);
    append(circuit, QHM_GATE_CX, bc, NULL);
    assert_int_equal(two_qubit_gates(state, circuit, 1), 9);
    assert_int_equal(two_qubit_gates(state, circuit, 2), 1);
    qhm_circuit_destroy(circuit);

    circuit = create(2, 0); // these do not: the gates between do not commute with them
    append(circuit, QHM_GATE_CX, ab, NULL);
    append(circuit, QHM_GATE_CX, ba, NULL);
    append(circuit, QHM_GATE_CX, ab, NULL);
    append(circuit, QHM_GATE_H, (uint32_t[]){1}, NULL);
    append(circuit, QHM_GATE_CX, ba, NULL);
    assert_int_equal(two_qubit_gates(state, circuit, 2), 4);
    qhm_circuit_destroy(circuit);
}

// Half turns about any axis in the plane are one x; a controlled full turn is no identity.
static void half_and_full_turns_keep_their_phases(void **state)
{
    const char *const operations[2] = {small_chip_cz, small_chip_ecr};
    for (int c = 0; c < 2; c++) {
        qhm_device *device = small_chip(state, 2, "[0,1]", operations[c], "", "");
        qhm_circuit *circuit = create(2, 0);
        const qhm_angle turn = qhm_angle_constant(0.4), half = qhm_angle_constant(M_PI),
                        about[3] = {half, qhm_angle_constant(0.7), qhm_angle_constant(1.9)};
        append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &turn);
        append(circuit, QHM_GATE_BARRIER, NULL, NULL);
        append(circuit, QHM_GATE_U, (uint32_t[]){0}, about);
        append(circuit, QHM_GATE_BARRIER, NULL, NULL);
        append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &turn);
        append(circuit, QHM_GATE_CRX, (uint32_t[]){0, 1}, &half);
        append(circuit, QHM_GATE_CRX, (uint32_t[]){0, 1}, &half);
        append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &turn);
        for (int level = 1; level <= 4; level++)
            require_same(circuit, device, (qhm_compile_options){.level = level});
        qhm_circuit_destroy(circuit);
        qhm_device_destroy(device);
    }
}

static void blocks_take_the_fewest_two_qubit_gates(void **state)
{
    const uint32_t ab[2] = {0, 1}, ba[2] = {1, 0};
    const qhm_angle turn = qhm_angle_constant(0.3);
    qhm_circuit *circuit = create(2, 0);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    for (int i = 0; i < 5; i++) {
        append(circuit, QHM_GATE_CX, ab, NULL);
        append(circuit, QHM_GATE_RY, (uint32_t[]){1}, &turn);
        append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &turn);
        append(circuit, QHM_GATE_CRY, ba, &turn);
    }
    assert_int_equal(two_qubit_gates(state, circuit, 2), 15);
    assert_int_equal(two_qubit_gates(state, circuit, 3), 3);
    qhm_circuit_destroy(circuit);
    circuit = create(2, 0);
    append_two_qubit_unitary(circuit, 0, 1, 0.4);
    assert_int_equal(two_qubit_gates(state, circuit, 1), 2);
    append(circuit, QHM_GATE_SWAP, ab, NULL); // a relabelling
    assert_int_equal(two_qubit_gates(state, circuit, 1), 5);
    assert_int_equal(two_qubit_gates(state, circuit, 2), 2);
    qhm_circuit_destroy(circuit);
}

static void observables_follow_the_layout(void **state)
{
    (void)state;
    qhm_device *device = load("condor");
    qhm_circuit *circuit = fourier(4);
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    qhm_observable *observable, *mapped;
    REQUIRE_OK(qhm_observable_parse("0.5 Z0 X3 + Y1 - 2", &observable));
    REQUIRE_OK(qhm_compiled_map_observable(compiled, observable, &mapped));
    const uint32_t *layout = qhm_compiled_final_layout(compiled);
    qhm_backend *backend;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    double values[2];
    for (int i = 0; i < 2; i++) {
        qhm_plan *plan;
        const qhm_observable *list[1] = {i == 0 ? observable : mapped};
        REQUIRE_OK(qhm_plan_create(backend, i == 0 ? circuit : qhm_compiled_circuit(compiled), list,
                                   1, NULL, &plan));
        REQUIRE_OK(
            qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .expectations = &values[i]}));
        qhm_plan_destroy(plan);
    }
    REQUIRE_NEAR(values[1], values[0], 1e-9);
    assert_int_equal(qhm_observable_term_count(mapped), 3);
    bool has_found = false;
    for (size_t t = 0; t < 3; t++) {
        const qhm_pauli_term *term = qhm_observable_term(mapped, t);
        has_found |= term->factor_count == 1 && term->factors[0].qubit == layout[1];
    }
    assert_true(has_found);
    qhm_observable_destroy(observable);
    qhm_observable_destroy(mapped);
    REQUIRE_OK(qhm_observable_parse("Z4", &observable));
    REQUIRE_FAILS(qhm_compiled_map_observable(compiled, observable, &mapped),
                  QHM_ERROR_INVALID_ARGUMENT, "on qubit 4, but the circuit had 4 qubits");
    qhm_observable_destroy(observable);
    qhm_backend_destroy(backend);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void names_bits_and_lost_slots_are_kept(void **state)
{
    qhm_device *device = small_chip(state, 3, "[0,1],[1,2]", small_chip_cz, "", "");
    qhm_circuit *circuit = create(0, 0);
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "left", 1));
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "right", 1));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 2));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "out", 2));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 1));
    REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_INPUT, 0, "theta"));
    const qhm_angle in = qhm_angle_input(4, 1), back = qhm_angle_input(4, -1);
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &in);
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &back);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 3));
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    const qhm_circuit *made = qhm_compiled_circuit(compiled);
    assert_int_equal(qhm_circuit_input_count(made), 5);
    assert_string_equal(qhm_circuit_slot_name(made, QHM_SLOT_INPUT, 0), "theta");
    assert_int_equal(qhm_circuit_bit_count(made), 5);
    assert_int_equal(qhm_circuit_bit_register_count(made), 1);
    assert_string_equal(qhm_circuit_bit_register(made, 0)->name, "out");
    assert_int_equal(qhm_circuit_bit_register(made, 0)->first, 2);
    assert_int_equal(qhm_circuit_qubit_count(made), 2);
    assert_int_equal(qhm_compiled_summary_of(compiled)->one_qubit_gates, 0);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

// The delays between two gates become pulses that fill the same time.
static void pulses_fill_long_delays(void **state)
{
    const char *const operations[2] = {small_chip_cz, small_chip_ecr};
    for (int c = 0; c < 2; c++) {
        qhm_device *device = small_chip(state, 2, "[0,1]", operations[c], "", "");
        qhm_circuit *circuit = create(2, 2);
        append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
        append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL);
        append(circuit, QHM_GATE_BARRIER, NULL, NULL);
        REQUIRE_OK(qhm_circuit_append_delay(circuit, 1, 50)); // too short
        REQUIRE_OK(qhm_circuit_append_delay(circuit, 0, 1000));
        append(circuit, QHM_GATE_BARRIER, NULL, NULL);
        append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
        for (size_t i = 0; i < 3; i++) {
            qhm_compiled *compiled =
                compile_with(circuit, device, (qhm_compile_options){.decoupling = decouplings[i]});
            const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
            require_native(compiled, device);
            require_times(compiled, device);
            REQUIRE_NEAR(compiled_difference(circuit, compiled, 1), 0, 1e-12);
            qhm_compiled *plain = compile_with(circuit, device, (qhm_compile_options){0});
            const size_t pulses = i == 0 ? 0 : i == 1 ? 2 : 4;
            assert_int_equal(summary->one_qubit_gates,
                             qhm_compiled_summary_of(plain)->one_qubit_gates + 2 * pulses);
            REQUIRE_NEAR(summary->duration_ns, qhm_compiled_summary_of(plain)->duration_ns, 0);
            qhm_compiled_destroy(plain);
            qhm_compiled_destroy(compiled);
        }
        qhm_circuit_destroy(circuit);
        qhm_device_destroy(device);
    }
}

struct attempt {
    const qhm_circuit *circuit;
    const qhm_device *device;
    qhm_compile_options options;
};

static qhm_status compile_once(void *context)
{
    struct attempt *attempt = context;
    qhm_compiled *compiled = NULL;
    const qhm_status status =
        qhm_circuit_compile(attempt->circuit, attempt->device, &attempt->options, &compiled);
    qhm_compiled_destroy(compiled);
    return status;
}

static void survives_failing_memory(void **state)
{
    qhm_device *device = small_chip(state, 5, "[0,1],[1,2],[2,3],[3,4]", small_chip_ecr, "", "");
    qhm_circuit *circuit = create(3, 1);
    const qhm_angle in = qhm_angle_input(0, 1);
    append(circuit, QHM_GATE_CCX, (uint32_t[]){0, 1, 2}, NULL);
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &in);
    append_two_qubit_unitary(circuit, 0, 2, 0.7);
    append(circuit, QHM_GATE_BARRIER, NULL, NULL);
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit,
        &(qhm_instruction){.gate = QHM_GATE_WHILE, .condition = qhm_condition_bit(0, true)}));
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 2}, NULL);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 0));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_END}));
    struct attempt attempt = {circuit, device, {.decoupling = "xx"}};
    require_survives_failing_memory(compile_once, &attempt);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_circuits_keep_their_meaning),
        in_temporary_folder(a_given_layout_is_kept),
        cmocka_unit_test(measurements_and_conditions_keep_their_distribution),
        in_temporary_folder(loops_keep_their_distribution),
        cmocka_unit_test(the_fourier_transform_keeps_its_meaning),
        in_temporary_folder(runs_with_slots_are_one_operation),
        in_temporary_folder(what_undoes_itself_goes),
        in_temporary_folder(half_and_full_turns_keep_their_phases),
        in_temporary_folder(blocks_take_the_fewest_two_qubit_gates),
        cmocka_unit_test(observables_follow_the_layout),
        in_temporary_folder(names_bits_and_lost_slots_are_kept),
        in_temporary_folder(pulses_fill_long_delays),
        in_temporary_folder(survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
