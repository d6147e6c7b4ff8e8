/** @file dataset.h
 *  A dataset in memory: items with a name and any of text, picture, label, family and numbers.
 *
 *  Items are appended once and read many times; a dataset that is only read may be shared
 *  between threads. A pointer that a getter returns lives until the next append or destroy. */
#ifndef QHM_DATASET_H
#define QHM_DATASET_H

#include <qhm/image.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The label of an item that has none. */
#define QHM_NO_LABEL ((size_t)-1)

/** The part of the data that an item is bound to by its source. */
typedef enum qhm_dataset_part {
    QHM_PART_ANY = 0, /**< splits may put it anywhere */
    QHM_PART_TRAIN = 1,
    QHM_PART_TEST = 2
} qhm_dataset_part;

/** One item as it is appended; every pointer is copied. A zero field is absent. */
typedef struct qhm_dataset_item {
    const char *name; /**< id or path; required */
    const char *text; /**< UTF-8 */
    qhm_image image;
    const char *class_name; /**< the label, by name */
    const char *group;      /**< family; by default the item is its own family */
    const double *features; /**< [feature_count], finite */
    qhm_dataset_part part;
} qhm_dataset_item;

/** A dataset. */
typedef struct qhm_dataset qhm_dataset;

/** Makes an empty dataset.
 *
 *  @param feature_names  [feature_count] names of the numeric columns, copied; may be NULL when
 *                        feature_count is 0.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a name twice); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_dataset_create(size_t feature_count,
                                                     const char *const *feature_names,
                                                     qhm_dataset **out_dataset);

/** Frees a dataset; NULL is fine. */
QHM_API void qhm_dataset_destroy(qhm_dataset *dataset);

/** Declares a class before any item has it, which fixes its index. Known names are fine.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (an empty name); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_dataset_append_class(qhm_dataset *dataset, const char *name);

/** Appends a copy of one item. Classes and families are numbered as they come.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no name, a feature that is missing or not finite,
 *          an empty picture); QHM_ERROR_OUT_OF_MEMORY. After a failure the dataset is as before,
 *          but for classes and families that were new. */
QHM_API QHM_MUST_CHECK qhm_status qhm_dataset_append(qhm_dataset *dataset,
                                                     const qhm_dataset_item *item);

/** Checks what every model relies on: at least two items; labels, texts and pictures on all
 *  items or on none; at least one item in every class; train and test parts on all or none.
 *
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT. Cost: linear in the items. */
QHM_API QHM_MUST_CHECK qhm_status qhm_dataset_check(const qhm_dataset *dataset);

/** The number of items. */
QHM_API size_t qhm_dataset_count(const qhm_dataset *dataset);

/** The name of an item, such as its path. */
QHM_API const char *qhm_dataset_name(const qhm_dataset *dataset, size_t item);

/** The text of an item; NULL when it has none. */
QHM_API const char *qhm_dataset_text(const qhm_dataset *dataset, size_t item);

/** The picture of an item; its pixels are NULL when it has none. */
QHM_API qhm_image qhm_dataset_image(const qhm_dataset *dataset, size_t item);

/** The picture of an item as a PNG file in memory.
 *
 *  @param[out] out_bytes  [*out_count], the caller's: qhm_dataset_release_png.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND (no such item, or it has no picture);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_dataset_image_png(const qhm_dataset *dataset, size_t item,
                                                        uint8_t **out_bytes, size_t *out_count);

/** Frees what qhm_dataset_image_png gave; NULL is fine. */
QHM_API void qhm_dataset_release_png(uint8_t *bytes);

/** The class of an item, or QHM_NO_LABEL. */
QHM_API size_t qhm_dataset_label(const qhm_dataset *dataset, size_t item);

/** The number of classes; 0 when the data has no labels. */
QHM_API size_t qhm_dataset_class_count(const qhm_dataset *dataset);

/** The name of a class. */
QHM_API const char *qhm_dataset_class_name(const qhm_dataset *dataset, size_t label);

/** The family of an item: items of one family never cross a split. */
QHM_API size_t qhm_dataset_group(const qhm_dataset *dataset, size_t item);

/** The number of families. */
QHM_API size_t qhm_dataset_group_count(const qhm_dataset *dataset);

/** The name of a family. */
QHM_API const char *qhm_dataset_group_name(const qhm_dataset *dataset, size_t group);

/** The number of numeric columns. */
QHM_API size_t qhm_dataset_feature_count(const qhm_dataset *dataset);

/** The name of a numeric column. */
QHM_API const char *qhm_dataset_feature_name(const qhm_dataset *dataset, size_t feature);

/** The numbers of an item, [feature_count]; NULL when there are no columns. */
QHM_API const double *qhm_dataset_features(const qhm_dataset *dataset, size_t item);

/** The part that its source binds an item to. */
QHM_API qhm_dataset_part qhm_dataset_item_part(const qhm_dataset *dataset, size_t item);

/** True when the items have texts. */
QHM_API bool qhm_dataset_has_text(const qhm_dataset *dataset);

/** True when the items have pictures. */
QHM_API bool qhm_dataset_has_images(const qhm_dataset *dataset);

/** True when the source says which items train and which test. */
QHM_API bool qhm_dataset_has_parts(const qhm_dataset *dataset);

/** A 64-bit hash (XXH3) of everything in the dataset, for manifests. Cost: one pass. */
QHM_API uint64_t qhm_dataset_hash(const qhm_dataset *dataset);

/** The memory that the dataset holds, in bytes. */
QHM_API size_t qhm_dataset_bytes(const qhm_dataset *dataset);

#ifdef __cplusplus
}
#endif
#endif
