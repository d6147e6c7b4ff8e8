// What a problem file of the eigensolver is about: a molecule, a file of integrals, or a Pauli sum.
#ifndef QHM_ALGORITHM_VQE_SUBJECT_H
#define QHM_ALGORITHM_VQE_SUBJECT_H

#include "algorithm/algorithm_internal.h"

#include <qhm/molecule.h>

typedef struct qhm_vqe_subject_options {
    const qhm_node *atoms, *frozen, *active;
    const char *fcidump, *hamiltonian;
    int unit; // 1 + index into bohr, angstrom; 0: not given
    double charge, penalty;
    size_t unpaired;
    int mapping;
} qhm_vqe_subject_options;

// Zero-initialise; release with qhm_vqe_subject_release.
typedef struct qhm_vqe_subject {
    qhm_electronic_problem *electrons; // NULL: a Pauli sum
    qhm_electron_map map;
    qhm_observable *hamiltonian; // the energy, divided by `scale`
    qhm_observable *objective;   // with the penalty for other numbers of electrons
    double scale;                // a power of 2; 1 but for Pauli sums of very large or small terms
    size_t qubits;
    double nearest_angstrom; // of two atoms; 0: not known
} qhm_vqe_subject;

QHM_MUST_CHECK qhm_status qhm_vqe_subject_read(const qhm_problem *problem,
                                               const qhm_vqe_subject_options *options,
                                               qhm_vqe_subject *subject);
void qhm_vqe_subject_release(qhm_vqe_subject *subject);

// The exact ground state, method and time, as the opponent. energy: of the scaled Hamiltonian.
QHM_MUST_CHECK qhm_status qhm_vqe_subject_solve(const qhm_vqe_subject *subject, json_t *opponent,
                                                double *energy, double *seconds);

#endif
