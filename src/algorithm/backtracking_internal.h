// The clauses of a backtracking tree, and what they say of a vertex.
#ifndef QHM_ALGORITHM_BACKTRACKING_INTERNAL_H
#define QHM_ALGORITHM_BACKTRACKING_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/backtracking.h>

struct qhm_backtracking {
    size_t variable_count, count;
    int *literals; // [count], each clause ends with 0
};

// Whether clauses whose last variable is level - 1 are violated; of others, earlier levels tell.
bool qhm_backtracking_is_violated(const qhm_backtracking *tree, size_t level, uint64_t bits);

// The clauses whose last variable is level - 1, into literals [tree->count]; their length.
size_t qhm_backtracking_clauses_at(const qhm_backtracking *tree, size_t level, int *literals);

// Refuses a vertex that has no subtree.
QHM_MUST_CHECK qhm_status qhm_backtracking_check_root(const qhm_backtracking *tree,
                                                      qhm_backtracking_vertex root);

// What one run of the circuit below a vertex takes, without building all of its steps.
QHM_MUST_CHECK qhm_status qhm_backtracking_price(const qhm_backtracking *tree,
                                                 qhm_backtracking_vertex root, size_t phase_qubits,
                                                 qhm_ledger *ledger);

#endif
