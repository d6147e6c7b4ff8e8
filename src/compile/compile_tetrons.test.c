// Whole circuits compiled for tetrons, along random branches and by exact distributions.
#include "support/compiled_meaning.h"
#include "support/failing_memory.h"
#include "support/measured_chips.h"

#include <qhm/compile.h>

static qhm_device *load(const char *name, const qhm_device_options *options)
{
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(name, options, &device));
    return device;
}

static qhm_compiled *compile_with(const qhm_circuit *circuit, const qhm_device *device,
                                  qhm_compile_options options)
{
    qhm_compiled *compiled;
    REQUIRE_OK(qhm_circuit_compile(circuit, device, &options, &compiled));
    return compiled;
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
            append(circuit, gate, chosen,
                   M_PI / 4 * (double)qhm_random_below(random, 9) -
                       0.2 * (double)qhm_random_below(random, 2));
    }
    return circuit;
}

static void random_circuits_mean_the_same(void **state)
{
    (void)state;
    qhm_device *device = load("majorana1:projected_1e-4", NULL);
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    for (size_t n = 0; n < 12; n++) {
        qhm_circuit *circuit = draw_circuit(&random, 1 + n % 4, 8);
        if (n % 2) {
            REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
            append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0);
        }
        qhm_compiled *compiled = compile_with(
            circuit, device,
            (qhm_compile_options){.level = 1 + (int)n % 4, .seed = n, .rotation_precision = 1e-4});
        require_native(device, compiled, false);
        const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
        require_same_branches(circuit, compiled, 1e-10 + 4 * pow(summary->rotation_error, 2), 2);
        assert_int_equal(summary->assumed_count, 0);
        assert_true(summary->estimated_success > 0 && summary->estimated_success < 1);
        qhm_compiled_destroy(compiled);
        compiled = compile_with(
            circuit, device, (qhm_compile_options){.seed = n, .rotations = QHM_ROTATIONS_ANALOG});
        require_native(device, compiled, true);
        require_same_branches(circuit, compiled, 1e-10, 3);
        REQUIRE_NEAR(qhm_compiled_summary_of(compiled)->rotation_error, 0, 0);
        qhm_compiled_destroy(compiled);
        qhm_circuit_destroy(circuit);
    }
    qhm_device_destroy(device);
}

static void distributions_are_exactly_the_same(void **state)
{
    (void)state;
    qhm_device *device = load("majorana1", NULL);
    for (unsigned n = 0; n < 3; n++) {
        qhm_circuit *circuit = create(2, 3);
        append(circuit, n == 0 ? QHM_GATE_H : QHM_GATE_SX, (uint32_t[]){0}, 0);
        if (n == 2)
            append(circuit, QHM_GATE_T, (uint32_t[]){0}, 0);
        append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
        REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
        REQUIRE_OK(qhm_circuit_append_instruction(
            circuit, &(qhm_instruction){.gate = QHM_GATE_X,
                                        .qubits = (uint32_t[]){1},
                                        .condition = qhm_condition_bit(0, n == 1)}));
        append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0);
        REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 2));
        REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 1));
        qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){.seed = n});
        const qhm_circuit *made = qhm_compiled_circuit(compiled);
        qhm_distribution *wanted = exact_distribution(circuit, NULL, NULL),
                         *all = exact_distribution(made, NULL, NULL);
        double distance = 0, total = 0;
        for (size_t i = 0; i < qhm_distribution_outcome_count(all); i++) {
            const uint64_t *bits;
            double weight;
            qhm_distribution_outcome(all, i, &bits, &weight);
            assert_true(bits[0] < 8); // scratch bits are 0 again
            distance += fabs(weight - qhm_distribution_weight(wanted, bits));
            total += weight;
        }
        REQUIRE_NEAR(total, 1, 1e-12);
        REQUIRE_NEAR(distance, 0, 1e-12);
        qhm_distribution_destroy(wanted);
        qhm_distribution_destroy(all);
        qhm_compiled_destroy(compiled);
        qhm_circuit_destroy(circuit);
    }
    qhm_device_destroy(device);
}

