// The quantum layer: against hand-built plan calls, against differences, as a module.
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/quantum_layers.h"

#include <qhm/backend.h>
#include <qhm/quantum_layer.h>
#include <qhm/threads.h>

static void a_layer_gives_what_its_plan_gives(void **state)
{
    (void)state;
    enum { BATCH = 7 };
    double x[BATCH * INPUTS], weights[WEIGHTS];
    fill_inputs(x, BATCH * INPUTS);
    qhm_module *module = make_layer(QHM_FLOAT64, NULL);
    size_t count;
    qhm_parameter *const *parameters = qhm_module_parameters(module, &count);
    assert_int_equal(count, 1);
    assert_string_equal(qhm_parameter_name(parameters[0]), "weight");
    assert_true(qhm_parameter_flags(parameters[0]) & QHM_PARAMETER_NO_DECAY);
    REQUIRE_OK(qhm_tensor_read(qhm_parameter_value(parameters[0]), 0, WEIGHTS, weights));
    static outcome found, expected;
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    REQUIRE_OK(run_module(module, tape, (qhm_shape){2, {BATCH, INPUTS}}, x, &found));

    qhm_backend *backend;
    qhm_plan *plan;
    qhm_circuit *circuit = make_circuit();
    qhm_observable *observables[OBSERVABLES];
    make_observables(observables);
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, (const qhm_observable *const *)observables,
                               OBSERVABLES, NULL, &plan));
    qhm_request request = {
        .batch_count = BATCH, .inputs = x, .weights = weights, .expectations = expected.output};
    REQUIRE_OK(qhm_plan_run(plan, &request));
    double cotangents[BATCH * OBSERVABLES];
    for (size_t i = 0; i < BATCH * OBSERVABLES; i++)
        cotangents[i] = 2 * expected.output[i];
    request.expectations = NULL;
    request.cotangents = cotangents;
    request.input_gradients = expected.input_gradient;
    request.weight_gradients = expected.weight_gradient;
    REQUIRE_OK(qhm_plan_run(plan, &request));
    expected.output_count = BATCH * OBSERVABLES;
    expected.input_count = BATCH * INPUTS;
    expected.weight_count = WEIGHTS;
    require_same_outcome(&found, &expected, 0);

    qhm_module_cost cost = qhm_module_total_cost(module);
    assert_int_equal(cost.parameter_count, WEIGHTS);
    REQUIRE_NEAR(cost.flops, (double)qhm_plan_flops(plan), 0);
    REQUIRE_NEAR(cost.circuits, (double)qhm_plan_information(plan)->setting_count, 0);
    assert_int_equal(qhm_circuit_instruction_count(qhm_quantum_layer_circuit(module)),
                     qhm_circuit_instruction_count(circuit));
    const qhm_observable *const *held = qhm_quantum_layer_observables(module, &count);
    assert_int_equal(count, OBSERVABLES);
    for (size_t i = 0; i < OBSERVABLES; i++) {
        char *text, *original;
        REQUIRE_OK(qhm_observable_print(held[i], &text));
        REQUIRE_OK(qhm_observable_print(observables[i], &original));
        assert_string_equal(text, original);
        qhm_string_destroy(text);
        qhm_string_destroy(original);
    }
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
    destroy_observables(observables);
    qhm_tape_destroy(tape);
    qhm_module_destroy(module);
}

// linear -> quantum -> linear, as people build it.
static qhm_module *make_hybrid(void)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_INITIALISE, 0, 0, 1);
    qhm_module_setting first = {.input = {1, {5}}, .output_width = INPUTS, .random = &random};
    qhm_module_setting last = {.input = {1, {OBSERVABLES}}, .output_width = 2, .random = &random};
    qhm_module *model, *step;
    REQUIRE_OK(qhm_sequential_create(QHM_FLOAT64, first.input, &model));
    REQUIRE_OK(qhm_module_create("linear", &first, NULL, &step));
    REQUIRE_OK(qhm_module_append_take(model, NULL, step));
    REQUIRE_OK(qhm_module_append_take(model, NULL, make_layer(QHM_FLOAT64, NULL)));
    REQUIRE_OK(qhm_module_create("linear", &last, NULL, &step));
    REQUIRE_OK(qhm_module_append_take(model, NULL, step));
    return model;
}

static double loss_of(qhm_module *model, qhm_tape *tape, qhm_shape shape, const double *x)
{
    static outcome result;
    double loss = 0;
    REQUIRE_OK(run_module(model, tape, shape, x, &result));
    for (size_t i = 0; i < result.output_count; i++)
        loss += result.output[i] * result.output[i];
    return loss;
}

