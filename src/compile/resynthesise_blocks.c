// Pass: runs of gates on one pair of qubits become one unitary where its Cartan decomposition takes
// fewer two-qubit gates than they did.
#include "base/memory.h"
#include "compile/compile_internal.h"
#include "compile/two_qubit_blocks.h"
#include "linalg/weyl.h"

#include <string.h>

enum { NONE = -1 };

// Gates without slots or conditions, one after another, on one qubit or on two.
struct block {
    uint32_t qubits[2];
    uint32_t qubit_count;
    unsigned cost;      // CX that its gates take one by one
    size_t first, last; // in `members`, a linked list
    qhm_complex matrix[16];
};

struct work {
    const qhm_circuit *circuit;
    qhm_circuit *made;
    struct block *blocks; // [instructions]
    long *open;           // [qubits] the block that is still growing there
    size_t *next;         // [instructions] the block's next instruction
    size_t block_count, saved;
    qhm_cx_costs costs;
};

static qhm_status emit_members(struct work *work, const struct block *block)
{
    size_t at = block->first;
    for (;;) {
        QHM_TRY(qhm_circuit_append_instruction(work->made, &work->circuit->instructions[at]));
        if (at == block->last)
            return QHM_OK;
        at = work->next[at];
    }
}

// Writes a block as it was or as one unitary, and closes it.
static qhm_status close(struct work *work, uint32_t qubit)
{
    if (work->open[qubit] == NONE)
        return QHM_OK;
    const struct block *block = &work->blocks[work->open[qubit]];
    for (uint32_t q = 0; q < block->qubit_count; q++)
        work->open[block->qubits[q]] = NONE;
    if (block->qubit_count == 1 || block->cost <= 1)
        return emit_members(work, block);
    qhm_weyl weyl;
    QHM_TRY(qhm_weyl_find(block->matrix, &weyl));
    const unsigned needed = qhm_weyl_cx_count(weyl.coordinates);
    if (needed >= block->cost)
        return emit_members(work, block);
    work->saved += block->cost - needed;
    const qhm_instruction unitary = {.gate = QHM_GATE_UNITARY,
                                     .qubit_count = 2,
                                     .qubits = block->qubits,
                                     .matrix = block->matrix};
    return needed == 0 ? qhm_append_two_qubit(work->made, &unitary)
                       : qhm_circuit_append_instruction(work->made, &unitary);
}

static void add_member(struct work *work, struct block *block, size_t index)
{
    const qhm_instruction *instruction = &work->circuit->instructions[index];
    qhm_complex gate[16];
    qhm_small_gate_matrix(instruction, gate);
    if (instruction->qubit_count == 1)
        qhm_block_apply_one(block->matrix, gate, instruction->qubits[0] != block->qubits[0]);
    else
        qhm_block_apply_two(block->matrix, gate, instruction->qubits[0] != block->qubits[0]);
    work->next[block->last] = index;
    block->last = index;
}

static struct block *open_block(struct work *work, size_t index)
{
    const qhm_instruction *instruction = &work->circuit->instructions[index];
    struct block *block = &work->blocks[work->block_count];
    *block = (struct block){.qubit_count = instruction->qubit_count, .first = index, .last = index};
    for (int i = 0; i < 4; i++)
        block->matrix[i * 5].re = 1;
    for (uint32_t q = 0; q < instruction->qubit_count; q++) {
        block->qubits[q] = instruction->qubits[q];
        work->open[instruction->qubits[q]] = (long)work->block_count;
    }
    work->block_count++;
    return block;
}

// Lets a block on one qubit become the beginning of a new one on two.
static void take_over(struct work *work, struct block *block, uint32_t qubit, bool *is_empty)
{
    const long old = work->open[qubit];
    if (old == NONE)
        return;
    const struct block *single = &work->blocks[old];
    size_t at = single->first;
    for (;;) {
        const size_t next = work->next[at];
        if (*is_empty)
            block->first = block->last = at;
        *is_empty = false;
        add_member(work, block, at);
        if (at == single->last)
            break;
        at = next;
    }
}

