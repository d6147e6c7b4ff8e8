// Density-matrix exponentiation against its closed form and known errors; components by circuits.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "linalg/complex_matrix.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/density_exponentiation.h>
#include <qhm/state_preparation.h>

static const qhm_complex rho[4] = {{.7, 0}, {.2, -.1}, {.2, .1}, {.3, 0}};
static const qhm_complex sigma[4] = {{.4, 0}, {0, .1}, {0, -.1}, {.6, 0}};

// Trace distance to e^{-i rho t} sigma e^{i rho t}; the difference is traceless and Hermitian.
static double distance(double time, size_t copies)
{
    qhm_complex u[4], v[4], x[4], exact[4], made[4];
    REQUIRE_OK(qhm_hermitian_evolution(2, rho, time, u));
    REQUIRE_OK(qhm_hermitian_evolution(2, rho, -time, v));
    qhm_complex_product(2, u, sigma, x);
    qhm_complex_product(2, x, v, exact);
    for (size_t i = 0; i < 4; i++)
        made[i] = sigma[i];
    REQUIRE_OK(qhm_density_exponentiate(2, rho, time, copies, made));
    const double re = made[1].re - exact[1].re, im = made[1].im - exact[1].im;
    return sqrt(pow(made[0].re - exact[0].re, 2) + re * re + im * im);
}

static void errors_fall_with_the_copies_as_known(void **state)
{
    (void)state;
    REQUIRE_NEAR(distance(1, 1), 0.28968243, 1e-8);
    REQUIRE_NEAR(distance(1, 10), 0.03893155, 1e-8);
    REQUIRE_NEAR(distance(1, 100), 0.00406305, 1e-8);
    REQUIRE_NEAR(distance(1, 1000), 0.00040812, 1e-8);
}

// e^{-i angle SWAP} = cos - i sin SWAP on asymmetric amplitudes, the phase too.
static void a_swap_is_exponentiated(void **state)
{
    (void)state;
    qhm_circuit *circuit, *swap;
    qhm_complex *before, *after;
    REQUIRE_OK(qhm_circuit_create(5, 0, &circuit));
    for (uint32_t q = 0; q < 4; q++) {
        const qhm_angle angles[3] = {qhm_angle_constant(0.7 + q), qhm_angle_constant(0.4 * q),
                                     qhm_angle_constant(0)};
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_U, &q, angles));
    }
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &before));
    REQUIRE_OK(qhm_swap_exponential_create(2, 0.3, &swap));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, swap, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &after));
    for (size_t i = 0; i < 16; i++) {
        const qhm_complex a = before[i], b = before[(i & 3) << 2 | i >> 2];
        REQUIRE_NEAR(after[i].re, cos(0.3) * a.re + sin(0.3) * b.im, 1e-12);
        REQUIRE_NEAR(after[i].im, cos(0.3) * a.im - sin(0.3) * b.re, 1e-12);
    }
    qhm_release(before);
    qhm_release(after);
    qhm_circuit_destroy(swap);
    qhm_circuit_destroy(circuit);
}

// Eigenvalues 3/4 and 1/4 of a diagonal state fit a clock of two bits with time 2 pi.
static void eigenvalues_come_with_their_probability(void **state)
{
    (void)state;
    const qhm_complex diagonal[4] = {{.75, 0}, {0, 0}, {0, 0}, {.25, 0}};
    const qhm_quantum_components_options fine = {2, 4000, 2 * M_PI};
    double p[4];
    REQUIRE_OK(qhm_quantum_components(2, diagonal, &fine, p));
    REQUIRE_NEAR(p[3], 0.75, 0.02);
    REQUIRE_NEAR(p[1], 0.25, 0.02);
    REQUIRE_NEAR(p[0] + p[1] + p[2] + p[3], 1, 1e-12);
}

static void circuits_agree_with_the_formula(void **state)
{
    (void)state;
    enum { SHOTS = 4000 };
    // A purification of a state of qubit 0.
    const qhm_complex amplitudes[4] = {{.8, 0}, {.3, 0}, {-.2, 0}, {.48, 0}};
    const qhm_quantum_components_options options = {2, 2, 4};
    qhm_complex reduced[4] = {{0, 0}};
    double p[4], norm = 0;
    qhm_circuit *load, *circuit;
    qhm_distribution *outcomes;
    qhm_ledger ledger = {0};
    for (size_t i = 0; i < 4; i++)
        norm += amplitudes[i].re * amplitudes[i].re;
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 2; j++)
            reduced[i].re += amplitudes[2 * j + i / 2].re * amplitudes[2 * j + i % 2].re / norm;
    REQUIRE_OK(qhm_quantum_components(2, reduced, &options, p));
    REQUIRE_OK(qhm_state_preparation_bind(2, QHM_STATE_REAL, amplitudes, &load));
    REQUIRE_OK(qhm_quantum_components_create(load, 1, &options, &circuit));
    REQUIRE_OK(qhm_counted_shots(circuit, SHOTS, 3, NULL, &ledger, &outcomes));
    for (uint64_t k = 0; k < 4; k++)
        REQUIRE_NEAR(qhm_distribution_weight(outcomes, &k) / SHOTS, p[k],
                     5 * sqrt(p[k] * (1 - p[k]) / SHOTS));
    assert_true(fabs(p[1] - p[3]) > 0.1); // a transform the other way round would exchange them
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(load);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_fall_with_the_copies_as_known),
        cmocka_unit_test(a_swap_is_exponentiated),
        cmocka_unit_test(eigenvalues_come_with_their_probability),
        cmocka_unit_test(circuits_agree_with_the_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