static void the_gradient_of_a_hybrid_model_is_its_finite_difference(void **state)
{
    (void)state;
    enum { BATCH = 5, WIDTH = 5 };
    const double h = 1e-5;
    qhm_shape shape = {2, {BATCH, WIDTH}};
    double x[BATCH * WIDTH];
    fill_inputs(x, BATCH * WIDTH);
    qhm_module *model = make_hybrid();
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    static outcome exact;
    REQUIRE_OK(run_module(model, tape, shape, x, &exact));

    size_t count, next = 0;
    qhm_parameter *const *parameters = qhm_module_parameters(model, &count);
    assert_int_equal(count, 5);
    for (size_t p = 0; p < count; p++) {
        qhm_tensor *values = qhm_parameter_value(parameters[p]);
        for (size_t i = 0; i < qhm_tensor_count(values); i++) {
            double kept = qhm_tensor_item(values, i), up = kept + h, down = kept - h;
            REQUIRE_OK(qhm_tensor_set(values, i, 1, &up));
            double above = loss_of(model, tape, shape, x);
            REQUIRE_OK(qhm_tensor_set(values, i, 1, &down));
            double below = loss_of(model, tape, shape, x);
            REQUIRE_OK(qhm_tensor_set(values, i, 1, &kept));
            REQUIRE_NEAR(exact.weight_gradient[next++], (above - below) / (2 * h), 1e-7);
        }
    }
    for (size_t i = 0; i < BATCH * WIDTH; i++) {
        double kept = x[i];
        x[i] = kept + h;
        double above = loss_of(model, tape, shape, x);
        x[i] = kept - h;
        double below = loss_of(model, tape, shape, x);
        x[i] = kept;
        REQUIRE_NEAR(exact.input_gradient[i], (above - below) / (2 * h), 1e-7);
    }
    qhm_tape_destroy(tape);
    qhm_module_destroy(model);
}

static void a_sample_has_the_same_bits_alone_and_in_any_batch(void **state)
{
    (void)state;
    enum { BATCH = 131 };
    double x[BATCH * INPUTS];
    fill_inputs(x, BATCH * INPUTS);
    const qhm_precision precisions[] = {QHM_FLOAT64, QHM_FLOAT32};
    for (size_t p = 0; p < 2; p++) {
        qhm_module *module = make_layer(precisions[p], NULL);
        qhm_tape *tape;
        REQUIRE_OK(qhm_tape_create(precisions[p], &tape));
        static outcome together, alone;
        REQUIRE_OK(run_module(module, tape, (qhm_shape){2, {BATCH, INPUTS}}, x, &together));
        const size_t rows[] = {0, 1, 63, 64, 65, 130};
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            size_t row = rows[r];
            REQUIRE_OK(
                run_module(module, tape, (qhm_shape){2, {1, INPUTS}}, x + row * INPUTS, &alone));
            assert_memory_equal(alone.output, together.output + row * OBSERVABLES,
                                OBSERVABLES * sizeof(double));
            assert_memory_equal(alone.input_gradient, together.input_gradient + row * INPUTS,
                                INPUTS * sizeof(double));
        }
        qhm_tape_destroy(tape);
        qhm_module_destroy(module);
    }
}

static void words_of_a_sequence_are_rows_of_the_batch(void **state)
{
    (void)state;
    double x[6 * INPUTS];
    fill_inputs(x, 6 * INPUTS);
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    qhm_module *flat = make_layer(QHM_FLOAT64, NULL);
    qhm_module *sequence = make_layer_in(QHM_FLOAT64, NULL, (qhm_shape){2, {3, INPUTS}});
    static outcome expected, found;
    REQUIRE_OK(run_module(flat, tape, (qhm_shape){2, {6, INPUTS}}, x, &expected));
    REQUIRE_OK(run_module(sequence, tape, (qhm_shape){3, {2, 3, INPUTS}}, x, &found));
    require_same_outcome(&found, &expected, 0);
    qhm_shape shape = qhm_module_output_shape(sequence);
    assert_true(qhm_shape_is_equal(shape, (qhm_shape){2, {3, OBSERVABLES}}));
    REQUIRE_NEAR(qhm_module_total_cost(sequence).flops, 3 * qhm_module_total_cost(flat).flops, 0);
    qhm_module_destroy(flat);
    qhm_module_destroy(sequence);
    qhm_tape_destroy(tape);
}

