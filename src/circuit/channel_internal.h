// What the files of channel.h share.
#ifndef QHM_CIRCUIT_CHANNEL_INTERNAL_H
#define QHM_CIRCUIT_CHANNEL_INTERNAL_H

#include "base/status_internal.h"
#include "linalg/pauli.h"

#include <qhm/channel.h>
#include <qhm/observable.h>

enum {
    QHM_CHANNEL_MAX_DIMENSION = 1 << QHM_CHANNEL_MAX_QUBITS,
    QHM_CHANNEL_MAX_STRINGS = 1 << 2 * QHM_CHANNEL_MAX_QUBITS // Pauli strings
};

// Weights below this are rounding, not physics.
#define QHM_CHANNEL_ROUNDING 1e-15

// QHM_ERROR_INVALID_ARGUMENT unless the counts are in range and there are operators.
QHM_MUST_CHECK qhm_status qhm_channel_check(const qhm_channel *channel);

// A channel whose operators, all zero, are still to be written.
QHM_MUST_CHECK qhm_status qhm_channel_allocate(size_t qubit_count, size_t kraus_count,
                                               qhm_channel **channel, qhm_complex **kraus);

// The largest |(sum of K^dagger K - 1)[i][j]|; NaN if an entry is not finite.
double qhm_channel_trace_error(const qhm_channel *channel);

// The Pauli string of a number in base 4.
qhm_pauli_masks qhm_channel_pauli(size_t index, size_t qubit_count);

// matrix [2^k][2^k] = the sum of coefficients[P] P; coefficients [4^k].
void qhm_channel_coefficients(size_t qubit_count, const qhm_complex *matrix,
                              qhm_complex *coefficients);

// Adds what operator `matrix` contributes to chi [4^k][4^k]: channel(rho) is the sum of
// chi[i][j] P_i rho P_j.
void qhm_channel_add_chi(size_t qubit_count, const qhm_complex *matrix, qhm_complex *chi);

// chi [4^k][4^k] of a channel; release it.
QHM_MUST_CHECK qhm_status qhm_channel_chi(const qhm_channel *channel, qhm_complex **chi);

// No entry off the diagonal of a matrix [n][n] is above the tolerance.
bool qhm_channel_is_diagonal(size_t n, const qhm_complex *matrix, double tolerance);

// The canonical channel of a chi matrix, of which weights below `rounding` are dropped.
// QHM_ERROR_INVALID_ARGUMENT if it is not positive or not trace-preserving within 1e-10 or
// `rounding`.
QHM_MUST_CHECK qhm_status qhm_channel_create_from_chi(size_t qubit_count, const qhm_complex *chi,
                                                      double rounding, qhm_channel **channel);

#endif
