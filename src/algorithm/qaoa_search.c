// Angles of QAOA for any mixer, fitted to the mean cost or to the mean of the lowest costs.
#include "algorithm/qaoa_search.h"
#include "algorithm/qaoa_internal.h"

#include "algorithm/bfgs.h"
#include "algorithm/qaoa_blocks.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/backend.h>
#include <qhm/plan.h>
#include <stdlib.h>

static const double LEAST_SCALE = 1e-100;

double qhm_qaoa_scale(const qhm_ising *ising, double *mean_degree)
{
    const size_t n = qhm_ising_spin_count(ising);
    double length = 0, terms = 0, pairs = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double term =
                j == i ? qhm_ising_field(ising, i) : qhm_ising_coupling(ising, i, j);
            length = hypot(length, term); // squares of tiny terms would vanish
            terms += term != 0;
            pairs += term != 0 && j != i;
        }
    *mean_degree = 2 * pairs / (double)n;
    return terms > 0 ? length / sqrt(terms) : 1;
}

qhm_status qhm_qaoa_require_scale(const qhm_ising *ising)
{
    double degree;
    const double scale = qhm_qaoa_scale(ising, &degree);
    QHM_REQUIRE(scale >= LEAST_SCALE,
                "the costs' couplings and fields are %g in root mean square, below the %g that "
                "QAOA's angles need: give costs in another unit",
                scale, LEAST_SCALE);
    return QHM_OK;
}

typedef struct entry {
    double cost;
    size_t bits;
} entry;

// One number of layers: the mixers X and block by their fast states, others by a plan of their
// circuit.
typedef struct trial {
    qhm_qaoa_search *search;
    size_t layers, count; // count of bit strings
    double scale;
    qhm_qaoa *fast;
    qhm_qaoa_blocks *blocks;
    qhm_backend *backend;
    qhm_plan *plan;
    entry *order; // [count], by cost; NULL where the mean is wanted
    double *probabilities;
} trial;

static void close_trial(trial *t)
{
    qhm_qaoa_destroy(t->fast);
    qhm_qaoa_blocks_destroy(t->blocks);
    qhm_plan_destroy(t->plan);
    qhm_backend_destroy(t->backend);
    qhm_release(t->order);
    qhm_release(t->probabilities);
}

static qhm_status open_plan(const qhm_ising *ising, const qhm_qaoa_circuit_options *shape, trial *t)
{
    qhm_observable *observable = NULL;
    qhm_circuit *circuit = NULL;
    qhm_status status = qhm_ising_observable(ising, &observable);
    if (status == QHM_OK)
        status = qhm_qaoa_circuit_create(ising, shape, &circuit);
    if (status == QHM_OK)
        status = qhm_backend_create("statevector", NULL, &t->backend);
    if (status == QHM_OK)
        status = qhm_plan_create(t->backend, circuit, (const qhm_observable *const[]){observable},
                                 1, &(qhm_plan_options){.max_batch = 1}, &t->plan);
    qhm_circuit_destroy(circuit);
    qhm_observable_destroy(observable);
    return status;
}

static qhm_status open_state(const qhm_ising *ising, const qhm_qaoa_circuit_options *shape,
                             trial *t)
{
    if (shape->mixer == QHM_QAOA_MIXER_X)
        return qhm_qaoa_create(ising, &(qhm_qaoa_options){.layers = shape->layers}, &t->fast);
    if (shape->mixer == QHM_QAOA_MIXER_BLOCK && shape->ones <= 1)
        return qhm_qaoa_blocks_create(ising, shape->block, shape->layers, &t->blocks);
    return open_plan(ising, shape, t);
}

static int compare_entries(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    return x->cost != y->cost ? (x->cost > y->cost) - (x->cost < y->cost)
                              : (x->bits > y->bits) - (x->bits < y->bits);
}

