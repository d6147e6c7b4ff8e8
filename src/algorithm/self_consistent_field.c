// Restricted Hartree-Fock by Roothaan's equations, for closed and open shells, with DIIS.
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
    size_t pairs, unpaired, stored; // stored: matrices in the history so far
    double *root;                   // [n][n] overlap^(-1/2)
    double *density, *spin;         // of all electrons; of the unpaired ones alone
    double *fock, *up;              // of all, and what electrons of spin up feel
    double *error, *work[3], *values;
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

static void add_density(const field *f, const double *orbital, double electrons, double *density)
{
    const size_t n = f->basis->n;
    for (size_t i = 0; i < n * n; i++)
        density[i] += electrons * orbital[i / n] * orbital[i % n];
}

static double energy_up(const field *f, const double *orbital)
{
    const size_t n = f->basis->n;
    double energy = 0;
    for (size_t i = 0; i < n * n; i++)
        energy += f->up[i] * orbital[i / n] * orbital[i % n];
    return energy;
}

// Brings the orbitals that unpaired electrons prefer, by what spin up feels, behind those of pairs.
static void choose_open(const field *f, double *orbitals, double *energies)
{
    const size_t n = f->basis->n;
    for (size_t k = f->pairs; k < f->pairs + f->unpaired; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < n; i++)
            if (energy_up(f, orbitals + i * n) < energy_up(f, orbitals + best * n))
                best = i;
        for (; best > k; best--) {
            const double energy = energies[best];
            energies[best] = energies[best - 1];
            energies[best - 1] = energy;
            for (size_t i = 0; i < n; i++) {
                const double value = orbitals[best * n + i];
                orbitals[best * n + i] = orbitals[(best - 1) * n + i];
                orbitals[(best - 1) * n + i] = value;
            }
        }
    }
}

// Orbitals of a Fock matrix, and the density of pairs in the lowest and single electrons above.
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
    if (f->unpaired > 0)
        choose_open(f, orbitals, energies);
    memset(f->density, 0, n * n * sizeof(double));
    memset(f->spin, 0, n * n * sizeof(double));
    for (size_t k = 0; k < f->pairs + f->unpaired; k++) {
        add_density(f, orbitals + k * n, k < f->pairs ? 2 : 1, f->density);
        if (k >= f->pairs)
            add_density(f, orbitals + k * n, 1, f->spin);
    }
    return QHM_OK;
}

// Electrons of spin up feel F - X and those of spin down F + X, where X is half the exchange with
// the unpaired electrons. Roothaan's one matrix for both [roothaan1960] has the gradient where
// shells of different occupation meet: F + X of pairs with the open shell, F - X of the open shell
// with empty orbitals, F elsewhere. With P = spin S, which projects on the open shell, and
// density S - 1, which is +1 on pairs, 0 there, and -1 on empty ones: P' X (density S - 1), and its
// transpose.
static void add_open_shell(field *f)
{
    const size_t n = f->basis->n;
    double *const exchange = f->work[1], *const sign = f->work[2];
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++) {
            double sum = 0;
            for (size_t r = 0; r < n; r++)
                for (size_t s = 0; s < n; s++)
                    sum +=
                        f->spin[r * n + s] * f->basis->repulsion[((p * n + s) * n + r) * n + q] / 2;
            exchange[p * n + q] = sum;
            f->up[p * n + q] = f->fock[p * n + q] - sum;
        }
    qhm_matrix_product(false, false, n, n, n, f->density, f->basis->overlap, sign);
    for (size_t i = 0; i < n; i++)
        sign[i * n + i] -= 1;
    sandwich(f, f->spin, exchange, sign, f->error);
    qhm_matrix_product(false, false, n, n, n, f->basis->overlap, f->error, exchange);
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++)
            f->fock[p * n + q] += exchange[p * n + q] + exchange[q * n + p];
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
    if (f->unpaired > 0)
        add_open_shell(f);
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
                                     size_t unpaired, size_t iterations, double tolerance,
                                     double *orbitals, double *energies, size_t *used)
{
    const size_t size = basis->n * basis->n;
    field f = {.basis = basis, .pairs = pairs, .unpaired = unpaired};
    double *memory;
    double **const parts[] = {&f.root,  &f.density, &f.spin,    &f.fock,   &f.up,
                              &f.error, &f.work[0], &f.work[1], &f.work[2]};
    enum { PARTS = sizeof parts / sizeof parts[0] };
    QHM_TRY(qhm_allocate(size * (PARTS + 2 * HISTORY) + basis->n, sizeof *memory, &memory));
    for (size_t i = 0; i < PARTS; i++)
        *parts[i] = memory + i * size;
    f.old_fock = memory + PARTS * size;
    f.old_error = f.old_fock + HISTORY * size;
    f.values = f.old_error + HISTORY * size;
    const qhm_status status = iterate(&f, iterations, tolerance, orbitals, energies, used);
    qhm_release(memory);
    return status;
}
