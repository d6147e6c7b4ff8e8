// Lists and matrices of numbers in problem files.
#include "algorithm/problem_numbers.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>

static const double MOST = 1e100; // so that sums of squares stay finite

static qhm_status require_list(const qhm_node *problem, const qhm_node *node, const char *name,
                               size_t least)
{
    if (!node)
        return qhm_node_fail(problem, "field '%s' is missing: a list of numbers", name);
    if (qhm_node_kind_of(node) != QHM_NODE_SEQUENCE)
        return qhm_node_fail(node, "field '%s' is %s, not a list", name,
                             qhm_node_kind_name(qhm_node_kind_of(node)));
    if (qhm_node_count(node) < least)
        return qhm_node_fail(node, "field '%s' has %zu entries, at least %zu are needed", name,
                             qhm_node_count(node), least);
    return QHM_OK;
}

qhm_status qhm_problem_number(const qhm_node *node, const char *name, double *value)
{
    if (qhm_node_kind_of(node) != QHM_NODE_SCALAR || !qhm_parse_double(qhm_node_text(node), value))
        return qhm_node_fail(node, "'%s' in field '%s' is no finite number", qhm_node_text(node),
                             name);
    if (fabs(*value) > MOST)
        return qhm_node_fail(node, "'%s' in field '%s' is beyond %g", qhm_node_text(node), name,
                             MOST);
    return QHM_OK;
}

static qhm_status read_row(const qhm_node *node, const char *name, double *values)
{
    for (size_t i = 0; i < qhm_node_count(node); i++)
        QHM_TRY(qhm_problem_number(qhm_node_at(node, i), name, &values[i]));
    return QHM_OK;
}

qhm_status qhm_problem_numbers(const qhm_node *problem, const qhm_node *node, const char *name,
                               size_t least, double **values, size_t *count)
{
    double *read;
    QHM_TRY(require_list(problem, node, name, least));
    QHM_TRY(qhm_allocate(qhm_node_count(node), sizeof *read, &read));
    const qhm_status status = read_row(node, name, read);
    if (status != QHM_OK) {
        qhm_release(read);
        return status;
    }
    *values = read;
    *count = qhm_node_count(node);
    return QHM_OK;
}

static qhm_status read_rows(const qhm_node *node, const char *name, size_t columns, double *values)
{
    for (size_t i = 0; i < qhm_node_count(node); i++) {
        const qhm_node *row = qhm_node_at(node, i);
        QHM_TRY(require_list(node, row, name, 1));
        if (qhm_node_count(row) != columns)
            return qhm_node_fail(row, "row %zu of field '%s' has %zu entries, the first has %zu",
                                 i + 1, name, qhm_node_count(row), columns);
        QHM_TRY(read_row(row, name, values + i * columns));
    }
    return QHM_OK;
}

qhm_status qhm_problem_matrix(const qhm_node *problem, const qhm_node *node, const char *name,
                              double **values, size_t *rows, size_t *columns)
{
    double *read;
    QHM_TRY(require_list(problem, node, name, 1));
    const size_t width = qhm_node_count(qhm_node_at(node, 0));
    QHM_TRY(qhm_allocate(qhm_node_count(node) * width, sizeof *read, &read));
    const qhm_status status = read_rows(node, name, width, read);
    if (status != QHM_OK) {
        qhm_release(read);
        return status;
    }
    *values = read;
    *rows = qhm_node_count(node);
    *columns = width;
    return QHM_OK;
}

qhm_status qhm_problem_require_symmetric(const qhm_node *node, const char *name,
                                         const double *values, size_t n)
{
    double largest = 0;
    for (size_t i = 0; i < n * n; i++)
        largest = fmax(largest, fabs(values[i]));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            const double a = values[i * n + j], b = values[j * n + i];
            if (fabs(a - b) > 1e-12 * largest)
                return qhm_node_fail(qhm_node_at(node, i),
                                     "field '%s' is not symmetric: %g in row %zu, column %zu, and "
                                     "%g the other way round",
                                     name, a, i + 1, j + 1, b);
        }
    return QHM_OK;
}

static qhm_status fail_twice(const qhm_node *list, const char *what, size_t first, size_t second,
                             const double *pair)
{
    const size_t line = qhm_node_line(qhm_node_at(list, first));
    char place[40] = "";
    if (line > 0)
        snprintf(place, sizeof place, ", on line %zu", line);
    return qhm_node_fail(qhm_node_at(list, second),
                         "%s %zu is of %g and %g, as %s %zu is already%s", what, second + 1,
                         pair[0], pair[1], what, first + 1, place);
}

qhm_status qhm_problem_distinct_pairs(const qhm_node *list, const char *what, const double *values,
                                      size_t columns)
{
    for (size_t i = 1; i < qhm_node_count(list); i++)
        for (size_t j = 0; j < i; j++) {
            const double *a = values + i * columns, *b = values + j * columns;
            if ((a[0] == b[0] && a[1] == b[1]) || (a[0] == b[1] && a[1] == b[0]))
                return fail_twice(list, what, j, i, a);
        }
    return QHM_OK;
}

static qhm_status read_indices(const qhm_node *node, const char *name, size_t most, size_t *values)
{
    for (size_t i = 0; i < qhm_node_count(node); i++) {
        const qhm_node *item = qhm_node_at(node, i);
        uint64_t value;
        if (qhm_node_kind_of(item) != QHM_NODE_SCALAR ||
            !qhm_parse_uint64(qhm_node_text(item), &value) || value > most)
            return qhm_node_fail(item, "'%s' in field '%s' is no whole number from 0 to %zu",
                                 qhm_node_text(item), name, most);
        values[i] = (size_t)value;
    }
    return QHM_OK;
}

qhm_status qhm_problem_indices(const qhm_node *problem, const qhm_node *node, const char *name,
                               size_t most, size_t **values, size_t *count)
{
    size_t *read;
    QHM_TRY(require_list(problem, node, name, 0));
    QHM_TRY(qhm_allocate(qhm_node_count(node), sizeof *read, &read));
    const qhm_status status = read_indices(node, name, most, read);
    if (status != QHM_OK) {
        qhm_release(read);
        return status;
    }
    *values = read;
    *count = qhm_node_count(node);
    return QHM_OK;
}
