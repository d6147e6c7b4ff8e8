// Operations along rows and sequences: softmax, normalisations, pooling of words, differences.
#include "tensor/ops.h"
#include "tensor/real.h"
#include "tensor/tensor_internal.h"

static size_t last_size(qhm_shape shape)
{
    return shape.rank ? shape.sizes[shape.rank - 1] : 1;
}

static size_t row_count(qhm_shape shape)
{
    return qhm_shape_count(shape) / last_size(shape);
}

// softmax: x [.., n], mask [.., n] or [samples, n]

static qhm_status softmax_shape(qhm_op_call *call)
{
    qhm_shape x = call->shapes[0];
    QHM_REQUIRE(x.rank >= 1, "the input is a scalar, not rows");
    if (call->input_count == 2) {
        qhm_shape mask = call->shapes[1];
        bool is_of_samples =
            mask.rank == 2 && mask.sizes[0] == x.sizes[0] && mask.sizes[1] == last_size(x);
        QHM_REQUIRE(is_of_samples || qhm_shape_is_equal(mask, x),
                    "the mask is %s, neither %s nor its first and last axes",
                    qhm_shape_print(mask).characters, qhm_shape_print(x).characters);
    }
    call->out_shape = x;
    return QHM_OK;
}

static void softmax_row(real *restrict y, const real *restrict x, size_t n)
{
    real most = row_max(x, n);
    for (size_t i = 0; i < n; i++)
        y[i] = real_exp(x[i] - most);
    real scale = 1 / row_sum(y, n);
    for (size_t i = 0; i < n; i++)
        y[i] *= scale;
}

// Masked elements are 0; a row without any other is 0 throughout.
static void softmax_row_masked(real *restrict y, const real *restrict x, const real *restrict mask,
                               size_t n)
{
    real most = -(real)INFINITY;
    for (size_t i = 0; i < n; i++)
        most = mask[i] != 0 && x[i] > most ? x[i] : most;
    for (size_t i = 0; i < n; i++) {
        real e = real_exp(x[i] - most);
        y[i] = mask[i] != 0 ? e : 0;
    }
    real total = row_sum(y, n);
    real scale = total == 0 ? 0 : 1 / total;
    for (size_t i = 0; i < n; i++)
        y[i] *= scale;
}

static void softmax_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t n = last_size(call->out_shape);
    const real *x = call->data[0], *mask = call->input_count == 2 ? call->data[1] : NULL;
    real *y = call->out;
    size_t rows_a_mask =
        mask ? qhm_shape_count(call->out_shape) / qhm_shape_count(call->shapes[1]) : 1;
    for (size_t i = first; i < last; i++) {
        if (mask)
            softmax_row_masked(y + i * n, x + i * n, mask + i / rows_a_mask * n, n);
        else
            softmax_row(y + i * n, x + i * n, n);
    }
}

static void softmax_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t n = last_size(call->out_shape);
    for (size_t i = first; i < last; i++) {
        const real *restrict y = (const real *)call->out + i * n;
        const real *restrict g = (const real *)call->out_gradient + i * n;
        real *restrict dx = (real *)call->gradients[0] + i * n;
        real mean = row_dot(y, g, n);
        for (size_t j = 0; j < n; j++)
            dx[j] += y[j] * (g[j] - mean);
    }
}

// layernorm: x [.., n], gain [n], bias [n]; saved: the normalised x, then 1/deviation of each row

static qhm_status layernorm_shape(qhm_op_call *call)
{
    qhm_shape x = call->shapes[0];
    QHM_REQUIRE(x.rank >= 1, "the input is a scalar, not rows");
    for (size_t i = 1; i < 3; i++)
        QHM_REQUIRE(call->shapes[i].rank == 1 && call->shapes[i].sizes[0] == last_size(x),
                    "input %zu is %s, not [%zu]", i, qhm_shape_print(call->shapes[i]).characters,
                    last_size(x));
    QHM_REQUIRE(call->attributes->epsilon >= 0, "epsilon is %g, not 0 or more",
                call->attributes->epsilon);
    call->out_shape = x;
    call->saved_bytes = (qhm_shape_count(x) + row_count(x)) * sizeof(real);
    return QHM_OK;
}

