/** @file chip_plan.h
 *  Chip plans: a circuit and its observables as a chip would run them.
 *
 *  The circuit is compiled for the device, the device's noise is put in, and plans are made that
 *  run it; mitigation combines several such plans. Slots stay slots, so one chip plan serves any
 *  number of inputs and weights. Results and gradients are those of qhm_plan_run.
 *
 *  @code
 *  qhm_chip_plan *plan;
 *  qhm_chip_plan_options options = {.shots = 1024, .mitigation = "readout,zne"};
 *  status = qhm_chip_plan_create(circuit, observables, 2, device, &options, &plan);
 *  if (status == QHM_OK)
 *      status = qhm_chip_plan_run(plan, &request);
 *  qhm_chip_plan_destroy(plan);
 *  @endcode */
#ifndef QHM_CHIP_PLAN_H
#define QHM_CHIP_PLAN_H

#include <qhm/compile.h>
#include <qhm/device.h>
#include <qhm/ledger.h>
#include <qhm/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of qhm_chip_plan_create; zero means the default in every field. */
typedef struct qhm_chip_plan_options {
    size_t shots;           /**< a sample, setting and circuit; 0: exact expectation values */
    const char *mitigation; /**< names separated by commas, NULL: none. "readout": readout errors
                               made symmetric by random flips and divided out [berg2022]; "zne":
                               two-qubit gates, or on tetrons their sequences, run 1, 3 and 5
                               times, Richardson's
                               extrapolation [temme2017] or a straight line ("zne_linear");
                               "detection": runs that end with another number of ones than the
                               circuit keeps are thrown away; not with readout. The circuit is
                               one of up to 10 qubits that keeps that number whatever its angles,
                               as unary_loader.h has them, and observables have Z only */
    qhm_compile_options compile;
    bool follows_outcomes; /**< tetrons: every measurement of their sequences is run, on
                              trajectories, in place of the channel that a sequence comes to
                              (qhm_compiled_merge_sequences). The same values, far slower */
    const char *backend;   /**< NULL: "density_matrix" if the compiled circuit has few enough
                              qubits and no outcomes to follow, else "trajectories" */
    size_t trajectories;   /**< of exact values by trajectories: see qhm_backend_options */
    qhm_precision precision;
    size_t memory_limit_bytes; /**< of each plan: see qhm_plan_options */
} qhm_chip_plan_options;

/** Checks the names of a mitigation, as options have them.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND; QHM_ERROR_INVALID_ARGUMENT (two extrapolations). */
QHM_API QHM_MUST_CHECK qhm_status qhm_chip_plan_check_mitigation(const char *names);

/** A circuit ready to run on the model of a chip. */
typedef struct qhm_chip_plan qhm_chip_plan;

/** What a chip plan runs; texts are borrowed. */
typedef struct qhm_chip_plan_info {
    const char *backend;                /**< that runs it */
    const qhm_compile_summary *summary; /**< of the compiled circuit; NULL on the ideal device */
    size_t circuit_count;               /**< circuits a sample: settings times scales of noise */
    double overhead; /**< how many times more shots the mitigated values need for an equal standard
                        error, at most; 1 without mitigation */
    double kept_share; /**< of all runs so far, what detection kept; 1 without it. Exact values
                          count a circuit as a run */
    size_t input_count, weight_count, observable_count;
    double duration_ns; /**< a run on the chip, the mean over scales of noise, whose circuits are
                           longer; 0 on the ideal device */
} qhm_chip_plan_info;

/** Compiles a circuit for a device and prepares its runs.
 *  @param circuit      with slots where the device takes them: all but synthesised rotations.
 *  @param observables  [observable_count] on the circuit's qubits at its end.
 *  @param device       NULL or the ideal device: no compiling, no noise; it may go afterwards.
 *  @param options      NULL: defaults.
 *  @param plan         free it with qhm_chip_plan_destroy.
 *  @return as qhm_circuit_compile, qhm_noise_model_apply and qhm_plan_create;
 *          QHM_ERROR_NOT_FOUND (no such mitigation or backend); QHM_ERROR_UNSUPPORTED (detection
 *          on a circuit or observables that it cannot check, and as those). */
QHM_API QHM_MUST_CHECK qhm_status qhm_chip_plan_create(
    const qhm_circuit *circuit, const qhm_observable *const *observables, size_t observable_count,
    const qhm_device *device, const qhm_chip_plan_options *options, qhm_chip_plan **plan);

/** Frees a chip plan; NULL is fine. */
QHM_API void qhm_chip_plan_destroy(qhm_chip_plan *plan);

/** Runs a batch: expectations, and gradients from cotangents, as qhm_plan_run; shots are the
 *  plan's, whatever the request says. Other outputs are refused. With detection, values are those
 *  of the runs that are kept, gradients the derivatives of these.
 *  @return as qhm_plan_run; QHM_ERROR_NUMERIC (detection keeps no run of a sample;
 *          with shots its values are 0 then). Cost: that of
 *          its plans, one after the other. */
QHM_API QHM_MUST_CHECK qhm_status qhm_chip_plan_run(qhm_chip_plan *plan,
                                                    const qhm_request *request);

/** All that it has run, counted: qhm_plan_ledger of its circuits. Discarded shots are those that
 *  detection threw away; of gradients by shots as many as of values.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_chip_plan_ledger(const qhm_chip_plan *plan,
                                                       qhm_ledger *ledger);

/** What it runs, borrowed. */
QHM_API const qhm_chip_plan_info *qhm_chip_plan_information(const qhm_chip_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
