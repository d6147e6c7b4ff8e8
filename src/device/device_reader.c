// Fields of device files, and the mistakes in them.
#include "device/device_reader.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_MISTAKES = 100, LONGEST = 600 };

bool qhm_device_keep(qhm_device_reader *reader, qhm_status status)
{
    if (reader->status == QHM_OK)
        reader->status = status;
    return reader->status == QHM_OK;
}

void qhm_device_mistake(qhm_device_reader *reader, const qhm_node *node, const char *hint,
                        const char *format, ...)
{
    if (reader->status != QHM_OK ||
        qhm_diagnostics_error_count(reader->diagnostics) >= MOST_MISTAKES)
        return;
    char what[LONGEST];
    va_list arguments;
    va_start(arguments, format);
    qhm_format(what, sizeof what, format, arguments);
    va_end(arguments);
    qhm_text message = {0};
    qhm_node_append_path(node, &message);
    qhm_text_append(&message, message.length > 0 ? " " : "the file ");
    qhm_text_append(&message, what);
    if (qhm_device_keep(reader, message.status))
        qhm_device_keep(reader, qhm_diagnostics_add(reader->diagnostics, true, reader->path,
                                                    reader->bytes, reader->count,
                                                    qhm_node_offset(node), message.bytes, hint));
    qhm_text_release(&message);
}

const qhm_node *qhm_device_field(qhm_device_reader *reader, const qhm_node *mapping,
                                 const char *name, qhm_node_kind kind, bool is_needed)
{
    const qhm_node *node = qhm_node_find(mapping, name);
    if (!node) {
        if (is_needed)
            qhm_device_mistake(reader, mapping, NULL, "lacks \"%s\"", name);
        return NULL;
    }
    if (qhm_node_kind_of(node) != kind) {
        qhm_device_mistake(reader, node, NULL, "is %s, not %s",
                           qhm_node_kind_name(qhm_node_kind_of(node)), qhm_node_kind_name(kind));
        return NULL;
    }
    return node;
}

const char *qhm_device_text_field(qhm_device_reader *reader, const qhm_node *mapping,
                                  const char *name, bool is_needed)
{
    const qhm_node *node = qhm_device_field(reader, mapping, name, QHM_NODE_SCALAR, is_needed);
    if (!node)
        return NULL;
    if (!qhm_node_is_quoted(node) || !qhm_node_text(node)[0]) {
        qhm_device_mistake(reader, node, NULL, "is %s, not a text",
                           qhm_node_text(node)[0] ? qhm_node_text(node) : "empty");
        return NULL;
    }
    return qhm_node_text(node);
}

bool qhm_device_flag_field(qhm_device_reader *reader, const qhm_node *mapping, const char *name)
{
    const qhm_node *node = qhm_device_field(reader, mapping, name, QHM_NODE_SCALAR, false);
    bool value = false;
    if (node && (qhm_node_is_quoted(node) || !qhm_parse_bool(qhm_node_text(node), &value)))
        qhm_device_mistake(reader, node, NULL, "is %s, not true or false", qhm_node_text(node));
    return value;
}

double qhm_device_number(qhm_device_reader *reader, const qhm_node *node, qhm_figure_range range)
{
    double value = NAN;
    const char *expected = "";
    bool is_number = qhm_node_kind_of(node) == QHM_NODE_SCALAR && !qhm_node_is_quoted(node) &&
                     qhm_parse_double(qhm_node_text(node), &value);
    if (is_number && qhm_figure_is_in_range(range, value, &expected))
        return value;
    (void)qhm_figure_is_in_range(range, NAN, &expected);
    bool is_scalar = qhm_node_kind_of(node) == QHM_NODE_SCALAR;
    qhm_device_mistake(reader, node, NULL, "is %s, not %s",
                       is_scalar ? qhm_node_text(node) : qhm_node_kind_name(qhm_node_kind_of(node)),
                       expected);
    return NAN;
}

