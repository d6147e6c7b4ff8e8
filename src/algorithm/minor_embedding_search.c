// Embeddings by weighted shortest paths, with overlaps that become dearer until there are none.
#include <qhm/minor_embedding.h>

#include "algorithm/annealer_graph.h"
#include "algorithm/priced_paths.h"
#include "algorithm/sparse_ising_internal.h"
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/random.h>
#include <string.h>

enum { DEFAULT_ROUNDS = 16, POLISH_ROUNDS = 8, LEAST_TRIES = 3 };

// A qubit costs BASE for each chain that holds it already, and more for each round that ended with
// too many on it: the history of [mcmurchie1995], without which chains around a crowded place block
// each other for ever.
#define BASE 30.0
#define HISTORY 0.5

typedef struct search {
    const qhm_sparse_ising *problem;
    qhm_annealer_graph graph;
    uint32_t **chains;            // [spins]
    size_t *lengths, *capacities; // [spins]
    uint32_t *usage;              // [nodes]: chains that hold it
    double *history;              // [nodes]: of all rounds, chains too many
    qhm_priced_paths paths;       // weights: price of one more chain on a node
    double *noise;                // [nodes], of a round: which of equal paths is taken
    double *distances;            // [most neighbours][nodes] from the chain of each
    uint32_t *parents; // [most neighbours][nodes]: towards that chain; QHM_NO_NODE: in it
    double *totals;    // [nodes] over all chains
    bool *is_reached;  // [most neighbours]: the new chain touches it
    bool *is_marked;   // [nodes]: in the chain that is being trimmed
    double *costs;     // [spins]: of the tree when it was placed last; 0: never
    size_t *order;     // [spins]
    size_t *placed;    // [spins]: neighbours that come before, while the first order is made
    qhm_random random;
} search;

static void weigh(search *s)
{
    for (size_t g = 0; g < s->graph.count; g++)
        s->paths.weights[g] = pow(BASE, s->usage[g]) * (1 + HISTORY * s->history[g]) * s->noise[g];
}

static size_t count_marked_neighbours(const search *s, uint32_t node)
{
    size_t marked = 0;
    for (size_t e = s->graph.first[node]; e < s->graph.first[node + 1]; e++)
        marked += s->is_marked[s->graph.neighbours[e]];
    return marked;
}

static bool touches_marked(const search *s, size_t spin)
{
    for (size_t k = 0; k < s->lengths[spin]; k++)
        if (count_marked_neighbours(s, s->chains[spin][k]) > 0)
            return true;
    return false;
}

// Whether all neighbours of a spin that have chains touch the marked nodes, without regard to one.
static bool serves_all(const search *s, size_t spin, size_t without)
{
    const qhm_sparse_ising *p = s->problem;
    for (size_t e = p->first[spin]; e < p->first[spin + 1]; e++) {
        const size_t other = p->neighbours[e];
        if (other != without && s->lengths[other] > 0 && !touches_marked(s, other))
            return false;
    }
    return true;
}

// Takes the ends off a chain that only led to the spin `without`, whose own chain is gone.
static void trim(search *s, size_t spin, size_t without)
{
    uint32_t *chain = s->chains[spin];
    for (size_t k = 0; k < s->lengths[spin]; k++)
        s->is_marked[chain[k]] = true;
    for (bool is_shorter = true; is_shorter;) {
        is_shorter = false;
        for (size_t k = s->lengths[spin]; k-- > 0 && s->lengths[spin] > 1;) {
            const uint32_t node = chain[k];
            if (count_marked_neighbours(s, node) > 1)
                continue; // it may hold the chain together
            s->is_marked[node] = false;
            if (!serves_all(s, spin, without)) {
                s->is_marked[node] = true;
                continue;
            }
            s->usage[node]--;
            chain[k] = chain[--s->lengths[spin]];
            is_shorter = true;
        }
    }
    for (size_t k = 0; k < s->lengths[spin]; k++)
        s->is_marked[chain[k]] = false;
}

static void rip_up(search *s, size_t spin)
{
    for (size_t k = 0; k < s->lengths[spin]; k++)
        s->usage[s->chains[spin][k]]--;
    s->lengths[spin] = 0;
    for (size_t e = s->problem->first[spin]; e < s->problem->first[spin + 1]; e++)
        trim(s, s->problem->neighbours[e], spin);
}

