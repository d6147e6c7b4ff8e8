// Circuits: what is appended is what is read back, and every documented mistake is refused.
#include "circuit/circuit_internal.h"

#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

static qhm_circuit *circuit_of(size_t qubit_count, size_t bit_count)
{
    qhm_circuit *circuit = NULL;
    REQUIRE_OK(qhm_circuit_create(qubit_count, bit_count, &circuit));
    return circuit;
}

static void what_is_appended_is_read_back(void **state)
{
    (void)state;
    qhm_circuit *circuit = circuit_of(3, 2);
    uint32_t qubits[2] = {2, 0};
    qhm_angle angle = qhm_angle_weight(4);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CRX, qubits, &angle));
    qubits[0] = 99; // the circuit has its own copies
    angle = qhm_angle_input(7, 2);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, (uint32_t[]){1}, &angle));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 2, 1));
    qhm_instruction conditional = {
        .gate = QHM_GATE_X, .qubits = (uint32_t[]){0}, .condition = qhm_condition_bit(1, true)};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &conditional));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL));

    assert_int_equal(qhm_circuit_qubit_count(circuit), 3);
    assert_int_equal(qhm_circuit_bit_count(circuit), 2);
    assert_int_equal(qhm_circuit_instruction_count(circuit), 5);
    assert_int_equal(qhm_circuit_weight_count(circuit), 5);
    assert_int_equal(qhm_circuit_input_count(circuit), 8);
    const qhm_instruction *first = qhm_circuit_instruction(circuit, 0);
    assert_int_equal(first->gate, QHM_GATE_CRX);
    assert_int_equal(first->qubit_count, 2);
    assert_int_equal(first->control_count, 0);
    assert_int_equal(first->qubits[0], 2);
    assert_int_equal(first->qubits[1], 0);
    assert_int_equal(first->angles[0].factors[0].index, 4);
    assert_int_equal(qhm_circuit_instruction(circuit, 2)->bit, 1);
    assert_int_equal(qhm_circuit_instruction(circuit, 3)->condition.relation, QHM_RELATION_EQUAL);
    assert_int_equal(qhm_circuit_instruction(circuit, 4)->qubit_count, 3);
    assert_int_equal(qhm_circuit_instruction(circuit, 4)->qubits[2], 2);
    assert_true(qhm_circuit_bytes(circuit) > 5 * sizeof(qhm_instruction));
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(NULL);
}

static void angles_are_products_of_shifted_slots(void **state)
{
    (void)state;
    double inputs[] = {0.5, 2}, weights[] = {3, -1};
    qhm_angle angle = {.scale = 2,
                       .offset = 0.25,
                       .factors = {{QHM_SLOT_INPUT, 1, -M_PI}, {QHM_SLOT_WEIGHT, 0, 1}}};
    REQUIRE_NEAR(qhm_angle_value(&angle, inputs, weights), 2 * (2 - M_PI) * 4 + 0.25, 1e-14);
    angle = qhm_angle_constant(0.7);
    REQUIRE_NEAR(qhm_angle_value(&angle, NULL, NULL), 0.7, 0);
    angle = qhm_angle_input(0, -3);
    REQUIRE_NEAR(qhm_angle_value(&angle, inputs, NULL), -1.5, 0);
}

static void angles_are_kept_in_one_form(void **state)
{
    (void)state;
    qhm_angle forms[] = {
        {.scale = 1.5, .offset = 0.5}, // no slot: scale * 1 * 1 + offset
        {.scale = 3, .factors = {{QHM_SLOT_NONE, 9, 4}, {QHM_SLOT_INPUT, 2, 0.5}}},
    };
    qhm_circuit *circuit = circuit_of(1, 0);
    for (int i = 0; i < 2; i++)
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &forms[i]));
    const qhm_angle *constant = qhm_circuit_instruction(circuit, 0)->angles;
    assert_true(qhm_angle_is_constant(constant));
    REQUIRE_NEAR(constant->scale, 0, 0);
    REQUIRE_NEAR(constant->offset, 2, 0);
    const qhm_angle *slot = qhm_circuit_instruction(circuit, 1)->angles;
    assert_int_equal(slot->factors[0].slot, QHM_SLOT_INPUT);
    assert_int_equal(slot->factors[0].index, 2);
    assert_int_equal(slot->factors[1].slot, QHM_SLOT_NONE);
    REQUIRE_NEAR(slot->factors[1].shift, 0, 0);
    qhm_circuit_destroy(circuit);
}

