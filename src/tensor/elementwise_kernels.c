// Operations on each element by itself: sums and products with broadcast, activations, dropout.
#include "tensor/ops.h"
#include "tensor/real.h"
#include "tensor/tensor_internal.h"

static qhm_status same_shape(qhm_op_call *call)
{
    call->out_shape = call->shapes[0];
    return QHM_OK;
}

// Binary operations: b has a's last axes (all of them, some, or it is one element), so that
// element i of a meets element i % count(b) of b.

static qhm_status broadcast_shape(qhm_op_call *call)
{
    qhm_shape a = call->shapes[0], b = call->shapes[1];
    bool fits = b.rank <= a.rank;
    for (size_t i = 0; fits && i < b.rank; i++)
        fits = b.sizes[b.rank - 1 - i] == a.sizes[a.rank - 1 - i];
    QHM_REQUIRE(fits || qhm_shape_count(b) == 1,
                "input 1 is %s, neither one element nor the last axes of %s",
                qhm_shape_print(b).characters, qhm_shape_print(a).characters);
    call->out_shape = a;
    return QHM_OK;
}

typedef enum binary_kind { ADD, SUBTRACT, MULTIPLY } binary_kind;

static inline __attribute__((always_inline)) void
binary_forward(size_t first, size_t last, const qhm_op_call *call, binary_kind kind)
{
    const real *a = call->data[0], *b = call->data[1];
    real *out = call->out;
    size_t period = qhm_shape_count(call->shapes[1]);
    if (period == 1) {
        real other = b[0];
        for (size_t i = first; i < last; i++)
            out[i] = kind == ADD ? a[i] + other : kind == SUBTRACT ? a[i] - other : a[i] * other;
        return;
    }
    while (first < last) { // up to the end of b, over and over
        size_t phase = first % period;
        size_t run = period - phase < last - first ? period - phase : last - first;
        const real *x = a + first, *y = b + phase;
        real *z = out + first;
        for (size_t i = 0; i < run; i++)
            z[i] = kind == ADD ? x[i] + y[i] : kind == SUBTRACT ? x[i] - y[i] : x[i] * y[i];
        first += run;
    }
}

static void add_forward(size_t first, size_t last, void *context)
{
    binary_forward(first, last, context, ADD);
}

static void subtract_forward(size_t first, size_t last, void *context)
{
    binary_forward(first, last, context, SUBTRACT);
}

static void multiply_forward(size_t first, size_t last, void *context)
{
    binary_forward(first, last, context, MULTIPLY);
}

static void add_gradient(real *restrict into, const real *restrict g, size_t count, real factor)
{
    for (size_t i = 0; i < count; i++)
        into[i] += factor * g[i];
}

static void sum_backward(const qhm_op_call *call, real factor)
{
    const real *g = call->out_gradient;
    size_t count = qhm_shape_count(call->out_shape);
    size_t period = qhm_shape_count(call->shapes[1]);
    if (call->gradients[0])
        add_gradient(call->gradients[0], g, count, 1);
    real *db = call->gradients[1];
    if (db && period == 1)
        db[0] += factor * row_sum(g, count);
    else if (db)
        for (size_t i = 0; i < count; i += period)
            add_gradient(db, g + i, period, factor);
}

static void add_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    sum_backward(context, 1);
}

static void subtract_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    sum_backward(context, -1);
}

static void multiply_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    const real *g = call->out_gradient, *a = call->data[0], *b = call->data[1];
    size_t count = qhm_shape_count(call->out_shape);
    size_t period = qhm_shape_count(call->shapes[1]);
    real *da = call->gradients[0], *db = call->gradients[1];
    if (da && period == 1)
        add_gradient(da, g, count, b[0]);
    else if (da)
        for (size_t i = 0; i < count; i += period)
            for (size_t j = 0; j < period; j++)
                da[i + j] += g[i + j] * b[j];
    if (db && period == 1)
        db[0] += row_dot(g, a, count);
    else if (db)
        add_column_dots(db, g, a, count / period, period);
}

static void scale_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *x = call->data[0];
    real *y = call->out;
    real factor = (real)call->attributes->factor, offset = (real)call->attributes->offset;
    for (size_t i = first; i < last; i++)
        y[i] = factor * x[i] + offset;
}

static void scale_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    add_gradient((real *)call->gradients[0] + first, (const real *)call->out_gradient + first,
                 last - first, (real)call->attributes->factor);
}

// Functions of one number. x, y: input and output; g, dx: gradients of output and input.

static void relu_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict x = call->data[0];
    real *restrict y = call->out;
    for (size_t i = first; i < last; i++)
        y[i] = x[i] > 0 ? x[i] : x[i] != x[i] ? x[i] : 0; // NaN stays
}

static void relu_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict x = call->data[0], *restrict g = call->out_gradient;
    real *restrict dx = call->gradients[0];
    for (size_t i = first; i < last; i++)
        dx[i] += x[i] > 0 ? g[i] : 0;
}

// gelu(x) = x sigmoid(2 u), u = sqrt(2 / pi) (x + cubic x^3): the tanh form of the paper.
static const real gelu_slope = (real)1.5957691216057307117, gelu_cubic = (real)0.044715;

