// Factors of unitary matrices, multiplied together again.
#include "linalg/unitary_factors.h"

#include "base/memory.h"
#include "linalg/complex_matrix.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/random.h>
#include <string.h>

enum { MOST = 16 };

// exp(-i h) of a random Hermitian h.
static void fill_random_unitary(size_t n, uint64_t trial, qhm_complex *u)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 70, trial, n);
    qhm_complex h[MOST * MOST];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double re = qhm_random_normal(&random), im = i == j ? 0 : qhm_random_normal(&random);
            h[i * n + j] = (qhm_complex){re, im};
            h[j * n + i] = (qhm_complex){re, -im};
        }
    REQUIRE_OK(qhm_hermitian_evolution(n, h, 1, u));
}

// Matrices with equal eigenvalues and cosines of 0 and 1: where factors are not unique.
static void fill_special_unitary(size_t n, unsigned which, qhm_complex *u)
{
    memset(u, 0, n * n * sizeof *u);
    for (size_t i = 0; i < n; i++) {
        size_t column = which == 0 ? i : which == 1 ? n - 1 - i : (i + n / 2) % n;
        u[i * n + column] = which == 2 && i == 1 ? (qhm_complex){0, 1} : (qhm_complex){1, 0};
    }
}

static void check_eigen(size_t n, const qhm_complex *u)
{
    double phases[MOST];
    qhm_complex v[MOST * MOST], scaled[MOST * MOST], adjoint[MOST * MOST], again[MOST * MOST];
    REQUIRE_OK(qhm_unitary_eigen(n, u, phases, v));
    assert_true(qhm_unitarity_error(n, v) < 1e-13);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double c = cos(phases[j]), s = sin(phases[j]);
            qhm_complex entry = v[i * n + j];
            scaled[i * n + j] =
                (qhm_complex){entry.re * c - entry.im * s, entry.re * s + entry.im * c};
            adjoint[j * n + i] = (qhm_complex){entry.re, -entry.im};
        }
    qhm_complex_product(n, scaled, adjoint, again);
    for (size_t i = 0; i < n * n; i++) {
        REQUIRE_NEAR(again[i].re, u[i].re, 1e-13);
        REQUIRE_NEAR(again[i].im, u[i].im, 1e-13);
    }
}

static void put_block(size_t n, const qhm_complex *block, size_t at, qhm_complex *whole)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            whole[(at + i) * 2 * n + at + j] = block[i * n + j];
}

static void check_cosine_sine(size_t n, const qhm_complex *u)
{
    double turns[MOST];
    qhm_complex blocks[4][MOST * MOST], left[MOST * MOST] = {{0}}, right[MOST * MOST] = {{0}};
    qhm_complex middle[MOST * MOST] = {{0}}, half[MOST * MOST], again[MOST * MOST];
    const qhm_cosine_sine factors = {turns, {blocks[0], blocks[1]}, {blocks[2], blocks[3]}};
    REQUIRE_OK(qhm_cosine_sine_find(n, u, &factors));
    for (size_t i = 0; i < n; i++) {
        middle[i * 2 * n + i].re = middle[(i + n) * 2 * n + i + n].re = cos(turns[i]);
        middle[(i + n) * 2 * n + i].re = sin(turns[i]);
        middle[i * 2 * n + i + n].re = -sin(turns[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_true(qhm_unitarity_error(n, factors.left[i]) < 1e-13);
        assert_true(qhm_unitarity_error(n, factors.right[i]) < 1e-13);
        put_block(n, factors.left[i], i * n, left);
        put_block(n, factors.right[i], i * n, right);
    }
    qhm_complex_product(2 * n, left, middle, half);
    qhm_complex_product(2 * n, half, right, again);
    for (size_t i = 0; i < 4 * n * n; i++) {
        REQUIRE_NEAR(again[i].re, u[i].re, 1e-13);
        REQUIRE_NEAR(again[i].im, u[i].im, 1e-13);
    }
}

static void factors_multiply_to_the_matrix(void **state)
{
    (void)state;
    qhm_complex u[MOST * MOST];
    for (size_t n = 1; n <= MOST; n++)
        for (uint64_t trial = 0; trial < 4; trial++) {
            fill_random_unitary(n, trial, u);
            check_eigen(n, u);
            if (n % 2 == 0)
                check_cosine_sine(n / 2, u);
        }
    for (size_t n = 2; n <= MOST; n += 2)
        for (unsigned which = 0; which < 3; which++) {
            fill_special_unitary(n, which, u);
            check_eigen(n, u);
            check_cosine_sine(n / 2, u);
        }
}

static qhm_status take_apart(void *context)
{
    qhm_complex v[16], blocks[4][4];
    double turns[4];
    const qhm_cosine_sine factors = {turns, {blocks[0], blocks[1]}, {blocks[2], blocks[3]}};
    qhm_status status = qhm_unitary_eigen(4, context, turns, v);
    return status != QHM_OK ? status : qhm_cosine_sine_find(2, context, &factors);
}

static void missing_memory_is_reported(void **state)
{
    (void)state;
    qhm_complex u[16];
    fill_random_unitary(4, 0, u);
    require_survives_failing_memory(take_apart, u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_multiply_to_the_matrix),
        cmocka_unit_test(missing_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
