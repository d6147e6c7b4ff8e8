// Block encodings against their matrices, polynomials of them, and phases.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/block_encoding.h>

static double chebyshev(size_t degree, double x)
{
    return cos((double)degree * acos(x));
}

// The amplitude of |basis>, ancillas 0, from |basis>.
static qhm_complex diagonal(const qhm_circuit *circuit, uint32_t basis)
{
    qhm_circuit *test;
    qhm_complex *state;
    REQUIRE_OK(qhm_circuit_create(qhm_circuit_qubit_count(circuit), 0, &test));
    for (uint32_t q = 0; q < 2; q++)
        if (basis >> q & 1)
            REQUIRE_OK(qhm_circuit_append(test, QHM_GATE_X, &q, NULL));
    REQUIRE_OK(qhm_circuit_append_circuit(test, circuit, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_counted_state(test, NULL, &state));
    const qhm_complex value = state[basis];
    qhm_release(state);
    qhm_circuit_destroy(test);
    return value;
}

static void zero_phases_give_chebyshev_polynomials(void **state)
{
    (void)state;
    const double zero[9] = {0};
    static const size_t degrees[] = {2, 3, 4, 5, 8};
    static const double known[] = {-0.7262, -0.907388, 0.05473288, 0.9478903312, -0.9940086237};
    for (size_t i = 0; i < 5; i++)
        REQUIRE_NEAR(qhm_signal_response(degrees[i], zero, 0.37).re, known[i], 1e-10);
}

// X first on |00>: the block of [X0 Z1, Z0 and a negative constant] has both signs.
static void sums_are_encoded_with_their_signs(void **state)
{
    (void)state;
    qhm_observable *sum;
    qhm_circuit *circuit;
    double norm;
    REQUIRE_OK(qhm_observable_parse("0.5 Z0 - 0.3 Z1 + 0.4 X0 Z1 - 0.2", &sum));
    REQUIRE_OK(qhm_block_encoding_create(2, sum, &norm, &circuit));
    REQUIRE_NEAR(norm, 1.4, 1e-12);
    static const double known[] = {0, -1, 0.6, -0.4}; // 0.5 z0 - 0.3 z1 - 0.2
    for (uint32_t basis = 0; basis < 4; basis++) {
        const qhm_complex value = diagonal(circuit, basis);
        REQUIRE_NEAR(value.re, known[basis] / norm, 1e-12);
        REQUIRE_NEAR(value.im, 0, 1e-12);
    }
    qhm_circuit_destroy(circuit);
    qhm_observable_destroy(sum);
}

// 0.685 Z0 - 0.315 Z1 is 0.37 on |00> and 1 on |10>; both parities and a found polynomial.
static void polynomials_act_on_eigenvalues(void **state)
{
    (void)state;
    const double zero[6] = {0}, coefficients[6] = {0, 0.3, 0, -0.25, 0, 0.2};
    double norm, phases[6];
    qhm_observable *sum;
    qhm_circuit *encoding, *circuit;
    REQUIRE_OK(qhm_observable_parse("0.685 Z0 - 0.315 Z1", &sum));
    REQUIRE_OK(qhm_block_encoding_create(2, sum, &norm, &encoding));
    for (size_t degree = 1; degree <= 5; degree++) {
        REQUIRE_OK(qhm_singular_transform_create(encoding, 2, degree, zero, &circuit));
        REQUIRE_NEAR(diagonal(circuit, 0).re, chebyshev(degree, 0.37), 1e-12);
        REQUIRE_NEAR(diagonal(circuit, 3).re, chebyshev(degree, -0.37), 1e-12);
        REQUIRE_NEAR(diagonal(circuit, 2).re, 1, 1e-12);
        qhm_circuit_destroy(circuit);
    }
    REQUIRE_OK(qhm_signal_phases_find(5, coefficients, phases));
    REQUIRE_OK(qhm_singular_transform_create(encoding, 2, 5, phases, &circuit));
    double expected = 0;
    for (size_t k = 0; k < 6; k++)
        expected += coefficients[k] * chebyshev(k, 0.37);
    REQUIRE_NEAR(diagonal(circuit, 0).re, expected, 1e-11);
    REQUIRE_NEAR(diagonal(circuit, 0).im, 0, 1e-11);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(encoding);
    qhm_observable_destroy(sum);
}

// cos(t x) to degree 60 by its Bessel coefficients, as large as it goes and a quarter of that.
static void phases_of_long_polynomials_are_found(void **state)
{
    (void)state;
    enum { DEGREE = 60 };
    const double time = 20;
    for (double scale = 1; scale > 0.2; scale -= 0.75) {
        double coefficients[DEGREE + 1] = {0}, phases[DEGREE + 1];
        for (int k = 0; k <= DEGREE; k += 2)
            coefficients[k] = scale * (k > 0 ? 2 : 1) * (k % 4 ? -1 : 1) * jn(k, time);
        REQUIRE_OK(qhm_signal_phases_find(DEGREE, coefficients, phases));
        for (double x = -1; x <= 1; x += 0.125)
            REQUIRE_NEAR(qhm_signal_response(DEGREE, phases, x).re, scale * cos(time * x), 3e-10);
    }
}

static void chebyshev_polynomials_have_phases_of_either_sign(void **state)
{
    (void)state;
    double phases[4];
    REQUIRE_OK(qhm_signal_phases_find(3, (double[]){0, 0, 0, -1}, phases));
    REQUIRE_NEAR(qhm_signal_response(3, phases, 0.37).re, 0.907388, 1e-10);
}

// x^2 by hand: e^{-i pi/8 Z} W e^{i pi/4 Z} W e^{-i pi/8 Z}. Its derivatives are singular there.
static void a_polynomial_that_reaches_one_has_its_phases(void **state)
{
    (void)state;
    double phases[3];
    REQUIRE_OK(qhm_signal_phases_find(2, (double[]){0.5, 0, 0.5}, phases));
    REQUIRE_NEAR(phases[0], -M_PI / 8, 1e-5);
    REQUIRE_NEAR(phases[1], M_PI / 4, 1e-5);
    REQUIRE_NEAR(phases[2], -M_PI / 8, 1e-5);
    for (double x = -1; x <= 1; x += 0.125)
        REQUIRE_NEAR(qhm_signal_response(2, phases, x).re, x * x, 1e-10);
}

// x^degree, whose coefficients are binomials over 2^(degree - 1): up to 1, just below, well below.
static void powers_of_any_size_have_phases(void **state)
{
    (void)state;
    enum { MOST = 41 };
    static const double scales[] = {1, -1, 1 - 1e-9, 0.999, 0.5, 1e-12, 0};
    for (int degree = 1; degree <= MOST; degree += degree < 8 ? 1 : 11)
        for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++) {
            double coefficients[MOST + 1] = {0}, phases[MOST + 1];
            for (int k = 0; 2 * k <= degree; k++)
                coefficients[degree - 2 * k] = scales[i] * (2 * k == degree ? 1 : 2) *
                                               exp(lgamma(degree + 1) - lgamma(k + 1) -
                                                   lgamma(degree - k + 1) - degree * log(2));
            REQUIRE_OK(qhm_signal_phases_find((size_t)degree, coefficients, phases));
            for (double x = -1; x <= 1; x += 0.0625)
                REQUIRE_NEAR(qhm_signal_response((size_t)degree, phases, x).re,
                             scales[i] * pow(x, degree), 3e-10);
        }
}

