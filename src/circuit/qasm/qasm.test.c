// Programs to circuits: what they mean, against matrices worked out independently.
#include "base/diagnostics_internal.h"
#include "base/text.h"

#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

#include <complex.h>
#include <qhm/qasm.h>
#include <qhm/types.h>

#define TOLERANCE 1e-12

static qhm_circuit *read_with(const char *text, const qhm_qasm_options *options)
{
    qhm_circuit *circuit = NULL;
    REQUIRE_OK(qhm_qasm_parse(text, strlen(text), options, &circuit, NULL));
    return circuit;
}

static qhm_circuit *read(const char *text)
{
    return read_with(text, NULL);
}

#define HEAD3 "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
#define HEAD2 "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n"

// Both programs are the same unitary, global phase and all if `has_phase`.
static void require_same_unitary(const char *a, const char *b, bool has_phase)
{
    qhm_circuit *left = read(a), *right = read(b);
    size_t dimension = (size_t)1 << qhm_circuit_qubit_count(left);
    assert_int_equal(qhm_circuit_qubit_count(left), qhm_circuit_qubit_count(right));
    qhm_complex *x = reference_circuit_matrix(left, NULL, NULL);
    qhm_complex *y = reference_circuit_matrix(right, NULL, NULL);
    double complex overlap = 0;
    for (size_t i = 0; i < dimension * dimension; i++)
        overlap += conj(x[i].re + I * x[i].im) * (y[i].re + I * y[i].im);
    overlap /= (double)dimension;
    double complex phase = has_phase ? 1 : overlap / cabs(overlap);
    for (size_t i = 0; i < dimension * dimension; i++) {
        double complex difference = phase * (x[i].re + I * x[i].im) - (y[i].re + I * y[i].im);
        if (!(cabs(difference) < TOLERANCE))
            fail_msg("entry %zu differs by %g:\n%s\n%s", i, cabs(difference), a, b);
    }
    free(x);
    free(y);
    qhm_circuit_destroy(left);
    qhm_circuit_destroy(right);
}

// Under one control on a fourth qubit every phase shows.
static void require_same_under_control(const char *definitions, const char *a, const char *b)
{
    char left[2048], right[2048];
    snprintf(left, sizeof left,
             HEAD3 "%s gate g x, y, z { %s } qubit c; qubit[3] q; ctrl @ g c, q[0], q[1], q[2];",
             definitions, a);
    snprintf(right, sizeof right,
             HEAD3 "%s gate g x, y, z { %s } qubit c; qubit[3] q; ctrl @ g c, q[0], q[1], q[2];",
             definitions, b);
    require_same_unitary(left, right, true);
}

static void the_U_of_version_3_has_its_phase_under_controls(void **state)
{
    (void)state;
    // U(pi, 0, pi) is i X by the specification.
    require_same_under_control("", "U(pi, 0, pi) x;", "x x; gphase(pi/2);");
    require_same_under_control("", "U(0.3, 0.5, 0.7) x;",
                               "gphase(0.15); p(0.7) x; ry(0.3) x; p(0.5) x;");
    require_same_under_control("", "inv @ U(0.3, 0.5, 0.7) x;",
                               "p(-0.5) x; ry(-0.3) x; p(-0.7) x; gphase(-0.15);");
    require_same_under_control("", "pow(3) @ U(0.3, 0.5, 0.7) x;",
                               "U(0.3, 0.5, 0.7) x; U(0.3, 0.5, 0.7) x; U(0.3, 0.5, 0.7) x;");
    // cu's is that of the library: cu(a, b, c, g) = e^{ig} under a control, with P RY P.
    require_same_under_control("", "cu(0.3, 0.5, 0.7, 0.2) x, y;",
                               "p(0.2) x; cp(0.7) x, y; cry(0.3) x, y; cp(0.5) x, y;");
    // u2 and u3 have determinant 1.
    require_same_under_control("", "u3(0.3, 0.5, 0.7) x;", "rz(0.7) x; ry(0.3) x; rz(0.5) x;");
    require_same_under_control("", "u2(0.5, 0.7) x;", "rz(0.7) x; ry(pi/2) x; rz(0.5) x;");
}

