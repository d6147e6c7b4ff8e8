// Device files: the outermost fields, the sources, and what must hold between them.
#include "device/device_reader.h"

#include "base/memory.h"
#include "base/text.h"
#include "device/topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1 };

static const char *const outer_fields[] = {
    "schema",   "name",       "title",   "family",      "note",    "sources",
    "topology", "operations", "figures", "calibration", "presets",
};

static void read_family(qhm_device_reader *reader, const qhm_node *root)
{
    const char *text = qhm_device_text_field(reader, root, "family", true);
    if (!text)
        return;
    const char *names[QHM_DEVICE_ANNEALER];
    for (int family = QHM_DEVICE_SUPERCONDUCTING; family <= QHM_DEVICE_ANNEALER; family++) {
        names[family - 1] = qhm_device_family_name((qhm_device_family)family);
        if (strcmp(text, names[family - 1]) == 0) {
            reader->device->family = (qhm_device_family)family;
            return;
        }
    }
    qhm_device_mistake(reader, qhm_node_find(root, "family"), NULL,
                       "is \"%s\", not %s, %s, %s or %s", text, names[0], names[1], names[2],
                       names[3]);
}

// Names are file names and parts of "name:preset".
static bool is_plain_name(const char *name)
{
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-.") == strlen(name);
}

static void read_names(qhm_device_reader *reader, const qhm_node *root)
{
    const char *name = qhm_device_text_field(reader, root, "name", true);
    const char *title = qhm_device_text_field(reader, root, "title", true);
    if (name && !is_plain_name(name))
        qhm_device_mistake(reader, qhm_node_find(root, "name"), NULL,
                           "is \"%s\", not of a to z, 0 to 9, _ - and .", name);
    reader->device->note = qhm_device_text_field(reader, root, "note", false);
    qhm_device_keep(reader, qhm_copy_text(name ? name : "", &reader->device->name));
    qhm_device_keep(reader, qhm_copy_text(title ? title : "", &reader->device->title));
}

void qhm_device_read_sources(qhm_device_reader *reader, const qhm_node *root)
{
    static const char *const fields[] = {"text", "address", "is_secondary"};
    const qhm_node *sources = qhm_device_field(reader, root, "sources", QHM_NODE_MAPPING, true);
    qhm_device *device = reader->device;
    size_t count = sources ? qhm_node_count(sources) : 0;
    if (!qhm_device_keep(reader, qhm_allocate(count, sizeof *device->sources, &device->sources)))
        return;
    for (size_t i = 0; i < count && reader->status == QHM_OK; i++) {
        const qhm_node *source = qhm_node_at(sources, i);
        if (qhm_node_kind_of(source) != QHM_NODE_MAPPING)
            qhm_device_mistake(reader, source, NULL, "is %s, not a mapping",
                               qhm_node_kind_name(qhm_node_kind_of(source)));
        qhm_device_check_fields(reader, source, fields, sizeof fields / sizeof fields[0]);
        const char *text = qhm_device_text_field(reader, source, "text", true);
        const char *address = qhm_device_text_field(reader, source, "address", false);
        qhm_text composed = {0};
        qhm_text_append(&composed, text ? text : "");
        if (address)
            qhm_text_print(&composed, ", %s", address);
        if (qhm_device_flag_field(reader, source, "is_secondary"))
            qhm_text_append(&composed, " (read through a secondary text)");
        if (qhm_device_keep(reader, qhm_text_take(&composed, &device->sources[i])))
            device->source_count++;
    }
}

// A preset's figures replace those of the file; its name must be there.
static void find_presets(qhm_device_reader *reader, const qhm_node *root)
{
    const qhm_node *presets = qhm_device_field(reader, root, "presets", QHM_NODE_MAPPING, false);
    if (presets && qhm_node_count(presets) == 0)
        qhm_device_mistake(reader, presets, NULL, "is empty");
    if (!presets || qhm_node_count(presets) == 0)
        return;
    static const char *const fields[] = {"title", "note", "status", "source", "figures"};
    for (size_t i = 0; i < qhm_node_count(presets); i++) {
        const qhm_node *preset = qhm_node_at(presets, i);
        if (!is_plain_name(qhm_node_name(preset)))
            qhm_device_mistake(reader, preset, NULL,
                               "is named other than of a to z, 0 to 9, _ - .");
        qhm_device_check_fields(reader, preset, fields, sizeof fields / sizeof fields[0]);
        if (!qhm_device_text_field(reader, preset, "title", true))
            return; // getters rely on it
    }
    reader->device->presets = presets;
    if (!reader->preset)
        reader->preset = qhm_node_name(qhm_node_at(presets, 0));
    if (qhm_node_find(presets, reader->preset))
        qhm_device_keep(reader, qhm_copy_text(reader->preset, &reader->device->preset));
}