static void sizes_out_of_range_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    REQUIRE_FAILS(qhm_circuit_create(1048577, 0, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "qubit_count is 1048577, not 0 to 1048576");
    REQUIRE_FAILS(qhm_circuit_create(1, 1048577, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "bit_count is 1048577, not 0 to 1048576");
    assert_null(circuit);
}

static void bad_instructions_are_refused_and_change_nothing(void **state)
{
    (void)state;
    qhm_circuit *circuit = circuit_of(3, 1);
    double nan = NAN;
    qhm_angle bad_offset = qhm_angle_constant(nan), bad_scale = qhm_angle_input(0, INFINITY);
    qhm_angle bad_shift = {.scale = 1, .factors = {{QHM_SLOT_INPUT, 0, nan}}};
    qhm_angle bad_slot = {.scale = 1, .factors = {{(qhm_slot)7, 0, 0}}};
    qhm_angle fine = qhm_angle_constant(1);
    uint32_t q012[] = {0, 1, 2}, q3[] = {3}, q11[] = {1, 1}, q010[] = {0, 1, 0},
             q0123[] = {0, 1, 2, 3};
    qhm_complex twice[4] = {{2, 0}, {0, 0}, {0, 0}, {1, 0}};
    qhm_complex with_nan[4] = {{1, 0}, {0, 0}, {0, nan}, {1, 0}};
    const struct {
        qhm_instruction instruction;
        const char *part;
    } cases[] = {
        {{.gate = QHM_GATE_H, .qubits = q3}, "qubit 0 of h is 3, not 0 to 2"},
        {{.gate = QHM_GATE_CX, .qubits = q11}, "cx uses qubit 1 twice"},
        {{.gate = QHM_GATE_X, .control_count = 2, .qubits = q010}, "x uses qubit 0 twice"},
        {{.gate = QHM_GATE_H}, "h needs its qubits"},
        {{.gate = QHM_GATE_CX, .qubit_count = 3, .qubits = q012}, "cx has 3 qubits, not 2"},
        {{.gate = QHM_GATE_CCX, .control_count = 1, .qubits = q0123},
         "ccx needs 4 qubits, but the circuit has 3"},
        {{.gate = QHM_GATE_X, .control_count = UINT32_MAX, .qubits = q0123}, "needs 4294967296"},
        {{.gate = QHM_GATE_RX, .qubits = q012}, "rx needs 1 angles"},
        {{.gate = QHM_GATE_RX, .qubits = q012, .angles = &bad_offset},
         "angle 0 of rx is not finite"},
        {{.gate = QHM_GATE_RX, .qubits = q012, .angles = &bad_scale},
         "angle 0 of rx is not finite"},
        {{.gate = QHM_GATE_RX, .qubits = q012, .angles = &bad_shift}, "a shift that is not finite"},
        {{.gate = QHM_GATE_RX, .qubits = q012, .angles = &bad_slot}, "unknown slot 7"},
        {{.gate = QHM_GATE_COUNT, .qubits = q012}, "is not in the gate table"},
        {{.gate = QHM_GATE_RESET, .control_count = 1, .qubits = q012},
         "reset cannot be controlled"},
        {{.gate = QHM_GATE_MEASURE, .qubits = q012, .bit = 1}, "measure writes bit 1"},
        {{.gate = QHM_GATE_X, .qubits = q012, .condition = qhm_condition_bit(1, true)},
         "the condition of x reads bit 1, but the circuit has 1"},
        {{.gate = QHM_GATE_BARRIER, .condition = qhm_condition_bit(0, false)},
         "barrier cannot have a condition"},
        {{.gate = QHM_GATE_UNITARY, .qubit_count = 1, .qubits = q012}, "unitary needs its matrix"},
        {{.gate = QHM_GATE_UNITARY, .qubits = q012, .matrix = twice}, "0 qubits after its 0"},
        {{.gate = QHM_GATE_UNITARY,
          .control_count = 1,
          .qubit_count = 1,
          .qubits = q012,
          .matrix = twice},
         "0 qubits after its 1 controls, not 1 to 4"},
        {{.gate = QHM_GATE_UNITARY, .qubit_count = 1, .qubits = q012, .matrix = twice},
         "not unitary: it is off by 3"},
        {{.gate = QHM_GATE_UNITARY, .qubit_count = 1, .qubits = q012, .matrix = with_nan},
         "not unitary: it is off by nan"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        REQUIRE_FAILS(qhm_circuit_append_instruction(circuit, &cases[i].instruction),
                      QHM_ERROR_INVALID_ARGUMENT, cases[i].part);
    REQUIRE_FAILS(qhm_circuit_append(circuit, QHM_GATE_MEASURE, q012, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "measure needs qhm_circuit_append_instruction");
    REQUIRE_FAILS(qhm_circuit_append(circuit, QHM_GATE_UNITARY, q012, &fine),
                  QHM_ERROR_INVALID_ARGUMENT, "unitary needs qhm_circuit_append_instruction");
    assert_int_equal(qhm_circuit_instruction_count(circuit), 0);
    assert_int_equal(qhm_circuit_input_count(circuit), 0);
    qhm_circuit_destroy(circuit);
}

static void unitaries_have_one_to_four_targets(void **state)
{
    (void)state;
    qhm_circuit *circuit = circuit_of(6, 0);
    qhm_complex matrix[1024] = {{0, 0}};
    uint32_t qubits[] = {5, 4, 3, 2, 1, 0};
    for (uint32_t targets = 1; targets <= 5; targets++) {
        size_t dimension = (size_t)1 << targets;
        memset(matrix, 0, sizeof matrix);
        for (size_t i = 0; i < dimension; i++)
            matrix[i * dimension + (i + 1) % dimension].im = 1; // i times a cycle
        qhm_instruction unitary = {.gate = QHM_GATE_UNITARY,
                                   .control_count = 1,
                                   .qubit_count = targets + 1,
                                   .qubits = qubits,
                                   .matrix = matrix};
        if (targets == 5) {
            REQUIRE_FAILS(qhm_circuit_append_instruction(circuit, &unitary),
                          QHM_ERROR_INVALID_ARGUMENT, "unitary has 5 qubits");
            continue;
        }
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, &unitary));
        const qhm_instruction *kept = qhm_circuit_instruction(circuit, targets - 1);
        assert_ptr_not_equal(kept->matrix, matrix);
        assert_memory_equal(kept->matrix, matrix, dimension * dimension * sizeof *matrix);
        assert_false(qhm_instruction_is_diagonal(kept));
    }
    qhm_circuit_destroy(circuit);
}

static void a_unitary_shows_whether_it_is_diagonal(void **state)
{
    (void)state;
    qhm_complex matrix[4] = {{0, 1}, {0, 0}, {0, 0}, {1, 0}};
    qhm_instruction unitary = {
        .gate = QHM_GATE_UNITARY, .qubit_count = 1, .qubits = (uint32_t[]){0}, .matrix = matrix};
    assert_true(qhm_instruction_is_diagonal(&unitary));
    unitary.gate = QHM_GATE_RZ;
    assert_true(qhm_instruction_is_diagonal(&unitary));
    unitary.gate = QHM_GATE_RX;
    assert_false(qhm_instruction_is_diagonal(&unitary));
}

static void large_circuits_and_instructions_are_fine(void **state)
{
    (void)state;
    qhm_circuit *circuit = circuit_of(1048576, 1048576);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1048575, 1048575));
    uint32_t qubits[65];
    for (uint32_t i = 0; i < 65; i++)
        qubits[i] = 1000 + i;
    qhm_instruction wide = {.gate = QHM_GATE_X, .control_count = 64, .qubits = qubits};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &wide));
    assert_int_equal(qhm_instruction_control_count(qhm_circuit_instruction(circuit, 2)), 64);
    assert_int_equal(qhm_instruction_target_count(qhm_circuit_instruction(circuit, 2)), 1);
    qubits[64] = 1007;
    REQUIRE_FAILS(qhm_circuit_append_instruction(circuit, &wide), QHM_ERROR_INVALID_ARGUMENT,
                  "x uses qubit 1007 twice");
    qhm_circuit_destroy(circuit);
}

