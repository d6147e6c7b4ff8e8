// What depends on measured bits, against the branches of the reference: arithmetic, conditions,
// loops.
#include "support/checks.h"
#include "support/reference_simulator.h"

#include <qhm/qasm.h>
#include <string.h>

#define HEAD3 "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"

// All branches of a program, as the distribution over its named bits.
typedef struct distribution {
    double probabilities[256];
    uint32_t first, count;
} distribution;

static void add_branch(const unsigned char *bits, const qhm_complex *amplitudes, void *context)
{
    distribution *sum = context;
    size_t outcome = 0;
    for (uint32_t i = 0; i < sum->count; i++)
        outcome |= (size_t)bits[sum->first + i] << i;
    for (size_t i = 0; i < 16; i++)
        sum->probabilities[outcome] +=
            amplitudes[i].re * amplitudes[i].re + amplitudes[i].im * amplitudes[i].im;
}

// The outcomes of "out" (the first register) must be as given; four qubits q and bits c.
static void require_outcome(const char *body, uint32_t count, const double *expected)
{
    char text[2048];
    snprintf(text, sizeof text, HEAD3 "bit[%u] out; qubit[4] q; bit[4] c; %s", count, body);
    qhm_circuit *circuit = NULL;
    REQUIRE_OK(qhm_qasm_parse(text, strlen(text), NULL, &circuit, NULL));
    distribution found = {.count = count};
    reference_run_branches(circuit, NULL, NULL, add_branch, &found);
    for (size_t i = 0; i < (size_t)1 << count; i++)
        if (!(fabs(found.probabilities[i] - expected[i]) < 1e-12))
            fail_msg("%s: outcome %zu has probability %g, not %g", body, i, found.probabilities[i],
                     expected[i]);
    qhm_circuit_destroy(circuit);
}

// `expression` of a and b, for all values of 2-bit measured a and b, gives `value(a, b)` in out.
static void require_function(const char *expression, uint32_t count,
                             unsigned (*value)(unsigned a, unsigned b))
{
    double expected[256] = {0};
    for (unsigned a = 0; a < 4; a++)
        for (unsigned b = 0; b < 4; b++)
            expected[value(a, b) & ((1u << count) - 1)] += 1.0 / 16;
    char body[1024];
    snprintf(body, sizeof body,
             "h q; c = measure q; uint[2] a = uint[2](c[0:1]); uint[2] b = uint[2](c[2:3]); "
             "int[2] s = int[2](c[0:1]); int[2] t = int[2](c[2:3]); %s",
             expression);
    require_outcome(body, count, expected);
}

static int as_signed(unsigned a)
{
    return a < 2 ? (int)a : (int)a - 4;
}

static unsigned f_sum(unsigned a, unsigned b)
{
    return (a + b) & 3;
}
static unsigned f_difference(unsigned a, unsigned b)
{
    return (a - b) & 3;
}
static unsigned f_less(unsigned a, unsigned b)
{
    return a < b;
}
static unsigned f_less_equal(unsigned a, unsigned b)
{
    return a <= b;
}
static unsigned f_greater(unsigned a, unsigned b)
{
    return a > b;
}
static unsigned f_equal(unsigned a, unsigned b)
{
    return a == b;
}
static unsigned f_not_equal(unsigned a, unsigned b)
{
    return a != b;
}
static unsigned f_signed_less(unsigned a, unsigned b)
{
    return as_signed(a) < as_signed(b);
}
static unsigned f_signed_negative(unsigned a, unsigned b)
{
    return (void)b, as_signed(a) < -1;
}
static unsigned f_signed_equal(unsigned a, unsigned b)
{
    return (void)b, as_signed(a) == -2;
}
static unsigned f_bitwise(unsigned a, unsigned b)
{
    return (a & b) | ((a ^ b) << 2);
}
static unsigned f_shift(unsigned a, unsigned b)
{
    return (void)b, (a << 1) & 3;
}
static unsigned f_logic(unsigned a, unsigned b)
{
    return (a == 1 && b != 2) || !(a > 0);
}
static unsigned f_popcount(unsigned a, unsigned b)
{
    return (unsigned)__builtin_popcount(a | (b << 2));
}
static unsigned f_mixed(unsigned a, unsigned b)
{
    unsigned n = 1;
    if (a == 2)
        n = n + b;
    else if (b > 1)
        n = 3;
    return n;
}
static unsigned f_loop(unsigned a, unsigned b)
{
    unsigned turns = 0;
    for (unsigned x = a; x != b; x = (x + 1) & 3)
        turns++;
    return turns;
}
static unsigned f_switch(unsigned a, unsigned b)
{
    return (void)b, a == 0 ? 5 : a == 3 ? 2 : a == 1 ? 5 : 7;
}
static unsigned f_def(unsigned a, unsigned b)
{
    return (a & 1) ^ ((b >> 1) & 1);
}

