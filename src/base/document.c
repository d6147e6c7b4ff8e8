// The tree behind YAML and JSON documents.
#include "base/document.h"

#include "base/document_internal.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void qhm_node_destroy(qhm_node *node)
{
    if (!node)
        return;
    for (size_t i = 0; i < node->count; i++)
        qhm_node_destroy(node->children[i]);
    qhm_release(node->children);
    qhm_release(node->name);
    qhm_release(node->text);
    qhm_release(node);
}

void qhm_document_destroy(qhm_document *document)
{
    if (!document)
        return;
    qhm_node_destroy(document->root);
    for (size_t i = 0; i < document->source_count; i++)
        qhm_release(document->sources[i]);
    qhm_release(document->sources);
    qhm_release(document);
}

static qhm_status add_source(qhm_document *document, const char *name)
{
    QHM_TRY(qhm_reserve(document->source_count + 1, &document->source_capacity, sizeof(char *),
                        &document->sources));
    QHM_TRY(qhm_copy_text(name, &document->sources[document->source_count]));
    document->source_count++;
    return QHM_OK;
}

qhm_status qhm_document_create(const char *name, qhm_document **out)
{
    qhm_document *document;
    QHM_TRY(qhm_allocate(1, sizeof *document, &document));
    qhm_status status = add_source(document, name);
    if (status != QHM_OK) {
        qhm_document_destroy(document);
        return status;
    }
    *out = document;
    return QHM_OK;
}

static qhm_status fill(qhm_node *node, const qhm_node_start *start)
{
    node->kind = start->kind;
    node->quoted = start->quoted;
    node->line = start->line;
    node->name_line = start->name_line;
    if (start->name)
        QHM_TRY(qhm_copy_text(start->name, &node->name));
    return qhm_copy_text(start->text ? start->text : "", &node->text);
}

qhm_status qhm_document_append(qhm_document *document, qhm_node *parent,
                               const qhm_node_start *start, qhm_node **out)
{
    if (parent)
        QHM_TRY(qhm_reserve(parent->count + 1, &parent->capacity, sizeof(qhm_node *),
                            &parent->children));
    qhm_node *node;
    QHM_TRY(qhm_allocate(1, sizeof *node, &node));
    qhm_status status = fill(node, start);
    if (status != QHM_OK) {
        qhm_node_destroy(node);
        return status;
    }
    node->source = document->sources[document->source_count - 1];
    node->parent = parent;
    if (parent) {
        node->index = parent->count;
        parent->children[parent->count++] = node;
    } else {
        assert(!document->root);
        document->root = node;
    }
    *out = node;
    return QHM_OK;
}

static int compare_names(const void *a, const void *b)
{
    const qhm_node *const *first = a, *const *second = b;
    int order = strcmp((*first)->name, (*second)->name);
    if (order != 0)
        return order;
    return (*first)->index < (*second)->index ? -1 : 1;
}

qhm_status qhm_document_check_names(const qhm_node *mapping)
{
    qhm_node **sorted;
    QHM_TRY(qhm_copy_bytes(mapping->children, mapping->count, sizeof(qhm_node *), &sorted));
    qsort(sorted, mapping->count, sizeof(qhm_node *), compare_names);
    qhm_status status = QHM_OK;
    for (size_t i = 1; i < mapping->count && status == QHM_OK; i++) {
        const qhm_node *first = sorted[i - 1], *second = sorted[i];
        if (strcmp(first->name, second->name) == 0)
            status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s:%zu: \"%s\" is already on line %zu",
                              second->source, second->name_line, second->name, first->name_line);
    }
    qhm_release(sorted);
    return status;
}

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), ending_length = strlen(ending);
    return length >= ending_length && strcmp(text + length - ending_length, ending) == 0;
}

qhm_status qhm_document_load(const char *path, qhm_document **out)
{
    bool is_json = ends_with(path, ".json");
    char *bytes;
    size_t count;
    QHM_TRY(qhm_file_read(path, is_json ? QHM_DOCUMENT_MAX_JSON_BYTES : QHM_DOCUMENT_MAX_YAML_BYTES,
                          &bytes, &count));
    qhm_status status = is_json ? qhm_document_parse_json(bytes, count, path, out)
                                : qhm_document_parse_yaml(bytes, count, path, out);
    qhm_release(bytes);
    return status;
}

const qhm_node *qhm_document_root(const qhm_document *document)
{
    return document->root;
}

qhm_node_kind qhm_node_kind_of(const qhm_node *node)
{
    return node->kind;
}

const char *qhm_node_kind_name(qhm_node_kind kind)
{
    switch (kind) {
    case QHM_NODE_NULL:
        return "nothing";
    case QHM_NODE_SCALAR:
        return "a value";
    case QHM_NODE_SEQUENCE:
        return "a list";
    case QHM_NODE_MAPPING:
        return "a mapping";
    }
    return "unknown";
}

size_t qhm_node_line(const qhm_node *node)
{
    return node->line;
}

const char *qhm_node_text(const qhm_node *node)
{
    return node->text;
}

bool qhm_node_is_quoted(const qhm_node *node)
{
    return node->quoted;
}

size_t qhm_node_count(const qhm_node *node)
{
    return node->count;
}

const qhm_node *qhm_node_at(const qhm_node *node, size_t index)
{
    assert(index < node->count);
    return node->children[index];
}

