// Evolution without a matrix against the matrix, known motions, and the bound of its error.
#include "algorithm/evolution_internal.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/observables.h"

#include <math.h>
#include <qhm/evolution.h>
#include <qhm/random.h>
#include <string.h>

// Asymmetric in its qubits, with all letters, and a constant.
static const char *const mixed =
    "0.7 Z0 Z1 + 0.3 X0 - 0.2 Y1 + 0.25 X1 Y2 + 0.4 - 0.6 Y0 Z3 X4 + 0.9 Y3 Y4";

static qhm_complex *random_state(size_t n)
{
    const size_t size = (size_t)1 << n;
    qhm_complex *state;
    double sum = 0;
    qhm_random random = qhm_random_stream(3, QHM_RANDOM_USER, n, 0, 0);
    REQUIRE_OK(qhm_allocate(size, sizeof *state, &state));
    for (size_t i = 0; i < size; i++) {
        state[i] = (qhm_complex){qhm_random_normal(&random), qhm_random_normal(&random)};
        sum += state[i].re * state[i].re + state[i].im * state[i].im;
    }
    for (size_t i = 0; i < size; i++)
        state[i] = (qhm_complex){state[i].re / sqrt(sum), state[i].im / sqrt(sum)};
    return state;
}

static double distance(size_t n, const qhm_complex *a, const qhm_complex *b)
{
    double sum = 0;
    for (size_t i = 0; i < (size_t)1 << n; i++)
        sum += pow(a[i].re - b[i].re, 2) + pow(a[i].im - b[i].im, 2);
    return sqrt(sum);
}

// The distance to the matrix exponential, from a state without symmetries.
static double error_of(const char *text, size_t n, double time, double tolerance,
                       qhm_evolution_accuracy *accuracy)
{
    const size_t size = (size_t)1 << n;
    const qhm_evolution_apply_options options = {.tolerance = tolerance};
    qhm_observable *h = parse_observable(text);
    qhm_complex *state = random_state(n), *matrix, *exact;
    REQUIRE_OK(qhm_allocate(size * size, sizeof *matrix, &matrix));
    REQUIRE_OK(qhm_allocate(size, sizeof *exact, &exact));
    REQUIRE_OK(qhm_evolution_matrix(n, h, time, matrix));
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) {
            const qhm_complex m = matrix[i * size + j], s = state[j];
            exact[i].re += m.re * s.re - m.im * s.im;
            exact[i].im += m.re * s.im + m.im * s.re;
        }
    REQUIRE_OK(qhm_evolution_apply(n, h, time, &options, state, accuracy));
    const double error = distance(n, state, exact);
    qhm_release(matrix);
    qhm_release(exact);
    qhm_release(state);
    qhm_observable_destroy(h);
    return error;
}

static void bessel_functions_are_those_of_the_library(void **state)
{
    (void)state;
    static const double values[] = {0, 1e-9, 0.3, 5, 37.5, 1000};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const double x = values[i];
        qhm_chebyshev_series series;
        double left_out = 0;
        REQUIRE_OK(qhm_chebyshev_series_create(x, 1e-9, &series));
        for (size_t k = 0; k < series.count; k++)
            REQUIRE_NEAR(series.coefficients[k], jn((int)k, x), 2e-13);
        for (size_t k = series.count; k < series.count + 200; k++)
            left_out += 2 * fabs(jn((int)k, x));
        REQUIRE_NEAR(series.error, left_out, 1e-13);
        assert_true(series.error <= 1e-9);
        assert_true(x < 1 || series.error + 2 * fabs(jn((int)series.count - 1, x)) > 1e-9);
        qhm_release(series.coefficients);
    }
}

static void states_are_those_of_the_matrix(void **state)
{
    (void)state;
    static const double times[] = {0, 0.01, 1, -1.7, 40};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        REQUIRE_NEAR(error_of(mixed, 5, times[i], 0, NULL), 0, 3e-12);
    REQUIRE_NEAR(error_of("0.5 Y0 Y7 - 0.3 Z0 Z1 Z2 + 0.2 X7 + 0.1 Y3", 8, 3, 0, NULL), 0, 3e-12);
    REQUIRE_NEAR(error_of("0.4", 1, 2, 0, NULL), 0, 1e-15); // a phase, without any product
    REQUIRE_NEAR(error_of("0 X0", 1, 2, 0, NULL), 0, 1e-15);
}

// Loose enough to be seen beside rounding, and not far below the bound.
static void errors_keep_to_their_bound(void **state)
{
    (void)state;
    static const double tolerances[] = {0.1, 1e-3, 1e-6};
    size_t before = 0;
    for (size_t i = 0; i < sizeof tolerances / sizeof tolerances[0]; i++) {
        qhm_evolution_accuracy accuracy;
        const double error = error_of(mixed, 5, 2, tolerances[i], &accuracy);
        assert_true(accuracy.error_bound <= tolerances[i]);
        assert_true(error <= accuracy.error_bound + 1e-13);
        assert_true(error > 1e-9 * tolerances[i]);
        assert_true(accuracy.products > before);
        before = accuracy.products;
    }
}

