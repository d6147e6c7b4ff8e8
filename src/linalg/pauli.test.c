// Pauli masks against 2 x 2 matrices, letter by letter.
#include "linalg/pauli.h"

#include "support/checks.h"

#include <complex.h>
#include <qhm/random.h>

enum { QUBITS = 3, DIMENSION = 8 };

static const double complex letters[4][2][2] = {
    {{1, 0}, {0, 1}}, {{0, 1}, {1, 0}}, {{1, 0}, {0, -1}}, {{0, -I}, {I, 0}}}; // I X Z Y: x + 2 z

static double complex power_of_i(unsigned k)
{
    const double complex powers[4] = {1, I, -1, -I};
    assert_in_range(k, 0, 3);
    return powers[k];
}

static void fill(qhm_pauli_masks pauli, double complex out[DIMENSION][DIMENSION])
{
    for (unsigned row = 0; row < DIMENSION; row++)
        for (unsigned column = 0; column < DIMENSION; column++) {
            out[row][column] = 1;
            for (unsigned q = 0; q < QUBITS; q++) {
                unsigned letter = (unsigned)((pauli.x >> q & 1) + 2 * (pauli.z >> q & 1));
                out[row][column] *= letters[letter][row >> q & 1][column >> q & 1];
            }
        }
}

static qhm_pauli_masks nth(unsigned n)
{
    return (qhm_pauli_masks){n % DIMENSION, n / DIMENSION};
}

static void action_is_the_matrix(void **state)
{
    (void)state;
    for (unsigned n = 0; n < DIMENSION * DIMENSION; n++) {
        double complex expected[DIMENSION][DIMENSION];
        qhm_complex built[DIMENSION * DIMENSION] = {{0, 0}};
        fill(nth(n), expected);
        qhm_pauli_add_matrix(nth(n), 2.5, QUBITS, built);
        for (unsigned column = 0; column < DIMENSION; column++) {
            unsigned row = column ^ (unsigned)nth(n).x;
            double complex phase = power_of_i(qhm_pauli_phase(nth(n), column));
            assert_true(phase == expected[row][column]);
            for (unsigned r = 0; r < DIMENSION; r++) {
                REQUIRE_NEAR(built[r * DIMENSION + column].re, creal(2.5 * expected[r][column]), 0);
                REQUIRE_NEAR(built[r * DIMENSION + column].im, cimag(2.5 * expected[r][column]), 0);
            }
        }
    }
}

static void products_and_commutation_are_those_of_matrices(void **state)
{
    (void)state;
    for (unsigned n = 0; n < DIMENSION * DIMENSION; n++)
        for (unsigned m = 0; m < DIMENSION * DIMENSION; m++) {
            double complex a[DIMENSION][DIMENSION], b[DIMENSION][DIMENSION];
            double complex c[DIMENSION][DIMENSION];
            qhm_pauli_masks product;
            double complex phase = power_of_i(qhm_pauli_multiply(nth(n), nth(m), &product));
            fill(nth(n), a);
            fill(nth(m), b);
            fill(product, c);
            bool commute = true;
            for (unsigned i = 0; i < DIMENSION; i++)
                for (unsigned j = 0; j < DIMENSION; j++) {
                    double complex ab = 0, ba = 0;
                    for (unsigned k = 0; k < DIMENSION; k++) {
                        ab += a[i][k] * b[k][j];
                        ba += b[i][k] * a[k][j];
                    }
                    assert_true(ab == phase * c[i][j]);
                    commute = commute && ab == ba;
                }
            assert_int_equal(qhm_pauli_commute(nth(n), nth(m)), commute);
        }
}

static void qubitwise_commutation_is_letter_by_letter(void **state)
{
    (void)state;
    qhm_pauli_masks xx = {3, 0}, zz = {0, 3}, x0 = {1, 0}, z1 = {0, 2}, y0 = {1, 1};
    assert_true(qhm_pauli_commute(xx, zz));
    assert_false(qhm_pauli_commute_qubitwise(xx, zz));
    assert_true(qhm_pauli_commute_qubitwise(xx, x0));
    assert_true(qhm_pauli_commute_qubitwise(x0, z1));
    assert_false(qhm_pauli_commute_qubitwise(x0, y0));
    assert_true(qhm_pauli_commute_qubitwise(y0, (qhm_pauli_masks){0, 0}));
}

static void sixty_four_qubits_are_fine(void **state)
{
    (void)state;
    uint64_t top = (uint64_t)1 << 63;
    qhm_pauli_masks x = {top, 0}, z = {0, top}, y;
    assert_int_equal(qhm_pauli_multiply(x, z, &y), 3); // X Z = -i Y
    assert_true(y.x == top && y.z == top);
    assert_int_equal(qhm_pauli_multiply(z, x, &y), 1);
    assert_int_equal(qhm_pauli_phase(y, top), 3); // Y |1> = -i |0>
    assert_int_equal(qhm_pauli_phase(y, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(action_is_the_matrix),
        cmocka_unit_test(products_and_commutation_are_those_of_matrices),
        cmocka_unit_test(qubitwise_commutation_is_letter_by_letter),
        cmocka_unit_test(sixty_four_qubits_are_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
