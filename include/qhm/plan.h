/** @file plan.h
 *  Plans: a circuit and its observables, prepared once by a backend and run many times.
 *
 *  A request runs a whole batch: the batch is an axis of the state, not a loop. Sample i's
 *  results have the same bits whatever the batch it runs in and whatever the thread count.
 *
 *  @code
 *  // 64 samples, then their vector-Jacobian product in one call.
 *  qhm_request request = {.batch_count = 64, .inputs = x, .weights = w, .expectations = y};
 *  status = qhm_plan_run(plan, &request);
 *  request.cotangents = dy;
 *  request.input_gradients = dx;
 *  request.weight_gradients = dw;
 *  status = qhm_plan_run(plan, &request);
 *  @endcode */
#ifndef QHM_PLAN_H
#define QHM_PLAN_H

#include <qhm/backend.h>
#include <qhm/circuit.h>
#include <qhm/distribution.h>
#include <qhm/ledger.h>
#include <qhm/observable.h>
#include <qhm/status.h>
#include <qhm/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A circuit prepared for running. It keeps copies: circuit and observables may go. */
typedef struct qhm_plan qhm_plan;

/** Options of qhm_plan_create; zero means the default in every field. */
typedef struct qhm_plan_options {
    qhm_precision precision;   /**< of state vectors and density matrices: QHM_FLOAT64 (default) or
                                  QHM_FLOAT32. mps is always float64, stabilizer has no numbers */
    size_t max_batch;          /**< work space is made for this many samples; 0: 64. A larger
                                  batch makes it grow, once. 1: small circuits are planned for
                                  one sample at a time, which then takes less time */
    size_t memory_limit_bytes; /**< refuse a plan that needs more; 0: what the machine can give */
    bool forward_only;         /**< no adjoint gradients: half the memory for states */
    const double (*readout_flips)[2]; /**< [qubit_count] of measurements that the circuit does not
                                         show, for samples and observables: p(1|0) and p(0|1), in
                                         the basis of a setting; NULL: perfect */
} qhm_plan_options;

/** What a plan will do, counted. */
typedef struct qhm_plan_info {
    size_t qubit_count;
    size_t bit_count;
    size_t input_count;
    size_t weight_count;
    size_t observable_count;
    size_t angle_count;     /**< occurrences of angles, in circuit order: qhm_angle_shift.angle */
    size_t setting_count;   /**< measurement settings: groups of qubit-wise commuting terms */
    bool has_random_states; /**< measures before its end, resets or has conditions: each shot has
                               a state of its own, and nothing exact can be asked for */
    size_t bytes;           /**< memory held when it was made; qhm_plan_bytes is what it is now */
    uint64_t flops;         /**< simulator operations of one forward sample: qhm_plan_flops */
} qhm_plan_info;

/** What the results of a request are worth: qhm_plan_accuracy. */
typedef struct qhm_accuracy {
    size_t largest_bond;     /**< mps: the largest bond that was reached; 0 for other backends */
    double truncation_error; /**< mps: 1 - the product of what each cut kept, an estimate of the
                                fidelity lost; of samples or shots with states of their own, the
                                largest. An expectation value of a Pauli string may be off by about
                                2 sqrt(error). 0: exact up to rounding */
    double truncation_bound; /**< of the backend's options */
    bool is_beyond_bound;    /**< truncation_error > truncation_bound: say so wherever the results
                                are shown */
    double standard_error;   /**< trajectories, shots = 0: of expectation values averaged over
                                trajectories, the largest of the request; 0: nothing was drawn */
} qhm_accuracy;

/** How gradients are computed. */
typedef enum qhm_gradient_method {
    QHM_GRADIENT_AUTOMATIC = 0,      /**< adjoint where it is valid, else parameter shift */
    QHM_GRADIENT_ADJOINT = 1,        /**< simulators with shots = 0 only */
    QHM_GRADIENT_PARAMETER_SHIFT = 2 /**< any backend, exact or with shots */
} qhm_gradient_method;

