// Operations on images [samples, channels, height, width]: convolution and pooling.
#include "tensor/ops.h"
#include "tensor/real.h"
#include "tensor/tensor_internal.h"

typedef struct image_sizes {
    size_t samples, channels, height, width; // input
    size_t filters, kernel_height, kernel_width;
    size_t out_height, out_width;
    size_t stride, padding;
} image_sizes;

// conv2d: x [samples, channels, height, width], filters [filters, channels, kh, kw], bias [filters]
//
// Each sample's patches become the columns of a matrix [channels kh kw, out_height out_width], so
// that the filters apply in one product (im2col). Samples are worked on in groups; a group has
// its own columns and its own part of the filters' gradient, which are added in order.

enum {
    GROUP = 8 // samples that share scratch
};

static image_sizes conv2d_sizes(const qhm_op_call *call)
{
    const size_t *x = call->shapes[0].sizes, *f = call->shapes[1].sizes;
    image_sizes s = {x[0], x[1], x[2], x[3], f[0], f[2], f[3], 0, 0, 0, 0};
    s.stride = call->attributes->stride ? call->attributes->stride : 1;
    s.padding = call->attributes->padding;
    s.out_height = (s.height + 2 * s.padding - s.kernel_height) / s.stride + 1;
    s.out_width = (s.width + 2 * s.padding - s.kernel_width) / s.stride + 1;
    return s;
}

static size_t patch_size(const image_sizes *s)
{
    return s->channels * s->kernel_height * s->kernel_width;
}

static size_t column_count(const image_sizes *s)
{
    return patch_size(s) * s->out_height * s->out_width;
}

static size_t group_scratch(const image_sizes *s)
{
    return 2 * column_count(s) + s->filters * patch_size(s);
}

static qhm_status conv2d_shape(qhm_op_call *call)
{
    qhm_shape x = call->shapes[0], f = call->shapes[1];
    QHM_REQUIRE(x.rank == 4, "the input is %s, not [samples, channels, height, width]",
                qhm_shape_print(x).characters);
    QHM_REQUIRE(f.rank == 4 && f.sizes[1] == x.sizes[1],
                "the filters are %s, not [filters, %zu, height, width]",
                qhm_shape_print(f).characters, x.sizes[1]);
    if (call->input_count == 3)
        QHM_REQUIRE(call->shapes[2].rank == 1 && call->shapes[2].sizes[0] == f.sizes[0],
                    "the bias is %s, not [%zu]", qhm_shape_print(call->shapes[2]).characters,
                    f.sizes[0]);
    size_t padding = call->attributes->padding;
    QHM_REQUIRE(padding < f.sizes[2] && padding < f.sizes[3],
                "padding is %zu, not below the filters' %zu x %zu", padding, f.sizes[2],
                f.sizes[3]);
    QHM_REQUIRE(f.sizes[2] <= x.sizes[2] + 2 * padding && f.sizes[3] <= x.sizes[3] + 2 * padding,
                "filters of %zu x %zu do not fit into images of %zu x %zu with padding %zu",
                f.sizes[2], f.sizes[3], x.sizes[2], x.sizes[3], padding);
    image_sizes s = conv2d_sizes(call);
    call->out_shape = (qhm_shape){4, {s.samples, s.filters, s.out_height, s.out_width}};
    size_t groups = (s.samples + GROUP - 1) / GROUP;
    call->saved_bytes = groups * group_scratch(&s) * sizeof(real);
    return QHM_OK;
}

// Outputs [first, last) along an axis meet pixels at kernel place k; the others meet padding.
// Output `first` meets pixel `pixel`, and each next one the pixel a stride on.
typedef struct meeting {
    size_t first, last, pixel;
} meeting;

static meeting meet(size_t k, const image_sizes *s, size_t size, size_t outputs)
{
    size_t missing = k < s->padding ? s->padding - k : 0; // pixels before the image
    size_t end = k < size + s->padding ? size + s->padding - k : 0;
    meeting m = {.first = (missing + s->stride - 1) / s->stride,
                 .last = (end + s->stride - 1) / s->stride};
    m.last = m.last < outputs ? m.last : outputs;
    m.first = m.first < m.last ? m.first : m.last;
    m.pixel = m.first * s->stride + k - s->padding;
    return m;
}

// Row p of the columns: which channel of the image it sees and where.
typedef struct patch_row {
    size_t channel;
    meeting y, x;
} patch_row;

static patch_row find_patch_row(const image_sizes *s, size_t p)
{
    size_t kx = p % s->kernel_width, ky = p / s->kernel_width % s->kernel_height;
    return (patch_row){.channel = p / s->kernel_width / s->kernel_height,
                       .y = meet(ky, s, s->height, s->out_height),
                       .x = meet(kx, s, s->width, s->out_width)};
}

