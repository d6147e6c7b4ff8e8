// The target of a generative model in a problem file: a picture's patterns or a list.
#ifndef QHM_ALGORITHM_PROBLEM_TARGET_H
#define QHM_ALGORITHM_PROBLEM_TARGET_H

#include "algorithm/algorithm_internal.h"

// A list of 2^n weights, or, without one, bars and stripes.
typedef struct qhm_problem_target {
    size_t bit_count, size, support; // size: 2^n; support: entries above 0
    double *probabilities;           // [size], adding up to 1; qhm_release it
} qhm_problem_target;

// @param list  NULL: bars and stripes.
// @param most_bits  of what the row can take, at most QHM_BIT_TARGET_MOST_BITS.
QHM_MUST_CHECK qhm_status qhm_problem_target_read(const qhm_problem *problem, const qhm_node *list,
                                                  size_t rows, size_t columns, size_t most_bits,
                                                  qhm_problem_target *target);

// Sets NAME_divergence, NAME_discrepancy and NAME_parameters; name NULL: without a prefix.
QHM_MUST_CHECK qhm_status qhm_problem_target_judge(const qhm_problem_target *target,
                                                   const char *name, const double *model,
                                                   size_t parameters, json_t *object);

// The models without and with a tree of dependences.
QHM_MUST_CHECK qhm_status qhm_problem_target_oppose(const qhm_problem_target *target,
                                                    json_t *opponent);

// A restricted Boltzmann machine of about so many parameters, trained on the exact gradient.
QHM_MUST_CHECK qhm_status qhm_problem_target_oppose_restricted(const qhm_problem_target *target,
                                                               size_t parameters, uint64_t seed,
                                                               json_t *opponent);

// The weight of a model on what the target has.
double qhm_problem_target_share(const qhm_problem_target *target, const double *model);

#endif
