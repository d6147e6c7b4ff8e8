// Square grids and heavy hexagons, and whether a graph is connected.
#include "device/topology.h"

#include "base/memory.h"

qhm_status qhm_topology_add_rows(qhm_device *device, const uint32_t *first, const uint32_t *last,
                                 size_t rows, const qhm_topology_kinds *kinds)
{
    const char *across = kinds->horizontal ? kinds->horizontal : kinds->coupler;
    const char *down = kinds->vertical ? kinds->vertical : kinds->coupler;
    size_t above = 0; // the first qubit of the row before
    for (size_t row = 0; row < rows; row++) {
        size_t start = device->qubit_count;
        for (uint32_t column = first[row]; column <= last[row]; column++) {
            size_t qubit = device->qubit_count;
            QHM_TRY(qhm_device_add_qubit(device, column, (double)row, kinds->qubit));
            if (column > first[row])
                QHM_TRY(qhm_device_add_coupler(device, qubit - 1, qubit, across));
            if (row > 0 && column >= first[row - 1] && column <= last[row - 1])
                QHM_TRY(
                    qhm_device_add_coupler(device, above + column - first[row - 1], qubit, down));
        }
        above = start;
    }
    return QHM_OK;
}

// The columns that a row has.
static void row_columns(const qhm_heavy_hex *shape, uint32_t row, uint32_t *first, uint32_t *last)
{
    *first = shape->is_trimmed && row == shape->rows - 1 ? 1 : 0;
    *last = shape->columns - 1 - (shape->is_trimmed && row == 0 ? 1 : 0);
}

static qhm_status add_chain(qhm_device *device, const qhm_heavy_hex *shape, uint32_t row,
                            const qhm_topology_kinds *kinds)
{
    uint32_t first, last;
    row_columns(shape, row, &first, &last);
    for (uint32_t column = first; column <= last; column++) {
        QHM_TRY(qhm_device_add_qubit(device, column, 2.0 * row, kinds->qubit));
        if (column > first)
            QHM_TRY(qhm_device_add_coupler(device, device->qubit_count - 2, device->qubit_count - 1,
                                           kinds->coupler));
    }
    return QHM_OK;
}

qhm_status qhm_topology_add_heavy_hex(qhm_device *device, const qhm_heavy_hex *shape,
                                      const qhm_topology_kinds *kinds)
{
    for (uint32_t row = 0; row < shape->rows; row++) {
        size_t above = device->qubit_count;
        uint32_t first, last, next_first, next_last;
        row_columns(shape, row, &first, &last);
        QHM_TRY(add_chain(device, shape, row, kinds));
        if (row + 1 == shape->rows)
            break;
        row_columns(shape, row + 1, &next_first, &next_last);
        uint32_t start = row % 2 == 0 ? shape->even_first : shape->odd_first;
        size_t bridges = start < shape->columns ? (shape->columns - 1 - start) / 4 + 1 : 0;
        size_t below = device->qubit_count + bridges;
        for (size_t i = 0; i < bridges; i++) {
            uint32_t column = start + 4 * (uint32_t)i;
            size_t bridge = device->qubit_count;
            QHM_TRY(qhm_device_add_qubit(device, column, 2.0 * row + 1, kinds->qubit));
            if (column >= first && column <= last)
                QHM_TRY(
                    qhm_device_add_coupler(device, above + column - first, bridge, kinds->coupler));
            if (column >= next_first && column <= next_last)
                QHM_TRY(qhm_device_add_coupler(device, bridge, below + column - next_first,
                                               kinds->coupler));
        }
    }
    return QHM_OK;
}

qhm_status qhm_topology_is_connected(const qhm_device *device, bool *is_connected)
{
    size_t count = device->qubit_count, reached = 0;
    bool *is_reached;
    uint32_t *queue;
    QHM_TRY(qhm_allocate(count, sizeof *is_reached, &is_reached));
    qhm_status status = qhm_allocate(count, sizeof *queue, &queue);
    if (status != QHM_OK) {
        qhm_release(is_reached);
        return status;
    }
    if (count > 0) {
        is_reached[0] = true;
        queue[reached++] = 0;
    }
    for (size_t next = 0; next < reached; next++) {
        const uint32_t *couplers;
        size_t degree = qhm_device_qubit_couplers(device, queue[next], &couplers);
        for (size_t i = 0; i < degree; i++) {
            const uint32_t *ends = device->couplers[couplers[i]].qubits;
            uint32_t other = ends[0] == queue[next] ? ends[1] : ends[0];
            if (!is_reached[other]) {
                is_reached[other] = true;
                queue[reached++] = other;
            }
        }
    }
    *is_connected = reached == count;
    qhm_release(is_reached);
    qhm_release(queue);
    return QHM_OK;
}
