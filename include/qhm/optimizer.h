/** @file optimizer.h
 *  Optimizers over lists of parameters: SGD with momentum, Adam, AdamW. */
#ifndef QHM_OPTIMIZER_H
#define QHM_OPTIMIZER_H

#include <qhm/options.h>
#include <qhm/parameter.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The rules, as values of qhm_optimizer_options.kind. */
typedef enum qhm_optimizer_kind {
    QHM_OPTIMIZER_ADAMW = 1, /**< Adam with decay apart from the gradient [loshchilov2019] */
    QHM_OPTIMIZER_ADAM = 2,  /**< decay is added to the gradient [kingma2015] */
    QHM_OPTIMIZER_SGD = 3 /**< gradient descent, with momentum: v = momentum v + g, w -= rate v */
} qhm_optimizer_kind;

/** How to optimize; zero means the default. */
typedef struct qhm_optimizer_options {
    int kind;             /**< a qhm_optimizer_kind; 0: AdamW */
    double learning_rate; /**< 0: 0.001 */
    double weight_decay;  /**< 0: none; never on parameters marked QHM_PARAMETER_NO_DECAY */
    double clip_norm;     /**< gradients together are scaled down to this norm; 0: never */
    double momentum;      /**< of SGD; 0: none */
    double beta1;         /**< of Adam's mean of gradients; 0: 0.9 */
    double beta2;         /**< of Adam's mean of squares; 0: 0.999 */
    double epsilon;       /**< of Adam's quotient; 0: 1e-8 */
} qhm_optimizer_options;

/** The options' table, ending with a row without a name. */
QHM_API const qhm_option_info *qhm_optimizer_option_table(void);

/** A rule with its memory of past gradients. */
typedef struct qhm_optimizer qhm_optimizer;

/** Creates an optimizer of parameters, which must outlive it. Fixed ones are left alone.
 *
 *  @param[in] parameters  [parameter_count], all of one precision; the list is copied
 *  @param[in] options     NULL: all defaults
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *
 *  Memory: two arrays a parameter for Adam, one for SGD. */
QHM_API QHM_MUST_CHECK qhm_status qhm_optimizer_create(qhm_parameter *const *parameters,
                                                       size_t parameter_count,
                                                       const qhm_optimizer_options *options,
                                                       qhm_optimizer **out);

/** Frees the optimizer; NULL is fine. */
QHM_API void qhm_optimizer_destroy(qhm_optimizer *optimizer);

/** Changes the parameters by their gradients, and sets the gradients to zero.
 *
 *  @param rate_factor  what a schedule makes of the learning rate, such as
 *                      qhm_schedule_factor(); 1: as it is
 *  @return QHM_OK; QHM_ERROR_NUMERIC, parameters unchanged, when a gradient is not finite. */
QHM_API QHM_MUST_CHECK qhm_status qhm_optimizer_step(qhm_optimizer *optimizer, double rate_factor);

/** The Euclidean norm of all gradients before the last step's clipping; 0 before any step. */
QHM_API double qhm_optimizer_gradient_norm(const qhm_optimizer *optimizer);

/** The number of steps so far. */
QHM_API uint64_t qhm_optimizer_step_count(const qhm_optimizer *optimizer);

/** Sets the number of steps so far, when a state is loaded. */
QHM_API void qhm_optimizer_set_step_count(qhm_optimizer *optimizer, uint64_t count);

/** The arrays that the rule keeps for each parameter: 2 for Adam, 1 for SGD. */
QHM_API size_t qhm_optimizer_slot_count(const qhm_optimizer *optimizer);

/** Array `slot` of the parameter at `index` of the list given at creation, to be saved and
 *  loaded; borrowed. NULL for a fixed parameter or when there is none. */
QHM_API qhm_tensor *qhm_optimizer_slot(const qhm_optimizer *optimizer, size_t index, size_t slot);

#ifdef __cplusplus
}
#endif
#endif
