// Source `pairs`: a folder of PNG pictures and pairs.jsonl or pairs.csv, which gives for each its
// `image` (a path within the folder) and `text`, and optionally `label` and `group`.
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/csv_table.h"
#include "data/image_descriptor.h"
#include "data/sources.h"

#include <jansson.h>
#include <string.h>

enum { MAX_LIST_BYTES = 1 << 30, MAX_SIDE = 1024, FIELD_COUNT = 4 };

// The fields of one pair, in the order of this table; the first two are required.
static const char *const field_names[FIELD_COUNT] = {"image", "text", "label", "group"};

typedef struct pair {
    const char *fields[FIELD_COUNT]; // NULL when absent
} pair;

// What reads a list calls this for each pair. `line` is for messages.
typedef struct collector {
    qhm_pair_visit *visit;
    void *context;
} collector;

static qhm_status deliver(const pair *p, size_t line, const collector *to)
{
    for (int f = 0; f < FIELD_COUNT; f++) {
        bool is_required = f < 2;
        if (is_required && (!p->fields[f] || p->fields[f][0] == '\0'))
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu: \"%s\" is %s", line, field_names[f],
                            p->fields[f] ? "empty" : "missing");
        if (f == 2 && p->fields[f] && p->fields[f][0] == '\0')
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu: the label is empty", line);
    }
    return to->visit(p->fields[0], p->fields[1], p->fields[2], p->fields[3], line, to->context);
}

static qhm_status read_object(const json_t *object, size_t line, pair *out)
{
    if (!json_is_object(object))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu is not a JSON object", line);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        int field = 0;
        while (field < FIELD_COUNT && strcmp(key, field_names[field]) != 0)
            field++;
        if (field == FIELD_COUNT) {
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu: no field \"%s\", only %s", line, key,
                            "image, text, label, group");
        }
        if (!json_is_string(value))
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu: \"%s\" is not a text", line, key);
        out->fields[field] = json_string_value(value);
    }
    return QHM_OK;
}

qhm_status qhm_pairs_read_jsonl(const char *bytes, size_t count, qhm_pair_visit *visit,
                                void *context)
{
    collector to = {visit, context};
    size_t line = 1;
    for (const char *at = bytes, *end = bytes + count; at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        const char *text = at;
        at += length + 1;
        if (strspn(text, " \t\r") >= length)
            continue;
        json_error_t error;
        json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
        if (!object)
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu, column %d: %s", line, error.column,
                            error.text);
        pair p = {{NULL}};
        qhm_status status = read_object(object, line, &p);
        if (status == QHM_OK)
            status = deliver(&p, line, &to);
        json_decref(object);
        QHM_TRY(status);
    }
    return QHM_OK;
}

static qhm_status read_table(const qhm_csv_table *table, const collector *to)
{
    size_t columns[FIELD_COUNT];
    bool has[FIELD_COUNT] = {false};
    for (size_t c = 0; c < table->columns; c++) {
        int field = 0;
        while (field < FIELD_COUNT && strcmp(table->fields[c], field_names[field]) != 0)
            field++;
        if (field == FIELD_COUNT)
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "line %zu: no column \"%s\", only %s",
                            table->lines[0], table->fields[c], "image, text, label, group");
        columns[field] = c;
        has[field] = true;
    }
    for (size_t row = 1; row < table->rows; row++) {
        pair p = {{NULL}};
        for (int f = 0; f < FIELD_COUNT; f++)
            if (has[f])
                p.fields[f] = qhm_csv_table_field(table, row, columns[f]);
        QHM_TRY(deliver(&p, table->lines[row], to));
    }
    return QHM_OK;
}

qhm_status qhm_pairs_read_csv(char *text, size_t count, qhm_pair_visit *visit, void *context)
{
    qhm_csv_table table;
    QHM_TRY(qhm_csv_table_parse(text, count, ',', &table));
    qhm_status status = read_table(&table, &(collector){visit, context});
    qhm_csv_table_release(&table);
    return status;
}

typedef struct loading {
    const char *folder;
    size_t max_side;
    qhm_dataset *dataset;
} loading;

