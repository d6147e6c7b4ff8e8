// The measurement sequences by which tetrons compute: one table, which the lowering emits and the
// tests check over all outcomes.
#ifndef QHM_COMPILE_TETRON_GADGETS_H
#define QHM_COMPILE_TETRON_GADGETS_H

#include <qhm/circuit.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Whom a step concerns.
enum { QHM_TETRON_ANCILLA = 0, QHM_TETRON_FIRST = 1, QHM_TETRON_SECOND = 2, QHM_TETRON_ROLES = 3 };

enum { QHM_TETRON_MAX_STEPS = 4, QHM_TETRON_OUTCOMES = 4 };

// A measurement of one Pauli matrix or the product of two; or, without any, T on the ancilla.
typedef struct qhm_tetron_step {
    uint8_t count; // 0, 1 or 2 tetrons
    uint8_t roles[2], paulis[2];
    uint8_t outcome; // its number among the outcomes, 0 to 3
} qhm_tetron_step;

// A Pauli gate on a tetron if an odd number of these outcomes are 1, or an even one.
typedef struct qhm_tetron_byproduct {
    uint8_t role;
    uint8_t pauli;    // 0: none
    uint8_t outcomes; // bit i: outcome i counts
    bool is_inverted; // an even number
} qhm_tetron_byproduct;

typedef struct qhm_tetron_gadget {
    const char *name;
    qhm_gate gate;           // what is done to the data; QHM_GATE_BARRIER for a move
    const char *couplers[2]; // that the ancilla needs with the first and the second; NULL: none
    uint8_t step_count;
    qhm_tetron_step steps[QHM_TETRON_MAX_STEPS];
    qhm_tetron_byproduct byproducts[2];
    bool has_correction; // outcome 3 is 1: S on the first, after the byproducts
    bool is_move;        // the state of the first goes to the ancilla
} qhm_tetron_gadget;

typedef enum qhm_tetron_gadget_id {
    QHM_TETRON_S,
    QHM_TETRON_SX,
    QHM_TETRON_CX,
    QHM_TETRON_T,
    QHM_TETRON_MOVE_ZZ,
    QHM_TETRON_MOVE_XX,
    QHM_TETRON_GADGET_COUNT
} qhm_tetron_gadget_id;

extern const qhm_tetron_gadget qhm_tetron_gadgets[QHM_TETRON_GADGET_COUNT];

#endif
