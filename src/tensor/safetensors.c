// Lists of named arrays, written as safetensors files.
#include "tensor/safetensors_internal.h"

#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "arrays are stored as they are");

qhm_status qhm_safetensors_create(qhm_safetensors **out)
{
    QHM_REQUIRE(out, "out is NULL");
    return qhm_allocate(1, sizeof **out, out);
}

void qhm_safetensors_destroy(qhm_safetensors *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++) {
        qhm_release(list->entries[i].name);
        qhm_tensor_destroy(list->entries[i].owned);
    }
    for (size_t i = 0; i < list->text_count; i++) {
        qhm_release(list->texts[i].key);
        qhm_release(list->texts[i].text);
    }
    qhm_release(list->entries);
    qhm_release(list->texts);
    qhm_release(list);
}

static bool is_utf8(const char *text)
{
    const char *cursor = text, *before = text;
    for (uint32_t c; (c = qhm_utf8_next(&cursor)) != 0; before = cursor)
        if (c == 0xFFFD && strncmp(before, "\xEF\xBF\xBD", 3) != 0) // not U+FFFD itself
            return false;
    return true;
}

qhm_status qhm_safetensors_append_entry(qhm_safetensors *list, const char *name,
                                        const qhm_tensor *tensor, qhm_tensor *owned)
{
    QHM_TRY(qhm_reserve(list->count + 1, &list->capacity, sizeof *list->entries, &list->entries));
    qhm_safetensors_entry entry = {.tensor = tensor, .owned = owned};
    QHM_TRY(qhm_copy_text(name, &entry.name));
    list->entries[list->count++] = entry;
    return QHM_OK;
}

qhm_status qhm_safetensors_append(qhm_safetensors *list, const char *name, const qhm_tensor *tensor)
{
    QHM_REQUIRE(list && name && tensor, "list, name or tensor is NULL");
    QHM_REQUIRE(is_utf8(name), "the array's name is not UTF-8");
    QHM_REQUIRE(strcmp(name, "__metadata__") != 0, "an array cannot be named __metadata__");
    QHM_REQUIRE(!qhm_safetensors_find(list, name), "there is an array \"%s\" already", name);
    return qhm_safetensors_append_entry(list, name, tensor, NULL);
}

qhm_status qhm_safetensors_set_metadata(qhm_safetensors *list, const char *key, const char *text)
{
    QHM_REQUIRE(list && key && text, "list, key or text is NULL");
    QHM_REQUIRE(is_utf8(key) && is_utf8(text), "the metadata is not UTF-8");
    qhm_safetensors_text entry;
    QHM_TRY(
        qhm_reserve(list->text_count + 1, &list->text_capacity, sizeof *list->texts, &list->texts));
    QHM_TRY(qhm_copy_text(text, &entry.text));
    for (size_t i = 0; i < list->text_count; i++)
        if (strcmp(list->texts[i].key, key) == 0) {
            qhm_release(list->texts[i].text);
            list->texts[i].text = entry.text;
            return QHM_OK;
        }
    qhm_status status = qhm_copy_text(key, &entry.key);
    if (status != QHM_OK) {
        qhm_release(entry.text);
        return status;
    }
    list->texts[list->text_count++] = entry;
    return QHM_OK;
}

static void append_quoted(qhm_text *json, const char *text)
{
    qhm_text_append(json, "\"");
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            qhm_text_print(json, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            qhm_text_print(json, "\\u%04x", (unsigned)*text);
        else
            qhm_text_append_bytes(json, text, 1);
    qhm_text_append(json, "\"");
}

static size_t data_bytes(const qhm_tensor *tensor)
{
    return qhm_tensor_count(tensor) * qhm_precision_bytes(qhm_tensor_precision(tensor));
}

static void print_entry(qhm_text *json, const qhm_safetensors_entry *entry, size_t begin)
{
    qhm_shape shape = qhm_tensor_shape(entry->tensor);
    append_quoted(json, entry->name);
    qhm_text_print(json, ":{\"dtype\":\"%s\",\"shape\":[",
                   qhm_tensor_precision(entry->tensor) == QHM_FLOAT32 ? "F32" : "F64");
    for (size_t i = 0; i < shape.rank; i++)
        qhm_text_print(json, "%s%zu", i > 0 ? "," : "", shape.sizes[i]);
    qhm_text_print(json, "],\"data_offsets\":[%zu,%zu]}", begin, begin + data_bytes(entry->tensor));
}

static qhm_status print_header(const qhm_safetensors *list, char **out, size_t *out_data_bytes)
{
    qhm_text json = {0};
    size_t at = 0;
    qhm_text_append(&json, "{");
    for (size_t i = 0; i < list->text_count; i++) {
        qhm_text_append(&json, i == 0 ? "\"__metadata__\":{" : ",");
        append_quoted(&json, list->texts[i].key);
        qhm_text_append(&json, ":");
        append_quoted(&json, list->texts[i].text);
    }
    if (list->text_count > 0)
        qhm_text_append(&json, list->count > 0 ? "}," : "}");
    for (size_t i = 0; i < list->count; i++) {
        qhm_text_append(&json, i > 0 ? "," : "");
        print_entry(&json, &list->entries[i], at);
        at += data_bytes(list->entries[i].tensor);
    }
    qhm_text_append(&json, "}");
    while (json.status == QHM_OK && json.length % 8 != 0) // data begins at a multiple of 8
        qhm_text_append(&json, " ");
    *out_data_bytes = at;
    return qhm_text_take(&json, out);
}

qhm_status qhm_safetensors_print(const qhm_safetensors *list, char **out_bytes, size_t *out_count)
{
    char *header, *bytes;
    size_t data;
    QHM_TRY(print_header(list, &header, &data));
    uint64_t length = strlen(header);
    size_t at = sizeof length + (size_t)length;
    qhm_status status = qhm_allocate(at + data, 1, &bytes);
    if (status == QHM_OK) {
        memcpy(bytes, &length, sizeof length);
        memcpy(bytes + sizeof length, header, (size_t)length);
        for (size_t i = 0; i < list->count; i++) {
            const qhm_tensor *tensor = list->entries[i].tensor;
            memcpy(bytes + at, qhm_tensor_view(tensor), data_bytes(tensor));
            at += data_bytes(tensor);
        }
        *out_bytes = bytes;
        *out_count = at;
    }
    qhm_release(header);
    return status;
}

qhm_status qhm_safetensors_save(const qhm_safetensors *list, const char *path)
{
    QHM_REQUIRE(list && path, "list or path is NULL");
    char *bytes;
    size_t count;
    QHM_TRY(qhm_safetensors_print(list, &bytes, &count));
    qhm_status status = qhm_file_write(path, bytes, count);
    qhm_release(bytes);
    return status;
}

size_t qhm_safetensors_count(const qhm_safetensors *list)
{
    return list->count;
}

const char *qhm_safetensors_name(const qhm_safetensors *list, size_t index)
{
    return index < list->count ? list->entries[index].name : NULL;
}

const qhm_tensor *qhm_safetensors_tensor(const qhm_safetensors *list, size_t index)
{
    return index < list->count ? list->entries[index].tensor : NULL;
}

const qhm_tensor *qhm_safetensors_find(const qhm_safetensors *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->entries[i].name, name) == 0)
            return list->entries[i].tensor;
    return NULL;
}

const char *qhm_safetensors_metadata(const qhm_safetensors *list, const char *key)
{
    for (size_t i = 0; i < list->text_count; i++)
        if (strcmp(list->texts[i].key, key) == 0)
            return list->texts[i].text;
    return NULL;
}
