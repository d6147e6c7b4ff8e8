// The tape: records operations, runs them backward.
#include <qhm/tape.h>

#include "base/memory.h"
#include "tensor/arena.h"
#include "tensor/ops.h"
#include "tensor/tensor_internal.h"

#include <math.h>
#include <string.h>

typedef struct node {
    const qhm_op_row *row; // NULL: a leaf or a custom operation
    qhm_custom_backward *backward;
    void *context;
    qhm_op_attributes attributes;
    size_t input_count;
    uint32_t inputs[QHM_MAX_OP_INPUTS]; // places on the tape, from 0
    qhm_shape shape;
    bool is_index, wants_gradient, is_training;
    void *data, *gradient, *saved;
} node;

struct qhm_tape {
    qhm_precision precision;
    bool is_training, ran_backward;
    qhm_random random;
    qhm_arena arena;
    node *nodes;
    size_t node_count, node_capacity;
    uint32_t generation;
    const qhm_op_row *rows[QHM_OP_COUNT];
};

qhm_status qhm_tape_create(qhm_precision precision, qhm_tape **out)
{
    QHM_REQUIRE(out, "out is NULL");
    QHM_REQUIRE(precision == QHM_FLOAT64 || precision == QHM_FLOAT32,
                "precision is %d, not QHM_FLOAT64 or QHM_FLOAT32", (int)precision);
    qhm_tape *tape;
    QHM_TRY(qhm_allocate(1, sizeof *tape, &tape));
    tape->precision = precision;
    tape->generation = 1;
    tape->random = qhm_random_stream(0, QHM_RANDOM_USER, 0, 0, 0);
    for (int op = 0; op < QHM_OP_COUNT; op++)
        tape->rows[op] = qhm_op_find((qhm_op)op, precision);
    *out = tape;
    return QHM_OK;
}

void qhm_tape_destroy(qhm_tape *tape)
{
    if (!tape)
        return;
    qhm_arena_release(&tape->arena);
    qhm_release(tape->nodes);
    qhm_release(tape);
}

void qhm_tape_reset(qhm_tape *tape)
{
    qhm_arena_rewind(&tape->arena);
    tape->node_count = 0;
    tape->ran_backward = false;
    tape->generation++;
}

size_t qhm_tape_bytes(const qhm_tape *tape)
{
    return sizeof *tape + tape->node_capacity * sizeof *tape->nodes + qhm_arena_bytes(&tape->arena);
}

qhm_precision qhm_tape_precision(const qhm_tape *tape)
{
    return tape->precision;
}

void qhm_tape_set_training(qhm_tape *tape, bool is_training)
{
    tape->is_training = is_training;
}

bool qhm_tape_is_training(const qhm_tape *tape)
{
    return tape->is_training;
}

void qhm_tape_set_random(qhm_tape *tape, qhm_random random)
{
    tape->random = random;
}

qhm_random *qhm_tape_random(qhm_tape *tape)
{
    return &tape->random;
}

bool qhm_tape_has(const qhm_tape *tape, qhm_value value)
{
    return value.generation == tape->generation && value.number >= 1 &&
           value.number <= tape->node_count;
}

static node *find_node(const qhm_tape *tape, qhm_value value)
{
    return qhm_tape_has(tape, value) ? &tape->nodes[value.number - 1] : NULL;
}

static size_t element_bytes(const qhm_tape *tape)
{
    return qhm_precision_bytes(tape->precision);
}

static size_t value_bytes(const qhm_tape *tape, const node *value)
{
    return qhm_shape_count(value->shape) * element_bytes(tape);
}

// Appends a node whose fields are final but for its place.
static qhm_status append(qhm_tape *tape, const node *value, qhm_value *out)
{
    QHM_TRY(
        qhm_reserve(tape->node_count + 1, &tape->node_capacity, sizeof *tape->nodes, &tape->nodes));
    tape->nodes[tape->node_count++] = *value;
    *out = (qhm_value){(uint32_t)tape->node_count, tape->generation};
    return QHM_OK;
}

