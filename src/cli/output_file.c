// The new file takes the old one's place in one step, with its permissions.
#include "cli/output_file.h"

#include "cli/command.h"
#include "cli/console.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_stream(FILE *file, const char *path, const char *text)
{
    bool is_written = fputs(text, file) >= 0 && fflush(file) == 0;
    int error = errno;
    if (fclose(file) != 0 && is_written) {
        is_written = false;
        error = errno;
    }
    return is_written ? QHM_EXIT_OK
                      : qhm_fail(QHM_EXIT_FAILED, "cannot write %s: %s", path, strerror(error));
}

static int write_beside(const char *path, const char *text, mode_t mode)
{
    char *beside = qhm_print_text("%s.XXXXXX", path);
    const int descriptor = mkstemp(beside);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    int code = QHM_EXIT_OK;
    if (!file) {
        code = qhm_fail(QHM_EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
    } else {
        (void)!fchmod(descriptor, mode);
        code = write_stream(file, path, text);
        if (code == QHM_EXIT_OK && rename(beside, path) != 0)
            code = qhm_fail(QHM_EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
        if (code != QHM_EXIT_OK)
            unlink(beside);
    }
    free(beside);
    return code;
}

int qhm_output_file_write(const char *path, const char *text, FILE *out)
{
    if (!path || strcmp(path, "-") == 0) {
        fputs(text, out);
        return QHM_EXIT_OK;
    }
    struct stat old;
    const bool exists = stat(path, &old) == 0;
    if (exists && !S_ISREG(old.st_mode)) {
        FILE *file = fopen(path, "w");
        return file ? write_stream(file, path, text)
                    : qhm_fail(QHM_EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
    }
    const mode_t mask = umask(0);
    umask(mask);
    return write_beside(path, text, exists ? old.st_mode & 0777 : 0666 & ~mask);
}
