/** @file boltzmann.h
 *  Quantum Boltzmann machines: distributions by the thermal state of spins in a transverse field
 *  [amin2018].
 *
 *  rho = e^{-H} / Z with H = -sum G_i X_i - sum b_i Z_i - sum w_ij Z_i Z_j; the visible spins are
 *  measured, bit 0 being Z = +1. Training lowers the bound of Golden and Thompson on the
 *  cross-entropy, sum over v of P_v (ln Tr e^{-H} - ln Tr e^{-H_v}), H_v = <v|H|v>: its slope by b
 *  and w is the difference of means of the free and the clamped state. G cannot be trained so: the
 *  bound drives it to 0, where the machine is a classical one and the bound exact.
 *
 *  States are found by diagonalising all 2^n levels. No efficient way for a quantum computer to
 *  prepare such states is known in general, and none is assumed.
 *
 *  @code
 *  qhm_boltzmann_model model = {.visible = 1, .transverse = (double[]){1},
 *                               .parameters = (double[]){0.5}};
 *  status = qhm_boltzmann_find(&model, probabilities, x_means, &log_z);
 *  @endcode */
#ifndef QHM_BOLTZMANN_H
#define QHM_BOLTZMANN_H

#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A machine of n = visible + hidden spins, 1 to 10, the visible ones first. */
typedef struct qhm_boltzmann_model {
    size_t visible;           /**< at least 1 */
    size_t hidden;            /**< may be 0 */
    const double *transverse; /**< [n] G */
    const double
        *parameters; /**< [n] b, then [n (n - 1) / 2] w: (0, 1), (0, 2), ..., (1, 2), ... */
} qhm_boltzmann_model;

/** n + n (n - 1) / 2. */
QHM_API size_t qhm_boltzmann_parameter_count(size_t spin_count);

/** Finds the thermal state.
 *  @param probabilities  [2^n] of all spins in the basis of Z.
 *  @param x_means        [n] of X; may be NULL.
 *  @param log_z          ln Tr e^{-H}; may be NULL.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: of order 8^n; 2^n without transverse fields. */
QHM_API QHM_MUST_CHECK qhm_status qhm_boltzmann_find(const qhm_boltzmann_model *model,
                                                     double *probabilities, double *x_means,
                                                     double *log_z);

/** Finds the bound, its gradient, and what it bounds.
 *  @param target         [2^visible] probabilities.
 *  @param gradient       [parameter count] of the bound; may be NULL.
 *  @param bound          on the cross-entropy, in nats.
 *  @param cross_entropy  -sum P_v ln p(v) itself.
 *  @return as qhm_boltzmann_find. Cost: that of the state, and of one of `hidden` spins for each v
 *          that the target has. */
QHM_API QHM_MUST_CHECK qhm_status qhm_boltzmann_bound(const qhm_boltzmann_model *model,
                                                      const double *target, double *gradient,
                                                      double *bound, double *cross_entropy);

/** How to train; zero means the default in every field. */
typedef struct qhm_boltzmann_train_options {
    size_t steps;         /**< 0: 200 */
    double learning_rate; /**< of Adam; 0: 0.1 */
    uint64_t seed;        /**< of first values: normal, of deviation 0.1 */
} qhm_boltzmann_train_options;

/** Trains fields and couplings.
 *  @param model       its parameters are not read and may be NULL.
 *  @param options     NULL: defaults.
 *  @param parameters  [parameter count].
 *  @return as qhm_boltzmann_bound. */
QHM_API QHM_MUST_CHECK qhm_status qhm_boltzmann_train(const qhm_boltzmann_model *model,
                                                      const double *target,
                                                      const qhm_boltzmann_train_options *options,
                                                      double *parameters);

#ifdef __cplusplus
}
#endif
#endif
