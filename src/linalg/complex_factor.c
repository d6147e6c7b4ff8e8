// Factors of dense complex matrices over LAPACK.
//
// LAPACK stores columns first, so what it sees is the transpose: its left singular vectors are our
// right ones, and the orthonormal rows of an LQ factorisation our orthonormal columns.
#include "linalg/complex_factor.h"

#include "base/memory.h"

#include <cblas.h>
#include <lapacke.h>
#include <string.h>

// The layouts are the same; LAPACK knows the type of C only.
static lapack_complex_double *lapack(qhm_complex *a)
{
    return (lapack_complex_double *)a;
}

void qhm_factor_work_release(qhm_factor_work *work)
{
    qhm_release(work->memory);
    *work = (qhm_factor_work){0};
}

// Room for so many complex numbers, doubles and integers; what was there is lost.
static qhm_status reserve(qhm_factor_work *work, size_t complexes, size_t doubles, size_t integers)
{
    const size_t bytes =
        complexes * sizeof(qhm_complex) + doubles * sizeof(double) + integers * sizeof(lapack_int);
    if (bytes <= work->bytes)
        return QHM_OK;
    QHM_TRY(qhm_reallocate(0, 2 * bytes, 1, &work->memory));
    work->bytes = 2 * bytes;
    return QHM_OK;
}

// zgesvd overwrites the matrix too, so zgesdd works on a copy.
static lapack_int run_divided(qhm_factor_work *work, lapack_int m, lapack_int n, qhm_complex *a,
                              double *values, qhm_complex *left, qhm_complex *right,
                              qhm_status *status)
{
    const lapack_int r = m < n ? m : n;
    const size_t small = (size_t)r, large = (size_t)(m < n ? n : m), all = (size_t)m * (size_t)n;
    qhm_complex query;
    LAPACKE_zgesdd_work(LAPACK_COL_MAJOR, 'S', m, n, lapack(a), m, values, lapack(right), m,
                        lapack(left), r, lapack(&query), -1, NULL, NULL);
    const size_t length = (size_t)query.re;
    const size_t reals = small * (5 * small + 7) + 2 * small * large + 2 * small * small + small;
    *status = reserve(work, all + length, reals, 8 * small);
    if (*status != QHM_OK)
        return 0;
    qhm_complex *copy = (qhm_complex *)work->memory;
    double *real_work = (double *)(copy + all + length);
    memcpy(copy, a, all * sizeof *a);
    return LAPACKE_zgesdd_work(LAPACK_COL_MAJOR, 'S', m, n, lapack(copy), m, values, lapack(right),
                               m, lapack(left), r, lapack(copy + all), (lapack_int)length,
                               real_work, (lapack_int *)(real_work + reals));
}

static lapack_int run_plain(qhm_factor_work *work, lapack_int m, lapack_int n, qhm_complex *a,
                            double *values, qhm_complex *left, qhm_complex *right,
                            qhm_status *status)
{
    const lapack_int r = m < n ? m : n;
    qhm_complex query;
    LAPACKE_zgesvd_work(LAPACK_COL_MAJOR, 'S', 'S', m, n, lapack(a), m, values, lapack(right), m,
                        lapack(left), r, lapack(&query), -1, NULL);
    const size_t length = (size_t)query.re;
    *status = reserve(work, length, 5 * (size_t)r, 0);
    if (*status != QHM_OK)
        return 0;
    qhm_complex *complex_work = (qhm_complex *)work->memory;
    return LAPACKE_zgesvd_work(LAPACK_COL_MAJOR, 'S', 'S', m, n, lapack(a), m, values,
                               lapack(right), m, lapack(left), r, lapack(complex_work),
                               (lapack_int)length, (double *)(complex_work + length));
}

