// Groups the instructions of each gadget, which a schedule has mixed with those of others, and puts
// one gate and one channel in their place.
//
// A gadget begins with the measurement that prepares its ancilla, into the first scratch bit of
// that tetron, and takes in all that touches its scratch bits, and whatever happens to its tetrons
// in between. Gadgets were written one after the other, so that an order without mixing exists.
#include "compile/tetron_merge.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "compile/compile_internal.h"
#include "compile/tetron_effect.h"

#include <string.h>

#define NONE UINT32_MAX

// A gadget, or an instruction that is in none.
typedef struct node {
    uint32_t first, last; // instructions; others by `next`
    uint32_t owner;       // the tetron whose scratch bits it uses; NONE: a single instruction
    uint32_t edges;       // the first of a list of edges to what must come before
    uint8_t state;        // of the walk
} node;

typedef struct edge {
    uint32_t to, next;
} edge;

typedef struct merge {
    const qhm_tetron_merging *given;
    const qhm_circuit *circuit;
    qhm_circuit *made;
    uint32_t *node_of, *next; // [instructions]
    node *nodes;              // [instructions] at most
    uint32_t node_count;
    edge *edges;
    size_t edge_count, edge_capacity;
    uint32_t *at_tetron, *at_bit; // [tetrons], [bits] what touched them last, and such
    uint32_t *wires;              // [tetrons] the logical qubit that is there; NONE
    size_t *members;              // [instructions] of one gadget
    qhm_tetron_effects effects;
} merge;

static qhm_status fail_instruction(const merge *m, size_t index, const char *why)
{
    return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "instruction %zu, %s, %s", index,
                    qhm_gate_information(m->circuit->instructions[index].gate)->name, why);
}

static qhm_status claim(const merge *m, size_t index, uint32_t bit, uint32_t *owner)
{
    if (bit < m->given->first_bit)
        return QHM_OK;
    const uint32_t tetron = (bit - m->given->first_bit) / QHM_TETRON_BITS;
    if (tetron >= m->circuit->qubit_count || (*owner != NONE && *owner != tetron))
        return fail_instruction(m, index, "uses the scratch bits of two sequences");
    *owner = tetron;
    return QHM_OK;
}

// The tetron whose scratch bits an instruction reads or writes; NONE: none.
static qhm_status find_owner(const merge *m, size_t index, uint32_t *owner)
{
    const qhm_instruction *instruction = &m->circuit->instructions[index];
    *owner = NONE;
    for (uint32_t b = 0; b < instruction->condition.bit_count; b++)
        QHM_TRY(claim(m, index, instruction->condition.first_bit + b, owner));
    if (qhm_gate_writes_bit(instruction->gate))
        QHM_TRY(claim(m, index, instruction->bit, owner));
    return QHM_OK;
}

static bool is_preparation(const merge *m, const qhm_instruction *instruction, uint32_t owner)
{
    return instruction->gate == QHM_GATE_MEASURE_PAULI && instruction->qubit_count == 1 &&
           instruction->qubits[0] == owner &&
           instruction->condition.relation == QHM_RELATION_NONE &&
           instruction->bit == m->given->first_bit + owner * QHM_TETRON_BITS;
}

static uint32_t add_node(merge *m, uint32_t owner)
{
    m->nodes[m->node_count] = (node){.first = NONE, .last = NONE, .owner = owner, .edges = NONE};
    return m->node_count++;
}

static void fill(uint32_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = NONE;
}

// The bit by which an instruction belongs to a gadget: what it reads, else what it writes.
static uint32_t key_bit(const qhm_instruction *instruction)
{
    return instruction->condition.bit_count > 0 ? instruction->condition.first_bit
                                                : instruction->bit;
}

