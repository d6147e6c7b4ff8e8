// Follows all branches of a circuit with random outcomes: depth first, or side by side where
// branches can be mixed.
#ifndef QHM_SIMULATE_BRANCHES_H
#define QHM_SIMULATE_BRANCHES_H

#include "simulate/backend_internal.h"

// One branch: a state, its classical bits, and where it is in the circuit. A simulator's `context`
// makes and copies them.
typedef struct qhm_branch_ops {
    qhm_status (*create)(void *context, void **branch); // at the beginning of the circuit
    void (*destroy)(void *context, void *branch);
    qhm_status (*copy)(void *context, void *to, const void *from);

    // Runs on to the next random outcome, and tells the probability of 1; or to the end.
    qhm_status (*advance)(void *context, void *branch, double *one, bool *is_at_end);
    // Takes an outcome that has a probability.
    qhm_status (*choose)(void *context, void *branch, bool outcome);

    const uint64_t *(*bits)(const void *branch);
    qhm_status (*expectations)(void *context, void *branch, double *values); // [observables]

    // All four or none: of states that are mixtures. Branches that wait for an outcome at the same
    // place with the same bits, of those that something later reads, go on as one.
    size_t (*place)(const void *branch);                             // grows along the circuit
    const uint64_t *(*live_bits)(void *context, const void *branch); // [words] read later, or shown
    // Makes `into` (1 - share) times its state and share times the other's.
    void (*mix)(void *context, void *into, const void *from, double share);
    size_t (*most_waiting)(void *context); // branches side by side; beyond, depth first
} qhm_branch_ops;

// Adds every branch to the distribution and, weighted, to request->expectations [value_count].
// bit_mask [words]: bits that count. QHM_ERROR_RESOURCE_LIMIT for more than max_outcomes.
QHM_MUST_CHECK qhm_status qhm_branches_run(const qhm_branch_ops *ops, void *context,
                                           const qhm_exact_request *request, size_t value_count,
                                           const uint64_t *bit_mask, size_t words,
                                           qhm_distribution *distribution);

// The error for more outcomes than a request allows.
qhm_status qhm_fail_outcome_limit(const qhm_exact_request *request);

// Appends an outcome without the bits that do not count; refused beyond max_outcomes.
QHM_MUST_CHECK qhm_status qhm_branches_append(const qhm_exact_request *request,
                                              const uint64_t *bits, const uint64_t *bit_mask,
                                              size_t words, uint64_t *scratch, double weight,
                                              qhm_distribution *distribution);

#endif
