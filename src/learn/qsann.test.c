// QSANN: known weights, the published counts, masks, gradients and the twin without entanglement.
#include "learn/qsann_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/qsann.h>
#include <qhm/quantum_layer.h>
#include <qhm/threads.h>

enum { BATCH = 2, LENGTH = 4, WIDTH = 6, COUNT = BATCH * LENGTH * WIDTH };

static qhm_module *make_module(qhm_precision precision, size_t length, size_t width,
                               const qhm_qsann_options *options)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_INITIALISE, 0, 0, 0);
    qhm_module_setting setting = {
        .precision = precision, .input = {2, {length, width}}, .random = &random};
    qhm_qsann_options wide = {0};
    if (options)
        wide = *options;
    if (!(wide.weight_range > 0))
        wide.weight_range = 3; // no angle small
    qhm_module *module;
    REQUIRE_OK(qhm_module_create("qsann", &setting, &wide, &module));
    return module;
}

static void fill_words(double *x, size_t count)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_DATA, 0, 0, 0);
    for (size_t i = 0; i < count; i++)
        x[i] = qhm_random_normal(&random);
}

// Two words of the first sample and one of the second are padding.
static const double some_mask[BATCH * LENGTH] = {1, 1, 0, 0, 1, 0, 1, 1};

// output [COUNT], and when wanted the gradients of the sum of squared outputs.
static void run(qhm_module *module, qhm_tape *tape, size_t batch, const double *x,
                const double *mask, double *output, double *input_gradient)
{
    qhm_shape sample = qhm_module_input_shape(module);
    qhm_shape shape = {3, {batch, sample.sizes[0], sample.sizes[1]}};
    size_t count = qhm_shape_count(shape);
    qhm_tensor *tensor;
    qhm_value input, masked = QHM_NO_VALUE, result, square, loss;
    size_t parameter_count;
    qhm_parameter *const *parameters = qhm_module_parameters(module, &parameter_count);
    qhm_parameter_clear_gradients(parameters, parameter_count);
    REQUIRE_OK(qhm_tensor_create(qhm_tape_precision(tape), shape, &tensor));
    REQUIRE_OK(qhm_tensor_set(tensor, 0, count, x));
    qhm_tape_reset(tape);
    REQUIRE_OK(qhm_tape_variable(tape, tensor, &input));
    if (mask)
        REQUIRE_OK(
            qhm_tape_constant(tape, (qhm_shape){2, {batch, sample.sizes[0]}}, mask, &masked));
    REQUIRE_OK(qhm_module_forward(module, tape, input, masked, &result));
    for (size_t i = 0; i < count; i++)
        output[i] = qhm_tape_item(tape, result, i);
    if (input_gradient) {
        REQUIRE_OK(
            qhm_tape_apply(tape, QHM_OP_MULTIPLY, (qhm_value[]){result, result}, 2, NULL, &square));
        REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_SUM, &square, 1, NULL, &loss));
        REQUIRE_OK(qhm_tape_backward(tape, loss));
        memcpy(input_gradient, qhm_tape_gradient(tape, input), count * sizeof *input_gradient);
    }
    qhm_tensor_destroy(tensor);
}

