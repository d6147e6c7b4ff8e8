// The items that a search is for, or that are counted: a list, what a formula is true for, the
// scores on one side of a threshold, or the pairs of factors of a number.
#ifndef QHM_ALGORITHM_MARKED_ITEMS_H
#define QHM_ALGORITHM_MARKED_ITEMS_H

#include "algorithm/algorithm_internal.h"

#include <qhm/oracle.h>

typedef struct qhm_marked_options {
    size_t qubits, product;
    const qhm_node *marked, *scores, *above, *below;
    const char *formula;
} qhm_marked_options;

// The rows of an options table whose struct has a qhm_marked_options called `items`.
#define QHM_MARKED_ITEMS_FIELDS(options)                                                           \
    {.name = "qubits",                                                                             \
     .type = QHM_OPTION_SIZE,                                                                      \
     .offset = offsetof(options, items.qubits),                                                    \
     .minimum = 1,                                                                                 \
     .maximum = 20,                                                                                \
     .default_text = "4",                                                                          \
     .help = "of the 2^qubits items of a list, half for each factor of a product; formulas and "   \
             "scores tell their own",                                                              \
     .used_with = "marked or product"},                                                            \
        {.name = "marked",                                                                         \
         .type = QHM_OPTION_NODE,                                                                  \
         .offset = offsetof(options, items.marked),                                                \
         .help = "a list of items; this, a formula, scores or a product are required"},            \
        {.name = "formula",                                                                        \
         .type = QHM_OPTION_TEXT,                                                                  \
         .offset = offsetof(options, items.formula),                                               \
         .help = "what items have to fulfil, bit i being xi: (x0 | ~x1) & (x1 ^ x2)"},             \
        {.name = "product",                                                                        \
         .type = QHM_OPTION_SIZE,                                                                  \
         .offset = offsetof(options, items.product),                                               \
         .minimum = 1,                                                                             \
         .maximum = 1048575,                                                                       \
         .help = "items are pairs a + 2^(qubits / 2) b of factors, marked where a b is this"},     \
        {.name = "scores",                                                                         \
         .type = QHM_OPTION_NODE,                                                                  \
         .offset = offsetof(options, items.scores),                                                \
         .help = "a list of 2 to 1024 whole numbers, loaded and compared in every call"},          \
        {.name = "above",                                                                          \
         .type = QHM_OPTION_NODE,                                                                  \
         .offset = offsetof(options, items.above),                                                 \
         .help = "items whose score is greater than this are marked",                              \
         .used_with = "scores"},                                                                   \
    {                                                                                              \
        .name = "below", .type = QHM_OPTION_NODE, .offset = offsetof(options, items.below),        \
        .help = "or those whose score is less", .used_with = "scores"                              \
    }

// What was read, with the classical check that an opponent makes.
typedef struct qhm_marked_items {
    qhm_oracle *oracle;
    size_t listed;                // items of a list; 0: how many are marked is not known
    qhm_boolean_formula *formula; // one of these four
    bool *marks;                  // [2^qubits]
    uint64_t product;
    double *scores; // [score_count]
    size_t score_count;
    double threshold;
    bool is_above;
} qhm_marked_items;

// qhm_marked_items_release what was read.
QHM_MUST_CHECK qhm_status qhm_marked_items_read(const qhm_marked_options *options,
                                                const qhm_problem *problem,
                                                qhm_marked_items *items);
void qhm_marked_items_release(qhm_marked_items *items);

// Items that a check may be for: all but what fills scores up to a power of two.
uint64_t qhm_marked_items_count(const qhm_marked_items *items);

// The factors that an item is, of a product.
void qhm_marked_items_factors(const qhm_marked_items *items, uint64_t item, uint64_t factors[2]);

// Whether an item is marked, without the oracle's circuit.
bool qhm_marked_items_has(const qhm_marked_items *items, uint64_t item);

#endif