double qhm_device_number_field(qhm_device_reader *reader, const qhm_node *mapping, const char *name,
                               qhm_figure_range range, bool is_needed)
{
    const qhm_node *node = qhm_node_find(mapping, name);
    if (node)
        return qhm_device_number(reader, node, range);
    if (is_needed)
        qhm_device_mistake(reader, mapping, NULL, "lacks \"%s\"", name);
    return NAN;
}

bool qhm_device_whole(qhm_device_reader *reader, const qhm_node *node, uint64_t least,
                      uint64_t most, uint64_t *out)
{
    uint64_t value = 0;
    bool is_scalar = qhm_node_kind_of(node) == QHM_NODE_SCALAR;
    if (is_scalar && !qhm_node_is_quoted(node) && qhm_parse_uint64(qhm_node_text(node), &value) &&
        value >= least && value <= most) {
        *out = value;
        return true;
    }
    qhm_device_mistake(reader, node, NULL, "is %s, not a whole number from %llu to %llu",
                       is_scalar ? qhm_node_text(node) : qhm_node_kind_name(qhm_node_kind_of(node)),
                       (unsigned long long)least, (unsigned long long)most);
    return false;
}

uint64_t qhm_device_whole_field(qhm_device_reader *reader, const qhm_node *mapping,
                                const char *name, uint64_t least, uint64_t most, uint64_t otherwise,
                                bool is_needed)
{
    const qhm_node *node = qhm_node_find(mapping, name);
    uint64_t value;
    if (node)
        return qhm_device_whole(reader, node, least, most, &value) ? value : otherwise;
    if (is_needed)
        qhm_device_mistake(reader, mapping, NULL, "lacks \"%s\"", name);
    return otherwise;
}

void qhm_device_check_fields(qhm_device_reader *reader, const qhm_node *mapping,
                             const char *const *names, size_t count)
{
    for (size_t i = 0; i < qhm_node_count(mapping); i++) {
        const qhm_node *node = qhm_node_at(mapping, i);
        bool is_known = false;
        for (size_t n = 0; n < count && !is_known; n++)
            is_known = strcmp(qhm_node_name(node), names[n]) == 0;
        if (is_known)
            continue;
        const char *nearest = qhm_nearest_name(qhm_node_name(node), names, count);
        char hint[128];
        snprintf(hint, sizeof hint, "did you mean \"%s\"?", nearest ? nearest : "");
        qhm_device_mistake(reader, node, nearest ? hint : NULL,
                           "is not a field that is known here");
    }
}

qhm_figure_status qhm_device_status_field(qhm_device_reader *reader, const qhm_node *mapping,
                                          const qhm_node *outer)
{
    const qhm_node *from = outer && !qhm_node_find(mapping, "status") ? outer : mapping;
    const char *text = qhm_device_text_field(reader, from, "status", true);
    for (int status = QHM_FIGURE_MEASURED; text && status <= QHM_FIGURE_ASSUMED; status++)
        if (strcmp(text, qhm_figure_status_name((qhm_figure_status)status)) == 0)
            return (qhm_figure_status)status;
    if (text)
        qhm_device_mistake(reader, qhm_node_find(from, "status"), NULL,
                           "is \"%s\", not measured, projected or assumed", text);
    return QHM_FIGURE_NONE;
}

const char *qhm_device_source_field(qhm_device_reader *reader, const qhm_node *mapping,
                                    const qhm_node *outer)
{
    const qhm_node *from = outer && !qhm_node_find(mapping, "source") ? outer : mapping;
    const char *name = qhm_device_text_field(reader, from, "source", true);
    const qhm_node *root = qhm_document_root(reader->device->document);
    const qhm_node *sources = qhm_node_find(root, "sources");
    if (!name || !sources)
        return NULL;
    for (size_t i = 0; i < qhm_node_count(sources) && i < reader->device->source_count; i++)
        if (strcmp(qhm_node_name(qhm_node_at(sources, i)), name) == 0)
            return reader->device->sources[i];
    qhm_device_mistake(reader, qhm_node_find(from, "source"), NULL,
                       "is \"%s\", which is not among the file's sources", name);
    return NULL;
}
