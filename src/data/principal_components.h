// Principal components of centred data, dense or given by its Gram matrix.
#ifndef QHM_DATA_PRINCIPAL_COMPONENTS_H
#define QHM_DATA_PRINCIPAL_COMPONENTS_H

#include "base/status_internal.h"

#include <stddef.h>

// The first `wanted` directions of largest variance of x [rows][columns], whose columns have mean
// 0: components [wanted][columns], orthonormal, signs fixed; those beyond the rank are 0. Works on
// the smaller of x'x and xx'.
QHM_MUST_CHECK qhm_status qhm_principal_components(const double *x, size_t rows, size_t columns,
                                                   size_t wanted, double *components);

#endif
