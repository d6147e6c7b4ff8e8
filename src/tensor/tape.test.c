// The tape: recording, memory, errors, threads and the custom operation.
#include "base/memory.h"
#include "base/status_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/tape.h>
#include <qhm/threads.h>

enum { BATCH = 300, IN = 70, HIDDEN = 90, CLASSES = 10 };

// A small classifier with parameters and data.
typedef struct net {
    qhm_tape *tape;
    qhm_tensor *data; // [BATCH, IN]
    qhm_parameter *parameters[6];
    size_t labels[BATCH];
} net;

static const qhm_shape shapes[6] = {{2, {HIDDEN, IN}}, {1, {HIDDEN}},          {1, {HIDDEN}},
                                    {1, {HIDDEN}},     {2, {CLASSES, HIDDEN}}, {1, {CLASSES}}};

static void net_destroy(net *n)
{
    qhm_tape_destroy(n->tape);
    qhm_tensor_destroy(n->data);
    for (int i = 0; i < 6; i++)
        qhm_parameter_destroy(n->parameters[i]);
}

static qhm_status net_create(net *n, qhm_precision precision)
{
    *n = (net){0};
    qhm_status status = qhm_tape_create(precision, &n->tape);
    if (status == QHM_OK)
        status = qhm_tensor_create(precision, (qhm_shape){2, {BATCH, IN}}, &n->data);
    for (int i = 0; i < 6 && status == QHM_OK; i++)
        status = qhm_parameter_create("p", precision, shapes[i], 0, &n->parameters[i]);
    if (status != QHM_OK) {
        net_destroy(n);
        return status;
    }
    qhm_random random = qhm_random_stream(7, QHM_RANDOM_USER, 0, 0, 0);
    for (int i = -1; i < 6; i++) {
        qhm_tensor *tensor = i < 0 ? n->data : qhm_parameter_value(n->parameters[i]);
        for (size_t j = 0; j < qhm_tensor_count(tensor); j++)
            REQUIRE_OK(qhm_tensor_set(tensor, j, 1, (double[]){qhm_random_normal(&random) / 4}));
    }
    for (size_t i = 0; i < BATCH; i++)
        n->labels[i] = (size_t)qhm_random_below(&random, CLASSES);
    return QHM_OK;
}

static qhm_status net_step(net *n, size_t rows, double *loss)
{
    qhm_value v, p[6], out;
    size_t order[BATCH];
    for (size_t i = 0; i < rows; i++)
        order[i] = (i * 7) % BATCH;
    qhm_tape_reset(n->tape);
    qhm_tape_set_training(n->tape, true);
    qhm_tape_set_random(n->tape, qhm_random_stream(1, QHM_RANDOM_DROPOUT, 0, 0, 0));
    const qhm_op_attributes dropout = {.rate = 0.1};
    QHM_TRY(qhm_tape_rows(n->tape, n->data, order, rows, &v));
    for (int i = 0; i < 6; i++)
        QHM_TRY(qhm_tape_parameter(n->tape, n->parameters[i], &p[i]));
    QHM_TRY(qhm_tape_apply(n->tape, QHM_OP_LINEAR, (qhm_value[]){v, p[0], p[1]}, 3, NULL, &v));
    QHM_TRY(qhm_tape_apply(n->tape, QHM_OP_LAYERNORM, (qhm_value[]){v, p[2], p[3]}, 3, NULL, &v));
    QHM_TRY(qhm_tape_apply(n->tape, QHM_OP_GELU, &v, 1, NULL, &v));
    QHM_TRY(qhm_tape_apply(n->tape, QHM_OP_DROPOUT, &v, 1, &dropout, &v));
    QHM_TRY(qhm_tape_apply(n->tape, QHM_OP_LINEAR, (qhm_value[]){v, p[4], p[5]}, 3, NULL, &v));
    QHM_TRY(qhm_tape_indices(n->tape, (qhm_shape){1, {rows}}, n->labels, &p[0]));
    QHM_TRY(qhm_tape_apply(n->tape, QHM_OP_CROSS_ENTROPY, (qhm_value[]){v, p[0]}, 2, NULL, &out));
    *loss = qhm_tape_item(n->tape, out, 0);
    return qhm_tape_backward(n->tape, out);
}

