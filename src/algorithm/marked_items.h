// The items that a search is for, or that are counted: a list, or what a formula is true for.
#ifndef QHM_ALGORITHM_MARKED_ITEMS_H
#define QHM_ALGORITHM_MARKED_ITEMS_H

#include "algorithm/algorithm_internal.h"

#include <qhm/oracle.h>

typedef struct qhm_marked_items {
    size_t qubits;
    const qhm_node *marked;
    const char *formula;
} qhm_marked_items;

// The rows of an options table whose struct has a qhm_marked_items called `items`.
#define QHM_MARKED_ITEMS_FIELDS(options)                                                           \
    {.name = "qubits",                                                                             \
     .type = QHM_OPTION_SIZE,                                                                      \
     .offset = offsetof(options, items.qubits),                                                    \
     .minimum = 1,                                                                                 \
     .maximum = 20,                                                                                \
     .default_text = "4",                                                                          \
     .help = "of the 2^qubits items; a formula has its variables instead"},                        \
        {.name = "marked",                                                                         \
         .type = QHM_OPTION_NODE,                                                                  \
         .offset = offsetof(options, items.marked),                                                \
         .help = "a list of items; this or a formula is required"},                                \
    {                                                                                              \
        .name = "formula", .type = QHM_OPTION_TEXT, .offset = offsetof(options, items.formula),    \
        .help = "what items have to fulfil, bit i being xi: (x0 | ~x1) & (x1 ^ x2)"                \
    }

// Creates the oracle. `listed` may be NULL: how many items the list has; 0 for a formula.
QHM_MUST_CHECK qhm_status qhm_marked_items_read(const qhm_marked_items *items,
                                                const qhm_problem *problem, qhm_oracle **oracle,
                                                size_t *listed);

#endif