static void phases_and_rotations_differ_under_a_control(void **state)
{
    (void)state;
    require_same_unitary(HEAD3 "qubit[2] q; cp(0.7) q[0], q[1];",
                         HEAD3 "qubit[2] q; ctrl @ p(0.7) q[0], q[1];", true);
    require_same_unitary(HEAD3 "qubit[2] q; crz(0.7) q[0], q[1];",
                         HEAD3 "qubit[2] q; ctrl @ rz(0.7) q[0], q[1];", true);
    require_same_unitary(HEAD3 "qubit[2] q; cp(0.7) q[0], q[1];",
                         HEAD3 "qubit[2] q; crz(0.7) q[0], q[1]; p(0.35) q[0];", true);
    require_same_unitary(HEAD2 "qreg q[2]; cu1(0.7) q[0],q[1];",
                         HEAD2 "qreg q[2]; u1(0.35) q[0]; cx q[0],q[1]; u1(-0.35) q[1]; "
                               "cx q[0],q[1]; u1(0.35) q[1];",
                         true);
    require_same_unitary(HEAD2 "qreg q[2]; cu3(0.3,0.5,0.7) q[0],q[1];",
                         HEAD2
                         "qreg q[2]; u1((0.7+0.5)/2) q[0]; u1((0.7-0.5)/2) q[1]; cx q[0],q[1]; "
                         "u3(-0.3/2,0,-(0.5+0.7)/2) q[1]; cx q[0],q[1]; u3(0.3/2,0.5,0) q[1];",
                         false);
}

static void modifiers_compose_in_the_order_written(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"ctrl @ negctrl @ x x, y, z;", "x y; ccx x, y, z; x y;"},
        {"negctrl(2) @ p(0.3) x, y, z;", "x x; x y; ctrl(2) @ p(0.3) x, y, z; x x; x y;"},
        {"negctrl @ gphase(0.3) x;", "x x; p(0.3) x; x x;"},
        {"inv @ s x;", "sdg x;"},
        {"inv @ pow(2) @ t x;", "sdg x;"},
        {"pow(-1) @ ctrl @ rx(0.4) x, y;", "crx(-0.4) x, y;"},
        {"pow(1/2) @ x x;", "sx x;"},
        {"inv @ pow(1/2) @ x x;", "inv @ sx x;"},
        {"pow(0.5) @ inv @ x x;", "sx x;"}, // the inverse of x is x
        {"pow(1/4) @ z x;", "t x;"},
        {"pow(3) @ s x;", "sdg x;"},
        {"pow(0.25) @ p(pi) x;", "t x;"},
        {"pow(0.5) @ p(3*pi) x;", "s x;"}, // the principal root
        {"pow(2) @ pow(0.5) @ y x;", "y x;"},
        {"pow(0.5) @ y x; pow(0.5) @ y x;", "y x;"},
        {"pow(0.5) @ h x; pow(0.5) @ h x;", "h x;"},
        {"pow(1/3) @ swap x, y; pow(2/3) @ swap x, y;", "swap x, y;"},
        {"pow(0.5) @ U(0.3, 0.5, 0.7) x; pow(0.5) @ U(0.3, 0.5, 0.7) x;", "U(0.3, 0.5, 0.7) x;"},
        {"pow(0.5) @ cx x, y;", "ctrl @ sx x, y;"},
        {"ctrl @ pow(0.5) @ z x, y;", "ctrl @ s x, y;"},
        {"pow(0) @ h x;", ""},
        {"pow(4) @ sx x;", ""},
        {"two(0.3) x, y;", "rx(0.3) x; cx x, y;"},
        {"inv @ two(0.3) x, y;", "cx x, y; rx(-0.3) x;"},
        {"pow(2) @ two(0.3) x, y;", "rx(0.3) x; cx x, y; rx(0.3) x; cx x, y;"},
        {"pow(-2) @ two(0.3) x, y;", "cx x, y; rx(-0.3) x; cx x, y; rx(-0.3) x;"},
        {"inv @ ctrl @ two(0.3) z, x, y;", "ccx z, x, y; crx(-0.3) z, x;"},
        {"ctrl @ inv @ two(0.3) z, x, y;", "ccx z, x, y; crx(-0.3) z, x;"},
        {"pow(0.5) @ other x;", "sx x;"}, // a definition of one step has its root
        {"inv @ whirl(0.3) x;", "p(-0.3) x; gphase(-0.9);"},
        {"pow(2) @ whirl(0.3) x;", "p(0.6) x; gphase(1.8);"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        require_same_under_control("gate two(a) p, q { rx(a) p; cx p, q; } gate other p { x p; } "
                                   "gate whirl(a) p { gphase(3*a); p(a) p; }",
                                   pairs[i][0], pairs[i][1]);
}

