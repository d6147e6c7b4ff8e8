// Where the families of operations are listed.
#include "tensor/ops.h"

#include "base/cpu.h"

#if defined(__x86_64__)
#define LEVELS(family)                                                                             \
    {                                                                                              \
        {&qhm_##family##_kernels_baseline_double, &qhm_##family##_kernels_baseline_float},         \
            {&qhm_##family##_kernels_avx2_double, &qhm_##family##_kernels_avx2_float},             \
        {                                                                                          \
            &qhm_##family##_kernels_avx512_double, &qhm_##family##_kernels_avx512_float            \
        }                                                                                          \
    }
#define DECLARE(family)                                                                            \
    extern const qhm_op_family qhm_##family##_kernels_baseline_double,                             \
        qhm_##family##_kernels_baseline_float, qhm_##family##_kernels_avx2_double,                 \
        qhm_##family##_kernels_avx2_float, qhm_##family##_kernels_avx512_double,                   \
        qhm_##family##_kernels_avx512_float
#else
#define LEVELS(family)                                                                             \
    {                                                                                              \
        {                                                                                          \
            &qhm_##family##_kernels_baseline_double, &qhm_##family##_kernels_baseline_float        \
        }                                                                                          \
    }
#define DECLARE(family)                                                                            \
    extern const qhm_op_family qhm_##family##_kernels_baseline_double,                             \
        qhm_##family##_kernels_baseline_float
#endif

DECLARE(elementwise);
DECLARE(matrix);
DECLARE(row);
DECLARE(layout);
DECLARE(image);
DECLARE(loss);

// [family][isa][precision]
static const qhm_op_family *const families[][QHM_ISA_COUNT][2] = {
    LEVELS(elementwise), LEVELS(matrix), LEVELS(row), LEVELS(layout), LEVELS(image), LEVELS(loss),
};

const qhm_op_row *qhm_op_find(qhm_op op, qhm_precision precision)
{
    qhm_isa isa = qhm_cpu_isa();
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        const qhm_op_family *family = families[i][isa][precision];
        for (size_t j = 0; j < family->count; j++)
            if (family->rows[j].op == op)
                return &family->rows[j];
    }
    return NULL;
}

const char *qhm_op_name(qhm_op op)
{
    const qhm_op_row *row = qhm_op_find(op, QHM_FLOAT64);
    return row ? row->name : NULL;
}

const char *qhm_op_help(qhm_op op)
{
    const qhm_op_row *row = qhm_op_find(op, QHM_FLOAT64);
    return row ? row->help : NULL;
}

void qhm_op_run(const qhm_op_call *call, qhm_op_span span, qhm_range_work *work)
{
    const size_t block_elements = 1 << 14; // some microseconds of work
    size_t count = qhm_shape_count(call->out_shape);
    size_t items = 1;
    switch (span) {
    case QHM_SPAN_ELEMENTS:
        items = count;
        break;
    case QHM_SPAN_ROWS:
        items = call->out_shape.rank ? count / call->out_shape.sizes[call->out_shape.rank - 1] : 1;
        break;
    case QHM_SPAN_SAMPLES:
        items = call->out_shape.rank ? call->out_shape.sizes[0] : 1;
        break;
    case QHM_SPAN_WHOLE:
        work(0, 1, (void *)call);
        return;
    }
    size_t block = block_elements / (count / items);
    qhm_parallel_for(items, block ? block : 1, work, (void *)call);
}
