// QIR programs to circuits: those that we print come back as they were, others are told by line.
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/qir.h>
#include <stdio.h>

static qhm_circuit *parse(const char *text)
{
    qhm_circuit *circuit = NULL;
    REQUIRE_OK(qhm_qir_parse(text, strlen(text), "x.ll", &circuit));
    return circuit;
}

// Every gate that programs call, with angles and qubits by its row.
static qhm_circuit *make_circuit(void)
{
    static const qhm_gate gates[] = {
        QHM_GATE_H,  QHM_GATE_X,    QHM_GATE_Y,   QHM_GATE_Z,   QHM_GATE_S,   QHM_GATE_SDG,
        QHM_GATE_T,  QHM_GATE_TDG,  QHM_GATE_RX,  QHM_GATE_RY,  QHM_GATE_RZ,  QHM_GATE_CX,
        QHM_GATE_CZ, QHM_GATE_SWAP, QHM_GATE_CCX, QHM_GATE_RXX, QHM_GATE_RYY, QHM_GATE_RZZ};
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(4, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "a \"b\"", 2));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "θ", 2));
    for (uint32_t i = 0; i < sizeof gates / sizeof gates[0]; i++) {
        const qhm_angle angle = qhm_angle_constant(0.1 + i / 7.0);
        REQUIRE_OK(qhm_circuit_append(circuit, gates[i],
                                      (uint32_t[]){i % 4, (i + 1) % 4, (i + 2) % 4}, &angle));
    }
    for (uint32_t q = 0; q < 4; q++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, 3 - q));
    return circuit;
}

static void what_we_print_comes_back_as_it_was(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_circuit();
    for (unsigned version = 1; version <= 2; version++) {
        char *text;
        REQUIRE_OK(qhm_qir_print(circuit, &(qhm_qir_print_options){.version = version}, &text));
        qhm_circuit *read = parse(text);
        assert_true(qhm_circuit_is_equal(circuit, read));
        qhm_circuit_destroy(read);
        qhm_string_destroy(text);
    }
    qhm_circuit_destroy(circuit);
}

static void programs_of_others_are_read(void **state)
{
    (void)state;
    qhm_circuit *circuit = parse(
        "; a comment\r\n"
        "@0 = internal constant [3 x i8] c\"r0\\00\"\r\n"
        "define void @ENTRYPOINT__main() #0 {\r\n"
        "  call void @__quantum__qis__rx__body(double -5.0e-01, ptr inttoptr (i64 2 to ptr))\r\n"
        "  tail call void @__quantum__qis__cx__body(ptr null, ptr inttoptr (i64 1 to ptr)) ; cx\r\n"
        "  call void @__quantum__qis__barrier__body()\r\n"
        "  call void @__quantum__qis__reset__body(ptr inttoptr (i64 2 to ptr))\r\n"
        "  br label %out\r\n"
        "out:                    ; preds = %0\r\n"
        "  call void @__quantum__qis__mz__body(ptr null, ptr writeonly null)\r\n"
        "  call void @__quantum__qis__mz__body(ptr null, ptr writeonly inttoptr (i64 4 to "
        "ptr))\r\n"
        "  call void @__quantum__rt__tuple_record_output(i64 1, ptr null)\r\n"
        "  call void @__quantum__rt__result_record_output(ptr inttoptr (i64 4 to ptr), ptr "
        "@0)\r\n"
        "  ret void\r\n"
        "}\r\n"
        "declare void @__quantum__qis__rx__body(double, ptr)\r\n");
    assert_int_equal(qhm_circuit_qubit_count(circuit), 3);
    assert_int_equal(qhm_circuit_bit_register_count(circuit), 1);
    assert_string_equal(qhm_circuit_bit_register(circuit, 0)->name, "c");
    assert_int_equal(qhm_circuit_bit_register(circuit, 0)->count, 1);
    assert_int_equal(qhm_circuit_instruction_count(circuit), 5);
    const qhm_instruction *rx = qhm_circuit_instruction(circuit, 0);
    assert_int_equal(rx->gate, QHM_GATE_RX);
    assert_int_equal(rx->qubits[0], 2);
    REQUIRE_NEAR(rx->angles[0].offset, -0.5, 0);
    assert_int_equal(qhm_circuit_instruction(circuit, 2)->gate, QHM_GATE_RESET);
    assert_int_equal(qhm_circuit_instruction(circuit, 3)->bit, 1); // result 0, not recorded
    assert_int_equal(qhm_circuit_instruction(circuit, 4)->bit, 0);
    qhm_circuit_destroy(circuit);
}

