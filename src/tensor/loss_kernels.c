// Operations that end in one number: sum, mean and losses.
#include "tensor/ops.h"
#include "tensor/real.h"
#include "tensor/tensor_internal.h"

static qhm_status scalar_shape(qhm_op_call *call)
{
    call->out_shape = (qhm_shape){0};
    return QHM_OK;
}

// In double over short runs, so that long float32 sums stay exact to their last places.
static double total_of(const real *x, size_t count)
{
    const size_t run = 256;
    double total = 0;
    for (size_t i = 0; i < count; i += run)
        total += (double)row_sum(x + i, count - i < run ? count - i : run);
    return total;
}

static void add_constant(real *into, size_t count, real value)
{
    for (size_t i = 0; i < count; i++)
        into[i] += value;
}

static void sum_forward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    *(real *)call->out = (real)total_of(call->data[0], qhm_shape_count(call->shapes[0]));
}

static void sum_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    add_constant(call->gradients[0], qhm_shape_count(call->shapes[0]),
                 *(const real *)call->out_gradient);
}

static void mean_forward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    size_t count = qhm_shape_count(call->shapes[0]);
    *(real *)call->out = (real)(total_of(call->data[0], count) / (double)count);
}

static void mean_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    size_t count = qhm_shape_count(call->shapes[0]);
    add_constant(call->gradients[0], count, *(const real *)call->out_gradient / (real)count);
}

// cross_entropy: logits [samples, classes], labels [samples]; saved: (softmax - label) / samples

static qhm_status cross_entropy_shape(qhm_op_call *call)
{
    qhm_shape logits = call->shapes[0], labels = call->shapes[1];
    QHM_REQUIRE(logits.rank == 2 && labels.rank == 1 && labels.sizes[0] == logits.sizes[0],
                "inputs are %s and %s, not [samples, classes] and [samples]",
                qhm_shape_print(logits).characters, qhm_shape_print(labels).characters);
    const size_t *label = call->data[1];
    for (size_t i = 0; i < labels.sizes[0]; i++)
        QHM_REQUIRE(label[i] < logits.sizes[1], "label %zu is %zu, but there are %zu classes", i,
                    label[i], logits.sizes[1]);
    call->out_shape = (qhm_shape){0};
    call->saved_bytes = qhm_shape_count(logits) * sizeof(real);
    return QHM_OK;
}

// p = share softmax(x); gives the logarithm of the sum of exp(x).
static double softmax_of(real *restrict p, const real *restrict x, size_t n, real share)
{
    real most = row_max(x, n);
    for (size_t i = 0; i < n; i++)
        p[i] = real_exp(x[i] - most);
    real total = row_sum(p, n), scale = share / total;
    for (size_t i = 0; i < n; i++)
        p[i] *= scale;
    return log((double)total) + (double)most;
}

static void cross_entropy_forward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    size_t samples = call->shapes[0].sizes[0], classes = call->shapes[0].sizes[1];
    const size_t *label = call->data[1];
    real share = 1 / (real)samples;
    double loss = 0;
    for (size_t i = 0; i < samples; i++) {
        const real *x = (const real *)call->data[0] + i * classes;
        real *slope = (real *)call->saved + i * classes;
        loss += softmax_of(slope, x, classes, share) - (double)x[label[i]];
        slope[label[i]] -= share;
    }
    *(real *)call->out = (real)(loss / (double)samples);
}

static void cross_entropy_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    real g = *(const real *)call->out_gradient;
    const real *restrict slope = call->saved;
    real *restrict dx = call->gradients[0];
    for (size_t i = 0; i < qhm_shape_count(call->shapes[0]); i++)
        dx[i] += g * slope[i];
}

// info_nce: a, c [pairs, width], log_scale [1]
// saved: logits exp(log_scale) a c^T [pairs, pairs], their slopes [pairs, pairs], columns [2,
// pairs]

static qhm_status info_nce_shape(qhm_op_call *call)
{
    qhm_shape a = call->shapes[0];
    QHM_REQUIRE(a.rank == 2 && qhm_shape_is_equal(a, call->shapes[1]),
                "inputs are %s and %s, not two of [pairs, width]", qhm_shape_print(a).characters,
                qhm_shape_print(call->shapes[1]).characters);
    QHM_REQUIRE(qhm_shape_count(call->shapes[2]) == 1, "the log scale is %s, not one element",
                qhm_shape_print(call->shapes[2]).characters);
    call->out_shape = (qhm_shape){0};
    size_t pairs = a.sizes[0];
    call->saved_bytes = (2 * pairs * pairs + 2 * pairs) * sizeof(real);
    return QHM_OK;
}

