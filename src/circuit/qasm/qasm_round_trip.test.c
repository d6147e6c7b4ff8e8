// Printing a circuit and reading the program gives the same circuit, every number bit for bit.
#include "base/memory.h"
#include "linalg/complex_matrix.h"
#include "support/checks.h"
#include "support/reference_simulator.h"

#include <qhm/diagnostics.h>
#include <qhm/qasm.h>

enum { TRIALS = 1000, QUBITS = 7, INPUTS = 3, WEIGHTS = 4 };

static double random_angle(qhm_random *random)
{
    switch (qhm_random_below(random, 4)) {
    case 0:
        return ((double)qhm_random_below(random, 33) - 16) * M_PI /
               (double)(1 + qhm_random_below(random, 12));
    case 1:
        return qhm_random_normal(random) * 1e-9;
    case 2:
        return (double)qhm_random_below(random, 5);
    default:
        return qhm_random_normal(random);
    }
}

// Constants, slots, and products of two, with and without shifts, scales and offsets.
static qhm_angle random_slots(qhm_random *random)
{
    qhm_angle angle = {.offset = qhm_random_below(random, 2) ? random_angle(random) : 0};
    const uint64_t factors = qhm_random_below(random, 3);
    for (uint64_t f = 0; f < factors; f++) {
        angle.factors[f].slot = qhm_random_below(random, 2) ? QHM_SLOT_INPUT : QHM_SLOT_WEIGHT;
        angle.factors[f].index = (uint32_t)qhm_random_below(random, 3);
        angle.factors[f].shift = qhm_random_below(random, 2) ? random_angle(random) : 0;
        angle.scale = qhm_random_below(random, 2) ? 1 : random_angle(random) + 0.125;
    }
    return angle;
}

// Registers of qubits and bits, scratch among them, one of 1,000 bits.
static qhm_circuit *make_empty(qhm_random *random)
{
    static const char *const inputs[] = {"theta", "θ", "phi"};
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(0, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "q", 3));
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "anc", QUBITS - 3));
    if (qhm_random_below(random, 2))
        REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 2));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "c", 5));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "one", 1));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 3));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "wide", 1000));
    for (uint32_t i = 0; i < INPUTS; i++)
        REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_INPUT, i, inputs[i % 3]));
    for (uint32_t i = 0; i < WEIGHTS; i++) {
        char name[16];
        snprintf(name, sizeof name, "weight_%u", i);
        REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_WEIGHT, i, name));
    }
    return circuit;
}

enum { MOST_WORDS = 16 };

// A range of bits within one place, or over several, compared with a number.
static qhm_condition random_condition(qhm_random *random, size_t bits, uint64_t *words)
{
    qhm_condition condition = {.value = words};
    condition.relation = (qhm_relation)(1 + qhm_random_below(random, 6));
    if (qhm_random_below(random, 3) == 0) { // a whole register
        condition.bit_count = qhm_random_below(random, 2) ? 1000 : 1;
        condition.first_bit = (uint32_t)bits - 1000;
    } else {
        condition.first_bit = (uint32_t)qhm_random_below(random, 12);
        condition.bit_count = 1 + (uint32_t)qhm_random_below(random, 70);
    }
    for (size_t i = 0; i < MOST_WORDS; i++)
        words[i] = 0;
    for (uint32_t i = 0; i < condition.bit_count; i++)
        words[i / 64] |= qhm_random_below(random, 2) << i % 64;
    return condition;
}

static void choose_qubits(qhm_random *random, uint32_t *qubits)
{
    size_t order[QUBITS];
    for (size_t i = 0; i < QUBITS; i++)
        order[i] = i;
    qhm_random_shuffle(random, order, QUBITS);
    for (size_t i = 0; i < QUBITS; i++)
        qubits[i] = (uint32_t)order[i];
}

// exp(-i h) of a random Hermitian h.
static void fill_unitary(qhm_random *random, size_t n, qhm_complex *u)
{
    qhm_complex h[16 * 16];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double re = qhm_random_normal(random), im = i == j ? 0 : qhm_random_normal(random);
            h[i * n + j] = (qhm_complex){re, im};
            h[j * n + i] = (qhm_complex){re, -im};
        }
    REQUIRE_OK(qhm_hermitian_evolution(n, h, 1, u));
}

