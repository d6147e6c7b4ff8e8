// Whole-file reads and atomic writes.
#include "base/files.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static qhm_status status_of_errno(void)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return QHM_ERROR_NOT_FOUND;
    case ENOMEM:
        return QHM_ERROR_OUT_OF_MEMORY;
    default:
        return QHM_ERROR_IO;
    }
}

static qhm_status fail(const char *what, const char *path)
{
    const char *reason = strerrordesc_np(errno);
    qhm_status status = status_of_errno();
    return QHM_FAIL(status, "cannot %s %s: %s", what, path, reason ? reason : "unknown error");
}

bool qhm_file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

qhm_status qhm_file_read(const char *path, size_t limit_bytes, char **out_bytes, size_t *out_count)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fail("read", path);
    char *bytes = NULL;
    size_t count = 0;
    struct stat info;
    qhm_status status = QHM_OK;
    if (fstat(file, &info) != 0)
        status = fail("read", path);
    else if (S_ISDIR(info.st_mode))
        status = QHM_FAIL(QHM_ERROR_IO, "cannot read %s: it is a folder, not a file", path);
    else if ((size_t)info.st_size > limit_bytes)
        status = QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%s has %zu bytes, not at most %zu", path,
                          (size_t)info.st_size, limit_bytes);
    size_t capacity = 0;
    if (status == QHM_OK)
        status = qhm_reserve((size_t)info.st_size + 1, &capacity, 1, &bytes);
    while (status == QHM_OK) {
        ssize_t got = read(file, bytes + count, capacity - count - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            status = fail("read", path);
        if (got <= 0)
            break;
        count += (size_t)got;
        if (count > limit_bytes) // a pipe or a file that grew
            status =
                QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%s has more than %zu bytes", path, limit_bytes);
        else if (count + 1 == capacity)
            status = qhm_reserve(capacity + 1, &capacity, 1, &bytes);
    }
    close(file);
    if (status != QHM_OK) {
        qhm_release(bytes);
        return status;
    }
    bytes[count] = '\0';
    *out_bytes = bytes;
    *out_count = count;
    return QHM_OK;
}

static qhm_status write_all(int file, const char *bytes, size_t count, const char *path)
{
    while (count > 0) {
        ssize_t put = write(file, bytes, count);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail("write", path);
        bytes += put;
        count -= (size_t)put;
    }
    return QHM_OK;
}

qhm_status qhm_path_folder(const char *path, char **out)
{
    qhm_text folder = {0};
    const char *slash = strrchr(path, '/');
    if (!slash)
        qhm_text_append(&folder, ".");
    else
        qhm_text_append_bytes(&folder, path, slash == path ? 1 : (size_t)(slash - path));
    return qhm_text_take(&folder, out);
}

qhm_status qhm_path_join(const char *folder, const char *name, char **out)
{
    qhm_text path = {0};
    qhm_text_print(&path, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", name);
    return qhm_text_take(&path, out);
}

// Renames, and makes the rename itself durable.
static qhm_status rename_durably(const char *from, const char *to, const char *what)
{
    char *folder;
    QHM_TRY(qhm_path_folder(to, &folder)); // beforehand: nothing fails once the new name is there
    if (rename(from, to) != 0) {
        const qhm_status status = fail(what, to);
        qhm_release(folder);
        return status;
    }
    int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle >= 0) {
        (void)!fsync(handle); // some file systems refuse; the data itself is already safe
        close(handle);
    }
    qhm_release(folder);
    return QHM_OK;
}

// Opens a new file beside `path`; its name, which the caller releases, is like no other's.
static qhm_status open_beside(const char *path, mode_t mode, char **out_name, int *out_file)
{
    static atomic_uint number;
    for (;;) {
        qhm_text name = {0};
        qhm_text_print(&name, "%s.%ld.%u.part", path, (long)getpid(), atomic_fetch_add(&number, 1));
        char *beside;
        QHM_TRY(qhm_text_take(&name, &beside));
        int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (file >= 0) {
            *out_name = beside;
            *out_file = file;
            return QHM_OK;
        }
        bool is_taken = errno == EEXIST; // left by a killed process that had our number
        qhm_status failed = is_taken ? QHM_OK : fail("write", path);
        qhm_release(beside);
        if (!is_taken)
            return failed;
    }
}

static qhm_status replace_file(const char *path, const struct stat *old, const void *bytes,
                               size_t count)
{
    char *beside = NULL;
    int file = -1;
    QHM_TRY(open_beside(path, 0666, &beside, &file));
    qhm_status status = write_all(file, bytes, count, path);
    if (status == QHM_OK && old && fchmod(file, old->st_mode & 07777) != 0)
        status = fail("write", path);
    if (status == QHM_OK && fsync(file) != 0)
        status = fail("write", path);
    if (close(file) != 0 && status == QHM_OK)
        status = fail("write", path);
    if (status == QHM_OK)
        status = rename_durably(beside, path, "write");
    if (status != QHM_OK)
        unlink(beside);
    qhm_release(beside);
    return status;
}

static qhm_status write_through(const char *path, const void *bytes, size_t count)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return fail("write", path);
    qhm_status status = write_all(file, bytes, count, path);
    if (close(file) != 0 && status == QHM_OK)
        status = fail("write", path);
    return status;
}

qhm_status qhm_file_write(const char *path, const void *bytes, size_t count)
{
    struct stat info;
    bool exists = stat(path, &info) == 0;
    if (exists && S_ISDIR(info.st_mode))
        return QHM_FAIL(QHM_ERROR_IO, "cannot write %s: it is a folder, not a file", path);
    if (exists && !S_ISREG(info.st_mode))
        return write_through(path, bytes, count);
    return replace_file(path, exists ? &info : NULL, bytes, count);
}

qhm_status qhm_folder_rename(const char *from, const char *to)
{
    return rename_durably(from, to, "create the folder");
}

qhm_status qhm_folder_create(const char *path)
{
    QHM_REQUIRE(path[0] != '\0', "the folder's path is empty");
    char *partial;
    QHM_TRY(qhm_copy_text(path, &partial));
    qhm_status status = QHM_OK;
    for (char *c = partial + 1; status == QHM_OK; c++) {
        if (*c != '/' && *c != '\0')
            continue;
        char kept = *c;
        *c = '\0';
        struct stat info;
        int reason = mkdir(partial, 0777) == 0 ? 0 : errno;
        if (reason != 0 && !(stat(partial, &info) == 0 && S_ISDIR(info.st_mode))) {
            errno = reason; // stat's own is about another question
            status = fail("create the folder", partial);
        }
        *c = kept;
        if (kept == '\0')
            break;
    }
    qhm_release(partial);
    return status;
}