static void check_connected(qhm_device_reader *reader, const qhm_node *root)
{
    bool is_connected = true;
    const qhm_device *device = reader->device;
    if (device->is_all_to_all || !device->first_coupler || reader->status != QHM_OK)
        return;
    if (qhm_device_keep(reader, qhm_topology_is_connected(device, &is_connected)) && !is_connected)
        qhm_device_mistake(reader, qhm_node_find(root, "topology"), NULL,
                           "is disconnected: no path of couplers joins all %zu qubits",
                           device->qubit_count);
}

static void read_root(qhm_device_reader *reader)
{
    const qhm_node *root = qhm_document_root(reader->device->document);
    if (qhm_node_kind_of(root) != QHM_NODE_MAPPING) {
        qhm_device_mistake(reader, root, NULL, "is %s, not a mapping",
                           qhm_node_kind_name(qhm_node_kind_of(root)));
        return;
    }
    qhm_device_check_fields(reader, root, outer_fields,
                            sizeof outer_fields / sizeof outer_fields[0]);
    (void)qhm_device_whole_field(reader, root, "schema", SCHEMA, SCHEMA, SCHEMA, true);
    read_names(reader, root);
    read_family(reader, root);
    qhm_device_read_sources(reader, root);
    find_presets(reader, root);
    size_t before = qhm_diagnostics_error_count(reader->diagnostics);
    qhm_device_read_topology(reader, root);
    bool has_graph = qhm_diagnostics_error_count(reader->diagnostics) == before;
    if (has_graph)
        check_connected(reader, root);
    qhm_device_read_figures(reader, root);
    qhm_device_compute_cat(reader->device);
    qhm_device_read_operations(reader, root);
    if (reader->status == QHM_OK)
        qhm_device_fill_values(reader->device);
    if (has_graph)
        qhm_device_read_calibration(reader, root);
    if (reader->status == QHM_OK && qhm_diagnostics_error_count(reader->diagnostics) == 0)
        qhm_device_refresh(reader->device);
}

// Malformed text: the message is "path:line: what", and what becomes a mistake of that line.
static qhm_status note_malformed(qhm_device_reader *reader)
{
    char what[1024];
    snprintf(what, sizeof what, "%s", qhm_error_message());
    const char *rest = what + strlen(reader->path);
    unsigned long line = *rest == ':' ? strtoul(rest + 1, NULL, 10) : 1;
    const char *message = strstr(rest, ": ");
    size_t offset = 0;
    for (unsigned long skipped = 1; skipped < line && offset < reader->count; offset++)
        skipped += reader->bytes[offset] == '\n';
    return qhm_diagnostics_add(reader->diagnostics, true, reader->path, reader->bytes,
                               reader->count, offset, message ? message + 2 : what, NULL);
}

static void read_text(qhm_device_reader *reader)
{
    qhm_device *device = reader->device;
    if (!qhm_device_keep(reader, qhm_copy_text(reader->path, &device->path)))
        return;
    qhm_status status =
        qhm_document_parse_json(reader->bytes, reader->count, reader->path, &device->document);
    if (status == QHM_ERROR_BAD_INPUT)
        qhm_device_keep(reader, note_malformed(reader));
    else if (qhm_device_keep(reader, status))
        read_root(reader);
}

static qhm_status fail_preset(const qhm_device *device, const char *preset)
{
    size_t count = qhm_device_preset_count(device);
    if (count == 0)
        return QHM_FAIL(QHM_ERROR_NOT_FOUND, "%s has no presets, so no preset \"%s\"", device->name,
                        preset);
    const char **names;
    QHM_TRY(qhm_allocate(count, sizeof *names, &names));
    for (size_t i = 0; i < count; i++)
        names[i] = qhm_device_preset_name(device, i);
    const char *nearest = qhm_nearest_name(preset, names, count);
    qhm_status status =
        QHM_FAIL(QHM_ERROR_NOT_FOUND, "%s has no preset \"%s\"%s\"%s\"", device->name, preset,
                 nearest ? "; did you mean " : "; its first one is ", nearest ? nearest : names[0]);
    qhm_release(names);
    return status;
}

qhm_status qhm_device_read(const char *path, const char *bytes, size_t count, const char *preset,
                           qhm_diagnostics **diagnostics, qhm_device **device)
{
    qhm_device_reader reader = {.path = path, .bytes = bytes, .count = count, .preset = preset};
    QHM_TRY(qhm_diagnostics_create(&reader.diagnostics));
    reader.status = qhm_device_create_empty(&reader.device);
    if (reader.status == QHM_OK)
        read_text(&reader);
    qhm_status status = reader.status;
    if (status == QHM_OK)
        status = qhm_diagnostics_status(reader.diagnostics);
    if (status == QHM_OK && preset && !reader.device->preset)
        status = fail_preset(reader.device, preset);
    if (reader.status == QHM_ERROR_OUT_OF_MEMORY)
        qhm_diagnostics_destroy(reader.diagnostics);
    else
        *diagnostics = reader.diagnostics;
    if (status != QHM_OK) {
        qhm_device_destroy(reader.device);
        return status;
    }
    *device = reader.device;
    return QHM_OK;
}
