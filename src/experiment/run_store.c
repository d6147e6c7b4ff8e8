// A run's SQLite database: opening, checking, what the run is.
#include "experiment/run_store_internal.h"

#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "experiment/imported_run_internal.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    SCHEMA_VERSION = 1,
    APPLICATION_ID = 0x51484D72, // "QHMr", in the database's header
    BUSY_MILLISECONDS = 10000
};

static const char *const schema =
    "CREATE TABLE run ("
    "  one INTEGER PRIMARY KEY CHECK (one = 1),"
    "  id TEXT NOT NULL, name TEXT NOT NULL,"
    "  seed TEXT NOT NULL," // 64 bits without a sign, which an INTEGER cannot hold
    "  status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'failed', 'interrupted')),"
    "  started TEXT NOT NULL, finished TEXT, manifest TEXT, verdict TEXT);"
    "CREATE TABLE job ("
    "  job INTEGER PRIMARY KEY,"
    "  task TEXT NOT NULL, model TEXT NOT NULL,"
    "  resample INTEGER NOT NULL CHECK (resample >= 0),"
    "  trial INTEGER NOT NULL CHECK (trial >= -1)," // -1: trained with the chosen parameters
    "  failed INTEGER NOT NULL, parameters TEXT, metrics TEXT, seconds REAL,"
    "  UNIQUE (task, model, resample, trial));"
    "CREATE TABLE point ("
    "  job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,"
    "  epoch INTEGER NOT NULL CHECK (epoch >= 0),"
    "  training_loss REAL, validation_metric REAL," // NULL: not measured
    "  PRIMARY KEY (job, epoch)) WITHOUT ROWID;";

static const char *const status_names[] = {"running", "finished", "failed", "interrupted"};

const char *qhm_run_status_name(qhm_run_status status)
{
    return (unsigned)status < 4 ? status_names[status] : "unknown";
}

qhm_status qhm_run_store_fail(const qhm_run_store *store, const char *what)
{
    int code = store->database ? sqlite3_errcode(store->database) : SQLITE_NOMEM;
    const char *reason = store->database ? sqlite3_errmsg(store->database) : "out of memory";
    switch (code & 0xFF) {
    case SQLITE_NOMEM:
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot %s %s: %s", what, store->path, reason);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return QHM_FAIL(QHM_ERROR_BUSY, "cannot %s %s: %s", what, store->path, reason);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s is damaged: %s", store->path, reason);
    default:
        return QHM_FAIL(QHM_ERROR_IO, "cannot %s %s: %s", what, store->path, reason);
    }
}

const char *qhm_run_column_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text ? (const char *)text : "";
}

void qhm_run_info_release(qhm_run_info *info)
{
    const char *const texts[] = {info->id,       info->name,     info->folder, info->started,
                                 info->finished, info->manifest, info->verdict};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        qhm_release((void *)texts[i]);
    *info = (qhm_run_info){0};
}

