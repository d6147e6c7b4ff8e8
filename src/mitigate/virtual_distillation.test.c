// Virtual distillation: against the squared density matrix.
#include "support/checks.h"
#include "support/density_executor.h"
#include "support/reference_simulator.h"

#include <qhm/mitigation.h>

static double distilled(qhm_executor *inner, const double *p, const qhm_circuit *circuit,
                        const char *observable, size_t shots, uint64_t seed, double *variance,
                        qhm_overhead *overhead)
{
    qhm_executor *executor;
    REQUIRE_OK(qhm_executor_mitigate(
        inner, "distillation",
        &(qhm_mitigation_options){.before = p ? density_depolarize : NULL, .before_context = p},
        &executor));
    const double value =
        executor_value(executor, circuit, observable, shots, seed, variance, overhead);
    qhm_executor_destroy(executor);
    return value;
}

// Eigenvalues 0.9 and 0.1: <Z> goes from 0.8 to 0.8 / 0.82.
static void a_mixed_qubit_is_purified(void **state)
{
    (void)state;
    const double p[2] = {0.2, 0}; // of Z, so that |0> stays with 0.9
    density_executor plain = {0};
    qhm_executor *inner = density_executor_create(&plain);
    qhm_circuit *circuit;
    qhm_overhead overhead;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_Z, (uint32_t[]){0}, NULL));
    REQUIRE_NEAR(distilled(inner, p, circuit, "Z0", 0, 0, NULL, &overhead), 0.8 / 0.82, 1e-12);
    REQUIRE_NEAR(0.8 / 0.82, 0.97561, 5e-6);
    REQUIRE_NEAR(overhead.sampling, 1 / (0.82 * 0.82), 1e-9);
    assert_int_equal(overhead.circuits, 3); // two of them to calibrate readout
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(inner);
}

// tr(rho^2 O) / tr(rho^2), by matrices.
static double squared_value(const qhm_circuit *circuit, const double *p, const char *observable)
{
    qhm_circuit *noisy;
    qhm_observable *o;
    REQUIRE_OK(density_depolarize(p, circuit, &noisy));
    const size_t qubits = qhm_circuit_qubit_count(circuit), n = (size_t)1 << qubits;
    qhm_complex *rho = density_run(noisy, NULL, NULL), *square = reference_multiply(rho, rho, n);
    REQUIRE_OK(qhm_observable_parse(observable, &o));
    qhm_complex *matrix = reference_observable_matrix(o, qubits);
    qhm_complex *product = reference_multiply(square, matrix, n);
    double value = 0, purity = 0;
    for (size_t i = 0; i < n; i++) {
        value += product[i * n + i].re;
        purity += square[i * n + i].re;
    }
    qhm_observable_destroy(o);
    qhm_circuit_destroy(noisy);
    free(rho);
    free(square);
    free(matrix);
    free(product);
    return value / purity;
}

static void values_are_those_of_the_squared_state(void **state)
{
    (void)state;
    const double p[2] = {0.01, 0.06};
    density_executor plain = {0}, noisy = {.change = density_depolarize, .change_context = p};
    qhm_executor *inner = density_executor_create(&plain), *raw = density_executor_create(&noisy);
    const char *const texts[] = {"Z0", "Z1", "X0", "Y1", "Z0 Z1", "X0 Y1", "0.5 + Y0 Y1 - 2 X1"};
    for (uint64_t seed = 0; seed < 3; seed++) {
        qhm_circuit *circuit = layered_circuit(2, 2, seed);
        double before = 0, after = 0;
        for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
            const double value = distilled(inner, p, circuit, texts[t], 0, 0, NULL, NULL);
            const double ideal = ideal_value(circuit, texts[t]);
            REQUIRE_NEAR(value, squared_value(circuit, p, texts[t]), 1e-10);
            before += fabs(executor_value(raw, circuit, texts[t], 0, 0, NULL, NULL) - ideal);
            after += fabs(value - ideal);
        }
        assert_true(after < 0.5 * before);
        qhm_circuit_destroy(circuit);
    }
    qhm_executor_destroy(inner);
    qhm_executor_destroy(raw);
}

