// Every operation: gradient against differences, float32 against float64, each instruction set,
// every documented shape error.
#include "tensor/ops.h"
#include "base/cpu.h"
#include "support/checks.h"
#include "support/op_samples.h"

#include <qhm/tape.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_a_sample_a_name_and_help),
        cmocka_unit_test(every_gradient_agrees_with_differences_on_every_instruction_set),
        cmocka_unit_test(precisions_and_instruction_sets_agree),
        cmocka_unit_test(every_documented_mistake_is_refused),
    };
    return cmocka_run_group_tests_name("tensor/ops", tests, NULL, NULL);
}
