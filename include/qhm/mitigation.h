/** @file mitigation.h
 *  Error mitigation: less error in expectation values for more shots.
 *
 *  A technique makes an executor of an executor (executor.h), so techniques combine: readout
 *  mitigation inside twirling inside zero-noise extrapolation. Each reports what it costs. None
 *  helps always; docs/mitigation.md says where each fails.
 *
 *  @code
 *  status = qhm_executor_mitigate(raw, "readout", NULL, &readout);
 *  if (status == QHM_OK)
 *      status = qhm_executor_mitigate(
 *          readout, "zne",
 *          &(qhm_mitigation_options){.zero_noise = {.model = QHM_EXTRAPOLATION_EXPONENTIAL}},
 *          &zne);
 *  @endcode */
#ifndef QHM_MITIGATION_H
#define QHM_MITIGATION_H

#include <qhm/channel.h>
#include <qhm/circuit.h>
#include <qhm/distribution.h>
#include <qhm/executor.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is folded. */
typedef enum qhm_folding {
    QHM_FOLDING_LOCAL = 0, /**< gates: G becomes G G^-1 G. Adjacent gates on one qubit alone are one
                              gate, as on chips that run them as one pulse */
    QHM_FOLDING_GLOBAL = 1 /**< the circuit: C becomes C C^-1 C, then its last gates */
} qhm_folding;

/** Which gates are folded once more when the scale does not fall on all alike. */
typedef enum qhm_folding_order {
    QHM_FOLDING_RANDOM = 0, /**< by the seed */
    QHM_FOLDING_FRONT = 1,
    QHM_FOLDING_BACK = 2
} qhm_folding_order;

/** Options of qhm_circuit_fold; zero means the default in every field. */
typedef struct qhm_fold_options {
    qhm_folding folding;
    bool two_qubit_only; /**< local: leave gates on one qubit as they are */
    qhm_folding_order order;
    uint64_t seed;
} qhm_fold_options;

/** Makes a circuit longer without changing what it does, so that its noise grows by a factor.
 *
 *  Nothing is reordered; slots, conditions, measurements and barriers stay. Barriers between a gate
 *  and its inverse keep compilers from undoing it. Local folding takes gates also between
 *  measurements, under their conditions, in loops; global folding needs a circuit whose gates come
 *  before its measurements.
 *  @param options  NULL: all defaults.
 *  @param scale    at least 1, at most 1000.
 *  @param reached  the scale that whole gates allow: 1 + 2 folds / gates; NULL: not wanted.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_UNSUPPORTED (channels: fold before noise
 * is added; nothing to fold; for global folding also resets, conditions, loops and gates after
 * measurements); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_fold(const qhm_circuit *circuit,
                                                   const qhm_fold_options *options, double scale,
                                                   qhm_circuit **folded, double *reached);

/** How values at noise scales are carried to zero. */
typedef enum qhm_extrapolation {
    QHM_EXTRAPOLATION_AUTOMATIC = 0,  /**< the first of exponential and linear whose value and error
                                         are finite, whose error is at most error_limit and whose
                                         value is in range; else the smaller error */
    QHM_EXTRAPOLATION_LINEAR = 1,     /**< least squares */
    QHM_EXTRAPOLATION_POLYNOMIAL = 2, /**< least squares, of the degree `order` */
    QHM_EXTRAPOLATION_RICHARDSON = 3, /**< the polynomial through all points */
    QHM_EXTRAPOLATION_EXPONENTIAL = 4 /**< a + b exp(-c x) */
} qhm_extrapolation;

/** Options of qhm_extrapolate; zero means the default in every field. */
typedef struct qhm_extrapolate_options {
    qhm_extrapolation model;
    size_t order;        /**< polynomial: degree, 0: 2 */
    bool fits_asymptote; /**< exponential: a is found too, which takes three points */
    double asymptote;    /**< exponential: a where it is not found: what is left under much noise */
    double least, most;  /**< range of the observable; both 0: unknown */
    double error_limit;  /**< automatic: of the error of the value; 0: a quarter of the range, or 1
                            without a range. The range is widened by it too */
} qhm_extrapolate_options;

