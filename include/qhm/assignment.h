/** @file assignment.h
 *  Assigning each token to one expert, or each job to one machine, within capacities.
 *
 *  Scores are [tokens][experts], to be as large as possible in sum. It is a linear assignment,
 * which takes polynomial time [kuhn1955]: nothing quantum can be asymptotically needed for it. As a
 *  problem over bits, qubit token * experts + expert is 1 where the token goes to the expert. */
#ifndef QHM_ASSIGNMENT_H
#define QHM_ASSIGNMENT_H

#include <qhm/ising.h>
#include <qhm/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Finds the best assignment: shortest augmenting paths over experts' places [kuhn1955].
 *  @param scores    [tokens][experts], finite.
 *  @param capacity  tokens that an expert takes, at least 1.
 *  @param experts_of  [tokens]: the expert of each token.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no capacity for all tokens);
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: tokens^2 x places. */
QHM_API QHM_MUST_CHECK qhm_status qhm_assignment_find(size_t tokens, size_t experts,
                                                      const double *scores, size_t capacity,
                                                      size_t *experts_of, double *score);

/** The cost over bits: minus the scores, and penalty (n_e - tokens / experts)^2 for the tokens n_e
 *  of each expert, which is least where they are spread evenly. That each token has one expert is
 *  left to the mixer: QHM_QAOA_MIXER_BLOCK with blocks of `experts` qubits.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_assignment_ising(size_t tokens, size_t experts,
                                                       const double *scores, double penalty,
                                                       qhm_ising **ising);

#ifdef __cplusplus
}
#endif
#endif
