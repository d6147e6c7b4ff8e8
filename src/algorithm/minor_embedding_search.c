// Embeddings by weighted shortest paths, with overlaps that become dearer until there are none.
#include <qhm/minor_embedding.h>

#include "algorithm/sparse_ising_internal.h"
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/random.h>
#include <string.h>

enum { DEFAULT_ROUNDS = 16, POLISH_ROUNDS = 8, NOBODY = UINT32_MAX };

// The part of the chip that is searched: its qubits by their order around the middle.
typedef struct graph {
    size_t count;
    uint32_t *qubits;     // [count] of the chip
    size_t *first;        // [count + 1]
    uint32_t *neighbours; // nodes
} graph;

typedef struct search {
    const qhm_sparse_ising *problem;
    graph graph;
    uint32_t **chains;            // [spins]
    size_t *lengths, *capacities; // [spins]
    uint32_t *usage;              // [nodes]: chains that hold it
    double *weights;              // [nodes]: price of one more
    double *noise;                // [nodes], of a round: which of equal paths is taken
    double *distances;            // [nodes] from one chain
    double *totals;               // [nodes] over all chains
    uint32_t *parents;            // [most neighbours][nodes]: towards that chain; NOBODY: in it
    uint32_t *heap;               // [nodes]
    size_t *heap_at;              // [nodes]: place in the heap; SIZE_MAX: not in it
    size_t heap_count;
    size_t *order; // [spins]
    double base;   // the price of a qubit is base^usage
    qhm_random random;
} search;

static void swap_heap(search *s, size_t a, size_t b)
{
    const uint32_t node = s->heap[a];
    s->heap[a] = s->heap[b];
    s->heap[b] = node;
    s->heap_at[s->heap[a]] = a;
    s->heap_at[s->heap[b]] = b;
}

static void rise(search *s, size_t at)
{
    for (size_t up; at > 0; at = up) {
        up = (at - 1) / 2;
        if (s->distances[s->heap[up]] <= s->distances[s->heap[at]])
            return;
        swap_heap(s, up, at);
    }
}

static void push(search *s, uint32_t node)
{
    if (s->heap_at[node] == SIZE_MAX) {
        s->heap_at[node] = s->heap_count;
        s->heap[s->heap_count++] = node;
    }
    rise(s, s->heap_at[node]);
}

static uint32_t pop(search *s)
{
    const uint32_t top = s->heap[0];
    swap_heap(s, 0, --s->heap_count);
    s->heap_at[top] = SIZE_MAX;
    for (size_t at = 0, child; (child = 2 * at + 1) < s->heap_count; at = child) {
        if (child + 1 < s->heap_count &&
            s->distances[s->heap[child + 1]] < s->distances[s->heap[child]])
            child++;
        if (s->distances[s->heap[at]] <= s->distances[s->heap[child]])
            break;
        swap_heap(s, at, child);
    }
    return top;
}

// Dijkstra's method from a chain: the price of a path counts all its nodes outside the chain, and
// adds to the totals; that of a node of the chain itself is its own, were it taken again.
static void measure(search *s, size_t spin, uint32_t *parents)
{
    const size_t count = s->graph.count;
    for (size_t g = 0; g < count; g++) {
        s->distances[g] = INFINITY;
        parents[g] = NOBODY;
    }
    for (size_t k = 0; k < s->lengths[spin]; k++) {
        s->distances[s->chains[spin][k]] = 0;
        push(s, s->chains[spin][k]);
    }
    while (s->heap_count > 0) {
        const uint32_t node = pop(s);
        for (size_t e = s->graph.first[node]; e < s->graph.first[node + 1]; e++) {
            const uint32_t next = s->graph.neighbours[e];
            const double distance = s->distances[node] + s->weights[next];
            if (distance < s->distances[next]) {
                s->distances[next] = distance;
                parents[next] = node;
                push(s, next);
            }
        }
    }
    for (size_t k = 0; k < s->lengths[spin]; k++)
        s->distances[s->chains[spin][k]] = s->weights[s->chains[spin][k]];
    for (size_t g = 0; g < count; g++)
        s->totals[g] += s->distances[g];
}

