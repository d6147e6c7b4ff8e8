// Whole-file reads and atomic writes, on a full disk too.
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/temporary_folder.h"

#include "base/files.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIMIT = 1 << 20 };

static void require_content(const char *path, const char *expected, size_t expected_count)
{
    char *bytes;
    size_t count;
    REQUIRE_OK(qhm_file_read(path, LIMIT, &bytes, &count));
    assert_int_equal(count, expected_count);
    assert_memory_equal(bytes, expected, count);
    assert_int_equal(bytes[count], '\0');
    qhm_release(bytes);
}

static void what_is_written_is_read_back(void **state)
{
    const char *path = in_folder(state, "file");
    static const char bytes[] = "a\0b\nc";
    REQUIRE_OK(qhm_file_write(path, bytes, sizeof bytes));
    require_content(path, bytes, sizeof bytes);
    REQUIRE_OK(qhm_file_write(path, "", 0)); // shorter replaces longer
    require_content(path, "", 0);
    assert_true(qhm_file_exists(path));
    assert_false(qhm_file_exists(in_folder(state, "nothing")));
    assert_int_equal(entries_in_folder(state), 1);
}

static void permissions_survive_a_replacement(void **state)
{
    const char *path = in_folder(state, "file");
    struct stat info;
    REQUIRE_OK(qhm_file_write(path, "1", 1));
    assert_int_equal(chmod(path, 0640), 0);
    REQUIRE_OK(qhm_file_write(path, "2", 1));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
}

static void errors_name_the_path_and_the_reason(void **state)
{
    char *bytes = NULL;
    size_t count = 0;
    const char *path = in_folder(state, "no/such/file");
    REQUIRE_FAILS(qhm_file_read(path, LIMIT, &bytes, &count), QHM_ERROR_NOT_FOUND, path);
    REQUIRE_FAILS(qhm_file_read(path, LIMIT, &bytes, &count), QHM_ERROR_NOT_FOUND,
                  "No such file or directory");
    REQUIRE_FAILS(qhm_file_write(path, "x", 1), QHM_ERROR_NOT_FOUND, path);
    const char *folder = in_folder(state, "");
    REQUIRE_FAILS(qhm_file_read(folder, LIMIT, &bytes, &count), QHM_ERROR_IO, "it is a folder");
    REQUIRE_FAILS(qhm_file_write(folder, "x", 1), QHM_ERROR_IO, "it is a folder");
    const char *file = in_folder(state, "file");
    REQUIRE_OK(qhm_file_write(file, "12345", 5));
    REQUIRE_FAILS(qhm_file_read(file, 4, &bytes, &count), QHM_ERROR_RESOURCE_LIMIT,
                  "has 5 bytes, not at most 4");
    require_content(file, "12345", 5);
    assert_null(bytes);
    assert_int_equal(entries_in_folder(state), 1);
}

static void a_file_without_permission_is_named(void **state)
{
    const char *path = in_folder(state, "file");
    char *bytes;
    size_t count;
    REQUIRE_OK(qhm_file_write(path, "x", 1));
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(chmod(in_folder(state, ""), 0555), 0);
    bool is_root = geteuid() == 0; // whom permissions do not bind: be nobody meanwhile
    if (is_root)
        assert_int_equal(seteuid(65534), 0);
    qhm_status reading = qhm_file_read(path, LIMIT, &bytes, &count);
    qhm_status writing = qhm_file_write(path, "y", 1);
    if (is_root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(chmod(in_folder(state, ""), 0755), 0);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(reading, QHM_ERROR_IO);
    assert_int_equal(writing, QHM_ERROR_IO);
    assert_non_null(strstr(qhm_error_message(), "Permission denied"));
    require_content(path, "x", 1);
}

static void *write_to_pipe(void *descriptor)
{
    static char block[70000];
    memset(block, 'p', sizeof block);
    int end = *(int *)descriptor;
    ssize_t put = write(end, block, sizeof block); // more than a pipe holds at once
    close(end);
    return (void *)(intptr_t)put;
}

static void a_pipe_is_read_to_its_end(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, write_to_pipe, &ends[1]), 0);
    // The writer's end is shared: it is at the end when the thread has closed it.
    char *bytes;
    size_t count;
    REQUIRE_OK(qhm_file_read(path, LIMIT, &bytes, &count));
    void *put;
    pthread_join(writer, &put);
    assert_int_equal((intptr_t)put, 70000);
    assert_int_equal(count, 70000);
    assert_int_equal(bytes[count - 1], 'p');
    qhm_release(bytes);
    close(ends[0]);
    REQUIRE_FAILS(qhm_file_read("/dev/zero", 1000, &bytes, &count), QHM_ERROR_RESOURCE_LIMIT,
                  "more than 1000 bytes");
}

