// Lowered circuits along random branches, each against the circuit itself on the same outcomes.
#include "compile/tetron_lower.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "support/one_branch.h"

#include <qhm/device.h>

enum { MAX_TETRONS = 16 };

typedef struct lowered {
    qhm_device *device;
    qhm_tetron_geometry geometry;
    qhm_circuit *circuit;
    uint32_t sites[MAX_TETRONS],
        places[MAX_TETRONS]; // of logical qubits; in the circuit, at the end
    qhm_tetron_writer writer;
    qhm_tetron_lowering lowering;
} lowered;

static void run_writer(lowered *made, const uint32_t *compact, bool *is_used, size_t *use_counts)
{
    memset(use_counts, 0, MAX_TETRONS * sizeof *use_counts);
    made->writer = (qhm_tetron_writer){
        .geometry = &made->geometry,
        .made = made->circuit,
        .compact = compact,
        .is_used = is_used,
        .use_counts = use_counts,
        .first_bit = made->circuit ? (uint32_t)made->circuit->bit_count - 8 * QHM_TETRON_BITS : 0};
}

// A circuit whose qubits are the first sites in their order; final: [qubits] their order at the
// end.
static lowered lower_circuit(const qhm_circuit *circuit, bool is_analog, const uint32_t *final)
{
    static uint32_t compact[MAX_TETRONS];
    static const bool is_data[MAX_TETRONS] = {true, true, true, true};
    bool is_used[MAX_TETRONS] = {false};
    size_t use_counts[MAX_TETRONS], count = 0;
    lowered made = {.device = NULL};
    REQUIRE_OK(qhm_device_load("majorana1", NULL, &made.device));
    REQUIRE_OK(qhm_tetron_geometry_create(made.device, NULL, 0, &made.geometry));
    for (uint32_t t = 0; t < made.geometry.count; t++) {
        if (made.geometry.is_site[t])
            made.sites[count++] = t;
        compact[t] = t;
    }
    assert_true(qhm_circuit_qubit_count(circuit) <= count);
    made.lowering = (qhm_tetron_lowering){.circuit = circuit,
                                          .sites = made.sites,
                                          .is_data = is_data,
                                          .precision = 1e-5,
                                          .is_analog = is_analog};
    run_writer(&made, compact, is_used, use_counts);
    REQUIRE_OK(qhm_tetron_lower(&made.lowering, &made.writer));
    const qhm_tetron_writer first = made.writer;
    REQUIRE_OK(qhm_circuit_create(8, qhm_circuit_bit_count(circuit), &made.circuit));
    REQUIRE_OK(qhm_circuit_append_bits(made.circuit, NULL, (size_t)8 * QHM_TETRON_BITS));
    run_writer(&made, compact, is_used, use_counts);
    REQUIRE_OK(qhm_tetron_lower(&made.lowering, &made.writer));
    assert_memory_equal(first.gadgets, made.writer.gadgets, sizeof first.gadgets);
    for (size_t q = 0; q < qhm_circuit_qubit_count(circuit); q++)
        made.places[q] = made.sites[final ? final[q] : q];
    return made;
}

static void release(lowered *made)
{
    qhm_circuit_destroy(made->circuit);
    qhm_tetron_geometry_release(&made->geometry);
    qhm_device_destroy(made->device);
}

// Only what the chip has: one or two letters, joint ones of one kind on couplers of that kind.
static void require_native(const lowered *made, bool is_analog)
{
    for (size_t i = 0; i < made->circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &made->circuit->instructions[i];
        bool is_found = qhm_gate_is_classical(instruction->gate) ||
                        instruction->gate == QHM_GATE_BARRIER ||
                        instruction->gate == QHM_GATE_DELAY;
        for (size_t o = 0; o < qhm_device_operation_count(made->device) && !is_found; o++) {
            const qhm_device_operation *operation = qhm_device_operation_at(made->device, o);
            is_found =
                operation->gate == instruction->gate &&
                operation->qubit_count == instruction->qubit_count &&
                (is_analog || !operation->is_assumed) &&
                (instruction->gate != QHM_GATE_MEASURE_PAULI ||
                 memcmp(operation->paulis, instruction->paulis, instruction->qubit_count) == 0) &&
                qhm_device_has_operation(made->device, operation, instruction->qubits);
        }
        if (!is_found)
            fail_msg("instruction %zu, %s, is not native", i,
                     qhm_gate_information(instruction->gate)->name);
    }
}

