// Every operation: gradient against differences, float32 against float64, each instruction set,
// every documented shape error, known answers.
#include "tensor/ops.h"
#include "base/cpu.h"
#include "support/checks.h"

#include <float.h>
#include <qhm/tape.h>

typedef struct sample {
    qhm_op op;
    size_t input_count;
    qhm_shape shapes[4];
    qhm_op_attributes attributes;
    size_t index_bound; // of index inputs
    bool is_positive;   // inputs are drawn from [0.5, 1.5) instead of normal numbers
    bool is_training;
    unsigned masks;    // bit i: input i is a mask of 0 and 1 that begins with 1
    const char *error; // part of the message that the sample must cause; NULL: it is right
} sample;

#define S1(a)                                                                                      \
    {                                                                                              \
        1,                                                                                         \
        {                                                                                          \
            a                                                                                      \
        }                                                                                          \
    }
#define S2(a, b)                                                                                   \
    {                                                                                              \
        2,                                                                                         \
        {                                                                                          \
            a, b                                                                                   \
        }                                                                                          \
    }
#define S3(a, b, c)                                                                                \
    {                                                                                              \
        3,                                                                                         \
        {                                                                                          \
            a, b, c                                                                                \
        }                                                                                          \
    }
#define S4(a, b, c, d)                                                                             \
    {                                                                                              \
        4,                                                                                         \
        {                                                                                          \
            a, b, c, d                                                                             \
        }                                                                                          \
    }