// The 32 gates of stdgates.inc, Qiskit's qelib1.inc and Braket's names, by other gates.
static void library_gates_are_what_they_should_be(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"id x;", ""},
        {"phase(0.3) x;", "p(0.3) x;"},
        {"u1(0.3) x;", "p(0.3) x;"},
        {"cphase(0.3) x, y;", "cp(0.3) x, y;"},
        {"CX x, y;", "cx x, y;"},
        {"csx x, y;", "ctrl @ sx x, y;"},
        {"ccz x, y, z;", "h z; ccx x, y, z; h z;"},
        {"dcx x, y;", "cx x, y; cx y, x;"},
        {"rccx x, y, z;", "ctrl(2) @ y x, y, z; ctrl @ negctrl @ z x, y, z;"},
        {"rzx(0.3) x, y;", "h y; rzz(0.3) x, y; h y;"},
        {"cnot x, y;", "cx x, y;"},
        {"ccnot x, y, z;", "ccx x, y, z;"},
        {"si x; ti y;", "sdg x; tdg y;"},
        {"v x; vi y;", "sx x; inv @ sx y;"},
        {"i x;", ""},
        {"phaseshift(0.3) x;", "p(0.3) x;"},
        {"cphaseshift(0.3) x, y;", "cp(0.3) x, y;"},
        {"cphaseshift00(0.3) x, y;", "negctrl(2) @ gphase(0.3) x, y;"},
        {"cphaseshift01(0.3) x, y;", "negctrl @ ctrl @ gphase(0.3) x, y;"},
        {"cphaseshift10(0.3) x, y;", "ctrl @ negctrl @ gphase(0.3) x, y;"},
        {"xx(0.3) x, y;", "h x; h y; rzz(0.3) x, y; h x; h y;"},
        {"zz(0.3) x, y;", "cx x, y; rz(0.3) y; cx x, y;"},
        {"yy(0.3) x, y;", "ryy(0.3) x, y;"},
        {"xy(pi) x, y;", "iswap x, y;"},
        {"pswap(0.3) x, y;", "swap x, y; cx x, y; p(0.3) y; cx x, y;"},
        {"gpi(0.3) x;", "rz(-0.3) x; x x; rz(0.3) x;"},
        {"gpi2(0.3) x;", "rz(-0.3) x; rx(pi/2) x; rz(0.3) x;"},
        {"prx(0.4, 0.3) x;", "rz(-0.3) x; rx(0.4) x; rz(0.3) x;"},
        {"r(0.4, 0.3) x;", "rz(-0.3) x; rx(0.4) x; rz(0.3) x;"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        require_same_under_control("", pairs[i][0], pairs[i][1]);
    require_same_unitary(HEAD2 "qreg q[4]; c3x q[0],q[1],q[2],q[3];",
                         HEAD3 "qubit[4] q; ctrl(3) @ x q[0], q[1], q[2], q[3];", true);
    require_same_unitary(HEAD2 "qreg q[4]; c3sqrtx q[0],q[1],q[2],q[3];",
                         HEAD3 "qubit[4] q; ctrl(3) @ sx q[0], q[1], q[2], q[3];", true);
    require_same_unitary(HEAD2 "qreg q[5]; c4x q[0],q[1],q[2],q[3],q[4];",
                         HEAD3 "qubit[5] q; ctrl(4) @ x q[0], q[1], q[2], q[3], q[4];", true);
}

