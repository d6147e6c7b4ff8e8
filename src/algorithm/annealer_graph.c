#include "algorithm/annealer_graph.h"

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { NOBODY = UINT32_MAX };

size_t qhm_annealer_graph_count_working(const qhm_device *device)
{
    size_t working = 0;
    for (size_t q = 0; q < qhm_device_qubit_count(device); q++)
        working += qhm_device_qubit_at(device, q)->is_working;
    return working;
}

void qhm_annealer_graph_close(qhm_annealer_graph *g)
{
    qhm_release(g->qubits);
    qhm_release(g->first);
    qhm_release(g->neighbours);
}

// The working neighbours of a qubit, one after another; NOBODY at the end.
static uint32_t neighbour(const qhm_device *device, uint32_t qubit, size_t *at)
{
    const uint32_t *couplers;
    const size_t count = qhm_device_qubit_couplers(device, qubit, &couplers);
    while (*at < count) {
        const qhm_device_coupler *coupler = qhm_device_coupler_at(device, couplers[(*at)++]);
        const uint32_t other = coupler->qubits[coupler->qubits[0] == qubit ? 1 : 0];
        if (coupler->is_working && qhm_device_qubit_at(device, other)->is_working)
            return other;
    }
    return NOBODY;
}

static uint32_t find_middle(const qhm_device *device)
{
    double x = 0, y = 0, nearest = INFINITY;
    uint32_t middle = 0;
    const size_t count = qhm_device_qubit_count(device);
    for (size_t q = 0; q < count; q++) {
        x += qhm_device_qubit_at(device, q)->x / (double)count;
        y += qhm_device_qubit_at(device, q)->y / (double)count;
    }
    for (size_t q = 0; q < count; q++) {
        const qhm_device_qubit *qubit = qhm_device_qubit_at(device, q);
        const double distance = hypot(qubit->x - x, qubit->y - y);
        if (qubit->is_working && distance < nearest) {
            nearest = distance;
            middle = (uint32_t)q;
        }
    }
    return middle;
}

// Up to `most` working qubits; the first `reached` are there already. nodes [qubits of the chip]:
// out, NOBODY or the node.
static size_t gather(const qhm_device *device, size_t most, uint32_t *qubits, size_t reached,
                     uint32_t *nodes)
{
    const size_t count = qhm_device_qubit_count(device);
    size_t done = 0;
    uint32_t start = reached > 0 ? qubits[0] : find_middle(device);
    memset(nodes, 0xff, count * sizeof *nodes);
    for (size_t node = 0; node < reached; node++)
        nodes[qubits[node]] = (uint32_t)node;
    for (size_t next = 0; reached < most && next <= count; next++) {
        if (nodes[start] == NOBODY && qhm_device_qubit_at(device, start)->is_working) {
            nodes[start] = (uint32_t)reached;
            qubits[reached++] = start;
        }
        for (; done < reached && reached < most; done++) {
            size_t at = 0;
            uint32_t other;
            while (reached < most && (other = neighbour(device, qubits[done], &at)) != NOBODY)
                if (nodes[other] == NOBODY) {
                    nodes[other] = (uint32_t)reached;
                    qubits[reached++] = other;
                }
        }
        start = (uint32_t)(next < count ? next : count - 1);
    }
    return reached;
}

qhm_status qhm_annealer_graph_open(const qhm_device *device, size_t most, const uint32_t *starts,
                                   size_t start_count, qhm_annealer_graph *g)
{
    uint32_t *nodes = NULL;
    const size_t qubits = qhm_device_qubit_count(device);
    *g = (qhm_annealer_graph){0};
    qhm_status status = qhm_allocate(qubits, sizeof *nodes, &nodes);
    if (status == QHM_OK)
        status = qhm_allocate(qubits, sizeof(uint32_t), &g->qubits);
    if (status == QHM_OK)
        status = qhm_allocate(qubits + 1, sizeof(size_t), &g->first);
    if (status == QHM_OK)
        status =
            qhm_allocate(2 * qhm_device_coupler_count(device), sizeof(uint32_t), &g->neighbours);
    if (status == QHM_OK) {
        for (size_t node = 0; node < start_count; node++)
            g->qubits[node] = starts[node];
        g->count = gather(device, most, g->qubits, start_count, nodes);
        for (size_t node = 0; node < g->count; node++) {
            size_t at = 0, end = g->first[node];
            for (uint32_t q; (q = neighbour(device, g->qubits[node], &at)) != NOBODY;)
                if (nodes[q] != NOBODY)
                    g->neighbours[end++] = nodes[q];
            g->first[node + 1] = end;
        }
    }
    qhm_release(nodes);
    return status;
}
