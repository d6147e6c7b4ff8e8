// Modules without parameters: activation, dropout, l2_normalise, identity, sequence_pool.
#include "base/memory.h"
#include "learn/module_internal.h"

#include <qhm/module_kinds.h>

const char *const qhm_activation_names[] = {"gelu", "relu", "tanh", "sigmoid", "cos", NULL};

qhm_op qhm_activation_op(int activation)
{
    switch (activation > 0 ? (qhm_activation)activation : QHM_ACTIVATION_GELU) {
    case QHM_ACTIVATION_GELU:
        return QHM_OP_GELU;
    case QHM_ACTIVATION_RELU:
        return QHM_OP_RELU;
    case QHM_ACTIVATION_TANH:
        return QHM_OP_TANH;
    case QHM_ACTIVATION_SIGMOID:
        return QHM_OP_SIGMOID;
    case QHM_ACTIVATION_COS:
        return QHM_OP_COS;
    }
    return QHM_OP_NONE;
}

// One operation an element.
static void elementwise_cost(const qhm_module *module, const void *state, qhm_module_cost *cost)
{
    (void)state;
    cost->flops += (double)qhm_shape_count(qhm_module_output_shape(module));
}

static qhm_status require_same_width(const qhm_module_setting *setting, const char *kind)
{
    size_t width = qhm_shape_width(setting->input);
    QHM_REQUIRE(setting->output_width == 0 || setting->output_width == width,
                "%s gives a width of %zu, not %zu", kind, width, setting->output_width);
    return QHM_OK;
}

static qhm_status activation_forward(qhm_module *module, void *state, qhm_tape *tape,
                                     qhm_value input, qhm_value mask, qhm_value *output)
{
    (void)module, (void)mask;
    const qhm_activation_options *o = state;
    return qhm_tape_apply(tape, qhm_activation_op(o->activation), &input, 1, NULL, output);
}

static const qhm_module_ops activation_ops = {.kind = "activation",
                                              .forward = activation_forward,
                                              .cost = elementwise_cost,
                                              .destroy = qhm_release};

static qhm_status activation_create(const qhm_module_setting *setting, const void *options,
                                    qhm_module **out)
{
    QHM_TRY(require_same_width(setting, "activation"));
    const qhm_module_plan plan = {.ops = &activation_ops,
                                  .state_bytes = sizeof(qhm_activation_options),
                                  .options = options,
                                  .options_bytes = sizeof(qhm_activation_options),
                                  .output = setting->input};
    return qhm_module_build(&plan, setting, out);
}

static const qhm_option_info activation_options[] = {
    {.name = "activation",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(qhm_activation_options, activation),
     .default_text = "gelu",
     .choices = qhm_activation_names,
     .help = "the function of each element"},
    {0},
};

const qhm_module_info qhm_module_activation = {.kind = "activation",
                                               .help = "a function of each element",
                                               .options = activation_options,
                                               .options_bytes = sizeof(qhm_activation_options),
                                               .create = activation_create};

static qhm_status dropout_forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                                  qhm_value mask, qhm_value *output)
{
    (void)module, (void)mask;
    const qhm_op_attributes attributes = {.rate = ((const qhm_dropout_options *)state)->rate};
    return qhm_tape_apply(tape, QHM_OP_DROPOUT, &input, 1, &attributes, output);
}

static const qhm_module_ops dropout_ops = {
    .kind = "dropout", .forward = dropout_forward, .destroy = qhm_release};

static qhm_status dropout_create(const qhm_module_setting *setting, const void *options,
                                 qhm_module **out)
{
    QHM_TRY(require_same_width(setting, "dropout"));
    const qhm_module_plan plan = {.ops = &dropout_ops,
                                  .state_bytes = sizeof(qhm_dropout_options),
                                  .options = options,
                                  .options_bytes = sizeof(qhm_dropout_options),
                                  .output = setting->input};
    return qhm_module_build(&plan, setting, out);
}

static const qhm_option_info dropout_options[] = {
    {.name = "rate",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_dropout_options, rate),
     .maximum = 0.99,
     .help = "share of elements set to 0 in training"},
    {0},
};

const qhm_module_info qhm_module_dropout = {.kind = "dropout",
                                            .help = "sets elements to 0 at random in training",
                                            .options = dropout_options,
                                            .options_bytes = sizeof(qhm_dropout_options),
                                            .create = dropout_create};

