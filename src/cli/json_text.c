// JSON for people: names and values on lines, lists of objects as tables.
#include "cli/json_text.h"

#include "cli/console.h"
#include "cli/text_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 34, MOST_COLUMNS = 12, MOST_LISTED = 16 };

// "standard_error" as "standard error".
static void print_name(const char *name, FILE *out)
{
    char spaced[96];
    snprintf(spaced, sizeof spaced, "%s", name);
    for (char *c = spaced; *c; c++)
        if (*c == '_')
            *c = ' ';
    qhm_print_safe(out, spaced);
}

// Whole numbers with all their digits, up to where every double is whole; others with six.
static char *real_text(double value)
{
    const bool is_whole = value == floor(value) && fabs(value) < 0x1p52;
    return qhm_print_text(is_whole ? "%.0f" : "%.6g", is_whole && value == 0 ? 0 : value);
}

// A scalar, or a list of scalars, as text; the caller frees it.
static char *value_text(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        return qhm_print_text("%s", json_string_value(value));
    case JSON_INTEGER:
        return qhm_print_text("%lld", (long long)json_integer_value(value));
    case JSON_REAL:
        return real_text(json_real_value(value));
    case JSON_TRUE:
        return qhm_print_text("yes");
    case JSON_FALSE:
        return qhm_print_text("no");
    case JSON_ARRAY: {
        char *list = qhm_print_text("%s", "");
        const size_t count = json_array_size(value);
        for (size_t i = 0; i < count && i < MOST_LISTED; i++) {
            char *item = value_text(json_array_get(value, i));
            char *longer = qhm_print_text("%s%s%s", list, i > 0 ? ", " : "", item);
            free(item);
            free(list);
            list = longer;
        }
        if (count > MOST_LISTED) {
            char *longer = qhm_print_text("%s, … %zu in all", list, count);
            free(list);
            list = longer;
        }
        return list;
    }
    default:
        return qhm_print_text("–");
    }
}

static bool is_table(const json_t *value)
{
    return json_is_array(value) && json_array_size(value) > 0 &&
           json_is_object(json_array_get(value, 0));
}

// Null, zero, empty, or an object of such.
static bool is_nothing(const json_t *value)
{
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)value, name, member)
    {
        if (!is_nothing(member))
            return false;
    }
    return json_is_null(value) || json_is_object(value) ||
           (json_is_number(value) && json_number_value(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

// Columns are the names of the first row.
static void print_table(const json_t *rows, int indent, FILE *out)
{
    qhm_text_column columns[MOST_COLUMNS];
    const char *names[MOST_COLUMNS];
    size_t count = 0;
    const char *name;
    json_t *cell;
    json_object_foreach(json_array_get(rows, 0), name, cell)
    {
        if (count == MOST_COLUMNS)
            break;
        names[count] = name;
        columns[count++] = (qhm_text_column){name, json_is_number(cell)};
    }
    qhm_text_table *table = qhm_text_table_create(columns, count);
    for (size_t r = 0; r < json_array_size(rows); r++)
        for (size_t c = 0; c < count; c++) {
            const json_t *value = json_object_get(json_array_get(rows, r), names[c]);
            char *text = value_text(value ? value : json_null());
            qhm_text_table_add(table, "%s", text);
            free(text);
        }
    qhm_text_table_print(table, (size_t)indent, out);
    qhm_text_table_destroy(table);
}

// As value_text; of energies it is small differences that matter.
static char *member_text(const char *name, const json_t *value)
{
    static const char ending[] = "energy";
    const size_t length = strlen(name), tail = sizeof ending - 1;
    if (json_is_real(value) && length >= tail && strcmp(name + length - tail, ending) == 0)
        return qhm_print_text("%.10g", json_real_value(value));
    return value_text(value);
}

static void print_member(const char *name, const json_t *value, int indent, bool hides_zeros,
                         FILE *out)
{
    fprintf(out, "%*s", indent, "");
    print_name(name, out);
    if (json_is_object(value) || is_table(value)) {
        fputc('\n', out);
        if (json_is_object(value))
            qhm_json_text_print(value, indent + 2, hides_zeros, out);
        else
            print_table(value, indent + 2, out);
        return;
    }
    const int used = indent + (int)strlen(name);
    fprintf(out, "%*s", used < NAME_WIDTH ? NAME_WIDTH - used : 2, "");
    char *text = member_text(name, value);
    qhm_print_safe(out, text);
    free(text);
    fputc('\n', out);
}

void qhm_json_text_print(const json_t *object, int indent, bool hides_zeros, FILE *out)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        if (!(hides_zeros && is_nothing(value)))
            print_member(name, value, indent, hides_zeros, out);
    }
}
