// Pairs are sorted, and equal ones added up.
#include "compile/wire_graph.h"

#include "base/memory.h"
#include "base/status_internal.h"
#include "compile/two_qubit_blocks.h"

#include <stdlib.h>

struct pair {
    uint32_t from, to;
    double weight;
};

static int by_wires(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

static qhm_status collect(const qhm_circuit *circuit, qhm_wire_graph *graph, struct pair *pairs,
                          size_t *count)
{
    qhm_cx_costs costs;
    QHM_TRY(qhm_cx_costs_find(&costs));
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        graph->measurements[instruction->qubits ? instruction->qubits[0] : 0] +=
            instruction->gate == QHM_GATE_MEASURE;
        if (!qhm_gate_information(instruction->gate)->is_unitary)
            continue;
        if (instruction->qubit_count == 1)
            graph->gate_counts[instruction->qubits[0]]++;
        if (instruction->qubit_count != 2)
            continue;
        unsigned cost;
        QHM_TRY(qhm_cx_cost(&costs, instruction, &cost));
        const uint32_t a = instruction->qubits[0], b = instruction->qubits[1];
        pairs[(*count)++] = (struct pair){a, b, cost};
        pairs[(*count)++] = (struct pair){b, a, cost};
    }
    return QHM_OK;
}

static qhm_status fill(const qhm_circuit *circuit, qhm_wire_graph *graph, struct pair **pairs)
{
    const size_t wires = circuit->qubit_count;
    size_t count = 0, made = 0;
    graph->wire_count = wires;
    QHM_TRY(qhm_allocate(2 * circuit->instruction_count, sizeof **pairs, pairs));
    QHM_TRY(qhm_allocate(wires, sizeof(double), &graph->gate_counts));
    QHM_TRY(qhm_allocate(wires, sizeof(double), &graph->measurements));
    QHM_TRY(qhm_allocate(wires + 1, sizeof *graph->first, &graph->first));
    QHM_TRY(collect(circuit, graph, *pairs, &count));
    qsort(*pairs, count, sizeof **pairs, by_wires);
    QHM_TRY(qhm_allocate(count, sizeof *graph->neighbours, &graph->neighbours));
    QHM_TRY(qhm_allocate(count, sizeof *graph->weights, &graph->weights));
    for (size_t i = 0; i < count; i++) {
        const struct pair *pair = &(*pairs)[i];
        if (i > 0 && by_wires(pair, pair - 1) == 0) {
            graph->weights[made - 1] += pair->weight;
            continue;
        }
        graph->neighbours[made] = pair->to;
        graph->weights[made++] = pair->weight;
        graph->first[pair->from + 1] = made;
    }
    for (size_t w = 0; w < wires; w++)
        if (graph->first[w + 1] < graph->first[w])
            graph->first[w + 1] = graph->first[w];
    return QHM_OK;
}

qhm_status qhm_wire_graph_create(const qhm_circuit *circuit, qhm_wire_graph *graph)
{
    struct pair *pairs = NULL;
    const qhm_status status = fill(circuit, graph, &pairs);
    qhm_release(pairs);
    if (status != QHM_OK)
        qhm_wire_graph_release(graph);
    return status;
}

void qhm_wire_graph_release(qhm_wire_graph *graph)
{
    qhm_release(graph->first);
    qhm_release(graph->neighbours);
    qhm_release(graph->weights);
    qhm_release(graph->gate_counts);
    qhm_release(graph->measurements);
    *graph = (qhm_wire_graph){0};
}