#define MAIN "define i64 @main() {\n"
#define CALL MAIN "  call void @__quantum__qis__"

static const struct {
    const char *text, *message;
} mistakes[] = {
    {"", "x.ll:0: there is no function"},
    {MAIN, "x.ll:1: the function does not end"},
    {MAIN "}", "x.ll:2: the function has no ret"},
    {MAIN "ret i64 0\n}\n" MAIN, "x.ll:4: only the Base Profile is read, which has one function"},
    {"define i64 @main()\n{\n", "x.ll:1: the function's { is not on its first line"},
    {MAIN "  %x = add i64 1, 2\n", "x.ll:2: only the Base Profile is read: calls"},
    {MAIN "  br i1 %x, label %a, label %b\n",
     "x.ll:2: only the Base Profile is read, which has no"},
    {MAIN "  br label %a\nb:\n", "x.ll:3: block b does not follow where it stands"},
    {MAIN "  br label %a\n  ret i64 0\n", "x.ll:3: something stands between a block's end"},
    {MAIN "  br label \n", "x.ll:2: only the Base Profile is read"},
    {MAIN "  %r = call i1 @__quantum__rt__read_result(ptr null)\n",
     "x.ll:2: only the Base Profile"},
    {MAIN "  call i1 @__quantum__rt__read_result(ptr null)\n",
     "x.ll:2: __quantum__rt__read_result is not in the Base Profile"},
    {MAIN "  call void f\n", "x.ll:2: a call lacks its function or its arguments"},
    {CALL "foo__body(ptr null)\n", "x.ll:2: __quantum__qis__foo__body is not in the Base Profile"},
    {CALL "h__body()\n", "x.ll:2: h__body has 0 arguments, not 1"},
    {CALL "h__body(ptr null, ptr null, ptr null, ptr null, ptr null)\n",
     "x.ll:2: a call has more than 4 arguments"},
    {CALL "h__body(ptr %q)\n", "x.ll:2: \"ptr %q\" is no qubit"},
    {CALL "h__body(ptr inttoptr (i64 1048576 to ptr))\n", "x.ll:2: 1048576 is not below 1048576"},
    {CALL "h__body(ptr inttoptr (i64 -1 to ptr))\n", "is no qubit"},
    {CALL "rx__body(ptr null, ptr null)\n", "x.ll:2: \"ptr null\" is no angle"},
    {CALL "rx__body(double 0x12, ptr null)\n", "x.ll:2: \"double 0x12\" is no angle"},
    {CALL "cx__body(ptr null, ptr null)\n  ret i64 0\n}\n", "x.ll: cx "},
    {CALL "rx__body(double 0x7FF0000000000000, ptr null)\n  ret i64 0\n}\n", "x.ll: "},
    {MAIN "  call void @__quantum__rt__result_record_output(ptr null, ptr null)\n"
          "  call void @__quantum__rt__result_record_output(ptr null, ptr null)\n  ret i64 0\n}\n",
     "x.ll: result 0 is recorded twice"},
};

static void mistakes_are_told_with_their_line(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++)
        REQUIRE_FAILS(qhm_qir_parse(mistakes[i].text, strlen(mistakes[i].text), "x.ll", &circuit),
                      QHM_ERROR_BAD_INPUT, mistakes[i].message);
    REQUIRE_FAILS(qhm_qir_parse("BC\0\xde", 4, NULL, &circuit), QHM_ERROR_BAD_INPUT,
                  "<input>:1: there is a NUL; is this bitcode?");
    REQUIRE_FAILS(qhm_qir_parse(NULL, 0, NULL, &circuit), QHM_ERROR_INVALID_ARGUMENT, "a text");
    assert_null(circuit);
}

static qhm_status parse_again(void *text)
{
    qhm_circuit *circuit;
    qhm_status status = qhm_qir_parse(text, strlen(text), NULL, &circuit);
    if (status == QHM_OK)
        qhm_circuit_destroy(circuit);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_circuit();
    char *text;
    REQUIRE_OK(qhm_qir_print(circuit, NULL, &text));
    require_survives_failing_memory(parse_again, text);
    qhm_string_destroy(text);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_we_print_comes_back_as_it_was),
        cmocka_unit_test(programs_of_others_are_read),
        cmocka_unit_test(mistakes_are_told_with_their_line),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