/** A value at zero noise. */
typedef struct qhm_extrapolated {
    double value, error;     /**< error: one standard error, from those of the points */
    double sampling;         /**< (sum of |dvalue / dvalues[i]|)^2 */
    qhm_extrapolation model; /**< that was chosen */
} qhm_extrapolated;

/** Carries values to noise 0.
 *
 *  An exponential is fitted to logarithms with weights |y - a|, or with its asymptote by least
 *  squares [temme2017, giurgica-tiron2020].
 *  @param scales  [count] distinct, positive.
 *  @param values  [count] finite.
 *  @param errors  [count] standard errors; NULL: exact.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (also too few points for the model);
 *          QHM_ERROR_NUMERIC (values on both sides of the asymptote, no fit);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_extrapolate(const qhm_extrapolate_options *options,
                                                  size_t count, const double *scales,
                                                  const double *values, const double *errors,
                                                  qhm_extrapolated *extrapolated);

/** The weights w with value at 0 = sum of w[i] value[i] of a least-squares polynomial; of degree
 *  count - 1: Richardson's.
 *  @param scales   [count] distinct, finite.
 *  @param degree   less than count.
 *  @param weights  [count]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_extrapolation_weights(size_t count, const double *scales,
                                                            size_t degree, double *weights);

/** Options of zero-noise extrapolation, "zne". */
typedef struct qhm_zero_noise_options {
    const double *scales; /**< [scale_count] each at least 1; NULL: 1, 3, 5 */
    size_t scale_count;
    qhm_fold_options fold; /**< its seed is the execution's */
    qhm_extrapolation model;
    size_t order;        /**< as for qhm_extrapolate */
    bool fits_asymptote; /**< else the asymptote is the observable's constant term */
    double error_limit;  /**< as for qhm_extrapolate */
} qhm_zero_noise_options;

/** Options of layerwise Richardson extrapolation, "lre" [russo2024]. */
typedef struct qhm_layerwise_options {
    size_t degree;     /**< of the polynomial in all layers' noise, 0: 2; at most 5 */
    size_t multiplier; /**< a layer is folded this times 0 to degree times, 0: 1 */
    size_t layers;     /**< parts of equally many gates, 0: 4, or as many as there are gates */
} qhm_layerwise_options;

/** How many circuits layerwise extrapolation takes: (layers + degree)! / (layers! degree!); 0 where
 *  it is above 100,000. */
QHM_API size_t qhm_layerwise_count(size_t layers, size_t degree);

/** The scales and weights of layerwise extrapolation, by ascending total degree.
 *  @param layers   1 to 64. @param degree  1 to 5. @param multiplier  1 to 100.
 *  @param scales   [count][layers] 1 + 2 multiplier folds; NULL: not wanted.
 *  @param weights  [count]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_RESOURCE_LIMIT (above 2,000 circuits);
 *          QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY. Cost: O(count^3). */
QHM_API QHM_MUST_CHECK qhm_status qhm_layerwise_weights(size_t layers, size_t degree,
                                                        size_t multiplier, double *scales,
                                                        double *weights);

/** Operations that undo noise when they are mixed with signs. */
typedef enum qhm_recovery {
    QHM_RECOVERY_I = 0,
    QHM_RECOVERY_X = 1,
    QHM_RECOVERY_Y = 2,
    QHM_RECOVERY_Z = 3,
    QHM_RECOVERY_ZERO = 4, /**< reset to |0> */
    QHM_RECOVERY_ONE = 5   /**< reset to |1> */
} qhm_recovery;

/** One term of a channel's inverse. */
typedef struct qhm_recovery_term {
    double weight;                              /**< with its sign */
    uint8_t recoveries[QHM_CHANNEL_MAX_QUBITS]; /**< of qhm_recovery, qubit by qubit */
} qhm_recovery_term;

