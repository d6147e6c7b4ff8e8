// Reading the items that are marked.
#include "algorithm/marked_items.h"

#include "algorithm/problem_numbers.h"
#include "base/memory.h"

static qhm_status read_formula(const qhm_marked_items *wanted, const qhm_problem *problem,
                               qhm_oracle **oracle)
{
    qhm_boolean_formula *formula;
    const qhm_node *node = qhm_node_find(problem->node, "formula");
    if (qhm_boolean_formula_parse(wanted->formula, &formula) != QHM_OK)
        return qhm_node_fail(node ? node : problem->node, "field 'formula': %s",
                             qhm_error_message());
    if (qhm_boolean_formula_variable_count(formula) > 20) {
        qhm_boolean_formula_destroy(formula);
        return qhm_node_fail(node ? node : problem->node,
                             "field 'formula' has more than 20 variables");
    }
    const qhm_status status = qhm_oracle_create_formula(formula, oracle);
    qhm_boolean_formula_destroy(formula);
    return status;
}

static qhm_status read_list(const qhm_marked_items *wanted, const qhm_problem *problem,
                            qhm_oracle **oracle, size_t *count)
{
    size_t *listed;
    uint64_t *items;
    const size_t most = ((size_t)1 << wanted->qubits) - 1;
    QHM_TRY(qhm_problem_indices(problem->node, wanted->marked, "marked", most, &listed, count));
    qhm_status status = qhm_allocate(*count, sizeof *items, &items);
    if (status == QHM_OK) {
        for (size_t i = 0; i < *count; i++)
            items[i] = listed[i];
        status = qhm_oracle_create_marked(wanted->qubits, items, *count, oracle);
        if (status == QHM_ERROR_INVALID_ARGUMENT)
            status = qhm_node_fail(wanted->marked, "%s", qhm_error_message());
        qhm_release(items);
    }
    qhm_release(listed);
    return status;
}

qhm_status qhm_marked_items_read(const qhm_marked_items *items, const qhm_problem *problem,
                                 qhm_oracle **oracle, size_t *listed)
{
    size_t count = 0;
    if (!items->marked == !items->formula)
        return qhm_node_fail(problem->node, "either field 'marked' or field 'formula' is needed");
    QHM_TRY(items->formula ? read_formula(items, problem, oracle)
                           : read_list(items, problem, oracle, &count));
    if (listed)
        *listed = count;
    return QHM_OK;
}
