// The graph of a circuit's instructions: an edge wherever two share a qubit or a classical bit and
// nothing between them does.
#include "base/memory.h"
#include "base/status_internal.h"
#include "compile/compile_internal.h"
#include "compile/swap_search.h"
#include "compile/two_qubit_blocks.h"
#include "linalg/weyl.h"

enum { NOTHING = UINT32_MAX };

struct edges {
    size_t count, capacity;
    uint32_t (*items)[2];
    uint32_t *last; // [qubits + bits] the last instruction on each
};

static qhm_status touch(struct edges *edges, size_t resource, uint32_t node)
{
    const uint32_t from = edges->last[resource];
    edges->last[resource] = node;
    if (from == NOTHING || from == node)
        return QHM_OK;
    QHM_TRY(qhm_reserve(edges->count + 1, &edges->capacity, sizeof *edges->items, &edges->items));
    edges->items[edges->count][0] = from;
    edges->items[edges->count++][1] = node;
    return QHM_OK;
}

static qhm_status touch_all(struct edges *edges, const qhm_circuit *circuit, uint32_t node)
{
    const qhm_instruction *instruction = &circuit->instructions[node];
    const size_t qubits = circuit->qubit_count;
    if (instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END) {
        for (size_t r = 0; r < qubits + circuit->bit_count; r++)
            QHM_TRY(touch(edges, r, node));
        return QHM_OK;
    }
    for (uint32_t q = 0; q < instruction->qubit_count; q++)
        QHM_TRY(touch(edges, instruction->qubits[q], node));
    for (uint32_t b = 0; b < instruction->condition.bit_count; b++)
        QHM_TRY(touch(edges, qubits + instruction->condition.first_bit + b, node));
    if (qhm_gate_writes_bit(instruction->gate))
        QHM_TRY(touch(edges, qubits + instruction->bit, node));
    return QHM_OK;
}

// Sorts edges by their end `key`, keeping their order: what is at the other end.
static qhm_status sort_edges(const struct edges *edges, size_t nodes, int key, size_t **first,
                             uint32_t **others)
{
    QHM_TRY(qhm_allocate(nodes + 2, sizeof **first, first));
    QHM_TRY(qhm_allocate(edges->count, sizeof **others, others));
    size_t *starts = *first;
    for (size_t e = 0; e < edges->count; e++)
        starts[edges->items[e][key] + 2]++;
    for (size_t n = 0; n < nodes; n++)
        starts[n + 2] += starts[n + 1];
    for (size_t e = 0; e < edges->count; e++)
        (*others)[starts[edges->items[e][key] + 1]++] = edges->items[e][1 - key];
    return QHM_OK;
}

// CX of a gate and a swap in one block, by the mirror image of its Weyl coordinates.
static qhm_status find_swapped_weight(const qhm_instruction *gate, double *weight)
{
    qhm_complex matrix[16] = {{0}}, own[16];
    qhm_weyl weyl;
    matrix[0].re = matrix[6].re = matrix[9].re = matrix[15].re = 1;
    qhm_small_gate_matrix(gate, own);
    qhm_block_apply_two(matrix, own, false);
    QHM_TRY(qhm_weyl_find(matrix, &weyl));
    *weight = qhm_weyl_cx_count(weyl.coordinates);
    return QHM_OK;
}

static qhm_status find_weights(qhm_swap_search *search, bool has_blocks)
{
    qhm_cx_costs costs;
    size_t loops = 0;
    QHM_TRY(qhm_cx_costs_find(&costs));
    QHM_TRY(qhm_allocate(search->node_count, sizeof *search->weights, &search->weights));
    QHM_TRY(qhm_allocate(search->node_count, sizeof(double), &search->swapped_weights));
    for (size_t i = 0; i < search->node_count; i++) {
        const qhm_instruction *instruction = &search->circuit->instructions[i];
        loops += instruction->gate == QHM_GATE_WHILE;
        loops -= instruction->gate == QHM_GATE_END;
        search->most_loops = loops > search->most_loops ? loops : search->most_loops;
        if (!qhm_gate_information(instruction->gate)->is_unitary || instruction->qubit_count != 2)
            continue;
        unsigned cost;
        QHM_TRY(qhm_cx_cost(&costs, instruction, &cost));
        search->weights[i] = cost > 0 ? cost : 1;
        search->swapped_weights[i] = search->weights[i] + 3;
        if (has_blocks && qhm_is_plain_gate(instruction, 2))
            QHM_TRY(find_swapped_weight(instruction, &search->swapped_weights[i]));
    }
    return QHM_OK;
}

static qhm_status fill(qhm_swap_search *search, bool has_blocks, struct edges *edges)
{
    const qhm_circuit *circuit = search->circuit;
    const size_t resources = circuit->qubit_count + circuit->bit_count;
    search->node_count = circuit->instruction_count;
    QHM_TRY(qhm_allocate(resources, sizeof *edges->last, &edges->last));
    for (size_t r = 0; r < resources; r++)
        edges->last[r] = NOTHING;
    for (size_t i = 0; i < search->node_count; i++)
        QHM_TRY(touch_all(edges, circuit, (uint32_t)i));
    QHM_TRY(sort_edges(edges, search->node_count, 0, &search->next_first, &search->next));
    QHM_TRY(sort_edges(edges, search->node_count, 1, &search->before_first, &search->before));
    return find_weights(search, has_blocks);
}

qhm_status qhm_swap_search_create(const qhm_circuit *circuit, const qhm_chip_graph *chip,
                                  bool has_blocks, qhm_swap_search *search)
{
    struct edges edges = {0};
    *search = (qhm_swap_search){.circuit = circuit, .chip = chip};
    const qhm_status status = fill(search, has_blocks, &edges);
    qhm_release(edges.items);
    qhm_release(edges.last);
    if (status != QHM_OK)
        qhm_swap_search_release(search);
    return status;
}

void qhm_swap_search_release(qhm_swap_search *search)
{
    qhm_release(search->next_first);
    qhm_release(search->before_first);
    qhm_release(search->next);
    qhm_release(search->before);
    qhm_release(search->weights);
    qhm_release(search->swapped_weights);
    *search = (qhm_swap_search){0};
}
