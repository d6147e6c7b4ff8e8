// Status names and the thread's last message.
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    MESSAGE_BYTES = 1024
};

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

// One line whatever was formatted, and no half UTF-8 character where the text was cut.
static void tidy(char *text, int formatted)
{
    size_t length = strlen(text);
    if (formatted >= MESSAGE_BYTES)
        while (length > 0 && ((unsigned char)text[length - 1] & 0xC0) == 0x80)
            text[--length] = '\0';
    if (formatted >= MESSAGE_BYTES && length > 0 && ((unsigned char)text[length - 1] & 0x80))
        text[--length] = '\0';
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = ' ';
}

void qhm_set_error_message(const char *format, ...)
{
    // Formatted beside, because an argument may be the present message.
    char next[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int formatted = vsnprintf(next, sizeof next, format, arguments);
    va_end(arguments);
    tidy(next, formatted);
    strcpy(message, next);
}

void qhm_prefix_error_message(const char *format, ...)
{
    char prefix[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(prefix, sizeof prefix, format, arguments);
    va_end(arguments);
    qhm_set_error_message("%s: %s", prefix, message);
}
