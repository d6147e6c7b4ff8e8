// Figures that a device does not give cost nothing.
#include "compile/chip_graph.h"

#include "base/memory.h"
#include "base/status_internal.h"
#include "compile/site_graph.h"

#include <math.h>
#include <string.h>

static const double largest_error = 0.999; // keeps costs finite

static double cost_of(double error)
{
    return isnan(error) ? 0 : -log1p(-fmin(error, largest_error));
}

static void find_qubit_costs(const qhm_device *device, const qhm_chip_operations *operations,
                             qhm_chip_graph *graph)
{
    const qhm_device_operation *gate = operations->any ? operations->any : operations->sx;
    for (uint32_t q = 0; q < graph->qubit_count; q++) {
        const qhm_device_qubit *qubit = qhm_device_qubit_at(device, q);
        graph->is_working[q] = qubit->is_working;
        graph->working_count += qubit->is_working;
        graph->qubit_costs[q] = cost_of(qhm_device_operation_error(device, gate, &q));
        const double flips = (qubit->readout_flips[0] + qubit->readout_flips[1]) / 2;
        graph->readout_costs[q] =
            cost_of(isnan(flips) && operations->measure
                        ? qhm_device_operation_error(device, operations->measure, &q)
                        : flips);
    }
}

// What relaxation takes from a qubit that waits while another pair has its gate.
static void find_idle_cost(const qhm_device *device, const qhm_chip_operations *operations,
                           qhm_chip_graph *graph)
{
    const qhm_device_operation *one = operations->any ? operations->any : operations->sx;
    double duration = qhm_device_operation_duration_ns(device, one, NULL);
    if (operations->two_qubit)
        duration += qhm_device_operation_duration_ns(device, operations->two_qubit, NULL);
    for (size_t q = 0; q < graph->qubit_count && !isnan(duration); q++)
        if (graph->is_working[q])
            graph->idle_cost -= log(qhm_wait_fidelity(qhm_device_qubit_at(device, q), duration)) /
                                (double)graph->working_count;
}

// The couplers of a qubit come by ascending neighbour.
static void find_neighbours(const qhm_device *device, const qhm_chip_operations *operations,
                            qhm_chip_graph *graph)
{
    size_t count = 0;
    for (uint32_t q = 0; q < graph->qubit_count; q++) {
        const uint32_t *couplers;
        const size_t degree = qhm_device_qubit_couplers(device, q, &couplers);
        graph->first[q] = count;
        for (size_t i = 0; i < degree; i++) {
            const qhm_device_coupler *coupler = qhm_device_coupler_at(device, couplers[i]);
            if (!coupler->is_working || !operations->two_qubit ||
                !qhm_device_has_operation(device, operations->two_qubit, coupler->qubits))
                continue;
            graph->neighbours[count] = coupler->qubits[coupler->qubits[0] == q];
            graph->coupler_costs[count] =
                cost_of(qhm_device_operation_error(device, operations->two_qubit, coupler->qubits));
            count++;
        }
    }
    graph->first[graph->qubit_count] = count;
}

static void find_parts(qhm_chip_graph *graph, uint32_t *queue)
{
    for (size_t q = 0; q < graph->qubit_count; q++)
        graph->parts[q] = UINT32_MAX;
    uint32_t part = 0;
    for (uint32_t start = 0; start < graph->qubit_count; start++) {
        if (graph->parts[start] != UINT32_MAX)
            continue;
        size_t taken = 0, known = 1;
        queue[0] = start;
        graph->parts[start] = part;
        while (taken < known) {
            const uint32_t q = queue[taken++];
            for (size_t i = graph->first[q]; i < graph->first[q + 1]; i++)
                if (graph->parts[graph->neighbours[i]] == UINT32_MAX) {
                    graph->parts[graph->neighbours[i]] = part;
                    queue[known++] = graph->neighbours[i];
                }
        }
        graph->part_sizes[part] = graph->is_working[start] ? known : 0;
        if (graph->part_sizes[part] > graph->part_sizes[graph->largest_part])
            graph->largest_part = part;
        part++;
    }
}

