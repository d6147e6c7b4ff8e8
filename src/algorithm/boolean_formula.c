// Boolean formulas: a parser by recursive descent, DIMACS, values.
#include "algorithm/boolean_formula_internal.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_VARIABLES = 62, MOST_DEPTH = 64 };

void qhm_boolean_formula_destroy(qhm_boolean_formula *formula)
{
    if (!formula)
        return;
    qhm_release(formula->nodes);
    qhm_release(formula);
}

size_t qhm_boolean_formula_variable_count(const qhm_boolean_formula *formula)
{
    return formula->variable_count;
}

static bool value_of(const qhm_boolean_formula *formula, size_t index, uint64_t assignment)
{
    const qhm_boolean_node *node = &formula->nodes[index];
    bool value = node->kind == QHM_BOOLEAN_AND;
    if (node->kind == QHM_BOOLEAN_VARIABLE)
        value = assignment >> node->variable & 1;
    for (size_t c = node->first; c != QHM_BOOLEAN_NONE; c = formula->nodes[c].next) {
        const bool part = value_of(formula, c, assignment);
        if (node->kind == QHM_BOOLEAN_AND)
            value = value && part;
        else
            value = node->kind == QHM_BOOLEAN_OR ? value || part : value != part;
    }
    return value != node->is_negated;
}

bool qhm_boolean_formula_value(const qhm_boolean_formula *formula, uint64_t assignment)
{
    return value_of(formula, formula->root, assignment);
}

static qhm_status add_node(qhm_boolean_formula *formula, qhm_boolean_node node, size_t *index)
{
    QHM_TRY(qhm_reserve(formula->node_count + 1, &formula->capacity, sizeof *formula->nodes,
                        &formula->nodes));
    node.first = node.next = QHM_BOOLEAN_NONE;
    *index = formula->node_count;
    formula->nodes[formula->node_count++] = node;
    return QHM_OK;
}

typedef struct parser {
    const char *text, *cursor;
    qhm_boolean_formula *formula;
    size_t depth;
} parser;

static char peek(parser *p)
{
    while (isspace((unsigned char)*p->cursor))
        p->cursor++;
    return *p->cursor;
}

static qhm_status expected(const parser *p, const char *what)
{
    return QHM_FAIL(QHM_ERROR_BAD_INPUT, "column %zu of the formula: %s expected",
                    (size_t)(p->cursor - p->text) + 1, what);
}

static qhm_status parse_variable(parser *p, size_t *index)
{
    char *end;
    if (*p->cursor != 'x' || !isdigit((unsigned char)p->cursor[1]))
        return expected(p, "a variable such as x0, ~ or (");
    const unsigned long number = strtoul(p->cursor + 1, &end, 10);
    if (number >= MOST_VARIABLES)
        return expected(p, "a variable from x0 to x61");
    p->cursor = end;
    if (number >= p->formula->variable_count)
        p->formula->variable_count = number + 1;
    return add_node(p->formula,
                    (qhm_boolean_node){.kind = QHM_BOOLEAN_VARIABLE, .variable = number}, index);
}

static qhm_status parse_level(parser *p, qhm_boolean_kind kind, size_t *index);

static qhm_status parse_factor(parser *p, size_t *index)
{
    bool is_negated = false;
    while (peek(p) == '~' || peek(p) == '!') {
        is_negated = !is_negated;
        p->cursor++;
    }
    if (peek(p) != '(') {
        QHM_TRY(parse_variable(p, index));
    } else {
        if (p->depth++ == MOST_DEPTH)
            return expected(p, "parentheses no deeper than 64");
        p->cursor++;
        QHM_TRY(parse_level(p, QHM_BOOLEAN_OR, index));
        if (peek(p) != ')')
            return expected(p, ")");
        p->cursor++;
        p->depth--;
    }
    p->formula->nodes[*index].is_negated ^= is_negated;
    return QHM_OK;
}

// What binds tighter than `kind`.
static qhm_status parse_part(parser *p, qhm_boolean_kind kind, size_t *index)
{
    if (kind == QHM_BOOLEAN_AND)
        return parse_factor(p, index);
    return parse_level(p, kind == QHM_BOOLEAN_OR ? QHM_BOOLEAN_XOR : QHM_BOOLEAN_AND, index);
}

static qhm_status parse_level(parser *p, qhm_boolean_kind kind, size_t *index)
{
    static const char operators[] = {
        [QHM_BOOLEAN_AND] = '&', [QHM_BOOLEAN_XOR] = '^', [QHM_BOOLEAN_OR] = '|'};
    size_t last, parent;
    QHM_TRY(parse_part(p, kind, &last));
    *index = last;
    if (peek(p) != operators[kind])
        return QHM_OK;
    QHM_TRY(add_node(p->formula, (qhm_boolean_node){.kind = kind}, &parent));
    p->formula->nodes[parent].first = last;
    while (peek(p) == operators[kind]) {
        size_t next;
        p->cursor++;
        QHM_TRY(parse_part(p, kind, &next));
        p->formula->nodes[last].next = next;
        last = next;
    }
    *index = parent;
    return QHM_OK;
}

