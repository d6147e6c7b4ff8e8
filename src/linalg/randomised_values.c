// The range finder with power steps, over BLAS and LAPACK.
#include "linalg/randomised_values.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/matrix_product.h"
#include "linalg/singular_values.h"

#include <assert.h>
#include <lapacke.h>
#include <qhm/random.h>
#include <string.h>

typedef struct finder {
    const double *a; // [rows][columns]
    size_t rows, columns, count;
    double *range; // [count][rows]: vectors that span about the range of a
    double *image; // [count][columns]: their products with a
    double *values, *left, *right;
} finder;

// Makes the rows of v [count][length] orthonormal, count at most length: LAPACK, which stores
// columns first, sees its transpose.
static qhm_status make_orthonormal(size_t count, size_t length, double *v)
{
    const lapack_int m = (lapack_int)length, n = (lapack_int)count;
    const size_t size = 64 * count; // a block of LAPACK's
    double *scales, *work = NULL;
    lapack_int info = 0;
    QHM_TRY(qhm_allocate(count, sizeof *scales, &scales));
    const qhm_status status = qhm_allocate(size, sizeof *work, &work);
    if (status == QHM_OK) {
        const int token = qhm_serial_begin();
        info = LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, m, n, v, m, scales, work, (lapack_int)size);
        if (info == 0)
            info = LAPACKE_dorgqr_work(LAPACK_COL_MAJOR, m, n, n, v, m, scales, work,
                                       (lapack_int)size);
        qhm_serial_end(token);
    }
    assert(info == 0);
    qhm_release(scales);
    qhm_release(work);
    return status;
}

static qhm_status begin(finder *f)
{
    QHM_TRY(qhm_allocate(f->count * f->rows, sizeof *f->range, &f->range));
    QHM_TRY(qhm_allocate(f->count * f->columns, sizeof *f->image, &f->image));
    QHM_TRY(qhm_allocate(f->count, sizeof *f->values, &f->values));
    QHM_TRY(qhm_allocate(f->count * f->count, sizeof *f->left, &f->left));
    return qhm_allocate(f->count * f->columns, sizeof *f->right, &f->right);
}

static qhm_status find(finder *f, const qhm_randomised_options *options)
{
    qhm_random random = qhm_random_stream(options->seed, QHM_RANDOM_FEATURES, 2, 0, 0);
    for (size_t i = 0; i < f->count * f->columns; i++)
        f->image[i] = qhm_random_normal(&random);
    for (size_t step = 0; step <= options->power_steps; step++) {
        qhm_matrix_product(false, true, f->count, f->rows, f->columns, f->image, f->a, f->range);
        QHM_TRY(make_orthonormal(f->count, f->rows, f->range));
        qhm_matrix_product(false, false, f->count, f->columns, f->rows, f->range, f->a, f->image);
        if (step < options->power_steps)
            QHM_TRY(make_orthonormal(f->count, f->columns, f->image));
    }
    return qhm_singular_values(f->image, f->count, f->columns, f->values, f->left, f->right);
}

qhm_status qhm_randomised_values(const double *a, size_t rows, size_t columns, size_t wanted,
                                 const qhm_randomised_options *options, double *values,
                                 double *right)
{
    const size_t most = rows < columns ? rows : columns;
    assert(wanted >= 1 && wanted <= most);
    finder f = {.a = a, .rows = rows, .columns = columns, .count = wanted + options->oversampling};
    f.count = f.count < most ? f.count : most;
    qhm_status status = begin(&f);
    if (status == QHM_OK)
        status = find(&f, options);
    if (status == QHM_OK) {
        memcpy(values, f.values, wanted * sizeof *values);
        memcpy(right, f.right, wanted * columns * sizeof *right);
    }
    qhm_release(f.range);
    qhm_release(f.image);
    qhm_release(f.values);
    qhm_release(f.left);
    qhm_release(f.right);
    return status;
}