// The columns of one image.
static void unfold(const image_sizes *s, const real *image, real *columns)
{
    size_t positions = s->out_height * s->out_width;
    memset(columns, 0, column_count(s) * sizeof *columns);
    for (size_t p = 0; p < patch_size(s); p++) {
        patch_row row = find_patch_row(s, p);
        for (size_t oy = row.y.first; oy < row.y.last; oy++) {
            size_t y = row.y.pixel + (oy - row.y.first) * s->stride;
            const real *from = image + (row.channel * s->height + y) * s->width + row.x.pixel;
            real *to = columns + p * positions + oy * s->out_width + row.x.first;
            size_t count = row.x.last - row.x.first;
            if (s->stride == 1)
                memcpy(to, from, count * sizeof *to);
            else
                for (size_t i = 0; i < count; i++)
                    to[i] = from[i * s->stride];
        }
    }
}

// The reverse: adds columns into the image.
static void fold(const image_sizes *s, const real *columns, real *image)
{
    size_t positions = s->out_height * s->out_width;
    for (size_t p = 0; p < patch_size(s); p++) {
        patch_row row = find_patch_row(s, p);
        for (size_t oy = row.y.first; oy < row.y.last; oy++) {
            size_t y = row.y.pixel + (oy - row.y.first) * s->stride;
            real *restrict to = image + (row.channel * s->height + y) * s->width + row.x.pixel;
            const real *restrict from = columns + p * positions + oy * s->out_width + row.x.first;
            size_t count = row.x.last - row.x.first;
            if (s->stride == 1)
                for (size_t i = 0; i < count; i++)
                    to[i] += from[i];
            else
                for (size_t i = 0; i < count; i++)
                    to[i * s->stride] += from[i];
        }
    }
}

static void conv2d_forward_group(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    image_sizes s = conv2d_sizes(call);
    size_t positions = s.out_height * s.out_width;
    real *columns = (real *)call->saved + first / GROUP * group_scratch(&s);
    for (size_t i = first; i < last; i++) {
        real *y = (real *)call->out + i * s.filters * positions;
        unfold(&s, (const real *)call->data[0] + i * s.channels * s.height * s.width, columns);
        for (size_t f = 0; call->input_count == 3 && f < s.filters; f++)
            for (size_t j = 0; j < positions; j++)
                y[f * positions + j] = ((const real *)call->data[2])[f];
        gemm_serial(false, false, s.filters, positions, patch_size(&s), 1, call->data[1],
                    patch_size(&s), columns, call->input_count == 3 ? 1 : 0, y);
    }
}

static void conv2d_forward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    qhm_parallel_for(call->shapes[0].sizes[0], GROUP, conv2d_forward_group, context);
}

static void conv2d_backward_group(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    image_sizes s = conv2d_sizes(call);
    size_t positions = s.out_height * s.out_width, patch = patch_size(&s);
    size_t image = s.channels * s.height * s.width;
    real *columns = (real *)call->saved + first / GROUP * group_scratch(&s);
    real *slopes = columns + column_count(&s), *filters = slopes + column_count(&s);
    for (size_t i = first; i < last; i++) {
        const real *g = (const real *)call->out_gradient + i * s.filters * positions;
        if (call->gradients[1]) {
            unfold(&s, (const real *)call->data[0] + i * image, columns);
            gemm_serial(false, true, s.filters, patch, positions, 1, g, positions, columns,
                        i > first ? 1 : 0, filters);
        }
        if (call->gradients[0]) {
            gemm_serial(true, false, patch, positions, s.filters, 1, call->data[1], patch, g, 0,
                        slopes);
            fold(&s, slopes, (real *)call->gradients[0] + i * image);
        }
    }
}

static void conv2d_backward(size_t first, size_t last, void *context)
{
    (void)first, (void)last;
    const qhm_op_call *call = context;
    image_sizes s = conv2d_sizes(call);
    qhm_parallel_for(s.samples, GROUP, conv2d_backward_group, context);
    size_t positions = s.out_height * s.out_width;
    for (size_t i = 0; call->gradients[1] && i < s.samples; i += GROUP) {
        const real *part =
            (const real *)call->saved + i / GROUP * group_scratch(&s) + 2 * column_count(&s);
        add_column_sums(call->gradients[1], part, 1, s.filters * patch_size(&s));
    }
    if (call->input_count == 3 && call->gradients[2])
        for (size_t i = 0; i < s.samples * s.filters; i++)
            ((real *)call->gradients[2])[i % s.filters] +=
                row_sum((const real *)call->out_gradient + i * positions, positions);
}

// Pools: windows of `window` squared, or the whole image; a plane is one channel of one sample.

static image_sizes pool_sizes(const qhm_op_call *call)
{
    const size_t *x = call->shapes[0].sizes;
    image_sizes s = {.samples = x[0], .channels = x[1], .height = x[2], .width = x[3]};
    s.kernel_height = call->attributes->window ? call->attributes->window : s.height;
    s.kernel_width = call->attributes->window ? call->attributes->window : s.width;
    s.stride = call->attributes->stride ? call->attributes->stride : s.kernel_height;
    s.out_height = (s.height - s.kernel_height) / s.stride + 1;
    s.out_width = (s.width - s.kernel_width) / s.stride + 1;
    if (call->attributes->window == 0)
        s.out_height = s.out_width = 1;
    return s;
}

