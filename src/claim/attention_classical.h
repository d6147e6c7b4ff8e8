// Attention on this machine: what a quantum search for it has to beat, timed.
#ifndef QHM_CLAIM_ATTENTION_CLASSICAL_H
#define QHM_CLAIM_ATTENTION_CLASSICAL_H

#include "base/status_internal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Seconds for n queries, n keys and n values of d numbers, the median of three.
typedef struct qhm_attention_seconds {
    double loop;    // the largest score of each row, by three loops
    double product; // the same by one matrix product of the linear algebra library
    double softmax; // softmax attention by two matrix products
} qhm_attention_seconds;

QHM_MUST_CHECK qhm_status qhm_attention_time(size_t n, size_t d, uint64_t seed,
                                             qhm_attention_seconds *seconds);

// QSANN's own attention, exp(-(q - k)^2) with one number q and k a token in [-1, 1], by its series
// exp(-q^2) exp(-k^2) sum over m < rank of (2 q k)^m / m!: linear in n.
// error: the largest entry by which outputs differ from the n^2 sum; NaN: not compared.
QHM_MUST_CHECK qhm_status qhm_attention_time_series(size_t n, size_t d, size_t rank, uint64_t seed,
                                                    bool is_compared, double *seconds,
                                                    double *error);

#endif
