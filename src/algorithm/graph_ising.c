// Graphs in problem files, as costs that are minus their cuts, and matrices of quadratic costs.
#include "algorithm/graph_ising.h"

#include "algorithm/problem_numbers.h"
#include "base/memory.h"

#include <qhm/random.h>

static qhm_status append_edge(qhm_ising *ising, size_t u, size_t v, double weight)
{
    QHM_TRY(qhm_ising_append_coupling(ising, u, v, weight / 2));
    return qhm_ising_append_constant(ising, -weight / 2);
}

static qhm_status read_edges(const qhm_graph_settings *options, const qhm_problem *problem,
                             qhm_ising **ising)
{
    double *values;
    size_t rows, columns;
    QHM_TRY(qhm_problem_matrix(problem->node, options->edges, "edges", &values, &rows, &columns));
    double nodes = 0;
    qhm_status status = QHM_OK;
    if (columns != 2 && columns != 3)
        status = qhm_node_fail(options->edges, "edges have %zu entries, not 2 or 3", columns);
    for (size_t i = 0; i < rows && status == QHM_OK; i++) {
        const double *edge = values + i * columns;
        for (size_t k = 0; k < 2 && status == QHM_OK; k++)
            if (!(edge[k] >= 0 && edge[k] < 24 && edge[k] == (double)(size_t)edge[k]))
                status = qhm_node_fail(qhm_node_at(options->edges, i), "%g is no node from 0 to 23",
                                       edge[k]);
        if (status == QHM_OK && edge[0] == edge[1])
            status = qhm_node_fail(qhm_node_at(options->edges, i), "an edge from node %g to itself",
                                   edge[0]);
        nodes = edge[0] >= nodes ? edge[0] + 1 : nodes;
        nodes = edge[1] >= nodes ? edge[1] + 1 : nodes;
    }
    if (status == QHM_OK)
        status = qhm_problem_distinct_pairs(options->edges, "edge", values, columns);
    if (status == QHM_OK)
        status = qhm_ising_create((size_t)nodes, ising);
    for (size_t i = 0; i < rows && status == QHM_OK; i++) {
        const double *edge = values + i * columns;
        status = append_edge(*ising, (size_t)edge[0], (size_t)edge[1], columns == 3 ? edge[2] : 1);
    }
    qhm_release(values);
    return status;
}

// Pairs stubs at random until no node meets itself or another twice.
static bool try_pairs(qhm_random *random, size_t stubs, size_t degree, size_t *order,
                      uint32_t *joined)
{
    for (size_t i = 0; i < stubs; i++)
        order[i] = i;
    for (size_t i = 0; i < 24; i++)
        joined[i] = 0;
    qhm_random_shuffle(random, order, stubs);
    for (size_t i = 0; i < stubs; i += 2) {
        const size_t u = order[i] / degree, v = order[i + 1] / degree;
        if (u == v || joined[u] >> v & 1)
            return false;
        joined[u] |= (uint32_t)1 << v;
        joined[v] |= (uint32_t)1 << u;
    }
    return true;
}

qhm_status qhm_graph_draw(size_t nodes, size_t degree, const qhm_problem *problem, uint64_t number,
                          qhm_ising **ising)
{
    enum { TRIALS = 1000000 };
    size_t order[24 * 23];
    uint32_t joined[24];
    const size_t stubs = nodes * degree;
    if (nodes < 2 || degree >= nodes || stubs % 2 == 1)
        return qhm_node_fail(problem->node, "there is no graph of %zu nodes of degree %zu", nodes,
                             degree);
    qhm_random random = qhm_random_stream(problem->seed, QHM_RANDOM_DATA, number, 0, 0);
    for (size_t i = 0; i < TRIALS; i++) {
        if (!try_pairs(&random, stubs, degree, order, joined))
            continue;
        QHM_TRY(qhm_ising_create(nodes, ising));
        for (size_t u = 0; u < nodes; u++)
            for (size_t v = 0; v < u; v++)
                if (joined[u] >> v & 1)
                    QHM_TRY(append_edge(*ising, u, v, 1));
        return QHM_OK;
    }
    return qhm_node_fail(problem->node, "no random graph of degree %zu was found; give its edges",
                         degree);
}

qhm_status qhm_graph_ising(const qhm_graph_settings *settings, const qhm_problem *problem,
                           qhm_ising **ising)
{
    if (settings->edges)
        return read_edges(settings, problem, ising);
    if (settings->nodes == 0)
        return qhm_node_fail(problem->node, "neither field 'edges' nor field 'nodes' is there");
    return qhm_graph_draw(settings->nodes, settings->degree, problem, 0, ising);
}

qhm_status qhm_matrix_ising(const qhm_node *matrix, const qhm_problem *problem, qhm_ising **ising)
{
    double *values;
    size_t rows, columns;
    QHM_TRY(qhm_problem_matrix(problem->node, matrix, "matrix", &values, &rows, &columns));
    qhm_status status = QHM_OK;
    if (rows != columns || rows > 24)
        status = qhm_node_fail(
            matrix, "field 'matrix' is %zu by %zu, not square with up to 24 rows", rows, columns);
    if (status == QHM_OK)
        status = qhm_ising_create(rows, ising);
    for (size_t i = 0; i < rows && status == QHM_OK; i++)
        for (size_t j = 0; j < rows && status == QHM_OK; j++)
            status = qhm_ising_append_product(*ising, i, j, values[i * columns + j]);
    qhm_release(values);
    return status;
}
