// An MLP of one hidden layer that costs what it is told to: the fair stand-in of a module.
//
// Only whole hidden units would leave gaps of in + out + 1 between parameter counts. So the last
// unit may be joined to some of the inputs and outputs only: its weights are vectors of their own
// that are filled up with zeros on the tape.
#include "base/memory.h"
#include "learn/module_internal.h"

#include <math.h>
#include <qhm/module_kinds.h>

typedef struct matched_state {
    qhm_matched_mlp_options options;
    size_t whole;                             // hidden units joined to everything
    size_t last_inputs, last_outputs;         // of the partial unit; 0 and 0: there is none
    qhm_parameter *hidden, *bias, *output;    // [whole, in], [whole + partial unit], [out, whole]
    qhm_parameter *last_hidden, *last_output; // [last_inputs], [last_outputs]
    size_t bias_count;                        // outputs that have a bias: the first ones
    qhm_parameter *output_bias;               // [bias_count]
} matched_state;

// A parameter [count] filled up with zeros to `shape`.
static qhm_status fill_up(qhm_tape *tape, qhm_parameter *parameter, qhm_shape shape, qhm_value *out)
{
    qhm_value parts[2];
    size_t count = qhm_tensor_count(qhm_parameter_value(parameter));
    size_t missing = qhm_shape_count(shape) - count;
    QHM_TRY(qhm_tape_parameter(tape, parameter, &parts[0]));
    if (missing > 0) {
        QHM_TRY(qhm_tape_custom(tape, parts, 0, (qhm_shape){1, {missing}}, NULL, NULL, &parts[1]));
        QHM_TRY(qhm_tape_apply(tape, QHM_OP_CONCAT, parts, 2, NULL, &parts[0]));
    }
    return qhm_tape_apply(tape, QHM_OP_RESHAPE, parts, 1, &(qhm_op_attributes){.shape = shape},
                          out);
}

// The whole units' weights and the partial one's, joined along `axis` from the last.
static qhm_status join(qhm_tape *tape, qhm_parameter *whole, qhm_parameter *last, size_t width,
                       size_t axis, qhm_value *out)
{
    qhm_value parts[2];
    size_t count = 0;
    if (whole)
        QHM_TRY(qhm_tape_parameter(tape, whole, &parts[count++]));
    if (last)
        QHM_TRY(fill_up(tape, last,
                        axis == 0 ? (qhm_shape){2, {width, 1}} : (qhm_shape){2, {1, width}},
                        &parts[count++]));
    if (count == 2)
        return qhm_tape_apply(tape, QHM_OP_CONCAT, parts, 2, &(qhm_op_attributes){.axis = axis},
                              out);
    *out = parts[0];
    return QHM_OK;
}

static qhm_status forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output)
{
    (void)mask;
    const matched_state *m = state;
    qhm_value first[3] = {input}, second[3];
    size_t in = qhm_shape_width(qhm_module_input_shape(module));
    size_t out = qhm_shape_width(qhm_module_output_shape(module));
    QHM_TRY(join(tape, m->hidden, m->last_hidden, in, 1, &first[1]));
    QHM_TRY(qhm_tape_parameter(tape, m->bias, &first[2]));
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_LINEAR, first, 3, NULL, &second[0]));
    QHM_TRY(qhm_tape_apply(tape, qhm_activation_op(m->options.activation), second, 1, NULL,
                           &second[0]));
    QHM_TRY(join(tape, m->output, m->last_output, out, 0, &second[1]));
    QHM_TRY(fill_up(tape, m->output_bias, (qhm_shape){1, {out}}, &second[2]));
    return qhm_tape_apply(tape, QHM_OP_LINEAR, second, 3, NULL, output);
}

// As dense products run: the partial unit counts as a whole one.
static void cost(const qhm_module *module, const void *state, qhm_module_cost *cost)
{
    const matched_state *m = state;
    double in = (double)qhm_shape_width(qhm_module_input_shape(module));
    double out = (double)qhm_shape_width(qhm_module_output_shape(module));
    double rows = (double)qhm_shape_count(qhm_module_output_shape(module)) / out;
    double units = (double)qhm_tensor_count(qhm_parameter_value(m->bias));
    cost->flops += rows * (units * (2 * in + 2 * out + 2) + out);
}

