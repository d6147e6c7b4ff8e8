// Unitary matrices taken apart, by LAPACK.
#include "linalg/unitary_factors.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <assert.h>
#include <lapacke.h>
#include <math.h>

qhm_status qhm_unitary_eigen(size_t n, const qhm_complex *u, double *phases, qhm_complex *v)
{
    assert(n >= 1 && n <= 46340);
    const size_t work_count = 2 * n * 32;
    qhm_complex *matrix;
    QHM_TRY(qhm_allocate(n * n + n + work_count + n, sizeof *matrix, &matrix));
    qhm_complex *values = matrix + n * n, *work = values + n;
    double *real_work = (double *)(work + work_count); // [n]
    for (size_t i = 0; i < n * n; i++)
        matrix[i] = u[i];
    // Column by column our rows are the transposed matrix: u^T = w t w^dagger gives
    // u = conj(w) t w^T, and t is diagonal because u is normal.
    lapack_int kept = 0;
    int token = qhm_serial_begin();
    lapack_int info = LAPACKE_zgees_work(
        LAPACK_COL_MAJOR, 'V', 'N', NULL, (lapack_int)n, (lapack_complex_double *)matrix,
        (lapack_int)n, &kept, (lapack_complex_double *)values, (lapack_complex_double *)v,
        (lapack_int)n, (lapack_complex_double *)work, (lapack_int)work_count, real_work, NULL);
    qhm_serial_end(token);
    for (size_t i = 0; i < n; i++) {
        phases[i] = atan2(values[i].im, values[i].re);
        for (size_t j = 0; j <= i; j++) { // v = conj(w), transposed into rows first
            qhm_complex upper = v[j * n + i], lower = v[i * n + j];
            v[j * n + i] = (qhm_complex){lower.re, -lower.im};
            v[i * n + j] = (qhm_complex){upper.re, -upper.im};
        }
    }
    qhm_release(matrix);
    if (info != 0)
        return QHM_FAIL(QHM_ERROR_NUMERIC, "the eigenvalues of a %zu x %zu matrix did not converge",
                        n, n);
    return QHM_OK;
}

qhm_status qhm_cosine_sine_find(size_t n, const qhm_complex *u, const qhm_cosine_sine *factors)
{
    assert(n >= 1 && n <= 23170);
    // Generous against LAPACK's needs, which are about 32 n complex and 60 n real numbers.
    const size_t work_count = 128 * n + 64, real_count = 128 * n + 64;
    qhm_complex *matrix, *work;
    lapack_int *integers;
    QHM_TRY(qhm_allocate(4 * n * n + work_count + real_count / 2, sizeof *matrix, &matrix));
    qhm_status status = qhm_allocate(2 * n, sizeof *integers, &integers);
    if (status != QHM_OK) {
        qhm_release(matrix);
        return status;
    }
    work = matrix + 4 * n * n;
    double *real_work = (double *)(work + work_count);
    for (size_t i = 0; i < 4 * n * n; i++)
        matrix[i] = u[i];
    lapack_complex_double *x = (lapack_complex_double *)matrix;
    const lapack_int half = (lapack_int)n, whole = 2 * half;
    int token = qhm_serial_begin();
    lapack_int info = LAPACKE_zuncsd_work( // 'T': rows first; 'D': the minus stands upper right
        LAPACK_COL_MAJOR, 'Y', 'Y', 'Y', 'Y', 'T', 'D', whole, half, half, x, whole, x + n, whole,
        x + 2 * n * n, whole, x + 2 * n * n + n, whole, factors->turns,
        (lapack_complex_double *)factors->left[0], half, (lapack_complex_double *)factors->left[1],
        half, (lapack_complex_double *)factors->right[0], half,
        (lapack_complex_double *)factors->right[1], half, (lapack_complex_double *)work,
        (lapack_int)work_count, real_work, (lapack_int)real_count, integers);
    qhm_serial_end(token);
    qhm_release(matrix);
    qhm_release(integers);
    if (info != 0)
        return QHM_FAIL(QHM_ERROR_NUMERIC,
                        "the cosine-sine decomposition of a %zu x %zu matrix "
                        "did not converge",
                        2 * n, 2 * n);
    return QHM_OK;
}
