// Sampled approximations against the best ones, and their draws against exact squares.
#include "base/memory.h"
#include "linalg/singular_values.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/random.h>
#include <qhm/sampled_approximation.h>

enum { ROWS = 50, COLUMNS = 20, RANK = 2 };

// Two strong components, in rows and columns of very different lengths, over noise.
static void draw_matrix(double noise, double *a)
{
    qhm_random random = qhm_random_stream(21, QHM_RANDOM_USER, 0, 0, 0);
    double u[RANK][ROWS], v[RANK][COLUMNS];
    for (size_t t = 0; t < RANK; t++) {
        for (size_t i = 0; i < ROWS; i++)
            u[t][i] = exp(qhm_random_normal(&random)) * (t && i % 2 ? -1 : 1);
        for (size_t j = 0; j < COLUMNS; j++)
            v[t][j] = exp(qhm_random_normal(&random)) * (t && j % 3 ? -1 : 1);
    }
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++)
            a[i * COLUMNS + j] =
                u[0][i] * v[0][j] + u[1][i] * v[1][j] + noise * qhm_random_normal(&random);
}

static qhm_sampled_approximation *create(const double *a, size_t rank, size_t rows, size_t columns,
                                         uint64_t seed)
{
    const qhm_sampled_approximation_options options = {rank, rows, columns, seed};
    qhm_sampled_approximation *approximation;
    REQUIRE_OK(qhm_sampled_approximation_create(ROWS, COLUMNS, a, &options, &approximation));
    return approximation;
}

// |best - D|_F^2 / |A|_F^2 with the best approximation of the same rank from LAPACK.
static double find_distance(const double *a, const qhm_sampled_approximation *approximation)
{
    double copy[ROWS * COLUMNS], values[COLUMNS], left[COLUMNS * ROWS], right[COLUMNS * COLUMNS];
    double distance = 0, total = 0;
    memcpy(copy, a, sizeof copy);
    REQUIRE_OK(qhm_singular_values(copy, ROWS, COLUMNS, values, left, right));
    for (size_t i = 0; i < ROWS; i++) {
        double projected[COLUMNS];
        qhm_sampled_approximation_project(approximation, a + i * COLUMNS, projected);
        for (size_t j = 0; j < COLUMNS; j++) {
            double best = 0;
            for (size_t t = 0; t < RANK; t++)
                best += values[t] * left[t * ROWS + i] * right[t * COLUMNS + j];
            distance += pow(projected[j] - best, 2);
            total += pow(a[i * COLUMNS + j], 2);
        }
    }
    return distance / total;
}

// The squared distance falls as 1 / draws: sixteen times the draws, a sixteenth of it.
static void the_approximation_converges(void **state)
{
    (void)state;
    enum { SEEDS = 20 };
    double a[ROWS * COLUMNS], mean[3] = {0};
    draw_matrix(0.5, a);
    for (size_t k = 0; k < 3; k++) {
        const size_t draws = (size_t)16 << (2 * k);
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            qhm_sampled_approximation *made = create(a, RANK, draws, draws, seed);
            mean[k] += find_distance(a, made) / SEEDS;
            qhm_sampled_approximation_destroy(made);
        }
    }
    assert_true(mean[0] < 0.5 && mean[1] < 0.5 * mean[0] && mean[2] < 0.5 * mean[1]);
    REQUIRE_NEAR(log(mean[0] / mean[2]) / log(16), 1, 0.35);
}

// Every drawn column is as long as the others, so that all squared values add up to |A|_F^2,
// whichever were drawn.
static void values_add_up_exactly(void **state)
{
    (void)state;
    double a[ROWS * COLUMNS], total = 0;
    draw_matrix(0.5, a);
    for (size_t i = 0; i < ROWS * COLUMNS; i++)
        total += a[i] * a[i];
    for (uint64_t seed = 0; seed < 10; seed++) {
        qhm_sampled_approximation *made = create(a, COLUMNS, 12, 15, seed);
        const double *values = qhm_sampled_approximation_values(made);
        double sum = 0;
        for (size_t t = 0; t < qhm_sampled_approximation_rank(made); t++)
            sum += values[t] * values[t];
        REQUIRE_NEAR(sum, total, 1e-9 * total);
        qhm_sampled_approximation_destroy(made);
    }
}

// Of rank 2 any draws that see both components span exactly the rows' space.
static void low_rank_is_seen(void **state)
{
    (void)state;
    double a[ROWS * COLUMNS], projected[COLUMNS];
    double copy[ROWS * COLUMNS], values[COLUMNS], left[COLUMNS * ROWS], right[COLUMNS * COLUMNS];
    draw_matrix(0, a);
    memcpy(copy, a, sizeof copy);
    REQUIRE_OK(qhm_singular_values(copy, ROWS, COLUMNS, values, left, right));
    for (uint64_t seed = 0; seed < 5; seed++) {
        qhm_sampled_approximation *made = create(a, 5, 30, 30, seed);
        assert_int_equal(qhm_sampled_approximation_rank(made), RANK);
        for (size_t t = 0; t < RANK; t++) {
            const double *vector = qhm_sampled_approximation_vectors(made) + t * COLUMNS;
            double square = 0, inside = 0;
            for (size_t j = 0; j < COLUMNS; j++)
                square += vector[j] * vector[j];
            for (size_t s = 0; s < RANK; s++) {
                double product = 0;
                for (size_t j = 0; j < COLUMNS; j++)
                    product += vector[j] * right[s * COLUMNS + j];
                inside += product * product;
            }
            REQUIRE_NEAR(inside, square, 1e-10 * square);
        }
        qhm_sampled_approximation_destroy(made);
    }
    for (size_t i = 0; i < ROWS; i++) // one component comes out whole from a single draw
        for (size_t j = 0; j < COLUMNS; j++)
            a[i * COLUMNS + j] = (1 + (double)i) * ((double)j - 3);
    qhm_sampled_approximation *one = create(a, 3, 1, 1, 4);
    assert_int_equal(qhm_sampled_approximation_rank(one), 1);
    qhm_sampled_approximation_project(one, a, projected);
    for (size_t j = 0; j < COLUMNS; j++)
        REQUIRE_NEAR(projected[j], a[j], 1e-10);
    qhm_sampled_approximation_destroy(one);
}

