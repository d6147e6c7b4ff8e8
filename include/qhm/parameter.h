/** @file parameter.h
 *  Parameters: named arrays with a gradient, owned by modules and changed by optimizers. */
#ifndef QHM_PARAMETER_H
#define QHM_PARAMETER_H

#include <qhm/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is true of a parameter; may be combined with `|`. */
typedef enum qhm_parameter_flag {
    QHM_PARAMETER_PLAIN = 0,
    QHM_PARAMETER_NO_DECAY = 1,  /**< weight decay leaves it alone: biases, gains, angles */
    QHM_PARAMETER_EMBEDDING = 2, /**< a table of words: counted separately in costs */
    QHM_PARAMETER_FIXED = 4      /**< never trained: no gradient, but saved with the model */
} qhm_parameter_flag;

/** A named array with its gradient. */
typedef struct qhm_parameter qhm_parameter;

/** Makes a parameter of zeros with a gradient of zeros.
 *
 *  @param[in]  name   copied; unique within a model once its module's path is put before it.
 *  @param[in]  flags  values of qhm_parameter_flag, combined.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *
 *  Memory: two arrays of the shape, one when QHM_PARAMETER_FIXED is set. */
QHM_API QHM_MUST_CHECK qhm_status qhm_parameter_create(const char *name, qhm_precision precision,
                                                       qhm_shape shape, unsigned flags,
                                                       qhm_parameter **out);

/** Frees the parameter; NULL is fine. */
QHM_API void qhm_parameter_destroy(qhm_parameter *parameter);

/** The name; borrowed. */
QHM_API const char *qhm_parameter_name(const qhm_parameter *parameter);

/** The flags given at creation. */
QHM_API unsigned qhm_parameter_flags(const qhm_parameter *parameter);

/** The values; borrowed. */
QHM_API qhm_tensor *qhm_parameter_value(const qhm_parameter *parameter);

/** The gradient, which qhm_tape_backward() adds to; borrowed, NULL for a fixed parameter. */
QHM_API qhm_tensor *qhm_parameter_gradient(const qhm_parameter *parameter);

/** Sets the gradients of all parameters [count] to zero. */
QHM_API void qhm_parameter_clear_gradients(qhm_parameter *const *parameters, size_t count);

#ifdef __cplusplus
}
#endif
#endif