static void append_random(qhm_random *random, qhm_circuit *circuit)
{
    qhm_complex matrix[16 * 16];
    uint32_t qubits[QUBITS];
    uint64_t words[MOST_WORDS];
    const size_t bits = qhm_circuit_bit_count(circuit);
    choose_qubits(random, qubits);
    const qhm_angle angles[3] = {random_slots(random), random_slots(random), random_slots(random)};
    qhm_instruction instruction = {.gate = (qhm_gate)qhm_random_below(random, QHM_GATE_WHILE),
                                   .qubits = qubits,
                                   .angles = angles,
                                   .matrix = matrix,
                                   .bit = (uint32_t)qhm_random_below(random, bits),
                                   .bit_value = qhm_random_below(random, 2)};
    const qhm_gate_info *info = qhm_gate_information(instruction.gate);
    const uint32_t own = info->control_count + info->target_count;
    if (info->is_unitary && instruction.gate != QHM_GATE_UNITARY)
        instruction.control_count = (uint32_t)qhm_random_below(random, QUBITS - own + 1);
    if (instruction.gate == QHM_GATE_UNITARY) {
        const uint32_t targets = 1 + (uint32_t)qhm_random_below(random, 3);
        fill_unitary(random, (size_t)1 << targets, matrix);
        instruction.control_count = (uint32_t)qhm_random_below(random, 3);
        instruction.qubit_count = instruction.control_count + targets;
    }
    if (instruction.gate == QHM_GATE_BARRIER)
        instruction.qubit_count = 1 + (uint32_t)qhm_random_below(random, QUBITS);
    if (instruction.gate != QHM_GATE_BARRIER && qhm_random_below(random, 3) == 0) {
        instruction.condition = random_condition(random, bits, words);
        // What changes its own condition is read with that condition kept in a bit of its own.
        const qhm_condition *condition = &instruction.condition;
        if (instruction.bit >= condition->first_bit &&
            instruction.bit < condition->first_bit + condition->bit_count)
            instruction.condition = (qhm_condition){0};
    }
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &instruction));
}

static void append_block(qhm_random *random, qhm_circuit *circuit, int depth)
{
    const uint64_t count = 1 + qhm_random_below(random, 8);
    for (uint64_t i = 0; i < count; i++) {
        append_random(random, circuit);
        if (depth > 0 && qhm_random_below(random, 5) == 0) {
            uint64_t words[MOST_WORDS];
            const qhm_instruction loop = {
                .gate = QHM_GATE_WHILE,
                .condition = random_condition(random, qhm_circuit_bit_count(circuit), words)};
            REQUIRE_OK(qhm_circuit_append_instruction(circuit, &loop));
            append_block(random, circuit, depth - 1);
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_END, NULL, NULL));
        }
    }
}

static void require_same(const qhm_circuit *circuit)
{
    char *text, *again;
    qhm_circuit *read = NULL;
    qhm_diagnostics *diagnostics = NULL;
    REQUIRE_OK(qhm_qasm_print(circuit, NULL, &text));
    if (qhm_qasm_parse(text, strlen(text), NULL, &read, &diagnostics) != QHM_OK)
        fail_msg("%s\n%s", qhm_error_message(), text);
    if (!qhm_circuit_is_equal(circuit, read)) {
        REQUIRE_OK(qhm_qasm_print(read, NULL, &again));
        fail_msg("what was read differs; printed:\n%s\nprinted again:\n%s", text, again);
    }
    qhm_release(text);
    qhm_circuit_destroy(read);
    qhm_diagnostics_destroy(diagnostics);
}

static void every_circuit_is_read_as_it_was(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 81, trial, 0);
        qhm_circuit *circuit = make_empty(&random);
        append_block(&random, circuit, 2);
        require_same(circuit);
        qhm_circuit_destroy(circuit);
    }
}

static void require_equal_states(const qhm_circuit *a, const qhm_circuit *b)
{
    const size_t dimension = (size_t)1 << qhm_circuit_qubit_count(a);
    qhm_complex *first = reference_run(a, NULL, NULL), *second = reference_run(b, NULL, NULL);
    REQUIRE_NEAR(reference_fidelity(first, second, dimension), 1, 1e-12);
    free(first);
    free(second);
}

