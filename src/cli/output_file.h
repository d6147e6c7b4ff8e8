// Files that commands write: beside and renamed, so that nobody finds half a file.
#ifndef QHM_CLI_OUTPUT_FILE_H
#define QHM_CLI_OUTPUT_FILE_H

#include <stdio.h>

// Writes a text to a file, or to `out` when the path is NULL or "-". What is no ordinary file, such
// as /dev/full, is written to as it is. Returns an exit code.
int qhm_output_file_write(const char *path, const char *text, FILE *out);

#endif
