// Operations that move elements: concat, slice, reshape, transpose, embedding.
#include "tensor/ops.h"
#include "tensor/real.h"
#include "tensor/tensor_internal.h"

// An array seen from one axis: [outer, size, inner].
typedef struct axis_view {
    size_t outer, size, inner;
} axis_view;

static axis_view view_axis(qhm_shape shape, size_t axis)
{
    axis_view view = {1, shape.sizes[axis], 1};
    for (size_t i = 0; i < axis; i++)
        view.outer *= shape.sizes[i];
    for (size_t i = axis + 1; i < shape.rank; i++)
        view.inner *= shape.sizes[i];
    return view;
}

static void add_range(real *restrict into, const real *restrict from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        into[i] += from[i];
}

static qhm_status find_axis(const qhm_op_call *call, size_t *axis)
{
    size_t rank = call->shapes[0].rank;
    QHM_REQUIRE(call->attributes->axis < rank, "axis is %zu from the last, but the input is %s",
                call->attributes->axis, qhm_shape_print(call->shapes[0]).characters);
    *axis = rank - 1 - call->attributes->axis;
    return QHM_OK;
}

static qhm_status concat_shape(qhm_op_call *call)
{
    size_t axis;
    QHM_TRY(find_axis(call, &axis));
    call->out_shape = call->shapes[0];
    for (size_t i = 1; i < call->input_count; i++) {
        qhm_shape other = call->shapes[i];
        if (axis < other.rank)
            other.sizes[axis] = call->shapes[0].sizes[axis];
        QHM_REQUIRE(qhm_shape_is_equal(other, call->shapes[0]),
                    "input %zu is %s, but input 0 is %s and only axis %zu may differ", i,
                    qhm_shape_print(call->shapes[i]).characters,
                    qhm_shape_print(call->shapes[0]).characters, axis);
        call->out_shape.sizes[axis] += call->shapes[i].sizes[axis];
    }
    return QHM_OK;
}

static void concat_forward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    size_t axis = call->out_shape.rank - 1 - call->attributes->axis, at = 0;
    axis_view all = view_axis(call->out_shape, axis);
    for (size_t i = 0; i < call->input_count; i++) {
        size_t run = call->shapes[i].sizes[axis] * all.inner;
        for (size_t j = 0; j < all.outer; j++)
            memcpy((real *)call->out + j * all.size * all.inner + at,
                   (const real *)call->data[i] + j * run, run * sizeof(real));
        at += run;
    }
}

static void concat_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    size_t axis = call->out_shape.rank - 1 - call->attributes->axis, at = 0;
    axis_view all = view_axis(call->out_shape, axis);
    for (size_t i = 0; i < call->input_count; i++) {
        size_t run = call->shapes[i].sizes[axis] * all.inner;
        if (call->gradients[i])
            for (size_t j = 0; j < all.outer; j++)
                add_range((real *)call->gradients[i] + j * run,
                          (const real *)call->out_gradient + j * all.size * all.inner + at, run);
        at += run;
    }
}

static qhm_status slice_shape(qhm_op_call *call)
{
    size_t axis;
    QHM_TRY(find_axis(call, &axis));
    size_t first = call->attributes->first, count = call->attributes->count;
    size_t size = call->shapes[0].sizes[axis];
    QHM_REQUIRE(count >= 1 && first <= size && count <= size - first,
                "the slice of %zu from %zu is not within axis %zu of %s", count, first, axis,
                qhm_shape_print(call->shapes[0]).characters);
    call->out_shape = call->shapes[0];
    call->out_shape.sizes[axis] = count;
    return QHM_OK;
}

static void slice_forward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    axis_view all = view_axis(call->shapes[0], call->out_shape.rank - 1 - call->attributes->axis);
    size_t run = call->attributes->count * all.inner;
    for (size_t i = 0; i < all.outer; i++)
        memcpy((real *)call->out + i * run,
               (const real *)call->data[0] + (i * all.size + call->attributes->first) * all.inner,
               run * sizeof(real));
}

static void slice_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    axis_view all = view_axis(call->shapes[0], call->out_shape.rank - 1 - call->attributes->axis);
    size_t run = call->attributes->count * all.inner;
    for (size_t i = 0; i < all.outer; i++)
        add_range((real *)call->gradients[0] + (i * all.size + call->attributes->first) * all.inner,
                  (const real *)call->out_gradient + i * run, run);
}

static qhm_status reshape_shape(qhm_op_call *call)
{
    qhm_shape shape = call->attributes->shape;
    QHM_TRY(qhm_shape_check(shape));
    QHM_REQUIRE(qhm_shape_count(shape) == qhm_shape_count(call->shapes[0]),
                "%s does not hold as many elements as %s", qhm_shape_print(shape).characters,
                qhm_shape_print(call->shapes[0]).characters);
    call->out_shape = shape;
    return QHM_OK;
}

static void reshape_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    memcpy((real *)call->out + first, (const real *)call->data[0] + first,
           (last - first) * sizeof(real));
}

static void reshape_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    add_range((real *)call->gradients[0] + first, (const real *)call->out_gradient + first,
              last - first);
}

// transpose: output axis i is input axis axes[i]

static void transpose_axes(const qhm_op_call *call, size_t axes[QHM_MAX_RANK])
{
    size_t rank = call->shapes[0].rank;
    bool is_default = true;
    for (size_t i = 0; i < QHM_MAX_RANK; i++) {
        axes[i] = call->attributes->axes[i];
        is_default &= axes[i] == 0;
    }
    if (!is_default)
        return;
    for (size_t i = 0; i < rank; i++)
        axes[i] = i + 2 < rank ? i : 2 * rank - 3 - i;
}

