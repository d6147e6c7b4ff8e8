// Hard attention by quantum search, row by row: for each query the key of the largest score.
#ifndef QHM_CLAIM_ATTENTION_ROWS_H
#define QHM_CLAIM_ATTENTION_ROWS_H

#include "base/status_internal.h"

#include <qhm/lookup.h>
#include <stddef.h>

// What rows of one size took, means over all of them; x_error is the standard error of x.
typedef struct qhm_attention_rows {
    size_t keys, dimension, rows;
    double iterations, measurements;           // all that was paid: up to the cap
    double last_iterations, last_measurements; // up to the last better key, which only we know
    double last_iterations_error, last_measurements_error;
    double thresholds, thresholds_error;
    double wrong;                 // share of rows whose answer is not the largest score
    double expected_iterations;   // exact: until the largest is found
    double expected_measurements; // the same
    double expected_thresholds;   // H_n
} qhm_attention_rows;

// Searches `rows` rows, each with its own query and keys of so many bits an entry, on the two
// amplitudes that a search has. No row knows its answer before its cap. keys a power of two.
QHM_MUST_CHECK qhm_status qhm_attention_search(size_t keys, size_t dimension, size_t bits,
                                               size_t rows, uint64_t seed,
                                               qhm_attention_rows *result);

#endif
