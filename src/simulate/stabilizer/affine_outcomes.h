// Outcomes that are equally likely and form an affine space over bits: one of them plus any sum
// modulo 2 of generators. That is what measurements of stabilizer states give.
#ifndef QHM_SIMULATE_AFFINE_OUTCOMES_H
#define QHM_SIMULATE_AFFINE_OUTCOMES_H

#include "simulate/stabilizer/tableau.h"

#include <qhm/random.h>

typedef struct qhm_affine_outcomes {
    size_t words;         // of an outcome
    uint64_t *base;       // [words]
    uint64_t *generators; // [count][words], independent after reduce
    size_t count;
    size_t base_capacity, generator_capacity;
} qhm_affine_outcomes;

void qhm_affine_outcomes_release(qhm_affine_outcomes *outcomes);

// The zero outcome, with so many generators that are zero.
QHM_MUST_CHECK qhm_status qhm_affine_outcomes_begin(qhm_affine_outcomes *outcomes, size_t words,
                                                    size_t variable_count);

// Bit `bit` of an outcome is this sum of variables.
void qhm_affine_outcomes_set(qhm_affine_outcomes *outcomes, size_t bit, const qhm_affine *sum);

// Leaves independent generators only.
void qhm_affine_outcomes_reduce(qhm_affine_outcomes *outcomes);

// Draws an outcome [words].
void qhm_affine_outcomes_draw(const qhm_affine_outcomes *outcomes, qhm_random *random,
                              uint64_t *outcome);

#endif
