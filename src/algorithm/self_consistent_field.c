// Restricted Hartree-Fock by Roothaan's equations, with DIIS.
#include "algorithm/self_consistent_field.h"

#include "base/memory.h"
#include "linalg/lu_factor.h"
#include "linalg/matrix_product.h"
#include "linalg/symmetric_eigen.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { HISTORY = 8 };

static const double LEAST_OVERLAP = 1e-8; // eigenvalue: below, orbitals are nearly the same

typedef struct field {
    const qhm_basis_integrals *basis;
    size_t pairs, stored; // matrices in the history so far
    double *root;         // [n][n] overlap^(-1/2)
    double *density, *fock, *error, *work[2], *values;
    double *old_fock, *old_error; // [HISTORY][n][n]
} field;

// a in the orthonormal basis, or back: root a root.
static void sandwich(const field *f, const double *left, const double *a, const double *right,
                     double *out)
{
    const size_t n = f->basis->n;
    qhm_matrix_product(false, false, n, n, n, left, a, f->work[0]);
    qhm_matrix_product(false, false, n, n, n, f->work[0], right, out);
}

static qhm_status find_root(field *f)
{
    const size_t n = f->basis->n;
    double *vectors = f->work[1];
    memcpy(f->error, f->basis->overlap, n * n * sizeof(double));
    QHM_TRY(qhm_symmetric_eigen(f->error, n, n, f->values, vectors));
    if (f->values[n - 1] < LEAST_OVERLAP)
        return QHM_FAIL(QHM_ERROR_NUMERIC,
                        "the basis is nearly dependent: its overlaps have an eigenvalue of %.3g",
                        f->values[n - 1]);
    memset(f->root, 0, n * n * sizeof(double));
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < n * n; i++)
            f->root[i] += vectors[k * n + i / n] * vectors[k * n + i % n] / sqrt(f->values[k]);
    return QHM_OK;
}

// Orbitals of a Fock matrix, and the density of its lowest pairs.
static qhm_status diagonalise(field *f, double *orbitals, double *energies)
{
    const size_t n = f->basis->n;
    double *vectors = f->work[1];
    sandwich(f, f->root, f->fock, f->root, f->error);
    QHM_TRY(qhm_symmetric_eigen(f->error, n, n, f->values, vectors));
    for (size_t k = 0; k < n; k++) {
        const double *vector = vectors + (n - 1 - k) * n; // the largest come first
        energies[k] = f->values[n - 1 - k];
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            for (size_t j = 0; j < n; j++)
                sum += f->root[i * n + j] * vector[j];
            orbitals[k * n + i] = sum;
        }
        qhm_fix_sign(orbitals + k * n, n);
    }
    memset(f->density, 0, n * n * sizeof(double));
    for (size_t k = 0; k < f->pairs; k++)
        for (size_t i = 0; i < n * n; i++)
            f->density[i] += 2 * orbitals[k * n + i / n] * orbitals[k * n + i % n];
    return QHM_OK;
}

static void fill_fock(field *f)
{
    const size_t n = f->basis->n;
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++) {
            double sum = f->basis->hamiltonian[p * n + q];
            for (size_t r = 0; r < n; r++)
                for (size_t s = 0; s < n; s++)
                    sum += f->density[r * n + s] *
                           (f->basis->repulsion[((p * n + q) * n + r) * n + s] -
                            0.5 * f->basis->repulsion[((p * n + s) * n + r) * n + q]);
            f->fock[p * n + q] = sum;
        }
}

// The gradient: root (F D S - S D F) root; its largest entry.
static double fill_error(field *f)
{
    const size_t n = f->basis->n;
    double largest = 0;
    sandwich(f, f->fock, f->density, f->basis->overlap, f->work[1]);
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++)
            f->error[p * n + q] = f->work[1][p * n + q] - f->work[1][q * n + p];
    sandwich(f, f->root, f->error, f->root, f->work[1]);
    memcpy(f->error, f->work[1], n * n * sizeof(double));
    for (size_t i = 0; i < n * n; i++)
        largest = fmax(largest, fabs(f->error[i]));
    return largest;
}

static double inner(size_t count, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

// The combination of past Fock matrices, weights adding up to 1, whose error is smallest. Where it
// cannot be found the last matrix stays.
static void extrapolate(field *f)
{
    const size_t size = f->basis->n * f->basis->n, slot = f->stored % HISTORY;
    double matrix[(HISTORY + 1) * (HISTORY + 1)] = {0}, weights[HISTORY + 1] = {0};
    int pivots[HISTORY + 1];
    memcpy(f->old_fock + slot * size, f->fock, size * sizeof(double));
    memcpy(f->old_error + slot * size, f->error, size * sizeof(double));
    f->stored++;
    const size_t m = f->stored < HISTORY ? f->stored : HISTORY, width = m + 1;
    if (m < 2)
        return;
    const double scale = inner(size, f->error, f->error);
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < m; j++)
            matrix[i * width + j] =
                inner(size, f->old_error + i * size, f->old_error + j * size) / scale;
        matrix[i * width + m] = matrix[m * width + i] = -1;
    }
    weights[m] = -1;
    if (!(scale > 0) || qhm_lu(matrix, width, pivots) != QHM_OK)
        return;
    qhm_lu_solve(matrix, width, pivots, false, weights);
    memset(f->fock, 0, size * sizeof(double));
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < size; k++)
            f->fock[k] += weights[i] * f->old_fock[i * size + k];
}

static qhm_status iterate(field *f, size_t iterations, double tolerance, double *orbitals,
                          double *energies, size_t *used)
{
    const size_t n = f->basis->n;
    double gradient = 0;
    QHM_TRY(find_root(f));
    for (size_t i = 0; i < n; i++)
        f->density[i * n + i] = f->basis->occupations[i];
    fill_fock(f);
    for (size_t i = 1; i <= iterations; i++) {
        QHM_TRY(diagonalise(f, orbitals, energies));
        fill_fock(f);
        gradient = fill_error(f);
        if (gradient <= tolerance) {
            *used = i;
            return diagonalise(f, orbitals, energies);
        }
        extrapolate(f);
    }
    return QHM_FAIL(QHM_ERROR_NUMERIC,
                    "the mean field has not converged after %zu iterations: its gradient is %.3g",
                    iterations, gradient);
}

qhm_status qhm_self_consistent_field(const qhm_basis_integrals *basis, size_t pairs,
                                     size_t iterations, double tolerance, double *orbitals,
                                     double *energies, size_t *used)
{
    const size_t size = basis->n * basis->n;
    field f = {.basis = basis, .pairs = pairs};
    double *memory;
    QHM_TRY(qhm_allocate(size * (6 + 2 * HISTORY) + basis->n, sizeof *memory, &memory));
    double **const parts[] = {&f.root, &f.density, &f.fock, &f.error, &f.work[0], &f.work[1]};
    for (size_t i = 0; i < 6; i++)
        *parts[i] = memory + i * size;
    f.old_fock = memory + 6 * size;
    f.old_error = f.old_fock + HISTORY * size;
    f.values = f.old_error + HISTORY * size;
    const qhm_status status = iterate(&f, iterations, tolerance, orbitals, energies, used);
    qhm_release(memory);
    return status;
}
