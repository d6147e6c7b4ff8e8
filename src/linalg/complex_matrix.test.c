// Complex matrices by what defines them.
#include "linalg/complex_matrix.h"

#include "support/checks.h"
#include "support/failing_memory.h"

#include <complex.h>
#include <qhm/random.h>

enum { N = 7 };

static void fill_hermitian(qhm_complex *a, size_t n)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 70, n, 0);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double re = qhm_random_normal(&random), im = i == j ? 0 : qhm_random_normal(&random);
            a[i * n + j] = (qhm_complex){re, im};
            a[j * n + i] = (qhm_complex){re, -im};
        }
}

static double complex at(const qhm_complex *a, size_t i)
{
    return a[i].re + I * a[i].im;
}

static void eigenvectors_satisfy_their_equation(void **state)
{
    (void)state;
    for (size_t n = 1; n <= N; n++) {
        qhm_complex a[N * N], vectors[N * N];
        double values[N];
        fill_hermitian(a, n);
        REQUIRE_OK(qhm_hermitian_eigen(n, a, values, vectors));
        REQUIRE_NEAR(qhm_unitarity_error(n, vectors), 0, 1e-13);
        for (size_t k = 0; k < n; k++) {
            double largest = 0, its_phase = 1;
            if (k > 0)
                assert_true(values[k] >= values[k - 1]);
            for (size_t i = 0; i < n; i++) {
                double complex image = 0, component = at(vectors, k * n + i);
                for (size_t j = 0; j < n; j++)
                    image += at(a, i * n + j) * at(vectors, k * n + j);
                REQUIRE_NEAR(cabs(image - values[k] * component), 0, 1e-13);
                if (cabs(component) > largest + 1e-12) {
                    largest = cabs(component);
                    its_phase = carg(component);
                }
            }
            REQUIRE_NEAR(its_phase, 0, 1e-12);
        }
    }
}

static void evolution_of_y_is_a_rotation(void **state)
{
    (void)state;
    qhm_complex y[4] = {{0, 0}, {0, -1}, {0, 1}, {0, 0}}, out[4];
    REQUIRE_OK(qhm_hermitian_evolution(2, y, 0.35, out));
    double expected[4] = {cos(0.35), -sin(0.35), sin(0.35), cos(0.35)};
    for (int i = 0; i < 4; i++) {
        REQUIRE_NEAR(out[i].re, expected[i], 1e-15);
        REQUIRE_NEAR(out[i].im, 0, 1e-15);
    }
}

static void evolutions_compose(void **state)
{
    (void)state;
    qhm_complex h[N * N], a[N * N], b[N * N], both[N * N], product[N * N];
    fill_hermitian(h, N);
    REQUIRE_OK(qhm_hermitian_evolution(N, h, 0.3, a));
    REQUIRE_OK(qhm_hermitian_evolution(N, h, -1.1, b));
    REQUIRE_OK(qhm_hermitian_evolution(N, h, -0.8, both));
    qhm_complex_product(N, a, b, product);
    for (size_t i = 0; i < N * N; i++)
        REQUIRE_NEAR(cabs(at(product, i) - at(both, i)), 0, 1e-13);
}

static void products_are_not_commuted(void **state)
{
    (void)state;
    qhm_complex x[4] = {{0, 0}, {1, 0}, {1, 0}, {0, 0}}, s[4] = {{1, 0}, {0, 0}, {0, 0}, {0, 1}};
    qhm_complex out[4];
    qhm_complex_product(2, s, x, out);
    assert_true(at(out, 0) == 0 && at(out, 1) == 1 && at(out, 2) == I && at(out, 3) == 0);
}

static void unitarity_is_measured(void **state)
{
    (void)state;
    qhm_complex u[4] = {{0.6, 0}, {0, 0.8}, {0, 0.8}, {0.6, 0}};
    REQUIRE_NEAR(qhm_unitarity_error(2, u), 0, 1e-15);
    u[1].im = -0.8; // columns no longer orthogonal: their product is -0.96 i
    REQUIRE_NEAR(qhm_unitarity_error(2, u), 0.96, 1e-15);
    u[1].im = INFINITY;
    assert_true(isnan(qhm_unitarity_error(2, u)));
}

static void matrices_that_are_not_finite_are_refused(void **state)
{
    (void)state;
    qhm_complex a[4] = {{1, 0}, {0, 0}, {0, NAN}, {1, 0}}, vectors[4];
    double values[2];
    REQUIRE_FAILS(qhm_hermitian_eigen(2, a, values, vectors), QHM_ERROR_NUMERIC, "element 2");
    REQUIRE_FAILS(qhm_hermitian_evolution(2, a, 1, vectors), QHM_ERROR_NUMERIC, "element 2");
}

static qhm_status evolve(void *context)
{
    qhm_complex out[N * N];
    return qhm_hermitian_evolution(N, context, 1, out);
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    qhm_complex h[N * N];
    fill_hermitian(h, N);
    require_survives_failing_memory(evolve, h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eigenvectors_satisfy_their_equation),
        cmocka_unit_test(evolution_of_y_is_a_rotation),
        cmocka_unit_test(evolutions_compose),
        cmocka_unit_test(products_are_not_commuted),
        cmocka_unit_test(unitarity_is_measured),
        cmocka_unit_test(matrices_that_are_not_finite_are_refused),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
