// Walks through a circuit's instructions as its classical bits decide.
#ifndef QHM_SIMULATE_WALK_H
#define QHM_SIMULATE_WALK_H

#include "base/status_internal.h"

#include <qhm/circuit.h>
#include <qhm/observable.h>

// What is the same in every walk through a circuit.
typedef struct qhm_walk_plan {
    const qhm_circuit *circuit;
    size_t bit_words;
    uint32_t *partners;     // [instructions] of a while its end, of an end its while
    uint32_t *first_angles; // [instructions] the number of its first angle in circuit order
} qhm_walk_plan;

// The circuit must outlive the plan. QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_walk_plan_create(const qhm_circuit *circuit, qhm_walk_plan *plan);
void qhm_walk_plan_release(qhm_walk_plan *plan);

// Where a walk is. Plain data, but for its bits.
typedef struct qhm_walk {
    size_t next;    // instruction
    uint64_t *bits; // [bit_words], of the owner
    size_t turns;   // of loops
} qhm_walk;

// From the beginning, with all bits 0.
void qhm_walk_begin(const qhm_walk_plan *plan, qhm_walk *walk);

// The next instruction to run: a gate, a measurement or a reset whose condition holds; NULL at the
// end. *index is its number. QHM_ERROR_RESOURCE_LIMIT for a loop without end.
QHM_MUST_CHECK qhm_status qhm_walk_next(const qhm_walk_plan *plan, qhm_walk *walk,
                                        const qhm_instruction **instruction, size_t *index);

void qhm_walk_write(qhm_walk *walk, uint32_t bit, bool value);

// True when a circuit's states depend on outcomes: it has a reset, a condition, an operation on
// classical bits, or a measurement that cannot wait until the end, because its qubit is used later
// or an observable has X or Y there. QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_walk_find_randomness(const qhm_circuit *circuit,
                                                   const qhm_observable *const *observables,
                                                   size_t count, bool *is_random);

// Where measurements that wait until the end find their qubit: deferred [bit count], UINT32_MAX
// for a bit without one.
void qhm_walk_find_deferred(const qhm_circuit *circuit, uint32_t *deferred);

// Which bits matter at each place: those that are read before they are written again, and those
// of `shown` [words] at the end.
// @param live  [instructions + 1][words], before each instruction and at the end; all 0.
QHM_MUST_CHECK qhm_status qhm_walk_find_live_bits(const qhm_walk_plan *plan, const uint64_t *shown,
                                                  uint64_t *live);

#endif
