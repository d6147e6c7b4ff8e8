// A quantum layer of three inputs, and one pass through it.
#ifndef QHM_TESTS_QUANTUM_LAYERS_H
#define QHM_TESTS_QUANTUM_LAYERS_H

#include "base/status_internal.h"
#include "support/checks.h"

#include <qhm/quantum_layer.h>

enum { INPUTS = 3, WEIGHTS = 8, OBSERVABLES = 4 };

static const char *const observable_texts[OBSERVABLES] = {"Z0", "X1", "Z0 Z2 + 0.5 Y1 - 0.25",
                                                          "Y2"};

static inline qhm_circuit *make_circuit(void)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    for (uint32_t q = 0; q < 3; q++) {
        qhm_angle angle = qhm_angle_input(q, 0.8);
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &angle));
        angle = qhm_angle_weight(q);
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, &q, &angle));
    }
    for (uint32_t q = 0; q < 3; q++) {
        qhm_angle angle = qhm_angle_weight(3 + q);
        uint32_t pair[2] = {q, (q + 1) % 3};
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, pair, NULL));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, &q, &angle));
    }
    qhm_angle angle = qhm_angle_weight(6);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CRX, (uint32_t[]){0, 2}, &angle));
    angle = qhm_angle_input(1, 1.5); // the second use of an input
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){2}, &angle));
    angle = qhm_angle_weight(7);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RYY, (uint32_t[]){1, 2}, &angle));
    return circuit;
}

static inline void make_observables(qhm_observable **observables)
{
    for (size_t i = 0; i < OBSERVABLES; i++)
        REQUIRE_OK(qhm_observable_parse(observable_texts[i], &observables[i]));
}

static inline void destroy_observables(qhm_observable **observables)
{
    for (size_t i = 0; i < OBSERVABLES; i++)
        qhm_observable_destroy(observables[i]);
}

static inline qhm_module *make_layer_in(qhm_precision precision,
                                        const qhm_quantum_layer_options *options, qhm_shape input)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_INITIALISE, 0, 0, 0);
    qhm_module_setting setting = {.precision = precision, .input = input, .random = &random};
    qhm_quantum_layer_options wide = {0};
    if (options)
        wide = *options;
    wide.weight_range = 3; // no angle small
    qhm_circuit *circuit = make_circuit();
    qhm_observable *observables[OBSERVABLES];
    make_observables(observables);
    qhm_module *module;
    REQUIRE_OK(qhm_quantum_layer_create(circuit, (const qhm_observable *const *)observables,
                                        OBSERVABLES, &setting, &wide, &module));
    qhm_circuit_destroy(circuit);
    destroy_observables(observables);
    return module;
}

static inline qhm_module *make_layer(qhm_precision precision,
                                     const qhm_quantum_layer_options *options)
{
    return make_layer_in(precision, options, (qhm_shape){1, {INPUTS}});
}

static inline void fill_inputs(double *x, size_t count)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_DATA, 0, 0, 0);
    for (size_t i = 0; i < count; i++)
        x[i] = 2 * qhm_random_normal(&random);
}

// What one forward and backward of a module give, as doubles.
typedef struct outcome {
    size_t output_count, input_count, weight_count;
    double output[4096], input_gradient[4096], weight_gradient[256];
} outcome;

static inline double item(qhm_precision precision, const void *data, size_t i)
{
    return precision == QHM_FLOAT64 ? ((const double *)data)[i] : (double)((const float *)data)[i];
}

// Runs the module on x of the given shape; the loss is the sum of the squared outputs.
static inline qhm_status run_module(qhm_module *module, qhm_tape *tape, qhm_shape shape,
                                    const double *x, outcome *out)
{
    qhm_precision precision = qhm_tape_precision(tape);
    size_t parameter_count;
    qhm_parameter *const *parameters = qhm_module_parameters(module, &parameter_count);
    qhm_parameter_clear_gradients(parameters, parameter_count);
    qhm_tensor *tensor;
    QHM_TRY(qhm_tensor_create(precision, shape, &tensor));
    qhm_status status = qhm_tensor_set(tensor, 0, qhm_shape_count(shape), x);
    qhm_value input, output, square, loss;
    qhm_tape_reset(tape);
    if (status == QHM_OK)
        status = qhm_tape_variable(tape, tensor, &input);
    if (status == QHM_OK)
        status = qhm_module_forward(module, tape, input, QHM_NO_VALUE, &output);
    if (status == QHM_OK)
        status =
            qhm_tape_apply(tape, QHM_OP_MULTIPLY, (qhm_value[]){output, output}, 2, NULL, &square);
    if (status == QHM_OK)
        status = qhm_tape_apply(tape, QHM_OP_SUM, &square, 1, NULL, &loss);
    if (status == QHM_OK)
        status = qhm_tape_backward(tape, loss);
    if (status == QHM_OK && out) {
        out->input_count = qhm_shape_count(shape);
        out->output_count = qhm_shape_count(qhm_tape_shape(tape, output));
        out->weight_count = 0;
        for (size_t i = 0; i < out->output_count; i++)
            out->output[i] = qhm_tape_item(tape, output, i);
        for (size_t i = 0; i < out->input_count; i++)
            out->input_gradient[i] = item(precision, qhm_tape_gradient(tape, input), i);
        for (size_t p = 0; p < parameter_count; p++) {
            qhm_tensor *gradient = qhm_parameter_gradient(parameters[p]);
            for (size_t i = 0; i < qhm_tensor_count(gradient); i++)
                out->weight_gradient[out->weight_count++] = qhm_tensor_item(gradient, i);
        }
    }
    qhm_tensor_destroy(tensor);
    return status;
}

static inline void require_same_outcome(const outcome *a, const outcome *b, double tolerance)
{
    assert_int_equal(a->output_count, b->output_count);
    assert_int_equal(a->input_count, b->input_count);
    assert_int_equal(a->weight_count, b->weight_count);
    for (size_t i = 0; i < a->output_count; i++)
        REQUIRE_NEAR(a->output[i], b->output[i], tolerance);
    for (size_t i = 0; i < a->input_count; i++)
        REQUIRE_NEAR(a->input_gradient[i], b->input_gradient[i], tolerance);
    for (size_t i = 0; i < a->weight_count; i++)
        REQUIRE_NEAR(a->weight_gradient[i], b->weight_gradient[i], tolerance);
}

#endif
