// Loading the run file of a command.
#include "cli/run_file_argument.h"

#include "cli/console.h"

#include <string.h>

int qhm_run_file_argument_load(const qhm_arguments *arguments, qhm_run_file **file)
{
    const qhm_status status = qhm_run_file_load(arguments->operands[0], arguments->settings.items,
                                                arguments->settings.count, file);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    const char *line = qhm_run_file_notes(*file);
    while (*line && !arguments->quiet) {
        const size_t length = strcspn(line, "\n");
        qhm_note("%.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
    return QHM_EXIT_OK;
}