// Version 2 expands and defines gates, so that the circuit is another, with the same state.
static void version_2_keeps_the_state(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < 30; trial++) {
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 82, trial, 0);
        qhm_circuit *circuit = reference_random_circuit(&random, 4, 30, 0, 0), *read;
        char *text;
        REQUIRE_OK(qhm_qasm_print(circuit, &(qhm_qasm_print_options){.version = 2}, &text));
        REQUIRE_OK(
            qhm_qasm_parse(text, strlen(text), &(qhm_qasm_options){.strict = true}, &read, NULL));
        require_equal_states(circuit, read);
        qhm_release(text);
        qhm_circuit_destroy(circuit);
        qhm_circuit_destroy(read);
    }
}

// Without annotations definitions and matrices are read gate by gate, to the same state.
static void other_readers_get_the_same_state(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < 30; trial++) {
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 83, trial, 0);
        qhm_circuit *circuit = reference_random_circuit(&random, 4, 30, 0, 0), *read;
        qhm_complex matrix[16];
        fill_unitary(&random, 4, matrix);
        const qhm_instruction unitary = {.gate = QHM_GATE_UNITARY,
                                         .control_count = 1,
                                         .qubit_count = 3,
                                         .qubits = (uint32_t[]){2, 0, 3},
                                         .matrix = matrix};
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, &unitary));
        char *text;
        REQUIRE_OK(
            qhm_qasm_print(circuit, &(qhm_qasm_print_options){.omits_annotations = true}, &text));
        assert_null(strstr(text, "@qhm"));
        REQUIRE_OK(
            qhm_qasm_parse(text, strlen(text), &(qhm_qasm_options){.strict = true}, &read, NULL));
        require_equal_states(circuit, read);
        qhm_release(text);
        qhm_circuit_destroy(circuit);
        qhm_circuit_destroy(read);
    }
}

// Names the first instruction that came back otherwise.
static void fail_different(const qhm_circuit *circuit, const qhm_circuit *again, const char *text)
{
    qhm_circuit *prefix, *prefix_again;
    size_t count = qhm_circuit_instruction_count(circuit), i = 0;
    assert_int_equal(count, qhm_circuit_instruction_count(again));
    for (bool same = true; same && i < count; i++) {
        REQUIRE_OK(qhm_circuit_create(qhm_circuit_qubit_count(circuit),
                                      qhm_circuit_bit_count(circuit), &prefix));
        REQUIRE_OK(qhm_circuit_create(qhm_circuit_qubit_count(circuit),
                                      qhm_circuit_bit_count(circuit), &prefix_again));
        REQUIRE_OK(qhm_circuit_append_instruction(prefix, qhm_circuit_instruction(circuit, i)));
        REQUIRE_OK(qhm_circuit_append_instruction(prefix_again, qhm_circuit_instruction(again, i)));
        same = qhm_circuit_is_equal(prefix, prefix_again);
        qhm_circuit_destroy(prefix);
        qhm_circuit_destroy(prefix_again);
    }
    fail_msg("instruction %zu, or the registers, are others after reading:\n%s", i - 1, text);
}

static void printing_and_parsing_give_the_same_circuit(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (int i = 0; i < 40; i++) {
        qhm_circuit *circuit = reference_random_circuit(&random, 4, 30, 2, 2), *again = NULL;
        for (uint32_t slot = 0; slot < qhm_circuit_input_count(circuit); slot++)
            REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_INPUT, slot,
                                                 (const char *[]){"θ", "phi"}[slot]));
        for (uint32_t slot = 0; slot < qhm_circuit_weight_count(circuit); slot++)
            REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_WEIGHT, slot,
                                                 (const char *[]){"u_1", "v"}[slot]));
        char *text;
        REQUIRE_OK(qhm_qasm_print(circuit, NULL, &text));
        REQUIRE_OK(
            qhm_qasm_parse(text, strlen(text), &(qhm_qasm_options){.strict = true}, &again, NULL));
        if (!qhm_circuit_is_equal(circuit, again))
            fail_different(circuit, again, text);
        qhm_string_destroy(text);
        qhm_circuit_destroy(circuit);
        qhm_circuit_destroy(again);
    }
}

