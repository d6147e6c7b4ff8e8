// A sequence of measurements with its corrections as a linear map: exactly, over all outcomes.
#ifndef QHM_COMPILE_TETRON_BLOCK_H
#define QHM_COMPILE_TETRON_BLOCK_H

#include "compile/tetron_emit.h"

enum { QHM_TETRON_BLOCK_TETRONS = 3, QHM_TETRON_BLOCK_WIRES = 2 };

// The instructions of one gadget, noise among them, and where the data come in and go out.
typedef struct qhm_tetron_block {
    const qhm_circuit *circuit;
    const size_t *instructions; // [count] in order
    size_t count;
    uint32_t first_bit; // its outcomes are bits first_bit to first_bit + QHM_TETRON_BITS - 1
    unsigned tetron_count, wire_count;
    uint32_t tetrons[QHM_TETRON_BLOCK_TETRONS]; // qubits of the circuit
    // Wire w comes in on tetrons[in[w]] and goes out on tetrons[out[w]]; the other tetrons are in
    // any state before and in none that matters afterwards.
    uint8_t in[QHM_TETRON_BLOCK_WIRES], out[QHM_TETRON_BLOCK_WIRES];
} qhm_tetron_block;

// One instruction on the block's own tetrons and bits. Two blocks whose steps have the same bytes
// do the same.
typedef struct qhm_tetron_act {
    uint8_t kind, qubit_count, qubits[2];
    uint8_t bit, bit_value; // what it writes
    uint8_t is_conditional, condition_bit, condition_value;
    uint8_t string;      // of a measurement, a number in base 4
    uint8_t is_diagonal; // of a map
    double flips[2];
    double map[16 * 16]; // Pauli transfer matrix [4^qubits][4^qubits]
} qhm_tetron_act;

// Translates the block's instructions. acts [count] is zeroed memory; act_count of them are made.
// has_noise false: without channels and flips. QHM_ERROR_UNSUPPORTED for what no gadget has.
QHM_MUST_CHECK qhm_status qhm_tetron_block_translate(const qhm_tetron_block *block, bool has_noise,
                                                     qhm_tetron_act *acts, size_t *act_count);

// The Pauli transfer matrix [4^wires][4^wires] of the acts, summed over all outcomes, and how much
// of it depends on the state that the other tetrons were in: then there is no such map.
void qhm_tetron_block_map(const qhm_tetron_block *block, const qhm_tetron_act *acts,
                          size_t act_count, double *map, double *dependence);

#endif
