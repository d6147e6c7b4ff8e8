// Every kind of module: gradients, parameter counts, precision, masks, mistakes.
#include "base/memory.h"
#include "base/options_internal.h"
#include "base/status_internal.h"
#include "learn/module_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/module_passes.h"

#include <qhm/module_kinds.h>
#include <qhm/qaoa_layer.h>
#include <qhm/qsann.h>
#include <qhm/quantum_layer.h>

static const kind_case cases[] = {
    {"linear", ROW, 4, NULL, false},
    {"linear", SEQUENCE, 4, &(qhm_linear_options){.no_bias = true}, false},
    {"mlp", ROW, 4, &(qhm_mlp_options){.hidden_width = 5, .hidden_layers = 2}, false},
    {"mlp", ROW, 0, &(qhm_mlp_options){.hidden_width = 5, .dropout = 0.3, .activation = 3}, false},
    {"matched_mlp", ROW, 4, &(qhm_matched_mlp_options){.parameter_target = 31}, false},
    {"matched_mlp", ROW, 4, &(qhm_matched_mlp_options){.parameter_target = 10}, false},
    {"matched_mlp", SEQUENCE, 4, &(qhm_matched_mlp_options){.flop_target = 100}, false},
    {"conv_net", {3, {2, 5, 4}}, 3, &(qhm_conv_net_options){.channels = 3, .activation = 1}, false},
    {"conv_net",
     {3, {1, 6, 6}},
     3,
     &(qhm_conv_net_options){.channels = 2, .stages = 1, .mean_pool = true, .activation = 3},
     false},
    {"embedding", {1, {4}}, 5, &(qhm_embedding_options){.vocabulary_size = VOCABULARY}, true},
    {"sequence_pool", SEQUENCE, 0, NULL, false},
    {"sequence_pool", SEQUENCE, 6, &(qhm_sequence_pool_options){.is_max = true}, false},
    {"layernorm", ROW, 0, NULL, false},
    {"layernorm", SEQUENCE, 6, NULL, false},
    {"dropout", ROW, 0, &(qhm_dropout_options){.rate = 0.4}, false},
    {"activation", ROW, 0, &(qhm_activation_options){.activation = QHM_ACTIVATION_SIGMOID}, false},
    {"activation", ROW, 0, &(qhm_activation_options){.activation = QHM_ACTIVATION_COS}, false},
    {"l2_normalise", ROW, 0, NULL, false},
    {"identity", ROW, 0, NULL, false},
    {"identity", ROW, 9, NULL, false},
    {"identity", SEQUENCE, 2, NULL, false},
    {"random_features", ROW, 7, NULL, false},
    {"quantum", {1, {3}}, 0, NULL, false},
    {"quantum",
     {1, {4}},
     6,
     &(qhm_quantum_options){.qubits = 2, .readout = QHM_QUANTUM_READOUT_ZXY, .reupload = true},
     false},
    {"quantum", SEQUENCE, 6,
     &(qhm_quantum_options){.qubits = 3, .readout = QHM_QUANTUM_READOUT_Z_ZZ}, false},
    {"quantum", ROW, 12,
     &(qhm_quantum_options){.encoding = QHM_QUANTUM_ENCODING_ZZ, .readout = QHM_QUANTUM_READOUT_ZX},
     false},
    {"quantum", ROW, 3, &(qhm_quantum_options){.encoding = QHM_QUANTUM_ENCODING_QAOA}, false},
    {"quantum", ROW, 3,
     &(qhm_quantum_options){.encoding = QHM_QUANTUM_ENCODING_QAOA, .unentangled = true}, false},
    {"qaoa", ROW, 0, NULL, false},
    {"qaoa",
     {1, {4}},
     0,
     &(qhm_qaoa_layer_options){
         .block = 2, .entanglement = 4, .layers = 3, .readout = QHM_QAOA_READOUT_CHANCE},
     false},
    {"qaoa", SEQUENCE, 6, &(qhm_qaoa_layer_options){.readout = QHM_QAOA_READOUT_Z_ZZ}, false},
    {"dot_product_attention", SEQUENCE, 0, NULL, false},
    {"dot_product_attention", SEQUENCE, 6,
     &(qhm_dot_product_attention_options){.heads = 3, .key_width = 1, .no_bias = true}, false},
    {"dot_product_attention", SEQUENCE, 0,
     &(qhm_dot_product_attention_options){.heads = 2, .no_output = true, .no_residual = true},
     false},
    {"qsann", SEQUENCE, 0, NULL, false},
    {"qsann", SEQUENCE, 6,
     &(qhm_qsann_options){.qubits = 3, .layers = 2, .ring = true, .skip_hadamard = true}, false},
};