/** Writes the inverse of a channel as a sum of operations with signs.
 *
 *  Mixtures of Pauli strings by Pauli strings [temme2017]; relaxation and dephasing, also after
 *  depolarising and on two qubits at once, by Pauli strings and resets: for amplitude damping
 *  (1 + gamma) / (1 - gamma) [takagi2021].
 *  @param terms  [4^k] for mixtures of Pauli strings, else [25]: room for 256 does always.
 *  @param count  of terms whose weight is not 0.
 *  @param gamma  the sum of |weight|: by how much a standard error grows; NULL: not wanted.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED (turns, or such noise on more than two qubits: twirl it);
 *          QHM_ERROR_NUMERIC (it loses all of something); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_recover(const qhm_channel *channel,
                                                      qhm_recovery_term *terms, size_t *count,
                                                      double *gamma);

/** Options of probabilistic error cancellation, "pec". The circuits that it is asked for, after
 *  `before` and `noise` of qhm_mitigation_options, must show their noise as channels, and the
 *  executor inside adds none. */
typedef struct qhm_cancellation_options {
    double max_overhead; /**< refuse above this gamma^2, 0: 100 */
    size_t samples;      /**< circuits that are drawn, 0: 1000, but not above the shots. Shots are
                            divided among them */
} qhm_cancellation_options;

/** How outcomes are corrected. */
typedef enum qhm_readout_method {
    QHM_READOUT_TENSORED = 0,  /**< each qubit's 2 x 2 matrix inverted, for any number of qubits */
    QHM_READOUT_SUBSPACE = 1,  /**< M3: among the observed strings [nation2021] */
    QHM_READOUT_CORRELATED = 2 /**< one matrix for all strings, at most 8 qubits */
} qhm_readout_method;

/** Options of readout mitigation, "readout", and of qhm_readout_correct. */
typedef struct qhm_readout_options {
    qhm_readout_method method;
    const double (*flips)[2]; /**< [flip_count] p(1|0) and p(0|1) of each qubit; NULL: measured by
                                 calibration circuits in each execution */
    size_t flip_count;
    const double *confusion; /**< correlated: [2^flip_count][2^flip_count] p(read | true), rows what
                                is read; NULL: measured */
    size_t calibration_shots; /**< of each circuit, 0: 8192. Exact executions calibrate exactly */
    size_t distance;          /**< subspace: only strings that differ in so many bits; 0: any */
    size_t direct_limit;      /**< subspace: more strings are solved by iteration, 0: 1024 */
} qhm_readout_options;

/** Measures flips of each qubit: all qubits in |0>, then all in |1>.
 *  @param flips  [qubit_count] p(1|0) and p(0|1). @param overhead  NULL: not wanted.
 *  @return as qhm_executor_sample. */
QHM_API QHM_MUST_CHECK qhm_status qhm_readout_calibrate(qhm_executor *executor, size_t qubit_count,
                                                        size_t shots, uint64_t seed,
                                                        double (*flips)[2], qhm_overhead *overhead);

/** Corrects counts: quasi-probabilities, which add up to 1 and may be negative.
 *
 *  Subspace: the matrix among the observed strings, its columns divided by their sums, by LU or
 *  by Jacobi-preconditioned GMRES. Other methods: all 2^n strings, at most 12 qubits (correlated
 * 8).
 *  @param options  with flips, or a confusion matrix if correlated.
 *  @param quasi    subspace: [outcomes of counts], in their order; else [2^bits].
 *  @param gamma    1-norm of the inverse matrix: standard errors are at most gamma / sqrt(shots);
 *                  NULL: not wanted.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC (singular, or no convergence);
 *          QHM_ERROR_RESOURCE_LIMIT (too many qubits for the method); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_readout_correct(const qhm_distribution *counts,
                                                      const qhm_readout_options *options,
                                                      double *quasi, double *gamma);

/** The nearest probabilities to quasi-probabilities, by Euclidean distance [smolin2012].
 *  @param quasi          [count] finite, with a positive sum, which is kept.
 *  @param probabilities  [count]; may be `quasi`.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. Cost: a sort. */
QHM_API QHM_MUST_CHECK qhm_status qhm_nearest_probabilities(size_t count, const double *quasi,
                                                            double *probabilities);