static void require_same(const qhm_circuit *circuit, bool is_analog, const uint32_t *final,
                         double tolerance, int branches)
{
    lowered made = lower_circuit(circuit, is_analog, final);
    require_native(&made, is_analog);
    for (int n = 0; n < branches; n++) {
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 5, (uint64_t)n, 0);
        one_branch compiled = branch_run(made.circuit, &random, NULL);
        one_branch original = branch_run(circuit, NULL, compiled.bits);
        REQUIRE_NEAR(branch_fidelity(&original, &compiled, made.places), 1, tolerance);
        for (uint32_t b = 0; b < circuit->bit_count; b++) // scratch bits are 0 again
            assert_int_equal(branch_bit(original.bits, b), branch_bit(compiled.bits, b));
        for (uint32_t b = (uint32_t)circuit->bit_count; b < made.circuit->bit_count; b++)
            assert_false(branch_bit(compiled.bits, b));
        free(compiled.state);
        free(original.state);
    }
    release(&made);
}

static void append(qhm_circuit *circuit, qhm_gate gate, uint32_t a, uint32_t b, double angle)
{
    const qhm_angle angles[1] = {qhm_angle_constant(angle)};
    REQUIRE_OK(qhm_circuit_append(circuit, gate, (uint32_t[]){a, b}, angles));
}

static const qhm_gate cliffords[8] = {QHM_GATE_H, QHM_GATE_X,   QHM_GATE_Y,  QHM_GATE_Z,
                                      QHM_GATE_S, QHM_GATE_SDG, QHM_GATE_SX, QHM_GATE_SXDG};

// CX between neighbours of the zigzag 0 - 1 - 2 - 3.
static qhm_circuit *draw_circuit(qhm_random *random, size_t qubits, size_t gates, bool has_t)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
    for (size_t i = 0; i < gates; i++) {
        const uint32_t q = (uint32_t)qhm_random_below(random, qubits - 1);
        const uint32_t flip = (uint32_t)qhm_random_below(random, 2);
        const uint64_t kind = qhm_random_below(random, has_t ? 5 : 4);
        if (kind == 0)
            append(circuit, QHM_GATE_CX, q + flip, q + 1 - flip, 0);
        else if (kind == 4)
            append(circuit, flip ? QHM_GATE_T : QHM_GATE_TDG,
                   (uint32_t)qhm_random_below(random, qubits), 0, 0);
        else
            append(circuit, cliffords[qhm_random_below(random, 8)],
                   (uint32_t)qhm_random_below(random, qubits), 0, 0);
    }
    return circuit;
}

static void random_circuits_come_out_whatever_the_outcomes(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (size_t n = 0; n < 24; n++) {
        qhm_circuit *circuit = draw_circuit(&random, 2 + n % 3, 25, n % 2);
        require_same(circuit, false, NULL, 1e-10, 4);
        qhm_circuit_destroy(circuit);
    }
}

static void every_gate_of_one_qubit_comes_out(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 8; a++)
        for (unsigned b = 0; b < 8; b++) {
            qhm_circuit *circuit;
            REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
            append(circuit, cliffords[a], 0, 0, 0);
            append(circuit, QHM_GATE_T, 0, 0, 0);
            append(circuit, cliffords[b], 0, 0, 0);
            append(circuit, QHM_GATE_TDG, 0, 0, 0);
            require_same(circuit, false, NULL, 1e-12, 2);
            qhm_circuit_destroy(circuit);
        }
}

