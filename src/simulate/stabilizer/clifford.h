// Clifford gates: recognised by what they do to Pauli matrices, and taken apart into four kinds of
// simple ones.
#ifndef QHM_SIMULATE_CLIFFORD_H
#define QHM_SIMULATE_CLIFFORD_H

#include "base/status_internal.h"

#include <qhm/circuit.h>

enum {
    QHM_CLIFFORD_MAX_QUBITS = 4,
    QHM_CLIFFORD_MAX_OPS = 64 // of a gate on so many qubits
};

// How far an entry of U P U^dagger may be from a Pauli matrix: about as far as an angle may be
// from a multiple of pi/2.
#define QHM_CLIFFORD_TOLERANCE 1e-12

typedef enum qhm_clifford_kind {
    QHM_CLIFFORD_TURN, // any gate on qubit a
    QHM_CLIFFORD_CX,
    QHM_CLIFFORD_CZ,
    QHM_CLIFFORD_SWAP
} qhm_clifford_kind;

// A one-qubit Clifford gate by its images of X, Z and Y: all ones where the image has X, has Z, or
// is negative.
typedef struct qhm_clifford_turn {
    uint64_t x_to_x, x_to_z, x_sign;
    uint64_t z_to_x, z_to_z, z_sign;
    uint64_t y_sign;
} qhm_clifford_turn;

typedef struct qhm_clifford_op {
    qhm_clifford_kind kind;
    uint32_t a, b; // CX: control, target
    qhm_clifford_turn turn;
} qhm_clifford_op;

// A growing list of operations.
typedef struct qhm_clifford_list {
    qhm_clifford_op *ops;
    size_t count, capacity;
} qhm_clifford_list;

// Appends what a unitary instruction does, for angles of these values [angle_count of the gate].
// *is_clifford is false, and nothing appended, if it is not a Clifford gate.
// QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_clifford_append(qhm_clifford_list *list,
                                              const qhm_instruction *instruction,
                                              const double *angles, bool *is_clifford);

#endif
