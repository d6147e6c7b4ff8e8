// Sites of tetrons and cats. Their costs count as equal.
#include "compile/site_graph.h"

#include "compile/tetron_geometry.h"

#include <string.h>

static void close_row(qhm_chip_graph *graph, uint32_t qubit, const uint32_t *neighbours,
                      unsigned count)
{
    size_t next = graph->first[qubit];
    for (unsigned i = 0; i < count; i++) {
        graph->neighbours[next] = neighbours[i];
        graph->coupler_costs[next++] = 1;
    }
    graph->first[qubit + 1] = next;
}

static qhm_status fill_tetrons(const qhm_chip_operations *operations, qhm_chip_graph *graph)
{
    qhm_tetron_geometry geometry = {0};
    const qhm_status status = qhm_tetron_geometry_create(operations->by_place, operations->placed,
                                                         operations->placed_count, &geometry);
    for (uint32_t t = 0; status == QHM_OK && t < geometry.count; t++) {
        uint32_t diagonals[QHM_SITE_NEIGHBOURS];
        const unsigned count =
            geometry.is_site[t] ? qhm_tetron_diagonals(&geometry, t, diagonals) : 0;
        graph->is_working[t] = geometry.is_site[t];
        graph->working_count += geometry.is_site[t];
        close_row(graph, t, diagonals, count);
    }
    qhm_tetron_geometry_release(&geometry);
    return status;
}

static bool is_cat(const qhm_device *device, uint32_t qubit)
{
    const char *kind = qhm_device_qubit_at(device, qubit)->kind;
    return kind && strcmp(kind, "cat") == 0;
}

// True if some two-qubit operation joins two qubits in either order; is_between_cats: an assumed
// one, else a published one.
static bool is_joined(const qhm_device *device, uint32_t a, uint32_t b, bool is_between_cats)
{
    for (size_t i = 0; i < qhm_device_operation_count(device); i++) {
        const qhm_device_operation *operation = qhm_device_operation_at(device, i);
        if (operation->qubit_count == 2 && operation->is_assumed == is_between_cats &&
            qhm_gate_information(operation->gate)->is_unitary &&
            (qhm_device_has_operation(device, operation, (const uint32_t[]){a, b}) ||
             qhm_device_has_operation(device, operation, (const uint32_t[]){b, a})))
            return true;
    }
    return false;
}

static qhm_status fill_cats(const qhm_chip_operations *operations, qhm_chip_graph *graph)
{
    const qhm_device *device = operations->by_place;
    bool is_on_cats = true;
    for (size_t i = 0; i < operations->placed_count; i++)
        is_on_cats = is_on_cats && is_cat(device, operations->placed[i]);
    for (uint32_t q = 0; q < graph->qubit_count; q++) {
        const uint32_t *couplers;
        const size_t degree = qhm_device_qubit_couplers(device, q, &couplers);
        uint32_t neighbours[QHM_SITE_NEIGHBOURS];
        unsigned count = 0;
        graph->is_working[q] =
            qhm_device_qubit_at(device, q)->is_working && (!is_on_cats || is_cat(device, q));
        graph->working_count += graph->is_working[q];
        for (size_t i = 0; i < degree && graph->is_working[q] && count < QHM_SITE_NEIGHBOURS; i++) {
            const uint32_t *ends = qhm_device_coupler_at(device, couplers[i])->qubits;
            const uint32_t other = ends[ends[0] == q];
            if ((!is_on_cats || is_cat(device, other)) && is_joined(device, q, other, is_on_cats))
                neighbours[count++] = other;
        }
        close_row(graph, q, neighbours, count);
    }
    return QHM_OK;
}

qhm_status qhm_site_graph_fill(const qhm_chip_operations *operations, qhm_chip_graph *graph)
{
    return qhm_device_family_of(operations->by_place) == QHM_DEVICE_CAT
               ? fill_cats(operations, graph)
               : fill_tetrons(operations, graph);
}
