// Product formulas against the exact exponential, their orders, and phases under control.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/observables.h"

#include <math.h>
#include <qhm/evolution.h>

// Asymmetric in its qubits, with all letters, and a constant.
static const char *const mixed = "0.7 Z0 Z1 + 0.3 X0 - 0.2 Y1 + 0.25 X1 Y2 + 0.4";

// A state without symmetries, then the evolution.
static qhm_complex *evolve(size_t n, const qhm_observable *h, const qhm_evolution_options *options)
{
    qhm_circuit *circuit, *part = NULL;
    qhm_complex *state;
    REQUIRE_OK(qhm_circuit_create(n, 0, &circuit));
    for (uint32_t q = 0; q < n; q++) {
        const qhm_angle angles[3] = {qhm_angle_constant(0.9 + q), qhm_angle_constant(0.3 + q),
                                     qhm_angle_constant(0)};
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_U, &q, angles));
    }
    if (options) {
        REQUIRE_OK(qhm_evolution_create(n, h, options, &part));
        REQUIRE_OK(qhm_circuit_append_circuit(circuit, part, NULL, NULL, 0, 0));
    }
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &state));
    qhm_circuit_destroy(part);
    qhm_circuit_destroy(circuit);
    return state;
}

static qhm_complex *evolve_exactly(size_t n, const qhm_observable *h, double time)
{
    const size_t size = (size_t)1 << n;
    qhm_complex *matrix, *out, *start = evolve(n, h, NULL);
    REQUIRE_OK(qhm_allocate(size * size, sizeof *matrix, &matrix));
    REQUIRE_OK(qhm_allocate(size, sizeof *out, &out));
    REQUIRE_OK(qhm_evolution_matrix(n, h, time, matrix));
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) {
            const qhm_complex m = matrix[i * size + j], s = start[j];
            out[i].re += m.re * s.re - m.im * s.im;
            out[i].im += m.re * s.im + m.im * s.re;
        }
    qhm_release(matrix);
    qhm_release(start);
    return out;
}

// The distance of states, phases included.
static double error_of(const char *text, size_t n, const qhm_evolution_options *options)
{
    qhm_observable *h = parse_observable(text);
    qhm_complex *made = evolve(n, h, options), *exact = evolve_exactly(n, h, options->time);
    double sum = 0;
    for (size_t i = 0; i < (size_t)1 << n; i++)
        sum += pow(made[i].re - exact[i].re, 2) + pow(made[i].im - exact[i].im, 2);
    qhm_release(made);
    qhm_release(exact);
    qhm_observable_destroy(h);
    return sqrt(sum);
}

static void strings_that_commute_are_exact(void **state)
{
    (void)state;
    for (int method = 0; method < QHM_EVOLUTION_QDRIFT; method++) {
        const qhm_evolution_options options = {.time = 1.3, .method = (qhm_evolution_method)method};
        REQUIRE_NEAR(error_of("0.6 Z0 Z1 - 0.3 X0 X1 + 0.2 Y0 Y1 + 0.4", 3, &options), 0, 1e-12);
        REQUIRE_NEAR(error_of("-0.8 Y0 X1 Z2", 3, &options), 0, 1e-12);
    }
}

static void errors_fall_by_their_order(void **state)
{
    (void)state;
    static const double orders[] = {1, 2, 4};
    for (int method = 0; method < QHM_EVOLUTION_QDRIFT; method++) {
        qhm_evolution_options options = {
            .time = 1, .method = (qhm_evolution_method)method, .steps = 8};
        const double coarse = error_of(mixed, 3, &options);
        options.steps = 16;
        REQUIRE_NEAR(log2(coarse / error_of(mixed, 3, &options)), orders[method], 0.15);
    }
}

// <Z> = cos 2t under H = X: a wrong sign or a missing 2 of the rotation fails.
static void a_spin_turns_at_its_rate(void **state)
{
    (void)state;
    qhm_observable *h = parse_observable("X0");
    qhm_circuit *circuit;
    qhm_complex *s;
    REQUIRE_OK(qhm_evolution_create(1, h, &(qhm_evolution_options){.time = 0.4}, &circuit));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &s));
    REQUIRE_NEAR(s[0].re, cos(0.4), 1e-12);
    REQUIRE_NEAR(s[1].im, -sin(0.4), 1e-12);
    qhm_release(s);
    qhm_circuit_destroy(circuit);
    qhm_observable_destroy(h);
}

