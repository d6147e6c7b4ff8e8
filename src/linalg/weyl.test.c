// Two-qubit decompositions by multiplying them out, and by the classes of known gates.
#include "linalg/weyl.h"

#include "circuit/gate_table.h"
#include "linalg/complex_matrix.h"
#include "support/checks.h"

#include <qhm/random.h>

static qhm_complex times(qhm_complex a, qhm_complex b)
{
    return (qhm_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

// Random columns, orthonormal by Gram and Schmidt: the Haar measure.
static void random_unitary(qhm_random *random, size_t n, bool is_real, qhm_complex *u)
{
    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i < n; i++)
            u[i * n + j] =
                (qhm_complex){qhm_random_normal(random), is_real ? 0 : qhm_random_normal(random)};
        for (int pass = 0; pass < 2; pass++)
            for (size_t k = 0; k < j; k++) {
                qhm_complex overlap = {0, 0};
                for (size_t i = 0; i < n; i++) {
                    const qhm_complex other = {u[i * n + k].re, -u[i * n + k].im};
                    overlap.re += times(other, u[i * n + j]).re;
                    overlap.im += times(other, u[i * n + j]).im;
                }
                for (size_t i = 0; i < n; i++) {
                    const qhm_complex part = times(overlap, u[i * n + k]);
                    u[i * n + j].re -= part.re;
                    u[i * n + j].im -= part.im;
                }
            }
        double square = 0;
        for (size_t i = 0; i < n; i++)
            square += u[i * n + j].re * u[i * n + j].re + u[i * n + j].im * u[i * n + j].im;
        for (size_t i = 0; i < n; i++) {
            u[i * n + j].re /= sqrt(square);
            u[i * n + j].im /= sqrt(square);
        }
    }
}

// out = b x a, with a on the lowest bit.
static void product_of_two(const qhm_complex *a, const qhm_complex *b, qhm_complex *out)
{
    for (int row = 0; row < 4; row++)
        for (int column = 0; column < 4; column++)
            out[row * 4 + column] =
                times(a[(row & 1) * 2 + (column & 1)], b[(row >> 1) * 2 + (column >> 1)]);
}

// left := matrix left
static void apply(const qhm_complex *matrix, qhm_complex *left)
{
    qhm_complex product[16];
    qhm_complex_product(4, matrix, left, product);
    memcpy(left, product, sizeof product);
}

static void cx_matrix(unsigned control, qhm_complex *out)
{
    memset(out, 0, 16 * sizeof *out);
    for (unsigned column = 0; column < 4; column++) {
        const unsigned flip = (column >> control & 1) << (1 - control);
        out[(column ^ flip) * 4 + column].re = 1;
    }
}

// The largest entry of a - e^{i phase} b; NaN phase: the best one.
static double distance(const qhm_complex *a, const qhm_complex *b, double phase)
{
    if (isnan(phase)) {
        qhm_complex overlap = {0, 0};
        for (int i = 0; i < 16; i++) {
            overlap.re += times((qhm_complex){b[i].re, -b[i].im}, a[i]).re;
            overlap.im += times((qhm_complex){b[i].re, -b[i].im}, a[i]).im;
        }
        phase = atan2(overlap.im, overlap.re);
    }
    double worst = 0;
    for (int i = 0; i < 16; i++) {
        const qhm_complex turned = times((qhm_complex){cos(phase), sin(phase)}, b[i]);
        worst = fmax(worst, hypot(a[i].re - turned.re, a[i].im - turned.im));
    }
    return worst;
}

// exp(i c PP), from the gate table's rotation.
static void interaction(qhm_gate gate, double c, qhm_complex *out)
{
    const double angle = -2 * c;
    qhm_gate_matrix(gate, &angle, out);
}

