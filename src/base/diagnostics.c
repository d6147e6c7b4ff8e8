// Errors and warnings with their places, and how they are shown.
#include "base/diagnostics_internal.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_BYTES = 72 }; // of a long line, on each side of the column

typedef struct entry {
    qhm_diagnostic shown;
    size_t offset;
    char *texts[4]; // file, message, hint, source line
    size_t caret;   // bytes of the source line before the caret
} entry;

struct qhm_diagnostics {
    entry *entries;
    size_t count, capacity, error_count;
};

qhm_status qhm_diagnostics_create(qhm_diagnostics **diagnostics)
{
    return qhm_allocate(1, sizeof **diagnostics, diagnostics);
}

static void release_entry(entry *item)
{
    for (int i = 0; i < 4; i++)
        qhm_release(item->texts[i]);
}

void qhm_diagnostics_destroy(qhm_diagnostics *diagnostics)
{
    if (!diagnostics)
        return;
    for (size_t i = 0; i < diagnostics->count; i++)
        release_entry(&diagnostics->entries[i]);
    qhm_release(diagnostics->entries);
    qhm_release(diagnostics);
}

size_t qhm_diagnostics_count(const qhm_diagnostics *diagnostics)
{
    return diagnostics ? diagnostics->count : 0;
}

size_t qhm_diagnostics_error_count(const qhm_diagnostics *diagnostics)
{
    return diagnostics ? diagnostics->error_count : 0;
}

const qhm_diagnostic *qhm_diagnostics_item(const qhm_diagnostics *diagnostics, size_t index)
{
    assert(diagnostics && index < diagnostics->count);
    return &diagnostics->entries[index].shown;
}

static bool continues_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

// Copies text with whatever could drive a terminal replaced, tabs excepted.
static void append_safe(qhm_text *text, const char *string, bool ascii)
{
    while (*string) {
        uint32_t character = qhm_utf8_next(&string);
        bool is_control =
            (character < 0x20 && character != '\t') || (character >= 0x7F && character < 0xA0);
        if (is_control || (ascii && character >= 0x80))
            character = '?';
        // Marks that turn the direction of writing around.
        if ((character >= 0x202A && character <= 0x202E) ||
            (character >= 0x2066 && character <= 0x2069))
            character = 0xFFFD;
        qhm_text_append_utf8(text, character);
    }
}

// The line of bytes[offset], cut to a window around it.
static qhm_status take_line(entry *item, const char *bytes, size_t length, size_t offset)
{
    size_t first = offset, last = offset;
    while (first > 0 && bytes[first - 1] != '\n')
        first--;
    while (last < length && bytes[last] != '\n')
        last++;
    if (last > offset && bytes[last - 1] == '\r')
        last--;
    bool cut_before = offset - first > 2 * SHOWN_BYTES, cut_after;
    if (cut_before)
        for (first = offset - SHOWN_BYTES; first < offset && continues_character(bytes[first]);)
            first++;
    cut_after = last - offset > 2 * SHOWN_BYTES;
    if (cut_after)
        for (last = offset + SHOWN_BYTES; last > offset && continues_character(bytes[last]);)
            last--;
    qhm_text line = {0};
    qhm_text_append(&line, cut_before ? "..." : "");
    size_t dots = cut_before ? 3 : 0;
    qhm_text_append_bytes(&line, bytes + first, last - first);
    for (size_t i = dots; i < line.length; i++)
        if (line.bytes[i] == '\0')
            line.bytes[i] = '?';
    qhm_text_append(&line, cut_after ? "..." : "");
    item->caret = dots + offset - first;
    return qhm_text_take(&line, &item->texts[3]);
}

static void count_place(entry *item, const char *bytes, size_t offset)
{
    size_t line = 1, start = 0, column = 1;
    for (const char *next = bytes;
         (next = memchr(next, '\n', offset - (size_t)(next - bytes))) != NULL; line++)
        start = (size_t)(++next - bytes);
    for (size_t i = start; i < offset; i++)
        column += !continues_character(bytes[i]);
    item->shown.line = line;
    item->shown.column = column;
}

