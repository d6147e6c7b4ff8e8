// Classical attention on sequences with masks: softmax(q k^T / sqrt(key_width)) v plus the input.
//
// The face that every attention here has: {2,{length, width}} in and out, a mask of words.
#include "base/memory.h"
#include "learn/module_internal.h"

#include <math.h>
#include <qhm/module_kinds.h>

enum {
    QUERY,
    KEY,
    VALUE,
    OUTPUT // not there with no_output
};

// [batch, length, heads width] -> [batch, heads, length, width]
static qhm_status split_heads(qhm_tape *tape, size_t heads, qhm_value *value)
{
    qhm_shape shape = qhm_tape_shape(tape, *value);
    const qhm_op_attributes split = {
        .shape = {4, {shape.sizes[0], shape.sizes[1], heads, shape.sizes[2] / heads}}};
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_RESHAPE, value, 1, &split, value));
    return qhm_tape_apply(tape, QHM_OP_TRANSPOSE, value, 1,
                          &(qhm_op_attributes){.axes = {0, 2, 1, 3}}, value);
}

// The reverse of split_heads.
static qhm_status join_heads(qhm_tape *tape, qhm_value *value)
{
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_TRANSPOSE, value, 1,
                           &(qhm_op_attributes){.axes = {0, 2, 1, 3}}, value));
    qhm_shape shape = qhm_tape_shape(tape, *value);
    const qhm_op_attributes join = {
        .shape = {3, {shape.sizes[0], shape.sizes[1], shape.sizes[2] * shape.sizes[3]}}};
    return qhm_tape_apply(tape, QHM_OP_RESHAPE, value, 1, &join, value);
}

// q, k, v are [batch, length, width] or [batch, heads, length, width].
static qhm_status attend(qhm_tape *tape, const qhm_value *qkv, qhm_value mask, qhm_value *output)
{
    qhm_value scores[2];
    double width = (double)qhm_shape_width(qhm_tape_shape(tape, qkv[QUERY]));
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_MATMUL, qkv, 2, &(qhm_op_attributes){.transpose_b = true},
                           &scores[0]));
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_SCALE, scores, 1,
                           &(qhm_op_attributes){.factor = 1 / sqrt(width)}, &scores[0]));
    scores[1] = mask;
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_SOFTMAX, scores, mask.number ? 2 : 1, NULL, &scores[0]));
    scores[1] = qkv[VALUE];
    return qhm_tape_apply(tape, QHM_OP_MATMUL, scores, 2, NULL, output);
}

static qhm_status forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output)
{
    const qhm_dot_product_attention_options *o = state;
    qhm_value qkv[3], value;
    for (size_t i = QUERY; i <= VALUE; i++) {
        QHM_TRY(qhm_module_forward(qhm_module_child(module, i), tape, input, mask, &qkv[i]));
        if (o->heads > 1)
            QHM_TRY(split_heads(tape, o->heads, &qkv[i]));
    }
    QHM_TRY(attend(tape, qkv, mask, &value));
    if (o->heads > 1)
        QHM_TRY(join_heads(tape, &value));
    if (!o->no_output)
        QHM_TRY(qhm_module_forward(qhm_module_child(module, OUTPUT), tape, value, mask, &value));
    if (!o->no_residual)
        QHM_TRY(qhm_tape_apply(tape, QHM_OP_ADD, (qhm_value[]){value, input}, 2, NULL, &value));
    *output = value;
    return QHM_OK;
}

// Both products, the scale and softmax (exp, sum, quotient) of length x length scores a head.
static void cost(const qhm_module *module, const void *state, qhm_module_cost *cost)
{
    const qhm_dot_product_attention_options *o = state;
    qhm_shape shape = qhm_module_input_shape(module);
    double length = (double)shape.sizes[0], width = (double)shape.sizes[1];
    double heads = (double)o->heads, keys = heads * (double)o->key_width;
    cost->flops += length * length * (2 * keys + 2 * width + 4 * heads);
    cost->flops += o->no_residual ? 0 : length * width;
}

static qhm_status fill(qhm_module *module, void *state, const qhm_module_setting *setting)
{
    static const char *const names[] = {"query", "key", "value", "output"};
    qhm_dot_product_attention_options *o = state;
    size_t width = setting->input.sizes[1];
    QHM_REQUIRE(width % o->heads == 0, "heads is %zu, which does not divide the width %zu",
                o->heads, width);
    if (o->key_width == 0)
        o->key_width = width / o->heads;
    const qhm_linear_options linear = {.no_bias = o->no_bias};
    qhm_random fallback, *random = qhm_module_stream(setting, &fallback);
    for (size_t i = QUERY; i <= (o->no_output ? VALUE : OUTPUT); i++)
        QHM_TRY(qhm_module_append_kind(module, names[i], "linear", &linear, setting->input,
                                       i <= KEY ? o->heads * o->key_width : width, random));
    return QHM_OK;
}

static const qhm_module_ops ops = {
    .kind = "dot_product_attention", .forward = forward, .cost = cost, .destroy = qhm_release};

static qhm_status create(const qhm_module_setting *setting, const void *options, qhm_module **out)
{
    QHM_REQUIRE(setting->input.rank == 2,
                "dot_product_attention takes {length, width}, not rank "
                "%zu",
                setting->input.rank);
    QHM_REQUIRE(setting->output_width == 0 || setting->output_width == setting->input.sizes[1],
                "dot_product_attention gives a width of %zu, not %zu", setting->input.sizes[1],
                setting->output_width);
    const qhm_module_plan plan = {.ops = &ops,
                                  .state_bytes = sizeof(qhm_dot_product_attention_options),
                                  .options = options,
                                  .options_bytes = sizeof(qhm_dot_product_attention_options),
                                  .output = setting->input,
                                  .fill = fill};
    return qhm_module_build(&plan, setting, out);
}

static const qhm_option_info options[] = {
    {.name = "heads",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_dot_product_attention_options, heads),
     .default_text = "1",
     .minimum = 1,
     .maximum = 1024,
     .help = "number of heads; divides the width"},
    {.name = "key_width",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_dot_product_attention_options, key_width),
     .maximum = 1 << 16,
     .help = "width of a head's queries and keys; 0 is the width over the heads"},
    {.name = "no_output",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(qhm_dot_product_attention_options, no_output),
     .help = "leave out the linear layer at the end"},
    {.name = "no_residual",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(qhm_dot_product_attention_options, no_residual),
     .help = "do not add the input"},
    {.name = "no_bias",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(qhm_dot_product_attention_options, no_bias),
     .help = "leave out all biases"},
    {0},
};

const qhm_module_info qhm_module_dot_product_attention = {
    .kind = "dot_product_attention",
    .help = "attention by scaled products of queries and keys, plus the input",
    .options = options,
    .options_bytes = sizeof(qhm_dot_product_attention_options),
    .create = create};