static void users_definitions_hide_the_built_in_gates(void **state)
{
    (void)state;
    require_same_unitary(HEAD3 "gate sxdg a { y a; } gate h a { x a; } qubit q; sxdg q; h q;",
                         HEAD3 "qubit q; y q; x q;", true);
    // A built-in definition that uses the name keeps the built-in gate.
    require_same_unitary(HEAD2 "gate h a { x a; } qreg q[3]; rccx q[0],q[1],q[2];",
                         HEAD2 "qreg q[3]; rccx q[0],q[1],q[2];", true);
}

static void expressions_follow_the_precedence_of_their_version(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
        int version; // 0: both
    } rows[] = {
        {"1+2*3", 7, 0},
        {"-2**2", -4, 3},
        {"2**3**2", 512, 3},
        {"2^3", 8, 2},
        {"6^3", 5, 3},
        {"2*3^2", 18, 2},
        {"1/2", 0.5, 0},
        {"7/2*pi", 3.5 * M_PI, 0},
        {"-(1+2)*-3", 9, 0},
        {"sin(pi/2)+cos(0)", 2, 0},
        {"ln(exp(2))", 2, 0},
        {"sqrt(2)*sqrt(2)", 2, 0},
        {"1.5e1 + .5 + 2.", 17.5, 0},
        {"0x1F + 0b101 + 0o17 + 1_000", 1051, 3},
        {"1 << 3 | 1", 9, 3},
        {"7 & 3 ^ 1", 2, 3},
        {"10 % 4", 2, 3},
        {"mod(10, 4) + pow(2, 3)", 10, 3},
        {"floor(2.7) + ceiling(2.2)", 5, 3},
        {"popcount(7) + popcount(\"1011\")", 6, 3},
        {"arcsin(1) - arccos(0)", 0, 3},
        {"tau - 2*π + 3", 3, 3},
        {"int(3.9) + int[8](300)", 47, 3},
        {"(1 < 2) + (2 <= 1) + (3 == 3)", 2, 3},
        {"int[4](\"0101\")", 5, 3},
        {"float(1)/3", 1.0 / 3, 3},
        {"n/2 + m[1] + sizeof(m)", 3 + 20 + 3, 3},
        {"~int[8](0)", -1, 3},
        {"angle[4](\"0100\")", M_PI / 2, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int version = 2; version <= 3; version++) {
            if (rows[i].version != 0 && rows[i].version != version)
                continue;
            char text[512];
            snprintf(text, sizeof text, "%s rz(%s) q[0];",
                     version == 2 ? HEAD2 "qreg q[1];"
                                  : HEAD3 "qubit[1] q; const int n = 7;"
                                          "const array[int[32], 3] m = {10, 20, 30};",
                     rows[i].text);
            qhm_circuit *circuit = read(text);
            double value = qhm_circuit_instruction(circuit, 0)->angles[0].offset;
            if (!(fabs(value - rows[i].value) < TOLERANCE))
                fail_msg("%s is %.17g, not %.17g", rows[i].text, value, rows[i].value);
            qhm_circuit_destroy(circuit);
        }
}

static void require_equal(const char *a, const char *b)
{
    qhm_circuit *left = read(a), *right = read(b);
    if (!qhm_circuit_is_equal(left, right)) {
        char *x, *y;
        REQUIRE_OK(qhm_qasm_print(left, NULL, &x));
        REQUIRE_OK(qhm_qasm_print(right, NULL, &y));
        fail_msg("%s\n%s\nare not the same:\n%s\n%s", a, b, x, y);
    }
    qhm_circuit_destroy(left);
    qhm_circuit_destroy(right);
}

