/** @file extractor.h
 *  Feature extractors: pictures, texts or numbers to short vectors, fitted on training items only.
 *
 *  Every extractor is a fixed descriptor followed by one affine map: out = descriptor · P - offset.
 *  P and offset hold the standardisation, the principal components and the output scaling, so that
 *  what was fitted can be stored, and applied later to a new text or picture. */
#ifndef QHM_EXTRACTOR_H
#define QHM_EXTRACTOR_H

#include <qhm/dataset.h>
#include <qhm/options.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What an extractor describes. */
typedef enum qhm_extractor_kind {
    QHM_EXTRACTOR_SHAPES = 1, /**< pictures: HOG [dalal2005], colour histogram, thumbnail */
    QHM_EXTRACTOR_PIXELS = 2, /**< pictures: grey values */
    QHM_EXTRACTOR_WORDS = 3,  /**< texts: TF-IDF of words, then their principal components (LSA) */
    QHM_EXTRACTOR_NUMBERS = 4 /**< numeric columns */
} qhm_extractor_kind;

/** How outputs are scaled; all figures come from the training items. */
typedef enum qhm_extractor_scaling {
    QHM_SCALING_COMMON = 1,   /**< mean 0, and one factor that makes the mean variance 1 */
    QHM_SCALING_STANDARD = 2, /**< each output has mean 0 and variance 1 */
    QHM_SCALING_ANGLE = 3,    /**< each output's range to [0, pi], clipped to it: for rotations */
    QHM_SCALING_NONE = 4      /**< numbers as they are; components with their own variances */
} qhm_extractor_scaling;

/** How an extractor is fitted. A zero field means its default. */
typedef struct qhm_extractor_options {
    int kind;          /**< qhm_extractor_kind; required */
    size_t width;      /**< outputs; default 8, or for numbers every column as it is */
    int scaling;       /**< qhm_extractor_scaling; default common */
    size_t max_terms;  /**< words: the most frequent ones kept; default 4096 */
    size_t image_side; /**< pixels: pictures are resampled to this side; default 28 */
} qhm_extractor_options;

/** The table of qhm_extractor_options, for run files, help and manifests. */
QHM_API const qhm_option_info *qhm_extractor_option_table(void);

/** A fitted extractor. It is only read after the fit, so threads may share it. */
typedef struct qhm_extractor qhm_extractor;

/** Fits an extractor to some items of a dataset.
 *
 *  Principal components come from the smaller of the covariance and the Gram matrix of the items,
 *  with the sign of each fixed, so the same items give the same bits. Outputs beyond the rank of
 *  the data are 0.
 *  @param items  [count] the training items, at least 2.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (an option, or an item that does not exist);
 *          QHM_ERROR_UNSUPPORTED (the data has no pictures, texts or numbers);
 *          QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY.
 *
 *  Cost: with s the smaller of count and descriptor length l, about count·l·s + s^3 operations;
 *  memory 8·count·l bytes for pictures and numbers, 8·s^2 for words. */
QHM_API QHM_MUST_CHECK qhm_status qhm_extractor_fit(const qhm_dataset *dataset, const size_t *items,
                                                    size_t count,
                                                    const qhm_extractor_options *options,
                                                    qhm_extractor **out_extractor);

/** Frees an extractor; NULL is fine. */
QHM_API void qhm_extractor_destroy(qhm_extractor *extractor);

/** What it describes. */
QHM_API qhm_extractor_kind qhm_extractor_get_kind(const qhm_extractor *extractor);

/** The number of outputs. */
QHM_API size_t qhm_extractor_width(const qhm_extractor *extractor);

/** The length of the descriptor: words in the vocabulary, pixels, columns. */
QHM_API size_t qhm_extractor_descriptor_length(const qhm_extractor *extractor);

/** The outputs of items of a dataset, in parallel.
 *
 *  @param items     [count], in any order.
 *  @param[out] out  [count][width].
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_UNSUPPORTED (the data lacks what the
 *          extractor describes); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_extractor_forward(const qhm_extractor *extractor,
                                                        const qhm_dataset *dataset,
                                                        const size_t *items, size_t count,
                                                        double *out);

/** The outputs of one new text. @param[out] out  [width].
 *
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED (not an extractor of texts); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_extractor_forward_text(const qhm_extractor *extractor,
                                                             const char *text, double *out);

/** The outputs of one new picture. @param[out] out  [width].
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (an empty picture); QHM_ERROR_UNSUPPORTED (not an
 *          extractor of pictures); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_extractor_forward_image(const qhm_extractor *extractor,
                                                              qhm_image image, double *out);

/** The extractor as bytes to store: little-endian, versioned, closed by a hash.
 *
 *  @param[out] out_bytes  [*out_count], the caller's: qhm_extractor_release_bytes.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_extractor_print(const qhm_extractor *extractor,
                                                      unsigned char **out_bytes, size_t *out_count);

/** Frees what qhm_extractor_print gave; NULL is fine. */
QHM_API void qhm_extractor_release_bytes(unsigned char *bytes);

/** Reads an extractor back: its outputs have the same bits.
 *
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT (not what qhm_extractor_print wrote, or damaged);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_extractor_parse(const unsigned char *bytes, size_t count,
                                                      qhm_extractor **out_extractor);

#ifdef __cplusplus
}
#endif
#endif
