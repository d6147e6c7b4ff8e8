// A formula as a tree in an array: the root is node 0, whose text-order children are linked.
#ifndef QHM_ALGORITHM_BOOLEAN_FORMULA_INTERNAL_H
#define QHM_ALGORITHM_BOOLEAN_FORMULA_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/boolean_formula.h>

typedef enum qhm_boolean_kind {
    QHM_BOOLEAN_VARIABLE,
    QHM_BOOLEAN_AND,
    QHM_BOOLEAN_XOR,
    QHM_BOOLEAN_OR
} qhm_boolean_kind;

#define QHM_BOOLEAN_NONE SIZE_MAX

typedef struct qhm_boolean_node {
    qhm_boolean_kind kind;
    bool is_negated;
    size_t variable;    // of a variable
    size_t first, next; // child and sibling, or QHM_BOOLEAN_NONE
} qhm_boolean_node;

struct qhm_boolean_formula {
    size_t variable_count;
    qhm_boolean_node *nodes;
    size_t node_count, capacity;
    size_t root;
};

#endif
