// Real dense algebra: products against loops, decompositions by what defines them.
#include "support/checks.h"
#include "support/failing_memory.h"

#include "base/memory.h"
#include "linalg/cholesky.h"
#include "linalg/matrix_product.h"
#include "linalg/singular_values.h"
#include "linalg/symmetric_eigen.h"

#include <qhm/random.h>
#include <qhm/threads.h>

static double *random_matrix(size_t count, uint64_t stream)
{
    double *a;
    REQUIRE_OK(qhm_allocate(count, sizeof *a, &a));
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, stream, 0, 0);
    for (size_t i = 0; i < count; i++)
        a[i] = qhm_random_normal(&random);
    return a;
}

static void products_match_plain_loops(void **state)
{
    (void)state;
    enum { M = 300, N = 7, K = 11 };
    double *a = random_matrix(M * K, 1), *b = random_matrix(K * N, 2);
    double *c = random_matrix(M * N, 3);
    for (int mode = 0; mode < 4; mode++) {
        bool ta = mode & 1, tb = mode & 2;
        qhm_matrix_product(ta, tb, M, N, K, a, b, c);
        for (size_t i = 0; i < M; i++)
            for (size_t j = 0; j < N; j++) {
                double sum = 0;
                for (size_t k = 0; k < K; k++)
                    sum += (ta ? a[k * M + i] : a[i * K + k]) * (tb ? b[j * K + k] : b[k * N + j]);
                REQUIRE_NEAR(c[i * N + j], sum, 1e-12);
            }
    }
    qhm_matrix_product(false, false, M, N, 0, a, b, c);
    for (size_t i = 0; i < M * N; i++)
        assert_true(c[i] == 0);
    qhm_release(a);
    qhm_release(b);
    qhm_release(c);
}

static void products_have_the_same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    enum { M = 517, N = 130, K = 260 };
    double *a = random_matrix(M * K, 4), *b = random_matrix(K * N, 5);
    double *one = random_matrix(M * N, 6), *three = random_matrix(M * N, 7);
    REQUIRE_OK(qhm_threads_set_count(1));
    qhm_matrix_product(false, false, M, N, K, a, b, one);
    REQUIRE_OK(qhm_threads_set_count(3));
    qhm_matrix_product(false, false, M, N, K, a, b, three);
    REQUIRE_OK(qhm_threads_set_count(0));
    assert_memory_equal(one, three, M * N * sizeof *one);
    qhm_release(a);
    qhm_release(b);
    qhm_release(one);
    qhm_release(three);
}

static void eigenvectors_satisfy_their_equation(void **state)
{
    (void)state;
    enum { N = 40, WANTED = 7 };
    double *b = random_matrix(N * N, 8), *a = random_matrix(N * N, 9), kept[N * N];
    qhm_matrix_gram(N, N, b, a);
    memcpy(kept, a, sizeof kept);
    double values[WANTED], vectors[WANTED * N];
    REQUIRE_OK(qhm_symmetric_eigen(a, N, WANTED, values, vectors));
    for (size_t v = 0; v < WANTED; v++) {
        const double *x = vectors + v * N;
        double largest = 0;
        for (size_t i = 0; i < N; i++) {
            double product = 0;
            for (size_t j = 0; j < N; j++)
                product += kept[i * N + j] * x[j];
            REQUIRE_NEAR(product, values[v] * x[i], 1e-10 * values[0]);
            if (fabs(x[i]) > fabs(largest))
                largest = x[i];
        }
        assert_true(largest > 0);
        if (v > 0)
            assert_true(values[v] <= values[v - 1]);
    }
    // The trace of the deflated matrix proves that these are the largest: compare with all.
    double all[N], every[N * N], sum = 0, trace = 0;
    memcpy(a, kept, sizeof kept);
    REQUIRE_OK(qhm_symmetric_eigen(a, N, N, all, every));
    for (size_t i = 0; i < N; i++) {
        sum += all[i];
        trace += kept[i * N + i];
    }
    REQUIRE_NEAR(sum, trace, 1e-10 * trace);
    for (size_t v = 0; v < WANTED; v++)
        REQUIRE_NEAR(values[v], all[v], 1e-10 * all[0]);
    kept[5] = NAN;
    REQUIRE_FAILS(qhm_symmetric_eigen(kept, N, 1, values, vectors), QHM_ERROR_NUMERIC, "nan");
    qhm_release(a);
    qhm_release(b);
}

