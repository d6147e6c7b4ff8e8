/** @file executor.h
 *  Executors: whatever gives expectation values of circuits, by shots or exactly.
 *
 *  One over a backend is ready made; a chip's service or a test is two functions. Error mitigation
 *  (mitigation.h) puts executors around executors, so that techniques can be combined: each is
 * asked for values of a circuit, and asks the one inside for values of other circuits. Observables
 * are of the state at the end of the circuit, so leave its final measurements out.
 *
 *  @code
 *  qhm_executor *raw, *mitigated = NULL;
 *  double value, variance;
 *  qhm_status status = qhm_executor_create_on_backend(backend, NULL, &raw);
 *  if (status == QHM_OK)
 *      status = qhm_executor_mitigate(raw, "zne", NULL, &mitigated);
 *  if (status == QHM_OK)
 *      status = qhm_executor_run(mitigated, &(qhm_execution){.circuit = circuit,
 *                                                            .observables = &observable,
 *                                                            .observable_count = 1,
 *                                                            .shots = 4096,
 *                                                            .values = &value,
 *                                                            .variances = &variance});
 *  qhm_executor_destroy(mitigated);
 *  qhm_executor_destroy(raw);
 *  @endcode */
#ifndef QHM_EXECUTOR_H
#define QHM_EXECUTOR_H

#include <qhm/backend.h>
#include <qhm/circuit.h>
#include <qhm/distribution.h>
#include <qhm/noise_model.h>
#include <qhm/observable.h>
#include <qhm/plan.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What values of an executor have cost. */
typedef struct qhm_overhead {
    size_t circuits;  /**< runs of a circuit in one measurement setting */
    size_t shots;     /**< of all of them; 0 when exact */
    double sampling;  /**< gamma^2: by how much the shots must grow for the error bar that they
                         would give without mitigation; 1 without */
    double kept;      /**< the share of shots that post-selection keeps, the least; 1 without */
    char detail[256]; /**< what was chosen: "exponential through 1, 3, 5" */
} qhm_overhead;

/** Asks for expectation values; outputs are written on success only. */
typedef struct qhm_execution {
    const qhm_circuit *circuit;
    const qhm_observable *const *observables; /**< [observable_count] */
    size_t observable_count;                  /**< at least 1 */
    const double *inputs;                     /**< [input_count], finite; NULL if no inputs */
    const double *weights;                    /**< [weight_count], finite; NULL if no weights */
    size_t shots;           /**< of each circuit and measurement setting; 0: exact, where all
                               executors inside can */
    uint64_t seed;          /**< of shots and of circuits that are drawn */
    double *values;         /**< [observable_count] */
    double *variances;      /**< [observable_count] squared standard errors; NULL: not wanted */
    qhm_overhead *overhead; /**< NULL: not wanted */
} qhm_execution;

/** Asks for outcomes of all qubits at the end of a circuit. */
typedef struct qhm_sampling {
    const qhm_circuit *circuit;
    const double *inputs, *weights; /**< as in qhm_execution */
    const uint8_t *letters;         /**< [qubit_count] of qhm_pauli, the bases: I and Z as they are;
                                       NULL: all Z */
    const uint64_t *flips;          /**< [(qubit_count + 63) / 64] qubits that an X turns around
                                       right before they are measured; NULL: none */
    size_t shots;                   /**< 0: exact probabilities */
    uint64_t seed;
} qhm_sampling;

/** The functions of an executor. At least one of the first two; NULL stands for what is missing:
 *  values are then found from samples, or samples are refused. */
typedef struct qhm_executor_ops {
    const char *name;
    /** Fills values, variances and overhead, none of which is NULL. */
    qhm_status (*estimate)(void *state, const qhm_execution *execution);
    /** Adds outcomes to an empty distribution over the qubits: counts, or probabilities. Adds what
     *  it has run to circuits and shots of `overhead`. */
    qhm_status (*sample)(void *state, const qhm_sampling *sampling, qhm_distribution *outcomes,
                         qhm_overhead *overhead);
    void (*release)(void *state); /**< called by qhm_executor_destroy; NULL: nothing to do */
} qhm_executor_ops;

/** Something that gives expectation values of circuits. */
typedef struct qhm_executor qhm_executor;

/** Makes an executor of functions. @param ops  borrowed, as long as the executor lives.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_executor_create(const qhm_executor_ops *ops, void *state,
                                                      qhm_executor **executor);

/** What happens to a circuit on its way to a machine: noise is added, it is compiled. */
typedef qhm_status qhm_circuit_change(const void *context, const qhm_circuit *circuit,
                                      qhm_circuit **changed);

/** Options of qhm_executor_create_on_backend; zero means the default in every field. What they
 *  point to is borrowed. */
typedef struct qhm_executor_options {
    qhm_precision precision;          /**< of plans */
    size_t memory_limit_bytes;        /**< of plans; 0: what the machine can give */
    const double (*readout_flips)[2]; /**< [flip_count] p(1|0) and p(0|1) of each qubit; NULL:
                                         perfect */
    size_t flip_count;                /**< circuits on more qubits are refused */
    qhm_circuit_change *change; /**< applied to every circuit before it runs, not to the changes of
                                   basis before measurements; NULL: none. It keeps the qubits and
                                   slots */
    const void *change_context;
    const qhm_noise_model *noise; /**< applied after it; its readout too, unless readout_flips are
                                     given; NULL: none */
} qhm_executor_options;

/** Makes an executor that runs circuits on a backend.
 *  @param backend  borrowed.
 *  @param options  NULL: all defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_executor_create_on_backend(
    qhm_backend *backend, const qhm_executor_options *options, qhm_executor **executor);

/** Frees an executor; NULL is fine. Those that were put around it must be gone before. */
QHM_API void qhm_executor_destroy(qhm_executor *executor);

/** The name of its kind: "backend", "zne". */
QHM_API const char *qhm_executor_name(const qhm_executor *executor);

/** Whether qhm_executor_sample works. */
QHM_API bool qhm_executor_has_samples(const qhm_executor *executor);

/** Finds expectation values. Observables that were measured by shots have the variance of the mean
 *  of what each shot says of the whole sum, so that terms which vary together are counted so.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY; what the functions of the
 *          executor, the backend or a technique fail with. */
QHM_API QHM_MUST_CHECK qhm_status qhm_executor_run(qhm_executor *executor,
                                                   const qhm_execution *execution);

/** Draws outcomes, or finds their probabilities.
 *  @param outcomes  over the qubits of the circuit.
 *  @param overhead  NULL: not wanted.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED (this executor has values only);
 *          QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY; what the backend fails with. */
QHM_API QHM_MUST_CHECK qhm_status qhm_executor_sample(qhm_executor *executor,
                                                      const qhm_sampling *sampling,
                                                      qhm_distribution **outcomes,
                                                      qhm_overhead *overhead);

#ifdef __cplusplus
}
#endif
#endif
