// What is wrong with a program, where, and what may be done about it.
#include "base/text.h"

#include "support/checks.h"
#include "support/temporary_folder.h"

#include <qhm/diagnostics.h>
#include <qhm/qasm.h>
#include <qhm/types.h>

#define HEAD2 "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[4];\ncreg c[4];\n"
#define HEAD3 "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[4] q;\nbit[4] c;\n"

typedef struct expectation {
    const char *text; // follows the head, from line 5
    size_t line, column;
    const char *message;
    const char *hint; // NULL: not looked at
} expectation;

static void require_error(const char *head, const expectation *row)
{
    char text[4096];
    qhm_circuit *circuit = NULL;
    qhm_diagnostics *diagnostics = NULL;
    snprintf(text, sizeof text, "%s%s", head, row->text);
    qhm_status status = qhm_qasm_parse(text, strlen(text), &(qhm_qasm_options){.file_name = "x"},
                                       &circuit, &diagnostics);
    if (status != QHM_ERROR_BAD_INPUT)
        fail_msg("%s: %s", row->text, qhm_status_name(status));
    const qhm_diagnostic *found = NULL;
    for (size_t i = 0; i < qhm_diagnostics_count(diagnostics) && !found; i++)
        if (qhm_diagnostics_item(diagnostics, i)->is_error)
            found = qhm_diagnostics_item(diagnostics, i);
    assert_non_null(found);
    if (found->line != row->line || found->column != row->column)
        fail_msg("%s: %zu:%zu, not %zu:%zu (%s)", row->text, found->line, found->column, row->line,
                 row->column, found->message);
    if (!strstr(found->message, row->message))
        fail_msg("%s: \"%s\" lacks \"%s\"", row->text, found->message, row->message);
    if (row->hint && (!found->hint || !strstr(found->hint, row->hint)))
        fail_msg("%s: the hint \"%s\" lacks \"%s\"", row->text, found->hint ? found->hint : "",
                 row->hint);
    if (qhm_diagnostics_error_count(diagnostics) != 1)
        fail_msg("%s: %zu errors from one cause", row->text,
                 qhm_diagnostics_error_count(diagnostics));
    qhm_diagnostics_destroy(diagnostics);
}

