// Lists and matrices of numbers in problem files.
#ifndef QHM_ALGORITHM_PROBLEM_NUMBERS_H
#define QHM_ALGORITHM_PROBLEM_NUMBERS_H

#include "base/document.h"
#include "base/status_internal.h"

#include <stddef.h>

// Reads a finite number.
QHM_MUST_CHECK qhm_status qhm_problem_number(const qhm_node *node, const char *name, double *value);

// Reads a list of `least` or more finite numbers; qhm_release it. `name` is the field's, for a
// problem that lacks it (node NULL, then `problem` gives the place).
QHM_MUST_CHECK qhm_status qhm_problem_numbers(const qhm_node *problem, const qhm_node *node,
                                              const char *name, size_t least, double **values,
                                              size_t *count);

// Reads a list of rows that are equally long: [*rows][*columns].
QHM_MUST_CHECK qhm_status qhm_problem_matrix(const qhm_node *problem, const qhm_node *node,
                                             const char *name, double **values, size_t *rows,
                                             size_t *columns);

// Fails where a square matrix [n][n] is not symmetric but for rounding in its last digits.
QHM_MUST_CHECK qhm_status qhm_problem_require_symmetric(const qhm_node *node, const char *name,
                                                        const double *values, size_t n);

// Fails where the first two numbers of a row [rows][columns] are those of an earlier one, in either
// order: a pair given twice is a slip, or a sum that the reader should make. `what`: "edge".
QHM_MUST_CHECK qhm_status qhm_problem_distinct_pairs(const qhm_node *list, const char *what,
                                                     const double *values, size_t columns);

// Reads a list of whole numbers from 0 to `most`.
QHM_MUST_CHECK qhm_status qhm_problem_indices(const qhm_node *problem, const qhm_node *node,
                                              const char *name, size_t most, size_t **values,
                                              size_t *count);

#endif
