// Matrix products: matmul and linear, over BLAS in fixed blocks.
#include "tensor/ops.h"
#include "tensor/real.h"
#include "tensor/tensor_internal.h"

// a [.., m, k] or transposed, b [.., k, n] or transposed; one product, or one for each sample.
typedef struct product_sizes {
    size_t batch, m, n, k;
} product_sizes;

static qhm_status matmul_sizes(const qhm_op_call *call, product_sizes *sizes)
{
    qhm_shape a = call->shapes[0], b = call->shapes[1];
    QHM_REQUIRE(a.rank >= 2 && a.rank == b.rank, "inputs are %s and %s, not two of rank 2 to 4",
                qhm_shape_print(a).characters, qhm_shape_print(b).characters);
    sizes->batch = 1;
    for (size_t i = 0; i + 2 < a.rank; i++) {
        QHM_REQUIRE(a.sizes[i] == b.sizes[i], "inputs are %s and %s: axis %zu differs",
                    qhm_shape_print(a).characters, qhm_shape_print(b).characters, i);
        sizes->batch *= a.sizes[i];
    }
    const size_t *last_a = a.sizes + a.rank - 2, *last_b = b.sizes + b.rank - 2;
    bool ta = call->attributes->transpose_a, tb = call->attributes->transpose_b;
    sizes->m = last_a[ta];
    sizes->k = last_a[!ta];
    sizes->n = last_b[!tb];
    QHM_REQUIRE(last_b[tb] == sizes->k, "inputs are %s%s and %s%s: the inner sizes differ",
                qhm_shape_print(a).characters, ta ? " (transposed)" : "",
                qhm_shape_print(b).characters, tb ? " (transposed)" : "");
    return QHM_OK;
}

static qhm_status matmul_shape(qhm_op_call *call)
{
    product_sizes sizes;
    QHM_TRY(matmul_sizes(call, &sizes));
    call->out_shape = call->shapes[0];
    call->out_shape.sizes[call->out_shape.rank - 2] = sizes.m;
    call->out_shape.sizes[call->out_shape.rank - 1] = sizes.n;
    return QHM_OK;
}

typedef struct batch_product {
    gemm_work product;
    size_t step_a, step_b, step_c;
} batch_product;

static void multiply_samples(size_t first, size_t last, void *context)
{
    const batch_product *batch = context;
    const gemm_work *g = &batch->product;
    for (size_t i = first; i < last; i++)
        gemm_serial(g->transpose_a, g->transpose_b, g->m, g->n, g->k, g->alpha,
                    g->a + i * batch->step_a, g->transpose_a ? g->m : g->k,
                    g->b + i * batch->step_b, g->beta, g->c + i * batch->step_c);
}

// One product for each sample; a lone one is cut into blocks of rows.
static void multiply_batch(size_t batch, gemm_work g)
{
    if (batch == 1) {
        gemm(g);
        return;
    }
    batch_product work = {g, g.m * g.k, g.k * g.n, g.m * g.n};
    size_t block = ((size_t)1 << 20) / (2 * g.m * g.n * g.k);
    qhm_parallel_for(batch, block ? block : 1, multiply_samples, &work);
}

static void matmul_forward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    product_sizes s;
    (void)!matmul_sizes(call, &s); // checked by the shape rule
    multiply_batch(s.batch, (gemm_work){.transpose_a = call->attributes->transpose_a,
                                        .transpose_b = call->attributes->transpose_b,
                                        .m = s.m,
                                        .n = s.n,
                                        .k = s.k,
                                        .alpha = 1,
                                        .a = call->data[0],
                                        .b = call->data[1],
                                        .c = call->out});
}