static void rotations_are_synthesised_or_analog(void **state)
{
    (void)state;
    const qhm_gate gates[3] = {QHM_GATE_RX, QHM_GATE_RY, QHM_GATE_RZ};
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    append(circuit, QHM_GATE_H, 0, 0, 0);
    for (unsigned i = 0; i < 6; i++) {
        append(circuit, gates[i % 3], i % 2, 0, 0.3 + i);
        append(circuit, QHM_GATE_CX, i % 2, 1 - i % 2, 0);
        append(circuit, cliffords[(i * 5) % 8], i % 2, 0, 0);
    }
    require_same(circuit, true, NULL, 1e-12, 5);
    require_same(circuit, false, NULL, 1e-8, 3); // six rotations within 1e-5
    lowered made = lower_circuit(circuit, false, NULL);
    assert_true(made.lowering.rotation_error > 0 && made.lowering.rotation_error <= 6e-5);
    assert_true(made.writer.gadgets[QHM_TETRON_T] > 6 * 40);
    release(&made);
    made = lower_circuit(circuit, true, NULL);
    assert_int_equal(made.writer.analog_count, 6);
    assert_int_equal(made.writer.gadgets[QHM_TETRON_T], 0);
    release(&made);
    qhm_circuit_destroy(circuit);
}

static void multiples_of_an_eighth_turn_are_exact(void **state)
{
    (void)state;
    for (int n = -9; n <= 9; n++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
        append(circuit, QHM_GATE_H, 0, 0, 0);
        append(circuit, QHM_GATE_RZ, 0, 0, n * M_PI / 4);
        append(circuit, QHM_GATE_RX, 0, 0, -n * M_PI / 2);
        require_same(circuit, false, NULL, 1e-12, 3);
        lowered made = lower_circuit(circuit, false, NULL);
        assert_int_equal(made.writer.gadgets[QHM_TETRON_T], n & 1);
        release(&made);
        qhm_circuit_destroy(circuit);
    }
}

static void waiting_gates_are_free_before_a_measurement(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 64; a++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(2, 3, &circuit));
        append(circuit, QHM_GATE_H, 1, 0, 0);
        append(circuit, QHM_GATE_CX, 1, 0, 0);
        append(circuit, cliffords[a % 8], 0, 0, 0);
        append(circuit, cliffords[a / 8], 0, 0, 0);
        REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 1));
        append(circuit, QHM_GATE_SX, 0, 0, 0);
        REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 2));
        REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 0));
        require_same(circuit, false, NULL, 1e-12, 4);
        lowered made = lower_circuit(circuit, false, NULL);
        assert_int_equal(made.writer.gadgets[QHM_TETRON_S] + made.writer.gadgets[QHM_TETRON_SX], 2);
        release(&made);
        qhm_circuit_destroy(circuit);
    }
}