// Instructions that touch scratch bits. A schedule may put changes of frame off until after the
// next gadget of the same ancilla has begun, so readers go by who wrote their bit.
static qhm_status find_gadgets(merge *m)
{
    fill(m->at_tetron, m->circuit->qubit_count); // the running gadget of each owner
    fill(m->at_bit, m->circuit->bit_count);      // the gadget that wrote each bit
    for (size_t i = 0; i < m->circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &m->circuit->instructions[i];
        uint32_t owner;
        m->node_of[i] = NONE;
        if (instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END)
            return fail_instruction(m, i, "is a loop, which cannot be merged");
        QHM_TRY(find_owner(m, i, &owner));
        if (owner == NONE)
            continue;
        if (is_preparation(m, instruction, owner))
            m->at_tetron[owner] = add_node(m, owner);
        if (qhm_gate_is_measurement(instruction->gate))
            m->at_bit[instruction->bit] = m->at_tetron[owner];
        m->node_of[i] = m->at_bit[key_bit(instruction)];
        if (m->node_of[i] == NONE)
            return fail_instruction(m, i, "uses scratch bits that no sequence wrote");
    }
    return QHM_OK;
}

// The gadget that last touched all qubits of an instruction, walking in one direction.
static uint32_t common(const merge *m, const qhm_instruction *instruction)
{
    uint32_t found = instruction->qubit_count > 0 ? m->at_tetron[instruction->qubits[0]] : NONE;
    for (uint32_t q = 1; q < instruction->qubit_count; q++)
        if (m->at_tetron[instruction->qubits[q]] != found)
            return NONE;
    return found;
}

static void note(merge *m, const qhm_instruction *instruction, uint32_t gadget)
{
    for (uint32_t q = 0; gadget != NONE && q < instruction->qubit_count; q++)
        m->at_tetron[instruction->qubits[q]] = gadget;
}

// What happens to a tetron between two steps of the same gadget is part of it.
static void fill_gadgets(merge *m)
{
    const size_t count = m->circuit->instruction_count;
    fill(m->at_tetron, m->circuit->qubit_count);
    for (size_t i = 0; i < count; i++) {
        const qhm_instruction *instruction = &m->circuit->instructions[i];
        note(m, instruction, m->node_of[i]);
        m->next[i] = m->node_of[i] == NONE ? common(m, instruction) : NONE;
    }
    fill(m->at_tetron, m->circuit->qubit_count);
    for (size_t i = count; i-- > 0;) {
        const qhm_instruction *instruction = &m->circuit->instructions[i];
        note(m, instruction, m->node_of[i]);
        if (m->node_of[i] == NONE && m->next[i] != NONE && m->next[i] == common(m, instruction))
            m->node_of[i] = m->next[i];
    }
    for (size_t i = 0; i < count; i++) {
        if (m->node_of[i] == NONE)
            m->node_of[i] = add_node(m, NONE);
        node *group = &m->nodes[m->node_of[i]];
        m->next[i] = NONE;
        *(group->first == NONE ? &group->first : &m->next[group->last]) = (uint32_t)i;
        group->last = (uint32_t)i;
    }
}

// Makes what touched a tetron or bit last come before this one.
static qhm_status follow(merge *m, uint32_t *last, uint32_t group)
{
    const uint32_t before = *last;
    *last = group;
    if (before == NONE || before == group)
        return QHM_OK;
    QHM_TRY(qhm_reserve(m->edge_count + 1, &m->edge_capacity, sizeof *m->edges, &m->edges));
    m->edges[m->edge_count] = (edge){before, m->nodes[group].edges};
    m->nodes[group].edges = (uint32_t)m->edge_count++;
    return QHM_OK;
}

static qhm_status find_order(merge *m)
{
    fill(m->at_tetron, m->circuit->qubit_count);
    fill(m->at_bit, m->circuit->bit_count);
    for (size_t i = 0; i < m->circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &m->circuit->instructions[i];
        const uint32_t group = m->node_of[i];
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            QHM_TRY(follow(m, &m->at_tetron[instruction->qubits[q]], group));
        for (uint32_t b = 0; b < instruction->condition.bit_count; b++)
            QHM_TRY(follow(m, &m->at_bit[instruction->condition.first_bit + b], group));
        if (qhm_gate_writes_bit(instruction->gate))
            QHM_TRY(follow(m, &m->at_bit[instruction->bit], group));
    }
    return QHM_OK;
}