static void layernorm_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t n = last_size(call->out_shape);
    const real *restrict gain = call->data[1], *restrict bias = call->data[2];
    real epsilon = (real)(call->attributes->epsilon > 0 ? call->attributes->epsilon : 1e-5);
    real *inverse = (real *)call->saved + qhm_shape_count(call->out_shape);
    for (size_t i = first; i < last; i++) {
        const real *restrict x = (const real *)call->data[0] + i * n;
        real *restrict y = (real *)call->out + i * n;
        real *restrict normal = (real *)call->saved + i * n;
        real mean = row_sum(x, n) / (real)n;
        for (size_t j = 0; j < n; j++)
            normal[j] = x[j] - mean;
        real scale = 1 / (real)sqrt((double)(row_dot(normal, normal, n) / (real)n + epsilon));
        for (size_t j = 0; j < n; j++) {
            normal[j] *= scale;
            y[j] = normal[j] * gain[j] + bias[j];
        }
        inverse[i] = scale;
    }
}

// dx = (h - mean(h) - normal mean(h normal)) / deviation with h = g gain
static void layernorm_input_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t n = last_size(call->out_shape);
    const real *restrict gain = call->data[1];
    const real *inverse = (const real *)call->saved + qhm_shape_count(call->out_shape);
    for (size_t i = first; i < last; i++) {
        const real *restrict g = (const real *)call->out_gradient + i * n;
        const real *restrict normal = (const real *)call->saved + i * n;
        real *restrict dx = (real *)call->gradients[0] + i * n;
        real mean = row_dot(g, gain, n) / (real)n;
        real slope = row_triple(g, gain, normal, n) / (real)n;
        for (size_t j = 0; j < n; j++)
            dx[j] += (g[j] * gain[j] - mean - normal[j] * slope) * inverse[i];
    }
}

static void layernorm_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    qhm_op_call *call = context;
    size_t n = last_size(call->out_shape), count = row_count(call->out_shape);
    if (call->gradients[0])
        qhm_op_run(call, QHM_SPAN_ROWS, layernorm_input_backward);
    if (call->gradients[1])
        add_column_dots(call->gradients[1], call->out_gradient, call->saved, count, n);
    if (call->gradients[2])
        add_column_sums(call->gradients[2], call->out_gradient, count, n);
}

// l2_normalise: saved: 1/norm of each row, 0 for a row below epsilon, which becomes 0

static qhm_status l2_normalise_shape(qhm_op_call *call)
{
    qhm_shape x = call->shapes[0];
    QHM_REQUIRE(x.rank >= 1, "the input is a scalar, not rows");
    QHM_REQUIRE(call->attributes->epsilon >= 0, "epsilon is %g, not 0 or more",
                call->attributes->epsilon);
    call->out_shape = x;
    call->saved_bytes = row_count(x) * sizeof(real);
    return QHM_OK;
}

static void l2_normalise_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t n = last_size(call->out_shape);
    double epsilon = call->attributes->epsilon > 0 ? call->attributes->epsilon : 1e-12;
    for (size_t i = first; i < last; i++) {
        const real *restrict x = (const real *)call->data[0] + i * n;
        real *restrict y = (real *)call->out + i * n;
        double norm = sqrt((double)row_dot(x, x, n));
        real scale = (real)(norm < epsilon ? 0 : 1 / norm);
        ((real *)call->saved)[i] = scale;
        for (size_t j = 0; j < n; j++)
            y[j] = x[j] * scale;
    }
}

static void l2_normalise_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t n = last_size(call->out_shape);
    for (size_t i = first; i < last; i++) {
        const real *restrict y = (const real *)call->out + i * n;
        const real *restrict g = (const real *)call->out_gradient + i * n;
        real *restrict dx = (real *)call->gradients[0] + i * n;
        real scale = ((const real *)call->saved)[i], along = row_dot(y, g, n);
        for (size_t j = 0; j < n; j++)
            dx[j] += (g[j] - y[j] * along) * scale;
    }
}

// Pooling of words: x [samples, length, n], mask [samples, length] -> [samples, n]

