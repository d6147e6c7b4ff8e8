// Circuits appended on a range of qubits, among them Fourier transforms.
#ifndef QHM_ALGORITHM_APPEND_AT_H
#define QHM_ALGORITHM_APPEND_AT_H

#include "base/status_internal.h"

#include <qhm/circuit.h>

// Puts a circuit on the qubits from `first`.
QHM_MUST_CHECK qhm_status qhm_append_at(qhm_circuit *circuit, const qhm_circuit *part,
                                        size_t first);

// The Fourier transform of `count` qubits from `first`, the lowest bit on the first.
QHM_MUST_CHECK qhm_status qhm_append_fourier_at(qhm_circuit *circuit, size_t first, size_t count,
                                                bool is_inverse);

// Measures the first `count` qubits into a register made for them, qubit i into its bit i. There
// are no other bits yet.
QHM_MUST_CHECK qhm_status qhm_append_measures(qhm_circuit *circuit, const char *name, size_t count);

#endif
