/** @file tensor.h
 *  Arrays of real numbers, float32 or float64, of at most four axes, contiguous and row-major. */
#ifndef QHM_TENSOR_H
#define QHM_TENSOR_H

#include <qhm/status.h>
#include <qhm/types.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most axes that an array has. */
#define QHM_MAX_RANK 4

/** The sizes of an array's axes; the last axis is contiguous. Write `(qhm_shape){2, {rows, 8}}`.
 *
 *  Rank 0 is a scalar of one element. */
typedef struct qhm_shape {
    size_t rank;
    size_t sizes[QHM_MAX_RANK];
} qhm_shape;

/** The number of elements: the product of the sizes, 1 for rank 0. */
QHM_API size_t qhm_shape_count(qhm_shape shape);

/** True when rank and sizes agree. */
QHM_API bool qhm_shape_is_equal(qhm_shape a, qhm_shape b);

/** An array with its memory. */
typedef struct qhm_tensor qhm_tensor;

/** Makes an array of zeros.
 *
 *  @param[in]  shape  at most QHM_MAX_RANK axes, each of at least one element.
 *  @param[out] out    the caller's; pairs with qhm_tensor_destroy().
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tensor_create(qhm_precision precision, qhm_shape shape,
                                                    qhm_tensor **out);

/** Frees the array; NULL is fine. */
QHM_API void qhm_tensor_destroy(qhm_tensor *tensor);

/** Makes a copy in the given precision.
 *
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tensor_copy(const qhm_tensor *tensor, qhm_precision precision,
                                                  qhm_tensor **out);

/** The precision given at creation. */
QHM_API qhm_precision qhm_tensor_precision(const qhm_tensor *tensor);

/** The sizes of the axes. */
QHM_API qhm_shape qhm_tensor_shape(const qhm_tensor *tensor);

/** The number of elements. */
QHM_API size_t qhm_tensor_count(const qhm_tensor *tensor);

/** The elements, `double *` or `float *` by precision; borrowed, 64-byte aligned. */
QHM_API void *qhm_tensor_data(qhm_tensor *tensor);

/** As qhm_tensor_data(), for reading. */
QHM_API const void *qhm_tensor_view(const qhm_tensor *tensor);

/** The memory that the object takes, in bytes. */
QHM_API size_t qhm_tensor_bytes(const qhm_tensor *tensor);

/** Element `index` in row-major order; NaN when there is no such element. */
QHM_API double qhm_tensor_item(const qhm_tensor *tensor, size_t index);

/** Sets count elements beginning at `first`, rounding to the tensor's precision.
 *
 *  @param[in] values  [count]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT when they do not fit. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tensor_set(qhm_tensor *tensor, size_t first, size_t count,
                                                 const double *values);

/** Reads count elements beginning at `first`.
 *
 *  @param[out] values  [count]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT when there are fewer. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tensor_read(const qhm_tensor *tensor, size_t first,
                                                  size_t count, double *values);

/** The size of one element in bytes: 8 or 4. */
QHM_API size_t qhm_precision_bytes(qhm_precision precision);

#ifdef __cplusplus
}
#endif
#endif
