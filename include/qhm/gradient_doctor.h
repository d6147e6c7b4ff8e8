/** @file gradient_doctor.h
 *  The gradient doctor: compares adjoint, parameter shift and finite differences on a circuit,
 *  and names parameters that cannot learn. */
#ifndef QHM_GRADIENT_DOCTOR_H
#define QHM_GRADIENT_DOCTOR_H

#include <qhm/backend.h>
#include <qhm/circuit.h>
#include <qhm/observable.h>
#include <qhm/options.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of qhm_gradient_doctor_run; zero means the default in every field. */
typedef struct qhm_gradient_doctor_options {
    size_t points;               /**< random points of inputs and weights; 0: 32 */
    double input_range;          /**< inputs are uniform in [-range, range]; 0: pi */
    double tolerance;            /**< largest |shift - adjoint| of a right gradient, for
                                    observables of norm 1; 0: 1e-8 */
    double difference_step;      /**< of the finite differences; 0: 1e-3 */
    double difference_tolerance; /**< largest |difference - adjoint| likewise; 0: 1e-5 */
    double vanishing_factor;     /**< see qhm_parameter_health.is_vanishing; 0: 1 */
    uint64_t seed;
} qhm_gradient_doctor_options;

/** What the doctor found about one slot of the circuit. Gradients are of single observables,
 *  divided by the observable's norm bound: the sum of its coefficients' magnitudes, without the
 *  constant. */
typedef struct qhm_parameter_health {
    qhm_slot slot;           /**< QHM_SLOT_INPUT or QHM_SLOT_WEIGHT */
    uint32_t index;          /**< of the slot */
    size_t occurrences;      /**< angles that use it */
    double variance;         /**< of the gradient over points; of the observable with the largest */
    double largest;          /**< |gradient| at its largest, over points and observables */
    double shift_error;      /**< largest |parameter shift - adjoint| */
    double difference_error; /**< largest |finite difference - adjoint| */
    bool is_dead;            /**< |gradient| < 1e-10 at every point for every observable */
    bool is_vanishing;       /**< not dead, on 6 qubits or more, and variance < vanishing_factor /
                                2^n. A deep random circuit has about 1 / 2^(n + 1) */
    bool is_wrong;           /**< shift_error or difference_error beyond its tolerance */
} qhm_parameter_health;

/** The doctor's findings: plain data. */
typedef struct qhm_gradient_report {
    size_t parameter_count;           /**< inputs, then weights */
    qhm_parameter_health *parameters; /**< [parameter_count] */
    size_t points;                    /**< points that were tried */
    size_t dead_count, vanishing_count, wrong_count;
    double shift_error, difference_error; /**< the largest of all parameters */
    double vanishing_threshold;           /**< vanishing_factor / 2^n; 0 below 6 qubits */
} qhm_gradient_report;

/** The table of qhm_gradient_doctor_options' fields, ended by a nameless row. */
QHM_API const qhm_option_info *qhm_gradient_doctor_option_table(void);

/** Examines every input and weight slot of a circuit.
 *
 *  At each random point (weights uniform in [-pi, pi]) the Jacobian of all observables is computed
 *  in float64 by adjoint, by parameter shift and by five-point finite differences.
 *  @param options  NULL: all defaults.
 *  @param report   free it with qhm_gradient_report_destroy.
 *  @return QHM_OK (also when parameters are dead or wrong: that is a finding);
 *          QHM_ERROR_INVALID_ARGUMENT (no observables); QHM_ERROR_UNSUPPORTED (the circuit
 *          measures, resets or has conditions); QHM_ERROR_RESOURCE_LIMIT;
 *          QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: a point takes, for each observable, one adjoint gradient and 2 to 4 runs per angle, and 4
 *  runs per slot.
 *  Barren plateaus: McClean et al. [mcclean2018]. */
QHM_API QHM_MUST_CHECK qhm_status
qhm_gradient_doctor_run(qhm_backend *backend, const qhm_circuit *circuit,
                        const qhm_observable *const *observables, size_t observable_count,
                        const qhm_gradient_doctor_options *options, qhm_gradient_report **report);

/** Frees a report; NULL is fine. */
QHM_API void qhm_gradient_report_destroy(qhm_gradient_report *report);

#ifdef __cplusplus
}
#endif
#endif
