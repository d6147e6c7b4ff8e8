// Reports to JSON and back, both by the shape table.
#include "experiment/report_internal.h"

#include "base/document.h"
#include "base/files.h"
#include "base/memory.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t LARGEST_EXACT = UINT64_C(1) << 53; // doubles hold all integers up to here

static size_t count_in(const qhm_report_field *field, const void *record)
{
    return *(const size_t *)((const char *)record + field->count_offset);
}

// The size of one item of a list.
static size_t item_size(const qhm_report_field *field)
{
    switch (field->kind) {
    case QHM_REPORT_RECORDS:
        return field->shape->size;
    case QHM_REPORT_NUMBERS:
        return sizeof(double);
    case QHM_REPORT_SIZES:
        return sizeof(size_t);
    case QHM_REPORT_TEXTS:
        return sizeof(char *);
    default:
        return 0;
    }
}

// What a list's items are when they stand alone.
static qhm_report_field item_field(const qhm_report_field *list)
{
    qhm_report_field item = {.name = list->name, .shape = list->shape};
    item.kind = list->kind == QHM_REPORT_RECORDS   ? QHM_REPORT_RECORD
                : list->kind == QHM_REPORT_NUMBERS ? QHM_REPORT_NUMBER
                : list->kind == QHM_REPORT_SIZES   ? QHM_REPORT_SIZE
                                                   : QHM_REPORT_TEXT;
    return item;
}

static bool is_list(const qhm_report_field *field)
{
    return item_size(field) > 0;
}

static qhm_status fail_text(const char *name, const char *text)
{
    const char *cursor = text;
    for (uint32_t c; (c = qhm_utf8_next(&cursor)) != 0;)
        if (c == 0xFFFD)
            return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "%s holds a text that is not UTF-8", name);
    return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot allocate memory for the report as JSON");
}

static qhm_status write_record(const qhm_report_shape *shape, const void *record, json_t **out);

static qhm_status write_list(const qhm_report_field *field, const void *record, json_t **out);

static json_t *write_plain(const qhm_report_field *field, const void *value)
{
    switch (field->kind) {
    case QHM_REPORT_TEXT:
        return *(const char *const *)value ? json_string(*(const char *const *)value) : json_null();
    case QHM_REPORT_NUMBER:
        return isfinite(*(const double *)value) ? json_real(*(const double *)value) : json_null();
    case QHM_REPORT_SIZE:
        return json_integer((json_int_t) * (const size_t *)value);
    case QHM_REPORT_UINT64: {
        char digits[24];
        uint64_t number = *(const uint64_t *)value;
        if (number <= LARGEST_EXACT)
            return json_integer((json_int_t)number);
        snprintf(digits, sizeof digits, "%" PRIu64, number);
        return json_string(digits);
    }
    case QHM_REPORT_TRUTH:
        return json_boolean(*(const bool *)value);
    default:
        return NULL;
    }
}

static qhm_status write_value(const qhm_report_field *field, const void *record, json_t **out)
{
    const char *value = (const char *)record + field->offset;
    if (is_list(field))
        return write_list(field, record, out);
    if (field->kind == QHM_REPORT_RECORD)
        return write_record(field->shape, value, out);
    *out = write_plain(field, value);
    if (*out)
        return QHM_OK;
    return fail_text(field->name, field->kind == QHM_REPORT_TEXT
                                      ? *(const char *const *)(const void *)value
                                      : "");
}

static qhm_status write_list(const qhm_report_field *field, const void *record, json_t **out)
{
    json_t *list = json_array();
    const char *items = *(const char *const *)(const void *)((const char *)record + field->offset);
    qhm_report_field item = item_field(field);
    qhm_status status = list ? QHM_OK : fail_text(field->name, "");
    for (size_t i = 0; i < count_in(field, record) && status == QHM_OK; i++) {
        json_t *value = NULL;
        status = write_value(&item, items + i * item_size(field), &value);
        if (status == QHM_OK && json_array_append_new(list, value) != 0)
            status = fail_text(field->name, "");
    }
    if (status != QHM_OK) {
        json_decref(list);
        return status;
    }
    *out = list;
    return QHM_OK;
}

