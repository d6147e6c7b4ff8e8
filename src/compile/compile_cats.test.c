// Circuits compiled for cats: what published operations can do, and the rest with assumed ones.
#include "support/failing_memory.h"
#include "support/measured_chips.h"

#include <qhm/compile.h>

static qhm_device *load(void)
{
    qhm_device *device;
    REQUIRE_OK(qhm_device_load("ocelot", NULL, &device));
    return device;
}

// One round of the phase-flip repetition code: data 0 to 2 in |+>, XX parities by ancillas 3 and 4,
// then X of the data.
static qhm_circuit *create_repetition_code(double error)
{
    qhm_circuit *circuit = create(5, 5);
    for (uint32_t q = 0; q < 5; q++)
        append(circuit, QHM_GATE_H, &q, 0);
    append(circuit, QHM_GATE_RZ, (uint32_t[]){1}, error);
    for (uint32_t a = 3; a < 5; a++) {
        append(circuit, QHM_GATE_CX, (uint32_t[]){a, a - 3}, 0);
        append(circuit, QHM_GATE_CX, (uint32_t[]){a, a - 2}, 0);
        append(circuit, QHM_GATE_H, &a, 0);
        REQUIRE_OK(qhm_circuit_append_measure(circuit, a, a));
    }
    for (uint32_t q = 0; q < 3; q++) {
        append(circuit, QHM_GATE_H, &q, 0);
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
    }
    return circuit;
}

static void the_repetition_code_needs_no_assumed_gates(void **state)
{
    (void)state;
    qhm_device *device = load();
    qhm_circuit *circuit = create_repetition_code(0.9);
    qhm_compiled *compiled;
    REQUIRE_OK(qhm_circuit_compile(circuit, device, NULL, &compiled));
    require_native(device, compiled, false);
    require_same_branches(circuit, compiled, 1e-10, 8);
    const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
    assert_int_equal(summary->assumed_count, 0);
    assert_int_equal(summary->swap_count, 0);
    assert_int_equal(summary->two_qubit_gates, 4);
    assert_int_equal(summary->measurement_count, 5);
    assert_true(summary->estimated_success > 0.3 && summary->estimated_success < 1);
    const uint32_t *physical = qhm_compiled_physical_qubits(compiled, NULL);
    const uint32_t *layout = qhm_compiled_initial_layout(compiled);
    for (uint32_t q = 0; q < 5; q++)
        assert_string_equal(qhm_device_qubit_at(device, physical[layout[q]])->kind,
                            q < 3 ? "cat" : "transmon");
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);

    circuit = create_repetition_code(0); // without an error every parity is even
    REQUIRE_OK(qhm_circuit_compile(circuit, device,
                                   &(qhm_compile_options){.allow_assumed_gates = true}, &compiled));
    assert_int_equal(qhm_compiled_summary_of(compiled)->assumed_count, 0); // nor takes them
    for (int n = 0; n < 4; n++) {
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 9, (uint64_t)n, 0);
        one_branch made = branch_run(qhm_compiled_circuit(compiled), &random, NULL);
        assert_int_equal(made.bits[0] & 31, 0);
        free(made.state);
    }
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void other_circuits_are_not_expressible(void **state)
{
    (void)state;
    qhm_device *device = load();
    qhm_circuit *circuit = create(3, 0);
    qhm_compiled *compiled = NULL;
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0);
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
    append(circuit, QHM_GATE_CX, (uint32_t[]){1, 2}, 0);
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device, NULL, &compiled), QHM_ERROR_UNSUPPORTED,
                  "not expressible: ocelot has no published operations for instruction 2, cx");
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device, NULL, &compiled), QHM_ERROR_UNSUPPORTED,
                  "need allow_assumed_gates");
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device,
                                      &(qhm_compile_options){.layout = (uint32_t[]){0, 2, 4}},
                                      &compiled),
                  QHM_ERROR_UNSUPPORTED, "on this layout");
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device,
                                      &(qhm_compile_options){.layout = (uint32_t[]){0, 2, 3},
                                                             .allow_assumed_gates = true},
                                      &compiled),
                  QHM_ERROR_INVALID_ARGUMENT, "layout[2] is qubit 3, which is no cat");
    REQUIRE_FAILS(
        qhm_circuit_compile(circuit, device, &(qhm_compile_options){.decoupling = "xx"}, &compiled),
        QHM_ERROR_UNSUPPORTED, "decoupling");
    qhm_circuit_destroy(circuit);
    circuit = create(6, 0);
    for (uint32_t q = 0; q < 5; q++)
        append(circuit, QHM_GATE_CZ, (uint32_t[]){q, q + 1}, 0);
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device,
                                      &(qhm_compile_options){.allow_assumed_gates = true},
                                      &compiled),
                  QHM_ERROR_RESOURCE_LIMIT, "the circuit has 6 qubits, but ocelot has 5 cats");
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static qhm_circuit *draw_circuit(qhm_random *random, size_t qubits, size_t gates)
{
    qhm_circuit *circuit = create(qubits, qubits);
    while (qhm_circuit_instruction_count(circuit) < gates) {
        const qhm_gate gate = (qhm_gate)qhm_random_below(random, QHM_GATE_UNITARY);
        const qhm_gate_info *info = qhm_gate_information(gate);
        size_t order[8];
        uint32_t chosen[8];
        for (size_t i = 0; i < qubits; i++)
            order[i] = i;
        qhm_random_shuffle(random, order, qubits);
        for (size_t i = 0; i < qubits; i++)
            chosen[i] = (uint32_t)order[i];
        if (info->is_unitary && info->control_count + info->target_count <= qubits)
            append(circuit, gate, chosen, 3 * qhm_random_uniform(random));
    }
    return circuit;
}

