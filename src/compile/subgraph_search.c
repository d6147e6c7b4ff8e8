// Depth first with the cheapest candidates first, cut where a lower bound says that nothing better
// can come. Every start has its share of the steps, so that one bad corner does not take them all.
#include "compile/subgraph_search.h"

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NOWHERE = UINT32_MAX };

struct candidate {
    uint32_t qubit;
    double cost;
};

struct search {
    const qhm_wire_graph *wires;
    const qhm_chip_graph *chip;
    uint32_t *order;              // [wires] in which they are placed
    double *rest;                 // [wires + 1] least cost of all from there on
    uint32_t *place;              // [wires]
    bool *is_taken;               // [qubits]
    struct candidate *candidates; // [wires][room]
    size_t room, steps_left, deepest;
    uint32_t *best; // [wires]
    qhm_subgraph_result result;
};

static int by_cost(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost < y->cost ? -1 : 1;
    return x->qubit < y->qubit ? -1 : x->qubit > y->qubit;
}

// Wires with most placed neighbours first, then with most neighbours.
static void find_order(const qhm_wire_graph *wires, uint32_t *order, size_t *placed_neighbours)
{
    const size_t count = wires->wire_count, done = SIZE_MAX;
    for (size_t k = 0; k < count; k++) {
        uint32_t best = NOWHERE;
        for (uint32_t w = 0; w < count; w++) {
            if (placed_neighbours[w] == done)
                continue;
            if (best == NOWHERE || placed_neighbours[w] > placed_neighbours[best] ||
                (placed_neighbours[w] == placed_neighbours[best] &&
                 qhm_wire_degree(wires, w) > qhm_wire_degree(wires, best)))
                best = w;
        }
        order[k] = best;
        placed_neighbours[best] = done;
        for (size_t i = wires->first[best]; i < wires->first[best + 1]; i++)
            if (placed_neighbours[wires->neighbours[i]] != done)
                placed_neighbours[wires->neighbours[i]]++;
    }
}

static double smallest(const double *values, const bool *is_wanted, size_t count)
{
    double least = INFINITY;
    for (size_t i = 0; i < count; i++)
        if (!is_wanted || is_wanted[i])
            least = fmin(least, values[i]);
    return isinf(least) ? 0 : least;
}

static void find_rest(struct search *search)
{
    const qhm_chip_graph *chip = search->chip;
    const double coupler = smallest(chip->coupler_costs, NULL, chip->first[chip->qubit_count]),
                 gate = smallest(chip->qubit_costs, chip->is_working, chip->qubit_count),
                 readout = smallest(chip->readout_costs, chip->is_working, chip->qubit_count);
    for (size_t k = search->wires->wire_count; k-- > 0;) {
        const uint32_t wire = search->order[k];
        double weight = 0; // every pair is counted from both ends
        for (size_t i = search->wires->first[wire]; i < search->wires->first[wire + 1]; i++)
            weight += search->wires->weights[i] / 2;
        search->rest[k] = search->rest[k + 1] + gate * search->wires->gate_counts[wire] +
                          readout * (search->wires->measurements[wire] > 0 ? 1 : 0.1);
        search->rest[k] += coupler * weight;
    }
}

// What it costs to put a wire on a qubit beside those already placed; infinite if it does not fit.
static double cost_of(const struct search *search, uint32_t wire, uint32_t qubit)
{
    const qhm_wire_graph *wires = search->wires;
    const qhm_chip_graph *chip = search->chip;
    double cost = chip->qubit_costs[qubit] * wires->gate_counts[wire] +
                  chip->readout_costs[qubit] * (wires->measurements[wire] > 0 ? 1 : 0.1);
    size_t open = 0, room = 0;
    for (size_t i = wires->first[wire]; i < wires->first[wire + 1]; i++) {
        const uint32_t at = search->place[wires->neighbours[i]];
        double coupler;
        if (at == NOWHERE)
            open++;
        else if (qhm_chip_graph_is_coupled(chip, qubit, at, &coupler))
            cost += coupler * wires->weights[i];
        else
            return INFINITY;
    }
    for (size_t i = chip->first[qubit]; i < chip->first[qubit + 1]; i++)
        room += !search->is_taken[chip->neighbours[i]];
    return room < open ? INFINITY : cost;
}

