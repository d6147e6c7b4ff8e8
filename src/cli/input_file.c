// Pipes work: nothing is asked of the file but its bytes.
#include "cli/input_file.h"

#include "cli/command.h"
#include "cli/console.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int qhm_input_file_read(const char *path, char **bytes, size_t *count)
{
    *bytes = NULL;
    *count = 0;
    const bool is_input = strcmp(path, "-") == 0;
    FILE *stream = is_input ? stdin : fopen(path, "rb");
    if (!stream)
        return qhm_fail(QHM_EXIT_BAD_INPUT, "cannot read %s: %s", path, strerror(errno));
    size_t capacity = 1 << 16;
    *bytes = qhm_cli_allocate(capacity, 1);
    for (size_t got; (got = fread(*bytes + *count, 1, capacity - *count - 1, stream)) > 0;) {
        *count += got;
        if (*count + 1 == capacity)
            *bytes = qhm_cli_grow(*bytes, capacity *= 2, 1);
    }
    (*bytes)[*count] = '\0';
    const int error = ferror(stream) ? errno : 0;
    if (!is_input)
        fclose(stream);
    return error == 0 ? QHM_EXIT_OK
                      : qhm_fail(QHM_EXIT_BAD_INPUT, "cannot read %s: %s", path, strerror(error));
}
