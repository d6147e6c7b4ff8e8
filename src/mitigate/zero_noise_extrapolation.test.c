// Zero-noise extrapolation: closed forms, a circuit that it helps and one that it does not.
#include "support/checks.h"
#include "support/density_executor.h"

#include <qhm/mitigation.h>

// N gates that add up to nothing, with noise after each.
static qhm_circuit *idle_circuit(size_t gates)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    for (size_t i = 0; i < gates; i++) {
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_Z, (uint32_t[]){0}, NULL));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL));
    }
    return circuit;
}

static double mitigated(qhm_executor *inner, qhm_zero_noise_options zero_noise,
                        const qhm_circuit *circuit, const char *observable, qhm_overhead *overhead)
{
    qhm_executor *zne;
    REQUIRE_OK(qhm_executor_mitigate(inner, "zne",
                                     &(qhm_mitigation_options){.zero_noise = zero_noise}, &zne));
    const double value = executor_value(zne, circuit, observable, 0, 3, NULL, overhead);
    qhm_executor_destroy(zne);
    return value;
}

// The exact numbers of 30 gates with Pauli errors of probability 0.01, by running folded circuits.
static void noise_per_gate_has_its_known_limits(void **state)
{
    (void)state;
    const double p[2] = {0.04 / 3, 0};
    density_executor noisy = {.change = density_depolarize, .change_context = p};
    qhm_executor *raw = density_executor_create(&noisy);
    qhm_circuit *circuit = idle_circuit(30);
    qhm_overhead overhead;
    REQUIRE_NEAR(executor_value(raw, circuit, "Z0", 0, 0, NULL, &overhead), 0.668519, 5e-7);
    assert_int_equal(overhead.circuits, 1);
    REQUIRE_NEAR(overhead.sampling, 1, 0);
    for (int global = 0; global < 2; global++) {
        qhm_zero_noise_options o = {.model = QHM_EXTRAPOLATION_RICHARDSON,
                                    .fold = {.folding = (qhm_folding)global}};
        REQUIRE_NEAR(mitigated(raw, o, circuit, "Z0", &overhead), 0.930079, 5e-7);
        assert_int_equal(overhead.circuits, 3);
        REQUIRE_NEAR(overhead.sampling, 12.25, 1e-9);
        assert_non_null(strstr(overhead.detail, "Richardson through 3 scales from 1 to 5"));
        o.model = QHM_EXTRAPOLATION_LINEAR;
        REQUIRE_NEAR(mitigated(raw, o, circuit, "Z0", NULL), 0.768184, 5e-7);
        o.model = QHM_EXTRAPOLATION_AUTOMATIC;
        REQUIRE_NEAR(mitigated(raw, o, circuit, "Z0", &overhead), 1, 1e-11);
        assert_non_null(strstr(overhead.detail, "exponential"));
        // The constant is what much noise leaves.
        REQUIRE_NEAR(mitigated(raw, o, circuit, "0.5 Z0 + 2", NULL), 2.5, 1e-11);
    }
    qhm_zero_noise_options scales = {
        .scales = (double[]){1, 3, 5, 7}, .scale_count = 4, .model = QHM_EXTRAPOLATION_RICHARDSON};
    qhm_circuit_destroy(circuit);
    circuit = idle_circuit(20);
    const double other[2] = {0.08 / 3, 0};
    noisy.change_context = other;
    REQUIRE_NEAR(mitigated(raw, scales, circuit, "Z0", NULL), 0.922723, 5e-7);
    scales.model = QHM_EXTRAPOLATION_POLYNOMIAL;
    REQUIRE_NEAR(mitigated(raw, scales, circuit, "Z0", NULL), 0.813493, 5e-7);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

static void entangling_circuits_gain(void **state)
{
    (void)state;
    const double p[2] = {0.002, 0.01};
    density_executor noisy = {.change = density_depolarize, .change_context = p};
    qhm_executor *raw = density_executor_create(&noisy);
    for (uint64_t seed = 0; seed < 4; seed++) {
        qhm_circuit *circuit = layered_circuit(3, 3, seed);
        const double ideal = ideal_value(circuit, "Z0 Z1 Z2");
        const double before = executor_value(raw, circuit, "Z0 Z1 Z2", 0, 0, NULL, NULL) - ideal;
        const double after = mitigated(raw, (qhm_zero_noise_options){0}, circuit, "Z0 Z1 Z2", NULL);
        assert_true(fabs(after - ideal) < 0.35 * fabs(before));
        qhm_circuit_destroy(circuit);
    }
    qhm_executor_destroy(raw);
}

// Wrong readout does not grow with the circuit: there is nothing to carry to none.
static void wrong_readout_stays(void **state)
{
    (void)state;
    const double flips[1][2] = {{0.1, 0.1}};
    density_executor noisy = {.flips = flips};
    qhm_executor *raw = density_executor_create(&noisy);
    qhm_circuit *circuit = idle_circuit(5);
    REQUIRE_NEAR(mitigated(raw, (qhm_zero_noise_options){0}, circuit, "Z0", NULL), 0.8, 1e-12);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

// The variance that is told is that of repetitions, and many times that of one circuit.
static void variances_count_the_weights(void **state)
{
    (void)state;
    const double p[2] = {0.02, 0};
    density_executor noisy = {.change = density_depolarize, .change_context = p};
    qhm_executor *raw = density_executor_create(&noisy), *zne;
    qhm_circuit *circuit = idle_circuit(4);
    const qhm_mitigation_options options = {.zero_noise = {.model = QHM_EXTRAPOLATION_RICHARDSON}};
    REQUIRE_OK(qhm_executor_mitigate(raw, "zne", &options, &zne));
    enum { REPETITIONS = 200 };
    double sum = 0, squares = 0, told = 0;
    for (uint64_t r = 0; r < REPETITIONS; r++) {
        double variance;
        qhm_overhead overhead;
        const double value = executor_value(zne, circuit, "Z0", 300, r, &variance, &overhead);
        assert_int_equal(overhead.shots, 900);
        sum += value / REPETITIONS;
        squares += value * value / REPETITIONS;
        told += variance / REPETITIONS;
    }
    REQUIRE_NEAR((squares - sum * sum) / told, 1, 0.35);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(zne);
    qhm_executor_destroy(raw);
}

static void options_out_of_range_are_refused(void **state)
{
    (void)state;
    density_executor plain = {0};
    qhm_executor *raw = density_executor_create(&plain), *zne;
    const struct {
        qhm_zero_noise_options options;
        const char *message;
    } rows[] = {
        {{.scales = (double[]){1}, .scale_count = 1}, "zne: 1 scales, not 2 to 100"},
        {{.scales = (double[]){1, 0.5}, .scale_count = 2}, "zne: scale 1 is 0.5"},
        {{.model = (qhm_extrapolation)7}, "zne: model is 7"},
        {{.model = QHM_EXTRAPOLATION_POLYNOMIAL, .order = 3}, "degree 3 takes 4 scales, not 3"},
        {{.error_limit = -1}, "error_limit is -1"}};
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        REQUIRE_FAILS(
            qhm_executor_mitigate(raw, "zne",
                                  &(qhm_mitigation_options){.zero_noise = rows[r].options}, &zne),
            QHM_ERROR_INVALID_ARGUMENT, rows[r].message);
    qhm_executor_destroy(raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_per_gate_has_its_known_limits),
        cmocka_unit_test(entangling_circuits_gain),
        cmocka_unit_test(wrong_readout_stays),
        cmocka_unit_test(variances_count_the_weights),
        cmocka_unit_test(options_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
