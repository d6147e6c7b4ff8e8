// ADAPT-VQE: the circuit grows by the excitation that promises most.
#include "algorithm/vqe_internal.h"

#include "base/memory.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MOST = 100 };
static const double THRESHOLD = 1e-3;

typedef struct growth {
    const qhm_electronic_problem *problem;
    qhm_electron_map map;
    const qhm_observable *hamiltonian;
    qhm_vqe_adapt_options options;
    qhm_circuit *circuit;
    double *weights; // [most + excitations]
    size_t chosen, pool;
    qhm_vqe_result total;
    qhm_ledger ledger;
} growth;

// All excitations behind the circuit with weight 0: none changes the state, so that each one's
// derivative is what it promises.
static qhm_status find_gradients(growth *g, double *gradient)
{
    qhm_circuit *longer;
    qhm_energy energy = {0};
    double value;
    QHM_TRY(qhm_circuit_copy(g->circuit, &longer));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < g->pool && status == QHM_OK; i++)
        status = qhm_vqe_pool_append(g->problem, g->map, g->options.pool, i,
                                     (uint32_t)(g->chosen + i), longer);
    if (status == QHM_OK)
        status = qhm_energy_open(longer, g->hamiltonian, 0, 0, &energy);
    if (status == QHM_OK) {
        memset(g->weights + g->chosen, 0, g->pool * sizeof *g->weights);
        status = qhm_energy_run(&energy, g->weights, &value, gradient);
        if (status == QHM_OK)
            status = qhm_energy_count(&energy, &g->ledger);
        qhm_energy_close(&energy);
    }
    qhm_circuit_destroy(longer);
    return status;
}

static qhm_status grow(growth *g, size_t best)
{
    qhm_vqe_result found;
    QHM_TRY(qhm_vqe_pool_append(g->problem, g->map, g->options.pool, best, (uint32_t)g->chosen,
                                g->circuit));
    g->weights[g->chosen++] = 0;
    QHM_TRY(qhm_vqe_minimize(g->circuit, g->hamiltonian, &g->options.optimizer, g->weights, &found,
                             &g->ledger));
    g->total.energy = found.energy;
    g->total.gradient = found.gradient;
    g->total.iterations += found.iterations;
    g->total.evaluations += found.evaluations;
    g->total.gradients += found.gradients;
    return QHM_OK;
}

static qhm_status grow_all(growth *g)
{
    double *gradient;
    qhm_status status = QHM_OK;
    QHM_TRY(qhm_allocate(g->options.most + g->pool, sizeof *gradient, &gradient));
    for (;;) {
        size_t best = 0;
        status = find_gradients(g, gradient);
        if (status != QHM_OK)
            break;
        const double *promises = gradient + g->chosen;
        for (size_t i = 1; i < g->pool; i++)
            if (fabs(promises[i]) > fabs(promises[best]))
                best = i;
        if (!(fabs(promises[best]) > g->options.threshold) || g->chosen == g->options.most)
            break;
        status = grow(g, best);
        if (status != QHM_OK)
            break;
    }
    qhm_release(gradient);
    return status;
}

static qhm_status check(const qhm_vqe_adapt_options *options)
{
    QHM_REQUIRE(options->threshold > 0 && isfinite(options->threshold),
                "threshold is %g, not above 0", options->threshold);
    QHM_REQUIRE(options->most <= 100000, "most is %zu, not at most 100000", options->most);
    return QHM_OK;
}

qhm_status qhm_vqe_adapt(const qhm_electronic_problem *problem, qhm_electron_map map,
                         const qhm_observable *hamiltonian, const qhm_vqe_adapt_options *options,
                         qhm_circuit **circuit, double **weights, qhm_vqe_result *result,
                         qhm_ledger *ledger)
{
    QHM_REQUIRE(problem && hamiltonian && circuit && weights && result,
                "problem, hamiltonian, circuit, weights or result is NULL");
    growth g = {.problem = problem, .map = map, .hamiltonian = hamiltonian};
    g.options = options ? *options : (qhm_vqe_adapt_options){0};
    g.options.threshold = g.options.threshold == 0 ? THRESHOLD : g.options.threshold;
    g.options.most = g.options.most ? g.options.most : MOST;
    QHM_REQUIRE((unsigned)g.options.pool <= QHM_VQE_POOL_GENERALISED, "pool is %u, not 0 or 1",
                (unsigned)g.options.pool);
    g.pool = qhm_vqe_pool_count(problem, g.options.pool);
    QHM_TRY(check(&g.options));
    QHM_TRY(qhm_vqe_reference_create(problem, map, &g.circuit));
    qhm_status status = qhm_allocate(g.options.most + g.pool, sizeof *g.weights, &g.weights);
    if (status == QHM_OK && g.pool > 0)
        status = grow_all(&g);
    if (status == QHM_OK && g.chosen == 0)
        status = qhm_vqe_minimize(g.circuit, hamiltonian, &g.options.optimizer, g.weights, &g.total,
                                  &g.ledger);
    if (status != QHM_OK) {
        qhm_circuit_destroy(g.circuit);
        qhm_release(g.weights);
        return status;
    }
    *circuit = g.circuit;
    *weights = g.weights;
    *result = g.total;
    if (ledger)
        qhm_ledger_add(ledger, &g.ledger);
    return QHM_OK;
}

void qhm_vqe_weights_destroy(double *weights)
{
    qhm_release(weights);
}
