// A plan of the batched engine in the making.
#ifndef QHM_SIMULATE_STATEVECTOR_BATCH_PLAN_INTERNAL_H
#define QHM_SIMULATE_STATEVECTOR_BATCH_PLAN_INTERNAL_H

#include "simulate/statevector/statevector_internal.h"

// An item on the rows where the state lies: renamings are gone.
typedef struct qhm_placed {
    qhm_reduced_kind kind;
    uint32_t mask;       // rotation, exchange: the partner of row r is r ^ mask
    uint32_t functional; // the parity of r & functional is the bit (sign)
    size_t entry;        // or QHM_BATCH_NO_ENTRY: a constant parity
    double constant;     // its angle
    uint32_t controls[QHM_STATEVECTOR_MAX_QUBITS]; // functionals that must be odd ...
    bool flips[QHM_STATEVECTOR_MAX_QUBITS];        // ... or even
    unsigned control_count;
    size_t next; // of its level, or SIZE_MAX
} qhm_placed;

// First all its parities, then its rotations; or one item that nothing crosses.
typedef struct qhm_level {
    size_t parities, rotations; // first of a list in `items`, or SIZE_MAX
    bool is_barrier;
} qhm_level;

typedef struct qhm_batch_planning {
    const qhm_statevector *plan;
    qhm_batch *batch;
    size_t qubit_count;
    // The bit of qubit q is the parity of row & functionals[q], flipped; row ^ masks[q] differs
    // in that bit alone.
    uint32_t functionals[QHM_STATEVECTOR_MAX_QUBITS], masks[QHM_STATEVECTOR_MAX_QUBITS];
    bool flips[QHM_STATEVECTOR_MAX_QUBITS];
    qhm_placed *items;
    size_t item_count, item_capacity;
    qhm_level *levels;
    size_t level_count, level_capacity;
} qhm_batch_planning;

static inline bool qhm_is_odd(uint32_t bits)
{
    return __builtin_parity(bits);
}

// batch_levels.c: the next item of the reduced circuit, to the first level that it may be in.
QHM_MUST_CHECK qhm_status qhm_batch_add_item(qhm_batch_planning *planning, const qhm_reduced *item);

#endif
