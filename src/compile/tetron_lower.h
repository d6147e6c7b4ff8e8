// Circuits of one-qubit gates and CX as measurements of Pauli strings on tetrons.
#ifndef QHM_COMPILE_TETRON_LOWER_H
#define QHM_COMPILE_TETRON_LOWER_H

#include "compile/tetron_emit.h"

typedef struct qhm_tetron_lowering {
    const qhm_circuit *circuit; // on sites; h to sxdg, t, tdg, rx, ry, rz, cx, swap, no gates else
    const uint32_t *sites;      // [qubits] their tetrons
    const bool *is_data;        // [qubits] false: a site without data at the start
    double precision;           // of rotations
    bool is_analog;             // rotations are one operation
    size_t repeats;             // of cx and swap, an odd number; 0: 1
    double rotation_error;      // out: sum
} qhm_tetron_lowering;

// Writes the circuit. Each qubit has a Clifford gate that waits: what is done to the tetron is the
// circuit's up to it, so that gates which would only change the meaning of later ones cost nothing
// before a measurement asks for them. QHM_ERROR_UNSUPPORTED for a rotation with slots that is not
// analog.
QHM_MUST_CHECK qhm_status qhm_tetron_lower(qhm_tetron_lowering *lowering,
                                           qhm_tetron_writer *writer);

#endif
