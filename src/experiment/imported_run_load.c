// Imported runs from their folders: every file is what the manifest says, or it is named.
#include "experiment/imported_run_internal.h"

#include "base/document.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "experiment/run_store_internal.h"

#include <limits.h>
#include <math.h>
#include <qhm/qasm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define MOST_WEIGHT 0x1p64

// Allocates nothing, so that "no" means no.
static bool has_file(const char *folder, const char *name)
{
    char path[PATH_MAX];
    const int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    return length > 0 && (size_t)length < sizeof path && qhm_file_exists(path);
}

bool qhm_imported_run_is_in(const char *folder)
{
    return folder && has_file(folder, QHM_IMPORT_FILE) && !has_file(folder, QHM_RUN_DATABASE);
}

qhm_status qhm_imported_run_refuse(const char *folder)
{
    if (!qhm_imported_run_is_in(folder))
        return QHM_OK;
    return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                    "%s holds a result that was imported from a cloud: it has no jobs to resume, "
                    "replay, search or report",
                    folder);
}

// Within the folder of an import, a file that is not there is damage.
static qhm_status as_damage(qhm_status status)
{
    return status == QHM_ERROR_NOT_FOUND ? QHM_ERROR_BAD_INPUT : status;
}

static qhm_status find_text(const qhm_node *parent, const char *name, const char **out)
{
    const qhm_node *node = qhm_node_find(parent, name);
    if (!node || !qhm_node_is_quoted(node))
        return qhm_node_fail(parent, "%s is not a text", name);
    *out = qhm_node_text(node);
    return QHM_OK;
}

static qhm_status keep_text(const char *text, const char **out)
{
    char *copy;
    QHM_TRY(qhm_copy_text(text, &copy));
    *out = copy;
    return QHM_OK;
}

static qhm_status check_version(const qhm_node *root, const char *path)
{
    const qhm_node *version = qhm_node_find(root, "schema_version");
    if (!version)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: it has no schema_version", path);
    if (strcmp(qhm_node_text(version), "1") != 0)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s has schema version %s; this QHM reads version 1",
                        path, qhm_node_text(version));
    return QHM_OK;
}

static qhm_status load_document(const char *folder, const char *name, qhm_document **out)
{
    char *path;
    qhm_document *document = NULL;
    QHM_TRY(qhm_path_join(folder, name, &path));
    qhm_status status = as_damage(qhm_document_load(path, &document));
    if (status == QHM_OK)
        status = check_version(qhm_document_root(document), path);
    qhm_release(path);
    if (status != QHM_OK) {
        qhm_document_destroy(document);
        return status;
    }
    *out = document;
    return QHM_OK;
}

static qhm_status check_file(const qhm_node *hashes, const char *folder, const char *name)
{
    const char *expected;
    char *path, *bytes = NULL;
    size_t count = 0;
    QHM_TRY(find_text(hashes, name, &expected));
    QHM_TRY(qhm_path_join(folder, name, &path));
    qhm_status status = as_damage(qhm_file_read(path, SIZE_MAX / 2, &bytes, &count));
    if (status == QHM_OK) {
        char digits[20];
        snprintf(digits, sizeof digits, "%016llx", (unsigned long long)XXH3_64bits(bytes, count));
        if (strcmp(digits, expected) != 0)
            status = QHM_FAIL(QHM_ERROR_BAD_INPUT,
                              "%s is not what was kept: its hash is %s, in the manifest %s", path,
                              digits, expected);
    }
    qhm_release(bytes);
    qhm_release(path);
    return status;
}

// Reads the manifest and checks the other files against it.
static qhm_status load_manifest(const char *folder, qhm_document **out)
{
    static const char *const names[] = {"result.json", "circuit.qasm", QHM_IMPORT_FILE};
    if (!qhm_imported_run_is_in(folder))
        return QHM_FAIL(QHM_ERROR_NOT_FOUND, "%s holds no imported run", folder);
    qhm_document *document;
    QHM_TRY(load_document(folder, "manifest.json", &document));
    const qhm_node *root = qhm_document_root(document);
    const qhm_node *hashes = qhm_node_find(root, "hashes");
    qhm_status status =
        hashes ? QHM_OK : qhm_node_fail(root, "hashes is missing: no manifest of an import");
    for (size_t i = 0; i < sizeof names / sizeof names[0] && status == QHM_OK; i++)
        status = check_file(hashes, folder, names[i]);
    if (status != QHM_OK) {
        qhm_document_destroy(document);
        return status;
    }
    *out = document;
    return QHM_OK;
}

