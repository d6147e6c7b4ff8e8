/** @file bayesian_phase.h
 *  Phase estimation by Bayes: tests of U^k with one ancilla, each chosen by what is known by then.
 *
 *  What is known of the phase phi, at first nothing, is a distribution over [0, 1). A test of U^k
 *  at the angle a reads 0 with the probability (1 + cos 2 pi (k phi - a)) / 2, by which the
 *  distribution is multiplied. With the deviation s of what is known, k is about 1 / (2 pi s), in
 *  every second test 2/3 of it, and a is 0.2 turns from k times the mean, where both bits are about
 *  as likely [wiebe2016]. Uses of U grow as 1 / error.
 *
 *  To such tests a sum of eigenstates, of which there is no one phase, looks like any eigenstate.
 *  So the powers 1, 2, 4, ... are tested at the end, eight times each, where 0 is nearly sure.
 *  These bits are weighed: as the eigenstate would give them, and as it would if in some share of
 *  the shots, from some power on, they were coins.
 *
 *  @code
 *  status = qhm_bayesian_phase_estimate(
 *      &sampler, &(qhm_bayesian_phase_options){.error = 0.001, .shots = 200}, &found);
 *  @endcode */
#ifndef QHM_BAYESIAN_PHASE_H
#define QHM_BAYESIAN_PHASE_H

#include <qhm/phase_estimation.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where bits come from. */
typedef struct qhm_bayesian_phase_sampler {
    /** Counts the ones among shots of qhm_phase_estimation_create_turned. */
    qhm_status (*sample)(void *context, uint64_t power, double angle, uint64_t shots,
                         uint64_t *ones);
    void *context; /**< given to sample */
} qhm_bayesian_phase_sampler;

/** Options of qhm_bayesian_phase_estimate; zero means the default in every field. */
typedef struct qhm_bayesian_phase_options {
    double error;           /**< half width of the interval to end at, 1e-5 to 0.4; 0: 0.01 */
    uint64_t shots;         /**< to end after, however wide the interval is then; 0: 100 */
    uint64_t longest_power; /**< the largest k, up to 2^15; 0: 32 */
} qhm_bayesian_phase_options;

/** What was found, and what it took. */
typedef struct qhm_bayesian_phase_result {
    double phase;           /**< the mean on the circle, in [0, 1) */
    double deviation;       /**< of the phase about it */
    double low;             /**< the phase is below with a probability of 0.025; may be below 0 */
    double high;            /**< the phase is above with a probability of 0.025; may be above 1 */
    double peak_share;      /**< probability of the highest peak, up to the minima beside it */
    double misfit;          /**< how much more likely coins make the bits of the last tests; of r
                               eigenstates at most one has r or more */
    size_t tests;           /**< circuits */
    uint64_t shots;         /**< of all tests */
    uint64_t unitary_uses;  /**< the sum of shots times power */
    uint64_t longest_power; /**< the largest power: what one run has to hold out */
} qhm_bayesian_phase_result;

/** Estimates to a wanted error, or until the shots are spent. Whatever was chosen on the way, the
 *  interval [low, high] holds the phase with a probability of 0.95, over phases that are as likely
 *  in all of [0, 1), of eigenstates without noise.
 *
 *  The distribution is kept on an even grid of 16 / error points or more, a power of two. Sums over
 *  it are exact for trigonometric polynomials of a smaller degree, which the distribution is, and
 *  nearly so for longer ones whose peak is wider than the step: there is no series to cut off, and
 *  no product of likelihoods can turn negative.
 *  @param options  NULL: defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY; what `sample` returns.
 *  Cost: 16 bytes a point; each test is a pass over the grid. */
QHM_API QHM_MUST_CHECK qhm_status qhm_bayesian_phase_estimate(
    const qhm_bayesian_phase_sampler *sampler, const qhm_bayesian_phase_options *options,
    qhm_bayesian_phase_result *result);

#ifdef __cplusplus
}
#endif
#endif
