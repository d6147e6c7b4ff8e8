// Known answers of single kinds of modules.
#include "learn/module_internal.h"
#include "support/checks.h"
#include "support/module_passes.h"

#include <qhm/module_kinds.h>

static void chains_check_shapes_and_name_parameters(void **state)
{
    (void)state;
    const kind_case first = {"linear", ROW, 4, NULL, false}, second = {"mlp", ROW, 2, NULL, false};
    qhm_module *chain, *child, *whole;
    size_t count;
    REQUIRE_OK(qhm_sequential_create(QHM_FLOAT64, (qhm_shape)ROW, &chain));
    REQUIRE_OK(create(&first, QHM_FLOAT64, &child));
    REQUIRE_OK(qhm_module_append_take(chain, "tower", child));
    REQUIRE_OK(create(&second, QHM_FLOAT64, &child));
    REQUIRE_FAILS(qhm_module_append_take(chain, NULL, child), QHM_ERROR_INVALID_ARGUMENT,
                  "mlp takes [6], but the chain gives [4]");
    REQUIRE_OK(create(&first, QHM_FLOAT32, &child));
    REQUIRE_FAILS(qhm_module_append_take(chain, NULL, child), QHM_ERROR_INVALID_ARGUMENT,
                  "differ in precision");
    REQUIRE_FAILS(qhm_module_append_take(chain, NULL, NULL), QHM_ERROR_INVALID_ARGUMENT, "NULL");
    assert_true(qhm_shape_is_equal(qhm_module_output_shape(chain), (qhm_shape){1, {4}}));
    REQUIRE_OK(qhm_sequential_create(QHM_FLOAT64, (qhm_shape)ROW, &whole));
    REQUIRE_OK(qhm_module_append_take(whole, NULL, chain));
    qhm_parameter *const *parameters = qhm_module_parameters(whole, &count);
    assert_int_equal(count, 2);
    assert_string_equal(qhm_parameter_name(parameters[0]), "0.tower.weight");
    assert_string_equal(qhm_parameter_name(parameters[1]), "0.tower.bias");
    assert_int_equal(qhm_module_child_count(whole), 1);
    assert_ptr_equal(qhm_module_child(whole, 0), chain);
    assert_null(qhm_module_child(whole, 1));
    assert_int_equal(qhm_module_total_cost(whole).parameter_count, 28);
    REQUIRE_NEAR(qhm_module_total_cost(whole).flops, 4 * 13, 0);
    qhm_module_destroy(whole);
    qhm_module_destroy(NULL);
}

static void matched_mlps_have_the_parameters_they_are_told(void **state)
{
    (void)state;
    for (size_t in = 1; in < 9; in += 2)
        for (size_t out = 1; out < 9; out++)
            for (size_t target = out + 3; target < 90; target++) {
                const qhm_matched_mlp_options o = {.parameter_target = target};
                const kind_case c = {"matched_mlp", {1, {in}}, out, &o, false};
                qhm_module *module;
                REQUIRE_OK(create(&c, QHM_FLOAT32, &module));
                size_t got = qhm_module_total_cost(module).parameter_count;
                if (got > target || got + (out <= 2 ? 2 : 0) < target)
                    fail_msg("%zu parameters for %zu, %zu to %zu", got, target, in, out);
                qhm_module_destroy(module);
            }
    const qhm_matched_mlp_options flops = {.flop_target = 10000};
    const kind_case c = {"matched_mlp", {1, {8}}, 8, &flops, false};
    qhm_module *module;
    REQUIRE_OK(create(&c, QHM_FLOAT32, &module));
    REQUIRE_NEAR(qhm_module_total_cost(module).flops, 10000, 17);
    qhm_module_destroy(module);
}

