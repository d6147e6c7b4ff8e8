// Graphs in problem files, as costs that are minus their cuts, and matrices of quadratic costs.
#ifndef QHM_ALGORITHM_GRAPH_ISING_H
#define QHM_ALGORITHM_GRAPH_ISING_H

#include "algorithm/algorithm_internal.h"

#include <qhm/ising.h>

typedef struct qhm_graph_settings {
    const qhm_node *edges;
    size_t nodes, degree; // of a random regular graph, in place of edges
} qhm_graph_settings;

// The rows of an options table whose struct has a qhm_graph_settings called `graph`.
#define QHM_GRAPH_FIELDS(options)                                                                  \
    {.name = "edges",                                                                              \
     .type = QHM_OPTION_NODE,                                                                      \
     .offset = offsetof(options, graph.edges),                                                     \
     .help = "a list of [node, node] or [node, node, weight], nodes from 0"},                      \
        {.name = "nodes",                                                                          \
         .type = QHM_OPTION_SIZE,                                                                  \
         .offset = offsetof(options, graph.nodes),                                                 \
         .minimum = 2,                                                                             \
         .maximum = 24,                                                                            \
         .help = "in place of edges: a random regular graph of so many nodes",                     \
         .used_with = "no edges"},                                                                 \
    {                                                                                              \
        .name = "degree", .type = QHM_OPTION_SIZE, .offset = offsetof(options, graph.degree),      \
        .default_text = "3", .minimum = 1, .maximum = 23, .help = "of the random graph",           \
        .used_with = "nodes"                                                                       \
    }

// Reads or draws the graph; qhm_ising_destroy the cost.
QHM_MUST_CHECK qhm_status qhm_graph_ising(const qhm_graph_settings *settings,
                                          const qhm_problem *problem, qhm_ising **ising);

// Draws a random regular graph alone; `number` tells several of one seed apart.
QHM_MUST_CHECK qhm_status qhm_graph_draw(size_t nodes, size_t degree, const qhm_problem *problem,
                                         uint64_t number, qhm_ising **ising);

// The cost x^T Q x of the square matrix in field 'matrix'; qhm_ising_destroy it.
QHM_MUST_CHECK qhm_status qhm_matrix_ising(const qhm_node *matrix, const qhm_problem *problem,
                                           qhm_ising **ising);

#endif
