// Cheapest paths through nodes that have prices.
#ifndef QHM_ALGORITHM_PRICED_PATHS_H
#define QHM_ALGORITHM_PRICED_PATHS_H

#include "algorithm/annealer_graph.h"

#include <stdbool.h>

#define QHM_NO_NODE UINT32_MAX

typedef struct qhm_priced_paths {
    const qhm_annealer_graph *graph; // borrowed
    double *weights;                 // [nodes]: positive, the caller's to fill
    uint32_t *heap;                  // [nodes], by distance
    size_t *heap_at;                 // [nodes]: place in the heap; SIZE_MAX: not in it
    size_t heap_count;
} qhm_priced_paths;

// Must be closed even if it fails.
QHM_MUST_CHECK qhm_status qhm_priced_paths_open(const qhm_annealer_graph *graph,
                                                qhm_priced_paths *paths);

void qhm_priced_paths_close(qhm_priced_paths *paths);

// Dijkstra's method from all `sources` at once, up to `limit`. Returns whether there are nodes
// beyond. distances [nodes]: the weights of a path's nodes but its source; INFINITY beyond the
// limit. parents [nodes]: towards the source; QHM_NO_NODE of sources and of what is not reached.
bool qhm_priced_paths_measure(qhm_priced_paths *paths, const uint32_t *sources, size_t source_count,
                              double limit, double *distances, uint32_t *parents);

#endif
