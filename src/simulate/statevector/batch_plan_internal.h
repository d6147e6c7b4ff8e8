// A plan of the batched engine in the making.
#ifndef QHM_SIMULATE_STATEVECTOR_BATCH_PLAN_INTERNAL_H
#define QHM_SIMULATE_STATEVECTOR_BATCH_PLAN_INTERNAL_H

#include "simulate/statevector/statevector_internal.h"

// A string in its level.
typedef struct qhm_placed {
    uint32_t mask;   // 0: a parity
    uint32_t signs;  // rotation: row r is a first one where the parity of r & signs is even
    size_t entry;    // or QHM_BATCH_NO_ENTRY: a constant parity
    double constant; // its angle
    size_t next;     // of its level, or SIZE_MAX
} qhm_placed;

// First all its parities, then its rotations.
typedef struct qhm_level {
    size_t parities, rotations; // first of a list in `items`, or SIZE_MAX
    size_t last_parity, last_rotation;
} qhm_level;

typedef struct qhm_batch_planning {
    const qhm_statevector *plan;
    qhm_batch *batch;
    size_t qubit_count;
    qhm_placed *items;
    size_t item_count, item_capacity;
    qhm_level *levels;
    size_t level_count, level_capacity;
} qhm_batch_planning;

static inline bool qhm_is_odd(uint32_t bits)
{
    return __builtin_parity(bits);
}

// batch_levels.c: the next string of the circuit, to the first level that it may be in.
QHM_MUST_CHECK qhm_status qhm_batch_add_string(qhm_batch_planning *planning,
                                               const qhm_string *string);

#endif