static bool holds(const search *s, size_t spin, uint32_t node)
{
    for (size_t k = 0; k < s->lengths[spin]; k++)
        if (s->chains[spin][k] == node)
            return true;
    return false;
}

static qhm_status take(search *s, size_t spin, uint32_t node)
{
    if (holds(s, spin, node))
        return QHM_OK;
    QHM_TRY(qhm_reserve(s->lengths[spin] + 1, &s->capacities[spin], sizeof(uint32_t),
                        &s->chains[spin]));
    s->chains[spin][s->lengths[spin]++] = node;
    s->usage[node]++;
    return QHM_OK;
}

static size_t count_taken(const search *s)
{
    size_t taken = 0;
    for (size_t i = 0; i < s->problem->count; i++)
        taken += s->lengths[i];
    return taken;
}

// Where the paths to all chains are cheapest together. Each has paid for the root, but one may; a
// spin alone takes a free qubit, the first of all the middle one, as the rim has few neighbours.
static uint32_t find_root(const search *s, size_t chains, double *lowest)
{
    uint32_t root = 0;
    *lowest = 0;
    if (chains == 0 && count_taken(s) == 0)
        return root;
    *lowest = INFINITY;
    for (size_t g = 0; g < s->graph.count; g++) {
        const double cost = chains > 0 ? s->totals[g] - (double)(chains - 1) * s->paths.weights[g]
                                       : s->paths.weights[g];
        if (cost < *lowest) {
            *lowest = cost;
            root = (uint32_t)g;
        }
    }
    return root;
}

// The nearest chain that is not reached, and the node of the new chain that is nearest to it.
static size_t find_next(const search *s, size_t spin, size_t chains, uint32_t *start)
{
    size_t next = SIZE_MAX;
    double lowest = INFINITY;
    for (size_t c = 0; c < chains; c++)
        for (size_t k = 0; k < s->lengths[spin] && !s->is_reached[c]; k++) {
            const uint32_t node = s->chains[spin][k];
            // The node itself is paid for.
            const double cost = s->distances[c * s->graph.count + node] - s->paths.weights[node];
            if (next == SIZE_MAX || cost < lowest) {
                lowest = cost;
                next = c;
                *start = node;
            }
        }
    return next;
}

// Measures up to `limit` from a neighbour's chain, as the `at`th, and adds to the totals. A node of
// the chain costs its own price, were it taken again. Returns whether there are nodes beyond.
static bool measure(search *s, size_t spin, double limit, size_t at)
{
    const size_t count = s->graph.count;
    double *distances = s->distances + at * count;
    const bool is_cut = qhm_priced_paths_measure(&s->paths, s->chains[spin], s->lengths[spin],
                                                 limit, distances, s->parents + at * count);
    for (size_t k = 0; k < s->lengths[spin]; k++)
        distances[s->chains[spin][k]] = s->paths.weights[s->chains[spin][k]];
    for (size_t g = 0; g < count; g++)
        s->totals[g] += distances[g];
    return is_cut;
}

// Measures from the chains of all neighbours that have one; returns their number.
static size_t measure_all(search *s, size_t spin, double limit, bool *is_cut)
{
    const qhm_sparse_ising *p = s->problem;
    size_t chains = 0;
    *is_cut = false;
    memset(s->totals, 0, s->graph.count * sizeof *s->totals);
    for (size_t e = p->first[spin]; e < p->first[spin + 1]; e++)
        if (s->lengths[p->neighbours[e]] > 0) {
            s->is_reached[chains] = false;
            *is_cut |= measure(s, p->neighbours[e], limit, chains);
            chains++;
        }
    return chains;
}

