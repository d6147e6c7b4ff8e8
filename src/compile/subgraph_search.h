// The best place on a chip where a circuit fits without swaps.
#ifndef QHM_COMPILE_SUBGRAPH_SEARCH_H
#define QHM_COMPILE_SUBGRAPH_SEARCH_H

#include "compile/chip_graph.h"
#include "compile/wire_graph.h"

typedef struct qhm_subgraph_result {
    bool is_complete;
    size_t found; // complete placements that were better than all before
    double cost;  // of the best: -log of the success of its gates
} qhm_subgraph_result;

// Looks for wires' places so that all that share gates are neighbours, with the least cost, in
// about `steps` steps. place [wires]: the best; or the largest part that fitted, UINT32_MAX
// elsewhere.
QHM_MUST_CHECK qhm_status qhm_subgraph_search(const qhm_wire_graph *wires,
                                              const qhm_chip_graph *chip, size_t steps,
                                              uint32_t *place, qhm_subgraph_result *result);

#endif
