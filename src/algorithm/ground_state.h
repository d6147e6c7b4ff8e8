// The lowest eigenvalue of a real symmetric operator that is known by its action.
#ifndef QHM_ALGORITHM_GROUND_STATE_H
#define QHM_ALGORITHM_GROUND_STATE_H

#include "base/status_internal.h"

#include <qhm/observable.h>
#include <stddef.h>
#include <stdint.h>

// out [size] = H vector [size], the same bits for any number of threads.
typedef qhm_status qhm_operator_action(void *context, const double *vector, double *out);

typedef struct qhm_ground_state {
    double energy, residual; // |H x - E x| for a unit x
    size_t products;         // of H with a vector; 0: diagonalised whole
} qhm_ground_state;

// Up to 200 dimensions by LAPACK, else by Lanczos with full reorthogonalisation, restarted from its
// best vector until the residual is at most 1e-9 of the largest eigenvalue seen, or 1e-9. `vector`
// [size] begins it and takes the eigenvector. QHM_ERROR_NUMERIC after 2,000 products.
QHM_MUST_CHECK qhm_status qhm_find_ground_state(size_t size, qhm_operator_action *action,
                                                void *context, double *vector,
                                                qhm_ground_state *result);

// The lowest eigenvalue of a Pauli sum on qubits, at most 20 of them. A complex vector is two real
// ones, and the operator a symmetric one on both.
QHM_MUST_CHECK qhm_status qhm_find_pauli_ground_state(size_t qubit_count,
                                                      const qhm_observable *hamiltonian,
                                                      qhm_ground_state *result);

#endif
