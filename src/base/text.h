// Text: a growing string, numbers that do not depend on the locale, UTF-8, spelling suggestions.
#ifndef QHM_BASE_TEXT_H
#define QHM_BASE_TEXT_H

#include "base/status_internal.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A growing string. Zero-initialise; release with qhm_text_release. The first failure sticks:
// later appends do nothing and qhm_text_take reports it, so that printers need no checks.
typedef struct qhm_text {
    char *bytes; // NUL-terminated once anything was appended
    size_t length, capacity;
    qhm_status status;
} qhm_text;

void qhm_text_append(qhm_text *text, const char *string);
void qhm_text_append_bytes(qhm_text *text, const char *bytes, size_t count);
// printf into the text; the decimal point is '.' in every locale.
void qhm_text_print(qhm_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
// The shortest decimal that reads back as the same double; "nan", "inf" and "-inf" are not JSON.
void qhm_text_append_number(qhm_text *text, double value);
// value with `decimals` digits after the point.
void qhm_text_append_fixed(qhm_text *text, double value, int decimals);
// The string as text of HTML, SVG or an attribute: & < > " ' are escaped; control characters and
// malformed UTF-8 become U+FFFD, for no escape can carry them.
void qhm_text_append_markup(qhm_text *text, const char *string);
// Hands the string to the caller (qhm_release), "" if empty, and resets the text.
QHM_MUST_CHECK qhm_status qhm_text_take(qhm_text *text, char **out);
void qhm_text_release(qhm_text *text);
// Releases a part that was printed aside; its failure becomes that of the text it was for.
void qhm_text_release_part(qhm_text *text, qhm_text *part);

// An amount of memory as people say it: "64 GiB", "1.5 MiB". Enough room: 32 bytes.
void qhm_format_memory(double memory_bytes, char *buffer, size_t size);

// vsnprintf in the C locale.
int qhm_format(char *buffer, size_t size, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

// The whole of `string` as a number; false when anything else is in it or it overflows.
// Locale-independent: the decimal point is '.'.
bool qhm_parse_double(const char *string, double *out); // finite only
bool qhm_parse_int64(const char *string, int64_t *out);
bool qhm_parse_uint64(const char *string, uint64_t *out);
bool qhm_parse_bool(const char *string, bool *out); // true/false, yes/no, on/off

// Decodes the UTF-8 character at *cursor and moves past it; U+FFFD for a malformed byte; 0 at
// the end (the terminating NUL, which is not passed).
uint32_t qhm_utf8_next(const char **cursor);
// A code point that Unicode does not have becomes U+FFFD.
void qhm_text_append_utf8(qhm_text *text, uint32_t code_point);

// The name in names[count] nearest to `wrong` when it is near enough to be a slip, else NULL.
const char *qhm_nearest_name(const char *wrong, const char *const *names, size_t count);

// The index of `name` in names[count]. QHM_ERROR_NOT_FOUND says that there is no <what> of that
// name and suggests the nearest.
QHM_MUST_CHECK qhm_status qhm_find_name(const char *what, const char *name,
                                        const char *const *names, size_t count, size_t *index);

#endif