static void registers_broadcast_slice_and_alias(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"h q;", "h q[0]; h q[1]; h q[2]; h q[3];"},
        {"cx q[0:1], q[2:3];", "cx q[0], q[2]; cx q[1], q[3];"},
        {"cx q[0], r;", "cx q[0], r[0]; cx q[0], r[1];"},
        {"h q[{3, 1}];", "h q[3]; h q[1];"},
        {"h q[-1];", "h q[3];"},
        {"h q[0:2:3];", "h q[0]; h q[2];"},
        {"h q[3:-1:2];", "h q[3]; h q[2];"},
        {"h q[2:];", "h q[2]; h q[3];"},
        {"let a = q[1:2] ++ r; h a[1]; h a[2:3];", "h q[2]; h r[0]; h r[1];"},
        {"let a = q[1:2]; let b = a[0]; x b;", "x q[1];"},
        {"c[0:1] = measure q[2:3];", "c[0] = measure q[2]; c[1] = measure q[3];"},
        {"measure q -> c;", "c[0] = measure q[0]; c[1] = measure q[1]; c[2] = measure q[2]; "
                            "c[3] = measure q[3];"},
        {"reset r;", "reset r[0]; reset r[1];"},
        {"barrier q, r;", "barrier;"},
        {"for int i in [0:3] h q[i];", "h q;"},
        {"for int i in [3:-2:0] h q[i];", "h q[3]; h q[1];"},
        {"for int i in {2, 0} { h q[i]; }", "h q[2]; h q[0];"},
        {"int i = 0; while (i < 4) { h q[i]; i += 1; }", "h q;"},
        {"for int i in [0:9] { if (i == 1) continue; if (i == 3) break; h q[i]; }",
         "h q[0]; h q[2];"},
        {"def f(qubit[2] a, int n) { for int i in [1:n] h a[1]; } f(q[1:2], 2);",
         "h q[2]; h q[2];"},
        {"def f(int n) -> int { if (n > 2) { return n - 1; } return 0; } h q[f(3)]; h q[f(1)];",
         "h q[2]; h q[0];"},
        {"const int n = 1; def f(qubit a) { if (n == 1) x a; } "
         "for int n in [5:5] { f(q[0]); }",
         "x q[0];"}, // a subroutine sees the constant at the top, not the caller's variable
        {"switch (2) { case 1 { x q[0]; } case 2, 3 { y q[0]; } default { z q[0]; } }", "y q[0];"},
        {"switch (7) { case 1 { x q[0]; } default { z q[0]; } }", "z q[0];"},
        {"bool b = true; b = !b || false; if (b) x q[0]; else y q[0];", "y q[0];"},
        {"h q[0]; end; x q[0];", "h q[0];"},
        {"uint[4] a = 11; for int i in [0:3] if (bool(a[i])) x q[i];", "x q[0]; x q[1]; x q[3];"},
        {"box { h q[0]; } nop q[0]; ;", "h q[0];"},
        {"gate g(a) p { rz(a) p; } gate k(b) p { g(2*b) p; } k(0.25) q[0];", "rz(0.5) q[0];"},
        {"gate g p { for int i in [1:3] { rz(i) p; } } g q[0];",
         "rz(1) q[0]; rz(2) q[0]; rz(3) q[0];"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char a[1024], b[1024];
        const char *head = HEAD3 "qubit[4] q; qubit[2] r; bit[4] c; ";
        snprintf(a, sizeof a, "%s%s", head, pairs[i][0]);
        snprintf(b, sizeof b, "%s%s", head, pairs[i][1]);
        require_equal(a, b);
    }
}

static void registers_are_numbered_in_the_order_of_declaration(void **state)
{
    (void)state;
    qhm_circuit *circuit = read(HEAD2 "creg b[3]; qreg s[2]; qreg q[3]; creg a[1];"
                                      "cx q[2],s[1]; measure q[0] -> a[0];");
    assert_int_equal(qhm_circuit_qubit_count(circuit), 5);
    assert_int_equal(qhm_circuit_bit_count(circuit), 4);
    assert_string_equal(qhm_circuit_qubit_register(circuit, 1)->name, "q");
    assert_int_equal(qhm_circuit_qubit_register(circuit, 1)->first, 2);
    assert_string_equal(qhm_circuit_bit_register(circuit, 0)->name, "b");
    assert_int_equal(qhm_circuit_instruction(circuit, 0)->qubits[0], 4);
    assert_int_equal(qhm_circuit_instruction(circuit, 0)->qubits[1], 1);
    assert_int_equal(qhm_circuit_instruction(circuit, 1)->bit, 3);
    qhm_circuit_destroy(circuit);
}

