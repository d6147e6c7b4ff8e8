// The folder of an imported run, written whole or not at all.
#include "experiment/imported_run_internal.h"

#include "base/document.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "experiment/run_internal.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <qhm/qasm.h>
#include <qhm/types.h>
#include <qhm/version.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

// A file of the folder.
typedef struct kept_file {
    const char *name;
    const char *bytes;
    size_t count;
} kept_file;

enum { RESULT, CIRCUIT, IMPORT, MANIFEST, FILE_COUNT };

enum { MOST_ID_BYTES_BESIDE_NAME = 64 }; // the time before it, the number after it

static qhm_status print_json(json_t *object, char **out)
{
    char *text = object ? json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(object);
    if (!text)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot print what was imported");
    qhm_text line = {0};
    qhm_text_print(&line, "%s\n", text);
    free(text);
    return qhm_text_take(&line, out);
}

static json_t *print_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *print_count(double value)
{
    return value == floor(value) && value < 1e15 ? json_integer((json_int_t)value)
                                                 : json_real(value);
}

// The weights, in another distribution, of the outcomes that were measured.
static qhm_status print_outcomes(const qhm_imported_run *run, const qhm_distribution *weights,
                                 bool are_counts, json_t *object)
{
    for (size_t i = 0; i < qhm_distribution_outcome_count(run->measured); i++) {
        const uint64_t *bits;
        char *text;
        qhm_distribution_outcome(run->measured, i, &bits, NULL);
        QHM_TRY(qhm_outcome_print(run->circuit, bits, &text));
        const double weight = qhm_distribution_weight(weights, bits);
        json_object_set_new(object, text, are_counts ? print_count(weight) : json_real(weight));
        qhm_string_destroy(text);
    }
    return QHM_OK;
}

static qhm_status print_import(const qhm_imported_run *run, char **out)
{
    const qhm_import_info *info = &run->info;
    json_t *object = json_object(), *measured = json_object();
    json_object_set_new(object, "schema_version", json_integer(1));
    json_object_set_new(object, "from", json_string(qhm_cloud_name(info->cloud)));
    json_object_set_new(object, "bit_order", json_string("q0_right"));
    json_object_set_new(object, info->has_counts ? "counts" : "distribution", measured);
    qhm_status status = print_outcomes(run, run->measured, info->has_counts, measured);
    if (info->has_counts)
        json_object_set_new(object, "shots", print_count(qhm_distribution_total(run->measured)));
    if (run->exact) {
        json_t *exact = json_object();
        json_object_set_new(object, "method", json_string(info->method));
        json_object_set_new(object, "exact", exact);
        json_object_set_new(object, "variation_distance", print_number(info->variation_distance));
        json_object_set_new(object, "fidelity", print_number(info->fidelity));
        if (status == QHM_OK)
            status = print_outcomes(run, run->exact, false, exact);
    } else {
        json_object_set_new(object, "not_simulated", json_string(info->reason));
    }
    if (status != QHM_OK) {
        json_decref(object);
        return status;
    }
    return print_json(object, out);
}

static qhm_status print_manifest(const qhm_imported_run *run, const kept_file *files, char **out)
{
    json_t *object = json_object(), *arguments = json_array(), *hashes = json_object();
    json_object_set_new(object, "schema_version", json_integer(1));
    json_object_set_new(object, "kind", json_string("import"));
    json_object_set_new(object, "qhm_version", json_string(qhm_version()));
    json_object_set_new(object, "instruction_set", json_string(qhm_isa_name()));
    json_object_set_new(object, "compiler", json_string(__VERSION__));
    json_object_set_new(object, "name", json_string(run->info.name));
    json_object_set_new(object, "imported", json_string(run->info.imported));
    json_object_set_new(object, "from", json_string(qhm_cloud_name(run->info.cloud)));
    json_object_set_new(object, "arguments", arguments);
    json_object_set_new(object, "hashes", hashes);
    for (size_t i = 0; i < run->argument_count; i++)
        json_array_append_new(arguments, json_string(run->arguments[i]));
    for (size_t i = 0; i < MANIFEST; i++) {
        char digits[20];
        snprintf(digits, sizeof digits, "%016llx",
                 (unsigned long long)XXH3_64bits(files[i].bytes, files[i].count));
        json_object_set_new(hashes, files[i].name, json_string(digits));
    }
    return print_json(object, out);
}