// A tree that touches the chains of all neighbours that have one: from the root, path by path from
// where the tree is nearest. No path is longer than the root costs, which is about what it did.
static qhm_status place(search *s, size_t spin)
{
    const size_t count = s->graph.count;
    size_t chains;
    uint32_t root;
    bool is_cut;
    rip_up(s, spin);
    weigh(s);
    double limit = s->costs[spin] > 0 ? 1.1 * s->costs[spin] : 4;
    for (;; limit *= 4) {
        chains = measure_all(s, spin, limit, &is_cut);
        root = find_root(s, chains, &s->costs[spin]);
        if (s->costs[spin] <= limit || !is_cut)
            break;
    }
    QHM_TRY(take(s, spin, root));
    for (size_t done = 0; done < chains; done++) {
        uint32_t node = 0;
        const size_t next = find_next(s, spin, chains, &node);
        const uint32_t *parents = s->parents + next * count;
        // The path's last node is the chain's own: its parent is nobody.
        for (; parents[node] != QHM_NO_NODE; node = parents[node])
            QHM_TRY(take(s, spin, node));
        s->is_reached[next] = true;
    }
    return QHM_OK;
}

// Chains too many on all qubits; each qubit remembers its own.
static size_t note_overlaps(search *s)
{
    size_t overlaps = 0;
    for (size_t g = 0; g < s->graph.count; g++)
        if (s->usage[g] > 1) {
            overlaps += s->usage[g] - 1;
            s->history[g] += s->usage[g] - 1;
        }
    return overlaps;
}

// At first always the spin that has most neighbours before it, so that neighbours are placed near
// each other; of equal ones any, as shuffled.
static void order_by_neighbours(search *s)
{
    const qhm_sparse_ising *p = s->problem;
    memset(s->placed, 0, p->count * sizeof *s->placed);
    for (size_t i = 0; i < p->count; i++) {
        size_t most = i;
        for (size_t k = i + 1; k < p->count; k++)
            if (s->placed[s->order[k]] > s->placed[s->order[most]])
                most = k;
        const size_t spin = s->order[most];
        s->order[most] = s->order[i];
        s->order[i] = spin;
        for (size_t e = p->first[spin]; e < p->first[spin + 1]; e++)
            s->placed[p->neighbours[e]]++;
    }
}

static qhm_status place_all(search *s, bool is_first)
{
    qhm_random_shuffle(&s->random, s->order, s->problem->count);
    if (is_first)
        order_by_neighbours(s);
    for (size_t g = 0; g < s->graph.count; g++)
        s->noise[g] = 1 + 0.02 * qhm_random_uniform(&s->random);
    for (size_t i = 0; i < s->problem->count; i++)
        QHM_TRY(place(s, s->order[i]));
    return QHM_OK;
}

// Replaces *embedding by the chains as they are, unless the chip is in pieces that they span.
static qhm_status keep(const search *s, const qhm_device *device, qhm_minor_embedding **embedding)
{
    qhm_minor_embedding *made;
    uint32_t *qubits;
    size_t at = 0;
    QHM_TRY(qhm_allocate(count_taken(s), sizeof *qubits, &qubits));
    for (size_t i = 0; i < s->problem->count; i++)
        for (size_t k = 0; k < s->lengths[i]; k++)
            qubits[at++] = s->graph.qubits[s->chains[i][k]];
    qhm_status status = qhm_minor_embedding_create(s->problem->count, s->lengths, qubits, &made);
    qhm_release(qubits);
    QHM_TRY(status);
    status = qhm_minor_embedding_check(made, s->problem, device);
    if (status != QHM_OK) {
        qhm_minor_embedding_destroy(made);
        return status == QHM_ERROR_BAD_INPUT ? QHM_OK : status;
    }
    qhm_minor_embedding_destroy(*embedding);
    *embedding = made;
    return QHM_OK;
}

// Replaces *embedding where there is none or one of fewer qubits is found.
static qhm_status run_rounds(search *s, const qhm_device *device, size_t rounds,
                             qhm_minor_embedding **embedding)
{
    size_t best = *embedding ? qhm_minor_embedding_qubit_count(*embedding) : SIZE_MAX;
    for (size_t round = 0, last = rounds; round < last; round++) {
        if (round > 0 || count_taken(s) == 0)
            QHM_TRY(place_all(s, round == 0));
        if (note_overlaps(s) == 0 && count_taken(s) < best) {
            best = count_taken(s);
            last = round + 1 + POLISH_ROUNDS;
            QHM_TRY(keep(s, device, embedding));
        }
    }
    return QHM_OK;
}

