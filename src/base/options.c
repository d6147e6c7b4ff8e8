// Reading, resolving and printing options by their tables.
#include "base/options_internal.h"

#include "base/memory.h"
#include "base/option_use.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

enum { MAX_NAMES = 256 };

static const uint64_t LARGEST_EXACT = UINT64_C(1) << 53; // doubles hold all integers up to here

static size_t row_count(const qhm_option_info *table)
{
    size_t count = 0;
    while (table[count].name)
        count++;
    return count;
}

const qhm_option_info *qhm_options_find(const qhm_option_info *table, const char *name)
{
    for (; table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

static void *field_of(const qhm_option_info *info, void *options)
{
    return (char *)options + info->offset;
}

static bool has_limits(const qhm_option_info *info)
{
    return info->minimum != 0 || info->maximum != 0;
}

static bool is_number(const qhm_option_info *info)
{
    return info->type == QHM_OPTION_SIZE || info->type == QHM_OPTION_UINT64 ||
           info->type == QHM_OPTION_DOUBLE || info->type == QHM_OPTION_DOUBLE_OR_ZERO;
}

static void append_limit(qhm_text *out, const qhm_option_info *info, double limit)
{
    if ((info->type != QHM_OPTION_SIZE && info->type != QHM_OPTION_UINT64) || limit < 9e15)
        qhm_text_append_number(out, limit);
    else
        qhm_text_append(out, "2^64-1");
}

// "a whole number from 1 to 100", "one of a, b, c"
static void append_expectation(qhm_text *out, const qhm_option_info *info)
{
    switch (info->type) {
    case QHM_OPTION_BOOL:
        qhm_text_append(out, "true or false");
        return;
    case QHM_OPTION_TEXT:
        qhm_text_append(out, "a text");
        return;
    case QHM_OPTION_NODE:
        qhm_text_append(out, "a list or a mapping");
        return;
    case QHM_OPTION_CHOICE:
        qhm_text_append(out, "one of ");
        for (size_t i = 0; info->choices[i]; i++)
            qhm_text_print(out, "%s%s", i > 0 ? ", " : "", info->choices[i]);
        return;
    case QHM_OPTION_SIZE:
    case QHM_OPTION_UINT64:
        qhm_text_append(out, "a whole number");
        break;
    case QHM_OPTION_DOUBLE:
    case QHM_OPTION_DOUBLE_OR_ZERO:
        qhm_text_append(out, "a number");
        break;
    }
    if (has_limits(info)) {
        qhm_text_append(out, " from ");
        append_limit(out, info, info->minimum);
        qhm_text_append(out, " to ");
        append_limit(out, info, info->maximum);
    }
}

static qhm_status fail_value(const qhm_option_info *info, const char *value, bool is_quoted)
{
    qhm_text what = {0};
    append_expectation(&what, info);
    if (info->default_text)
        qhm_text_print(&what, " (default %s)", info->default_text);
    if (info->type == QHM_OPTION_CHOICE) {
        size_t count = 0;
        while (info->choices[count])
            count++;
        const char *nearest = qhm_nearest_name(value, info->choices, count);
        if (nearest)
            qhm_text_print(&what, "; did you mean \"%s\"?", nearest);
    }
    qhm_status status = what.status;
    if (status == QHM_OK)
        status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s is %s\"%s\", not %s", info->name,
                          is_quoted ? "the quoted text " : "", value, what.bytes);
    qhm_text_release(&what);
    return status;
}

static bool is_inside(const qhm_option_info *info, double value)
{
    return !has_limits(info) || (value >= info->minimum && value <= info->maximum);
}

// True when `text` is a value of the row's type and inside its limits; then it is stored.
static bool store(const qhm_option_info *info, const char *text, void *options)
{
    void *field = field_of(info, options);
    uint64_t whole;
    double number;
    bool truth;
    switch (info->type) {
    case QHM_OPTION_BOOL:
        if (!qhm_parse_bool(text, &truth))
            return false;
        *(bool *)field = truth;
        return true;
    case QHM_OPTION_SIZE:
    case QHM_OPTION_UINT64:
        if (!qhm_parse_uint64(text, &whole) || !is_inside(info, (double)whole))
            return false;
        if (info->type == QHM_OPTION_SIZE)
            *(size_t *)field = (size_t)whole;
        else
            *(uint64_t *)field = whole;
        return true;
    case QHM_OPTION_DOUBLE:
    case QHM_OPTION_DOUBLE_OR_ZERO:
        if (!qhm_parse_double(text, &number) || !is_inside(info, number))
            return false;
        *(double *)field = number == 0 && info->type == QHM_OPTION_DOUBLE_OR_ZERO ? -0.0 : number;
        return true;
    case QHM_OPTION_TEXT:
        *(const char **)field = text;
        return true;
    case QHM_OPTION_CHOICE:
        for (int i = 0; info->choices[i]; i++)
            if (strcmp(text, info->choices[i]) == 0) {
                *(int *)field = 1 + i;
                return true;
            }
        return false;
    case QHM_OPTION_NODE:
        return false;
    }
    return false;
}

// A number's value as a double, whatever its type.
static double number_in(const qhm_option_info *info, const void *options)
{
    const void *field = (const char *)options + info->offset;
    if (info->type == QHM_OPTION_SIZE)
        return (double)*(const size_t *)field;
    if (info->type == QHM_OPTION_UINT64)
        return (double)*(const uint64_t *)field;
    return *(const double *)field;
}

// A zero in the struct would silently become the default.
static bool is_hidden_zero(const qhm_option_info *info, const void *options)
{
    double standard = 0;
    return is_number(info) && info->type != QHM_OPTION_DOUBLE_OR_ZERO && info->default_text &&
           number_in(info, options) == 0 && qhm_parse_double(info->default_text, &standard) &&
           standard != 0;
}

static qhm_status set_checked(const qhm_option_info *info, const char *value, bool is_quoted,
                              void *options)
{
    bool wants_text = info->type == QHM_OPTION_TEXT || info->type == QHM_OPTION_CHOICE;
    if ((is_quoted && !wants_text) || !store(info, value, options))
        return fail_value(info, value, is_quoted && !wants_text);
    if (is_hidden_zero(info, options))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                        "%s is 0, which stands for its default %s and cannot be asked for",
                        info->name, info->default_text);
    return QHM_OK;
}