static void classical_instructions_print_and_parse_the_same(void **state)
{
    (void)state;
    const char *text =
        "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
        "qubit[2] q; bit[3] a; @qhm.scratch\nbit[2] s; bit[70] b;"
        "if (a == 5) { x q[0]; y q[1]; a[0] = measure q[0]; } if (a[1] != 1) { x q[0]; }"
        "if (!s[1]) { b[3] = 1; } let r = a[2] ++ s ++ b[0:3]; if (r > 17) { reset q[0]; }"
        "while (b <= 590295810358705651712) { h q[0]; b[69] = measure q[0]; s[0] = 0; }"
        "@qhm.unitary 2 0 0 0 -1 0 1 0 0\nctrl @ u q[0], q[1]; barrier q[1];";
    char with_gate[2048];
    snprintf(with_gate, sizeof with_gate, "%s", text);
    char *place = strstr(with_gate, "qubit[2]");
    char rest[2048];
    snprintf(rest, sizeof rest, "gate u a { y a; } %s", place);
    snprintf(place, sizeof with_gate - (size_t)(place - with_gate), "%s", rest);
    qhm_circuit *circuit = NULL, *again = NULL;
    REQUIRE_OK(qhm_qasm_parse(with_gate, strlen(with_gate), NULL, &circuit, NULL));
    char *printed;
    REQUIRE_OK(qhm_qasm_print(circuit, NULL, &printed));
    REQUIRE_OK(qhm_qasm_parse(printed, strlen(printed), NULL, &again, NULL));
    if (!qhm_circuit_is_equal(circuit, again))
        fail_msg("another circuit after reading:\n%s", printed);
    qhm_string_destroy(printed);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(again);
}

// Tools of version 2 define what its library lacks; what is defined otherwise stays so.
static void definitions_of_known_gates_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *definition, *call;
        qhm_gate gate; // QHM_GATE_COUNT: none
    } rows[] = {
        {"gate ryy(t) a, b { rx(pi/2) a; rx(pi/2) b; cx a, b; rz(t) b; cx a, b; rx(-pi/2) a;"
         "rx(-pi/2) b; }",
         "ryy(0.3)", QHM_GATE_RYY},
        {"gate iswap a, b { s a; s b; h a; cx a, b; cx b, a; h b; }", "iswap", QHM_GATE_ISWAP},
        {"gate rzx(t) a, b { h b; cx a, b; rz(t) b; cx a, b; h b; }"
         "gate ecr a, b { rzx(pi/4) a, b; x a; rzx(-pi/4) a, b; }",
         "ecr", QHM_GATE_ECR},
        {"gate cz a, b { h b; cx a, b; h b; }", "cz", QHM_GATE_CZ},
        {"gate cz a, b { h b; cx a, b; }", "cz", QHM_GATE_COUNT},
        {"gate ryy(t) a, b { cx a, b; rz(t) b; cx a, b; }", "ryy(0.3)", QHM_GATE_COUNT},
        {"gate rzz(t) a, b { cx a, b; rz(2*t) b; cx a, b; }", "rzz(0.3)", QHM_GATE_COUNT},
        {"gate cz a, b { h b; barrier a, b; cx a, b; h b; }", "cz", QHM_GATE_COUNT},
        {"gate cx a, b { }", "cx", QHM_GATE_COUNT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        qhm_circuit *circuit = NULL;
        snprintf(text, sizeof text,
                 "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[2];\n%s\n%s q[1], q[0];",
                 rows[i].definition, rows[i].call);
        REQUIRE_OK(qhm_qasm_parse(text, strlen(text), NULL, &circuit, NULL));
        const bool is_one = qhm_circuit_instruction_count(circuit) == 1;
        if (rows[i].gate != QHM_GATE_COUNT) {
            assert_true(is_one);
            assert_int_equal(qhm_circuit_instruction(circuit, 0)->gate, rows[i].gate);
            assert_int_equal(qhm_circuit_instruction(circuit, 0)->qubits[0], 1);
        } else if (is_one) {
            assert_int_equal(qhm_circuit_instruction(circuit, 0)->gate, QHM_GATE_H);
        }
        qhm_circuit_destroy(circuit);
    }
}

