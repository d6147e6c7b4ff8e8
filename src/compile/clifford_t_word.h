// Exact synthesis: Clifford+T operators as words with the fewest T gates.
#ifndef QHM_COMPILE_CLIFFORD_T_WORD_H
#define QHM_COMPILE_CLIFFORD_T_WORD_H

#include "compile/clifford_t_ring.h"

#include <qhm/circuit.h>
#include <stddef.h>
#include <stdint.h>

// A one-qubit operator (u, -t* w; t, u* w) / sqrt2^exponent with w = omega^phase.
typedef struct qhm_clifford_t_operator {
    qhm_omega_integer u, t;
    unsigned exponent, phase;
} qhm_clifford_t_operator;

enum { QHM_CLIFFORD_T_MAX_WORD = 512 };

// Gates H, S, T, X, Y, Z in the order of the matrix product: the last acts first.
typedef struct qhm_clifford_t_word {
    size_t length, t_count;
    uint8_t gates[QHM_CLIFFORD_T_MAX_WORD]; // qhm_gate
} qhm_clifford_t_word;

// The normal form of Matsumoto and Amano, (T or nothing) (HT or SHT)* C with C a Clifford gate,
// which has the fewest T gates [matsumoto2008]; equal up to a global phase. False if the matrix is
// not unitary or takes more than the word's room.
bool qhm_clifford_t_synthesize(const qhm_clifford_t_operator *matrix, qhm_clifford_t_word *word);

#endif