static void a_circuit_may_take_its_own_instructions(void **state)
{
    (void)state;
    qhm_circuit *circuit = circuit_of(2, 0);
    qhm_angle angle = qhm_angle_weight(3);
    qhm_complex matrix[4] = {{0, 0}, {0, 1}, {0, 1}, {0, 0}};
    qhm_instruction unitary = {
        .gate = QHM_GATE_UNITARY, .qubit_count = 1, .qubits = (uint32_t[]){1}, .matrix = matrix};
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CRY, (uint32_t[]){1, 0}, &angle));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &unitary));
    for (size_t i = 0; i < 100; i++) // many times, so that every pool moves
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, qhm_circuit_instruction(circuit, i)));
    for (size_t i = 0; i < 102; i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        assert_int_equal(instruction->qubits[0], 1);
        if (i % 2 == 0)
            assert_int_equal(instruction->angles[0].factors[0].index, 3);
        else
            assert_memory_equal(instruction->matrix, matrix, sizeof matrix);
    }
    qhm_circuit_destroy(circuit);
}

static void a_copy_is_equal_and_independent(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 20, 0, 0);
    qhm_circuit *circuit = reference_random_circuit(&random, 3, 30, 2, 3), *copy;
    double *inputs = reference_random_angles(&random, 2);
    double *weights = reference_random_angles(&random, 3);
    qhm_complex *expected = reference_circuit_matrix(circuit, inputs, weights);
    REQUIRE_OK(qhm_circuit_copy(circuit, &copy));
    assert_int_equal(qhm_circuit_input_count(copy), qhm_circuit_input_count(circuit));
    assert_int_equal(qhm_circuit_weight_count(copy), qhm_circuit_weight_count(circuit));
    qhm_circuit_destroy(circuit);
    qhm_complex *matrix = reference_circuit_matrix(copy, inputs, weights);
    REQUIRE_NEAR(reference_distance(matrix, expected, 64), 0, 0);
    qhm_circuit_destroy(copy);
    free(inputs);
    free(weights);
    free(expected);
    free(matrix);
}

