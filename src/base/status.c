// Status names and the thread's last message.
#include "base/status_internal.h"

#include "base/text.h"

#include <stdarg.h>
#include <string.h>

enum { MESSAGE_BYTES = 1024 };

static _Thread_local char message[MESSAGE_BYTES];

const char *qhm_status_name(qhm_status status)
{
    switch (status) {
    case QHM_OK:
        return "ok";
    case QHM_ERROR_INVALID_ARGUMENT:
        return "invalid argument";
    case QHM_ERROR_OUT_OF_MEMORY:
        return "out of memory";
    case QHM_ERROR_RESOURCE_LIMIT:
        return "resource limit";
    case QHM_ERROR_NOT_FOUND:
        return "not found";
    case QHM_ERROR_BAD_INPUT:
        return "bad input";
    case QHM_ERROR_IO:
        return "input/output";
    case QHM_ERROR_UNSUPPORTED:
        return "unsupported";
    case QHM_ERROR_NUMERIC:
        return "numeric";
    case QHM_ERROR_CANCELLED:
        return "cancelled";
    case QHM_ERROR_BUSY:
        return "busy";
    case QHM_ERROR_INTERNAL:
        return "internal";
    }
    return "unknown status";
}

const char *qhm_error_message(void)
{
    return message;
}

// One line of valid UTF-8, whatever bytes a file name or a broken file put into it.
static void tidy(char *text, bool was_cut)
{
    const char *cursor = text;
    while (*cursor) {
        char *at = text + (cursor - text);
        uint32_t c = qhm_utf8_next(&cursor);
        bool is_malformed = c == 0xFFFD && cursor - at == 1;
        if (is_malformed && was_cut && strlen(at) < 4) { // the half character at the cut
            *at = '\0';
            return;
        }
        if (is_malformed)
            *at = '?';
        else if (c < 0x20 || c == 0x7F)
            *at = ' ';
    }
}

// Formats into buffer [MESSAGE_BYTES] and tidies it.
static void format_line(char *buffer, const char *format, va_list arguments)
{
    buffer[0] = '\0';
    int length = qhm_format(buffer, MESSAGE_BYTES, format, arguments);
    tidy(buffer, length >= MESSAGE_BYTES);
}

void qhm_set_error_message(const char *format, ...)
{
    // Formatted beside, because an argument may be the present message.
    char next[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    format_line(next, format, arguments);
    va_end(arguments);
    memcpy(message, next, sizeof message);
}

void qhm_prefix_error_message(const char *format, ...)
{
    char prefix[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    format_line(prefix, format, arguments);
    va_end(arguments);
    qhm_set_error_message("%s: %s", prefix, message);
}
