// What a run folder keeps of how the run was begun, for resume, replay and search.
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "experiment/imported_run_internal.h"
#include "experiment/run_internal.h"

#include <stdio.h>
#include <string.h>

static qhm_status write_beside(const char *folder, const char *name, const char *bytes,
                               size_t count)
{
    char *path;
    QHM_TRY(qhm_path_join(folder, name, &path));
    qhm_status status = qhm_file_write(path, bytes, count);
    qhm_release(path);
    return status;
}

qhm_status qhm_saved_run_save(const qhm_run_state *run)
{
    qhm_text overrides = {0};
    for (size_t i = 0; i < run->file->override_count; i++)
        qhm_text_print(&overrides, "%s\n", run->file->overrides[i]);
    char *text;
    QHM_TRY(qhm_text_take(&overrides, &text));
    char how[64];
    snprintf(how, sizeof how, "seed %llu\nquick %d\n", (unsigned long long)run->seed, run->quick);
    char *models = NULL;
    qhm_status status = qhm_path_join(run->folder, "models", &models);
    if (status == QHM_OK)
        status = qhm_folder_create(models);
    if (status == QHM_OK)
        status = write_beside(run->folder, "run.yaml", run->file->text, run->file->text_bytes);
    if (status == QHM_OK)
        status = write_beside(run->folder, "overrides.txt", text, strlen(text));
    if (status == QHM_OK) // last: with it, the run can be resumed
        status = write_beside(run->folder, "settings.txt", how, strlen(how));
    qhm_release(models);
    qhm_release(text);
    return status;
}

static qhm_status read_saved(const char *folder, const char *name, char **bytes, size_t *count)
{
    char *path;
    QHM_TRY(qhm_path_join(folder, name, &path));
    qhm_status status = qhm_file_read(path, QHM_DOCUMENT_MAX_YAML_BYTES, bytes, count);
    qhm_release(path);
    return status;
}

// Splits lines in place; lines [capacity] gets their beginnings.
static size_t split_lines(char *text, const char **lines, size_t capacity)
{
    size_t count = 0;
    for (char *end; count < capacity && (end = strchr(text, '\n')); text = end + 1) {
        *end = '\0';
        lines[count++] = text;
    }
    return count;
}

qhm_status qhm_saved_run_load(const char *folder, qhm_saved_run *saved)
{
    char *overrides = NULL, *how = NULL, *path = NULL;
    const char **lines = NULL;
    size_t bytes = 0, how_bytes = 0;
    unsigned long long seed;
    int quick;
    QHM_TRY(qhm_imported_run_refuse(folder));
    qhm_status status = read_saved(folder, "settings.txt", &how, &how_bytes);
    if (status == QHM_ERROR_NOT_FOUND)
        status = QHM_FAIL(QHM_ERROR_NOT_FOUND,
                          "the run in %s was stopped as it began: run it again", folder);
    if (status == QHM_OK && sscanf(how, "seed %llu quick %d", &seed, &quick) != 2)
        status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s/settings.txt is damaged", folder);
    if (status == QHM_OK)
        status = read_saved(folder, "overrides.txt", &overrides, &bytes);
    if (status == QHM_OK)
        status = qhm_allocate(bytes + 1, sizeof *lines, &lines);
    if (status == QHM_OK)
        status = qhm_path_join(folder, "run.yaml", &path);
    if (status == QHM_OK)
        status = qhm_run_file_read(path, lines, split_lines(overrides, lines, bytes), true,
                                   &saved->file);
    if (status == QHM_OK) {
        saved->seed = seed;
        saved->quick = quick != 0;
    }
    qhm_release(path);
    qhm_release(lines);
    qhm_release(overrides);
    qhm_release(how);
    return status;
}

void qhm_saved_run_release(qhm_saved_run *saved)
{
    qhm_run_file_destroy(saved->file);
    saved->file = NULL;
}