// Spins that do not meet turn each at its rate, on more qubits than a matrix has.
static void many_spins_turn_at_their_rates(void **state)
{
    (void)state;
    enum { SPINS = 12 };
    const double time = 1.9;
    char text[512] = "";
    for (int q = 0; q < SPINS; q++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%g %c%d", q > 0 ? " + " : "",
                 0.1 + 0.07 * q, q % 2 ? 'Y' : 'X', q);
    qhm_observable *h = parse_observable(text);
    qhm_complex *made;
    REQUIRE_OK(qhm_allocate((size_t)1 << SPINS, sizeof *made, &made));
    made[0].re = 1;
    REQUIRE_OK(qhm_evolution_apply(SPINS, h, time, NULL, made, NULL));
    for (size_t b = 0; b < (size_t)1 << SPINS; b++) {
        qhm_complex expected = {1, 0};
        for (int q = 0; q < SPINS; q++) {
            const double angle = time * (0.1 + 0.07 * q), s = sin(angle);
            const bool is_set = b >> q & 1;
            if (!is_set)
                expected = (qhm_complex){expected.re * cos(angle), expected.im * cos(angle)};
            else if (q % 2) // exp(-i a Y)|0> = cos a |0> + sin a |1>
                expected = (qhm_complex){expected.re * s, expected.im * s};
            else // exp(-i a X)|0> = cos a |0> - i sin a |1>
                expected = (qhm_complex){expected.im * s, -expected.re * s};
        }
        REQUIRE_NEAR(made[b].re, expected.re, 2e-12);
        REQUIRE_NEAR(made[b].im, expected.im, 2e-12);
    }
    qhm_release(made);
    qhm_observable_destroy(h);
}

static void the_bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    enum { QUBITS = 15 }; // several blocks
    const unsigned count = qhm_parallel_thread_count();
    qhm_observable *h = parse_observable("0.7 Z0 Z14 + 0.3 X5 - 0.2 Y14 X2");
    qhm_complex *one = random_state(QUBITS), *three = random_state(QUBITS);
    qhm_parallel_set_thread_count(1);
    REQUIRE_OK(qhm_evolution_apply(QUBITS, h, 2, NULL, one, NULL));
    qhm_parallel_set_thread_count(3);
    REQUIRE_OK(qhm_evolution_apply(QUBITS, h, 2, NULL, three, NULL));
    qhm_parallel_set_thread_count(count);
    assert_memory_equal(one, three, sizeof *one << QUBITS);
    qhm_release(one);
    qhm_release(three);
    qhm_observable_destroy(h);
}

static void what_cannot_be_done_is_refused_and_leaves_the_state(void **state)
{
    (void)state;
    qhm_observable *h = parse_observable("X0 + Z0");
    qhm_complex s[2] = {{0.6, 0}, {0, 0.8}};
    qhm_evolution_apply_options options = {.most_products = 50};
    REQUIRE_FAILS(qhm_evolution_apply(1, h, 1e300, &options, s, NULL), QHM_ERROR_RESOURCE_LIMIT,
                  "more than 50 products");
    REQUIRE_FAILS(qhm_evolution_apply(1, h, 20, &options, s, NULL), QHM_ERROR_RESOURCE_LIMIT,
                  "products are needed, more than 50");
    options.tolerance = 2;
    REQUIRE_FAILS(qhm_evolution_apply(1, h, 1, &options, s, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "tolerance is 2");
    REQUIRE_FAILS(qhm_evolution_apply(0, h, 1, NULL, s, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "qubit_count is 0, the hamiltonian's 1");
    REQUIRE_FAILS(qhm_evolution_apply(31, h, 1, NULL, s, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "qubit_count is 31, not 1 to 30");
    REQUIRE_FAILS(qhm_evolution_apply(1, h, NAN, NULL, s, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "time");
    REQUIRE_NEAR(s[0].re, 0.6, 0);
    REQUIRE_NEAR(s[1].im, 0.8, 0);
    qhm_observable_destroy(h);
}

static qhm_status apply_once(void *context)
{
    qhm_complex s[2] = {{1, 0}, {0, 0}};
    return qhm_evolution_apply(1, context, 1, NULL, s, NULL);
}

static void failing_memory_leaves_nothing_behind(void **state)
{
    (void)state;
    qhm_observable *h = parse_observable("X0");
    require_survives_failing_memory(apply_once, h);
    qhm_observable_destroy(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bessel_functions_are_those_of_the_library),
        cmocka_unit_test(states_are_those_of_the_matrix),
        cmocka_unit_test(errors_keep_to_their_bound),
        cmocka_unit_test(many_spins_turn_at_their_rates),
        cmocka_unit_test(the_bits_do_not_depend_on_threads),
        cmocka_unit_test(what_cannot_be_done_is_refused_and_leaves_the_state),
        cmocka_unit_test(failing_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
