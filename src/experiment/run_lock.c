// The lock that tells whether a process is writing a run; the kernel drops it with the process.
#include "experiment/run_store_internal.h"

#include "base/files.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define LOCK_FILE "run.lock"

// Open-file-description locks, unlike POSIX ones, also hold between threads of one process.
static struct flock whole_file(void)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

static qhm_status take(const char *folder, const char *path, int *out)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
        return QHM_FAIL(QHM_ERROR_IO, "cannot write %s: %s", path, strerrordesc_np(errno));
    struct flock lock = whole_file();
    if (fcntl(file, F_OFD_SETLK, &lock) != 0) {
        int reason = errno;
        close(file);
        if (reason == EAGAIN || reason == EACCES)
            return QHM_FAIL(QHM_ERROR_BUSY, "another run is being written in %s", folder);
        return QHM_FAIL(QHM_ERROR_IO, "cannot lock %s: %s", path, strerrordesc_np(reason));
    }
    *out = file;
    return QHM_OK;
}

qhm_status qhm_run_lock_take(const char *folder, int *out)
{
    char *path;
    QHM_TRY(qhm_path_join(folder, LOCK_FILE, &path));
    qhm_status status = take(folder, path, out);
    qhm_release(path);
    return status;
}

void qhm_run_lock_release(int lock)
{
    if (lock >= 0)
        close(lock);
}

bool qhm_run_lock_is_taken(const char *folder)
{
    char *path;
    if (qhm_path_join(folder, LOCK_FILE, &path) != QHM_OK)
        return false;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    qhm_release(path);
    if (file < 0)
        return false;
    struct flock lock = whole_file();
    bool is_taken = fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    close(file);
    return is_taken;
}