static qhm_status build(qhm_circuit *circuit)
{
    qhm_angle angle = qhm_angle_weight(0);
    qhm_complex matrix[4] = {{0, 0}, {1, 0}, {1, 0}, {0, 0}};
    qhm_instruction unitary = {
        .gate = QHM_GATE_UNITARY, .qubit_count = 1, .qubits = (uint32_t[]){1}, .matrix = matrix};
    for (int i = 0; i < 20; i++) {
        qhm_status status = qhm_circuit_append(circuit, QHM_GATE_CRX, (uint32_t[]){1, 0}, &angle);
        if (status == QHM_OK)
            status = qhm_circuit_append_instruction(circuit, &unitary);
        if (status == QHM_OK)
            status = qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL);
        if (status != QHM_OK)
            return status;
    }
    return QHM_OK;
}

static qhm_status build_and_copy(void *context)
{
    (void)context;
    qhm_circuit *circuit, *copy = NULL;
    qhm_status status = qhm_circuit_create(20, 0, &circuit);
    if (status != QHM_OK)
        return status;
    status = build(circuit);
    // Whatever failed, the circuit can still be read.
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++)
        assert_in_range(qhm_circuit_instruction(circuit, i)->qubits[0], 0, 1);
    if (status == QHM_OK)
        status = qhm_circuit_copy(circuit, &copy);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(copy);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    require_survives_failing_memory(build_and_copy, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_is_read_back),
        cmocka_unit_test(angles_are_products_of_shifted_slots),
        cmocka_unit_test(angles_are_kept_in_one_form),
        cmocka_unit_test(sizes_out_of_range_are_refused),
        cmocka_unit_test(bad_instructions_are_refused_and_change_nothing),
        cmocka_unit_test(unitaries_have_one_to_four_targets),
        cmocka_unit_test(a_unitary_shows_whether_it_is_diagonal),
        cmocka_unit_test(large_circuits_and_instructions_are_fine),
        cmocka_unit_test(a_circuit_may_take_its_own_instructions),
        cmocka_unit_test(a_copy_is_equal_and_independent),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