static void a_device_is_written_and_never_replaced(void **state)
{
    (void)state;
    REQUIRE_OK(qhm_file_write("/dev/null", "x", 1));
    struct stat info;
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
    REQUIRE_FAILS(qhm_file_write("/dev/full", "x", 1), QHM_ERROR_IO, "No space left on device");
}

// The old content stays and nothing lies beside it when `bytes` do not fit.
static void require_refused_whole(void **state, const char *path, size_t count, const char *reason)
{
    char *large;
    REQUIRE_OK(qhm_allocate(count, 1, &large));
    int before = entries_in_folder(state);
    REQUIRE_FAILS(qhm_file_write(path, large, count), QHM_ERROR_IO, reason);
    qhm_release(large);
    require_content(path, "old", 3);
    assert_int_equal(entries_in_folder(state), before);
}

static void a_full_disk_loses_nothing(void **state)
{
    const char *path = in_folder(state, "file");
    bool is_mounted = mount("none", in_folder(state, ""), "tmpfs", 0, "size=64k") == 0;
    REQUIRE_OK(qhm_file_write(path, "old", 3));
    if (is_mounted) {
        require_refused_whole(state, path, 200000, "No space left on device");
        assert_int_equal(umount(in_folder(state, "")), 0);
        REQUIRE_OK(qhm_file_write(path, "old", 3));
    }
    // Anyone may limit the size of files; the limit is met in the middle of a write.
    struct rlimit kept, limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
    limit = kept;
    limit.rlim_cur = 5000;
    void (*old_handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    require_refused_whole(state, path, 200000, "File too large");
    setrlimit(RLIMIT_FSIZE, &kept);
    signal(SIGXFSZ, old_handler);
}

static void a_part_left_by_a_killed_process_is_stepped_over(void **state)
{
    const char *path = in_folder(state, "file");
    char left[4096];
    for (unsigned i = 0; i < 64; i++) { // whatever number comes next
        snprintf(left, sizeof left, "%s.%ld.%u.part", path, (long)getpid(), i);
        int file = open(left, O_WRONLY | O_CREAT, 0666);
        assert_true(file >= 0);
        close(file);
    }
    REQUIRE_OK(qhm_file_write(path, "new", 3));
    require_content(path, "new", 3);
    assert_int_equal(entries_in_folder(state), 65);
}

static void *write_one_of_two(void *context)
{
    void **argument = context;
    char content[4000];
    memset(content, *(char *)argument[1], sizeof content);
    for (int i = 0; i < 20; i++)
        if (qhm_file_write(argument[0], content, sizeof content) != QHM_OK)
            return argument;
    return NULL;
}

static void writers_at_once_never_mix(void **state)
{
    char path[4096];
    strcpy(path, in_folder(state, "file"));
    void *arguments[2][2] = {{path, "a"}, {path, "b"}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_one_of_two, arguments[i]), 0);
    for (int i = 0; i < 2; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    char *bytes;
    size_t count;
    REQUIRE_OK(qhm_file_read(path, LIMIT, &bytes, &count));
    assert_int_equal(count, 4000);
    for (size_t i = 1; i < count; i++)
        assert_int_equal(bytes[i], bytes[0]);
    qhm_release(bytes);
    assert_int_equal(entries_in_folder(state), 1);
}

static void folders_are_made_with_their_parents(void **state)
{
    REQUIRE_OK(qhm_folder_create(in_folder(state, "a/b/c/")));
    assert_true(qhm_file_exists(in_folder(state, "a/b/c")));
    REQUIRE_OK(qhm_folder_create(in_folder(state, "a/b"))); // again is fine
    REQUIRE_OK(qhm_folder_create("/"));
    REQUIRE_OK(qhm_file_write(in_folder(state, "file"), "x", 1));
    REQUIRE_FAILS(qhm_folder_create(in_folder(state, "file/d")), QHM_ERROR_IO, "File exists");
    REQUIRE_FAILS(qhm_folder_create(""), QHM_ERROR_INVALID_ARGUMENT, "empty");
    REQUIRE_FAILS(qhm_folder_create("/proc/no/such"), QHM_ERROR_NOT_FOUND, "/proc/no");
}

static void a_folder_replaces_an_empty_one_and_no_other(void **state)
{
    REQUIRE_OK(qhm_folder_create(in_folder(state, "from")));
    REQUIRE_OK(qhm_file_write(in_folder(state, "from/file"), "x", 1));
    REQUIRE_OK(qhm_folder_create(in_folder(state, "empty")));
    REQUIRE_OK(qhm_folder_rename(in_folder(state, "from"), in_folder(state, "empty")));
    assert_true(qhm_file_exists(in_folder(state, "empty/file")));
    assert_false(qhm_file_exists(in_folder(state, "from")));
    REQUIRE_OK(qhm_folder_create(in_folder(state, "from")));
    REQUIRE_FAILS(qhm_folder_rename(in_folder(state, "from"), in_folder(state, "empty")),
                  QHM_ERROR_IO, "cannot create the folder");
    REQUIRE_FAILS(qhm_folder_rename(in_folder(state, "nowhere"), in_folder(state, "x")),
                  QHM_ERROR_NOT_FOUND, in_folder(state, "x"));
    assert_true(qhm_file_exists(in_folder(state, "empty/file")));
}

static void paths_are_cut_and_joined(void **state)
{
    (void)state;
    static const char *const folders[][2] = {
        {"run.yaml", "."}, {"a/run.yaml", "a"}, {"/run.yaml", "/"}, {"a/b/c", "a/b"}};
    char *path;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        REQUIRE_OK(qhm_path_folder(folders[i][0], &path));
        assert_string_equal(path, folders[i][1]);
        qhm_release(path);
    }
    REQUIRE_OK(qhm_path_join("a/b", "c", &path));
    assert_string_equal(path, "a/b/c");
    qhm_release(path);
    REQUIRE_OK(qhm_path_join("", "c", &path));
    assert_string_equal(path, "c");
    qhm_release(path);
}

