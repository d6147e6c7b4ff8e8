// Lists of clauses in problem files: [[1, -2], [2, 3]], v for variable v, -v for its negation.
#ifndef QHM_ALGORITHM_PROBLEM_CLAUSES_H
#define QHM_ALGORITHM_PROBLEM_CLAUSES_H

#include "base/document.h"
#include "base/status_internal.h"

// Reads clauses with a 0 at the end of each; qhm_release literals. The variables are 1 up to the
// highest that occurs, at most `most`.
QHM_MUST_CHECK qhm_status qhm_problem_clauses(const qhm_node *problem, const qhm_node *node,
                                              size_t most, int **literals, size_t *count,
                                              size_t *variables);

#endif
