// Random Fourier features, never trained: what a quantum feature map has to beat.
#include "base/memory.h"
#include "learn/module_internal.h"

#include <math.h>
#include <qhm/module_kinds.h>

typedef struct features_state {
    qhm_random_features_options options;
    qhm_parameter *weight, *bias; // [out, in], [out]; fixed
} features_state;

static qhm_status forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output)
{
    (void)module, (void)mask;
    const features_state *features = state;
    qhm_value inputs[3] = {input};
    QHM_TRY(qhm_tape_parameter(tape, features->weight, &inputs[1]));
    QHM_TRY(qhm_tape_parameter(tape, features->bias, &inputs[2]));
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_LINEAR, inputs, 3, NULL, &inputs[0]));
    return qhm_tape_apply(tape, QHM_OP_COS, inputs, 1, NULL, output);
}

static void cost(const qhm_module *module, const void *state, qhm_module_cost *cost)
{
    (void)state;
    double in = (double)qhm_shape_width(qhm_module_input_shape(module));
    cost->flops += (double)qhm_shape_count(qhm_module_output_shape(module)) * (2 * in + 2);
}

static qhm_status fill(qhm_module *module, void *state, const qhm_module_setting *setting)
{
    const double half_turn = 3.14159265358979323846;
    features_state *features = state;
    size_t in = qhm_shape_width(setting->input);
    size_t out = qhm_shape_width(qhm_module_output_shape(module));
    double scale = features->options.length_scale;
    QHM_TRY(qhm_module_append_parameter(module, "weight", (qhm_shape){2, {out, in}},
                                        QHM_PARAMETER_FIXED, &features->weight));
    QHM_TRY(qhm_module_append_parameter(module, "bias", (qhm_shape){1, {out}}, QHM_PARAMETER_FIXED,
                                        &features->bias));
    qhm_random fallback, *random = qhm_module_stream(setting, &fallback);
    qhm_initialise_normal(qhm_parameter_value(features->weight),
                          1 / (scale > 0 ? scale : sqrt((double)in)), random);
    qhm_initialise_uniform(qhm_parameter_value(features->bias), half_turn, random);
    return QHM_OK;
}

static const qhm_module_ops ops = {
    .kind = "random_features", .forward = forward, .cost = cost, .destroy = qhm_release};

static qhm_status create(const qhm_module_setting *setting, const void *options, qhm_module **out)
{
    const qhm_module_plan plan = {.ops = &ops,
                                  .state_bytes = sizeof(features_state),
                                  .options = options,
                                  .options_bytes = sizeof(qhm_random_features_options),
                                  .output = qhm_module_widened(setting),
                                  .fill = fill};
    return qhm_module_build(&plan, setting, out);
}

static const qhm_option_info options[] = {
    {.name = "length_scale",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_random_features_options, length_scale),
     .maximum = 1e9,
     .help = "distance over which features forget; 0 is the square root of the input width"},
    {0},
};

const qhm_module_info qhm_module_random_features = {
    .kind = "random_features",
    .help = "cosines of random projections, never trained",
    .options = options,
    .options_bytes = sizeof(qhm_random_features_options),
    .create = create};