static qhm_status write_record(const qhm_report_shape *shape, const void *record, json_t **out)
{
    json_t *object = json_object();
    qhm_status status = object ? QHM_OK : fail_text("the report", "");
    for (const qhm_report_field *field = shape->fields; field->name && status == QHM_OK; field++) {
        json_t *value = NULL;
        status = write_value(field, record, &value);
        if (status == QHM_OK && json_object_set_new(object, field->name, value) != 0)
            status = fail_text(field->name, "");
    }
    if (status != QHM_OK) {
        json_decref(object);
        return status;
    }
    *out = object;
    return QHM_OK;
}

qhm_status qhm_report_print_json(const qhm_report *report, qhm_text *out)
{
    QHM_TRY(qhm_report_check(report));
    json_t *body;
    QHM_TRY(write_record(&qhm_report_root_shape, report, &body));
    json_t *object = json_pack("{s:i}", "schema_version", QHM_REPORT_SCHEMA_VERSION);
    char *text = NULL;
    if (object && json_object_update(object, body) == 0)
        text = json_dumps(object, JSON_INDENT(1));
    json_decref(body);
    json_decref(object);
    if (!text)
        return fail_text("the report", "");
    qhm_text_append(out, text);
    qhm_text_append(out, "\n");
    free(text);
    return out->status;
}

qhm_status qhm_report_save(const qhm_report *report, const char *path)
{
    QHM_REQUIRE(report && path, "report or path is missing");
    qhm_text out = {0};
    qhm_status status = qhm_report_print_json(report, &out);
    if (status == QHM_OK)
        status = qhm_file_write(path, out.bytes, out.length);
    qhm_text_release(&out);
    return status;
}

static void release_record(const qhm_report_shape *shape, void *record)
{
    for (const qhm_report_field *field = shape->fields; field->name; field++) {
        void *value = (char *)record + field->offset;
        if (field->kind == QHM_REPORT_TEXT) {
            qhm_release(*(char **)value);
        } else if (field->kind == QHM_REPORT_RECORD) {
            release_record(field->shape, value);
        } else if (is_list(field)) {
            char *items = *(char **)value;
            for (size_t i = 0; i < count_in(field, record); i++)
                if (field->kind == QHM_REPORT_RECORDS)
                    release_record(field->shape, items + i * item_size(field));
                else if (field->kind == QHM_REPORT_TEXTS)
                    qhm_release(((char **)(void *)items)[i]);
            qhm_release(items);
        }
    }
}

void qhm_report_destroy(qhm_report *report)
{
    if (!report)
        return;
    release_record(&qhm_report_root_shape, report);
    qhm_release(report);
}

// What a record is before anything was read: unknown numbers are NaN, not 0.
static void clear_record(const qhm_report_shape *shape, void *record)
{
    for (const qhm_report_field *field = shape->fields; field->name; field++) {
        void *value = (char *)record + field->offset;
        if (field->kind == QHM_REPORT_NUMBER)
            *(double *)value = NAN;
        else if (field->kind == QHM_REPORT_RECORD)
            clear_record(field->shape, value);
    }
}

static qhm_status read_record(const qhm_report_shape *shape, const qhm_node *node, void *record);

static qhm_status read_list(const qhm_report_field *field, const qhm_node *node, void *record);

static qhm_status fail_kind(const qhm_node *node, const char *expected)
{
    if (qhm_node_kind_of(node) == QHM_NODE_SCALAR)
        return qhm_node_fail(node, "is \"%.60s\", not %s", qhm_node_text(node), expected);
    return qhm_node_fail(node, "is %s, not %s", qhm_node_kind_name(qhm_node_kind_of(node)),
                         expected);
}

// A scalar, or null where the field knows one.
static qhm_status read_plain(const qhm_report_field *field, const qhm_node *node, void *value)
{
    qhm_node_kind kind = qhm_node_kind_of(node);
    const char *text = qhm_node_text(node);
    bool is_plain = kind == QHM_NODE_SCALAR && !qhm_node_is_quoted(node);
    uint64_t whole;
    switch (field->kind) {
    case QHM_REPORT_TEXT:
        if (kind == QHM_NODE_NULL)
            return QHM_OK;
        if (kind != QHM_NODE_SCALAR || !qhm_node_is_quoted(node))
            return fail_kind(node, "a text");
        return qhm_copy_text(text, (char **)value);
    case QHM_REPORT_NUMBER:
        if (kind == QHM_NODE_NULL) {
            *(double *)value = NAN;
            return QHM_OK;
        }
        return is_plain && qhm_parse_double(text, value) ? QHM_OK : fail_kind(node, "a number");
    case QHM_REPORT_SIZE:
    case QHM_REPORT_UINT64:
        if (!(is_plain || (field->kind == QHM_REPORT_UINT64 && kind == QHM_NODE_SCALAR)) ||
            !qhm_parse_uint64(text, &whole))
            return fail_kind(node, "a whole number");
        if (field->kind == QHM_REPORT_SIZE)
            *(size_t *)value = (size_t)whole;
        else
            *(uint64_t *)value = whole;
        return QHM_OK;
    case QHM_REPORT_TRUTH:
        return is_plain && qhm_parse_bool(text, value) ? QHM_OK : fail_kind(node, "true or false");
    default:
        return QHM_OK;
    }
}

