// Source `idx`: pictures and labels in the format of MNIST; Fashion-MNIST from Debian by default.
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/idx_file.h"
#include "data/name_table.h"
#include "data/sources.h"

#include <qhm/random.h>

#include <stdio.h>
#include <string.h>

#define FASHION_FOLDER "/usr/share/datasets/fashion-mnist/"

enum { MAX_FILE_BYTES = 1 << 30, MAX_SIDE = 4096, LABELS = 256 };

static const char fashion_images[] = FASHION_FOLDER "train-images-idx3-ubyte.gz";
static const char fashion_labels[] = FASHION_FOLDER "train-labels-idx1-ubyte.gz";
static const char fashion_classes[] =
    "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot";

static qhm_status read_idx(const char *path, size_t dimension_count, qhm_idx *idx)
{
    char *bytes;
    size_t count;
    qhm_status status = qhm_file_read(path, MAX_FILE_BYTES, &bytes, &count);
    if (status == QHM_ERROR_NOT_FOUND && strncmp(path, FASHION_FOLDER, strlen(FASHION_FOLDER)) == 0)
        return QHM_FAIL(status, "no %s: install the Debian package dataset-fashion-mnist", path);
    QHM_TRY(status);
    status = qhm_idx_parse((const uint8_t *)bytes, count, dimension_count, idx);
    qhm_release(bytes);
    if (status != QHM_OK)
        qhm_prefix_error_message("%s", path);
    return status;
}

// Names of the labels 0, 1, ...; without a list a label is its number.
static qhm_status name_classes(const char *list, qhm_name_table *names)
{
    char digits[4];
    size_t number;
    if (!list) {
        for (size_t i = 0; i < LABELS; i++) {
            int length = snprintf(digits, sizeof digits, "%zu", i);
            QHM_TRY(qhm_name_table_insert(names, digits, (size_t)length, &number));
        }
        return QHM_OK;
    }
    for (const char *at = list;; at++) {
        size_t length = strcspn(at, ",");
        const char *name = at;
        at += length;
        while (length > 0 && name[length - 1] == ' ')
            length--;
        while (length > 0 && name[0] == ' ')
            name++, length--;
        QHM_REQUIRE(length > 0, "classes is \"%s\": name %zu is empty", list, names->count + 1);
        size_t before = names->count;
        QHM_TRY(qhm_name_table_insert(names, name, length, &number));
        QHM_REQUIRE(names->count > before, "classes is \"%s\": \"%.*s\" is there twice", list,
                    (int)length, name);
        if (*at == '\0')
            return QHM_OK;
    }
}

// The items to keep, ascending: all, or a random subset of `limit`.
static qhm_status choose(size_t count, size_t limit, uint64_t seed, bool *kept)
{
    if (limit == 0 || limit >= count) {
        memset(kept, true, count * sizeof *kept);
        return QHM_OK;
    }
    size_t *order;
    QHM_TRY(qhm_allocate(count, sizeof *order, &order));
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0, 0, 0);
    qhm_random_shuffle(&random, order, count);
    for (size_t i = 0; i < limit; i++)
        kept[order[i]] = true;
    qhm_release(order);
    return QHM_OK;
}

// Classes get their indices in the order of labels, those that are kept only.
static qhm_status declare_classes(const qhm_idx *labels, const bool *kept,
                                  const qhm_name_table *names, qhm_dataset *dataset)
{
    size_t counts[LABELS] = {0};
    for (size_t i = 0; i < labels->sizes[0]; i++) {
        uint8_t label = labels->values[i];
        if (label >= names->count)
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "label %zu is %u, but there are %zu classes", i,
                            label, names->count);
        counts[label] += kept[i];
    }
    for (size_t label = 0; label < LABELS; label++)
        if (counts[label] > 0)
            QHM_TRY(qhm_dataset_append_class(dataset, qhm_name_table_name(names, label)));
    return QHM_OK;
}

static qhm_status append_items(const qhm_idx *images, const qhm_idx *labels, const bool *kept,
                               const qhm_name_table *names, qhm_dataset *dataset)
{
    size_t height = images->sizes[1], width = images->sizes[2], area = height * width;
    uint8_t *pixels;
    QHM_TRY(qhm_allocate(area, 3, &pixels));
    qhm_status status = QHM_OK;
    for (size_t i = 0; status == QHM_OK && i < images->sizes[0]; i++) {
        if (!kept[i])
            continue;
        for (size_t p = 0; p < area; p++)
            memset(pixels + 3 * p, images->values[i * area + p], 3);
        char name[32];
        snprintf(name, sizeof name, "%zu", i);
        status = qhm_dataset_append(dataset, &(qhm_dataset_item){.name = name,
                                                                 .image = {pixels, width, height},
                                                                 .class_name = qhm_name_table_name(
                                                                     names, labels->values[i])});
    }
    qhm_release(pixels);
    return status;
}

