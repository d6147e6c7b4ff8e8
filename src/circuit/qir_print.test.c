// QIR programs from circuits, read by LLVM where it is installed.
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

#include <qhm/qir.h>
#include <unistd.h>

static qhm_circuit *make_bell(void)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 2, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RESET, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 1));
    return circuit;
}

static void a_program_has_four_blocks(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_bell();
    const qhm_angle angle = qhm_angle_constant(0.5);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){1}, &angle));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 0));
    char *text;
    REQUIRE_OK(qhm_qir_print(circuit, NULL, &text));
    assert_string_equal(
        text,
        "@0 = internal constant [2 x i8] c\"c\\00\"\n"
        "@1 = internal constant [5 x i8] c\"c[0]\\00\"\n"
        "@2 = internal constant [5 x i8] c\"c[1]\\00\"\n"
        "\n"
        "define i64 @main() #0 {\n"
        "entry:\n"
        "  call void @__quantum__rt__initialize(ptr null)\n"
        "  br label %body\n"
        "\n"
        "body:\n"
        "  call void @__quantum__qis__h__body(ptr null)\n"
        "  call void @__quantum__qis__rx__body(double 0x3FE0000000000000, ptr inttoptr (i64 1 to "
        "ptr))\n"
        "  br label %measurements\n"
        "\n"
        "measurements:\n"
        "  call void @__quantum__qis__mz__body(ptr null, ptr writeonly null)\n"
        "  call void @__quantum__qis__mz__body(ptr inttoptr (i64 1 to ptr), ptr writeonly inttoptr "
        "(i64 1 to ptr))\n"
        "  br label %output\n"
        "\n"
        "output:\n"
        "  call void @__quantum__rt__array_record_output(i64 2, ptr @0)\n"
        "  call void @__quantum__rt__result_record_output(ptr inttoptr (i64 1 to ptr), ptr @1)\n"
        "  call void @__quantum__rt__result_record_output(ptr null, ptr @2)\n"
        "  ret i64 0\n"
        "}\n"
        "\n"
        "declare void @__quantum__qis__h__body(ptr)\n"
        "declare void @__quantum__qis__rx__body(double, ptr)\n"
        "declare void @__quantum__qis__mz__body(ptr, ptr writeonly) #1\n"
        "declare void @__quantum__rt__initialize(ptr)\n"
        "declare void @__quantum__rt__array_record_output(i64, ptr)\n"
        "declare void @__quantum__rt__result_record_output(ptr, ptr)\n"
        "\n"
        "attributes #0 = { \"entry_point\" \"qir_profiles\"=\"base_profile\" "
        "\"output_labeling_schema\"=\"labeled\" \"required_num_qubits\"=\"2\" "
        "\"required_num_results\"=\"2\" }\n"
        "attributes #1 = { \"irreversible\" }\n"
        "\n"
        "!llvm.module.flags = !{!0, !1, !2, !3}\n"
        "!0 = !{i32 1, !\"qir_major_version\", i32 2}\n"
        "!1 = !{i32 7, !\"qir_minor_version\", i32 0}\n"
        "!2 = !{i32 1, !\"dynamic_qubit_management\", i1 false}\n"
        "!3 = !{i32 1, !\"dynamic_result_management\", i1 false}\n");
    qhm_release(text);
    REQUIRE_OK(qhm_qir_print(circuit, &(qhm_qir_print_options){.version = 1, .entry = "bell_pair"},
                             &text));
    assert_non_null(strstr(text, "%Qubit = type opaque\n%Result = type opaque\n"));
    assert_non_null(strstr(text, "define i64 @bell_pair() #0 {\n"));
    assert_non_null(strstr(text, "mz__body(%Qubit* inttoptr (i64 1 to %Qubit*), %Result* writeonly "
                                 "inttoptr (i64 1 to %Result*))\n"));
    assert_non_null(strstr(text, "result_record_output(%Result* null, i8* getelementptr inbounds "
                                 "([5 x i8], [5 x i8]* @2, i32 0, i32 0))\n"));
    assert_non_null(strstr(text, "!\"qir_major_version\", i32 1}\n"));
    assert_null(strstr(text, "(ptr "));
    qhm_release(text);
    qhm_circuit_destroy(circuit);
}

