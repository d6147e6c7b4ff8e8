// exp(-iHt) on a state by Chebyshev polynomials of H, a Pauli sum that is never a matrix.
#include <qhm/evolution.h>

#include "algorithm/evolution_internal.h"
#include "algorithm/pauli_action.h"
#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>

enum { MOST_QUBITS = 30, BLOCK_ROWS = 8192 };

static const double TOLERANCE = 1e-12;
static const double MOST_PRODUCTS = 1e7;

// J_k falls faster than any power from k = x on, over a width of x^(1/3): 1e-40 is far behind.
static size_t find_room(double x)
{
    return (size_t)ceil(x + 25 * cbrt(x)) + 60;
}

// J_0(x) to J_(count-1)(x), by Miller's recurrence from above, where it forgets its start.
static void find_bessel(double x, size_t count, double *values)
{
    double above = 0, sum = 0;
    for (size_t k = 0; k < count; k++)
        values[k] = 0;
    if (x == 0) {
        values[0] = 1;
        return;
    }
    values[count - 1] = 1e-300;
    for (size_t k = count - 1; k > 0; k--) {
        values[k - 1] = 2 * (double)k / x * values[k] - above;
        above = values[k];
        if (fabs(values[k - 1]) > 1e200) {
            above *= 1e-300;
            for (size_t j = k - 1; j < count; j++)
                values[j] *= 1e-300;
        }
    }
    for (size_t k = (count - 1) / 2; k > 0; k--)
        sum += 2 * values[2 * k];
    sum += values[0];
    for (size_t k = 0; k < count; k++)
        values[k] /= sum;
}

qhm_status qhm_chebyshev_series_create(double x, double tolerance, qhm_chebyshev_series *series)
{
    size_t count = find_room(x);
    double *values, tail = 0;
    QHM_TRY(qhm_allocate(count, sizeof *values, &values));
    find_bessel(x, count, values);
    while (count > 1 && tail + 2 * fabs(values[count - 1]) <= tolerance)
        tail += 2 * fabs(values[--count]);
    *series = (qhm_chebyshev_series){values, count, tail};
    return QHM_OK;
}

typedef struct chebyshev {
    qhm_pauli_action sum;
    size_t size;
    double *before, *last, *total; // [2][size]: T_(k-2), T_(k-1) and the series, on the state
} chebyshev;

typedef struct step {
    const chebyshev *c;
    double scale, coefficient;
    size_t degree;
} step;

// T_k = scale H T_(k-1) - T_(k-2) in the place of the latter, k the degree, and its part of the
// series, coefficient (-i)^k.
static void advance_part(const step *s, size_t first, size_t last)
{
    const chebyshev *c = s->c;
    double *re = c->before, *im = c->before + c->size;
    double *sum_re = c->total, *sum_im = c->total + c->size;
    const double sign = s->degree % 4 < 2 ? s->coefficient : -s->coefficient;
    double product_re[QHM_PAULI_ACTION_ROWS], product_im[QHM_PAULI_ACTION_ROWS];
    qhm_pauli_action_rows(&c->sum, c->last, first, last, product_re, product_im);
    for (size_t i = first; i < last; i++) {
        re[i] = s->scale * product_re[i - first] - re[i];
        im[i] = s->scale * product_im[i - first] - im[i];
        sum_re[i] += sign * (s->degree % 2 ? im[i] : re[i]);
        sum_im[i] += sign * (s->degree % 2 ? -re[i] : im[i]);
    }
}

static void advance_rows(size_t first, size_t last, void *context)
{
    for (size_t i = first; i < last; i += QHM_PAULI_ACTION_ROWS) {
        const size_t end = i + QHM_PAULI_ACTION_ROWS;
        advance_part(context, i, end < last ? end : last);
    }
}

// J_k(-x) = (-1)^k J_k(x) serves times below 0.
static void sum_series(chebyshev *c, double time, const qhm_chebyshev_series *series)
{
    for (size_t i = 0; i < 2 * c->size; i++)
        c->total[i] = series->coefficients[0] * c->last[i];
    for (size_t k = 1; k < series->count; k++) {
        const double factor = time < 0 && k % 2 ? -2 : 2;
        step s = {c, (k > 1 ? 2 : 1) / c->sum.weight, factor * series->coefficients[k], k};
        qhm_parallel_for(c->size, BLOCK_ROWS, advance_rows, &s); // at first T_(-1) is 0
        double *next = c->before;
        c->before = c->last;
        c->last = next;
    }
}

static qhm_status evolve(chebyshev *c, double time, const qhm_chebyshev_series *series,
                         qhm_complex *state)
{
    double *vectors;
    QHM_TRY(qhm_allocate(6 * c->size, sizeof *vectors, &vectors));
    c->before = vectors;
    c->last = vectors + 2 * c->size;
    c->total = vectors + 4 * c->size;
    for (size_t i = 0; i < c->size; i++) {
        c->last[i] = state[i].re;
        c->last[c->size + i] = state[i].im;
    }
    sum_series(c, time, series);
    const double re = cos(c->sum.constant * time), im = -sin(c->sum.constant * time);
    for (size_t i = 0; i < c->size; i++) {
        const qhm_complex made = {c->total[i], c->total[c->size + i]};
        state[i] = (qhm_complex){re * made.re - im * made.im, re * made.im + im * made.re};
    }
    qhm_release(vectors);
    return QHM_OK;
}

static qhm_status run(chebyshev *c, double time, const qhm_evolution_apply_options *options,
                      qhm_complex *state, qhm_evolution_accuracy *accuracy)
{
    const double x = c->sum.weight * fabs(time);
    const double most =
        options->most_products ? fmin((double)options->most_products, 1e9) : MOST_PRODUCTS;
    qhm_chebyshev_series series = {0};
    if (x > most)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "a time of %g by the coefficients' sum %g takes more than %.0f products",
                        fabs(time), c->sum.weight, most);
    QHM_TRY(qhm_chebyshev_series_create(x, options->tolerance > 0 ? options->tolerance : TOLERANCE,
                                        &series));
    qhm_status status = QHM_OK;
    if ((double)(series.count - 1) > most)
        status = QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu products are needed, more than %.0f",
                          series.count - 1, most);
    if (status == QHM_OK)
        status = evolve(c, time, &series, state);
    if (status == QHM_OK && accuracy)
        *accuracy = (qhm_evolution_accuracy){series.count - 1, series.error};
    qhm_release(series.coefficients);
    return status;
}

qhm_status qhm_evolution_apply(size_t qubit_count, const qhm_observable *hamiltonian, double time,
                               const qhm_evolution_apply_options *options, qhm_complex *state,
                               qhm_evolution_accuracy *accuracy)
{
    static const qhm_evolution_apply_options defaults = {0};
    options = options ? options : &defaults;
    QHM_REQUIRE(hamiltonian && state, "hamiltonian or state is NULL");
    QHM_REQUIRE(qubit_count <= MOST_QUBITS, "qubit_count is %zu, not 1 to %d", qubit_count,
                MOST_QUBITS);
    QHM_REQUIRE(options->tolerance == 0 || (options->tolerance >= 1e-15 && options->tolerance < 1),
                "tolerance is %g, not from 1e-15 to below 1", options->tolerance);
    QHM_TRY(qhm_evolution_check(qubit_count, hamiltonian, time));
    chebyshev c = {.size = (size_t)1 << qubit_count};
    QHM_TRY(qhm_pauli_action_create(hamiltonian, qubit_count, &c.sum));
    const qhm_status status = run(&c, time, options, state, accuracy);
    qhm_pauli_action_release(&c.sum);
    return status;
}