qhm_status qhm_complex_singular_values(qhm_factor_work *work, qhm_complex *a, size_t rows,
                                       size_t columns, double *values, qhm_complex *left,
                                       qhm_complex *right)
{
    const lapack_int m = (lapack_int)columns, n = (lapack_int)rows;
    qhm_status status;
    lapack_int info = run_divided(work, m, n, a, values, left, right, &status);
    if (status == QHM_OK && info > 0)
        info = run_plain(work, m, n, a, values, left, right, &status);
    if (status == QHM_OK && info != 0)
        status =
            QHM_FAIL(QHM_ERROR_NUMERIC,
                     "the singular values of a %zu x %zu matrix cannot be computed", rows, columns);
    return status;
}

qhm_status qhm_complex_columns(qhm_factor_work *work, qhm_complex *a, size_t rows, size_t columns,
                               qhm_complex *q, qhm_complex *r)
{
    const lapack_int m = (lapack_int)columns, n = (lapack_int)rows, k = m < n ? m : n;
    const size_t length = 32 * (columns > rows ? columns : rows) + (size_t)k;
    QHM_TRY(reserve(work, length, 0, 0));
    qhm_complex *tau = (qhm_complex *)work->memory, *rest = tau + k;
    const lapack_int rest_length = (lapack_int)(length - (size_t)k);
    LAPACKE_zgelqf_work(LAPACK_COL_MAJOR, m, n, lapack(a), m, lapack(tau), lapack(rest),
                        rest_length);
    memset(r, 0, (size_t)k * columns * sizeof *r);
    for (size_t i = 0; i < (size_t)k; i++)
        memcpy(r + i * columns + i, a + i * columns + i, (columns - i) * sizeof *r);
    LAPACKE_zunglq_work(LAPACK_COL_MAJOR, k, n, k, lapack(a), m, lapack(tau), lapack(rest),
                        rest_length);
    for (size_t row = 0; row < rows; row++)
        memcpy(q + row * (size_t)k, a + row * columns, (size_t)k * sizeof *q);
    return QHM_OK;
}

qhm_status qhm_complex_rows(qhm_factor_work *work, qhm_complex *a, size_t rows, size_t columns,
                            qhm_complex *l, qhm_complex *q)
{
    const lapack_int m = (lapack_int)columns, n = (lapack_int)rows, k = m < n ? m : n;
    const size_t length = 32 * (columns > rows ? columns : rows) + (size_t)k;
    QHM_TRY(reserve(work, length, 0, 0));
    qhm_complex *tau = (qhm_complex *)work->memory, *rest = tau + k;
    const lapack_int rest_length = (lapack_int)(length - (size_t)k);
    LAPACKE_zgeqrf_work(LAPACK_COL_MAJOR, m, n, lapack(a), m, lapack(tau), lapack(rest),
                        rest_length);
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < (size_t)k; i++)
            l[row * (size_t)k + i] = i <= row ? a[row * columns + i] : (qhm_complex){0, 0};
    LAPACKE_zungqr_work(LAPACK_COL_MAJOR, m, k, k, lapack(a), m, lapack(tau), lapack(rest),
                        rest_length);
    memcpy(q, a, (size_t)k * columns * sizeof *q);
    return QHM_OK;
}

static const qhm_complex one = {1, 0}, zero = {0, 0};

void qhm_complex_multiply(size_t rows, size_t columns, size_t inner, const qhm_complex *a,
                          const qhm_complex *b, qhm_complex *c)
{
    cblas_zgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)columns, (int)inner,
                &one, a, (int)inner, b, (int)columns, &zero, c, (int)columns);
}

void qhm_complex_multiply_adjoint(size_t rows, size_t columns, size_t inner, const qhm_complex *a,
                                  const qhm_complex *b, qhm_complex *c)
{
    cblas_zgemm(CblasRowMajor, CblasConjTrans, CblasNoTrans, (int)rows, (int)columns, (int)inner,
                &one, a, (int)rows, b, (int)columns, &zero, c, (int)columns);
}