static const sample samples[] = {
    {.op = QHM_OP_ADD, 2, {S3(2, 3, 4), S3(2, 3, 4)}},
    {.op = QHM_OP_ADD, 2, {S3(2, 3, 4), S2(3, 4)}},
    {.op = QHM_OP_ADD, 2, {S2(5, 19), S1(19)}},
    {.op = QHM_OP_ADD, 2, {S2(5, 3), S2(1, 1)}},
    {.op = QHM_OP_SUBTRACT, 2, {S2(5, 3), S1(3)}},
    {.op = QHM_OP_SUBTRACT, 2, {S2(5, 3), {0}}},
    {.op = QHM_OP_MULTIPLY, 2, {S2(5, 3), S2(5, 3)}},
    {.op = QHM_OP_MULTIPLY, 2, {S3(2, 5, 3), S1(3)}},
    {.op = QHM_OP_MULTIPLY, 2, {S2(5, 7), S1(1)}},
    {.op = QHM_OP_SCALE, 1, {S2(4, 5)}, {.factor = -2.5, .offset = 3}},
    {.op = QHM_OP_RELU, 1, {S2(4, 9)}},
    {.op = QHM_OP_GELU, 1, {S2(4, 9)}},
    {.op = QHM_OP_TANH, 1, {S2(4, 9)}},
    {.op = QHM_OP_SIGMOID, 1, {S2(4, 9)}},
    {.op = QHM_OP_EXP, 1, {S2(4, 9)}},
    {.op = QHM_OP_LOG, 1, {S2(4, 9)}, .is_positive = true},
    {.op = QHM_OP_SIN, 1, {S2(4, 90)}},
    {.op = QHM_OP_COS, 1, {S2(4, 90)}},
    {.op = QHM_OP_DROPOUT, 1, {S2(6, 9)}, {.rate = 0.3}, .is_training = true},
    {.op = QHM_OP_DROPOUT, 1, {S2(6, 9)}, {.rate = 0.3}},
    {.op = QHM_OP_MATMUL, 2, {S2(3, 4), S2(4, 5)}},
    {.op = QHM_OP_MATMUL, 2, {S2(4, 3), S2(4, 5)}, {.transpose_a = true}},
    {.op = QHM_OP_MATMUL, 2, {S2(3, 4), S2(5, 4)}, {.transpose_b = true}},
    {.op = QHM_OP_MATMUL, 2, {S2(4, 3), S2(5, 4)}, {.transpose_a = true, .transpose_b = true}},
    {.op = QHM_OP_MATMUL, 2, {S3(2, 3, 4), S3(2, 4, 5)}},
    {.op = QHM_OP_MATMUL,
     2,
     {S4(2, 3, 4, 3), S4(2, 3, 5, 4)},
     {.transpose_a = true, .transpose_b = true}},
    {.op = QHM_OP_MATMUL, 2, {S3(2, 4, 3), S3(2, 4, 5)}, {.transpose_a = true}},
    {.op = QHM_OP_LINEAR, 3, {S2(5, 4), S2(3, 4), S1(3)}},
    {.op = QHM_OP_LINEAR, 2, {S3(2, 5, 4), S2(3, 4)}},
    {.op = QHM_OP_LINEAR, 3, {S1(4), S2(3, 4), S1(3)}},
    {.op = QHM_OP_CONV2D, 3, {S4(2, 3, 5, 6), S4(4, 3, 3, 2), S1(4)}},
    {.op = QHM_OP_CONV2D, 2, {S4(10, 1, 7, 6), S4(2, 1, 3, 3)}, {.stride = 2, .padding = 1}},
    {.op = QHM_OP_CONV2D, 2, {S4(1, 2, 1, 2), S4(2, 2, 5, 5)}, {.padding = 2}},
    {.op = QHM_OP_CONV2D, 2, {S4(2, 1, 4, 5), S4(1, 1, 4, 2)}, {.stride = 3, .padding = 1}},
    {.op = QHM_OP_MEAN_POOL_IMAGE, 1, {S4(2, 3, 5, 4)}, {.window = 2}},
    {.op = QHM_OP_MEAN_POOL_IMAGE, 1, {S4(2, 3, 5, 4)}},
    {.op = QHM_OP_MEAN_POOL_IMAGE, 1, {S4(2, 3, 5, 4)}, {.window = 3, .stride = 1}},
    {.op = QHM_OP_MAX_POOL_IMAGE, 1, {S4(2, 3, 5, 4)}, {.window = 2}},
    {.op = QHM_OP_MAX_POOL_IMAGE, 1, {S4(2, 3, 5, 4)}},
    {.op = QHM_OP_MAX_POOL_IMAGE, 1, {S4(2, 3, 5, 4)}, {.window = 3, .stride = 1}},
    {.op = QHM_OP_EMBEDDING, 2, {S2(7, 4), S2(3, 5)}, .index_bound = 7},
    {.op = QHM_OP_EMBEDDING, 2, {S2(7, 4), S1(9)}, .index_bound = 7},
    {.op = QHM_OP_SOFTMAX, 1, {S2(4, 21)}},
    {.op = QHM_OP_SOFTMAX, 2, {S2(4, 5), S2(4, 5)}, .masks = 2},
    {.op = QHM_OP_SOFTMAX, 2, {S4(2, 3, 4, 5), S2(2, 5)}, .masks = 2},
    {.op = QHM_OP_LAYERNORM, 3, {S2(4, 21), S1(21), S1(21)}},
    {.op = QHM_OP_LAYERNORM, 3, {S3(2, 4, 5), S1(5), S1(5)}, {.epsilon = 0.1}},
    {.op = QHM_OP_L2_NORMALISE, 1, {S3(2, 3, 18)}},
    {.op = QHM_OP_MEAN_POOL_SEQUENCE, 2, {S3(3, 4, 5), S2(3, 4)}, .masks = 2},
    {.op = QHM_OP_MEAN_POOL_SEQUENCE, 1, {S3(3, 4, 5)}},
    {.op = QHM_OP_MAX_POOL_SEQUENCE, 2, {S3(3, 4, 5), S2(3, 4)}, .masks = 2},
    {.op = QHM_OP_MAX_POOL_SEQUENCE, 1, {S3(3, 4, 5)}},
    {.op = QHM_OP_PAIRWISE_SQUARED_DIFFERENCE, 2, {S2(3, 4), S2(3, 5)}},
    {.op = QHM_OP_CONCAT, 3, {S2(3, 4), S2(3, 2), S2(3, 1)}},
    {.op = QHM_OP_CONCAT, 2, {S3(2, 3, 4), S3(2, 1, 4)}, {.axis = 1}},
    {.op = QHM_OP_CONCAT, 2, {S1(3), S1(2)}},
    {.op = QHM_OP_SLICE, 1, {S2(3, 6)}, {.first = 2, .count = 3}},
    {.op = QHM_OP_SLICE, 1, {S3(4, 3, 2)}, {.axis = 2, .first = 1, .count = 2}},
    {.op = QHM_OP_RESHAPE, 1, {S3(4, 3, 2)}, {.shape = S2(8, 3)}},
    {.op = QHM_OP_TRANSPOSE, 1, {S3(4, 3, 2)}},
    {.op = QHM_OP_TRANSPOSE, 1, {S2(4, 3)}},
    {.op = QHM_OP_TRANSPOSE, 1, {S4(2, 3, 4, 5)}, {.axes = {0, 2, 1, 3}}},
    {.op = QHM_OP_TRANSPOSE, 1, {S4(2, 3, 4, 5)}, {.axes = {3, 1, 0, 2}}},
    {.op = QHM_OP_SUM, 1, {S2(4, 300)}},
    {.op = QHM_OP_MEAN, 1, {S2(4, 30)}},
    {.op = QHM_OP_CROSS_ENTROPY, 2, {S2(6, 5), S1(6)}, .index_bound = 5},
    {.op = QHM_OP_INFO_NCE, 3, {S2(6, 5), S2(6, 5), S1(1)}},
    {.op = QHM_OP_INFO_NCE, 3, {S2(1, 5), S2(1, 5), {0}}},
};

