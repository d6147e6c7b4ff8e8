// Known answers of single operations: functions, losses, convolutions, masks, dropout.
#include "base/cpu.h"
#include "support/checks.h"
#include "support/op_samples.h"
#include "tensor/ops.h"

#include <float.h>
#include <qhm/tape.h>

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
        cmocka_unit_test(elementary_functions_agree_with_the_c_library),
        cmocka_unit_test(elementary_functions_keep_to_their_limits),
        cmocka_unit_test(losses_have_their_closed_forms),
        cmocka_unit_test(convolution_and_pools_give_known_numbers),
        cmocka_unit_test(masked_rows_give_zero_and_no_gradient_flows_to_masks),
        cmocka_unit_test(dropout_keeps_its_share_and_its_mean),
    };
    return cmocka_run_group_tests_name("tensor/ops", tests, NULL, NULL);
}
