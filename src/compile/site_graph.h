// Chips whose data qubits are not joined by couplers of their own: where data may be, and which
// data can interact or change places, as a graph for placing and routing.
#ifndef QHM_COMPILE_SITE_GRAPH_H
#define QHM_COMPILE_SITE_GRAPH_H

#include "compile/chip_graph.h"

enum { QHM_SITE_NEIGHBOURS = 16 }; // room in graph->neighbours for each qubit

// Fills what is working, the neighbours and their costs. Tetrons: the sites of one colour and their
// diagonals. Cats: data on cats and the pairs that assumed gates join; or, where data are already
// on other qubits too, all pairs with a published operation.
QHM_MUST_CHECK qhm_status qhm_site_graph_fill(const qhm_chip_operations *operations,
                                              qhm_chip_graph *graph);

#endif
