/** @file channel.h
 *  Quantum channels as values: what noise does to 1 to 4 qubits, by Kraus operators.
 *
 *  A channel maps a density matrix rho to the sum of K rho K^dagger over its operators K. It is a
 *  plain value: any code may fill a qhm_channel with its own operators, and every function here
 *  takes such a one; those that make a channel hand over their own copy.
 *
 *  Qubit 0 of a channel is the lowest bit of its matrices, as a gate's first target is. Strings of
 *  Paulis are numbered in base 4 with the digits I X Y Z = 0 1 2 3 and qubit 0 as lowest digit: ZX
 *  with X on qubit 0 is 13.
 *
 *  @code
 *  qhm_channel *relaxation, *error, *both;
 *  qhm_status status = qhm_channel_create_thermal_relaxation(25, 68e3, 49e3, 0, &relaxation);
 *  if (status == QHM_OK)
 *      status = qhm_channel_create_depolarizing(1, 1e-3, &error);
 *  if (status == QHM_OK)
 *      status = qhm_channel_compose(error, relaxation, &both); // first the error
 *  @endcode */
#ifndef QHM_CHANNEL_H
#define QHM_CHANNEL_H

#include <qhm/status.h>
#include <qhm/types.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { QHM_CHANNEL_MAX_QUBITS = 4 /**< of one channel */ };

/** A trace-preserving completely positive map. */
typedef struct qhm_channel {
    size_t qubit_count;       /**< k, 1 to 4 */
    size_t kraus_count;       /**< 1 to 4^k */
    const qhm_complex *kraus; /**< [kraus_count][2^k][2^k], rows first */
} qhm_channel;

/** Copies and checks operators.
 *  @param kraus  [kraus_count][2^k][2^k]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT if the sum of K^dagger K is not 1 within 1e-10;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create(size_t qubit_count, size_t kraus_count,
                                                     const qhm_complex *kraus,
                                                     qhm_channel **channel);

/** Frees a channel that a function of this header made; NULL is fine. */
QHM_API void qhm_channel_destroy(qhm_channel *channel);