static qhm_status l2_normalise_forward(qhm_module *module, void *state, qhm_tape *tape,
                                       qhm_value input, qhm_value mask, qhm_value *output)
{
    (void)module, (void)state, (void)mask;
    return qhm_tape_apply(tape, QHM_OP_L2_NORMALISE, &input, 1, NULL, output);
}

// A square and a quotient an element.
static void l2_normalise_cost(const qhm_module *module, const void *state, qhm_module_cost *cost)
{
    (void)state;
    cost->flops += 3 * (double)qhm_shape_count(qhm_module_output_shape(module));
}

static const qhm_module_ops l2_normalise_ops = {
    .kind = "l2_normalise", .forward = l2_normalise_forward, .cost = l2_normalise_cost};

static qhm_status l2_normalise_create(const qhm_module_setting *setting, const void *options,
                                      qhm_module **out)
{
    (void)options;
    QHM_TRY(require_same_width(setting, "l2_normalise"));
    const qhm_module_plan plan = {.ops = &l2_normalise_ops, .output = setting->input};
    return qhm_module_build(&plan, setting, out);
}

const qhm_module_info qhm_module_l2_normalise = {
    .kind = "l2_normalise", .help = "each row over its norm", .create = l2_normalise_create};

// The identity cuts the last axis to the output width or fills it up with zeros.
static qhm_status identity_forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                                   qhm_value mask, qhm_value *output)
{
    (void)state, (void)mask;
    size_t width = qhm_shape_width(qhm_module_output_shape(module));
    qhm_shape shape = qhm_tape_shape(tape, input);
    size_t given = qhm_shape_width(shape);
    qhm_value parts[2] = {input};
    if (width == given) {
        *output = input;
        return QHM_OK;
    }
    if (width < given)
        return qhm_tape_apply(tape, QHM_OP_SLICE, parts, 1, &(qhm_op_attributes){.count = width},
                              output);
    shape.sizes[shape.rank - 1] = width - given;
    QHM_TRY(qhm_tape_custom(tape, parts, 0, shape, NULL, NULL, &parts[1])); // zeros
    return qhm_tape_apply(tape, QHM_OP_CONCAT, parts, 2, NULL, output);
}

static const qhm_module_ops identity_ops = {.kind = "identity", .forward = identity_forward};

static qhm_status identity_create(const qhm_module_setting *setting, const void *options,
                                  qhm_module **out)
{
    (void)options;
    const qhm_module_plan plan = {.ops = &identity_ops, .output = qhm_module_widened(setting)};
    return qhm_module_build(&plan, setting, out);
}

const qhm_module_info qhm_module_identity = {
    .kind = "identity",
    .help = "the input, cut to the output width or filled up with zeros",
    .create = identity_create};

static qhm_status pool_forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                               qhm_value mask, qhm_value *output)
{
    (void)module;
    const qhm_sequence_pool_options *o = state;
    const qhm_value inputs[2] = {input, mask};
    return qhm_tape_apply(tape, o->is_max ? QHM_OP_MAX_POOL_SEQUENCE : QHM_OP_MEAN_POOL_SEQUENCE,
                          inputs, mask.number ? 2 : 1, NULL, output);
}

static void pool_cost(const qhm_module *module, const void *state, qhm_module_cost *cost)
{
    (void)state;
    cost->flops += (double)qhm_shape_count(qhm_module_input_shape(module));
}

static const qhm_module_ops pool_ops = {
    .kind = "sequence_pool", .forward = pool_forward, .cost = pool_cost, .destroy = qhm_release};

static qhm_status pool_create(const qhm_module_setting *setting, const void *options,
                              qhm_module **out)
{
    QHM_REQUIRE(setting->input.rank == 2, "sequence_pool takes {length, width}, not rank %zu",
                setting->input.rank);
    QHM_TRY(require_same_width(setting, "sequence_pool"));
    const qhm_module_plan plan = {.ops = &pool_ops,
                                  .state_bytes = sizeof(qhm_sequence_pool_options),
                                  .options = options,
                                  .options_bytes = sizeof(qhm_sequence_pool_options),
                                  .output = {1, {setting->input.sizes[1]}}};
    return qhm_module_build(&plan, setting, out);
}

static const qhm_option_info pool_options[] = {
    {.name = "is_max",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(qhm_sequence_pool_options, is_max),
     .help = "take the largest of each column instead of the mean"},
    {0},
};

const qhm_module_info qhm_module_sequence_pool = {
    .kind = "sequence_pool",
    .help = "the mean (or the largest) over the words of a sequence",
    .options = pool_options,
    .options_bytes = sizeof(qhm_sequence_pool_options),
    .create = pool_create};
