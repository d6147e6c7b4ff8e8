// Thin singular value decomposition with fixed signs.
#ifndef QHM_LINALG_SINGULAR_VALUES_H
#define QHM_LINALG_SINGULAR_VALUES_H

#include "base/status_internal.h"

#include <stddef.h>

// a [rows][columns] = sum_i values[i] left[i] right[i]', i below r = min(rows, columns), values in
// descending order, left [r][rows], right [r][columns]. a is overwritten. The largest component
// of each right vector is positive. LAPACK dgesdd, on one thread.
// QHM_ERROR_NUMERIC when a is not finite; QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_singular_values(double *a, size_t rows, size_t columns,
                                              double *values, double *left, double *right);

#endif
