// Cells are kept as text, row by row; widths are those that a terminal shows.
#include "cli/text_table.h"

#include "cli/console.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

enum { GAP = 2, NARROWEST_COLUMN = 8 };

struct qhm_text_table {
    const qhm_text_column *columns; // [column_count]
    size_t column_count;
    char **cells; // [cell_count], row-major
    size_t cell_count;
};

qhm_text_table *qhm_text_table_create(const qhm_text_column *columns, size_t count)
{
    qhm_text_table *table = qhm_cli_allocate(1, sizeof *table);
    table->columns = columns;
    table->column_count = count;
    return table;
}

void qhm_text_table_destroy(qhm_text_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->cell_count; i++)
        free(table->cells[i]);
    free(table->cells);
    free(table);
}

void qhm_text_table_add(qhm_text_table *table, const char *format, ...)
{
    char *text = NULL, *safe = NULL;
    size_t count = 0;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    FILE *copy = length >= 0 ? open_memstream(&safe, &count) : NULL;
    if (copy) {
        qhm_print_safe(copy, text);
        fclose(copy);
    }
    if (length >= 0)
        free(text);
    table->cells = qhm_cli_grow(table->cells, table->cell_count + 1, sizeof *table->cells);
    table->cells[table->cell_count++] = safe ? safe : qhm_print_text("?");
}

// Columns that one character takes: 2 for emoji and wide scripts, 0 for combining marks.
static size_t next_width(const char **text, mbstate_t *state)
{
    wchar_t letter = 0;
    size_t bytes = mbrtowc(&letter, *text, MB_CUR_MAX, state);
    if (bytes == 0 || bytes == (size_t)-1 || bytes == (size_t)-2) {
        memset(state, 0, sizeof *state);
        *text += 1;
        return 1;
    }
    *text += bytes;
    int width = wcwidth(letter);
    return width > 0 ? (size_t)width : 0;
}

static size_t shown_width(const char *text)
{
    mbstate_t state = {0};
    size_t width = 0;
    while (*text)
        width += next_width(&text, &state);
    return width;
}

// Prints the text in its column. Blanks wait until something follows, so that no line ends in them.
static void print_cell(const char *text, size_t width, bool is_right, size_t *blanks, FILE *out)
{
    size_t shown = shown_width(text);
    if (shown == 0) {
        *blanks += width;
        return;
    }
    if (shown <= width) {
        *blanks += is_right ? width - shown : 0;
        fprintf(out, "%*s%s", (int)*blanks, "", text);
        *blanks = is_right ? 0 : width - shown;
        return;
    }
    bool is_utf8 = qhm_console_is_utf8();
    size_t room = width - (is_utf8 ? 1 : 2), used = 0;
    mbstate_t state = {0};
    const char *end = text;
    while (*end) {
        const char *next = end;
        size_t more = next_width(&next, &state);
        if (used + more > room)
            break;
        used += more;
        end = next;
    }
    fprintf(out, "%*s%.*s%s", (int)*blanks, "", (int)(end - text), text, is_utf8 ? "…" : "..");
    *blanks = room - used;
}

// The width of every column, cut until a row fits on the terminal.
static void measure(const qhm_text_table *table, size_t indent, size_t *widths)
{
    size_t total = indent, limit = qhm_console_width(STDOUT_FILENO, SIZE_MAX);
    for (size_t c = 0; c < table->column_count; c++) {
        widths[c] = shown_width(table->columns[c].title);
        for (size_t i = c; i < table->cell_count; i += table->column_count) {
            size_t width = shown_width(table->cells[i]);
            widths[c] = width > widths[c] ? width : widths[c];
        }
        total += widths[c] + (c > 0 ? GAP : 0);
    }
    while (total > limit) {
        size_t widest = SIZE_MAX;
        for (size_t c = 0; c < table->column_count; c++)
            if (!table->columns[c].is_number && widths[c] > NARROWEST_COLUMN &&
                (widest == SIZE_MAX || widths[c] > widths[widest]))
                widest = c;
        if (widest == SIZE_MAX)
            break;
        widths[widest]--;
        total--;
    }
}

void qhm_text_table_print(const qhm_text_table *table, size_t indent, FILE *out)
{
    size_t *widths = qhm_cli_allocate(table->column_count, sizeof *widths);
    measure(table, indent, widths);
    bool has_colour = qhm_console_has_colour(STDOUT_FILENO);
    size_t rows = table->cell_count / table->column_count;
    for (size_t line = 0; line <= rows; line++) {
        size_t blanks = indent;
        fputs(line == 0 && has_colour ? "\033[1m" : "", out);
        for (size_t c = 0; c < table->column_count; c++) {
            const char *text = line == 0 ? table->columns[c].title
                                         : table->cells[(line - 1) * table->column_count + c];
            blanks += c > 0 ? GAP : 0;
            print_cell(text, widths[c], table->columns[c].is_number, &blanks, out);
        }
        fprintf(out, "%s\n", line == 0 && has_colour ? "\033[0m" : "");
    }
    free(widths);
}

void qhm_text_table_print_tabs(const qhm_text_table *table, FILE *out)
{
    for (size_t i = 0; i < table->cell_count; i++)
        fprintf(out, "%s%c", table->cells[i], (i + 1) % table->column_count == 0 ? '\n' : '\t');
}
