/** @file xeb.h
 *  Cross-entropy benchmarking of random-circuit sampling [boixo2018, arute2019].
 *
 *  The linear estimate of the fidelity is 2^n <p(x)> - 1 over the samples x, p the circuit's ideal
 *  probabilities: 0 for uniform noise, (N - 1) / (N + 1) on the average over random states for a
 *  perfect sampler; divided by N sum p^2 - 1 it is 1 for that circuit. It takes all p(x) of the
 *  samples, so that checking costs as much as the task that is claimed to be out of reach.
 *
 *  @code
 *  qhm_xeb_estimate estimate;
 *  status = qhm_xeb_estimate_outcomes(10, probabilities, outcomes, &estimate);
 *  @endcode */
#ifndef QHM_XEB_H
#define QHM_XEB_H

#include <qhm/circuit.h>
#include <qhm/distribution.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The estimate from samples. */
typedef struct qhm_xeb_estimate {
    double linear;                    /**< N <p(x)> - 1 */
    double standard_error;            /**< from the samples; infinite for one */
    double normalised;                /**< linear / collision */
    double normalised_standard_error; /**< standard_error / collision */
    double collision; /**< N sum p^2 - 1: what a perfect sampler of this circuit gives */
} qhm_xeb_estimate;

/** Estimates the fidelity.
 *  @param qubit_count    1 to 30: N = 2^qubit_count.
 *  @param probabilities  [N], ideal.
 *  @param outcomes       of qubit_count bits, weights as numbers of samples.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no samples, other bits; all probabilities equal, by
 *          which nothing can be told). */
QHM_API QHM_MUST_CHECK qhm_status qhm_xeb_estimate_outcomes(size_t qubit_count,
                                                            const double *probabilities,
                                                            const qhm_distribution *outcomes,
                                                            qhm_xeb_estimate *estimate);

/** (N - 1) / (N + 1). */
QHM_API double qhm_xeb_ideal(size_t qubit_count);

/** -sum p ln p, in nats. @param probabilities  [2^qubit_count]. */
QHM_API double qhm_xeb_entropy(size_t qubit_count, const double *probabilities);

/** Its average over random states: 1/2 + 1/3 + ... + 1/N, near ln N - 0.4228. */
QHM_API double qhm_xeb_ideal_entropy(size_t qubit_count);

/** The Kolmogorov-Smirnov distance of N p from the exponential distribution that Porter and Thomas
 *  found, and the probability of a larger one if the N values were drawn from it.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_xeb_porter_thomas(size_t qubit_count,
                                                        const double *probabilities,
                                                        double *distance, double *p_value);

/** The circuit with a Pauli error after every gate on two qubits: one of the 15, alike, with the
 *  probability `error`.
 *  @param error  0 to 1.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_xeb_add_noise(const qhm_circuit *circuit, double error,
                                                    qhm_circuit **noisy);

#ifdef __cplusplus
}
#endif
#endif