static void conditions_compare_registers_of_any_width(void **state)
{
    (void)state;
    qhm_circuit *circuit =
        read(HEAD2 "qreg q[1]; creg c[64]; creg d[151]; creg e[1000];"
                   "if(c==9223372036854775808) x q[0];"
                   "if(d==1427247692705959881058285969449495136382746624) x q[0];"
                   "if(e==1) x q[0];");
    static const uint32_t widths[] = {64, 151, 1000}, bits[] = {63, 150, 0};
    uint32_t first = 0;
    for (uint32_t i = 0; i < 3; i++) {
        const qhm_condition *condition = &qhm_circuit_instruction(circuit, i)->condition;
        assert_int_equal(condition->relation, QHM_RELATION_EQUAL);
        assert_int_equal(condition->first_bit, first);
        assert_int_equal(condition->bit_count, widths[i]);
        for (uint32_t w = 0; w < (widths[i] + 63) / 64; w++)
            assert_true(condition->value[w] ==
                        (w == bits[i] / 64 ? (uint64_t)1 << (bits[i] % 64) : 0));
        first += widths[i];
    }
    qhm_circuit_destroy(circuit);
    // What does not fit is never true, so nothing is left of it.
    circuit = read(HEAD2 "qreg q[1]; creg c[3]; if(c==8) x q[0];");
    assert_int_equal(qhm_circuit_instruction_count(circuit), 0);
    qhm_circuit_destroy(circuit);
}

static void inputs_become_named_slots(void **state)
{
    (void)state;
    qhm_circuit *circuit = read(HEAD3 "input float[64] θ; @qhm.weight\ninput angle w;"
                                      "input float y; qubit q; rx(2*(θ - pi)*(w + 1) + 0.5) q;"
                                      "rz(y/2) q; ry(θ + w) q;");
    assert_int_equal(qhm_circuit_input_count(circuit), 2);
    assert_int_equal(qhm_circuit_weight_count(circuit), 1);
    assert_string_equal(qhm_circuit_slot_name(circuit, QHM_SLOT_INPUT, 0), "θ");
    assert_string_equal(qhm_circuit_slot_name(circuit, QHM_SLOT_WEIGHT, 0), "w");
    const qhm_angle *angle = qhm_circuit_instruction(circuit, 0)->angles;
    assert_true(angle->scale == 2 && angle->offset == 0.5);
    assert_true(angle->factors[0].shift == -M_PI && angle->factors[1].shift == 1);
    const double inputs[] = {0.3, 0.8}, weights[] = {0.7};
    double sum = 0; // the sum of two slots is two rotations
    assert_int_equal(qhm_circuit_instruction_count(circuit), 4);
    for (size_t i = 2; i < 4; i++)
        sum += qhm_angle_value(qhm_circuit_instruction(circuit, i)->angles, inputs, weights);
    REQUIRE_NEAR(sum, 1.0, TOLERANCE);
    qhm_circuit_destroy(circuit);

    const qhm_qasm_value values[] = {{"θ", 0.25}, {"n", 2}};
    const qhm_qasm_options options = {.values = values, .value_count = 2};
    circuit = read_with(HEAD3 "input float θ; input int n; qubit[3] q; rx(sin(θ)) q[n];", &options);
    assert_int_equal(qhm_circuit_input_count(circuit), 0);
    assert_true(qhm_circuit_instruction(circuit, 0)->angles[0].offset == sin(0.25));
    assert_int_equal(qhm_circuit_instruction(circuit, 0)->qubits[0], 2);
    qhm_circuit_destroy(circuit);
    const char *text = HEAD3 "input float x; qubit q; rx(x) q;";
    REQUIRE_FAILS(qhm_qasm_parse(text, strlen(text), &options, &circuit, NULL), QHM_ERROR_NOT_FOUND,
                  "no input is named \"θ\"");
}

