// The matrix of a Pauli sum.
#ifndef QHM_ALGORITHM_EVOLUTION_INTERNAL_H
#define QHM_ALGORITHM_EVOLUTION_INTERNAL_H

#include <qhm/observable.h>
#include <qhm/types.h>

// Adds the sum to matrix [2^n][2^n], row-major; n at least the sum's qubits.
void qhm_evolution_add_hamiltonian(size_t qubit_count, const qhm_observable *hamiltonian,
                                   qhm_complex *matrix);

#endif
