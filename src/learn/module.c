// The face of every module: parameters, children, forward with its checks, cost.
#include <qhm/module.h>

#include "base/memory.h"
#include "learn/module_internal.h"
#include "tensor/tensor_internal.h"

#include <stdio.h>
#include <string.h>

struct qhm_module {
    const qhm_module_ops *ops;
    void *state;
    qhm_precision precision;
    qhm_shape input, output;
    qhm_parameter **parameters; // own ones and, as they are appended, the children's
    size_t parameter_count, parameter_capacity;
    qhm_parameter **own;
    size_t own_count, own_capacity;
    qhm_module **children;
    size_t child_count, child_capacity;
};

qhm_status qhm_module_create_custom(const qhm_module_ops *ops, void *state,
                                    const qhm_module_setting *setting, qhm_shape output,
                                    qhm_module **out)
{
    QHM_REQUIRE(ops && setting && out, "ops, setting or out is NULL");
    QHM_REQUIRE(ops->kind && ops->forward, "the module's kind or forward is missing");
    QHM_REQUIRE(setting->precision == QHM_FLOAT64 || setting->precision == QHM_FLOAT32,
                "precision is %d, not QHM_FLOAT64 or QHM_FLOAT32", (int)setting->precision);
    QHM_REQUIRE(setting->input.rank >= 1 && setting->input.rank < QHM_MAX_RANK,
                "a sample has rank %zu, not 1 to %d", setting->input.rank, QHM_MAX_RANK - 1);
    QHM_REQUIRE(output.rank >= 1 && output.rank < QHM_MAX_RANK,
                "a sample's output has rank %zu, not 1 to %d", output.rank, QHM_MAX_RANK - 1);
    QHM_TRY(qhm_shape_check(setting->input));
    QHM_TRY(qhm_shape_check(output));
    qhm_module *module;
    QHM_TRY(qhm_allocate(1, sizeof *module, &module));
    module->ops = ops;
    module->state = state;
    module->precision = setting->precision;
    module->input = setting->input;
    module->output = output;
    *out = module;
    return QHM_OK;
}

void qhm_module_destroy(qhm_module *module)
{
    if (!module)
        return;
    for (size_t i = 0; i < module->child_count; i++)
        qhm_module_destroy(module->children[i]);
    for (size_t i = 0; i < module->own_count; i++)
        qhm_parameter_destroy(module->own[i]);
    if (module->ops->destroy)
        module->ops->destroy(module->state);
    qhm_release(module->children);
    qhm_release(module->own);
    qhm_release(module->parameters);
    qhm_release(module);
}

static qhm_status append_known(qhm_module *module, qhm_parameter *parameter)
{
    QHM_TRY(qhm_reserve(module->parameter_count + 1, &module->parameter_capacity,
                        sizeof *module->parameters, &module->parameters));
    module->parameters[module->parameter_count++] = parameter;
    return QHM_OK;
}

qhm_status qhm_module_append_parameter(qhm_module *module, const char *name, qhm_shape shape,
                                       unsigned flags, qhm_parameter **out)
{
    QHM_REQUIRE(module && out, "module or out is NULL");
    QHM_TRY(qhm_reserve(module->own_count + 1, &module->own_capacity, sizeof *module->own,
                        &module->own));
    qhm_parameter *parameter;
    QHM_TRY(qhm_parameter_create(name, module->precision, shape, flags, &parameter));
    module->own[module->own_count++] = parameter;
    QHM_TRY(append_known(module, parameter));
    *out = parameter;
    return QHM_OK;
}

static qhm_status adopt(qhm_module *module, const char *name, qhm_module *child)
{
    bool is_chain = module->ops->forward == qhm_sequential_forward;
    QHM_REQUIRE(child->precision == module->precision,
                "the child and the module differ in precision");
    QHM_REQUIRE(!is_chain || qhm_shape_is_equal(child->input, module->output),
                "%s takes %s, but the chain gives %s", child->ops->kind,
                qhm_shape_print(child->input).characters,
                qhm_shape_print(module->output).characters);
    QHM_TRY(qhm_reserve(module->child_count + 1, &module->child_capacity, sizeof *module->children,
                        &module->children));
    char number[24];
    snprintf(number, sizeof number, "%zu", module->child_count);
    for (size_t i = 0; i < child->parameter_count; i++) {
        QHM_TRY(qhm_parameter_prefix_name(child->parameters[i], name ? name : number));
        QHM_TRY(qhm_reserve(module->parameter_count + child->parameter_count,
                            &module->parameter_capacity, sizeof *module->parameters,
                            &module->parameters));
    }
    module->children[module->child_count++] = child;
    for (size_t i = 0; i < child->parameter_count; i++)
        module->parameters[module->parameter_count++] = child->parameters[i];
    if (is_chain)
        module->output = child->output;
    return QHM_OK;
}

qhm_status qhm_module_append_take(qhm_module *module, const char *name, qhm_module *child)
{
    qhm_status status = module && child
                            ? adopt(module, name, child)
                            : QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "module or child is NULL");
    if (status != QHM_OK)
        qhm_module_destroy(child);
    return status;
}

// Images match exactly; sequences and tokens may have another length.
static bool fits(const qhm_module *module, const qhm_tape *tape, qhm_value input)
{
    qhm_shape shape = qhm_tape_shape(tape, input), sample = module->input;
    bool is_index = qhm_tape_index_data(tape, input) != NULL;
    size_t first_fixed = is_index || sample.rank == 2 ? 1 : 0;
    if (shape.rank != sample.rank + 1)
        return false;
    for (size_t i = first_fixed; i < sample.rank; i++)
        if (shape.sizes[i + 1] != sample.sizes[i])
            return false;
    return true;
}

