// Factors multiplied out give the matrix back; their vectors are orthonormal.
#include "linalg/complex_factor.h"

#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/random.h>

static qhm_complex *random_matrix(qhm_random *random, size_t count)
{
    qhm_complex *a = calloc(count, sizeof *a);
    assert_non_null(a);
    for (size_t i = 0; i < count; i++)
        a[i] = (qhm_complex){qhm_random_normal(random), qhm_random_normal(random)};
    return a;
}

static void require_product(size_t rows, size_t columns, size_t inner, const qhm_complex *a,
                            const double *values, const qhm_complex *b, const qhm_complex *expected)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double re = 0, im = 0;
            for (size_t k = 0; k < inner; k++) {
                qhm_complex x = a[i * inner + k], y = b[k * columns + j];
                double value = values ? values[k] : 1;
                re += value * (x.re * y.re - x.im * y.im);
                im += value * (x.re * y.im + x.im * y.re);
            }
            REQUIRE_NEAR(re, expected[i * columns + j].re, 1e-12);
            REQUIRE_NEAR(im, expected[i * columns + j].im, 1e-12);
        }
}

// stride_vector and stride_entry: of an entry from vector to vector, and within one.
static void require_orthonormal(const qhm_complex *a, size_t vectors, size_t length,
                                size_t stride_vector, size_t stride_entry)
{
    for (size_t i = 0; i < vectors; i++)
        for (size_t j = 0; j < vectors; j++) {
            double re = 0, im = 0;
            for (size_t k = 0; k < length; k++) {
                qhm_complex x = a[i * stride_vector + k * stride_entry];
                qhm_complex y = a[j * stride_vector + k * stride_entry];
                re += x.re * y.re + x.im * y.im;
                im += x.re * y.im - x.im * y.re;
            }
            REQUIRE_NEAR(re, i == j, 1e-13);
            REQUIRE_NEAR(im, 0, 1e-13);
        }
}

static void factors_multiply_to_the_matrix(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 3, 0, 0);
    const size_t shapes[][2] = {{1, 1}, {1, 5}, {5, 1}, {4, 4}, {8, 3}, {3, 8}, {40, 37}};
    qhm_factor_work work = {0};
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
        const size_t rows = shapes[s][0], columns = shapes[s][1];
        const size_t r = rows < columns ? rows : columns;
        qhm_complex *a = random_matrix(&random, rows * columns);
        qhm_complex *copy = calloc(rows * columns, sizeof *copy);
        qhm_complex *left = calloc(rows * r, sizeof *left), *right = calloc(r * columns, sizeof *a);
        double values[64];
        memcpy(copy, a, rows * columns * sizeof *a);
        REQUIRE_OK(qhm_complex_singular_values(&work, copy, rows, columns, values, left, right));
        require_product(rows, columns, r, left, values, right, a);
        require_orthonormal(left, r, rows, 1, r);
        require_orthonormal(right, r, columns, columns, 1);
        for (size_t i = 0; i + 1 < r; i++)
            assert_true(values[i] >= values[i + 1] && values[i + 1] >= 0);
        memcpy(copy, a, rows * columns * sizeof *a);
        REQUIRE_OK(qhm_complex_columns(&work, copy, rows, columns, left, right));
        require_product(rows, columns, r, left, NULL, right, a);
        require_orthonormal(left, r, rows, 1, r);
        memcpy(copy, a, rows * columns * sizeof *a);
        REQUIRE_OK(qhm_complex_rows(&work, copy, rows, columns, left, right));
        require_product(rows, columns, r, left, NULL, right, a);
        require_orthonormal(right, r, columns, columns, 1);
        free(a);
        free(copy);
        free(left);
        free(right);
    }
    qhm_factor_work_release(&work);
}

static void products_are_those_of_plain_loops(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 4, 0, 0);
    qhm_complex *a = random_matrix(&random, 6), *b = random_matrix(&random, 12), c[8], adjoint[6];
    qhm_complex_multiply(2, 4, 3, a, b, c);
    require_product(2, 4, 3, a, NULL, b, c);
    for (size_t i = 0; i < 2; i++) // [3][2]
        for (size_t k = 0; k < 3; k++)
            adjoint[k * 2 + i] = (qhm_complex){a[i * 3 + k].re, -a[i * 3 + k].im};
    qhm_complex d[8];
    qhm_complex_multiply_adjoint(2, 4, 3, adjoint, b, d);
    for (size_t i = 0; i < 8; i++) {
        REQUIRE_NEAR(d[i].re, c[i].re, 1e-13);
        REQUIRE_NEAR(d[i].im, c[i].im, 1e-13);
    }
    free(a);
    free(b);
}

static void what_is_not_finite_is_refused(void **state)
{
    (void)state;
    qhm_factor_work work = {0};
    qhm_complex a[4] = {{1, 0}, {NAN, 0}, {0, 0}, {1, 0}}, left[4], right[4];
    double values[2];
    REQUIRE_FAILS(qhm_complex_singular_values(&work, a, 2, 2, values, left, right),
                  QHM_ERROR_NUMERIC, "2 x 2 matrix cannot be computed");
    qhm_factor_work_release(&work);
}

static qhm_status attempt(void *context)
{
    (void)context;
    qhm_factor_work work = {0};
    qhm_complex a[4] = {{1, 0}, {2, 0}, {0, 1}, {1, 0}}, left[4], right[4];
    double values[2];
    qhm_status status = qhm_complex_singular_values(&work, a, 2, 2, values, left, right);
    qhm_factor_work_release(&work);
    if (status == QHM_OK)
        status = qhm_complex_columns(&work, a, 2, 2, left, right);
    qhm_factor_work_release(&work);
    if (status == QHM_OK)
        status = qhm_complex_rows(&work, a, 2, 2, left, right);
    qhm_factor_work_release(&work);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_multiply_to_the_matrix),
        cmocka_unit_test(products_are_those_of_plain_loops),
        cmocka_unit_test(what_is_not_finite_is_refused),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