static const sample mistakes[] = {
    {.op = QHM_OP_ADD, 1, {S1(3)}, .error = "add: input count is 1, not 2 to 2"},
    {.op = QHM_OP_ADD, 2, {S2(2, 3), S1(2)}, .error = "input 1 is [2], neither one element"},
    {.op = QHM_OP_ADD, 2, {S1(3), S2(2, 3)}, .error = "input 1 is [2, 3]"},
    {.op = QHM_OP_DROPOUT, 1, {S1(3)}, {.rate = 1}, .error = "rate is 1, not 0 to below 1"},
    {.op = QHM_OP_DROPOUT, 1, {S1(3)}, {.rate = -0.5}, .error = "rate is -0.5"},
    {.op = QHM_OP_MATMUL, 2, {S2(2, 3), S2(2, 3)}, .error = "the inner sizes differ"},
    {.op = QHM_OP_MATMUL, 2, {S3(2, 3, 4), S3(3, 4, 5)}, .error = "axis 0 differs"},
    {.op = QHM_OP_MATMUL, 2, {S2(2, 3), S3(2, 3, 4)}, .error = "not two of rank 2 to 4"},
    {.op = QHM_OP_MATMUL, 2, {S1(3), S1(3)}, .error = "not two of rank 2 to 4"},
    {.op = QHM_OP_LINEAR, 2, {S2(2, 3), S2(3, 4)}, .error = "the weight is [3, 4], not [out, in]"},
    {.op = QHM_OP_LINEAR, 3, {S2(2, 3), S2(4, 3), S1(3)}, .error = "the bias is [3], not [4]"},
    {.op = QHM_OP_CONV2D, 2, {S3(2, 3, 4), S4(1, 1, 1, 1)}, .error = "the input is [2, 3, 4]"},
    {.op = QHM_OP_CONV2D,
     2,
     {S4(2, 3, 4, 4), S4(1, 2, 1, 1)},
     .error = "the filters are [1, 2, 1, 1]"},
    {.op = QHM_OP_CONV2D,
     3,
     {S4(2, 3, 4, 4), S4(5, 3, 1, 1), S1(3)},
     .error = "the bias is [3], not [5]"},
    {.op = QHM_OP_CONV2D,
     2,
     {S4(2, 3, 4, 4), S4(1, 3, 5, 5)},
     .error = "do not fit into images of 4 x 4"},
    {.op = QHM_OP_CONV2D,
     2,
     {S4(2, 3, 4, 4), S4(1, 3, 2, 2)},
     {.padding = 2},
     .error = "padding is 2"},
    {.op = QHM_OP_MEAN_POOL_IMAGE, 1, {S2(2, 3)}, .error = "the input is [2, 3]"},
    {.op = QHM_OP_MEAN_POOL_IMAGE, 1, {S4(1, 1, 2, 3)}, {.window = 3}, .error = "window is 3"},
    {.op = QHM_OP_MAX_POOL_IMAGE, 1, {S4(1, 1, 2, 3)}, {.padding = 1}, .error = "padding is 1"},
    {.op = QHM_OP_EMBEDDING,
     2,
     {S2(3, 4), S1(9)},
     .index_bound = 9,
     .error = "but the table has 3 rows"},
    {.op = QHM_OP_EMBEDDING, 2, {S1(3), S1(2)}, .index_bound = 3, .error = "the table is [3]"},
    {.op = QHM_OP_EMBEDDING, 2, {S2(3, 1), S4(1, 1, 1, 1)}, .index_bound = 3, .error = "rank 4"},
    {.op = QHM_OP_SOFTMAX, 1, {{0}}, .error = "the input is a scalar"},
    {.op = QHM_OP_SOFTMAX, 2, {S3(2, 3, 4), S2(3, 4)}, .error = "the mask is [3, 4], neither"},
    {.op = QHM_OP_LAYERNORM, 3, {S2(2, 3), S1(2), S1(3)}, .error = "input 1 is [2], not [3]"},
    {.op = QHM_OP_LAYERNORM, 3, {S2(2, 3), S1(3), S2(1, 3)}, .error = "input 2 is [1, 3], not [3]"},
    {.op = QHM_OP_LAYERNORM, 3, {{0}, S1(1), S1(1)}, .error = "the input is a scalar"},
    {.op = QHM_OP_LAYERNORM, 3, {S1(2), S1(2), S1(2)}, {.epsilon = -1}, .error = "epsilon is -1"},
    {.op = QHM_OP_L2_NORMALISE, 1, {S1(2)}, {.epsilon = -1}, .error = "epsilon is -1"},
    {.op = QHM_OP_L2_NORMALISE, 1, {{0}}, .error = "the input is a scalar"},
    {.op = QHM_OP_MEAN_POOL_SEQUENCE, 1, {S2(2, 3)}, .error = "the input is [2, 3]"},
    {.op = QHM_OP_MAX_POOL_SEQUENCE,
     2,
     {S3(2, 3, 4), S2(3, 2)},
     .error = "the mask is [3, 2], not [2, 3]"},
    {.op = QHM_OP_PAIRWISE_SQUARED_DIFFERENCE,
     2,
     {S2(2, 3), S2(3, 3)},
     .error = "inputs are [2, 3] and [3, 3]"},
    {.op = QHM_OP_CONCAT,
     2,
     {S2(2, 3), S2(3, 3)},
     .error = "input 1 is [3, 3], but input 0 is [2, 3]"},
    {.op = QHM_OP_CONCAT, 2, {S2(2, 3), S1(3)}, .error = "input 1 is [3]"},
    {.op = QHM_OP_CONCAT, 2, {S1(3), S1(3)}, {.axis = 1}, .error = "axis is 1 from the last"},
    {.op = QHM_OP_SLICE, 1, {S1(3)}, {.first = 2, .count = 2}, .error = "the slice of 2 from 2"},
    {.op = QHM_OP_SLICE, 1, {S1(3)}, .error = "the slice of 0 from 0"},
    {.op = QHM_OP_SLICE,
     1,
     {S1(3)},
     {.first = SIZE_MAX, .count = 2},
     .error = "is not within axis 0"},
    {.op = QHM_OP_SLICE, 1, {S1(3)}, {.axis = 7, .count = 1}, .error = "axis is 7 from the last"},
    {.op = QHM_OP_RESHAPE, 1, {S1(3)}, {.shape = S1(4)}, .error = "[4] does not hold"},
    {.op = QHM_OP_RESHAPE, 1, {S1(3)}, {.shape = {5, {3}}}, .error = "rank is 5"},
    {.op = QHM_OP_TRANSPOSE, 1, {S1(3)}, .error = "the input is [3], not of rank 2 to 4"},
    {.op = QHM_OP_TRANSPOSE, 1, {S2(3, 4)}, {.axes = {1, 1}}, .error = "no order of the 2 axes"},
    {.op = QHM_OP_TRANSPOSE, 1, {S2(3, 4)}, {.axes = {0, 2}}, .error = "no order of the 2 axes"},
    {.op = QHM_OP_CROSS_ENTROPY,
     2,
     {S2(3, 4), S1(4)},
     .index_bound = 4,
     .error = "inputs are [3, 4] and [4]"},
    {.op = QHM_OP_CROSS_ENTROPY,
     2,
     {S2(9, 2), S1(9)},
     .index_bound = 99,
     .error = "but there are 2 classes"},
    {.op = QHM_OP_INFO_NCE, 3, {S2(3, 4), S2(3, 5), S1(1)}, .error = "not two of [pairs, width]"},
    {.op = QHM_OP_INFO_NCE, 3, {S2(3, 4), S2(3, 4), S1(2)}, .error = "the log scale is [2]"},
};