static void conditions_and_loops_are_kept(void **state)
{
    (void)state;
    const qhm_gate gates[6] = {QHM_GATE_X, QHM_GATE_S, QHM_GATE_SX,
                               QHM_GATE_T, QHM_GATE_H, QHM_GATE_CX};
    for (unsigned g = 0; g < 6; g++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(3, 3, &circuit));
        append(circuit, QHM_GATE_H, 0, 0, 0);
        append(circuit, QHM_GATE_SX, 1, 0, 0);
        append(circuit, QHM_GATE_H, 2, 0, 0);
        append(circuit, QHM_GATE_CX, 2, 1, 0);
        REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
        for (unsigned i = 0; i < 2; i++)
            REQUIRE_OK(qhm_circuit_append_instruction(
                circuit, &(qhm_instruction){.gate = gates[g],
                                            .qubits = (uint32_t[]){1, 2},
                                            .condition = qhm_condition_bit(0, i == 0)}));
        REQUIRE_OK(qhm_circuit_append_instruction(
            circuit,
            &(qhm_instruction){.gate = QHM_GATE_WHILE, .condition = qhm_condition_bit(0, true)}));
        append(circuit, QHM_GATE_T, 1, 0, 0);
        append(circuit, QHM_GATE_H, 1, 0, 0);
        REQUIRE_OK(qhm_circuit_append_instruction(
            circuit, &(qhm_instruction){.gate = QHM_GATE_SET, .bit = 0}));
        REQUIRE_OK(
            qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_END}));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, (uint32_t[]){0, 1, 2}, NULL));
        append(circuit, QHM_GATE_S, 1, 0, 0);
        lowered made = lower_circuit(circuit, false, NULL);
        require_native(&made, false);
        for (int n = 0; n < 6; n++) { // bit 0 is used up: the loop's turns tell what it was
            qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 7, (uint64_t)n, g);
            one_branch compiled = branch_run(made.circuit, &random, NULL);
            double best = 0;
            for (uint64_t bit = 0; bit < 2; bit++) {
                one_branch original = branch_run(circuit, NULL, &bit);
                best = fmax(best, branch_fidelity(&original, &compiled, made.places));
                free(original.state);
            }
            REQUIRE_NEAR(best, 1, 1e-12);
            free(compiled.state);
        }
        release(&made);
        qhm_circuit_destroy(circuit);
    }
}

static void swaps_move_and_resets_prepare(void **state)
{
    (void)state;
    const uint32_t final[4] = {1, 2, 0, 3};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 3, 0, 0);
    qhm_circuit *first = draw_circuit(&random, 4, 20, true), *logical, *second;
    REQUIRE_OK(qhm_circuit_copy(first, &logical));
    append(first, QHM_GATE_SWAP, 0, 1, 0); // what was on 0 goes to 1, then 2
    append(first, QHM_GATE_SWAP, 0, 2, 0); // no diagonal, replaced below
    qhm_circuit_destroy(first);
    REQUIRE_OK(qhm_circuit_copy(logical, &second));
    append(second, QHM_GATE_SWAP, 1, 2, 0); // 1 at 2, 2 at 1
    append(second, QHM_GATE_SWAP, 0, 1, 0); // 0 at 1, 2 at 0
    lowered made = lower_circuit(second, false, final);
    assert_int_equal(made.writer.gadgets[QHM_TETRON_MOVE_XX], 4);
    assert_int_equal(made.writer.gadgets[QHM_TETRON_MOVE_ZZ], 4);
    for (int n = 0; n < 4; n++) {
        qhm_random outcomes = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 8, (uint64_t)n, 0);
        one_branch compiled = branch_run(made.circuit, &outcomes, NULL);
        one_branch original = branch_run(logical, NULL, compiled.bits);
        REQUIRE_NEAR(branch_fidelity(&original, &compiled, made.places), 1, 1e-12);
        free(compiled.state);
        free(original.state);
    }
    release(&made);
    qhm_circuit_destroy(second);
    qhm_circuit_destroy(logical);

    REQUIRE_OK(qhm_circuit_create(2, 1, &second));
    append(second, QHM_GATE_H, 0, 0, 0);
    REQUIRE_OK(qhm_circuit_append_measure(second, 0, 0));
    append(second, QHM_GATE_H, 0, 0, 0);
    REQUIRE_OK(qhm_circuit_append(second, QHM_GATE_RESET, (uint32_t[]){0}, NULL));
    append(second, QHM_GATE_SX, 0, 0, 0);
    made = lower_circuit(second, false, NULL);
    REQUIRE_OK(qhm_circuit_create(2, 0, &logical));
    append(logical, QHM_GATE_SX, 0, 0, 0);
    for (int n = 0; n < 6; n++) {
        qhm_random outcomes = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 9, (uint64_t)n, 0);
        one_branch compiled = branch_run(made.circuit, &outcomes, NULL);
        one_branch original = branch_run(logical, NULL, compiled.bits);
        REQUIRE_NEAR(branch_fidelity(&original, &compiled, made.places), 1, 1e-12);
        free(compiled.state);
        free(original.state);
    }
    release(&made);
    qhm_circuit_destroy(second);
    qhm_circuit_destroy(logical);
}