static void check(const qhm_complex *u, unsigned count)
{
    qhm_weyl weyl;
    REQUIRE_OK(qhm_weyl_find(u, &weyl));
    const double *c = weyl.coordinates;
    assert_true(c[0] <= M_PI / 4 + 1e-9 && c[0] >= c[1] - 1e-12 && c[1] >= fabs(c[2]) - 1e-12);

    qhm_complex made[16], part[16];
    product_of_two(weyl.right[0], weyl.right[1], made);
    const qhm_gate gates[3] = {QHM_GATE_RXX, QHM_GATE_RYY, QHM_GATE_RZZ};
    for (int k = 0; k < 3; k++) {
        interaction(gates[k], c[k], part);
        apply(part, made);
    }
    product_of_two(weyl.left[0], weyl.left[1], part);
    apply(part, made);
    REQUIRE_NEAR(distance(u, made, weyl.phase), 0, 1e-12);

    assert_int_equal(qhm_weyl_cx_count(c), count);
    qhm_two_qubit_circuit circuit;
    qhm_weyl_synthesise(&weyl, &circuit);
    assert_int_equal(circuit.count, count);
    product_of_two(circuit.layers[0][0], circuit.layers[0][1], made);
    for (unsigned i = 0; i < count; i++) {
        cx_matrix(circuit.controls[i], part);
        apply(part, made);
        product_of_two(circuit.layers[i + 1][0], circuit.layers[i + 1][1], part);
        apply(part, made);
    }
    REQUIRE_NEAR(distance(u, made, NAN), 0, 4e-10);
}

static void random_unitaries_take_three_cx(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 71, 0, 0);
    for (int i = 0; i < 300; i++) {
        qhm_complex u[16];
        random_unitary(&random, 4, false, u);
        check(u, 3);
    }
}

static void random_rotations_of_four_dimensions_take_two_cx(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 72, 0, 0);
    for (int i = 0; i < 100; i++) {
        qhm_complex u[16];
        double sign = 0;
        random_unitary(&random, 4, true, u);
        // SO(4), not O(4): the determinant by Laplace's rule on pairs of rows
        static const int pairs[6][5] = {{0, 1, 2, 3, 1}, {0, 2, 1, 3, -1}, {0, 3, 1, 2, 1},
                                        {1, 2, 0, 3, 1}, {1, 3, 0, 2, -1}, {2, 3, 0, 1, 1}};
        for (int p = 0; p < 6; p++) {
            const int *at = pairs[p];
            sign += at[4] * (u[at[0]].re * u[4 + at[1]].re - u[at[1]].re * u[4 + at[0]].re) *
                    (u[8 + at[2]].re * u[12 + at[3]].re - u[8 + at[3]].re * u[12 + at[2]].re);
        }
        for (int k = 0; k < 4 && sign < 0; k++)
            u[k].re = -u[k].re;
        check(u, 2);
    }
}

// Known classes, dressed with random one-qubit gates and a phase.
static void known_gates_take_known_numbers_of_cx(void **state)
{
    (void)state;
    static const struct {
        qhm_gate gate;
        double angle;
        unsigned count;
        double coordinates[3];
    } rows[] = {
        {QHM_GATE_RZZ, 0, 0, {0, 0, 0}},
        {QHM_GATE_ECR, 0, 1, {M_PI / 4, 0, 0}},
        {QHM_GATE_RZZ, M_PI / 2, 1, {M_PI / 4, 0, 0}},
        {QHM_GATE_RXX, -1.5 * M_PI, 1, {M_PI / 4, 0, 0}},
        {QHM_GATE_RYY, 2 * M_PI, 0, {0, 0, 0}},
        {QHM_GATE_RYY, 0.3, 2, {0.15, 0, 0}},
        {QHM_GATE_ISWAP, 0, 2, {M_PI / 4, M_PI / 4, 0}},
        {QHM_GATE_ISWAPDG, 0, 2, {M_PI / 4, M_PI / 4, 0}},
        {QHM_GATE_SWAP, 0, 3, {M_PI / 4, M_PI / 4, M_PI / 4}},
    };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 73, 0, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int repeat = 0; repeat < 20; repeat++) {
            qhm_complex u[16], locals[4][4], part[16];
            qhm_gate_matrix(rows[i].gate, &rows[i].angle, u);
            for (int k = 0; k < 4; k++)
                random_unitary(&random, 2, false, locals[k]);
            qhm_complex bare[16];
            memcpy(bare, u, sizeof bare);
            product_of_two(locals[0], locals[1], u);
            apply(bare, u);
            product_of_two(locals[2], locals[3], part);
            apply(part, u);
            check(repeat == 0 ? bare : u, rows[i].count);
            qhm_weyl weyl;
            REQUIRE_OK(qhm_weyl_find(u, &weyl));
            for (int k = 0; k < 3; k++)
                REQUIRE_NEAR(weyl.coordinates[k], rows[i].coordinates[k], 1e-12);
        }
}

