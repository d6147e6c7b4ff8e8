// A small convolutional network: stages of convolution, activation and pooling, then linear.
#include "base/memory.h"
#include "learn/module_internal.h"

#include <math.h>
#include <qhm/module_kinds.h>
#include <stdio.h>

enum { MOST_STAGES = 8, KERNEL = 3 };

typedef struct conv_state {
    qhm_conv_net_options options;
    qhm_parameter *weight[MOST_STAGES]; // [channels out, channels in, 3, 3]
    qhm_parameter *bias[MOST_STAGES];   // [channels out]
} conv_state;

static qhm_status stage_forward(const conv_state *conv, size_t stage, qhm_tape *tape,
                                qhm_value *value)
{
    const qhm_op_attributes padding = {.padding = KERNEL / 2}, halving = {.window = 2};
    qhm_value inputs[3] = {*value};
    QHM_TRY(qhm_tape_parameter(tape, conv->weight[stage], &inputs[1]));
    QHM_TRY(qhm_tape_parameter(tape, conv->bias[stage], &inputs[2]));
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_CONV2D, inputs, 3, &padding, value));
    QHM_TRY(
        qhm_tape_apply(tape, qhm_activation_op(conv->options.activation), value, 1, NULL, value));
    return qhm_tape_apply(tape, QHM_OP_MAX_POOL_IMAGE, value, 1, &halving, value);
}

static qhm_status forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output)
{
    (void)mask;
    const conv_state *conv = state;
    qhm_value value = input;
    for (size_t i = 0; i < conv->options.stages; i++)
        QHM_TRY(stage_forward(conv, i, tape, &value));
    if (conv->options.mean_pool)
        QHM_TRY(qhm_tape_apply(tape, QHM_OP_MEAN_POOL_IMAGE, &value, 1, NULL, &value));
    qhm_module *last = qhm_module_child(module, 0);
    const qhm_op_attributes flat = {.shape = {2,
                                              {qhm_tape_shape(tape, input).sizes[0],
                                               qhm_shape_width(qhm_module_input_shape(last))}}};
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_RESHAPE, &value, 1, &flat, &value));
    return qhm_module_forward(last, tape, value, QHM_NO_VALUE, output);
}

static void cost(const qhm_module *module, const void *state, qhm_module_cost *cost)
{
    const conv_state *conv = state;
    qhm_shape at = qhm_module_input_shape(module);
    double height = (double)at.sizes[1], width = (double)at.sizes[2];
    for (size_t i = 0; i < conv->options.stages; i++) {
        double filters = (double)qhm_tensor_count(qhm_parameter_value(conv->bias[i]));
        double weights = (double)qhm_tensor_count(qhm_parameter_value(conv->weight[i]));
        // Product, bias, activation and pooling at each pixel.
        cost->flops += height * width * (2 * weights + 3 * filters);
        height = floor(height / 2);
        width = floor(width / 2);
    }
}

static qhm_status fill(qhm_module *module, void *state, const qhm_module_setting *setting)
{
    conv_state *conv = state;
    qhm_random fallback, *random = qhm_module_stream(setting, &fallback);
    size_t channels = setting->input.sizes[0], filters = conv->options.channels;
    size_t height = setting->input.sizes[1], width = setting->input.sizes[2];
    for (size_t i = 0; i < conv->options.stages; i++) {
        char name[40];
        QHM_REQUIRE(height >= 2 && width >= 2, "%zu stages halve images of %zu x %zu to nothing",
                    conv->options.stages, setting->input.sizes[1], setting->input.sizes[2]);
        snprintf(name, sizeof name, "stage%zu.weight", i);
        QHM_TRY(qhm_module_append_parameter(module, name,
                                            (qhm_shape){4, {filters, channels, KERNEL, KERNEL}},
                                            QHM_PARAMETER_PLAIN, &conv->weight[i]));
        // He et al., arXiv:1502.01852
        qhm_initialise_normal(qhm_parameter_value(conv->weight[i]),
                              sqrt(2.0 / (double)(channels * KERNEL * KERNEL)), random);
        snprintf(name, sizeof name, "stage%zu.bias", i);
        QHM_TRY(qhm_module_append_parameter(module, name, (qhm_shape){1, {filters}},
                                            QHM_PARAMETER_NO_DECAY, &conv->bias[i]));
        channels = filters;
        filters *= 2;
        height /= 2;
        width /= 2;
    }
    size_t seen = conv->options.mean_pool ? channels : channels * height * width;
    return qhm_module_append_kind(module, "output", "linear", NULL, (qhm_shape){1, {seen}},
                                  setting->output_width, random);
}

static const qhm_module_ops ops = {
    .kind = "conv_net", .forward = forward, .cost = cost, .destroy = qhm_release};

static qhm_status create(const qhm_module_setting *setting, const void *options, qhm_module **out)
{
    QHM_REQUIRE(setting->input.rank == 3, "conv_net takes {channels, height, width}, not rank %zu",
                setting->input.rank);
    QHM_REQUIRE(setting->output_width > 0, "conv_net needs an output width");
    const qhm_module_plan plan = {.ops = &ops,
                                  .state_bytes = sizeof(conv_state),
                                  .options = options,
                                  .options_bytes = sizeof(qhm_conv_net_options),
                                  .output = {1, {setting->output_width}},
                                  .fill = fill};
    return qhm_module_build(&plan, setting, out);
}

static const qhm_option_info options[] = {
    {.name = "channels",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_conv_net_options, channels),
     .default_text = "16",
     .minimum = 1,
     .maximum = 4096,
     .help = "filters of the first stage; each stage doubles them"},
    {.name = "stages",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_conv_net_options, stages),
     .default_text = "2",
     .minimum = 1,
     .maximum = MOST_STAGES,
     .help = "number of stages; each halves height and width"},
    {.name = "activation",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(qhm_conv_net_options, activation),
     .default_text = "relu",
     .choices = qhm_activation_names,
     .help = "what follows each convolution"},
    {.name = "mean_pool",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(qhm_conv_net_options, mean_pool),
     .help = "the last layer sees each channel's mean instead of every pixel"},
    {0},
};

const qhm_module_info qhm_module_conv_net = {.kind = "conv_net",
                                             .help = "a small convolutional network for images",
                                             .options = options,
                                             .options_bytes = sizeof(qhm_conv_net_options),
                                             .create = create};
