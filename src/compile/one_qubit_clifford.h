// Clifford gates on one qubit, by what they make of X and Z; a global phase is left out.
#ifndef QHM_COMPILE_ONE_QUBIT_CLIFFORD_H
#define QHM_COMPILE_ONE_QUBIT_CLIFFORD_H

#include <qhm/circuit.h>
#include <stdbool.h>

// A Pauli operator with a sign.
typedef struct qhm_signed_pauli {
    qhm_pauli pauli;
    bool is_negative;
} qhm_signed_pauli;

typedef struct qhm_clifford {
    qhm_signed_pauli x, z; // C X C* and C Z C*
} qhm_clifford;

qhm_clifford qhm_clifford_identity(void);

// The gate's Clifford: h, x, y, z, s, sdg, sx, sxdg. False for others.
bool qhm_clifford_of_gate(qhm_gate gate, qhm_clifford *clifford);

// a b: b acts first.
qhm_clifford qhm_clifford_multiply(qhm_clifford a, qhm_clifford b);

// C P C* for X, Y or Z.
qhm_signed_pauli qhm_clifford_map(qhm_clifford clifford, qhm_pauli pauli);

// C* P C.
qhm_signed_pauli qhm_clifford_map_back(qhm_clifford clifford, qhm_pauli pauli);

// What has to be done of a Clifford before it may wait.
typedef enum qhm_clifford_rest {
    QHM_CLIFFORD_REST_PAULI = 0, // nothing but a Pauli may be left
    QHM_CLIFFORD_REST_X = 1,     // what is left maps X to X or -X
    QHM_CLIFFORD_REST_Z = 3      // what is left maps Z to Z or -Z
} qhm_clifford_rest;

// Splits a Clifford into gates s and sx that act first, as few as can be, and a rest after them.
// gates: room for 3. Returns their number.
unsigned qhm_clifford_split(qhm_clifford clifford, qhm_clifford_rest kind, qhm_gate gates[3],
                            qhm_clifford *rest);

// The Pauli gate that a Clifford is, if it is one: id, x, y or z as I, X, Y, Z.
bool qhm_clifford_is_pauli(qhm_clifford clifford, qhm_pauli *pauli);

#endif
