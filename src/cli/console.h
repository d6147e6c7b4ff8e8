// The terminal and the two output streams: errors, width, colour, characters, safe text.
#ifndef QHM_CLI_CONSOLE_H
#define QHM_CLI_CONSOLE_H

#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// Prints "qhm: ..." as one line on stderr and returns `exit_code`.
int qhm_fail(int exit_code, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Prints "qhm: ..." as one line on stderr: no error, but worth knowing.
void qhm_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The exit code of a library status.
int qhm_exit_code(qhm_status status);

// Prints the library's last message and returns the exit code of its status.
int qhm_fail_status(qhm_status status);

// Columns of the terminal behind a file; `otherwise` when it is none.
size_t qhm_console_width(int file, size_t otherwise);

// True for characters outside ASCII.
bool qhm_console_is_utf8(void);

// True on a terminal, unless NO_COLOR is set or TERM is dumb.
bool qhm_console_has_colour(int file);

// Prints text with control characters (a name may hold escape sequences), and whatever the
// locale cannot show, replaced by '?'.
void qhm_print_safe(FILE *out, const char *text);

// Prints text in lines of at most `width` columns, each indented; "\n" in the text is kept.
void qhm_print_wrapped(FILE *out, const char *text, size_t indent, size_t width);

// Writes what a command printed to stdout. Returns `exit_code`, or QHM_EXIT_FAILED when it could
// not be written; a reader that went away (a broken pipe) is not told about.
int qhm_console_write(const char *bytes, size_t count, int exit_code);

// Memory of the command itself; when there is none it says so and exits.
void *qhm_cli_allocate(size_t count, size_t size);
void *qhm_cli_grow(void *block, size_t count, size_t size);
char *qhm_print_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The text as one word of a shell command. free() it.
char *qhm_shell_word(const char *text);

// "1 h 5 min", "3 min 20 s" or "12 s".
void qhm_print_duration(char *text, size_t size, double seconds);

// The name nearest to `wrong` when it is near enough to be a slip, else NULL.
const char *qhm_suggestion(const char *wrong, const char *const *names, size_t count);

#endif