static qhm_status add_pair(struct work *work, size_t index)
{
    const qhm_instruction *instruction = &work->circuit->instructions[index];
    const uint32_t a = instruction->qubits[0], b = instruction->qubits[1];
    unsigned cost;
    QHM_TRY(qhm_cx_cost(&work->costs, instruction, &cost));
    if (work->open[a] != NONE && work->open[a] == work->open[b]) {
        struct block *block = &work->blocks[work->open[a]];
        add_member(work, block, index);
        block->cost += cost;
        return QHM_OK;
    }
    for (uint32_t q = 0; q < 2; q++)
        if (work->open[instruction->qubits[q]] != NONE &&
            work->blocks[work->open[instruction->qubits[q]]].qubit_count == 2)
            QHM_TRY(close(work, instruction->qubits[q]));
    const long singles[2] = {work->open[a], work->open[b]};
    struct block *block = open_block(work, index);
    const long own = work->open[a];
    bool is_empty = true;
    for (int q = 0; q < 2; q++) {
        work->open[instruction->qubits[q]] = singles[q];
        take_over(work, block, instruction->qubits[q], &is_empty);
        work->open[instruction->qubits[q]] = own;
    }
    if (is_empty)
        block->first = block->last = index;
    add_member(work, block, index);
    block->cost = cost;
    return QHM_OK;
}

static qhm_status add(struct work *work, size_t index)
{
    const qhm_instruction *instruction = &work->circuit->instructions[index];
    if (qhm_is_plain_gate(instruction, 2))
        return add_pair(work, index);
    if (qhm_is_plain_gate(instruction, 1)) {
        const uint32_t qubit = instruction->qubits[0];
        struct block *block =
            work->open[qubit] == NONE ? open_block(work, index) : &work->blocks[work->open[qubit]];
        add_member(work, block, index);
        return QHM_OK;
    }
    for (uint32_t q = 0; q < instruction->qubit_count; q++)
        QHM_TRY(close(work, instruction->qubits[q]));
    if (qhm_gate_is_classical(instruction->gate))
        for (uint32_t q = 0; q < work->circuit->qubit_count; q++)
            QHM_TRY(close(work, q));
    return qhm_circuit_append_instruction(work->made, instruction);
}

static qhm_status resynthesise(struct work *work)
{
    const size_t count = work->circuit->instruction_count, qubits = work->circuit->qubit_count;
    QHM_TRY(qhm_cx_costs_find(&work->costs));
    QHM_TRY(qhm_allocate(count, sizeof *work->blocks, &work->blocks));
    QHM_TRY(qhm_allocate(count, sizeof *work->next, &work->next));
    QHM_TRY(qhm_allocate(qubits, sizeof *work->open, &work->open));
    for (size_t q = 0; q < qubits; q++)
        work->open[q] = NONE;
    QHM_TRY(qhm_compilation_begin(work->circuit, 0, &work->made));
    for (size_t i = 0; i < count; i++)
        QHM_TRY(add(work, i));
    for (uint32_t q = 0; q < qubits; q++)
        QHM_TRY(close(work, q));
    return QHM_OK;
}

static qhm_status run(qhm_compilation *compilation)
{
    struct work work = {.circuit = compilation->circuit};
    const qhm_status status = resynthesise(&work);
    qhm_release(work.blocks);
    qhm_release(work.next);
    qhm_release(work.open);
    if (status != QHM_OK) {
        qhm_circuit_destroy(work.made);
        return status;
    }
    qhm_compilation_replace(compilation, work.made);
    qhm_text_print(&compilation->detail, "%zu CX saved", work.saved);
    return QHM_OK;
}

const qhm_compile_pass qhm_pass_resynthesise = {
    .name = "resynthesise",
    .help = "blocks on two qubits by their Cartan decomposition where that is shorter",
    .least_level = 2,
    .run = run};