// Asks llvm-as whether it takes the program.
static void require_llvm_reads(const char *text, bool is_opaque)
{
    char path[] = "/tmp/qhm-qir-XXXXXX", command[160];
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
    snprintf(command, sizeof command, "llvm-as-14 %s -o /dev/null %s",
             is_opaque ? "-opaque-pointers" : "", path);
    const int result = system(command);
    unlink(path);
    if (result != 0)
        fail_msg("llvm-as-14 refuses:\n%s", text);
}

static void llvm_reads_every_gate_in_both_versions(void **state)
{
    (void)state;
    if (system("command -v llvm-as-14 >/dev/null 2>&1") != 0) {
        print_message("llvm-as-14 is not installed\n");
        skip();
    }
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 80, 0, 0);
    qhm_circuit *gates = reference_random_circuit(&random, 5, 300, 0, 0), *circuit;
    REQUIRE_OK(qhm_circuit_create(0, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "q", 5));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "a \"quoted\" \\ name θ", 3));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 1));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "b", 2));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, gates, NULL, NULL, 0, 0));
    for (uint32_t i = 0; i < 5; i++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, i, 5 - i));
    for (unsigned version = 1; version <= 2; version++) {
        char *text;
        REQUIRE_OK(qhm_qir_print(circuit, &(qhm_qir_print_options){.version = version}, &text));
        require_llvm_reads(text, version == 2);
        qhm_release(text);
    }
    qhm_circuit_destroy(gates);
    qhm_circuit_destroy(circuit);
}

static void require_refused(qhm_instruction instruction, const char *message)
{
    qhm_circuit *circuit = make_bell();
    char *text = NULL;
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){1}, NULL));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &instruction));
    REQUIRE_FAILS(qhm_qir_print(circuit, NULL, &text), QHM_ERROR_UNSUPPORTED, message);
    assert_null(text);
    qhm_circuit_destroy(circuit);
}

static void what_the_profile_lacks_is_refused(void **state)
{
    (void)state;
    const qhm_angle slot = qhm_angle_weight(0);
    const uint32_t q0[] = {0}, q1[] = {1};
    require_refused((qhm_instruction){.gate = QHM_GATE_X, .qubits = q0},
                    "instruction 4: the Base Profile of QIR has no operations on a qubit after its "
                    "measurement: x");
    require_refused((qhm_instruction){.gate = QHM_GATE_RESET, .qubits = q1},
                    "no resets on the way");
    require_refused((qhm_instruction){.gate = QHM_GATE_RX, .qubits = q1, .angles = &slot},
                    "no parameters, bind them first: rx");
    require_refused((qhm_instruction){.gate = QHM_GATE_X,
                                      .qubits = q1,
                                      .condition = qhm_condition_bit(1, true)},
                    "no conditions: x");
    require_refused((qhm_instruction){.gate = QHM_GATE_SET, .bit = 0},
                    "no classical operations: set");
}

static void mistakes_are_told(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_bell();
    char *text = NULL;
    REQUIRE_FAILS(qhm_qir_print(circuit, &(qhm_qir_print_options){.version = 3}, &text),
                  QHM_ERROR_INVALID_ARGUMENT, "the version of QIR is 3, not 1 or 2");
    REQUIRE_FAILS(qhm_qir_print(circuit, &(qhm_qir_print_options){.entry = "a b"}, &text),
                  QHM_ERROR_INVALID_ARGUMENT, "is not letters, digits and _");
    REQUIRE_FAILS(qhm_qir_print(circuit, NULL, NULL), QHM_ERROR_INVALID_ARGUMENT, "a place");
    qhm_circuit_destroy(circuit);
}

static qhm_status print_once(void *context)
{
    char *text = NULL;
    qhm_status status = qhm_qir_print(context, NULL, &text);
    qhm_release(text);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_bell();
    require_survives_failing_memory(print_once, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_has_four_blocks),
        cmocka_unit_test(llvm_reads_every_gate_in_both_versions),
        cmocka_unit_test(what_the_profile_lacks_is_refused),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