static size_t find_candidates(const struct search *search, size_t depth,
                              struct candidate *candidates)
{
    const qhm_wire_graph *wires = search->wires;
    const qhm_chip_graph *chip = search->chip;
    const uint32_t wire = search->order[depth];
    uint32_t anchor = NOWHERE;
    for (size_t i = wires->first[wire]; i < wires->first[wire + 1] && anchor == NOWHERE; i++)
        anchor = search->place[wires->neighbours[i]];
    size_t count = 0;
    const size_t begin = anchor == NOWHERE ? 0 : chip->first[anchor],
                 end = anchor == NOWHERE ? chip->qubit_count : chip->first[anchor + 1];
    for (size_t i = begin; i < end; i++) {
        const uint32_t qubit = anchor == NOWHERE ? (uint32_t)i : chip->neighbours[i];
        if (!chip->is_working[qubit] || search->is_taken[qubit])
            continue;
        const double cost = cost_of(search, wire, qubit);
        if (!isinf(cost))
            candidates[count++] = (struct candidate){qubit, cost};
    }
    qsort(candidates, count, sizeof *candidates, by_cost);
    // One without neighbours may go anywhere: the best place, without trying others.
    return count > 1 && qhm_wire_degree(wires, wire) == 0 ? 1 : count;
}

static void keep(struct search *search, size_t depth, double cost)
{
    const size_t count = search->wires->wire_count;
    const bool is_complete = depth == count;
    if (is_complete) {
        search->result.is_complete = true;
        search->result.cost = cost;
        search->result.found++;
    }
    search->deepest = depth;
    memcpy(search->best, search->place, count * sizeof *search->best);
}

static void go_deeper(struct search *search, size_t depth, double cost)
{
    const qhm_subgraph_result *result = &search->result;
    if (result->is_complete ? depth == search->wires->wire_count && cost < result->cost
                            : depth > search->deepest)
        keep(search, depth, cost);
    if (depth == search->wires->wire_count)
        return;
    struct candidate *candidates = search->candidates + depth * search->room;
    const size_t count = find_candidates(search, depth, candidates);
    const uint32_t wire = search->order[depth];
    for (size_t i = 0; i < count && search->steps_left > 0; i++) {
        const double here = cost + candidates[i].cost;
        if (result->is_complete && here + search->rest[depth + 1] >= result->cost)
            break;
        search->steps_left--;
        search->place[wire] = candidates[i].qubit;
        search->is_taken[candidates[i].qubit] = true;
        go_deeper(search, depth + 1, here);
        search->is_taken[candidates[i].qubit] = false;
        search->place[wire] = NOWHERE;
    }
}

// Each place of the first wire in turn, with its share of the steps.
static void try_starts(struct search *search, size_t steps)
{
    struct candidate *starts = search->candidates;
    const uint32_t wire = search->order[0];
    const size_t count = find_candidates(search, 0, starts);
    const size_t share = steps / (count > 0 ? count : 1) + 1;
    for (size_t i = 0; i < count; i++) {
        search->steps_left = share;
        search->place[wire] = starts[i].qubit;
        search->is_taken[starts[i].qubit] = true;
        go_deeper(search, 1, starts[i].cost);
        search->is_taken[starts[i].qubit] = false;
        search->place[wire] = NOWHERE;
    }
}

static qhm_status run(struct search *search, size_t steps)
{
    const size_t wires = search->wires->wire_count, qubits = search->chip->qubit_count;
    size_t *placed_neighbours;
    QHM_TRY(qhm_allocate(wires, sizeof *search->order, &search->order));
    QHM_TRY(qhm_allocate(wires + 1, sizeof *search->rest, &search->rest));
    QHM_TRY(qhm_allocate(wires, sizeof *search->place, &search->place));
    QHM_TRY(qhm_allocate(qubits, sizeof *search->is_taken, &search->is_taken));
    search->room = qubits;
    size_t all;
    if (!qhm_multiply_size(wires, qubits, &all))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu places of %zu qubits overflow", wires,
                        qubits);
    QHM_TRY(qhm_allocate(all, sizeof *search->candidates, &search->candidates));
    QHM_TRY(qhm_allocate(wires, sizeof *placed_neighbours, &placed_neighbours));
    find_order(search->wires, search->order, placed_neighbours);
    qhm_release(placed_neighbours);
    find_rest(search);
    for (size_t w = 0; w < wires; w++)
        search->place[w] = search->best[w] = NOWHERE;
    try_starts(search, steps);
    return QHM_OK;
}

qhm_status qhm_subgraph_search(const qhm_wire_graph *wires, const qhm_chip_graph *chip,
                               size_t steps, uint32_t *place, qhm_subgraph_result *result)
{
    struct search search = {.wires = wires, .chip = chip, .best = place};
    const qhm_status status = run(&search, steps);
    qhm_release(search.order);
    qhm_release(search.rest);
    qhm_release(search.place);
    qhm_release(search.is_taken);
    qhm_release(search.candidates);
    *result = search.result;
    return status;
}
