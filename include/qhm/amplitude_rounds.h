/** @file amplitude_rounds.h
 *  Amplitude estimation without phase estimation: rounds of shots after k uses of the operator Q,
 *  of which sin^2((2 k + 1) theta) hit a marked state, for a share a = sin^2(theta).
 *
 *  Iterative estimation [grinko2021] chooses each k so that what was found tells on which half
 * circle the next angle is, and ends at a wanted error. Maximum likelihood [suzuki2020] takes a
 * schedule of k that was fixed beforehand. Neither needs a controlled operator or a clock.
 *
 *  @code
 *  status = qhm_amplitude_estimate_iteratively(
 *      &sampler, &(qhm_amplitude_iterative_options){.error = 0.01}, &estimate);
 *  @endcode */
#ifndef QHM_AMPLITUDE_ROUNDS_H
#define QHM_AMPLITUDE_ROUNDS_H

#include <qhm/amplitude_operator.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Creates the circuit of a round: the preparation, Q `power` times, all qubits measured, qubit i
 *  into bit i. It uses the preparation 2 power + 1 times.
 *  @return as qhm_amplitude_operator_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_amplitude_round_create(const qhm_amplitude_problem *problem,
                                                             uint64_t power, qhm_circuit **circuit);

/** Where rounds come from. */
typedef struct qhm_amplitude_sampler {
    /** Counts the hits among shots after `power` uses of Q. */
    qhm_status (*sample)(void *context, uint64_t power, uint64_t shots, uint64_t *hits);
    void *context; /**< given to sample */
} qhm_amplitude_sampler;

/** What was found, and what it took. */
typedef struct qhm_amplitude_estimate {
    double share;              /**< the estimate */
    double low, high;          /**< an interval of the wanted confidence */
    size_t rounds;             /**< batches of shots */
    uint64_t shots;            /**< of all rounds */
    uint64_t operator_uses;    /**< of Q: the sum of shots times power */
    uint64_t preparation_uses; /**< of A: the sum of shots times 2 power + 1 */
    uint64_t longest_power;    /**< the largest power: what one run has to hold out */
} qhm_amplitude_estimate;

/** Options of qhm_amplitude_estimate_iteratively; zero means the default in every field. */
typedef struct qhm_amplitude_iterative_options {
    double error;      /**< wanted half width of the interval, 1e-6 to 0.4; 0: 0.01 */
    double confidence; /**< above 0, below 1; 0: 0.95 */
    uint64_t shots;    /**< of a round; 0: 100 */
} qhm_amplitude_iterative_options;

/** Estimates to a wanted error. Intervals of rounds are Clopper's and Pearson's, at a level that is
 *  shared among as many rounds as there can be. Uses of Q grow as 1 / error times the logarithm of
 *  its logarithm.
 *  @param options  NULL: defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; what `sample` returns. */
QHM_API QHM_MUST_CHECK qhm_status qhm_amplitude_estimate_iteratively(
    const qhm_amplitude_sampler *sampler, const qhm_amplitude_iterative_options *options,
    qhm_amplitude_estimate *estimate);

/** How powers grow from round to round. */
typedef enum qhm_amplitude_schedule {
    QHM_AMPLITUDE_EXPONENTIAL = 0, /**< 0, 1, 2, 4, 8, ... */
    QHM_AMPLITUDE_LINEAR           /**< 0, 1, 2, 3, 4, ... */
} qhm_amplitude_schedule;

/** Options of qhm_amplitude_estimate_by_likelihood; zero means the default in every field. */
typedef struct qhm_amplitude_likelihood_options {
    qhm_amplitude_schedule schedule; /**< of powers */
    size_t rounds;                   /**< 1 to 24 (exponential: 1 to 20); 0: 6 */
    uint64_t shots;                  /**< of a round; 0: 100 */
    double confidence;               /**< of the interval; 0: 0.95 */
} qhm_amplitude_likelihood_options;

/** Estimates by the share for which the hits of all rounds are most likely: the best of the peaks
 *  that a grid finer than the likelihood's lobes shows, each made finer by golden sections. The
 *  interval holds all angles whose likelihood ratio to the best is within the confidence, on that
 *  peak or on others: near 0 and 1 neighbouring peaks are often nearly as good.
 *  @param options  NULL: defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY; what `sample` returns. */
QHM_API QHM_MUST_CHECK qhm_status qhm_amplitude_estimate_by_likelihood(
    const qhm_amplitude_sampler *sampler, const qhm_amplitude_likelihood_options *options,
    qhm_amplitude_estimate *estimate);

/** The Fisher information of a schedule about the share: the sum of shots (2 k + 1)^2 over
 *  a (1 - a). No unbiased estimate has a smaller variance than its inverse.
 *  @param options  NULL: defaults. @param share  in (0, 1). */
QHM_API double qhm_amplitude_fisher_information(const qhm_amplitude_likelihood_options *options,
                                                double share);

#ifdef __cplusplus
}
#endif
#endif
