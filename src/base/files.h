// Files: read whole, written beside and renamed, so that nothing is ever half-written.
#ifndef QHM_BASE_FILES_H
#define QHM_BASE_FILES_H

#include "base/status_internal.h"

#include <stdbool.h>
#include <stddef.h>

// Reads a whole file, or a pipe to its end, of at most limit_bytes. The bytes are followed by a
// NUL that is not counted; qhm_release them. Every error names the path.
QHM_MUST_CHECK qhm_status qhm_file_read(const char *path, size_t limit_bytes, char **out_bytes,
                                        size_t *out_count);

// Replaces the file in one step: writes beside it, fsyncs, renames, fsyncs the folder. When it
// fails (a full disk), the old file is untouched and nothing is left beside it. An old file's
// permissions are kept. A device or a pipe (/dev/stdout) is written to, never replaced.
QHM_MUST_CHECK qhm_status qhm_file_write(const char *path, const void *bytes, size_t count);

// Makes a folder and its missing parents.
QHM_MUST_CHECK qhm_status qhm_folder_create(const char *path);

// Renames a folder to a name that is free or an empty folder's, in one step, and fsyncs.
QHM_MUST_CHECK qhm_status qhm_folder_rename(const char *from, const char *to);

bool qhm_file_exists(const char *path);

// folder + "/" + name; qhm_release the result.
QHM_MUST_CHECK qhm_status qhm_path_join(const char *folder, const char *name, char **out);

// The folder that holds `path`: all before the last "/", "." if there is none.
QHM_MUST_CHECK qhm_status qhm_path_folder(const char *path, char **out);

#endif
