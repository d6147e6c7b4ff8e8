// JSON documents, read with jansson.
#include "base/document_internal.h"
#include "base/text.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

typedef struct json_reader {
    qhm_document *document;
    const char *name;
} json_reader;

static qhm_status append_scalar(json_reader *reader, qhm_node *parent, const char *name,
                                const json_t *value)
{
    qhm_text text = {0};
    if (json_is_string(value))
        qhm_text_append(&text, json_string_value(value));
    else if (json_is_integer(value))
        qhm_text_print(&text, "%" PRId64, (int64_t)json_integer_value(value));
    else if (json_is_real(value))
        qhm_text_append_number(&text, json_real_value(value));
    else
        qhm_text_append(&text, json_is_true(value) ? "true" : "false");
    qhm_status status = text.status;
    qhm_node *node;
    if (status == QHM_OK)
        status = qhm_document_append(reader->document, parent,
                                     &(qhm_node_start){.kind = QHM_NODE_SCALAR,
                                                       .quoted = json_is_string(value),
                                                       .text = text.bytes,
                                                       .name = name},
                                     &node);
    qhm_text_release(&text);
    return status;
}

static qhm_status append_value(json_reader *reader, qhm_node *parent, const char *name,
                               json_t *value, size_t depth)
{
    if (depth > QHM_DOCUMENT_MAX_DEPTH)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: nested more than 64 deep", reader->name);
    qhm_node_start start = {.name = name};
    qhm_node *node;
    if (json_is_null(value))
        return qhm_document_append(reader->document, parent, &start, &node);
    if (!json_is_array(value) && !json_is_object(value))
        return append_scalar(reader, parent, name, value);
    start.kind = json_is_array(value) ? QHM_NODE_SEQUENCE : QHM_NODE_MAPPING;
    QHM_TRY(qhm_document_append(reader->document, parent, &start, &node));
    size_t i;
    json_t *item;
    json_array_foreach(value, i, item) QHM_TRY(append_value(reader, node, NULL, item, depth + 1));
    const char *key;
    json_object_foreach(value, key, item) QHM_TRY(append_value(reader, node, key, item, depth + 1));
    return QHM_OK;
}

typedef struct json_places {
    const char *text, *end;
} json_places;

static const char *skip_space(const json_places *places, const char *cursor)
{
    while (cursor < places->end &&
           (*cursor == ' ' || *cursor == '\t' || *cursor == '\r' || *cursor == '\n'))
        cursor++;
    return cursor;
}

static const char *skip_string(const char *cursor)
{
    for (cursor++; *cursor != '"'; cursor++)
        cursor += *cursor == '\\';
    return cursor + 1;
}

static const char *skip_word(const json_places *places, const char *cursor)
{
    while (cursor < places->end && !memchr(",]} \t\r\n", *cursor, 7))
        cursor++;
    return cursor;
}

// Walks a text that is known to be JSON beside its tree, which has the same order, and notes where
// each value stands. Returns the end of the value.
static const char *note_places(const json_places *places, qhm_node *node, const char *cursor)
{
    cursor = skip_space(places, cursor);
    if (!node->name)
        node->offset = (size_t)(cursor - places->text);
    if (*cursor == '"')
        return skip_string(cursor);
    if (*cursor != '[' && *cursor != '{')
        return skip_word(places, cursor);
    cursor = skip_space(places, cursor + 1);
    for (size_t i = 0; i < node->count; i++) {
        if (node->children[i]->name) {
            node->children[i]->offset = (size_t)(cursor - places->text);
            cursor = skip_space(places, skip_string(cursor)) + 1; // the colon
        }
        cursor = skip_space(places, note_places(places, node->children[i], cursor));
        if (*cursor == ',')
            cursor = skip_space(places, cursor + 1);
    }
    return cursor + 1;
}

qhm_status qhm_document_parse_json(const char *bytes, size_t count, const char *name,
                                   qhm_document **out)
{
    if (count > QHM_DOCUMENT_MAX_JSON_BYTES)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%s has %zu bytes, not at most %d", name, count,
                        QHM_DOCUMENT_MAX_JSON_BYTES);
    json_error_t error;
    json_t *value = json_loadb(bytes, count, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!value)
        return QHM_FAIL(json_error_code(&error) == json_error_out_of_memory
                            ? QHM_ERROR_OUT_OF_MEMORY
                            : QHM_ERROR_BAD_INPUT,
                        "%s:%d: %s", name, error.line > 0 ? error.line : 1, error.text);
    json_reader reader = {.name = name};
    qhm_status status = qhm_document_create(name, &reader.document);
    if (status == QHM_OK)
        status = append_value(&reader, NULL, NULL, value, 0);
    json_decref(value);
    if (status != QHM_OK) {
        qhm_document_destroy(reader.document);
        return status;
    }
    json_places places = {bytes, bytes + count};
    note_places(&places, reader.document->root, bytes);
    *out = reader.document;
    return QHM_OK;
}