// saved: the sigmoid, whose exp is most of the work
static qhm_status gelu_shape(qhm_op_call *call)
{
    call->out_shape = call->shapes[0];
    call->saved_bytes = qhm_shape_count(call->out_shape) * sizeof(real);
    return QHM_OK;
}

static void gelu_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict x = call->data[0];
    real *restrict y = call->out, *restrict s = call->saved;
    for (size_t i = first; i < last; i++) {
        s[i] = real_sigmoid(gelu_slope * (x[i] + gelu_cubic * x[i] * x[i] * x[i]));
        y[i] = x[i] * s[i];
    }
}

static void gelu_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict x = call->data[0], *restrict g = call->out_gradient;
    const real *restrict s = call->saved;
    real *restrict dx = call->gradients[0];
    for (size_t i = first; i < last; i++) {
        real slope = gelu_slope * (1 + 3 * gelu_cubic * x[i] * x[i]);
        dx[i] += g[i] * (s[i] + x[i] * s[i] * (1 - s[i]) * slope);
    }
}

static void tanh_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict x = call->data[0];
    real *restrict y = call->out;
    for (size_t i = first; i < last; i++)
        y[i] = real_tanh(x[i]);
}

static void tanh_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict y = call->out, *restrict g = call->out_gradient;
    real *restrict dx = call->gradients[0];
    for (size_t i = first; i < last; i++)
        dx[i] += g[i] * (1 - y[i] * y[i]);
}

static void sigmoid_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict x = call->data[0];
    real *restrict y = call->out;
    for (size_t i = first; i < last; i++)
        y[i] = real_sigmoid(x[i]);
}

static void sigmoid_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict y = call->out, *restrict g = call->out_gradient;
    real *restrict dx = call->gradients[0];
    for (size_t i = first; i < last; i++)
        dx[i] += g[i] * y[i] * (1 - y[i]);
}

static void exp_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict x = call->data[0];
    real *restrict y = call->out;
    for (size_t i = first; i < last; i++)
        y[i] = real_exp(x[i]);
}

static void exp_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict y = call->out, *restrict g = call->out_gradient;
    real *restrict dx = call->gradients[0];
    for (size_t i = first; i < last; i++)
        dx[i] += g[i] * y[i];
}

static void log_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict x = call->data[0];
    real *restrict y = call->out;
    for (size_t i = first; i < last; i++)
        y[i] = (real)log((double)x[i]);
}

static void log_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict x = call->data[0], *restrict g = call->out_gradient;
    real *restrict dx = call->gradients[0];
    for (size_t i = first; i < last; i++)
        dx[i] += g[i] / x[i];
}

static void sin_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    turn_range((real *)call->out + first, (const real *)call->data[0] + first, last - first, 0);
}

static void cos_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    turn_range((real *)call->out + first, (const real *)call->data[0] + first, last - first, 1);
}

// The forward pass keeps nothing, so each asks for the other function again.
static inline void turn_backward(size_t first, size_t last, const qhm_op_call *call, int quarters,
                                 real sign)
{
    const real *restrict x = call->data[0], *restrict g = call->out_gradient;
    real *restrict dx = call->gradients[0];
    real turned[256];
    for (; first < last; first += 256) {
        size_t run = last - first < 256 ? last - first : 256;
        turn_range(turned, x + first, run, quarters);
        for (size_t i = 0; i < run; i++)
            dx[first + i] += sign * g[first + i] * turned[i];
    }
}

static void sin_backward(size_t first, size_t last, void *context)
{
    turn_backward(first, last, context, 1, 1);
}

static void cos_backward(size_t first, size_t last, void *context)
{
    turn_backward(first, last, context, 0, -1);
}

// Dropout: half a word of a Philox block decides on an element, so that a block serves eight;
// `saved` holds each element's factor.

enum {
    BLOCKS = 32 // of Philox at once; shorter loops would be unrolled, not vectorised
};

// qhm_random_block() of blocks first to first + BLOCKS, word by word.
static void draw_blocks(uint64_t first, const uint32_t key[2], uint32_t words[4][BLOCKS])
{
    uint32_t k0 = key[0], k1 = key[1];
    for (uint64_t i = 0; i < BLOCKS; i++) {
        words[0][i] = (uint32_t)(first + i);
        words[1][i] = (uint32_t)((first + i) >> 32);
        words[2][i] = words[3][i] = 0;
    }
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < BLOCKS; i++) {
            uint64_t product0 = (uint64_t)0xD2511F53u * words[0][i];
            uint64_t product1 = (uint64_t)0xCD9E8D57u * words[2][i];
            words[0][i] = (uint32_t)(product1 >> 32) ^ words[1][i] ^ k0;
            words[2][i] = (uint32_t)(product0 >> 32) ^ words[3][i] ^ k1;
            words[1][i] = (uint32_t)product1;
            words[3][i] = (uint32_t)product0;
        }
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