static void sites_without_data_are_passed_at_half_the_moves(void **state)
{
    (void)state;
    (void)state;
    qhm_device *device;
    qhm_tetron_geometry geometry = {0};
    qhm_circuit *circuit;
    bool is_used[8] = {false};
    size_t use_counts[8] = {0};
    uint32_t sites[2], count = 0;
    REQUIRE_OK(qhm_device_load("majorana1", NULL, &device));
    REQUIRE_OK(qhm_tetron_geometry_create(device, NULL, 0, &geometry));
    assert_int_equal(geometry.room, 4);
    for (uint32_t t = 0; t < 8 && count < 2; t++)
        if (geometry.is_site[t])
            sites[count++] = t;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    append(circuit, QHM_GATE_SWAP, 0, 1, 0);
    qhm_tetron_lowering lowering = {
        .circuit = circuit, .sites = sites, .is_data = (bool[]){true, false}, .precision = 1e-3};
    qhm_tetron_writer writer = {
        .geometry = &geometry, .is_used = is_used, .use_counts = use_counts};
    REQUIRE_OK(qhm_tetron_lower(&lowering, &writer));
    assert_int_equal(writer.gadgets[QHM_TETRON_MOVE_XX] + writer.gadgets[QHM_TETRON_MOVE_ZZ], 2);
    qhm_circuit_destroy(circuit);
    qhm_tetron_geometry_release(&geometry);
    qhm_device_destroy(device);
}

static void rotations_with_parameters_need_analog_ones(void **state)
{
    (void)state;
    qhm_device *device;
    qhm_tetron_geometry geometry = {0};
    qhm_circuit *circuit;
    bool is_used[8] = {false};
    size_t use_counts[8] = {0};
    REQUIRE_OK(qhm_device_load("majorana1", NULL, &device));
    REQUIRE_OK(qhm_tetron_geometry_create(device, NULL, 0, &geometry));
    const uint32_t site = geometry.is_site[0] ? 0 : 1;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    const qhm_angle angle = qhm_angle_weight(0);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &angle));
    qhm_tetron_lowering lowering = {
        .circuit = circuit, .sites = &site, .is_data = (bool[]){true}, .precision = 1e-3};
    qhm_tetron_writer writer = {
        .geometry = &geometry, .is_used = is_used, .use_counts = use_counts};
    REQUIRE_FAILS(qhm_tetron_lower(&lowering, &writer), QHM_ERROR_UNSUPPORTED,
                  "bind the circuit first, or take analog rotations");
    lowering.is_analog = true;
    REQUIRE_OK(qhm_tetron_lower(&lowering, &writer));
    assert_int_equal(writer.analog_count, 1);
    qhm_circuit_destroy(circuit);
    qhm_tetron_geometry_release(&geometry);
    qhm_device_destroy(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_circuits_come_out_whatever_the_outcomes),
        cmocka_unit_test(every_gate_of_one_qubit_comes_out),
        cmocka_unit_test(rotations_are_synthesised_or_analog),
        cmocka_unit_test(multiples_of_an_eighth_turn_are_exact),
        cmocka_unit_test(waiting_gates_are_free_before_a_measurement),
        cmocka_unit_test(conditions_and_loops_are_kept),
        cmocka_unit_test(swaps_move_and_resets_prepare),
        cmocka_unit_test(sites_without_data_are_passed_at_half_the_moves),
        cmocka_unit_test(rotations_with_parameters_need_analog_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
