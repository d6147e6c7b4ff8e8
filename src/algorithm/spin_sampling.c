// Monte Carlo over spins: annealing, tempering, tabu search, and path integrals.
#include <qhm/spin_sampling.h>

#include "algorithm/sparse_ising_internal.h"
#include "base/memory.h"
#include "base/statistics.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/random.h>
#include <string.h>

enum { MOST_SLICES = 1024, DEFAULT_SLICES = 16, DEFAULT_SWEEPS = 1000 };

// Copies of the spins: slices of a path, or replicas at their temperatures.
typedef struct walk {
    const qhm_sparse_ising *ising;
    size_t count, slices, sweeps;
    double beta, transverse, hottest; // hottest: beta at the start of cooling
    int8_t *spins;                    // [slices][count]
    double *local;                    // [slices][count]: what a spin +1 adds to the cost
    double *energies;                 // [slices]
    double *betas;                    // [slices], of tempering
    size_t *free_at;                  // [count], of tabu search: the first sweep that may flip it
    bool *cut;                        // [slices]: between a slice and the next
    int8_t *best;                     // [count], the caller's
    double best_energy;
    qhm_random random;
} walk;

const char *qhm_spin_method_name(qhm_spin_method method)
{
    static const char *const names[QHM_SPIN_METHOD_COUNT] = {
        "simulated annealing", "simulated quantum annealing", "parallel tempering", "tabu search",
        "heat bath"};
    return names[method];
}

static void scatter(walk *w)
{
    for (size_t slice = 0; slice < w->slices; slice++) {
        int8_t *spins = w->spins + slice * w->count;
        double *local = w->local + slice * w->count;
        for (size_t i = 0; i < w->count; i++)
            spins[i] = qhm_random_u32(&w->random) & 1 ? -1 : 1;
        for (size_t i = 0; i < w->count; i++) {
            local[i] = w->ising->fields[i];
            for (size_t e = w->ising->first[i]; e < w->ising->first[i + 1]; e++)
                local[i] += w->ising->couplings[e] * spins[w->ising->neighbours[e]];
        }
        w->energies[slice] = qhm_sparse_ising_energy(w->ising, spins);
    }
    w->best_energy = INFINITY;
}

static void flip(walk *w, size_t slice, size_t i)
{
    int8_t *spins = w->spins + slice * w->count;
    double *local = w->local + slice * w->count;
    w->energies[slice] -= 2 * spins[i] * local[i];
    spins[i] = (int8_t)-spins[i];
    for (size_t e = w->ising->first[i]; e < w->ising->first[i + 1]; e++)
        local[w->ising->neighbours[e]] += 2 * w->ising->couplings[e] * spins[i];
}

static void keep_best(walk *w)
{
    for (size_t slice = 0; slice < w->slices; slice++)
        if (w->energies[slice] < w->best_energy) {
            w->best_energy = w->energies[slice];
            memcpy(w->best, w->spins + slice * w->count, w->count);
        }
}

// Metropolis' rule on one copy, but of flips that cost nothing only half are taken: all of them, in
// the order of the spins, would shift a ring's domains around it together, never to meet.
static void sweep_copy(walk *w, size_t slice, double beta)
{
    const int8_t *spins = w->spins + slice * w->count;
    const double *local = w->local + slice * w->count;
    for (size_t i = 0; i < w->count; i++) {
        const double weight = -2 * beta * spins[i] * local[i];
        const bool is_free = fabs(weight) < 1e-9; // but for rounding
        if (weight <= -1e-9 || qhm_random_uniform(&w->random) < (is_free ? 0.5 : exp(-weight)))
            flip(w, slice, i);
    }
}

static void anneal(walk *w)
{
    const double ratio = w->hottest > 0 ? w->beta / w->hottest : 1;
    for (size_t sweep = 0; sweep < w->sweeps; sweep++) {
        const double along = w->sweeps > 1 ? (double)sweep / (double)(w->sweeps - 1) : 1;
        sweep_copy(w, 0, w->hottest * pow(ratio, along));
        keep_best(w);
    }
}

static void exchange(walk *w, size_t slice)
{
    const double gain =
        (w->betas[slice + 1] - w->betas[slice]) * (w->energies[slice + 1] - w->energies[slice]);
    if (gain < 0 && qhm_random_uniform(&w->random) >= exp(gain))
        return;
    // Copies stay where they are: temperatures would have to be sorted again otherwise.
    for (size_t i = 0; i < w->count; i++) {
        const size_t a = slice * w->count + i, b = a + w->count;
        const int8_t spin = w->spins[a];
        const double local = w->local[a];
        w->spins[a] = w->spins[b];
        w->local[a] = w->local[b];
        w->spins[b] = spin;
        w->local[b] = local;
    }
    const double energy = w->energies[slice];
    w->energies[slice] = w->energies[slice + 1];
    w->energies[slice + 1] = energy;
}