enum {
    SAMPLE_COUNT = sizeof samples / sizeof *samples,
    MISTAKE_COUNT = sizeof mistakes / sizeof *mistakes,
    MAX_ELEMENTS = 2000
};

// A sample's inputs as numbers, and what came of them.
typedef struct trial {
    double inputs[4][MAX_ELEMENTS];
    size_t indices[4][MAX_ELEMENTS];
    double weights[MAX_ELEMENTS]; // the loss is the sum of weights times outputs
    double outputs[MAX_ELEMENTS];
    double gradients[4][MAX_ELEMENTS];
    size_t output_count;
    double loss;
} trial;

static bool is_index(const sample *s, size_t input)
{
    return qhm_op_find(s->op, QHM_FLOAT64)->index_inputs >> input & 1;
}

static void fill(trial *t, const sample *s)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, s->op, 0, 0);
    for (size_t i = 0; i < s->input_count; i++)
        for (size_t j = 0; j < qhm_shape_count(s->shapes[i]); j++) {
            double uniform = qhm_random_uniform(&random);
            t->inputs[i][j] = s->is_positive ? 0.5 + uniform : qhm_random_normal(&random);
            if (s->masks >> i & 1)
                t->inputs[i][j] = j == 0 || uniform < 0.6;
            if (s->index_bound)
                t->indices[i][j] =
                    j == 0 ? s->index_bound - 1 : (size_t)qhm_random_below(&random, s->index_bound);
        }
    for (size_t j = 0; j < MAX_ELEMENTS; j++)
        t->weights[j] = qhm_random_normal(&random);
}

static qhm_status record(const trial *t, const sample *s, qhm_tape *tape, qhm_tensor **tensors,
                         qhm_value *values, qhm_value *out)
{
    for (size_t i = 0; i < s->input_count; i++) {
        if (is_index(s, i)) {
            REQUIRE_OK(qhm_tape_indices(tape, s->shapes[i], t->indices[i], &values[i]));
            continue;
        }
        REQUIRE_OK(qhm_tensor_create(qhm_tape_precision(tape), s->shapes[i], &tensors[i]));
        REQUIRE_OK(qhm_tensor_set(tensors[i], 0, qhm_shape_count(s->shapes[i]), t->inputs[i]));
        if (s->masks >> i & 1)
            REQUIRE_OK(qhm_tape_borrow(tape, tensors[i], &values[i]));
        else
            REQUIRE_OK(qhm_tape_variable(tape, tensors[i], &values[i]));
    }
    qhm_tape_set_training(tape, s->is_training);
    return qhm_tape_apply(tape, s->op, values, s->input_count, &s->attributes, out);
}

