// SABRE [li2019]: of the swaps beside the gates that wait, the one that brings those and the next
// few gates nearest to their couplers; qubits that have just moved are dearer. Where that goes in
// circles, the swaps since the last gate are taken back and one gate is led to its coupler
// directly.
#include "compile/swap_search.h"

#include "compile/compile_internal.h"

#include "base/memory.h"
#include "base/status_internal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { NOTHING = UINT32_MAX, AHEAD = 24, SWAPS_BEFORE_RESET = 5 };

static const double ahead_weight = 0.5, decay_step = 0.001, swap_cost = 1e-4,
                    most_block_bonus = 0.6;

struct ahead_link {
    uint32_t node, next; // next link of the same wire, NOTHING at the end
};

struct qhm_swap_walk {
    const qhm_swap_search *search;
    bool is_backward;
    qhm_random random;
    uint32_t *place;   // [wires], the caller's
    uint32_t *wire_at; // [qubits] NOTHING where none is
    bool *is_used;     // [qubits], the caller's or NULL
    const qhm_swap_output *output;
    qhm_swap_result result;
    qhm_status status;

    uint32_t *waiting; // [nodes] predecessors that have not been done
    uint32_t *ready;   // [nodes] a queue
    size_t ready_begin, ready_end;
    uint32_t *front, front_count;       // [wires] gates that need swaps
    uint32_t *front_of;                 // [wires] the one on a wire, or NOTHING
    uint32_t ahead[AHEAD], ahead_count; // the gates after those
    struct ahead_link links[2 * AHEAD];
    uint32_t *ahead_of;         // [wires] first link, or NOTHING
    uint32_t *seen, seen_count; // [edges] whose `waiting` was lowered by looking ahead
    double *decay;              // [qubits]
    double block_bonus;         // how much a swap in a block is preferred: walks differ in it
    double *clock, busy;        // [qubits] when it is free, in CX; all their time together
    uint32_t *last_gate;        // [qubits] the last thing on it, if a gate on two; or NOTHING
    uint32_t (*pending)[2];     // [most_pending] swaps since the last gate
    size_t pending_count, most_pending, swaps_since_reset;
    uint32_t moved[SWAPS_BEFORE_RESET][2]; // the swaps since the last reset of decay
    uint32_t *saved;                       // [loops][wires] places at the beginning of each loop
    size_t loop_count;
    uint32_t *parents, *tree; // [qubits] of a spanning tree: for ends of loops
    bool *is_final;           // [qubits]
};

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

static const qhm_instruction *instruction_at(const qhm_swap_walk *walk, uint32_t node)
{
    return &walk->search->circuit->instructions[node];
}

static const uint32_t *after(const qhm_swap_walk *walk, uint32_t node, size_t *count)
{
    const qhm_swap_search *search = walk->search;
    const size_t *first = walk->is_backward ? search->before_first : search->next_first;
    *count = first[node + 1] - first[node];
    return (walk->is_backward ? search->before : search->next) + first[node];
}

static uint32_t distance_of(const qhm_swap_walk *walk, uint32_t node)
{
    const uint32_t *wires = instruction_at(walk, node)->qubits;
    return qhm_chip_distance(walk->search->chip, walk->place[wires[0]], walk->place[wires[1]]);
}

static bool is_pair(const qhm_swap_walk *walk, uint32_t node)
{
    return walk->search->weights[node] > 0;
}

static void emit(qhm_swap_walk *walk, const qhm_instruction *instruction, const uint32_t *wires)
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

static void exchange(qhm_swap_walk *walk, uint32_t p, uint32_t q)
{
    const uint32_t a = walk->wire_at[p], b = walk->wire_at[q];
    walk->wire_at[p] = b;
    walk->wire_at[q] = a;
    if (a != NOTHING)
        walk->place[a] = q;
    if (b != NOTHING)
        walk->place[b] = p;
}

// Both qubits of a coupler are busy for so many CX.
static void spend(qhm_swap_walk *walk, uint32_t p, uint32_t q, double weight)
{
    double coupler = 0;
    (void)qhm_chip_graph_is_coupled(walk->search->chip, p, q, &coupler);
    walk->result.cost += weight * coupler;
    walk->clock[p] = walk->clock[q] = fmax(walk->clock[p], walk->clock[q]) + weight;
    walk->busy += 2 * weight;
}

