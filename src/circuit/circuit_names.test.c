// Registers, names of slots, conditions over ranges and operations on classical bits.
#include "circuit/circuit_internal.h"

#include "support/checks.h"
#include "support/failing_memory.h"

#include <string.h>

static qhm_circuit *empty_circuit(void)
{
    qhm_circuit *circuit = NULL;
    REQUIRE_OK(qhm_circuit_create(0, 0, &circuit));
    return circuit;
}

static void registers_follow_one_another_and_scratch_bits_are_in_none(void **state)
{
    (void)state;
    qhm_circuit *circuit = empty_circuit();
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "a", 3));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "c", 2));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 4));
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "b", 1));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "d", 5));
    assert_int_equal(qhm_circuit_qubit_count(circuit), 4);
    assert_int_equal(qhm_circuit_bit_count(circuit), 11);
    assert_int_equal(qhm_circuit_qubit_register_count(circuit), 2);
    assert_string_equal(qhm_circuit_qubit_register(circuit, 1)->name, "b");
    assert_int_equal(qhm_circuit_qubit_register(circuit, 1)->first, 3);
    assert_int_equal(qhm_circuit_bit_register_count(circuit), 2);
    assert_int_equal(qhm_circuit_bit_register(circuit, 1)->first, 6);
    assert_int_equal(qhm_circuit_bit_register(circuit, 1)->count, 5);
    REQUIRE_FAILS(qhm_circuit_append_qubits(circuit, "", 1), QHM_ERROR_INVALID_ARGUMENT,
                  "a register of qubits has an empty name");
    REQUIRE_FAILS(qhm_circuit_append_qubits(circuit, "e", 0), QHM_ERROR_INVALID_ARGUMENT,
                  "0 qubits are added to 4, not 1 to 1048572");
    REQUIRE_FAILS(qhm_circuit_append_bits(circuit, "e", 1048576), QHM_ERROR_INVALID_ARGUMENT,
                  "1048576 bits are added to 11, not 1 to 1048565");
    qhm_circuit_destroy(circuit);

    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit)); // counts alone make q and c
    assert_string_equal(qhm_circuit_qubit_register(circuit, 0)->name, "q");
    assert_string_equal(qhm_circuit_bit_register(circuit, 0)->name, "c");
    qhm_circuit_destroy(circuit);
}

static void a_named_slot_exists_even_if_nothing_uses_it(void **state)
{
    (void)state;
    qhm_circuit *circuit = empty_circuit();
    REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_INPUT, 2, "theta"));
    REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_INPUT, 2, "θ"));
    assert_int_equal(qhm_circuit_input_count(circuit), 3);
    assert_int_equal(qhm_circuit_weight_count(circuit), 0);
    assert_string_equal(qhm_circuit_slot_name(circuit, QHM_SLOT_INPUT, 2), "θ");
    assert_null(qhm_circuit_slot_name(circuit, QHM_SLOT_INPUT, 1));
    assert_null(qhm_circuit_slot_name(circuit, QHM_SLOT_WEIGHT, 2));
    REQUIRE_FAILS(qhm_circuit_set_slot_name(circuit, QHM_SLOT_NONE, 0, "x"),
                  QHM_ERROR_INVALID_ARGUMENT, "slot is 0, not QHM_SLOT_INPUT or QHM_SLOT_WEIGHT");
    REQUIRE_FAILS(qhm_circuit_set_slot_name(circuit, QHM_SLOT_INPUT, 0, ""),
                  QHM_ERROR_INVALID_ARGUMENT, "needs a circuit and a name");
    qhm_circuit_destroy(circuit);
}

