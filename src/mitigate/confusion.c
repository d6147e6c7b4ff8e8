// Confusion matrices: LU where they are small, else Jacobi-preconditioned GMRES without a matrix.
#include "mitigate/confusion.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "linalg/lu_factor.h"

#include <math.h>
#include <string.h>

enum {
    DIRECT_LIMIT = 1024,
    MOST_STRINGS = 65536,
    MOST_STEPS = 60,
    HAGER_STEPS = 5,
    EXACT_NORM_LIMIT = 256
};

#define GMRES_TOLERANCE 1e-10

qhm_status qhm_flips_check(size_t count, const double (*flips)[2])
{
    for (size_t q = 0; q < count; q++) {
        for (int v = 0; v < 2; v++)
            QHM_REQUIRE(flips[q][v] >= 0 && flips[q][v] <= 1,
                        "flips of qubit %zu have the probability %g, not 0 to 1", q, flips[q][v]);
        QHM_REQUIRE(flips[q][0] + flips[q][1] < 1,
                    "flips of qubit %zu add up to %g, not below 1: nothing can be read from it", q,
                    flips[q][0] + flips[q][1]);
    }
    return QHM_OK;
}

void qhm_flips_recover(const double flips[2], double values[2])
{
    const double left = 1 - flips[0] - flips[1];
    values[0] = (1 - flips[1] + flips[0]) / left;
    values[1] = -(1 - flips[0] + flips[1]) / left;
}

void qhm_confusion_release(qhm_confusion *c)
{
    void *const pointers[] = {c->matrix, c->pivots, c->strings, c->ratios,
                              c->right,  c->scale,  c->work};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
    *c = (qhm_confusion){0};
}

// The probability that string `read` is read where `truth` is, before columns are scaled.
static double entry_of(const qhm_confusion *c, size_t read, size_t truth)
{
    const uint64_t *a = c->strings + read * c->words, *b = c->strings + truth * c->words;
    size_t differing = 0;
    for (size_t w = 0; w < c->words; w++)
        differing += (size_t)__builtin_popcountll(a[w] ^ b[w]);
    if (c->distance > 0 && differing > c->distance)
        return 0;
    double value = c->right[truth];
    for (size_t w = 0; w < c->words; w++)
        for (uint64_t left = a[w] ^ b[w]; left; left &= left - 1) {
            const size_t bit = (size_t)__builtin_ctzll(left);
            value *= c->ratios[64 * w + bit][b[w] >> bit & 1];
        }
    return value;
}

static qhm_status allocate_subspace(qhm_confusion *c, size_t qubits)
{
    QHM_TRY(qhm_allocate(c->count * c->words, sizeof *c->strings, &c->strings));
    QHM_TRY(qhm_allocate(qubits, sizeof *c->ratios, &c->ratios));
    QHM_TRY(qhm_allocate(c->count, sizeof *c->right, &c->right));
    return qhm_allocate(c->count, sizeof *c->scale, &c->scale);
}

static void fill_subspace(qhm_confusion *c, const double (*flips)[2], size_t qubits,
                          const qhm_distribution *outcomes)
{
    for (size_t q = 0; q < qubits; q++)
        for (int v = 0; v < 2; v++)
            c->ratios[q][v] = flips[q][v] / (1 - flips[q][v]);
    for (size_t i = 0; i < c->count; i++) {
        const uint64_t *bits;
        qhm_distribution_outcome(outcomes, i, &bits, NULL);
        memcpy(c->strings + i * c->words, bits, c->words * sizeof *bits);
        c->right[i] = 1;
        for (size_t q = 0; q < qubits; q++)
            c->right[i] *= 1 - flips[q][bits[q / 64] >> q % 64 & 1];
    }
    for (size_t truth = 0; truth < c->count; truth++) {
        double sum = 0;
        for (size_t read = 0; read < c->count; read++)
            sum += entry_of(c, read, truth);
        c->scale[truth] = 1 / sum;
    }
}

static qhm_status factor(qhm_confusion *c)
{
    QHM_TRY(qhm_allocate(c->count, sizeof *c->pivots, &c->pivots));
    return qhm_lu(c->matrix, c->count, c->pivots);
}