// An instruction of its own, on wires.
static qhm_status write_single(merge *m, size_t index)
{
    qhm_instruction moved = m->circuit->instructions[index];
    uint32_t qubits[4], count = 0;
    if (moved.gate == QHM_GATE_DELAY || moved.gate == QHM_GATE_BARRIER)
        return QHM_OK;
    if (moved.qubit_count > 4)
        return fail_instruction(m, index, "has too many qubits to be merged");
    for (uint32_t q = 0; q < moved.qubit_count; q++)
        if (m->wires[moved.qubits[q]] != NONE)
            qubits[count++] = m->wires[moved.qubits[q]];
    const bool is_gate = qhm_gate_information(moved.gate)->is_unitary;
    if (count == 0 && (is_gate || moved.gate == QHM_GATE_CHANNEL))
        return QHM_OK; // of an ancilla that will be prepared anew
    if (count < moved.qubit_count)
        return fail_instruction(m, index, "is on an ancilla outside of a sequence");
    moved.qubits = qubits;
    return qhm_circuit_append_instruction(m->made, &moved);
}

static qhm_status add_tetron(const merge *m, size_t index, uint32_t tetron, qhm_tetron_block *block)
{
    for (unsigned t = 0; t < block->tetron_count; t++)
        if (block->tetrons[t] == tetron)
            return QHM_OK;
    if (block->tetron_count == QHM_TETRON_BLOCK_TETRONS)
        return fail_instruction(m, index, "is in a sequence on more than three tetrons");
    block->tetrons[block->tetron_count++] = tetron;
    return QHM_OK;
}

// A frame change of an ancilla after outcomes: it has taken over the data.
static bool is_moved_to(const merge *m, const node *group)
{
    if (m->wires[group->owner] != NONE)
        return false;
    for (uint32_t i = group->first; i != NONE; i = m->next[i]) {
        const qhm_instruction *instruction = &m->circuit->instructions[i];
        if (instruction->condition.relation != QHM_RELATION_NONE &&
            qhm_gate_information(instruction->gate)->is_unitary &&
            instruction->qubits[0] == group->owner)
            return true;
    }
    return false;
}

static qhm_status find_block(merge *m, const node *group, qhm_tetron_block *block)
{
    *block = (qhm_tetron_block){.circuit = m->circuit,
                                .instructions = m->members,
                                .first_bit = m->given->first_bit + group->owner * QHM_TETRON_BITS};
    for (uint32_t i = group->first; i != NONE; i = m->next[i]) {
        const qhm_instruction *instruction = &m->circuit->instructions[i];
        m->members[block->count++] = i;
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            QHM_TRY(add_tetron(m, i, instruction->qubits[q], block));
    }
    for (unsigned t = 0; t < block->tetron_count; t++) {
        if (m->wires[block->tetrons[t]] == NONE)
            continue;
        if (block->wire_count == QHM_TETRON_BLOCK_WIRES)
            return fail_instruction(m, group->first, "begins a sequence on three data tetrons");
        block->in[block->wire_count] = block->out[block->wire_count] = (uint8_t)t;
        block->wire_count++;
    }
    const bool is_move = is_moved_to(m, group);
    if (block->wire_count == 0 || (is_move && block->wire_count != 1))
        return fail_instruction(m, group->first, "begins a sequence without data");
    for (unsigned t = 0; is_move && t < block->tetron_count; t++)
        if (block->tetrons[t] == group->owner)
            block->out[0] = (uint8_t)t;
    return QHM_OK;
}

static qhm_status write_gadget(merge *m, const node *group)
{
    qhm_tetron_block block;
    const qhm_tetron_effect *effect;
    uint32_t wires[QHM_TETRON_BLOCK_WIRES], turned[QHM_TETRON_BLOCK_WIRES];
    QHM_TRY(find_block(m, group, &block));
    QHM_TRY(qhm_tetron_effects_find(&m->effects, &block, &effect));
    for (unsigned w = 0; w < block.wire_count; w++) {
        uint32_t *from = &m->wires[block.tetrons[block.in[w]]];
        wires[w] = *from;
        *from = NONE;
        m->wires[block.tetrons[block.out[w]]] = wires[w];
    }
    for (unsigned w = 0; w < block.wire_count; w++)
        turned[w] = wires[effect->wires[w]];
    if (effect->gate != QHM_GATE_BARRIER)
        QHM_TRY(qhm_circuit_append(m->made, effect->gate, turned, NULL));
    if (!effect->channel)
        return QHM_OK;
    return qhm_circuit_append_instruction(
        m->made, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                    .qubit_count = block.wire_count,
                                    .qubits = wires,
                                    .matrix = effect->channel->kraus,
                                    .kraus_count = (uint32_t)effect->channel->kraus_count});
}

