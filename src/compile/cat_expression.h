// How gates stand as operations of cats and the transmons between them.
#ifndef QHM_COMPILE_CAT_EXPRESSION_H
#define QHM_COMPILE_CAT_EXPRESSION_H

#include "circuit/circuit_internal.h"

#include <qhm/device.h>

// What an instruction is part of, if its qubit is a cat: |+> and X are published, H is not.
typedef enum qhm_cat_role {
    QHM_CAT_PLAIN = 0,
    QHM_CAT_PREPARES,  // H on |0>: |+>
    QHM_CAT_TURNS,     // H before a measurement, which then is of X
    QHM_CAT_READS,     // that measurement; |0> or |1> has to be prepared after it
    QHM_CAT_READS_X,   // that measurement; what it leaves is wanted, or reset
    QHM_CAT_TURNS_BACK // H after it
} qhm_cat_role;

// The role of every instruction, into roles [instructions].
QHM_MUST_CHECK qhm_status qhm_cat_find_roles(const qhm_circuit *circuit, uint8_t *roles);

// One native instruction of several; with is_scratch a measurement into the qubit's scratch bit, a
// Pauli gate `if_one` where it is 1, and the bit back to 0.
typedef struct qhm_cat_piece {
    qhm_gate gate;
    qhm_angle angle;
    uint8_t qubits[2]; // among the instruction's
    uint8_t pauli;     // of measurements of X
    bool is_scratch;
    qhm_gate if_one;
} qhm_cat_piece;

enum { QHM_CAT_MAX_PIECES = 3 };

// The pieces of a gate, measurement or reset whose qubits are at `places` of the device.
unsigned qhm_cat_express(const qhm_device *device, const qhm_instruction *instruction,
                         qhm_cat_role role, const uint32_t *places,
                         qhm_cat_piece pieces[QHM_CAT_MAX_PIECES]);

// True if every piece is an operation of the device there.
bool qhm_cat_is_native(const qhm_device *device, const qhm_instruction *instruction,
                       qhm_cat_role role, const uint32_t *places, bool allow_assumed);

bool qhm_is_cat(const qhm_device *device, uint32_t qubit);

// Places for the circuit's qubits where its first `count` instructions are native. A search with a
// bound: false also if that was reached. places: [qubits].
QHM_MUST_CHECK qhm_status qhm_cat_find_places(const qhm_device *device, const qhm_circuit *circuit,
                                              const uint8_t *roles, size_t count, uint32_t *places,
                                              bool *is_found);

#endif