static double gradient_item(qhm_tape *tape, qhm_value value, size_t index)
{
    const void *gradient = qhm_tape_gradient(tape, value);
    assert_non_null(gradient);
    return qhm_tape_precision(tape) == QHM_FLOAT32 ? (double)((const float *)gradient)[index]
                                                   : ((const double *)gradient)[index];
}

static void run(trial *t, const sample *s, qhm_precision precision)
{
    qhm_tape *tape;
    qhm_tensor *tensors[4] = {0};
    qhm_value values[4], out, weights, product, loss;
    REQUIRE_OK(qhm_tape_create(precision, &tape));
    REQUIRE_OK(record(t, s, tape, tensors, values, &out));
    qhm_shape shape = qhm_tape_shape(tape, out);
    t->output_count = qhm_shape_count(shape);
    assert_true(t->output_count <= MAX_ELEMENTS);
    REQUIRE_OK(qhm_tape_constant(tape, shape, t->weights, &weights));
    REQUIRE_OK(
        qhm_tape_apply(tape, QHM_OP_MULTIPLY, (qhm_value[]){out, weights}, 2, NULL, &product));
    REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_SUM, &product, 1, NULL, &loss));
    REQUIRE_OK(qhm_tape_backward(tape, loss));
    t->loss = qhm_tape_item(tape, loss, 0);
    for (size_t j = 0; j < t->output_count; j++)
        t->outputs[j] = qhm_tape_item(tape, out, j);
    for (size_t i = 0; i < s->input_count; i++)
        for (size_t j = 0; j < qhm_shape_count(s->shapes[i]); j++)
            t->gradients[i][j] =
                is_index(s, i) || s->masks >> i & 1 ? 0 : gradient_item(tape, values[i], j);
    for (size_t i = 0; i < s->input_count; i++)
        qhm_tensor_destroy(tensors[i]);
    qhm_tape_destroy(tape);
}

static void check_differences(trial *t, const sample *s)
{
    static trial moved;
    const double step = 1e-5;
    for (size_t i = 0; i < s->input_count; i++)
        for (size_t j = 0; j < qhm_shape_count(s->shapes[i]); j++) {
            if (is_index(s, i) || s->masks >> i & 1)
                continue;
            moved = *t;
            moved.inputs[i][j] = t->inputs[i][j] + step;
            run(&moved, s, QHM_FLOAT64);
            double above = moved.loss;
            moved.inputs[i][j] = t->inputs[i][j] - step;
            run(&moved, s, QHM_FLOAT64);
            double slope = (above - moved.loss) / (2 * step);
            if (!(fabs(slope - t->gradients[i][j]) <= 2e-7 * (1 + fabs(slope))))
                fail_msg("%s, input %zu, element %zu: gradient %.12g, differences give %.12g",
                         qhm_op_name(s->op), i, j, t->gradients[i][j], slope);
        }
}

static void use_isa(int isa)
{
    setenv("QHM_ISA", qhm_isa_text((qhm_isa)isa), 1);
}

static void every_gradient_agrees_with_differences_on_every_instruction_set(void **state)
{
    (void)state;
    static trial t;
    for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++) {
        use_isa(isa);
        for (size_t i = 0; i < SAMPLE_COUNT; i++) {
            fill(&t, &samples[i]);
            run(&t, &samples[i], QHM_FLOAT64);
            check_differences(&t, &samples[i]);
        }
    }
    unsetenv("QHM_ISA");
}

static void check_close(const sample *s, const char *what, const double *a, const double *b,
                        size_t count, double tolerance)
{
    double size = 0;
    for (size_t i = 0; i < count; i++)
        size = fmax(size, fabs(a[i]));
    for (size_t i = 0; i < count; i++)
        if (!(fabs(a[i] - b[i]) <= tolerance * (1 + size)))
            fail_msg("%s, %s %zu: %.12g and %.12g", qhm_op_name(s->op), what, i, a[i], b[i]);
}

static void precisions_and_instruction_sets_agree(void **state)
{
    (void)state;
    static trial expected, got;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        const sample *s = &samples[i];
        use_isa(0);
        fill(&expected, s);
        run(&expected, s, QHM_FLOAT64);
        for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++) {
            use_isa(isa);
            for (int precision = 0; precision < 2; precision++) {
                double tolerance = precision == QHM_FLOAT32 ? 4e-6 : 1e-14;
                fill(&got, s);
                run(&got, s, (qhm_precision)precision);
                check_close(s, "output", expected.outputs, got.outputs, got.output_count,
                            tolerance);
                for (size_t j = 0; j < s->input_count; j++)
                    check_close(s, "gradient", expected.gradients[j], got.gradients[j],
                                qhm_shape_count(s->shapes[j]), tolerance);
            }
        }
    }
    unsetenv("QHM_ISA");
}