static void steps_after_the_first_allocate_nothing(void **state)
{
    (void)state;
    net n;
    double loss;
    REQUIRE_OK(net_create(&n, QHM_FLOAT32));
    REQUIRE_OK(net_step(&n, BATCH, &loss));
    qhm_tape_reset(n.tape);
    size_t before = qhm_memory_allocation_count(), bytes = qhm_tape_bytes(n.tape);
    for (size_t rows = BATCH; rows > 100; rows -= 37)
        REQUIRE_OK(net_step(&n, rows, &loss));
    assert_int_equal(qhm_memory_allocation_count(), before);
    assert_int_equal(qhm_tape_bytes(n.tape), bytes);
    net_destroy(&n);
}

static void gradients_have_the_same_bits_for_any_thread_count(void **state)
{
    (void)state;
    for (int precision = 0; precision < 2; precision++) {
        net n[4];
        double loss[4];
        for (unsigned threads = 1; threads < 4; threads++) {
            REQUIRE_OK(qhm_threads_set_count(threads));
            REQUIRE_OK(net_create(&n[threads], (qhm_precision)precision));
            REQUIRE_OK(net_step(&n[threads], BATCH, &loss[threads]));
        }
        for (unsigned threads = 2; threads < 4; threads++) {
            assert_memory_equal(&loss[threads], &loss[1], sizeof loss[1]);
            for (int i = 0; i < 6; i++) {
                qhm_tensor *a = qhm_parameter_gradient(n[1].parameters[i]);
                qhm_tensor *b = qhm_parameter_gradient(n[threads].parameters[i]);
                assert_memory_equal(qhm_tensor_view(a), qhm_tensor_view(b),
                                    qhm_tensor_count(a) *
                                        qhm_precision_bytes((qhm_precision)precision));
            }
        }
        for (unsigned threads = 1; threads < 4; threads++)
            net_destroy(&n[threads]);
    }
    REQUIRE_OK(qhm_threads_set_count(0));
}

static void backward_adds_to_the_gradients_of_parameters(void **state)
{
    (void)state;
    net n;
    double loss;
    REQUIRE_OK(net_create(&n, QHM_FLOAT64));
    REQUIRE_OK(net_step(&n, BATCH, &loss));
    qhm_tensor *gradient = qhm_parameter_gradient(n.parameters[0]);
    double once = qhm_tensor_item(gradient, 3);
    assert_true(once != 0);
    REQUIRE_OK(net_step(&n, BATCH, &loss));
    REQUIRE_NEAR(qhm_tensor_item(gradient, 3), 2 * once, 1e-15);
    qhm_parameter_clear_gradients(n.parameters, 6);
    REQUIRE_NEAR(qhm_tensor_item(gradient, 3), 0, 0);
    net_destroy(&n);
}

static qhm_status attempt_step(void *context)
{
    (void)context;
    net n;
    double loss;
    QHM_TRY(net_create(&n, QHM_FLOAT64));
    qhm_status status = net_step(&n, BATCH, &loss);
    if (status == QHM_OK)
        status = net_step(&n, BATCH, &loss);
    net_destroy(&n);
    return status;
}

static void a_step_survives_every_refused_allocation(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt_step, NULL);
}

// y = w x^2, element by element, with w of one element.
typedef struct square_context {
    size_t calls;
} square_context;

static qhm_status square_backward(void *context, qhm_tape *tape, qhm_value output,
                                  const qhm_value *inputs, size_t input_count)
{
    ((square_context *)context)->calls++;
    assert_int_equal(input_count, 3);
    const double *g = qhm_tape_gradient(tape, output), *x = qhm_tape_data(tape, inputs[0]);
    const double *w = qhm_tape_data(tape, inputs[1]);
    double *dx = qhm_tape_gradient(tape, inputs[0]), *dw = qhm_tape_gradient(tape, inputs[1]);
    assert_null(qhm_tape_gradient(tape, inputs[2])); // a constant
    for (size_t i = 0; i < 3; i++) {
        dx[i] += 2 * w[0] * x[i] * g[i];
        dw[0] += x[i] * x[i] * g[i];
    }
    return g[0] > 100 ? QHM_FAIL(QHM_ERROR_NUMERIC, "the gradient is too large") : QHM_OK;
}