static void attention_weights_and_outputs_are_the_known_ones(void **state)
{
    (void)state;
    const double weights[9] = {.3627034383, .3519839317, .2853126299, .3317018120, .2115024133,
                               .4567957748, .3417273230, .5047246929, .1535479841};
    const double outputs[6] = {.5053597533,  .2093276168, .5600996994,
                               -.0168954741, .4185013151, .4279507008};
    qhm_tape *tape;
    qhm_value qkv[3], found, mixed;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    qhm_shape flat = {2, {1, 3}};
    REQUIRE_OK(qhm_tape_constant(tape, flat, (double[]){.2, -.5, .9}, &qkv[0]));
    REQUIRE_OK(qhm_tape_constant(tape, flat, (double[]){.1, .4, -.3}, &qkv[1]));
    REQUIRE_OK(qhm_tape_constant(tape, (qhm_shape){3, {1, 3, 2}}, (double[]){1, 0, 0, 1, .5, -.5},
                                 &qkv[2]));
    REQUIRE_OK(qhm_qsann_attend(tape, qkv, QHM_NO_VALUE, &found, &mixed));
    for (size_t i = 0; i < 9; i++)
        REQUIRE_NEAR(qhm_tape_item(tape, found, i), weights[i], 1e-10);
    for (size_t i = 0; i < 6; i++)
        REQUIRE_NEAR(qhm_tape_item(tape, mixed, i), outputs[i], 1e-10);

    // With word 1 masked the others keep their ratio and it has exactly nothing.
    qhm_value mask;
    REQUIRE_OK(qhm_tape_constant(tape, flat, (double[]){1, 0, 1}, &mask));
    REQUIRE_OK(qhm_qsann_attend(tape, qkv, mask, &found, &mixed));
    for (size_t row = 0; row < 3; row++) {
        double left = weights[row * 3], right = weights[row * 3 + 2];
        REQUIRE_NEAR(qhm_tape_item(tape, found, row * 3), left / (left + right), 1e-9);
        REQUIRE_NEAR(qhm_tape_item(tape, found, row * 3 + 1), 0, 0);
    }

    // The sharpest that queries and keys of [-1, 1] can do is a ratio of e^4.
    REQUIRE_OK(qhm_tape_constant(tape, flat, (double[]){1, 1, 1}, &qkv[0]));
    REQUIRE_OK(qhm_tape_constant(tape, flat, (double[]){1, -1, -1}, &qkv[1]));
    REQUIRE_OK(qhm_qsann_attend(tape, qkv, QHM_NO_VALUE, &found, &mixed));
    REQUIRE_NEAR(qhm_tape_item(tape, found, 0) / qhm_tape_item(tape, found, 1), exp(4), 1e-10);
    qhm_tape_destroy(tape);
}

static void parameter_counts_are_those_of_the_paper(void **state)
{
    (void)state;
    // qubits, encoding layers, layers, published count with the classifier of width + 1
    const size_t published[5][4] = {
        {2, 1, 1, 25}, {4, 4, 5, 109}, {4, 1, 1, 49}, {4, 1, 1, 49}, {4, 1, 2, 61}};
    for (size_t i = 0; i < 5; i++) {
        size_t n = published[i][0], width = n * (published[i][1] + 2);
        qhm_qsann_options options = {.encoding_layers = published[i][1], .layers = published[i][2]};
        qhm_module *module = make_module(QHM_FLOAT64, 3, width, &options);
        qhm_module_cost cost = qhm_module_total_cost(module);
        assert_int_equal(cost.parameter_count + width + 1, published[i][3]);
        assert_int_equal(qhm_module_child_count(module), 3);
        const qhm_circuit *circuit = qhm_quantum_layer_circuit(qhm_module_child(module, 0));
        assert_int_equal(qhm_circuit_qubit_count(circuit), n);
        qhm_module_destroy(module);
    }
}

static void a_word_circuit_has_the_published_gates(void **state)
{
    (void)state;
    qhm_module *module = make_module(QHM_FLOAT64, 3, WIDTH, NULL); // 2 qubits
    qhm_circuit_counts counts;
    const qhm_circuit *circuit = qhm_quantum_layer_circuit(qhm_module_child(module, 2));
    REQUIRE_OK(qhm_circuit_count(circuit, &counts));
    assert_int_equal(counts.by_gate[QHM_GATE_H], 2);
    assert_int_equal(counts.by_gate[QHM_GATE_RX], 4);
    assert_int_equal(counts.by_gate[QHM_GATE_RY], 8);
    assert_int_equal(counts.by_gate[QHM_GATE_CX], 2);
    assert_int_equal(counts.inputs, WIDTH);
    assert_int_equal(counts.weights, 6);
    const char *const expected[WIDTH] = {"Z0", "Z1", "Y0", "Y1", "X0", "X1"};
    size_t count;
    const qhm_observable *const *values =
        qhm_quantum_layer_observables(qhm_module_child(module, 2), &count);
    assert_int_equal(count, WIDTH);
    for (size_t i = 0; i < WIDTH; i++) {
        qhm_observable *wanted;
        char *found_text, *wanted_text;
        REQUIRE_OK(qhm_observable_parse(expected[i], &wanted));
        REQUIRE_OK(qhm_observable_print(values[i], &found_text));
        REQUIRE_OK(qhm_observable_print(wanted, &wanted_text));
        assert_string_equal(found_text, wanted_text);
        qhm_observable_destroy(wanted);
        qhm_string_destroy(found_text);
        qhm_string_destroy(wanted_text);
    }
    qhm_module_destroy(module);
}