static void temper(walk *w)
{
    const double ratio = w->hottest > 0 ? w->beta / w->hottest : 1;
    for (size_t slice = 0; slice < w->slices; slice++)
        w->betas[slice] = w->hottest * pow(ratio, (double)slice / (double)(w->slices - 1));
    for (size_t sweep = 0; sweep < w->sweeps; sweep++) {
        for (size_t slice = 0; slice < w->slices; slice++)
            sweep_copy(w, slice, w->betas[slice]);
        keep_best(w);
        for (size_t slice = sweep % 2; slice + 1 < w->slices; slice += 2)
            exchange(w, slice);
    }
}

// Of equal flips the first after a random place, or ties would always go one way.
static void search_tabu(walk *w)
{
    const size_t tenure = w->count / 4 < 20 ? w->count / 4 : 20;
    memset(w->free_at, 0, w->count * sizeof *w->free_at);
    keep_best(w);
    for (size_t sweep = 0; sweep < w->sweeps; sweep++) {
        const size_t start = qhm_random_below(&w->random, w->count);
        size_t chosen = SIZE_MAX;
        double lowest = INFINITY;
        for (size_t k = 0; k < w->count; k++) {
            const size_t i = start + k < w->count ? start + k : start + k - w->count;
            const double change = -2 * w->spins[i] * w->local[i];
            const bool may = w->free_at[i] <= sweep || w->energies[0] + change < w->best_energy;
            if (may && change < lowest) {
                lowest = change;
                chosen = i;
            }
        }
        if (chosen == SIZE_MAX)
            continue;
        flip(w, 0, chosen);
        w->free_at[chosen] = sweep + 1 + tenure + qhm_random_below(&w->random, 3);
        keep_best(w);
    }
}

// Draws slices first to last (past the end: around the ring) of a spin anew, as one piece.
static void draw_piece(walk *w, size_t i, size_t first, size_t length, double beta)
{
    double field = 0;
    for (size_t k = 0; k < length; k++)
        field += w->local[(first + k) % w->slices * w->count + i];
    const int8_t drawn = qhm_random_uniform(&w->random) * (1 + exp(2 * beta * field)) < 1 ? 1 : -1;
    if (drawn != w->spins[first * w->count + i])
        for (size_t k = 0; k < length; k++)
            flip(w, (first + k) % w->slices, i);
}

// beta: of a slice; parting: the probability of a cut between equal neighbours.
static void sweep_paths(walk *w, double beta, double parting)
{
    for (size_t i = 0; i < w->count; i++) {
        size_t first = SIZE_MAX;
        for (size_t k = 0; k < w->slices; k++) {
            const size_t next = k + 1 < w->slices ? k + 1 : 0;
            w->cut[k] = w->spins[k * w->count + i] != w->spins[next * w->count + i] ||
                        (parting > 0 && qhm_random_uniform(&w->random) < parting);
            if (w->cut[k] && first == SIZE_MAX)
                first = next;
        }
        if (first == SIZE_MAX) {
            draw_piece(w, i, 0, w->slices, beta);
            continue;
        }
        for (size_t done = 0, length; done < w->slices; done += length) {
            length = 1;
            while (!w->cut[(first + done + length - 1) % w->slices])
                length++;
            draw_piece(w, i, (first + done) % w->slices, length, beta);
        }
    }
}

static void anneal_paths(walk *w)
{
    const double beta = w->beta / (double)w->slices;
    for (size_t sweep = 0; sweep < w->sweeps; sweep++) {
        const double s = (double)(sweep + 1) / (double)w->sweeps;
        sweep_paths(w, s * beta, tanh((1 - s) * beta * w->transverse));
        keep_best(w);
    }
}

static void draw_gibbs(walk *w)
{
    const double beta = w->beta / (double)w->slices;
    for (size_t sweep = 0; sweep < w->sweeps; sweep++)
        sweep_paths(w, beta, tanh(beta * w->transverse));
    memcpy(w->best, w->spins, w->count);
}

static void run_once(walk *w, qhm_spin_method method)
{
    scatter(w);
    switch (method) {
    case QHM_SPIN_ANNEALING:
        anneal(w);
        return;
    case QHM_SPIN_QUANTUM_ANNEALING:
        anneal_paths(w);
        return;
    case QHM_SPIN_TEMPERING:
        temper(w);
        return;
    case QHM_SPIN_TABU:
        search_tabu(w);
        return;
    case QHM_SPIN_GIBBS:
    case QHM_SPIN_METHOD_COUNT:
        draw_gibbs(w);
        return;
    }
}