static qhm_status pool_shape(qhm_op_call *call)
{
    qhm_shape x = call->shapes[0];
    QHM_REQUIRE(x.rank == 3, "the input is %s, not [samples, length, width]",
                qhm_shape_print(x).characters);
    if (call->input_count == 2) {
        qhm_shape mask = call->shapes[1];
        QHM_REQUIRE(mask.rank == 2 && mask.sizes[0] == x.sizes[0] && mask.sizes[1] == x.sizes[1],
                    "the mask is %s, not [%zu, %zu]", qhm_shape_print(mask).characters, x.sizes[0],
                    x.sizes[1]);
    }
    call->out_shape = (qhm_shape){2, {x.sizes[0], x.sizes[2]}};
    return QHM_OK;
}

static bool counts(const qhm_op_call *call, size_t word)
{
    return call->input_count < 2 || ((const real *)call->data[1])[word] != 0;
}

static real word_share(const qhm_op_call *call, size_t sample, size_t length)
{
    size_t words = 0;
    for (size_t t = 0; t < length; t++)
        words += counts(call, sample * length + t);
    return words > 0 ? 1 / (real)words : 0;
}

static void mean_pool_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t length = call->shapes[0].sizes[1], n = call->shapes[0].sizes[2];
    for (size_t i = first; i < last; i++) {
        real *restrict y = (real *)call->out + i * n;
        memset(y, 0, n * sizeof *y);
        for (size_t t = 0; t < length; t++)
            if (counts(call, i * length + t))
                add_column_sums(y, (const real *)call->data[0] + (i * length + t) * n, 1, n);
        real share = word_share(call, i, length);
        for (size_t j = 0; j < n; j++)
            y[j] *= share;
    }
}

static void mean_pool_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t length = call->shapes[0].sizes[1], n = call->shapes[0].sizes[2];
    for (size_t i = first; i < last; i++) {
        const real *restrict g = (const real *)call->out_gradient + i * n;
        real share = word_share(call, i, length);
        for (size_t t = 0; t < length; t++) {
            real *restrict dx = (real *)call->gradients[0] + (i * length + t) * n;
            if (counts(call, i * length + t))
                for (size_t j = 0; j < n; j++)
                    dx[j] += share * g[j];
        }
    }
}

static qhm_status max_pool_shape(qhm_op_call *call)
{
    QHM_TRY(pool_shape(call));
    call->saved_bytes = qhm_shape_count(call->out_shape) * sizeof(uint32_t);
    return QHM_OK;
}

// saved: 1 + the word that has the most, 0 if no word counts
static void max_pool_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t length = call->shapes[0].sizes[1], n = call->shapes[0].sizes[2];
    for (size_t i = first; i < last; i++) {
        real *y = (real *)call->out + i * n;
        uint32_t *best = (uint32_t *)call->saved + i * n;
        memset(y, 0, n * sizeof *y);
        memset(best, 0, n * sizeof *best);
        for (size_t t = 0; t < length; t++) {
            const real *x = (const real *)call->data[0] + (i * length + t) * n;
            if (!counts(call, i * length + t))
                continue;
            for (size_t j = 0; j < n; j++)
                if (best[j] == 0 || x[j] > y[j] || x[j] != x[j]) {
                    y[j] = x[j];
                    best[j] = (uint32_t)t + 1;
                }
        }
    }
}

static void max_pool_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t length = call->shapes[0].sizes[1], n = call->shapes[0].sizes[2];
    for (size_t i = first; i < last; i++)
        for (size_t j = 0; j < n; j++) {
            uint32_t best = ((const uint32_t *)call->saved)[i * n + j];
            if (best > 0)
                ((real *)call->gradients[0])[(i * length + best - 1) * n + j] +=
                    ((const real *)call->out_gradient)[i * n + j];
        }
}

// pairwise_squared_difference: q [samples, s], k [samples, t] -> (q_i - k_j)^2 [samples, s, t]

static qhm_status pairwise_shape(qhm_op_call *call)
{
    qhm_shape q = call->shapes[0], k = call->shapes[1];
    QHM_REQUIRE(q.rank == 2 && k.rank == 2 && q.sizes[0] == k.sizes[0],
                "inputs are %s and %s, not [samples, s] and [samples, t]",
                qhm_shape_print(q).characters, qhm_shape_print(k).characters);
    call->out_shape = (qhm_shape){3, {q.sizes[0], q.sizes[1], k.sizes[1]}};
    return QHM_OK;
}

