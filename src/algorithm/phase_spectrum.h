// The problem of a phase estimation: what unitary, what state, and what its phases truly are.
#ifndef QHM_ALGORITHM_PHASE_SPECTRUM_H
#define QHM_ALGORITHM_PHASE_SPECTRUM_H

#include "algorithm/algorithm_internal.h"

#include <qhm/phase_estimation.h>

enum { QHM_PHASE_MOST_DENSE = 4, QHM_PHASE_MOST_QUBITS = 8 };

typedef struct qhm_phase_fields {
    const qhm_node *phases, *matrix, *initial;
    const char *hamiltonian;
    double time;  // 0: the longest that surely does not wrap, less a tenth
    size_t steps; // of the product formula; 0: one gate of the exact exponential
} qhm_phase_fields;

typedef struct qhm_phase_spectrum {
    size_t qubits, size; // size: 2^qubits
    bool has_energies;
    double time, seconds;      // seconds: to find the phases
    double *phases, *energies; // [size] of eigenstates, in turns; energies without has_energies: 0
    double *weights;           // [size] of the state on them
    qhm_circuit *preparation, *unitary, *controlled; // controlled may be NULL
} qhm_phase_spectrum;

// Reads it, finds its eigenvalues by LAPACK, makes its circuits. Destroy it in any case.
QHM_MUST_CHECK qhm_status qhm_phase_spectrum_read(const qhm_phase_fields *fields,
                                                  const qhm_problem *problem,
                                                  qhm_phase_spectrum *spectrum);

void qhm_phase_spectrum_destroy(qhm_phase_spectrum *spectrum);

// The eigenstate whose phase has the largest weight, equal phases taken together.
size_t qhm_phase_spectrum_heaviest(const qhm_phase_spectrum *spectrum, double *weight);

#endif
