// What clauses are measured against: a SAT solver that learns, and a depth-first search.
#include "algorithm/clause_opponent.h"

#include <assert.h>
#include <ccadical.h>

qhm_status qhm_clauses_solve(size_t variables, const int *literals, size_t count,
                             bool *is_satisfiable, uint64_t *assignment)
{
    enum { SATISFIABLE = 10, UNSATISFIABLE = 20 };
    assert(variables <= 64);
    CCaDiCaL *solver = ccadical_init();
    ccadical_set_option(solver, "quiet", 1);
    for (size_t i = 0; i < count; i++)
        ccadical_add(solver, literals[i]);
    const int answer = ccadical_solve(solver);
    uint64_t bits = 0;
    for (size_t v = 0; answer == SATISFIABLE && v < variables; v++)
        bits |= (uint64_t)(ccadical_val(solver, (int)v + 1) > 0) << v;
    ccadical_release(solver);
    if (answer != SATISFIABLE && answer != UNSATISFIABLE)
        return QHM_FAIL(QHM_ERROR_NUMERIC, "the SAT solver ended without an answer");
    *is_satisfiable = answer == SATISFIABLE;
    if (*is_satisfiable)
        *assignment = bits;
    return QHM_OK;
}

void qhm_result_assignment(json_t *object, uint64_t bits, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_integer((json_int_t)(bits >> i & 1)));
    json_object_set_new(object, "assignment", list);
}

qhm_status qhm_clause_opponent(const qhm_backtracking *tree, size_t variables, const int *literals,
                               size_t count, qhm_result *result)
{
    bool is_found;
    uint64_t assignment;
    qhm_backtracking_scan scan;
    double start = qhm_algorithm_clock();
    QHM_TRY(qhm_clauses_solve(variables, literals, count, &is_found, &assignment));
    qhm_result_number(result->opponent, "seconds", qhm_algorithm_clock() - start);
    qhm_result_text(result->opponent, "method", "CaDiCaL, a SAT solver that learns from conflicts");
    json_object_set_new(result->opponent, "found", json_boolean(is_found));
    if (is_found)
        qhm_result_assignment(result->opponent, assignment, variables);
    start = qhm_algorithm_clock();
    qhm_backtracking_visit(tree, &scan);
    qhm_result_number(result->opponent, "depth_first_seconds", qhm_algorithm_clock() - start);
    qhm_result_count(result->opponent, "solutions", scan.solutions);
    qhm_result_count(result->opponent, "vertices", scan.vertices);
    qhm_result_count(result->opponent, "vertices_to_first", scan.first_vertices);
    return QHM_OK;
}