// A circuit with a bit of everything that names and conditions can be.
static qhm_status build(qhm_circuit **out)
{
    qhm_circuit *circuit = NULL;
    qhm_status status = qhm_circuit_create(0, 0, &circuit);
    if (status == QHM_OK)
        status = qhm_circuit_append_qubits(circuit, "data", 2);
    if (status == QHM_OK)
        status = qhm_circuit_append_bits(circuit, "low", 3);
    if (status == QHM_OK)
        status = qhm_circuit_append_bits(circuit, NULL, 70);
    if (status == QHM_OK)
        status = qhm_circuit_set_slot_name(circuit, QHM_SLOT_INPUT, 1, "x");
    if (status == QHM_OK)
        status = qhm_circuit_set_slot_name(circuit, QHM_SLOT_WEIGHT, 0, "w");
    const uint64_t value[2] = {5, 1};
    const qhm_condition wide = {QHM_RELATION_LESS, 1, 65, value};
    const qhm_angle angle = qhm_angle_input(1, 2);
    const qhm_instruction instructions[] = {
        {.gate = QHM_GATE_RX, .qubits = (uint32_t[]){1}, .angles = &angle, .condition = wide},
        {.gate = QHM_GATE_WHILE, .condition = wide},
        {.gate = QHM_GATE_MEASURE, .qubits = (uint32_t[]){0}, .bit = 72},
        {.gate = QHM_GATE_SET, .bit = 2, .bit_value = true},
        {.gate = QHM_GATE_END},
    };
    for (size_t i = 0; i < 5 && status == QHM_OK; i++)
        status = qhm_circuit_append_instruction(circuit, &instructions[i]);
    if (status != QHM_OK) {
        qhm_circuit_destroy(circuit);
        return status;
    }
    *out = circuit;
    return QHM_OK;
}

static void copies_are_equal_and_every_difference_is_seen(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL, *copy = NULL;
    REQUIRE_OK(build(&circuit));
    for (int change = 0; change < 7; change++) {
        REQUIRE_OK(qhm_circuit_copy(circuit, &copy));
        assert_true(qhm_circuit_is_equal(circuit, copy));
        qhm_instruction *instructions = copy->instructions;
        if (change == 0)
            copy->words[1]++;
        else if (change == 1)
            copy->angles[0].offset = -0.0;
        else if (change == 2)
            instructions[3].bit_value = false;
        else if (change == 3)
            instructions[0].condition.relation = QHM_RELATION_LESS_EQUAL;
        else if (change == 4)
            REQUIRE_OK(qhm_circuit_set_slot_name(copy, QHM_SLOT_WEIGHT, 0, "v"));
        else if (change == 5)
            REQUIRE_OK(qhm_circuit_append_bits(copy, NULL, 1));
        else
            REQUIRE_OK(qhm_circuit_append(copy, QHM_GATE_BARRIER, NULL, NULL));
        assert_false(qhm_circuit_is_equal(circuit, copy));
        qhm_circuit_destroy(copy);
    }
    qhm_circuit_destroy(circuit);
}

static void transforms_keep_names_and_bound_slots_lose_theirs(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL, *made = NULL;
    REQUIRE_OK(build(&circuit));
    REQUIRE_OK(qhm_circuit_bind(circuit, (double[]){0, 1}, NULL, &made));
    assert_int_equal(qhm_circuit_input_count(made), 0);
    assert_string_equal(qhm_circuit_slot_name(made, QHM_SLOT_WEIGHT, 0), "w");
    assert_string_equal(qhm_circuit_bit_register(made, 0)->name, "low");
    qhm_circuit_destroy(made);
    REQUIRE_OK(qhm_circuit_repeat(circuit, 2, false, &made));
    assert_string_equal(qhm_circuit_slot_name(made, QHM_SLOT_INPUT, 1), "x");
    assert_int_equal(qhm_circuit_instruction_count(made), 10);
    qhm_circuit_destroy(made);
    qhm_circuit_destroy(circuit);

    REQUIRE_OK(qhm_circuit_create(0, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "data", 2));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){1}, NULL));
    REQUIRE_OK(qhm_circuit_control(circuit, 3, &made));
    assert_string_equal(qhm_circuit_qubit_register(made, 0)->name, "data");
    assert_string_equal(qhm_circuit_qubit_register(made, 1)->name, "control");
    assert_int_equal(qhm_circuit_qubit_register(made, 1)->count, 3);
    qhm_circuit_destroy(made);
    qhm_circuit_destroy(circuit);
}

