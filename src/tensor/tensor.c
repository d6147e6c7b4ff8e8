// Arrays: shape, precision and memory.
#include <qhm/tensor.h>

#include "base/memory.h"
#include "tensor/tensor_internal.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

struct qhm_tensor {
    qhm_precision precision;
    qhm_shape shape;
    size_t count;
    void *data;
};

size_t qhm_precision_bytes(qhm_precision precision)
{
    return precision == QHM_FLOAT32 ? sizeof(float) : sizeof(double);
}

size_t qhm_shape_count(qhm_shape shape)
{
    size_t count = 1;
    for (size_t i = 0; i < shape.rank && i < QHM_MAX_RANK; i++)
        count *= shape.sizes[i];
    return count;
}

bool qhm_shape_is_equal(qhm_shape a, qhm_shape b)
{
    if (a.rank != b.rank || a.rank > QHM_MAX_RANK)
        return false;
    for (size_t i = 0; i < a.rank; i++)
        if (a.sizes[i] != b.sizes[i])
            return false;
    return true;
}

qhm_shape_text qhm_shape_print(qhm_shape shape)
{
    qhm_shape_text text = {.characters = "["};
    size_t rank = shape.rank < QHM_MAX_RANK ? shape.rank : QHM_MAX_RANK;
    size_t used = 1;
    for (size_t i = 0; i < rank; i++)
        used += (size_t)snprintf(text.characters + used, sizeof text.characters - used, "%s%zu",
                                 i ? ", " : "", shape.sizes[i]);
    snprintf(text.characters + used, sizeof text.characters - used, "]");
    return text;
}

qhm_status qhm_shape_check(qhm_shape shape)
{
    QHM_REQUIRE(shape.rank <= QHM_MAX_RANK, "rank is %zu, not 0 to %d", shape.rank, QHM_MAX_RANK);
    size_t count = 1;
    for (size_t i = 0; i < shape.rank; i++) {
        size_t size = shape.sizes[i];
        QHM_REQUIRE(size >= 1 && size <= INT_MAX, "axis %zu has size %zu, not 1 to %d", i, size,
                    INT_MAX); // BLAS counts in int
        if (!qhm_multiply_size(count, size, &count) || count > SIZE_MAX / 16)
            return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "shape %s has too many elements",
                            qhm_shape_print(shape).characters);
    }
    return QHM_OK;
}

qhm_status qhm_tensor_create(qhm_precision precision, qhm_shape shape, qhm_tensor **out)
{
    QHM_REQUIRE(out, "out is NULL");
    QHM_REQUIRE(precision == QHM_FLOAT64 || precision == QHM_FLOAT32,
                "precision is %d, not QHM_FLOAT64 or QHM_FLOAT32", (int)precision);
    QHM_TRY(qhm_shape_check(shape));
    qhm_tensor *tensor;
    QHM_TRY(qhm_allocate(1, sizeof *tensor, &tensor));
    tensor->precision = precision;
    tensor->shape = shape;
    tensor->count = qhm_shape_count(shape);
    qhm_status status = qhm_allocate(tensor->count, qhm_precision_bytes(precision), &tensor->data);
    if (status != QHM_OK) {
        qhm_tensor_destroy(tensor);
        return status;
    }
    *out = tensor;
    return QHM_OK;
}

void qhm_tensor_destroy(qhm_tensor *tensor)
{
    if (!tensor)
        return;
    qhm_release(tensor->data);
    qhm_release(tensor);
}

void qhm_convert(qhm_precision to, void *into, qhm_precision from, const void *values, size_t count)
{
    if (to == from) {
        memcpy(into, values, count * qhm_precision_bytes(to));
    } else if (to == QHM_FLOAT32) {
        const double *wide = values;
        float *narrow = into;
        for (size_t i = 0; i < count; i++)
            narrow[i] = (float)wide[i];
    } else {
        const float *narrow = values;
        double *wide = into;
        for (size_t i = 0; i < count; i++)
            wide[i] = (double)narrow[i];
    }
}

qhm_status qhm_tensor_copy(const qhm_tensor *tensor, qhm_precision precision, qhm_tensor **out)
{
    QHM_REQUIRE(tensor, "tensor is NULL");
    qhm_tensor *copy;
    QHM_TRY(qhm_tensor_create(precision, tensor->shape, &copy));
    qhm_convert(precision, copy->data, tensor->precision, tensor->data, tensor->count);
    *out = copy;
    return QHM_OK;
}

qhm_precision qhm_tensor_precision(const qhm_tensor *tensor)
{
    return tensor->precision;
}

qhm_shape qhm_tensor_shape(const qhm_tensor *tensor)
{
    return tensor->shape;
}

size_t qhm_tensor_count(const qhm_tensor *tensor)
{
    return tensor->count;
}

void *qhm_tensor_data(qhm_tensor *tensor)
{
    return tensor->data;
}

const void *qhm_tensor_view(const qhm_tensor *tensor)
{
    return tensor->data;
}

size_t qhm_tensor_bytes(const qhm_tensor *tensor)
{
    return sizeof *tensor + tensor->count * qhm_precision_bytes(tensor->precision);
}

double qhm_tensor_item(const qhm_tensor *tensor, size_t index)
{
    if (index >= tensor->count)
        return NAN;
    return tensor->precision == QHM_FLOAT32 ? (double)((const float *)tensor->data)[index]
                                            : ((const double *)tensor->data)[index];
}

static qhm_status check_range(const qhm_tensor *tensor, size_t first, size_t count)
{
    QHM_REQUIRE(tensor, "tensor is NULL");
    QHM_REQUIRE(first <= tensor->count && count <= tensor->count - first,
                "elements %zu to %zu are asked for, but there are %zu", first, first + count,
                tensor->count);
    return QHM_OK;
}

qhm_status qhm_tensor_set(qhm_tensor *tensor, size_t first, size_t count, const double *values)
{
    QHM_TRY(check_range(tensor, first, count));
    char *into = (char *)tensor->data + first * qhm_precision_bytes(tensor->precision);
    qhm_convert(tensor->precision, into, QHM_FLOAT64, values, count);
    return QHM_OK;
}

qhm_status qhm_tensor_read(const qhm_tensor *tensor, size_t first, size_t count, double *values)
{
    QHM_TRY(check_range(tensor, first, count));
    const char *from = (const char *)tensor->data + first * qhm_precision_bytes(tensor->precision);
    qhm_convert(QHM_FLOAT64, values, tensor->precision, from, count);
    return QHM_OK;
}