static void with_assumed_gates_anything_goes(void **state)
{
    (void)state;
    qhm_device *device = load();
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    for (size_t n = 0; n < 24; n++) {
        qhm_circuit *circuit = draw_circuit(&random, 1 + n % 5, 10);
        qhm_compiled *compiled;
        REQUIRE_OK(qhm_circuit_compile(
            circuit, device,
            &(qhm_compile_options){.allow_assumed_gates = true, .level = 1 + (int)n % 4, .seed = n},
            &compiled));
        require_native(device, compiled, true);
        require_same_branches(circuit, compiled, 1e-10, 1);
        const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
        size_t last = qhm_compiled_step_count(compiled), assumed = 0;
        while (last-- > 0) { // the translating pass lists them by name, with their counts
            const qhm_compile_step *step = qhm_compiled_step(compiled, last);
            if (strcmp(step->name, "translate") != 0)
                continue;
            for (const char *text = step->detail; *text;) {
                char *end;
                assumed += strtoul(text, &end, 10);
                text = end == text ? text + 1 : end;
            }
        }
        assert_true(assumed >= summary->assumed_count);
        qhm_compiled_destroy(compiled);
        qhm_circuit_destroy(circuit);
    }
    qhm_device_destroy(device);
}

static void readouts_of_x_leave_the_right_state(void **state)
{
    (void)state;
    qhm_device *device = load();
    for (unsigned n = 0; n < 3; n++) {
        qhm_circuit *circuit = create(2, 2);
        qhm_compiled *compiled;
        append(circuit, QHM_GATE_SX, (uint32_t[]){0}, 0);
        append(circuit, QHM_GATE_CZ, (uint32_t[]){0, 1}, 0);
        append(circuit, QHM_GATE_RY, (uint32_t[]){0}, 0.7);
        append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0);
        REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
        if (n == 1)
            append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0);
        if (n == 2)
            append(circuit, QHM_GATE_RX, (uint32_t[]){0}, 0.4);
        REQUIRE_OK(qhm_circuit_compile(
            circuit, device, &(qhm_compile_options){.allow_assumed_gates = true}, &compiled));
        require_same_branches(circuit, compiled, 1e-10, 6);
        size_t parities = 0;
        const qhm_circuit *made = qhm_compiled_circuit(compiled);
        for (size_t i = 0; i < qhm_circuit_instruction_count(made); i++)
            parities += qhm_circuit_instruction(made, i)->gate == QHM_GATE_MEASURE_PAULI;
        assert_int_equal(parities, 1);
        qhm_compiled_destroy(compiled);
        qhm_circuit_destroy(circuit);
    }
    qhm_device_destroy(device);
}