static void set_up(walk *w, const qhm_sparse_ising *ising, const qhm_spin_sampling_options *options)
{
    const bool is_gibbs = options->method == QHM_SPIN_GIBBS;
    const bool has_copies = options->method == QHM_SPIN_QUANTUM_ANNEALING ||
                            options->method == QHM_SPIN_TEMPERING ||
                            (is_gibbs && options->transverse > 0);
    double largest, smallest;
    qhm_sparse_ising_scales(ising, &largest, &smallest);
    *w = (walk){.ising = ising, .count = ising->count};
    w->slices = !has_copies ? 1 : options->slices ? options->slices : DEFAULT_SLICES;
    w->sweeps = options->sweeps ? options->sweeps : DEFAULT_SWEEPS;
    w->beta = options->beta > 0 ? options->beta : is_gibbs ? 1 : 10 / smallest;
    w->transverse = options->transverse > 0 || is_gibbs ? options->transverse : largest / 2;
    w->hottest = largest > 0 ? fmin(w->beta, 1 / largest) : w->beta;
}

static qhm_status allocate(walk *w)
{
    size_t all;
    if (!qhm_multiply_size(w->slices, w->count, &all))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu slices of %zu spins", w->slices, w->count);
    QHM_TRY(qhm_allocate(all, 1, &w->spins));
    QHM_TRY(qhm_allocate(all, sizeof(double), &w->local));
    QHM_TRY(qhm_allocate(w->slices, sizeof(double), &w->energies));
    QHM_TRY(qhm_allocate(w->slices, sizeof(double), &w->betas));
    QHM_TRY(qhm_allocate(w->slices, sizeof(bool), &w->cut));
    return qhm_allocate(w->count, sizeof(size_t), &w->free_at);
}

static void release(walk *w)
{
    qhm_release(w->spins);
    qhm_release(w->local);
    qhm_release(w->energies);
    qhm_release(w->betas);
    qhm_release(w->cut);
    qhm_release(w->free_at);
}

qhm_status qhm_spin_sampling_run(const qhm_sparse_ising *ising,
                                 const qhm_spin_sampling_options *options, int8_t *spins,
                                 double *energies)
{
    static const qhm_spin_sampling_options defaults;
    walk w;
    QHM_REQUIRE(ising && spins, "ising or spins is NULL");
    options = options ? options : &defaults;
    QHM_REQUIRE(options->method >= 0 && options->method < QHM_SPIN_METHOD_COUNT,
                "method is %d, not 0 to %d", (int)options->method, QHM_SPIN_METHOD_COUNT - 1);
    QHM_REQUIRE(options->beta >= 0 && isfinite(options->beta), "beta is %g, not a positive number",
                options->beta);
    QHM_REQUIRE(options->transverse >= 0 && isfinite(options->transverse),
                "transverse is %g, not a positive number", options->transverse);
    QHM_REQUIRE(options->slices == 0 || (options->slices >= 2 && options->slices <= MOST_SLICES),
                "slices is %zu, not 2 to %d", options->slices, MOST_SLICES);
    set_up(&w, ising, options);
    const qhm_status status = allocate(&w);
    const size_t runs = options->runs ? options->runs : 1;
    for (size_t run = 0; run < runs && status == QHM_OK; run++) {
        w.random = qhm_random_stream(options->seed, QHM_RANDOM_USER, run, options->method, 0);
        w.best = spins + run * w.count;
        run_once(&w, options->method);
        if (energies)
            energies[run] = qhm_sparse_ising_energy(ising, w.best);
    }
    release(&w);
    return status;
}

qhm_status qhm_spin_sampling_find_time(double time, size_t successes, size_t runs,
                                       qhm_interval *solution)
{
    QHM_REQUIRE(solution, "solution is NULL");
    QHM_REQUIRE(runs > 0 && successes <= runs, "%zu successes of %zu runs", successes, runs);
    QHM_REQUIRE(time > 0 && isfinite(time), "a run's time is %g, not a positive number", time);
    const qhm_interval p = qhm_statistics_wilson_interval((double)successes, (double)runs, 0.95);
    const double shares[3] = {p.mean, p.upper, p.lower};
    double times[3];
    for (int i = 0; i < 3; i++)
        times[i] = time * fmax(1, log(0.01) / log1p(-shares[i])); // of certainty -0: one run
    *solution = (qhm_interval){.mean = times[0], .lower = times[1], .upper = times[2]};
    return QHM_OK;
}
