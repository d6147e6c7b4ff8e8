// Small dense complex matrices.
#include "linalg/complex_matrix.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <assert.h>
#include <lapacke.h>
#include <math.h>

static qhm_complex multiply(qhm_complex a, qhm_complex b)
{
    return (qhm_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static qhm_complex conjugate(qhm_complex a)
{
    return (qhm_complex){a.re, -a.im};
}

void qhm_complex_product(size_t n, const qhm_complex *a, const qhm_complex *b, qhm_complex *c)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            qhm_complex sum = {0, 0};
            for (size_t k = 0; k < n; k++) {
                qhm_complex term = multiply(a[i * n + k], b[k * n + j]);
                sum = (qhm_complex){sum.re + term.re, sum.im + term.im};
            }
            c[i * n + j] = sum;
        }
}

double qhm_unitarity_error(size_t n, const qhm_complex *u)
{
    return qhm_trace_error(n, 1, u);
}

double qhm_trace_error(size_t n, size_t count, const qhm_complex *kraus)
{
    double worst = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double re = i == j ? -1 : 0, im = 0;
            for (size_t k = 0; k < count * n; k++) { // rows of all operators
                qhm_complex term = multiply(conjugate(kraus[k * n + i]), kraus[k * n + j]);
                re += term.re;
                im += term.im;
            }
            double error = hypot(re, im);
            if (!isfinite(error))
                return NAN;
            worst = fmax(worst, error);
        }
    return worst;
}

// Multiplies by a phase so that the largest component is real and positive.
static void fix_phase(qhm_complex *vector, size_t n)
{
    size_t largest = 0;
    for (size_t i = 1; i < n; i++)
        if (hypot(vector[i].re, vector[i].im) > hypot(vector[largest].re, vector[largest].im))
            largest = i;
    double size = hypot(vector[largest].re, vector[largest].im);
    qhm_complex phase = {vector[largest].re / size, -vector[largest].im / size};
    for (size_t i = 0; i < n; i++)
        vector[i] = multiply(phase, vector[i]);
    vector[largest] = (qhm_complex){size, 0};
}

qhm_status qhm_hermitian_eigen(size_t n, const qhm_complex *a, double *values, qhm_complex *vectors)
{
    assert(n >= 1 && n <= 46340);
    for (size_t i = 0; i < n * n; i++) {
        if (!isfinite(a[i].re) || !isfinite(a[i].im))
            return QHM_FAIL(QHM_ERROR_NUMERIC, "element %zu of a hermitian matrix is not finite",
                            i);
        vectors[i] = a[i];
    }
    double *work;
    size_t work_count = 2 * n * 32; // complex numbers; 32 is LAPACK's block
    QHM_TRY(qhm_allocate(2 * work_count + 3 * n, sizeof *work, &work));
    // Column by column our rows are the conjugate matrix: its upper triangle is our lower one,
    // and its vectors are the conjugates of ours.
    int token = qhm_serial_begin();
    lapack_int info = LAPACKE_zheev_work(
        LAPACK_COL_MAJOR, 'V', 'U', (lapack_int)n, (lapack_complex_double *)vectors, (lapack_int)n,
        values, (lapack_complex_double *)work, (lapack_int)work_count, work + 2 * work_count);
    qhm_serial_end(token);
    qhm_release(work);
    if (info != 0)
        return QHM_FAIL(QHM_ERROR_NUMERIC, "the eigenvalues of a %zu x %zu matrix did not converge",
                        n, n);
    for (size_t i = 0; i < n * n; i++)
        vectors[i] = conjugate(vectors[i]);
    for (size_t i = 0; i < n; i++)
        fix_phase(vectors + i * n, n);
    return QHM_OK;
}

qhm_status qhm_hermitian_evolution(size_t n, const qhm_complex *h, double time, qhm_complex *out)
{
    double *values = NULL;
    qhm_complex *vectors = NULL;
    QHM_TRY(qhm_allocate(n, sizeof *values, &values));
    qhm_status status = qhm_allocate(n * n, sizeof *vectors, &vectors);
    if (status == QHM_OK)
        status = qhm_hermitian_eigen(n, h, values, vectors);
    for (size_t i = 0; i < n && status == QHM_OK; i++)
        for (size_t j = 0; j < n; j++) {
            qhm_complex sum = {0, 0};
            for (size_t k = 0; k < n; k++) {
                qhm_complex phase = {cos(time * values[k]), -sin(time * values[k])};
                qhm_complex outer = multiply(vectors[k * n + i], conjugate(vectors[k * n + j]));
                qhm_complex term = multiply(phase, outer);
                sum = (qhm_complex){sum.re + term.re, sum.im + term.im};
            }
            out[i * n + j] = sum;
        }
    qhm_release(values);
    qhm_release(vectors);
    return status;
}
