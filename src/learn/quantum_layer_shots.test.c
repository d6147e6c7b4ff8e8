// The quantum layer with shots: their scatter, gradients from them, and their streams.
#include "support/checks.h"
#include "support/quantum_layers.h"

#include <qhm/quantum_layer.h>

static void shots_scatter_around_the_exact_values(void **state)
{
    (void)state;
    enum { SHOTS = 100, STEPS = 400 };
    double x[INPUTS];
    fill_inputs(x, INPUTS);
    qhm_shape shape = {2, {1, INPUTS}};
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    static outcome exact, sampled;
    qhm_module *module = make_layer(QHM_FLOAT64, NULL);
    REQUIRE_OK(run_module(module, tape, shape, x, &exact));
    qhm_module_destroy(module);
    module = make_layer(QHM_FLOAT64, &(qhm_quantum_layer_options){.shots = SHOTS});
    double sums[OBSERVABLES] = {0}, squares[OBSERVABLES] = {0};
    for (uint64_t step = 0; step < STEPS; step++) {
        qhm_tape_set_random(tape, qhm_random_stream(test_seed(), QHM_RANDOM_SHOTS, 0, 0, step));
        REQUIRE_OK(run_module(module, tape, shape, x, &sampled));
        for (size_t i = 0; i < OBSERVABLES; i++) {
            sums[i] += sampled.output[i] / STEPS;
            squares[i] += sampled.output[i] * sampled.output[i] / STEPS;
        }
    }
    for (size_t i = 0; i < OBSERVABLES; i++) {
        double variance = squares[i] - sums[i] * sums[i];
        REQUIRE_NEAR(sums[i], exact.output[i], 5 * sqrt(variance / STEPS));
        if (i != 2) // a single Pauli: the variance is known
            REQUIRE_NEAR(variance, (1 - exact.output[i] * exact.output[i]) / SHOTS,
                         5 * sqrt(2.0 / STEPS) / SHOTS);
    }
    qhm_module_destroy(module);
    qhm_tape_destroy(tape);
}

static void gradients_from_shots_are_near_the_exact_ones(void **state)
{
    (void)state;
    enum { BATCH = 2 };
    double x[BATCH * INPUTS];
    fill_inputs(x, BATCH * INPUTS);
    qhm_shape shape = {2, {BATCH, INPUTS}};
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    static outcome exact, sampled;
    qhm_module *module = make_layer(QHM_FLOAT64, NULL);
    REQUIRE_OK(run_module(module, tape, shape, x, &exact));
    qhm_module_destroy(module);
    module = make_layer(QHM_FLOAT64, &(qhm_quantum_layer_options){.shots = 40000});
    REQUIRE_OK(run_module(module, tape, shape, x, &sampled));
    // Two terms of deviation below 1 / sqrt(shots), times cotangents and occurrences of some units.
    require_same_outcome(&sampled, &exact, 0.1);
    assert_memory_not_equal(sampled.weight_gradient, exact.weight_gradient,
                            WEIGHTS * sizeof(double));
    qhm_module_destroy(module);
    qhm_tape_destroy(tape);
}

static void a_stream_that_is_set_again_repeats_the_shots(void **state)
{
    (void)state;
    double x[INPUTS];
    fill_inputs(x, INPUTS);
    qhm_shape shape = {2, {1, INPUTS}};
    qhm_module *module = make_layer(QHM_FLOAT64, &(qhm_quantum_layer_options){.shots = 50});
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    static outcome first, second, again;
    qhm_tape_set_random(tape, qhm_random_stream(1, QHM_RANDOM_SHOTS, 0, 0, 0));
    REQUIRE_OK(run_module(module, tape, shape, x, &first));
    qhm_random kept = *qhm_tape_random(tape);
    REQUIRE_OK(run_module(module, tape, shape, x, &second));
    qhm_tape_set_random(tape, kept); // as a resumed run does
    REQUIRE_OK(run_module(module, tape, shape, x, &again));
    require_same_outcome(&again, &second, 0);
    assert_memory_not_equal(first.output, second.output, OBSERVABLES * sizeof(double));
    assert_memory_not_equal(first.weight_gradient, second.weight_gradient,
                            WEIGHTS * sizeof(double));
    qhm_module_destroy(module);
    qhm_tape_destroy(tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shots_scatter_around_the_exact_values),
        cmocka_unit_test(gradients_from_shots_are_near_the_exact_ones),
        cmocka_unit_test(a_stream_that_is_set_again_repeats_the_shots),
    };
    return cmocka_run_group_tests_name("learn/quantum_layer", tests, NULL, NULL);
}
