// Programs from circuits: what they say, and what they refuse. That reading them gives the same
// circuit again is tested with the reader.
#include "circuit/qasm/qasm_print_internal.h"

#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/qasm.h>

static char *print(const qhm_circuit *circuit, unsigned version)
{
    char *text = NULL;
    REQUIRE_OK(qhm_qasm_print(circuit, &(qhm_qasm_print_options){.version = version}, &text));
    return text;
}

static void require_text(const qhm_circuit *circuit, unsigned version, const char *expected)
{
    char *text = print(circuit, version);
    assert_string_equal(text, expected);
    qhm_release(text);
}

static void append(qhm_circuit *circuit, qhm_gate gate, const uint32_t *qubits, double angle)
{
    const qhm_angle angles[3] = {qhm_angle_constant(angle), qhm_angle_constant(0.25),
                                 qhm_angle_constant(-M_PI / 2)};
    REQUIRE_OK(qhm_circuit_append(circuit, gate, qubits, angles));
}

static void append_if(qhm_circuit *circuit, qhm_gate gate, const uint32_t *qubits,
                      qhm_condition condition)
{
    const qhm_instruction instruction = {.gate = gate, .qubits = qubits, .condition = condition};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &instruction));
}

static qhm_circuit *make_bell(void)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 2, &circuit));
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0);
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
    append(circuit, QHM_GATE_BARRIER, NULL, 0);
    const qhm_instruction barrier = {
        .gate = QHM_GATE_BARRIER, .qubit_count = 1, .qubits = (uint32_t[]){0}};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &barrier));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 1));
    return circuit;
}

static void a_plain_circuit_reads_as_people_write_it(void **state)
{
    (void)state;
    qhm_circuit *bell = make_bell();
    require_text(bell, 3,
                 "OPENQASM 3.0;\n"
                 "include \"stdgates.inc\";\n"
                 "qubit[2] q;\n"
                 "bit[2] c;\n"
                 "h q[0];\n"
                 "cx q[0], q[1];\n"
                 "barrier q;\n"
                 "barrier q[0];\n"
                 "c[0] = measure q[0];\n"
                 "c[1] = measure q[1];\n");
    require_text(bell, 2,
                 "OPENQASM 2.0;\n"
                 "include \"qelib1.inc\";\n"
                 "qreg q[2];\n"
                 "creg c[2];\n"
                 "h q[0];\n"
                 "cx q[0], q[1];\n"
                 "barrier q;\n"
                 "barrier q[0];\n"
                 "measure q[0] -> c[0];\n"
                 "measure q[1] -> c[1];\n");
    qhm_circuit_destroy(bell);
}

static void gates_outside_the_library_are_defined_before_their_use(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    append(circuit, QHM_GATE_SXDG, (uint32_t[]){0}, 0);
    append(circuit, QHM_GATE_RYY, (uint32_t[]){0, 1}, 3 * M_PI / 4);
    append(circuit, QHM_GATE_P, (uint32_t[]){1}, 0.1);
    append(circuit, QHM_GATE_U, (uint32_t[]){1}, 1e-10);
    require_text(circuit, 3,
                 "OPENQASM 3.0;\n"
                 "include \"stdgates.inc\";\n"
                 "@qhm.gate\n"
                 "gate sxdg a { h a; sdg a; h a; }\n"
                 "@qhm.gate\n"
                 "gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }\n"
                 "@qhm.gate\n"
                 "gate rxx(theta) a, b { h a; h b; rzz(theta) a, b; h a; h b; }\n"
                 "@qhm.gate\n"
                 "gate ryy(theta) a, b { sdg a; sdg b; rxx(theta) a, b; s a; s b; }\n"
                 "qubit[2] q;\n"
                 "sxdg q[0];\n"
                 "ryy(3*pi/4) q[0], q[1];\n"
                 "p(0.1) q[1];\n"
                 "U(1.0e-10, 0.25, -pi/2) q[1];\n");
    char *text = print(circuit, 2);
    assert_non_null(strstr(text, "\ngate sxdg a { h a; sdg a; h a; }\ngate rzz(theta) a, b {"));
    assert_non_null(strstr(text, "\nu1(0.1) q[1];\nu3(1.0e-10, 0.25, -pi/2) q[1];\n"));
    qhm_release(text);
    qhm_circuit_destroy(circuit);
}

