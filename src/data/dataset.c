// Datasets: items in memory.
#include "base/memory.h"
#include "base/text.h"
#include "data/name_table.h"
#include "data/png_codec.h"

#include <qhm/dataset.h>

#include <assert.h>
#include <math.h>
#include <string.h>
#define XXH_STATIC_LINKING_ONLY // the state as a plain struct
#include <xxhash.h>

// Strings are offsets into one pool, so that 60,000 items are not 120,000 allocations.
typedef struct item {
    size_t name, text; // pool offsets; text is NO_TEXT when absent
    uint8_t *pixels;
    size_t width, height;
    size_t label, group;
    qhm_dataset_part part;
} item;

#define NO_TEXT ((size_t)-1)

struct qhm_dataset {
    item *items; // [count]
    size_t count, capacity;
    char *pool;
    size_t pool_length, pool_capacity;
    double *features; // [count][feature_count]
    size_t features_capacity;
    qhm_name_table feature_names, class_names, group_names;
    size_t pixel_bytes;
    size_t text_count, image_count, label_count, part_count;
};

qhm_status qhm_dataset_create(size_t feature_count, const char *const *feature_names,
                              qhm_dataset **out_dataset)
{
    QHM_REQUIRE(out_dataset, "out_dataset is NULL");
    QHM_REQUIRE(feature_names || feature_count == 0, "feature_names is NULL, not %zu names",
                feature_count);
    qhm_dataset *dataset;
    QHM_TRY(qhm_allocate(1, sizeof *dataset, &dataset));
    qhm_status status = QHM_OK;
    for (size_t i = 0; status == QHM_OK && i < feature_count; i++) {
        size_t number;
        const char *name = feature_names[i];
        status = qhm_name_table_insert(&dataset->feature_names, name, strlen(name), &number);
        if (status == QHM_OK && number != i)
            status = QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                              "column %zu and column %zu are both \"%s\"", number + 1, i + 1, name);
    }
    if (status != QHM_OK) {
        qhm_dataset_destroy(dataset);
        return status;
    }
    *out_dataset = dataset;
    return QHM_OK;
}

void qhm_dataset_destroy(qhm_dataset *dataset)
{
    if (!dataset)
        return;
    for (size_t i = 0; i < dataset->count; i++)
        qhm_release(dataset->items[i].pixels);
    qhm_release(dataset->items);
    qhm_release(dataset->pool);
    qhm_release(dataset->features);
    qhm_name_table_release(&dataset->feature_names);
    qhm_name_table_release(&dataset->class_names);
    qhm_name_table_release(&dataset->group_names);
    qhm_release(dataset);
}

qhm_status qhm_dataset_append_class(qhm_dataset *dataset, const char *name)
{
    QHM_REQUIRE(dataset && name && name[0], "the class has no name");
    size_t number;
    return qhm_name_table_insert(&dataset->class_names, name, strlen(name), &number);
}

static qhm_status validate(const qhm_dataset *dataset, const qhm_dataset_item *source)
{
    QHM_REQUIRE(source->name && source->name[0], "item %zu has no name", dataset->count);
    const qhm_image *image = &source->image;
    QHM_REQUIRE(!image->pixels || (image->width > 0 && image->height > 0),
                "the picture of item \"%s\" has %zu x %zu pixels", source->name, image->width,
                image->height);
    QHM_REQUIRE(!source->class_name || source->class_name[0], "the class of item \"%s\" is empty",
                source->name);
    QHM_REQUIRE(source->part >= QHM_PART_ANY && source->part <= QHM_PART_TEST,
                "the part of item \"%s\" is %d, not 0 to 2", source->name, (int)source->part);
    size_t feature_count = dataset->feature_names.count;
    QHM_REQUIRE(source->features || feature_count == 0, "item \"%s\" lacks its %zu features",
                source->name, feature_count);
    for (size_t i = 0; i < feature_count; i++)
        QHM_REQUIRE(
            isfinite(source->features[i]), "feature \"%s\" of item \"%s\" is %g, not finite",
            qhm_name_table_name(&dataset->feature_names, i), source->name, source->features[i]);
    return QHM_OK;
}

// Room for the strings was made before.
static size_t append_string(qhm_dataset *dataset, const char *string)
{
    size_t offset = dataset->pool_length, bytes = strlen(string) + 1;
    memcpy(dataset->pool + offset, string, bytes);
    dataset->pool_length += bytes;
    return offset;
}

static qhm_status make_room(qhm_dataset *dataset, const qhm_dataset_item *source)
{
    size_t strings = strlen(source->name) + 1 + (source->text ? strlen(source->text) + 1 : 0);
    size_t feature_count = dataset->feature_names.count;
    QHM_TRY(qhm_reserve(dataset->count + 1, &dataset->capacity, sizeof *dataset->items,
                        &dataset->items));
    QHM_TRY(qhm_reserve((dataset->count + 1) * feature_count, &dataset->features_capacity,
                        sizeof *dataset->features, &dataset->features));
    return qhm_reserve(dataset->pool_length + strings, &dataset->pool_capacity, 1, &dataset->pool);
}

