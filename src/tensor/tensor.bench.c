// Tensor operations beside this machine's limits: multiply-adds of one core, and memory.
#include "base/parallel.h"

#include <cblas.h>
#include <qhm/tape.h>
#include <qhm/threads.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void require(qhm_status status)
{
    if (status != QHM_OK) {
        fprintf(stderr, "%s\n", qhm_error_message());
        exit(1);
    }
}

typedef struct subject {
    const char *name;
    qhm_op op;
    qhm_shape shapes[4];
    size_t input_count;
    qhm_op_attributes attributes;
    double flops; // forward; 0: it is bound by memory
} subject;

static const subject subjects[] = {
    {.name = "linear 64 x 128 -> 128",
     .op = QHM_OP_LINEAR,
     .shapes = {{2, {64, 128}}, {2, {128, 128}}, {1, {128}}},
     .input_count = 3,
     .flops = 2.0 * 64 * 128 * 128},
    {.name = "linear 256 x 512 -> 512",
     .op = QHM_OP_LINEAR,
     .shapes = {{2, {256, 512}}, {2, {512, 512}}, {1, {512}}},
     .input_count = 3,
     .flops = 2.0 * 256 * 512 * 512},
    {.name = "conv2d 64 x 16 x 14^2, 3x3 -> 32",
     .op = QHM_OP_CONV2D,
     .shapes = {{4, {64, 16, 14, 14}}, {4, {32, 16, 3, 3}}, {1, {32}}},
     .input_count = 3,
     .attributes = {.padding = 1},
     .flops = 2.0 * 64 * 14 * 14 * 9 * 16 * 32},
    {.name = "gelu 256 x 512", .op = QHM_OP_GELU, .shapes = {{2, {256, 512}}}, .input_count = 1},
    {.name = "tanh 256 x 512", .op = QHM_OP_TANH, .shapes = {{2, {256, 512}}}, .input_count = 1},
    {.name = "cos 256 x 512", .op = QHM_OP_COS, .shapes = {{2, {256, 512}}}, .input_count = 1},
    {.name = "softmax 256 x 512",
     .op = QHM_OP_SOFTMAX,
     .shapes = {{2, {256, 512}}},
     .input_count = 1},
    {.name = "layernorm 256 x 512",
     .op = QHM_OP_LAYERNORM,
     .shapes = {{2, {256, 512}}, {1, {512}}, {1, {512}}},
     .input_count = 3},
    {.name = "dropout 256 x 512",
     .op = QHM_OP_DROPOUT,
     .shapes = {{2, {256, 512}}},
     .input_count = 1,
     .attributes = {.rate = 0.1}},
    {.name = "add 256 x 512",
     .op = QHM_OP_ADD,
     .shapes = {{2, {256, 512}}, {2, {256, 512}}},
     .input_count = 2},
    {.name = "relu 4 x 8 (overhead)", .op = QHM_OP_RELU, .shapes = {{2, {4, 8}}}, .input_count = 1},
};

// One core's limit: dgemm or sgemm of 1024^3 by BLAS alone.
static double gemm_limit(qhm_precision precision)
{
    enum { N = 1024 };
    size_t bytes = (size_t)N * N * qhm_precision_bytes(precision);
    void *a = calloc(1, bytes), *b = calloc(1, bytes), *c = calloc(1, bytes);
    double best = 1e9;
    int token = qhm_serial_begin();
    for (int i = 0; a && b && c && i < 4; i++) {
        double start = now();
        if (precision == QHM_FLOAT32)
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, N, N, N, 1, a, N, b, N, 0, c, N);
        else
            cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, N, N, N, 1, a, N, b, N, 0, c, N);
        double seconds = now() - start;
        best = seconds < best ? seconds : best;
    }
    qhm_serial_end(token);
    free(a);
    free(b);
    free(c);
    return 2.0 * N * N * N / best;
}

// Copies of as many bytes as an operation's output, from and to the cache it will find.
static double copy_limit(size_t bytes)
{
    char *a = calloc(1, bytes), *b = calloc(1, bytes);
    double best = 1e9;
    for (int i = 0; a && b && i < 200; i++) {
        double start = now();
        memcpy(b, a, bytes);
        a[0] = b[bytes - 1]; // so that no copy can be left out
        double seconds = now() - start;
        best = seconds < best ? seconds : best;
    }
    free(a);
    free(b);
    return 2 * (double)bytes / best;
}

typedef struct timing {
    double forward, backward; // seconds, the best of many
} timing;