static qhm_status begin_subspace(qhm_confusion *c, const qhm_readout_options *options,
                                 const qhm_distribution *outcomes)
{
    const size_t qubits = qhm_distribution_bit_count(outcomes);
    QHM_TRY(allocate_subspace(c, qubits));
    fill_subspace(c, options->flips, qubits, outcomes);
    const size_t limit = options->direct_limit > 0 ? options->direct_limit : DIRECT_LIMIT;
    if (c->count > limit)
        return qhm_allocate((MOST_STEPS + 3) * c->count, sizeof *c->work, &c->work);
    QHM_TRY(qhm_allocate(c->count * c->count, sizeof *c->matrix, &c->matrix));
    for (size_t read = 0; read < c->count; read++)
        for (size_t truth = 0; truth < c->count; truth++)
            c->matrix[read * c->count + truth] = entry_of(c, read, truth) * c->scale[truth];
    return factor(c);
}

qhm_status qhm_confusion_create_subspace(const qhm_readout_options *options,
                                         const qhm_distribution *outcomes, qhm_confusion *c)
{
    qhm_confusion made = {.count = qhm_distribution_outcome_count(outcomes),
                          .words = qhm_bit_words(qhm_distribution_bit_count(outcomes)),
                          .distance = options->distance};
    if (made.count > MOST_STRINGS)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "%zu different outcomes, more than the %d that can be corrected together: "
                        "take the method tensored",
                        made.count, MOST_STRINGS);
    const qhm_status status = begin_subspace(&made, options, outcomes);
    if (status != QHM_OK) {
        qhm_confusion_release(&made);
        return status;
    }
    *c = made;
    return QHM_OK;
}

qhm_status qhm_confusion_create_whole(size_t count, const double *matrix, qhm_confusion *c)
{
    qhm_confusion made = {.count = count};
    qhm_status status = qhm_copy_bytes(matrix, count * count, sizeof *matrix, &made.matrix);
    if (status == QHM_OK)
        status = factor(&made);
    if (status != QHM_OK) {
        qhm_confusion_release(&made);
        return status;
    }
    *c = made;
    return QHM_OK;
}

// What Jacobi's preconditioner divides by.
static double diagonal_of(const qhm_confusion *c, size_t i)
{
    return c->right[i] * c->scale[i];
}

// out = matrix D^-1 in, or the transpose of the matrix.
static void multiply(const qhm_confusion *c, bool transposed, const double *in, double *out)
{
    for (size_t i = 0; i < c->count; i++) {
        double sum = 0;
        for (size_t j = 0; j < c->count; j++) {
            const size_t read = transposed ? j : i, truth = transposed ? i : j;
            sum += entry_of(c, read, truth) * c->scale[truth] * in[j] / diagonal_of(c, j);
        }
        out[i] = sum;
    }
}

static double norm_of(const double *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i] * v[i];
    return sqrt(sum);
}

// The upper triangle of GMRES and its turned right-hand side.
struct least_squares {
    double h[MOST_STEPS + 1][MOST_STEPS], cosines[MOST_STEPS], sines[MOST_STEPS];
    double right[MOST_STEPS + 1];
};

// Makes column `step` triangular by turns; returns the residual's norm.
static double turn_column(struct least_squares *l, size_t step)
{
    for (size_t k = 0; k < step; k++) {
        const double upper = l->h[k][step], lower = l->h[k + 1][step];
        l->h[k][step] = l->cosines[k] * upper + l->sines[k] * lower;
        l->h[k + 1][step] = l->cosines[k] * lower - l->sines[k] * upper;
    }
    const double length = hypot(l->h[step][step], l->h[step + 1][step]);
    l->cosines[step] = length > 0 ? l->h[step][step] / length : 1;
    l->sines[step] = length > 0 ? l->h[step + 1][step] / length : 0;
    l->h[step][step] = length;
    l->right[step + 1] = -l->sines[step] * l->right[step];
    l->right[step] *= l->cosines[step];
    return fabs(l->right[step + 1]);
}

static bool add_solution(const qhm_confusion *c, struct least_squares *l, size_t steps, double *b)
{
    double factors[MOST_STEPS] = {0};
    for (size_t i = steps; i-- > 0;) {
        double sum = l->right[i];
        for (size_t j = i + 1; j < steps; j++)
            sum -= l->h[i][j] * factors[j];
        if (l->h[i][i] == 0)
            return false;
        factors[i] = sum / l->h[i][i];
    }
    for (size_t i = 0; i < c->count; i++) {
        double sum = 0;
        for (size_t j = 0; j < steps; j++)
            sum += factors[j] * c->work[j * c->count + i];
        b[i] = sum / diagonal_of(c, i);
    }
    return true;
}

