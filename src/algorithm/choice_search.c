// The cheapest choices by classical methods: branch and bound, and simulated annealing.
#include "algorithm/choice_internal.h"

#include <math.h>
#include <qhm/random.h>
#include <string.h>

enum { MOST = 64 };

typedef struct branching {
    const qhm_choice *choice;
    uint64_t limit;
    double equal;          // costs this close are the same
    double rest[MOST + 1]; // the cheapest that pairs among things from here on can be
    size_t options_of[MOST];
    qhm_choice_solution best;
} branching;

// What an option costs beside the first `fixed` things' options; infinity in a conflict.
static double beside(const branching *b, size_t fixed, size_t thing, size_t option)
{
    const qhm_choice *c = b->choice;
    const size_t all = c->things * c->options, a = thing * c->options + option;
    double cost = c->costs[a];
    for (size_t j = 0; j < fixed; j++) {
        const size_t other = j * c->options + b->options_of[j];
        if (c->conflicts[a * all + other])
            return INFINITY;
        cost += c->pairs[a * all + other];
    }
    return cost;
}

static double bound(const branching *b, size_t fixed, double cost)
{
    cost += b->rest[fixed];
    for (size_t i = fixed; i < b->choice->things; i++) {
        double least = INFINITY;
        for (size_t a = 0; a < b->choice->options; a++)
            least = fmin(least, beside(b, fixed, i, a));
        cost += least;
    }
    return cost;
}

static bool is_better(double cost, double best, double equal)
{
    return cost < best - equal;
}

// Depth first without recursion: `costs` are those of the choices above a depth.
static qhm_status branch(branching *b)
{
    const size_t things = b->choice->things, options = b->choice->options;
    size_t depth = 0, next[MOST] = {0};
    double costs[MOST + 1] = {0};
    for (;;) {
        if (next[depth] == options) {
            if (depth == 0)
                return QHM_OK;
            depth--;
            continue;
        }
        const size_t option = next[depth]++;
        b->options_of[depth] = option;
        if (++b->best.nodes > b->limit)
            return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "no end after %llu nodes",
                            (unsigned long long)b->limit);
        const double cost = costs[depth] + beside(b, depth, depth, option);
        if (!isfinite(cost) || !is_better(bound(b, depth + 1, cost), b->best.cost, b->equal))
            continue;
        if (depth + 1 < things) {
            costs[++depth] = cost;
            next[depth] = 0;
        } else {
            b->best.cost = cost;
            memcpy(b->best.options_of, b->options_of, sizeof b->options_of);
        }
    }
}

qhm_status qhm_choice_find(const qhm_choice *choice, uint64_t node_limit,
                           qhm_choice_solution *solution)
{
    QHM_REQUIRE(choice && solution, "choice or solution is NULL");
    const size_t options = choice->options, all = choice->things * options;
    branching b = {.choice = choice,
                   .limit = node_limit ? node_limit : 100000000,
                   .equal = qhm_choice_rounding(choice)};
    b.best.cost = INFINITY;
    for (size_t i = choice->things; i-- > 0;) {
        b.rest[i] = b.rest[i + 1];
        for (size_t j = i + 1; j < choice->things; j++) {
            double least = INFINITY;
            for (size_t a = i * options; a < (i + 1) * options; a++)
                for (size_t k = j * options; k < (j + 1) * options; k++)
                    if (!choice->conflicts[a * all + k])
                        least = fmin(least, choice->pairs[a * all + k]);
            b.rest[i] += least;
        }
    }
    QHM_TRY(branch(&b));
    *solution = b.best;
    return QHM_OK;
}

// What a thing's option costs beside all others' options, conflicts at their price.
static double beside_all(const qhm_choice *c, double penalty, const size_t *options_of,
                         size_t thing, size_t option)
{
    const size_t all = c->things * c->options, a = thing * c->options + option;
    double cost = c->costs[a];
    for (size_t j = 0; j < c->things; j++) {
        const size_t b = j * c->options + options_of[j];
        if (j != thing)
            cost += c->conflicts[a * all + b] ? penalty : c->pairs[a * all + b];
    }
    return cost;
}

static void keep_best(const qhm_choice *choice, double equal, const size_t *options_of,
                      qhm_choice_solution *best)
{
    const double cost = qhm_choice_cost(choice, options_of);
    if (!is_better(cost, best->cost, equal))
        return;
    best->cost = cost;
    memcpy(best->options_of, options_of, choice->things * sizeof *options_of);
}

static void anneal_once(const qhm_choice *choice, size_t sweeps, qhm_random *random,
                        qhm_choice_solution *best)
{
    const double penalty = qhm_choice_penalty(choice), equal = qhm_choice_rounding(choice);
    size_t options_of[MOST];
    for (size_t i = 0; i < choice->things; i++)
        options_of[i] = qhm_random_below(random, choice->options);
    keep_best(choice, equal, options_of, best);
    for (size_t sweep = 0; sweep < sweeps; sweep++) {
        const double temperature = penalty * pow(1e-4, (double)sweep / (double)sweeps);
        for (size_t i = 0; i < choice->things; i++) {
            const size_t option = qhm_random_below(random, choice->options);
            const double change = beside_all(choice, penalty, options_of, i, option) -
                                  beside_all(choice, penalty, options_of, i, options_of[i]);
            best->nodes++;
            if (change <= 0 || qhm_random_uniform(random) < exp(-change / temperature))
                options_of[i] = option;
        }
        keep_best(choice, equal, options_of, best);
    }
}

qhm_status qhm_choice_anneal(const qhm_choice *choice, const qhm_choice_anneal_options *options,
                             qhm_choice_solution *solution)
{
    static const qhm_choice_anneal_options defaults;
    QHM_REQUIRE(choice && solution, "choice or solution is NULL");
    options = options ? options : &defaults;
    qhm_choice_solution best = {.cost = INFINITY};
    const size_t restarts = options->restarts > 0 ? options->restarts : 5;
    for (size_t i = 0; i < restarts; i++) {
        qhm_random random = qhm_random_stream(options->seed, QHM_RANDOM_USER, 3, i, 0);
        anneal_once(choice, options->sweeps > 0 ? options->sweeps : 500, &random, &best);
    }
    *solution = best;
    return QHM_OK;
}
