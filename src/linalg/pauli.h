// Pauli strings on up to 64 qubits as two bit masks: products, commutation, action, matrices.
#ifndef QHM_LINALG_PAULI_H
#define QHM_LINALG_PAULI_H

#include <qhm/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Bit q of x: X or Y on qubit q; bit q of z: Z or Y on qubit q. Both zero: the identity.
typedef struct qhm_pauli_masks {
    uint64_t x, z;
} qhm_pauli_masks;

// a b = i^k product: returns k, 0 to 3.
unsigned qhm_pauli_multiply(qhm_pauli_masks a, qhm_pauli_masks b, qhm_pauli_masks *product);

// a b = b a.
bool qhm_pauli_commute(qhm_pauli_masks a, qhm_pauli_masks b);

// On every qubit the two letters are equal or one is I: one measurement setting serves both.
bool qhm_pauli_commute_qubitwise(qhm_pauli_masks a, qhm_pauli_masks b);

// P |basis> = i^k |basis ^ P.x>: returns k, 0 to 3.
unsigned qhm_pauli_phase(qhm_pauli_masks pauli, uint64_t basis);

// i^k times (re, im).
qhm_complex qhm_complex_times_i(qhm_complex value, unsigned k);

// Adds coefficient * P to matrix [2^n][2^n], row-major.
void qhm_pauli_add_matrix(qhm_pauli_masks pauli, double coefficient, unsigned qubit_count,
                          qhm_complex *matrix);

#endif
