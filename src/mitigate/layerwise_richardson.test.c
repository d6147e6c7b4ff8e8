// Layerwise Richardson extrapolation: known weights, what they carry exactly, and an estimate.
#include "support/checks.h"
#include "support/density_executor.h"
#include "support/failing_memory.h"

#include <qhm/mitigation.h>

static void weights_are_the_known_ones(void **state)
{
    (void)state;
    const double two[6] = {14. / 9, -7. / 18, -7. / 18, 7. / 72, 1. / 36, 7. / 72};
    const double three[10] = {2.40625, -0.6875, -0.6875, -0.6875, 0.15625,
                              0.0625,  0.0625,  0.15625, 0.0625,  0.15625};
    double weights[10], scales[30];
    assert_int_equal(qhm_layerwise_count(2, 2), 6);
    REQUIRE_OK(qhm_layerwise_weights(2, 2, 3, scales, weights));
    for (int i = 0; i < 6; i++)
        REQUIRE_NEAR(weights[i], two[i], 1e-13);
    const double expected[12] = {1, 1, 7, 1, 1, 7, 13, 1, 7, 7, 1, 13};
    for (int i = 0; i < 12; i++)
        REQUIRE_NEAR(scales[i], expected[i], 0);
    assert_int_equal(qhm_layerwise_count(3, 2), 10);
    REQUIRE_OK(qhm_layerwise_weights(3, 2, 2, NULL, weights));
    for (int i = 0; i < 10; i++)
        REQUIRE_NEAR(weights[i], three[i], 1e-13);
}

// One layer is Richardson's method.
static void one_layer_is_richardson(void **state)
{
    (void)state;
    double layerwise[3], plain[3];
    REQUIRE_OK(qhm_layerwise_weights(1, 2, 1, NULL, layerwise));
    REQUIRE_OK(qhm_extrapolation_weights(3, (double[]){1, 3, 5}, 2, plain));
    for (int i = 0; i < 3; i++)
        REQUIRE_NEAR(layerwise[i], plain[i], 1e-13);
}

// Every monomial up to the degree is carried to its value at no noise.
static void polynomials_in_all_layers_are_carried(void **state)
{
    (void)state;
    enum { LAYERS = 4, DEGREE = 3 };
    const size_t count = qhm_layerwise_count(LAYERS, DEGREE);
    double weights[64], scales[64 * LAYERS], sum = 0;
    assert_int_equal(count, 35);
    REQUIRE_OK(qhm_layerwise_weights(LAYERS, DEGREE, 2, scales, weights));
    for (size_t i = 0; i < count; i++) {
        const double *s = scales + i * LAYERS;
        sum += weights[i] * (0.7 + s[0] - 3 * s[3] + s[0] * s[1] * s[2] - s[3] * s[3] * s[1] +
                             2 * s[2] * s[2] * s[2]);
    }
    REQUIRE_NEAR(sum, 0.7, 1e-9);
}

static void layered_circuits_gain(void **state)
{
    (void)state;
    const double p[2] = {0.001, 0.01};
    density_executor noisy = {.change = density_depolarize, .change_context = p};
    qhm_executor *raw = density_executor_create(&noisy), *lre;
    qhm_circuit *circuit = layered_circuit(2, 3, 2);
    qhm_overhead overhead;
    REQUIRE_OK(qhm_executor_mitigate(raw, "lre",
                                     &(qhm_mitigation_options){.layerwise = {.layers = 3}}, &lre));
    const double ideal = ideal_value(circuit, "Z0 Z1");
    const double before = executor_value(raw, circuit, "Z0 Z1", 0, 0, NULL, NULL) - ideal;
    const double after = executor_value(lre, circuit, "Z0 Z1", 0, 0, NULL, &overhead) - ideal;
    assert_true(fabs(after) < 0.1 * fabs(before));
    assert_int_equal(overhead.circuits, 10);
    assert_true(overhead.sampling > 10);
    assert_non_null(strstr(overhead.detail, "lre: degree 2 in 3 layers, 10 circuits"));
    qhm_executor_destroy(lre);
    qhm_executor_destroy(raw);
    qhm_circuit_destroy(circuit);
}

static void what_is_too_much_is_refused(void **state)
{
    (void)state;
    double weights[8];
    assert_int_equal(qhm_layerwise_count(1000000, 2), 0);
    REQUIRE_FAILS(qhm_layerwise_weights(0, 2, 1, NULL, weights), QHM_ERROR_INVALID_ARGUMENT,
                  "lre: 0 layers, not 1 to 64");
    REQUIRE_FAILS(qhm_layerwise_weights(2, 6, 1, NULL, weights), QHM_ERROR_INVALID_ARGUMENT,
                  "degree is 6");
    REQUIRE_FAILS(qhm_layerwise_weights(2, 2, 0, NULL, weights), QHM_ERROR_INVALID_ARGUMENT,
                  "multiplier is 0");
    REQUIRE_FAILS(qhm_layerwise_weights(2, 2, 1, NULL, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "place to go");
    REQUIRE_FAILS(qhm_layerwise_weights(60, 3, 1, NULL, weights), QHM_ERROR_RESOURCE_LIMIT,
                  "more than 2000 circuits");
    density_executor plain = {0};
    qhm_executor *raw = density_executor_create(&plain), *lre;
    REQUIRE_FAILS(qhm_executor_mitigate(
                      raw, "lre", &(qhm_mitigation_options){.layerwise = {.degree = 9}}, &lre),
                  QHM_ERROR_INVALID_ARGUMENT, "degree is 9");
    qhm_executor_destroy(raw);
}

static qhm_status attempt(void *context)
{
    (void)context;
    double weights[6], scales[12];
    return qhm_layerwise_weights(2, 2, 3, scales, weights);
}

static void weights_survive_failing_memory(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_the_known_ones),
        cmocka_unit_test(one_layer_is_richardson),
        cmocka_unit_test(polynomials_in_all_layers_are_carried),
        cmocka_unit_test(layered_circuits_gain),
        cmocka_unit_test(what_is_too_much_is_refused),
        cmocka_unit_test(weights_survive_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
