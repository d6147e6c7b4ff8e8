// TF-IDF: texts as sparse rows of word weights.
#ifndef QHM_DATA_TERM_WEIGHTS_H
#define QHM_DATA_TERM_WEIGHTS_H

#include "data/name_table.h"

typedef struct qhm_terms {
    qhm_name_table names;      // the vocabulary
    double *inverse_frequency; // [names.count]: log((1 + n) / (1 + df)) + 1
} qhm_terms;

// One text: weights of the words that it has, words ascending, length 1 (or no words at all).
typedef struct qhm_term_row {
    size_t count, capacity;
    struct qhm_term_weight {
        size_t term;
        double weight;
    } * entries;
} qhm_term_row;

void qhm_terms_release(qhm_terms *terms);

// The vocabulary of texts [count]: the max_terms words that are in most texts (of equals, those
// that came first), in the order they came.
QHM_MUST_CHECK qhm_status qhm_terms_fit(const char *const *texts, size_t count, size_t max_terms,
                                        qhm_terms *out_terms);

// The row of a text; unknown words are left out. row is reused: zero-initialise, then
// qhm_release(row->entries).
QHM_MUST_CHECK qhm_status qhm_terms_weigh(const qhm_terms *terms, const char *text,
                                          qhm_term_row *row);

#endif