qhm_status qhm_dataset_append(qhm_dataset *dataset, const qhm_dataset_item *source)
{
    QHM_REQUIRE(dataset && source, "the dataset or the item is NULL");
    QHM_TRY(validate(dataset, source));
    item new_item = {.text = NO_TEXT, .label = QHM_NO_LABEL, .part = source->part};
    QHM_TRY(make_room(dataset, source));
    if (source->class_name)
        QHM_TRY(qhm_name_table_insert(&dataset->class_names, source->class_name,
                                      strlen(source->class_name), &new_item.label));
    const char *group = source->group && source->group[0] ? source->group : source->name;
    QHM_TRY(qhm_name_table_insert(&dataset->group_names, group, strlen(group), &new_item.group));
    const qhm_image *image = &source->image;
    size_t pixel_bytes = 0;
    if (image->pixels) {
        QHM_REQUIRE(qhm_multiply_size(image->width, image->height, &pixel_bytes) &&
                        qhm_multiply_size(pixel_bytes, 3, &pixel_bytes),
                    "the picture of item \"%s\" is too large", source->name);
        QHM_TRY(qhm_copy_bytes(image->pixels, pixel_bytes, 1, &new_item.pixels));
        new_item.width = image->width;
        new_item.height = image->height;
    }
    new_item.name = append_string(dataset, source->name);
    if (source->text)
        new_item.text = append_string(dataset, source->text);
    size_t feature_count = dataset->feature_names.count;
    if (feature_count > 0)
        memcpy(dataset->features + dataset->count * feature_count, source->features,
               feature_count * sizeof *dataset->features);
    dataset->items[dataset->count++] = new_item;
    dataset->pixel_bytes += pixel_bytes;
    dataset->text_count += source->text != NULL;
    dataset->image_count += image->pixels != NULL;
    dataset->label_count += source->class_name != NULL;
    dataset->part_count += source->part != QHM_PART_ANY;
    return QHM_OK;
}

// The first item for which `has` disagrees with item 0; count when there is none.
static qhm_status check_all_or_none(const qhm_dataset *dataset, size_t have, const char *what,
                                    bool (*has)(const item *))
{
    if (have == 0 || have == dataset->count)
        return QHM_OK;
    size_t without = 0;
    while (has(&dataset->items[without]))
        without++;
    return QHM_FAIL(QHM_ERROR_BAD_INPUT, "item \"%s\" has no %s, but %zu of %zu items have one",
                    qhm_dataset_name(dataset, without), what, have, dataset->count);
}

static bool has_text(const item *i)
{
    return i->text != NO_TEXT;
}

static bool has_image(const item *i)
{
    return i->pixels != NULL;
}

static bool has_label(const item *i)
{
    return i->label != QHM_NO_LABEL;
}

static bool has_part(const item *i)
{
    return i->part != QHM_PART_ANY;
}

qhm_status qhm_dataset_check(const qhm_dataset *dataset)
{
    QHM_REQUIRE(dataset, "the dataset is NULL");
    if (dataset->count < 2)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "the data has %zu items, not at least 2",
                        dataset->count);
    QHM_TRY(check_all_or_none(dataset, dataset->text_count, "text", has_text));
    QHM_TRY(check_all_or_none(dataset, dataset->image_count, "picture", has_image));
    QHM_TRY(check_all_or_none(dataset, dataset->label_count, "label", has_label));
    QHM_TRY(check_all_or_none(dataset, dataset->part_count, "train or test part", has_part));
    size_t *sizes, class_count = dataset->class_names.count;
    QHM_TRY(qhm_allocate(class_count, sizeof *sizes, &sizes));
    for (size_t i = 0; i < dataset->count; i++)
        if (dataset->items[i].label != QHM_NO_LABEL)
            sizes[dataset->items[i].label]++;
    qhm_status status = QHM_OK;
    for (size_t c = 0; status == QHM_OK && c < class_count; c++)
        if (sizes[c] == 0)
            status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "class \"%s\" has no items",
                              qhm_dataset_class_name(dataset, c));
    qhm_release(sizes);
    return status;
}

size_t qhm_dataset_count(const qhm_dataset *dataset)
{
    return dataset->count;
}

const char *qhm_dataset_name(const qhm_dataset *dataset, size_t number)
{
    assert(number < dataset->count);
    return dataset->pool + dataset->items[number].name;
}

const char *qhm_dataset_text(const qhm_dataset *dataset, size_t number)
{
    assert(number < dataset->count);
    size_t offset = dataset->items[number].text;
    return offset == NO_TEXT ? NULL : dataset->pool + offset;
}

