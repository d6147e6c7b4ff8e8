// Sampling of kernel matrices, and the repair of what sampling breaks.
#include "learn/kernel_shots.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/matrix_product.h"
#include "linalg/symmetric_eigen.h"

#include <math.h>
#include <string.h>

// 64 events at once: a uniform number is below p when, at the first binary digit where the two
// differ, p has the 1. Half of the lanes are decided by each digit.
static uint64_t count_events(qhm_random *random, uint64_t lanes, uint64_t digits)
{
    uint64_t undecided = lanes, below = 0;
    for (int digit = 52; digit >= 0 && undecided; digit--) {
        uint64_t drawn = qhm_random_u64(random);
        if (digits >> digit & 1) {
            below |= undecided & ~drawn;
            undecided &= drawn;
        } else {
            undecided &= ~drawn;
        }
    }
    return (uint64_t)__builtin_popcountll(below);
}

uint64_t qhm_random_binomial(qhm_random *random, uint64_t trials, double probability)
{
    if (!(probability > 0))
        return 0;
    if (probability >= 1)
        return trials;
    uint64_t digits = (uint64_t)(probability * 0x1p53);
    uint64_t events = 0;
    for (; trials >= 64; trials -= 64)
        events += count_events(random, UINT64_MAX, digits);
    return trials ? events + count_events(random, (UINT64_C(1) << trials) - 1, digits) : events;
}

void qhm_kernel_symmetrise(double *matrix, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        matrix[i * n + i] = 1;
        for (size_t j = 0; j < i; j++)
            matrix[i * n + j] = matrix[j * n + i];
    }
}

typedef struct sample_work {
    double *matrix;
    size_t columns, shots;
    bool is_gram;
    uint64_t seed;
} sample_work;

static void sample_rows(size_t first, size_t last, void *context)
{
    const sample_work *work = context;
    for (size_t i = first; i < last; i++)
        for (size_t j = work->is_gram ? i + 1 : 0; j < work->columns; j++) {
            double *entry = &work->matrix[i * work->columns + j];
            qhm_random random =
                qhm_random_stream(work->seed, QHM_RANDOM_SHOTS, work->is_gram ? 0 : 1, i, j);
            *entry =
                (double)qhm_random_binomial(&random, work->shots, *entry) / (double)work->shots;
        }
}

void qhm_kernel_sample(double *matrix, size_t rows, size_t columns, bool is_gram, size_t shots,
                       uint64_t seed)
{
    sample_work work = {matrix, columns, shots, is_gram, seed};
    qhm_parallel_for(rows, 1, sample_rows, &work);
    if (is_gram)
        qhm_kernel_symmetrise(matrix, rows);
}

// From eigenvectors [n][n] scaled by the roots of what is left of their eigenvalues.
static void rebuild(const double *values, double *vectors, size_t n, double *matrix)
{
    for (size_t i = 0; i < n; i++) {
        double root = values[i] > 0 ? sqrt(values[i]) : 0;
        for (size_t j = 0; j < n; j++)
            vectors[i * n + j] *= root;
    }
    qhm_matrix_gram(n, n, vectors, matrix);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            matrix[i * n + j] /= sqrt(matrix[i * n + i] * matrix[j * n + j]);
    qhm_kernel_symmetrise(matrix, n);
}

qhm_status qhm_kernel_repair(const double *sampled, size_t n, double *repaired)
{
    double *copy, *vectors = NULL, *values = NULL;
    QHM_TRY(qhm_copy_bytes(sampled, n * n, sizeof *copy, &copy));
    qhm_status status = qhm_allocate(n * n, sizeof *vectors, &vectors);
    if (status == QHM_OK)
        status = qhm_allocate(n, sizeof *values, &values);
    if (status == QHM_OK)
        status = qhm_symmetric_eigen(copy, n, n, values, vectors);
    if (status == QHM_OK) {
        if (values[n - 1] < 0)
            rebuild(values, vectors, n, repaired);
        else
            memcpy(repaired, sampled, n * n * sizeof *sampled);
    }
    qhm_release(values);
    qhm_release(vectors);
    qhm_release(copy);
    return status;
}
