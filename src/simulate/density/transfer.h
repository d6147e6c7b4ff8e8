// Pauli transfer matrices of a circuit's gates and channels, for channels see qhm/channel.h.
#ifndef QHM_SIMULATE_DENSITY_TRANSFER_H
#define QHM_SIMULATE_DENSITY_TRANSFER_H

#include <qhm/circuit.h>

enum { QHM_TRANSFER_MAX_QUBITS = 4, QHM_TRANSFER_MAX_ENTRIES = 1 << 16 };

// out [4^k][4^k] of a channel, or of a gate on at most QHM_TRANSFER_MAX_QUBITS qubits, controls
// included, whose angles have these values. Its condition is disregarded. Rounding errors of zeros
// become 0, and the first row 1 0 0 ... QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_transfer_create(const qhm_instruction *instruction,
                                              const double *angles, double *out);

// out = the same map of two qubits in the other order, [16][16].
void qhm_transfer_swap(const double *matrix, double *out);

#endif