// exp(-i 0.7) on everything is exp(-i 0.7) on |1> of a control.
static void a_controlled_constant_is_seen(void **state)
{
    (void)state;
    qhm_observable *h = parse_observable("1");
    qhm_circuit *circuit, *controlled, *test;
    qhm_complex *s;
    REQUIRE_OK(qhm_evolution_create(1, h, &(qhm_evolution_options){.time = 0.7}, &circuit));
    REQUIRE_OK(qhm_circuit_control(circuit, 1, &controlled));
    REQUIRE_OK(qhm_circuit_create(2, 0, &test));
    REQUIRE_OK(qhm_circuit_append(test, QHM_GATE_H, (uint32_t[]){1}, NULL));
    REQUIRE_OK(qhm_circuit_append_circuit(test, controlled, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_counted_state(test, NULL, &s));
    REQUIRE_NEAR(s[0].re, sqrt(0.5), 1e-12);
    REQUIRE_NEAR(s[2].re, sqrt(0.5) * cos(0.7), 1e-12);
    REQUIRE_NEAR(s[2].im, -sqrt(0.5) * sin(0.7), 1e-12);
    qhm_release(s);
    qhm_circuit_destroy(test);
    qhm_circuit_destroy(controlled);
    qhm_circuit_destroy(circuit);
    qhm_observable_destroy(h);
}

// The mean state over circuits keeps within Campbell's bound, and signs are kept.
static void drawn_circuits_are_right_on_average(void **state)
{
    (void)state;
    enum { CIRCUITS = 300 };
    const double time = 0.5, weight = 1.1;
    const size_t steps = 40;
    qhm_observable *h = parse_observable("0.5 Z0 Z1 - 0.4 X0 + 0.2 Y1");
    qhm_complex *exact = evolve_exactly(2, h, time);
    double mean = 0, squares = 0;
    for (uint64_t c = 0; c < CIRCUITS; c++) {
        qhm_complex *s = evolve(2, h,
                                &(qhm_evolution_options){.time = time,
                                                         .method = QHM_EVOLUTION_QDRIFT,
                                                         .steps = steps,
                                                         .seed = 5,
                                                         .stream = c});
        double re = 0, im = 0;
        for (size_t i = 0; i < 4; i++) {
            re += exact[i].re * s[i].re + exact[i].im * s[i].im;
            im += exact[i].re * s[i].im - exact[i].im * s[i].re;
        }
        mean += (re * re + im * im) / CIRCUITS;
        squares += pow(re * re + im * im, 2) / CIRCUITS;
        qhm_release(s);
    }
    const double deviation = sqrt(fmax(0, squares - mean * mean) / CIRCUITS);
    const double bound = 2 * pow(weight * time, 2) / (double)steps;
    assert_true(1 - mean < bound + 5 * deviation);
    assert_true(1 - mean > 1e-6);
    qhm_release(exact);
    qhm_observable_destroy(h);
}

static void ill_posed_evolutions_are_refused(void **state)
{
    (void)state;
    qhm_observable *h = parse_observable("Z3"), *nothing;
    qhm_circuit *circuit = NULL;
    REQUIRE_OK(qhm_observable_create(&nothing));
    REQUIRE_FAILS(qhm_evolution_create(2, h, &(qhm_evolution_options){.time = 1}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit_count is 2, the hamiltonian's 4");
    REQUIRE_FAILS(qhm_evolution_create(4, h, &(qhm_evolution_options){.time = NAN}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "time");
    REQUIRE_FAILS(qhm_evolution_create(4, nothing, &(qhm_evolution_options){.time = 1}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "no terms");
    assert_null(circuit);
    qhm_observable_destroy(h);
    qhm_observable_destroy(nothing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_that_commute_are_exact),
        cmocka_unit_test(errors_fall_by_their_order),
        cmocka_unit_test(a_spin_turns_at_its_rate),
        cmocka_unit_test(a_controlled_constant_is_seen),
        cmocka_unit_test(drawn_circuits_are_right_on_average),
        cmocka_unit_test(ill_posed_evolutions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
