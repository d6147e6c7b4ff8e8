/** @file tape.h
 *  Reverse-mode automatic differentiation: operations are recorded on a tape and run backward.
 *
 *      qhm_tape_reset(tape);
 *      qhm_tape_constant(tape, (qhm_shape){2, {32, 8}}, features, &x);
 *      qhm_tape_parameter(tape, weight, &w);
 *      qhm_tape_apply(tape, QHM_OP_LINEAR, (qhm_value[]){x, w}, 2, NULL, &logits);
 *      qhm_tape_indices(tape, (qhm_shape){1, {32}}, labels, &y);
 *      qhm_tape_apply(tape, QHM_OP_CROSS_ENTROPY, (qhm_value[]){logits, y}, 2, NULL, &loss);
 *      qhm_tape_backward(tape, loss);       // adds to the gradient of `weight`
 *
 *  Every value lives in the tape's memory until the next reset. The reset keeps the memory, so
 *  a step that needs no more than an earlier one allocates nothing. Results have the same bits
 *  for any number of threads. A tape belongs to one thread at a time. */
#ifndef QHM_TAPE_H
#define QHM_TAPE_H

#include <qhm/parameter.h>
#include <qhm/random.h>
#include <qhm/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most inputs that an operation takes. */
#define QHM_MAX_OP_INPUTS 8

/** A tape and the memory of its values. */
typedef struct qhm_tape qhm_tape;

/** A value on a tape; `{0}` (QHM_NO_VALUE) is none. Dead after the tape's next reset. */
typedef struct qhm_value {
    uint32_t number;     /**< place on the tape, from 1 */
    uint32_t generation; /**< which recording it belongs to */
} qhm_value;

/** The value that is none: an absent optional input. */
#define QHM_NO_VALUE ((qhm_value){0, 0})

/** The operations; `qhm_op_help` tells each one's inputs, attributes and shapes. */
typedef enum qhm_op {
    QHM_OP_NONE = 0,
    QHM_OP_ADD,
    QHM_OP_SUBTRACT,
    QHM_OP_MULTIPLY,
    QHM_OP_SCALE,
    QHM_OP_RELU,
    QHM_OP_GELU,
    QHM_OP_TANH,
    QHM_OP_SIGMOID,
    QHM_OP_EXP,
    QHM_OP_LOG,
    QHM_OP_SIN,
    QHM_OP_COS,
    QHM_OP_DROPOUT,
    QHM_OP_MATMUL,
    QHM_OP_LINEAR,
    QHM_OP_CONV2D,
    QHM_OP_MEAN_POOL_IMAGE,
    QHM_OP_MAX_POOL_IMAGE,
    QHM_OP_EMBEDDING,
    QHM_OP_SOFTMAX,
    QHM_OP_LAYERNORM,
    QHM_OP_L2_NORMALISE,
    QHM_OP_MEAN_POOL_SEQUENCE,
    QHM_OP_MAX_POOL_SEQUENCE,
    QHM_OP_PAIRWISE_SQUARED_DIFFERENCE,
    QHM_OP_CONCAT,
    QHM_OP_SLICE,
    QHM_OP_RESHAPE,
    QHM_OP_TRANSPOSE,
    QHM_OP_SUM,
    QHM_OP_MEAN,
    QHM_OP_CROSS_ENTROPY,
    QHM_OP_INFO_NCE,
    QHM_OP_COUNT
} qhm_op;

/** What an operation needs besides its inputs; each operation reads the fields its help names. */
typedef struct qhm_op_attributes {
    double factor, offset;         /**< scale: factor x + offset, both as given */
    double rate;                   /**< dropout: the share set to zero, 0 to below 1 */
    double epsilon;                /**< layernorm, l2_normalise; 0: 1e-5 and 1e-12 */
    size_t axis;                   /**< concat, slice: counted from the last axis, which is 0 */
    size_t first, count;           /**< slice */
    size_t stride, padding;        /**< conv2d, pools; stride 0: 1 for conv2d, window for pools */
    size_t window;                 /**< image pools: side of the square; 0: the whole image */
    bool transpose_a, transpose_b; /**< matmul */
    size_t axes[QHM_MAX_RANK];     /**< transpose: output axis i is input axis axes[i]; all 0:
                                        the last two change places */
    qhm_shape shape;               /**< reshape */
} qhm_op_attributes;

/** The name of an operation, such as "linear"; NULL when there is no such operation. */
QHM_API const char *qhm_op_name(qhm_op op);

/** One paragraph: inputs and output with shapes, attributes, formula. NULL as above. */
QHM_API const char *qhm_op_help(qhm_op op);

/** Makes an empty tape.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tape_create(qhm_precision precision, qhm_tape **out);

/** Frees the tape and all its values; NULL is fine. */
QHM_API void qhm_tape_destroy(qhm_tape *tape);

/** Forgets all values and keeps the memory for the next recording.
 *
 *  When the recording outgrew the memory, it is joined into one block here. */
QHM_API void qhm_tape_reset(qhm_tape *tape);

/** The memory that the tape holds, in bytes. */
QHM_API size_t qhm_tape_bytes(const qhm_tape *tape);

/** The precision of every value on the tape. */
QHM_API qhm_precision qhm_tape_precision(const qhm_tape *tape);

