// Length-squared sampling against its exact mean and variance.
#include "support/checks.h"

#include <math.h>
#include <qhm/length_squared.h>

static const double a[] = {1, 2, 0, 0, 1, 1, 3, 0, 1, 1, 1, 1};

static void gram(size_t rows, const double *m, double *g)
{
    for (size_t i = 0; i < 9; i++) {
        g[i] = 0;
        for (size_t r = 0; r < rows; r++)
            g[i] += m[3 * r + i / 3] * m[3 * r + i % 3];
    }
}

// Rows drawn evenly, or without their scale, miss both.
static void the_mean_and_its_scatter_are_exact(void **state)
{
    (void)state;
    enum { DRAWN = 8, RUNS = 4000 };
    double truth[9], sketch[3 * DRAWN], g[9], mean[9] = {0}, sum = 0, squares = 0;
    gram(4, a, truth);
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        REQUIRE_OK(qhm_length_squared_sketch(4, 3, a, DRAWN, seed, sketch));
        gram(DRAWN, sketch, g);
        double error = 0;
        for (size_t i = 0; i < 9; i++) {
            mean[i] += g[i] / RUNS;
            error += pow(g[i] - truth[i], 2);
        }
        sum += error / RUNS;
        squares += error * error / RUNS;
    }
    for (size_t i = 0; i < 9; i++)
        REQUIRE_NEAR(mean[i], truth[i], 5 * sqrt(176.0 / DRAWN / RUNS));
    REQUIRE_NEAR(sum, 176.0 / DRAWN, 5 * sqrt((squares - sum * sum) / RUNS));
}

static void zero_rows_are_not_drawn_and_zero_matrices_refused(void **state)
{
    (void)state;
    const double rows[] = {0, 0, 3, 4, 0, 0}, zero[] = {0, 0};
    double sketch[20];
    REQUIRE_OK(qhm_length_squared_sketch(3, 2, rows, 10, 1, sketch));
    for (size_t i = 0; i < 10; i++)
        REQUIRE_NEAR(sketch[2 * i], 3 / sqrt(10), 1e-12);
    REQUIRE_FAILS(qhm_length_squared_sketch(1, 2, zero, 10, 1, sketch), QHM_ERROR_INVALID_ARGUMENT,
                  "zero");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mean_and_its_scatter_are_exact),
        cmocka_unit_test(zero_rows_are_not_drawn_and_zero_matrices_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
