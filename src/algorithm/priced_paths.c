#include "algorithm/priced_paths.h"

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <string.h>

qhm_status qhm_priced_paths_open(const qhm_annealer_graph *graph, qhm_priced_paths *paths)
{
    const size_t nodes = graph->count;
    *paths = (qhm_priced_paths){.graph = graph};
    QHM_TRY(qhm_allocate(nodes, sizeof *paths->weights, &paths->weights));
    QHM_TRY(qhm_allocate(nodes, sizeof *paths->heap, &paths->heap));
    QHM_TRY(qhm_allocate(nodes, sizeof *paths->heap_at, &paths->heap_at));
    memset(paths->heap_at, 0xff, nodes * sizeof *paths->heap_at);
    return QHM_OK;
}

void qhm_priced_paths_close(qhm_priced_paths *paths)
{
    qhm_release(paths->weights);
    qhm_release(paths->heap);
    qhm_release(paths->heap_at);
}

static void swap(qhm_priced_paths *p, size_t a, size_t b)
{
    const uint32_t node = p->heap[a];
    p->heap[a] = p->heap[b];
    p->heap[b] = node;
    p->heap_at[p->heap[a]] = a;
    p->heap_at[p->heap[b]] = b;
}

static void push(qhm_priced_paths *p, const double *distances, uint32_t node)
{
    if (p->heap_at[node] == SIZE_MAX) {
        p->heap_at[node] = p->heap_count;
        p->heap[p->heap_count++] = node;
    }
    for (size_t at = p->heap_at[node], up; at > 0; at = up) {
        up = (at - 1) / 2;
        if (distances[p->heap[up]] <= distances[p->heap[at]])
            return;
        swap(p, up, at);
    }
}

static uint32_t pop(qhm_priced_paths *p, const double *distances)
{
    const uint32_t top = p->heap[0];
    swap(p, 0, --p->heap_count);
    p->heap_at[top] = SIZE_MAX;
    for (size_t at = 0, child; (child = 2 * at + 1) < p->heap_count; at = child) {
        if (child + 1 < p->heap_count && distances[p->heap[child + 1]] < distances[p->heap[child]])
            child++;
        if (distances[p->heap[at]] <= distances[p->heap[child]])
            break;
        swap(p, at, child);
    }
    return top;
}

// Forgets the nodes whose distances are not final.
static void empty(qhm_priced_paths *p, double *distances, uint32_t *parents)
{
    while (p->heap_count > 0) {
        const uint32_t node = p->heap[--p->heap_count];
        p->heap_at[node] = SIZE_MAX;
        distances[node] = INFINITY;
        parents[node] = QHM_NO_NODE;
    }
}

bool qhm_priced_paths_measure(qhm_priced_paths *paths, const uint32_t *sources, size_t source_count,
                              double limit, double *distances, uint32_t *parents)
{
    const qhm_annealer_graph *graph = paths->graph;
    for (size_t g = 0; g < graph->count; g++) {
        distances[g] = INFINITY;
        parents[g] = QHM_NO_NODE;
    }
    for (size_t k = 0; k < source_count; k++) {
        distances[sources[k]] = 0;
        push(paths, distances, sources[k]);
    }
    while (paths->heap_count > 0 && distances[paths->heap[0]] <= limit) {
        const uint32_t node = pop(paths, distances);
        for (size_t e = graph->first[node]; e < graph->first[node + 1]; e++) {
            const uint32_t next = graph->neighbours[e];
            const double distance = distances[node] + paths->weights[next];
            if (distance < distances[next]) {
                distances[next] = distance;
                parents[next] = node;
                push(paths, distances, next);
            }
        }
    }
    const bool is_cut = paths->heap_count > 0;
    empty(paths, distances, parents);
    return is_cut;
}