// Relations of numbers on both sides of word boundaries, from the definition.
static void conditions_compare_ranges_as_numbers(void **state)
{
    (void)state;
    const uint64_t bits[3] = {0x8000000000000000u, 0x5, 0}; // bits 63, 64 and 66
    const struct {
        uint32_t first, count;
        uint64_t low, high;
        int order; // of the bits and the value
    } cases[] = {
        {63, 1, 1, 0, 0},   {63, 4, 11, 0, 0},
        {63, 4, 10, 0, 1},  {63, 4, 12, 0, -1},
        {0, 64, 1, 0, 1},   {0, 64, 0x8000000000000000u, 0, 0},
        {0, 130, 0, 5, 1},  {0, 130, 0x8000000000000001u, 5, -1},
        {0, 128, 0, 6, -1}, {1, 64, 0xc000000000000000u, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint64_t value[3] = {cases[i].low, cases[i].high, 0};
        qhm_condition condition = {QHM_RELATION_NONE, cases[i].first, cases[i].count, value};
        const int order = cases[i].order;
        const bool expected[] = {true, order == 0, order != 0, order<0, order <= 0, order> 0,
                                 order >= 0};
        for (int relation = 0; relation <= QHM_RELATION_GREATER_EQUAL; relation++) {
            condition.relation = (qhm_relation)relation;
            assert_int_equal(qhm_condition_holds(&condition, bits), expected[relation]);
        }
    }
}

static void bad_conditions_and_loops_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 66, &circuit));
    const uint64_t value[2] = {1, 4};
    const struct {
        qhm_instruction instruction;
        const char *message;
    } cases[] = {
        {{.gate = QHM_GATE_WHILE}, "while needs a condition"},
        {{.gate = QHM_GATE_END}, "end comes without its while"},
        {{.gate = QHM_GATE_SET, .bit = 66}, "set writes bit 66, but the circuit has 66"},
        {{.gate = QHM_GATE_SET, .qubits = (uint32_t[]){0}, .qubit_count = 1},
         "set has 1 qubits, not 0"},
        {{.gate = QHM_GATE_SET, .condition = {QHM_RELATION_EQUAL, 65, 2, value}},
         "the condition of set reads bit 66, but the circuit has 66"},
        {{.gate = QHM_GATE_SET, .condition = {QHM_RELATION_EQUAL, 0, 0, value}},
         "the condition of set reads no bit"},
        {{.gate = QHM_GATE_SET, .condition = {QHM_RELATION_EQUAL, 0, 66, value}},
         "the value of the condition of set has more than 66 bits"},
        {{.gate = QHM_GATE_SET, .condition = {QHM_RELATION_EQUAL, 0, 1, NULL}},
         "the condition of set needs its value"},
        {{.gate = QHM_GATE_SET, .condition = {(qhm_relation)9, 0, 1, value}},
         "the condition of set has the unknown relation 9"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        REQUIRE_FAILS(qhm_circuit_append_instruction(circuit, &cases[i].instruction),
                      QHM_ERROR_INVALID_ARGUMENT, cases[i].message);
    assert_int_equal(qhm_circuit_instruction_count(circuit), 0);
    qhm_circuit_destroy(circuit);
}

static void an_appended_condition_keeps_its_range_together(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL, *small = NULL;
    REQUIRE_OK(qhm_circuit_create(1, 8, &circuit));
    REQUIRE_OK(qhm_circuit_create(1, 2, &small));
    REQUIRE_OK(qhm_circuit_append_instruction(
        small, &(qhm_instruction){.gate = QHM_GATE_SET,
                                  .bit = 1,
                                  .condition = {QHM_RELATION_EQUAL, 0, 2, &(uint64_t){2}}}));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, small, NULL, (uint32_t[]){5, 6}, 0, 0));
    assert_int_equal(qhm_circuit_instruction(circuit, 0)->condition.first_bit, 5);
    assert_int_equal(qhm_circuit_instruction(circuit, 0)->bit, 6);
    REQUIRE_FAILS(qhm_circuit_append_circuit(circuit, small, NULL, (uint32_t[]){5, 7}, 0, 0),
                  QHM_ERROR_INVALID_ARGUMENT, "they do not go to consecutive bits");
    qhm_circuit_destroy(small);
    qhm_circuit_destroy(circuit);
}

static qhm_status build_and_control(void *context)
{
    (void)context;
    qhm_circuit *circuit = NULL, *copy = NULL;
    qhm_status status = build(&circuit);
    if (status == QHM_OK)
        status = qhm_circuit_repeat(circuit, 2, false, &copy);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(copy);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    require_survives_failing_memory(build_and_control, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_follow_one_another_and_scratch_bits_are_in_none),
        cmocka_unit_test(a_named_slot_exists_even_if_nothing_uses_it),
        cmocka_unit_test(copies_are_equal_and_every_difference_is_seen),
        cmocka_unit_test(transforms_keep_names_and_bound_slots_lose_theirs),
        cmocka_unit_test(conditions_compare_ranges_as_numbers),
        cmocka_unit_test(bad_conditions_and_loops_are_refused),
        cmocka_unit_test(an_appended_condition_keeps_its_range_together),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