static void identical_words_share_attention_equally(void **state)
{
    (void)state;
    double word[WIDTH], x[LENGTH * WIDTH], output[LENGTH * WIDTH], single[WIDTH];
    fill_words(word, WIDTH);
    for (size_t i = 0; i < LENGTH; i++)
        memcpy(x + i * WIDTH, word, sizeof word);
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    qhm_module *module = make_module(QHM_FLOAT64, LENGTH, WIDTH, NULL);
    run(module, tape, 1, x, NULL, output, NULL);
    qhm_module_destroy(module);
    module = make_module(QHM_FLOAT64, 1, WIDTH, NULL); // alone, a word attends to itself
    run(module, tape, 1, word, NULL, single, NULL);
    for (size_t i = 0; i < LENGTH * WIDTH; i++)
        REQUIRE_NEAR(output[i], single[i % WIDTH], 1e-14);
    qhm_module_destroy(module);
    qhm_tape_destroy(tape);
}

static void padding_changes_no_word_that_counts(void **state)
{
    (void)state;
    double x[COUNT], before[COUNT], after[COUNT];
    fill_words(x, COUNT);
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    qhm_module *module = make_module(QHM_FLOAT64, LENGTH, WIDTH, NULL);
    run(module, tape, BATCH, x, some_mask, before, NULL);
    for (size_t i = 0; i < COUNT; i++)
        if (!(some_mask[i / WIDTH] > 0))
            x[i] = 100 - x[i];
    run(module, tape, BATCH, x, some_mask, after, NULL);
    for (size_t i = 0; i < COUNT; i++)
        if (some_mask[i / WIDTH] > 0)
            REQUIRE_NEAR(after[i], before[i], 0);
    run(module, tape, BATCH, x, NULL, after, NULL); // without the mask it does matter
    assert_true(fabs(after[0] - before[0]) > 1e-3);
    qhm_module_destroy(module);
    qhm_tape_destroy(tape);
}

static double loss_of(qhm_module *module, qhm_tape *tape, const double *x)
{
    double output[COUNT], loss = 0;
    run(module, tape, BATCH, x, some_mask, output, NULL);
    for (size_t i = 0; i < COUNT; i++)
        loss += output[i] * output[i];
    return loss;
}

static void gradients_are_finite_differences(void **state)
{
    (void)state;
    const double h = 1e-5;
    double x[COUNT], output[COUNT], gradient[COUNT];
    fill_words(x, COUNT);
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    for (int twin = 0; twin < 2; twin++) {
        qhm_qsann_options options = {.layers = 2, .unentangled = twin};
        qhm_module *module = make_module(QHM_FLOAT64, LENGTH, WIDTH, &options);
        run(module, tape, BATCH, x, some_mask, output, gradient);
        double exact[64];
        size_t count, total = 0;
        qhm_parameter *const *parameters = qhm_module_parameters(module, &count);
        assert_int_equal(count, 3);
        assert_string_equal(qhm_parameter_name(parameters[0]), "query.weight");
        for (size_t p = 0; p < count; p++) {
            const qhm_tensor *tensor = qhm_parameter_gradient(parameters[p]);
            for (size_t i = 0; i < qhm_tensor_count(tensor); i++)
                exact[total++] = qhm_tensor_item(tensor, i);
        }
        assert_int_equal(total, 3 * 2 * (2 + 2));
        total = 0;
        for (size_t p = 0; p < count; p++) {
            qhm_tensor *values = qhm_parameter_value(parameters[p]);
            for (size_t i = 0; i < qhm_tensor_count(values); i++) {
                double kept = qhm_tensor_item(values, i), up = kept + h, down = kept - h;
                REQUIRE_OK(qhm_tensor_set(values, i, 1, &up));
                double above = loss_of(module, tape, x);
                REQUIRE_OK(qhm_tensor_set(values, i, 1, &down));
                double below = loss_of(module, tape, x);
                REQUIRE_OK(qhm_tensor_set(values, i, 1, &kept));
                REQUIRE_NEAR(exact[total++], (above - below) / (2 * h), 1e-7);
            }
        }
        for (size_t i = 0; i < COUNT; i++) {
            double kept = x[i];
            x[i] = kept + h;
            double above = loss_of(module, tape, x);
            x[i] = kept - h;
            double below = loss_of(module, tape, x);
            x[i] = kept;
            REQUIRE_NEAR(gradient[i], (above - below) / (2 * h), 1e-7);
        }
        qhm_module_destroy(module);
    }
    qhm_tape_destroy(tape);
}