/** Adds `radians` to one occurrence of an angle: what parameter shift batches over. */
typedef struct qhm_angle_shift {
    uint32_t angle; /**< counts angles in circuit order; less than qhm_plan_info.angle_count */
    double radians;
} qhm_angle_shift;

/** One call: which samples to run and what to hand back. Every output that is NULL is not
 *  computed; outputs are written on success only. Arrays are row-major. */
typedef struct qhm_request {
    size_t batch_count;            /**< samples, at least 1 */
    const double *inputs;          /**< [batch_count][input_count], finite; NULL if no inputs */
    const double *weights;         /**< [weight_count], or one row a sample; NULL if no weights */
    bool weights_per_sample;       /**< weights are [batch_count][weight_count] */
    const qhm_angle_shift *shifts; /**< [batch_count]: one shifted angle a sample; NULL: none */

    size_t shots;        /**< per sample and measurement setting; 0: exact */
    uint64_t seed;       /**< key of the shots' random streams */
    uint64_t step;       /**< second key: the training step, so that each step has new noise */
    size_t first_sample; /**< number of sample 0 in its stream: a split batch draws the same */

    double *expectations;  /**< [batch_count][observable_count] */
    qhm_complex *states;   /**< [batch_count][2^n] at the end, before final measurements; for
                              has_random_states: of the single shot (shots = 1) */
    double *probabilities; /**< [batch_count][2^n] of the same states */
    uint64_t *samples;     /**< [batch_count][shots][(n + 63) / 64]: all qubits measured at the
                              end; qubit 0 is the lowest bit */
    uint64_t *bits;        /**< [batch_count][shots][(bit_count + 63) / 64]: the classical bits */

    qhm_gradient_method gradient_method;
    const double *cotangents; /**< [batch_count][observable_count], finite */
    double *input_gradients;  /**< [batch_count][input_count]: sum over observables of cotangent
                                 times derivative */
    double *weight_gradients; /**< the same: [weight_count], summed over the batch; with
                                 weights_per_sample [batch_count][weight_count] */
} qhm_request;

/** One sample's exact distribution: qhm_plan_run_exact. Zero means the default in every field;
 *  outputs that are NULL are not computed. */
typedef struct qhm_exact_request {
    const double *inputs;     /**< [input_count], finite; NULL if no inputs */
    const double *weights;    /**< [weight_count], finite; NULL if no weights */
    size_t max_outcomes;      /**< outcomes, and branches followed to their end: 0: 1,048,576 */
    double least_probability; /**< branches and outcomes below it are dropped, 0: 1e-14; below 1 */
    double *expectations;     /**< [observable_count], averaged over outcomes */
    double *lost_probability; /**< of all that was dropped */
} qhm_exact_request;

/** Prepares a circuit: resolves angles, precomputes constant gates, allocates all work space.
 *  @param observables       [observable_count], on the circuit's qubits; NULL if none.
 *  @param options           NULL: all defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (an observable on a qubit that the circuit lacks);
 *          QHM_ERROR_RESOURCE_LIMIT (too large: the message names the bytes needed, those
 *          available and the largest qubit count that fits; nothing was allocated);
 *          QHM_ERROR_UNSUPPORTED; QHM_ERROR_OUT_OF_MEMORY.
 *  The backend must outlive the plan. */
QHM_API QHM_MUST_CHECK qhm_status qhm_plan_create(qhm_backend *backend, const qhm_circuit *circuit,
                                                  const qhm_observable *const *observables,
                                                  size_t observable_count,
                                                  const qhm_plan_options *options, qhm_plan **plan);

/** Frees a plan; NULL is fine. Its jobs must be gone before. */
QHM_API void qhm_plan_destroy(qhm_plan *plan);

/** What the plan will do, counted; borrowed. */
QHM_API const qhm_plan_info *qhm_plan_information(const qhm_plan *plan);

