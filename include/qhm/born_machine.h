/** @file born_machine.h
 *  Born machines: a trained circuit whose measured bits are the samples [liu2018, benedetti2019].
 *
 *  p(x) = |<x|psi>|^2 of layers of RY, RZ and CX around a ring. A loss with the slope g(x) by p(x)
 *  has the gradient sum_x g(x) (p+(x) - p-(x)) / 2 by each angle, p+ and p- with the angle moved by
 *  pi / 2 and back: two circuits a weight and step. The discrepancy and the discriminator's loss
 *  can be found from samples; the divergence needs the probabilities themselves, which no chip
 *  gives.
 *
 *  @code
 *  qhm_born_machine_create(4, 3, &machine);
 *  status = qhm_born_machine_train(machine, target, NULL, weights, &result);
 *  @endcode */
#ifndef QHM_BORN_MACHINE_H
#define QHM_BORN_MACHINE_H

#include <qhm/circuit.h>
#include <qhm/ledger.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A circuit with its plan. */
typedef struct qhm_born_machine qhm_born_machine;

/** Creates a machine.
 *  @param bit_count  1 to 10.
 *  @param layers     1 to 20: 2 bit_count weights each, RY of all qubits, then RZ.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_born_machine_create(size_t bit_count, size_t layers,
                                                          qhm_born_machine **machine);

/** Frees a machine; NULL is fine. */
QHM_API void qhm_born_machine_destroy(qhm_born_machine *machine);

QHM_API size_t qhm_born_machine_bit_count(const qhm_born_machine *machine);    /**< Bits. */
QHM_API size_t qhm_born_machine_weight_count(const qhm_born_machine *machine); /**< Weights. */

/** How circuits are run; zero means the default in every field. */
typedef struct qhm_born_run {
    size_t shots;  /**< of each circuit; 0: exact probabilities */
    uint64_t seed; /**< of the shots */
    uint64_t step; /**< other steps have other shots */
} qhm_born_run;

/** The probabilities of all bit strings, or their frequencies. @param run  NULL: exact.
 *  @param weights        [weight_count].
 *  @param probabilities  [2^bit_count].
 *  @return QHM_OK; as qhm_plan_run. */
QHM_API QHM_MUST_CHECK qhm_status qhm_born_machine_probabilities(qhm_born_machine *machine,
                                                                 const double *weights,
                                                                 const qhm_born_run *run,
                                                                 double *probabilities);

/** The gradient of sum_x slopes[x] p(x), by parameter shift.
 *  @param slopes    [2^bit_count].
 *  @param gradient  [weight_count].
 *  @return as qhm_born_machine_probabilities. Cost: 2 weight_count circuits. */
QHM_API QHM_MUST_CHECK qhm_status qhm_born_machine_gradient(qhm_born_machine *machine,
                                                            const double *weights,
                                                            const qhm_born_run *run,
                                                            const double *slopes, double *gradient);

/** What training lowers. */
typedef enum qhm_born_loss {
    QHM_BORN_DISCREPANCY = 0, /**< qhm_bit_target_discrepancy: slopes 2 K (p - target) */
    QHM_BORN_DIVERGENCE,      /**< qhm_bit_target_divergence: slopes -target / p; exact only */
    QHM_BORN_ADVERSARIAL,     /**< a network tells samples from the target's, D(x): slopes
                                 -ln D [goodfellow2014] */
    QHM_BORN_LOSS_COUNT
} qhm_born_loss;

/** How to train; zero means the default in every field. */
typedef struct qhm_born_train_options {
    qhm_born_loss loss;
    size_t steps;         /**< 0: 100 */
    double learning_rate; /**< of Adam; 0: 0.1 */
    size_t shots;         /**< of each circuit; 0: exact */
    size_t hidden_units;  /**< of the network's one layer; 0: 16 */
    uint64_t seed;        /**< of first values and shots */
} qhm_born_train_options;

/** What came out, by exact probabilities whatever was trained with. */
typedef struct qhm_born_train_result {
    double first_divergence, divergence;
    double first_discrepancy, discrepancy;
    size_t steps;
} qhm_born_train_result;

/** Trains from random weights of deviation 1/2.
 *  @param target   [2^bit_count], which adds up to 1.
 *  @param options  NULL: defaults.
 *  @param weights  [weight_count]: the last ones.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a target that does not add up; shots with the
 *          divergence); as qhm_born_machine_probabilities. */
QHM_API QHM_MUST_CHECK qhm_status qhm_born_machine_train(qhm_born_machine *machine,
                                                         const double *target,
                                                         const qhm_born_train_options *options,
                                                         double *weights,
                                                         qhm_born_train_result *result);

/** All that the machine has run. @return as qhm_plan_ledger. */
QHM_API QHM_MUST_CHECK qhm_status qhm_born_machine_ledger(const qhm_born_machine *machine,
                                                          qhm_ledger *ledger);

#ifdef __cplusplus
}
#endif
#endif