enum { CASE_COUNT = sizeof cases / sizeof *cases };

static double loss_with(pass *p, const kind_case *c, qhm_tensor *tensor, size_t index, double value)
{
    qhm_value input;
    double before = tensor == p->input ? p->x[index] : qhm_tensor_item(tensor, index);
    if (tensor == p->input)
        p->x[index] = value;
    else
        REQUIRE_OK(qhm_tensor_set(tensor, index, 1, &value));
    REQUIRE_OK(run(p, c, &input));
    if (tensor == p->input)
        p->x[index] = before;
    else
        REQUIRE_OK(qhm_tensor_set(tensor, index, 1, &before));
    return p->loss;
}

static void check_slopes(pass *p, const kind_case *c, qhm_tensor *tensor, const double *gradient,
                         const char *name)
{
    const double step = 1e-5;
    for (size_t i = 0; i < qhm_tensor_count(tensor); i++) {
        double x = tensor == p->input ? p->x[i] : qhm_tensor_item(tensor, i);
        double above = loss_with(p, c, tensor, i, x + step);
        double slope = (above - loss_with(p, c, tensor, i, x - step)) / (2 * step);
        if (!(fabs(slope - gradient[i]) <= 1e-6 * (1 + fabs(slope))))
            fail_msg("%s, %s[%zu]: gradient %.12g, differences give %.12g", c->kind, name, i,
                     gradient[i], slope);
    }
}

static void every_gradient_agrees_with_differences(void **state)
{
    (void)state;
    static pass p;
    static double gradient[MAX_ELEMENTS];
    for (size_t i = 0; i < CASE_COUNT; i++) {
        qhm_value input;
        size_t count;
        begin(&p, &cases[i], QHM_FLOAT64);
        REQUIRE_OK(run(&p, &cases[i], &input));
        qhm_parameter *const *parameters = qhm_module_parameters(p.module, &count);
        if (!cases[i].takes_tokens) {
            memcpy(gradient, qhm_tape_gradient(p.tape, input),
                   qhm_tensor_count(p.input) * sizeof *gradient);
            check_slopes(&p, &cases[i], p.input, gradient, "input");
        }
        qhm_parameter_clear_gradients(parameters, count);
        REQUIRE_OK(run(&p, &cases[i], &input));
        for (size_t j = 0; j < count; j++) {
            qhm_tensor *slopes = qhm_parameter_gradient(parameters[j]);
            if (!slopes)
                continue;
            qhm_parameter_clear_gradients(parameters, count);
            REQUIRE_OK(run(&p, &cases[i], &input));
            REQUIRE_OK(qhm_tensor_read(slopes, 0, qhm_tensor_count(slopes), gradient));
            check_slopes(&p, &cases[i], qhm_parameter_value(parameters[j]), gradient,
                         qhm_parameter_name(parameters[j]));
        }
        end(&p);
    }
}

static void every_kind_has_a_case_and_a_right_table(void **state)
{
    (void)state;
    size_t count;
    const qhm_module_info *const *kinds = qhm_module_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        bool is_tested = false;
        for (size_t j = 0; j < CASE_COUNT; j++)
            is_tested |= strcmp(cases[j].kind, kinds[i]->kind) == 0;
        if (!is_tested)
            fail_msg("%s has no case", kinds[i]->kind);
        assert_true(strlen(kinds[i]->help) > 9);
        if (kinds[i]->options)
            REQUIRE_OK(qhm_options_check_table(kinds[i]->options));
    }
}

