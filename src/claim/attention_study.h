// All that the attention of theorem A.1 takes, by size: searches run, circuits counted, classical
// methods timed, and where the two sides cross.
#ifndef QHM_CLAIM_ATTENTION_STUDY_H
#define QHM_CLAIM_ATTENTION_STUDY_H

#include "claim/attention_classical.h"
#include "claim/attention_rows.h"
#include "claim/claim_internal.h"
#include "claim/score_oracle.h"

#include <qhm/types.h>

enum {
    QHM_ATTENTION_BITS = 8,       // of an entry of a query or a key
    QHM_ATTENTION_DIMENSIONS = 3, // 4, 16, 64
    QHM_ATTENTION_SIZES = 7,      // 4 to 256 keys
    QHM_ATTENTION_FIRST_FIT = 2,  // exponents from 16 keys on
    QHM_ATTENTION_LARGE = 6,      // 2^10, 2^12 ... 2^20 keys, counted without running
    QHM_ATTENTION_TIMED = 5,      // classical sizes
    QHM_ATTENTION_RANK = 12       // of the series of QSANN's kernel
};

extern const size_t qhm_attention_dimensions[QHM_ATTENTION_DIMENSIONS];

// The probability that any of the n rows is wrong, at most.
#define QHM_ATTENTION_FAILURE 1e-3

// What n rows take, with all repetitions: the attention of one head.
typedef struct qhm_attention_point {
    double n, repeats;    // searches a row until all n are right but for QHM_ATTENTION_FAILURE
    double queries_found; // oracle calls and checks until each row has its key: not to be known
    double queries_paid;  // to the end of all searches
    double iterations;    // of these, oracle calls
    double t_gates[QHM_LOOKUP_METHOD_COUNT], gates[QHM_LOOKUP_METHOD_COUNT];
    double depth[QHM_LOOKUP_METHOD_COUNT]; // rows one after another
    double free_depth;                     // with a load in 2 lg n layers, whatever it is made of
    double seconds; // on Willow if its gates made no errors, with the memory of the least depth
} qhm_attention_point;

typedef struct qhm_attention_study {
    qhm_attention_rows rows[QHM_ATTENTION_DIMENSIONS][QHM_ATTENTION_SIZES];
    qhm_part_cost memory[QHM_ATTENTION_DIMENSIONS][QHM_LOOKUP_METHOD_COUNT][QHM_ATTENTION_SIZES];
    qhm_part_cost score[QHM_ATTENTION_DIMENSIONS];
    qhm_attention_point points[QHM_ATTENTION_DIMENSIONS][QHM_ATTENTION_SIZES];
    qhm_attention_point large[QHM_ATTENTION_DIMENSIONS][QHM_ATTENTION_LARGE];
    size_t timed_count;
    double timed[QHM_ATTENTION_TIMED]; // classical n
    qhm_attention_seconds seconds[QHM_ATTENTION_DIMENSIONS][QHM_ATTENTION_TIMED];
    double series_n[QHM_ATTENTION_TIMED], series_seconds[QHM_ATTENTION_TIMED]; // d = 64
    double series_error;                                                       // at series_n[0]
    double layer_ns, read_out_ns;                                              // of Willow
} qhm_attention_study;

QHM_MUST_CHECK qhm_status qhm_attention_study_run(const qhm_claim_options *options,
                                                  qhm_attention_study *study);

// Seconds of a multiplication and addition in the largest product that was timed.
double qhm_attention_product_seconds(const qhm_attention_study *study, size_t dimension);

// How deep a call of the oracle is.
typedef enum qhm_attention_oracle {
    QHM_ATTENTION_CIRCUIT = 0, // memory is the shallower of QROM and bucket brigade
    QHM_ATTENTION_FREE_MEMORY, // a load takes 2 lg n layers
    QHM_ATTENTION_UNIT_COST,   // a call is one layer, as the theorem counts
    QHM_ATTENTION_ORACLE_COUNT
} qhm_attention_oracle;

// The smallest power of two at which n rows in layers of so many seconds take less time than
// n^2 d multiplications of so many seconds each, reading out left out; NaN: none below 2^40.
double qhm_attention_break_even(const qhm_attention_study *study, size_t dimension,
                                double layer_seconds, qhm_attention_oracle oracle,
                                double multiply_seconds);

#endif
