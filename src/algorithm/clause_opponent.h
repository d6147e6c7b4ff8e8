// What clauses are measured against: a SAT solver that learns, and a depth-first search.
#ifndef QHM_ALGORITHM_CLAUSE_OPPONENT_H
#define QHM_ALGORITHM_CLAUSE_OPPONENT_H

#include "algorithm/algorithm_internal.h"

#include <qhm/backtracking.h>

// Asks CaDiCaL [biere2024]. Literals as in qhm_boolean_formula_create_clauses; variable v is bit
// v - 1 of the assignment, which is written if the clauses can be satisfied. At most 64 variables.
QHM_MUST_CHECK qhm_status qhm_clauses_solve(size_t variables, const int *literals, size_t count,
                                            bool *is_satisfiable, uint64_t *assignment);

// Sets "assignment": a list of bits, variable 1 first.
void qhm_result_assignment(json_t *object, uint64_t bits, size_t count);

// Fills in the opponent: CaDiCaL's answer and time, and what depth-first search sees of the tree.
QHM_MUST_CHECK qhm_status qhm_clause_opponent(const qhm_backtracking *tree, size_t variables,
                                              const int *literals, size_t count,
                                              qhm_result *result);

#endif