static void shapes_and_costs_are_as_promised(void **state)
{
    (void)state;
    static pass p;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        qhm_value input;
        begin(&p, &cases[i], QHM_FLOAT64);
        REQUIRE_OK(run(&p, &cases[i], &input));
        assert_string_equal(qhm_module_kind(p.module), cases[i].kind);
        assert_true(
            qhm_shape_is_equal(p.output_shape, batch_of(qhm_module_output_shape(p.module))));
        assert_true(qhm_shape_is_equal(cases[i].input, qhm_module_input_shape(p.module)));
        if (cases[i].output_width)
            assert_int_equal(qhm_shape_width(p.output_shape), cases[i].output_width);
        size_t count, trained = 0;
        qhm_parameter *const *parameters = qhm_module_parameters(p.module, &count);
        for (size_t j = 0; j < count; j++) {
            if (qhm_parameter_gradient(parameters[j]))
                trained += qhm_tensor_count(qhm_parameter_value(parameters[j]));
            for (size_t k = 0; k < j; k++)
                assert_string_not_equal(qhm_parameter_name(parameters[j]),
                                        qhm_parameter_name(parameters[k]));
        }
        qhm_module_cost cost = qhm_module_total_cost(p.module);
        assert_int_equal(cost.parameter_count + cost.embedding_parameter_count, trained);
        assert_int_equal(cost.embedding_parameter_count,
                         cases[i].takes_tokens ? VOCABULARY * 5 : 0);
        bool is_quantum = strncmp(cases[i].kind, "q", 1) == 0;
        assert_true(cost.flops >= 0 && (cost.circuits > 0) == is_quantum);
        end(&p);
    }
}

static void passes_repeat_their_bits_and_precisions_agree(void **state)
{
    (void)state;
    static pass p, again, narrow;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        qhm_value input;
        begin(&p, &cases[i], QHM_FLOAT64);
        begin(&again, &cases[i], QHM_FLOAT64);
        begin(&narrow, &cases[i], QHM_FLOAT32);
        REQUIRE_OK(run(&p, &cases[i], &input));
        REQUIRE_OK(run(&again, &cases[i], &input));
        REQUIRE_OK(run(&narrow, &cases[i], &input));
        assert_memory_equal(p.outputs, again.outputs, p.output_count * sizeof(double));
        for (size_t j = 0; j < p.output_count; j++)
            REQUIRE_NEAR(narrow.outputs[j], p.outputs[j], 2e-5 * (1 + fabs(p.outputs[j])));
        size_t count;
        qhm_parameter *const *wide = qhm_module_parameters(p.module, &count);
        qhm_parameter *const *small = qhm_module_parameters(narrow.module, &count);
        for (size_t j = 0; j < count; j++) {
            qhm_tensor *a = qhm_parameter_gradient(wide[j]), *b = qhm_parameter_gradient(small[j]);
            for (size_t k = 0; a && k < qhm_tensor_count(a); k++)
                REQUIRE_NEAR(qhm_tensor_item(b, k), qhm_tensor_item(a, k),
                             1e-4 * (1 + fabs(qhm_tensor_item(a, k))));
        }
        end(&p);
        end(&again);
        end(&narrow);
    }
}

static void first_values_come_from_the_stream_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        qhm_module *a, *b;
        size_t count, same;
        REQUIRE_OK(create(&cases[i], QHM_FLOAT64, &a));
        REQUIRE_OK(create(&cases[i], QHM_FLOAT32, &b));
        qhm_parameter *const *wide = qhm_module_parameters(a, &count);
        qhm_parameter *const *narrow = qhm_module_parameters(b, &same);
        assert_int_equal(count, same);
        for (size_t j = 0; j < count; j++)
            for (size_t k = 0; k < qhm_tensor_count(qhm_parameter_value(wide[j])); k++)
                assert_true(qhm_tensor_item(qhm_parameter_value(narrow[j]), k) ==
                            (double)(float)qhm_tensor_item(qhm_parameter_value(wide[j]), k));
        qhm_module_destroy(a);
        qhm_module_destroy(b);
    }
}

