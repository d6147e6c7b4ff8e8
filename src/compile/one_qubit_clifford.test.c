// Clifford gates on one qubit against their matrices, all 24 by words.
#include "compile/one_qubit_clifford.h"

#include "support/checks.h"

#include "circuit/gate_table.h"

#include <complex.h>

typedef struct matrix {
    double complex m[2][2];
} matrix;

static matrix multiply(matrix a, matrix b)
{
    matrix c;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            c.m[i][j] = a.m[i][0] * b.m[0][j] + a.m[i][1] * b.m[1][j];
    return c;
}

static matrix adjoint(matrix a)
{
    return (matrix){{{conj(a.m[0][0]), conj(a.m[1][0])}, {conj(a.m[0][1]), conj(a.m[1][1])}}};
}

static matrix of_gate(qhm_gate gate)
{
    qhm_complex entries[4];
    matrix a;
    qhm_gate_matrix(gate, NULL, entries);
    for (int i = 0; i < 4; i++)
        a.m[i / 2][i % 2] = entries[i].re + I * entries[i].im;
    return a;
}

static matrix of_pauli(qhm_pauli pauli)
{
    return of_gate(pauli == QHM_PAULI_X   ? QHM_GATE_X
                   : pauli == QHM_PAULI_Y ? QHM_GATE_Y
                                          : QHM_GATE_Z);
}

static void require_image(matrix conjugated, qhm_signed_pauli image)
{
    const matrix pauli = of_pauli(image.pauli);
    for (int i = 0; i < 4; i++)
        REQUIRE_NEAR(
            cabs(conjugated.m[i / 2][i % 2] - (image.is_negative ? -1 : 1) * pauli.m[i / 2][i % 2]),
            0, 1e-12);
}

static void require_same(qhm_clifford clifford, matrix u)
{
    for (unsigned p = QHM_PAULI_X; p <= QHM_PAULI_Z; p++) {
        const matrix pauli = of_pauli((qhm_pauli)p);
        require_image(multiply(multiply(u, pauli), adjoint(u)),
                      qhm_clifford_map(clifford, (qhm_pauli)p));
        require_image(multiply(multiply(adjoint(u), pauli), u),
                      qhm_clifford_map_back(clifford, (qhm_pauli)p));
    }
}

static const qhm_gate gates[8] = {QHM_GATE_H, QHM_GATE_X,   QHM_GATE_Y,  QHM_GATE_Z,
                                  QHM_GATE_S, QHM_GATE_SDG, QHM_GATE_SX, QHM_GATE_SXDG};

static void require_split(qhm_clifford clifford, matrix u, qhm_clifford_rest kind, unsigned most)
{
    qhm_gate first[3];
    qhm_clifford rest, product = qhm_clifford_identity();
    const unsigned count = qhm_clifford_split(clifford, kind, first, &rest);
    assert_true(count <= most);
    for (unsigned i = 0; i < count; i++) {
        qhm_clifford gate;
        assert_true(qhm_clifford_of_gate(first[i], &gate));
        assert_true(first[i] == QHM_GATE_S || first[i] == QHM_GATE_SX);
        product = qhm_clifford_multiply(gate, product);
    }
    require_same(qhm_clifford_multiply(rest, product), u);
    qhm_pauli pauli;
    if (kind == QHM_CLIFFORD_REST_PAULI)
        assert_true(qhm_clifford_is_pauli(rest, &pauli));
    else
        assert_true(qhm_clifford_map(rest, (qhm_pauli)kind).pauli == (qhm_pauli)kind);
}

static void words_of_three_gates_are_products_of_matrices(void **state)
{
    (void)state;
    for (int word = 0; word < 512; word++) {
        qhm_clifford clifford = qhm_clifford_identity();
        matrix u = {{{1, 0}, {0, 1}}};
        for (int i = 0; i < 3; i++) {
            const qhm_gate gate = gates[word >> 3 * i & 7];
            qhm_clifford next;
            assert_true(qhm_clifford_of_gate(gate, &next));
            clifford = qhm_clifford_multiply(next, clifford);
            u = multiply(of_gate(gate), u);
        }
        require_same(clifford, u);
        require_split(clifford, u, QHM_CLIFFORD_REST_PAULI, 3);
        require_split(clifford, u, QHM_CLIFFORD_REST_X, 2);
        require_split(clifford, u, QHM_CLIFFORD_REST_Z, 2);
    }
}

static void paulis_are_told(void **state)
{
    (void)state;
    qhm_clifford clifford;
    qhm_pauli pauli;
    assert_true(qhm_clifford_is_pauli(qhm_clifford_identity(), &pauli) && pauli == QHM_PAULI_I);
    for (unsigned p = 0; p < 3; p++) {
        assert_true(qhm_clifford_of_gate(gates[p + 1], &clifford));
        assert_true(qhm_clifford_is_pauli(clifford, &pauli) && pauli == (qhm_pauli)(p + 1));
    }
    assert_true(qhm_clifford_of_gate(QHM_GATE_S, &clifford));
    assert_false(qhm_clifford_is_pauli(clifford, &pauli));
    assert_false(qhm_clifford_of_gate(QHM_GATE_T, &clifford));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_three_gates_are_products_of_matrices),
        cmocka_unit_test(paulis_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