static qhm_status read_value(const qhm_report_field *field, const qhm_node *node, void *record)
{
    void *value = (char *)record + field->offset;
    if (is_list(field))
        return read_list(field, node, record);
    if (field->kind == QHM_REPORT_RECORD)
        return read_record(field->shape, node, value);
    return read_plain(field, node, value);
}

static qhm_status read_list(const qhm_report_field *field, const qhm_node *node, void *record)
{
    if (qhm_node_kind_of(node) != QHM_NODE_SEQUENCE)
        return fail_kind(node, "a list");
    size_t count = qhm_node_count(node);
    char *items;
    QHM_TRY(qhm_allocate(count, item_size(field), &items));
    *(char **)(void *)((char *)record + field->offset) = items;
    *(size_t *)(void *)((char *)record + field->count_offset) = count;
    qhm_report_field item = item_field(field);
    for (size_t i = 0; i < count; i++)
        QHM_TRY(read_value(&item, qhm_node_at(node, i), items + i * item_size(field)));
    return QHM_OK;
}

static qhm_status read_record(const qhm_report_shape *shape, const qhm_node *node, void *record)
{
    if (qhm_node_kind_of(node) != QHM_NODE_MAPPING)
        return fail_kind(node, "an object");
    clear_record(shape, record);
    for (const qhm_report_field *field = shape->fields; field->name; field++) {
        const qhm_node *value = qhm_node_find(node, field->name);
        if (value)
            QHM_TRY(read_value(field, value, record));
    }
    return QHM_OK;
}

static qhm_status check_version(const qhm_node *root, const char *name)
{
    const qhm_node *version =
        qhm_node_kind_of(root) == QHM_NODE_MAPPING ? qhm_node_find(root, "schema_version") : NULL;
    if (!version)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: no report: it has no schema_version", name);
    uint64_t number = 0;
    if (!qhm_parse_uint64(qhm_node_text(version), &number))
        return fail_kind(version, "a whole number");
    if (number != QHM_REPORT_SCHEMA_VERSION)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "%s has schema version %" PRIu64 "; this QHM reads version %d", name,
                        number, QHM_REPORT_SCHEMA_VERSION);
    return QHM_OK;
}

static qhm_status read_document(const qhm_document *document, const char *name, qhm_report **out)
{
    const qhm_node *root = qhm_document_root(document);
    QHM_TRY(check_version(root, name));
    qhm_report *report;
    QHM_TRY(qhm_allocate(1, sizeof *report, &report));
    qhm_status status = read_record(&qhm_report_root_shape, root, report);
    if (status == QHM_OK) {
        status = qhm_report_check(report);
        if (status == QHM_ERROR_INVALID_ARGUMENT) // the file's fault, not the caller's
            status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: %s", name, qhm_error_message());
    }
    if (status != QHM_OK) {
        qhm_report_destroy(report);
        return status;
    }
    *out = report;
    return QHM_OK;
}

qhm_status qhm_report_parse(const char *bytes, size_t count, const char *name, qhm_report **out)
{
    QHM_REQUIRE(bytes && name && out, "bytes, name or out is missing");
    qhm_document *document;
    QHM_TRY(qhm_document_parse_json(bytes, count, name, &document));
    qhm_status status = read_document(document, name, out);
    qhm_document_destroy(document);
    return status;
}

qhm_status qhm_report_load(const char *path, qhm_report **out)
{
    QHM_REQUIRE(path && out, "path or out is missing");
    char *bytes;
    size_t count;
    QHM_TRY(qhm_file_read(path, QHM_DOCUMENT_MAX_JSON_BYTES, &bytes, &count));
    qhm_status status = qhm_report_parse(bytes, count, path, out);
    qhm_release(bytes);
    return status;
}
