// The qhm command: parse, run the command into memory, write what it printed.
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/help_text.h"

#include <fcntl.h>
#include <locale.h>
#include <qhm/threads.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

// A file opened later must not become stdout or stderr because the caller closed those.
static void keep_standard_files(void)
{
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++)
        if (fcntl(file, F_GETFD) < 0)
            (void)!open("/dev/null", O_RDONLY);
}

static int set_threads(const qhm_arguments *arguments)
{
    if (arguments->threads == 0)
        return QHM_EXIT_OK;
    qhm_status status = qhm_threads_set_count((unsigned)arguments->threads);
    return status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
}

// Runs a command with its output held back, so that a broken disk or pipe is met in one place.
static int run_command(const qhm_arguments *arguments)
{
    char *bytes = NULL;
    size_t count = 0;
    FILE *out = open_memstream(&bytes, &count);
    if (!out)
        return qhm_fail(QHM_EXIT_RESOURCE_LIMIT, "out of memory");
    int code = set_threads(arguments);
    if (code == QHM_EXIT_OK && arguments->help)
        code = qhm_help_print_command(arguments->command, out);
    else if (code == QHM_EXIT_OK)
        code = arguments->command->run(arguments, out);
    if (fclose(out) != 0)
        code = qhm_fail(QHM_EXIT_RESOURCE_LIMIT, "out of memory");
    else
        code = qhm_console_write(bytes, count, code);
    free(bytes);
    return code;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    keep_standard_files();
    qhm_arguments arguments;
    int code = qhm_arguments_parse(argc, argv, &arguments);
    if (code == QHM_EXIT_OK)
        code = run_command(&arguments);
    qhm_arguments_release(&arguments);
    return code;
}
