// The operations of the tape: one row each, found by number.
//
// A row is all that is true of an operation. Rows stand in families, one file each, compiled
// per precision and instruction set (see cmake/QhmModule.cmake). To add one: a number in
// <qhm/tape.h>, a row in the family's file, a sample in ops.test.c; tests loop over the rows.
#ifndef QHM_TENSOR_OPS_H
#define QHM_TENSOR_OPS_H

#include "base/parallel.h"
#include "base/status_internal.h"

#include <qhm/tape.h>

// One use of an operation: what its functions see. The shape rule fills the second part; data
// and gradients are there from forward and from backward on.
typedef struct qhm_op_call {
    const qhm_op_attributes *attributes;
    size_t input_count;
    qhm_shape shapes[QHM_MAX_OP_INPUTS];
    const void *data[QHM_MAX_OP_INPUTS]; // indices of index inputs, also in the shape rule
    bool is_training;
    uint32_t key[2]; // of this use's own random numbers

    qhm_shape out_shape;
    size_t saved_bytes; // memory kept from forward to backward
    void *saved;
    void *out;
    const void *out_gradient;
    void *gradients[QHM_MAX_OP_INPUTS]; // added to; NULL: not wanted
} qhm_op_call;

// What an operation's forward or backward is a range over; the tape cuts it into fixed blocks.
typedef enum qhm_op_span {
    QHM_SPAN_ELEMENTS = 0, // of the output
    QHM_SPAN_ROWS,         // of the output: all axes but the last
    QHM_SPAN_SAMPLES,      // of the output: its first axis
    QHM_SPAN_WHOLE         // one range [0, 1): the function splits its work itself
} qhm_op_span;

typedef struct qhm_op_row {
    qhm_op op;
    const char *name;
    const char *help;
    size_t least_inputs, most_inputs;
    unsigned index_inputs; // bit i: input i is indices
    unsigned flat_inputs;  // bit i: no gradient flows to input i (masks)
    bool draws;            // needs `key` when training

    qhm_status (*shape)(qhm_op_call *call); // checks shapes and attributes
    qhm_op_span forward_over, backward_over;
    qhm_range_work *forward;  // the context is the call
    qhm_range_work *backward; // adds to every gradient that is not NULL
} qhm_op_row;

typedef struct qhm_op_family {
    const qhm_op_row *rows;
    size_t count;
} qhm_op_family;

// The row of an operation for this processor, NULL if there is none.
const qhm_op_row *qhm_op_find(qhm_op op, qhm_precision precision);

// Runs forward or backward of a row over its span.
void qhm_op_run(const qhm_op_call *call, qhm_op_span span, qhm_range_work *work);

#endif