static void known_circuits_take_known_measurements(void **state)
{
    (void)state;
    qhm_device *device = load("majorana1:projected_1e-4", NULL);
    const struct {
        qhm_gate gate;
        size_t measurements, t_count;
        double duration_ns;
    } cases[] = {{QHM_GATE_S, 3, 0, 300},    {QHM_GATE_SX, 3, 0, 300},
                 {QHM_GATE_H, 9, 0, 700}, // S, SX, S; each prepares its ancilla in time
                 {QHM_GATE_X, 0, 0, 0},      {QHM_GATE_CX, 4, 0, 400},
                 {QHM_GATE_CZ, 16, 0, 1100}, // two gates before a CX and two after it
                 {QHM_GATE_T, 6, 1, 1100}};  // 300, a feedback of 500, S
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        qhm_circuit *circuit = create(2, 0);
        append(circuit, cases[i].gate, (uint32_t[]){0, 1}, 0);
        qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){.seed = 1});
        const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
        assert_int_equal(summary->measurement_count, cases[i].measurements);
        assert_int_equal(summary->t_count, cases[i].t_count);
        REQUIRE_NEAR(summary->duration_ns, cases[i].duration_ns, 1e-6);
        qhm_compiled_destroy(compiled);
        qhm_circuit_destroy(circuit);
    }
    qhm_device_destroy(device);
}

static void gates_far_apart_are_brought_together(void **state)
{
    (void)state;
    qhm_device *device = load("majorana1", NULL);
    qhm_circuit *circuit = create(4, 0);
    for (uint32_t a = 0; a < 4; a++) {
        append(circuit, QHM_GATE_SX, (uint32_t[]){a}, 0);
        for (uint32_t b = 0; b < 4; b++)
            if (a != b)
                append(circuit, QHM_GATE_CX, (uint32_t[]){a, b}, 0);
    }
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){.seed = 3});
    require_native(device, compiled, false);
    require_same_branches(circuit, compiled, 1e-10, 4);
    assert_true(qhm_compiled_summary_of(compiled)->swap_count > 0);
    size_t count;
    (void)qhm_compiled_physical_qubits(compiled, &count);
    assert_int_equal(count, 8);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void waiting_tetrons_have_delays(void **state)
{
    (void)state;
    qhm_device *device = load("majorana1:projected_1e-4", NULL);
    qhm_circuit *circuit = create(2, 0);
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
    for (int i = 0; i < 4; i++) {
        append(circuit, QHM_GATE_S, (uint32_t[]){0}, 0);
        append(circuit, QHM_GATE_SX, (uint32_t[]){0}, 0);
    }
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){.seed = 1});
    const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
    const qhm_circuit *made = qhm_compiled_circuit(compiled);
    const uint32_t second = qhm_compiled_final_layout(compiled)[1];
    double waited = 0, measured = 0;
    for (size_t i = 0; i < qhm_circuit_instruction_count(made); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(made, i);
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            if (instruction->qubits[q] == second) {
                waited += instruction->duration_ns;
                measured += instruction->gate == QHM_GATE_MEASURE_PAULI ? 100 : 0;
            }
    }
    // From its first joint measurement, third of the first CX, to the end.
    REQUIRE_NEAR(waited + measured, summary->duration_ns - 200, 1e-6);
    assert_true(waited > 0);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void observables_follow_the_layout(void **state)
{
    (void)state;
    qhm_device *device = load("majorana1", NULL);
    qhm_circuit *circuit = create(3, 1);
    append(circuit, QHM_GATE_X, (uint32_t[]){2}, 0);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0)); // leaves |0> or |1> behind
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){.seed = 1});
    require_same_branches(circuit, compiled, 1e-12, 6);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    qhm_device *device = load("majorana1", NULL), *broken;
    qhm_compiled *compiled = NULL;
    qhm_circuit *circuit = create(5, 0);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0);
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device, NULL, &compiled), QHM_ERROR_RESOURCE_LIMIT,
                  "the circuit has 5 qubits, but majorana1 has room for 4");
    qhm_circuit_destroy(circuit);

    circuit = create(2, 0);
    const qhm_angle angle = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){1}, &angle));
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device, NULL, &compiled), QHM_ERROR_UNSUPPORTED,
                  "a gate ry has parameters");
    REQUIRE_FAILS(
        qhm_circuit_compile(circuit, device, &(qhm_compile_options){.decoupling = "xx"}, &compiled),
        QHM_ERROR_UNSUPPORTED, "decoupling");
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device,
                                      &(qhm_compile_options){.layout = (uint32_t[]){0, 1},
                                                             .rotations = QHM_ROTATIONS_ANALOG},
                                      &compiled),
                  QHM_ERROR_INVALID_ARGUMENT, "the ancillas");
    REQUIRE_OK(qhm_circuit_compile(
        circuit, device,
        &(qhm_compile_options){.layout = (uint32_t[]){4, 3}, .rotations = QHM_ROTATIONS_ANALOG},
        &compiled));
    assert_int_equal(
        qhm_compiled_physical_qubits(compiled, NULL)[qhm_compiled_initial_layout(compiled)[0]], 4);
    assert_int_equal(qhm_circuit_input_count(qhm_compiled_circuit(compiled)), 1);
    assert_int_equal(qhm_compiled_summary_of(compiled)->assumed_count, 1);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);

    broken = load("majorana1", &(qhm_device_options){.qubit_yield = 0.6, .yield_seed = 1});
    circuit = create(4, 0);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0);
    REQUIRE_FAILS(qhm_circuit_compile(circuit, broken, NULL, &compiled), QHM_ERROR_RESOURCE_LIMIT,
                  "majorana1 has room for");
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(broken);
    qhm_device_destroy(device);
}

