// Files that commands read whole.
#ifndef QHM_CLI_INPUT_FILE_H
#define QHM_CLI_INPUT_FILE_H

#include <stddef.h>

// Reads a file, or standard input for "-". The bytes are followed by a NUL that is not counted;
// free() them in any case. Returns an exit code.
int qhm_input_file_read(const char *path, char **bytes, size_t *count);

#endif
