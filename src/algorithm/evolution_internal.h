// Exponentials of a Pauli sum, classically.
#ifndef QHM_ALGORITHM_EVOLUTION_INTERNAL_H
#define QHM_ALGORITHM_EVOLUTION_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/observable.h>
#include <qhm/types.h>

// Adds the sum to matrix [2^n][2^n], row-major; n at least the sum's qubits.
void qhm_evolution_add_hamiltonian(size_t qubit_count, const qhm_observable *hamiltonian,
                                   qhm_complex *matrix);

// At least as many qubits as the sum's and 1, terms, and a finite time.
QHM_MUST_CHECK qhm_status qhm_evolution_check(size_t qubit_count, const qhm_observable *hamiltonian,
                                              double time);

// exp(-ixy) = sum over k of (2 - [k = 0]) (-i)^k J_k(x) T_k(y) on -1 <= y <= 1.
typedef struct qhm_chebyshev_series {
    double *coefficients; // [count] J_k(x)
    size_t count;
    double error; // at most, of all that is left out
} qhm_chebyshev_series;

// For 0 <= x up to 1e9; qhm_release the coefficients.
QHM_MUST_CHECK qhm_status qhm_chebyshev_series_create(double x, double tolerance,
                                                      qhm_chebyshev_series *series);

#endif