static void every_error_of_version_2_has_its_place(void **state)
{
    (void)state;
    static const expectation rows[] = {
        {"h r[0];\nh r[1];\nx r;", 5, 3, "\"r\" is not declared", NULL},
        {"creg data[2];\nh datta[0];", 6, 3, "\"datta\" is not declared", "\"data\""},
        {"h q[4];", 5, 5, "index 4 is not 0 to 3", NULL},
        {"h q[-1];", 5, 5, "index -1 is not 0 to 3", NULL},
        {"measure q[0] -> c[9];", 5, 19, "index 9 is not 0 to 3", NULL},
        {"  cx q[2],q[2];", 5, 11, "cx uses the same qubit twice", NULL},
        {"cx q[0], q;", 5, 10, "cx uses the same qubit twice", NULL},
        {"ccx q[0],q[1],q[0];", 5, 15, "ccx uses the same qubit twice", NULL},
        {"rx q[0];", 5, 1, "rx takes 1 angle, not 0", NULL},
        {"u3(1,2) q[0];", 5, 3, "u3 takes 3 angles, not 2", NULL},
        {"cx q[0];", 5, 1, "cx takes 2 qubits, not 1", NULL},
        {"h q[0],q[1];", 5, 1, "h takes 1 qubit, not 2", NULL},
        {"crx(1) q[0],q[1];\ncrxx(1) q[0],q[1];", 6, 1, "there is no gate \"crxx\"", "\"crx\""},
        {"gate g a { foo a; }\ng q[0];", 5, 12, "there is no gate \"foo\"", NULL},
        {"gate g a { cx a,b; }", 5, 17, "\"b\" is not declared", NULL},
        {"gate g a { x q[0]; }", 5, 14, "a gate acts on its own qubits only", NULL},
        {"gate g a { measure a -> c[0]; }", 5, 12, "\"measure\" cannot stand in a gate", NULL},
        {"gate g(t) a { rx(u) a; }", 5, 18, "\"u\" is not declared", NULL},
        {"gate g a,b { g a,b; }", 5, 14, "gate \"g\" calls itself", NULL},
        {"gate g a { x a; }\ngate g a { y a; }", 6, 6, "gate \"g\" is defined already", NULL},
        {"opaque magic a;\nmagic q[0];", 6, 1, "gate \"magic\" is opaque", NULL},
        {"qreg q[2];", 5, 6, "\"q\" is declared already", NULL},
        {"qreg r[0];", 5, 8, "the size is 0, not 1 to", NULL},
        {"qreg r;", 5, 6, "qreg needs a size", NULL},
        {"rx(1/0) q[0];", 5, 5, "division by zero", NULL},
        {"rx(sqrt(-1)) q[0];", 5, 4, "sqrt of -1 is not a finite number", NULL},
        {"rx((1+2) q[0];", 5, 10, "expected \")\" after the angles, not \"q\"", NULL},
        {"rx(1 q[0];", 5, 6, "expected \")\" after the angles, not \"q\"", NULL},
        {"rx(sine(1)) q[0];", 5, 4, "there is no function \"sine\"", NULL},
        {"rx(1e999) q[0];", 5, 4, "\"1e999\" is not a finite number", NULL},
        {"rx(x) q[0];", 5, 4, "\"x\" is not declared", NULL},
        {"h q[0]\nx q[1];", 6, 1, "expected \";\" after the qubits, not \"x\"", NULL},
        {"h q[0]", 5, 7, "expected \";\" after the qubits, not the end of the text", NULL},
        {"h q[0", 5, 6, "expected \"]\", not the end of the text", NULL},
        {"measure q -> c[0];", 5, 9, "4 qubits measured into 1 bit", NULL},
        {"measure c -> c;", 5, 9, "expected qubits, not bits", NULL},
        {"measure q -> q;", 5, 14, "a measurement goes into bits, not qubits", NULL},
        {"if(d==1) x q[0];", 5, 4, "\"d\" is not declared", NULL},
        {"if(c=1) x q[0];", 5, 5, "expected \")\" after the condition, not \"=\"", NULL},
        {"}", 5, 1, "this \"}\" closes nothing", NULL},
        {"h q[0]; ? x q[0];", 5, 9, "this character has no meaning here", NULL},
        {"/* no end", 5, 1, "this comment has no end", NULL},
        {"include \"nowhere.inc\";", 5, 9, "cannot read nowhere.inc: No such file", NULL},
        {"OPENQASM 2.0;", 5, 1, "the version comes first", NULL},
        {"reset r[0];", 5, 7, "\"r\" is not declared", NULL},
        {"barrier q, r;", 5, 12, "\"r\" is not declared", NULL},
        {"\xC3\xA4\xC3\xB6 q[0];", 5, 1, "there is no gate", NULL},
        {"x q[0]; \xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4 q[0]; ", 5, 9, "there is no gate", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        require_error(HEAD2, &rows[i]);
}

static void every_error_of_version_3_has_its_place(void **state)
{
    (void)state;
    static const expectation rows[] = {
        {"h q[-5];", 5, 5, "index -5 is not 0 to 3", NULL},
        {"h q[1:7];", 5, 5, "index 7 is not 0 to 3", NULL},
        {"h q[0:0:2];", 5, 5, "the step of a range is not 0", NULL},
        {"h q[0.5];", 5, 5, "an index is a whole number, not a float", NULL},
        {"cx q[0:1], q[1:3];", 5, 12, "a register of 3 qubits beside one of 2", NULL},
        {"ctrl @ x q[0];", 5, 8, "x under 1 control takes 2 qubits, not 1", NULL},
        {"ctrl(2) @ x q[0], q[1], q[0];", 5, 25, "x uses the same qubit twice", NULL},
        {"ctrl(0) @ x q[0];", 5, 6, "the number of controls is 0, not 1 to", NULL},
        {"ctrl x q[0], q[1];", 5, 6, "expected \"@\" after a gate modifier, not \"x\"", NULL},
        {"pow @ x q[0];", 5, 1, "pow needs its exponent", NULL},
        {"gate g a { h a; t a; }\npow(0.5) @ g q[0];", 6, 12, "a root of \"g\" is not defined",
         "whole powers"},
        {"gate g a { reset a; }", 5, 12, "\"reset\" cannot stand in a gate", NULL},
        {"rx(c) q[0];", 5, 4, "an angle of rx is bits, which are known at run time only", NULL},
        {"h q[c];", 5, 5, "an index must be known before the circuit runs", NULL},
        {"int[8] i = 1;\nrx(i) q[i + 5];", 6, 9, "index 6 is not 0 to 3", NULL},
        {"bit[2] d = \"101\";", 5, 12, "3 bits do not fit bit[2]", NULL},
        {"c = \"01\";", 5, 5, "2 bits do not fit bit[4]", NULL},
        {"c[0] = measure q;", 5, 16, "4 qubits measured into 1 bit", NULL},
        {"const int n = 2;\nn = 3;", 6, 1, "\"n\" cannot be assigned to", NULL},
        {"const int n = int[4](c);", 5, 11, "a constant must be known before", NULL},
        {"x = 3;", 5, 1, "\"x\" is not declared", NULL},
        {"c = q;", 5, 5, "qubits cannot become bits", NULL},
        {"float f = 1; if (c == 1) { f = 2; }", 5, 28, "a float cannot change while", NULL},
        {"input int n;", 5, 11, "the input n needs a value", "--param"},
        {"input float a;\nrx(sin(a)) q[0];", 6, 4, "sin of an input that has no value", "--param"},
        {"input float a;\nrx(1/a) q[0];", 6, 5, "does not make an angle", "--param"},
        {"input float a;\nrx(a*a*a) q[0];", 6, 7, "does not make an angle", "--param"},
        {"for int i in [0:c] { }", 5, 14, "the range of a loop is whole numbers", NULL},
        {"for int i of [0:3] { }", 5, 11, "expected \"in\"", NULL},
        {"break;", 5, 1, "break outside of a loop", NULL},
        {"while (c == 1) { break; }", 5, 18, "break cannot leave a loop that runs", NULL},
        {"for int i in [0:3] { if (c[i]) break; }", 5, 32, "break under a condition on measured",
         NULL},
        {"if (c[0]) { end; }", 5, 13, "end under a condition on measured", NULL},
        {"return 1;", 5, 1, "return outside of a subroutine", NULL},
        {"def f(qubit a) { f(a); }\nf(q[0]);", 5, 18, "f calls itself", NULL},
        {"def f(qubit a) { h a; }\nf(q);", 6, 1, "the argument a has 4 qubits, not 1", NULL},
        {"def f(qubit a) { h a; }\nf(q[0], 1);", 6, 1, "f takes 1 argument, not 2", NULL},
        {"def f(qubit a, qubit b) { }\nf(q[0], q[0]);", 6, 1, "f is called with the same qubit",
         NULL},
        {"def f(int n) -> int { }\nh q[f(1)];", 6, 5, "f returns no value", NULL},
        {"def f(bit b) -> int { if (b) { return 1; } return 2; }\nint i = f(c[0]);", 5, 32,
         "return under a condition on measured bits", NULL},
        {"if (c[0]) { qubit r; }", 5, 19, "qubits are declared outside of blocks", NULL},
        {"let a = 3;", 5, 9, "an alias stands for qubits or bits, not an int", NULL},
        {"int[0] n;", 5, 5, "the width is 0, not 1 to", NULL},
        {"switch (c) { foo }", 5, 14, "expected case or default", NULL},
        {"if (q) x q[0];", 5, 5, "a condition is a bool or bits, not qubits", NULL},
        {"int x = c * 2;", 5, 11, "\"*\" cannot be computed from measured bits", NULL},
        {"bit b = measure q[0] == 1;", 5, 22, "expected \";\" after a declaration, not \"==\"",
         NULL},
        {"if (measure q[0] == 1) x q[0];", 5, 5, "measure cannot stand inside an expression",
         "assign"},
        // Refused by name.
        {"defcal x $0 { play(1); }", 5, 1, "defcal: pulses are not supported", NULL},
        {"cal { frame f; }", 5, 1, "cal: pulses are not supported", NULL},
        {"defcalgrammar \"openpulse\";", 5, 1, "defcalgrammar: pulses are not supported", NULL},
        {"extern f(int) -> int;", 5, 1, "extern: extern functions are not supported", NULL},
        {"stretch s;", 5, 1, "stretch: stretches are not supported", NULL},
        {"complex[float] z;", 5, 1, "complex numbers are not supported", NULL},
        {"array[int[8], 3] a;", 5, 1, "arrays are supported as constants only", NULL},
        {"array[int[8], 2, 2] a = {{1, 2}, {3, 4}};", 5, 1, "more than one dimension", NULL},
        {"#pragma braket noise depolarizing(0.1) q[0]", 5, 1, "\"braket noise\" is not supported",
         NULL},
        {"@qhm.unitary 2 1 0\nx q[0];", 5, 1, "needs a dimension and its matrix", NULL},
        {"@qhm.unitary 2 1 0 0 0 0 0 2 0\nx q[0];", 6, 1, "not unitary", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        require_error(HEAD3, &rows[i]);
}

static void several_errors_are_told_and_the_first_is_the_message(void **state)
{
    (void)state;
    static const char text[] =
        HEAD2 "h q[9];\nfoo q[0];\ngate g a { bar a; x a; baz a; }\ncx q[0];";
    qhm_circuit *circuit = NULL;
    qhm_diagnostics *diagnostics = NULL;
    REQUIRE_FAILS(qhm_qasm_parse(text, strlen(text), &(qhm_qasm_options){.file_name = "a.qasm"},
                                 &circuit, &diagnostics),
                  QHM_ERROR_BAD_INPUT, "a.qasm:5:5: index 9 is not 0 to 3 (and 4 more)");
    static const size_t lines[] = {5, 6, 7, 7, 8};
    assert_int_equal(qhm_diagnostics_error_count(diagnostics), 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(qhm_diagnostics_item(diagnostics, i)->line, lines[i]);
    qhm_diagnostics_destroy(diagnostics);
    REQUIRE_FAILS(
        qhm_qasm_parse(text, strlen(text), &(qhm_qasm_options){.max_errors = 2}, &circuit, NULL),
        QHM_ERROR_BAD_INPUT, "<input>:5:5: index 9 is not 0 to 3 (and 1 more)");
    assert_null(circuit);
}

static void strict_reading_keeps_to_the_letter(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"qreg q[1];", "a program begins with its version"},
        {"OPENQASM 3; qubit q; h q;", "no included file defines the gate \"h\""},
        {"OPENQASM 3; include \"stdgates.inc\"; qubit q; sxdg q;",
         "no included file defines the gate \"sxdg\""},
        {"OPENQASM 2.0; include \"qelib1.inc\"; qreg q[2]; ryy(1) q[0],q[1];",
         "no included file defines the gate \"ryy\""},
        {"OPENQASM 2.0; include \"qelib1.inc\"; qreg q[2]; cx q[0],q[1],;", "expected"},
        {"OPENQASM 2.0; qreg q[2];;", "nothing stands before this"},
    };
    const qhm_qasm_options strict = {.strict = true};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        qhm_circuit *circuit = NULL;
        REQUIRE_FAILS(qhm_qasm_parse(rows[i].text, strlen(rows[i].text), &strict, &circuit, NULL),
                      QHM_ERROR_BAD_INPUT, rows[i].part);
        REQUIRE_OK(qhm_qasm_parse(rows[i].text, strlen(rows[i].text), NULL, &circuit, NULL));
        qhm_circuit_destroy(circuit);
    }
    static const char good[] = "OPENQASM 3.0; include \"stdgates.inc\"; qubit[2] q; h q[0]; "
                               "U(1, 2, 3) q[0]; ctrl @ gphase(1) q[1]; CX q[0], q[1];";
    qhm_circuit *circuit = NULL;
    REQUIRE_OK(qhm_qasm_parse(good, strlen(good), &strict, &circuit, NULL));
    qhm_circuit_destroy(circuit);
}

// A program of `times` pieces between a head and a tail, read with its length only.
static qhm_status parse_repeated(const char *head, const char *piece, size_t times,
                                 const char *tail, qhm_diagnostics **diagnostics)
{
    size_t length = strlen(head) + times * strlen(piece) + strlen(tail);
    char *text = malloc(length), *end = text + strlen(head);
    memcpy(text, head, strlen(head));
    for (size_t i = 0; i < times; i++, end += strlen(piece))
        memcpy(end, piece, strlen(piece));
    memcpy(end, tail, strlen(tail));
    qhm_circuit *circuit = NULL;
    qhm_status status = qhm_qasm_parse(text, length, NULL, &circuit, diagnostics);
    if (status == QHM_OK)
        qhm_circuit_destroy(circuit);
    free(text);
    return status;
}

static void deep_and_long_texts_are_read(void **state)
{
    (void)state;
    enum { DEEP = 100000 };
    char *closing = malloc(DEEP + 16);
    memset(closing, ')', DEEP);
    memcpy(closing + DEEP, ") q[0];", 8);
    REQUIRE_OK(parse_repeated(HEAD3 "rx(0", "+(1", DEEP, closing, NULL));
    REQUIRE_OK(parse_repeated(HEAD3 "rx(", "-", DEEP, "1) q[0];", NULL));
    free(closing);
    REQUIRE_OK(parse_repeated(HEAD3, "x q[0]; ", 125000, "", NULL)); // one line of 10^6 characters
    REQUIRE_FAILS(parse_repeated(HEAD3 "rx(", "(", DEEP, "1) q[0];", NULL), QHM_ERROR_BAD_INPUT,
                  "expected \")\"");
    REQUIRE_FAILS(parse_repeated(HEAD3, "{", DEEP, "", NULL), QHM_ERROR_BAD_INPUT,
                  "blocks and calls inside each other are deeper than 200");
    REQUIRE_FAILS(parse_repeated(HEAD3, "if (c[0]) ", DEEP, "x q[0];", NULL), QHM_ERROR_BAD_INPUT,
                  "deeper than 200");
    REQUIRE_FAILS(parse_repeated(HEAD3, "int[int", DEEP, "", NULL), QHM_ERROR_BAD_INPUT, "");
    REQUIRE_FAILS(parse_repeated(HEAD3 "h q[", "9", 5000, "];", NULL), QHM_ERROR_BAD_INPUT,
                  "a number has 5000 digits, more than 4096");

    qhm_diagnostics *diagnostics = NULL;
    REQUIRE_FAILS(parse_repeated(HEAD3, "x q[0]; ", 125000, "y q[7];", &diagnostics),
                  QHM_ERROR_BAD_INPUT, "5:1000005: index 7 is not 0 to 3");
    const qhm_diagnostic *item = qhm_diagnostics_item(diagnostics, 0);
    assert_true(strlen(item->source_line) < 300);
    assert_non_null(strstr(item->source_line, "y q[7];"));
    qhm_diagnostics_destroy(diagnostics);
}

static void work_without_end_is_refused(void **state)
{
    (void)state;
    static const char *const programs[] = {
        HEAD3 "for int i in [0:2000000] { x q[0]; }",
        HEAD3 "int i = 0; while (true) { i = 1 - i; }",
        HEAD3 "pow(1000000000) @ U(1, 2, 3) q[0];",
        HEAD3 "gate a p { x p; x p; x p; x p; x p; x p; x p; x p; x p; x p; } gate b p { a p; a p; "
              "a p; a p; a p; a p; a p; a p; a p; a p; } gate d p { b p; b p; b p; b p; b p; b p; "
              "b p; b p; b p; b p; } gate e p { d p; d p; d p; d p; d p; d p; d p; d p; d p; d p; }"
              "pow(1000) @ e q[0];",
        HEAD3 "gate a p { } gate b p { pow(1000000) @ a p; } pow(1000000) @ b q[0];",
    };
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        qhm_circuit *circuit = NULL;
        const qhm_qasm_options options = {.max_instructions = 1000000};
        REQUIRE_FAILS(qhm_qasm_parse(programs[i], strlen(programs[i]), &options, &circuit, NULL),
                      QHM_ERROR_RESOURCE_LIMIT, "more than 1000000 instructions");
    }
}

static void a_loop_that_does_not_end_while_reading_is_told_with_its_place(void **state)
{
    (void)state;
    static const char text[] = HEAD3 "while (true) { x q[0]; }";
    qhm_circuit *circuit = NULL;
    REQUIRE_FAILS(qhm_qasm_parse(text, strlen(text), NULL, &circuit, NULL), QHM_ERROR_BAD_INPUT,
                  "this loop does not end: it has turned 1000000 times");
}

static void bytes_that_are_no_text_are_told_and_made_safe(void **state)
{
    (void)state;
    static const char text[] = HEAD2 "h q[0];\0\x1B[31m\r\n\ty q[0]; \xFF\xFE x q[0];";
    qhm_circuit *circuit = NULL;
    qhm_diagnostics *diagnostics = NULL;
    REQUIRE_FAILS(qhm_qasm_parse(text, sizeof text - 1, NULL, &circuit, &diagnostics),
                  QHM_ERROR_BAD_INPUT, "5:8: a NUL byte has no meaning here");
    char *shown;
    REQUIRE_OK(qhm_diagnostics_print(diagnostics, false, &shown));
    for (const char *c = shown; *c; c++)
        assert_true((unsigned char)*c >= ' ' || *c == '\n' || *c == '\t');
    assert_non_null(strstr(shown, "\n    \ty q[0]; \xEF\xBF\xBD\xEF\xBF\xBD x q[0];\n"
                                  "    \t        ^\n"));
    qhm_string_destroy(shown);
    REQUIRE_OK(qhm_diagnostics_print(diagnostics, true, &shown));
    for (const char *c = shown; *c; c++)
        assert_true((unsigned char)*c < 0x7F);
    qhm_string_destroy(shown);
    qhm_diagnostics_destroy(diagnostics);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void files_include_files_beside_them(void **state)
{
    const char *folder = *state;
    char path[512];
    qhm_circuit *circuit = NULL;
    write_file(folder, "main.qasm", "OPENQASM 3.0; include \"lib.inc\"; qubit q; g q;");
    write_file(folder, "lib.inc", "include \"stdgates.inc\";\ngate g a { h a; x a; }\n");
    snprintf(path, sizeof path, "%s/main.qasm", folder);
    REQUIRE_OK(qhm_qasm_load(path, NULL, &circuit, NULL));
    assert_int_equal(qhm_circuit_instruction_count(circuit), 2);
    qhm_circuit_destroy(circuit);
    write_file(folder, "lib.inc", "gate g a { h a; }\nfoo;\n");
    REQUIRE_FAILS(qhm_qasm_load(path, NULL, &circuit, NULL), QHM_ERROR_BAD_INPUT,
                  "lib.inc:2:1: there is no gate \"foo\"");
    write_file(folder, "lib.inc", "\ninclude \"main.qasm\";");
    REQUIRE_FAILS(qhm_qasm_load(path, NULL, &circuit, NULL), QHM_ERROR_BAD_INPUT, "lib.inc:2:9: ");
    assert_non_null(strstr(qhm_error_message(), "includes itself"));
    snprintf(path, sizeof path, "%s/none.qasm", folder);
    REQUIRE_FAILS(qhm_qasm_load(path, NULL, &circuit, NULL), QHM_ERROR_NOT_FOUND, "none.qasm");
}

static void warnings_come_with_success(void **state)
{
    (void)state;
    static const char text[] = "qreg q[2];\ndelay(100) q[0];\nh q[0];\nmeasure q[0];\n"
                               "#pragma something\ngate g a { x a; }\ngate g a { x a; }\n";
    static const struct {
        size_t line;
        const char *part;
    } rows[] = {{1, "no version line: taken for OpenQASM 2"},
                {3, "no included file defines the gate \"h\""},
                {4, "the outcome of this measurement is lost"},
                {5, "this pragma is left out"},
                {6, "no included file defines the gate \"x\""},
                {7, "gate \"g\" is defined twice, alike"}};
    qhm_circuit *circuit = NULL;
    qhm_diagnostics *diagnostics = NULL;
    REQUIRE_OK(qhm_qasm_parse(text, strlen(text), NULL, &circuit, &diagnostics));
    assert_int_equal(qhm_diagnostics_error_count(diagnostics), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is_told = false;
        for (size_t k = 0; k < qhm_diagnostics_count(diagnostics); k++) {
            const qhm_diagnostic *item = qhm_diagnostics_item(diagnostics, k);
            is_told =
                is_told || (item->line == rows[i].line && strstr(item->message, rows[i].part));
        }
        if (!is_told)
            fail_msg("no warning at line %zu: %s", rows[i].line, rows[i].part);
    }
    qhm_diagnostics_destroy(diagnostics);
    qhm_circuit_destroy(circuit);
}

static void arguments_are_checked(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    REQUIRE_FAILS(qhm_qasm_parse(NULL, 3, NULL, &circuit, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a text");
    REQUIRE_FAILS(qhm_qasm_parse("", 0, NULL, NULL, NULL), QHM_ERROR_INVALID_ARGUMENT, "needs");
    REQUIRE_FAILS(qhm_qasm_parse("", 0, &(qhm_qasm_options){.value_count = 1}, &circuit, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "value_count is 1 without values");
    const qhm_qasm_value bad = {"x", INFINITY};
    REQUIRE_FAILS(qhm_qasm_parse("", 0, &(qhm_qasm_options){.values = &bad, .value_count = 1},
                                 &circuit, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "value 0 needs a name and a finite number");
    REQUIRE_OK(qhm_qasm_parse("", 0, NULL, &circuit, NULL));
    assert_int_equal(qhm_circuit_qubit_count(circuit), 0);
    qhm_circuit_destroy(circuit);
    assert_int_equal(qhm_qasm_version("// a\nOPENQASM 2.0;", 18), 2);
    assert_int_equal(qhm_qasm_version("OPENQASM 3.1;", 13), 3);
    assert_int_equal(qhm_qasm_version("creg c[2];", 10), 2);
    assert_int_equal(qhm_qasm_version("", 0), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_of_version_2_has_its_place),
        cmocka_unit_test(every_error_of_version_3_has_its_place),
        cmocka_unit_test(several_errors_are_told_and_the_first_is_the_message),
        cmocka_unit_test(strict_reading_keeps_to_the_letter),
        cmocka_unit_test(deep_and_long_texts_are_read),
        cmocka_unit_test(work_without_end_is_refused),
        cmocka_unit_test(a_loop_that_does_not_end_while_reading_is_told_with_its_place),
        cmocka_unit_test(bytes_that_are_no_text_are_told_and_made_safe),
        in_temporary_folder(files_include_files_beside_them),
        cmocka_unit_test(warnings_come_with_success),
        cmocka_unit_test(arguments_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