static void extra_controls_keep_the_phase_of_u(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(4, 0, &circuit));
    const qhm_angle angles[3] = {qhm_angle_constant(1), qhm_angle_constant(2),
                                 qhm_angle_constant(3)};
    const uint32_t qubits[] = {3, 1, 2, 0};
    for (uint32_t controls = 0; controls <= 3; controls++) {
        const qhm_instruction u = {.gate = QHM_GATE_U,
                                   .control_count = controls,
                                   .qubits = qubits + 3 - controls,
                                   .angles = angles};
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, &u));
    }
    const qhm_instruction rx = {
        .gate = QHM_GATE_CRX, .control_count = 2, .qubits = qubits, .angles = angles};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &rx));
    char *text = print(circuit, 3);
    assert_non_null(strstr(text, "\nU(1, 2, 3) q[0];\n"
                                 "cu(1, 2, 3, 0) q[2], q[0];\n"
                                 "ctrl @ cu(1, 2, 3, 0) q[1], q[2], q[0];\n"
                                 "ctrl(2) @ cu(1, 2, 3, 0) q[3], q[1], q[2], q[0];\n"
                                 "ctrl(2) @ crx(1) q[3], q[1], q[2], q[0];\n"));
    qhm_release(text);
    qhm_circuit_destroy(circuit);
}

static void slots_become_inputs_and_keep_their_angles(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_INPUT, 0, "θ"));
    REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_WEIGHT, 1, "rx"));
    const qhm_angle angles[] = {
        qhm_angle_input(0, 1),
        qhm_angle_input(0, -2),
        qhm_angle_weight(1),
        {1, -M_PI / 2, {{QHM_SLOT_INPUT, 0, 0.5}}},
        {2, 0, {{QHM_SLOT_INPUT, 0, -M_PI}, {QHM_SLOT_INPUT, 1, -M_PI}}},
        {1, 0.5, {{QHM_SLOT_WEIGHT, 0, 0}, {QHM_SLOT_WEIGHT, 1, 0}}},
    };
    for (size_t i = 0; i < sizeof angles / sizeof angles[0]; i++)
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &angles[i]));
    require_text(circuit, 3,
                 "OPENQASM 3.0;\n"
                 "include \"stdgates.inc\";\n"
                 "input float[64] θ;\n"
                 "input float[64] x1;\n"
                 "@qhm.weight\n"
                 "input float[64] w0;\n"
                 "@qhm.weight\n"
                 "input float[64] rx_2;\n"
                 "qubit[1] q;\n"
                 "rx(θ) q[0];\n"
                 "rx(-2*θ) q[0];\n"
                 "rx(rx_2) q[0];\n"
                 "rx(1*(θ + 0.5) - pi/2) q[0];\n"
                 "rx(2*(θ - pi)*(x1 - pi)) q[0];\n"
                 "rx(w0*rx_2 + 0.5) q[0];\n");
    char *text = NULL;
    REQUIRE_FAILS(qhm_qasm_print(circuit, &(qhm_qasm_print_options){.version = 2}, &text),
                  QHM_ERROR_UNSUPPORTED, "instruction 0: OpenQASM 2 has no parameters, as rx has");
    qhm_circuit_destroy(circuit);
}

static qhm_condition compare(qhm_relation relation, uint32_t first, uint32_t count,
                             const uint64_t *value)
{
    return (qhm_condition){relation, first, count, value};
}

// Registers a[3], scratch, b[2].
static qhm_circuit *make_registers(void)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "a", 3));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 1));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "b", 2));
    return circuit;
}

static void conditions_name_registers_bits_and_ranges(void **state)
{
    (void)state;
    static const uint64_t zero = 0, one = 1, two = 2, five = 5;
    static const uint32_t q0[] = {0}, q1[] = {1};
    qhm_circuit *circuit = make_registers();
    append_if(circuit, QHM_GATE_X, q0, compare(QHM_RELATION_EQUAL, 0, 3, &five));
    append_if(circuit, QHM_GATE_Y, q1, compare(QHM_RELATION_EQUAL, 0, 3, &five));
    append_if(circuit, QHM_GATE_X, q0, compare(QHM_RELATION_EQUAL, 1, 1, &one));
    append_if(circuit, QHM_GATE_X, q0, compare(QHM_RELATION_EQUAL, 1, 1, &zero));
    append_if(circuit, QHM_GATE_X, q0, compare(QHM_RELATION_NOT_EQUAL, 1, 1, &one));
    append_if(circuit, QHM_GATE_X, q0, compare(QHM_RELATION_LESS_EQUAL, 1, 2, &two));
    append_if(circuit, QHM_GATE_X, q0, compare(QHM_RELATION_GREATER, 2, 4, &five));
    append_if(circuit, QHM_GATE_RESET, q0, compare(QHM_RELATION_EQUAL, 3, 1, &one));
    qhm_instruction set = {.gate = QHM_GATE_SET, .bit = 5, .bit_value = true};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &set));
    set.condition = compare(QHM_RELATION_LESS, 4, 2, &two);
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &set)); // changes what it asks for
    append_if(circuit, QHM_GATE_X, q0, compare(QHM_RELATION_LESS, 4, 2, &two));
    require_text(circuit, 3,
                 "OPENQASM 3.0;\n"
                 "include \"stdgates.inc\";\n"
                 "qubit[2] q;\n"
                 "bit[3] a;\n"
                 "@qhm.scratch\n"
                 "bit[1] scratch;\n"
                 "bit[2] b;\n"
                 "if (a == 5) {\n"
                 "  x q[0];\n"
                 "  y q[1];\n"
                 "}\n"
                 "if (a[1]) {\n"
                 "  x q[0];\n"
                 "}\n"
                 "if (!a[1]) {\n"
                 "  x q[0];\n"
                 "}\n"
                 "if (a[1] != 1) {\n"
                 "  x q[0];\n"
                 "}\n"
                 "if (a[1:2] <= 2) {\n"
                 "  x q[0];\n"
                 "}\n"
                 "let bits_2_5 = a[2:2] ++ scratch ++ b;\n"
                 "if (bits_2_5 > 5) {\n"
                 "  x q[0];\n"
                 "}\n"
                 "if (scratch[0]) {\n"
                 "  reset q[0];\n"
                 "}\n"
                 "b[1] = 1;\n"
                 "if (b < 2) {\n"
                 "  b[1] = 1;\n"
                 "}\n"
                 "if (b < 2) {\n"
                 "  x q[0];\n"
                 "}\n");
    qhm_circuit_destroy(circuit);
}