static void lenient_reading_takes_what_people_write(void **state)
{
    (void)state;
    static const char *const programs[] = {
        "qreg q[2]; creg c[2]; h q; cx q[0],q[1]; measure q -> c;", // nothing before
        "include \"qelib1.inc\"; qreg q[2]; cp(0.3) q[0],q[1]; rccx q[0],q[1],r[0]; qreg r[1];",
        "OPENQASM 3; qreg q[2]; creg c[2]; h q[0]; measure q -> c;",
        "OPENQASM 2.0;\r\ninclude \"qelib1.inc\";\r\nqreg q [2];\r\nrx (pi) q [ 0 ];\r\n;;\r\n",
        "\xEF\xBB\xBFOPENQASM 3.0; qubit q; U(0, 0, 0) q;",
        "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[2]; opaque ecr a,b; ecr q[0],q[1];",
        "OPENQASM 2.0; qreg input[2]; creg for[2]; U(0,0,0) input[0]; measure input -> for;",
        "OPENQASM 3; /* a * b ** / */ qubit[2] $q;", // refused below
    };
    for (size_t i = 0; i < 7; i++) {
        qhm_circuit *circuit = NULL;
        qhm_status status = qhm_qasm_parse(programs[i], strlen(programs[i]), NULL, &circuit, NULL);
        if (i == 1) { // a register that is declared after its use
            assert_int_equal(status, QHM_ERROR_BAD_INPUT);
            continue;
        }
        if (status != QHM_OK)
            fail_msg("%s: %s", programs[i], qhm_error_message());
        qhm_circuit_destroy(circuit);
    }
}

static qhm_status parse_everything(void *context)
{
    const char *text = context;
    qhm_circuit *circuit = NULL;
    qhm_diagnostics *diagnostics = NULL;
    qhm_status status = qhm_qasm_parse(text, strlen(text), NULL, &circuit, &diagnostics);
    if (status == QHM_OK) {
        char *printed = NULL;
        status = qhm_diagnostics_print(diagnostics, false, &printed);
        if (status == QHM_OK)
            qhm_string_destroy(printed);
        qhm_circuit_destroy(circuit);
    }
    qhm_diagnostics_destroy(diagnostics);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    require_survives_failing_memory(
        parse_everything,
        (void *)"input float[64] x; gate g(a) p, q { rz(2*a) p; ctrl @ rx(a) p, q; } qubit[3] q; "
                "bit[3] c; let r = q[{2, 0}]; def f(qubit a, int[4] n) -> bit { bit b; "
                "b = measure a; if (n > 2) { x a; } return b; } rccx q[0], q[1], q[2]; "
                "inv @ g(x + 0.5) r[0], r[1]; c[0] = f(q[0], 3) ^ c[1]; uint[2] n = 1; "
                "while (n < c[0:1]) { n = n + 1; } if (c == 3) { x q[0]; } else { y q[1]; } "
                "@qhm.unitary 2 0 0 1 0 1 0 0 0\nu2(0, 0) q[0];");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_U_of_version_3_has_its_phase_under_controls),
        cmocka_unit_test(phases_and_rotations_differ_under_a_control),
        cmocka_unit_test(modifiers_compose_in_the_order_written),
        cmocka_unit_test(library_gates_are_what_they_should_be),
        cmocka_unit_test(users_definitions_hide_the_built_in_gates),
        cmocka_unit_test(expressions_follow_the_precedence_of_their_version),
        cmocka_unit_test(registers_broadcast_slice_and_alias),
        cmocka_unit_test(registers_are_numbered_in_the_order_of_declaration),
        cmocka_unit_test(conditions_compare_registers_of_any_width),
        cmocka_unit_test(inputs_become_named_slots),
        cmocka_unit_test(lenient_reading_takes_what_people_write),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