static void every_operation_has_a_sample_a_name_and_help(void **state)
{
    (void)state;
    for (int op = 1; op < QHM_OP_COUNT; op++) {
        bool is_tested = false;
        for (size_t i = 0; i < SAMPLE_COUNT; i++)
            is_tested |= samples[i].op == (qhm_op)op;
        if (!is_tested)
            fail_msg("operation %d has no sample", op);
        assert_non_null(qhm_op_find((qhm_op)op, QHM_FLOAT64));
        assert_true(strlen(qhm_op_name((qhm_op)op)) > 0 && strlen(qhm_op_help((qhm_op)op)) > 9);
        for (int other = 1; other < op; other++)
            assert_string_not_equal(qhm_op_name((qhm_op)op), qhm_op_name((qhm_op)other));
    }
    assert_null(qhm_op_name(QHM_OP_NONE));
    assert_null(qhm_op_help(QHM_OP_COUNT));
}

static void every_documented_mistake_is_refused(void **state)
{
    (void)state;
    static trial t;
    for (size_t i = 0; i < MISTAKE_COUNT; i++) {
        const sample *s = &mistakes[i];
        qhm_tape *tape;
        qhm_tensor *tensors[4] = {0};
        qhm_value values[4], out = {77, 77};
        fill(&t, s);
        REQUIRE_OK(qhm_tape_create(QHM_FLOAT32, &tape));
        qhm_status status = record(&t, s, tape, tensors, values, &out);
        if (status == QHM_OK)
            fail_msg("mistake %zu (%s) was accepted", i, s->error);
        REQUIRE_FAILS(status, QHM_ERROR_INVALID_ARGUMENT, s->error);
        assert_int_equal(out.number, 77);
        for (size_t j = 0; j < 4; j++)
            qhm_tensor_destroy(tensors[j]);
        qhm_tape_destroy(tape);
    }
}

// One operation of one input on numbers.
static void apply_to(qhm_op op, qhm_precision precision, const double *x, double *y, size_t count)
{
    qhm_tape *tape;
    qhm_value in, out;
    REQUIRE_OK(qhm_tape_create(precision, &tape));
    REQUIRE_OK(qhm_tape_constant(tape, (qhm_shape){1, {count}}, x, &in));
    REQUIRE_OK(qhm_tape_apply(tape, op, &in, 1, NULL, &out));
    for (size_t i = 0; i < count; i++)
        y[i] = qhm_tape_item(tape, out, i);
    qhm_tape_destroy(tape);
}

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static double gelu(double x)
{
    return 0.5 * x * (1 + tanh(sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x)));
}

static void elementary_functions_agree_with_the_c_library(void **state)
{
    (void)state;
    static const struct {
        qhm_op op;
        double (*reference)(double);
        double least, most, relative, absolute; // errors in units of the precision's last place
    } functions[] = {
        {QHM_OP_EXP, exp, -700, 700, 3, 0},       {QHM_OP_EXP, exp, -2, 2, 3, 0},
        {QHM_OP_TANH, tanh, -25, 25, 5, 0},       {QHM_OP_TANH, tanh, -1e-3, 1e-3, 5, 0},
        {QHM_OP_SIGMOID, sigmoid, -80, 80, 6, 0}, {QHM_OP_GELU, gelu, -4, 8, 0, 16},
        {QHM_OP_SIN, sin, -9e4, 9e4, 2, 4},       {QHM_OP_COS, cos, -30, 30, 2, 4},
        {QHM_OP_SIN, sin, -1e-5, 1e-5, 2, 0},     {QHM_OP_SIN, sin, -1e9, 1e9, 2, 0},
        {QHM_OP_LOG, log, 1e-9, 1e9, 1, 0},
    };
    enum { COUNT = 1 << 15 };
    static double x[COUNT], y[COUNT];
    for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++)
        for (size_t f = 0; f < sizeof functions / sizeof *functions; f++)
            for (int precision = 0; precision < 2; precision++) {
                use_isa(isa);
                double unit = precision == QHM_FLOAT32 ? 0x1p-24 : 0x1p-53;
                double limit = precision == QHM_FLOAT32 ? 80 : INFINITY;
                bool is_exp = functions[f].op == QHM_OP_EXP;
                double least = is_exp ? fmax(functions[f].least, -limit) : functions[f].least;
                double most = is_exp ? fmin(functions[f].most, limit) : functions[f].most;
                for (size_t i = 0; i < COUNT; i++) {
                    x[i] = least + (most - least) * (double)i / (COUNT - 1);
                    if (precision == QHM_FLOAT32)
                        x[i] = (double)(float)x[i];
                }
                apply_to(functions[f].op, (qhm_precision)precision, x, y, COUNT);
                for (size_t i = 0; i < COUNT; i++) {
                    double expected = functions[f].reference(x[i]);
                    double error = unit * (1.01 * functions[f].relative * fabs(expected) +
                                           functions[f].absolute);
                    if (!(fabs(y[i] - expected) <= error + DBL_MIN))
                        fail_msg("%s(%.17g) is %.17g, not %.17g (precision %d, %s)",
                                 qhm_op_name(functions[f].op), x[i], y[i], expected, precision,
                                 qhm_isa_text((qhm_isa)isa));
                }
            }
    unsetenv("QHM_ISA");
}