static void random_features_estimate_the_gaussian_kernel(void **state)
{
    (void)state;
    const qhm_random_features_options o = {.length_scale = 1.5};
    const kind_case c = {"random_features", {1, {3}}, 20000, &o, false};
    const double x[6] = {0.3, -1, 0.5, 1, 0.2, -0.4};
    qhm_module *module;
    qhm_tape *tape;
    qhm_value in, out;
    REQUIRE_OK(create(&c, QHM_FLOAT64, &module));
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    REQUIRE_OK(qhm_tape_constant(tape, (qhm_shape){2, {2, 3}}, x, &in));
    REQUIRE_OK(qhm_module_forward(module, tape, in, QHM_NO_VALUE, &out));
    double kernel = 0, distance = 0.49 + 1.44 + 0.81;
    for (size_t i = 0; i < 20000; i++)
        kernel += qhm_tape_item(tape, out, i) * qhm_tape_item(tape, out, 20000 + i) * 2 / 20000;
    REQUIRE_NEAR(kernel, exp(-distance / (2 * 1.5 * 1.5)), 5 / sqrt(20000.0));
    assert_int_equal(qhm_module_total_cost(module).parameter_count, 0);
    qhm_module_destroy(module);
    qhm_tape_destroy(tape);
}

// The sums written out, for two heads and a mask.
static void attention_agrees_with_its_formula(void **state)
{
    (void)state;
    static pass p;
    const qhm_dot_product_attention_options o = {.heads = 2, .key_width = 2};
    const kind_case c = {"dot_product_attention", SEQUENCE, 0, &o, false};
    qhm_value input;
    size_t count;
    begin(&p, &c, QHM_FLOAT64);
    REQUIRE_OK(run(&p, &c, &input));
    qhm_parameter *const *parameters = qhm_module_parameters(p.module, &count);
    assert_int_equal(count, 8);
    double projected[4][4][6]; // query, key, value; then what heads give, by word
    for (size_t sample = 0; sample < BATCH; sample++) {
        const double *x = p.x + sample * 24, *mask = p.mask + sample * 4;
        for (size_t kind = 0; kind < 3; kind++)
            for (size_t word = 0; word < 4; word++)
                for (size_t j = 0; j < (kind < 2 ? 4 : 6); j++) {
                    double y = qhm_tensor_item(qhm_parameter_value(parameters[2 * kind + 1]), j);
                    for (size_t k = 0; k < 6; k++)
                        y += x[word * 6 + k] *
                             qhm_tensor_item(qhm_parameter_value(parameters[2 * kind]), j * 6 + k);
                    projected[kind][word][j] = y;
                }
        for (size_t word = 0; word < 4; word++)
            for (size_t head = 0; head < 2; head++) {
                double total = 0, mean[3] = {0};
                for (size_t other = 0; other < 4; other++) {
                    const double *q = projected[0][word] + 2 * head;
                    const double *k = projected[1][other] + 2 * head;
                    double e = mask[other] * exp((q[0] * k[0] + q[1] * k[1]) / sqrt(2));
                    total += e;
                    for (size_t j = 0; j < 3; j++)
                        mean[j] += e * projected[2][other][3 * head + j];
                }
                for (size_t j = 0; j < 3; j++)
                    projected[3][word][3 * head + j] = mean[j] / total;
            }
        for (size_t word = 0; word < 4; word++)
            for (size_t j = 0; j < 6; j++) {
                double y = x[word * 6 + j] + qhm_tensor_item(qhm_parameter_value(parameters[7]), j);
                for (size_t k = 0; k < 6; k++)
                    y += projected[3][word][k] *
                         qhm_tensor_item(qhm_parameter_value(parameters[6]), j * 6 + k);
                REQUIRE_NEAR(p.outputs[(sample * 4 + word) * 6 + j], y, 1e-12);
            }
    }
    assert_int_equal(qhm_module_total_cost(p.module).parameter_count, 2 * 7 * 4 + 2 * 7 * 6);
    end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_check_shapes_and_name_parameters),
        cmocka_unit_test(matched_mlps_have_the_parameters_they_are_told),
        cmocka_unit_test(random_features_estimate_the_gaussian_kernel),
        cmocka_unit_test(attention_agrees_with_its_formula),
    };
    return cmocka_run_group_tests_name("learn/module", tests, NULL, NULL);
}
