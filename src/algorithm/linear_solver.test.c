// The linear solver against systems whose probabilities and solutions are known.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/linear_solver.h>

static const double small[] = {1, -1.0 / 3, -1.0 / 3, 1};
static const double cao[] = {15. / 4, 9. / 4, 5. / 4,  -3. / 4, 9. / 4,  15. / 4, 3. / 4,  -5. / 4,
                             5. / 4,  3. / 4, 15. / 4, -9. / 4, -3. / 4, -5. / 4, -9. / 4, 15. / 4};

// x [2^n]: the amplitudes where the ancilla is 1 and the clock 0; returns P(ancilla 1).
static double solve(size_t n, const double *matrix, const double *b,
                    const qhm_linear_solver_options *options, qhm_complex *x)
{
    qhm_circuit *circuit;
    qhm_complex *state;
    REQUIRE_OK(qhm_linear_solver_create(n, matrix, b, options, &circuit));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &state));
    const size_t kept = (size_t)1 << (n + options->clock_qubits);
    double p = 0;
    for (size_t i = kept; i < 2 * kept; i++)
        p += state[i].re * state[i].re + state[i].im * state[i].im;
    for (size_t i = 0; i < (size_t)1 << n; i++)
        x[i] = state[kept + i];
    qhm_release(state);
    qhm_circuit_destroy(circuit);
    return p;
}

// A = [[1, -1/3], [-1/3, 1]], b = (0, 1): x = (3/8, 9/8), P(1) = 5/8.
static void two_equations_are_solved(void **state)
{
    (void)state;
    qhm_complex x[2];
    const double b[] = {0, 1};
    const qhm_linear_solver_options options = {2, 2 * M_PI * 3 / 8, 2.0 / 3, false};
    const double p = solve(1, small, b, &options, x);
    REQUIRE_NEAR(p, 0.625, 1e-12);
    REQUIRE_NEAR(x[0].re / sqrt(p), 0.31622777, 1e-8);
    REQUIRE_NEAR(x[1].re / sqrt(p), 0.9486833, 1e-7);
    REQUIRE_NEAR(x[1].re / options.constant, 9.0 / 8, 1e-12); // the length is not lost
}

// Cao and others' four equations; their matrix is not symmetric in its qubits.
static void four_equations_are_solved(void **state)
{
    (void)state;
    qhm_complex x[4];
    const double b[] = {0.5, 0.5, 0.5, 0.5}, known[] = {-1, 7, 11, 13};
    const qhm_linear_solver_options options = {4, 2 * M_PI / 16, 1, false};
    REQUIRE_NEAR(solve(2, cao, b, &options, x), 85.0 / 256, 1e-12);
    for (size_t i = 0; i < 4; i++) {
        REQUIRE_NEAR(x[i].re, known[i] / 32, 1e-12);
        REQUIRE_NEAR(x[i].im, 0, 1e-12);
    }
}

static void a_clock_that_does_not_fit_errs_as_known(void **state)
{
    (void)state;
    static const size_t clocks[] = {3, 4, 5, 6, 8};
    static const double known[] = {0.40394048, 0.36921336, 0.35260528, 0.35305460, 0.35278017};
    const double b[] = {0, 1};
    qhm_complex x[2];
    for (size_t i = 0; i < 5; i++) {
        const qhm_linear_solver_options options = {clocks[i], 2 * M_PI * 0.6, 0.5, false};
        REQUIRE_NEAR(solve(1, small, b, &options, x), known[i], 1e-8);
    }
}

