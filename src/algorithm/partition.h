// Numbers in two groups: the difference of their sums, exactly, and the smallest there is.
#ifndef QHM_ALGORITHM_PARTITION_H
#define QHM_ALGORITHM_PARTITION_H

#include <stddef.h>
#include <stdint.h>

enum { QHM_PARTITION_MOST = 64 };

typedef struct qhm_partition_solution {
    uint64_t bits; // 1: the second group
    double difference;
    double second; // the next larger difference that is none of rounding; infinity: there is none
    uint64_t nodes;
} qhm_partition_solution;

// |sum of the first group - sum of the second|: sums lose nothing that cancels.
double qhm_partition_difference(const double *numbers, size_t count, uint64_t bits);

// What the numbers' own last digits may make of a difference.
double qhm_partition_rounding(const double *numbers, size_t count);

// Depth first, the largest numbers first, each to the smaller sum first; a branch ends when all
// that is left cannot bring its difference below the two smallest. count: 1 to QHM_PARTITION_MOST.
// Cost: at most 2^count.
void qhm_partition_find(const double *numbers, size_t count, qhm_partition_solution *solution);

#endif
