// QAOA inside a model: its closed form for one layer, its mean cost, what it refuses.
#include "base/memory.h"
#include "circuit/entanglement_internal.h"
#include "learn/module_internal.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/ising.h>
#include <qhm/qaoa.h>
#include <qhm/qaoa_layer.h>
#include <qhm/quantum_layer.h>

enum { N = 3, WIDTH = 6 };

// Fields, then couplings of (0,1) (0,2) (1,2).
static const double costs[WIDTH] = {0.4, -0.7, 0.2, 0.5, -0.3, 0.9};

static qhm_module *create_module(const qhm_qaoa_layer_options *options)
{
    qhm_module *module;
    const qhm_module_setting setting = {.input = {1, {WIDTH}}};
    REQUIRE_OK(qhm_module_create("qaoa", &setting, options, &module));
    return module;
}

static void set_angles(qhm_module *module, const double *angles, size_t count)
{
    size_t parameters;
    qhm_parameter *const *all = qhm_module_parameters(module, &parameters);
    assert_int_equal(parameters, 1);
    REQUIRE_OK(qhm_tensor_set(qhm_parameter_value(all[0]), 0, count, angles));
}

// Outputs, and the gradient by costs of output `which`.
static void run(qhm_module *module, size_t outputs, size_t which, double *values, double *gradient)
{
    qhm_tape *tape;
    qhm_value input, output, chosen, sum;
    double picks[WIDTH] = {0};
    qhm_tensor *tensor;
    picks[which] = 1;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    REQUIRE_OK(qhm_tensor_create(QHM_FLOAT64, (qhm_shape){2, {1, WIDTH}}, &tensor));
    REQUIRE_OK(qhm_tensor_set(tensor, 0, WIDTH, costs));
    REQUIRE_OK(qhm_tape_variable(tape, tensor, &input));
    REQUIRE_OK(qhm_module_forward(module, tape, input, QHM_NO_VALUE, &output));
    for (size_t i = 0; i < outputs; i++)
        values[i] = qhm_tape_item(tape, output, i);
    REQUIRE_OK(qhm_tape_constant(tape, (qhm_shape){2, {1, outputs}}, picks, &chosen));
    REQUIRE_OK(
        qhm_tape_apply(tape, QHM_OP_MULTIPLY, (qhm_value[]){output, chosen}, 2, NULL, &chosen));
    REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_SUM, &chosen, 1, NULL, &sum));
    REQUIRE_OK(qhm_tape_backward(tape, sum));
    for (size_t i = 0; i < WIDTH; i++)
        gradient[i] = ((const double *)qhm_tape_gradient(tape, input))[i];
    qhm_tensor_destroy(tensor);
    qhm_tape_destroy(tape);
}

// <Z_0> = sin 2b sin(2 g h_0) cos(2 g J_01) cos(2 g J_02), and so its derivatives by all costs.
static void one_layer_has_its_closed_form(void **state)
{
    (void)state;
    const double g = -0.35, b = 0.3;
    double values[N], gradient[WIDTH];
    qhm_module *module = create_module(&(qhm_qaoa_layer_options){.layers = 1});
    set_angles(module, (double[]){g, b}, 2);
    run(module, N, 0, values, gradient);
    const double h = 2 * g * costs[0], u = 2 * g * costs[3], v = 2 * g * costs[4];
    REQUIRE_NEAR(values[0], sin(2 * b) * sin(h) * cos(u) * cos(v), 1e-12);
    REQUIRE_NEAR(values[2], sin(2 * b) * sin(2 * g * costs[2]) * cos(v) * cos(2 * g * costs[5]),
                 1e-12);
    REQUIRE_NEAR(gradient[0], 2 * g * sin(2 * b) * cos(h) * cos(u) * cos(v), 1e-12);
    REQUIRE_NEAR(gradient[3], -2 * g * sin(2 * b) * sin(h) * sin(u) * cos(v), 1e-12);
    REQUIRE_NEAR(gradient[1], 0, 1e-12);
    REQUIRE_NEAR(gradient[5], 0, 1e-12);
    qhm_module_destroy(module);
}