static void what_depends_on_measured_bits_is_computed_as_numbers_are(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t count;
        unsigned (*value)(unsigned, unsigned);
    } rows[] = {
        {"out = bit[2](a + b);", 2, f_sum},
        {"out = bit[2](a - b);", 2, f_difference},
        {"a += b; out = bit[2](a);", 2, f_sum},
        {"out[0] = a < b;", 1, f_less},
        {"if (a < b) out[0] = 1;", 1, f_less},
        {"out[0] = a <= b;", 1, f_less_equal},
        {"if (a > b) { out[0] = 1; }", 1, f_greater},
        {"out[0] = a == b;", 1, f_equal},
        {"out[0] = a != b;", 1, f_not_equal},
        {"out[0] = s < t;", 1, f_signed_less},
        {"out[0] = s < -1;", 1, f_signed_negative},
        {"out[0] = s == -2;", 1, f_signed_equal},
        {"int n; n = c[0:1]; int m = c[2:3]; out[0] = n < m;", 1, f_less},
        {"if (int(c[0:1]) >= int(c[2:3]) + 1) { out[0] = 1; }", 1, f_greater},
        {"out[0:1] = c[0:1] & c[2:3]; out[2:3] = c[0:1] ^ c[2:3];", 4, f_bitwise},
        {"out = bit[2](a << 1);", 2, f_shift},
        {"out[0] = (a == 1 && b != 2) || !(a > 0);", 1, f_logic},
        {"if ((a == 1 && b != 2) || !(a > 0)) out[0] = 1; else out[0] = 0;", 1, f_logic},
        {"out = bit[3](popcount(c));", 3, f_popcount},
        {"uint[3] n = 1; if (a == 2) { n = n + b; } else if (b > 1) { n = 3; } out = bit[3](n);", 3,
         f_mixed},
        {"uint[2] n = 0; while (a != b) { a = a + 1; n += 1; } out = bit[2](n);", 2, f_loop},
        {"switch (a) { case 0, 1 { out = 5; } case 3 { out = 2; } default { out = 7; } }", 3,
         f_switch},
        {"def f(bit x, bit[2] y) -> bit { bit z; z = x; if (y >= 2) { z = !z; } return z; } "
         "out[0] = f(c[0], c[2:3]);",
         1, f_def},
        {"def f(bit x, bit y) -> bit { return x ^ y; } out[0] = f(c[0], 0) ^ f(0, c[3]);", 1,
         f_def},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        require_function(rows[i].text, rows[i].count, rows[i].value);
}

static void bodies_that_change_their_condition_run_to_their_end(void **state)
{
    (void)state;
    // c is 1 before; the body clears it and must still set all of out, and not run the else.
    require_outcome("x q[0]; c[0] = measure q[0]; if (c == 1) { c[0] = 0; out[0] = 1; } "
                    "else { out[1] = 1; }",
                    2, (double[]){0, 1, 0, 0});
    require_outcome("x q[0]; c[0] = measure q[0]; if (c[0]) { c[0] = 0; if (!c[0]) { out[0] = 1; } "
                    "if (c[0]) { out[1] = 1; } }",
                    2, (double[]){0, 1, 0, 0});
    require_outcome("x q[0]; measure q[0] -> c[0]; if (c[0]) for int i in [0:1] c[0] = 0; "
                    "out[0] = !c[0];",
                    1, (double[]){0, 1});
    // Swapping reads both before it writes either.
    require_outcome("x q[0]; c[0] = measure q[0]; c[0:1] = c[{1, 0}]; out = c[0:1];", 2,
                    (double[]){0, 0, 1, 0});
}

static void loops_run_until_a_measurement_ends_them(void **state)
{
    (void)state;
    // The known first turn is run while reading, the others by the circuit: out counts x's parity.
    require_outcome("bool done = false; while (!done) { x q[1]; done = true; } "
                    "out[0] = measure q[1];",
                    1, (double[]){0, 1});
    require_outcome("x q[0]; c[0] = measure q[0]; while (c[0]) { x q[0]; c[0] = measure q[0]; "
                    "x q[1]; } out[0] = measure q[1];",
                    1, (double[]){0, 1});
    require_outcome("x q[0]; c[0] = measure q[0]; if (c[0]) { while (c[0] && !c[1]) { "
                    "c[1] = 1; x q[1]; } } out[0] = measure q[1];",
                    1, (double[]){0, 1});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_depends_on_measured_bits_is_computed_as_numbers_are),
        cmocka_unit_test(bodies_that_change_their_condition_run_to_their_end),
        cmocka_unit_test(loops_run_until_a_measurement_ends_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