// Errors that turn the state as a whole are its largest eigenvector: they stay.
static void turns_stay(void **state)
{
    (void)state;
    density_executor plain = {0};
    qhm_executor *inner = density_executor_create(&plain);
    qhm_circuit *circuit;
    const qhm_angle wrong = qhm_angle_constant(0.4);
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &wrong));
    REQUIRE_NEAR(distilled(inner, NULL, circuit, "Z0", 0, 0, NULL, NULL), cos(0.4), 1e-12);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(inner);
}

// The same value as with perfect readout, with flips that are measured or given; uncorrected, such
// flips raise it past the ideal one.
static void wrong_readout_is_corrected(void **state)
{
    (void)state;
    const double p[2] = {0.02, 0.05};
    const double flips[4][2] = {{0.02, 0.05}, {0.04, 0.01}, {0.03, 0.1}, {0, 0.08}};
    density_executor plain = {0}, wrong = {.flips = flips};
    qhm_executor *inner = density_executor_create(&plain);
    qhm_executor *reading = density_executor_create(&wrong), *told;
    REQUIRE_OK(qhm_executor_mitigate(
        reading, "distillation",
        &(qhm_mitigation_options){.before = density_depolarize,
                                  .before_context = p,
                                  .readout = {.flips = flips, .flip_count = 4}},
        &told));
    qhm_circuit *circuit = layered_circuit(2, 1, 4);
    const char *const texts[] = {"Z0", "X1", "Y0 Z1"};
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        const double expected = distilled(inner, p, circuit, texts[t], 0, 0, NULL, NULL);
        qhm_overhead overhead;
        REQUIRE_NEAR(distilled(reading, p, circuit, texts[t], 0, 0, NULL, NULL), expected, 1e-9);
        REQUIRE_NEAR(executor_value(told, circuit, texts[t], 0, 0, NULL, &overhead), expected,
                     1e-9);
        assert_int_equal(overhead.circuits, 1);
    }
    double variance;
    const double drawn = distilled(reading, p, circuit, "Z0", 40000, 5, &variance, NULL);
    REQUIRE_NEAR(drawn, squared_value(circuit, p, "Z0"), 5 * sqrt(variance) + 0.01);
    qhm_executor *few;
    REQUIRE_OK(qhm_executor_mitigate(
        reading, "distillation",
        &(qhm_mitigation_options){.readout = {.flips = flips, .flip_count = 3}}, &few));
    qhm_observable *observable;
    REQUIRE_OK(qhm_observable_parse("Z0", &observable));
    double value;
    qhm_execution e = {.circuit = circuit,
                       .observables = (const qhm_observable *const[]){observable},
                       .observable_count = 1,
                       .values = &value};
    REQUIRE_FAILS(qhm_executor_run(few, &e), QHM_ERROR_INVALID_ARGUMENT,
                  "flips are of 3 qubits, two copies of the circuit have 4");
    qhm_observable_destroy(observable);
    qhm_executor_destroy(few);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(told);
    qhm_executor_destroy(reading);
    qhm_executor_destroy(inner);
}

static void ratios_have_the_spread_that_is_told(void **state)
{
    (void)state;
    const double p[2] = {0.05, 0.15};
    density_executor plain = {0};
    qhm_executor *inner = density_executor_create(&plain);
    qhm_circuit *circuit = layered_circuit(2, 1, 2);
    enum { REPETITIONS = 200 };
    double sum = 0, squares = 0, told = 0;
    for (uint64_t r = 0; r < REPETITIONS; r++) {
        double variance;
        const double value = distilled(inner, p, circuit, "Z0", 500, r, &variance, NULL);
        sum += value / REPETITIONS;
        squares += value * value / REPETITIONS;
        told += variance / REPETITIONS;
    }
    REQUIRE_NEAR((squares - sum * sum) / told, 1, 0.35);
    REQUIRE_NEAR(sum, squared_value(circuit, p, "Z0"), 4 * sqrt(told / REPETITIONS) + 0.005);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(inner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mixed_qubit_is_purified),
        cmocka_unit_test(values_are_those_of_the_squared_state),
        cmocka_unit_test(turns_stay),
        cmocka_unit_test(wrong_readout_is_corrected),
        cmocka_unit_test(ratios_have_the_spread_that_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
