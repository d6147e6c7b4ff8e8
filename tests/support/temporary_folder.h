// A fresh folder for a test, removed after it.
#ifndef QHM_TESTS_TEMPORARY_FOLDER_H
#define QHM_TESTS_TEMPORARY_FOLDER_H

#include "support/checks.h"

#include <dirent.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

// A row of the tests' table whose test runs with a temporary folder.
#define in_temporary_folder(test)                                                                  \
    cmocka_unit_test_setup_teardown(test, create_temporary_folder, remove_temporary_folder)

static inline int create_temporary_folder(void **state)
{
    const char *parent = getenv("TMPDIR");
    char path[2048];
    snprintf(path, sizeof path, "%s/qhm-test-XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(path))
        return -1;
    chmod(path, 0755); // so that a test may become another user
    *state = strdup(path);
    return *state ? 0 : -1;
}

static inline int remove_entry(const char *path, const struct stat *info, int kind,
                               struct FTW *place)
{
    (void)info, (void)kind, (void)place;
    return remove(path);
}

static inline int remove_temporary_folder(void **state)
{
    int failed = nftw(*state, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return failed;
}

// The path of `name` in the test's folder. Eight paths may be in use at once.
static inline const char *in_folder(void **state, const char *name)
{
    static char paths[8][4096];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s%s%s", (const char *)*state, name[0] ? "/" : "", name);
    return path;
}

// How many files and folders lie in the test's folder itself.
static inline int entries_in_folder(void **state)
{
    DIR *folder = opendir(*state);
    assert_non_null(folder);
    int count = -2; // . and ..
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

#endif
