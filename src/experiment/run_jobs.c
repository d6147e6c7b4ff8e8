// Jobs of a run: one transaction each in, one sorted list out.
#include "experiment/run_store_internal.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct qhm_run_jobs {
    qhm_run_job *jobs; // own their texts and points
    size_t count, capacity;
};

static sqlite3_int64 stored_trial(size_t trial)
{
    return trial == QHM_RUN_FINAL ? -1 : (sqlite3_int64)trial;
}

static bool bind_key(sqlite3_stmt *statement, const qhm_run_job *job)
{
    return sqlite3_bind_text(statement, 1, job->task, -1, SQLITE_STATIC) == SQLITE_OK &&
           sqlite3_bind_text(statement, 2, job->model, -1, SQLITE_STATIC) == SQLITE_OK &&
           sqlite3_bind_int64(statement, 3, (sqlite3_int64)job->resample) == SQLITE_OK &&
           sqlite3_bind_int64(statement, 4, stored_trial(job->trial)) == SQLITE_OK;
}

static bool run_once(sqlite3_stmt *statement)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    return sqlite3_reset(statement) == SQLITE_OK && done;
}

static bool insert_job(qhm_run_store *store, const qhm_run_job *job)
{
    sqlite3_stmt *insert = store->insert_job;
    return bind_key(store->delete_job, job) && run_once(store->delete_job) &&
           bind_key(insert, job) && sqlite3_bind_int(insert, 5, job->failed) == SQLITE_OK &&
           sqlite3_bind_text(insert, 6, job->parameters, -1, SQLITE_STATIC) == SQLITE_OK &&
           sqlite3_bind_text(insert, 7, job->metrics, -1, SQLITE_STATIC) == SQLITE_OK &&
           sqlite3_bind_double(insert, 8, job->seconds) == SQLITE_OK && run_once(insert);
}

static bool insert_points(qhm_run_store *store, const qhm_run_job *job)
{
    sqlite3_stmt *insert = store->insert_point;
    sqlite3_int64 id = sqlite3_last_insert_rowid(store->database);
    for (size_t i = 0; i < job->point_count; i++) {
        const qhm_run_point *point = &job->points[i];
        if (sqlite3_bind_int64(insert, 1, id) != SQLITE_OK ||
            sqlite3_bind_int64(insert, 2, (sqlite3_int64)point->epoch) != SQLITE_OK ||
            sqlite3_bind_double(insert, 3, point->training_loss) != SQLITE_OK || // NaN: NULL
            sqlite3_bind_double(insert, 4, point->validation_metric) != SQLITE_OK ||
            !run_once(insert))
            return false;
    }
    return true;
}

static qhm_status append(qhm_run_store *store, const qhm_run_job *job)
{
    sqlite3 *database = store->database;
    bool done = sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
                insert_job(store, job) && insert_points(store, job) &&
                sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    if (done)
        return qhm_run_store_read_info(store);
    qhm_status status = qhm_run_store_fail(store, "write");
    if (!sqlite3_get_autocommit(database))
        sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

qhm_status qhm_run_store_append_job(qhm_run_store *store, const qhm_run_job *job)
{
    QHM_REQUIRE(store && job && job->task && job->model, "store, job, task or model is missing");
    QHM_REQUIRE(job->points || job->point_count == 0, "points is missing");
    if (!store->is_writer)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s was opened to read, not to write", store->path);
    pthread_mutex_lock(&store->mutex);
    qhm_status status = append(store, job);
    pthread_mutex_unlock(&store->mutex);
    return status;
}

void qhm_run_jobs_destroy(qhm_run_jobs *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++) {
        qhm_run_job *job = &list->jobs[i];
        qhm_release((void *)job->task);
        qhm_release((void *)job->model);
        qhm_release((void *)job->parameters);
        qhm_release((void *)job->metrics);
        qhm_release((void *)job->points);
    }
    qhm_release(list->jobs);
    qhm_release(list);
}

static qhm_status copy_column(sqlite3_stmt *row, int column, const char **out)
{
    char *copy;
    QHM_TRY(qhm_copy_text(qhm_run_column_text(row, column), &copy));
    *out = copy;
    return QHM_OK;
}

static double number_or_nan(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? NAN
                                                           : sqlite3_column_double(row, column);
}

// Rows come point by point; a job without points has one row whose epoch is NULL.
enum {
    COLUMN_JOB,
    COLUMN_TASK,
    COLUMN_MODEL,
    COLUMN_RESAMPLE,
    COLUMN_TRIAL,
    COLUMN_FAILED,
    COLUMN_PARAMETERS,
    COLUMN_METRICS,
    COLUMN_SECONDS,
    COLUMN_POINT_COUNT,
    COLUMN_EPOCH,
    COLUMN_LOSS,
    COLUMN_VALIDATION
};