static void the_twin_has_no_gate_on_two_qubits(void **state)
{
    (void)state;
    for (int twin = 0; twin < 2; twin++) {
        qhm_qsann_options options = {.unentangled = twin};
        qhm_module *module = make_module(QHM_FLOAT64, LENGTH, WIDTH, &options);
        for (size_t i = 0; i < 3; i++) {
            qhm_circuit_counts counts;
            const qhm_circuit *circuit = qhm_quantum_layer_circuit(qhm_module_child(module, i));
            REQUIRE_OK(qhm_circuit_count(circuit, &counts));
            assert_int_equal(counts.two_qubit_gates, twin ? 0 : 2);
            assert_int_equal(counts.weights, 6);
            assert_int_equal(counts.inputs, WIDTH);
        }
        qhm_module_destroy(module);
    }
}

static void the_first_features_turn_phases_unless_hadamards_are_skipped(void **state)
{
    (void)state;
    double x[WIDTH], first[WIDTH], second[WIDTH];
    fill_words(x, WIDTH);
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    for (int skipped = 0; skipped < 2; skipped++) {
        qhm_qsann_options options = {.skip_hadamard = skipped};
        qhm_module *module = make_module(QHM_FLOAT64, 1, WIDTH, &options);
        run(module, tape, 1, x, NULL, first, NULL);
        double moved[WIDTH];
        memcpy(moved, x, sizeof x);
        moved[0] += 0.5;
        run(module, tape, 1, moved, NULL, second, NULL);
        double change = 0;
        for (size_t i = 1; i < WIDTH; i++) // feature 0 has the residual
            change += fabs(second[i] - first[i]);
        if (skipped)
            assert_true(change > 1e-3);
        else
            REQUIRE_NEAR(change, 0, 1e-13);
        qhm_module_destroy(module);
    }
    qhm_tape_destroy(tape);
}

static void widths_that_fill_no_circuit_leave_angles_out(void **state)
{
    (void)state;
    double x[2 * 17], output[2 * 17];
    fill_words(x, 2 * 17);
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT32, &tape));
    for (size_t width = 1; width <= 17; width++)
        for (size_t layers = 1; layers <= 9; layers += 4) {
            qhm_qsann_options options = {.encoding_layers = layers};
            qhm_module *module = make_module(QHM_FLOAT32, 2, width, &options);
            run(module, tape, 1, x, NULL, output, NULL);
            for (size_t i = 0; i < 2 * width; i++)
                assert_true(fabs(output[i] - x[i]) <= 1 + 1e-5);
            qhm_module_destroy(module);
        }
    qhm_tape_destroy(tape);
}