static void float32_is_near_float64(void **state)
{
    (void)state;
    enum { BATCH = 9 };
    double x[BATCH * INPUTS];
    fill_inputs(x, BATCH * INPUTS);
    static outcome outcomes[2];
    for (int p = 0; p < 2; p++) {
        qhm_precision precision = p ? QHM_FLOAT32 : QHM_FLOAT64;
        qhm_module *module = make_layer(precision, NULL);
        qhm_tape *tape;
        REQUIRE_OK(qhm_tape_create(precision, &tape));
        REQUIRE_OK(run_module(module, tape, (qhm_shape){2, {BATCH, INPUTS}}, x, &outcomes[p]));
        qhm_tape_destroy(tape);
        qhm_module_destroy(module);
    }
    require_same_outcome(&outcomes[1], &outcomes[0], 5e-5);
    // and it is really another precision
    assert_memory_not_equal(outcomes[0].output, outcomes[1].output, 8 * sizeof(double));
}

static void bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    enum { BATCH = 200 };
    double x[BATCH * INPUTS];
    fill_inputs(x, BATCH * INPUTS);
    const size_t shots[] = {0, 20};
    for (size_t s = 0; s < 2; s++) {
        static outcome outcomes[2];
        for (unsigned i = 0; i < 2; i++) {
            REQUIRE_OK(qhm_threads_set_count(i ? 3 : 1));
            qhm_module *module =
                make_layer(QHM_FLOAT64, &(qhm_quantum_layer_options){.shots = shots[s]});
            qhm_tape *tape;
            REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
            REQUIRE_OK(run_module(module, tape, (qhm_shape){2, {BATCH, INPUTS}}, x, &outcomes[i]));
            qhm_tape_destroy(tape);
            qhm_module_destroy(module);
        }
        require_same_outcome(&outcomes[0], &outcomes[1], 0);
    }
    REQUIRE_OK(qhm_threads_set_count(0));
}

static void later_steps_allocate_nothing(void **state)
{
    (void)state;
    enum { BATCH = 100 };
    const qhm_precision precisions[] = {QHM_FLOAT64, QHM_FLOAT32};
    double x[BATCH * INPUTS];
    fill_inputs(x, BATCH * INPUTS);
    for (size_t p = 0; p < 2; p++) {
        qhm_module *module = make_layer(precisions[p], NULL);
        qhm_tape *tape;
        qhm_tensor *tensor;
        REQUIRE_OK(qhm_tape_create(precisions[p], &tape));
        REQUIRE_OK(qhm_tensor_create(precisions[p], (qhm_shape){2, {BATCH, INPUTS}}, &tensor));
        REQUIRE_OK(qhm_tensor_set(tensor, 0, BATCH * INPUTS, x));
        size_t before = 0;
        for (int step = 0; step < 4; step++) {
            if (step == 2) // the first reset joins the tape's blocks
                before = qhm_memory_allocation_count();
            qhm_value input, output, loss;
            qhm_tape_reset(tape);
            REQUIRE_OK(qhm_tape_variable(tape, tensor, &input));
            REQUIRE_OK(qhm_module_forward(module, tape, input, QHM_NO_VALUE, &output));
            REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_SUM, &output, 1, NULL, &loss));
            REQUIRE_OK(qhm_tape_backward(tape, loss));
        }
        assert_int_equal(qhm_memory_allocation_count(), before);
        qhm_tensor_destroy(tensor);
        qhm_tape_destroy(tape);
        qhm_module_destroy(module);
    }
}

