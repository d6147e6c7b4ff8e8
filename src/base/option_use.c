// Which fields count beside which others, as rows of options tables declare in `used_with`.
#include "base/option_use.h"

#include "base/options_internal.h"

#include <assert.h>
#include <string.h>

enum { MOST_TEXT = 128 };

// Takes what stands before the separator off the text, the separator too; false: nothing is left.
static bool take(const char **text, const char *separator, char *part)
{
    if (!*text)
        return false;
    const char *end = strstr(*text, separator);
    const size_t length = end ? (size_t)(end - *text) : strlen(*text);
    assert(length < MOST_TEXT);
    memcpy(part, *text, length);
    part[length] = '\0';
    *text = end ? end + strlen(separator) : NULL;
    return true;
}

// One alternative of a condition: a field, or one with some of its values.
typedef struct alternative {
    char name[MOST_TEXT];
    const char *values; // "a,b", within name; NULL: that the field is given
    bool is_negated;
} alternative;

static bool take_alternative(const char **condition, alternative *a)
{
    if (!take(condition, " or ", a->name))
        return false;
    a->is_negated = strncmp(a->name, "no ", 3) == 0;
    if (a->is_negated)
        memmove(a->name, a->name + 3, strlen(a->name + 3) + 1);
    char *values = strchr(a->name, '=');
    a->values = values ? values + 1 : NULL;
    if (values)
        *values = '\0';
    return true;
}

static const qhm_node *find_given(const qhm_option_use *use, const char *name)
{
    const qhm_node *node = use->changes ? qhm_node_find(use->changes, name) : NULL;
    return node || !use->mapping ? node : qhm_node_find(use->mapping, name);
}

// What a choice or a truth value is, its default included; NULL: none, or another type.
static const char *value_of(const qhm_option_use *use, const char *name)
{
    const qhm_option_info *info = qhm_options_find(use->table, name);
    if (info->type == QHM_OPTION_BOOL)
        return *(const bool *)((const char *)use->options + info->offset) ? "true" : "false";
    return qhm_options_choice(use->table, name, use->options);
}

static bool is_listed(const char *value, const char *values)
{
    char one[MOST_TEXT];
    while (take(&values, ",", one))
        if (strcmp(one, value) == 0)
            return true;
    return false;
}

static bool holds(const qhm_option_use *use, const char *condition)
{
    alternative a;
    while (take_alternative(&condition, &a)) {
        const char *value = a.values ? value_of(use, a.name) : NULL;
        const bool is_so =
            a.values ? value && is_listed(value, a.values) : find_given(use, a.name) != NULL;
        if (is_so != a.is_negated)
            return true;
    }
    return false;
}

// Whether an assignment decided one of the condition's fields.
static bool is_by_assignment(const qhm_option_use *use, const char *condition)
{
    alternative a;
    while (take_alternative(&condition, &a)) {
        const qhm_node *node = find_given(use, a.name);
        if (node && qhm_node_is_assigned(node))
            return true;
    }
    return false;
}

// "; method is canonical by default", "; edges is given on line 3"
static void append_reasons(const qhm_option_use *use, const char *condition, qhm_text *out)
{
    alternative a;
    while (take_alternative(&condition, &a)) {
        const qhm_node *node = find_given(use, a.name);
        const char *value = a.values ? value_of(use, a.name) : NULL;
        if (!node && !value)
            continue;
        qhm_text_print(out, "; %s is %s", a.name, value ? value : "given");
        if (!node)
            qhm_text_append(out, " by default");
        else if (qhm_node_is_assigned(node))
            qhm_text_append(out, " by --set");
        else if (qhm_node_line(node) > 0)
            qhm_text_print(out, " on line %zu", qhm_node_line(node));
    }
}

static qhm_status tell(const qhm_option_use *use, const qhm_node *node, const char *condition,
                       qhm_option_notes *notes)
{
    const bool is_noted =
        notes->takes_all || (!qhm_node_is_assigned(node) && is_by_assignment(use, condition));
    qhm_text what = {0};
    qhm_text_print(&what, "field '%s' has no effect: it is used only with %s", qhm_node_name(node),
                   condition);
    append_reasons(use, condition, &what);
    qhm_status status = what.status;
    if (status == QHM_OK && is_noted) {
        qhm_node_append_place(node, &notes->lines);
        qhm_text_print(&notes->lines, ": %s\n", what.bytes);
        status = notes->lines.status;
    } else if (status == QHM_OK) {
        status = qhm_node_fail(node, "%s", what.bytes);
    }
    qhm_text_release(&what);
    return status;
}

static qhm_status check_field(const qhm_option_use *use, const qhm_node *node,
                              qhm_option_notes *notes)
{
    const qhm_option_info *info = qhm_options_find(use->table, qhm_node_name(node));
    const char *rest = info ? info->used_with : NULL;
    char condition[MOST_TEXT];
    if (!rest || (info->type == QHM_OPTION_BOOL && strcmp(value_of(use, info->name), "false") == 0))
        return QHM_OK;
    while (take(&rest, " and ", condition))
        if (!holds(use, condition))
            return tell(use, node, condition, notes);
    return QHM_OK;
}

qhm_status qhm_option_use_check(const qhm_option_use *use, qhm_option_notes *notes)
{
    const qhm_node *judged = use->changes ? use->changes : use->mapping;
    for (size_t i = 0; judged && i < qhm_node_count(judged); i++)
        QHM_TRY(check_field(use, qhm_node_at(judged, i), notes));
    return QHM_OK;
}

qhm_status qhm_options_read_used(const qhm_option_info *table, const qhm_node *mapping,
                                 void *options, qhm_option_notes *notes)
{
    QHM_TRY(qhm_options_read(table, mapping, options));
    QHM_TRY(qhm_options_resolve(table, options));
    return qhm_option_use_check(
        &(qhm_option_use){.table = table, .mapping = mapping, .options = options}, notes);
}

static bool has_value(const qhm_option_info *info, const char *value)
{
    if (info->type == QHM_OPTION_BOOL)
        return strcmp(value, "true") == 0;
    for (size_t i = 0; info->type == QHM_OPTION_CHOICE && info->choices[i]; i++)
        if (strcmp(info->choices[i], value) == 0)
            return true;
    return false;
}

static qhm_status check_condition(const qhm_option_info *table, const qhm_option_info *row,
                                  const char *condition)
{
    alternative a;
    char value[MOST_TEXT];
    while (take_alternative(&condition, &a)) {
        const qhm_option_info *info = qhm_options_find(table, a.name);
        if (!info || info == row)
            return QHM_FAIL(QHM_ERROR_INTERNAL, "%s is used with '%s', no other field", row->name,
                            a.name);
        while (take(&a.values, ",", value))
            if (!has_value(info, value))
                return QHM_FAIL(QHM_ERROR_INTERNAL, "%s is used with %s=%s, which %s cannot be",
                                row->name, a.name, value, a.name);
    }
    return QHM_OK;
}

qhm_status qhm_option_use_check_table(const qhm_option_info *table)
{
    char condition[MOST_TEXT];
    for (const qhm_option_info *row = table; row->name; row++) {
        const char *rest = row->used_with;
        if (rest && strlen(rest) >= MOST_TEXT)
            return QHM_FAIL(QHM_ERROR_INTERNAL, "used_with of %s has %zu characters, not below %d",
                            row->name, strlen(rest), MOST_TEXT);
        while (take(&rest, " and ", condition))
            QHM_TRY(check_condition(table, row, condition));
    }
    return QHM_OK;
}
