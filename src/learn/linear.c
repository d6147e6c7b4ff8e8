// The linear module: x W^T + b on the last axis. Copy this file to write a kind of module.
#include "base/memory.h"
#include "learn/module_internal.h"

#include <math.h>
#include <qhm/module_kinds.h>

typedef struct linear_state {
    qhm_linear_options options;
    qhm_parameter *weight; // [out, in]
    qhm_parameter *bias;   // [out], NULL without
} linear_state;

static qhm_status forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output)
{
    (void)module, (void)mask;
    const linear_state *linear = state;
    qhm_value inputs[3] = {input};
    QHM_TRY(qhm_tape_parameter(tape, linear->weight, &inputs[1]));
    if (linear->bias)
        QHM_TRY(qhm_tape_parameter(tape, linear->bias, &inputs[2]));
    return qhm_tape_apply(tape, QHM_OP_LINEAR, inputs, linear->bias ? 3 : 2, NULL, output);
}

// 2 in out for the product and out for the bias, for each row of the sample.
static void cost(const qhm_module *module, const void *state, qhm_module_cost *cost)
{
    const linear_state *linear = state;
    double in = (double)qhm_shape_width(qhm_module_input_shape(module));
    double outputs = (double)qhm_shape_count(qhm_module_output_shape(module));
    cost->flops += outputs * (2 * in + (linear->bias ? 1 : 0));
}

static qhm_status fill(qhm_module *module, void *state, const qhm_module_setting *setting)
{
    linear_state *linear = state;
    size_t in = qhm_shape_width(setting->input);
    size_t out = qhm_shape_width(qhm_module_output_shape(module));
    QHM_TRY(qhm_module_append_parameter(module, "weight", (qhm_shape){2, {out, in}},
                                        QHM_PARAMETER_PLAIN, &linear->weight));
    qhm_random fallback;
    qhm_initialise_uniform(qhm_parameter_value(linear->weight), sqrt(6.0 / (double)(in + out)),
                           qhm_module_stream(setting, &fallback));
    if (linear->options.no_bias)
        return QHM_OK;
    return qhm_module_append_parameter(module, "bias", (qhm_shape){1, {out}},
                                       QHM_PARAMETER_NO_DECAY, &linear->bias);
}

static const qhm_module_ops ops = {
    .kind = "linear", .forward = forward, .cost = cost, .destroy = qhm_release};

static qhm_status create(const qhm_module_setting *setting, const void *options, qhm_module **out)
{
    const qhm_module_plan plan = {.ops = &ops,
                                  .state_bytes = sizeof(linear_state),
                                  .options = options,
                                  .options_bytes = sizeof(qhm_linear_options),
                                  .output = qhm_module_widened(setting),
                                  .fill = fill};
    return qhm_module_build(&plan, setting, out);
}

static const qhm_option_info options[] = {
    {.name = "no_bias",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(qhm_linear_options, no_bias),
     .help = "leave out the bias"},
    {0},
};

const qhm_module_info qhm_module_linear = {.kind = "linear",
                                           .help = "x W^T + b on the last axis",
                                           .options = options,
                                           .options_bytes = sizeof(qhm_linear_options),
                                           .create = create};