static qhm_status pool_shape(qhm_op_call *call)
{
    qhm_shape x = call->shapes[0];
    QHM_REQUIRE(x.rank == 4, "the input is %s, not [samples, channels, height, width]",
                qhm_shape_print(x).characters);
    size_t window = call->attributes->window;
    QHM_REQUIRE(window <= x.sizes[2] && window <= x.sizes[3],
                "window is %zu, but images are %zu x %zu", window, x.sizes[2], x.sizes[3]);
    QHM_REQUIRE(call->attributes->padding == 0, "padding is %zu, but pools have none",
                call->attributes->padding);
    image_sizes s = pool_sizes(call);
    call->out_shape = (qhm_shape){4, {s.samples, s.channels, s.out_height, s.out_width}};
    return QHM_OK;
}

static qhm_status max_pool_shape(qhm_op_call *call)
{
    QHM_TRY(pool_shape(call));
    call->saved_bytes = qhm_shape_count(call->out_shape) * sizeof(uint32_t);
    return QHM_OK;
}

// The pixel at which the window of output element `index` begins.
static size_t window_start(const image_sizes *s, size_t index)
{
    size_t ox = index % s->out_width, oy = index / s->out_width % s->out_height;
    size_t plane = index / s->out_width / s->out_height;
    return (plane * s->height + oy * s->stride) * s->width + ox * s->stride;
}

static void mean_pool_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    image_sizes s = pool_sizes(call);
    real share = 1 / (real)(s.kernel_height * s.kernel_width);
    for (size_t i = first; i < last; i++) {
        const real *x = (const real *)call->data[0] + window_start(&s, i);
        real total = 0;
        for (size_t ky = 0; ky < s.kernel_height; ky++)
            total += row_sum(x + ky * s.width, s.kernel_width);
        ((real *)call->out)[i] = total * share;
    }
}

static void max_pool_forward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    image_sizes s = pool_sizes(call);
    for (size_t i = first; i < last; i++) {
        const real *x = (const real *)call->data[0] + window_start(&s, i);
        size_t best = 0;
        for (size_t ky = 0; ky < s.kernel_height; ky++)
            for (size_t kx = 0; kx < s.kernel_width; kx++) {
                real value = x[ky * s.width + kx];
                best = value > x[best] || value != value ? ky * s.width + kx : best;
            }
        ((real *)call->out)[i] = x[best];
        ((uint32_t *)call->saved)[i] = (uint32_t)best; // from the window's start
    }
}

// Backward over samples, whose planes no other sample shares.
static void mean_pool_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    image_sizes s = pool_sizes(call);
    real share = 1 / (real)(s.kernel_height * s.kernel_width);
    size_t count = s.channels * s.out_height * s.out_width;
    for (size_t i = first * count; i < last * count; i++) {
        real g = share * ((const real *)call->out_gradient)[i];
        real *dx = (real *)call->gradients[0] + window_start(&s, i);
        for (size_t ky = 0; ky < s.kernel_height; ky++)
            for (size_t kx = 0; kx < s.kernel_width; kx++)
                dx[ky * s.width + kx] += g;
    }
}

static void max_pool_backward(size_t first, size_t last, void *context)
{
    const qhm_op_call *call = context;
    image_sizes s = pool_sizes(call);
    size_t count = s.channels * s.out_height * s.out_width;
    for (size_t i = first * count; i < last * count; i++) {
        real *dx = (real *)call->gradients[0] + window_start(&s, i);
        dx[((const uint32_t *)call->saved)[i]] += ((const real *)call->out_gradient)[i];
    }
}

static const qhm_op_row rows[] = {
    {.op = QHM_OP_CONV2D,
     .name = "conv2d",
     .help = "x [samples, channels, height, width], filters [filters, channels, kh, kw] and, if "
             "wanted, bias [filters] give [samples, filters, (height + 2 padding - kh) / stride + "
             "1, likewise for width]: cross-correlation with zeros around. stride 0 is 1.",
     .least_inputs = 2,
     .most_inputs = 3,
     .shape = conv2d_shape,
     .forward_over = QHM_SPAN_WHOLE,
     .forward = conv2d_forward,
     .backward_over = QHM_SPAN_WHOLE,
     .backward = conv2d_backward},
    {.op = QHM_OP_MEAN_POOL_IMAGE,
     .name = "mean_pool_image",
     .help = "The mean of each square of `window` pixels, `stride` (0: window) apart; what does "
             "not fill a square at the right and bottom is left out. window 0: the whole image.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = pool_shape,
     .forward = mean_pool_forward,
     .backward_over = QHM_SPAN_SAMPLES,
     .backward = mean_pool_backward},
    {.op = QHM_OP_MAX_POOL_IMAGE,
     .name = "max_pool_image",
     .help = "As mean_pool_image with the largest pixel; the first of equals gets the gradient.",
     .least_inputs = 1,
     .most_inputs = 1,
     .shape = max_pool_shape,
     .forward = max_pool_forward,
     .backward_over = QHM_SPAN_SAMPLES,
     .backward = max_pool_backward},
};

const qhm_op_family QHM_TABLE = {rows, sizeof rows / sizeof *rows};
