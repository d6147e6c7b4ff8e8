// The lowest eigenvalue of a real symmetric operator: LAPACK for small ones, else Lanczos.
#include "algorithm/ground_state.h"

#include "algorithm/pauli_action.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/symmetric_eigen.h"

#include <cblas.h>
#include <math.h>
#include <qhm/random.h>
#include <stdbool.h>
#include <string.h>

enum { DENSE = 200, KRYLOV = 80, MOST_PRODUCTS = 2000, MOST_QUBITS = 20 };

static const double TOLERANCE = 1e-9;

// The Hamiltonian column by column.
static qhm_status solve_whole(size_t size, qhm_operator_action *action, void *context,
                              double *vector, qhm_ground_state *result)
{
    double *matrix, value;
    QHM_TRY(qhm_allocate(size * size + size, sizeof *matrix, &matrix));
    double *unit = matrix + size * size;
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < size && status == QHM_OK; i++) {
        unit[i] = 1;
        status = action(context, unit, matrix + i * size);
        unit[i] = 0;
    }
    for (size_t i = 0; i < size * size; i++)
        matrix[i] = -matrix[i]; // the largest eigenvalue is what LAPACK is asked for
    if (status == QHM_OK)
        status = qhm_symmetric_eigen(matrix, size, 1, &value, vector);
    qhm_release(matrix);
    if (status == QHM_OK)
        *result = (qhm_ground_state){.energy = -value};
    return status;
}

typedef struct lanczos {
    size_t size, count;                    // vectors so far
    double *basis;                         // [KRYLOV + 1][size]
    double diagonal[KRYLOV], next[KRYLOV]; // of the tridiagonal matrix
    double matrix[KRYLOV * KRYLOV], ritz[KRYLOV];
    double energy, residual, scale;
} lanczos;

static double norm_of(size_t size, const double *vector)
{
    double sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += vector[i] * vector[i];
    return sqrt(sum);
}

// Twice, as once leaves rounding that grows.
static void orthogonalise(const lanczos *l, double *vector)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < l->count; k++) {
            const double *other = l->basis + k * l->size;
            const double overlap = cblas_ddot((int)l->size, other, 1, vector, 1);
            cblas_daxpy((int)l->size, -overlap, other, 1, vector, 1);
        }
}

static qhm_status solve_small(lanczos *l)
{
    const size_t n = l->count;
    double values[KRYLOV];
    double vectors[KRYLOV];
    memset(l->matrix, 0, n * n * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        l->matrix[i * n + i] = -l->diagonal[i];
        if (i + 1 < n)
            l->matrix[i * n + i + 1] = l->matrix[(i + 1) * n + i] = -l->next[i];
        l->scale = fmax(l->scale, fabs(l->diagonal[i]) + l->next[i]);
    }
    QHM_TRY(qhm_symmetric_eigen(l->matrix, n, 1, values, vectors));
    memcpy(l->ritz, vectors, n * sizeof(double));
    l->energy = -values[0];
    l->residual = fabs(l->next[n - 1] * vectors[n - 1]);
    return QHM_OK;
}

static bool has_converged(const lanczos *l)
{
    return l->residual <= TOLERANCE * fmax(1, l->scale);
}

// Takes H of the last vector into the space.
static qhm_status extend(lanczos *l, double *next)
{
    const int token = qhm_serial_begin(); // the same bits for any number of threads
    const double *last = l->basis + (l->count - 1) * l->size;
    l->diagonal[l->count - 1] = cblas_ddot((int)l->size, last, 1, next, 1);
    orthogonalise(l, next);
    l->next[l->count - 1] = norm_of(l->size, next);
    qhm_serial_end(token);
    return solve_small(l);
}

