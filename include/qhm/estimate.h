/** @file estimate.h
 *  What a circuit would take on a device, before anything runs.
 *
 *  @code
 *  qhm_estimate estimate;
 *  qhm_cost cost;
 *  status = qhm_estimate_find(circuit, device, &(qhm_estimate_options){.precision = 0.01},
 * &estimate); if (status == QHM_OK) status = qhm_estimate_find_cost(&estimate, device, 1000, 1,
 * &cost); // 1,000 samples, one job
 *  @endcode */
#ifndef QHM_ESTIMATE_H
#define QHM_ESTIMATE_H

#include <qhm/circuit.h>
#include <qhm/compile.h>
#include <qhm/cost.h>
#include <qhm/device.h>
#include <qhm/ledger.h>
#include <qhm/observable.h>
#include <qhm/settings.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is wanted of the circuit; zero means the default in every field. */
typedef struct qhm_estimate_options {
    const qhm_observable *const *observables; /**< [observable_count] whose values are wanted; NULL:
                                                 the outcomes of the circuit's own measurements */
    size_t observable_count;
    double precision; /**< standard error of each value, or of each probability; 0: 0.01 */
    uint64_t shots;   /**< in each setting, instead of a precision; 0: by precision */
    uint64_t state_preparations; /**< a run: qhm_ledger_options */
    qhm_compile_options compile;
    qhm_cost_options cost; /**< its duration is the compiled circuit's */
} qhm_estimate_options;

/** What a circuit would take. */
typedef struct qhm_estimate {
    qhm_compile_summary compiled;
    qhm_settings settings;  /**< variance 1/4 for outcomes */
    uint64_t shots;         /**< in each setting */
    double precision;       /**< that those shots give, noise aside */
    double rescaling_shots; /**< shots for the same precision if values that are damped by the
                               estimated success are scaled up again: shots / success^2; infinite if
                               nothing succeeds */
    size_t shift_count;     /**< circuits of a gradient by parameter shift, in one setting */
    qhm_ledger ledger;      /**< of one execution: all settings with their shots, as compiled */
    qhm_cost_options cost_options; /**< as given, with the compiled circuit's duration */
} qhm_estimate;

/** Compiles a circuit for a device and counts what one execution takes.
 *
 *  A circuit without measurements, and every circuit whose observables are wanted, is measured on
 *  all of its qubits at the end; changes of basis are not added.
 *  @param options  NULL: defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_UNSUPPORTED and QHM_ERROR_RESOURCE_LIMIT
 *          if the device cannot run it (qhm_circuit_compile says why); QHM_ERROR_NUMERIC;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_estimate_find(const qhm_circuit *circuit,
                                                    const qhm_device *device,
                                                    const qhm_estimate_options *options,
                                                    qhm_estimate *estimate);

/** What so many executions cost, sent in so many jobs. @return as qhm_cost_find. */
QHM_API QHM_MUST_CHECK qhm_status qhm_estimate_find_cost(const qhm_estimate *estimate,
                                                         const qhm_device *device,
                                                         uint64_t executions, uint64_t jobs,
                                                         qhm_cost *cost);

#ifdef __cplusplus
}
#endif
#endif
