// Restricted Hartree-Fock: the best determinant of pairs, and of unpaired electrons, in a basis.
#ifndef QHM_ALGORITHM_SELF_CONSISTENT_FIELD_H
#define QHM_ALGORITHM_SELF_CONSISTENT_FIELD_H

#include "base/status_internal.h"

#include <stddef.h>

typedef struct qhm_basis_integrals {
    size_t n;
    const double *overlap, *hamiltonian; // [n][n]
    const double *repulsion;             // [n][n][n][n], chemists' order
    const double *occupations;           // [n] of the atoms' orbitals: the density to begin with
} qhm_basis_integrals;

// Finds orbitals [n][n], orbital i in row i, with energies [n], of which the first `pairs`
// are doubly occupied and the next `unpaired` singly, all with the same spin. QHM_ERROR_NUMERIC: an
// overlap matrix that is nearly singular, or no convergence of the gradient to the tolerance.
// Roothaan's equations, for open shells too [roothaan1960], with DIIS [pulay1982].
QHM_MUST_CHECK qhm_status qhm_self_consistent_field(const qhm_basis_integrals *basis, size_t pairs,
                                                    size_t unpaired, size_t iterations,
                                                    double tolerance, double *orbitals,
                                                    double *energies, size_t *used);

#endif