static qhm_status record_square(qhm_tape *tape, const qhm_tensor *x, qhm_parameter *w,
                                double factor, qhm_value *inputs, qhm_value *loss)
{
    square_context *context;
    qhm_value y;
    QHM_TRY(qhm_tape_variable(tape, x, &inputs[0]));
    QHM_TRY(qhm_tape_parameter(tape, w, &inputs[1]));
    QHM_TRY(qhm_tape_constant(tape, (qhm_shape){0}, (double[]){1}, &inputs[2]));
    QHM_TRY(qhm_tape_scratch(tape, sizeof *context, &context));
    QHM_TRY(qhm_tape_custom(tape, inputs, 3, (qhm_shape){1, {3}}, square_backward, context, &y));
    double *out = qhm_tape_data(tape, y);
    for (size_t i = 0; i < 3; i++)
        out[i] = qhm_tensor_item(qhm_parameter_value(w), 0) * qhm_tensor_item(x, i) *
                 qhm_tensor_item(x, i);
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_SCALE, &y, 1, &(qhm_op_attributes){.factor = factor}, &y));
    return qhm_tape_apply(tape, QHM_OP_SUM, &y, 1, NULL, loss);
}

static void a_custom_operation_gives_gradients_to_values_and_parameters(void **state)
{
    (void)state;
    qhm_tape *tape;
    qhm_tensor *x;
    qhm_parameter *w;
    qhm_value inputs[3], loss;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    REQUIRE_OK(qhm_tensor_create(QHM_FLOAT64, (qhm_shape){1, {3}}, &x));
    REQUIRE_OK(qhm_tensor_set(x, 0, 3, (double[]){1, -2, 3}));
    REQUIRE_OK(qhm_parameter_create("w", QHM_FLOAT64, (qhm_shape){1, {1}}, 0, &w));
    REQUIRE_OK(qhm_tensor_set(qhm_parameter_value(w), 0, 1, (double[]){5}));
    REQUIRE_OK(record_square(tape, x, w, 10, inputs, &loss));
    REQUIRE_OK(qhm_tape_backward(tape, loss));
    REQUIRE_NEAR(qhm_tape_item(tape, loss, 0), 10 * 5 * 14, 0);
    REQUIRE_NEAR(((double *)qhm_tape_gradient(tape, inputs[0]))[1], 10 * 2 * 5 * -2, 0);
    REQUIRE_NEAR(qhm_tensor_item(qhm_parameter_gradient(w), 0), 10 * 14, 0);

    qhm_tape_reset(tape);
    REQUIRE_OK(record_square(tape, x, w, 1000, inputs, &loss));
    REQUIRE_FAILS(qhm_tape_backward(tape, loss), QHM_ERROR_NUMERIC, "too large");

    qhm_tape_reset(tape);
    qhm_value y;
    REQUIRE_OK(qhm_tape_variable(tape, x, &inputs[0]));
    REQUIRE_OK(qhm_tape_custom(tape, inputs, 1, (qhm_shape){0}, NULL, NULL, &y));
    assert_false(qhm_tape_wants_gradient(tape, y));
    qhm_parameter_destroy(w);
    qhm_tensor_destroy(x);
    qhm_tape_destroy(tape);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    qhm_tape *tape;
    qhm_tensor *narrow, *wide;
    qhm_value a, b, out;
    const qhm_shape pair = {1, {2}};
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    REQUIRE_OK(qhm_tensor_create(QHM_FLOAT32, pair, &narrow));
    REQUIRE_OK(qhm_tensor_create(QHM_FLOAT64, pair, &wide));
    qhm_tape *none;
    REQUIRE_FAILS(qhm_tape_create((qhm_precision)7, &none), QHM_ERROR_INVALID_ARGUMENT,
                  "precision is 7");
    REQUIRE_FAILS(qhm_tape_borrow(tape, narrow, &a), QHM_ERROR_INVALID_ARGUMENT,
                  "differ in precision");
    REQUIRE_FAILS(qhm_tape_constant(tape, (qhm_shape){2, {2, 0}}, (double[]){0}, &a),
                  QHM_ERROR_INVALID_ARGUMENT, "axis 1 has size 0");
    REQUIRE_FAILS(qhm_tape_rows(tape, narrow, (size_t[]){0, 2}, 2, &a), QHM_ERROR_INVALID_ARGUMENT,
                  "row 2 is asked for, but there are 2");
    REQUIRE_OK(qhm_tape_rows(tape, narrow, (size_t[]){1, 1, 0}, 3, &a)); // converts
    REQUIRE_OK(qhm_tape_variable(tape, wide, &a));
    REQUIRE_OK(qhm_tape_indices(tape, pair, (size_t[]){0, 1}, &b));
    REQUIRE_FAILS(qhm_tape_apply(tape, (qhm_op)99, &a, 1, NULL, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "there is no operation 99");
    REQUIRE_FAILS(qhm_tape_apply(tape, QHM_OP_RELU, &b, 1, NULL, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "relu: input 0 is indices, not numbers");
    REQUIRE_FAILS(qhm_tape_apply(tape, QHM_OP_RELU, &QHM_NO_VALUE, 1, NULL, &out),
                  QHM_ERROR_INVALID_ARGUMENT, "input 0 is not on the tape");
    REQUIRE_FAILS(qhm_tape_backward(tape, a), QHM_ERROR_INVALID_ARGUMENT,
                  "the loss has shape [2], not one element");
    REQUIRE_OK(qhm_tape_constant(tape, (qhm_shape){0}, (double[]){1}, &out));
    REQUIRE_FAILS(qhm_tape_backward(tape, out), QHM_ERROR_INVALID_ARGUMENT,
                  "no parameter and no variable");
    REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_SUM, &a, 1, NULL, &out));
    REQUIRE_OK(qhm_tape_backward(tape, out));
    REQUIRE_FAILS(qhm_tape_backward(tape, out), QHM_ERROR_INVALID_ARGUMENT, "ran backward already");
    qhm_tape_reset(tape);
    REQUIRE_FAILS(qhm_tape_backward(tape, out), QHM_ERROR_INVALID_ARGUMENT,
                  "the loss is not on the tape");
    assert_false(qhm_tape_has(tape, a));
    assert_null(qhm_tape_data(tape, a));
    assert_true(isnan(qhm_tape_item(tape, a, 0)));
    qhm_tensor_destroy(narrow);
    qhm_tensor_destroy(wide);
    qhm_tape_destroy(tape);
}