static void bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    double x[COUNT], output[2][COUNT], gradient[2][COUNT];
    fill_words(x, COUNT);
    for (unsigned i = 0; i < 2; i++) {
        REQUIRE_OK(qhm_threads_set_count(i ? 3 : 1));
        qhm_tape *tape;
        REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
        qhm_module *module = make_module(QHM_FLOAT64, LENGTH, WIDTH, NULL);
        run(module, tape, BATCH, x, some_mask, output[i], gradient[i]);
        qhm_module_destroy(module);
        qhm_tape_destroy(tape);
    }
    REQUIRE_OK(qhm_threads_set_count(0));
    assert_memory_equal(output[0], output[1], sizeof output[0]);
    assert_memory_equal(gradient[0], gradient[1], sizeof gradient[0]);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    qhm_module *module = NULL;
    qhm_module_setting setting = {.input = {1, {6}}};
    REQUIRE_FAILS(qhm_module_create("qsann", &setting, NULL, &module), QHM_ERROR_INVALID_ARGUMENT,
                  "sequences [length, width]");
    setting.input = (qhm_shape){2, {3, 6}};
    setting.output_width = 4;
    REQUIRE_FAILS(qhm_module_create("qsann", &setting, NULL, &module), QHM_ERROR_INVALID_ARGUMENT,
                  "output_width is 4, but qsann gives back the width of its words, 6");
    setting.output_width = 6;
    REQUIRE_FAILS(qhm_module_create("qsann", &setting, &(qhm_qsann_options){.qubits = 1}, &module),
                  QHM_ERROR_INVALID_ARGUMENT, "words have 6 features, but 1 qubits");
    REQUIRE_FAILS(qhm_module_create("qsann", &setting,
                                    &(qhm_qsann_options){.qubits = 1, .encoding_layers = 4},
                                    &module),
                  QHM_ERROR_INVALID_ARGUMENT, "3 value observables");
    REQUIRE_FAILS(qhm_module_create("qsann", &setting, &(qhm_qsann_options){.qubits = 30}, &module),
                  QHM_ERROR_RESOURCE_LIMIT, "");
    assert_null(module);
}

static qhm_status create_only(void *context)
{
    (void)context;
    qhm_module_setting setting = {.input = {2, {2, 3}}};
    qhm_module *module = NULL;
    qhm_status status = qhm_module_create("qsann", &setting, NULL, &module);
    qhm_module_destroy(module);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(create_only, NULL);
}

// Per word one setting for the query, one for the key, three for the value.
static void a_forward_is_five_settings_a_word_in_the_ledger(void **state)
{
    (void)state;
    qhm_qsann_options options = {.encoding_layers = 1, .layers = 1};
    qhm_module *module = make_module(QHM_FLOAT64, LENGTH, WIDTH, &options);
    double x[COUNT], output[COUNT];
    fill_words(x, COUNT);
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    run(module, tape, BATCH, x, NULL, output, NULL);
    qhm_ledger ledger;
    REQUIRE_OK(qhm_module_ledger(module, &ledger));
    assert_int_equal(ledger.circuits, BATCH * LENGTH * 5);
    assert_int_equal(ledger.exact_circuits, BATCH * LENGTH * 5);
    assert_int_equal(ledger.settings, 5);
    assert_int_equal(ledger.qubits, 2);
    assert_int_equal(ledger.adjoint_gradients, 0);
    REQUIRE_FAILS(qhm_module_ledger(NULL, &ledger), QHM_ERROR_INVALID_ARGUMENT, "module");
    qhm_tape_destroy(tape);
    qhm_module_destroy(module);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forward_is_five_settings_a_word_in_the_ledger),
        cmocka_unit_test(attention_weights_and_outputs_are_the_known_ones),
        cmocka_unit_test(parameter_counts_are_those_of_the_paper),
        cmocka_unit_test(a_word_circuit_has_the_published_gates),
        cmocka_unit_test(identical_words_share_attention_equally),
        cmocka_unit_test(padding_changes_no_word_that_counts),
        cmocka_unit_test(gradients_are_finite_differences),
        cmocka_unit_test(the_twin_has_no_gate_on_two_qubits),
        cmocka_unit_test(the_first_features_turn_phases_unless_hadamards_are_skipped),
        cmocka_unit_test(widths_that_fill_no_circuit_leave_angles_out),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("learn/qsann", tests, NULL, NULL);
}