static void elementary_functions_keep_to_their_limits(void **state)
{
    (void)state;
    const double x[] = {-INFINITY, -1e6, 0, 1e6, INFINITY, NAN};
    double y[6];
    for (int precision = 0; precision < 2; precision++) {
        apply_to(QHM_OP_EXP, (qhm_precision)precision, x, y, 6);
        assert_true(y[0] == 0 && y[1] == 0 && y[2] == 1 && y[3] == INFINITY && y[4] == INFINITY);
        assert_true(isnan(y[5]));
        apply_to(QHM_OP_TANH, (qhm_precision)precision, x, y, 6);
        assert_true(y[0] == -1 && y[1] == -1 && y[2] == 0 && y[3] == 1 && y[4] == 1);
        assert_true(isnan(y[5]));
        apply_to(QHM_OP_SIGMOID, (qhm_precision)precision, x, y, 6);
        assert_true(y[0] == 0 && y[1] == 0 && y[2] == 0.5 && y[3] == 1 && y[4] == 1);
        assert_true(isnan(y[5]));
        apply_to(QHM_OP_RELU, (qhm_precision)precision, x, y, 6);
        assert_true(y[0] == 0 && y[3] == 1e6 && isnan(y[5]));
    }
}

// What an operation of number inputs gives, in float64.
static void answer(const sample *s, const double *const *inputs, const size_t *labels, double *y)
{
    qhm_tape *tape;
    qhm_value values[4], out;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    for (size_t i = 0; i < s->input_count; i++)
        if (is_index(s, i))
            REQUIRE_OK(qhm_tape_indices(tape, s->shapes[i], labels, &values[i]));
        else
            REQUIRE_OK(qhm_tape_constant(tape, s->shapes[i], inputs[i], &values[i]));
    REQUIRE_OK(qhm_tape_apply(tape, s->op, values, s->input_count, &s->attributes, &out));
    for (size_t i = 0; i < qhm_shape_count(qhm_tape_shape(tape, out)); i++)
        y[i] = qhm_tape_item(tape, out, i);
    qhm_tape_destroy(tape);
}

static void losses_have_their_closed_forms(void **state)
{
    (void)state;
    double loss;
    const sample entropy = {.op = QHM_OP_CROSS_ENTROPY, 2, {S2(2, 3), S1(2)}};
    const double logits[] = {log(1), log(2), log(5), 0, 0, 0};
    answer(&entropy, (const double *const[]){logits}, (const size_t[]){2, 0}, &loss);
    REQUIRE_NEAR(loss, (log(8.0 / 5) + log(3)) / 2, 1e-15);

    // Orthonormal pairs: every logit is s on the diagonal and 0 elsewhere.
    const sample nce = {.op = QHM_OP_INFO_NCE, 3, {S2(3, 3), S2(3, 3), S1(1)}};
    const double unit[] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, log_scale[] = {log(2)};
    answer(&nce, (const double *const[]){unit, unit, log_scale}, NULL, &loss);
    REQUIRE_NEAR(loss, log(1 + 2 * exp(-2)), 1e-15);

    // Two equal rows on one side: rows split evenly, columns do not.
    const double twice[] = {1, 0, 1, 0}, pair[] = {1, 0, 0, 1}, zero[] = {0};
    const sample uneven = {.op = QHM_OP_INFO_NCE, 3, {S2(2, 2), S2(2, 2), S1(1)}};
    answer(&uneven, (const double *const[]){twice, pair, zero}, NULL, &loss);
    double rows = (log(exp(1) + 1) - 1 + log(exp(1) + 1)) / 2, columns = log(2);
    REQUIRE_NEAR(loss, (rows + columns) / 2, 1e-15);
}

static void convolution_and_pools_give_known_numbers(void **state)
{
    (void)state;
    double image[9], y[16];
    for (size_t i = 0; i < 9; i++)
        image[i] = (double)i + 1;
    const double filter[] = {1, 0, 0, -1}, bias[] = {10};
    const sample plain = {.op = QHM_OP_CONV2D, 3, {S4(1, 1, 3, 3), S4(1, 1, 2, 2), S1(1)}};
    answer(&plain, (const double *const[]){image, filter, bias}, NULL, y);
    for (size_t i = 0; i < 4; i++)
        REQUIRE_NEAR(y[i], 6, 0); // 1 - 5 + 10 wherever it stands
    const sample padded = {
        .op = QHM_OP_CONV2D, 2, {S4(1, 1, 3, 3), S4(1, 1, 2, 2)}, {.stride = 2, .padding = 1}};
    answer(&padded, (const double *const[]){image, filter}, NULL, y);
    const double corners[] = {-1, -3, -7, 5 - 9};
    for (size_t i = 0; i < 4; i++)
        REQUIRE_NEAR(y[i], corners[i], 0);
    const sample mean = {
        .op = QHM_OP_MEAN_POOL_IMAGE, 1, {S4(1, 1, 3, 3)}, {.window = 2, .stride = 1}};
    answer(&mean, (const double *const[]){image}, NULL, y);
    REQUIRE_NEAR(y[0], 3, 0);
    REQUIRE_NEAR(y[3], 7, 0);
    const sample most = {.op = QHM_OP_MAX_POOL_IMAGE, 1, {S4(1, 1, 3, 3)}, {.window = 2}};
    answer(&most, (const double *const[]){image}, NULL, y);
    REQUIRE_NEAR(y[0], 5, 0);
}

