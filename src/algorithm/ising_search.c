// The lowest cost of an Ising problem by classical methods that are exact or simply good.
#include <qhm/ising.h>

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/spin_sampling.h>
#include <string.h>

enum { MOST_SPINS = 64, MOST_BITS = 30, BEGIN_AGAIN = 1 << 10 };

// What a flip of spin i would change is -2 s_i local[i].
typedef struct walk {
    const qhm_ising *ising;
    size_t count;
    double local[MOST_SPINS];
    double energy;
    uint64_t bits;
} walk;

static void begin_walk(walk *w, const qhm_ising *ising, uint64_t bits)
{
    *w = (walk){.ising = ising, .count = qhm_ising_spin_count(ising), .bits = bits};
    w->energy = qhm_ising_energy(ising, bits);
    for (size_t i = 0; i < w->count; i++) {
        w->local[i] = qhm_ising_field(ising, i);
        for (size_t j = 0; j < w->count; j++)
            w->local[i] +=
                bits >> j & 1 ? -qhm_ising_coupling(ising, i, j) : qhm_ising_coupling(ising, i, j);
    }
}

static double gain(const walk *w, size_t i)
{
    return w->bits >> i & 1 ? 2 * w->local[i] : -2 * w->local[i];
}

static void flip(walk *w, size_t i)
{
    const double change = w->bits >> i & 1 ? 2 : -2; // of s_i
    w->energy += gain(w, i);
    w->bits ^= (uint64_t)1 << i;
    for (size_t j = 0; j < w->count; j++)
        w->local[j] += change * qhm_ising_coupling(w->ising, i, j);
}

// A walk of many flips drifts: what comes near the best is evaluated by itself.
static void keep_best(const walk *w, double drift, double equal, qhm_ising_solution *best)
{
    if (w->energy > best->energy + drift)
        return;
    const double energy = qhm_ising_energy(w->ising, w->bits);
    if (energy < best->energy - equal) {
        best->energy = energy;
        best->bits = w->bits;
        best->optimum_count = 1;
    } else if (energy <= best->energy + equal) {
        best->optimum_count++;
    }
}

qhm_status qhm_ising_find_all(const qhm_ising *ising, qhm_ising_solution *solution)
{
    walk w;
    QHM_REQUIRE(ising && solution, "ising or solution is NULL");
    if (qhm_ising_spin_count(ising) > MOST_BITS)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu spins are too many to try all, not 1 to %d",
                        qhm_ising_spin_count(ising), MOST_BITS);
    const double equal = qhm_ising_rounding(ising);
    begin_walk(&w, ising, 0);
    qhm_ising_solution best = {.energy = w.energy, .optimum_count = 1};
    best.nodes = (uint64_t)1 << w.count;
    for (uint64_t step = 1; step < best.nodes; step++) {
        if (step % BEGIN_AGAIN == 0)
            begin_walk(&w, ising, w.bits);
        flip(&w, (size_t)__builtin_ctzll(step));
        keep_best(&w, BEGIN_AGAIN * equal, equal, &best);
    }
    best.bound = best.energy;
    *solution = best;
    return QHM_OK;
}

// Spins by how much they take part in; `optima[k]` is of spins k and later alone.
typedef struct dolls {
    size_t count;
    size_t order[MOST_SPINS];
    double fields[MOST_SPINS], couplings[MOST_SPINS][MOST_SPINS];
    double optima[MOST_SPINS + 1];
    double best, equal;
    bool spins[MOST_SPINS], best_spins[MOST_SPINS]; // true: -1
    uint64_t nodes, limit;
} dolls;

static void begin_dolls(dolls *d, const qhm_ising *ising)
{
    double weight[MOST_SPINS] = {0};
    d->count = qhm_ising_spin_count(ising);
    for (size_t i = 0; i < d->count; i++) {
        for (size_t j = 0; j < d->count; j++)
            weight[i] += fabs(qhm_ising_coupling(ising, i, j));
        size_t place = i;
        for (; place > 0 && weight[d->order[place - 1]] < weight[i]; place--)
            d->order[place] = d->order[place - 1];
        d->order[place] = i;
    }
    for (size_t i = 0; i < d->count; i++) {
        d->fields[i] = qhm_ising_field(ising, d->order[i]);
        for (size_t j = 0; j < d->count; j++)
            d->couplings[i][j] = qhm_ising_coupling(ising, d->order[i], d->order[j]);
    }
    d->equal = qhm_ising_rounding(ising);
}