static void close_search(search *s)
{
    for (size_t i = 0; s->chains && i < s->problem->count; i++)
        qhm_release(s->chains[i]);
    qhm_release(s->chains);
    qhm_release(s->lengths);
    qhm_release(s->capacities);
    qhm_release(s->usage);
    qhm_release(s->history);
    qhm_release(s->noise);
    qhm_release(s->distances);
    qhm_release(s->totals);
    qhm_release(s->parents);
    qhm_release(s->is_reached);
    qhm_release(s->is_marked);
    qhm_priced_paths_close(&s->paths);
    qhm_release(s->costs);
    qhm_release(s->order);
    qhm_release(s->placed);
    qhm_annealer_graph_close(&s->graph);
}

static qhm_status allocate_nodes(search *s)
{
    const size_t nodes = s->graph.count;
    size_t degree = 1, all;
    for (size_t i = 0; i < s->problem->count; i++) {
        const size_t own = s->problem->first[i + 1] - s->problem->first[i];
        degree = own > degree ? own : degree;
    }
    if (!qhm_multiply_size(degree, nodes, &all))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu paths of %zu qubits", degree, nodes);
    QHM_TRY(qhm_allocate(nodes, sizeof *s->usage, &s->usage));
    QHM_TRY(qhm_allocate(nodes, sizeof *s->noise, &s->noise));
    QHM_TRY(qhm_allocate(nodes, sizeof *s->totals, &s->totals));
    QHM_TRY(qhm_allocate(all, sizeof *s->distances, &s->distances));
    QHM_TRY(qhm_allocate(all, sizeof *s->parents, &s->parents));
    QHM_TRY(qhm_allocate(degree, sizeof *s->is_reached, &s->is_reached));
    QHM_TRY(qhm_allocate(nodes, sizeof *s->is_marked, &s->is_marked));
    QHM_TRY(qhm_allocate(nodes, sizeof *s->history, &s->history));
    return qhm_priced_paths_open(&s->graph, &s->paths);
}

// Chains of whole nodes as they begin: their qubits are the first nodes.
static qhm_status take_chains(search *s, const qhm_minor_embedding *start)
{
    uint32_t node = 0;
    for (size_t i = 0; i < s->problem->count; i++) {
        const uint32_t *qubits;
        for (size_t left = qhm_minor_embedding_chain(start, i, &qubits); left > 0; left--)
            QHM_TRY(take(s, i, node++));
    }
    for (size_t i = 0; i < s->problem->count; i++)
        trim(s, i, SIZE_MAX);
    return QHM_OK;
}

// `start`: an embedding to begin with; NULL: none.
static qhm_status open_search(search *s, const qhm_sparse_ising *problem, const qhm_device *device,
                              const qhm_minor_embedding *start, size_t most, size_t attempt,
                              uint64_t seed)
{
    const uint32_t *qubits = NULL;
    const size_t spins = problem->count;
    *s = (search){.problem = problem};
    if (start)
        (void)qhm_minor_embedding_chain(start, 0, &qubits); // the others' come after
    s->random = qhm_random_stream(seed, QHM_RANDOM_COMPILE, attempt, 0, 0);
    qhm_status status = qhm_annealer_graph_open(
        device, most, qubits, start ? qhm_minor_embedding_qubit_count(start) : 0, &s->graph);
    if (status == QHM_OK)
        status = allocate_nodes(s);
    if (status == QHM_OK)
        status = qhm_allocate(spins, sizeof *s->chains, &s->chains);
    if (status == QHM_OK)
        status = qhm_allocate(spins, sizeof *s->lengths, &s->lengths);
    if (status == QHM_OK)
        status = qhm_allocate(spins, sizeof *s->capacities, &s->capacities);
    if (status == QHM_OK)
        status = qhm_allocate(spins, sizeof *s->costs, &s->costs);
    if (status == QHM_OK)
        status = qhm_allocate(spins, sizeof *s->order, &s->order);
    if (status == QHM_OK)
        status = qhm_allocate(spins, sizeof *s->placed, &s->placed);
    for (size_t i = 0; i < spins && status == QHM_OK; i++)
        s->order[i] = i;
    if (status == QHM_OK && start)
        status = take_chains(s, start);
    if (status != QHM_OK)
        close_search(s);
    return status;
}