qhm_status qhm_tape_constant(qhm_tape *tape, qhm_shape shape, const double *values, qhm_value *out)
{
    QHM_REQUIRE(tape && values && out, "tape, values or out is NULL");
    QHM_TRY(qhm_shape_check(shape));
    node value = {.shape = shape};
    QHM_TRY(qhm_arena_take(&tape->arena, value_bytes(tape, &value), &value.data));
    qhm_convert(tape->precision, value.data, QHM_FLOAT64, values, qhm_shape_count(shape));
    return append(tape, &value, out);
}

static qhm_status borrow(qhm_tape *tape, const qhm_tensor *tensor, bool wants_gradient,
                         qhm_value *out)
{
    QHM_REQUIRE(tape && tensor && out, "tape, tensor or out is NULL");
    QHM_REQUIRE(qhm_tensor_precision(tensor) == tape->precision,
                "the tensor and the tape differ in precision");
    // The tape writes to the data of its own operations only.
    node value = {.shape = qhm_tensor_shape(tensor),
                  .data = (void *)qhm_tensor_view(tensor),
                  .wants_gradient = wants_gradient};
    return append(tape, &value, out);
}

qhm_status qhm_tape_borrow(qhm_tape *tape, const qhm_tensor *tensor, qhm_value *out)
{
    return borrow(tape, tensor, false, out);
}

qhm_status qhm_tape_variable(qhm_tape *tape, const qhm_tensor *tensor, qhm_value *out)
{
    return borrow(tape, tensor, true, out);
}

qhm_status qhm_tape_parameter(qhm_tape *tape, qhm_parameter *parameter, qhm_value *out)
{
    QHM_REQUIRE(parameter, "parameter is NULL");
    qhm_tensor *gradient = qhm_parameter_gradient(parameter);
    QHM_TRY(borrow(tape, qhm_parameter_value(parameter), gradient != NULL, out));
    if (gradient)
        tape->nodes[out->number - 1].gradient = qhm_tensor_data(gradient);
    return QHM_OK;
}

qhm_status qhm_tape_rows(qhm_tape *tape, const qhm_tensor *source, const size_t *rows,
                         size_t row_count, qhm_value *out)
{
    QHM_REQUIRE(tape && source && rows && out, "tape, source, rows or out is NULL");
    qhm_shape shape = qhm_tensor_shape(source);
    QHM_REQUIRE(shape.rank >= 1, "the source is a scalar, not rows");
    size_t available = shape.sizes[0];
    size_t width = qhm_tensor_count(source) / available;
    shape.sizes[0] = row_count;
    QHM_TRY(qhm_shape_check(shape));
    for (size_t i = 0; i < row_count; i++)
        QHM_REQUIRE(rows[i] < available, "row %zu is asked for, but there are %zu", rows[i],
                    available);
    node value = {.shape = shape};
    QHM_TRY(qhm_arena_take(&tape->arena, value_bytes(tape, &value), &value.data));
    qhm_precision from = qhm_tensor_precision(source);
    for (size_t i = 0; i < row_count; i++)
        qhm_convert(tape->precision, (char *)value.data + i * width * element_bytes(tape), from,
                    (const char *)qhm_tensor_view(source) +
                        rows[i] * width * qhm_precision_bytes(from),
                    width);
    return append(tape, &value, out);
}

qhm_status qhm_tape_indices(qhm_tape *tape, qhm_shape shape, const size_t *indices, qhm_value *out)
{
    QHM_REQUIRE(tape && indices && out, "tape, indices or out is NULL");
    QHM_TRY(qhm_shape_check(shape));
    node value = {.shape = shape, .is_index = true};
    size_t bytes = qhm_shape_count(shape) * sizeof *indices;
    QHM_TRY(qhm_arena_take(&tape->arena, bytes, &value.data));
    memcpy(value.data, indices, bytes);
    return append(tape, &value, out);
}

qhm_status qhm_tape_scratch(qhm_tape *tape, size_t bytes, void *out_pointer)
{
    void **out = out_pointer;
    QHM_TRY(qhm_arena_take(&tape->arena, bytes, out));
    memset(*out, 0, bytes);
    return QHM_OK;
}

