// Cholesky factors over LAPACK and BLAS.
#include "linalg/cholesky.h"

#include "base/parallel.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>

qhm_status qhm_cholesky(double *a, size_t n)
{
    for (size_t i = 0; i < n * n; i++)
        if (!isfinite(a[i]))
            return QHM_FAIL(QHM_ERROR_NUMERIC, "element %zu of a symmetric matrix is %g", i, a[i]);
    int token = qhm_serial_begin();
    // Rows first and lower is, to LAPACK, columns first and upper.
    lapack_int info = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', (lapack_int)n, a, (lapack_int)n);
    qhm_serial_end(token);
    if (info != 0)
        return QHM_FAIL(QHM_ERROR_NUMERIC, "a %zu x %zu matrix is not positive definite", n, n);
    for (size_t row = 0; row < n; row++)
        for (size_t column = row + 1; column < n; column++)
            a[row * n + column] = 0;
    return QHM_OK;
}

void qhm_cholesky_solve_triangle(const double *lower, size_t n, bool transposed, double *b,
                                 size_t columns)
{
    if (n == 0 || columns == 0)
        return;
    int token = qhm_serial_begin();
    cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, transposed ? CblasTrans : CblasNoTrans,
                CblasNonUnit, (int)n, (int)columns, 1, lower, (int)n, b, (int)columns);
    qhm_serial_end(token);
}
