/** @file split.h
 *  Which items train and which test: grouped, stratified, seeded resamples, and their guards. */
#ifndef QHM_SPLIT_H
#define QHM_SPLIT_H

#include <qhm/dataset.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How resamples are drawn. A zero field means its default. */
typedef struct qhm_split_options {
    uint64_t seed;       /**< the split depends on this and the data only */
    size_t folds;        /**< parts of one repeat; default 5, at least 2 */
    bool ignores_groups; /**< the control: split by item, which flatters data with families */
} qhm_split_options;

/** Two sets of items, each in ascending order. */
typedef struct qhm_split qhm_split;

/** Makes resample number `resample` of repeated grouped stratified k-fold.
 *
 *  Resample r tests on fold r mod folds of repeat r / folds; every repeat shuffles anew. Groups
 *  are never cut; the largest are placed first, each into the fold that keeps classes and sizes
 *  most even. When the data's source binds its items to parts, these are the split.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (fewer groups than folds);
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: items · folds. */
QHM_API QHM_MUST_CHECK qhm_status qhm_split_create(const qhm_dataset *dataset,
                                                   const qhm_split_options *options,
                                                   size_t resample, qhm_split **out_split);

/** Splits some items, usually the training ones, again: one part in `folds` is held out.
 *
 *  Same method, another stream; `qhm_split_test` is then the validation set.
 *  @param items  [count] distinct items.
 *  @return as qhm_split_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_split_create_within(const qhm_dataset *dataset,
                                                          const size_t *items, size_t count,
                                                          const qhm_split_options *options,
                                                          size_t resample, qhm_split **out_split);

/** Frees a split; NULL is fine. */
QHM_API void qhm_split_destroy(qhm_split *split);

/** The training items [*out_count], ascending. */
QHM_API const size_t *qhm_split_train(const qhm_split *split, size_t *out_count);

/** The held-out items [*out_count], ascending. */
QHM_API const size_t *qhm_split_test(const qhm_split *split, size_t *out_count);

/** What the leakage guards found; all zero is clean. */
typedef struct qhm_split_leaks {
    size_t shared_items;  /**< held-out items that also train */
    size_t shared_groups; /**< families with items in both parts */
    size_t
        same_content; /**< held-out items whose text, picture and numbers equal a training item's */
} qhm_split_leaks;

/** Counts what leaks between the two parts of a split.
 *
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. Cost: one pass over the items. */
QHM_API QHM_MUST_CHECK qhm_status qhm_split_check(const qhm_split *split,
                                                  const qhm_dataset *dataset,
                                                  qhm_split_leaks *out_leaks);

/** Counts the test rows that equal a training row bit for bit (0 and -0 are equal).
 *
 *  @param train  [train_count][width] features.
 *  @param test   [test_count][width] features.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_split_identical_rows(const double *train, size_t train_count,
                                                           const double *test, size_t test_count,
                                                           size_t width, size_t *out_count);

#ifdef __cplusplus
}
#endif
#endif
