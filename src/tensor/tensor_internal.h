// Shapes checked and printed, precisions converted, parameters renamed.
#ifndef QHM_TENSOR_INTERNAL_H
#define QHM_TENSOR_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/parameter.h>
#include <qhm/tensor.h>
#include <stdio.h>

typedef struct qhm_shape_text {
    char characters[100];
} qhm_shape_text;

// "[2, 3]", to be used within one expression.
qhm_shape_text qhm_shape_print(qhm_shape shape);

// Rank, every size and the number of elements are within limits.
QHM_MUST_CHECK qhm_status qhm_shape_check(qhm_shape shape);

// Converts values [count]; into may not overlap.
void qhm_convert(qhm_precision to, void *into, qhm_precision from, const void *values,
                 size_t count);

// Puts "prefix." before a parameter's name: it became part of a larger model.
QHM_MUST_CHECK qhm_status qhm_parameter_prefix_name(qhm_parameter *parameter, const char *prefix);

#endif