static void impossible_polynomials_are_refused(void **state)
{
    (void)state;
    double phases[3];
    REQUIRE_FAILS(qhm_signal_phases_find(2, (double[]){0.1, 0.1, 0.1}, phases),
                  QHM_ERROR_INVALID_ARGUMENT, "one parity");
    REQUIRE_FAILS(qhm_signal_phases_find(2, (double[]){0.7, 0, 0.5}, phases),
                  QHM_ERROR_INVALID_ARGUMENT, "beyond 1");
    // Beyond 1 between the angles that are looked at first: 0.9993 at 52.5 degrees, more at 53.7.
    REQUIRE_FAILS(qhm_signal_phases_find(3, (double[]){0, 0.7281, 0, -0.6019}, (double[4]){0}),
                  QHM_ERROR_INVALID_ARGUMENT, "the polynomial is 1.000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zero_phases_give_chebyshev_polynomials),
        cmocka_unit_test(sums_are_encoded_with_their_signs),
        cmocka_unit_test(polynomials_act_on_eigenvalues),
        cmocka_unit_test(phases_of_long_polynomials_are_found),
        cmocka_unit_test(chebyshev_polynomials_have_phases_of_either_sign),
        cmocka_unit_test(a_polynomial_that_reaches_one_has_its_phases),
        cmocka_unit_test(powers_of_any_size_have_phases),
        cmocka_unit_test(impossible_polynomials_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