static void loops_are_blocks(void **state)
{
    (void)state;
    static const uint64_t five = 5;
    qhm_circuit *circuit = make_registers();
    append_if(circuit, QHM_GATE_WHILE, NULL, compare(QHM_RELATION_NOT_EQUAL, 0, 3, &five));
    append_if(circuit, QHM_GATE_H, (uint32_t[]){0}, qhm_condition_bit(0, true));
    append(circuit, QHM_GATE_END, NULL, 0);
    char *text = print(circuit, 3);
    assert_non_null(strstr(text, "\nwhile (a != 5) {\n"
                                 "  if (a[0]) {\n"
                                 "    h q[0];\n"
                                 "  }\n"
                                 "}\n"));
    qhm_release(text);
    REQUIRE_FAILS(qhm_qasm_print(circuit, &(qhm_qasm_print_options){.version = 2}, &text),
                  QHM_ERROR_UNSUPPORTED, "instruction 0: OpenQASM 2 has no loops");
    qhm_circuit_destroy(circuit);
}

static void version_2_tries_the_values_of_small_registers(void **state)
{
    (void)state;
    static const uint64_t two = 2, five = 5;
    static const uint32_t q0[] = {0};
    qhm_circuit *circuit = make_registers();
    append_if(circuit, QHM_GATE_X, q0, compare(QHM_RELATION_EQUAL, 0, 3, &five));
    append_if(circuit, QHM_GATE_X, q0, compare(QHM_RELATION_GREATER_EQUAL, 1, 2, &two));
    char *text = print(circuit, 2);
    assert_non_null(strstr(text, "creg b[2];\n"
                                 "if(a==5) x q[0];\n"
                                 "if(a==4) x q[0];\n"
                                 "if(a==5) x q[0];\n"
                                 "if(a==6) x q[0];\n"
                                 "if(a==7) x q[0];\n"));
    qhm_release(text);
    append_if(circuit, QHM_GATE_X, q0, compare(QHM_RELATION_EQUAL, 2, 4, &two));
    const qhm_qasm_print_options options = {.version = 2};
    REQUIRE_FAILS(qhm_qasm_print(circuit, &options, &text), QHM_ERROR_UNSUPPORTED,
                  "instruction 2: OpenQASM 2 has no condition on bits of several registers");
    qhm_circuit_destroy(circuit);

    REQUIRE_OK(qhm_circuit_create(1, 9, &circuit));
    append_if(circuit, QHM_GATE_X, q0, compare(QHM_RELATION_EQUAL, 2, 4, &two));
    REQUIRE_FAILS(qhm_qasm_print(circuit, &options, &text), QHM_ERROR_UNSUPPORTED,
                  "instruction 0: OpenQASM 2 has no condition on a part of register c, as x has");
    qhm_circuit_destroy(circuit);
}

static void wide_values_are_whole_numbers(void **state)
{
    (void)state;
    qhm_text text = {0};
    uint64_t words[16] = {0};
    REQUIRE_OK(qhm_qasm_print_value(&text, words, 16));
    qhm_text_append(&text, " ");
    words[0] = UINT64_MAX;
    REQUIRE_OK(qhm_qasm_print_value(&text, words, 16));
    qhm_text_append(&text, " ");
    words[0] = 0;
    words[1] = 1; // 2^64
    REQUIRE_OK(qhm_qasm_print_value(&text, words, 16));
    qhm_text_append(&text, " ");
    words[1] = 0;
    words[4] = 1ull << 44; // 2^300
    REQUIRE_OK(qhm_qasm_print_value(&text, words, 16));
    char *taken;
    REQUIRE_OK(qhm_text_take(&text, &taken));
    assert_string_equal(taken, "0 18446744073709551615 18446744073709551616 "
                               "203703597633448608626844568840937816105146839366593625063614044935"
                               "4381299763336706183397376");
    qhm_release(taken);
}