// The folder's own name, also for "runs/x/" and ".".
static qhm_status keep_id(const char *folder, const char **out)
{
    char resolved[PATH_MAX];
    if (!realpath(folder, resolved))
        snprintf(resolved, sizeof resolved, "%s", folder);
    const char *slash = strrchr(resolved, '/');
    return keep_text(slash ? slash + 1 : resolved, out);
}

static qhm_status read_cloud(const qhm_node *root, qhm_cloud *cloud)
{
    const char *name;
    QHM_TRY(find_text(root, "from", &name));
    if (qhm_cloud_find(name, cloud) != QHM_OK)
        return qhm_node_fail(root, "from is \"%s\", not ibm, braket or ionq", name);
    return QHM_OK;
}

static qhm_status describe(const char *folder, const qhm_node *root, qhm_run_info *info)
{
    const char *name, *imported;
    char verdict[64], *manifest = NULL, *path;
    size_t count;
    qhm_cloud cloud;
    QHM_TRY(find_text(root, "name", &name));
    QHM_TRY(find_text(root, "imported", &imported));
    QHM_TRY(read_cloud(root, &cloud));
    snprintf(verdict, sizeof verdict, "{\"verdict\": \"imported from %s\"}", qhm_cloud_name(cloud));
    QHM_TRY(keep_id(folder, &info->id));
    QHM_TRY(keep_text(name, &info->name));
    QHM_TRY(keep_text(folder, &info->folder));
    QHM_TRY(keep_text(imported, &info->started));
    QHM_TRY(keep_text(imported, &info->finished));
    QHM_TRY(keep_text(verdict, &info->verdict));
    info->status = QHM_RUN_FINISHED;
    QHM_TRY(qhm_path_join(folder, "manifest.json", &path));
    const qhm_status status = qhm_file_read(path, QHM_DOCUMENT_MAX_JSON_BYTES, &manifest, &count);
    qhm_release(path);
    info->manifest = manifest;
    return status;
}

qhm_status qhm_imported_run_describe(const char *folder, qhm_run_info *info)
{
    qhm_document *document;
    QHM_TRY(load_manifest(folder, &document));
    const qhm_status status = describe(folder, qhm_document_root(document), info);
    qhm_document_destroy(document);
    return status;
}

static qhm_status read_number(const qhm_node *node, double most, double *out)
{
    if (qhm_node_is_quoted(node) || !qhm_parse_double(qhm_node_text(node), out) || *out < 0 ||
        *out > most)
        return qhm_node_fail(node, "\"%s\" is not a number from 0 to %g", qhm_node_text(node),
                             most);
    return QHM_OK;
}

// A number that may be null.
static qhm_status find_share(const qhm_node *root, const char *name, double *out)
{
    const qhm_node *node = qhm_node_find(root, name);
    *out = (double)NAN;
    if (!node)
        return qhm_node_fail(root, "%s is missing", name);
    // Sums of rounded numbers may end just above 1.
    return qhm_node_kind_of(node) == QHM_NODE_NULL ? QHM_OK : read_number(node, 1 + 1e-9, out);
}

static qhm_status append_outcomes(const qhm_circuit *circuit, const qhm_node *node, uint64_t *bits,
                                  qhm_distribution *distribution)
{
    if (qhm_node_kind_of(node) != QHM_NODE_MAPPING)
        return qhm_node_fail(node, "it is no mapping of outcomes");
    for (size_t i = 0; i < qhm_node_count(node); i++) {
        const qhm_node *outcome = qhm_node_at(node, i);
        double weight = 0;
        QHM_TRY(read_number(outcome, MOST_WEIGHT, &weight));
        const qhm_status status = qhm_outcome_parse(circuit, qhm_node_name(outcome), bits);
        if (status == QHM_ERROR_BAD_INPUT)
            return qhm_node_fail(outcome, "this is no outcome of the circuit");
        QHM_TRY(status);
        QHM_TRY(qhm_distribution_append(distribution, bits, weight));
    }
    return QHM_OK;
}

