// The quantum layer: the one place where circuits and tensors meet.
#include <qhm/quantum_layer.h>

#include "base/memory.h"
#include "learn/module_internal.h"
#include "learn/quantum_layer_internal.h"

#include <math.h>
#include <qhm/backend.h>

static const double default_weight_range = 0.3; // measured: see the header

typedef struct layer_state {
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_circuit *circuit;
    qhm_observable **observables; // [observable_count]
    size_t observable_count;
    qhm_feature_angles encode; // inputs from features; NULL: features are the inputs
    size_t encoded_qubits;
    size_t shots;
    qhm_parameter *weight; // [weight_count]; NULL when the circuit has none
    qhm_chip_plan *chip;   // on a chip, in the plan's place; NULL: none
} layer_state;

// What backward needs of one forward; lives on the tape.
typedef struct layer_call {
    layer_state *layer;
    qhm_request request; // inputs and weights as doubles, the seed of the shots
} layer_call;

static void destroy(void *state)
{
    layer_state *layer = state;
    qhm_chip_plan_destroy(layer->chip);
    qhm_plan_destroy(layer->plan);
    qhm_backend_destroy(layer->backend);
    qhm_circuit_destroy(layer->circuit);
    for (size_t i = 0; layer->observables && i < layer->observable_count; i++)
        qhm_observable_destroy(layer->observables[i]);
    qhm_release(layer->observables);
    qhm_release(layer);
}

// count elements of the tape's precision as doubles: the same memory, or a copy of the floats.
static qhm_status read_doubles(qhm_tape *tape, const void *data, size_t count, const double **out)
{
    if (qhm_tape_precision(tape) == QHM_FLOAT64) {
        *out = data;
        return QHM_OK;
    }
    double *copy;
    QHM_TRY(qhm_tape_scratch(tape, count * sizeof *copy, &copy));
    for (size_t i = 0; i < count; i++)
        copy[i] = (double)((const float *)data)[i];
    *out = copy;
    return QHM_OK;
}

// Adds count doubles to an array of the tape's precision.
static void add_doubles(const qhm_tape *tape, const double *values, size_t count, void *sum)
{
    double *doubles = sum;
    float *floats = sum;
    if (qhm_tape_precision(tape) == QHM_FLOAT64)
        for (size_t i = 0; i < count; i++)
            doubles[i] += values[i];
    else
        for (size_t i = 0; i < count; i++)
            floats[i] = (float)((double)floats[i] + values[i]);
}

static qhm_status run(const layer_state *layer, const qhm_request *request)
{
    return layer->chip ? qhm_chip_plan_run(layer->chip, request)
                       : qhm_plan_run(layer->plan, request);
}

static qhm_status backward(void *context, qhm_tape *tape, qhm_value output, const qhm_value *inputs,
                           size_t input_count)
{
    const layer_call *call = context;
    const qhm_plan_info *info = qhm_plan_information(call->layer->plan);
    qhm_request request = call->request;
    size_t input_total = request.batch_count * info->input_count;
    size_t output_total = request.batch_count * info->observable_count;
    void *input_sum = qhm_tape_gradient(tape, inputs[0]);
    void *weight_sum = input_count > 1 ? qhm_tape_gradient(tape, inputs[1]) : NULL;
    if (!input_sum && !weight_sum)
        return QHM_OK;

    request.expectations = NULL;
    request.step = 1; // outcomes of their own: those of forward are in the cotangents already
    QHM_TRY(read_doubles(tape, qhm_tape_gradient(tape, output), output_total, &request.cotangents));
    if (input_sum)
        QHM_TRY(qhm_tape_scratch(tape, input_total * sizeof(double), &request.input_gradients));
    if (weight_sum)
        QHM_TRY(
            qhm_tape_scratch(tape, info->weight_count * sizeof(double), &request.weight_gradients));
    QHM_TRY(run(call->layer, &request));
    if (input_sum)
        add_doubles(tape, request.input_gradients, input_total, input_sum);
    if (weight_sum)
        add_doubles(tape, request.weight_gradients, info->weight_count, weight_sum);
    return QHM_OK;
}

// The request of a forward; all rows of all samples are one batch.
static qhm_status fill_request(const layer_state *layer, qhm_tape *tape, const qhm_value *inputs,
                               qhm_request *request)
{
    const qhm_plan_info *info = qhm_plan_information(layer->plan);
    size_t count = qhm_shape_count(qhm_tape_shape(tape, inputs[0]));
    request->batch_count = count / info->input_count;
    QHM_TRY(read_doubles(tape, qhm_tape_data(tape, inputs[0]), count, &request->inputs));
    if (layer->weight)
        QHM_TRY(read_doubles(tape, qhm_tape_data(tape, inputs[1]), info->weight_count,
                             &request->weights));
    if (layer->shots || layer->chip) {
        request->shots = layer->shots;
        request->seed = qhm_random_u64(qhm_tape_random(tape));
    }
    return QHM_OK;
}