static void what_is_masked_changes_nothing_else(void **state)
{
    (void)state;
    static pass p;
    static double before[MAX_ELEMENTS];
    for (size_t i = 0; i < CASE_COUNT; i++) {
        qhm_value input;
        if (cases[i].input.rank != 2 || cases[i].takes_tokens)
            continue;
        begin(&p, &cases[i], QHM_FLOAT64);
        REQUIRE_OK(run(&p, &cases[i], &input));
        memcpy(before, p.outputs, sizeof before);
        for (size_t word = 0; word < BATCH * 4; word++)
            for (size_t j = 0; p.mask[word] == 0 && j < 6; j++)
                p.x[word * 6 + j] += 3;
        REQUIRE_OK(run(&p, &cases[i], &input));
        size_t width = qhm_shape_width(p.output_shape);
        for (size_t j = 0; j < p.output_count; j++)
            if (p.output_shape.rank == 2 || p.mask[j / width] != 0)
                assert_true(p.outputs[j] == before[j]);
        end(&p);
    }
}

static void steps_after_the_first_allocate_nothing(void **state)
{
    (void)state;
    static pass p;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        qhm_value input;
        begin(&p, &cases[i], QHM_FLOAT32);
        REQUIRE_OK(run(&p, &cases[i], &input));
        qhm_tape_reset(p.tape);
        size_t allocations = qhm_memory_allocation_count();
        REQUIRE_OK(run(&p, &cases[i], &input));
        assert_int_equal(qhm_memory_allocation_count(), allocations);
        end(&p);
    }
}

static qhm_status attempt(void *context)
{
    qhm_module *module;
    QHM_TRY(create(context, QHM_FLOAT64, &module));
    qhm_module_destroy(module);
    return QHM_OK;
}

static void creation_survives_every_refused_allocation(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++)
        require_survives_failing_memory(attempt, (void *)&cases[i]);
}

