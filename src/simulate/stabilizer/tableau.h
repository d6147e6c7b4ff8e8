// The stabilizer tableau: a state that Clifford gates, measurements and resets make of |0...0>,
// with signs that may depend on random bits.
//
// 2n Pauli strings, the stabilizers (which fix the state) and their destabilizers (row i
// anticommutes with stabilizer i alone) [aaronson2004]. They are stored by qubit: for each qubit
// the X bits of all strings, then their Z bits, packed into words. A gate is then a few operations
// on the words of its qubits, and a measurement multiplies all rows that need it by one row, qubit
// after qubit, 64 rows at a time; powers of i are counted modulo 4 in two bit-planes.
//
// An outcome that is not decided may be kept as a variable instead of drawn: signs, and outcomes
// that follow from them, are then sums modulo 2 of variables [fang2024]. One run of a circuit thus
// describes all its shots.
#ifndef QHM_SIMULATE_TABLEAU_H
#define QHM_SIMULATE_TABLEAU_H

#include "simulate/stabilizer/clifford.h"

#include <qhm/observable.h>
#include <stdbool.h>

typedef struct qhm_tableau {
    size_t qubit_count;
    size_t words;    // of one half of the rows: stabilizers first, then destabilizers
    uint64_t *x, *z; // [qubit_count][2 * words]
    uint64_t *signs; // [1 + variable_count][words]: of stabilizers; row 0 constant
    size_t variable_count, sign_capacity;
    uint64_t *mask, *ones, *twos; // [2 * words] work space
} qhm_tableau;

// A sum modulo 2 of a constant and variables.
typedef struct qhm_affine {
    uint64_t *terms; // bit 0: the constant; bit 1 + v: variable v. NULL: none
    size_t words, capacity;
} qhm_affine;

enum { QHM_NO_PIVOT = -1 };

// |0...0>. QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_tableau_create(size_t qubit_count, qhm_tableau **tableau);
void qhm_tableau_destroy(qhm_tableau *tableau);

// Both have as many qubits.
QHM_MUST_CHECK qhm_status qhm_tableau_copy(qhm_tableau *to, const qhm_tableau *from);

// |0...0> again, without variables.
void qhm_tableau_reset(qhm_tableau *tableau);

size_t qhm_tableau_bytes(const qhm_tableau *tableau);
// What one on so many qubits will need.
double qhm_tableau_needed_bytes(double qubits);

void qhm_tableau_apply(qhm_tableau *tableau, const qhm_clifford_op *ops, size_t count);

// A Pauli string X^x Z^z (and so on) turned on by a sum of variables: flips signs.
void qhm_tableau_flip(qhm_tableau *tableau, uint32_t qubit, bool x, bool z,
                      const qhm_affine *condition);

// A stabilizer that anticommutes with Z on the qubit, so that its outcome is random, or
// QHM_NO_PIVOT.
long qhm_tableau_find_pivot(const qhm_tableau *tableau, uint32_t qubit);

// Projects a qubit whose outcome is random onto `outcome`. A tableau without variables.
void qhm_tableau_collapse(qhm_tableau *tableau, uint32_t qubit, long pivot, bool outcome);

// Projects a qubit whose outcome is random; the outcome is a new variable.
QHM_MUST_CHECK qhm_status qhm_tableau_collapse_to_variable(qhm_tableau *tableau, uint32_t qubit,
                                                           long pivot);

// The constant part of an outcome that is not random; all of it without variables.
bool qhm_tableau_outcome(qhm_tableau *tableau, uint32_t qubit);

// Measures a qubit: outcome is a sum of variables, perhaps with a new one.
QHM_MUST_CHECK qhm_status qhm_tableau_measure(qhm_tableau *tableau, uint32_t qubit,
                                              qhm_affine *outcome);

// The expectation value of a Pauli string: -1, 0 or 1; over all variables, 0 if it depends on any.
double qhm_tableau_expectation(qhm_tableau *tableau, const qhm_pauli_factor *factors, size_t count);

void qhm_affine_release(qhm_affine *sum);
QHM_MUST_CHECK qhm_status qhm_affine_set(qhm_affine *sum, bool constant);
QHM_MUST_CHECK qhm_status qhm_affine_copy(qhm_affine *to, const qhm_affine *from);
bool qhm_affine_constant(const qhm_affine *sum);
bool qhm_affine_is_constant(const qhm_affine *sum);

#endif
