/** @file boolean_formula.h
 *  Boolean formulas: conditions that searches look for, from text or DIMACS.
 *
 *  @code
 *  status = qhm_boolean_formula_parse("(x0 | ~x1) & (x1 ^ x2)", &formula);
 *  bool value = qhm_boolean_formula_value(formula, 5); // x0 and x2 on
 *  @endcode */
#ifndef QHM_BOOLEAN_FORMULA_H
#define QHM_BOOLEAN_FORMULA_H

#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A formula of up to 62 variables. */
typedef struct qhm_boolean_formula qhm_boolean_formula;

/** Reads a formula of x0, x1, ... with ~ (not), & (and), ^ (exclusive or), | (or), binding in
 *  this order, and parentheses. Its variables are x0 up to the highest that occurs.
 *  @param formula  free it with qhm_boolean_formula_destroy.
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT, whose message names the column; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_boolean_formula_parse(const char *text,
                                                            qhm_boolean_formula **formula);

/** Reads clauses in the DIMACS format of SAT solvers: variable 1 becomes x0.
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT, whose message names the line; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_boolean_formula_parse_dimacs(const char *text,
                                                                   qhm_boolean_formula **formula);

/** The conjunction of clauses of literals.
 *  @param literals  the clauses one after another: v for variable v - 1, -v for its negation, and
 *                   0 at the end of each clause.
 *  @param count     of literals with the zeros; at least one clause.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_boolean_formula_create_clauses(size_t variable_count,
                                                                     const int *literals,
                                                                     size_t count,
                                                                     qhm_boolean_formula **formula);

/** Frees a formula; NULL is fine. */
QHM_API void qhm_boolean_formula_destroy(qhm_boolean_formula *formula);

/** How many variables there are. */
QHM_API size_t qhm_boolean_formula_variable_count(const qhm_boolean_formula *formula);

/** The value for an assignment, variable i in bit i. */
QHM_API bool qhm_boolean_formula_value(const qhm_boolean_formula *formula, uint64_t assignment);

#ifdef __cplusplus
}
#endif
#endif
