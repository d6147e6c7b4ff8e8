// A strict reader of comma-separated values.
#include "data/csv_table.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

enum { MAX_COLUMNS = 20000 };

void qhm_csv_table_release(qhm_csv_table *table)
{
    qhm_release(table->text);
    qhm_release(table->fields);
    qhm_release(table->lines);
    *table = (qhm_csv_table){0};
}

const char *qhm_csv_table_field(const qhm_csv_table *table, size_t row, size_t column)
{
    return table->fields[row * table->columns + column];
}

// Where the reader is. Fields are unquoted in place: `to` never overtakes `at`.
typedef struct scanner {
    char *at;
    size_t line, column; // column of the field, from 1
    char separator;
} scanner;

static bool ends_field(const scanner *s, char c)
{
    return c == s->separator || c == '\n' || c == '\0' || (c == '\r' && s->at[1] == '\n');
}

static qhm_status scan_quoted(scanner *s, char **out_end)
{
    size_t first_line = s->line;
    char *to = s->at++;
    for (;; s->at++) {
        if (*s->at == '\0')
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu, column %zu: the quotes are not closed",
                            first_line, s->column);
        if (*s->at == '"' && *++s->at != '"')
            break;
        s->line += *s->at == '\n';
        *to++ = *s->at;
    }
    if (!ends_field(s, *s->at))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu, column %zu: text after the closing quotes",
                        s->line, s->column);
    *out_end = to;
    return QHM_OK;
}

static qhm_status scan_plain(scanner *s, char **out_end)
{
    for (; !ends_field(s, *s->at); s->at++)
        if (*s->at == '"')
            return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                            "line %zu, column %zu: quotes inside a field that does not begin with "
                            "them",
                            s->line, s->column);
    *out_end = s->at;
    return QHM_OK;
}

// Appends the fields of one row; *out_count of them.
static qhm_status scan_row(scanner *s, qhm_csv_table *table, size_t *out_count)
{
    for (size_t count = 1;; count++) {
        s->column = count;
        if (count > MAX_COLUMNS)
            return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "line %zu has more than %d columns", s->line,
                            MAX_COLUMNS);
        QHM_TRY(qhm_reserve(table->field_count + 1, &table->capacity, sizeof *table->fields,
                            &table->fields));
        table->fields[table->field_count++] = s->at;
        char *end;
        if (*s->at == '"')
            QHM_TRY(scan_quoted(s, &end));
        else
            QHM_TRY(scan_plain(s, &end));
        char stop = *s->at;
        if (stop == '\r')
            s->at++;
        if (*s->at == '\n')
            s->line++;
        if (*s->at != '\0')
            s->at++;
        *end = '\0';
        if (stop != s->separator) {
            *out_count = count;
            return QHM_OK;
        }
    }
}

static qhm_status check_header(const qhm_csv_table *table)
{
    for (size_t i = 0; i < table->columns; i++) {
        if (table->fields[i][0] == '\0')
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu, column %zu: the header has no name",
                            table->lines[0], i + 1);
        for (size_t j = 0; j < i; j++)
            if (strcmp(table->fields[i], table->fields[j]) == 0)
                return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                                "line %zu: columns %zu and %zu are both named \"%s\"",
                                table->lines[0], j + 1, i + 1, table->fields[i]);
    }
    return QHM_OK;
}

static qhm_status scan_all(scanner *s, qhm_csv_table *table)
{
    while (*s->at != '\0') {
        if (*s->at == '\n' || (*s->at == '\r' && s->at[1] == '\n')) { // a blank line
            s->at += *s->at == '\r' ? 2 : 1;
            s->line++;
            continue;
        }
        QHM_TRY(qhm_reserve(table->rows + 1, &table->line_capacity, sizeof *table->lines,
                            &table->lines));
        table->lines[table->rows] = s->line;
        size_t count;
        QHM_TRY(scan_row(s, table, &count));
        if (table->rows++ == 0) {
            table->columns = count;
            QHM_TRY(check_header(table));
        } else if (count != table->columns) {
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu has %zu fields, not the header's %zu",
                            table->lines[table->rows - 1], count, table->columns);
        }
    }
    if (table->rows < 2)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "the table has %zu rows, not a header and items",
                        table->rows);
    return QHM_OK;
}

qhm_status qhm_csv_table_parse(char *text, size_t count, char separator, qhm_csv_table *out_table)
{
    qhm_csv_table table = {.text = text};
    scanner s = {.at = text, .line = 1, .separator = separator};
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0) // a byte order mark
        s.at += 3;
    qhm_status status = QHM_OK;
    const char *nul = memchr(text, '\0', count);
    if (nul) {
        size_t line = 1;
        for (const char *c = text; c < nul; c++)
            line += *c == '\n';
        status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu has a NUL byte: not a text file", line);
    }
    if (status == QHM_OK)
        status = scan_all(&s, &table);
    if (status != QHM_OK) {
        qhm_csv_table_release(&table);
        return status;
    }
    *out_table = table;
    return QHM_OK;
}

qhm_status qhm_csv_table_find(const qhm_csv_table *table, const char *name, size_t *out_column)
{
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(table->fields[i], name) == 0) {
            *out_column = i;
            return QHM_OK;
        }
    const char *nearest = qhm_nearest_name(name, table->fields, table->columns);
    if (nearest)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu: no column \"%s\": did you mean \"%s\"",
                        table->lines[0], name, nearest);
    return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                    "line %zu: no column \"%s\" among %zu, from \"%s\" to \"%s\"", table->lines[0],
                    name, table->columns, table->fields[0], table->fields[table->columns - 1]);
}
