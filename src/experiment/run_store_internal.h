// What the files of the run store share.
#ifndef QHM_EXPERIMENT_RUN_STORE_INTERNAL_H
#define QHM_EXPERIMENT_RUN_STORE_INTERNAL_H

#include "base/status_internal.h"

#include <pthread.h>
#include <qhm/run_store.h>
#include <sqlite3.h>
#include <stdbool.h>

#define QHM_RUN_DATABASE "run.sqlite"

struct qhm_run_store {
    char *path; // of the database
    sqlite3 *database;
    sqlite3_stmt *delete_job, *insert_job, *insert_point; // of a writer
    pthread_mutex_t mutex;
    bool has_mutex, is_writer;
    int lock;          // file descriptor, -1: none
    qhm_run_info info; // owns its texts
};

// "cannot <what> <path>: <SQLite's reason>", with the status that the reason deserves.
qhm_status qhm_run_store_fail(const qhm_run_store *store, const char *what);

// Fills the info afresh from the database.
QHM_MUST_CHECK qhm_status qhm_run_store_read_info(qhm_run_store *store);

void qhm_run_info_release(qhm_run_info *info);

// A column's text; "" for NULL.
const char *qhm_run_column_text(sqlite3_stmt *statement, int column);

// Takes the folder's lock; busy when another process, or another store of this one, has it.
QHM_MUST_CHECK qhm_status qhm_run_lock_take(const char *folder, int *out);
void qhm_run_lock_release(int lock);
bool qhm_run_lock_is_taken(const char *folder);

#endif
