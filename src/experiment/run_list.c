// The runs under a root: new folders, and what is there.
#include "experiment/run_store_internal.h"

#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "experiment/imported_run_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { MAX_RUNS_A_SECOND = 1000 };

struct qhm_run_list {
    qhm_run_info *runs; // own their texts
    size_t count, capacity;
};

// 20260131T120000Z-name, then 20260131T120000Z-name-2 …
static qhm_status format_folder(const char *root, const char *name, int attempt, char **out)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &parts);
    qhm_text folder = {0};
    qhm_text_print(&folder, "%s/%s-", root, stamp);
    for (const char *c = name; *c; c++) {
        bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                        (*c >= '0' && *c <= '9') || strchr("._-", *c);
        qhm_text_append_bytes(&folder, is_plain ? c : "-", 1);
    }
    if (attempt > 1)
        qhm_text_print(&folder, "-%d", attempt);
    return qhm_text_take(&folder, out);
}

qhm_status qhm_run_folder_create(const char *root, const char *name, char **out_folder)
{
    QHM_REQUIRE(root && root[0] != '\0' && name && out_folder, "root, name or out is missing");
    QHM_TRY(qhm_folder_create(root));
    for (int attempt = 1; attempt <= MAX_RUNS_A_SECOND; attempt++) {
        char *folder;
        QHM_TRY(format_folder(root, name, attempt, &folder));
        if (mkdir(folder, 0777) == 0) {
            *out_folder = folder;
            return QHM_OK;
        }
        int reason = errno;
        qhm_status status = reason == EEXIST
                                ? QHM_OK
                                : QHM_FAIL(QHM_ERROR_IO, "cannot create the folder %s: %s", folder,
                                           strerrordesc_np(reason));
        qhm_release(folder);
        QHM_TRY(status);
    }
    return QHM_FAIL(QHM_ERROR_IO, "%s has %d runs of this second already", root, MAX_RUNS_A_SECOND);
}

void qhm_run_folder_destroy(char *folder)
{
    qhm_release(folder);
}

void qhm_run_list_destroy(qhm_run_list *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++)
        qhm_run_info_release(&list->runs[i]);
    qhm_release(list->runs);
    qhm_release(list);
}

// A run that cannot be read is shown, so that nobody believes it was never there.
static qhm_status describe_damaged(const char *folder, const char *reason, qhm_run_info *info)
{
    const char *slash = strrchr(folder, '/');
    const char *id = slash ? slash + 1 : folder;
    const struct {
        const char *text;
        const char **out;
    } texts[] = {{id, &info->id},         {id, &info->name},     {folder, &info->folder},
                 {"", &info->started},    {"", &info->finished}, {"", &info->manifest},
                 {reason, &info->verdict}};
    info->status = QHM_RUN_FAILED;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *copy;
        QHM_TRY(qhm_copy_text(texts[i].text, &copy));
        *texts[i].out = copy;
    }
    return QHM_OK;
}

static qhm_status describe(const char *folder, qhm_run_info *info)
{
    if (qhm_imported_run_is_in(folder))
        return qhm_imported_run_describe(folder, info);
    qhm_run_store *store;
    QHM_TRY(qhm_run_store_load(folder, &store));
    *info = store->info;
    store->info = (qhm_run_info){0};
    qhm_run_store_destroy(store);
    return QHM_OK;
}

static qhm_status add_run(qhm_run_list *list, const char *folder)
{
    QHM_TRY(qhm_reserve(list->count + 1, &list->capacity, sizeof *list->runs, &list->runs));
    qhm_run_info *info = &list->runs[list->count];
    *info = (qhm_run_info){0};
    const qhm_status status = describe(folder, info);
    list->count += status == QHM_OK;
    if (status == QHM_OK)
        return QHM_OK;
    qhm_run_info_release(info);
    if (status == QHM_ERROR_NOT_FOUND)
        return QHM_OK;
    if (status == QHM_ERROR_OUT_OF_MEMORY)
        return status;
    list->count++;
    return describe_damaged(folder, qhm_error_message(), info);
}

static qhm_status add_entries(qhm_run_list *list, const char *root, DIR *entries)
{
    struct dirent *entry;
    while ((entry = readdir(entries))) {
        if (entry->d_name[0] == '.')
            continue;
        char *folder;
        QHM_TRY(qhm_path_join(root, entry->d_name, &folder));
        qhm_status status = add_run(list, folder);
        qhm_release(folder);
        QHM_TRY(status);
    }
    return QHM_OK;
}

static int compare_runs(const void *a, const void *b)
{
    const qhm_run_info *first = a, *second = b;
    return strcmp(first->id, second->id);
}

qhm_status qhm_run_list_load(const char *root, qhm_run_list **out)
{
    QHM_REQUIRE(root && out, "root or out is missing");
    qhm_run_list *list;
    QHM_TRY(qhm_allocate(1, sizeof *list, &list));
    qhm_status status = QHM_OK;
    DIR *entries = opendir(root);
    if (entries) {
        status = add_entries(list, root, entries);
        closedir(entries);
    } else if (errno != ENOENT) {
        status =
            QHM_FAIL(QHM_ERROR_IO, "cannot read the folder %s: %s", root, strerrordesc_np(errno));
    }
    if (status != QHM_OK) {
        qhm_run_list_destroy(list);
        return status;
    }
    if (list->count > 0)
        qsort(list->runs, list->count, sizeof *list->runs, compare_runs);
    *out = list;
    return QHM_OK;
}

size_t qhm_run_list_count(const qhm_run_list *list)
{
    return list->count;
}

const qhm_run_info *qhm_run_list_at(const qhm_run_list *list, size_t index)
{
    return index < list->count ? &list->runs[index] : NULL;
}