static qhm_status write_read_and_make(void *context)
{
    void **state = context;
    char *bytes;
    size_t count;
    QHM_TRY(qhm_folder_create(in_folder(state, "x/y")));
    QHM_TRY(qhm_file_write(in_folder(state, "x/y/z"), "z", 1));
    QHM_TRY(qhm_file_read(in_folder(state, "x/y/z"), LIMIT, &bytes, &count));
    qhm_release(bytes);
    return QHM_OK;
}

static void failing_memory_leaks_neither_bytes_nor_files(void **state)
{
    require_survives_failing_memory(write_read_and_make, state);
    assert_int_equal(entries_in_folder(state), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_temporary_folder(what_is_written_is_read_back),
        in_temporary_folder(permissions_survive_a_replacement),
        in_temporary_folder(errors_name_the_path_and_the_reason),
        in_temporary_folder(a_file_without_permission_is_named),
        cmocka_unit_test(a_pipe_is_read_to_its_end),
        cmocka_unit_test(a_device_is_written_and_never_replaced),
        in_temporary_folder(a_full_disk_loses_nothing),
        in_temporary_folder(a_part_left_by_a_killed_process_is_stepped_over),
        in_temporary_folder(writers_at_once_never_mix),
        in_temporary_folder(folders_are_made_with_their_parents),
        in_temporary_folder(a_folder_replaces_an_empty_one_and_no_other),
        cmocka_unit_test(paths_are_cut_and_joined),
        in_temporary_folder(failing_memory_leaks_neither_bytes_nor_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
