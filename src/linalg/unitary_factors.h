// Unitary matrices taken apart: eigenvalues, and the cosine-sine decomposition.
#ifndef QHM_LINALG_UNITARY_FACTORS_H
#define QHM_LINALG_UNITARY_FACTORS_H

#include "base/status_internal.h"

#include <qhm/types.h>
#include <stddef.h>

// u [n][n] = v diag(e^{i phases}) v^dagger with a unitary v [n][n], rows first; also where
// eigenvalues coincide. LAPACK zgees, on one thread.
// QHM_ERROR_NUMERIC when it does not converge; QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_unitary_eigen(size_t n, const qhm_complex *u, double *phases,
                                            qhm_complex *v);

// u [2n][2n] = [left0, 0; 0, left1] [C, -S; S, C] [right0, 0; 0, right1] with C = diag(cos(turns)),
// S = diag(sin(turns)), turns [n] in 0 to pi/2, and unitary blocks [n][n], rows first.
typedef struct qhm_cosine_sine {
    double *turns;
    qhm_complex *left[2], *right[2];
} qhm_cosine_sine;

// LAPACK zuncsd, on one thread. Errors as qhm_unitary_eigen.
QHM_MUST_CHECK qhm_status qhm_cosine_sine_find(size_t n, const qhm_complex *u,
                                               const qhm_cosine_sine *factors);

#endif