static void weigh(search *s)
{
    for (size_t g = 0; g < s->graph.count; g++)
        s->weights[g] = pow(s->base, s->usage[g]) * s->noise[g];
}

static void rip_up(search *s, size_t spin)
{
    for (size_t k = 0; k < s->lengths[spin]; k++)
        s->usage[s->chains[spin][k]]--;
    s->lengths[spin] = 0;
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

// The cheapest tree that touches the chains of all neighbours that have one.
static qhm_status place(search *s, size_t spin)
{
    const qhm_sparse_ising *p = s->problem;
    const size_t count = s->graph.count;
    size_t chains = 0;
    rip_up(s, spin);
    weigh(s);
    memset(s->totals, 0, count * sizeof *s->totals);
    for (size_t e = p->first[spin]; e < p->first[spin + 1]; e++)
        if (s->lengths[p->neighbours[e]] > 0)
            measure(s, p->neighbours[e], s->parents + chains++ * count);
    uint32_t root = 0;
    double lowest = INFINITY;
    for (size_t g = 0; g < count; g++) {
        // Each path has paid for the root; the first may, and alone a spin takes a free qubit.
        const double cost =
            chains > 0 ? s->totals[g] - (double)(chains - 1) * s->weights[g] : s->weights[g];
        if (cost < lowest) {
            lowest = cost;
            root = (uint32_t)g;
        }
    }
    QHM_TRY(take(s, spin, root));
    for (size_t c = 0; c < chains; c++) {
        const uint32_t *parents = s->parents + c * count;
        // The path's last node is the chain's own: its parent is nobody.
        for (uint32_t node = root; parents[node] != NOBODY; node = parents[node])
            QHM_TRY(take(s, spin, node));
    }
    return QHM_OK;
}

// Qubits that are taken too often.
static size_t count_overlaps(const search *s)
{
    size_t overlaps = 0;
    for (size_t g = 0; g < s->graph.count; g++)
        overlaps += s->usage[g] > 1 ? s->usage[g] - 1 : 0;
    return overlaps;
}

static size_t count_taken(const search *s)
{
    size_t taken = 0;
    for (size_t i = 0; i < s->problem->count; i++)
        taken += s->lengths[i];
    return taken;
}

static qhm_status place_all(search *s)
{
    qhm_random_shuffle(&s->random, s->order, s->problem->count);
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

// *embedding stays NULL where none was found.
static qhm_status run_rounds(search *s, const qhm_device *device, size_t rounds,
                             qhm_minor_embedding **embedding)
{
    size_t best = SIZE_MAX;
    s->base = 2;
    for (size_t round = 0, polished = 0; round < rounds && polished < POLISH_ROUNDS; round++) {
        QHM_TRY(place_all(s));
        const bool is_whole = count_overlaps(s) == 0;
        if (is_whole && count_taken(s) < best) {
            best = count_taken(s);
            QHM_TRY(keep(s, device, embedding));
        }
        polished += best != SIZE_MAX;
        s->base = fmin(s->base * 1.5, 1000);
    }
    return QHM_OK;
}

static void close_graph(graph *g)
{
    qhm_release(g->qubits);
    qhm_release(g->first);
    qhm_release(g->neighbours);
}

// The working neighbours of a qubit, one after another; NOBODY at the end.
static uint32_t neighbour(const qhm_device *device, uint32_t qubit, size_t *at)
{
    const uint32_t *couplers;
    const size_t count = qhm_device_qubit_couplers(device, qubit, &couplers);
    while (*at < count) {
        const qhm_device_coupler *coupler = qhm_device_coupler_at(device, couplers[(*at)++]);
        const uint32_t other = coupler->qubits[coupler->qubits[0] == qubit ? 1 : 0];
        if (coupler->is_working && qhm_device_qubit_at(device, other)->is_working)
            return other;
    }
    return NOBODY;
}

static uint32_t find_middle(const qhm_device *device)
{
    double x = 0, y = 0, nearest = INFINITY;
    uint32_t middle = 0;
    const size_t count = qhm_device_qubit_count(device);
    for (size_t q = 0; q < count; q++) {
        x += qhm_device_qubit_at(device, q)->x / (double)count;
        y += qhm_device_qubit_at(device, q)->y / (double)count;
    }
    for (size_t q = 0; q < count; q++) {
        const qhm_device_qubit *qubit = qhm_device_qubit_at(device, q);
        const double distance = hypot(qubit->x - x, qubit->y - y);
        if (qubit->is_working && distance < nearest) {
            nearest = distance;
            middle = (uint32_t)q;
        }
    }
    return middle;
}

// Up to `most` working qubits by their distance from the middle in couplers; where a chip is in
// pieces, those of other pieces after them. nodes [qubits of the chip]: out, NOBODY or the node.
static size_t gather(const qhm_device *device, size_t most, uint32_t *qubits, uint32_t *nodes)
{
    const size_t count = qhm_device_qubit_count(device);
    size_t reached = 0, done = 0;
    uint32_t start = find_middle(device);
    memset(nodes, 0xff, count * sizeof *nodes);
    for (size_t next = 0; reached < most && next <= count; next++) {
        if (nodes[start] == NOBODY && qhm_device_qubit_at(device, start)->is_working) {
            nodes[start] = (uint32_t)reached;
            qubits[reached++] = start;
        }
        for (; done < reached && reached < most; done++) {
            size_t at = 0;
            uint32_t other;
            while (reached < most && (other = neighbour(device, qubits[done], &at)) != NOBODY)
                if (nodes[other] == NOBODY) {
                    nodes[other] = (uint32_t)reached;
                    qubits[reached++] = other;
                }
        }
        start = (uint32_t)(next < count ? next : count - 1);
    }
    return reached;
}

// What was allocated is there even if it fails.
static qhm_status open_graph(const qhm_device *device, size_t most, graph *g)
{
    uint32_t *nodes = NULL;
    const size_t qubits = qhm_device_qubit_count(device);
    *g = (graph){0};
    qhm_status status = qhm_allocate(qubits, sizeof *nodes, &nodes);
    if (status == QHM_OK)
        status = qhm_allocate(qubits, sizeof(uint32_t), &g->qubits);
    if (status == QHM_OK)
        status = qhm_allocate(qubits + 1, sizeof(size_t), &g->first);
    if (status == QHM_OK)
        status =
            qhm_allocate(2 * qhm_device_coupler_count(device), sizeof(uint32_t), &g->neighbours);
    if (status == QHM_OK) {
        g->count = gather(device, most, g->qubits, nodes);
        for (size_t node = 0; node < g->count; node++) {
            size_t at = 0, end = g->first[node];
            for (uint32_t q; (q = neighbour(device, g->qubits[node], &at)) != NOBODY;)
                if (nodes[q] != NOBODY)
                    g->neighbours[end++] = nodes[q];
            g->first[node + 1] = end;
        }
    }
    qhm_release(nodes);
    return status;
}

static void close_search(search *s)
{
    for (size_t i = 0; s->chains && i < s->problem->count; i++)
        qhm_release(s->chains[i]);
    qhm_release(s->chains);
    qhm_release(s->lengths);
    qhm_release(s->capacities);
    qhm_release(s->usage);
    qhm_release(s->weights);
    qhm_release(s->noise);
    qhm_release(s->distances);
    qhm_release(s->totals);
    qhm_release(s->parents);
    qhm_release(s->heap);
    qhm_release(s->heap_at);
    qhm_release(s->order);
    close_graph(&s->graph);
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
    QHM_TRY(qhm_allocate(nodes, sizeof *s->weights, &s->weights));
    QHM_TRY(qhm_allocate(nodes, sizeof *s->noise, &s->noise));
    QHM_TRY(qhm_allocate(nodes, sizeof *s->distances, &s->distances));
    QHM_TRY(qhm_allocate(nodes, sizeof *s->totals, &s->totals));
    QHM_TRY(qhm_allocate(all, sizeof *s->parents, &s->parents));
    QHM_TRY(qhm_allocate(nodes, sizeof *s->heap, &s->heap));
    QHM_TRY(qhm_allocate(nodes, sizeof *s->heap_at, &s->heap_at));
    memset(s->heap_at, 0xff, nodes * sizeof *s->heap_at);
    return QHM_OK;
}

static qhm_status open_search(search *s, const qhm_sparse_ising *problem, const qhm_device *device,
                              size_t most, uint64_t seed)
{
    const size_t spins = problem->count;
    *s = (search){.problem = problem};
    s->random = qhm_random_stream(seed, QHM_RANDOM_COMPILE, most, 0, 0);
    qhm_status status = open_graph(device, most, &s->graph);
    if (status == QHM_OK)
        status = allocate_nodes(s);
    if (status == QHM_OK)
        status = qhm_allocate(spins, sizeof *s->chains, &s->chains);
    if (status == QHM_OK)
        status = qhm_allocate(spins, sizeof *s->lengths, &s->lengths);
    if (status == QHM_OK)
        status = qhm_allocate(spins, sizeof *s->capacities, &s->capacities);
    if (status == QHM_OK)
        status = qhm_allocate(spins, sizeof *s->order, &s->order);
    for (size_t i = 0; i < spins && status == QHM_OK; i++)
        s->order[i] = i;
    if (status != QHM_OK)
        close_search(s);
    return status;
}

static size_t count_working(const qhm_device *device)
{
    size_t working = 0;
    for (size_t q = 0; q < qhm_device_qubit_count(device); q++)
        working += qhm_device_qubit_at(device, q)->is_working;
    return working;
}

qhm_status qhm_minor_embedding_find(const qhm_sparse_ising *problem, const qhm_device *device,
                                    const qhm_minor_embedding_options *options,
                                    qhm_minor_embedding **embedding)
{
    static const qhm_minor_embedding_options defaults;
    qhm_minor_embedding *found = NULL;
    QHM_REQUIRE(problem && device && embedding, "problem, device or embedding is NULL");
    options = options ? options : &defaults;
    const size_t rounds = options->rounds ? options->rounds : DEFAULT_ROUNDS;
    if (qhm_device_is_all_to_all(device))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "every pair of qubits of %s is coupled",
                        qhm_device_name(device));
    const size_t working = count_working(device);
    if (problem->count > working)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu spins, more than the %zu qubits of %s",
                        problem->count, working, qhm_device_name(device));
    size_t most = 16 + 4 * (problem->count + problem->coupling_count);
    qhm_status status = QHM_OK;
    for (bool is_last = false; !found && !is_last && status == QHM_OK; most *= 2) {
        search s;
        is_last = most >= working;
        QHM_TRY(open_search(&s, problem, device, is_last ? working : most, options->seed));
        status = run_rounds(&s, device, rounds, &found);
        close_search(&s);
    }
    if (status == QHM_OK && !found)
        status = QHM_FAIL(QHM_ERROR_NOT_FOUND,
                          "no embedding of %zu spins and %zu couplings on %s was found in %zu "
                          "rounds",
                          problem->count, problem->coupling_count, qhm_device_name(device), rounds);
    if (status != QHM_OK) {
        qhm_minor_embedding_destroy(found);
        return status;
    }
    *embedding = found;
    return QHM_OK;
}