// u and its mirror image are not equivalent unless their first coordinate is pi/4.
static void the_sign_of_the_last_coordinate_is_kept(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        const double c[3] = {0.7, 0.4, 0.2 * sign};
        const qhm_gate gates[3] = {QHM_GATE_RXX, QHM_GATE_RYY, QHM_GATE_RZZ};
        qhm_complex u[16], part[16];
        memset(u, 0, sizeof u);
        for (int i = 0; i < 4; i++)
            u[i * 5].re = 1;
        for (int k = 0; k < 3; k++) {
            interaction(gates[(k + 1) % 3], c[k], part);
            apply(part, u);
        }
        qhm_weyl weyl;
        REQUIRE_OK(qhm_weyl_find(u, &weyl));
        for (int k = 0; k < 3; k++)
            REQUIRE_NEAR(weyl.coordinates[k], c[k], 1e-12);
        check(u, 3);
    }
}

static void what_is_not_unitary_is_refused(void **state)
{
    (void)state;
    qhm_complex u[16] = {{0}};
    qhm_weyl weyl;
    REQUIRE_FAILS(qhm_weyl_find(u, &weyl), QHM_ERROR_NUMERIC, "not unitary");
    for (int i = 0; i < 4; i++)
        u[i * 5].re = i == 2 ? NAN : 1;
    REQUIRE_FAILS(qhm_weyl_find(u, &weyl), QHM_ERROR_NUMERIC, "not unitary");
}

static void euler_angles_give_the_gate_back(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 74, 0, 0);
    for (int i = 0; i < 200; i++) {
        qhm_complex u[4], made[4];
        random_unitary(&random, 2, false, u);
        if (i < 20) { // exactly diagonal or antidiagonal
            const int zero = i % 2;
            u[zero] = u[3 - zero] = (qhm_complex){0, 0};
            for (int k = 0; k < 4; k++)
                if (k != zero && k != 3 - zero) {
                    const double length = hypot(u[k].re, u[k].im);
                    u[k] = (qhm_complex){u[k].re / length, u[k].im / length};
                }
        }
        double angles[3];
        const double phase = qhm_euler_angles(u, angles);
        qhm_gate_matrix(QHM_GATE_U, angles, made);
        for (int k = 0; k < 4; k++) {
            const qhm_complex turned = times((qhm_complex){cos(phase), sin(phase)}, made[k]);
            REQUIRE_NEAR(turned.re, u[k].re, 1e-14);
            REQUIRE_NEAR(turned.im, u[k].im, 1e-14);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_unitaries_take_three_cx),
        cmocka_unit_test(random_rotations_of_four_dimensions_take_two_cx),
        cmocka_unit_test(known_gates_take_known_numbers_of_cx),
        cmocka_unit_test(the_sign_of_the_last_coordinate_is_kept),
        cmocka_unit_test(what_is_not_unitary_is_refused),
        cmocka_unit_test(euler_angles_give_the_gate_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
