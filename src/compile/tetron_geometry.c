// Colours, corners and diagonals of a grid of tetrons.
#include "compile/tetron_geometry.h"

#include "base/memory.h"

#include <string.h>

unsigned qhm_tetron_neighbours(const qhm_tetron_geometry *geometry, uint32_t tetron,
                               const char *kind, uint32_t out[8])
{
    const uint32_t *couplers;
    const size_t degree = qhm_device_qubit_couplers(geometry->device, tetron, &couplers);
    unsigned count = 0;
    for (size_t i = 0; i < degree && count < 8; i++) {
        const qhm_device_coupler *coupler = qhm_device_coupler_at(geometry->device, couplers[i]);
        if (coupler->is_working && coupler->kind && strcmp(coupler->kind, kind) == 0)
            out[count++] = coupler->qubits[coupler->qubits[0] == tetron];
    }
    return count;
}

uint32_t qhm_tetron_corner(const qhm_tetron_geometry *geometry, uint32_t first, uint32_t second)
{
    uint32_t vertical[8], horizontal[8];
    const unsigned verticals = qhm_tetron_neighbours(geometry, first, "zz", vertical);
    const unsigned horizontals = qhm_tetron_neighbours(geometry, second, "xx", horizontal);
    for (unsigned i = 0; i < verticals; i++)
        for (unsigned j = 0; j < horizontals; j++)
            if (vertical[i] == horizontal[j])
                return vertical[i];
    return QHM_TETRON_NONE;
}

unsigned qhm_tetron_diagonals(const qhm_tetron_geometry *geometry, uint32_t site, uint32_t out[16])
{
    uint32_t vertical[8], horizontal[8];
    unsigned count = 0;
    const unsigned verticals = qhm_tetron_neighbours(geometry, site, "zz", vertical);
    for (unsigned i = 0; i < verticals; i++) {
        const unsigned horizontals = qhm_tetron_neighbours(geometry, vertical[i], "xx", horizontal);
        for (unsigned j = 0; j < horizontals && count < 16; j++) {
            if (!geometry->is_site[horizontal[j]] || horizontal[j] == site ||
                qhm_tetron_corner(geometry, horizontal[j], site) == QHM_TETRON_NONE)
                continue;
            unsigned place = count++; // sorted by insertion
            for (; place > 0 && out[place - 1] > horizontal[j]; place--)
                out[place] = out[place - 1];
            out[place] = horizontal[j];
        }
    }
    return count;
}

// Colours every connected part by walking it; parts of more than one tetron get both colours.
static void colour(qhm_tetron_geometry *geometry, uint32_t *queue)
{
    memset(geometry->colours, 2, geometry->count);
    for (uint32_t start = 0; start < geometry->count; start++) {
        if (geometry->colours[start] != 2)
            continue;
        size_t taken = 0, known = 1;
        queue[0] = start;
        geometry->colours[start] = 0;
        while (taken < known) {
            const uint32_t tetron = queue[taken++];
            const uint32_t *couplers;
            const size_t degree = qhm_device_qubit_couplers(geometry->device, tetron, &couplers);
            for (size_t i = 0; i < degree; i++) {
                const qhm_device_coupler *coupler =
                    qhm_device_coupler_at(geometry->device, couplers[i]);
                const uint32_t next = coupler->qubits[coupler->qubits[0] == tetron];
                if (geometry->colours[next] == 2) {
                    geometry->colours[next] = !geometry->colours[tetron];
                    queue[known++] = next;
                }
            }
        }
    }
}

static void find_sites(qhm_tetron_geometry *geometry, uint8_t colour)
{
    uint32_t out[8];
    geometry->colour = colour;
    for (uint32_t t = 0; t < geometry->count; t++)
        geometry->is_site[t] = geometry->colours[t] == colour &&
                               qhm_device_qubit_at(geometry->device, t)->is_working &&
                               qhm_tetron_neighbours(geometry, t, "zz", out) > 0 &&
                               qhm_tetron_neighbours(geometry, t, "xx", out) > 0;
}

// The size of the largest part of the sites. is_seen: [count].
static size_t find_room(const qhm_tetron_geometry *geometry, uint32_t *queue, bool *is_seen)
{
    size_t largest = 0;
    memset(is_seen, 0, geometry->count * sizeof *is_seen);
    for (uint32_t start = 0; start < geometry->count; start++) {
        if (!geometry->is_site[start] || is_seen[start])
            continue;
        size_t taken = 0, known = 1;
        queue[0] = start;
        is_seen[start] = true;
        while (taken < known) {
            uint32_t out[16];
            const unsigned count = qhm_tetron_diagonals(geometry, queue[taken++], out);
            for (unsigned i = 0; i < count; i++)
                if (!is_seen[out[i]]) {
                    is_seen[out[i]] = true;
                    queue[known++] = out[i];
                }
        }
        largest = known > largest ? known : largest;
    }
    return largest;
}

static qhm_status check_layout(const qhm_tetron_geometry *geometry, const uint32_t *layout,
                               size_t layout_count)
{
    for (size_t i = 0; layout && i < layout_count; i++)
        QHM_REQUIRE(geometry->is_site[layout[i]],
                    "layout[%zu] is tetron %u, which has the colour of the ancillas of layout[0], "
                    "tetron %u, or none of its own",
                    i, layout[i], layout[0]);
    return QHM_OK;
}

static qhm_status choose(qhm_tetron_geometry *geometry, const uint32_t *layout, size_t layout_count,
                         uint32_t *queue, bool *is_seen)
{
    colour(geometry, queue);
    size_t rooms[2];
    for (uint8_t c = 0; c < 2; c++) {
        find_sites(geometry, c);
        rooms[c] = find_room(geometry, queue, is_seen);
    }
    uint8_t chosen = rooms[1] > rooms[0];
    if (layout && layout_count > 0)
        chosen = geometry->colours[layout[0]];
    find_sites(geometry, chosen);
    geometry->room = rooms[chosen];
    return check_layout(geometry, layout, layout_count);
}

qhm_status qhm_tetron_geometry_create(const qhm_device *device, const uint32_t *layout,
                                      size_t layout_count, qhm_tetron_geometry *geometry)
{
    geometry->device = device;
    geometry->count = qhm_device_qubit_count(device);
    uint32_t *queue = NULL;
    bool *is_seen = NULL;
    qhm_status status =
        qhm_allocate(geometry->count, sizeof *geometry->colours, &geometry->colours);
    if (status == QHM_OK)
        status = qhm_allocate(geometry->count, sizeof *geometry->is_site, &geometry->is_site);
    if (status == QHM_OK)
        status = qhm_allocate(geometry->count, sizeof *queue, &queue);
    if (status == QHM_OK)
        status = qhm_allocate(geometry->count, sizeof *is_seen, &is_seen);
    if (status == QHM_OK)
        status = choose(geometry, layout, layout_count, queue, is_seen);
    qhm_release(queue);
    qhm_release(is_seen);
    return status;
}

void qhm_tetron_geometry_release(qhm_tetron_geometry *geometry)
{
    qhm_release(geometry->colours);
    qhm_release(geometry->is_site);
    geometry->colours = NULL;
    geometry->is_site = NULL;
}