// The CX that a swap adds: fewer after a gate on the same pair, with which it becomes one block.
static double weight_of_swap(const qhm_swap_walk *walk, uint32_t p, uint32_t q)
{
    const uint32_t gate = walk->last_gate[p];
    if (gate == NOTHING || gate != walk->last_gate[q])
        return 3;
    return walk->search->swapped_weights[gate] - walk->search->weights[gate];
}

// Counts a swap that is final, and writes it.
static void commit_swap(qhm_swap_walk *walk, uint32_t p, uint32_t q)
{
    walk->result.swaps++;
    walk->result.cost += swap_cost;
    spend(walk, p, q, weight_of_swap(walk, p, q));
    walk->last_gate[p] = walk->last_gate[q] = NOTHING;
    if (walk->is_used)
        walk->is_used[p] = walk->is_used[q] = true;
    emit(walk,
         &(qhm_instruction){.gate = QHM_GATE_SWAP, .qubit_count = 2, .qubits = (uint32_t[]){p, q}},
         NULL);
}

static void commit_pending(qhm_swap_walk *walk)
{
    for (size_t i = 0; i < walk->pending_count; i++)
        commit_swap(walk, walk->pending[i][0], walk->pending[i][1]);
    walk->pending_count = 0;
}

static void swap_now(qhm_swap_walk *walk, uint32_t p, uint32_t q)
{
    exchange(walk, p, q);
    commit_swap(walk, p, q);
}

