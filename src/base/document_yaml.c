// YAML documents, read with libyaml's events, which carry line marks.
#include "base/document_internal.h"
#include "base/memory.h"

#include <string.h>
#include <yaml.h>

typedef struct yaml_reader {
    yaml_parser_t parser;
    qhm_document *document;
    const char *name, *bytes;
    size_t count;
} yaml_reader;

static size_t line_of(yaml_mark_t mark)
{
    return mark.line + 1;
}

static qhm_status fail_at(const yaml_reader *reader, size_t line, const char *what)
{
    return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s:%zu: %s", reader->name, line, what);
}

static qhm_status parser_failure(const yaml_reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem ? parser->problem : "not YAML";
    if (parser->error == YAML_MEMORY_ERROR)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%s: cannot allocate memory", reader->name);
    if (parser->error == YAML_READER_ERROR) { // knows its byte, not its line
        size_t line = 1;
        for (size_t i = 0; i < parser->problem_offset && i < reader->count; i++)
            line += reader->bytes[i] == '\n';
        return fail_at(reader, line, problem);
    }
    if (parser->context)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s:%zu: %s %s that began on line %zu", reader->name,
                        line_of(parser->problem_mark), problem, parser->context,
                        line_of(parser->context_mark));
    return fail_at(reader, line_of(parser->problem_mark), problem);
}

static qhm_status next_event(yaml_reader *reader, yaml_event_t *event)
{
    if (!yaml_parser_parse(&reader->parser, event))
        return parser_failure(reader);
    const unsigned char *anchor = NULL, *tag = NULL;
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        anchor = event->data.alias.anchor;
        break;
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (!anchor && !tag)
        return QHM_OK;
    qhm_status status = fail_at(reader, line_of(event->start_mark),
                                anchor ? "anchors and aliases (&x, *x) are not supported"
                                       : "tags (!x) are not supported");
    yaml_event_delete(event);
    return status;
}

static bool is_null_word(const yaml_event_t *event)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp((const char *)event->data.scalar.value, words[i]) == 0)
            return true;
    return false;
}

static qhm_status append_event(yaml_reader *reader, qhm_node *parent, const yaml_event_t *name,
                               const yaml_event_t *event, qhm_node **out)
{
    qhm_node_start start = {.line = line_of(event->start_mark)};
    if (name) {
        start.name = (const char *)name->data.scalar.value;
        start.name_line = line_of(name->start_mark);
    }
    if (event->type == YAML_SEQUENCE_START_EVENT) {
        start.kind = QHM_NODE_SEQUENCE;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        start.kind = QHM_NODE_MAPPING;
    } else {
        const char *text = (const char *)event->data.scalar.value;
        if (strlen(text) != event->data.scalar.length)
            return fail_at(reader, start.line, "a text holds the character NUL");
        start.kind = is_null_word(event) ? QHM_NODE_NULL : QHM_NODE_SCALAR;
        start.quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        start.text = start.kind == QHM_NODE_SCALAR ? text : NULL;
    }
    return qhm_document_append(reader->document, parent, &start, out);
}

static qhm_status read_value(yaml_reader *reader, qhm_node *parent, const yaml_event_t *name,
                             const yaml_event_t *event, size_t depth);

static qhm_status read_item(yaml_reader *reader, qhm_node *sequence, const yaml_event_t *event,
                            size_t depth)
{
    return read_value(reader, sequence, NULL, event, depth);
}

static qhm_status read_pair(yaml_reader *reader, qhm_node *mapping, const yaml_event_t *name,
                            size_t depth)
{
    if (name->type != YAML_SCALAR_EVENT || name->data.scalar.length == 0 ||
        strlen((const char *)name->data.scalar.value) != name->data.scalar.length)
        return fail_at(reader, line_of(name->start_mark), "a name must be a plain text");
    yaml_event_t event;
    QHM_TRY(next_event(reader, &event));
    qhm_status status = read_value(reader, mapping, name, &event, depth);
    yaml_event_delete(&event);
    return status;
}

// Reads the value that begins with `event`, to its end.
static qhm_status read_value(yaml_reader *reader, qhm_node *parent, const yaml_event_t *name,
                             const yaml_event_t *event, size_t depth)
{
    if (depth > QHM_DOCUMENT_MAX_DEPTH)
        return fail_at(reader, line_of(event->start_mark), "nested more than 64 deep");
    qhm_node *node;
    QHM_TRY(append_event(reader, parent, name, event, &node));
    if (node->kind != QHM_NODE_SEQUENCE && node->kind != QHM_NODE_MAPPING)
        return QHM_OK;
    for (;;) {
        yaml_event_t inner;
        QHM_TRY(next_event(reader, &inner));
        bool is_end = inner.type == YAML_SEQUENCE_END_EVENT || inner.type == YAML_MAPPING_END_EVENT;
        qhm_status status = is_end ? QHM_OK
                            : node->kind == QHM_NODE_SEQUENCE
                                ? read_item(reader, node, &inner, depth + 1)
                                : read_pair(reader, node, &inner, depth + 1);
        yaml_event_delete(&inner);
        QHM_TRY(status);
        if (is_end)
            break;
    }
    return node->kind == QHM_NODE_MAPPING ? qhm_document_check_names(node) : QHM_OK;
}

// The stream: its start, at most one document, its end.
static qhm_status read_stream(yaml_reader *reader)
{
    size_t documents = 0;
    for (;;) {
        yaml_event_t event;
        QHM_TRY(next_event(reader, &event));
        qhm_status status = QHM_OK;
        yaml_event_type_t type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT && documents++ > 0)
            status = fail_at(reader, line_of(event.start_mark),
                             "a second document begins; one file holds one document");
        else if (type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT ||
                 type == YAML_MAPPING_START_EVENT)
            status = read_value(reader, NULL, NULL, &event, 0);
        yaml_event_delete(&event);
        QHM_TRY(status);
        if (type == YAML_STREAM_END_EVENT)
            break;
    }
    if (reader->document->root)
        return QHM_OK;
    qhm_node *root;
    return qhm_document_append(reader->document, NULL,
                               &(qhm_node_start){.kind = QHM_NODE_NULL, .line = 1}, &root);
}

qhm_status qhm_document_parse_yaml(const char *bytes, size_t count, const char *name,
                                   qhm_document **out)
{
    if (count > QHM_DOCUMENT_MAX_YAML_BYTES)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%s has %zu bytes, not at most %d", name, count,
                        QHM_DOCUMENT_MAX_YAML_BYTES);
    yaml_reader reader = {.name = name, .bytes = bytes, .count = count};
    QHM_TRY(qhm_document_create(name, &reader.document));
    qhm_status status = QHM_OK;
    if (!yaml_parser_initialize(&reader.parser))
        status = QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%s: cannot allocate memory", name);
    if (status == QHM_OK) {
        yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&reader.parser, (const unsigned char *)bytes, count);
        status = read_stream(&reader);
        yaml_parser_delete(&reader.parser);
    }
    if (status != QHM_OK) {
        qhm_document_destroy(reader.document);
        return status;
    }
    *out = reader.document;
    return QHM_OK;
}