static qhm_status dropout_shape(qhm_op_call *call)
{
    double rate = call->attributes->rate;
    QHM_REQUIRE(rate >= 0 && rate < 1, "rate is %g, not 0 to below 1", rate);
    call->out_shape = call->shapes[0];
    if (call->is_training)
        call->saved_bytes = qhm_shape_count(call->out_shape) * sizeof(real);
    return QHM_OK;
}

static void dropout_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *x = call->data[0];
    real *y = call->out, *factors = call->saved;
    if (!factors) {
        memcpy(y + first, x + first, (last - first) * sizeof(real));
        return;
    }
    // Element i of a group of 8 BLOCKS takes half word i / BLOCKS of block i % BLOCKS.
    uint32_t limit = (uint32_t)(call->attributes->rate * 65536);
    real kept = (real)(65536.0 / (65536.0 - limit));
    real group[8][BLOCKS];
    for (size_t at = first; at < last;) {
        size_t from = at / (8 * BLOCKS) * 8 * BLOCKS, to = from + 8 * BLOCKS;
        uint32_t words[4][BLOCKS];
        draw_blocks(from / 8, call->key, words);
        for (int half = 0; half < 8; half++)
            for (int i = 0; i < BLOCKS; i++) {
                uint32_t bits = words[half / 2][i] >> (half % 2 * 16) & 0xFFFF;
                group[half][i] = bits < limit ? 0 : kept;
            }
        to = to < last ? to : last;
        memcpy(factors + at, &group[0][0] + (at - from), (to - at) * sizeof(real));
        for (; at < to; at++)
            y[at] = x[at] * factors[at];
    }
}

static void dropout_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    const real *restrict factors = call->saved, *restrict g = call->out_gradient;
    real *restrict dx = call->gradients[0];
    for (size_t i = first; i < last; i++)
        dx[i] += factors ? g[i] * factors[i] : g[i];
}

static const qhm_op_row rows[] = {
    {.op = QHM_OP_ADD,
     .name = "add",
     .help = "a + b; b has a's last axes or is one element, and is added to each row.",
     .least_inputs = 2,
     .most_inputs = 2,
     .shape = broadcast_shape,
     .forward = add_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = add_backward},
    {.op = QHM_OP_SUBTRACT,
     .name = "subtract",
     .help = "a - b; b has a's last axes or is one element, and is subtracted from each row.",
     .least_inputs = 2,
     .most_inputs = 2,
     .shape = broadcast_shape,
     .forward = subtract_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = subtract_backward},
    {.op = QHM_OP_MULTIPLY,
     .name = "multiply",
     .help = "a b, element by element; b has a's last axes or is one element.",
     .least_inputs = 2,
     .most_inputs = 2,
     .shape = broadcast_shape,
     .forward = multiply_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = multiply_backward},
    {.op = QHM_OP_SCALE,
     .name = "scale",
     .help = "factor x + offset; attributes factor and offset are taken as given, zero too.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = same_shape,
     .forward = scale_forward,
     .backward = scale_backward},
    {.op = QHM_OP_RELU,
     .name = "relu",
     .help = "max(x, 0); its slope at 0 is taken as 0.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = same_shape,
     .forward = relu_forward,
     .backward = relu_backward},
    {.op = QHM_OP_GELU,
     .name = "gelu",
     .help = "x Phi(x) in its tanh form, x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2. "
             "Hendrycks and Gimpel, arXiv:1606.08415.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = gelu_shape,
     .forward = gelu_forward,
     .backward = gelu_backward},
    {.op = QHM_OP_TANH,
     .name = "tanh",
     .help = "The hyperbolic tangent.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = same_shape,
     .forward = tanh_forward,
     .backward = tanh_backward},
    {.op = QHM_OP_SIGMOID,
     .name = "sigmoid",
     .help = "1 / (1 + exp(-x)).",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = same_shape,
     .forward = sigmoid_forward,
     .backward = sigmoid_backward},
    {.op = QHM_OP_EXP,
     .name = "exp",
     .help = "e^x; 0 below -708 and infinite above 708 (float32: 87).",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = same_shape,
     .forward = exp_forward,
     .backward = exp_backward},
    {.op = QHM_OP_LOG,
     .name = "log",
     .help = "The natural logarithm.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = same_shape,
     .forward = log_forward,
     .backward = log_backward},
    {.op = QHM_OP_SIN,
     .name = "sin",
     .help = "The sine; x in radians.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = same_shape,
     .forward = sin_forward,
     .backward = sin_backward},
    {.op = QHM_OP_COS,
     .name = "cos",
     .help = "The cosine; x in radians.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = same_shape,
     .forward = cos_forward,
     .backward = cos_backward},
    {.op = QHM_OP_DROPOUT,
     .name = "dropout",
     .help = "In training sets each element to 0 with probability `rate` (to 1/65536) and scales "
             "the others by 1 / (1 - rate), by the tape's stream; otherwise gives back x.",
     .least_inputs = 1,
     .most_inputs = 1,
     .draws = true,
     .shape = dropout_shape,
     .forward = dropout_forward,
     .backward = dropout_backward},
};

const qhm_op_family QHM_TABLE = {rows, sizeof rows / sizeof *rows};
