// Singular values over LAPACK.
#include "linalg/singular_values.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/symmetric_eigen.h"

#include <lapacke.h>
#include <math.h>

// LAPACK stores columns first, so it sees a' = V S U': its left vectors, the columns of an
// [n][r] matrix, lie in memory as our right [r][columns]; its V' as the transpose of our left.
qhm_status qhm_singular_values(double *a, size_t rows, size_t columns, double *values, double *left,
                               double *right)
{
    size_t rank = rows < columns ? rows : columns;
    if (rank == 0)
        return QHM_OK;
    for (size_t i = 0; i < rows * columns; i++)
        if (!isfinite(a[i]))
            return QHM_FAIL(QHM_ERROR_NUMERIC, "element %zu of a matrix is %g", i, a[i]);
    lapack_int m = (lapack_int)columns, n = (lapack_int)rows, r = (lapack_int)rank;
    double needed;
    LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', m, n, a, m, values, right, m, left, r, &needed, -1,
                        NULL);
    double *work, *transposed = NULL;
    lapack_int *integers = NULL;
    QHM_TRY(qhm_allocate((size_t)needed, sizeof *work, &work));
    qhm_status status = qhm_allocate(8 * rank, sizeof *integers, &integers);
    if (status == QHM_OK)
        status = qhm_allocate(rank * rows, sizeof *transposed, &transposed);
    if (status == QHM_OK) {
        int token = qhm_serial_begin();
        lapack_int info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', m, n, a, m, values, right, m,
                                              transposed, r, work, (lapack_int)needed, integers);
        qhm_serial_end(token);
        if (info != 0)
            status = QHM_FAIL(QHM_ERROR_NUMERIC,
                              "the singular values of a %zu x %zu matrix did not converge", rows,
                              columns);
        for (size_t i = 0; status == QHM_OK && i < rank; i++) {
            double sign = qhm_fix_sign(right + i * columns, columns);
            for (size_t row = 0; row < rows; row++)
                left[i * rows + row] = sign * transposed[row * rank + i];
        }
    }
    qhm_release(work);
    qhm_release(integers);
    qhm_release(transposed);
    return status;
}