// The nearest name, or all of them.
static qhm_status fail_unknown(const qhm_option_info *table, const char *name)
{
    const char *names[MAX_NAMES] = {0};
    size_t count = row_count(table) < MAX_NAMES ? row_count(table) : MAX_NAMES;
    for (size_t i = 0; i < count; i++)
        names[i] = table[i].name;
    const char *nearest = qhm_nearest_name(name, names, count);
    if (nearest)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "unknown field \"%s\"; did you mean \"%s\"?", name,
                        nearest);
    qhm_text known = {0};
    for (size_t i = 0; i < count; i++)
        qhm_text_print(&known, "%s%s", i > 0 ? ", " : "", names[i]);
    qhm_status status = known.status;
    if (status == QHM_OK)
        status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "unknown field \"%s\"; the fields here are %s", name,
                          known.length > 0 ? known.bytes : "none");
    qhm_text_release(&known);
    return status;
}

qhm_status qhm_options_set_text(const qhm_option_info *table, const char *name, const char *value,
                                void *options)
{
    const qhm_option_info *info = qhm_options_find(table, name);
    if (!info)
        return fail_unknown(table, name);
    return set_checked(info, value, false, options);
}

static qhm_status read_field(const qhm_option_info *table, const qhm_node *node, void *options)
{
    const qhm_option_info *info = qhm_options_find(table, qhm_node_name(node));
    if (!info)
        return fail_unknown(table, qhm_node_name(node));
    qhm_node_kind kind = qhm_node_kind_of(node);
    if (info->type == QHM_OPTION_NODE) {
        *(const qhm_node **)field_of(info, options) = node;
        return QHM_OK;
    }
    if (kind == QHM_NODE_SCALAR)
        return set_checked(info, qhm_node_text(node), qhm_node_is_quoted(node), options);
    qhm_text what = {0};
    append_expectation(&what, info);
    qhm_status status = what.status;
    if (status == QHM_OK)
        status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s is %s, not %s", info->name,
                          qhm_node_kind_name(kind), what.bytes);
    qhm_text_release(&what);
    return status;
}

qhm_status qhm_options_read(const qhm_option_info *table, const qhm_node *mapping, void *options)
{
    if (!mapping)
        return QHM_OK;
    qhm_node_kind kind = qhm_node_kind_of(mapping);
    if (kind != QHM_NODE_MAPPING && kind != QHM_NODE_NULL)
        return qhm_node_fail(mapping, "here is %s, not a mapping of fields",
                             qhm_node_kind_name(kind));
    for (size_t i = 0; i < qhm_node_count(mapping); i++) {
        const qhm_node *node = qhm_node_at(mapping, i);
        qhm_status status = read_field(table, node, options);
        if (status == QHM_ERROR_BAD_INPUT)
            return qhm_node_fail(node, "%s", qhm_error_message());
        QHM_TRY(status);
    }
    return QHM_OK;
}

// True when a field that a C caller filled holds a legal value; zero is not judged here.
static qhm_status check_filled(const qhm_option_info *info, const void *options)
{
    const void *field = (const char *)options + info->offset;
    qhm_text what = {0};
    if (is_number(info)) {
        double number = number_in(info, options);
        if (number == 0 || (isfinite(number) && is_inside(info, number)))
            return QHM_OK;
        qhm_text_append_number(&what, number);
    } else if (info->type == QHM_OPTION_CHOICE) {
        int choice = *(const int *)field, count = 0;
        while (info->choices[count])
            count++;
        if (choice >= 0 && choice <= count)
            return QHM_OK;
        qhm_text_print(&what, "choice %d", choice);
    } else {
        return QHM_OK;
    }
    qhm_text_append(&what, ", not ");
    append_expectation(&what, info);
    qhm_status status = what.status;
    if (status == QHM_OK)
        status = QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "%s is %s", info->name, what.bytes);
    qhm_text_release(&what);
    return status;
}

