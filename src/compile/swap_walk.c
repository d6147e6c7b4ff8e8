// The memory of a walk, exchanges of neighbours, and the way back to places where wires were.
#include "compile/swap_walk.h"

#include "base/memory.h"
#include "base/status_internal.h"
#include "compile/compile_internal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double swap_cost = 1e-4;

static qhm_status allocate(qhm_swap_walk *walk, const qhm_swap_search *search)
{
    const size_t wires = search->circuit->qubit_count, qubits = search->chip->qubit_count,
                 nodes = search->node_count;
    walk->search = search;
    walk->most_pending = 4 * qubits + 20;
    QHM_TRY(qhm_allocate(qubits, sizeof(uint32_t), &walk->wire_at));
    QHM_TRY(qhm_allocate(nodes, sizeof(uint32_t), &walk->waiting));
    QHM_TRY(qhm_allocate(nodes, sizeof(uint32_t), &walk->ready));
    QHM_TRY(qhm_allocate(wires, sizeof(uint32_t), &walk->front));
    QHM_TRY(qhm_allocate(wires, sizeof(uint32_t), &walk->front_of));
    QHM_TRY(qhm_allocate(wires, sizeof(uint32_t), &walk->ahead_of));
    QHM_TRY(qhm_allocate(search->next_first[nodes], sizeof(uint32_t), &walk->seen));
    QHM_TRY(qhm_allocate(qubits, sizeof(double), &walk->decay));
    QHM_TRY(qhm_allocate(qubits, sizeof(double), &walk->clock));
    QHM_TRY(qhm_allocate(qubits, sizeof(uint32_t), &walk->last_gate));
    QHM_TRY(qhm_allocate(walk->most_pending, sizeof *walk->pending, &walk->pending));
    if (search->most_loops == 0)
        return QHM_OK;
    QHM_TRY(qhm_allocate(search->most_loops * wires, sizeof(uint32_t), &walk->saved));
    QHM_TRY(qhm_allocate(qubits, sizeof(uint32_t), &walk->parents));
    QHM_TRY(qhm_allocate(qubits, sizeof(uint32_t), &walk->tree));
    return qhm_allocate(qubits, sizeof(bool), &walk->is_final);
}

qhm_status qhm_swap_walk_create(const qhm_swap_search *search, qhm_swap_walk **walk)
{
    qhm_swap_walk *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    const qhm_status status = allocate(made, search);
    if (status != QHM_OK) {
        qhm_swap_walk_destroy(made);
        return status;
    }
    *walk = made;
    return QHM_OK;
}

void qhm_swap_walk_destroy(qhm_swap_walk *walk)
{
    if (!walk)
        return;
    qhm_release(walk->wire_at);
    qhm_release(walk->waiting);
    qhm_release(walk->ready);
    qhm_release(walk->front);
    qhm_release(walk->front_of);
    qhm_release(walk->ahead_of);
    qhm_release(walk->seen);
    qhm_release(walk->decay);
    qhm_release(walk->clock);
    qhm_release(walk->last_gate);
    qhm_release(walk->pending);
    qhm_release(walk->saved);
    qhm_release(walk->parents);
    qhm_release(walk->tree);
    qhm_release(walk->is_final);
    qhm_release(walk);
}

void qhm_swap_walk_emit(qhm_swap_walk *walk, const qhm_instruction *instruction,
                        const uint32_t *wires)
{
    uint32_t own[4], *many = NULL;
    if (!walk->output || walk->status != QHM_OK)
        return;
    qhm_instruction moved = *instruction;
    if (moved.qubit_count > 4)
        walk->status = qhm_allocate(moved.qubit_count, sizeof *many, &many);
    if (walk->status != QHM_OK)
        return;
    uint32_t *qubits = many ? many : own;
    for (uint32_t q = 0; q < moved.qubit_count; q++) {
        const uint32_t at = wires ? walk->place[wires[q]] : instruction->qubits[q];
        qubits[q] = walk->output->compact[at];
    }
    moved.qubits = qubits;
    walk->status = qhm_circuit_append_instruction(walk->output->circuit, &moved);
    qhm_release(many);
}

void qhm_swap_walk_exchange(qhm_swap_walk *walk, uint32_t p, uint32_t q)
{
    const uint32_t a = walk->wire_at[p], b = walk->wire_at[q];
    walk->wire_at[p] = b;
    walk->wire_at[q] = a;
    if (a != QHM_SWAP_NOTHING)
        walk->place[a] = q;
    if (b != QHM_SWAP_NOTHING)
        walk->place[b] = p;
}

// Both qubits of a coupler are busy for so many CX.
void qhm_swap_walk_spend(qhm_swap_walk *walk, uint32_t p, uint32_t q, double weight)
{
    double coupler = 0;
    (void)qhm_chip_graph_is_coupled(walk->search->chip, p, q, &coupler);
    walk->result.cost += weight * coupler;
    walk->clock[p] = walk->clock[q] = fmax(walk->clock[p], walk->clock[q]) + weight;
    walk->busy += 2 * weight;
}

