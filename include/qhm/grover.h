/** @file grover.h
 *  Grover's search and amplitude amplification over any preparation: plain, exact, fixed point.
 *
 *  With a share a = sin^2(theta) of marked weight, k iterations give sin^2((2k + 1) theta)
 *  [grover1996, brassard2002]. An iteration is one oracle call, which computes its condition
 *  twice, the preparation backwards and forwards, and a phase gate under all its qubits. k
 *  iterations take place one after another: on P machines a search gets faster by sqrt(P) only.
 *
 *  @code
 *  qhm_grover_options options = {.iterations = qhm_grover_iterations(1.0 / 16)};
 *  status = qhm_grover_create(oracle, &options, &circuit); // to be measured
 *  @endcode */
#ifndef QHM_GROVER_H
#define QHM_GROVER_H

#include <qhm/circuit.h>
#include <qhm/oracle.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The iterations that find a share of marked weight best: round(pi / (4 theta) - 1/2).
 *  @param share  in (0, 1]; 0 for others. */
QHM_API size_t qhm_grover_iterations(double share);

/** sin^2((2k + 1) theta): the probability of a marked item after k iterations. */
QHM_API double qhm_grover_probability(double share, size_t iterations);

/** How amplitudes are amplified. */
typedef enum qhm_grover_kind {
    QHM_GROVER_PLAIN = 0,   /**< `iterations` times */
    QHM_GROVER_EXACT,       /**< a known share is found for certain: one more qubit damps it to
                               sin^2(pi / (4m + 2)), which m iterations take to 1 [brassard2002] */
    QHM_GROVER_FIXED_POINT, /**< any share of `share` or more is found with at least
                               1 - delta^2: phases instead of signs [yoder2014] */
    QHM_GROVER_KIND_COUNT
} qhm_grover_kind;

/** A search; zero means the default in every field. */
typedef struct qhm_grover_options {
    qhm_grover_kind kind;
    const qhm_circuit *preparation; /**< from |0...0>, the oracle's qubits first; its further
                                       qubits are work; NULL: H on every qubit */
    size_t iterations;              /**< of the plain kind */
    double share;  /**< of marked weight: exact, or for the fixed point the least */
    double delta;  /**< of the fixed point, in (0, 1); 0: sqrt(0.1) */
    size_t length; /**< of the fixed point: L, odd, (L - 1) / 2 iterations; 0: as `share` needs */
    bool is_measured; /**< the searched qubits into as many bits, then the exact kind's qubit into
                         one more */
} qhm_grover_options;

/** What a search takes and gives. */
typedef struct qhm_grover_plan {
    size_t iterations;
    double damping;       /**< of the exact kind: the share of the good weight that is kept */
    double target;        /**< of the exact kind: the share that is amplified */
    size_t length;        /**< of the fixed point: L */
    double gamma_inverse; /**< of the fixed point: T_{1/L}(1 / delta) */
} qhm_grover_plan;

/** Finds iterations and constants.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a share outside (0, 1], such as that of nothing
 *          marked; an even length; a delta out of range). */
QHM_API QHM_MUST_CHECK qhm_status qhm_grover_find_plan(const qhm_grover_options *options,
                                                       qhm_grover_plan *plan);

/** 1 - delta^2 T_L(T_{1/L}(1 / delta) sqrt(1 - share))^2: what the fixed point gives. */
QHM_API double qhm_grover_fixed_point_probability(double share, double delta, size_t length);

/** Creates the circuit of a search.
 *
 *  Up to a sign for every iteration, which no measurement sees. An item counts as found if it is
 *  marked and, for the exact kind, the qubit after all others is 1.
 *  @param circuit  registers `search`, `preparation`, `work`, `exact`, as far as they are needed.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_UNSUPPORTED (a preparation that cannot be
 *          inverted); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_grover_create(const qhm_oracle *oracle,
                                                    const qhm_grover_options *options,
                                                    qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
