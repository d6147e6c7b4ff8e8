// Which logical qubits ("wires") of a circuit share gates, and how often.
#ifndef QHM_COMPILE_WIRE_GRAPH_H
#define QHM_COMPILE_WIRE_GRAPH_H

#include "circuit/circuit_internal.h"

typedef struct qhm_wire_graph {
    size_t wire_count;
    size_t *first;        // [wires + 1] where a wire's neighbours begin
    uint32_t *neighbours; // by ascending number
    double *weights;      // CX that the two take, beside neighbours
    double *gate_counts;  // [wires] one-qubit gates
    double *measurements; // [wires]
} qhm_wire_graph;

// Of a circuit whose gates are on at most two qubits. Zero-initialise; release in any case.
QHM_MUST_CHECK qhm_status qhm_wire_graph_create(const qhm_circuit *circuit, qhm_wire_graph *graph);
void qhm_wire_graph_release(qhm_wire_graph *graph);

static inline size_t qhm_wire_degree(const qhm_wire_graph *graph, uint32_t wire)
{
    return graph->first[wire + 1] - graph->first[wire];
}

#endif
