// Reads safetensors files that need not be trusted.
#include "base/document.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "tensor/safetensors_internal.h"
#include "tensor/tensor_internal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Where an array lies in the data.
typedef struct span {
    size_t begin, end;
    const char *name;
} span;

typedef struct reader {
    const char *name;
    const char *data;
    size_t data_count;
    qhm_safetensors *list;
    span *spans;
    size_t span_count;
} reader;

static qhm_status read_size(const qhm_node *node, size_t *out)
{
    uint64_t value;
    if (qhm_node_kind_of(node) != QHM_NODE_SCALAR || qhm_node_is_quoted(node) ||
        !qhm_parse_uint64(qhm_node_text(node), &value) || value > SIZE_MAX / 2)
        return qhm_node_fail(node, "not a size");
    *out = (size_t)value;
    return QHM_OK;
}

static qhm_status read_shape(const qhm_node *array, qhm_shape *out)
{
    const qhm_node *sizes = qhm_node_find(array, "shape");
    if (!sizes || qhm_node_kind_of(sizes) != QHM_NODE_SEQUENCE)
        return qhm_node_fail(array, "has no list \"shape\"");
    *out = (qhm_shape){.rank = qhm_node_count(sizes)};
    if (out->rank > QHM_MAX_RANK)
        return qhm_node_fail(sizes, "has %zu axes, not at most %d", out->rank, QHM_MAX_RANK);
    for (size_t i = 0; i < out->rank; i++)
        QHM_TRY(read_size(qhm_node_at(sizes, i), &out->sizes[i]));
    if (qhm_shape_check(*out) != QHM_OK)
        return qhm_node_fail(sizes, "%s is no shape of 1 to 2147483647 elements an axis",
                             qhm_shape_print(*out).characters);
    return QHM_OK;
}

static qhm_status read_precision(const qhm_node *array, qhm_precision *out)
{
    const qhm_node *dtype = qhm_node_find(array, "dtype");
    if (!dtype || !qhm_node_is_quoted(dtype))
        return qhm_node_fail(array, "has no text \"dtype\"");
    if (strcmp(qhm_node_text(dtype), "F32") == 0)
        *out = QHM_FLOAT32;
    else if (strcmp(qhm_node_text(dtype), "F64") == 0)
        *out = QHM_FLOAT64;
    else
        return qhm_node_fail(dtype, "\"%s\" is not F32 or F64", qhm_node_text(dtype));
    return QHM_OK;
}

static qhm_status read_span(const reader *r, const qhm_node *array, size_t expected, span *out)
{
    const qhm_node *offsets = qhm_node_find(array, "data_offsets");
    if (!offsets || qhm_node_count(offsets) != 2 || qhm_node_kind_of(offsets) != QHM_NODE_SEQUENCE)
        return qhm_node_fail(array, "has no list \"data_offsets\" of two");
    QHM_TRY(read_size(qhm_node_at(offsets, 0), &out->begin));
    QHM_TRY(read_size(qhm_node_at(offsets, 1), &out->end));
    if (out->begin > out->end || out->end > r->data_count)
        return qhm_node_fail(offsets, "%zu to %zu is not within the data of %zu bytes", out->begin,
                             out->end, r->data_count);
    if (out->end - out->begin != expected)
        return qhm_node_fail(offsets, "%zu bytes are given to an array of %zu",
                             out->end - out->begin, expected);
    out->name = qhm_node_name(array);
    return QHM_OK;
}

static qhm_status read_array(reader *r, const qhm_node *array)
{
    qhm_shape shape;
    qhm_precision precision = QHM_FLOAT32;
    if (qhm_node_kind_of(array) != QHM_NODE_MAPPING || qhm_node_count(array) != 3)
        return qhm_node_fail(array, "is not made of dtype, shape and data_offsets");
    QHM_TRY(read_precision(array, &precision));
    QHM_TRY(read_shape(array, &shape));
    size_t bytes = qhm_shape_count(shape) * qhm_precision_bytes(precision);
    span place;
    QHM_TRY(read_span(r, array, bytes, &place));
    qhm_tensor *tensor;
    QHM_TRY(qhm_tensor_create(precision, shape, &tensor));
    memcpy(qhm_tensor_data(tensor), r->data + place.begin, bytes);
    qhm_status status = qhm_safetensors_append_entry(r->list, place.name, tensor, tensor);
    if (status != QHM_OK)
        qhm_tensor_destroy(tensor);
    else
        r->spans[r->span_count++] = place;
    return status;
}

