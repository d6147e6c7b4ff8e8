// Two-qubit matrices as circuits of CX, and the matrices of short circuits on two qubits.
#ifndef QHM_COMPILE_TWO_QUBIT_BLOCKS_H
#define QHM_COMPILE_TWO_QUBIT_BLOCKS_H

#include "circuit/circuit_internal.h"

// Appends a unitary on two qubits as at most three CX and gates U, all under its condition.
QHM_MUST_CHECK qhm_status qhm_append_two_qubit(qhm_circuit *made,
                                               const qhm_instruction *instruction);

// CX that each two-qubit gate of the table takes by the rules of qhm_circuit_expand.
typedef struct qhm_cx_costs {
    unsigned of[QHM_GATE_COUNT];
} qhm_cx_costs;

QHM_MUST_CHECK qhm_status qhm_cx_costs_find(qhm_cx_costs *costs);

// CX that a gate on two qubits takes; unitaries by their Cartan decomposition.
QHM_MUST_CHECK qhm_status qhm_cx_cost(const qhm_cx_costs *costs, const qhm_instruction *instruction,
                                      unsigned *cost);

// matrix [4][4] := gate matrix, for a gate [2][2] on bit `qubit`.
void qhm_block_apply_one(qhm_complex *matrix, const qhm_complex *gate, unsigned qubit);

// The same for a gate [4][4], whose first qubit is bit 0 of the matrix, or bit 1 if is_reversed.
void qhm_block_apply_two(qhm_complex *matrix, const qhm_complex *gate, bool is_reversed);

#endif