static timing measure(const subject *s, qhm_precision precision)
{
    qhm_tape *tape;
    qhm_tensor *tensors[4] = {0};
    timing best = {1e9, 1e9};
    require(qhm_tape_create(precision, &tape));
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < s->input_count; i++) {
        require(qhm_tensor_create(precision, s->shapes[i], &tensors[i]));
        for (size_t j = 0; j < qhm_tensor_count(tensors[i]); j++)
            require(qhm_tensor_set(tensors[i], j, 1, (double[]){qhm_random_normal(&random)}));
    }
    qhm_tape_set_training(tape, true);
    double until = now() + 0.15;
    for (int repeat = 0; repeat < 5 || now() < until; repeat++) {
        qhm_value values[4], out, loss;
        qhm_tape_reset(tape);
        for (size_t i = 0; i < s->input_count; i++)
            require(qhm_tape_variable(tape, tensors[i], &values[i]));
        double start = now();
        require(qhm_tape_apply(tape, s->op, values, s->input_count, &s->attributes, &out));
        double middle = now();
        require(qhm_tape_apply(tape, QHM_OP_SUM, &out, 1, NULL, &loss));
        double again = now();
        require(qhm_tape_backward(tape, loss));
        double end = now();
        best.forward = middle - start < best.forward ? middle - start : best.forward;
        best.backward = end - again < best.backward ? end - again : best.backward;
    }
    for (size_t i = 0; i < s->input_count; i++)
        qhm_tensor_destroy(tensors[i]);
    qhm_tape_destroy(tape);
    return best;
}

static void print_subject(const subject *s, qhm_precision precision, double flops_limit)
{
    timing t = measure(s, precision);
    double count = (double)qhm_shape_count(s->shapes[0]);
    printf("%-34s %7s %9.1f %9.1f us", s->name, precision == QHM_FLOAT32 ? "float32" : "float64",
           1e6 * t.forward, 1e6 * t.backward);
    if (s->flops > 0) {
        printf("  %5.0f %% of one core's %.0f GFLOP/s forward\n",
               100 * s->flops / t.forward / flops_limit, flops_limit / 1e9);
        return;
    }
    double bytes = count * (double)qhm_precision_bytes(precision);
    printf("  %5.2f ns/element forward, %.0f %% of copying\n", 1e9 * t.forward / count,
           100 * 2 * bytes / t.forward / copy_limit((size_t)bytes));
}

// Step of an MLP 64 -> 128 -> 128 -> 10, batch 128, cross-entropy: forward and backward.
static void print_step(qhm_precision precision, double flops_limit)
{
    const size_t widths[] = {64, 128, 128, 10}, batch = 128;
    size_t labels[128] = {0};
    qhm_tape *tape;
    qhm_tensor *x;
    qhm_parameter *weights[3], *biases[3];
    double best = 1e9, flops = 0;
    require(qhm_tape_create(precision, &tape));
    require(qhm_tensor_create(precision, (qhm_shape){2, {batch, widths[0]}}, &x));
    for (size_t i = 0; i < 3; i++) {
        qhm_shape shape = {2, {widths[i + 1], widths[i]}}, row = {1, {widths[i + 1]}};
        require(qhm_parameter_create("w", precision, shape, 0, &weights[i]));
        require(qhm_parameter_create("b", precision, row, 0, &biases[i]));
        flops += 2.0 * (double)(batch * widths[i] * widths[i + 1]) * (i > 0 ? 3 : 2);
    }
    for (int repeat = 0; repeat < 2000; repeat++) {
        qhm_value inputs[3];
        double start = now();
        qhm_tape_reset(tape);
        require(qhm_tape_borrow(tape, x, &inputs[0]));
        for (size_t i = 0; i < 3; i++) {
            require(qhm_tape_parameter(tape, weights[i], &inputs[1]));
            require(qhm_tape_parameter(tape, biases[i], &inputs[2]));
            require(qhm_tape_apply(tape, QHM_OP_LINEAR, inputs, 3, NULL, &inputs[0]));
            if (i < 2)
                require(qhm_tape_apply(tape, QHM_OP_GELU, inputs, 1, NULL, &inputs[0]));
        }
        require(qhm_tape_indices(tape, (qhm_shape){1, {batch}}, labels, &inputs[1]));
        require(qhm_tape_apply(tape, QHM_OP_CROSS_ENTROPY, inputs, 2, NULL, &inputs[0]));
        require(qhm_tape_backward(tape, inputs[0]));
        double seconds = now() - start;
        best = seconds < best ? seconds : best;
    }
    printf("%-34s %7s %9.1f us a step, %.0f %% of one core's gemm\n",
           "mlp 64-128-128-10, batch 128", precision == QHM_FLOAT32 ? "float32" : "float64",
           1e6 * best, 100 * flops / best / flops_limit);
    for (size_t i = 0; i < 3; i++) {
        qhm_parameter_destroy(weights[i]);
        qhm_parameter_destroy(biases[i]);
    }
    qhm_tensor_destroy(x);
    qhm_tape_destroy(tape);
}

int main(void)
{
    for (unsigned threads = 1; threads <= 2; threads++) {
        require(qhm_threads_set_count(threads));
        printf("tensor, %u thread%s: best forward and backward\n", threads, threads > 1 ? "s" : "");
        for (int precision = 0; precision < 2; precision++) {
            double limit = gemm_limit((qhm_precision)precision);
            for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
                print_subject(&subjects[i], (qhm_precision)precision, limit);
            print_step((qhm_precision)precision, limit);
        }
    }
    return 0;
}