// A new folder whose name begins with a point, so that lists of runs pass over it.
static qhm_status create_beside(const char *root, char **out)
{
    static atomic_uint number;
    for (;;) {
        qhm_text name = {0};
        qhm_text_print(&name, "%s/.import.%ld.%u.part", root, (long)getpid(),
                       atomic_fetch_add(&number, 1));
        char *beside;
        QHM_TRY(qhm_text_take(&name, &beside));
        if (mkdir(beside, 0777) == 0) {
            *out = beside;
            return QHM_OK;
        }
        const int reason = errno; // EEXIST: left by a killed process that had our number
        qhm_release(beside);
        if (reason != EEXIST)
            return QHM_FAIL(QHM_ERROR_IO, "cannot write the folder %s: %s", root,
                            strerrordesc_np(reason));
    }
}

static qhm_status write_files(const char *folder, const kept_file *files)
{
    for (size_t i = 0; i < FILE_COUNT; i++) {
        char *path;
        QHM_TRY(qhm_path_join(folder, files[i].name, &path));
        const qhm_status status = qhm_file_write(path, files[i].bytes, files[i].count);
        qhm_release(path);
        QHM_TRY(status);
    }
    return QHM_OK;
}

static void remove_folder(const char *folder, const kept_file *files)
{
    for (size_t i = 0; i < FILE_COUNT; i++) {
        char path[4096];
        const int length = snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        if (length > 0 && (size_t)length < sizeof path)
            unlink(path);
    }
    rmdir(folder);
}

// The name of a run is taken when all is written: an empty folder that the full one replaces.
static qhm_status move_into_place(const qhm_imported_run *run, const char *root, const char *beside,
                                  char **out_folder)
{
    char *folder;
    QHM_TRY(qhm_run_folder_create(root, run->info.name, &folder));
    const qhm_status status = qhm_folder_rename(beside, folder);
    if (status != QHM_OK) {
        rmdir(folder);
        qhm_release(folder);
        return status;
    }
    *out_folder = folder;
    return QHM_OK;
}

static qhm_status write_folder(const qhm_imported_run *run, const char *root,
                               const kept_file *files, char **out_folder)
{
    char *beside;
    QHM_TRY(qhm_folder_create(root));
    QHM_TRY(create_beside(root, &beside));
    qhm_status status = write_files(beside, files);
    if (status == QHM_OK)
        status = move_into_place(run, root, beside, out_folder);
    if (status != QHM_OK)
        remove_folder(beside, files);
    qhm_release(beside);
    return status;
}

static qhm_status print_files(const qhm_imported_run *run, char *texts[static FILE_COUNT],
                              kept_file files[static FILE_COUNT])
{
    static const char *const names[] = {"result.json", "circuit.qasm", QHM_IMPORT_FILE,
                                        "manifest.json"};
    for (size_t i = 0; i < FILE_COUNT; i++)
        files[i].name = names[i];
    files[RESULT] = (kept_file){names[RESULT], run->result, run->result_bytes};
    QHM_TRY(qhm_qasm_print(run->circuit, NULL, &texts[CIRCUIT]));
    QHM_TRY(print_import(run, &texts[IMPORT]));
    for (size_t i = CIRCUIT; i <= IMPORT; i++)
        files[i] = (kept_file){names[i], texts[i], strlen(texts[i])};
    if (files[IMPORT].count > QHM_DOCUMENT_MAX_JSON_BYTES)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "the outcomes take %zu bytes as JSON, not at most %d", files[IMPORT].count,
                        QHM_DOCUMENT_MAX_JSON_BYTES);
    QHM_TRY(print_manifest(run, files, &texts[MANIFEST]));
    files[MANIFEST] = (kept_file){names[MANIFEST], texts[MANIFEST], strlen(texts[MANIFEST])};
    return QHM_OK;
}

qhm_status qhm_imported_run_save(qhm_imported_run *run, const char *root)
{
    QHM_REQUIRE(run && root && root[0] != '\0', "run or root is missing");
    QHM_REQUIRE(run->info.folder[0] == '\0', "the run is kept already, in %s", run->info.folder);
    char *texts[FILE_COUNT] = {0}, *folder = NULL, *id = NULL;
    kept_file files[FILE_COUNT] = {0};
    // Beforehand, so that nothing can fail once the folder is there.
    const size_t id_bytes = strlen(run->info.name) + MOST_ID_BYTES_BESIDE_NAME;
    qhm_status status = qhm_allocate(id_bytes, 1, &id);
    if (status == QHM_OK)
        status = print_files(run, texts, files);
    if (status == QHM_OK)
        status = write_folder(run, root, files, &folder);
    for (size_t i = 0; i < FILE_COUNT; i++)
        qhm_release(texts[i]);
    if (status != QHM_OK) {
        qhm_release(id);
        return status;
    }
    snprintf(id, id_bytes, "%s", strrchr(folder, '/') + 1);
    qhm_release((void *)run->info.folder);
    qhm_release((void *)run->info.id);
    run->info.folder = folder;
    run->info.id = id;
    return QHM_OK;
}