static qhm_status fill(entry *item, const char *file, const char *bytes, size_t length,
                       size_t offset, const char *message, const char *hint)
{
    count_place(item, bytes, offset);
    QHM_TRY(qhm_copy_text(file, &item->texts[0]));
    QHM_TRY(qhm_copy_text(message, &item->texts[1]));
    if (hint)
        QHM_TRY(qhm_copy_text(hint, &item->texts[2]));
    QHM_TRY(take_line(item, bytes, length, offset));
    item->shown.file = item->texts[0];
    item->shown.message = item->texts[1];
    item->shown.hint = item->texts[2];
    item->shown.source_line = item->texts[3];
    return QHM_OK;
}

qhm_status qhm_diagnostics_add(qhm_diagnostics *diagnostics, bool is_error, const char *file,
                               const char *bytes, size_t length, size_t offset, const char *message,
                               const char *hint)
{
    assert(offset <= length);
    for (size_t i = 0; i < diagnostics->count; i++) {
        const entry *other = &diagnostics->entries[i];
        if (other->offset == offset && other->shown.is_error == is_error &&
            strcmp(other->shown.file, file) == 0)
            return QHM_OK;
    }
    QHM_TRY(qhm_reserve(diagnostics->count + 1, &diagnostics->capacity,
                        sizeof *diagnostics->entries, &diagnostics->entries));
    entry item = {.shown.is_error = is_error, .offset = offset};
    qhm_status status = fill(&item, file, bytes, length, offset, message, hint);
    if (status != QHM_OK) {
        release_entry(&item);
        return status;
    }
    diagnostics->entries[diagnostics->count++] = item;
    diagnostics->error_count += is_error;
    return QHM_OK;
}

qhm_status qhm_diagnostics_status(const qhm_diagnostics *diagnostics)
{
    if (diagnostics->error_count == 0)
        return QHM_OK;
    size_t first = 0;
    while (!diagnostics->entries[first].shown.is_error)
        first++;
    const qhm_diagnostic *item = &diagnostics->entries[first].shown;
    size_t more = diagnostics->error_count - 1;
    char others[48] = "";
    if (more > 0)
        snprintf(others, sizeof others, " (and %zu more)", more);
    return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s:%zu:%zu: %s%s", item->file, item->line, item->column,
                    item->message, others);
}

static void append_caret(qhm_text *text, const entry *item)
{
    qhm_text_append(text, "\n    ");
    const char *line = item->shown.source_line, *end = line + item->caret;
    while (line < end && *line) {
        uint32_t character = qhm_utf8_next(&line);
        qhm_text_append(text, character == '\t' ? "\t" : " ");
    }
    qhm_text_append(text, "^\n");
}

qhm_status qhm_diagnostics_print(const qhm_diagnostics *diagnostics, bool ascii, char **text)
{
    QHM_REQUIRE(text, "qhm_diagnostics_print needs a place for the text");
    qhm_text printed = {0};
    for (size_t i = 0; i < qhm_diagnostics_count(diagnostics); i++) {
        const entry *item = &diagnostics->entries[i];
        append_safe(&printed, item->shown.file, ascii);
        qhm_text_print(&printed, ":%zu:%zu: %s: ", item->shown.line, item->shown.column,
                       item->shown.is_error ? "error" : "warning");
        append_safe(&printed, item->shown.message, ascii);
        qhm_text_append(&printed, "\n    ");
        append_safe(&printed, item->shown.source_line, ascii);
        append_caret(&printed, item);
        if (item->shown.hint) {
            qhm_text_append(&printed, "    hint: ");
            append_safe(&printed, item->shown.hint, ascii);
            qhm_text_append(&printed, "\n");
        }
    }
    return qhm_text_take(&printed, text);
}