static void values_that_share_an_input_add_up(void **state)
{
    (void)state;
    qhm_tape *tape;
    qhm_tensor *x;
    qhm_value v, square, sum;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    REQUIRE_OK(qhm_tensor_create(QHM_FLOAT64, (qhm_shape){1, {1}}, &x));
    REQUIRE_OK(qhm_tensor_set(x, 0, 1, (double[]){3}));
    REQUIRE_OK(qhm_tape_variable(tape, x, &v));
    REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_MULTIPLY, (qhm_value[]){v, v}, 2, NULL, &square));
    REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_ADD, (qhm_value[]){square, v}, 2, NULL, &sum));
    REQUIRE_OK(qhm_tape_backward(tape, sum));
    REQUIRE_NEAR(qhm_tape_item(tape, sum, 0), 12, 0);
    REQUIRE_NEAR(*(double *)qhm_tape_gradient(tape, v), 7, 0);
    qhm_tensor_destroy(x);
    qhm_tape_destroy(tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_that_share_an_input_add_up),
        cmocka_unit_test(steps_after_the_first_allocate_nothing),
        cmocka_unit_test(gradients_have_the_same_bits_for_any_thread_count),
        cmocka_unit_test(backward_adds_to_the_gradients_of_parameters),
        cmocka_unit_test(a_step_survives_every_refused_allocation),
        cmocka_unit_test(a_custom_operation_gives_gradients_to_values_and_parameters),
        cmocka_unit_test(mistakes_are_refused),
    };
    return cmocka_run_group_tests_name("tensor/tape", tests, NULL, NULL);
}
