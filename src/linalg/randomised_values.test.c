// Randomised singular values against LAPACK's.
#include "linalg/randomised_values.h"
#include "linalg/singular_values.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/random.h>

enum { ROWS = 40, COLUMNS = 25, WANTED = 3 };

// Singular values about fall^i, over random vectors.
static void draw_matrix(double fall, size_t rank, double *a)
{
    qhm_random random = qhm_random_stream(11, QHM_RANDOM_USER, 0, 0, 0);
    memset(a, 0, ROWS * COLUMNS * sizeof *a);
    for (size_t t = 0; t < rank; t++) {
        double u[ROWS], v[COLUMNS];
        for (size_t i = 0; i < ROWS; i++)
            u[i] = qhm_random_normal(&random);
        for (size_t j = 0; j < COLUMNS; j++)
            v[j] = qhm_random_normal(&random);
        for (size_t i = 0; i < ROWS; i++)
            for (size_t j = 0; j < COLUMNS; j++)
                a[i * COLUMNS + j] += pow(fall, (double)t) * u[i] * v[j];
    }
}

static void find_exactly(const double *a, double *values, double *right)
{
    double copy[ROWS * COLUMNS], left[COLUMNS * ROWS];
    memcpy(copy, a, sizeof copy);
    REQUIRE_OK(qhm_singular_values(copy, ROWS, COLUMNS, values, left, right));
}

static void low_rank_is_found_exactly(void **state)
{
    (void)state;
    double a[ROWS * COLUMNS], exact[COLUMNS], vectors[COLUMNS * COLUMNS];
    double values[WANTED], right[WANTED * COLUMNS];
    draw_matrix(0.7, WANTED, a);
    find_exactly(a, exact, vectors);
    for (size_t oversampling = 0; oversampling <= 100; oversampling += 50) {
        const qhm_randomised_options options = {oversampling, 0, 5};
        REQUIRE_OK(qhm_randomised_values(a, ROWS, COLUMNS, WANTED, &options, values, right));
        for (size_t i = 0; i < WANTED; i++)
            REQUIRE_NEAR(values[i], exact[i], 1e-10 * exact[0]);
        for (size_t i = 0; i < WANTED * COLUMNS; i++)
            REQUIRE_NEAR(right[i], vectors[i], 1e-9);
    }
}

// Values come from below; without power steps a slow fall is missed, with them it is not.
static void power_steps_come_nearer(void **state)
{
    (void)state;
    double a[ROWS * COLUMNS], exact[COLUMNS], vectors[COLUMNS * COLUMNS];
    double values[WANTED], right[WANTED * COLUMNS], errors[3];
    draw_matrix(0.9, COLUMNS, a);
    find_exactly(a, exact, vectors);
    for (size_t k = 0; k < 3; k++) {
        const qhm_randomised_options options = {4, 4 * k, 5};
        REQUIRE_OK(qhm_randomised_values(a, ROWS, COLUMNS, WANTED, &options, values, right));
        errors[k] = 0;
        for (size_t i = 0; i < WANTED; i++) {
            assert_true(values[i] <= exact[i] * (1 + 1e-12));
            errors[k] += 1 - values[i] / exact[i];
        }
    }
    assert_true(errors[0] > 0.05 && errors[1] < 0.1 * errors[0] && errors[2] < errors[1]);
}

static qhm_status attempt(void *a)
{
    double values[WANTED], right[WANTED * COLUMNS];
    const qhm_randomised_options options = {4, 1, 5};
    return qhm_randomised_values(a, ROWS, COLUMNS, WANTED, &options, values, right);
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    double a[ROWS * COLUMNS];
    draw_matrix(0.9, COLUMNS, a);
    require_survives_failing_memory(attempt, a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(low_rank_is_found_exactly),
        cmocka_unit_test(power_steps_come_nearer),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
