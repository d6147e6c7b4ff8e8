// Growing strings, locale-independent numbers, UTF-8 and spelling suggestions.
#include "base/text.h"

#include "base/memory.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The C locale, whatever the program that loaded the library has set.
static locale_t c_locale;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;

static void create_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static locale_t enter_c_locale(void)
{
    pthread_once(&c_locale_once, create_c_locale);
    return c_locale ? uselocale(c_locale) : (locale_t)0;
}

static void leave_c_locale(locale_t before)
{
    if (before)
        uselocale(before);
}

void qhm_format_memory(double memory_bytes, char *buffer, size_t size)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t unit = 0;
    double value = memory_bytes;
    while (value >= 1024 && unit + 1 < sizeof units / sizeof units[0]) {
        value /= 1024;
        unit++;
    }
    const double tenths = round(10 * value);
    if (value >= 1024)
        snprintf(buffer, size, "more than 1024 EiB");
    else if (fmod(tenths, 10) == 0)
        snprintf(buffer, size, "%.0f %s", tenths / 10, units[unit]);
    else // digits by hand: no locale's decimal point
        snprintf(buffer, size, "%.0f.%d %s", floor(tenths / 10), (int)fmod(tenths, 10),
                 units[unit]);
}

int qhm_format(char *buffer, size_t size, const char *format, va_list arguments)
{
    locale_t before = enter_c_locale();
    int length = vsnprintf(buffer, size, format, arguments);
    leave_c_locale(before);
    return length;
}

static bool reserve(qhm_text *text, size_t more)
{
    if (text->status != QHM_OK)
        return false;
    size_t needed;
    if (!qhm_add_size(text->length + 1, more, &needed))
        text->status =
            QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "a text of %zu more bytes overflows", more);
    else
        text->status = qhm_reserve(needed, &text->capacity, 1, &text->bytes);
    return text->status == QHM_OK;
}

void qhm_text_append_bytes(qhm_text *text, const char *bytes, size_t count)
{
    if (!reserve(text, count))
        return;
    if (count > 0)
        memcpy(text->bytes + text->length, bytes, count);
    text->length += count;
    text->bytes[text->length] = '\0';
}

void qhm_text_append(qhm_text *text, const char *string)
{
    qhm_text_append_bytes(text, string, strlen(string));
}

void qhm_text_print(qhm_text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = qhm_format(NULL, 0, format, arguments);
    if (length < 0 && text->status == QHM_OK)
        text->status = QHM_FAIL(QHM_ERROR_INTERNAL, "cannot format \"%s\"", format);
    if (length >= 0 && reserve(text, (size_t)length)) {
        qhm_format(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
}

void qhm_text_append_number(qhm_text *text, double value)
{
    char digits[40];
    locale_t before = enter_c_locale();
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value)
            break;
    }
    leave_c_locale(before);
    qhm_text_append(text, digits);
}

void qhm_text_append_fixed(qhm_text *text, double value, int decimals)
{
    qhm_text_print(text, "%.*f", decimals, value);
}

void qhm_text_append_markup(qhm_text *text, const char *string)
{
    uint32_t c;
    while ((c = qhm_utf8_next(&string)) != 0)
        switch (c) {
        case '&':
            qhm_text_append(text, "&amp;");
            break;
        case '<':
            qhm_text_append(text, "&lt;");
            break;
        case '>':
            qhm_text_append(text, "&gt;");
            break;
        case '"':
            qhm_text_append(text, "&quot;");
            break;
        case '\'':
            qhm_text_append(text, "&#39;");
            break;
        default:
            if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
                c = 0xFFFD;
            qhm_text_append_utf8(text, c);
        }
}

qhm_status qhm_text_take(qhm_text *text, char **out)
{
    qhm_text_append(text, "");
    qhm_status status = text->status;
    if (status == QHM_OK) {
        *out = text->bytes;
        text->bytes = NULL;
    }
    qhm_text_release(text);
    return status;
}

void qhm_text_release(qhm_text *text)
{
    qhm_release(text->bytes);
    *text = (qhm_text){0};
}

void qhm_text_release_part(qhm_text *text, qhm_text *part)
{
    if (text->status == QHM_OK)
        text->status = part->status;
    qhm_text_release(part);
}

// Numbers begin with a digit, a sign or a point: strtod also takes blanks, hex and "infinity".
static bool begins_number(const char *string)
{
    return string[0] != '\0' && strchr("+-.0123456789", string[0]) && !strpbrk(string, "xXnN");
}

bool qhm_parse_double(const char *string, double *out)
{
    if (!begins_number(string))
        return false;
    char *end;
    locale_t before = enter_c_locale();
    double value = strtod(string, &end);
    leave_c_locale(before);
    if (*end != '\0' || !isfinite(value))
        return false;
    *out = value;
    return true;
}