static void mistakes_of_creation_are_refused(void **state)
{
    (void)state;
    const struct {
        kind_case c;
        qhm_status status;
        const char *error;
    } mistakes[] = {
        {{"lienar", ROW, 1, NULL, false}, QHM_ERROR_NOT_FOUND, "did you mean \"linear\""},
        {{"matched_mlp", ROW, 4, NULL, false}, QHM_ERROR_INVALID_ARGUMENT, "one of them"},
        {{"matched_mlp", ROW, 4,
          &(qhm_matched_mlp_options){.parameter_target = 9, .flop_target = 1}, false},
         QHM_ERROR_INVALID_ARGUMENT,
         "one of them"},
        {{"matched_mlp", ROW, 4, &(qhm_matched_mlp_options){.parameter_target = 6}, false},
         QHM_ERROR_INVALID_ARGUMENT,
         "parameter_target is 6, not 7 to"},
        {{"mlp", ROW, 4, &(qhm_mlp_options){.dropout = 1}, false},
         QHM_ERROR_INVALID_ARGUMENT,
         "dropout"},
        {{"mlp", ROW, 4, &(qhm_mlp_options){.activation = 9}, false},
         QHM_ERROR_INVALID_ARGUMENT,
         "activation"},
        {{"conv_net", ROW, 4, NULL, false}, QHM_ERROR_INVALID_ARGUMENT, "not rank 1"},
        {{"conv_net", {3, {1, 3, 9}}, 4, NULL, false}, QHM_ERROR_INVALID_ARGUMENT, "to nothing"},
        {{"conv_net", {3, {1, 9, 9}}, 0, NULL, false}, QHM_ERROR_INVALID_ARGUMENT, "output width"},
        {{"embedding", {1, {4}}, 4, NULL, true}, QHM_ERROR_INVALID_ARGUMENT, "vocabulary_size"},
        {{"embedding", {1, {4}}, 0, &(qhm_embedding_options){6}, true},
         QHM_ERROR_INVALID_ARGUMENT,
         "output width"},
        {{"embedding", SEQUENCE, 4, &(qhm_embedding_options){6}, true},
         QHM_ERROR_INVALID_ARGUMENT,
         "not rank 2"},
        {{"sequence_pool", ROW, 0, NULL, false}, QHM_ERROR_INVALID_ARGUMENT, "not rank 1"},
        {{"layernorm", ROW, 5, NULL, false}, QHM_ERROR_INVALID_ARGUMENT, "a width of 6, not 5"},
        {{"dropout", ROW, 5, NULL, false}, QHM_ERROR_INVALID_ARGUMENT, "a width of 6, not 5"},
        {{"l2_normalise", ROW, 5, NULL, false}, QHM_ERROR_INVALID_ARGUMENT, "a width of 6, not 5"},
        {{"dot_product_attention", ROW, 0, NULL, false}, QHM_ERROR_INVALID_ARGUMENT, "not rank 1"},
        {{"dot_product_attention", SEQUENCE, 5, NULL, false},
         QHM_ERROR_INVALID_ARGUMENT,
         "a width of 6, not 5"},
        {{"dot_product_attention", SEQUENCE, 0, &(qhm_dot_product_attention_options){.heads = 4},
          false},
         QHM_ERROR_INVALID_ARGUMENT,
         "does not divide the width 6"},
        {{"linear", {4, {1, 1, 1, 1}}, 0, NULL, false}, QHM_ERROR_INVALID_ARGUMENT, "rank 4"},
        {{"linear", {1, {0}}, 0, NULL, false}, QHM_ERROR_INVALID_ARGUMENT, "size 0"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        qhm_module *module = NULL;
        REQUIRE_FAILS(create(&mistakes[i].c, QHM_FLOAT64, &module), mistakes[i].status,
                      mistakes[i].error);
        assert_null(module);
    }
}

static void inputs_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    const kind_case c = {"linear", SEQUENCE, 2, NULL, false};
    qhm_module *module;
    qhm_tape *tape, *narrow;
    qhm_value x, longer, mask, y;
    static const double zeros[100];
    REQUIRE_OK(create(&c, QHM_FLOAT64, &module));
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT32, &narrow));
    REQUIRE_OK(qhm_tape_constant(tape, (qhm_shape){3, {2, 4, 5}}, zeros, &x));
    REQUIRE_FAILS(qhm_module_forward(module, tape, x, QHM_NO_VALUE, &y), QHM_ERROR_INVALID_ARGUMENT,
                  "linear is given [2, 4, 5], not a batch of [4, 6]");
    REQUIRE_OK(qhm_tape_constant(tape, (qhm_shape){3, {2, 7, 6}}, zeros, &longer));
    REQUIRE_OK(qhm_module_forward(module, tape, longer, QHM_NO_VALUE, &y)); // another length
    REQUIRE_OK(qhm_tape_constant(tape, (qhm_shape){2, {2, 4}}, zeros, &mask));
    REQUIRE_FAILS(qhm_module_forward(module, tape, longer, mask, &y), QHM_ERROR_INVALID_ARGUMENT,
                  "the mask of linear is [2, 4], but the input is [2, 7, 6]");
    REQUIRE_FAILS(qhm_module_forward(module, narrow, x, QHM_NO_VALUE, &y),
                  QHM_ERROR_INVALID_ARGUMENT, "not on the tape");
    REQUIRE_OK(qhm_tape_constant(narrow, (qhm_shape){3, {2, 7, 6}}, zeros, &x));
    REQUIRE_FAILS(qhm_module_forward(module, narrow, x, QHM_NO_VALUE, &y),
                  QHM_ERROR_INVALID_ARGUMENT, "differ in precision");
    qhm_module_destroy(module);
    qhm_tape_destroy(tape);
    qhm_tape_destroy(narrow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_case_and_a_right_table),
        cmocka_unit_test(every_gradient_agrees_with_differences),
        cmocka_unit_test(shapes_and_costs_are_as_promised),
        cmocka_unit_test(passes_repeat_their_bits_and_precisions_agree),
        cmocka_unit_test(first_values_come_from_the_stream_alone),
        cmocka_unit_test(what_is_masked_changes_nothing_else),
        cmocka_unit_test(steps_after_the_first_allocate_nothing),
        cmocka_unit_test(creation_survives_every_refused_allocation),
        cmocka_unit_test(mistakes_of_creation_are_refused),
        cmocka_unit_test(inputs_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests_name("learn/module", tests, NULL, NULL);
}