static qhm_status transpose_shape(qhm_op_call *call)
{
    qhm_shape x = call->shapes[0];
    QHM_REQUIRE(x.rank >= 2, "the input is %s, not of rank 2 to 4", qhm_shape_print(x).characters);
    size_t axes[QHM_MAX_RANK];
    transpose_axes(call, axes);
    unsigned seen = 0;
    call->out_shape = x;
    for (size_t i = 0; i < x.rank; i++) {
        QHM_REQUIRE(axes[i] < x.rank && !(seen >> axes[i] & 1),
                    "axes are no order of the %zu axes of the input", x.rank);
        seen |= 1u << axes[i];
        call->out_shape.sizes[i] = x.sizes[axes[i]];
    }
    return QHM_OK;
}

// Walks the output in order; step[i] is how far output axis i moves in the input.
static void transpose_walk(const qhm_op_call *call, real *out, const real *in, real *add_into,
                           const real *gradient)
{
    size_t axes[QHM_MAX_RANK], n[QHM_MAX_RANK], step[QHM_MAX_RANK];
    size_t rank = call->out_shape.rank, pad = QHM_MAX_RANK - rank;
    transpose_axes(call, axes);
    for (size_t i = 0; i < pad; i++)
        n[i] = 1, step[i] = 0;
    for (size_t i = 0; i < rank; i++) {
        n[pad + i] = call->out_shape.sizes[i];
        step[pad + i] = view_axis(call->shapes[0], axes[i]).inner;
    }
    size_t at = 0;
    for (size_t i = 0; i < n[0]; i++)
        for (size_t j = 0; j < n[1]; j++)
            for (size_t k = 0; k < n[2]; k++) {
                size_t from = i * step[0] + j * step[1] + k * step[2];
                for (size_t l = 0; l < n[3]; l++, at++)
                    if (out)
                        out[at] = in[from + l * step[3]];
                    else
                        add_into[from + l * step[3]] += gradient[at];
            }
}

static void transpose_forward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    transpose_walk(call, call->out, call->data[0], NULL, NULL);
}

static void transpose_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    transpose_walk(call, NULL, NULL, call->gradients[0], call->out_gradient);
}

// embedding: table [words, n], indices [..] -> [.., n]

static qhm_status embedding_shape(qhm_op_call *call)
{
    qhm_shape table = call->shapes[0], indices = call->shapes[1];
    QHM_REQUIRE(table.rank == 2, "the table is %s, not [words, width]",
                qhm_shape_print(table).characters);
    QHM_REQUIRE(indices.rank < QHM_MAX_RANK, "indices have rank %zu, not at most %d", indices.rank,
                QHM_MAX_RANK - 1);
    const size_t *index = call->data[1];
    for (size_t i = 0; i < qhm_shape_count(indices); i++)
        QHM_REQUIRE(index[i] < table.sizes[0], "index %zu is %zu, but the table has %zu rows", i,
                    index[i], table.sizes[0]);
    call->out_shape = indices;
    call->out_shape.sizes[call->out_shape.rank++] = table.sizes[1];
    return QHM_OK;
}

static void embedding_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t n = call->shapes[0].sizes[1];
    const size_t *index = call->data[1];
    for (size_t i = first; i < last; i++)
        memcpy((real *)call->out + i * n, (const real *)call->data[0] + index[i] * n,
               n * sizeof(real));
}

static void embedding_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last; // two words may share a row: in order
    const qhm_op_call *call = context;
    size_t n = call->shapes[0].sizes[1];
    const size_t *index = call->data[1];
    for (size_t i = 0; i < qhm_shape_count(call->shapes[1]); i++)
        add_range((real *)call->gradients[0] + index[i] * n,
                  (const real *)call->out_gradient + i * n, n);
}

static const qhm_op_row rows[] = {
    {.op = QHM_OP_CONCAT,
     .name = "concat",
     .help = "Joins inputs along `axis`, counted from the last; all other axes agree.",
     .least_inputs = 1,
     .most_inputs = QHM_MAX_OP_INPUTS,
     .shape = concat_shape,
     .forward_over = QHM_SPAN_WHOLE,
     .forward = concat_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = concat_backward},
    {.op = QHM_OP_SLICE,
     .name = "slice",
     .help = "The part [first, first + count) of `axis`, counted from the last.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = slice_shape,
     .forward_over = QHM_SPAN_WHOLE,
     .forward = slice_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = slice_backward},
    {.op = QHM_OP_RESHAPE,
     .name = "reshape",
     .help = "The same elements in another `shape` of as many.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = reshape_shape,
     .forward = reshape_forward,
     .backward = reshape_backward},
    {.op = QHM_OP_TRANSPOSE,
     .name = "transpose",
     .help = "Output axis i is input axis axes[i]; all axes 0: the last two change places.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = transpose_shape,
     .forward_over = QHM_SPAN_WHOLE,
     .forward = transpose_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = transpose_backward},
    {.op = QHM_OP_EMBEDDING,
     .name = "embedding",
     .help = "table [words, n] and indices [..] below `words` give the rows [.., n].",
     .least_inputs = 2,
     .most_inputs = 2,
     .index_inputs = 1u << 1,
     .shape = embedding_shape,
     .forward_over = QHM_SPAN_ROWS,
     .forward = embedding_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = embedding_backward},
};

const qhm_op_family QHM_TABLE = {rows, sizeof rows / sizeof *rows};
