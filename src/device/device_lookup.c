// Where device files are found, and loading them by name.
#include "device/device_internal.h"

#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static const char ending[] = ".json";

// Calls `visit` with each folder that is searched, until it returns other than QHM_OK.
typedef qhm_status (*folder_visitor)(const char *folder, void *state);

static qhm_status visit_path_variable(folder_visitor visit, void *state)
{
    const char *rest = getenv("QHM_DEVICE_PATH");
    while (rest && *rest) {
        size_t length = strcspn(rest, ":");
        qhm_text folder = {0};
        char *name;
        qhm_text_append_bytes(&folder, rest, length);
        QHM_TRY(qhm_text_take(&folder, &name));
        qhm_status status = length > 0 ? visit(name, state) : QHM_OK;
        qhm_release(name);
        QHM_TRY(status);
        rest += length + (rest[length] == ':');
    }
    return QHM_OK;
}

// The installed files lie at a fixed distance from the library, wherever it was moved to.
static qhm_status visit_installed(folder_visitor visit, void *state)
{
    Dl_info library;
    if (!dladdr(&ending, &library) || !library.dli_fname)
        return QHM_OK;
    char *folder, *devices;
    QHM_TRY(qhm_path_folder(library.dli_fname, &folder));
    qhm_status status = qhm_path_join(folder, QHM_LIBRARY_TO_DEVICES, &devices);
    qhm_release(folder);
    QHM_TRY(status);
    status = visit(devices, state);
    qhm_release(devices);
    return status;
}

static qhm_status visit_folders(folder_visitor visit, void *state)
{
    QHM_TRY(visit_path_variable(visit, state));
    QHM_TRY(visit_installed(visit, state));
    return visit(QHM_DEVICE_SOURCE_FOLDER, state);
}

typedef struct list_entry {
    char *name, *path; // path NULL: built in
} list_entry;

struct qhm_device_list {
    list_entry *entries;
    size_t count, capacity;
};

void qhm_device_list_destroy(qhm_device_list *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++) {
        qhm_release(list->entries[i].name);
        qhm_release(list->entries[i].path);
    }
    qhm_release(list->entries);
    qhm_release(list);
}

size_t qhm_device_list_count(const qhm_device_list *list)
{
    return list->count;
}

const char *qhm_device_list_name(const qhm_device_list *list, size_t index)
{
    return list->entries[index].name;
}

const char *qhm_device_list_path(const qhm_device_list *list, size_t index)
{
    return list->entries[index].path;
}

// The first folder that has a name wins.
static qhm_status add_entry(qhm_device_list *list, const char *file, size_t length,
                            const char *folder)
{
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->entries[i].name) == length &&
            strncmp(list->entries[i].name, file, length) == 0)
            return QHM_OK;
    QHM_TRY(qhm_reserve(list->count + 1, &list->capacity, sizeof *list->entries, &list->entries));
    list_entry *entry = &list->entries[list->count++];
    *entry = (list_entry){0};
    QHM_TRY(qhm_copy_text(file, &entry->name));
    entry->name[length] = '\0';
    return folder ? qhm_path_join(folder, file, &entry->path) : QHM_OK;
}

static qhm_status list_folder(const char *folder, void *state)
{
    DIR *entries = opendir(folder);
    if (!entries)
        return QHM_OK; // a folder that is not there has no devices
    qhm_status status = QHM_OK;
    const struct dirent *entry;
    while (status == QHM_OK && (entry = readdir(entries)) != NULL) {
        size_t length = strlen(entry->d_name), end = strlen(ending);
        if (length > end && strcmp(entry->d_name + length - end, ending) == 0)
            status = add_entry(state, entry->d_name, length - end, folder);
    }
    closedir(entries);
    return status;
}

static int compare_entries(const void *a, const void *b)
{
    const list_entry *first = a, *second = b;
    if (!first->path != !second->path)
        return first->path ? 1 : -1; // built-in devices first
    return strcmp(first->name, second->name);
}

qhm_status qhm_device_list_create(qhm_device_list **list)
{
    QHM_REQUIRE(list, "qhm_device_list_create needs a place for the list");
    qhm_device_list *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    qhm_status status = add_entry(made, "ideal", strlen("ideal"), NULL);
    if (status == QHM_OK)
        status = visit_folders(list_folder, made);
    if (status != QHM_OK) {
        qhm_device_list_destroy(made);
        return status;
    }
    qsort(made->entries, made->count, sizeof *made->entries, compare_entries);
    *list = made;
    return QHM_OK;
}

