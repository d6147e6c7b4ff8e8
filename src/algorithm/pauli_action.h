// A Pauli sum that acts on a state without its matrix.
#ifndef QHM_ALGORITHM_PAULI_ACTION_H
#define QHM_ALGORITHM_PAULI_ACTION_H

#include "base/status_internal.h"

#include <qhm/observable.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { QHM_PAULI_ACTION_ROWS = 1024 }; // at most, at a time

// A string that flips bits: of |b> it makes (-1)^|z & b| |b ^ x>, times its coefficient and a
// power of i.
typedef struct qhm_pauli_action_term {
    uint64_t x, z;
    double factor;
    bool is_imaginary; // i times the factor
} qhm_pauli_action_term;

typedef struct qhm_pauli_action {
    size_t size;      // 2^qubits
    double constant;  // the identity's coefficient
    double weight;    // sum of the other |coefficients|
    double *diagonal; // [size] of the strings of Z; NULL: none
    size_t count;
    qhm_pauli_action_term *terms; // [count] the others
} qhm_pauli_action;

// At most 63 qubits, at least the sum's; release it.
QHM_MUST_CHECK qhm_status qhm_pauli_action_create(const qhm_observable *sum, size_t qubit_count,
                                                  qhm_pauli_action *action);
void qhm_pauli_action_release(qhm_pauli_action *action);

// Entries [first, last) of the sum without its constant times a vector [2][size], real parts first.
void qhm_pauli_action_rows(const qhm_pauli_action *action, const double *vector, size_t first,
                           size_t last, double *re, double *im);

#endif