static qhm_status forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output)
{
    (void)module, (void)mask;
    layer_state *layer = state;
    qhm_value inputs[2] = {input};
    if (layer->encode)
        QHM_TRY(layer->encode(tape, input, layer->encoded_qubits, &inputs[0]));
    if (layer->weight)
        QHM_TRY(qhm_tape_parameter(tape, layer->weight, &inputs[1]));
    layer_call *call;
    QHM_TRY(qhm_tape_scratch(tape, sizeof *call, &call));
    call->layer = layer;
    QHM_TRY(fill_request(layer, tape, inputs, &call->request));

    qhm_shape shape = qhm_tape_shape(tape, input);
    shape.sizes[shape.rank - 1] = layer->observable_count;
    qhm_value result;
    QHM_TRY(qhm_tape_custom(tape, inputs, layer->weight ? 2 : 1, shape, backward, call, &result));
    size_t total = qhm_shape_count(shape);
    bool is_double = qhm_tape_precision(tape) == QHM_FLOAT64;
    if (is_double)
        call->request.expectations = qhm_tape_data(tape, result);
    else
        QHM_TRY(qhm_tape_scratch(tape, total * sizeof(double), &call->request.expectations));
    qhm_status status = run(layer, &call->request);
    if (status != QHM_OK) {
        qhm_prefix_error_message("quantum layer");
        return status;
    }
    if (!is_double)
        add_doubles(tape, call->request.expectations, total, qhm_tape_data(tape, result));
    *output = result;
    return QHM_OK;
}

// A real machine runs one circuit for each measurement setting, so that many are counted. An angle
// that is computed from amplitudes is counted as 64: arc tangent, norm, transform.
static void cost(const qhm_module *module, const void *state, qhm_module_cost *cost)
{
    const layer_state *layer = state;
    const qhm_plan_info *info = qhm_plan_information(layer->plan);
    qhm_shape input = qhm_module_input_shape(module);
    size_t row_count = qhm_shape_count(input) / qhm_shape_width(input);
    double rows = (double)row_count;
    cost->flops += rows * (double)info->flops;
    if (layer->encode)
        cost->flops += rows * 64 * (double)info->input_count;
    cost->circuits += rows * (double)info->setting_count;
}

static qhm_status add_ledger(const qhm_module *module, const void *state, qhm_ledger *ledger)
{
    (void)module;
    const layer_state *layer = state;
    qhm_ledger own;
    QHM_TRY(qhm_plan_ledger(layer->plan, &own));
    qhm_ledger_add(ledger, &own);
    return QHM_OK;
}

static const qhm_module_ops ops = {
    .kind = "quantum", .forward = forward, .cost = cost, .destroy = destroy, .ledger = add_ledger};

static qhm_status copy_observable(const qhm_observable *observable, qhm_observable **copy)
{
    QHM_TRY(qhm_observable_create(copy));
    for (size_t i = 0; i < qhm_observable_term_count(observable); i++) {
        const qhm_pauli_term *term = qhm_observable_term(observable, i);
        QHM_TRY(qhm_observable_append(*copy, term->coefficient, term->factors, term->factor_count));
    }
    return QHM_OK;
}

// Fills a state that destroy() can free at any point.
static qhm_status fill_state(layer_state *layer, const qhm_circuit *circuit,
                             const qhm_observable *const *observables, size_t observable_count,
                             const qhm_module_setting *setting,
                             const qhm_quantum_layer_options *options)
{
    QHM_TRY(qhm_circuit_copy(circuit, &layer->circuit));
    QHM_TRY(qhm_allocate(observable_count, sizeof(qhm_observable *), &layer->observables));
    layer->observable_count = observable_count;
    for (size_t i = 0; i < observable_count; i++)
        QHM_TRY(copy_observable(observables[i], &layer->observables[i]));
    layer->shots = options->shots;
    const char *backend = options->backend ? options->backend : "statevector";
    QHM_TRY(qhm_backend_create(backend, NULL, &layer->backend));
    qhm_plan_options plan_options = {.precision = setting->precision,
                                     .memory_limit_bytes = options->memory_limit_bytes};
    QHM_TRY(qhm_plan_create(layer->backend, circuit, observables, observable_count, &plan_options,
                            &layer->plan));
    if (qhm_plan_information(layer->plan)->has_random_states && !layer->shots)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "the circuit measures before its end, resets or has conditions: set shots");
    return QHM_OK;
}