// `outer` are fields on later spins by those that are fixed.
static void descend(dolls *d, size_t k, double fixed, const double *outer)
{
    double next[MOST_SPINS];
    if (++d->nodes > d->limit)
        return;
    if (k == d->count) {
        if (fixed < d->best - d->equal) {
            d->best = fixed;
            memcpy(d->best_spins, d->spins, sizeof d->spins);
        }
        return;
    }
    double bound = fixed + d->optima[k];
    for (size_t i = k; i < d->count; i++)
        bound -= fabs(outer[i]);
    if (bound >= d->best - d->equal)
        return;
    const bool first = outer[k] + d->fields[k] > 0;
    for (int turn = 0; turn < 2; turn++) {
        const bool down = turn == 0 ? first : !first;
        const double s = down ? -1 : 1;
        d->spins[k] = down;
        for (size_t i = k + 1; i < d->count; i++)
            next[i] = outer[i] + s * d->couplings[k][i];
        descend(d, k + 1, fixed + s * (outer[k] + d->fields[k]), next);
    }
}

qhm_status qhm_ising_branch_and_bound(const qhm_ising *ising, uint64_t node_limit,
                                      qhm_ising_solution *solution)
{
    static const double none[MOST_SPINS];
    dolls *d;
    QHM_REQUIRE(ising && solution, "ising or solution is NULL");
    QHM_TRY(qhm_allocate(1, sizeof *d, &d));
    begin_dolls(d, ising);
    d->limit = node_limit ? node_limit : 1000000000;
    for (size_t k = d->count; k-- > 0;) {
        d->optima[k] = -INFINITY; // no bound of this level is known
        d->best = INFINITY;
        // The rest alone costs optima[k + 1], and spin k adds at most what it touches.
        double outer = fabs(d->fields[k]);
        for (size_t i = k + 1; i < d->count; i++)
            outer += fabs(d->couplings[k][i]);
        d->optima[k] = d->optima[k + 1] - outer;
        descend(d, k, 0, none);
        d->optima[k] = d->best;
    }
    qhm_ising_solution found = {.nodes = d->nodes};
    for (size_t i = 0; i < d->count; i++)
        found.bits |= (uint64_t)d->best_spins[i] << d->order[i];
    const bool complete = d->nodes <= d->limit;
    const uint64_t limit = d->limit;
    qhm_release(d);
    if (!complete)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "branch and bound has not ended after %llu nodes",
                        (unsigned long long)limit);
    found.energy = found.bound = qhm_ising_energy(ising, found.bits);
    *solution = found;
    return QHM_OK;
}

qhm_status qhm_ising_anneal(const qhm_ising *ising, const qhm_ising_anneal_options *options,
                            qhm_ising_solution *solution)
{
    static const qhm_ising_anneal_options defaults;
    qhm_sparse_ising *sparse;
    int8_t *spins = NULL;
    QHM_REQUIRE(ising && solution, "ising or solution is NULL");
    options = options ? options : &defaults;
    const size_t n = qhm_ising_spin_count(ising);
    const size_t sweeps = options->sweeps ? options->sweeps : 1000;
    const size_t runs = options->restarts ? options->restarts : 10;
    qhm_ising_solution best = {.energy = INFINITY, .bound = -INFINITY};
    best.nodes = (uint64_t)runs * sweeps * n;
    QHM_TRY(qhm_sparse_ising_convert(ising, &sparse));
    qhm_status status = qhm_allocate(runs, n, &spins);
    if (status == QHM_OK)
        status = qhm_spin_sampling_run(
            sparse,
            &(qhm_spin_sampling_options){.runs = runs, .sweeps = sweeps, .seed = options->seed},
            spins, NULL);
    for (size_t run = 0; run < runs && status == QHM_OK; run++) {
        uint64_t bits = 0;
        for (size_t i = 0; i < n; i++)
            bits |= (uint64_t)(spins[run * n + i] < 0) << i;
        const double energy = qhm_ising_energy(ising, bits);
        if (energy < best.energy) {
            best.energy = energy;
            best.bits = bits;
        }
    }
    qhm_release(spins);
    qhm_sparse_ising_destroy(sparse);
    if (status == QHM_OK)
        *solution = best;
    return status;
}