// Builds a space from `vector` until it holds the ground state or is full; then the best vector.
static qhm_status sweep(lanczos *l, qhm_operator_action *action, void *context, double *vector,
                        size_t *products)
{
    const size_t size = l->size;
    const double length = norm_of(size, vector);
    for (size_t i = 0; i < size; i++)
        l->basis[i] = vector[i] / length;
    for (l->count = 1;; l->count++) {
        double *next = l->basis + l->count * size;
        QHM_TRY(action(context, next - size, next));
        ++*products;
        QHM_TRY(extend(l, next));
        if (has_converged(l) || l->count == KRYLOV || l->count == size)
            break;
        for (size_t i = 0; i < size; i++)
            next[i] /= l->next[l->count - 1];
    }
    memset(vector, 0, size * sizeof *vector);
    for (size_t k = 0; k < l->count; k++)
        for (size_t i = 0; i < size; i++)
            vector[i] += l->ritz[k] * l->basis[k * size + i];
    return QHM_OK;
}

static qhm_status solve_large(size_t size, qhm_operator_action *action, void *context,
                              double *vector, qhm_ground_state *result)
{
    lanczos *l;
    size_t products = 0;
    QHM_TRY(qhm_allocate(1, sizeof *l, &l));
    l->size = size;
    qhm_status status = qhm_allocate((KRYLOV + 1) * size, sizeof *l->basis, &l->basis);
    do {
        if (status == QHM_OK)
            status = sweep(l, action, context, vector, &products);
    } while (status == QHM_OK && !has_converged(l) && products < MOST_PRODUCTS);
    if (status == QHM_OK && !has_converged(l))
        status = QHM_FAIL(QHM_ERROR_NUMERIC,
                          "the ground state of dimension %zu has not converged after %zu products: "
                          "a residual of %.3g is left",
                          size, products, l->residual);
    if (status == QHM_OK)
        *result = (qhm_ground_state){l->energy, l->residual, products};
    qhm_release(l->basis);
    qhm_release(l);
    return status;
}

qhm_status qhm_find_ground_state(size_t size, qhm_operator_action *action, void *context,
                                 double *vector, qhm_ground_state *result)
{
    return size <= DENSE ? solve_whole(size, action, context, vector, result)
                         : solve_large(size, action, context, vector, result);
}

typedef struct pauli_product {
    const qhm_pauli_action *sum;
    const double *vector;
    double *out;
} pauli_product;

static void apply_rows(size_t first, size_t last, void *context)
{
    const pauli_product *p = context;
    const size_t size = p->sum->size;
    qhm_pauli_action_rows(p->sum, p->vector, first, last, p->out + first, p->out + size + first);
    for (size_t i = first; i < last; i++) {
        p->out[i] += p->sum->constant * p->vector[i];
        p->out[size + i] += p->sum->constant * p->vector[size + i];
    }
}

static qhm_status apply_sum(void *context, const double *vector, double *out)
{
    const qhm_pauli_action *sum = context;
    pauli_product product = {sum, vector, out};
    qhm_parallel_for(sum->size, QHM_PAULI_ACTION_ROWS, apply_rows, &product);
    return QHM_OK;
}

qhm_status qhm_find_pauli_ground_state(size_t qubit_count, const qhm_observable *hamiltonian,
                                       qhm_ground_state *result)
{
    const size_t size = (size_t)2 << qubit_count;
    qhm_pauli_action sum;
    double *vector = NULL;
    if (qubit_count > MOST_QUBITS)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu qubits, not at most %d, to diagonalise",
                        qubit_count, MOST_QUBITS);
    QHM_TRY(qhm_pauli_action_create(hamiltonian, qubit_count, &sum));
    qhm_status status = qhm_allocate(size, sizeof *vector, &vector);
    qhm_random random = qhm_random_stream(0, QHM_RANDOM_INITIALISE, size, 0, 0);
    for (size_t i = 0; i < size && status == QHM_OK; i++)
        vector[i] = qhm_random_normal(&random); // has a part of every eigenvector
    if (status == QHM_OK)
        status = qhm_find_ground_state(size, apply_sum, &sum, vector, result);
    qhm_release(vector);
    qhm_pauli_action_release(&sum);
    return status;
}
