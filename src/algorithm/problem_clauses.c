// Lists of clauses in problem files.
#include "algorithm/problem_clauses.h"

#include "base/memory.h"

#include <stdlib.h>

static qhm_status read_literal(const qhm_node *node, size_t most, int *literal, size_t *variables)
{
    int64_t value;
    if (qhm_node_kind_of(node) != QHM_NODE_SCALAR ||
        !qhm_parse_int64(qhm_node_text(node), &value) || value == 0 || value > (int64_t)most ||
        value < -(int64_t)most)
        return qhm_node_fail(node, "'%s' in field 'clauses' is no literal from -%zu to %zu but 0",
                             qhm_node_text(node), most, most);
    *literal = (int)value;
    if ((size_t)abs(*literal) > *variables)
        *variables = (size_t)abs(*literal);
    return QHM_OK;
}

static qhm_status read_clauses(const qhm_node *node, size_t most, int *literals, size_t *variables)
{
    size_t next = 0;
    for (size_t i = 0; i < qhm_node_count(node); i++) {
        const qhm_node *clause = qhm_node_at(node, i);
        if (qhm_node_kind_of(clause) != QHM_NODE_SEQUENCE || qhm_node_count(clause) == 0)
            return qhm_node_fail(clause, "clause %zu of field 'clauses' is no list of literals",
                                 i + 1);
        for (size_t l = 0; l < qhm_node_count(clause); l++)
            QHM_TRY(read_literal(qhm_node_at(clause, l), most, &literals[next++], variables));
        literals[next++] = 0;
    }
    return QHM_OK;
}

qhm_status qhm_problem_clauses(const qhm_node *problem, const qhm_node *node, size_t most,
                               int **literals, size_t *count, size_t *variables)
{
    int *read;
    size_t length = 0, highest = 0;
    if (!node)
        return qhm_node_fail(problem, "field 'clauses' is missing: a list of lists of literals");
    if (qhm_node_kind_of(node) != QHM_NODE_SEQUENCE || qhm_node_count(node) == 0)
        return qhm_node_fail(node, "field 'clauses' is no list of one clause or more");
    for (size_t i = 0; i < qhm_node_count(node); i++)
        length += qhm_node_count(qhm_node_at(node, i)) + 1;
    QHM_TRY(qhm_allocate(length, sizeof *read, &read));
    const qhm_status status = read_clauses(node, most, read, &highest);
    if (status != QHM_OK) {
        qhm_release(read);
        return status;
    }
    *literals = read;
    *count = length;
    *variables = highest;
    return QHM_OK;
}