// The CX that a swap adds: fewer after a gate on the same pair, with which it becomes one block.
double qhm_swap_walk_weight(const qhm_swap_walk *walk, uint32_t p, uint32_t q)
{
    const uint32_t gate = walk->last_gate[p];
    if (gate == QHM_SWAP_NOTHING || gate != walk->last_gate[q])
        return 3;
    return walk->search->swapped_weights[gate] - walk->search->weights[gate];
}

// Counts a swap that is final, and writes it.
static void commit_swap(qhm_swap_walk *walk, uint32_t p, uint32_t q)
{
    walk->result.swaps++;
    walk->result.cost += swap_cost;
    qhm_swap_walk_spend(walk, p, q, qhm_swap_walk_weight(walk, p, q));
    walk->last_gate[p] = walk->last_gate[q] = QHM_SWAP_NOTHING;
    if (walk->is_used)
        walk->is_used[p] = walk->is_used[q] = true;
    qhm_swap_walk_emit(
        walk,
        &(qhm_instruction){.gate = QHM_GATE_SWAP, .qubit_count = 2, .qubits = (uint32_t[]){p, q}},
        NULL);
}

void qhm_swap_walk_commit_pending(qhm_swap_walk *walk)
{
    for (size_t i = 0; i < walk->pending_count; i++)
        commit_swap(walk, walk->pending[i][0], walk->pending[i][1]);
    walk->pending_count = 0;
}

static void swap_now(qhm_swap_walk *walk, uint32_t p, uint32_t q)
{
    qhm_swap_walk_exchange(walk, p, q);
    commit_swap(walk, p, q);
}

// A tree over the part of the chip where the wires are: `tree` in order from its root, `parents`.
static size_t span(qhm_swap_walk *walk)
{
    const qhm_chip_graph *chip = walk->search->chip;
    size_t known = 0, taken = 0;
    for (size_t q = 0; q < chip->qubit_count; q++)
        walk->parents[q] = QHM_SWAP_NOTHING;
    for (uint32_t wire = 0; wire < walk->search->circuit->qubit_count; wire++) {
        const uint32_t root = walk->place[wire];
        if (walk->parents[root] != QHM_SWAP_NOTHING)
            continue;
        walk->parents[root] = root;
        walk->tree[known++] = root;
        while (taken < known) {
            const uint32_t q = walk->tree[taken++];
            for (size_t i = chip->first[q]; i < chip->first[q + 1]; i++)
                if (walk->parents[chip->neighbours[i]] == QHM_SWAP_NOTHING) {
                    walk->parents[chip->neighbours[i]] = q;
                    walk->tree[known++] = chip->neighbours[i];
                }
        }
    }
    return known;
}

// Brings what is at `from` to `to` through qubits that are not final yet, by shortest paths in the
// tree.
static void carry(qhm_swap_walk *walk, uint32_t from, uint32_t to)
{
    size_t up = 0, down = 0;
    for (uint32_t q = from; walk->parents[q] != q; q = walk->parents[q])
        up++;
    for (uint32_t q = to; walk->parents[q] != q; q = walk->parents[q])
        down++;
    uint32_t a = from, b = to;
    size_t a_depth = up, b_depth = down;
    while (a != b) { // b climbs; the way down is found again from `to`
        if (a_depth >= b_depth) {
            swap_now(walk, a, walk->parents[a]);
            a = walk->parents[a];
            a_depth--;
        } else {
            b = walk->parents[b];
            b_depth--;
        }
    }
    while (a != to) { // the child of a on the way to `to`
        uint32_t child = to;
        while (walk->parents[child] != a)
            child = walk->parents[child];
        swap_now(walk, a, child);
        a = child;
    }
}

static uint32_t find_empty(const qhm_swap_walk *walk, size_t count)
{
    for (size_t i = count; i-- > 0;) // those deep in the tree first
        if (!walk->is_final[walk->tree[i]] && walk->wire_at[walk->tree[i]] == QHM_SWAP_NOTHING)
            return walk->tree[i];
    return QHM_SWAP_NOTHING;
}

// Takes every wire back to a place, from the leaves of a spanning tree inwards.
void qhm_swap_walk_restore(qhm_swap_walk *walk, const uint32_t *target)
{
    const size_t count = span(walk), wires = walk->search->circuit->qubit_count;
    memset(walk->is_final, 0, walk->search->chip->qubit_count * sizeof *walk->is_final);
    for (size_t i = count; i-- > 0;) {
        const uint32_t qubit = walk->tree[i];
        uint32_t wanted = QHM_SWAP_NOTHING;
        for (uint32_t w = 0; w < wires; w++)
            if (target[w] == qubit)
                wanted = w;
        if (wanted != QHM_SWAP_NOTHING) {
            carry(walk, walk->place[wanted], qubit);
        } else if (walk->wire_at[qubit] != QHM_SWAP_NOTHING) {
            const uint32_t empty = find_empty(walk, count);
            assert(empty != QHM_SWAP_NOTHING);
            carry(walk, empty, qubit);
        }
        walk->is_final[qubit] = true;
    }
}
