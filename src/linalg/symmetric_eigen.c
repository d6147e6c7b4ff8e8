// Symmetric eigenproblems over LAPACK.
#include "linalg/symmetric_eigen.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <assert.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

double qhm_fix_sign(double *vector, size_t n)
{
    size_t largest = 0;
    for (size_t i = 1; i < n; i++)
        if (fabs(vector[i]) > fabs(vector[largest]))
            largest = i;
    if (n == 0 || vector[largest] >= 0)
        return 1;
    for (size_t i = 0; i < n; i++)
        vector[i] = -vector[i];
    return -1;
}

typedef struct workspace {
    double *work, *values;
    lapack_int *integers, *support;
    lapack_int work_count, integer_count;
} workspace;

static void release(workspace *w)
{
    qhm_release(w->work);
    qhm_release(w->values);
    qhm_release(w->integers);
    qhm_release(w->support);
}

// Asks LAPACK how much it needs and allocates that.
static qhm_status prepare(size_t n, size_t wanted, workspace *w)
{
    lapack_int size = (lapack_int)n, found, integer_count;
    double work_count, dummy = 0;
    lapack_int dummy_support;
    LAPACKE_dsyevr_work(LAPACK_COL_MAJOR, 'V', 'I', 'L', size, &dummy, size, 0, 0,
                        size - (lapack_int)wanted + 1, size, 0, &found, &dummy, &dummy, size,
                        &dummy_support, &work_count, -1, &integer_count, -1);
    w->work_count = (lapack_int)work_count;
    w->integer_count = integer_count;
    qhm_status status = qhm_allocate((size_t)w->work_count, sizeof *w->work, &w->work);
    if (status == QHM_OK)
        status = qhm_allocate((size_t)w->integer_count, sizeof *w->integers, &w->integers);
    if (status == QHM_OK)
        status = qhm_allocate(n, sizeof *w->values, &w->values);
    if (status == QHM_OK)
        status = qhm_allocate(2 * n, sizeof *w->support, &w->support);
    if (status != QHM_OK)
        release(w);
    return status;
}

static void swap_rows(double *vectors, size_t n, size_t a, size_t b)
{
    for (size_t i = 0; i < n; i++) {
        double kept = vectors[a * n + i];
        vectors[a * n + i] = vectors[b * n + i];
        vectors[b * n + i] = kept;
    }
}

qhm_status qhm_symmetric_eigen(double *a, size_t n, size_t wanted, double *values, double *vectors)
{
    assert(wanted <= n && n <= 46340);
    if (wanted == 0)
        return QHM_OK;
    for (size_t i = 0; i < n * n; i++)
        if (!isfinite(a[i]))
            return QHM_FAIL(QHM_ERROR_NUMERIC, "element %zu of a symmetric matrix is %g", i, a[i]);
    workspace w = {0};
    QHM_TRY(prepare(n, wanted, &w));
    lapack_int size = (lapack_int)n, found = 0;
    int token = qhm_serial_begin();
    lapack_int info =
        LAPACKE_dsyevr_work(LAPACK_COL_MAJOR, 'V', 'I', 'L', size, a, size, 0, 0,
                            size - (lapack_int)wanted + 1, size, 0, &found, w.values, vectors, size,
                            w.support, w.work, w.work_count, w.integers, w.integer_count);
    qhm_serial_end(token);
    if (info == 0 && (size_t)found == wanted) {
        for (size_t i = 0; i < wanted; i++) // LAPACK ascends
            values[i] = w.values[wanted - 1 - i];
        for (size_t i = 0; i < wanted / 2; i++)
            swap_rows(vectors, n, i, wanted - 1 - i);
        for (size_t i = 0; i < wanted; i++)
            qhm_fix_sign(vectors + i * n, n);
    }
    release(&w);
    if (info != 0 || (size_t)found != wanted)
        return QHM_FAIL(QHM_ERROR_NUMERIC, "the eigenvalues of a %zu x %zu matrix did not converge",
                        n, n);
    return QHM_OK;
}
