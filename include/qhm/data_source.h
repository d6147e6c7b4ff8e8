/** @file data_source.h
 *  Where data comes from: one table of sources, each with its own documented options.
 *
 *  File sources read the same items whatever the resample; generators make fresh ones for each
 *  and bind them to train and test. A new source is a new row; users may pass their own row. */
#ifndef QHM_DATA_SOURCE_H
#define QHM_DATA_SOURCE_H

#include <qhm/dataset.h>
#include <qhm/options.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One source of data. */
typedef struct qhm_data_source {
    const char *name;               /**< as written in run files */
    const char *help;               /**< one sentence */
    bool is_generator;              /**< the items depend on the resample, with fixed parts */
    const qhm_option_info *options; /**< rows of the options struct, ended by a nameless one */
    size_t options_bytes;           /**< size of the options struct */
    /** Appends everything to a new dataset. options is never NULL; all-zero means defaults. */
    qhm_status (*load)(const void *options, uint64_t seed, size_t resample,
                       qhm_dataset **out_dataset);
} qhm_data_source;

/** All sources that QHM knows. @param[out] out_count  how many. */
QHM_API const qhm_data_source *const *qhm_data_sources(size_t *out_count);

/** Finds a source by name.
 *
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND, with the nearest name in the message. */
QHM_API QHM_MUST_CHECK qhm_status qhm_data_source_find(const char *name,
                                                       const qhm_data_source **out_source);

/** Loads a source and checks what it gave (qhm_dataset_check).
 *
 *  @param options   the source's options struct, or NULL for all defaults.
 *  @param seed      of generators and of random subsets; the same seed gives the same bits.
 *  @param resample  which fresh draw a generator makes; file sources ignore it.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND (a file or package is missing: the message names it);
 *          QHM_ERROR_BAD_INPUT (the message names file, line and column or item);
 *          QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_RESOURCE_LIMIT; QHM_ERROR_IO;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_data_source_load(const qhm_data_source *source,
                                                       const void *options, uint64_t seed,
                                                       size_t resample, qhm_dataset **out_dataset);

/** What the text of an emoji is. */
typedef enum qhm_emoji_text {
    QHM_EMOJI_FULL = 1, /**< name and keywords */
    QHM_EMOJI_LABEL = 2 /**< the name alone */
} qhm_emoji_text;

/** What the label of an emoji is. */
typedef enum qhm_emoji_classes {
    QHM_EMOJI_GROUPS = 1,   /**< Unicode's 9 groups, such as "Food & Drink" */
    QHM_EMOJI_SUBGROUPS = 2 /**< about 99 subgroups, such as "food-fruit" */
} qhm_emoji_classes;

/** Options of source `emoji`: the emoji of Debian's colour font with their CLDR texts. */
typedef struct qhm_emoji_options {
    const char *locale;      /**< language of the texts, a file name of the CLDR; default "en" */
    int text;                /**< qhm_emoji_text; default full */
    int classes;             /**< qhm_emoji_classes; default groups */
    size_t size;             /**< side of the pictures in pixels; default 64 */
    const char *font;        /**< default: the file of Debian's fonts-noto-color-emoji */
    const char *annotations; /**< folder with annotations/; default: that of unicode-cldr-core */
    const char *list;        /**< emoji-test.txt; default: that of unicode-data */
} qhm_emoji_options;

/** Options of source `idx`: pictures and labels in the format of MNIST, plain or gzipped. */
typedef struct qhm_idx_options {
    const char *images;  /**< default: Fashion-MNIST of Debian's dataset-fashion-mnist */
    const char *labels;  /**< default: the labels of that */
    const char *classes; /**< names by label, comma-separated; default: the digits or garments */
    size_t limit;        /**< random subset of so many items, drawn by the seed; default all */
} qhm_idx_options;

/** Options of source `csv`: a table with a header. */
typedef struct qhm_csv_options {
    const char *path;      /**< required */
    const char *label;     /**< column of the class; default "label" when there is one */
    const char *group;     /**< column of the family; default none */
    const char *text;      /**< column of texts; default none */
    const char *name;      /**< column of item names; default none: "row 1" and so on */
    const char *separator; /**< one character; default a comma, or a tab for .tsv files */
} qhm_csv_options;

/** Options of source `pairs`: a folder of PNG pictures with their texts. */
typedef struct qhm_pairs_options {
    const char *path; /**< the folder, which has pairs.jsonl or pairs.csv; required */
    size_t max_side;  /**< larger pictures are reduced to this many pixels; default 256 */
} qhm_pairs_options;

/** Options of source `sentences`: short sentences about food or information technology. */
typedef struct qhm_sentences_options {
    size_t count;     /**< sentences of the grammar; default 130, 216 is all */
    const char *path; /**< instead: a file of lines "label<tab>sentence" */
} qhm_sentences_options;

/** Options of source `havlicek`: the ad hoc data of Havlíček et al. (2019). */
typedef struct qhm_havlicek_options {
    size_t features;    /**< numbers per point, one qubit each; default 3 */
    double gap;         /**< points nearer than this to the boundary are redrawn; default 0.3 */
    size_t train_count; /**< default 100 */
    size_t test_count;  /**< default 1000 */
} qhm_havlicek_options;

/** Options of source `separable`: two classes on the two sides of a random plane. */
typedef struct qhm_separable_options {
    size_t features;    /**< numbers per point; default 4 */
    double gap;         /**< least distance to the plane, in standard deviations; default 0.5 */
    size_t train_count; /**< default 100 */
    size_t test_count;  /**< default 1000 */
} qhm_separable_options;

#ifdef __cplusplus
}
#endif
#endif