// A tree over the part of the chip where the wires are: `tree` in order from its root, `parents`.
static size_t span(qhm_swap_walk *walk)
{
    const qhm_chip_graph *chip = walk->search->chip;
    size_t known = 0, taken = 0;
    for (size_t q = 0; q < chip->qubit_count; q++)
        walk->parents[q] = NOTHING;
    for (uint32_t wire = 0; wire < walk->search->circuit->qubit_count; wire++) {
        const uint32_t root = walk->place[wire];
        if (walk->parents[root] != NOTHING)
            continue;
        walk->parents[root] = root;
        walk->tree[known++] = root;
        while (taken < known) {
            const uint32_t q = walk->tree[taken++];
            for (size_t i = chip->first[q]; i < chip->first[q + 1]; i++)
                if (walk->parents[chip->neighbours[i]] == NOTHING) {
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
        if (!walk->is_final[walk->tree[i]] && walk->wire_at[walk->tree[i]] == NOTHING)
            return walk->tree[i];
    return NOTHING;
}

// Takes every wire back to a place, from the leaves of a spanning tree inwards.
static void restore(qhm_swap_walk *walk, const uint32_t *target)
{
    const size_t count = span(walk), wires = walk->search->circuit->qubit_count;
    memset(walk->is_final, 0, walk->search->chip->qubit_count * sizeof *walk->is_final);
    for (size_t i = count; i-- > 0;) {
        const uint32_t qubit = walk->tree[i];
        uint32_t wanted = NOTHING;
        for (uint32_t w = 0; w < wires; w++)
            if (target[w] == qubit)
                wanted = w;
        if (wanted != NOTHING) {
            carry(walk, walk->place[wanted], qubit);
        } else if (walk->wire_at[qubit] != NOTHING) {
            const uint32_t empty = find_empty(walk, count);
            assert(empty != NOTHING);
            carry(walk, empty, qubit);
        }
        walk->is_final[qubit] = true;
    }
}

static void execute(qhm_swap_walk *walk, uint32_t node)
{
    const qhm_instruction *instruction = instruction_at(walk, node);
    const size_t wires = walk->search->circuit->qubit_count;
    commit_pending(walk);
    if (!walk->is_backward && instruction->gate == QHM_GATE_END) {
        walk->loop_count--;
        restore(walk, walk->saved + walk->loop_count * wires);
    }
    if (!walk->is_backward && instruction->gate == QHM_GATE_WHILE)
        memcpy(walk->saved + walk->loop_count++ * wires, walk->place, wires * sizeof *walk->place);
    if (is_pair(walk, node)) {
        const uint32_t a = walk->place[instruction->qubits[0]],
                       b = walk->place[instruction->qubits[1]];
        spend(walk, a, b, walk->search->weights[node]);
        walk->last_gate[a] = walk->last_gate[b] = node;
    } else if (instruction->qubit_count > 1 || !qhm_is_plain_gate(instruction, 1)) {
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            walk->last_gate[walk->place[instruction->qubits[q]]] = NOTHING;
    }
    emit(walk, instruction, instruction->qubits);
    size_t count;
    const uint32_t *next = after(walk, node, &count);
    for (size_t i = 0; i < count; i++)
        if (--walk->waiting[next[i]] == 0)
            walk->ready[walk->ready_end++] = next[i];
}

static void add_to_front(qhm_swap_walk *walk, uint32_t node)
{
    const uint32_t *wires = instruction_at(walk, node)->qubits;
    walk->front[walk->front_count++] = node;
    walk->front_of[wires[0]] = walk->front_of[wires[1]] = node;
}

static void remove_from_front(qhm_swap_walk *walk, uint32_t node)
{
    const uint32_t *wires = instruction_at(walk, node)->qubits;
    walk->front_of[wires[0]] = walk->front_of[wires[1]] = NOTHING;
    uint32_t i = 0;
    while (walk->front[i] != node)
        i++;
    for (walk->front_count--; i < walk->front_count; i++)
        walk->front[i] = walk->front[i + 1];
}

// Executes all that can be; true if there was anything.
static bool advance(qhm_swap_walk *walk)
{
    const bool has_any = walk->ready_begin < walk->ready_end;
    while (walk->ready_begin < walk->ready_end) {
        const uint32_t node = walk->ready[walk->ready_begin++];
        if (is_pair(walk, node) && distance_of(walk, node) > 1)
            add_to_front(walk, node);
        else
            execute(walk, node);
    }
    return has_any;
}

static void reset_decay(qhm_swap_walk *walk)
{
    for (size_t i = 0; i < walk->swaps_since_reset; i++)
        walk->decay[walk->moved[i][0]] = walk->decay[walk->moved[i][1]] = 1;
    walk->swaps_since_reset = 0;
}

static void link_ahead(qhm_swap_walk *walk, uint32_t node, uint32_t wire)
{
    // two links a gate, numbered by its place in `ahead`
    const uint32_t link =
        2 * (walk->ahead_count - 1) + (instruction_at(walk, node)->qubits[1] == wire);
    walk->links[link] = (struct ahead_link){node, walk->ahead_of[wire]};
    walk->ahead_of[wire] = link;
}

// The next gates on two qubits after the front, breadth first, in an order in which they could be
// done.
static void look_ahead(qhm_swap_walk *walk)
{
    for (uint32_t i = 0; i < walk->ahead_count; i++) {
        const uint32_t *wires = instruction_at(walk, walk->ahead[i])->qubits;
        walk->ahead_of[wires[0]] = walk->ahead_of[wires[1]] = NOTHING;
    }
    walk->ahead_count = walk->seen_count = 0;
    // `ready` is empty here: its free end serves as the queue.
    size_t begin = walk->ready_end, end = walk->ready_end;
    for (uint32_t f = 0; f < walk->front_count || begin < end;) {
        const uint32_t node = f < walk->front_count ? walk->front[f++] : walk->ready[begin++];
        size_t count;
        const uint32_t *next = after(walk, node, &count);
        for (size_t i = 0; i < count && walk->ahead_count < AHEAD; i++) {
            walk->seen[walk->seen_count++] = next[i];
            if (--walk->waiting[next[i]] > 0)
                continue;
            walk->ready[end++] = next[i];
            if (!is_pair(walk, next[i]))
                continue;
            walk->ahead[walk->ahead_count++] = next[i];
            link_ahead(walk, next[i], instruction_at(walk, next[i])->qubits[0]);
            link_ahead(walk, next[i], instruction_at(walk, next[i])->qubits[1]);
        }
        if (walk->ahead_count == AHEAD)
            break;
    }
    for (uint32_t i = 0; i < walk->seen_count; i++)
        walk->waiting[walk->seen[i]]++;
}

// How much farther the partner of `wire` in a gate is when the wire moves from p to q.
static double change(const qhm_swap_walk *walk, uint32_t node, uint32_t wire, uint32_t p,
                     uint32_t q, uint32_t other_wire)
{
    const uint32_t *wires = instruction_at(walk, node)->qubits;
    const uint32_t partner = wires[wires[0] == wire];
    if (partner == other_wire)
        return 0;
    const uint32_t at = walk->place[partner];
    return (double)qhm_chip_distance(walk->search->chip, q, at) -
           (double)qhm_chip_distance(walk->search->chip, p, at);
}

static double change_of_wire(const qhm_swap_walk *walk, uint32_t wire, uint32_t p, uint32_t q,
                             uint32_t other_wire, double *ahead)
{
    if (wire == NOTHING)
        return 0;
    for (uint32_t link = walk->ahead_of[wire]; link != NOTHING; link = walk->links[link].next)
        *ahead += change(walk, walk->links[link].node, wire, p, q, other_wire);
    return walk->front_of[wire] == NOTHING
               ? 0
               : change(walk, walk->front_of[wire], wire, p, q, other_wire);
}

struct choice {
    uint32_t p, q;
    double score;
    uint64_t ties;
};

static void consider(qhm_swap_walk *walk, uint32_t p, uint32_t q, double front, double ahead,
                     struct choice *best)
{
    const uint32_t a = walk->wire_at[p], b = walk->wire_at[q];
    double more_front = 0, more_ahead = 0;
    more_front += change_of_wire(walk, a, p, q, b, &more_ahead);
    more_front += change_of_wire(walk, b, q, p, a, &more_ahead);
    double score = (front + more_front) / walk->front_count;
    if (walk->ahead_count > 0)
        score += ahead_weight * (ahead + more_ahead) / walk->ahead_count;
    score -= walk->block_bonus * (3 - weight_of_swap(walk, p, q)) / (3 * walk->front_count);
    score *= fmax(walk->decay[p], walk->decay[q]);
    if (score > best->score + 1e-10)
        return;
    best->ties = score < best->score - 1e-10 ? 1 : best->ties + 1;
    if (best->ties == 1 || qhm_random_below(&walk->random, best->ties) == 0) {
        best->p = p;
        best->q = q;
        best->score = best->ties == 1 ? score : best->score;
    }
}

static void choose_swap(qhm_swap_walk *walk, struct choice *best)
{
    const qhm_chip_graph *chip = walk->search->chip;
    double front = 0, ahead = 0;
    *best = (struct choice){NOTHING, NOTHING, INFINITY, 0};
    for (uint32_t i = 0; i < walk->front_count; i++)
        front += distance_of(walk, walk->front[i]);
    for (uint32_t i = 0; i < walk->ahead_count; i++)
        ahead += distance_of(walk, walk->ahead[i]);
    for (uint32_t i = 0; i < walk->front_count; i++)
        for (int end = 0; end < 2; end++) {
            const uint32_t p = walk->place[instruction_at(walk, walk->front[i])->qubits[end]];
            for (size_t n = chip->first[p]; n < chip->first[p + 1]; n++) {
                const uint32_t q = chip->neighbours[n], other = walk->wire_at[q];
                const bool is_seen = q < p && other != NOTHING && walk->front_of[other] != NOTHING;
                if (!is_seen)
                    consider(walk, p, q, front, ahead, best);
            }
        }
}

static void take_back(qhm_swap_walk *walk)
{
    while (walk->pending_count > 0) {
        walk->pending_count--;
        exchange(walk, walk->pending[walk->pending_count][0],
                 walk->pending[walk->pending_count][1]);
    }
}

static void push_swap(qhm_swap_walk *walk, uint32_t p, uint32_t q)
{
    exchange(walk, p, q);
    walk->pending[walk->pending_count][0] = p;
    walk->pending[walk->pending_count++][1] = q;
}

// Leads the gate that is nearest to its coupler there, step by step.
static void lead_nearest(qhm_swap_walk *walk)
{
    const qhm_chip_graph *chip = walk->search->chip;
    uint32_t nearest = walk->front[0];
    for (uint32_t i = 1; i < walk->front_count; i++)
        if (distance_of(walk, walk->front[i]) < distance_of(walk, nearest))
            nearest = walk->front[i];
    const uint32_t *wires = instruction_at(walk, nearest)->qubits;
    while (distance_of(walk, nearest) > 1) {
        const uint32_t p = walk->place[wires[0]], to = walk->place[wires[1]];
        size_t n = chip->first[p];
        while (qhm_chip_distance(chip, chip->neighbours[n], to) >= qhm_chip_distance(chip, p, to))
            n++;
        push_swap(walk, p, chip->neighbours[n]);
    }
}

// Moves gates of the front that have become possible into the queue; true if there were any.
static bool release_front(qhm_swap_walk *walk)
{
    bool has_any = false;
    for (uint32_t i = 0; i < walk->front_count;) {
        const uint32_t node = walk->front[i];
        if (distance_of(walk, node) > 1) {
            i++;
            continue;
        }
        remove_from_front(walk, node);
        execute(walk, node);
        has_any = true;
    }
    return has_any;
}

static void step(qhm_swap_walk *walk)
{
    struct choice best;
    choose_swap(walk, &best);
    push_swap(walk, best.p, best.q);
    walk->decay[best.p] += decay_step;
    walk->decay[best.q] += decay_step;
    walk->moved[walk->swaps_since_reset][0] = best.p;
    walk->moved[walk->swaps_since_reset][1] = best.q;
    if (++walk->swaps_since_reset == SWAPS_BEFORE_RESET)
        reset_decay(walk);
    if (release_front(walk))
        return;
    // Half of the room stays for lead_nearest: no path is longer than the chip has qubits.
    if (walk->pending_count < walk->most_pending - walk->search->chip->qubit_count - 10)
        return;
    take_back(walk);
    lead_nearest(walk);
    (void)release_front(walk);
}

static void start(qhm_swap_walk *walk)
{
    const qhm_swap_search *search = walk->search;
    const size_t wires = search->circuit->qubit_count;
    const size_t *first = walk->is_backward ? search->next_first : search->before_first;
    for (size_t q = 0; q < search->chip->qubit_count; q++) {
        walk->wire_at[q] = walk->last_gate[q] = NOTHING;
        walk->clock[q] = 0;
        walk->decay[q] = 1;
    }
    walk->swaps_since_reset = 0;
    walk->busy = 0;
    walk->block_bonus = most_block_bonus * qhm_random_uniform(&walk->random);
    for (uint32_t w = 0; w < wires; w++) {
        walk->wire_at[walk->place[w]] = w;
        walk->front_of[w] = walk->ahead_of[w] = NOTHING;
        if (walk->is_used)
            walk->is_used[walk->place[w]] = true;
    }
    walk->ready_begin = walk->ready_end = 0;
    walk->front_count = walk->ahead_count = 0;
    walk->pending_count = walk->loop_count = 0;
    const size_t nodes = search->node_count;
    for (size_t n = 0; n < nodes; n++) {
        const size_t node = walk->is_backward ? nodes - 1 - n : n;
        walk->waiting[node] = (uint32_t)(first[node + 1] - first[node]);
        if (walk->waiting[node] == 0)
            walk->ready[walk->ready_end++] = (uint32_t)node;
    }
}

static void run(qhm_swap_walk *walk)
{
    walk->status = QHM_OK;
    walk->result = (qhm_swap_result){0};
    start(walk);
    for (;;) {
        if (advance(walk) || walk->pending_count == 0) {
            reset_decay(walk);
            look_ahead(walk);
        }
        if (walk->front_count == 0 || walk->status != QHM_OK)
            break;
        step(walk);
    }
    double end = 0;
    for (size_t q = 0; q < walk->search->chip->qubit_count; q++)
        end = fmax(end, walk->clock[q]);
    const double wires = (double)walk->search->circuit->qubit_count;
    walk->result.cost += walk->search->chip->idle_cost * fmax(0, wires * end - walk->busy);
}

void qhm_swap_walk_count(qhm_swap_walk *walk, qhm_random random, bool is_backward, uint32_t *place,
                         bool *is_used, qhm_swap_result *result)
{
    walk->random = random;
    walk->is_backward = is_backward;
    walk->place = place;
    walk->is_used = is_used;
    walk->output = NULL;
    run(walk);
    *result = walk->result;
}

qhm_status qhm_swap_walk_write(qhm_swap_walk *walk, qhm_random random, uint32_t *place,
                               const qhm_swap_output *output)
{
    walk->random = random;
    walk->is_backward = false;
    walk->place = place;
    walk->is_used = NULL;
    walk->output = output;
    run(walk);
    return walk->status;
}
