// Errors, terminal properties and writing to stdout.
#include "cli/console.h"

#include "cli/command.h"

#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

enum { NARROWEST = 40, WIDEST = 1000 };

static void print_line(const char *format, va_list arguments)
{
    char line[2048];
    vsnprintf(line, sizeof line, format, arguments);
    fputs("qhm: ", stderr);
    qhm_print_safe(stderr, line);
    fputc('\n', stderr);
}

int qhm_fail(int exit_code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
    return exit_code;
}

void qhm_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
}

int qhm_exit_code(qhm_status status)
{
    switch (status) {
    case QHM_OK:
        return QHM_EXIT_OK;
    case QHM_ERROR_INVALID_ARGUMENT:
    case QHM_ERROR_NOT_FOUND:
    case QHM_ERROR_BAD_INPUT:
    case QHM_ERROR_UNSUPPORTED:
        return QHM_EXIT_BAD_INPUT;
    case QHM_ERROR_OUT_OF_MEMORY:
    case QHM_ERROR_RESOURCE_LIMIT:
        return QHM_EXIT_RESOURCE_LIMIT;
    case QHM_ERROR_CANCELLED:
        return QHM_EXIT_INTERRUPTED;
    case QHM_ERROR_IO:
    case QHM_ERROR_NUMERIC:
    case QHM_ERROR_BUSY:
    case QHM_ERROR_INTERNAL:
        return QHM_EXIT_FAILED;
    }
    return QHM_EXIT_FAILED;
}

int qhm_fail_status(qhm_status status)
{
    const char *message = qhm_error_message();
    return qhm_fail(qhm_exit_code(status), "%s", message[0] ? message : qhm_status_name(status));
}

size_t qhm_console_width(int file, size_t otherwise)
{
    if (!isatty(file))
        return otherwise;
    struct winsize size = {0};
    const char *columns = getenv("COLUMNS");
    long width = columns ? strtol(columns, NULL, 10) : 0;
    if (width <= 0 && ioctl(file, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0)
        width = 80;
    return width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : (size_t)width;
}

bool qhm_console_is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

bool qhm_console_has_colour(int file)
{
    const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(file) && !(refused && refused[0]) && terminal && strcmp(terminal, "dumb") != 0;
}

static void print_safe_bytes(FILE *out, const char *text, size_t count)
{
    mbstate_t state = {0};
    while (count > 0) {
        wchar_t letter = 0;
        size_t bytes = mbrtowc(&letter, text, count, &state);
        bool is_shown = bytes != 0 && bytes <= count && !iswcntrl((wint_t)letter);
        if (bytes == 0 || bytes > count) { // not a character of the locale
            memset(&state, 0, sizeof state);
            bytes = 1;
        }
        if (is_shown)
            fwrite(text, 1, bytes, out);
        else
            fputc('?', out);
        text += bytes;
        count -= bytes;
    }
}

void qhm_print_safe(FILE *out, const char *text)
{
    print_safe_bytes(out, text, strlen(text));
}

void qhm_print_wrapped(FILE *out, const char *text, size_t indent, size_t width)
{
    size_t column = 0;
    while (*text) {
        size_t length = strcspn(text, " \n");
        if (column > 0 && indent + column + 1 + length > width) {
            fputc('\n', out);
            column = 0;
        }
        if (length > 0) {
            fprintf(out, "%*s", column > 0 ? 1 : (int)indent, "");
            print_safe_bytes(out, text, length);
            column += length + (column > 0);
        }
        text += length;
        if (*text == '\n') {
            fputc('\n', out);
            column = 0;
        }
        text += *text != '\0';
    }
    if (column > 0)
        fputc('\n', out);
}

int qhm_console_write(const char *bytes, size_t count, int exit_code)
{
    while (count > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            if (errno != EPIPE)
                qhm_fail(QHM_EXIT_FAILED, "cannot write the output: %s", strerror(errno));
            return exit_code == QHM_EXIT_OK ? QHM_EXIT_FAILED : exit_code;
        }
        bytes += written;
        count -= (size_t)written;
    }
    return exit_code;
}

static void out_of_memory(void)
{
    exit(qhm_fail(QHM_EXIT_RESOURCE_LIMIT, "out of memory"));
}

void *qhm_cli_allocate(size_t count, size_t size)
{
    void *block = calloc(count > 0 ? count : 1, size);
    if (!block)
        out_of_memory();
    return block;
}

void *qhm_cli_grow(void *block, size_t count, size_t size)
{
    void *grown = reallocarray(block, count, size);
    if (!grown)
        out_of_memory();
    return grown;
}

char *qhm_print_text(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        out_of_memory();
    return text;
}

static bool is_plain(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || strchr("_-./:=@%+,", letter);
}

char *qhm_shell_word(const char *text)
{
    bool is_word = text[0] != '\0';
    for (const char *letter = text; *letter; letter++)
        is_word = is_word && is_plain(*letter);
    if (is_word)
        return qhm_print_text("%s", text);
    char *word = NULL;
    size_t count = 0;
    FILE *out = open_memstream(&word, &count);
    if (!out)
        return qhm_print_text("%s", text);
    fputc('\'', out);
    for (const char *letter = text; *letter; letter++)
        if (*letter == '\'')
            fputs("'\\''", out);
        else
            fputc(*letter, out);
    fputc('\'', out);
    fclose(out);
    return word;
}

void qhm_print_duration(char *text, size_t size, double seconds)
{
    long whole = seconds > 0 ? seconds < 1e9 ? (long)(seconds + 0.5) : 1000000000 : 0;
    if (whole >= 3600)
        snprintf(text, size, "%ld h %ld min", whole / 3600, whole / 60 % 60);
    else if (whole >= 60)
        snprintf(text, size, "%ld min %ld s", whole / 60, whole % 60);
    else
        snprintf(text, size, "%ld s", whole);
}

enum { LONGEST_NAME = 32 };

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

// Insertions, deletions, changes and exchanges of neighbours that lead from one to the other.
static size_t edit_distance(const char *from, const char *to)
{
    size_t rows = strlen(from), columns = strlen(to);
    size_t cost[LONGEST_NAME + 1][LONGEST_NAME + 1] = {{0}};
    for (size_t i = 0; i <= rows; i++)
        for (size_t j = 0; j <= columns; j++) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            size_t change = cost[i - 1][j - 1] + (from[i - 1] != to[j - 1]);
            cost[i][j] = least_of(change, 1 + least_of(cost[i - 1][j], cost[i][j - 1]));
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                cost[i][j] = least_of(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    return cost[rows][columns];
}

const char *qhm_suggestion(const char *wrong, const char *const *names, size_t count)
{
    size_t length = strlen(wrong);
    if (length > LONGEST_NAME)
        return NULL;
    const char *nearest = NULL;
    size_t least = length / 3 + 2;
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