static void a_layer_without_weights_is_a_fixed_feature_map(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    qhm_observable *observable;
    qhm_module *module;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    qhm_angle angle = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    REQUIRE_OK(qhm_observable_parse("Z0", &observable));
    qhm_module_setting setting = {.input = {1, {1}}};
    const qhm_observable *list[1] = {observable};
    REQUIRE_OK(qhm_quantum_layer_create(circuit, list, 1, &setting, NULL, &module));
    size_t count;
    (void)qhm_module_parameters(module, &count);
    assert_int_equal(count, 0);
    static outcome found;
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    REQUIRE_OK(run_module(module, tape, (qhm_shape){2, {1, 1}}, (double[]){0.7}, &found));
    REQUIRE_NEAR(found.output[0], cos(0.7), 1e-15);
    REQUIRE_NEAR(found.input_gradient[0], -2 * cos(0.7) * sin(0.7), 1e-14);
    qhm_tape_destroy(tape);
    qhm_module_destroy(module);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_circuit();
    qhm_observable *observables[OBSERVABLES];
    make_observables(observables);
    const qhm_observable *const *list = (const qhm_observable *const *)observables;
    qhm_module *module = NULL;
    qhm_module_setting setting = {.input = {1, {4}}};
    REQUIRE_FAILS(qhm_quantum_layer_create(circuit, list, 4, &setting, NULL, &module),
                  QHM_ERROR_INVALID_ARGUMENT, "input width is 4, but the circuit has 3");
    setting.input.sizes[0] = 3;
    REQUIRE_FAILS(qhm_quantum_layer_create(circuit, list, 0, &setting, NULL, &module),
                  QHM_ERROR_INVALID_ARGUMENT, "no observable");
    REQUIRE_FAILS(qhm_quantum_layer_create(circuit, (const qhm_observable *[]){NULL}, 1, &setting,
                                           NULL, &module),
                  QHM_ERROR_INVALID_ARGUMENT, "observable 0 is NULL");
    REQUIRE_FAILS(qhm_quantum_layer_create(circuit, list, 4, &setting,
                                           &(qhm_quantum_layer_options){.backend = "statevektor"},
                                           &module),
                  QHM_ERROR_NOT_FOUND, "statevector");
    REQUIRE_FAILS(qhm_quantum_layer_create(circuit, list, 4, &setting,
                                           &(qhm_quantum_layer_options){.weight_range = -1},
                                           &module),
                  QHM_ERROR_INVALID_ARGUMENT, "weight_range is -1");
    setting.output_width = 5;
    REQUIRE_FAILS(qhm_quantum_layer_create(circuit, list, 4, &setting, NULL, &module),
                  QHM_ERROR_INVALID_ARGUMENT, "output_width is 5, but there are 4 observables");
    setting.output_width = 0;
    qhm_observable *far;
    REQUIRE_OK(qhm_observable_parse("Z3", &far));
    const qhm_observable *far_list[1] = {far};
    REQUIRE_FAILS(qhm_quantum_layer_create(circuit, far_list, 1, &setting, NULL, &module),
                  QHM_ERROR_INVALID_ARGUMENT, "");
    qhm_observable_destroy(far);
    assert_null(module);

    qhm_circuit *empty;
    REQUIRE_OK(qhm_circuit_create(1, 0, &empty));
    REQUIRE_FAILS(qhm_quantum_layer_create(empty, list, 1, &setting, NULL, &module),
                  QHM_ERROR_INVALID_ARGUMENT, "no input slot");
    qhm_circuit_destroy(empty);
    destroy_observables(observables);
    qhm_circuit_destroy(circuit);

    double x[INPUTS] = {0.1, NAN, 0.2};
    qhm_tape *tape;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    module = make_layer(QHM_FLOAT64, NULL);
    REQUIRE_FAILS(run_module(module, tape, (qhm_shape){2, {1, INPUTS}}, x, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "quantum layer");
    qhm_module_destroy(module);
    qhm_tape_destroy(tape);
}

static void a_circuit_that_measures_midway_has_no_exact_values(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    qhm_observable *observable;
    qhm_module *module;
    REQUIRE_OK(qhm_circuit_create(1, 1, &circuit));
    qhm_angle angle = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_observable_parse("Z0", &observable));
    qhm_module_setting setting = {.input = {1, {1}}};
    const qhm_observable *list[1] = {observable};
    REQUIRE_FAILS(qhm_quantum_layer_create(circuit, list, 1, &setting, NULL, &module),
                  QHM_ERROR_UNSUPPORTED, "shots");
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
}

static qhm_status create_and_step(void *context)
{
    (void)context;
    qhm_circuit *circuit = NULL;
    qhm_observable *observable = NULL;
    qhm_module *module = NULL;
    qhm_tape *tape = NULL;
    qhm_angle input = qhm_angle_input(0, 1), weight = qhm_angle_weight(0);
    qhm_status status = qhm_circuit_create(1, 0, &circuit);
    if (status == QHM_OK)
        status = qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &input);
    if (status == QHM_OK)
        status = qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &weight);
    if (status == QHM_OK)
        status = qhm_observable_parse("Z0", &observable);
    qhm_module_setting setting = {.precision = QHM_FLOAT32, .input = {1, {1}}};
    if (status == QHM_OK)
        status = qhm_quantum_layer_create(circuit, (const qhm_observable *[]){observable}, 1,
                                          &setting, NULL, &module);
    if (status == QHM_OK)
        status = qhm_tape_create(QHM_FLOAT32, &tape);
    if (status == QHM_OK)
        status = run_module(module, tape, (qhm_shape){2, {1, 1}}, (double[]){0.3}, NULL);
    qhm_tape_destroy(tape);
    qhm_module_destroy(module);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(create_and_step, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_layer_gives_what_its_plan_gives),
        cmocka_unit_test(the_gradient_of_a_hybrid_model_is_its_finite_difference),
        cmocka_unit_test(a_sample_has_the_same_bits_alone_and_in_any_batch),
        cmocka_unit_test(words_of_a_sequence_are_rows_of_the_batch),
        cmocka_unit_test(float32_is_near_float64),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(later_steps_allocate_nothing),
        cmocka_unit_test(a_layer_without_weights_is_a_fixed_feature_map),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(a_circuit_that_measures_midway_has_no_exact_values),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("learn/quantum_layer", tests, NULL, NULL);
}
