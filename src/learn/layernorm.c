// Layer normalisation with a trained gain and bias.
#include "base/memory.h"
#include "learn/module_internal.h"

typedef struct layernorm_state {
    qhm_parameter *gain, *bias; // [width]
} layernorm_state;

static qhm_status forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output)
{
    (void)module, (void)mask;
    const layernorm_state *norm = state;
    qhm_value inputs[3] = {input};
    QHM_TRY(qhm_tape_parameter(tape, norm->gain, &inputs[1]));
    QHM_TRY(qhm_tape_parameter(tape, norm->bias, &inputs[2]));
    return qhm_tape_apply(tape, QHM_OP_LAYERNORM, inputs, 3, NULL, output);
}

// Mean, difference, square and sum, quotient, gain, bias.
static void cost(const qhm_module *module, const void *state, qhm_module_cost *cost)
{
    (void)state;
    cost->flops += 7 * (double)qhm_shape_count(qhm_module_output_shape(module));
}

static qhm_status fill(qhm_module *module, void *state, const qhm_module_setting *setting)
{
    layernorm_state *norm = state;
    const qhm_shape shape = {1, {qhm_shape_width(setting->input)}};
    QHM_TRY(
        qhm_module_append_parameter(module, "gain", shape, QHM_PARAMETER_NO_DECAY, &norm->gain));
    qhm_initialise_constant(qhm_parameter_value(norm->gain), 1);
    return qhm_module_append_parameter(module, "bias", shape, QHM_PARAMETER_NO_DECAY, &norm->bias);
}

static const qhm_module_ops ops = {
    .kind = "layernorm", .forward = forward, .cost = cost, .destroy = qhm_release};

static qhm_status create(const qhm_module_setting *setting, const void *options, qhm_module **out)
{
    (void)options;
    size_t width = qhm_shape_width(setting->input);
    QHM_REQUIRE(setting->output_width == 0 || setting->output_width == width,
                "layernorm gives a width of %zu, not %zu", width, setting->output_width);
    const qhm_module_plan plan = {.ops = &ops,
                                  .state_bytes = sizeof(layernorm_state),
                                  .output = setting->input,
                                  .fill = fill};
    return qhm_module_build(&plan, setting, out);
}

const qhm_module_info qhm_module_layernorm = {
    .kind = "layernorm",
    .help = "each row to mean 0 and variance 1, times a gain, plus a bias",
    .create = create};