static bool is_given(const qhm_option_info *info, const void *options)
{
    const void *field = (const char *)options + info->offset;
    if (info->type == QHM_OPTION_TEXT)
        return *(const char *const *)field != NULL;
    if (info->type == QHM_OPTION_CHOICE)
        return *(const int *)field != 0;
    if (!is_number(info))
        return true;
    const double number = number_in(info, options);
    return number != 0 || (info->type == QHM_OPTION_DOUBLE_OR_ZERO && signbit(number));
}

qhm_status qhm_options_resolve(const qhm_option_info *table, void *options)
{
    for (const qhm_option_info *info = table; info->name; info++) {
        QHM_TRY(check_filled(info, options));
        if (!is_given(info, options) && info->default_text &&
            !store(info, info->default_text, options))
            return QHM_FAIL(QHM_ERROR_INTERNAL, "the default of %s does not read: %s", info->name,
                            info->default_text);
    }
    return QHM_OK;
}

const char *qhm_options_choice(const qhm_option_info *table, const char *name, const void *options)
{
    const qhm_option_info *info = qhm_options_find(table, name);
    if (!info || info->type != QHM_OPTION_CHOICE || !is_given(info, options))
        return NULL;
    return info->choices[*(const int *)((const char *)options + info->offset) - 1];
}

void qhm_options_print_help(const qhm_option_info *table, int indent, qhm_text *out)
{
    for (const qhm_option_info *info = table; info->name; info++) {
        qhm_text_print(out, "%*s%s: ", indent, "", info->name);
        append_expectation(out, info);
        if (info->default_text)
            qhm_text_print(out, "; default %s", info->default_text);
        else if (info->type == QHM_OPTION_BOOL)
            qhm_text_append(out, "; default false");
        else if (is_number(info))
            qhm_text_append(out, "; default 0");
        qhm_text_print(out, "\n%*s    %s\n", indent, "", info->help);
        if (info->used_with)
            qhm_text_print(out, "%*s    only with %s\n", indent, "", info->used_with);
    }
}

static json_t *json_whole(uint64_t value)
{
    if (value <= LARGEST_EXACT)
        return json_integer((json_int_t)value);
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    return json_string(digits);
}

static json_t *json_value(const qhm_option_info *info, const void *options)
{
    const void *field = (const char *)options + info->offset;
    switch (info->type) {
    case QHM_OPTION_BOOL:
        return json_boolean(*(const bool *)field);
    case QHM_OPTION_SIZE:
        return json_whole(*(const size_t *)field);
    case QHM_OPTION_UINT64:
        return json_whole(*(const uint64_t *)field);
    case QHM_OPTION_DOUBLE:
    case QHM_OPTION_DOUBLE_OR_ZERO:
        return json_real(*(const double *)field + 0.0); // no -0.0
    case QHM_OPTION_TEXT:
        return is_given(info, options) ? json_string(*(const char *const *)field) : json_null();
    case QHM_OPTION_CHOICE:
        return is_given(info, options) ? json_string(info->choices[*(const int *)field - 1])
                                       : json_null();
    case QHM_OPTION_NODE:
        break;
    }
    return NULL;
}

qhm_status qhm_options_to_json(const qhm_option_info *table, const void *options, json_t **out)
{
    json_t *object = json_object();
    const char *refused = "";
    for (const qhm_option_info *info = table; object && info->name; info++) {
        if (info->type == QHM_OPTION_NODE)
            continue;
        if (json_object_set_new(object, info->name, json_value(info, options)) != 0) {
            refused = info->name;
            json_decref(object);
            object = NULL;
        }
    }
    if (!object)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY,
                        "cannot write %s as JSON: no memory, or a text that is not UTF-8", refused);
    *out = object;
    return QHM_OK;
}

qhm_status qhm_options_check_table(const qhm_option_info *table)
{
    for (const qhm_option_info *info = table; info->name; info++) {
        union {
            double number;
            uint64_t whole;
            const char *text;
            bool truth;
        } value = {0};
        qhm_option_info row = *info;
        row.offset = 0;
        if (info->default_text && !store(&row, info->default_text, &value))
            return QHM_FAIL(QHM_ERROR_INTERNAL, "the default of %s, %s, is outside its own limits",
                            info->name, info->default_text);
        if (!info->help || info->help[0] == '\0')
            return QHM_FAIL(QHM_ERROR_INTERNAL, "%s has no help", info->name);
        if (info->type == QHM_OPTION_CHOICE && !info->choices)
            return QHM_FAIL(QHM_ERROR_INTERNAL, "%s has no choices", info->name);
    }
    return qhm_option_use_check_table(table);
}