// Outputs times inputs are the mean cost of QAOA on the same problem; the first angles lower it.
static void means_are_those_of_the_problem(void **state)
{
    (void)state;
    const double angles[] = {-0.4, -0.2, 0.5, 0.3};
    double values[WIDTH], gradient[WIDTH], cost, total = 0, ramped = 0;
    qhm_ising *ising;
    qhm_qaoa *qaoa;
    qhm_module *module = create_module(&(qhm_qaoa_layer_options){.readout = QHM_QAOA_READOUT_Z_ZZ});
    run(module, WIDTH, 0, values, gradient);
    for (size_t i = 0; i < WIDTH; i++)
        ramped += values[i] * costs[i];
    assert_true(ramped < -0.3);
    set_angles(module, angles, 4);
    run(module, WIDTH, 0, values, gradient);
    REQUIRE_OK(qhm_ising_create(N, &ising));
    for (size_t i = 0; i < N; i++)
        REQUIRE_OK(qhm_ising_append_field(ising, i, costs[i]));
    REQUIRE_OK(qhm_ising_append_coupling(ising, 0, 1, costs[3]));
    REQUIRE_OK(qhm_ising_append_coupling(ising, 0, 2, costs[4]));
    REQUIRE_OK(qhm_ising_append_coupling(ising, 1, 2, costs[5]));
    REQUIRE_OK(qhm_qaoa_create(ising, &(qhm_qaoa_options){.layers = 2}, &qaoa));
    REQUIRE_OK(qhm_qaoa_run(qaoa, angles, &cost, NULL));
    for (size_t i = 0; i < WIDTH; i++)
        total += values[i] * costs[i];
    REQUIRE_NEAR(total, cost, 1e-12);
    qhm_qaoa_destroy(qaoa);
    qhm_ising_destroy(ising);
    qhm_module_destroy(module);
}

// A block's chances add up to 1 whatever the costs.
static void blocks_choose_one(void **state)
{
    (void)state;
    double values[N], gradient[WIDTH];
    qhm_module *module = create_module(
        &(qhm_qaoa_layer_options){.block = N, .readout = QHM_QAOA_READOUT_CHANCE, .layers = 3});
    run(module, N, 1, values, gradient);
    REQUIRE_NEAR(values[0] + values[1] + values[2], 1, 1e-12);
    assert_true(values[2] > values[1] && values[1] > values[0]); // choices cost -0.2, -0.4 and -0.6
    assert_true(gradient[1] < 0 || gradient[1] > 0);
    qhm_module_destroy(module);
}

// The numbers of pairs are those of the patterns.
static void widths_are_fields_and_couplings(void **state)
{
    (void)state;
    for (size_t n = 1; n < 7; n++)
        for (int pattern = 0; pattern <= QHM_ENTANGLEMENT_NONE; pattern++) {
            qhm_qubit_pair *pairs;
            size_t count;
            REQUIRE_OK(qhm_entanglement_pairs((qhm_entanglement)pattern, QHM_ENTANGLEMENT_FULL, n,
                                              &pairs, &count));
            assert_int_equal(qhm_qaoa_layer_width(n, (qhm_entanglement)pattern), n + count);
            qhm_release(pairs);
        }
}

static void widths_must_be_those_of_costs(void **state)
{
    (void)state;
    qhm_module *module = NULL;
    const qhm_module_setting five = {.input = {1, {5}}}, six = {.input = {1, {WIDTH}}};
    REQUIRE_FAILS(qhm_module_create("qaoa", &five, NULL, &module), QHM_ERROR_INVALID_ARGUMENT,
                  "the input width is 5: no number of qubits");
    REQUIRE_FAILS(qhm_module_create("qaoa", &six, &(qhm_qaoa_layer_options){.qubits = 4}, &module),
                  QHM_ERROR_INVALID_ARGUMENT, "4 qubits have 4 fields and 6 couplings");
    REQUIRE_FAILS(qhm_module_create("qaoa", &six, &(qhm_qaoa_layer_options){.block = 2}, &module),
                  QHM_ERROR_INVALID_ARGUMENT, "blocks of 2 qubits do not divide 3");
    REQUIRE_FAILS(qhm_module_create("quantum", &six,
                                    &(qhm_quantum_options){.encoding = QHM_QUANTUM_ENCODING_QAOA,
                                                           .reupload = true},
                                    &module),
                  QHM_ERROR_INVALID_ARGUMENT, "QAOA does both by itself");
    assert_null(module);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_layer_has_its_closed_form),
        cmocka_unit_test(means_are_those_of_the_problem),
        cmocka_unit_test(blocks_choose_one),
        cmocka_unit_test(widths_are_fields_and_couplings),
        cmocka_unit_test(widths_must_be_those_of_costs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