const char *qhm_node_name(const qhm_node *node)
{
    return node->name;
}

static size_t position_of(const qhm_node *node, const char *name)
{
    size_t i = 0;
    while (i < node->count &&
           !(node->kind == QHM_NODE_MAPPING && strcmp(node->children[i]->name, name) == 0))
        i++;
    return i;
}

const qhm_node *qhm_node_find(const qhm_node *node, const char *name)
{
    size_t i = position_of(node, name);
    return i < node->count ? node->children[i] : NULL;
}

size_t qhm_node_offset(const qhm_node *node)
{
    return node->offset;
}

void qhm_node_append_path(const qhm_node *node, qhm_text *path)
{
    if (!node->parent)
        return;
    qhm_node_append_path(node->parent, path);
    if (path->length > 0)
        qhm_text_append(path, ".");
    if (node->name)
        qhm_text_append(path, node->name);
    else
        qhm_text_print(path, "%zu", node->index);
}

bool qhm_node_is_assigned(const qhm_node *node)
{
    return strncmp(node->source, "--set", 5) == 0;
}

void qhm_node_append_place(const qhm_node *node, qhm_text *place)
{
    size_t line =
        node->name_line > 0 ? node->name_line : node->line; // a list begins below its name
    qhm_text_append(place, node->source);
    if (line > 0) {
        qhm_text_print(place, ":%zu", line);
    } else if (!qhm_node_is_assigned(node)) {
        qhm_text path = {0};
        qhm_node_append_path(node, &path);
        if (path.length > 0)
            qhm_text_print(place, ": %s", path.bytes);
        qhm_text_release_part(place, &path);
    }
}

qhm_status qhm_node_fail(const qhm_node *node, const char *format, ...)
{
    char what[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    qhm_text place = {0};
    qhm_node_append_place(node, &place);
    const char *text = place.status == QHM_OK ? place.bytes : node->source;
    const qhm_status status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: %s", text, what);
    qhm_text_release(&place);
    return status;
}

// One step of an assignment's path.
static qhm_status step_into(qhm_document *document, qhm_node *node, const char *part,
                            const char *path, qhm_node **out)
{
    if (node->kind == QHM_NODE_MAPPING) {
        size_t i = position_of(node, part);
        if (i == node->count) {
            qhm_node_start start = {.kind = QHM_NODE_MAPPING, .name = part};
            return qhm_document_append(document, node, &start, out);
        }
        *out = node->children[i];
        return QHM_OK;
    }
    uint64_t index;
    if (node->kind == QHM_NODE_SEQUENCE) {
        if (!qhm_parse_uint64(part, &index) || index >= node->count)
            return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                            "--set %s: \"%s\" is no position in a list of %zu (from 0)", path, part,
                            node->count);
        *out = node->children[index];
        return QHM_OK;
    }
    return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                    "--set %s: \"%s\" is asked of %s, not of a mapping or list", path, part,
                    qhm_node_kind_name(node->kind));
}

// Values that came from an assignment have no line, and the document owns their source.
static void adopt(qhm_node *node, const char *source)
{
    node->line = node->name_line = 0;
    node->source = source;
    for (size_t i = 0; i < node->count; i++)
        adopt(node->children[i], source);
}

// Puts the content of `value` in the place of node's, which keeps its name and its parent.
static void replace(qhm_node *node, qhm_node *value, const char *source)
{
    qhm_node old = *node;
    node->kind = value->kind;
    node->quoted = value->quoted;
    node->text = value->text;
    node->children = value->children;
    node->count = value->count;
    node->capacity = value->capacity;
    for (size_t i = 0; i < node->count; i++)
        node->children[i]->parent = node;
    *value = (qhm_node){.text = old.text, .children = old.children, .count = old.count};
    adopt(node, source);
}

static qhm_status assign(qhm_document *document, char *path, const char *value)
{
    qhm_text source = {0};
    qhm_text_print(&source, "--set %s", path);
    char *source_text;
    QHM_TRY(qhm_text_take(&source, &source_text));
    qhm_status status = add_source(document, source_text);
    qhm_document *parsed = NULL;
    if (status == QHM_OK)
        status = qhm_document_parse_yaml(value, strlen(value), source_text, &parsed);
    qhm_release(source_text);
    char *place = NULL;
    if (status == QHM_OK)
        status = qhm_copy_text(path, &place);
    qhm_node *node = document->root;
    char *rest = place;
    for (size_t depth = 0; status == QHM_OK && rest; depth++) {
        const char *part = strsep(&rest, ".");
        status = depth < QHM_DOCUMENT_MAX_DEPTH
                     ? step_into(document, node, part, path, &node)
                     : QHM_FAIL(QHM_ERROR_BAD_INPUT, "--set: nested more than 64 deep");
    }
    if (status == QHM_OK)
        replace(node, parsed->root, document->sources[document->source_count - 1]);
    qhm_release(place);
    qhm_document_destroy(parsed);
    return status;
}

qhm_status qhm_document_set(qhm_document *document, const char *assignment)
{
    const char *equals = strchr(assignment, '=');
    if (!equals || equals == assignment)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "--set %s: not of the form name=value", assignment);
    char *path;
    QHM_TRY(qhm_copy_bytes(assignment, (size_t)(equals - assignment) + 1, 1, &path));
    path[equals - assignment] = '\0';
    qhm_status status = assign(document, path, equals + 1);
    qhm_release(path);
    return status;
}