/** Options of twirled readout, "trex" [berg2022]. */
typedef struct qhm_readout_twirling_options {
    size_t randomizations;    /**< sets of flipped qubits, 0: 32; all 2^n where they are as many.
                                 Shots are divided among them */
    size_t calibration_shots; /**< of all of them together, 0: as many as shots */
} qhm_readout_twirling_options;

/** Options of Pauli twirling, "twirling": random Pauli strings around Clifford gates on two qubits
 *  turn their noise into mixtures of Pauli strings [wallman2016]. */
typedef struct qhm_twirling_options {
    size_t randomizations; /**< 0: 32. Shots are divided among them */
} qhm_twirling_options;

/** Surrounds each two-qubit Clifford gate of the table without a condition (cx, cy, cz, ecr, swap,
 *  iswap) by random Pauli gates that leave the circuit's meaning as it is, up to a phase.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_twirl(const qhm_circuit *circuit, uint64_t seed,
                                                    qhm_circuit **twirled);

/** Options of Clifford data regression, "cdr" [czarnik2021]. */
typedef struct qhm_regression_options {
    size_t training_circuits; /**< 0: 10 */
    double kept_share;        /**< of non-Clifford gates that training circuits keep, 0: 0.1; at
                                 least one is kept */
    bool through_zero;        /**< fit y = a x rather than y = a x + b */
} qhm_regression_options;

/** What a symmetry is used for. */
typedef enum qhm_symmetry_method {
    QHM_SYMMETRY_POST_SELECTION = 0, /**< measured in the same shots; wrong ones are dropped */
    QHM_SYMMETRY_EXPANSION = 1       /**< by expectation values of products: any commuting terms */
} qhm_symmetry_method;

/** Options of symmetry verification, "symmetry" [bonet-monroig2018]. */
typedef struct qhm_symmetry_options {
    const char *symmetries; /**< Pauli strings with the sign that the ideal state has, separated by
                               commas: "Z0 Z1 Z2 Z3, -X0 X1". Needed; at most 6, all commuting */
    qhm_symmetry_method method;
} qhm_symmetry_options;

/** Options of techniques; zero means the default in every field. What they point to is borrowed. */
typedef struct qhm_mitigation_options {
    qhm_zero_noise_options zero_noise;
    qhm_layerwise_options layerwise;
    qhm_cancellation_options cancellation;
    qhm_readout_options readout; /**< distillation takes flips, of both copies' qubits, and
                                    calibration_shots from here, too */
    qhm_readout_twirling_options readout_twirling;
    qhm_twirling_options twirling;
    qhm_regression_options regression;
    qhm_symmetry_options symmetry;
    qhm_circuit_change *before; /**< pec and distillation: applied to the circuit first, to add the
                                   noise that the technique works on; NULL: the circuit shows it */
    const void *before_context;
    const qhm_noise_model *noise; /**< pec and distillation: applied after it, for the same end;
                                     NULL: none */
} qhm_mitigation_options;

/** What is true of a technique. */
typedef struct qhm_technique_info {
    const char *name;   /**< "zne" */
    const char *title;  /**< "zero-noise extrapolation" */
    const char *help;   /**< one sentence: what it does */
    const char *cost;   /**< one sentence: circuits, shots, error bars */
    bool needs_samples; /**< of the executor inside */
    bool has_samples;   /**< so that others that need them can be put around it */
} qhm_technique_info;

/** How many techniques there are. */
QHM_API size_t qhm_technique_count(void);

/** Technique `index`. @param index  less than qhm_technique_count(). */
QHM_API const qhm_technique_info *qhm_technique_information(size_t index);

/** Puts a technique around an executor.
 *  @param inner    borrowed.
 *  @param options  NULL: all defaults.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND (no such technique; the message suggests one);
 *          QHM_ERROR_UNSUPPORTED (it needs samples, which the inner executor lacks);
 *          QHM_ERROR_INVALID_ARGUMENT (an option out of range); QHM_ERROR_BAD_INPUT (symmetries
 *          that cannot be read); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_executor_mitigate(qhm_executor *inner, const char *technique,
                                                        const qhm_mitigation_options *options,
                                                        qhm_executor **executor);

#ifdef __cplusplus
}
#endif
#endif