qhm_status qhm_boolean_formula_parse(const char *text, qhm_boolean_formula **formula)
{
    qhm_boolean_formula *made;
    QHM_REQUIRE(text && formula, "text or formula is NULL");
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    parser p = {.text = text, .cursor = text, .formula = made};
    qhm_status status = parse_level(&p, QHM_BOOLEAN_OR, &made->root);
    if (status == QHM_OK && peek(&p) != '\0')
        status = expected(&p, "&, ^, | or the end");
    if (status != QHM_OK) {
        qhm_boolean_formula_destroy(made);
        return status;
    }
    *formula = made;
    return QHM_OK;
}

static qhm_status add_child(qhm_boolean_formula *formula, size_t parent, size_t *last,
                            qhm_boolean_node node)
{
    size_t index;
    QHM_TRY(add_node(formula, node, &index));
    if (*last == QHM_BOOLEAN_NONE)
        formula->nodes[parent].first = index;
    else
        formula->nodes[*last].next = index;
    *last = index;
    return QHM_OK;
}

static qhm_status add_clauses(qhm_boolean_formula *formula, const int *literals, size_t count)
{
    size_t last_clause = QHM_BOOLEAN_NONE, last = QHM_BOOLEAN_NONE;
    QHM_TRY(add_node(formula, (qhm_boolean_node){.kind = QHM_BOOLEAN_AND}, &formula->root));
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || literals[i - 1] == 0) {
            QHM_TRY(add_child(formula, formula->root, &last_clause,
                              (qhm_boolean_node){.kind = QHM_BOOLEAN_OR}));
            last = QHM_BOOLEAN_NONE;
        }
        if (literals[i] != 0)
            QHM_TRY(add_child(formula, last_clause, &last,
                              (qhm_boolean_node){.kind = QHM_BOOLEAN_VARIABLE,
                                                 .is_negated = literals[i] < 0,
                                                 .variable = (size_t)abs(literals[i]) - 1}));
    }
    return QHM_OK;
}

qhm_status qhm_boolean_formula_create_clauses(size_t variable_count, const int *literals,
                                              size_t count, qhm_boolean_formula **formula)
{
    qhm_boolean_formula *made;
    QHM_REQUIRE(literals && formula, "literals or formula is NULL");
    QHM_REQUIRE(variable_count >= 1 && variable_count <= MOST_VARIABLES,
                "variable_count is %zu, not 1 to %d", variable_count, MOST_VARIABLES);
    QHM_REQUIRE(count > 0 && literals[count - 1] == 0, "the last clause does not end with 0");
    for (size_t i = 0; i < count; i++)
        QHM_REQUIRE(literals[i] >= -(int)variable_count && literals[i] <= (int)variable_count,
                    "literal %d is not from -%zu to %zu", literals[i], variable_count,
                    variable_count);
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->variable_count = variable_count;
    const qhm_status status = add_clauses(made, literals, count);
    if (status != QHM_OK) {
        qhm_boolean_formula_destroy(made);
        return status;
    }
    *formula = made;
    return QHM_OK;
}

typedef struct dimacs {
    int *literals;
    size_t count, capacity;
    long variables, clauses; // that the header promises
} dimacs;

static qhm_status read_literals(dimacs *d, const char *line, size_t line_length, size_t number)
{
    const char *cursor = line, *const end = line + line_length;
    for (;;) {
        while (cursor < end && isspace((unsigned char)*cursor))
            cursor++;
        if (cursor == end)
            return QHM_OK;
        char *after;
        const long literal = strtol(cursor, &after, 10);
        if (after == cursor || d->variables == 0 || labs(literal) > d->variables)
            return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                            "line %zu: a literal from -%ld to %ld expected after the line 'p cnf'",
                            number, d->variables, d->variables);
        QHM_TRY(qhm_reserve(d->count + 1, &d->capacity, sizeof *d->literals, &d->literals));
        d->literals[d->count++] = (int)literal;
        cursor = after;
    }
}

static qhm_status read_dimacs(dimacs *d, const char *text)
{
    for (size_t number = 1; *text; number++) {
        const size_t length = strcspn(text, "\n");
        if (*text == 'p') {
            char *after = NULL;
            if (strncmp(text, "p cnf ", 6) == 0) {
                d->variables = strtol(text + 6, &after, 10);
                d->clauses = strtol(after, NULL, 10);
            }
            if (d->variables < 1 || d->variables > MOST_VARIABLES || d->clauses < 1)
                return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                                "line %zu: 'p cnf VARIABLES CLAUSES' expected, 1 to %d variables "
                                "and at least one clause",
                                number, MOST_VARIABLES);
        } else if (*text != 'c') {
            QHM_TRY(read_literals(d, text, length, number));
        }
        text += length + (text[length] == '\n');
    }
    long clauses = 0;
    for (size_t i = 0; i < d->count; i++)
        clauses += d->literals[i] == 0;
    if (d->count == 0 || clauses != d->clauses || d->literals[d->count - 1] != 0)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%ld clauses end with 0, the header says %ld", clauses,
                        d->clauses);
    return QHM_OK;
}

qhm_status qhm_boolean_formula_parse_dimacs(const char *text, qhm_boolean_formula **formula)
{
    dimacs d = {0};
    QHM_REQUIRE(text && formula, "text or formula is NULL");
    qhm_status status = read_dimacs(&d, text);
    if (status == QHM_OK)
        status =
            qhm_boolean_formula_create_clauses((size_t)d.variables, d.literals, d.count, formula);
    qhm_release(d.literals);
    return status;
}