// slopes += share softmax of each column of logits; gives the sum of the columns' log-sum-exp.
static double add_column_softmax(real *restrict slopes, const real *restrict logits,
                                 real *restrict most, real *restrict total, size_t n, real share)
{
    memcpy(most, logits, n * sizeof *most);
    memset(total, 0, n * sizeof *total);
    for (size_t i = 1; i < n; i++)
        for (size_t j = 0; j < n; j++)
            most[j] = logits[i * n + j] > most[j] ? logits[i * n + j] : most[j];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            total[j] += real_exp(logits[i * n + j] - most[j]);
    double sum = 0;
    for (size_t j = 0; j < n; j++) {
        sum += log((double)total[j]) + (double)most[j];
        total[j] = share / total[j];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            slopes[i * n + j] += total[j] * real_exp(logits[i * n + j] - most[j]);
    return sum;
}

static void info_nce_forward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    size_t n = call->shapes[0].sizes[0], width = call->shapes[0].sizes[1];
    real *logits = call->saved, *slopes = logits + n * n, *columns = slopes + n * n;
    real share = 1 / (real)(2 * n);
    gemm((gemm_work){.transpose_b = true,
                     .m = n,
                     .n = n,
                     .k = width,
                     .alpha = real_exp(*(const real *)call->data[2]),
                     .a = call->data[0],
                     .b = call->data[1],
                     .c = logits});
    double loss = 0;
    for (size_t i = 0; i < n; i++)
        loss +=
            softmax_of(slopes + i * n, logits + i * n, n, share) - 2 * (double)logits[i * n + i];
    loss += add_column_softmax(slopes, logits, columns, columns + n, n, share);
    for (size_t i = 0; i < n; i++)
        slopes[i * n + i] -= 2 * share;
    *(real *)call->out = (real)(loss / (2 * (double)n));
}

static void info_nce_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    size_t n = call->shapes[0].sizes[0], width = call->shapes[0].sizes[1];
    const real *logits = call->saved, *slopes = logits + n * n;
    real g = *(const real *)call->out_gradient;
    real scale = g * real_exp(*(const real *)call->data[2]);
    if (call->gradients[0])
        gemm((gemm_work){false, false, n, width, n, scale, 1, slopes, call->data[1],
                         call->gradients[0]});
    if (call->gradients[1])
        gemm((gemm_work){true, false, n, width, n, scale, 1, slopes, call->data[0],
                         call->gradients[1]});
    if (call->gradients[2])
        *(real *)call->gradients[2] += g * row_dot(slopes, logits, n * n);
}

static const qhm_op_row rows[] = {
    {.op = QHM_OP_SUM,
     .name = "sum",
     .help = "The sum of all elements, a scalar.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = scalar_shape,
     .forward_over = QHM_SPAN_WHOLE,
     .forward = sum_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = sum_backward},
    {.op = QHM_OP_MEAN,
     .name = "mean",
     .help = "The mean of all elements, a scalar.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = scalar_shape,
     .forward_over = QHM_SPAN_WHOLE,
     .forward = mean_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = mean_backward},
    {.op = QHM_OP_CROSS_ENTROPY,
     .name = "cross_entropy",
     .help = "logits [samples, classes] and labels [samples], indices below `classes`, give the "
             "mean of -log softmax(logits)[label], a scalar.",
     .least_inputs = 2,
     .most_inputs = 2,
     .index_inputs = 1u << 1,
     .shape = cross_entropy_shape,
     .forward_over = QHM_SPAN_WHOLE,
     .forward = cross_entropy_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = cross_entropy_backward},
    {.op = QHM_OP_INFO_NCE,
     .name = "info_nce",
     .help = "a and c [pairs, width] and log_scale [1]: the mean cross-entropy of finding c's "
             "row i from a's row i and back among all rows, with logits exp(log_scale) a c^T; rows "
             "are expected to have norm 1. Radford et al., arXiv:2103.00020.",
     .least_inputs = 3,
     .most_inputs = 3,
     .shape = info_nce_shape,
     .forward_over = QHM_SPAN_WHOLE,
     .forward = info_nce_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = info_nce_backward},
};

const qhm_op_family QHM_TABLE = {rows, sizeof rows / sizeof *rows};