// Shrinks image so that no side is longer than max_side. *image becomes the caller's.
static qhm_status shrink(size_t max_side, qhm_image *image)
{
    size_t longest = image->width > image->height ? image->width : image->height;
    if (longest <= max_side)
        return QHM_OK;
    size_t width = image->width * max_side / longest, height = image->height * max_side / longest;
    width = width > 0 ? width : 1;
    height = height > 0 ? height : 1;
    float *values;
    uint8_t *pixels = NULL;
    QHM_TRY(qhm_allocate(width * height * 3, sizeof *values, &values));
    qhm_status status = qhm_allocate(width * height * 3, 1, &pixels);
    if (status == QHM_OK) {
        qhm_image_resample(*image, width, height, values);
        for (size_t i = 0; i < width * height * 3; i++)
            pixels[i] = (uint8_t)(values[i] * 255 + 0.5F);
        qhm_image_release(image);
        *image = (qhm_image){pixels, width, height};
    }
    qhm_release(values);
    return status;
}

static qhm_status append_pair(const char *image, const char *text, const char *label,
                              const char *group, size_t line, void *context)
{
    loading *l = context;
    if (qhm_dataset_count(l->dataset) % 256 == 0 &&
        qhm_dataset_bytes(l->dataset) / 2 > qhm_memory_available_bytes())
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "line %zu: the pictures need more memory than there is: lower max_side",
                        line);
    char *path;
    if (image[0] == '/')
        QHM_TRY(qhm_copy_text(image, &path));
    else
        QHM_TRY(qhm_path_join(l->folder, image, &path));
    qhm_image picture = {0};
    qhm_status status = qhm_image_load(path, &picture);
    if (status != QHM_OK)
        qhm_prefix_error_message("line %zu", line);
    if (status == QHM_OK)
        status = shrink(l->max_side, &picture);
    if (status == QHM_OK)
        status = qhm_dataset_append(l->dataset, &(qhm_dataset_item){.name = image,
                                                                    .text = text,
                                                                    .image = picture,
                                                                    .class_name = label,
                                                                    .group = group});
    qhm_image_release(&picture);
    qhm_release(path);
    return status;
}

static qhm_status read_list(const char *jsonl, const char *csv, loading *l)
{
    bool is_jsonl = qhm_file_exists(jsonl), is_csv = qhm_file_exists(csv);
    if (is_jsonl == is_csv)
        return QHM_FAIL(is_jsonl ? QHM_ERROR_BAD_INPUT : QHM_ERROR_NOT_FOUND,
                        is_jsonl ? "%s has both pairs.jsonl and pairs.csv: keep one"
                                 : "%s has neither pairs.jsonl nor pairs.csv",
                        l->folder);
    const char *path = is_jsonl ? jsonl : csv;
    char *bytes;
    size_t count;
    QHM_TRY(qhm_file_read(path, MAX_LIST_BYTES, &bytes, &count));
    qhm_status status;
    if (is_jsonl) {
        status = qhm_pairs_read_jsonl(bytes, count, append_pair, l);
        qhm_release(bytes);
    } else {
        status = qhm_pairs_read_csv(bytes, count, append_pair, l);
    }
    if (status != QHM_OK)
        qhm_prefix_error_message("%s", path);
    return status;
}

static qhm_status load(const void *options, uint64_t seed, size_t resample,
                       qhm_dataset **out_dataset)
{
    (void)seed;
    (void)resample;
    const qhm_pairs_options *o = options;
    QHM_REQUIRE(o->path, "the path of the folder of pairs is not given");
    loading l = {.folder = o->path, .max_side = o->max_side};
    char *jsonl, *csv = NULL;
    QHM_TRY(qhm_path_join(o->path, "pairs.jsonl", &jsonl));
    qhm_status status = qhm_path_join(o->path, "pairs.csv", &csv);
    if (status == QHM_OK)
        status = qhm_dataset_create(0, NULL, &l.dataset);
    if (status == QHM_OK)
        status = read_list(jsonl, csv, &l);
    qhm_release(jsonl);
    qhm_release(csv);
    if (status != QHM_OK) {
        qhm_dataset_destroy(l.dataset);
        return status;
    }
    *out_dataset = l.dataset;
    return QHM_OK;
}

#define FIELD(field) offsetof(qhm_pairs_options, field)
static const qhm_option_info options_table[] = {
    {"path", QHM_OPTION_TEXT, FIELD(path), NULL, 0, 0, NULL,
     "folder with PNG pictures and pairs.jsonl or pairs.csv (image, text, label?, group?)", NULL},
    {"max_side", QHM_OPTION_SIZE, FIELD(max_side), "256", 8, MAX_SIDE, NULL,
     "pixels; larger pictures are reduced to it as they are read", NULL},
    {0},
};

const qhm_data_source qhm_data_source_pairs = {
    .name = "pairs",
    .help = "your own pictures and texts: a folder of PNG files with pairs.jsonl or pairs.csv",
    .options = options_table,
    .options_bytes = sizeof(qhm_pairs_options),
    .load = load,
};
