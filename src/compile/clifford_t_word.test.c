// Normal forms of random words: the same operator, no more T gates, the promised shape.
#include "compile/clifford_t_word.h"

#include "support/checks.h"

#include <complex.h>
#include <qhm/random.h>

// A product of gates as (u, -t* w; t, u* w) over sqrt2^exponent, with w = omega^phase.
static qhm_clifford_t_operator product_of(const uint8_t *gates, size_t count)
{
    qhm_omega_integer m[2][2] = {{{{1, 0, 0, 0}}, {{0, 0, 0, 0}}},
                                 {{{0, 0, 0, 0}}, {{1, 0, 0, 0}}}};
    qhm_clifford_t_operator matrix = {.phase = 0};
    for (size_t i = count; i-- > 0;)
        for (int column = 0; column < 2; column++) {
            qhm_omega_integer a = m[0][column], b = m[1][column];
            if (gates[i] == QHM_GATE_H) {
                m[0][column] = qhm_omega_add(a, b);
                m[1][column] = qhm_omega_subtract(a, b);
                matrix.exponent += column;
                matrix.phase += column * 4; // det -1
            } else if (gates[i] == QHM_GATE_X) {
                m[0][column] = b;
                m[1][column] = a;
                matrix.phase += column * 4;
            } else {
                unsigned turn = gates[i] == QHM_GATE_T ? 1 : gates[i] == QHM_GATE_S ? 2 : 4;
                m[1][column] = qhm_omega_rotate(b, turn);
                matrix.phase += column * turn;
            }
        }
    matrix.u = m[0][0];
    matrix.t = m[1][0];
    matrix.phase %= 8;
    // The second column is what the determinant makes of the first.
    assert_true(qhm_omega_is_zero(
        qhm_omega_subtract(m[1][1], qhm_omega_rotate(qhm_omega_adjoint(matrix.u), matrix.phase))));
    return matrix;
}

static double complex value(qhm_omega_integer x, unsigned exponent)
{
    qhm_quad_complex v = qhm_omega_value(x);
    return ((double)v.re + I * (double)v.im) / pow(2, exponent / 2.0);
}

// |tr A* B| = 2.
static void require_same_operator(qhm_clifford_t_operator a, qhm_clifford_t_operator b)
{
    double complex w = cexp(I * M_PI / 4 * ((double)b.phase - (double)a.phase));
    double complex inner = conj(value(a.u, a.exponent)) * value(b.u, b.exponent) +
                           conj(value(a.t, a.exponent)) * value(b.t, b.exponent);
    REQUIRE_NEAR(cabs(inner + w * conj(inner)), 2, 1e-9);
}

// Y is X Z up to a phase, which the comparison does not see.
static size_t without_y(const qhm_clifford_t_word *word, uint8_t *gates)
{
    size_t count = 0;
    for (size_t i = 0; i < word->length; i++) {
        if (word->gates[i] == QHM_GATE_Y)
            gates[count++] = QHM_GATE_X;
        gates[count++] = word->gates[i] == QHM_GATE_Y ? QHM_GATE_Z : word->gates[i];
    }
    return count;
}

static void random_words_become_normal_forms(void **state)
{
    (void)state;
    static const uint8_t letters[5] = {QHM_GATE_H, QHM_GATE_S, QHM_GATE_T, QHM_GATE_X, QHM_GATE_Z};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    size_t saved = 0;
    for (int n = 0; n < 300; n++) {
        uint8_t gates[100], normal[2 * QHM_CLIFFORD_T_MAX_WORD];
        size_t count = qhm_random_below(&random, 100), t_count = 0;
        for (size_t i = 0; i < count; i++) {
            gates[i] = letters[qhm_random_below(&random, 5)];
            t_count += gates[i] == QHM_GATE_T;
        }
        qhm_clifford_t_operator matrix = product_of(gates, count);
        qhm_clifford_t_word word, again;
        assert_true(qhm_clifford_t_synthesize(&matrix, &word));
        assert_true(word.t_count <= t_count);
        saved += t_count - word.t_count;
        qhm_clifford_t_operator back = product_of(normal, without_y(&word, normal));
        require_same_operator(matrix, back);
        assert_true(qhm_clifford_t_synthesize(&back, &again)); // a normal form is its own
        assert_int_equal(again.length, word.length);
        assert_memory_equal(again.gates, word.gates, word.length);
        // Before every T there is H or SH, before the first maybe nothing.
        for (size_t i = 0, start = 0; i < word.length; i++)
            if (word.gates[i] == QHM_GATE_T) {
                size_t length = i - start;
                assert_true(length == 0 ? i == 0 : word.gates[i - 1] == QHM_GATE_H);
                assert_true(length < 2 || (length == 2 && word.gates[start] == QHM_GATE_S));
                start = i + 1;
            }
    }
    assert_true(saved > 0);
}

static void known_t_counts(void **state)
{
    (void)state;
    enum { H = QHM_GATE_H, S = QHM_GATE_S, T = QHM_GATE_T };
    const struct {
        size_t length, t_count;
        uint8_t gates[8];
    } cases[] = {{0, 0, {0}},
                 {1, 1, {T}},
                 {2, 0, {T, T}},
                 {3, 1, {T, T, T}},
                 {3, 1, {H, T, H}},
                 {4, 0, {T, H, H, T}},
                 {3, 2, {T, H, T}},
                 {5, 2, {T, T, T, H, T}},
                 {5, 0, {T, S, S, S, T}},
                 {7, 3, {T, H, T, S, H, T, H}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        qhm_clifford_t_operator matrix = product_of(cases[i].gates, cases[i].length);
        qhm_clifford_t_word word;
        assert_true(qhm_clifford_t_synthesize(&matrix, &word));
        assert_int_equal(word.t_count, cases[i].t_count);
    }
}

static void other_matrices_are_refused(void **state)
{
    (void)state;
    qhm_clifford_t_operator matrix = {.u = {{3, 0, 0, 0}}, .t = {{0, 1, 0, 0}}, .exponent = 2};
    qhm_clifford_t_word word;
    assert_false(qhm_clifford_t_synthesize(&matrix, &word));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_words_become_normal_forms),
        cmocka_unit_test(known_t_counts),
        cmocka_unit_test(other_matrices_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