void qhm_run_store_destroy(qhm_run_store *store)
{
    if (!store)
        return;
    sqlite3_finalize(store->delete_job);
    sqlite3_finalize(store->insert_job);
    sqlite3_finalize(store->insert_point);
    if (store->database && store->is_writer) {
        // Out of WAL mode the run is one plain file, which opens in a folder that is read-only.
        // When somebody is reading this fails, and the file stays readable all the same.
        sqlite3_busy_timeout(store->database, 0);
        sqlite3_exec(store->database, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    }
    sqlite3_close(store->database);
    qhm_run_lock_release(store->lock);
    if (store->has_mutex)
        pthread_mutex_destroy(&store->mutex);
    qhm_run_info_release(&store->info);
    qhm_release(store->path);
    qhm_release(store);
}

// The first column of a query's first row, as a number; fails when there is none.
static qhm_status query_number(qhm_run_store *store, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    qhm_status status = QHM_OK;
    if (sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        status = qhm_run_store_fail(store, "read");
    else
        *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return status;
}

static qhm_status execute(qhm_run_store *store, const char *sql, const char *what)
{
    if (sqlite3_exec(store->database, sql, NULL, NULL, NULL) != SQLITE_OK)
        return qhm_run_store_fail(store, what);
    return QHM_OK;
}

static qhm_run_status status_of(const char *name)
{
    for (int i = 0; i < 4; i++)
        if (strcmp(name, status_names[i]) == 0)
            return (qhm_run_status)i;
    return QHM_RUN_FAILED;
}

static qhm_status copy_column(sqlite3_stmt *statement, int column, const char **out)
{
    char *copy;
    QHM_TRY(qhm_copy_text(qhm_run_column_text(statement, column), &copy));
    *out = copy;
    return QHM_OK;
}

static qhm_status copy_row(const qhm_run_store *store, sqlite3_stmt *row, qhm_run_info *info)
{
    char *folder;
    QHM_TRY(qhm_path_folder(store->path, &folder));
    info->folder = folder;
    QHM_TRY(copy_column(row, 0, &info->id));
    QHM_TRY(copy_column(row, 1, &info->name));
    if (!qhm_parse_uint64(qhm_run_column_text(row, 2), &info->seed))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s is damaged: the seed is \"%s\", not a number",
                        store->path, qhm_run_column_text(row, 2));
    info->status = status_of(qhm_run_column_text(row, 3));
    if (info->status == QHM_RUN_RUNNING && !store->is_writer && !qhm_run_lock_is_taken(folder))
        info->status = QHM_RUN_INTERRUPTED; // its process is gone
    QHM_TRY(copy_column(row, 4, &info->started));
    QHM_TRY(copy_column(row, 5, &info->finished));
    QHM_TRY(copy_column(row, 6, &info->manifest));
    QHM_TRY(copy_column(row, 7, &info->verdict));
    info->job_count = (size_t)sqlite3_column_int64(row, 8);
    return QHM_OK;
}

qhm_status qhm_run_store_read_info(qhm_run_store *store)
{
    sqlite3_stmt *statement = NULL;
    qhm_run_info info = {0};
    qhm_status status = QHM_OK;
    int got = sqlite3_prepare_v2(store->database,
                                 "SELECT id, name, seed, status, started, finished, manifest,"
                                 " verdict, (SELECT count(*) FROM job) FROM run",
                                 -1, &statement, NULL);
    if (got == SQLITE_OK)
        got = sqlite3_step(statement);
    if (got == SQLITE_ROW)
        status = copy_row(store, statement, &info);
    else if (got == SQLITE_DONE)
        status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s is damaged: it holds no run", store->path);
    else
        status = qhm_run_store_fail(store, "read");
    sqlite3_finalize(statement);
    if (status != QHM_OK) {
        qhm_run_info_release(&info);
        return status;
    }
    qhm_run_info_release(&store->info);
    store->info = info;
    return QHM_OK;
}

static bool has_content(const char *path, const char *ending)
{
    char *name;
    qhm_text text = {0};
    qhm_text_print(&text, "%s%s", path, ending);
    struct stat info;
    if (qhm_text_take(&text, &name) != QHM_OK)
        return true;
    bool found = stat(name, &info) == 0 && info.st_size > 0;
    qhm_release(name);
    return found;
}

// In a folder that cannot be written SQLite reads a WAL database only as one that never changes.
static qhm_status open_immutable(qhm_run_store *store)
{
    qhm_text uri = {0};
    qhm_text_append(&uri, "file:");
    for (const char *c = store->path; *c; c++)
        if (strchr("%?#", *c))
            qhm_text_print(&uri, "%%%02X", (unsigned)*c);
        else
            qhm_text_append_bytes(&uri, c, 1);
    qhm_text_append(&uri, "?immutable=1");
    char *name;
    QHM_TRY(qhm_text_take(&uri, &name));
    sqlite3_close(store->database);
    store->database = NULL;
    int got = sqlite3_open_v2(name, &store->database,
                              SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    qhm_release(name);
    return got == SQLITE_OK ? QHM_OK : qhm_run_store_fail(store, "read");
}

static qhm_status connect(qhm_run_store *store, bool may_create)
{
    int flags = SQLITE_OPEN_NOMUTEX;
    if (store->is_writer)
        flags |= SQLITE_OPEN_READWRITE | (may_create ? SQLITE_OPEN_CREATE : 0);
    else
        flags |= SQLITE_OPEN_READONLY;
    const char *what = store->is_writer ? "write" : "read";
    if (sqlite3_open_v2(store->path, &store->database, flags, NULL) != SQLITE_OK)
        return qhm_run_store_fail(store, what);
    sqlite3_busy_timeout(store->database, BUSY_MILLISECONDS);
    int got = sqlite3_exec(store->database, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
    if (got == SQLITE_OK)
        return QHM_OK;
    bool is_refused = got == SQLITE_CANTOPEN || got == SQLITE_READONLY;
    if (!is_refused || store->is_writer || has_content(store->path, "-wal"))
        return qhm_run_store_fail(store, what);
    return open_immutable(store);
}

// Fails unless the database is whole, and a run of this version. *out_is_new: nothing in it yet.
static qhm_status check(qhm_run_store *store, bool *out_is_new)
{
    int64_t tables = 0, application = 0, version = 0;
    QHM_TRY(query_number(store, "SELECT count(*) FROM sqlite_schema", &tables));
    QHM_TRY(query_number(store, "PRAGMA application_id", &application));
    QHM_TRY(query_number(store, "PRAGMA user_version", &version));
    *out_is_new = tables == 0 && application == 0;
    if (*out_is_new)
        return QHM_OK;
    if (application != APPLICATION_ID)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s is an SQLite database, but not of a QHM run",
                        store->path);
    if (version != SCHEMA_VERSION)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "%s has schema version %" PRId64 "; this QHM reads version %d", store->path,
                        version, SCHEMA_VERSION);
    int64_t damage = 0;
    QHM_TRY(query_number(
        store, "SELECT count(*) FROM pragma_quick_check(1) WHERE quick_check <> 'ok'", &damage));
    if (damage > 0)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s is damaged: its pages do not fit together",
                        store->path);
    return QHM_OK;
}