static qhm_status sort_costs(trial *t)
{
    const qhm_ising *ising = t->search->ising;
    QHM_TRY(qhm_allocate(t->count, sizeof *t->order, &t->order));
    QHM_TRY(qhm_allocate(t->count, sizeof *t->probabilities, &t->probabilities));
    QHM_TRY(qhm_ising_energies(ising, t->probabilities));
    for (size_t z = 0; z < t->count; z++)
        t->order[z] = (entry){t->probabilities[z], z};
    qsort(t->order, t->count, sizeof *t->order, compare_entries);
    return QHM_OK;
}

static qhm_status open_trial(qhm_qaoa_search *search, size_t layers, trial *t)
{
    double degree;
    qhm_qaoa_circuit_options shape = search->shape;
    shape.layers = layers;
    shape.measures = false;
    *t = (trial){.search = search, .layers = layers};
    t->count = (size_t)1 << qhm_ising_spin_count(search->ising);
    t->scale = qhm_qaoa_scale(search->ising, &degree);
    qhm_status status = open_state(search->ising, &shape, t);
    if (status == QHM_OK && search->share < 1)
        status = sort_costs(t);
    if (status != QHM_OK)
        close_trial(t);
    return status;
}

static qhm_status find_probabilities(trial *t, const double *angles, double *probabilities)
{
    if (t->fast)
        return qhm_qaoa_probabilities(t->fast, angles, probabilities);
    if (t->blocks) {
        qhm_qaoa_blocks_probabilities(t->blocks, angles, probabilities);
        return QHM_OK;
    }
    return qhm_plan_run(
        t->plan,
        &(qhm_request){.batch_count = 1, .weights = angles, .probabilities = probabilities});
}

static qhm_status find_lowest(trial *t, const double *angles, double *value)
{
    double left = t->search->share, sum = 0;
    QHM_TRY(find_probabilities(t, angles, t->probabilities));
    t->search->runs++;
    for (size_t i = 0; i < t->count && left > 0; i++) {
        const double part = fmin(left, t->probabilities[t->order[i].bits]);
        sum += part * t->order[i].cost;
        left -= part;
    }
    *value = sum / (t->search->share - fmax(0, left));
    return QHM_OK;
}

static qhm_status differentiate(trial *t, const double *angles, double *gradient)
{
    double moved[2 * QHM_QAOA_MOST_LAYERS];
    for (size_t i = 0; i < 2 * t->layers; i++)
        moved[i] = angles[i];
    for (size_t i = 0; i < 2 * t->layers; i++) {
        const double step = i < t->layers ? 1e-5 / t->scale : 1e-5;
        double above, below;
        moved[i] = angles[i] + step;
        QHM_TRY(find_lowest(t, moved, &above));
        moved[i] = angles[i] - step;
        QHM_TRY(find_lowest(t, moved, &below));
        moved[i] = angles[i];
        gradient[i] = (above - below) / (2 * step);
    }
    return QHM_OK;
}

static qhm_status find_value(trial *t, const double *angles, double *value, double *gradient)
{
    const double one = 1;
    if (t->order) {
        QHM_TRY(find_lowest(t, angles, value));
        return gradient ? differentiate(t, angles, gradient) : QHM_OK;
    }
    t->search->runs++;
    t->search->gradients += gradient ? 1 : 0;
    if (t->fast)
        return qhm_qaoa_run(t->fast, angles, value, gradient);
    if (t->blocks) {
        *value = qhm_qaoa_blocks_run(t->blocks, angles, gradient);
        return QHM_OK;
    }
    return qhm_plan_run(t->plan, &(qhm_request){.batch_count = 1,
                                                .weights = angles,
                                                .expectations = value,
                                                .cotangents = gradient ? &one : NULL,
                                                .weight_gradients = gradient});
}

// In units of the problem's scale, so that all angles and slopes are of order 1.
static qhm_status evaluate(void *context, const double *x, double *value, double *gradient)
{
    trial *t = context;
    double angles[2 * QHM_QAOA_MOST_LAYERS];
    for (size_t i = 0; i < 2 * t->layers; i++)
        angles[i] = i < t->layers ? x[i] / t->scale : x[i];
    QHM_TRY(find_value(t, angles, value, gradient));
    *value /= t->scale;
    for (size_t i = 0; i < 2 * t->layers && gradient; i++)
        gradient[i] /= i < t->layers ? t->scale * t->scale : t->scale;
    return QHM_OK;
}