static void parameters_stay_parameters(void **state)
{
    (void)state;
    qhm_device *device = load();
    qhm_circuit *circuit = create(2, 0), *bound, *made_bound;
    qhm_compiled *compiled;
    const double weights[3] = {0.3, -1.2, 2.1};
    for (uint32_t w = 0; w < 3; w++) {
        const qhm_angle angle = qhm_angle_weight(w);
        const qhm_gate gates[3] = {QHM_GATE_RY, QHM_GATE_RZ, QHM_GATE_CRX};
        REQUIRE_OK(qhm_circuit_append(circuit, gates[w], (uint32_t[]){w % 2, 1 - w % 2}, &angle));
    }
    REQUIRE_OK(qhm_circuit_compile(circuit, device,
                                   &(qhm_compile_options){.allow_assumed_gates = true}, &compiled));
    REQUIRE_OK(qhm_circuit_bind(circuit, NULL, weights, &bound));
    REQUIRE_OK(qhm_circuit_bind(qhm_compiled_circuit(compiled), NULL, weights, &made_bound));
    one_branch original = branch_run(bound, NULL, (uint64_t[16]){0});
    one_branch made = branch_run(made_bound, NULL, (uint64_t[16]){0});
    REQUIRE_NEAR(branch_fidelity(&original, &made, qhm_compiled_final_layout(compiled)), 1, 1e-12);
    free(original.state);
    free(made.state);
    qhm_circuit_destroy(bound);
    qhm_circuit_destroy(made_bound);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void transmons_are_reset_by_measuring(void **state)
{
    (void)state;
    qhm_device *device = load();
    qhm_circuit *circuit = create(2, 2);
    qhm_compiled *compiled;
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0); // 0 controls: a transmon; 1 a cat
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RESET, (uint32_t[]){0}, NULL));
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, 0.3);
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
    REQUIRE_OK(qhm_circuit_compile(circuit, device, NULL, &compiled));
    require_native(device, compiled, false);
    for (size_t i = 0; i < qhm_circuit_instruction_count(qhm_compiled_circuit(compiled)); i++)
        assert_true(qhm_circuit_instruction(qhm_compiled_circuit(compiled), i)->gate !=
                    QHM_GATE_RESET);
    require_same_branches(circuit, compiled, 1e-10, 6);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static qhm_status compile_once(void *context)
{
    const qhm_device *device = context;
    qhm_circuit *circuit;
    qhm_compiled *compiled = NULL;
    qhm_status status = qhm_circuit_create(3, 1, &circuit);
    if (status != QHM_OK)
        return status;
    const qhm_angle angle = qhm_angle_constant(0.3);
    const qhm_gate gates[5] = {QHM_GATE_H, QHM_GATE_CX, QHM_GATE_RY, QHM_GATE_CX, QHM_GATE_CZ};
    const uint32_t qubits[5][2] = {{0, 1}, {0, 1}, {1, 0}, {1, 2}, {0, 2}};
    for (int i = 0; i < 5 && status == QHM_OK; i++)
        status = qhm_circuit_append(circuit, gates[i], qubits[i], &angle);
    if (status == QHM_OK)
        status = qhm_circuit_append_measure(circuit, 0, 0);
    if (status == QHM_OK)
        status = qhm_circuit_compile(
            circuit, device, &(qhm_compile_options){.level = 1, .allow_assumed_gates = true},
            &compiled);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    qhm_device *device = load();
    require_survives_failing_memory(compile_once, device);
    qhm_device_destroy(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_repetition_code_needs_no_assumed_gates),
        cmocka_unit_test(other_circuits_are_not_expressible),
        cmocka_unit_test(with_assumed_gates_anything_goes),
        cmocka_unit_test(readouts_of_x_leave_the_right_state),
        cmocka_unit_test(parameters_stay_parameters),
        cmocka_unit_test(transmons_are_reset_by_measuring),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
