// SABRE [li2019]: of the swaps beside the gates that wait, the one that brings those and the next
// few gates nearest to their couplers; qubits that have just moved are dearer. Where that goes in
// circles, the swaps since the last gate are taken back and one gate is led to its coupler
// directly.
#include "compile/swap_walk.h"

#include "compile/compile_internal.h"

#include "base/memory.h"
#include "base/status_internal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double ahead_weight = 0.5, decay_step = 0.001, most_block_bonus = 0.6;

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

static void execute(qhm_swap_walk *walk, uint32_t node)
{
    const qhm_instruction *instruction = instruction_at(walk, node);
    const size_t wires = walk->search->circuit->qubit_count;
    qhm_swap_walk_commit_pending(walk);
    if (!walk->is_backward && instruction->gate == QHM_GATE_END) {
        walk->loop_count--;
        qhm_swap_walk_restore(walk, walk->saved + walk->loop_count * wires);
    }
    if (!walk->is_backward && instruction->gate == QHM_GATE_WHILE)
        memcpy(walk->saved + walk->loop_count++ * wires, walk->place, wires * sizeof *walk->place);
    if (is_pair(walk, node)) {
        const uint32_t a = walk->place[instruction->qubits[0]],
                       b = walk->place[instruction->qubits[1]];
        qhm_swap_walk_spend(walk, a, b, walk->search->weights[node]);
        walk->last_gate[a] = walk->last_gate[b] = node;
    } else if (instruction->qubit_count > 1 || !qhm_is_plain_gate(instruction, 1)) {
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            walk->last_gate[walk->place[instruction->qubits[q]]] = QHM_SWAP_NOTHING;
    }
    qhm_swap_walk_emit(walk, instruction, instruction->qubits);
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
    walk->front_of[wires[0]] = walk->front_of[wires[1]] = QHM_SWAP_NOTHING;
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
    walk->links[link] = (struct qhm_swap_link){node, walk->ahead_of[wire]};
    walk->ahead_of[wire] = link;
}

// The next gates on two qubits after the front, breadth first, in an order in which they could be
// done.
static void look_ahead(qhm_swap_walk *walk)
{
    for (uint32_t i = 0; i < walk->ahead_count; i++) {
        const uint32_t *wires = instruction_at(walk, walk->ahead[i])->qubits;
        walk->ahead_of[wires[0]] = walk->ahead_of[wires[1]] = QHM_SWAP_NOTHING;
    }
    walk->ahead_count = walk->seen_count = 0;
    // `ready` is empty here: its free end serves as the queue.
    size_t begin = walk->ready_end, end = walk->ready_end;
    for (uint32_t f = 0; f < walk->front_count || begin < end;) {
        const uint32_t node = f < walk->front_count ? walk->front[f++] : walk->ready[begin++];
        size_t count;
        const uint32_t *next = after(walk, node, &count);
        for (size_t i = 0; i < count && walk->ahead_count < QHM_SWAP_AHEAD; i++) {
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
        if (walk->ahead_count == QHM_SWAP_AHEAD)
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
    if (wire == QHM_SWAP_NOTHING)
        return 0;
    for (uint32_t link = walk->ahead_of[wire]; link != QHM_SWAP_NOTHING;
         link = walk->links[link].next)
        *ahead += change(walk, walk->links[link].node, wire, p, q, other_wire);
    return walk->front_of[wire] == QHM_SWAP_NOTHING
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
    score -= walk->block_bonus * (3 - qhm_swap_walk_weight(walk, p, q)) / (3 * walk->front_count);
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
    *best = (struct choice){QHM_SWAP_NOTHING, QHM_SWAP_NOTHING, INFINITY, 0};
    for (uint32_t i = 0; i < walk->front_count; i++)
        front += distance_of(walk, walk->front[i]);
    for (uint32_t i = 0; i < walk->ahead_count; i++)
        ahead += distance_of(walk, walk->ahead[i]);
    for (uint32_t i = 0; i < walk->front_count; i++)
        for (int end = 0; end < 2; end++) {
            const uint32_t p = walk->place[instruction_at(walk, walk->front[i])->qubits[end]];
            for (size_t n = chip->first[p]; n < chip->first[p + 1]; n++) {
                const uint32_t q = chip->neighbours[n], other = walk->wire_at[q];
                const bool is_seen =
                    q < p && other != QHM_SWAP_NOTHING && walk->front_of[other] != QHM_SWAP_NOTHING;
                if (!is_seen)
                    consider(walk, p, q, front, ahead, best);
            }
        }
}

static void take_back(qhm_swap_walk *walk)
{
    while (walk->pending_count > 0) {
        walk->pending_count--;
        qhm_swap_walk_exchange(walk, walk->pending[walk->pending_count][0],
                               walk->pending[walk->pending_count][1]);
    }
}

static void push_swap(qhm_swap_walk *walk, uint32_t p, uint32_t q)
{
    qhm_swap_walk_exchange(walk, p, q);
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
    if (++walk->swaps_since_reset == QHM_SWAP_RESET)
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
        walk->wire_at[q] = walk->last_gate[q] = QHM_SWAP_NOTHING;
        walk->clock[q] = 0;
        walk->decay[q] = 1;
    }
    walk->swaps_since_reset = 0;
    walk->busy = 0;
    walk->block_bonus = most_block_bonus * qhm_random_uniform(&walk->random);
    for (uint32_t w = 0; w < wires; w++) {
        walk->wire_at[walk->place[w]] = w;
        walk->front_of[w] = walk->ahead_of[w] = QHM_SWAP_NOTHING;
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
