/** @file vocabulary.h
 *  Texts to sequences of word numbers, for models that read words in order. */
#ifndef QHM_VOCABULARY_H
#define QHM_VOCABULARY_H

#include <qhm/dataset.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The number of padding, and of words that the training texts do not have. */
enum {
    QHM_WORD_PADDING = 0,
    QHM_WORD_UNKNOWN = 1,
    QHM_WORD_FIRST = 2 /**< of the known words */
};

/** How a vocabulary is made. A zero field means its default. */
typedef struct qhm_vocabulary_options {
    size_t max_words;  /**< the most frequent ones kept; default 4096 */
    size_t max_length; /**< words of a text; default the longest training text, at most 64 */
} qhm_vocabulary_options;

/** A fitted vocabulary. It is only read after the fit, so threads may share it. */
typedef struct qhm_vocabulary qhm_vocabulary;

/** Collects the words of some items' texts, usually the training ones.
 *
 *  @param items  [count].
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_UNSUPPORTED (the data has no texts);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_vocabulary_fit(const qhm_dataset *dataset,
                                                     const size_t *items, size_t count,
                                                     const qhm_vocabulary_options *options,
                                                     qhm_vocabulary **out_vocabulary);

/** Frees a vocabulary; NULL is fine. */
QHM_API void qhm_vocabulary_destroy(qhm_vocabulary *vocabulary);

/** How many numbers there are, padding and unknown included: the rows of a word table. */
QHM_API size_t qhm_vocabulary_size(const qhm_vocabulary *vocabulary);

/** The length of every sequence. */
QHM_API size_t qhm_vocabulary_length(const qhm_vocabulary *vocabulary);

/** The word of a number; NULL for padding, unknown and numbers that do not exist. */
QHM_API const char *qhm_vocabulary_word(const qhm_vocabulary *vocabulary, size_t number);

/** The sequences of items' texts; longer texts are cut, and a text without words is one unknown.
 *
 *  @param items      [count].
 *  @param[out] words [count][length] numbers, padded at the end.
 *  @param[out] mask  [count][length] 1 where a word is, 0 where padding is.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_vocabulary_forward(const qhm_vocabulary *vocabulary,
                                                         const qhm_dataset *dataset,
                                                         const size_t *items, size_t count,
                                                         size_t *words, double *mask);

/** The sequence of one new text: words [length], mask [length].
 *
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_vocabulary_forward_text(const qhm_vocabulary *vocabulary,
                                                              const char *text, size_t *words,
                                                              double *mask);

/** The vocabulary as lines of text to store: the length, then the words in order.
 *
 *  @param[out] out_text  the caller's: qhm_vocabulary_release_text.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_vocabulary_print(const qhm_vocabulary *vocabulary,
                                                       char **out_text);

/** Frees what qhm_vocabulary_print gave; NULL is fine. */
QHM_API void qhm_vocabulary_release_text(char *text);

/** Reads a vocabulary back.
 *
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT (names the line); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_vocabulary_parse(const char *text,
                                                       qhm_vocabulary **out_vocabulary);

#ifdef __cplusplus
}
#endif
#endif