// Every gate of the table that version 2 can say comes back as itself.
static void gates_come_back_from_version_2(void **state)
{
    (void)state;
    const qhm_angle angles[3] = {qhm_angle_constant(0.3), qhm_angle_constant(1.1),
                                 qhm_angle_constant(-0.7)};
    for (unsigned g = 0; g < QHM_GATE_UNITARY; g++) {
        qhm_circuit *circuit, *again = NULL;
        char *text;
        REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
        REQUIRE_OK(qhm_circuit_append(circuit, (qhm_gate)g, (uint32_t[]){2, 0, 1}, angles));
        REQUIRE_OK(qhm_qasm_print(circuit, &(qhm_qasm_print_options){.version = 2}, &text));
        REQUIRE_OK(qhm_qasm_parse(text, strlen(text), NULL, &again, NULL));
        if (!qhm_circuit_is_equal(circuit, again))
            fail_different(circuit, again, text);
        qhm_string_destroy(text);
        qhm_circuit_destroy(circuit);
        qhm_circuit_destroy(again);
    }
}

// Declared qubits first, then those that the chip numbers: ascending, with gaps.
static void physical_qubits_keep_their_numbers(void **state)
{
    (void)state;
    static const char text[] = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[2] a;\nbit[2] c;\n"
                               "cx $104, $7;\nbarrier a, $7;\ncx a[1], $41;\n"
                               "c[0] = measure $104;\n";
    qhm_circuit *circuit = NULL;
    char *printed;
    REQUIRE_OK(qhm_qasm_parse(text, strlen(text), NULL, &circuit, NULL));
    assert_int_equal(qhm_circuit_qubit_count(circuit), 5);
    static const char *const names[] = {"a", "$7", "$41", "$104"};
    for (size_t r = 0; r < 4; r++)
        assert_string_equal(qhm_circuit_qubit_register(circuit, r)->name, names[r]);
    assert_int_equal(qhm_circuit_instruction(circuit, 0)->qubits[0], 4);
    assert_int_equal(qhm_circuit_instruction(circuit, 0)->qubits[1], 2);
    REQUIRE_OK(qhm_qasm_print(circuit, NULL, &printed));
    assert_string_equal(printed, text);
    qhm_string_destroy(printed);
    REQUIRE_OK(qhm_qasm_print(circuit, &(qhm_qasm_print_options){.version = 2}, &printed));
    assert_non_null(strstr(printed, "qreg q7[1];"));
    assert_non_null(strstr(printed, "cx q104[0], q7[0];"));
    qhm_string_destroy(printed);
    qhm_circuit_destroy(circuit);
}

// A program would be read with other numbers of qubits: they get names.
static void registers_that_no_program_could_have_get_names(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"$7", "$3"}, {"$3", "$3"}, {"$03", "$x"}, {"$", "$9999999"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        qhm_circuit *circuit = NULL, *again = NULL;
        REQUIRE_OK(qhm_circuit_create(0, 0, &circuit));
        for (uint32_t q = 0; q < 2; q++)
            REQUIRE_OK(qhm_circuit_append_qubits(circuit, names[i][q], 1));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){1, 0}, NULL));
        char *printed;
        REQUIRE_OK(qhm_qasm_print(circuit, NULL, &printed));
        REQUIRE_OK(qhm_qasm_parse(printed, strlen(printed), NULL, &again, NULL));
        assert_int_equal(qhm_circuit_qubit_count(again), 2);
        assert_int_equal(qhm_circuit_instruction(again, 0)->qubits[0], 1);
        qhm_string_destroy(printed);
        qhm_circuit_destroy(circuit);
        qhm_circuit_destroy(again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_circuit_is_read_as_it_was),
        cmocka_unit_test(version_2_keeps_the_state),
        cmocka_unit_test(other_readers_get_the_same_state),
        cmocka_unit_test(printing_and_parsing_give_the_same_circuit),
        cmocka_unit_test(classical_instructions_print_and_parse_the_same),
        cmocka_unit_test(definitions_of_known_gates_are_recognised),
        cmocka_unit_test(gates_come_back_from_version_2),
        cmocka_unit_test(physical_qubits_keep_their_numbers),
        cmocka_unit_test(registers_that_no_program_could_have_get_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