// GMRES [saad1986] with right preconditioning; b is overwritten by the solution.
static qhm_status solve_by_iteration(qhm_confusion *c, bool transposed, double *b)
{
    const size_t n = c->count;
    struct least_squares l = {0};
    const double size = norm_of(b, n);
    if (size == 0)
        return QHM_OK;
    for (size_t i = 0; i < n; i++)
        c->work[i] = b[i] / size;
    l.right[0] = size;
    for (size_t step = 0; step < MOST_STEPS; step++) {
        double *next = c->work + (step + 1) * n;
        multiply(c, transposed, c->work + step * n, next);
        for (size_t k = 0; k <= step; k++) {
            const double *basis = c->work + k * n;
            double overlap = 0;
            for (size_t i = 0; i < n; i++)
                overlap += basis[i] * next[i];
            l.h[k][step] = overlap;
            for (size_t i = 0; i < n; i++)
                next[i] -= overlap * basis[i];
        }
        const double length = norm_of(next, n);
        l.h[step + 1][step] = length;
        const double residual = turn_column(&l, step);
        if (residual <= GMRES_TOLERANCE * size || length == 0) {
            if (add_solution(c, &l, step + 1, b))
                return QHM_OK;
            break;
        }
        for (size_t i = 0; i < n; i++)
            next[i] /= length;
    }
    return QHM_FAIL(QHM_ERROR_NUMERIC,
                    "correcting %zu outcomes does not converge in %d steps: take the method "
                    "tensored or a larger direct_limit",
                    n, MOST_STEPS);
}

qhm_status qhm_confusion_solve(qhm_confusion *c, bool transposed, double *b)
{
    if (!c->matrix)
        return solve_by_iteration(c, transposed, b);
    qhm_lu_solve(c->matrix, c->count, c->pivots, transposed, b);
    return QHM_OK;
}

static double sum_of_magnitudes(const double *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += fabs(v[i]);
    return sum;
}

// Every column of the inverse.
static qhm_status find_norm(qhm_confusion *c, double *x, double *norm)
{
    for (size_t j = 0; j < c->count; j++) {
        memset(x, 0, c->count * sizeof *x);
        x[j] = 1;
        QHM_TRY(qhm_confusion_solve(c, false, x));
        *norm = fmax(*norm, sum_of_magnitudes(x, c->count));
    }
    return QHM_OK;
}

// Hager's search over columns, each step to one with a larger sum. It begins at the string that is
// read wrong most often: equal weights, the usual start, are where it stops at once, because
// columns add up to 1.
static qhm_status search_norm(qhm_confusion *c, double *x, double *norm)
{
    size_t column = 0;
    for (size_t j = 1; j < c->count; j++)
        if (diagonal_of(c, j) < diagonal_of(c, column))
            column = j;
    for (int step = 0; step < HAGER_STEPS; step++) {
        memset(x, 0, c->count * sizeof *x);
        x[column] = 1;
        QHM_TRY(qhm_confusion_solve(c, false, x));
        *norm = fmax(*norm, sum_of_magnitudes(x, c->count));
        for (size_t i = 0; i < c->count; i++)
            x[i] = x[i] < 0 ? -1 : 1;
        QHM_TRY(qhm_confusion_solve(c, true, x));
        size_t largest = 0;
        for (size_t i = 0; i < c->count; i++)
            if (fabs(x[i]) > fabs(x[largest]))
                largest = i;
        if (largest == column || fabs(x[largest]) <= *norm)
            break;
        column = largest;
    }
    return QHM_OK;
}

qhm_status qhm_confusion_inverse_norm(qhm_confusion *c, double *norm)
{
    double *x, found = 0;
    QHM_TRY(qhm_allocate(c->count, sizeof *x, &x));
    const qhm_status status =
        c->count <= EXACT_NORM_LIMIT ? find_norm(c, x, &found) : search_norm(c, x, &found);
    qhm_release(x);
    if (status == QHM_OK)
        *norm = found;
    return status;
}