static void a_known_matrix_has_its_known_eigenvectors(void **state)
{
    (void)state;
    // Eigenvalues 3 and 1, vectors (1, 1) and (1, -1) over sqrt 2; ties of magnitude go to the
    // first.
    double a[] = {2, 1, 1, 2}, values[2], vectors[4];
    REQUIRE_OK(qhm_symmetric_eigen(a, 2, 2, values, vectors));
    REQUIRE_NEAR(values[0], 3, 1e-15);
    REQUIRE_NEAR(values[1], 1, 1e-15);
    REQUIRE_NEAR(vectors[0], sqrt(0.5), 1e-15);
    REQUIRE_NEAR(vectors[1], sqrt(0.5), 1e-15);
    REQUIRE_NEAR(fabs(vectors[2]), sqrt(0.5), 1e-15);
    REQUIRE_NEAR(vectors[2], -vectors[3], 1e-15);
}

static void singular_vectors_rebuild_the_matrix(void **state)
{
    (void)state;
    static const size_t shapes[][2] = {{5, 12}, {12, 5}, {6, 6}, {1, 4}, {4, 1}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        size_t rows = shapes[s][0], columns = shapes[s][1], rank = rows < columns ? rows : columns;
        double *a = random_matrix(rows * columns, 10 + s), kept[64], values[12], left[72],
               right[72];
        memcpy(kept, a, rows * columns * sizeof *a);
        REQUIRE_OK(qhm_singular_values(a, rows, columns, values, left, right));
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++) {
                double sum = 0;
                for (size_t v = 0; v < rank; v++)
                    sum += values[v] * left[v * rows + i] * right[v * columns + j];
                REQUIRE_NEAR(sum, kept[i * columns + j], 1e-12);
            }
        for (size_t v = 1; v < rank; v++)
            assert_true(values[v] <= values[v - 1]);
        qhm_release(a);
    }
    double bad[] = {1, INFINITY}, values[1], left[1], right[2];
    REQUIRE_FAILS(qhm_singular_values(bad, 1, 2, values, left, right), QHM_ERROR_NUMERIC, "inf");
}

static void cholesky_factors_and_solves(void **state)
{
    (void)state;
    double a[] = {4, 2, 2, 2, 5, 3, 2, 3, 6}, kept[9];
    memcpy(kept, a, sizeof a);
    REQUIRE_OK(qhm_cholesky(a, 3));
    REQUIRE_NEAR(a[0], 2, 1e-15);
    REQUIRE_NEAR(a[3], 1, 1e-15);
    REQUIRE_NEAR(a[4], 2, 1e-15);
    assert_true(a[1] == 0 && a[2] == 0 && a[5] == 0);
    double x[] = {1, -2, 3}, b[3] = {0};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            b[i] += kept[i * 3 + j] * x[j];
    qhm_cholesky_solve_triangle(a, 3, false, b, 1);
    qhm_cholesky_solve_triangle(a, 3, true, b, 1);
    for (int i = 0; i < 3; i++)
        REQUIRE_NEAR(b[i], x[i], 1e-14);
    double indefinite[] = {1, 2, 2, 1};
    REQUIRE_FAILS(qhm_cholesky(indefinite, 2), QHM_ERROR_NUMERIC, "not positive definite");
}

static qhm_status decompose(void *context)
{
    (void)context;
    double a[] = {2, 1, 1, 2}, values[2], vectors[4], left[4];
    QHM_TRY(qhm_symmetric_eigen(a, 2, 2, values, vectors));
    double b[] = {1, 2, 3, 4};
    return qhm_singular_values(b, 2, 2, values, left, vectors);
}

static void decompositions_survive_failing_memory(void **state)
{
    (void)state;
    require_survives_failing_memory(decompose, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_match_plain_loops),
        cmocka_unit_test(products_have_the_same_bits_on_any_number_of_threads),
        cmocka_unit_test(eigenvectors_satisfy_their_equation),
        cmocka_unit_test(a_known_matrix_has_its_known_eigenvectors),
        cmocka_unit_test(singular_vectors_rebuild_the_matrix),
        cmocka_unit_test(cholesky_factors_and_solves),
        cmocka_unit_test(decompositions_survive_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