// The largest deviation of counts from shares [COLUMNS] of squares, in standard deviations.
static double find_deviation(const double *row, const size_t *counts, size_t draws)
{
    double total = 0, worst = 0;
    for (size_t j = 0; j < COLUMNS; j++)
        total += row[j] * row[j];
    for (size_t j = 0; j < COLUMNS; j++) {
        const double p = row[j] * row[j] / total, mean = p * (double)draws;
        worst = fmax(worst, fabs((double)counts[j] - mean) / sqrt(mean * (1 - p) + 1));
    }
    return worst;
}

static void draws_follow_the_squares_of_the_row(void **state)
{
    (void)state;
    enum { DRAWS = 100000, ROW = 7, SKETCH = 24 };
    double a[ROWS * COLUMNS], projected[COLUMNS];
    size_t *entries, counts[COLUMNS] = {0};
    uint64_t tries = 0;
    draw_matrix(0.5, a);
    qhm_sampled_approximation *made = create(a, RANK, SKETCH, SKETCH, 1);
    qhm_sampled_approximation_project(made, a + ROW * COLUMNS, projected);
    REQUIRE_OK(qhm_allocate(DRAWS, sizeof *entries, &entries));
    REQUIRE_OK(qhm_sampled_approximation_draw(made, a + ROW * COLUMNS, DRAWS, 9, entries, &tries));
    for (size_t i = 0; i < DRAWS; i++)
        counts[entries[i]]++;
    assert_true(find_deviation(projected, counts, DRAWS) < 5);
    // The matrix's own row is another distribution.
    assert_true(find_deviation(a + ROW * COLUMNS, counts, DRAWS) > 10);
    assert_true(tries > DRAWS);
    qhm_release(entries);
    qhm_sampled_approximation_destroy(made);
}

// Rows of one drawn row alone are all accepted, as there is nothing to interfere.
static void one_drawn_row_takes_one_try_a_draw(void **state)
{
    (void)state;
    double a[ROWS * COLUMNS];
    size_t entries[1000];
    uint64_t tries = 0;
    draw_matrix(0.5, a);
    qhm_sampled_approximation *made = create(a, 1, 1, 8, 1);
    REQUIRE_OK(qhm_sampled_approximation_draw(made, a, 1000, 9, entries, &tries));
    assert_int_equal(tries, 1000);
    qhm_sampled_approximation_destroy(made);
}

static void what_cannot_be_drawn_is_refused(void **state)
{
    (void)state;
    const double zero[4] = {0}, a[4] = {1, 0, 2, 0}, orthogonal[2] = {0, 1}, bad[2] = {NAN, 0};
    qhm_sampled_approximation *made = NULL;
    size_t entry;
    REQUIRE_FAILS(qhm_sampled_approximation_create(2, 2, zero, NULL, &made),
                  QHM_ERROR_INVALID_ARGUMENT, "the matrix is zero");
    REQUIRE_FAILS(qhm_sampled_approximation_create(0, 2, a, NULL, &made),
                  QHM_ERROR_INVALID_ARGUMENT, "rows or columns is 0");
    assert_null(made);
    REQUIRE_OK(qhm_sampled_approximation_create(2, 2, a, NULL, &made));
    REQUIRE_FAILS(qhm_sampled_approximation_draw(made, orthogonal, 1, 0, &entry, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "projects to 0");
    REQUIRE_FAILS(qhm_sampled_approximation_draw(made, bad, 1, 0, &entry, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "not finite");
    qhm_sampled_approximation_destroy(made);
}

static qhm_status attempt(void *a)
{
    const qhm_sampled_approximation_options options = {RANK, 10, 10, 3};
    qhm_sampled_approximation *made = NULL;
    size_t entry;
    qhm_status status = qhm_sampled_approximation_create(ROWS, COLUMNS, a, &options, &made);
    if (status == QHM_OK)
        status = qhm_sampled_approximation_draw(made, a, 1, 3, &entry, NULL);
    qhm_sampled_approximation_destroy(made);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    double a[ROWS * COLUMNS];
    draw_matrix(0.5, a);
    require_survives_failing_memory(attempt, a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_approximation_converges),
        cmocka_unit_test(values_add_up_exactly),
        cmocka_unit_test(low_rank_is_seen),
        cmocka_unit_test(draws_follow_the_squares_of_the_row),
        cmocka_unit_test(one_drawn_row_takes_one_try_a_draw),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