// What a row's functions see of a node; gradients only once backward runs.
static qhm_op_call make_call(const qhm_tape *tape, const node *value)
{
    qhm_op_call call = {.attributes = &value->attributes,
                        .input_count = value->input_count,
                        .is_training = value->is_training,
                        .out_shape = value->shape,
                        .saved = value->saved,
                        .out = value->data,
                        .out_gradient = value->gradient};
    for (size_t i = 0; i < value->input_count; i++) {
        const node *input = &tape->nodes[value->inputs[i]];
        call.shapes[i] = input->shape;
        call.data[i] = input->data;
    }
    return call;
}

static qhm_status check_inputs(const qhm_tape *tape, const qhm_op_row *row, const qhm_value *inputs,
                               size_t count, node *value)
{
    QHM_REQUIRE(count >= row->least_inputs && count <= row->most_inputs,
                "input count is %zu, not %zu to %zu", count, row->least_inputs, row->most_inputs);
    value->input_count = count;
    for (size_t i = 0; i < count; i++) {
        const node *input = find_node(tape, inputs[i]);
        QHM_REQUIRE(input, "input %zu is not on the tape", i);
        bool wants_index = row->index_inputs >> i & 1;
        QHM_REQUIRE(input->is_index == wants_index, "input %zu is %s, not %s", i,
                    input->is_index ? "indices" : "numbers", wants_index ? "indices" : "numbers");
        value->inputs[i] = inputs[i].number - 1;
        if (input->wants_gradient && !(row->flat_inputs >> i & 1))
            value->wants_gradient = true;
    }
    return QHM_OK;
}

static qhm_status apply(qhm_tape *tape, const qhm_op_row *row, const qhm_value *inputs,
                        size_t count, const qhm_op_attributes *attributes, qhm_value *out)
{
    node value = {.row = row, .is_training = tape->is_training};
    if (attributes)
        value.attributes = *attributes;
    QHM_TRY(check_inputs(tape, row, inputs, count, &value));
    qhm_op_call call = make_call(tape, &value);
    if (row->draws && tape->is_training) {
        call.key[0] = qhm_random_u32(&tape->random);
        call.key[1] = qhm_random_u32(&tape->random);
    }
    QHM_TRY(row->shape(&call));
    QHM_TRY(qhm_shape_check(call.out_shape));
    value.shape = call.out_shape;
    QHM_TRY(qhm_arena_take(&tape->arena, value_bytes(tape, &value), &value.data));
    if (call.saved_bytes > 0)
        QHM_TRY(qhm_arena_take(&tape->arena, call.saved_bytes, &value.saved));
    call.out = value.data;
    call.saved = value.saved;
    qhm_op_run(&call, row->forward_over, row->forward);
    return append(tape, &value, out);
}

qhm_status qhm_tape_apply(qhm_tape *tape, qhm_op op, const qhm_value *inputs, size_t input_count,
                          const qhm_op_attributes *attributes, qhm_value *out)
{
    QHM_REQUIRE(tape && inputs && out, "tape, inputs or out is NULL");
    QHM_REQUIRE((int)op > 0 && op < QHM_OP_COUNT && tape->rows[op], "there is no operation %d",
                (int)op);
    QHM_REQUIRE(!tape->ran_backward, "the tape ran backward already: reset it first");
    qhm_status status = apply(tape, tape->rows[op], inputs, input_count, attributes, out);
    if (status != QHM_OK)
        qhm_prefix_error_message("%s", tape->rows[op]->name);
    return status;
}

qhm_status qhm_tape_custom(qhm_tape *tape, const qhm_value *inputs, size_t input_count,
                           qhm_shape shape, qhm_custom_backward *backward, void *context,
                           qhm_value *out)
{
    QHM_REQUIRE(tape && inputs && out, "tape, inputs or out is NULL");
    QHM_REQUIRE(input_count <= QHM_MAX_OP_INPUTS, "input count is %zu, not at most %d", input_count,
                QHM_MAX_OP_INPUTS);
    QHM_TRY(qhm_shape_check(shape));
    node value = {.backward = backward,
                  .context = context,
                  .shape = shape,
                  .input_count = input_count,
                  .is_training = tape->is_training};
    for (size_t i = 0; i < input_count; i++) {
        const node *input = find_node(tape, inputs[i]);
        QHM_REQUIRE(input, "input %zu is not on the tape", i);
        value.inputs[i] = inputs[i].number - 1;
        if (input->wants_gradient && backward)
            value.wants_gradient = true;
    }
    QHM_TRY(qhm_tape_scratch(tape, value_bytes(tape, &value), &value.data));
    return append(tape, &value, out);
}