// With A = op(a), B = op(b): dA = g B^T and dB = A^T g, or their transposes.
static void matmul_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    product_sizes s;
    (void)!matmul_sizes(call, &s);
    bool ta = call->attributes->transpose_a, tb = call->attributes->transpose_b;
    const real *g = call->out_gradient, *a = call->data[0], *b = call->data[1];
    gemm_work da = {.m = s.m, .n = s.k, .k = s.n, .alpha = 1, .beta = 1, .c = call->gradients[0]};
    da.a = g;
    da.b = b;
    da.transpose_b = !tb;
    if (ta) // da^T = B g^T
        da = (gemm_work){tb, true, s.k, s.m, s.n, 1, 1, b, g, call->gradients[0]};
    gemm_work db = {.m = s.k, .n = s.n, .k = s.m, .alpha = 1, .beta = 1, .c = call->gradients[1]};
    db.a = a;
    db.b = g;
    db.transpose_a = !ta;
    if (tb) // db^T = g^T A
        db = (gemm_work){true, ta, s.n, s.k, s.m, 1, 1, g, a, call->gradients[1]};
    if (da.c)
        multiply_batch(s.batch, da);
    if (db.c)
        multiply_batch(s.batch, db);
}

// linear: x [.., in], weight [out, in], bias [out]

static qhm_status linear_shape(qhm_op_call *call)
{
    qhm_shape x = call->shapes[0], weight = call->shapes[1];
    QHM_REQUIRE(x.rank >= 1 && weight.rank == 2 && weight.sizes[1] == x.sizes[x.rank - 1],
                "the weight is %s, not [out, in] for an input of %s",
                qhm_shape_print(weight).characters, qhm_shape_print(x).characters);
    if (call->input_count == 3)
        QHM_REQUIRE(call->shapes[2].rank == 1 && call->shapes[2].sizes[0] == weight.sizes[0],
                    "the bias is %s, not [%zu]", qhm_shape_print(call->shapes[2]).characters,
                    weight.sizes[0]);
    call->out_shape = x;
    call->out_shape.sizes[x.rank - 1] = weight.sizes[0];
    return QHM_OK;
}

static void linear_forward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    size_t out = call->shapes[1].sizes[0], in = call->shapes[1].sizes[1];
    size_t row_count = qhm_shape_count(call->out_shape) / out;
    real *y = call->out;
    if (call->input_count == 3)
        for (size_t i = 0; i < row_count; i++)
            memcpy(y + i * out, call->data[2], out * sizeof(real));
    gemm((gemm_work){.transpose_b = true,
                     .m = row_count,
                     .n = out,
                     .k = in,
                     .alpha = 1,
                     .beta = call->input_count == 3 ? 1 : 0,
                     .a = call->data[0],
                     .b = call->data[1],
                     .c = y});
}

static void linear_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    size_t out = call->shapes[1].sizes[0], in = call->shapes[1].sizes[1];
    size_t row_count = qhm_shape_count(call->out_shape) / out;
    const real *g = call->out_gradient;
    if (call->gradients[0])
        gemm((gemm_work){false, false, row_count, in, out, 1, 1, g, call->data[1],
                         call->gradients[0]});
    if (call->gradients[1])
        gemm((gemm_work){true, false, out, in, row_count, 1, 1, g, call->data[0],
                         call->gradients[1]});
    if (call->input_count == 3 && call->gradients[2])
        add_column_sums(call->gradients[2], g, row_count, out);
}

static const qhm_op_row rows[] = {
    {.op = QHM_OP_MATMUL,
     .name = "matmul",
     .help = "a [.., m, k] times b [.., k, n], of equal rank 2 to 4: one product for each index "
             "of the leading axes, which agree. transpose_a: a is [.., k, m]; transpose_b: b is "
             "[.., n, k].",
     .least_inputs = 2,
     .most_inputs = 2,
     .shape = matmul_shape,
     .forward_over = QHM_SPAN_WHOLE,
     .forward = matmul_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = matmul_backward},
    {.op = QHM_OP_LINEAR,
     .name = "linear",
     .help = "x [.., in], weight [out, in] and, if wanted, bias [out] give x weight^T + bias "
             "[.., out].",
     .least_inputs = 2,
     .most_inputs = 3,
     .shape = linear_shape,
     .forward_over = QHM_SPAN_WHOLE,
     .forward = linear_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = linear_backward},
};

const qhm_op_family QHM_TABLE = {rows, sizeof rows / sizeof *rows};
