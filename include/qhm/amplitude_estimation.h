/** @file amplitude_estimation.h
 *  Canonical amplitude estimation: the share of marked weight in a prepared state, by phase
 *  estimation of the operator Q [brassard2002].
 *
 *  With m bits, M = 2^m, an outcome y means the share sin^2(pi y / M). With probability at least
 *  8 / pi^2 it is within 2 pi sqrt(a (1 - a)) / M + pi^2 / M^2 of the true share a. A run uses the
 *  preparation 2 (M - 1) + 1 times, one use after the other. */
#ifndef QHM_AMPLITUDE_ESTIMATION_H
#define QHM_AMPLITUDE_ESTIMATION_H

#include <qhm/amplitude_operator.h>
#include <qhm/distribution.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Creates the circuit of a run.
 *  @param bit_count    m, 1 to 12.
 *  @param is_measured  the clock into m bits.
 *  @param circuit      the qubits of Q, then the clock, its lowest bit first.
 *  @return as qhm_amplitude_operator_create. */
QHM_API QHM_MUST_CHECK qhm_status
qhm_amplitude_estimation_create(const qhm_amplitude_problem *problem, size_t bit_count,
                                bool is_measured, qhm_circuit **circuit);

/** The probability of the outcome y for a share a: (F(t - y / M) + F(-t - y / M)) / 2 with
 *  t = asin(sqrt(a)) / pi and F(x) = (sin(M pi x) / (M sin(pi x)))^2.
 *  @param share  in [0, 1]. @param y  less than 2^bit_count. */
QHM_API double qhm_amplitude_estimation_probability(double share, size_t bit_count, size_t y);

/** What an outcome means: sin^2(pi y / 2^bit_count). */
QHM_API double qhm_amplitude_estimation_value(size_t bit_count, size_t y);

/** 2 pi sqrt(a (1 - a)) / M + pi^2 / M^2. */
QHM_API double qhm_amplitude_estimation_error_bound(double share, size_t bit_count);

/** The median of what the outcomes of several runs mean; the lower one of two.
 *  @param outcomes  over at most 12 bits, weights above 0 in all.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_amplitude_estimation_median(const qhm_distribution *outcomes,
                                                                  double *share);

#ifdef __cplusplus
}
#endif
#endif
