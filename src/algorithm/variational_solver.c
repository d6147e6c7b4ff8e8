// The variational linear solver: costs as observables of the exact state, minimised by BFGS.
#include <qhm/variational_solver.h>

#include "algorithm/bfgs.h"
#include "algorithm/pauli_sum.h"
#include "algorithm/variational_internal.h"
#include "base/memory.h"
#include "linalg/symmetric_eigen.h"

#include <float.h>
#include <math.h>
#include <qhm/plan.h>
#include <qhm/random.h>
#include <string.h>

enum { MOST_QUBITS = 3, MOST_SIZE = 1 << MOST_QUBITS, MOST_SQUARE = MOST_SIZE * MOST_SIZE };

typedef struct descent {
    qhm_backend *backend;
    qhm_plan *plan;
    double threshold;
    size_t evaluations;
} descent;

static qhm_status require_system(size_t n, const double *matrix, const double *b)
{
    double length = 0;
    QHM_REQUIRE(n >= 1 && n <= MOST_QUBITS, "qubit_count is %zu, not 1 to %d", n, MOST_QUBITS);
    QHM_REQUIRE(matrix && b, "matrix or b is NULL");
    const size_t size = (size_t)1 << n;
    for (size_t i = 0; i < size; i++) {
        length = hypot(length, b[i]);
        for (size_t j = 0; j <= i; j++) {
            const double x = matrix[i * size + j], y = matrix[j * size + i];
            QHM_REQUIRE(isfinite(x) && fabs(x - y) <= 1e-12 * (fabs(x) + fabs(y)),
                        "matrix[%zu][%zu] is %g, matrix[%zu][%zu] %g: not symmetric", i, j, x, j, i,
                        y);
        }
    }
    QHM_REQUIRE(length > 0 && isfinite(length), "b is zero or not finite");
    return QHM_OK;
}

// sum = a b a, for symmetric a and b [size][size].
static void sandwich(size_t size, const double *a, const double *b, double *sum)
{
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) {
            double value = 0;
            for (size_t k = 0; k < size; k++)
                for (size_t l = 0; l < size; l++)
                    value += a[i * size + k] * b[k * size + l] * a[l * size + j];
            sum[i * size + j] = value;
        }
}

// The matrix between the two A: 1 - |b><b|, or 1 - sum_j U |0_j><0_j| U^-1 / n.
static qhm_status find_middle(size_t n, const double *b, qhm_solver_cost cost, double *middle)
{
    const size_t size = (size_t)1 << n;
    double length = 0, columns[MOST_SQUARE];
    for (size_t i = 0; i < size; i++)
        length = hypot(length, b[i]);
    if (cost == QHM_SOLVER_COST_LOCAL)
        QHM_TRY(qhm_variational_load_matrix(n, b, columns));
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) {
            double taken = b[i] / length * (b[j] / length);
            if (cost == QHM_SOLVER_COST_LOCAL) {
                taken = 0;
                for (size_t k = 0; k < size; k++)
                    taken += columns[i * size + k] * columns[j * size + k] *
                             (double)(n - (size_t)__builtin_popcountll(k)) / (double)n;
            }
            middle[i * size + j] = (i == j) - taken;
        }
    return QHM_OK;
}

// top = A middle A and bottom = A^2; the cost is <top> / <bottom>.
static qhm_status find_forms(size_t n, const double *matrix, const double *b, qhm_solver_cost cost,
                             double *top, double *bottom)
{
    const size_t size = (size_t)1 << n;
    double middle[MOST_SQUARE], one[MOST_SQUARE] = {0};
    QHM_TRY(find_middle(n, b, cost, middle));
    for (size_t i = 0; i < size; i++)
        one[i * size + i] = 1;
    sandwich(size, matrix, middle, top);
    sandwich(size, matrix, one, bottom);
    return QHM_OK;
}

qhm_status qhm_variational_cost(size_t qubit_count, const double *matrix, const double *b,
                                const double *x, qhm_solver_cost cost, double *value)
{
    double top[MOST_SQUARE], bottom[MOST_SQUARE], sums[2] = {0};
    QHM_TRY(require_system(qubit_count, matrix, b));
    QHM_REQUIRE(x && value, "x or value is NULL");
    QHM_TRY(find_forms(qubit_count, matrix, b, cost, top, bottom));
    const size_t size = (size_t)1 << qubit_count;
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) {
            sums[0] += x[i] * top[i * size + j] * x[j];
            sums[1] += x[i] * bottom[i * size + j] * x[j];
        }
    QHM_REQUIRE(sums[1] > 0, "A x is zero or not finite");
    *value = sums[0] / sums[1];
    return QHM_OK;
}

// A cost that proves the error has gradient 0 here, which ends the descent.
static qhm_status evaluate(void *context, const double *angles, double *value, double *gradient)
{
    descent *d = context;
    double forms[2] = {0};
    qhm_request request = {.batch_count = 1, .weights = angles, .expectations = forms};
    QHM_TRY(qhm_plan_run(d->plan, &request));
    d->evaluations++;
    *value = forms[0] / forms[1];
    request.cotangents = (double[]){1 / forms[1], -*value / forms[1]};
    request.expectations = NULL;
    request.weight_gradients = gradient;
    QHM_TRY(qhm_plan_run(d->plan, &request));
    if (*value <= d->threshold)
        memset(gradient, 0, qhm_plan_information(d->plan)->weight_count * sizeof *gradient);
    return QHM_OK;
}

static void close_descent(descent *d)
{
    qhm_plan_destroy(d->plan);
    qhm_backend_destroy(d->backend);
}