// Phases of one sign are enough, since the conjugate of a state has the same costs.
static void grid_point(const trial *t, int i, double *x)
{
    double degree;
    const qhm_qaoa_circuit_options *shape = &t->search->shape;
    (void)qhm_qaoa_scale(t->search->ising, &degree);
    const double across = i % 8 - 3.5;
    x[0] = -0.15 * (1 + i / 8) / sqrt(1 + degree);
    x[1] = 0.2 * across;
    if (shape->mixer == QHM_QAOA_MIXER_BLOCK)
        x[1] = acos(-1) / (double)shape->block * (1 + i % 8) / 9;
    if (shape->mixer == QHM_QAOA_MIXER_RING)
        x[1] = acos(-1) / 8 * across;
    if (i == 64) { // the bits that the mixer returns to
        x[0] = 0;
        x[1] = acos(-1) / 2;
    }
}

static qhm_status begin(trial *t, double *x)
{
    double point[2 * QHM_QAOA_MOST_LAYERS] = {0}, value, lowest = INFINITY;
    const int count = t->search->shape.mixer == QHM_QAOA_MIXER_RETURN ? 65 : 64;
    for (int i = 0; i < count; i++) {
        grid_point(t, i, point);
        QHM_TRY(evaluate(t, point, &value, NULL));
        if (value < lowest) {
            lowest = value;
            x[0] = point[0];
            x[1] = point[1];
        }
    }
    return QHM_OK;
}

static qhm_status count_runs(const trial *t, size_t runs, size_t gradients, qhm_ledger *ledger)
{
    qhm_qaoa_circuit_options shape = t->search->shape;
    shape.layers = t->layers;
    shape.measures = false;
    return qhm_qaoa_count_exact(t->search->ising, &shape, runs, gradients, ledger);
}

static qhm_status fit_layers(qhm_qaoa_search *search, size_t layers, double *x, qhm_ledger *ledger)
{
    trial t;
    qhm_bfgs_result found = {0};
    double more[2 * QHM_QAOA_MOST_LAYERS];
    const size_t runs = search->runs, gradients = search->gradients;
    QHM_TRY(open_trial(search, layers, &t));
    qhm_status status = QHM_OK;
    if (layers == 1) {
        status = begin(&t, x);
    } else {
        qhm_qaoa_interpolate(layers - 1, x, more);
        for (size_t i = 0; i < 2 * layers; i++)
            x[i] = more[i];
    }
    if (status == QHM_OK)
        status = qhm_bfgs(2 * layers, evaluate, &t, t.order ? 30 : 100, 1e-6, x, &found);
    if (status == QHM_OK)
        status = count_runs(&t, search->runs - runs, search->gradients - gradients, ledger);
    search->value = found.value * t.scale;
    for (size_t i = 0; i < 2 * layers; i++)
        search->angles[i] = i < layers ? x[i] / t.scale : x[i];
    close_trial(&t);
    return status;
}

qhm_status qhm_qaoa_search_run(qhm_qaoa_search *search, qhm_ledger *ledger)
{
    double x[2 * QHM_QAOA_MOST_LAYERS] = {0};
    QHM_TRY(qhm_qaoa_require_scale(search->ising));
    for (size_t layers = 1; layers <= search->shape.layers; layers++)
        QHM_TRY(fit_layers(search, layers, x, ledger));
    return QHM_OK;
}

qhm_status qhm_qaoa_find_probabilities(const qhm_ising *ising,
                                       const qhm_qaoa_circuit_options *shape, const double *angles,
                                       double *probabilities)
{
    trial t = {0};
    qhm_status status = open_state(ising, shape, &t);
    if (status == QHM_OK)
        status = find_probabilities(&t, angles, probabilities);
    close_trial(&t);
    return status;
}
