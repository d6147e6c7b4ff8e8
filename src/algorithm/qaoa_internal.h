// What a state of QAOA is made of.
#ifndef QHM_ALGORITHM_QAOA_INTERNAL_H
#define QHM_ALGORITHM_QAOA_INTERNAL_H

#include "algorithm/qaoa_kernels.h"

#include <qhm/ledger.h>
#include <qhm/qaoa.h>
#include <stdbool.h>

typedef struct qhm_qaoa_part {
    void *re, *im;
} qhm_qaoa_part;

// Without fields a bit string and its complement have one amplitude, from which two things follow.
// The state is kept for the last spin up only, as a state of one spin less on which the others'
// couplings to the last are fields, and the last spin's X is F, all other bits turned over. With
// fields the state may be stored by complements instead (see mixing): then fields change sign.
struct qhm_qaoa {
    qhm_ising *ising; // of the spins whose state is kept
    bool is_half;
    bool is_turned; // probabilities are stored by complements
    size_t count, low, layers, real_bytes;
    const qhm_qaoa_kernels *kernels;
    qhm_qaoa_part psi,
        left; // [2^count]; left is the adjoint's, made when a gradient is first asked for
    qhm_qaoa_part low_phases; // [2^low]: of the costs among low spins
    double *costs;            // [2^low]: the same costs
    void *low_costs;          // [2^low], in the state's precision
    double *sums;             // [2][items]: what blocks or columns add up to
    size_t sum_count;         // items
};

// Allocates `count` amplitudes.
qhm_status qhm_qaoa_allocate(const qhm_qaoa *q, size_t count, qhm_qaoa_part *made);

// Adds runs of a circuit without shots to a ledger, `gradients` of them with all derivatives.
QHM_MUST_CHECK qhm_status qhm_qaoa_count_exact(const qhm_ising *ising,
                                               const qhm_qaoa_circuit_options *shape, size_t runs,
                                               size_t gradients, qhm_ledger *ledger);

#endif