// The folder's own name, also for "runs/x/" and ".".
static void name_of_folder(const char *folder, char resolved[static PATH_MAX], const char **out)
{
    if (!realpath(folder, resolved))
        snprintf(resolved, PATH_MAX, "%s", folder);
    const char *slash = strrchr(resolved, '/');
    *out = slash ? slash + 1 : resolved;
}

static void format_now(char out[static 32])
{
    time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

static qhm_status insert_run(qhm_run_store *store, const char *folder, const char *name,
                             uint64_t seed)
{
    char seed_text[24], now[32], resolved[PATH_MAX];
    const char *id;
    name_of_folder(folder, resolved, &id);
    snprintf(seed_text, sizeof seed_text, "%" PRIu64, seed);
    format_now(now);
    sqlite3_stmt *statement = NULL;
    bool done = sqlite3_prepare_v2(store->database,
                                   "INSERT OR REPLACE INTO run (one, id, name, seed, status,"
                                   " started)"
                                   " VALUES (1, ?, ?, ?, 'running', ?)",
                                   -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_bind_text(statement, 3, seed_text, -1, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_bind_text(statement, 4, now, -1, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_DONE;
    qhm_status status = done ? QHM_OK : qhm_run_store_fail(store, "write");
    sqlite3_finalize(statement);
    return status;
}

// All or nothing: a process killed here leaves an empty database, which the next one fills.
static qhm_status fill_new(qhm_run_store *store, const char *folder, const char *name,
                           uint64_t seed)
{
    char header[96];
    snprintf(header, sizeof header, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             APPLICATION_ID, SCHEMA_VERSION);
    QHM_TRY(execute(store, "BEGIN IMMEDIATE", "write"));
    qhm_status status = execute(store, header, "write");
    if (status == QHM_OK)
        status = execute(store, schema, "write");
    if (status == QHM_OK)
        status = insert_run(store, folder, name, seed);
    if (status == QHM_OK)
        status = execute(store, "COMMIT", "write");
    return status; // closing the connection rolls back
}

static qhm_status prepare_writer(qhm_run_store *store)
{
    QHM_TRY(execute(store, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL", "write"));
    bool done =
        sqlite3_prepare_v2(
            store->database,
            "DELETE FROM job WHERE task = ? AND model = ? AND resample = ? AND trial = ?", -1,
            &store->delete_job, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(store->database,
                           "INSERT INTO job (task, model, resample, trial, failed, parameters,"
                           " metrics, seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                           -1, &store->insert_job, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(store->database,
                           "INSERT INTO point (job, epoch, training_loss, validation_metric)"
                           " VALUES (?, ?, ?, ?)",
                           -1, &store->insert_point, NULL) == SQLITE_OK;
    return done ? QHM_OK : qhm_run_store_fail(store, "write");
}

static qhm_status create_handle(const char *folder, bool is_writer, qhm_run_store **out)
{
    qhm_run_store *store;
    QHM_TRY(qhm_allocate(1, sizeof *store, &store));
    store->lock = -1;
    store->is_writer = is_writer;
    store->has_mutex = pthread_mutex_init(&store->mutex, NULL) == 0;
    qhm_status status = store->has_mutex
                            ? qhm_path_join(folder, QHM_RUN_DATABASE, &store->path)
                            : QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot create a mutex");
    if (status == QHM_OK && is_writer)
        status = qhm_run_lock_take(folder, &store->lock);
    if (status != QHM_OK) {
        qhm_run_store_destroy(store);
        return status;
    }
    *out = store;
    return QHM_OK;
}

static qhm_status begin(qhm_run_store *store, const char *folder, const char *name, uint64_t seed)
{
    QHM_TRY(connect(store, true));
    bool is_new = false;
    QHM_TRY(check(store, &is_new));
    int64_t begun = 0;
    if (!is_new)
        QHM_TRY(query_number(store,
                             "SELECT (SELECT count(*) FROM run WHERE manifest IS NOT NULL) +"
                             " (SELECT count(*) FROM job)",
                             &begun));
    if (begun > 0)
        return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                        "%s already holds a run; resume it or choose another folder", folder);
    QHM_TRY(execute(store, "PRAGMA journal_mode = WAL", "write"));
    QHM_TRY(is_new ? fill_new(store, folder, name, seed) : insert_run(store, folder, name, seed));
    QHM_TRY(prepare_writer(store));
    return qhm_run_store_read_info(store);
}

qhm_status qhm_run_store_create(const char *folder, const char *name, uint64_t seed,
                                qhm_run_store **out)
{
    QHM_REQUIRE(folder && folder[0] != '\0' && name && out, "folder, name or out is missing");
    QHM_REQUIRE(!qhm_imported_run_is_in(folder),
                "%s already holds an imported run; choose another folder", folder);
    QHM_TRY(qhm_folder_create(folder));
    qhm_run_store *store;
    QHM_TRY(create_handle(folder, true, &store));
    qhm_status status = begin(store, folder, name, seed);
    if (status != QHM_OK) {
        qhm_run_store_destroy(store);
        return status;
    }
    *out = store;
    return QHM_OK;
}

static qhm_status open_existing(qhm_run_store *store, const char *folder)
{
    QHM_TRY(connect(store, false));
    bool is_new = false;
    QHM_TRY(check(store, &is_new));
    if (is_new)
        return QHM_FAIL(QHM_ERROR_NOT_FOUND, "%s holds no run: it was stopped as it began", folder);
    if (store->is_writer) {
        QHM_TRY(execute(store, "PRAGMA journal_mode = WAL", "write"));
        QHM_TRY(prepare_writer(store));
        return qhm_run_store_set_status(store, QHM_RUN_RUNNING);
    }
    return qhm_run_store_read_info(store);
}

static qhm_status load(const char *folder, bool is_writer, qhm_run_store **out)
{
    QHM_REQUIRE(folder && out, "folder or out is missing");
    QHM_TRY(qhm_imported_run_refuse(folder));
    char *path;
    QHM_TRY(qhm_path_join(folder, QHM_RUN_DATABASE, &path));
    bool exists = qhm_file_exists(path);
    qhm_release(path);
    if (!exists)
        return QHM_FAIL(QHM_ERROR_NOT_FOUND, "%s holds no run: there is no %s", folder,
                        QHM_RUN_DATABASE);
    qhm_run_store *store;
    QHM_TRY(create_handle(folder, is_writer, &store));
    qhm_status status = open_existing(store, folder);
    if (status != QHM_OK) {
        qhm_run_store_destroy(store);
        return status;
    }
    *out = store;
    return QHM_OK;
}

qhm_status qhm_run_store_load(const char *folder, qhm_run_store **out)
{
    return load(folder, false, out);
}

qhm_status qhm_run_store_resume(const char *folder, qhm_run_store **out)
{
    return load(folder, true, out);
}

const qhm_run_info *qhm_run_store_info(const qhm_run_store *store)
{
    return &store->info;
}

// Updates columns of the run's row: the statement's parameters are the given texts.
static qhm_status update(qhm_run_store *store, const char *sql, const char *first,
                         const char *second)
{
    if (!store->is_writer)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s was opened to read, not to write", store->path);
    pthread_mutex_lock(&store->mutex);
    sqlite3_stmt *statement = NULL;
    bool done =
        sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_bind_text(statement, 1, first, -1, SQLITE_STATIC) == SQLITE_OK &&
        (!second || sqlite3_bind_text(statement, 2, second, -1, SQLITE_STATIC) == SQLITE_OK) &&
        sqlite3_step(statement) == SQLITE_DONE;
    qhm_status status = done ? QHM_OK : qhm_run_store_fail(store, "write");
    sqlite3_finalize(statement);
    if (status == QHM_OK)
        status = qhm_run_store_read_info(store);
    pthread_mutex_unlock(&store->mutex);
    return status;
}

qhm_status qhm_run_store_set_manifest(qhm_run_store *store, const char *json)
{
    QHM_REQUIRE(store && json, "store or json is missing");
    return update(store, "UPDATE run SET manifest = ?", json, NULL);
}

qhm_status qhm_run_store_set_verdict(qhm_run_store *store, const char *json)
{
    QHM_REQUIRE(store && json, "store or json is missing");
    return update(store, "UPDATE run SET verdict = ?", json, NULL);
}

qhm_status qhm_run_store_set_status(qhm_run_store *store, qhm_run_status status)
{
    QHM_REQUIRE(store, "store is missing");
    QHM_REQUIRE((unsigned)status < 4, "status is %d, not 0 to 3", (int)status);
    if (status == QHM_RUN_RUNNING)
        return update(store, "UPDATE run SET status = ?, finished = NULL", "running", NULL);
    char now[32];
    format_now(now);
    return update(store, "UPDATE run SET status = ?, finished = ?", qhm_run_status_name(status),
                  now);
}