static qhm_status fill(const qhm_device *device, const qhm_chip_operations *operations,
                       qhm_chip_graph *graph)
{
    const size_t count = qhm_device_qubit_count(device),
                 couplers = qhm_device_coupler_count(device);
    graph->qubit_count = count;
    QHM_TRY(qhm_allocate(count, sizeof *graph->is_working, &graph->is_working));
    QHM_TRY(qhm_allocate(count + 1, sizeof *graph->first, &graph->first));
    const size_t ends = 2 * couplers + (operations->by_place ? QHM_SITE_NEIGHBOURS * count : 0);
    QHM_TRY(qhm_allocate(ends, sizeof *graph->neighbours, &graph->neighbours));
    QHM_TRY(qhm_allocate(ends, sizeof *graph->coupler_costs, &graph->coupler_costs));
    QHM_TRY(qhm_allocate(count, sizeof *graph->qubit_costs, &graph->qubit_costs));
    QHM_TRY(qhm_allocate(count, sizeof *graph->readout_costs, &graph->readout_costs));
    QHM_TRY(qhm_allocate(count, sizeof *graph->parts, &graph->parts));
    QHM_TRY(qhm_allocate(count, sizeof *graph->part_sizes, &graph->part_sizes));
    uint32_t *queue;
    QHM_TRY(qhm_allocate(count, sizeof *queue, &queue));
    qhm_status status = QHM_OK;
    if (operations->by_place) {
        status = qhm_site_graph_fill(operations, graph);
    } else {
        find_qubit_costs(device, operations, graph);
        find_idle_cost(device, operations, graph);
        find_neighbours(device, operations, graph);
    }
    if (status == QHM_OK)
        find_parts(graph, queue);
    qhm_release(queue);
    return status;
}

qhm_status qhm_chip_graph_create(const qhm_device *device, const qhm_chip_operations *operations,
                                 qhm_chip_graph *graph)
{
    const qhm_status status = fill(device, operations, graph);
    if (status != QHM_OK)
        qhm_chip_graph_release(graph);
    return status;
}

void qhm_chip_graph_release(qhm_chip_graph *graph)
{
    qhm_release(graph->is_working);
    qhm_release(graph->first);
    qhm_release(graph->neighbours);
    qhm_release(graph->coupler_costs);
    qhm_release(graph->qubit_costs);
    qhm_release(graph->readout_costs);
    qhm_release(graph->parts);
    qhm_release(graph->part_sizes);
    qhm_release(graph->distances);
    *graph = (qhm_chip_graph){0};
}

qhm_status qhm_chip_graph_measure(qhm_chip_graph *graph)
{
    const size_t count = graph->qubit_count;
    if (graph->distances)
        return QHM_OK;
    uint32_t *queue;
    uint16_t *distances;
    QHM_TRY(qhm_allocate(count, sizeof *queue, &queue));
    const qhm_status status = qhm_allocate(count * count, sizeof *distances, &distances);
    for (uint32_t start = 0; status == QHM_OK && start < count; start++) {
        uint16_t *row = distances + start * count;
        size_t taken = 0, known = 1;
        memset(row, 0xff, count * sizeof *row);
        queue[0] = start;
        row[start] = 0;
        while (taken < known) {
            const uint32_t q = queue[taken++];
            for (size_t i = graph->first[q]; i < graph->first[q + 1]; i++) {
                const uint32_t next = graph->neighbours[i];
                if (row[next] == QHM_CHIP_FAR) {
                    row[next] = (uint16_t)(row[q] + 1);
                    queue[known++] = next;
                }
            }
        }
    }
    qhm_release(queue);
    QHM_TRY(status);
    graph->distances = distances;
    return QHM_OK;
}

bool qhm_chip_graph_is_coupled(const qhm_chip_graph *graph, uint32_t a, uint32_t b, double *cost)
{
    for (size_t i = graph->first[a]; i < graph->first[a + 1]; i++)
        if (graph->neighbours[i] == b) {
            if (cost)
                *cost = graph->coupler_costs[i];
            return true;
        }
    return false;
}