bool qhm_parse_int64(const char *string, int64_t *out)
{
    if (!begins_number(string))
        return false;
    char *end;
    errno = 0;
    long long value = strtoll(string, &end, 10);
    if (*end != '\0' || errno != 0)
        return false;
    *out = value;
    return true;
}

bool qhm_parse_uint64(const char *string, uint64_t *out)
{
    if (!begins_number(string) || string[0] == '-')
        return false;
    char *end;
    errno = 0;
    unsigned long long value = strtoull(string, &end, 10);
    if (*end != '\0' || errno != 0)
        return false;
    *out = value;
    return true;
}

bool qhm_parse_bool(const char *string, bool *out)
{
    static const char *const words[][2] = {{"false", "true"}, {"no", "yes"}, {"off", "on"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        for (int value = 0; value < 2; value++)
            if (strcmp(string, words[i][value]) == 0) {
                *out = value == 1;
                return true;
            }
    return false;
}

uint32_t qhm_utf8_next(const char **cursor)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000}; // shorter forms are malformed
    const unsigned char *bytes = (const unsigned char *)*cursor;
    if (bytes[0] == 0)
        return 0;
    int length = bytes[0] < 0x80                       ? 1
                 : bytes[0] >= 0xF0 && bytes[0] < 0xF8 ? 4
                 : bytes[0] >= 0xE0 && bytes[0] < 0xF0 ? 3
                 : bytes[0] >= 0xC0 && bytes[0] < 0xE0 ? 2
                                                       : 0;
    uint32_t value = length == 1 ? bytes[0] : bytes[0] & (0x7Fu >> length);
    int taken = 1;
    while (taken < length && (bytes[taken] & 0xC0) == 0x80)
        value = value << 6 | (bytes[taken++] & 0x3Fu);
    if (length == 0 || taken < length || value < least[length] || value > 0x10FFFF ||
        (value >= 0xD800 && value < 0xE000)) {
        *cursor += 1;
        return 0xFFFD;
    }
    *cursor += length;
    return value;
}

void qhm_text_append_utf8(qhm_text *text, uint32_t c)
{
    char bytes[4];
    size_t count;
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        c = 0xFFFD;
    if (c < 0x80) {
        bytes[0] = (char)c;
        count = 1;
    } else if (c < 0x800) {
        bytes[0] = (char)(0xC0 | c >> 6);
        bytes[1] = (char)(0x80 | (c & 0x3F));
        count = 2;
    } else if (c < 0x10000) {
        bytes[0] = (char)(0xE0 | c >> 12);
        bytes[1] = (char)(0x80 | (c >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (c & 0x3F));
        count = 3;
    } else {
        bytes[0] = (char)(0xF0 | c >> 18);
        bytes[1] = (char)(0x80 | (c >> 12 & 0x3F));
        bytes[2] = (char)(0x80 | (c >> 6 & 0x3F));
        bytes[3] = (char)(0x80 | (c & 0x3F));
        count = 4;
    }
    qhm_text_append_bytes(text, bytes, count);
}

enum { LONGEST_NAME = 63 };

// Edit distance with transpositions (optimal string alignment).
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows[3][LONGEST_NAME + 2];
    size_t n = strlen(b);
    for (size_t j = 0; j <= n; j++)
        rows[0][j] = j;
    size_t *before = rows[2], *last = rows[0], *row = rows[1];
    for (size_t i = 1; a[i - 1]; i++) {
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        size_t *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[n];
}

const char *qhm_nearest_name(const char *wrong, const char *const *names, size_t count)
{
    size_t length = strlen(wrong);
    if (length > LONGEST_NAME)
        return NULL;
    const char *nearest = NULL;
    size_t least = length / 3 + 2; // one slip in a short name, a third of a long one and one
    for (size_t i = 0; i < count; i++) {
        if (strlen(names[i]) > LONGEST_NAME)
            continue;
        size_t distance = edit_distance(wrong, names[i]);
        if (distance < least) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

qhm_status qhm_find_name(const char *what, const char *name, const char *const *names, size_t count,
                         size_t *index)
{
    QHM_REQUIRE(name && index, "finding a %s needs its name and a place for the result", what);
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) {
            *index = i;
            return QHM_OK;
        }
    const char *nearest = qhm_nearest_name(name, names, count);
    if (nearest)
        return QHM_FAIL(QHM_ERROR_NOT_FOUND, "there is no %s \"%s\"; did you mean \"%s\"?", what,
                        name, nearest);
    return QHM_FAIL(QHM_ERROR_NOT_FOUND, "there is no %s \"%s\"", what, name);
}