/** Training or (as created) evaluation: dropout acts in training only. Survives a reset. */
QHM_API void qhm_tape_set_training(qhm_tape *tape, bool is_training);

/** True between qhm_tape_set_training(tape, true) and (tape, false). */
QHM_API bool qhm_tape_is_training(const qhm_tape *tape);

/** Sets the stream that dropout and shots draw from; give each training step its own. */
QHM_API void qhm_tape_set_random(qhm_tape *tape, qhm_random random);

/** The stream, to be drawn from by modules; borrowed. */
QHM_API qhm_random *qhm_tape_random(qhm_tape *tape);

/** Copies values [count of shape] to the tape as a constant, rounded to its precision.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tape_constant(qhm_tape *tape, qhm_shape shape,
                                                    const double *values, qhm_value *out);

/** Borrows a tensor of the tape's precision as a constant: it must outlive the recording.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tape_borrow(qhm_tape *tape, const qhm_tensor *tensor,
                                                  qhm_value *out);

/** As qhm_tape_borrow(), but qhm_tape_gradient() will give its gradient after backward. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tape_variable(qhm_tape *tape, const qhm_tensor *tensor,
                                                    qhm_value *out);

/** Copies rows of a tensor of either precision to the tape as a constant: a minibatch.
 *
 *  @param[in]  source  [n, ...]
 *  @param[in]  rows    [row_count], each below n
 *  @param[out] out     [row_count, ...]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tape_rows(qhm_tape *tape, const qhm_tensor *source,
                                                const size_t *rows, size_t row_count,
                                                qhm_value *out);

/** Copies indices (labels, tokens) to the tape: a value that only `embedding` and
 *  `cross_entropy` take, as the one of their inputs that is documented so.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tape_indices(qhm_tape *tape, qhm_shape shape,
                                                   const size_t *indices, qhm_value *out);

/** Puts a parameter on the tape; backward adds to its gradient. It must outlive the recording.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tape_parameter(qhm_tape *tape, qhm_parameter *parameter,
                                                     qhm_value *out);

/** Runs an operation and records it.
 *
 *  @param[in]  inputs      [input_count], as qhm_op_help() tells
 *  @param[in]  attributes  NULL: all zero
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT for shapes, counts or attributes that do not fit;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tape_apply(qhm_tape *tape, qhm_op op, const qhm_value *inputs,
                                                 size_t input_count,
                                                 const qhm_op_attributes *attributes,
                                                 qhm_value *out);

/** Adds to the gradients of a custom operation's inputs, from the gradient of its output.
 *
 *  Read values by qhm_tape_data(); qhm_tape_gradient(tape, output) is complete; add (`+=`) to
 *  qhm_tape_gradient(tape, inputs[i]) unless that is NULL: then nobody asks for it. */
typedef qhm_status qhm_custom_backward(void *context, qhm_tape *tape, qhm_value output,
                                       const qhm_value *inputs, size_t input_count);

/** Records an operation that the caller computes: write its result to qhm_tape_data(tape, *out).
 *
 *  @param[in] inputs    [input_count], at most QHM_MAX_OP_INPUTS, may be parameters and indices
 *  @param[in] shape     of the output, which begins as zeros
 *  @param[in] backward  NULL: the output is a constant
 *  @param[in] context   handed to backward; must live until the reset (see qhm_tape_scratch())
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tape_custom(qhm_tape *tape, const qhm_value *inputs,
                                                  size_t input_count, qhm_shape shape,
                                                  qhm_custom_backward *backward, void *context,
                                                  qhm_value *out);

/** Gives zeroed memory, 64-byte aligned, that lives until the reset.
 *
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tape_scratch(qhm_tape *tape, size_t bytes, void *out_pointer);

/** Runs the tape backward from a loss of one element, once per recording: every parameter that
 *  the loss depends on gets its gradient added.
 *
 *  Cost: about twice the forward pass; the gradients of all values on the way.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY; what a custom backward
 *          returns. */
QHM_API QHM_MUST_CHECK qhm_status qhm_tape_backward(qhm_tape *tape, qhm_value loss);

/** True when the value belongs to the tape's present recording. */
QHM_API bool qhm_tape_has(const qhm_tape *tape, qhm_value value);

/** True when backward will ask for the value's gradient: a parameter or variable is below it. */
QHM_API bool qhm_tape_wants_gradient(const qhm_tape *tape, qhm_value value);

/** The value's shape; that of a scalar, `{0}`, too when the value is not on the tape. */
QHM_API qhm_shape qhm_tape_shape(const qhm_tape *tape, qhm_value value);

/** The value's elements, `double *` or `float *`; NULL for indices or no value. Borrowed. */
QHM_API void *qhm_tape_data(const qhm_tape *tape, qhm_value value);

/** The elements of an index value; NULL for others. Borrowed. */
QHM_API const size_t *qhm_tape_index_data(const qhm_tape *tape, qhm_value value);

/** The value's gradient after (or, in a custom backward, during) backward; NULL if none. */
QHM_API void *qhm_tape_gradient(const qhm_tape *tape, qhm_value value);

/** Element `index` of a value as a double; NaN when there is no such element. */
QHM_API double qhm_tape_item(const qhm_tape *tape, qhm_value value, size_t index);

#ifdef __cplusplus
}
#endif
#endif
