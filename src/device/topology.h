// Generators of chips' graphs. Each adds qubits, with their places, and couplers to a device.
#ifndef QHM_DEVICE_TOPOLOGY_H
#define QHM_DEVICE_TOPOLOGY_H

#include "device/device_internal.h"

// What is said of every qubit and coupler of a graph.
typedef struct qhm_topology_kinds {
    const char *qubit, *coupler;       // NULL: not said
    const char *horizontal, *vertical; // of grids, in place of coupler
} qhm_topology_kinds;

// Rows of a square grid: row r has columns first[r] to last[r]; neighbours are coupled.
QHM_MUST_CHECK qhm_status qhm_topology_add_rows(qhm_device *device, const uint32_t *first,
                                                const uint32_t *last, size_t rows,
                                                const qhm_topology_kinds *kinds);

// IBM's heavy hexagons: rows of chains, and between two rows bridges at every fourth column from
// even_first (below even rows) or odd_first. is_trimmed: the first row lacks its last column and
// the last row its first. Numbers go row, bridges, row, ...
typedef struct qhm_heavy_hex {
    uint32_t rows, columns, even_first, odd_first;
    bool is_trimmed;
} qhm_heavy_hex;

QHM_MUST_CHECK qhm_status qhm_topology_add_heavy_hex(qhm_device *device, const qhm_heavy_hex *shape,
                                                     const qhm_topology_kinds *kinds);

// D-Wave's Zephyr graph Z(m, t): 4 t m (2 m + 1) qubits [boothby2021].
QHM_MUST_CHECK qhm_status qhm_topology_add_zephyr(qhm_device *device, size_t m, size_t t,
                                                  const qhm_topology_kinds *kinds);

// The fabric of D-Wave's Pegasus graph P(m): 8 (3 m - 1) (m - 1) qubits [boothby2020].
QHM_MUST_CHECK qhm_status qhm_topology_add_pegasus(qhm_device *device, size_t m,
                                                   const qhm_topology_kinds *kinds);

// True when a path leads from qubit 0 to every other one, over couplers whether they work or not.
QHM_MUST_CHECK qhm_status qhm_topology_is_connected(const qhm_device *device, bool *is_connected);

#endif