static qhm_status check_sizes(const qhm_idx *images, const qhm_idx *labels,
                              const qhm_idx_options *o)
{
    if (images->sizes[0] != labels->sizes[0])
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s has %zu pictures, but %s has %zu labels",
                        o->images, images->sizes[0], o->labels, labels->sizes[0]);
    if (images->sizes[1] > MAX_SIDE || images->sizes[2] > MAX_SIDE)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "%s has pictures of %zu x %zu pixels, not at most %d a side", o->images,
                        images->sizes[2], images->sizes[1], MAX_SIDE);
    size_t kept = o->limit > 0 && o->limit < images->sizes[0] ? o->limit : images->sizes[0];
    size_t needed = kept * images->sizes[1] * images->sizes[2] * 3;
    if (needed > qhm_memory_available_bytes())
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "%s needs %zu bytes of memory, more than there are: set limit", o->images,
                        needed);
    return QHM_OK;
}

static qhm_status fill(const qhm_idx *images, const qhm_idx *labels, const qhm_idx_options *o,
                       const char *classes, uint64_t seed, qhm_dataset *dataset)
{
    QHM_TRY(check_sizes(images, labels, o));
    qhm_name_table names = {0};
    bool *kept = NULL;
    qhm_status status = name_classes(classes, &names);
    if (status == QHM_OK)
        status = qhm_allocate(images->sizes[0], sizeof *kept, &kept);
    if (status == QHM_OK)
        status = choose(images->sizes[0], o->limit, seed, kept);
    if (status == QHM_OK)
        status = declare_classes(labels, kept, &names, dataset);
    if (status == QHM_OK)
        status = append_items(images, labels, kept, &names, dataset);
    qhm_name_table_release(&names);
    qhm_release(kept);
    return status;
}

static qhm_status load(const void *options, uint64_t seed, size_t resample,
                       qhm_dataset **out_dataset)
{
    (void)resample;
    const qhm_idx_options *o = options;
    bool is_fashion = strncmp(o->labels, FASHION_FOLDER, strlen(FASHION_FOLDER)) == 0;
    const char *classes = o->classes ? o->classes : is_fashion ? fashion_classes : NULL;
    qhm_idx images = {0}, labels = {0};
    qhm_dataset *dataset = NULL;
    qhm_status status = read_idx(o->images, 3, &images);
    if (status == QHM_OK)
        status = read_idx(o->labels, 1, &labels);
    if (status == QHM_OK)
        status = qhm_dataset_create(0, NULL, &dataset);
    if (status == QHM_OK)
        status = fill(&images, &labels, o, classes, seed, dataset);
    qhm_idx_release(&images);
    qhm_idx_release(&labels);
    if (status != QHM_OK) {
        qhm_dataset_destroy(dataset);
        return status;
    }
    *out_dataset = dataset;
    return QHM_OK;
}

#define FIELD(field) offsetof(qhm_idx_options, field)
static const qhm_option_info options_table[] = {
    {"images", QHM_OPTION_TEXT, FIELD(images), fashion_images, 0, 0, NULL,
     "IDX file of pictures, plain or .gz (Debian: dataset-fashion-mnist; MNIST by path)", NULL},
    {"labels", QHM_OPTION_TEXT, FIELD(labels), fashion_labels, 0, 0, NULL,
     "IDX file of their labels", NULL},
    {"classes", QHM_OPTION_TEXT, FIELD(classes), NULL, 0, 0, NULL,
     "comma-separated names of labels 0, 1, ...; by default the garments, or the numbers", NULL},
    {"limit", QHM_OPTION_SIZE, FIELD(limit), NULL, 0, 1e9, NULL,
     "a random subset of so many pictures, drawn by the seed; 0 is all", NULL},
    {0},
};

const qhm_data_source qhm_data_source_idx = {
    .name = "idx",
    .help = "pictures in the format of MNIST; by default Fashion-MNIST from Debian",
    .options = options_table,
    .options_bytes = sizeof(qhm_idx_options),
    .load = load,
};