qhm_status qhm_module_forward(qhm_module *module, qhm_tape *tape, qhm_value input, qhm_value mask,
                              qhm_value *output)
{
    QHM_REQUIRE(module && tape && output, "module, tape or output is NULL");
    QHM_REQUIRE(qhm_tape_has(tape, input), "the input of %s is not on the tape", module->ops->kind);
    QHM_REQUIRE(qhm_tape_precision(tape) == module->precision,
                "%s and the tape differ in precision", module->ops->kind);
    QHM_REQUIRE(fits(module, tape, input), "%s is given %s, not a batch of %s", module->ops->kind,
                qhm_shape_print(qhm_tape_shape(tape, input)).characters,
                qhm_shape_print(module->input).characters);
    if (mask.number != 0) {
        qhm_shape given = qhm_tape_shape(tape, mask), shape = qhm_tape_shape(tape, input);
        QHM_REQUIRE(qhm_tape_data(tape, mask) && given.rank == 2 &&
                        given.sizes[0] == shape.sizes[0] && given.sizes[1] == shape.sizes[1],
                    "the mask of %s is %s, but the input is %s", module->ops->kind,
                    qhm_shape_print(given).characters, qhm_shape_print(shape).characters);
    }
    return module->ops->forward(module, module->state, tape, input, mask, output);
}

const char *qhm_module_kind(const qhm_module *module)
{
    return module->ops->kind;
}

qhm_shape qhm_module_input_shape(const qhm_module *module)
{
    return module->input;
}

qhm_shape qhm_module_output_shape(const qhm_module *module)
{
    return module->output;
}

qhm_precision qhm_module_precision(const qhm_module *module)
{
    return module->precision;
}

qhm_parameter *const *qhm_module_parameters(const qhm_module *module, size_t *count)
{
    *count = module->parameter_count;
    return module->parameters;
}

size_t qhm_module_child_count(const qhm_module *module)
{
    return module->child_count;
}

qhm_module *qhm_module_child(const qhm_module *module, size_t index)
{
    return index < module->child_count ? module->children[index] : NULL;
}

void *qhm_module_state(const qhm_module *module, const qhm_module_ops *ops)
{
    return module->ops == ops ? module->state : NULL;
}

qhm_module_cost qhm_module_total_cost(const qhm_module *module)
{
    qhm_module_cost cost = {0};
    if (module->ops->cost)
        module->ops->cost(module, module->state, &cost);
    for (size_t i = 0; i < module->own_count; i++) {
        unsigned flags = qhm_parameter_flags(module->own[i]);
        size_t count = qhm_tensor_count(qhm_parameter_value(module->own[i]));
        if (flags & QHM_PARAMETER_FIXED)
            continue;
        if (flags & QHM_PARAMETER_EMBEDDING)
            cost.embedding_parameter_count += count;
        else
            cost.parameter_count += count;
    }
    for (size_t i = 0; i < module->child_count; i++) {
        qhm_module_cost child = qhm_module_total_cost(module->children[i]);
        cost.parameter_count += child.parameter_count;
        cost.embedding_parameter_count += child.embedding_parameter_count;
        cost.flops += child.flops;
        cost.circuits += child.circuits;
    }
    return cost;
}

qhm_status qhm_module_build(const qhm_module_plan *plan, const qhm_module_setting *setting,
                            qhm_module **out)
{
    void *state = NULL;
    if (plan->state_bytes > 0)
        QHM_TRY(qhm_allocate(1, plan->state_bytes, &state));
    if (plan->options)
        memcpy(state, plan->options, plan->options_bytes);
    qhm_module *module;
    qhm_status status = qhm_module_create_custom(plan->ops, state, setting, plan->output, &module);
    if (status != QHM_OK) {
        qhm_release(state);
        return status;
    }
    if (plan->fill)
        status = plan->fill(module, state, setting);
    if (status != QHM_OK) {
        qhm_module_destroy(module);
        return status;
    }
    *out = module;
    return QHM_OK;
}

qhm_status qhm_module_append_kind(qhm_module *module, const char *name, const char *kind,
                                  const void *options, qhm_shape input, size_t output_width,
                                  qhm_random *random)
{
    const qhm_module_setting setting = {.precision = module->precision,
                                        .input = input,
                                        .output_width = output_width,
                                        .random = random};
    qhm_module *child;
    QHM_TRY(qhm_module_create(kind, &setting, options, &child));
    return qhm_module_append_take(module, name, child);
}

qhm_shape qhm_module_widened(const qhm_module_setting *setting)
{
    qhm_shape shape = setting->input;
    if (setting->output_width > 0 && shape.rank >= 1 && shape.rank <= QHM_MAX_RANK)
        shape.sizes[shape.rank - 1] = setting->output_width;
    return shape;
}

static qhm_status add_ledger(const qhm_module *module, qhm_ledger *ledger)
{
    if (module->ops->ledger)
        QHM_TRY(module->ops->ledger(module, module->state, ledger));
    for (size_t i = 0; i < module->child_count; i++)
        QHM_TRY(add_ledger(module->children[i], ledger));
    return QHM_OK;
}

qhm_status qhm_module_ledger(const qhm_module *module, qhm_ledger *ledger)
{
    QHM_REQUIRE(module && ledger, "a ledger needs a module and a place to go");
    qhm_ledger made = {0};
    QHM_TRY(add_ledger(module, &made));
    *ledger = made;
    return QHM_OK;
}
