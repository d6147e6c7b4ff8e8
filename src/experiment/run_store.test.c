#include <qhm/run_store.h>
#include <qhm/threads.h>

#include "base/files.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char root[64];
static char run[96];
static char database[128];

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static int make_root(void **state)
{
    (void)state;
    strcpy(root, "/tmp/qhm-runs-XXXXXX");
    if (!mkdtemp(root))
        return 1;
    snprintf(run, sizeof run, "%s/one", root);
    snprintf(database, sizeof database, "%s/run.sqlite", run);
    return 0;
}

static int remove_root(void **state)
{
    (void)state;
    return nftw(root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static qhm_run_store *begin(void)
{
    qhm_run_store *store;
    REQUIRE_OK(qhm_run_store_create(run, "emoji", UINT64_MAX, &store));
    return store;
}

static const qhm_run_point curve[] = {{0, 2.5, 0.1}, {1, 1.25, NAN}, {2, NAN, 0.75}};

static qhm_run_job job_of(size_t resample, size_t trial)
{
    return (qhm_run_job){.task = "groups",
                         .model = "hybrid",
                         .resample = resample,
                         .trial = trial,
                         .parameters = "{\"rate\": 0.1}",
                         .metrics = "{\"accuracy\": 0.5}",
                         .seconds = 1.5,
                         .points = curve,
                         .point_count = 3};
}

static void a_run_keeps_what_it_was_told(void **state)
{
    (void)state;
    qhm_run_store *store = begin();
    REQUIRE_OK(qhm_run_store_set_manifest(store, "{\"schema_version\": 1}"));
    qhm_run_job jobs[] = {job_of(1, QHM_RUN_FINAL), job_of(1, 10), job_of(1, 2), job_of(0, 0)};
    for (size_t i = 0; i < 4; i++)
        REQUIRE_OK(qhm_run_store_append_job(store, &jobs[i]));
    qhm_run_job other = {
        .task = "a", .model = "linear", .failed = 1, .metrics = "no", .seconds = NAN};
    REQUIRE_OK(qhm_run_store_append_job(store, &other));
    REQUIRE_OK(qhm_run_store_set_verdict(store, "{\"verdict\": \"helps\"}"));
    REQUIRE_OK(qhm_run_store_set_status(store, QHM_RUN_FINISHED));
    qhm_run_store_destroy(store);

    REQUIRE_OK(qhm_run_store_load(run, &store));
    const qhm_run_info *info = qhm_run_store_info(store);
    assert_string_equal(info->id, "one");
    assert_string_equal(info->name, "emoji");
    assert_string_equal(info->folder, run);
    assert_true(info->seed == UINT64_MAX);
    assert_int_equal(info->status, QHM_RUN_FINISHED);
    assert_int_equal(strlen(info->started), 20);
    assert_int_equal(strlen(info->finished), 20);
    assert_string_equal(info->manifest, "{\"schema_version\": 1}");
    assert_string_equal(info->verdict, "{\"verdict\": \"helps\"}");
    assert_int_equal(info->job_count, 5);
    qhm_run_jobs *list;
    REQUIRE_OK(qhm_run_jobs_load(store, &list));
    assert_int_equal(qhm_run_jobs_count(list), 5);
    assert_string_equal(qhm_run_jobs_at(list, 0)->task, "a");
    assert_int_equal(qhm_run_jobs_at(list, 0)->failed, 1);
    assert_int_equal(qhm_run_jobs_at(list, 0)->point_count, 0);
    assert_true(isnan(qhm_run_jobs_at(list, 0)->seconds));
    assert_int_equal(qhm_run_jobs_at(list, 2)->trial, 2);
    assert_int_equal(qhm_run_jobs_at(list, 3)->trial, 10);
    assert_true(qhm_run_jobs_at(list, 4)->trial == QHM_RUN_FINAL);
    assert_null(qhm_run_jobs_at(list, 5));
    const qhm_run_job *found = qhm_run_jobs_find(list, "groups", "hybrid", 1, QHM_RUN_FINAL);
    assert_ptr_equal(found, qhm_run_jobs_at(list, 4));
    assert_string_equal(found->parameters, "{\"rate\": 0.1}");
    assert_int_equal(found->point_count, 3);
    REQUIRE_NEAR(found->points[0].training_loss, 2.5, 0);
    assert_true(isnan(found->points[1].validation_metric));
    assert_true(isnan(found->points[2].training_loss));
    REQUIRE_NEAR(found->points[2].validation_metric, 0.75, 0);
    assert_null(qhm_run_jobs_find(list, "groups", "hybrid", 2, 0));
    qhm_run_jobs_destroy(list);
    qhm_run_store_destroy(store);
}

static void a_job_done_again_takes_the_place_of_the_first(void **state)
{
    (void)state;
    qhm_run_store *store = begin();
    qhm_run_job job = job_of(0, 0);
    REQUIRE_OK(qhm_run_store_append_job(store, &job));
    job.metrics = "second";
    job.point_count = 1;
    REQUIRE_OK(qhm_run_store_append_job(store, &job));
    qhm_run_jobs *list;
    REQUIRE_OK(qhm_run_jobs_load(store, &list));
    assert_int_equal(qhm_run_jobs_count(list), 1);
    assert_string_equal(qhm_run_jobs_at(list, 0)->metrics, "second");
    assert_int_equal(qhm_run_jobs_at(list, 0)->point_count, 1);
    qhm_run_jobs_destroy(list);
    qhm_run_store_destroy(store);
}

static void a_job_that_cannot_be_stored_leaves_nothing(void **state)
{
    (void)state;
    qhm_run_store *store = begin();
    qhm_run_job job = job_of(0, 0);
    const qhm_run_point twice[] = {{3, 1, 1}, {3, 1, 1}};
    job.points = twice;
    job.point_count = 2;
    REQUIRE_FAILS(qhm_run_store_append_job(store, &job), QHM_ERROR_IO, "UNIQUE constraint");
    assert_int_equal(qhm_run_store_info(store)->job_count, 0);
    job = job_of(0, 0);
    REQUIRE_OK(qhm_run_store_append_job(store, &job));
    assert_int_equal(qhm_run_store_info(store)->job_count, 1);
    qhm_run_store_destroy(store);
}

static void one_folder_holds_one_run(void **state)
{
    (void)state;
    qhm_run_store *store = begin(), *second = NULL;
    REQUIRE_FAILS(qhm_run_store_create(run, "x", 1, &second), QHM_ERROR_BUSY, run);
    REQUIRE_FAILS(qhm_run_store_resume(run, &second), QHM_ERROR_BUSY,
                  "another run is being written");
    REQUIRE_OK(qhm_run_store_set_manifest(store, "{}"));
    qhm_run_store_destroy(store);
    REQUIRE_FAILS(qhm_run_store_create(run, "x", 1, &second), QHM_ERROR_INVALID_ARGUMENT,
                  "already holds a run");
    assert_null(second);
}

static void a_run_that_did_nothing_gives_way(void **state)
{
    (void)state;
    qhm_run_store *store = begin(), *second = NULL;
    REQUIRE_OK(qhm_run_store_set_status(store, QHM_RUN_FAILED));
    qhm_run_store_destroy(store);
    REQUIRE_OK(qhm_run_store_create(run, "second", 77, &second));
    assert_string_equal(qhm_run_store_info(second)->name, "second");
    assert_int_equal(qhm_run_store_info(second)->seed, 77);
    assert_int_equal(qhm_run_store_info(second)->status, QHM_RUN_RUNNING);
    qhm_run_job job = job_of(0, 0);
    REQUIRE_OK(qhm_run_store_append_job(second, &job));
    qhm_run_store_destroy(second);
    REQUIRE_FAILS(qhm_run_store_create(run, "third", 1, &second), QHM_ERROR_INVALID_ARGUMENT,
                  "already holds a run");
}

static void a_running_run_can_be_read(void **state)
{
    (void)state;
    qhm_run_store *writer = begin(), *reader;
    qhm_run_job job = job_of(0, 0);
    REQUIRE_OK(qhm_run_store_append_job(writer, &job));
    REQUIRE_OK(qhm_run_store_load(run, &reader));
    assert_int_equal(qhm_run_store_info(reader)->status, QHM_RUN_RUNNING);
    assert_int_equal(qhm_run_store_info(reader)->job_count, 1);
    REQUIRE_FAILS(qhm_run_store_append_job(reader, &job), QHM_ERROR_UNSUPPORTED, "opened to read");
    REQUIRE_FAILS(qhm_run_store_set_verdict(reader, "{}"), QHM_ERROR_UNSUPPORTED, "opened to read");
    qhm_run_store_destroy(writer);
    qhm_run_store_destroy(reader);
    REQUIRE_OK(qhm_run_store_load(run, &reader));
    assert_int_equal(qhm_run_store_info(reader)->status, QHM_RUN_INTERRUPTED);
    qhm_run_store_destroy(reader);
}

// A process that stores jobs for ever and tells through a pipe which it was told are stored.
static void store_jobs_until_killed(int told)
{
    qhm_run_store *store;
    if (qhm_run_store_create(run, "emoji", 1, &store) != QHM_OK)
        _exit(1);
    for (size_t i = 0;; i++) {
        qhm_run_job job = job_of(i, 0);
        if (qhm_run_store_append_job(store, &job) != QHM_OK || write(told, "x", 1) != 1)
            _exit(1);
    }
}

static void a_killed_run_has_every_job_it_reported(void **state)
{
    (void)state;
    for (int attempt = 0; attempt < 5; attempt++) {
        snprintf(run, sizeof run, "%s/killed-%d", root, attempt);
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0)
            store_jobs_until_killed(ends[1]);
        close(ends[1]);
        char byte;
        assert_int_equal(read(ends[0], &byte, 1), 1);
        usleep(3000 + 1717 * (useconds_t)attempt);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        size_t reported = 1;
        while (read(ends[0], &byte, 1) == 1)
            reported++;
        close(ends[0]);

        qhm_run_store *store;
        REQUIRE_OK(qhm_run_store_load(run, &store));
        assert_int_equal(qhm_run_store_info(store)->status, QHM_RUN_INTERRUPTED);
        qhm_run_store_destroy(store);
        REQUIRE_OK(qhm_run_store_resume(run, &store));
        assert_int_equal(qhm_run_store_info(store)->status, QHM_RUN_RUNNING);
        qhm_run_jobs *list;
        REQUIRE_OK(qhm_run_jobs_load(store, &list));
        size_t kept = qhm_run_jobs_count(list);
        assert_true(kept == reported || kept == reported + 1);
        for (size_t i = 0; i < kept; i++)
            assert_int_equal(qhm_run_jobs_at(list, i)->point_count, 3);
        qhm_run_jobs_destroy(list);
        qhm_run_store_destroy(store);
    }
}

static void a_full_disk_loses_the_job_but_not_the_run(void **state)
{
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    qhm_run_store *store = begin();
    qhm_run_job job = job_of(0, 0);
    REQUIRE_OK(qhm_run_store_append_job(store, &job));
    struct rlimit before, small = {.rlim_cur = 100000, .rlim_max = RLIM_INFINITY};
    getrlimit(RLIMIT_FSIZE, &before);
    small.rlim_max = before.rlim_max;
    setrlimit(RLIMIT_FSIZE, &small);
    qhm_status status = QHM_OK;
    size_t stored = 1;
    while (status == QHM_OK && stored < 1000) {
        job = job_of(stored, 0);
        status = qhm_run_store_append_job(store, &job);
        stored += status == QHM_OK;
    }
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(status, QHM_ERROR_IO);
    assert_non_null(strstr(qhm_error_message(), database));
    job = job_of(stored, 0);
    REQUIRE_OK(qhm_run_store_append_job(store, &job)); // room again
    assert_int_equal(qhm_run_store_info(store)->job_count, stored + 1);
    qhm_run_store_destroy(store);
}

// Writes `count` bytes into the database at an offset.
static void overwrite(long offset, const char *bytes, size_t count)
{
    FILE *file = fopen(database, "r+b");
    assert_non_null(file);
    fseek(file, offset, SEEK_SET);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

static void a_damaged_file_is_refused_and_listed(void **state)
{
    (void)state;
    qhm_run_store *store = begin();
    for (size_t i = 0; i < 300; i++) {
        qhm_run_job job = job_of(i, 0);
        REQUIRE_OK(qhm_run_store_append_job(store, &job));
    }
    qhm_run_store_destroy(store);
    struct stat info;
    assert_int_equal(stat(database, &info), 0);
    assert_int_equal(truncate(database, info.st_size / 2), 0);
    REQUIRE_FAILS(qhm_run_store_load(run, &store), QHM_ERROR_BAD_INPUT, "is damaged");
    REQUIRE_FAILS(qhm_run_store_resume(run, &store), QHM_ERROR_BAD_INPUT, "is damaged");
    overwrite(0, "this is no database", 19);
    REQUIRE_FAILS(qhm_run_store_load(run, &store), QHM_ERROR_BAD_INPUT, "file is not a database");
    qhm_run_list *list;
    REQUIRE_OK(qhm_run_list_load(root, &list));
    assert_int_equal(qhm_run_list_count(list), 1);
    assert_int_equal(qhm_run_list_at(list, 0)->status, QHM_RUN_FAILED);
    assert_non_null(strstr(qhm_run_list_at(list, 0)->verdict, "is damaged"));
    qhm_run_list_destroy(list);
}

static void files_that_are_no_run_of_this_version_are_refused(void **state)
{
    (void)state;
    qhm_run_store *store;
    REQUIRE_FAILS(qhm_run_store_load(run, &store), QHM_ERROR_NOT_FOUND, run);
    store = begin();
    qhm_run_store_destroy(store);
    sqlite3 *raw;
    assert_int_equal(sqlite3_open(database, &raw), SQLITE_OK);
    sqlite3_exec(raw, "PRAGMA user_version = 7", NULL, NULL, NULL);
    REQUIRE_FAILS(qhm_run_store_load(run, &store), QHM_ERROR_UNSUPPORTED,
                  "has schema version 7; this QHM reads version 1");
    sqlite3_exec(raw, "PRAGMA application_id = 3", NULL, NULL, NULL);
    REQUIRE_FAILS(qhm_run_store_load(run, &store), QHM_ERROR_BAD_INPUT, "not of a QHM run");
    REQUIRE_FAILS(qhm_run_store_create(run, "x", 1, &store), QHM_ERROR_BAD_INPUT,
                  "not of a QHM run");
    sqlite3_close(raw);
    assert_int_equal(truncate(database, 0), 0); // a process killed while it began
    REQUIRE_FAILS(qhm_run_store_load(run, &store), QHM_ERROR_NOT_FOUND, "stopped as it began");
    store = begin();
    qhm_run_store_destroy(store);
}

// Runs `work` in a process that may not write the folder, even where tests run as root.
static int without_permission(int (*work)(void))
{
    chmod(root, 0755);
    chmod(run, 0555);
    chmod(database, 0444);
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && seteuid(65534) != 0)
            _exit(99);
        _exit(work());
    }
    int result = 0;
    waitpid(child, &result, 0);
    chmod(run, 0755);
    chmod(database, 0644);
    return WIFEXITED(result) ? WEXITSTATUS(result) : 98;
}

