// The working part of a chip around its middle, as a graph that searches walk on.
#ifndef QHM_ALGORITHM_ANNEALER_GRAPH_H
#define QHM_ALGORITHM_ANNEALER_GRAPH_H

#include <qhm/device.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

// Nodes are qubits by their distance in couplers from where they start: given qubits, which are the
// first nodes, or the middle. Where a chip is in pieces, those of other pieces come after.
typedef struct qhm_annealer_graph {
    size_t count;
    uint32_t *qubits;     // [count] of the chip
    size_t *first;        // [count + 1]
    uint32_t *neighbours; // nodes: those of node g at first[g] to first[g + 1] - 1
} qhm_annealer_graph;

// Of at most `most` working qubits. `starts`: different working qubits, fewer than `most`; without
// any the middle. Must be closed even if it fails.
QHM_MUST_CHECK qhm_status qhm_annealer_graph_open(const qhm_device *device, size_t most,
                                                  const uint32_t *starts, size_t start_count,
                                                  qhm_annealer_graph *g);

void qhm_annealer_graph_close(qhm_annealer_graph *g);

// Working qubits of the chip.
size_t qhm_annealer_graph_count_working(const qhm_device *device);

#endif