static qhm_status choose_size(matched_state *m, size_t in, size_t out)
{
    const qhm_matched_mlp_options *o = &m->options;
    m->bias_count = out;
    QHM_REQUIRE((o->parameter_target > 0) != (o->flop_target > 0),
                "matched_mlp needs parameter_target or flop_target, one of them");
    if (o->flop_target > 0) {
        double units = round((o->flop_target - (double)out) / (double)(2 * in + 2 * out + 2));
        QHM_REQUIRE(units <= 1 << 24, "flop_target is %g, which takes %g hidden units",
                    o->flop_target, units);
        m->whole = units >= 1 ? (size_t)units : 1;
        return QHM_OK;
    }
    QHM_REQUIRE(o->parameter_target >= out + 3 && o->parameter_target <= 1 << 30,
                "parameter_target is %zu, not %zu to %d", o->parameter_target, out + 3, 1 << 30);
    size_t left = o->parameter_target - out, unit = in + out + 1;
    m->whole = left / unit;
    left %= unit;
    if (left == 1 || left == 2) { // a unit needs a bias, an input and an output: biases give it
        bool can_give = 3 - left < out;
        m->bias_count -= can_give ? 3 - left : 0;
        left = can_give ? 3 : 0;
    }
    if (left > 0) {
        size_t joints = left - 1;
        m->last_inputs = (joints + 1) / 2 < in ? (joints + 1) / 2 : in;
        m->last_outputs = joints - m->last_inputs;
        if (m->last_outputs > out) {
            m->last_outputs = out;
            m->last_inputs = joints - out;
        }
    }
    return QHM_OK;
}

static qhm_status append_uniform(qhm_module *module, const char *name, qhm_shape shape,
                                 double bound, qhm_random *random, qhm_parameter **out)
{
    QHM_TRY(qhm_module_append_parameter(module, name, shape, QHM_PARAMETER_PLAIN, out));
    qhm_initialise_uniform(qhm_parameter_value(*out), bound, random);
    return QHM_OK;
}

static qhm_status fill(qhm_module *module, void *state, const qhm_module_setting *setting)
{
    matched_state *m = state;
    size_t in = qhm_shape_width(setting->input);
    size_t out = qhm_shape_width(qhm_module_output_shape(module));
    QHM_TRY(choose_size(m, in, out));
    size_t units = m->whole + (m->last_inputs > 0 ? 1 : 0);
    double first = sqrt(6.0 / (double)(in + units)), second = sqrt(6.0 / (double)(units + out));
    qhm_random fallback, *random = qhm_module_stream(setting, &fallback);
    if (m->whole > 0) {
        QHM_TRY(append_uniform(module, "hidden.weight", (qhm_shape){2, {m->whole, in}}, first,
                               random, &m->hidden));
        QHM_TRY(append_uniform(module, "output.weight", (qhm_shape){2, {out, m->whole}}, second,
                               random, &m->output));
    }
    if (m->last_inputs > 0) {
        QHM_TRY(append_uniform(module, "hidden.last", (qhm_shape){1, {m->last_inputs}}, first,
                               random, &m->last_hidden));
        QHM_TRY(append_uniform(module, "output.last", (qhm_shape){1, {m->last_outputs}}, second,
                               random, &m->last_output));
    }
    QHM_TRY(qhm_module_append_parameter(module, "hidden.bias", (qhm_shape){1, {units}},
                                        QHM_PARAMETER_NO_DECAY, &m->bias));
    return qhm_module_append_parameter(module, "output.bias", (qhm_shape){1, {m->bias_count}},
                                       QHM_PARAMETER_NO_DECAY, &m->output_bias);
}

static const qhm_module_ops ops = {
    .kind = "matched_mlp", .forward = forward, .cost = cost, .destroy = qhm_release};

static qhm_status create(const qhm_module_setting *setting, const void *options, qhm_module **out)
{
    const qhm_module_plan plan = {.ops = &ops,
                                  .state_bytes = sizeof(matched_state),
                                  .options = options,
                                  .options_bytes = sizeof(qhm_matched_mlp_options),
                                  .output = qhm_module_widened(setting),
                                  .fill = fill};
    return qhm_module_build(&plan, setting, out);
}

static const qhm_option_info options[] = {
    {.name = "parameter_target",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_matched_mlp_options, parameter_target),
     .help = "number of trained parameters to have"},
    {.name = "flop_target",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_matched_mlp_options, flop_target),
     .maximum = 1e15,
     .help = "floating-point operations to take per sample, forward"},
    {.name = "activation",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(qhm_matched_mlp_options, activation),
     .default_text = "gelu",
     .choices = qhm_activation_names,
     .help = "what follows the hidden layer"},
    {0},
};

const qhm_module_info qhm_module_matched_mlp = {
    .kind = "matched_mlp",
    .help = "one hidden layer as large as a number of parameters or operations allows",
    .options = options,
    .options_bytes = sizeof(qhm_matched_mlp_options),
    .create = create};