static void pairwise_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t s = call->out_shape.sizes[1], t = call->out_shape.sizes[2];
    for (size_t i = first * s; i < last * s; i++) {
        real q = ((const real *)call->data[0])[i];
        const real *restrict k = (const real *)call->data[1] + i / s * t;
        real *restrict y = (real *)call->out + i * t;
        for (size_t j = 0; j < t; j++)
            y[j] = (q - k[j]) * (q - k[j]);
    }
}

static void pairwise_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    size_t s = call->out_shape.sizes[1], t = call->out_shape.sizes[2];
    real *dq = call->gradients[0], *dk = call->gradients[1];
    for (size_t i = first * s; i < last * s; i++) {
        real q = ((const real *)call->data[0])[i];
        const real *k = (const real *)call->data[1] + i / s * t;
        const real *g = (const real *)call->out_gradient + i * t;
        for (size_t j = 0; j < t; j++) {
            real slope = 2 * (q - k[j]) * g[j];
            if (dq)
                dq[i] += slope;
            if (dk)
                dk[i / s * t + j] -= slope;
        }
    }
}

static const qhm_op_row rows[] = {
    {.op = QHM_OP_SOFTMAX,
     .name = "softmax",
     .help = "exp(x) over its sum along the last axis. A mask of x's shape, or [samples, n] for "
             "all rows of a sample, sets elements where it is 0 to 0; a row that is masked "
             "throughout is 0.",
     .least_inputs = 1,
     .most_inputs = 2,
     .flat_inputs = 1u << 1,
     .shape = softmax_shape,
     .forward_over = QHM_SPAN_ROWS,
     .forward = softmax_forward,
     .backward_over = QHM_SPAN_ROWS,
     .backward = softmax_backward},
    {.op = QHM_OP_LAYERNORM,
     .name = "layernorm",
     .help = "x [.., n], gain [n], bias [n]: each row of x to mean 0 and variance 1 (plus epsilon, "
             "1e-5 when 0), times gain, plus bias. Ba, Kiros, Hinton, arXiv:1607.06450.",
     .least_inputs = 3,
     .most_inputs = 3,
     .shape = layernorm_shape,
     .forward_over = QHM_SPAN_ROWS,
     .forward = layernorm_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = layernorm_backward},
    {.op = QHM_OP_L2_NORMALISE,
     .name = "l2_normalise",
     .help = "Each row over its Euclidean norm; a row whose norm is below epsilon (1e-12 when 0) "
             "becomes 0.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = l2_normalise_shape,
     .forward_over = QHM_SPAN_ROWS,
     .forward = l2_normalise_forward,
     .backward_over = QHM_SPAN_ROWS,
     .backward = l2_normalise_backward},
    {.op = QHM_OP_MEAN_POOL_SEQUENCE,
     .name = "mean_pool_sequence",
     .help = "x [samples, length, n] and, if wanted, mask [samples, length] give the mean over the "
             "words whose mask is not 0 [samples, n]; 0 when there is none.",
     .least_inputs = 1,
     .most_inputs = 2,
     .flat_inputs = 1u << 1,
     .shape = pool_shape,
     .forward_over = QHM_SPAN_SAMPLES,
     .forward = mean_pool_forward,
     .backward_over = QHM_SPAN_SAMPLES,
     .backward = mean_pool_backward},
    {.op = QHM_OP_MAX_POOL_SEQUENCE,
     .name = "max_pool_sequence",
     .help = "As mean_pool_sequence with the largest of each column; the first of equals gets the "
             "gradient.",
     .least_inputs = 1,
     .most_inputs = 2,
     .flat_inputs = 1u << 1,
     .shape = max_pool_shape,
     .forward_over = QHM_SPAN_SAMPLES,
     .forward = max_pool_forward,
     .backward_over = QHM_SPAN_SAMPLES,
     .backward = max_pool_backward},
    {.op = QHM_OP_PAIRWISE_SQUARED_DIFFERENCE,
     .name = "pairwise_squared_difference",
     .help = "q [samples, s] and k [samples, t] give (q_i - k_j)^2 [samples, s, t].",
     .least_inputs = 2,
     .most_inputs = 2,
     .shape = pairwise_shape,
     .forward_over = QHM_SPAN_SAMPLES,
     .forward = pairwise_forward,
     .backward_over = QHM_SPAN_SAMPLES,
     .backward = pairwise_backward},
};

const qhm_op_family QHM_TABLE = {rows, sizeof rows / sizeof *rows};