/** Memory that the plan holds, in bytes, the caller's arrays aside. */
QHM_API size_t qhm_plan_bytes(const qhm_plan *plan);

/** Floating-point operations that the simulator does for one forward sample with expectations.
 *
 *  Real additions and multiplications, a fused one counted as two; sine and cosine of an angle
 *  count 30. With N = 2^n amplitudes, of which a gate with c controls touches N / 2^c: a general
 *  one-qubit matrix 14 per touched amplitude, a real one (H, RY) 6, RX 6, RZ and RZZ 6, a phase
 *  6 per amplitude that it multiplies, X, CX and SWAP 0, ECR 28, a dense matrix on k qubits
 *  8 * 2^k - 2, a measurement or reset on the way 10 per amplitude. Expectations: 3 per amplitude
 *  for all probabilities and 1 per amplitude and Z-only term; 4 per amplitude for any other term.
 *  This is what "an MLP of equal FLOPs" is measured against. */
QHM_API uint64_t qhm_plan_flops(const qhm_plan *plan);

/** Runs a request and waits for it.
 *
 *  After a first call of the same or a larger batch nothing is allocated (mps: unless its bonds
 *  grow). A plan runs one request
 *  at a time; use several plans from several threads. Gradients right after expectation values of
 *  the same inputs and weights, as a training step asks for them, take over the states of small
 *  batches (up to 32 MiB): the same bits, without running the circuit again.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (counts, NULL or non-finite arrays; the message
 *          names the place and value); QHM_ERROR_UNSUPPORTED (adjoint with shots or random
 *          states; exact results of random states); QHM_ERROR_OUT_OF_MEMORY.
 *  Adjoint: Jones, Gacon [jones2020]; parameter shift: Wierichs et al. [wierichs2022]. */
QHM_API QHM_MUST_CHECK qhm_status qhm_plan_run(qhm_plan *plan, const qhm_request *request);

/** Finds the exact joint distribution of the circuit's classical bits, for any circuit:
 *  measurements on the way, resets, conditions and loops included.
 *
 *  Outcomes that the circuit does not make random are followed; at each random one the run splits
 *  in two. Branches of less than least_probability are dropped, so that loops end, and those that
 *  end in the same bits are added up. Measurements that can wait until the end do not split:
 *  state vectors are read once, stabilizer states list their outcomes, matrix product states
 *  follow the qubits that are measured. Density matrices that wait at the same place of the
 *  circuit, with the same bits of those that still matter, are added up and go on as one. Scratch
 *  bits, in no register, are 0 in the outcomes.
 *  @param distribution  its weights add up to 1 - lost_probability; NULL: not wanted.
 *  @return as qhm_plan_run; QHM_ERROR_RESOURCE_LIMIT (more than max_outcomes: use shots; or a loop
 *          without end).
 *  Cost: a run of the circuit for each branch, from where it splits. */
QHM_API QHM_MUST_CHECK qhm_status qhm_plan_run_exact(qhm_plan *plan,
                                                     const qhm_exact_request *request,
                                                     qhm_distribution **distribution);

/** What the results of the plan's last request are worth. */
QHM_API qhm_accuracy qhm_plan_accuracy(const qhm_plan *plan);

/** Counts all that the plan has run since it was made or qhm_plan_reset_ledger.
 *
 *  Each sample of a request is a circuit in each measurement setting for its expectation values,
 *  and one more for its bits, samples or states; gradients by parameter shift are the shifted
 *  circuits that were run. Depths are the circuit's, without changes of basis.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: as qhm_circuit_count_ledger; runs themselves only count samples. */
QHM_API QHM_MUST_CHECK qhm_status qhm_plan_ledger(const qhm_plan *plan, qhm_ledger *ledger);

/** Forgets what the plan has run. */
QHM_API void qhm_plan_reset_ledger(qhm_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