qhm_image qhm_dataset_image(const qhm_dataset *dataset, size_t number)
{
    assert(number < dataset->count);
    const item *i = &dataset->items[number];
    return (qhm_image){.pixels = i->pixels, .width = i->width, .height = i->height};
}

qhm_status qhm_dataset_image_png(const qhm_dataset *dataset, size_t number, uint8_t **out_bytes,
                                 size_t *out_count)
{
    QHM_REQUIRE(dataset && out_bytes && out_count, "the dataset or an output is NULL");
    if (number >= dataset->count)
        return QHM_FAIL(QHM_ERROR_NOT_FOUND, "item %zu does not exist: there are %zu", number,
                        dataset->count);
    if (!dataset->items[number].pixels)
        return QHM_FAIL(QHM_ERROR_NOT_FOUND, "item \"%s\" has no picture",
                        qhm_dataset_name(dataset, number));
    return qhm_png_encode(qhm_dataset_image(dataset, number), out_bytes, out_count);
}

void qhm_dataset_release_png(uint8_t *bytes)
{
    qhm_release(bytes);
}

size_t qhm_dataset_label(const qhm_dataset *dataset, size_t number)
{
    assert(number < dataset->count);
    return dataset->items[number].label;
}

size_t qhm_dataset_class_count(const qhm_dataset *dataset)
{
    return dataset->class_names.count;
}

const char *qhm_dataset_class_name(const qhm_dataset *dataset, size_t label)
{
    return qhm_name_table_name(&dataset->class_names, label);
}

size_t qhm_dataset_group(const qhm_dataset *dataset, size_t number)
{
    assert(number < dataset->count);
    return dataset->items[number].group;
}

size_t qhm_dataset_group_count(const qhm_dataset *dataset)
{
    return dataset->group_names.count;
}

const char *qhm_dataset_group_name(const qhm_dataset *dataset, size_t group)
{
    return qhm_name_table_name(&dataset->group_names, group);
}

size_t qhm_dataset_feature_count(const qhm_dataset *dataset)
{
    return dataset->feature_names.count;
}

const char *qhm_dataset_feature_name(const qhm_dataset *dataset, size_t feature)
{
    return qhm_name_table_name(&dataset->feature_names, feature);
}

const double *qhm_dataset_features(const qhm_dataset *dataset, size_t number)
{
    assert(number < dataset->count);
    size_t width = dataset->feature_names.count;
    return width > 0 ? dataset->features + number * width : NULL;
}

qhm_dataset_part qhm_dataset_item_part(const qhm_dataset *dataset, size_t number)
{
    assert(number < dataset->count);
    return dataset->items[number].part;
}

bool qhm_dataset_has_text(const qhm_dataset *dataset)
{
    return dataset->text_count > 0;
}

bool qhm_dataset_has_images(const qhm_dataset *dataset)
{
    return dataset->image_count > 0;
}

bool qhm_dataset_has_parts(const qhm_dataset *dataset)
{
    return dataset->part_count > 0;
}

static void hash_names(XXH3_state_t *state, const qhm_name_table *names)
{
    uint64_t count = names->count;
    XXH3_64bits_update(state, &count, sizeof count);
    XXH3_64bits_update(state, names->pool ? names->pool : "", names->pool_length);
}

uint64_t qhm_dataset_hash(const qhm_dataset *dataset)
{
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    uint64_t count = dataset->count;
    XXH3_64bits_update(&state, &count, sizeof count);
    hash_names(&state, &dataset->feature_names);
    hash_names(&state, &dataset->class_names);
    hash_names(&state, &dataset->group_names);
    XXH3_64bits_update(&state, dataset->pool ? dataset->pool : "", dataset->pool_length);
    for (size_t i = 0; i < dataset->count; i++) {
        const item *it = &dataset->items[i];
        uint64_t head[] = {it->name,  it->text,  it->width,         it->height,
                           it->label, it->group, (uint64_t)it->part};
        XXH3_64bits_update(&state, head, sizeof head);
        if (it->pixels)
            XXH3_64bits_update(&state, it->pixels, it->width * it->height * 3);
    }
    size_t values = dataset->count * dataset->feature_names.count;
    if (values > 0)
        XXH3_64bits_update(&state, dataset->features, values * sizeof *dataset->features);
    return XXH3_64bits_digest(&state);
}

size_t qhm_dataset_bytes(const qhm_dataset *dataset)
{
    return sizeof *dataset + dataset->capacity * sizeof *dataset->items + dataset->pool_capacity +
           dataset->features_capacity * sizeof *dataset->features + dataset->pixel_bytes +
           qhm_name_table_bytes(&dataset->feature_names) +
           qhm_name_table_bytes(&dataset->class_names) +
           qhm_name_table_bytes(&dataset->group_names);
}
