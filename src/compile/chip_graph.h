// The working part of a chip as a graph with costs: -log(1 - error).
#ifndef QHM_COMPILE_CHIP_GRAPH_H
#define QHM_COMPILE_CHIP_GRAPH_H

#include "compile/chip_operations.h"

#include <stddef.h>
#include <stdint.h>

enum { QHM_CHIP_FAR = UINT16_MAX }; // the distance of qubits that nothing joins

typedef struct qhm_chip_graph {
    size_t qubit_count, working_count;
    bool *is_working;      // [qubits]
    size_t *first;         // [qubits + 1] where a qubit's neighbours begin
    uint32_t *neighbours;  // by ascending number
    double *coupler_costs; // of one two-qubit operation, beside neighbours
    double *qubit_costs;   // [qubits] of one one-qubit operation
    double
        idle_cost; // of one qubit that waits for as long as a two-qubit operation takes, on average
    double *readout_costs; // [qubits]
    uint32_t *parts;       // [qubits] number of the connected part
    size_t *part_sizes;    // [qubits]
    uint32_t largest_part; // its number
    uint16_t *distances;   // [qubits][qubits] in couplers; NULL until qhm_chip_graph_measure
} qhm_chip_graph;

// Zero-initialise; release in any case.
QHM_MUST_CHECK qhm_status qhm_chip_graph_create(const qhm_device *device,
                                                const qhm_chip_operations *operations,
                                                qhm_chip_graph *graph);
void qhm_chip_graph_release(qhm_chip_graph *graph);

// Fills the distances: a breadth-first search from every qubit.
QHM_MUST_CHECK qhm_status qhm_chip_graph_measure(qhm_chip_graph *graph);

static inline uint16_t qhm_chip_distance(const qhm_chip_graph *graph, uint32_t a, uint32_t b)
{
    return graph->distances[(size_t)a * graph->qubit_count + b];
}

// True when two qubits are coupled; *cost of the coupler, NULL: not wanted.
bool qhm_chip_graph_is_coupled(const qhm_chip_graph *graph, uint32_t a, uint32_t b, double *cost);

#endif