static qhm_status check_arguments(const qhm_circuit *circuit,
                                  const qhm_observable *const *observables, size_t observable_count,
                                  qhm_feature_angles encode, const qhm_module_setting *setting,
                                  const qhm_quantum_layer_options *options)
{
    QHM_REQUIRE(circuit && setting, "circuit or setting is NULL");
    QHM_REQUIRE(observables && observable_count, "a quantum layer has no observable");
    for (size_t i = 0; i < observable_count; i++)
        QHM_REQUIRE(observables[i], "observable %zu is NULL", i);
    size_t input_count = qhm_circuit_input_count(circuit);
    QHM_REQUIRE(input_count, "the circuit of a quantum layer has no input slot");
    QHM_REQUIRE(encode || qhm_shape_width(setting->input) == input_count,
                "input width is %zu, but the circuit has %zu input slots",
                qhm_shape_width(setting->input), input_count);
    QHM_REQUIRE(!setting->output_width || setting->output_width == observable_count,
                "output_width is %zu, but there are %zu observables", setting->output_width,
                observable_count);
    QHM_REQUIRE(isfinite(options->weight_range) && options->weight_range >= 0,
                "weight_range is %g, not a finite number from 0", options->weight_range);
    return QHM_OK;
}

static qhm_status add_weight(qhm_module *module, layer_state *layer,
                             const qhm_module_setting *setting, double range)
{
    size_t count = qhm_circuit_weight_count(layer->circuit);
    if (!count)
        return QHM_OK;
    QHM_TRY(qhm_module_append_parameter(module, "weight", (qhm_shape){1, {count}},
                                        QHM_PARAMETER_NO_DECAY, &layer->weight));
    qhm_random fallback;
    qhm_initialise_uniform(qhm_parameter_value(layer->weight),
                           range > 0 ? range : default_weight_range,
                           qhm_module_stream(setting, &fallback));
    return QHM_OK;
}

qhm_status qhm_quantum_layer_create_encoded(
    const qhm_circuit *circuit, const qhm_observable *const *observables, size_t observable_count,
    qhm_feature_angles encode, size_t encoded_qubits, const qhm_module_setting *setting,
    const qhm_quantum_layer_options *options, qhm_module **out)
{
    qhm_quantum_layer_options defaults = {0};
    if (!options)
        options = &defaults;
    QHM_REQUIRE(out, "out is NULL");
    QHM_TRY(check_arguments(circuit, observables, observable_count, encode, setting, options));
    layer_state *layer;
    QHM_TRY(qhm_allocate(1, sizeof *layer, &layer));
    layer->encode = encode;
    layer->encoded_qubits = encoded_qubits;
    qhm_status status = fill_state(layer, circuit, observables, observable_count, setting, options);
    qhm_module *module = NULL;
    if (status == QHM_OK) {
        qhm_shape output = setting->input;
        output.sizes[output.rank - 1] = observable_count;
        status = qhm_module_create_custom(&ops, layer, setting, output, &module);
    }
    if (status != QHM_OK) {
        destroy(layer);
        return status;
    }
    status = add_weight(module, layer, setting, options->weight_range);
    if (status != QHM_OK) {
        qhm_module_destroy(module);
        return status;
    }
    *out = module;
    return QHM_OK;
}

qhm_status qhm_quantum_layer_create(const qhm_circuit *circuit,
                                    const qhm_observable *const *observables,
                                    size_t observable_count, const qhm_module_setting *setting,
                                    const qhm_quantum_layer_options *options, qhm_module **out)
{
    return qhm_quantum_layer_create_encoded(circuit, observables, observable_count, NULL, 0,
                                            setting, options, out);
}

static qhm_status execute_layer(layer_state *layer, const qhm_device *device,
                                const qhm_chip_plan_options *options)
{
    qhm_chip_plan *chip = NULL;
    if (device)
        QHM_TRY(qhm_chip_plan_create(layer->circuit,
                                     (const qhm_observable *const *)layer->observables,
                                     layer->observable_count, device, options, &chip));
    qhm_chip_plan_destroy(layer->chip);
    layer->chip = chip;
    return QHM_OK;
}

qhm_status qhm_module_set_chip(qhm_module *module, const qhm_device *device,
                               const qhm_chip_plan_options *options)
{
    QHM_REQUIRE(module, "module is NULL");
    layer_state *layer = qhm_module_state(module, &ops);
    if (layer)
        return execute_layer(layer, device, options);
    for (size_t i = 0; i < qhm_module_child_count(module); i++)
        QHM_TRY(qhm_module_set_chip(qhm_module_child(module, i), device, options));
    return QHM_OK;
}

qhm_chip_plan *qhm_quantum_layer_chip_plan(const qhm_module *module)
{
    const layer_state *layer = qhm_module_state(module, &ops);
    return layer ? layer->chip : NULL;
}

const qhm_circuit *qhm_quantum_layer_circuit(const qhm_module *module)
{
    const layer_state *layer = qhm_module_state(module, &ops);
    return layer ? layer->circuit : NULL;
}

const qhm_observable *const *qhm_quantum_layer_observables(const qhm_module *module, size_t *count)
{
    const layer_state *layer = qhm_module_state(module, &ops);
    if (!layer)
        return NULL;
    *count = layer->observable_count;
    return (const qhm_observable *const *)layer->observables;
}

const qhm_plan_info *qhm_quantum_layer_plan_information(const qhm_module *module)
{
    const layer_state *layer = qhm_module_state(module, &ops);
    return layer ? qhm_plan_information(layer->plan) : NULL;
}
