// LU factors over LAPACK.
#include "linalg/lu_factor.h"

#include "base/parallel.h"

#include <lapacke.h>
#include <math.h>

qhm_status qhm_lu(double *a, size_t n, int *pivots)
{
    for (size_t i = 0; i < n * n; i++)
        if (!isfinite(a[i]))
            return QHM_FAIL(QHM_ERROR_NUMERIC, "element %zu of a matrix is %g", i, a[i]);
    int token = qhm_serial_begin();
    // Rows first is, to LAPACK, the transpose.
    const lapack_int info = LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, (lapack_int)n, (lapack_int)n, a,
                                                (lapack_int)n, pivots);
    qhm_serial_end(token);
    if (info != 0)
        return QHM_FAIL(QHM_ERROR_NUMERIC, "a %zu x %zu matrix is singular", n, n);
    return QHM_OK;
}

void qhm_lu_solve(const double *factors, size_t n, const int *pivots, bool transposed, double *b)
{
    int token = qhm_serial_begin();
    (void)LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, transposed ? 'N' : 'T', (lapack_int)n, 1, factors,
                              (lapack_int)n, pivots, b, (lapack_int)n);
    qhm_serial_end(token);
}