static void masked_rows_give_zero_and_no_gradient_flows_to_masks(void **state)
{
    (void)state;
    double y[4];
    const double x[] = {1, 2, 3, 4}, mask[] = {0, 0, 1, 0};
    const sample softmax = {.op = QHM_OP_SOFTMAX, 2, {S2(2, 2), S2(2, 2)}};
    answer(&softmax, (const double *const[]){x, mask}, NULL, y);
    assert_true(y[0] == 0 && y[1] == 0 && y[2] == 1 && y[3] == 0);
    const sample mean = {.op = QHM_OP_MEAN_POOL_SEQUENCE, 2, {S3(2, 2, 1), S2(2, 2)}};
    answer(&mean, (const double *const[]){x, mask}, NULL, y);
    assert_true(y[0] == 0 && y[1] == 3);
    const double low[] = {-1, -2, -3, -4};
    const sample most = {.op = QHM_OP_MAX_POOL_SEQUENCE, 2, {S3(2, 2, 1), S2(2, 2)}};
    answer(&most, (const double *const[]){low, mask}, NULL, y);
    assert_true(y[0] == 0 && y[1] == -3);
    const sample norm = {.op = QHM_OP_L2_NORMALISE, 1, {S2(2, 2)}};
    answer(&norm, (const double *const[]){(double[]){0, 0, 3, 4}}, NULL, y);
    assert_true(y[0] == 0 && y[1] == 0);
    REQUIRE_NEAR(y[3], 0.8, 1e-16);
}

static void dropout_keeps_its_share_and_its_mean(void **state)
{
    (void)state;
    enum { COUNT = 100000 };
    static double ones[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        ones[i] = 1;
    qhm_tape *tape;
    qhm_value in, first, second;
    const qhm_op_attributes attributes = {.rate = 0.25};
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT32, &tape));
    qhm_tape_set_training(tape, true);
    REQUIRE_OK(qhm_tape_constant(tape, (qhm_shape)S1(COUNT), ones, &in));
    REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_DROPOUT, &in, 1, &attributes, &first));
    REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_DROPOUT, &in, 1, &attributes, &second));
    size_t zeros = 0, both = 0;
    for (size_t i = 0; i < COUNT; i++) {
        double y = qhm_tape_item(tape, first, i);
        assert_true(y == 0 || fabs(y - 4.0 / 3) < 1e-6);
        zeros += y == 0;
        both += y == 0 && qhm_tape_item(tape, second, i) == 0;
    }
    // Which elements: half words of the blocks that the stream's next two words key.
    qhm_random stream = qhm_random_stream(0, QHM_RANDOM_USER, 0, 0, 0);
    const uint32_t key[2] = {qhm_random_u32(&stream), qhm_random_u32(&stream)};
    for (uint32_t i = 0; i < COUNT; i++) {
        uint32_t words[4];
        uint32_t half = i % 256 / 32;
        qhm_random_block((uint32_t[]){i / 256 * 32 + i % 32, 0, 0, 0}, key, words);
        bool is_zero = (words[half / 2] >> (half % 2 * 16) & 0xFFFF) < 65536 / 4;
        assert_true((qhm_tape_item(tape, first, i) == 0) == is_zero);
    }
    REQUIRE_NEAR((double)zeros / COUNT, 0.25, 5 * sqrt(0.25 * 0.75 / COUNT));
    REQUIRE_NEAR((double)both / COUNT, 0.0625, 5 * sqrt(0.0625 * 0.9375 / COUNT));
    qhm_tape_destroy(tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_a_sample_a_name_and_help),
        cmocka_unit_test(every_gradient_agrees_with_differences_on_every_instruction_set),
        cmocka_unit_test(precisions_and_instruction_sets_agree),
        cmocka_unit_test(every_documented_mistake_is_refused),
        cmocka_unit_test(elementary_functions_agree_with_the_c_library),
        cmocka_unit_test(elementary_functions_keep_to_their_limits),
        cmocka_unit_test(losses_have_their_closed_forms),
        cmocka_unit_test(convolution_and_pools_give_known_numbers),
        cmocka_unit_test(masked_rows_give_zero_and_no_gradient_flows_to_masks),
        cmocka_unit_test(dropout_keeps_its_share_and_its_mean),
    };
    return cmocka_run_group_tests_name("tensor/ops", tests, NULL, NULL);
}