// The chip as it is searched: `most` qubits of it, from those of `start` or from the middle.
static qhm_status attempt(const qhm_sparse_ising *problem, const qhm_device *device,
                          const qhm_minor_embedding *start, size_t most, size_t number,
                          const qhm_minor_embedding_options *options,
                          qhm_minor_embedding **embedding)
{
    search s;
    QHM_TRY(open_search(&s, problem, device, start, most, number, options->seed));
    const qhm_status status =
        run_rounds(&s, device, options->rounds ? options->rounds : DEFAULT_ROUNDS, embedding);
    close_search(&s);
    return status;
}

// From the chains of the complete graph, of which all ends fall off that the problem does not need;
// again until that gains nothing. *embedding stays NULL where the chip has none.
static qhm_status shrink_clique(const qhm_sparse_ising *problem, const qhm_device *device,
                                const qhm_minor_embedding_options *options,
                                qhm_minor_embedding **embedding)
{
    qhm_minor_embedding *clique;
    qhm_status status = qhm_minor_embedding_find_clique(problem->count, device, &clique);
    if (status != QHM_OK)
        return status == QHM_ERROR_NOT_FOUND ? QHM_OK : status;
    const size_t room = 4 * qhm_minor_embedding_qubit_count(clique);
    size_t last = 0, now = SIZE_MAX;
    for (size_t number = 0; status == QHM_OK && now != last; number++) {
        last = now;
        status = attempt(problem, device, clique, room, number, options, embedding);
        now = *embedding ? qhm_minor_embedding_qubit_count(*embedding) : SIZE_MAX;
    }
    qhm_minor_embedding_destroy(clique);
    return status;
}

// From nothing, with more and more of the chip.
static qhm_status grow(const qhm_sparse_ising *problem, const qhm_device *device,
                       const qhm_minor_embedding_options *options, qhm_minor_embedding **embedding)
{
    const size_t working = qhm_annealer_graph_count_working(device);
    size_t most = 16 + 4 * (problem->count + problem->coupling_count);
    bool is_whole = false; // all of the chip has been searched
    for (size_t number = 0; !*embedding && !(is_whole && number >= LEAST_TRIES); number++) {
        is_whole = most >= working;
        QHM_TRY(attempt(problem, device, NULL, most, number, options, embedding));
        most = is_whole ? most : 2 * most;
    }
    return QHM_OK;
}

static qhm_status check(const qhm_sparse_ising *problem, const qhm_device *device)
{
    if (qhm_device_is_all_to_all(device))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "every pair of qubits of %s is coupled",
                        qhm_device_name(device));
    const size_t working = qhm_annealer_graph_count_working(device);
    if (problem->count > working)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu spins, more than the %zu qubits of %s",
                        problem->count, working, qhm_device_name(device));
    return QHM_OK;
}

qhm_status qhm_minor_embedding_find(const qhm_sparse_ising *problem, const qhm_device *device,
                                    const qhm_minor_embedding_options *options,
                                    qhm_minor_embedding **embedding)
{
    static const qhm_minor_embedding_options defaults;
    qhm_minor_embedding *found = NULL;
    QHM_REQUIRE(problem && device && embedding, "problem, device or embedding is NULL");
    options = options ? options : &defaults;
    QHM_TRY(check(problem, device));
    const bool is_dense = // a quarter of all pairs
        8 * problem->coupling_count >= problem->count * (problem->count - 1);
    qhm_status status = is_dense ? shrink_clique(problem, device, options, &found) : QHM_OK;
    if (status == QHM_OK && !found)
        status = grow(problem, device, options, &found);
    if (status == QHM_OK && !found && !is_dense)
        status = shrink_clique(problem, device, options, &found);
    if (status == QHM_OK && !found)
        status = QHM_FAIL(QHM_ERROR_NOT_FOUND,
                          "no embedding of %zu spins and %zu couplings on %s was found",
                          problem->count, problem->coupling_count, qhm_device_name(device));
    if (status != QHM_OK) {
        qhm_minor_embedding_destroy(found);
        return status;
    }
    *embedding = found;
    return QHM_OK;
}