static qhm_status read_metadata(reader *r, const qhm_node *texts)
{
    if (qhm_node_kind_of(texts) != QHM_NODE_MAPPING)
        return qhm_node_fail(texts, "is not a mapping");
    for (size_t i = 0; i < qhm_node_count(texts); i++) {
        const qhm_node *text = qhm_node_at(texts, i);
        if (!qhm_node_is_quoted(text))
            return qhm_node_fail(text, "is not a text");
        QHM_TRY(qhm_safetensors_set_metadata(r->list, qhm_node_name(text), qhm_node_text(text)));
    }
    return QHM_OK;
}

static int compare_spans(const void *left, const void *right)
{
    const span *a = left, *b = right;
    return a->begin != b->begin ? (a->begin > b->begin) - (a->begin < b->begin)
                                : (a->end > b->end) - (a->end < b->end);
}

// Sorted, arrays must follow each other without gap or overlap and end where the data ends.
static qhm_status check_cover(reader *r)
{
    qsort(r->spans, r->span_count, sizeof *r->spans, compare_spans);
    size_t at = 0;
    for (size_t i = 0; i < r->span_count; i++) {
        if (r->spans[i].begin != at)
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: array \"%s\" begins at byte %zu, not %zu",
                            r->name, r->spans[i].name, r->spans[i].begin, at);
        at = r->spans[i].end;
    }
    if (at != r->data_count)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: arrays end at byte %zu of %zu bytes of data",
                        r->name, at, r->data_count);
    return QHM_OK;
}

static qhm_status read_header(reader *r, const qhm_node *root)
{
    if (qhm_node_kind_of(root) != QHM_NODE_MAPPING)
        return qhm_node_fail(root, "the header is not a mapping");
    QHM_TRY(qhm_allocate(qhm_node_count(root), sizeof *r->spans, &r->spans));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < qhm_node_count(root) && status == QHM_OK; i++) {
        const qhm_node *node = qhm_node_at(root, i);
        status = strcmp(qhm_node_name(node), "__metadata__") == 0 ? read_metadata(r, node)
                                                                  : read_array(r, node);
    }
    if (status == QHM_OK)
        status = check_cover(r);
    qhm_release(r->spans);
    return status;
}

qhm_status qhm_safetensors_parse(const void *bytes, size_t count, const char *name,
                                 qhm_safetensors **out)
{
    QHM_REQUIRE(bytes && name && out, "bytes, name or out is NULL");
    uint64_t length;
    if (count < sizeof length)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s has %zu bytes, too few for a safetensors file",
                        name, count);
    memcpy(&length, bytes, sizeof length);
    const char *header = (const char *)bytes + sizeof length;
    if (length > count - sizeof length)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                        "%s announces a header of %llu bytes, but %zu bytes follow", name,
                        (unsigned long long)length, count - sizeof length);
    reader r = {.name = name,
                .data = header + length,
                .data_count = count - sizeof length - (size_t)length};
    qhm_document *document;
    QHM_TRY(qhm_document_parse_json(header, (size_t)length, name, &document));
    qhm_status status = qhm_safetensors_create(&r.list);
    if (status == QHM_OK)
        status = read_header(&r, qhm_document_root(document));
    qhm_document_destroy(document);
    if (status != QHM_OK) {
        qhm_safetensors_destroy(r.list);
        return status;
    }
    *out = r.list;
    return QHM_OK;
}

qhm_status qhm_safetensors_load(const char *path, qhm_safetensors **out)
{
    QHM_REQUIRE(path && out, "path or out is NULL");
    char *bytes;
    size_t count;
    QHM_TRY(qhm_file_read(path, qhm_memory_available_bytes() / 2, &bytes, &count));
    qhm_status status = qhm_safetensors_parse(bytes, count, path, out);
    qhm_release(bytes);
    return status;
}