static qhm_status fail_name(const char *name)
{
    qhm_device_list *list;
    const char **names;
    QHM_TRY(qhm_device_list_create(&list));
    qhm_status status = qhm_allocate(list->count, sizeof *names, &names);
    if (status == QHM_OK) {
        for (size_t i = 0; i < list->count; i++)
            names[i] = list->entries[i].name;
        size_t index;
        status = qhm_find_name("device", name, names, list->count, &index);
        qhm_release(names);
    }
    qhm_device_list_destroy(list);
    return status;
}

typedef struct search {
    const char *file; // "willow.json"
    char *found;
} search;

static qhm_status look_in(const char *folder, void *state)
{
    search *sought = state;
    char *path;
    if (sought->found)
        return QHM_OK;
    QHM_TRY(qhm_path_join(folder, sought->file, &path));
    if (qhm_file_exists(path))
        sought->found = path;
    else
        qhm_release(path);
    return QHM_OK;
}

// The file of a device's name; free it with qhm_release.
static qhm_status find_file(const char *name, char **path)
{
    size_t length = strlen(name), end = strlen(ending);
    if (strchr(name, '/') || (length > end && strcmp(name + length - end, ending) == 0))
        return qhm_copy_text(name, path);
    qhm_text file = {0};
    char *file_name;
    qhm_text_append(&file, name);
    qhm_text_append(&file, ending);
    QHM_TRY(qhm_text_take(&file, &file_name));
    search sought = {.file = file_name};
    qhm_status status = visit_folders(look_in, &sought);
    qhm_release(file_name);
    if (status != QHM_OK) {
        qhm_release(sought.found);
        return status;
    }
    if (!sought.found)
        return fail_name(name);
    *path = sought.found;
    return QHM_OK;
}

// preset: NULL for the first. *diagnostics stays NULL if the file cannot be read.
static qhm_status load_file(const char *path, const char *preset, qhm_diagnostics **diagnostics,
                            qhm_device **device)
{
    char *bytes;
    size_t count;
    QHM_TRY(qhm_file_read(path, QHM_DEVICE_MOST_BYTES, &bytes, &count));
    qhm_status status = qhm_device_read(path, bytes, count, preset, diagnostics, device);
    qhm_release(bytes);
    return status;
}

static qhm_status load_named(const char *name, const char *preset, qhm_device **device)
{
    if (strcmp(name, "ideal") == 0)
        return preset ? QHM_FAIL(QHM_ERROR_NOT_FOUND, "ideal has no presets, so no preset \"%s\"",
                                 preset)
                      : qhm_device_create_ideal(device);
    char *path;
    qhm_diagnostics *diagnostics = NULL;
    QHM_TRY(find_file(name, &path));
    qhm_status status = load_file(path, preset, &diagnostics, device);
    qhm_release(path);
    qhm_diagnostics_destroy(diagnostics);
    return status;
}

qhm_status qhm_device_load(const char *name, const qhm_device_options *options, qhm_device **device)
{
    QHM_REQUIRE(name && name[0], "qhm_device_load needs a name");
    QHM_REQUIRE(device, "qhm_device_load needs a place for the device");
    char *plain;
    QHM_TRY(qhm_copy_text(name, &plain));
    char *colon = qhm_file_exists(plain) ? NULL : strrchr(plain, ':');
    if (colon)
        *colon = '\0';
    qhm_device *made = NULL;
    qhm_status status = load_named(plain, colon ? colon + 1 : NULL, &made);
    qhm_release(plain);
    if (status == QHM_OK && options)
        status = qhm_device_apply_options(made, options);
    if (status != QHM_OK) {
        qhm_device_destroy(made);
        return status;
    }
    *device = made;
    return QHM_OK;
}

qhm_status qhm_device_check(const char *path, qhm_diagnostics **diagnostics)
{
    QHM_REQUIRE(path, "qhm_device_check needs a path");
    QHM_REQUIRE(diagnostics, "qhm_device_check needs a place for the diagnostics");
    qhm_device *device = NULL;
    qhm_diagnostics *found = NULL;
    qhm_status status = load_file(path, NULL, &found, &device);
    // Without mistakes so far, the other presets may still hold one.
    for (size_t i = 1; status == QHM_OK && i < qhm_device_preset_count(device); i++) {
        qhm_device *other = NULL;
        qhm_diagnostics_destroy(found);
        found = NULL;
        status = load_file(path, qhm_device_preset_name(device, i), &found, &other);
        qhm_device_destroy(other);
    }
    qhm_device_destroy(device);
    if (found)
        *diagnostics = found;
    return status;
}