static qhm_status read_outcomes(const qhm_circuit *circuit, const qhm_node *node,
                                qhm_distribution **out)
{
    const size_t bit_count = qhm_circuit_bit_count(circuit);
    uint64_t *bits;
    QHM_TRY(qhm_allocate(bit_count / 64 + 1, sizeof *bits, &bits));
    qhm_distribution *distribution = NULL;
    qhm_status status = qhm_distribution_create(bit_count, &distribution);
    if (status == QHM_OK)
        status = append_outcomes(circuit, node, bits, distribution);
    qhm_release(bits);
    if (status != QHM_OK) {
        qhm_distribution_destroy(distribution);
        return status;
    }
    *out = distribution;
    return QHM_OK;
}

static qhm_status read_exact(qhm_imported_run *run, const qhm_node *root)
{
    const qhm_node *exact = qhm_node_find(root, "exact");
    const char *text;
    if (!exact) {
        QHM_TRY(find_text(root, "not_simulated", &text));
        return keep_text(text, &run->info.reason);
    }
    QHM_TRY(find_text(root, "method", &text));
    QHM_TRY(keep_text(text, &run->info.method));
    QHM_TRY(find_share(root, "variation_distance", &run->info.variation_distance));
    QHM_TRY(find_share(root, "fidelity", &run->info.fidelity));
    return read_outcomes(run->circuit, exact, &run->exact);
}

qhm_status qhm_imported_run_read(qhm_imported_run *run, const qhm_node *root)
{
    const qhm_node *counts = qhm_node_find(root, "counts");
    const qhm_node *outcomes = counts ? counts : qhm_node_find(root, "distribution");
    if (!outcomes)
        return qhm_node_fail(root, "counts and distribution are missing");
    QHM_TRY(read_cloud(root, &run->info.cloud));
    run->info.has_counts = counts != NULL;
    QHM_TRY(read_outcomes(run->circuit, outcomes, &run->measured));
    if (qhm_distribution_total(run->measured) <= 0)
        return qhm_node_fail(outcomes, "the weights add up to 0");
    return read_exact(run, root);
}

static qhm_status load_circuit(qhm_imported_run *run, const char *folder)
{
    char *path;
    QHM_TRY(qhm_path_join(folder, "circuit.qasm", &path));
    const qhm_status status = qhm_qasm_load(path, NULL, &run->circuit, NULL);
    qhm_release(path);
    return status;
}

static qhm_status load_run(qhm_imported_run *run, const char *folder, const qhm_node *manifest)
{
    const char *name, *imported;
    QHM_TRY(find_text(manifest, "name", &name));
    QHM_TRY(find_text(manifest, "imported", &imported));
    QHM_TRY(keep_id(folder, &run->info.id));
    QHM_TRY(keep_text(name, &run->info.name));
    QHM_TRY(keep_text(folder, &run->info.folder));
    QHM_TRY(keep_text(imported, &run->info.imported));
    QHM_TRY(load_circuit(run, folder));
    qhm_document *document;
    QHM_TRY(load_document(folder, QHM_IMPORT_FILE, &document));
    const qhm_status status = qhm_imported_run_read(run, qhm_document_root(document));
    qhm_document_destroy(document);
    return status;
}

qhm_status qhm_imported_run_load(const char *folder, qhm_imported_run **run)
{
    QHM_REQUIRE(folder && run, "folder or run is missing");
    qhm_document *manifest;
    qhm_imported_run *made = NULL;
    QHM_TRY(load_manifest(folder, &manifest));
    qhm_status status = qhm_allocate(1, sizeof *made, &made);
    if (status == QHM_OK) {
        made->info.variation_distance = made->info.fidelity = (double)NAN;
        status = load_run(made, folder, qhm_document_root(manifest));
    }
    qhm_document_destroy(manifest);
    if (status != QHM_OK) {
        qhm_imported_run_destroy(made);
        return status;
    }
    *run = made;
    return QHM_OK;
}