static void names_are_made_valid_and_distinct(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(0, 0, &circuit));
    static const char *const names[] = {"q", "t", "Q", "my reg", "q", "7", "angle", "π"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        REQUIRE_OK(qhm_circuit_append_qubits(circuit, names[i], 1));
    char *text = print(circuit, 3);
    assert_non_null(strstr(text, "qubit[1] q;\nqubit[1] t_2;\nqubit[1] Q;\nqubit[1] my_reg;\n"
                                 "qubit[1] q_2;\nqubit[1] n7;\nqubit[1] angle_2;\nqubit[1] π_2;"));
    qhm_release(text);
    text = print(circuit, 2);
    assert_non_null(strstr(text, "qreg q[1];\nqreg t_2[1];\nqreg q_2[1];\nqreg my_reg[1];\n"
                                 "qreg q_3[1];\nqreg n7[1];\nqreg angle[1];\nqreg n[1];\n"));
    qhm_release(text);
    qhm_circuit_destroy(circuit);
}

static void a_matrix_is_a_gate_with_its_entries(void **state)
{
    (void)state;
    const qhm_complex matrix[] = {{0, 0}, {0, -1}, {0, 1}, {-0.0, 0}}; // y
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    const qhm_instruction unitary = {.gate = QHM_GATE_UNITARY,
                                     .control_count = 1,
                                     .qubit_count = 2,
                                     .qubits = (uint32_t[]){1, 0},
                                     .matrix = matrix};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &unitary));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &unitary));
    char *text = print(circuit, 3);
    assert_non_null(strstr(text, "gate unitary_0 a {\n"));
    assert_null(strstr(text, "unitary_1"));
    assert_non_null(strstr(text, "@qhm.unitary 2 0 0 0 -1 0 1 -0.0 0\n"
                                 "ctrl @ unitary_0 q[1], q[0];\n"));
    qhm_release(text);
    text = print(circuit, 2);
    assert_null(strstr(text, "unitary"));
    qhm_release(text);
    qhm_circuit_destroy(circuit);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    qhm_circuit *bell = make_bell();
    char *text = NULL;
    REQUIRE_FAILS(qhm_qasm_print(bell, &(qhm_qasm_print_options){.version = 4}, &text),
                  QHM_ERROR_INVALID_ARGUMENT, "the version of OpenQASM is 4, not 2 or 3");
    REQUIRE_FAILS(qhm_qasm_print(NULL, NULL, &text), QHM_ERROR_INVALID_ARGUMENT, "a circuit");
    append_if(bell, QHM_GATE_WHILE, NULL, qhm_condition_bit(0, true));
    REQUIRE_FAILS(qhm_qasm_print(bell, NULL, &text), QHM_ERROR_INVALID_ARGUMENT,
                  "a while has no end");
    assert_null(text);
    qhm_circuit_destroy(bell);
}

static qhm_status print_both(void *context)
{
    for (unsigned version = 2; version <= 3; version++) {
        char *text = NULL;
        qhm_status status =
            qhm_qasm_print(context, &(qhm_qasm_print_options){.version = version}, &text);
        if (status != QHM_OK)
            return status;
        qhm_release(text);
    }
    return QHM_OK;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    static const uint64_t value[2] = {0, 1};
    qhm_circuit *circuit = make_registers();
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "wide", 70));
    append_if(circuit, QHM_GATE_ECR, (uint32_t[]){0, 1}, compare(QHM_RELATION_EQUAL, 6, 70, value));
    const qhm_complex matrix[] = {{0, 0}, {1, 0}, {1, 0}, {0, 0}};
    const qhm_instruction unitary = {
        .gate = QHM_GATE_UNITARY, .qubit_count = 1, .qubits = (uint32_t[]){1}, .matrix = matrix};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &unitary));
    require_survives_failing_memory(print_both, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_circuit_reads_as_people_write_it),
        cmocka_unit_test(gates_outside_the_library_are_defined_before_their_use),
        cmocka_unit_test(extra_controls_keep_the_phase_of_u),
        cmocka_unit_test(slots_become_inputs_and_keep_their_angles),
        cmocka_unit_test(conditions_name_registers_bits_and_ranges),
        cmocka_unit_test(loops_are_blocks),
        cmocka_unit_test(version_2_tries_the_values_of_small_registers),
        cmocka_unit_test(wide_values_are_whole_numbers),
        cmocka_unit_test(names_are_made_valid_and_distinct),
        cmocka_unit_test(a_matrix_is_a_gate_with_its_entries),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