static qhm_status open_descent(const qhm_circuit *ansatz, const double *top, const double *bottom,
                               descent *d)
{
    const size_t n = qhm_circuit_qubit_count(ansatz);
    qhm_observable *forms[2] = {NULL, NULL};
    qhm_status status = qhm_pauli_sum_observable(n, top, &forms[0]);
    if (status == QHM_OK)
        status = qhm_pauli_sum_observable(n, bottom, &forms[1]);
    if (status == QHM_OK)
        status = qhm_backend_create("statevector", NULL, &d->backend);
    if (status == QHM_OK)
        status = qhm_plan_create(d->backend, ansatz, (const qhm_observable *const *)forms, 2,
                                 &(qhm_plan_options){.max_batch = 1}, &d->plan);
    qhm_observable_destroy(forms[0]);
    qhm_observable_destroy(forms[1]);
    return status;
}

static qhm_status find_condition(size_t n, const double *matrix, double *condition)
{
    const size_t size = (size_t)1 << n;
    double copy[MOST_SQUARE], values[MOST_SIZE], vectors[MOST_SQUARE];
    memcpy(copy, matrix, size * size * sizeof *copy);
    QHM_TRY(qhm_symmetric_eigen(copy, size, size, values, vectors));
    double least = fabs(values[0]), most = least;
    for (size_t i = 1; i < size; i++) {
        least = fmin(least, fabs(values[i]));
        most = fmax(most, fabs(values[i]));
    }
    QHM_REQUIRE(least > 16 * DBL_EPSILON * most,
                "the matrix is singular: eigenvalues from %g to %g in size", least, most);
    *condition = most / least;
    return QHM_OK;
}

// Attempts from random angles until one proves the error; the best is kept.
static qhm_status descend(descent *d, const qhm_variational_solver_options *o, double *angles,
                          qhm_variational_solved *solved)
{
    const size_t count = qhm_plan_information(d->plan)->weight_count;
    double *trial;
    QHM_TRY(qhm_allocate(count, sizeof *trial, &trial));
    qhm_status status = QHM_OK;
    solved->cost = INFINITY;
    for (size_t a = 0; a < o->attempts && status == QHM_OK && solved->cost > d->threshold; a++) {
        qhm_random random = qhm_random_stream(o->seed, QHM_RANDOM_INITIALISE, a, 0, 0);
        qhm_bfgs_result found;
        for (size_t i = 0; i < count; i++)
            trial[i] = 2 * M_PI * qhm_random_uniform(&random);
        status = qhm_bfgs(count, evaluate, d, o->iterations, 1e-10, trial, &found);
        if (status == QHM_OK && found.value < solved->cost) {
            solved->cost = found.value;
            memcpy(angles, trial, count * sizeof *angles);
        }
        solved->attempts = a + 1;
    }
    qhm_release(trial);
    return status;
}

static qhm_status solve(size_t n, const double *matrix, const double *b,
                        const qhm_variational_solver_options *o, double *angles,
                        qhm_variational_solved *solved)
{
    double top[MOST_SQUARE], bottom[MOST_SQUARE];
    descent d = {0};
    qhm_circuit *ansatz;
    // Global: cost >= e^2 / k^2; local: n times less.
    const double share =
        (o->cost == QHM_SOLVER_COST_LOCAL ? (double)n : 1) * pow(solved->condition_number, 2);
    d.threshold = solved->threshold = o->error * o->error / share;
    QHM_TRY(find_forms(n, matrix, b, o->cost, top, bottom));
    QHM_TRY(qhm_variational_ansatz_create(n, o->layers, &ansatz));
    qhm_status status = open_descent(ansatz, top, bottom, &d);
    if (status == QHM_OK)
        status = descend(&d, o, angles, solved);
    close_descent(&d);
    qhm_circuit_destroy(ansatz);
    if (status != QHM_OK)
        return status;
    solved->evaluations = d.evaluations;
    solved->cost = fmax(0, solved->cost);
    solved->is_proved = solved->cost <= solved->threshold;
    solved->error_bound = fmin(1, sqrt(solved->cost * share));
    return QHM_OK;
}

qhm_status qhm_variational_solve(size_t qubit_count, const double *matrix, const double *b,
                                 const qhm_variational_solver_options *options, double *angles,
                                 qhm_ledger *ledger, qhm_variational_solved *solved)
{
    qhm_variational_solver_options o =
        options ? *options : (qhm_variational_solver_options){.layers = 0};
    qhm_variational_solved made = {0};
    qhm_ledger executed = {0};
    QHM_TRY(require_system(qubit_count, matrix, b));
    QHM_REQUIRE(angles && solved, "angles or solved is NULL");
    QHM_REQUIRE(o.error >= 0 && o.error <= 1, "error is %g, not 0 to 1", o.error);
    QHM_REQUIRE(o.layers <= 100, "layers is %zu, above 100", o.layers);
    o.layers = o.layers > 0 ? o.layers : 3;
    o.error = o.error > 0 ? o.error : 0.01;
    o.iterations = o.iterations > 0 ? o.iterations : 200;
    o.attempts = o.attempts > 0 ? o.attempts : 5;
    o.shots = o.shots > 0 ? o.shots : 10000;
    QHM_TRY(find_condition(qubit_count, matrix, &made.condition_number));
    QHM_TRY(solve(qubit_count, matrix, b, &o, angles, &made));
    QHM_TRY(qhm_variational_charge(qubit_count, matrix, b, &o, &made, &executed));
    if (ledger)
        qhm_ledger_add(ledger, &executed);
    *solved = made;
    return QHM_OK;
}