static void repeated_gates_mean_the_same(void **state)
{
    (void)state;
    qhm_device *device = load("majorana1:projected_1e-4", NULL), *willow = load("willow", NULL);
    qhm_circuit *circuit = create(4, 0);
    for (uint32_t a = 0; a < 4; a++) {
        append(circuit, QHM_GATE_SX, (uint32_t[]){a}, 0);
        append(circuit, QHM_GATE_T, (uint32_t[]){a}, 0);
        for (uint32_t b = 0; b < a; b++)
            append(circuit, QHM_GATE_CX, (uint32_t[]){a, b}, 0);
    }
    append(circuit, QHM_GATE_X, (uint32_t[]){0}, 0);
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
    qhm_compiled *once = compile_with(circuit, device, (qhm_compile_options){.seed = 3}),
                 *thrice = compile_with(circuit, device,
                                        (qhm_compile_options){.seed = 3, .two_qubit_repeats = 3});
    const qhm_compile_summary *a = qhm_compiled_summary_of(once),
                              *b = qhm_compiled_summary_of(thrice);
    assert_true(a->swap_count > 0);
    assert_int_equal(a->swap_count, b->swap_count); // the same way
    // A CX has 4 measurements, a swap 12; what is not repeated is in both.
    const size_t repeated = 4 * 7 + 12 * a->swap_count;
    assert_int_equal(b->measurement_count - a->measurement_count, 2 * repeated);
    require_same_branches(circuit, thrice, 1e-10, 3);
    qhm_compiled_destroy(once);
    qhm_compiled_destroy(thrice);
    REQUIRE_FAILS(
        qhm_circuit_compile(circuit, device, &(qhm_compile_options){.two_qubit_repeats = 2}, &once),
        QHM_ERROR_INVALID_ARGUMENT, "two_qubit_repeats is 2, not an odd number");
    REQUIRE_FAILS(
        qhm_circuit_compile(circuit, willow, &(qhm_compile_options){.two_qubit_repeats = 3}, &once),
        QHM_ERROR_UNSUPPORTED, "no sequences to repeat");
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(willow);
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
        status = qhm_circuit_compile(circuit, device,
                                     &(qhm_compile_options){.level = 1, .rotation_precision = 0.3},
                                     &compiled);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    qhm_device *device = load("majorana1", NULL);
    require_survives_failing_memory(compile_once, device);
    qhm_device_destroy(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_circuits_mean_the_same),
        cmocka_unit_test(distributions_are_exactly_the_same),
        cmocka_unit_test(known_circuits_take_known_measurements),
        cmocka_unit_test(gates_far_apart_are_brought_together),
        cmocka_unit_test(waiting_tetrons_have_delays),
        cmocka_unit_test(observables_follow_the_layout),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(repeated_gates_mean_the_same),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