/** The channel that does nothing. @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_identity(size_t qubit_count,
                                                              qhm_channel **channel);

/** Pauli strings at random.
 *  @param probabilities  [4^k], each in 0 to 1, sum 1 within 1e-10 (divided by it).
 *  @return as qhm_channel_create. The operators are sqrt(p) P for p > 0, ascending. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_pauli(size_t qubit_count,
                                                           const double *probabilities,
                                                           qhm_channel **channel);

/** The state is lost with a probability: rho becomes (1 - p) rho + p 1 / 2^k.
 *
 *  Each of the 4^k - 1 Pauli errors has probability p / 4^k, and the average gate infidelity is
 *  p (1 - 2^-k).
 *  @param probability  0 to 4^k / (4^k - 1), where no identity is left.
 *  @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_depolarizing(size_t qubit_count,
                                                                  double probability,
                                                                  qhm_channel **channel);

/** X with a probability. @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_bit_flip(double probability,
                                                              qhm_channel **channel);

/** Z with a probability. @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_phase_flip(double probability,
                                                                qhm_channel **channel);

/** Decay towards a mixture of |0> and |1>: generalised amplitude damping.
 *
 *  Populations move to (1 - excited, excited) by the fraction gamma; coherences shrink by
 *  sqrt(1 - gamma).
 *  @param gamma    0 to 1
 *  @param excited  the share of |1> at rest, 0 to 1; 0: amplitude damping
 *  @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_amplitude_damping(double gamma, double excited,
                                                                       qhm_channel **channel);

/** Coherences shrink by sqrt(1 - lambda); populations stay. @param lambda  0 to 1.
 *  @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_phase_damping(double lambda,
                                                                   qhm_channel **channel);

/** What T1 and T2 do in a time: populations move to (1 - excited, excited) by the fraction
 *  1 - exp(-t / T1), coherences shrink by exp(-t / T2).
 *
 *  T2 may lie on either side of T1 but not above 2 T1, where no such channel exists.
 *  @param duration_ns  at least 0, finite
 *  @param t1_ns        above 0; INFINITY: no decay
 *  @param t2_ns        above 0; INFINITY, together with T1: no dephasing
 *  @param excited      the share of |1> at rest, 0 to 1
 *  @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_thermal_relaxation(double duration_ns,
                                                                        double t1_ns, double t2_ns,
                                                                        double excited,
                                                                        qhm_channel **channel);

/** The qubit becomes |0>, or |1> with probability `excited`. @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_reset(double excited, qhm_channel **channel);

/** Pauli errors that come at random times, each at a rate of its own.
 *
 *  Exact for any time: two errors may cancel. One rate r of a single string gives it with
 *  probability (1 - exp(-2 r t)) / 2.
 *  @param rates_per_second  [4^k], finite, at least 0; that of the identity does nothing.
 *  @param duration_ns       at least 0, finite
 *  @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_pauli_rates(size_t qubit_count,
                                                                 const double *rates_per_second,
                                                                 double duration_ns,
                                                                 qhm_channel **channel);

/** First `first`, then `second`, on the same qubits.
 *
 *  The result is in canonical form (qhm_channel_create_canonical).
 *  @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_compose(const qhm_channel *first,
                                                      const qhm_channel *second,
                                                      qhm_channel **channel);

/** One channel beside another: `low` on the lower qubits, `high` on those after them.
 *  @return as qhm_channel_create; more than 4 qubits are an invalid argument. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_tensor(const qhm_channel *low,
                                                     const qhm_channel *high,
                                                     qhm_channel **channel);

/** A channel many times in a row, by squaring; 0 times is the identity.
 *  @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_repeat(const qhm_channel *channel, size_t times,
                                                     qhm_channel **repeated);

/** The same map by as few operators as can be, orthogonal to each other, the heaviest first.
 *
 *  A mixture of Pauli strings gets them as operators, ascending. Operators whose weight
 *  tr(K^dagger K) / 2^k is below 1e-15 are left out elsewhere.
 *  @return as qhm_channel_create; QHM_ERROR_NUMERIC. Cost: O(64^k) for 4^k operators. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_canonical(const qhm_channel *channel,
                                                               qhm_channel **canonical);

/** The channel of a Choi matrix, in canonical form.
 *  @param choi  [2^k 2^k][2^k 2^k], see qhm_channel_choi; hermitian, positive and trace-preserving
 *               within 1e-10.
 *  @return as qhm_channel_create; QHM_ERROR_NUMERIC. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_create_from_choi(size_t qubit_count,
                                                               const qhm_complex *choi,
                                                               qhm_channel **channel);

/** The Pauli twirl: the mixture of Pauli strings with the same diagonal of the chi matrix. It has
 *  the same fidelity, and simulators of Clifford circuits can run it.
 *  @return as qhm_channel_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_twirl(const qhm_channel *channel,
                                                    qhm_channel **twirled);

/** The identity taken out: channel = weight identity + (1 - weight) rest with the largest weight.
 *
 *  A simulator that draws whether anything happens at all leaves the state alone with that
 *  probability. Dephasing and depolarising leave a weight near 1; pure amplitude damping has none,
 *  for |1> fades even while nothing is emitted.
 *  @param rest  in canonical form; the identity where the weight is 1.
 *  @return as qhm_channel_create_canonical. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_split_identity(const qhm_channel *channel,
                                                             double *weight, qhm_channel **rest);

/** Applies a channel to a density matrix.
 *  @param rho  [2^k][2^k], any matrix
 *  @param out  the same shape; does not overlap rho */
QHM_API void qhm_channel_apply(const qhm_channel *channel, const qhm_complex *rho,
                               qhm_complex *out);

/** Overlap with a unitary: the sum of |tr(U^dagger K)|^2 / 4^k.
 *  @param unitary  [2^k][2^k]; NULL: the identity. */
QHM_API double qhm_channel_process_fidelity(const qhm_channel *channel, const qhm_complex *unitary);

/** Mean fidelity of the output with U|psi> over all pure states: (2^k F + 1) / (2^k + 1) with the
 *  process fidelity F [nielsen2002]. @param unitary  as in qhm_channel_process_fidelity. */
QHM_API double qhm_channel_average_fidelity(const qhm_channel *channel, const qhm_complex *unitary);

/** The Pauli transfer matrix: out[i][j] = tr(P_i channel(P_j)) / 2^k.
 *  @param out  [4^k][4^k]
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_pauli_transfer_matrix(const qhm_channel *channel,
                                                                    double *out);

/** The Choi matrix: out[(i, a)][(j, b)] = <a| channel(|i><j|) |b>, trace 2^k.
 *  @param out  [2^k 2^k][2^k 2^k], index i 2^k + a. */
QHM_API void qhm_channel_choi(const qhm_channel *channel, qhm_complex *out);

/** The probabilities of Pauli strings: all of the channel if it is such a mixture, else its twirl.
 *  @param out       [4^k]
 *  @param is_pauli  whether nothing else is in the channel, within 1e-12; may be NULL.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_channel_pauli_probabilities(const qhm_channel *channel,
                                                                  double *out, bool *is_pauli);

/** Whether every operator is sqrt(p) times a unitary within 1e-12: then which one acts does not
 *  depend on the state.
 *  @param out  [kraus_count] weights tr(K^dagger K) / 2^k of the operators; the probabilities p
 *              of such a mixture. May be NULL. */
QHM_API bool qhm_channel_is_unitary_mixture(const qhm_channel *channel, double *out);

#ifdef __cplusplus
}
#endif
#endif
