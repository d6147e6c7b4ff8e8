// The problem "maxcut": nodes in two groups, with as much weight of edges between as there can be.
#include "algorithm/problem_numbers.h"
#include "algorithm/qaoa_row.h"
#include "base/memory.h"

#include <qhm/random.h>

typedef struct maxcut_options {
    const qhm_node *edges;
    size_t nodes, degree;
    qhm_qaoa_settings qaoa;
} maxcut_options;

static const qhm_option_info fields[] = {
    {.name = "edges",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(maxcut_options, edges),
     .help = "a list of [node, node] or [node, node, weight], nodes from 0"},
    {.name = "nodes",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(maxcut_options, nodes),
     .minimum = 0,
     .maximum = 24,
     .help = "in place of edges: a random regular graph of so many nodes"},
    {.name = "degree",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(maxcut_options, degree),
     .default_text = "3",
     .minimum = 1,
     .maximum = 23,
     .help = "of the random graph"},
    QHM_QAOA_FIELDS(maxcut_options),
    {0},
};

static qhm_status append_edge(qhm_ising *ising, size_t u, size_t v, double weight)
{
    QHM_TRY(qhm_ising_append_coupling(ising, u, v, weight / 2));
    return qhm_ising_append_constant(ising, -weight / 2);
}

static qhm_status read_edges(const maxcut_options *options, const qhm_problem *problem,
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

static qhm_status draw_graph(const maxcut_options *options, const qhm_problem *problem,
                             qhm_ising **ising)
{
    enum { TRIALS = 1000000 };
    size_t order[24 * 23];
    uint32_t joined[24];
    const size_t nodes = options->nodes, stubs = nodes * options->degree;
    if (nodes < 2 || options->degree >= nodes || stubs % 2 == 1)
        return qhm_node_fail(problem->node, "there is no graph of %zu nodes of degree %zu", nodes,
                             options->degree);
    qhm_random random = qhm_random_stream(problem->seed, QHM_RANDOM_DATA, 0, 0, 0);
    for (size_t i = 0; i < TRIALS; i++) {
        if (!try_pairs(&random, stubs, options->degree, order, joined))
            continue;
        QHM_TRY(qhm_ising_create(nodes, ising));
        for (size_t u = 0; u < nodes; u++)
            for (size_t v = 0; v < u; v++)
                if (joined[u] >> v & 1)
                    QHM_TRY(append_edge(*ising, u, v, 1));
        return QHM_OK;
    }
    return qhm_node_fail(problem->node, "no random graph of degree %zu was found; give its edges",
                         options->degree);
}

static qhm_status solve(const maxcut_options *options, const qhm_problem *problem,
                        const qhm_ising *ising, qhm_result *result)
{
    qhm_qaoa_rivals rivals;
    qhm_qaoa_best best;
    double total = -2 * qhm_ising_constant(ising);
    QHM_TRY(qhm_qaoa_run_rivals(ising, problem->seed, result, &rivals));
    QHM_TRY(qhm_qaoa_run_task(&(qhm_qaoa_task){.ising = ising, .optimum = rivals.best.energy},
                              &options->qaoa, problem, result, &best));
    qhm_result_number(result->answer, "cut", -best.cost);
    qhm_result_number(result->answer, "weight_of_all_edges", total);
    qhm_result_number(result->opponent, "cut", -rivals.best.energy);
    qhm_result_note(result,
                    "Costs are minus cuts. The relaxation proves that no cut is above %.6g.",
                    -rivals.relaxed.rounded.bound);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const maxcut_options *options = given;
    qhm_ising *ising = NULL;
    qhm_status status;
    if (!options->edges && options->nodes == 0)
        return qhm_node_fail(problem->node, "neither field 'edges' nor field 'nodes' is there");
    status = options->edges ? read_edges(options, problem, &ising)
                            : draw_graph(options, problem, &ising);
    if (status == QHM_OK)
        status = solve(options, problem, ising, result);
    qhm_ising_destroy(ising);
    return status;
}

const qhm_algorithm qhm_algorithm_maxcut = {
    .info = {.name = "maxcut",
             .help = "the largest cut of a graph by QAOA",
             .details = "A layer takes two CX for each edge. Opponents: branch and bound, which "
                        "proves its cut, simulated\nannealing, and the relaxation of Goemans and "
                        "Williamson, in low rank. One layer's mean has a closed\nform, so it takes "
                        "no quantum computer. [farhi2014] [wurtz2021] [burer2003]\n",
             .example = "edges: [[0, 1], [1, 2], [2, 3], [3, 4], [4, 0], [0, 2]]\nlayers: 2\n"
                        "shots: 500\n",
             .fields = fields},
    .options_size = sizeof(maxcut_options),
    .run = run,
};