static int read_but_not_write(void)
{
    qhm_run_store *store;
    if (qhm_run_store_load(run, &store) != QHM_OK)
        return 1;
    if (qhm_run_store_info(store)->job_count != 1)
        return 2;
    qhm_run_store_destroy(store);
    if (qhm_run_store_resume(run, &store) != QHM_ERROR_IO || !strstr(qhm_error_message(), run))
        return 3;
    char inside[128];
    snprintf(inside, sizeof inside, "%s/new", run);
    return qhm_run_store_create(inside, "x", 1, &store) == QHM_ERROR_IO ? 0 : 4;
}

static void a_read_only_folder_can_be_read(void **state)
{
    (void)state;
    qhm_run_store *store = begin();
    qhm_run_job job = job_of(0, 0);
    REQUIRE_OK(qhm_run_store_append_job(store, &job));
    qhm_run_store_destroy(store);
    assert_int_equal(without_permission(read_but_not_write), 0);
    // Also a database that was left in WAL mode because somebody was reading it at the end.
    sqlite3 *raw;
    assert_int_equal(sqlite3_open(database, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw, "PRAGMA journal_mode = WAL", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(raw);
    assert_int_equal(without_permission(read_but_not_write), 0);
}

static void append_range(size_t first, size_t last, void *context)
{
    for (size_t i = first; i < last; i++) {
        qhm_run_job job = job_of(i, 0);
        if (qhm_run_store_append_job(context, &job) != QHM_OK)
            abort();
    }
}

static void many_threads_may_store_jobs(void **state)
{
    (void)state;
    REQUIRE_OK(qhm_threads_set_count(4));
    qhm_run_store *store = begin();
    qhm_parallel_for(60, 1, append_range, store);
    assert_int_equal(qhm_run_store_info(store)->job_count, 60);
    qhm_run_jobs *list;
    REQUIRE_OK(qhm_run_jobs_load(store, &list));
    for (size_t i = 0; i < 60; i++) {
        assert_int_equal(qhm_run_jobs_at(list, i)->resample, i);
        assert_int_equal(qhm_run_jobs_at(list, i)->point_count, 3);
    }
    qhm_run_jobs_destroy(list);
    qhm_run_store_destroy(store);
    REQUIRE_OK(qhm_threads_set_count(0));
}

static void new_folders_never_collide_and_are_listed(void **state)
{
    (void)state;
    char inside[96];
    snprintf(inside, sizeof inside, "%s/a/b", root);
    qhm_run_list *list;
    REQUIRE_OK(qhm_run_list_load(inside, &list)); // there is no such folder yet
    assert_int_equal(qhm_run_list_count(list), 0);
    qhm_run_list_destroy(list);
    for (int i = 0; i < 3; i++) {
        char *folder;
        REQUIRE_OK(qhm_run_folder_create(inside, "my run/é", &folder));
        assert_non_null(strstr(folder, "Z-my-run---"));
        qhm_run_store *store;
        REQUIRE_OK(qhm_run_store_create(folder, "my run/é", (uint64_t)i, &store));
        qhm_run_store_destroy(store);
        qhm_run_folder_destroy(folder);
    }
    REQUIRE_OK(qhm_run_list_load(inside, &list));
    assert_int_equal(qhm_run_list_count(list), 3);
    for (size_t i = 1; i < 3; i++)
        assert_true(strcmp(qhm_run_list_at(list, i - 1)->id, qhm_run_list_at(list, i)->id) < 0);
    assert_string_equal(qhm_run_list_at(list, 0)->name, "my run/é");
    assert_null(qhm_run_list_at(list, 3));
    qhm_run_list_destroy(list);
}

static qhm_status write_and_read(void *context)
{
    (void)context;
    (void)!remove(database);
    qhm_run_store *store;
    QHM_TRY(qhm_run_store_create(run, "emoji", 1, &store));
    qhm_run_job job = job_of(0, 0);
    qhm_status status = qhm_run_store_append_job(store, &job);
    qhm_run_jobs *jobs = NULL;
    if (status == QHM_OK)
        status = qhm_run_jobs_load(store, &jobs);
    qhm_run_jobs_destroy(jobs);
    qhm_run_store_destroy(store);
    qhm_run_list *list = NULL;
    if (status == QHM_OK)
        status = qhm_run_list_load(root, &list);
    qhm_run_list_destroy(list);
    return status;
}

static void failing_memory_leaves_nothing_behind(void **state)
{
    (void)state;
    require_survives_failing_memory(write_and_read, NULL);
}

#define RUN_TEST(test) cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_TEST(a_run_keeps_what_it_was_told),
        RUN_TEST(a_job_done_again_takes_the_place_of_the_first),
        RUN_TEST(a_job_that_cannot_be_stored_leaves_nothing),
        RUN_TEST(one_folder_holds_one_run),
        RUN_TEST(a_run_that_did_nothing_gives_way),
        RUN_TEST(a_running_run_can_be_read),
        RUN_TEST(a_killed_run_has_every_job_it_reported),
        RUN_TEST(a_full_disk_loses_the_job_but_not_the_run),
        RUN_TEST(a_damaged_file_is_refused_and_listed),
        RUN_TEST(files_that_are_no_run_of_this_version_are_refused),
        RUN_TEST(a_read_only_folder_can_be_read),
        RUN_TEST(many_threads_may_store_jobs),
        RUN_TEST(new_folders_never_collide_and_are_listed),
        RUN_TEST(failing_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