static qhm_status run_custom(qhm_tape *tape, size_t index)
{
    const node *value = &tape->nodes[index];
    qhm_value inputs[QHM_MAX_OP_INPUTS];
    for (size_t i = 0; i < value->input_count; i++)
        inputs[i] = (qhm_value){value->inputs[i] + 1, tape->generation};
    return value->backward(value->context, tape, (qhm_value){(uint32_t)index + 1, tape->generation},
                           inputs, value->input_count);
}

static qhm_status run_backward(qhm_tape *tape, size_t index)
{
    node *value = &tape->nodes[index];
    if (!value->gradient || value->input_count == 0) // not below the loss, or a leaf
        return QHM_OK;
    for (size_t i = 0; i < value->input_count; i++) {
        node *input = &tape->nodes[value->inputs[i]];
        bool is_flat = value->row && value->row->flat_inputs >> i & 1;
        if (input->wants_gradient && !is_flat && !input->gradient)
            QHM_TRY(qhm_tape_scratch(tape, value_bytes(tape, input), &input->gradient));
    }
    if (!value->row)
        return value->backward ? run_custom(tape, index) : QHM_OK;
    qhm_op_call call = make_call(tape, value);
    for (size_t i = 0; i < value->input_count; i++)
        if (!(value->row->flat_inputs >> i & 1))
            call.gradients[i] = tape->nodes[value->inputs[i]].gradient;
    qhm_op_run(&call, value->row->backward_over, value->row->backward);
    return QHM_OK;
}

qhm_status qhm_tape_backward(qhm_tape *tape, qhm_value loss)
{
    QHM_REQUIRE(tape, "tape is NULL");
    node *last = find_node(tape, loss);
    QHM_REQUIRE(last, "the loss is not on the tape");
    QHM_REQUIRE(!last->is_index && qhm_shape_count(last->shape) == 1,
                "the loss has shape %s, not one element", qhm_shape_print(last->shape).characters);
    QHM_REQUIRE(last->wants_gradient, "no parameter and no variable is below the loss");
    QHM_REQUIRE(!tape->ran_backward, "the tape ran backward already: reset it first");
    tape->ran_backward = true;
    if (!last->gradient)
        QHM_TRY(qhm_tape_scratch(tape, value_bytes(tape, last), &last->gradient));
    if (tape->precision == QHM_FLOAT32)
        *(float *)last->gradient += 1;
    else
        *(double *)last->gradient += 1;
    for (size_t i = loss.number; i-- > 0;)
        QHM_TRY(run_backward(tape, i));
    return QHM_OK;
}

bool qhm_tape_wants_gradient(const qhm_tape *tape, qhm_value value)
{
    const node *found = find_node(tape, value);
    return found && found->wants_gradient;
}

qhm_shape qhm_tape_shape(const qhm_tape *tape, qhm_value value)
{
    const node *found = find_node(tape, value);
    return found ? found->shape : (qhm_shape){0};
}

void *qhm_tape_data(const qhm_tape *tape, qhm_value value)
{
    const node *found = find_node(tape, value);
    return found && !found->is_index ? found->data : NULL;
}

const size_t *qhm_tape_index_data(const qhm_tape *tape, qhm_value value)
{
    const node *found = find_node(tape, value);
    return found && found->is_index ? found->data : NULL;
}

void *qhm_tape_gradient(const qhm_tape *tape, qhm_value value)
{
    const node *found = find_node(tape, value);
    return found ? found->gradient : NULL;
}

double qhm_tape_item(const qhm_tape *tape, qhm_value value, size_t index)
{
    const node *found = find_node(tape, value);
    if (!found || index >= qhm_shape_count(found->shape))
        return NAN;
    if (found->is_index)
        return (double)((const size_t *)found->data)[index];
    return tape->precision == QHM_FLOAT32 ? (double)((const float *)found->data)[index]
                                          : ((const double *)found->data)[index];
}
