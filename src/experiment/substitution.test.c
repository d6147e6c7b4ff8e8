// Substitutes keep the widths, and cost what their names say.
#include "experiment/substitution.h"
#include "experiment/circuit_spec.h"
#include "support/checks.h"

#include <qhm/quantum_layer.h>

static qhm_module_cost cost_of(qhm_role role, const qhm_quantum_options *options, size_t width,
                               size_t output_width)
{
    qhm_quantum_spec spec = {.name = "test", .options = (void *)options};
    qhm_contender contender = {role, &spec, "test"};
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_INITIALISE, 0, 0, 0);
    qhm_module_setting setting = {.input = {1, {width}}, .random = &random};
    qhm_module *module;
    REQUIRE_OK(qhm_substitute_create(&contender, qhm_layer_kind, &setting, &module));
    qhm_shape output = qhm_module_output_shape(module);
    assert_int_equal(output.rank, 1);
    assert_int_equal(output.sizes[0], output_width);
    qhm_module_cost cost = qhm_module_total_cost(module);
    qhm_module_destroy(module);
    return cost;
}

static void check_all(const qhm_quantum_options *options, size_t width, size_t output_width)
{
    qhm_module_cost quantum = cost_of(QHM_ROLE_HYBRID, options, width, output_width);
    qhm_module_cost same = cost_of(QHM_ROLE_MLP_PARAMETERS, options, width, output_width);
    REQUIRE_NEAR(same.parameter_count, quantum.parameter_count,
                 0.05 * (double)quantum.parameter_count);
    same = cost_of(QHM_ROLE_MLP_FLOPS, options, width, output_width);
    REQUIRE_NEAR(same.flops, quantum.flops, 0.05 * quantum.flops);
    same = cost_of(QHM_ROLE_UNENTANGLED, options, width, output_width);
    assert_int_equal(same.parameter_count, quantum.parameter_count);
    assert_int_equal(cost_of(QHM_ROLE_IDENTITY, options, width, output_width).parameter_count, 0);
    assert_int_equal(
        cost_of(QHM_ROLE_RANDOM_FEATURES, options, width, output_width).parameter_count, 0);
    assert_int_equal(cost_of(QHM_ROLE_LINEAR, options, width, output_width).parameter_count,
                     (width + 1) * output_width);
    assert_true(quantum.circuits > 0);
}

static void substitutes_fit_in_the_quantum_layers_place(void **state)
{
    (void)state;
    check_all(&(qhm_quantum_options){.qubits = 8, .layers = 2}, 8, 8);
    check_all(&(qhm_quantum_options){.qubits = 4, .layers = 3, .readout = 3}, 4, 12);
    check_all(&(qhm_quantum_options){.qubits = 3, .layers = 4, .readout = 4, .reupload = true}, 3,
              6);
}

static void trials_begin_in_the_middle_and_spread(void **state)
{
    (void)state;
    REQUIRE_NEAR(qhm_trial_at(0).first, 0.5, 0);
    REQUIRE_NEAR(qhm_trial_at(0).second, 0.5, 0);
    for (size_t i = 1; i < 20; i++) {
        qhm_trial trial = qhm_trial_at(i);
        assert_true(trial.first > 0 && trial.first < 1 && trial.second > 0 && trial.second < 1);
        for (size_t j = 0; j < i; j++)
            assert_true(trial.first != qhm_trial_at(j).first);
    }
    REQUIRE_NEAR(qhm_trial_scale(0, 0.01, 1), 0.01, 1e-15);
    REQUIRE_NEAR(qhm_trial_scale(0.5, 0.01, 1), 0.1, 1e-15);
    REQUIRE_NEAR(qhm_trial_scale(1, 0.01, 1), 1, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(substitutes_fit_in_the_quantum_layers_place),
        cmocka_unit_test(trials_begin_in_the_middle_and_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
