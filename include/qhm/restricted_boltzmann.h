/** @file restricted_boltzmann.h
 *  Restricted Boltzmann machines: visible spins coupled to hidden ones, trained by Gibbs sampling
 *  or by samples of an annealer [hinton2002, tieleman2008, adachi2015].
 *
 *  p(s, t) is proportional to exp(sum b_i s_i + sum c_j t_j + sum W_ij s_i t_j) over spins +1 (bit
 *  0) and -1. Hidden spins add up in closed form, so that up to 12 visible ones give the exact
 *  distribution however many are hidden. The gradient needs means of the model: exact ones; k
 *  sweeps from the data (CD-k); chains that are kept between steps (PCD); or samples of an
 *  annealer, which here is its simulation (qhm/spin_sampling.h).
 *
 *  @code
 *  qhm_restricted_train_options options = {.method = QHM_RESTRICTED_PERSISTENT, .sweeps = 1};
 *  status = qhm_restricted_train(4, 6, target, &options, parameters);
 *  @endcode */
#ifndef QHM_RESTRICTED_BOLTZMANN_H
#define QHM_RESTRICTED_BOLTZMANN_H

#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** visible + hidden + visible hidden: b, then c, then W [visible][hidden]. */
QHM_API size_t qhm_restricted_parameter_count(size_t visible, size_t hidden);

/** The exact distribution of the visible spins.
 *  @param visible        1 to 12.
 *  @param hidden         1 to 1,000.
 *  @param parameters     [parameter count] finite.
 *  @param probabilities  [2^visible].
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. Cost: 2^visible visible hidden. */
QHM_API QHM_MUST_CHECK qhm_status qhm_restricted_find(size_t visible, size_t hidden,
                                                      const double *parameters,
                                                      double *probabilities);

/** Where the model's means come from. */
typedef enum qhm_restricted_method {
    QHM_RESTRICTED_EXACT = 0,   /**< all 2^visible */
    QHM_RESTRICTED_CONTRASTIVE, /**< CD: sweeps from samples of the data */
    QHM_RESTRICTED_PERSISTENT,  /**< PCD: sweeps from where the chains were */
    QHM_RESTRICTED_ANNEALER,    /**< the thermal state in a transverse field, by its path integral:
                                   what an annealer gives that freezes before the field is gone */
    QHM_RESTRICTED_METHOD_COUNT
} qhm_restricted_method;

/** How to train; zero means the default in every field. */
typedef struct qhm_restricted_train_options {
    qhm_restricted_method method;
    size_t steps;         /**< 0: 200 */
    size_t sweeps;        /**< k of CD and PCD, 0: 1; of a run of the annealer, 0: 20 */
    size_t chains;        /**< or samples of the annealer; 0: 100 */
    double learning_rate; /**< of Adam; 0: 0.05 */
    double transverse;    /**< field left when the annealer freezes; 0: 0.1 */
    uint64_t seed;
} qhm_restricted_train_options;

/** Trains from normal parameters of deviation 0.1.
 *  @param target      [2^visible] probabilities.
 *  @param options     NULL: defaults.
 *  @param parameters  [parameter count].
 *  @return as qhm_restricted_find; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_restricted_train(size_t visible, size_t hidden,
                                                       const double *target,
                                                       const qhm_restricted_train_options *options,
                                                       double *parameters);

#ifdef __cplusplus
}
#endif
#endif