// Writes a node after all that must come before it. Returns to the same node until nothing is
// missing, so that long chains take no stack.
static qhm_status write_from(merge *m, uint32_t start, uint32_t *stack)
{
    enum { NEW, OPEN, DONE };
    size_t depth = 0;
    if (m->nodes[start].state == NEW)
        stack[depth++] = start;
    while (depth > 0) {
        node *group = &m->nodes[stack[depth - 1]];
        group->state = OPEN;
        while (group->edges != NONE && m->nodes[m->edges[group->edges].to].state == DONE)
            group->edges = m->edges[group->edges].next;
        if (group->edges != NONE) {
            const uint32_t before = m->edges[group->edges].to;
            if (m->nodes[before].state == OPEN)
                return fail_instruction(m, group->first, "is in sequences that cannot be parted");
            stack[depth++] = before;
            continue;
        }
        QHM_TRY(group->owner == NONE ? write_single(m, group->first) : write_gadget(m, group));
        group->state = DONE;
        depth--;
    }
    return QHM_OK;
}

static qhm_status run(merge *m, uint32_t **stack)
{
    const size_t count = m->circuit->instruction_count, tetrons = m->circuit->qubit_count;
    QHM_TRY(qhm_allocate(count, sizeof *m->node_of, &m->node_of));
    QHM_TRY(qhm_allocate(count, sizeof *m->next, &m->next));
    QHM_TRY(qhm_allocate(count, sizeof *m->nodes, &m->nodes));
    QHM_TRY(qhm_allocate(count, sizeof *m->members, &m->members));
    QHM_TRY(qhm_allocate(count, sizeof **stack, stack));
    QHM_TRY(qhm_allocate(tetrons, sizeof *m->at_tetron, &m->at_tetron));
    QHM_TRY(qhm_allocate(tetrons, sizeof *m->wires, &m->wires));
    QHM_TRY(qhm_allocate(m->circuit->bit_count, sizeof *m->at_bit, &m->at_bit));
    QHM_TRY(find_gadgets(m));
    fill_gadgets(m);
    QHM_TRY(find_order(m));
    fill(m->wires, tetrons);
    for (size_t w = 0; w < m->given->wire_count; w++)
        m->wires[m->given->initial[w]] = (uint32_t)w;
    QHM_TRY(qhm_compilation_begin(m->circuit, m->given->wire_count, &m->made));
    for (size_t i = 0; i < count; i++)
        QHM_TRY(write_from(m, m->node_of[i], *stack));
    for (size_t w = 0; w < m->given->wire_count; w++)
        if (m->wires[m->given->final[w]] != w)
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                            "logical qubit %zu does not end where the compiler put it", w);
    return QHM_OK;
}

qhm_status qhm_tetron_merge(const qhm_tetron_merging *merging, qhm_circuit **merged)
{
    merge m = {.given = merging, .circuit = merging->circuit};
    uint32_t *stack = NULL;
    const qhm_status status = run(&m, &stack);
    qhm_release(m.node_of);
    qhm_release(m.next);
    qhm_release(m.nodes);
    qhm_release(m.edges);
    qhm_release(m.members);
    qhm_release(m.at_tetron);
    qhm_release(m.at_bit);
    qhm_release(m.wires);
    qhm_release(stack);
    qhm_tetron_effects_release(&m.effects);
    if (status != QHM_OK) {
        qhm_circuit_destroy(m.made);
        return status;
    }
    *merged = m.made;
    return QHM_OK;
}