// Eigenvalues 1 and -1: x = (2, 1) for b = (1, 2); an unsigned clock would give another sign.
static void negative_eigenvalues_keep_their_sign(void **state)
{
    (void)state;
    const double flip[] = {0, 1, 1, 0}, mixed[] = {0, 1, 1, 0.5}, b[] = {1, 2};
    qhm_complex x[2];
    const qhm_linear_solver_options options = {3, M_PI / 4, 1, true};
    solve(1, flip, b, &options, x);
    REQUIRE_NEAR(x[0].re * sqrt(5), 2, 1e-12);
    REQUIRE_NEAR(x[1].re * sqrt(5), 1, 1e-12);
    qhm_circuit *circuit = NULL;
    const qhm_linear_solver_options positive = {3, M_PI / 4, 1, false};
    REQUIRE_FAILS(qhm_linear_solver_create(1, mixed, b, &positive, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "wrap around");
}

// With 4/3 t at 2 pi and more, 4/3 would be read as 0 and more.
static void eigenvalues_that_wrap_are_refused(void **state)
{
    (void)state;
    const double b[] = {0, 1}, zero[] = {0, 0}, crooked[] = {1, 2, 3, 4};
    qhm_circuit *circuit = NULL;
    const qhm_linear_solver_options long_time = {4, 2 * M_PI * 0.76, 0.5, false};
    const qhm_linear_solver_options fine = {4, 2 * M_PI * 0.6, 0.5, false};
    REQUIRE_FAILS(qhm_linear_solver_create(1, small, b, &long_time, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "wrap around");
    REQUIRE_FAILS(qhm_linear_solver_create(1, small, zero, &fine, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "");
    REQUIRE_FAILS(qhm_linear_solver_create(1, crooked, b, &fine, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "not symmetric");
    REQUIRE_FAILS(qhm_linear_solver_create(5, small, b, &fine, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit_count is 5");
    assert_null(circuit);
}

static void conjugate_gradients_agree(void **state)
{
    (void)state;
    const double b[] = {0.5, 0.5, 0.5, 0.5}, known[] = {-1, 7, 11, 13}, flip[] = {0, 1, 1, 0};
    double x[4];
    size_t iterations;
    REQUIRE_OK(qhm_conjugate_gradients(4, cao, b, 1e-12, x, &iterations));
    for (size_t i = 0; i < 4; i++)
        REQUIRE_NEAR(x[i], known[i] / 32, 1e-11);
    assert_true(iterations <= 5);
    REQUIRE_FAILS(qhm_conjugate_gradients(2, flip, (double[]){1, 0}, 1e-12, x, NULL),
                  QHM_ERROR_NUMERIC, "positive definite");
}

// -x'' = 1 on 2,000 points: x_i = (i + 1) (n - i) / 2. A dense matrix would have 4 million entries.
static void sparse_gradients_take_large_systems(void **state)
{
    (void)state;
    enum { N = 2000 };
    static size_t starts[N + 1], columns[3 * N];
    static double values[3 * N], b[N], x[N];
    size_t count = 0, iterations;
    for (size_t i = 0; i < N; i++) {
        for (size_t j = i > 0 ? i - 1 : 0; j <= i + 1 && j < N; j++) {
            columns[count] = j;
            values[count++] = i == j ? 2 : -1;
        }
        starts[i + 1] = count;
        b[i] = 1;
    }
    REQUIRE_OK(qhm_sparse_conjugate_gradients(N, starts, columns, values, b, 1e-9, x, &iterations));
    for (size_t i = 0; i < N; i++)
        REQUIRE_NEAR(x[i] / ((double)(i + 1) * (double)(N - i) / 2), 1, 1e-5);
    assert_true(iterations <= N);
    columns[5] = N;
    REQUIRE_FAILS(
        qhm_sparse_conjugate_gradients(N, starts, columns, values, b, 1e-9, x, &iterations),
        QHM_ERROR_INVALID_ARGUMENT, "columns[5] is 2000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_equations_are_solved),
        cmocka_unit_test(four_equations_are_solved),
        cmocka_unit_test(a_clock_that_does_not_fit_errs_as_known),
        cmocka_unit_test(negative_eigenvalues_keep_their_sign),
        cmocka_unit_test(eigenvalues_that_wrap_are_refused),
        cmocka_unit_test(conjugate_gradients_agree),
        cmocka_unit_test(sparse_gradients_take_large_systems),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