static const char *const select_jobs =
    "SELECT job.job, task, model, resample, trial, failed, parameters, metrics, seconds,"
    " (SELECT count(*) FROM point WHERE point.job = job.job),"
    " epoch, training_loss, validation_metric"
    " FROM job LEFT JOIN point ON point.job = job.job"
    " ORDER BY task, model, resample, trial < 0, trial, epoch";

static qhm_status add_job(qhm_run_jobs *list, sqlite3_stmt *row)
{
    QHM_TRY(qhm_reserve(list->count + 1, &list->capacity, sizeof *list->jobs, &list->jobs));
    qhm_run_job *job = &list->jobs[list->count++];
    *job = (qhm_run_job){0};
    QHM_TRY(copy_column(row, COLUMN_TASK, &job->task));
    QHM_TRY(copy_column(row, COLUMN_MODEL, &job->model));
    QHM_TRY(copy_column(row, COLUMN_PARAMETERS, &job->parameters));
    QHM_TRY(copy_column(row, COLUMN_METRICS, &job->metrics));
    sqlite3_int64 trial = sqlite3_column_int64(row, COLUMN_TRIAL);
    job->trial = trial < 0 ? QHM_RUN_FINAL : (size_t)trial;
    job->resample = (size_t)sqlite3_column_int64(row, COLUMN_RESAMPLE);
    job->failed = sqlite3_column_int(row, COLUMN_FAILED);
    job->seconds = number_or_nan(row, COLUMN_SECONDS);
    qhm_run_point *points;
    QHM_TRY(qhm_allocate((size_t)sqlite3_column_int64(row, COLUMN_POINT_COUNT), sizeof *points,
                         &points));
    job->points = points;
    return QHM_OK;
}

static void add_point(qhm_run_job *job, sqlite3_stmt *row)
{
    qhm_run_point *points = (qhm_run_point *)job->points;
    points[job->point_count++] =
        (qhm_run_point){.epoch = (size_t)sqlite3_column_int64(row, COLUMN_EPOCH),
                        .training_loss = number_or_nan(row, COLUMN_LOSS),
                        .validation_metric = number_or_nan(row, COLUMN_VALIDATION)};
}

static qhm_status read_rows(qhm_run_store *store, sqlite3_stmt *rows, qhm_run_jobs *list)
{
    sqlite3_int64 current = 0;
    int got;
    while ((got = sqlite3_step(rows)) == SQLITE_ROW) {
        sqlite3_int64 job = sqlite3_column_int64(rows, COLUMN_JOB);
        if (list->count == 0 || job != current)
            QHM_TRY(add_job(list, rows));
        current = job;
        if (sqlite3_column_type(rows, COLUMN_EPOCH) != SQLITE_NULL)
            add_point(&list->jobs[list->count - 1], rows);
    }
    return got == SQLITE_DONE ? QHM_OK : qhm_run_store_fail(store, "read");
}

qhm_status qhm_run_jobs_load(qhm_run_store *store, qhm_run_jobs **out)
{
    QHM_REQUIRE(store && out, "store or out is missing");
    qhm_run_jobs *list;
    QHM_TRY(qhm_allocate(1, sizeof *list, &list));
    pthread_mutex_lock(&store->mutex);
    sqlite3_stmt *rows = NULL;
    qhm_status status =
        sqlite3_prepare_v2(store->database, select_jobs, -1, &rows, NULL) == SQLITE_OK
            ? read_rows(store, rows, list)
            : qhm_run_store_fail(store, "read");
    sqlite3_finalize(rows);
    pthread_mutex_unlock(&store->mutex);
    if (status != QHM_OK) {
        qhm_run_jobs_destroy(list);
        return status;
    }
    *out = list;
    return QHM_OK;
}

size_t qhm_run_jobs_count(const qhm_run_jobs *jobs)
{
    return jobs->count;
}

const qhm_run_job *qhm_run_jobs_at(const qhm_run_jobs *jobs, size_t index)
{
    return index < jobs->count ? &jobs->jobs[index] : NULL;
}

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

// The order of select_jobs: SQLite compares texts as bytes, and the final job is SIZE_MAX here.
static int compare_jobs(const void *a, const void *b)
{
    const qhm_run_job *first = a, *second = b;
    int order = strcmp(first->task, second->task);
    if (order == 0)
        order = strcmp(first->model, second->model);
    if (order == 0)
        order = compare_sizes(first->resample, second->resample);
    return order != 0 ? order : compare_sizes(first->trial, second->trial);
}

const qhm_run_job *qhm_run_jobs_find(const qhm_run_jobs *jobs, const char *task, const char *model,
                                     size_t resample, size_t trial)
{
    qhm_run_job wanted = {.task = task, .model = model, .resample = resample, .trial = trial};
    return jobs->count == 0
               ? NULL
               : bsearch(&wanted, jobs->jobs, jobs->count, sizeof wanted, compare_jobs);
}
